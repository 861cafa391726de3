#include "api/references.hpp"

#include "core/limits.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace symbolon {

namespace {

tl::unexpected<Error> bad_reference(const std::string& text) {
    return failure(make_error(ErrorCode::invalid_schema, text));
}

tl::unexpected<Error> missing_reference(const SubjectName& subject, std::int32_t version) {
    return bad_reference(fmt::format("No schema reference found for subject \"{}\" and version {}",
                                     to_text(subject), version));
}

class ReferenceWalk {
public:
    ReferenceWalk(const Catalog& catalog, SchemaType type, Targets targets,
                  ReferenceVersions versions, const StandIn* stand_in)
        : catalog_(catalog),
          type_(type),
          targets_(targets),
          versions_(versions),
          stand_in_(stand_in) {}

    // Recursive; its depth is bounded by reference_depth_max.
    Status visit(const std::vector<Reference>& references, std::string_view context,
                 std::size_t depth) {
        if (references.size() > limits::references_max) {
            return bad_reference(fmt::format("More than {} references", limits::references_max));
        }
        if (depth > limits::reference_depth_max) {
            return bad_reference(fmt::format("References are nested deeper than {} schemas",
                                             limits::reference_depth_max));
        }
        for (const auto& reference : references) {
            SYMBOLON_CHECK(visit_one(reference, context, depth));
        }
        return {};
    }
    Closure take() { return std::move(closure_); }

private:
    Status visit_one(const Reference& reference, std::string_view context, std::size_t depth) {
        if (reference.name.empty() || reference.subject.empty() || reference.version <= 0) {
            return bad_reference("Invalid reference: " + to_text(reference));
        }
        SYMBOLON_CHECK(check_one_version(target_of(reference, context)));
        // A schema that reaches itself under a name met before stops here too.
        if (!names_.insert(reference.name).second) {
            // Even so the named target must exist for a new schema.
            return find_target(reference, context) == nullptr
                       ? Status(missing_target(reference, context))
                       : Status();
        }
        const ContentPtr found = find_target(reference, context);
        if (found == nullptr) {
            return missing_target(reference, context);
        }
        const SchemaContent& content = *found;
        if (content.type != type_) {
            return bad_reference(fmt::format("Reference {} is of type {}, not {}",
                                             to_text(reference), to_string(content.type),
                                             to_string(type_)));
        }
        bytes_ += content.text.size();
        if (names_.size() > limits::references_max || bytes_ > limits::reference_bytes_max) {
            return bad_reference(fmt::format("References reach more than {} schemas or {} bytes",
                                             limits::references_max, limits::reference_bytes_max));
        }
        const VersionName target = target_of(reference, context);
        SYMBOLON_CHECK(visit(content.references, target.subject.context, depth + 1));
        closure_.push_back({reference.name, found});
        return {};
    }

    // REF-6.
    Status check_one_version(const VersionName& target) {
        if (versions_ == ReferenceVersions::any) {
            return {};
        }
        const Version first = met_.emplace(target.subject, target.version).first->second;
        return first == target.version
                   ? Status()
                   : bad_reference(fmt::format(
                         "Conflicting reference versions for \"{}\": version {} and version {}",
                         to_text(target.subject), first.value(), target.version.value()));
    }

    ContentPtr find_target(const Reference& reference, std::string_view context) const {
        const VersionName target = target_of(reference, context);
        if (stand_in_ != nullptr && stand_in_->subject == target.subject) {
            return stand_in_->content;
        }
        const VersionRow* row = catalog_.find_version(target.subject, target.version);
        const bool hidden = row != nullptr && row->deleted && targets_ == Targets::live;
        return row == nullptr || hidden ? nullptr : row->content;
    }

    static tl::unexpected<Error> missing_target(const Reference& reference,
                                                std::string_view context) {
        return missing_reference(target_of(reference, context).subject, reference.version);
    }

    const Catalog& catalog_;
    const SchemaType type_;
    const Targets targets_;
    const ReferenceVersions versions_;
    const StandIn* const stand_in_;
    std::map<SubjectName, Version> met_;
    std::set<std::string> names_;
    std::size_t bytes_ = 0;
    Closure closure_;
};

}  // namespace

std::string to_text(const Reference& reference) {
    return fmt::format("{{name={},subject={},version={}}}", reference.name, reference.subject,
                       reference.version);
}

Result<Closure> collect_references(const Catalog& catalog, std::string_view context,
                                   SchemaType type, const std::vector<Reference>& references,
                                   Targets targets, ReferenceVersions versions,
                                   const StandIn* stand_in) {
    if (references.empty()) {
        return Closure();
    }
    ReferenceWalk walk(catalog, type, targets, versions, stand_in);
    SYMBOLON_CHECK(walk.visit(references, context, 1));
    return walk.take();
}

Result<std::vector<Reference>> resolve_latest(const Catalog& catalog, std::string_view context,
                                              std::vector<Reference> references) {
    for (auto& reference : references) {
        if (reference.version != -1 || reference.subject.empty()) {
            continue;
        }
        const SubjectName subject = parse_subject_in(reference.subject, context);
        const VersionRow* latest = find_latest(catalog.find_versions(subject));
        if (latest == nullptr) {
            return missing_reference(subject, reference.version);
        }
        reference.version = latest->version.value();
    }
    return references;
}

}  // namespace symbolon
