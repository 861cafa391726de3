#include "gate/tree/schema_names_walk.hpp"

#include "compat/json_schema/json_document.hpp"
#include "compat/json_schema/json_uri.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace symbolon::gate {

namespace {

using compat::JsonKind;
using compat::JsonNode;

std::optional<std::string_view> text_member(const JsonNode& node, std::string_view key) {
    const JsonNode* const found = node.find(key);
    return found != nullptr && found->kind == JsonKind::string ? std::optional(found->text)
                                                               : std::nullopt;
}

// Recursive as the parser is; the reader has bounded the depth.
class AvroNameWalk {
public:
    void walk(const JsonNode& node, std::string_view space) {
        if (node.kind == JsonKind::string) {
            use(node.text, space, node.offset);
        } else if (node.kind == JsonKind::array) {
            for (const JsonNode* branch = node.first; branch != nullptr; branch = branch->next) {
                walk(*branch, space);
            }
        } else if (node.kind == JsonKind::object) {
            walk_object(node, space);
        }
    }

    SchemaNames take(std::string_view text) {
        UseList uses(text);
        for (const Use& use : uses_) {
            if (defined_.count(use.full) == 0 &&
                (use.bare.empty() || defined_.count(use.bare) == 0)) {
                uses.add(use.full, use.bare, use.offset);
            }
        }
        names_.uses = uses.take();
        names_.defined.assign(defined_.begin(), defined_.end());
        return std::move(names_);
    }

    void set_title(const JsonNode& root) {
        if (const auto type = text_member(root, "type"); type && is_definition(*type)) {
            if (const auto name = text_member(root, "name")) {
                names_.title = full_name(*name, text_member(root, "namespace").value_or(""));
            }
        }
    }

private:
    struct Use {
        std::string full;
        std::string bare;  ///< empty: the same
        std::size_t offset = 0;
    };

    static bool is_definition(std::string_view type) {
        return type == "record" || type == "error" || type == "enum" || type == "fixed";
    }
    static bool is_built_in(std::string_view type) {
        constexpr std::array<std::string_view, 8> primitives{"null",  "boolean", "int",   "long",
                                                             "float", "double",  "bytes", "string"};
        return std::find(primitives.begin(), primitives.end(), type) != primitives.end();
    }
    static std::string full_name(std::string_view name, std::string_view space) {
        return name.find('.') != std::string_view::npos || space.empty()
                   ? std::string(name)
                   : std::string(space) + "." + std::string(name);
    }

    void use(std::string_view name, std::string_view space, std::size_t offset) {
        const bool is_bare = name.find('.') == std::string_view::npos && !space.empty();
        if (is_built_in(name) || name.empty() ||
            std::max(name.size(), space.size()) > limits::name_bytes_max ||
            !budget_.take(name.size() + space.size())) {
            return;
        }
        std::string full = full_name(name, space);
        if (seen_.insert(full).second) {
            uses_.push_back({std::move(full), is_bare ? std::string(name) : std::string(), offset});
        }
    }

    void walk_object(const JsonNode& node, std::string_view space) {
        const JsonNode* const type = node.find("type");
        if (type == nullptr || type->kind != JsonKind::string) {
            if (type != nullptr) {
                walk(*type, space);
            }
            return;
        }
        const JsonNode* below = nullptr;
        if (is_definition(type->text)) {
            define(node, space);
            return;
        }
        if (type->text == "array" || type->text == "map") {
            below = node.find(type->text == "array" ? "items" : "values");
        } else {
            use(type->text, space, type->offset);
        }
        if (below != nullptr) {
            walk(*below, space);
        }
    }

    void define(const JsonNode& node, std::string_view space) {
        const auto name = text_member(node, "name");
        const std::string_view own_space = text_member(node, "namespace").value_or(space);
        if (!name || std::max(name->size(), own_space.size()) > limits::name_bytes_max ||
            !budget_.take(2 * (name->size() + own_space.size()))) {
            return;
        }
        std::string full = full_name(*name, own_space);
        const std::size_t dot = full.rfind('.');
        const std::string inner = dot == std::string::npos ? std::string() : full.substr(0, dot);
        defined_.insert(std::move(full));
        const JsonNode* const fields = node.find("fields");
        if (fields == nullptr || fields->kind != JsonKind::array) {
            return;
        }
        for (const JsonNode* field = fields->first; field != nullptr; field = field->next) {
            const JsonNode* const type = field->find("type");
            if (type != nullptr) {
                walk(*type, inner);
            }
        }
    }

    SchemaNames names_;
    NameBudget budget_;
    std::set<std::string> defined_;
    std::set<std::string> seen_;
    std::vector<Use> uses_;
};

bool is_meta_schema(std::string_view uri) {
    const std::size_t colon = uri.find("://");
    return colon != std::string_view::npos && uri.substr(colon + 3).starts_with("json-schema.org/");
}

class JsonNameWalk {
public:
    JsonNameWalk(const JsonNode& root, std::string_view text)
        : uses_(text), id_word_(id_word_of(root)) {
        collect_ids(root, {});
    }

    /// `node` is a schema, or something that may hold some.
    void walk(const JsonNode& node, const std::string& base) {
        if (node.kind == JsonKind::array) {
            for (const JsonNode* item = node.first; item != nullptr; item = item->next) {
                walk(*item, base);
            }
            return;
        }
        if (node.kind != JsonKind::object) {
            return;
        }
        std::string own;
        const std::string& inner = has_own_base(node, base, own) ? own : base;
        for (const JsonNode* member = node.first; member != nullptr; member = member->next) {
            if (member->key == "$ref" || member->key == "$dynamicRef") {
                use(*member, inner);
            } else if (holds_schemas(member->key) && member->kind == JsonKind::object) {
                for (const JsonNode* named = member->first; named != nullptr; named = named->next) {
                    walk(*named, inner);
                }
            } else if (!holds_data(member->key)) {
                walk(*member, inner);
            }
        }
    }

    SchemaNames take(const JsonNode& root) {
        SchemaNames names;
        names.title = text_member(root, "title").value_or("");
        std::string id;
        if (has_own_base(root, {}, id) && id.find(':') != std::string::npos) {
            names.defined.push_back(std::move(id));
        }
        names.uses = uses_.take();
        return names;
    }

private:
    /// Their members are called as the user likes, and each is a schema.
    static bool holds_schemas(std::string_view key) {
        constexpr std::array<std::string_view, 6> words{"properties",   "patternProperties",
                                                        "$defs",        "definitions",
                                                        "dependencies", "dependentSchemas"};
        return std::find(words.begin(), words.end(), key) != words.end();
    }
    static bool holds_data(std::string_view key) {
        constexpr std::array<std::string_view, 4> words{"const", "enum", "default", "examples"};
        return std::find(words.begin(), words.end(), key) != words.end();
    }
    static std::string_view id_word_of(const JsonNode& root) {
        const auto draft = text_member(root, "$schema");
        return draft && draft->find("draft-04") != std::string_view::npos ? "id" : "$id";
    }

    /// True when an `$id` makes another base within an object: `own`.
    bool has_own_base(const JsonNode& node, const std::string& base, std::string& own) {
        const auto id = node.kind == JsonKind::object ? text_member(node, id_word_) : std::nullopt;
        if (!id || id->empty() || id->size() + base.size() > limits::uri_bytes_max ||
            !budget_.take(id->size() + base.size())) {
            return false;
        }
        own = compat::json::resolve_uri(base, *id);
        own.resize(compat::json::split_fragment(own).first.size());
        return true;
    }

    void collect_ids(const JsonNode& node, const std::string& base) {
        std::string own;
        const std::string& inner = has_own_base(node, base, own) ? own : base;
        if (!own.empty()) {
            ids_.insert(own);
        }
        for (const JsonNode* child = node.first; child != nullptr; child = child->next) {
            if (child->kind == JsonKind::object || child->kind == JsonKind::array) {
                collect_ids(*child, inner);
            }
        }
    }

    void use(const JsonNode& reference, const std::string& base) {
        if (reference.kind != JsonKind::string) {
            return;
        }
        const std::string_view name = compat::json::split_fragment(reference.text).first;
        if (name.empty() || name.size() + base.size() > limits::uri_bytes_max ||
            !budget_.take(name.size() + base.size())) {
            return;
        }
        const std::string resolved = compat::json::resolve_uri(base, name);
        if (ids_.count(resolved) == 0 && !is_meta_schema(resolved)) {
            uses_.add(std::string(name), resolved, reference.offset);
        }
    }

    UseList uses_;
    NameBudget budget_;
    std::string_view id_word_;
    std::set<std::string> ids_;  ///< of this text
};

}  // namespace

SchemaNames read_avro_names(const compat::JsonNode& root, std::string_view text) {
    AvroNameWalk walk;
    walk.walk(root, {});
    walk.set_title(root);
    return walk.take(text);
}

SchemaNames read_json_names(const compat::JsonNode& root, std::string_view text) {
    JsonNameWalk walk(root, text);
    walk.walk(root, {});
    return walk.take(root);
}

}  // namespace symbolon::gate
