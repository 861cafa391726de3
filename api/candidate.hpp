// A schema on its way in: what the client sent, completed, parsed, and compared with what is there.
//
// Errors:   invalid_schema (2.5), invalid_rule_set (2.7)
// Threads:  under Registry::read or in the writer's turn
// Limits:   old_schema_message_chars_max for the text in messages
// Source:   REST contract 4.3, 4.5, 4.12 and 4.13
// Tested by tests/unit/api/registration_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/config.hpp"
#include "api/lookups.hpp"
#include "api/references.hpp"
#include "api/registry.hpp"
#include "api/workbench.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// The metadata property that ties a schema to its version number (4.13).
inline constexpr std::string_view version_property = "confluent:version";

/// What the client sent, perhaps completed from the latest version and the config in scope.
struct Draft {
    SchemaType type = SchemaType::avro;
    std::string text;
    std::vector<Reference> references;
    std::optional<Metadata> metadata;
    std::optional<RuleSet> rule_set;

    friend bool operator==(const Draft&, const Draft&) = default;
};

/// COMP-6: how strictly JSON Schemas are compared.
compat::Policy policy_of(const Config& config);

/// REG-1: type and rule set are checked; an empty rule set counts as none (DC-5).
Result<Draft> parse_draft(const SchemaRequest& request);
/// REG-6 and DC-3: what is absent comes from `latest` (may be nullptr), between config's default
/// and override.
Draft complete_draft(Draft draft, const VersionRow* latest, const Config& config);
bool has_contract_defaults(const Config& config);
/// DC-9: only versions of one group are compared with each other; absent equals absent.
std::optional<std::string> compatibility_group_of(const SchemaContent& content,
                                                  const Config& config);

struct CandidateOptions {
    compat::Strictness strictness = compat::Strictness::lenient;
    Targets targets = Targets::any;
    compat::Normalize normalize = compat::Normalize::no;
    ReferenceVersions versions = ReferenceVersions::any;
    compat::ValidateFields validate_fields = compat::ValidateFields::no;
};

/// A parsed draft: what would be stored, and how to parse what was sent.
struct Candidate {
    ContentPtr content;
    SchemaSource source;
    std::size_t canonical_bytes = 0;
};
Result<Candidate> make_candidate(const Catalog& catalog, const SubjectName& subject,
                                 const Draft& draft, CandidateOptions options, Workbench& bench);

/// Which stored version will do as a match (LOOK-9, REG-3, ID-8).
struct Wanted {
    View view = View::live;
    std::int32_t version = 0;  ///< 0: any; -1: only the latest
    std::optional<SchemaId> id;
};
/// LOOK-2, LOOK-3 and LOOK-5. While the bench defers, "no match" may mean "ask again".
std::optional<SubjectVersion> find_match(const Catalog& catalog, const SubjectName& subject,
                                         const Candidate& candidate, const Wanted& wanted,
                                         Workbench& bench);

/// The source of a stored version, references and all.
Result<SchemaSource> source_of(const Catalog& catalog, std::string_view context,
                               const ContentPtr& content);

}  // namespace symbolon
