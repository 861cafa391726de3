// What is to change in a registry, as a file that people review and `symbolon apply` does.
//
//   {"symbolonPlan": 1, "registry": "http://registry:8081", "tree": "schemas/", "normalize": false,
//    "changes": [
//      {"action": "update", "subject": "orders-value", "file": "schemas/orders.avsc",
//       "before": {"latest": {"version": 3, "id": 17, "guid": "…"}, "config": null, "mode": null},
//       "config": {"compatibility": "FULL"}, "mode": "READONLY",
//       "schema": {"schemaType": "AVRO", "text": ["{", "  …", "}"],
//                  "references": [{"name": "Address", "subject": "address", "version": 2}]}},
//      {"action": "delete", "subject": "old-value", "before": {…}}]}
//
// Changes stand in order of dependency. A reference without a version means the version that the
// same plan registers. `before` is what the registry had when the plan was made.
//
// Example:  SYMBOLON_TRY(const Plan plan, parse_plan(text));
// Errors:   malformed_request, with the place as a JSON Pointer; malformed_json
// Threads:  values
// Limits:   plan_file_bytes_max, plan_changes_max, references_max, name_bytes_max, schema_bytes_max
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/gate/plan/plan_test.cpp
#pragma once

#include "compat/level.hpp"
#include "core/ids.hpp"
#include "core/json.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

/// The latest live version as a registry told it.
struct RegisteredVersion {
    Version version{};
    SchemaId id{};
    std::string guid{};         ///< empty: the registry tells none
    std::string text_sha256{};  ///< in its place; 64 hexadecimal digits

    friend bool operator==(const RegisteredVersion&, const RegisteredVersion&) = default;
};

/// What a registry has of a subject; nothing: there is none of its own.
struct SubjectState {
    std::optional<RegisteredVersion> latest{};
    std::optional<Json> config{};  ///< as it is answered: "compatibilityLevel", …
    std::optional<std::string> mode{};
};

struct PlannedSchema {
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<Reference> references{};  ///< version 0: the one that this plan registers
};

enum class PlanAction { create, update, remove };

struct PlannedChange {
    std::string subject{};
    std::string file{};  ///< as it was printed; empty: no file
    SubjectState before{};
    std::optional<PlannedSchema> schema{};
    std::optional<compat::Level> level{};
    std::optional<bool> normalize{};  ///< of the subject's config
    std::optional<std::string> mode{};
    bool is_deleted = false;  ///< softly, all versions; nothing else is set then
};

struct Plan {
    std::string registry{};  ///< how it was called, for people
    std::string tree{};
    bool normalize = false;  ///< schemas are registered normalised
    std::vector<PlannedChange> changes{};
};

PlanAction action_of(const PlannedChange& change);
std::string_view to_string(PlanAction action);  ///< "create", "update", "delete"

/// What PUT /config takes; null when nothing of it changes.
Json to_config_changes(const PlannedChange& change);

Json to_json(const Plan& plan);
/// The file: indented, with a line end.
std::string to_text(const Plan& plan);
Result<Plan> parse_plan(std::string_view text);

/// Whole or not at all: written beside, then renamed. What is no file, such as /dev/stdout, is
/// written to.
Status write_plan_file(const Plan& plan, const std::string& path);
Result<Plan> read_plan_file(const std::string& path);

}  // namespace symbolon::gate
