// Several schemas that refer to each other, registered all or none.
//
// A reference without a version, or with -1, that names the subject of another member means the
// version that this very bundle gives it. Members are decided in order of dependency, each over the
// catalogue as those before it leave it, by the same rule as a registration of its own.
//
// Example:  auto decision = decide_bundle(catalog, {members, options, settings}, bench);
// Errors:   those of a registration, with a Refusal that names the member; invalid_schema for a
//           circle, a subject twice, too many members
// Threads:  under Registry::read or in the writer's turn
// Limits:   bundle_members_max
// Source:   docs/decisions/0017-bundles.md
// Tested by tests/unit/api/bundle_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/decide.hpp"
#include "api/registry.hpp"
#include "api/workbench.hpp"
#include "core/limits.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace symbolon {

/// What members are called in errors: places in a bundle, or in the plan that they are part of.
enum class MemberOf { bundle, plan };

struct BundleInput {
    const std::vector<BundleMember>& members;
    RegisterOptions options;
    const RegistrySettings& settings;
    std::int64_t now = 0;
    std::size_t members_max = limits::bundle_members_max;
    MemberOf member_of = MemberOf::bundle;
    const std::vector<std::size_t>* places = nullptr;  ///< in the plan, one of each member
};

/// For each member the numbers of those that it refers to, and all numbers in an order in which
/// each comes after those.
struct BundleOrder {
    std::vector<std::vector<std::size_t>> needs;
    std::vector<std::size_t> order;
};
Result<BundleOrder> order_bundle(const std::vector<BundleMember>& members,
                                 std::size_t members_max = limits::bundle_members_max);

Result<Decision<std::vector<BundleAnswer>>> decide_bundle(const Catalog& catalog,
                                                          const BundleInput& input,
                                                          Workbench& bench);

/// `error` as that of the index-th member: its text and its Refusal name it.
Error name_member(Error error, std::size_t index, const std::string& subject,
                  MemberOf member_of = MemberOf::bundle);

}  // namespace symbolon
