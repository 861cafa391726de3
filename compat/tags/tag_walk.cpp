#include "compat/tags/tag_walk.hpp"

#include "core/limits.hpp"

#include <array>
#include <utility>

namespace symbolon::compat {

namespace {

std::string_view text_member(const JsonNode& object, std::string_view name) {
    const JsonNode* member = object.find(name);
    return member != nullptr && member->kind == JsonKind::string ? member->text
                                                                 : std::string_view();
}

bool is_record_type(std::string_view type) {
    return type == "record" || type == "error";
}

// A name with a dot is full already; its part before the last dot is the namespace.
std::string avro_full_name(const JsonNode& record, std::string_view enclosing_namespace) {
    const std::string_view name = text_member(record, "name");
    const JsonNode* own = record.find("namespace");
    const std::string_view space =
        own != nullptr && own->kind == JsonKind::string ? own->text : enclosing_namespace;
    if (name.find('.') != std::string_view::npos || space.empty()) {
        return std::string(name);
    }
    return std::string(space) + "." + std::string(name);
}

// A schema is taken for an object's when it says so or has properties.
bool is_json_object(const JsonNode& schema) {
    return text_member(schema, "type") == "object" || schema.find("properties") != nullptr;
}

/// Restores a path at the end of a scope.
class PathStep {
public:
    PathStep(std::string& path, std::string_view step) : path_(path), size_(path.size()) {
        path_ += step;
    }
    PathStep(const PathStep&) = delete;
    PathStep& operator=(const PathStep&) = delete;
    PathStep(PathStep&&) = delete;
    PathStep& operator=(PathStep&&) = delete;
    ~PathStep() { path_.resize(size_); }

private:
    std::string& path_;
    std::size_t size_;
};

}  // namespace

void TagWalk::visit(const std::string& path, EntityKind kind, const JsonNode& node) {
    // Deep nesting under long names makes paths quadratic in the text.
    path_bytes_ += path.size();
    exhausted_ = exhausted_ || path_bytes_ > limits::tag_path_bytes_max;
    if (!exhausted_) {
        visit_(path, kind, node);
    }
}

void TagWalk::walk_avro(const JsonNode& schema, std::string_view enclosing_namespace) {
    if (exhausted_ || (schema.kind != JsonKind::array && schema.kind != JsonKind::object)) {
        return;
    }
    if (schema.kind == JsonKind::array) {
        for (const JsonNode* branch = schema.first; branch != nullptr; branch = branch->next) {
            walk_avro(*branch, enclosing_namespace);
        }
        return;
    }
    if (is_record_type(text_member(schema, "type"))) {
        walk_avro_record(schema, enclosing_namespace);
        return;
    }
    for (const std::string_view part : {"type", "items", "values"}) {
        if (const JsonNode* inner = schema.find(part)) {
            walk_avro(*inner, enclosing_namespace);
        }
    }
}

void TagWalk::walk_avro_record(const JsonNode& record, std::string_view enclosing_namespace) {
    const std::string name = avro_full_name(record, enclosing_namespace);
    visit(name, EntityKind::record, record);
    const JsonNode* fields = record.find("fields");
    if (fields == nullptr || fields->kind != JsonKind::array) {
        return;
    }
    const std::size_t dot = name.rfind('.');
    const std::string_view space =
        dot == std::string::npos ? std::string_view() : std::string_view(name).substr(0, dot);
    for (const JsonNode* field = fields->first; field != nullptr; field = field->next) {
        if (field->kind != JsonKind::object || exhausted_) {
            continue;
        }
        visit(name + "." + std::string(text_member(*field, "name")), EntityKind::field, *field);
        if (const JsonNode* type = field->find("type")) {
            walk_avro(*type, space);
        }
    }
}

void TagWalk::walk_json(const JsonNode& schema, std::string& holder) {
    if (exhausted_ || schema.kind != JsonKind::object) {
        return;
    }
    if (is_json_object(schema)) {
        walk_json_object(schema, holder);
    }
    walk_json_parts(schema, holder);
}

void TagWalk::walk_json_object(const JsonNode& schema, std::string& holder) {
    const PathStep record(holder, "object");
    visit(holder, EntityKind::record, schema);
    const JsonNode* properties = schema.find("properties");
    if (properties == nullptr || properties->kind != JsonKind::object) {
        return;
    }
    for (const JsonNode* field = properties->first; field != nullptr; field = field->next) {
        if (exhausted_) {
            return;
        }
        const PathStep dot(holder, ".");
        const PathStep name(holder, field->key);
        if (field->kind == JsonKind::object) {
            visit(holder, EntityKind::field, *field);
        }
        const PathStep below(holder, ".");
        walk_json(*field, holder);
    }
}

void TagWalk::walk_json_parts(const JsonNode& schema, std::string& holder) {
    constexpr std::array lists{std::pair{"prefixItems", "array."}, std::pair{"allOf", "allof."},
                               std::pair{"anyOf", "anyof."}, std::pair{"oneOf", "oneof."}};
    constexpr std::array schemas{std::pair{"not", "not."}, std::pair{"if", "if."},
                                 std::pair{"then", "then."}, std::pair{"else", "else."}};
    if (const JsonNode* items = schema.find("items")) {
        if (items->kind == JsonKind::array) {
            walk_each(*items, holder, "array.");
        } else {
            walk_below(*items, holder, "array.");
        }
    }
    for (const auto& [keyword, step] : lists) {
        if (const JsonNode* list = schema.find(keyword)) {
            walk_each(*list, holder, step);
        }
    }
    for (const auto& [keyword, step] : schemas) {
        if (const JsonNode* inner = schema.find(keyword)) {
            walk_below(*inner, holder, step);
        }
    }
    for (const std::string_view keyword : {"$defs", "definitions"}) {
        const JsonNode* definitions = schema.find(keyword);
        const JsonNode* inner = definitions == nullptr ? nullptr : definitions->first;
        for (; inner != nullptr; inner = inner->next) {
            const PathStep defs(holder, std::string(keyword) + ".");
            walk_below(*inner, holder, std::string(inner->key) + ".");
        }
    }
}

void TagWalk::walk_below(const JsonNode& schema, std::string& holder, std::string_view step) {
    const PathStep below(holder, step);
    walk_json(schema, holder);
}

void TagWalk::walk_each(const JsonNode& list, std::string& holder, std::string_view step) {
    const PathStep below(holder, step);
    std::size_t at = 0;
    for (const JsonNode* item = list.first; item != nullptr; item = item->next) {
        walk_below(*item, holder, std::to_string(at++) + ".");
    }
}

}  // namespace symbolon::compat
