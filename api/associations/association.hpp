// An association ties a resource (a topic of some cluster) to a subject: for its keys or its
// values.
//
// Example:  default_subject("lkc-1", "orders", "value") == SubjectName{".lkc-1", "orders-value"}
// Units:    timestamps in milliseconds since 1970
// Threads:  immutable
// Source:   REST contract 3.9; docs/decisions/0013-associations.md
// Tested by tests/unit/api/associations/association_rules_test.cpp
#pragma once

#include "api/schema_content.hpp"
#include "api/subject_name.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// The only kind of resource there is; also what an absent one means.
inline constexpr std::string_view topic_resource = "topic";
inline constexpr std::string_view key_association = "key";
/// Also what an absent association type means.
inline constexpr std::string_view value_association = "value";

/// A STRONG subject belongs to one resource and may go with it; a WEAK one is only used by it.
enum class Lifecycle { strong, weak };
std::string_view to_string(Lifecycle lifecycle);
/// "STRONG" or "WEAK"; nullopt otherwise.
std::optional<Lifecycle> find_lifecycle(std::string_view name);

/// What an association is found by: a resource has at most one of each type.
struct AssociationKey {
    std::string resource_id;
    std::string resource_type;
    std::string association_type;

    friend auto operator<=>(const AssociationKey&, const AssociationKey&) = default;
};

struct Association {
    AssociationKey key;
    std::string resource_name;
    std::string resource_namespace;
    SubjectName subject;
    Guid guid;
    Lifecycle lifecycle = Lifecycle::weak;
    bool frozen = false;
    std::int64_t create_ts = 0;
    std::int64_t update_ts = 0;

    friend bool operator==(const Association&, const Association&) = default;
};
using AssociationPtr = std::shared_ptr<const Association>;

/// The subject of a STRONG association that names none: ":.<namespace>:<name>-<type>".
SubjectName default_subject(std::string_view resource_namespace, std::string_view resource_name,
                            std::string_view association_type);

/// Which associations a question asks for.
struct AssociationFilter {
    std::string resource_type{topic_resource};
    std::vector<std::string> association_types;        ///< none: all
    std::optional<std::vector<Lifecycle>> lifecycles;  ///< nothing: all
};
bool fits(const Association& association, const AssociationFilter& filter);

}  // namespace symbolon
