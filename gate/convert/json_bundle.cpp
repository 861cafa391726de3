#include "gate/convert/json_bundle.hpp"

#include "compat/json_schema/json_document.hpp"
#include "compat/json_schema/json_uri.hpp"
#include "compat/json_schema/json_validator.hpp"
#include "compat/json_text/json_text.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <memory_resource>
#include <set>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using compat::JsonKind;
using compat::JsonNode;

tl::unexpected<Error> no_bundle(std::string message) {
    return failure(make_error(ErrorCode::invalid_schema, std::move(message)));
}

std::string_view text_in(const JsonNode& schema, std::string_view keyword) {
    const JsonNode* found = schema.find(keyword);
    return found != nullptr && found->kind == JsonKind::string ? found->text : std::string_view();
}

compat::json::Draft draft_of(const JsonNode& schema) {
    const std::string_view uri = text_in(schema, "$schema");
    return uri.empty() ? compat::json::Draft::draft7 : compat::json::find_draft(uri);
}

class Bundler {
public:
    Status read(std::string_view text, std::span<const compat::NamedText> references) {
        SYMBOLON_TRY(root_, read_object(text, "the schema"));
        draft_ = draft_of(*root_);
        for (const compat::NamedText& reference : references) {
            SYMBOLON_TRY(const JsonNode* node, read_object(reference.text, reference.name));
            SYMBOLON_CHECK(check_part(*node, reference.name));
            parts_.push_back({reference.name, node});
        }
        return {};
    }

    Result<std::string> write() {
        const std::string_view definitions = definitions_word();
        std::string out = "{";
        const JsonNode* own = nullptr;
        for (const JsonNode* member = root_->first; member != nullptr; member = member->next) {
            if (member->key == definitions && member->kind == JsonKind::object) {
                own = member;
            } else {
                append_member(out, *member);
            }
        }
        append_key(out, definitions);
        out += '{';
        std::set<std::string, std::less<>> taken;
        for (const JsonNode* one = own == nullptr ? nullptr : own->first; one != nullptr;
             one = one->next) {
            taken.insert(std::string(one->key));
            append_member(out, *one);
        }
        for (const auto& [name, node] : parts_) {
            std::string key = name;
            for (int count = 2; taken.contains(key); ++count) {
                key = fmt::format("{} {}", name, count);
            }
            taken.insert(key);
            append_key(out, key);
            append_part(out, name, *node);
            if (out.size() > limits::schema_text_bytes_max) {
                return no_bundle("the schema would be too long with all that it refers to");
            }
        }
        out += "}}";
        return out;
    }

private:
    Result<const JsonNode*> read_object(std::string_view text, std::string_view name) {
        compat::JsonReader reader(text, memory_, memory_, compat::JsonDialect::plain);
        const JsonNode* node = reader.read();
        if (node == nullptr) {
            return no_bundle(fmt::format("{}: {} at {}", name, reader.problem(),
                                         compat::place_of(text, reader.problem_offset())));
        }
        if (node->kind != JsonKind::object) {
            return no_bundle(fmt::format("{} is true or false: a bundle needs an object", name));
        }
        return node;
    }

    std::string_view id_word() const {
        return draft_ == compat::json::Draft::draft4 ? "id" : "$id";
    }
    std::string_view definitions_word() const {
        return is_modern(draft_) ? "$defs" : "definitions";
    }

    /// Under its own $id a part is found by that alone; so it must be what the name leads to.
    Status check_part(const JsonNode& node, const std::string& name) const {
        if (draft_of(node) != draft_) {
            return no_bundle(fmt::format(
                "{} is written in another draft of JSON Schema: in one text it would be read as "
                "the draft of the schema around it",
                name));
        }
        const std::string_view id = text_in(node, id_word());
        const std::string base(text_in(*root_, id_word()));
        if (!id.empty() &&
            compat::json::resolve_uri(base, name) != compat::json::resolve_uri(base, id)) {
            return no_bundle(fmt::format(
                "{} calls itself {}: in one text it would be found by that alone. Refer to it so, "
                "or take its {} out",
                name, id, id_word()));
        }
        if (!is_modern(draft_) && node.find("$ref") != nullptr) {
            return no_bundle(fmt::format(
                "{} is a $ref at its top, and in this draft nothing counts beside a $ref, not even "
                "the {} that it needs",
                name, id_word()));
        }
        return {};
    }

    static void append_key(std::string& out, std::string_view key) {
        if (!out.ends_with('{')) {
            out += ',';
        }
        compat::append_quoted(out, key);
        out += ':';
    }
    static void append_member(std::string& out, const JsonNode& member) {
        append_key(out, member.key);
        compat::append_json(out, member, compat::MemberOrder::as_written);
    }

    void append_part(std::string& out, std::string_view name, const JsonNode& node) const {
        out += '{';
        append_key(out, id_word());
        compat::append_quoted(out, name);
        for (const JsonNode* member = node.first; member != nullptr; member = member->next) {
            if (member->key != id_word() && member->key != "$schema") {
                append_member(out, *member);
            }
        }
        out += '}';
    }

    std::pmr::monotonic_buffer_resource memory_;
    const JsonNode* root_ = nullptr;
    compat::json::Draft draft_ = compat::json::Draft::draft7;
    std::vector<std::pair<std::string, const JsonNode*>> parts_;
};

}  // namespace

Result<std::string> bundle_json_schema(std::string_view text,
                                       std::span<const compat::NamedText> references) {
    if (references.empty()) {
        return std::string(text);
    }
    Bundler bundler;
    SYMBOLON_CHECK(bundler.read(text, references));
    SYMBOLON_TRY(std::string bundle, bundler.write());
    // What is written must find all that it refers to within itself.
    const auto validator =
        compat::json::JsonValidator::compile(bundle, {}, compat::json::Formats::annotate);
    if (!validator) {
        return no_bundle(fmt::format(
            "in one text the schema would not find all that it refers to: {}; give the referenced "
            "schemas an $id and refer to them by it",
            validator.error().message));
    }
    return bundle;
}

}  // namespace symbolon::gate
