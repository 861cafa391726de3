// A plan: settings, schemas and deletions of several subjects, done together or not at all, and
// only while the registry is as the plan expects it.
//
// The order inside is fixed: modes that open a subject, configs, schemas (in order of dependency,
// checked under the new configs), soft deletions (referrers first), modes that close one. Each is
// decided by the rule of its own request over a layer that holds what came before it. A plan whose
// changes are all there already is no drift: it answers, and writes nothing.
//
// Example:  SYMBOLON_TRY(auto decision, decide_plan(catalog, {changes, options, settings}, bench));
// Errors:   plan_drifted with a DriftReport; those of each change's own request, with a Refusal
//           that names the change; invalid_schema for a plan that is none
// Threads:  under Registry::read or in the writer's turn
// Limits:   plan_changes_max
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/api/plan_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/decide.hpp"
#include "api/registry.hpp"
#include "api/workbench.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon {

/// The latest live version as whoever made the plan saw it.
struct ExpectedVersion {
    Version version;
    SchemaId id;
    std::optional<Guid> guid;
};

/// What a subject must be like; a member without a value is not looked at, one whose value is
/// nothing expects that there is none.
struct PlanExpectation {
    std::optional<std::optional<ExpectedVersion>> latest;
    std::optional<std::optional<Json>> config;  ///< its own, as GET /config answers it
    std::optional<std::optional<Mode>> mode;    ///< its own
};

/// What is to become of one subject.
struct PlanChange {
    SubjectName subject;
    PlanExpectation expected;
    std::optional<Json> config;  ///< as PUT /config takes it
    std::optional<Mode> mode;
    std::optional<SchemaRequest> schema;
    bool normalize = false;
    bool deleted = false;  ///< softly, all versions
};

struct PlanChangeAnswer {
    SubjectName subject;
    std::optional<Config> config;
    std::optional<Mode> mode;
    std::optional<BundleAnswer> schema;
    std::vector<Version> deleted;
};

struct PlanAnswer {
    bool changed = false;  ///< false: all was there already
    std::vector<PlanChangeAnswer> changes;
};

/// One thing that is not as it was expected.
struct Drift {
    std::string subject;
    std::string of;  ///< "latest", "config" or "mode"
    Json expected;   ///< null: nothing
    Json actual;
};
struct DriftReport final : ErrorDetail {
    std::vector<Drift> drifts;
};

struct PlanInput {
    const std::vector<PlanChange>& changes;
    RegisterOptions options;
    const RegistrySettings& settings;
    std::int64_t now = 0;
};

Result<Decision<PlanAnswer>> decide_plan(const Catalog& catalog, const PlanInput& input,
                                         Workbench& bench);

}  // namespace symbolon
