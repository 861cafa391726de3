// What a write comes to: pure rules. The same catalogue and request give the same decision.
//
// Rules that need parsed schemas ask a Workbench, which only remembers what compat answers.
//
// Example:  auto decision = decide_delete_version(catalog, subject, choice, terms);
// Errors:   every code of the REST contract that the request can meet
// Threads:  under Registry::read or in the writer's turn
// Limits:   references_max and its like, through collect_references
// Source:   REST contract section 4
// Tested by tests/unit/api/registration_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/lookups.hpp"
#include "api/registry.hpp"
#include "api/retention.hpp"
#include "api/workbench.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace symbolon {

/// An answer, and the changes that make it true; no changes: nothing to write.
template <class Answer>
struct Decision {
    Answer answer;
    std::vector<Change> changes;
};

/// Nothing to tell beyond success.
using Done = std::monostate;

// --- registration, look-up and checks

struct RegistrationInput {
    const SchemaRequest& request;
    RegisterOptions options;
    const RegistrySettings& settings;
    std::int64_t now = 0;
    const std::set<SubjectName>* together = nullptr;  ///< subjects that change in the same write
};
/// 4.4.
Result<Decision<SubjectVersion>> decide_registration(const Catalog& catalog,
                                                     const SubjectName& subject,
                                                     const RegistrationInput& input,
                                                     Workbench& bench);
/// 4.5.
Result<SubjectVersion> find_schema_version(const Catalog& catalog, const SubjectName& subject,
                                           const SchemaRequest& request, LookUpOptions options,
                                           const RegistrySettings& settings, Workbench& bench);
/// 3.5; an invalid candidate is the error, whatever `options.verbose` says.
Result<CheckAnswer> answer_check(const Catalog& catalog, const SubjectName& subject,
                                 const SchemaRequest& request, const CheckOptions& options,
                                 const RegistrySettings& settings, Workbench& bench);

enum class Force { no, yes };

// --- deletion

enum class Deletion { soft, permanent };
/// What becomes of a subject that an association names: it stays, unless the association goes too.
enum class Associated { stays, may_go };

struct DeletionTerms {
    Deletion deletion = Deletion::soft;
    Retention retention = Retention::guarded;
    const RegistrySettings& settings;
    std::int64_t now = 0;
    Associated associated = Associated::stays;
};

Result<Decision<Version>> decide_delete_version(const Catalog& catalog, const SubjectName& subject,
                                                VersionChoice choice, const DeletionTerms& terms);
Result<Decision<std::vector<Version>>> decide_delete_subject(const Catalog& catalog,
                                                             const SubjectName& subject,
                                                             const DeletionTerms& terms);
/// The first versions of list_expired, referrers before what they refer to.
Result<Decision<std::vector<SubjectVersion>>> decide_prune(const Catalog& catalog,
                                                           const RegistrySettings& settings,
                                                           std::int64_t now);
Result<Decision<Done>> decide_delete_context(const Catalog& catalog, const std::string& context);

struct UndeleteTerms {
    Force force = Force::no;  ///< yes: without a compatibility check
    const RegistrySettings& settings;
};

/// docs/decisions/0011-undelete.md. The versions restored, ascending; none when all are live.
Result<Decision<std::vector<Version>>> decide_undelete_subject(const Catalog& catalog,
                                                               const SubjectName& subject,
                                                               const UndeleteTerms& terms,
                                                               Workbench& bench);
Result<Decision<Version>> decide_undelete_version(const Catalog& catalog,
                                                  const SubjectName& subject, VersionChoice choice,
                                                  const UndeleteTerms& terms, Workbench& bench);

/// Collects the changes of permanent deletions: rows, and the ids and settings nobody uses
/// afterwards.
class Removal {
public:
    explicit Removal(const Catalog& catalog) : catalog_(catalog) {}

    void remove_version(const SubjectName& subject, const VersionRow& row);
    /// The changes, in an order in which they can be applied one by one.
    std::vector<Change> take();

private:
    const Catalog& catalog_;
    std::set<VersionName> versions_;
    std::set<std::pair<std::string, SchemaId>> ids_;
};

// --- settings

enum class Recursive { no, yes };

Result<Decision<Config>> decide_update_config(const Catalog& catalog, const SubjectName& scope,
                                              const Json& request);
Result<Decision<Config>> decide_delete_config(const Catalog& catalog, const SubjectName& scope,
                                              const RegistrySettings& settings);
Result<Decision<Done>> decide_update_mode(const Catalog& catalog, const SubjectName& scope,
                                          std::optional<Mode> mode, Force force,
                                          const RegistrySettings& settings, std::int64_t now);
Result<Decision<std::optional<Mode>>> decide_delete_mode(const Catalog& catalog,
                                                         const SubjectName& scope,
                                                         Recursive recursive,
                                                         const RegistrySettings& settings);

/// MODE-3: operation_not_permitted with the contract's text when `scope` is read-only.
Status check_writable(const Catalog& catalog, const SubjectName& scope);

}  // namespace symbolon
