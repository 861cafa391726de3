// What the writers of Avro texts share: bounds on length and depth, and names already written.
//
// Errors:   invalid_schema
// Threads:  one at a time
// Limits:   schema_text_bytes_max, json_depth_max
// Tested by tests/unit/compat/avro_vectors_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <string>
#include <vector>

namespace symbolon::compat::avro {

/// A text that grows within the bounds; when it does not, nothing more is added.
class BoundedText {
public:
    std::string out;

    /// True while the text may grow; call it once per node. On failure says why in problem().
    bool may_grow();
    /// One more level of arrays or objects; false when there are too many.
    bool descend();
    void ascend() { --depth_; }
    void fail(std::string problem);
    bool failed() const { return !problem_.empty(); }
    /// The text; schema_too_large when it grew too long, else invalid_schema with the problem.
    Result<std::string> finish() &&;

private:
    bool too_large_ = false;
    std::size_t depth_ = 0;
    std::string problem_;
};

/// The full names that a text has defined so far.
class NamesWritten {
public:
    /// True the first time.
    bool insert(const AvroDefinition& definition);
    bool contains(const AvroDefinition& definition) const;

private:
    std::vector<bool> written_;
};

}  // namespace symbolon::compat::avro
