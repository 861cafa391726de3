// The registry: sequences read, decide, commit and apply; the one writer of the catalogue.
//
// Writes wait for the writer's turn, are decided together over the catalogue plus the batch so far,
// are committed in one batch, applied, and only then answered. Reads copy out under a shared lock.
//
// Example:  SYMBOLON_TRY(auto registry, Registry::open(std::move(store), {}));
// Errors:   every code of the REST contract that its request can meet; store_failed; overloaded
// Threads:  any thread
// Limits:   writes_waiting_max, group_commit_max, commit_attempts_max, references_max
// Source:   REST contract section 4; docs/decisions/0006-group-commit.md
// Tested by tests/unit/api/registry_test.cpp
#pragma once

#include "api/change_log.hpp"
#include "api/check_answer.hpp"
#include "api/config.hpp"
#include "api/lookups.hpp"
#include "api/schema_content.hpp"
#include "api/subject_listing.hpp"
#include "api/usage.hpp"
#include "compat/compat.hpp"
#include "compat/schema_tags.hpp"
#include "compat/validate.hpp"
#include "core/result.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symbolon {

struct RegistrySettings {
    compat::Level default_level = compat::Level::backward;
    bool mode_mutability = true;
    bool validate_new_schemas = true;
    bool reject_empty_subject = false;
    /// A new schema's references may not reach two versions of one subject (REF-6).
    bool reference_versions_strict = false;
    /// Permanent deletions spare what is inside the windows of retention, in every scope.
    bool retention_guard = false;
    /// Serve the routes of associations; stored ones protect their subjects either way.
    bool associations = true;
    /// Sensitive metadata is stored encrypted under it; empty: in clear.
    std::string metadata_secret;
    /// What was encrypted under this one is read too, and written again under the other.
    std::string metadata_secret_old;
    /// Milliseconds since 1970; a test may bring its own clock.
    std::function<std::int64_t()> now;
};

/// The body of V3, S2, C1 and C2.
struct SchemaRequest {
    std::string schema;       ///< empty: absent
    std::string schema_type;  ///< empty: AVRO
    std::vector<Reference> references;
    std::optional<Metadata> metadata;
    std::optional<RuleSet> rule_set;
    std::int32_t version = 0;  ///< 0: not given; -1: latest or next
    std::optional<std::int32_t> id;
    compat::TagEdits tags;        ///< to add and to remove inside the schema (DC-7)
    bool propagate_tags = false;  ///< the latest version's tags are kept (DC-6)
};

struct RegisterOptions {
    bool normalize = false;  ///< asked for by the request; the config in scope may ask too
    bool force = false;
    bool dry_run = false;  ///< decide all, store nothing
    bool verbose = false;  ///< a 409 carries a Refusal
};
/// One of several schemas that are registered together; a reference whose version is 0 or -1 may
/// mean another one.
struct BundleMember {
    SubjectName subject;
    SchemaRequest request;
    bool normalize = false;
};
struct BundleAnswer {
    SubjectVersion version;
    bool is_new = false;  ///< false: it was registered before
};
/// Whether a permanent deletion minds the retention guard; an administrator may override it.
enum class Retention { guarded, overridden };
struct LookUpOptions {
    bool normalize = false;
    bool deleted = false;
};
struct CheckOptions {
    bool normalize = false;
    bool verbose = false;
    std::optional<VersionChoice> version;  ///< C1; nothing: as a registration would (C2)
};

/// A row of the listing with what holds for its subject now.
struct ListedSubject {
    SubjectRow row;
    compat::Level level = compat::Level::backward;
    Mode mode = Mode::readwrite;
    std::size_t referrers = 0;  ///< as Catalog::live_referrers counts them
};
struct ListedSubjects {
    std::vector<ListedSubject> subjects;
    std::size_t total = 0;
    bool complete = true;
};

/// Which versions of a subject GET /schemas shows.
struct SchemaFilter {
    bool latest_only = false;
    std::function<bool(const SchemaContent&)> matches;  ///< nothing: every content does
};

/// How a stored text is printed (FMT-1).
using compat::TextFormat;

// api/associations/association_request.hpp
struct AssociationRequest;
struct AssociationOptions;
struct AssociationAnswer;
struct AssociationDeletion;
enum class DryRun;

// api/decide_plan.hpp
struct PlanChange;
struct PlanAnswer;

class Registry {
public:
    /// Reads everything from `store`. Several registries may share one store.
    static Result<std::unique_ptr<Registry>> open(std::shared_ptr<storage::Store> store,
                                                  RegistrySettings settings);
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;
    Registry(Registry&&) = delete;
    Registry& operator=(Registry&&) = delete;

    const RegistrySettings& settings() const;

    /// Calls `reader(const Catalog&)` under the shared lock and returns its value.
    template <class Reader>
    auto read(Reader&& reader) const {
        const ReadLock lock(*this);
        return reader(catalog_of(lock));
    }

    // --- what needs a parser
    /// 4.4; the answer is the stored version, or with `dry_run` the one that would be stored.
    Result<SubjectVersion> register_schema(const SubjectName& subject, const SchemaRequest& request,
                                           RegisterOptions options);
    /// All of them or none, in one commit; the answers in the members' order.
    Result<std::vector<BundleAnswer>> register_bundle(const std::vector<BundleMember>& members,
                                                      RegisterOptions options);
    /// Settings, schemas and deletions of several subjects: all of them or none, in one commit.
    /// plan_drifted when something is not as a change expects it.
    Result<PlanAnswer> apply_plan(const std::vector<PlanChange>& changes, RegisterOptions options);
    /// 4.5.
    Result<SubjectVersion> look_up_schema(const SubjectName& subject, const SchemaRequest& request,
                                          LookUpOptions options);
    /// 3.5.
    Result<CheckAnswer> check_compatibility(const SubjectName& subject,
                                            const SchemaRequest& request,
                                            const CheckOptions& options);
    /// The text of `content` of `context` in `format`.
    Result<std::string> text_of(const SchemaContent& content, std::string_view context,
                                TextFormat format);

    /// Why `datum`, a JSON text, is not what a JSON Schema of `context` describes; empty: it is.
    /// not_a_json_schema; malformed_json; check_too_costly.
    Result<std::vector<compat::ValidationError>> validate(const ContentPtr& content,
                                                          std::string_view context,
                                                          std::string_view datum,
                                                          compat::Formats formats);

    // --- deletion (4.8): soft, or permanent
    Result<Version> delete_version(const SubjectName& subject, VersionChoice choice, bool permanent,
                                   Retention retention = Retention::guarded);
    Result<std::vector<Version>> delete_subject(const SubjectName& subject, bool permanent,
                                                Retention retention = Retention::guarded);
    /// Restores what was deleted softly: all of a subject, or one version. Answers what was
    /// restored; a version that is live already is answered too. `force`: without a check.
    Result<std::vector<Version>> undelete_subject(const SubjectName& subject, bool force);
    Result<Version> undelete_version(const SubjectName& subject, VersionChoice choice, bool force);
    /// Deletes permanently what list_expired names, at most prune_versions_max a call; none is left
    /// when the answer is empty.
    Result<std::vector<SubjectVersion>> prune();
    Status delete_context(const std::string& context);

    // --- settings of a scope; an empty name is the context's own scope
    /// Answers the stored config after the merge.
    Result<Config> update_config(const SubjectName& scope, const Json& request);
    /// Answers the config that was in force there; subject_not_found when a subject had none.
    Result<Config> delete_config(const SubjectName& scope);
    /// Nothing clears the mode.
    Status update_mode(const SubjectName& scope, std::optional<Mode> mode, bool force);
    /// Answers the old mode; nothing when `recursive` and none was set.
    Result<std::optional<Mode>> delete_mode(const SubjectName& scope, bool recursive);

    // --- the change feed
    /// What happened after `query.since`. revision_unknown when that lies ahead; store_failed.
    Result<ChangePage> changes_since(const ChangeQuery& query) const;
    /// True when changes_since answers from memory.
    bool remembers(Revision since) const;
    /// Where readers stand; takes no lock.
    Revision revision() const;

    /// Subjects as texts, sorted: the page of S1 that `query` asks for, without its words.
    std::vector<std::string> list_subject_names(const SubjectQuery& query);
    /// Versions of the subjects that `query` asks for, sorted by subject, then version (H1);
    /// `query.offset` and `query.limit` count versions. REQUIRES: its view is not only_deleted.
    std::vector<SubjectVersion> list_schemas(const SubjectQuery& query, const SchemaFilter& filter);
    /// A page of the listing for screens; what was written before is in it.
    ListedSubjects find_subjects(const SubjectQuery& query);

    /// Takes a rule that changes families of its own through the writer's turn.
    using ChangeRule = std::function<Result<std::vector<Change>>(const Catalog&)>;
    Status write(const ChangeRule& rule);

    // --- associations (3.9)
    /// All operations on one resource, or none; a schema is registered in the same write.
    Result<AssociationAnswer> change_associations(const AssociationRequest& request,
                                                  const AssociationOptions& options);
    Status delete_associations(const AssociationDeletion& deletion, DryRun dry_run);

    /// Who reads which schema.
    UsageBook& usage();
    /// Writes what was counted; otherwise tend does it once a minute.
    Status flush_usage();

    /// ok when a write could be served now.
    Status ready();

    /// A step of work that can wait, about a millisecond long; true when there is more to do. Who
    /// runs the registry calls it now and then, on a thread of its own.
    bool tend();

private:
    class Impl;
    class ReadLock {
    public:
        explicit ReadLock(const Registry& registry);
        ~ReadLock();
        ReadLock(const ReadLock&) = delete;
        ReadLock& operator=(const ReadLock&) = delete;
        ReadLock(ReadLock&&) = delete;
        ReadLock& operator=(ReadLock&&) = delete;

    private:
        const Registry& registry_;
    };

    explicit Registry(std::unique_ptr<Impl> impl);
    const Catalog& catalog_of(const ReadLock& lock) const;

    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon
