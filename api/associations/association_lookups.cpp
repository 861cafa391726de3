#include "api/associations/association_lookups.hpp"

#include "api/catalog.hpp"

namespace symbolon {

namespace {

std::optional<std::string_view> unless_any(std::string_view name) {
    return name == "-" ? std::nullopt : std::optional(name);
}

std::vector<AssociationPtr> filtered(std::vector<AssociationPtr> found,
                                     const AssociationFilter& filter) {
    std::erase_if(found, [&](const auto& association) { return !fits(*association, filter); });
    return found;
}

}  // namespace

std::vector<AssociationPtr> list_associations_of_name(const Catalog& catalog,
                                                      std::string_view resource_namespace,
                                                      std::string_view resource_name,
                                                      const AssociationFilter& filter) {
    return filtered(
        catalog.associations().of_name(unless_any(resource_namespace), unless_any(resource_name)),
        filter);
}

std::vector<AssociationPtr> list_associations_of_subject(const Catalog& catalog,
                                                         const SubjectName& subject,
                                                         const AssociationFilter& filter) {
    return filtered(catalog.associations().of_subject(subject), filter);
}

std::vector<AssociationPtr> list_associations_of_resource(const Catalog& catalog,
                                                          std::string_view resource_id,
                                                          const AssociationFilter& filter) {
    return filtered(catalog.associations().of_resource(resource_id), filter);
}

Result<AssociationAnswer> get_associations(const Catalog& catalog,
                                           const AssociationQuestion& question,
                                           WithSchemas with_schemas) {
    std::vector<AssociationPtr> found;
    if (!question.resource_id.empty()) {
        found = catalog.associations().of_resource(question.resource_id);
    } else if (!question.resource_name.empty() && !question.resource_namespace.empty()) {
        found = catalog.associations().of_name(question.resource_namespace, question.resource_name);
    } else {
        return failure(make_error(ErrorCode::invalid_association, "resourceId",
                                  "a resource is named by its id, or by its namespace and name"));
    }
    AssociationAnswer answer;
    answer.resource_name = question.resource_name;
    answer.resource_namespace = question.resource_namespace;
    answer.resource_id = question.resource_id;
    answer.resource_type = question.filter.resource_type;
    if (!found.empty()) {
        answer.resource_name = found.front()->resource_name;
        answer.resource_namespace = found.front()->resource_namespace;
        answer.resource_id = found.front()->key.resource_id;
    }
    for (auto& association : filtered(std::move(found), question.filter)) {
        AssociationDetail detail{association, std::nullopt};
        if (with_schemas == WithSchemas::yes) {
            const SubjectName& subject = association->subject;
            if (const VersionRow* row = find_latest(catalog.find_versions(subject))) {
                detail.schema = to_subject_version(subject, *row);
            }
        }
        answer.associations.push_back(std::move(detail));
    }
    return answer;
}

}  // namespace symbolon
