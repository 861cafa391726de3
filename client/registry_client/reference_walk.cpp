#include "client/registry_client/reference_walk.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

namespace symbolon::client {

namespace {

Error too_much(std::string_view how, std::size_t bound, std::string_view unit) {
    return make_error(ErrorCode::invalid_schema,
                      fmt::format("What the schema refers to is {} than {} {}", how, bound, unit));
}

}  // namespace

Status ReferenceWalk::visit(const SchemaDocument& document, std::string_view subject) {
    return visit_at(document, subject, 1);
}

// Recursive; its depth is bounded by reference_depth_max.
Status ReferenceWalk::visit_at(const SchemaDocument& document, std::string_view subject,
                               std::size_t depth) {
    if (depth > limits::reference_depth_max) {
        return failure(too_much("nested deeper", limits::reference_depth_max, "schemas"));
    }
    for (const auto& reference : document.references) {
        if (!names_.insert(reference.name).second) {
            continue;
        }
        if (names_.size() > limits::references_max) {
            return failure(too_much("more", limits::references_max, "schemas"));
        }
        const auto target = subject_of(reference, subject);
        SYMBOLON_TRY(const DocumentPtr found, find_(target, reference.version));
        if (found->type != document.type) {
            return failure(
                make_error(ErrorCode::invalid_schema,
                           fmt::format("Reference '{}' is of type {}, not {}", reference.name,
                                       to_string(found->type), to_string(document.type))));
        }
        bytes_ += found->text.size();
        if (bytes_ > limits::reference_bytes_max) {
            return failure(too_much("larger", limits::reference_bytes_max, "bytes"));
        }
        SYMBOLON_CHECK(visit_at(*found, target, depth + 1));
        texts_.push_back({reference.name, found->text, target, reference.version});
    }
    return {};
}

}  // namespace symbolon::client
