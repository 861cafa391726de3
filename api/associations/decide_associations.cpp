#include "api/associations/decide_associations.hpp"

#include "api/associations/association_records.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace symbolon {

namespace {

tl::unexpected<Error> refused_property(std::string_view property, std::string_view detail) {
    return failure(make_error(ErrorCode::invalid_association, property, detail));
}

Change association_change(const AssociationKey& key, AssociationPtr association) {
    Change change;
    change.key.family = RecordFamily::association;
    change.key.parts = to_key_parts(key);
    if (association) {
        change.value = std::move(association);
    }
    return change;
}

// A subject that others refer to must not go with one topic.
Status check_unreferenced(const Catalog& catalog, const SubjectName& subject) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (rows == nullptr) {
        return {};
    }
    for (const VersionRow& row : *rows) {
        const auto* referrers = catalog.find_referrers({subject, row.version});
        const bool referenced =
            referrers != nullptr &&
            std::any_of(referrers->begin(), referrers->end(), [&](const VersionName& referrer) {
                const VersionRow* other = catalog.find_version(referrer.subject, referrer.version);
                return referrer.subject != subject && other != nullptr && !other->deleted;
            });
        if (referenced) {
            return failure(
                make_error(ErrorCode::reference_exists, to_text(subject), row.version.value()));
        }
    }
    return {};
}

// Identifies the association for ever; made of what no other association ever has.
Guid make_association_guid(const AssociationKey& key, std::int64_t now) {
    return identity_of(fmt::format("association\n{}\n{}\n{}\n{}", key.resource_id,
                                   key.resource_type, key.association_type, now),
                       {}, std::nullopt, std::nullopt);
}

/// The associations of one resource while a request works on them.
class ResourceDraft {
public:
    ResourceDraft(const Catalog& catalog, const AssociationInput& input, Workbench& bench)
        : catalog_(catalog),
          staged_(Catalog::layer_over(catalog)),
          input_(input),
          request_(input.request),
          bench_(bench) {}

    Result<Decision<AssociationAnswer>> decide() {
        SYMBOLON_CHECK(check_association_request(request_, input_.options.dry_run));
        SYMBOLON_CHECK(find_resource());
        for (const AssociationOperation& operation : request_.operations) {
            SYMBOLON_CHECK(apply(operation));
        }
        SYMBOLON_CHECK(check_consistency());
        return finish();
    }

private:
    using Kind = AssociationOperation::Kind;

    Status find_resource();
    Status apply(const AssociationOperation& operation);
    Status create(const AssociationOperation& operation);
    Status update(const AssociationOperation& operation, const Association& old);
    Status remove(const AssociationOperation& operation);

    /// What `operation` makes of an association that is not there yet.
    Result<Association> draft_new(const AssociationOperation& operation) const;
    Status check_draft(const AssociationOperation& operation, const Association& draft) const;
    Status check_subject_is_free(const Association& draft) const;
    /// 2 of the same name and type are one resource (decision 0013).
    Status check_name_is_free(const std::string& association_type) const;
    Status register_schema(const AssociationOperation& operation, const SubjectName& subject);
    Status check_consistency() const;
    Decision<AssociationAnswer> finish();

    SubjectName default_subject_of(const std::string& association_type) const {
        return default_subject(request_.resource_namespace, request_.resource_name,
                               association_type);
    }
    AssociationKey key_of(const std::string& association_type) const {
        return {resource_id_, request_.resource_type, association_type};
    }

    const Catalog& catalog_;
    Catalog staged_;  ///< with the schemas that this request registers
    const AssociationInput& input_;
    const AssociationRequest& request_;
    Workbench& bench_;
    std::string resource_id_;
    std::map<std::string, AssociationPtr> before_;  ///< by association type
    std::map<std::string, AssociationPtr> now_;
    std::map<std::string, SubjectVersion> registered_;
    std::vector<Change> changes_;
};

Status ResourceDraft::find_resource() {
    resource_id_ = request_.resource_id;
    if (resource_id_.empty()) {  // a dry run may leave it out
        for (const auto& found :
             catalog_.associations().of_name(request_.resource_namespace, request_.resource_name)) {
            if (found->key.resource_type == request_.resource_type) {
                resource_id_ = found->key.resource_id;
            }
        }
    }
    for (const auto& found : catalog_.associations().of_resource(resource_id_)) {
        if (found->key.resource_type != request_.resource_type) {
            continue;
        }
        if (found->resource_name != request_.resource_name) {
            return refused_property("resourceName", "the resource has another name");
        }
        if (found->resource_namespace != request_.resource_namespace) {
            return refused_property("resourceNamespace", "the resource has another namespace");
        }
        before_[found->key.association_type] = found;
    }
    now_ = before_;
    return {};
}

Status ResourceDraft::apply(const AssociationOperation& operation) {
    if (operation.kind == Kind::remove) {
        return remove(operation);
    }
    const auto old = now_.find(operation.association_type);
    if (old == now_.end()) {
        return create(operation);
    }
    if (operation.kind == Kind::create) {
        return failure(make_error(ErrorCode::association_for_resource_exists,
                                  operation.association_type, request_.resource_name));
    }
    return update(operation, *AssociationPtr(old->second));
}

Result<Association> ResourceDraft::draft_new(const AssociationOperation& operation) const {
    const bool with_schema = operation.schema.has_value();
    Association draft;
    draft.key = key_of(operation.association_type);
    draft.resource_name = request_.resource_name;
    draft.resource_namespace = request_.resource_namespace;
    draft.lifecycle =
        operation.lifecycle.value_or(with_schema ? Lifecycle::strong : Lifecycle::weak);
    draft.frozen = operation.frozen.value_or(with_schema);
    if (!draft.frozen && with_schema) {
        return refused_property("frozen", "a new association with a schema is frozen");
    }
    if (draft.frozen && !with_schema) {
        return refused_property("schema", "a frozen association is made with its schema");
    }
    if (operation.subject) {
        draft.subject = parse_subject_in(*operation.subject, input_.options.context);
    } else if (draft.lifecycle == Lifecycle::weak) {
        return refused_property("subject", "a WEAK association must name it");
    } else {
        draft.subject = default_subject_of(operation.association_type);
    }
    draft.guid = make_association_guid(draft.key, input_.now);
    draft.create_ts = draft.update_ts = input_.now;
    return draft;
}

// What holds for new and changed associations alike.
Status ResourceDraft::check_draft(const AssociationOperation& operation,
                                  const Association& draft) const {
    const SubjectName default_name = default_subject_of(operation.association_type);
    const bool is_default = draft.subject == default_name;
    if (draft.lifecycle == Lifecycle::weak && draft.frozen) {
        return refused_property("frozen", "a WEAK association cannot be frozen");
    }
    if (draft.lifecycle == Lifecycle::weak && operation.schema) {
        return refused_property("lifecycle", "WEAK does not go with a schema");
    }
    if (draft.lifecycle == Lifecycle::weak && is_default) {
        return refused_property(
            "subject",
            fmt::format("'{}' is for a STRONG association of the resource", to_text(default_name)));
    }
    if (draft.frozen && !is_default) {
        return refused_property(
            "subject", fmt::format("that of a frozen association is '{}'", to_text(default_name)));
    }
    SYMBOLON_CHECK(check_subject(draft.subject));
    SYMBOLON_CHECK(check_writable(catalog_, draft.subject));
    return check_subject_is_free(draft);
}

Status ResourceDraft::check_subject_is_free(const Association& draft) const {
    std::vector<AssociationPtr> others = catalog_.associations().of_subject(draft.subject);
    std::erase_if(others, [&](const AssociationPtr& other) {
        return other->key.resource_id == resource_id_ &&
               other->key.resource_type == request_.resource_type;
    });
    for (const auto& [type, other] : now_) {
        if (type != draft.key.association_type && other->subject == draft.subject) {
            others.push_back(other);
        }
    }
    const bool strong = std::any_of(others.begin(), others.end(), [](const AssociationPtr& other) {
        return other->lifecycle == Lifecycle::strong;
    });
    if (strong) {
        return failure(make_error(ErrorCode::strong_association_exists, to_text(draft.subject)));
    }
    if (!others.empty() && draft.lifecycle == Lifecycle::strong) {
        return failure(
            make_error(ErrorCode::association_for_subject_exists, to_text(draft.subject)));
    }
    return {};
}

Status ResourceDraft::check_name_is_free(const std::string& association_type) const {
    const auto named =
        catalog_.associations().of_name(request_.resource_namespace, request_.resource_name);
    const bool taken = std::any_of(named.begin(), named.end(), [&](const AssociationPtr& other) {
        return other->key.resource_id != resource_id_ &&
               other->key.resource_type == request_.resource_type &&
               other->key.association_type == association_type;
    });
    if (taken) {
        return failure(make_error(ErrorCode::association_for_resource_exists, association_type,
                                  request_.resource_name));
    }
    return {};
}

Status ResourceDraft::create(const AssociationOperation& operation) {
    SYMBOLON_CHECK(check_name_is_free(operation.association_type));
    SYMBOLON_TRY(Association draft, draft_new(operation));
    SYMBOLON_CHECK(check_draft(operation, draft));
    if (draft.lifecycle == Lifecycle::strong) {
        SYMBOLON_CHECK(check_unreferenced(catalog_, draft.subject));
    }
    const bool live = has_live_version(catalog_, draft.subject);
    if (operation.schema) {
        if (live) {
            return refused_property(
                "frozen", fmt::format("subject '{}' has versions already", to_text(draft.subject)));
        }
        SYMBOLON_CHECK(register_schema(operation, draft.subject));
    } else if (!live) {
        return failure(make_error(ErrorCode::no_live_version, to_text(draft.subject)));
    }
    now_[operation.association_type] = std::make_shared<const Association>(std::move(draft));
    return {};
}

Status ResourceDraft::update(const AssociationOperation& operation, const Association& old) {
    Association draft = old;
    draft.lifecycle = operation.lifecycle.value_or(old.lifecycle);
    draft.frozen = operation.frozen.value_or(old.frozen);
    const bool renamed =
        operation.subject &&
        parse_subject_in(*operation.subject, input_.options.context) != old.subject;
    if (renamed) {
        return refused_property("subject", fmt::format("it stays '{}'", to_text(old.subject)));
    }
    const bool changed = draft != old;
    if (changed && old.frozen) {
        return failure(make_error(ErrorCode::association_frozen, operation.association_type,
                                  to_text(old.subject)));
    }
    if (old.lifecycle == Lifecycle::weak && draft.lifecycle == Lifecycle::strong) {
        return refused_property("lifecycle", "a WEAK association cannot become STRONG");
    }
    if (draft.frozen && !old.frozen) {
        return refused_property("frozen", "an association is frozen when it is made, or never");
    }
    SYMBOLON_CHECK(check_draft(operation, draft));
    if (operation.schema) {
        const std::size_t changes_before = changes_.size();
        SYMBOLON_CHECK(register_schema(operation, old.subject));
        if (old.frozen && changes_.size() != changes_before) {
            return failure(make_error(ErrorCode::association_frozen, operation.association_type,
                                      to_text(old.subject)));
        }
    }
    if (changed) {
        draft.update_ts = input_.now;
        now_[operation.association_type] = std::make_shared<const Association>(std::move(draft));
    }
    return {};
}

Status ResourceDraft::remove(const AssociationOperation& operation) {
    const auto found = now_.find(operation.association_type);
    if (found == now_.end()) {
        return failure(make_error(ErrorCode::association_not_found, request_.resource_id));
    }
    const Association& old = *found->second;
    if (old.frozen) {
        return failure(make_error(ErrorCode::association_frozen, operation.association_type,
                                  to_text(old.subject)));
    }
    SYMBOLON_CHECK(check_writable(catalog_, old.subject));
    now_.erase(found);
    registered_.erase(operation.association_type);
    return {};
}

Status ResourceDraft::register_schema(const AssociationOperation& operation,
                                      const SubjectName& subject) {
    RegistrationInput registration{*operation.schema, {}, input_.settings, input_.now};
    registration.options.normalize = operation.normalize;
    SYMBOLON_TRY(auto decision, decide_registration(staged_, subject, registration, bench_));
    for (Change& change : decision.changes) {
        SYMBOLON_CHECK(staged_.apply(change));
        changes_.push_back(std::move(change));
    }
    registered_.insert_or_assign(operation.association_type, std::move(decision.answer));
    return {};
}

// What must hold of a resource when the request is through, whatever its operations passed by.
Status ResourceDraft::check_consistency() const {
    for (const auto& [type, association] : now_) {
        const Association& first = *now_.begin()->second;
        if (association->lifecycle != first.lifecycle) {
            return refused_property("lifecycle", "a resource's associations all have the same");
        }
        if (association->frozen != first.frozen) {
            return refused_property("frozen", "either all associations of a resource are, or none");
        }
    }
    for (const auto& [type, version] : registered_) {
        for (const Reference& reference : version.content->references) {
            const SubjectName target = target_of(reference, version.subject.context).subject;
            const bool taken = std::any_of(now_.begin(), now_.end(), [&](const auto& entry) {
                return entry.second->subject == target &&
                       entry.second->lifecycle == Lifecycle::strong;
            });
            if (taken && target != version.subject) {
                return failure(make_error(
                    ErrorCode::operation_not_permitted,
                    fmt::format("Subject '{}' has a strong association and cannot be referenced",
                                to_text(target))));
            }
        }
    }
    return {};
}

Decision<AssociationAnswer> ResourceDraft::finish() {
    Decision<AssociationAnswer> decision;
    AssociationAnswer& answer = decision.answer;
    answer.resource_name = request_.resource_name;
    answer.resource_namespace = request_.resource_namespace;
    answer.resource_id = request_.resource_id;
    answer.resource_type = request_.resource_type;
    std::set<std::string> told;
    for (const AssociationOperation& operation : request_.operations) {
        const std::string& type = operation.association_type;
        const auto found = now_.find(type);
        if (found == now_.end() || !told.insert(type).second) {
            continue;
        }
        const auto registered = registered_.find(type);
        answer.associations.push_back({found->second, registered == registered_.end()
                                                          ? std::nullopt
                                                          : std::optional(registered->second)});
    }
    for (const auto& [type, association] : before_) {
        if (now_.count(type) == 0) {
            changes_.push_back(association_change(association->key, nullptr));
        }
    }
    for (const auto& [type, association] : now_) {
        const auto old = before_.find(type);
        if (old == before_.end() || old->second != association) {
            changes_.push_back(association_change(association->key, association));
        }
    }
    decision.changes = std::move(changes_);
    return decision;
}

}  // namespace

Result<Decision<AssociationAnswer>> decide_associations(const Catalog& catalog,
                                                        const AssociationInput& input,
                                                        Workbench& bench) {
    return ResourceDraft(catalog, input, bench).decide();
}

Result<Decision<Done>> decide_delete_associations(const Catalog& catalog,
                                                  const AssociationDeletion& deletion,
                                                  const RegistrySettings& settings,
                                                  std::int64_t now) {
    const DeletionTerms terms{Deletion::soft, Retention::guarded, settings, now,
                              Associated::may_go};
    auto found = catalog.associations().of_resource(deletion.resource_id);
    std::erase_if(found, [&](const AssociationPtr& association) {
        return !fits(*association, deletion.filter);
    });
    if (found.empty()) {
        return failure(make_error(ErrorCode::association_not_found, deletion.resource_id));
    }
    Decision<Done> decision;
    for (const AssociationPtr& association : found) {
        const SubjectName& subject = association->subject;
        if (association->frozen && deletion.cascade == Cascade::no) {
            return failure(make_error(ErrorCode::association_frozen,
                                      association->key.association_type, to_text(subject)));
        }
        SYMBOLON_CHECK(check_writable(catalog, subject));
        decision.changes.push_back(association_change(association->key, nullptr));
        const bool takes_subject = deletion.cascade == Cascade::yes &&
                                   association->lifecycle == Lifecycle::strong &&
                                   has_live_version(catalog, subject);
        if (takes_subject) {
            SYMBOLON_TRY(auto gone, decide_delete_subject(catalog, subject, terms));
            std::move(gone.changes.begin(), gone.changes.end(),
                      std::back_inserter(decision.changes));
        }
    }
    return decision;
}

Status check_references_are_free(const Catalog& catalog, const SubjectName& subject,
                                 const SchemaContent& content) {
    for (const Reference& reference : content.references) {
        const SubjectName target = target_of(reference, subject.context).subject;
        if (target != subject && catalog.associations().has_strong(target)) {
            return failure(make_error(
                ErrorCode::operation_not_permitted,
                fmt::format("Subject '{}' has a strong association and cannot be referenced",
                            to_text(target))));
        }
    }
    return {};
}

}  // namespace symbolon
