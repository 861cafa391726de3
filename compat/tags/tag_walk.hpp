// Walks the entities of a schema text that may carry tags.
//
// Example:  TagWalk walk(visitor); walk.walk_avro(root);
// Errors:   exhausted() when the paths together grew too long
// Threads:  one at a time
// Limits:   tag_path_bytes_max, json_depth_max through the reader
// Source:   compat/schema_tags.hpp
// Tested by tests/unit/compat/schema_tags_test.cpp
#pragma once

#include "compat/json_text/json_text.hpp"
#include "compat/schema_tags.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace symbolon::compat {

class TagWalk {
public:
    /// Called for each entity with its path, its kind and the object that holds its tags.
    using Visit = std::function<void(const std::string&, EntityKind, const JsonNode&)>;

    explicit TagWalk(Visit visit) : visit_(std::move(visit)) {}

    void walk_avro(const JsonNode& schema, std::string_view enclosing_namespace);
    /// `holder` ends in "." unless it is empty.
    void walk_json(const JsonNode& schema, std::string& holder);
    bool exhausted() const { return exhausted_; }

private:
    void walk_avro_record(const JsonNode& record, std::string_view enclosing_namespace);
    void walk_json_object(const JsonNode& schema, std::string& holder);
    void walk_json_parts(const JsonNode& schema, std::string& holder);
    void walk_below(const JsonNode& schema, std::string& holder, std::string_view step);
    void walk_each(const JsonNode& list, std::string& holder, std::string_view step);
    void visit(const std::string& path, EntityKind kind, const JsonNode& node);

    Visit visit_;
    std::size_t path_bytes_ = 0;
    bool exhausted_ = false;
};

}  // namespace symbolon::compat
