#include "api/associations/association.hpp"

#include <algorithm>

namespace symbolon {

std::string_view to_string(Lifecycle lifecycle) {
    return lifecycle == Lifecycle::strong ? "STRONG" : "WEAK";
}

std::optional<Lifecycle> find_lifecycle(std::string_view name) {
    for (const Lifecycle lifecycle : {Lifecycle::strong, Lifecycle::weak}) {
        if (to_string(lifecycle) == name) {
            return lifecycle;
        }
    }
    return std::nullopt;
}

SubjectName default_subject(std::string_view resource_namespace, std::string_view resource_name,
                            std::string_view association_type) {
    SubjectName subject{".", std::string(resource_name)};
    subject.context += resource_namespace;
    subject.name += "-";
    subject.name += association_type;
    return subject;
}

bool fits(const Association& association, const AssociationFilter& filter) {
    const auto holds = [](const auto& values, const auto& wanted) {
        return std::find(values.begin(), values.end(), wanted) != values.end();
    };
    return association.key.resource_type == filter.resource_type &&
           (filter.association_types.empty() ||
            holds(filter.association_types, association.key.association_type)) &&
           (!filter.lifecycles || holds(*filter.lifecycles, association.lifecycle));
}

}  // namespace symbolon
