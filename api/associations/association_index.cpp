#include "api/associations/association_index.hpp"

#include <algorithm>
#include <utility>

namespace symbolon {

AssociationIndex::NamedKey AssociationIndex::named_key(const Association& association) {
    return {association.resource_name, association.resource_namespace, association.key};
}

void AssociationIndex::set(AssociationPtr association) {
    erase(association->key);
    by_subject_[association->subject].insert(association->key);
    by_name_.insert(named_key(*association));
    const AssociationKey key = association->key;
    by_key_[key] = std::move(association);
}

void AssociationIndex::erase(const AssociationKey& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        return;
    }
    const Association& association = *found->second;
    const auto of_its_subject = by_subject_.find(association.subject);
    of_its_subject->second.erase(key);
    if (of_its_subject->second.empty()) {
        by_subject_.erase(of_its_subject);
    }
    by_name_.erase(named_key(association));
    by_key_.erase(found);
}

AssociationPtr AssociationIndex::find(const AssociationKey& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
}

std::vector<AssociationPtr> AssociationIndex::of_resource(std::string_view resource_id) const {
    std::vector<AssociationPtr> found;
    for (auto at = by_key_.lower_bound({std::string(resource_id), {}, {}});
         at != by_key_.end() && at->first.resource_id == resource_id; ++at) {
        found.push_back(at->second);
    }
    return found;
}

std::vector<AssociationPtr> AssociationIndex::of_subject(const SubjectName& subject) const {
    std::vector<AssociationPtr> found;
    if (const auto keys = by_subject_.find(subject); keys != by_subject_.end()) {
        for (const AssociationKey& key : keys->second) {
            found.push_back(by_key_.find(key)->second);
        }
    }
    return found;
}

std::vector<AssociationPtr> AssociationIndex::of_name(
    std::optional<std::string_view> resource_namespace,
    std::optional<std::string_view> resource_name) const {
    std::vector<AssociationPtr> found;
    NamedKey first;
    if (resource_name) {
        first.name = *resource_name;
        first.name_space = resource_namespace.value_or("");
    }
    for (auto at = by_name_.lower_bound(first); at != by_name_.end(); ++at) {
        if (resource_name && at->name != *resource_name) {
            break;
        }
        if (!resource_namespace || at->name_space == *resource_namespace) {
            found.push_back(by_key_.find(at->key)->second);
        }
    }
    return found;
}

bool AssociationIndex::has_strong(const SubjectName& subject) const {
    const auto found = of_subject(subject);
    return std::any_of(found.begin(), found.end(), [](const AssociationPtr& association) {
        return association->lifecycle == Lifecycle::strong;
    });
}

}  // namespace symbolon
