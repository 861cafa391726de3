#include "compat/avro/avro_text.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

namespace symbolon::compat::avro {

bool BoundedText::may_grow() {
    if (out.size() > limits::schema_text_bytes_max) {
        too_large_ = too_large_ || !failed();
        fail("too large");
    }
    return !failed();
}

bool BoundedText::descend() {
    if (++depth_ > limits::json_depth_max) {
        fail(fmt::format("The schema written out is nested deeper than {} levels",
                         limits::json_depth_max));
    }
    return !failed();
}

void BoundedText::fail(std::string problem) {
    if (problem_.empty()) {
        problem_ = std::move(problem);
    }
}

Result<std::string> BoundedText::finish() && {
    if (may_grow()) {
        return std::move(out);
    }
    return too_large_ ? failure(make_error(ErrorCode::schema_too_large))
                      : failure(make_error(ErrorCode::invalid_schema, problem_));
}

bool NamesWritten::insert(const AvroDefinition& definition) {
    if (definition.name_id >= written_.size()) {
        written_.resize(definition.name_id + 1);
    }
    const bool is_new = !written_[definition.name_id];
    written_[definition.name_id] = true;
    return is_new;
}

bool NamesWritten::contains(const AvroDefinition& definition) const {
    return definition.name_id < written_.size() && written_[definition.name_id];
}

}  // namespace symbolon::compat::avro
