// All associations, found by resource, by the resource's name and by subject.
//
// Example:  catalog.associations().has_strong(subject)
// Threads:  const members from many threads at once, unless set or erase runs
// Source:   REST contract 3.9
// Tested by tests/unit/api/associations/association_index_test.cpp
#pragma once

#include "api/associations/association.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace symbolon {

class AssociationIndex {
public:
    /// Replaces what has the same key.
    void set(AssociationPtr association);
    void erase(const AssociationKey& key);

    std::size_t size() const { return by_key_.size(); }
    /// nullptr when there is none.
    AssociationPtr find(const AssociationKey& key) const;
    /// By resource type, then association type.
    std::vector<AssociationPtr> of_resource(std::string_view resource_id) const;
    /// By resource id, resource type, association type.
    std::vector<AssociationPtr> of_subject(const SubjectName& subject) const;
    /// Of the resources with this namespace and name, where nothing stands for any; by name,
    /// namespace, resource id, types.
    std::vector<AssociationPtr> of_name(std::optional<std::string_view> resource_namespace,
                                        std::optional<std::string_view> resource_name) const;

    bool has_any(const SubjectName& subject) const { return by_subject_.count(subject) > 0; }
    bool has_strong(const SubjectName& subject) const;

private:
    struct NamedKey {
        std::string name;
        std::string name_space;
        AssociationKey key;

        friend auto operator<=>(const NamedKey&, const NamedKey&) = default;
    };
    static NamedKey named_key(const Association& association);

    std::map<AssociationKey, AssociationPtr> by_key_;
    std::map<SubjectName, std::set<AssociationKey>> by_subject_;
    std::set<NamedKey> by_name_;
};

}  // namespace symbolon
