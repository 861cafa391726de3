#include "compat/locate.hpp"

#include "compat/json_text/json_text.hpp"
#include "compat/protobuf/proto_places.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <utility>
#include <vector>

namespace symbolon::compat {

namespace {

/// Jumps from a name or reference to what it means that one step may take.
constexpr int jumps_max = 8;

std::vector<std::string> tokens_of(std::string_view pointer) {
    if (!pointer.empty() && pointer.front() == '#') {
        pointer.remove_prefix(1);
    }
    std::vector<std::string> tokens;
    while (pointer.size() > 1) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        std::string token;
        for (std::size_t at = 0; at < end; ++at) {
            const bool escaped = pointer[at] == '~' && at + 1 < end &&
                                 (pointer[at + 1] == '0' || pointer[at + 1] == '1');
            token += escaped ? (pointer[++at] == '0' ? '~' : '/') : pointer[at];
        }
        tokens.push_back(std::move(token));
        pointer.remove_prefix(end);
    }
    return tokens;
}

std::string_view last_part(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

const JsonNode* item_at(const JsonNode& array, std::string_view token) {
    std::size_t number = 0;
    const char* const end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) {
        return nullptr;
    }
    const JsonNode* item = array.first;
    for (; item != nullptr && number > 0; --number) {
        item = item->next;
    }
    return item;
}

}  // namespace

class Locator::Impl {
public:
    Impl(SchemaType type, std::string_view text) : type_(type), text_(text) {
        if (type == SchemaType::protobuf) {
            proto_ = protobuf::ProtoPlaces::read(text);
            return;
        }
        const JsonDialect dialect =
            type == SchemaType::avro ? JsonDialect::avro : JsonDialect::plain;
        root_ = JsonReader(text, memory_, memory_, dialect).read();
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '\n') {
                line_starts_.push_back(at + 1);
            }
        }
    }

    std::optional<TextPlace> find(std::string_view pointer) {
        if (proto_) {
            return proto_->find(pointer);
        }
        if (root_ == nullptr || steps_ > limits::locate_steps_max) {
            return std::nullopt;
        }
        TextPlace place;
        const JsonNode* node = root_;
        for (const std::string& token : tokens_of(pointer)) {
            const JsonNode* below = step(node, token);
            if (below == nullptr) {
                break;
            }
            node = below;
            append_token(place.path, token);
        }
        place.path = place.path.empty() ? "/" : std::move(place.path);
        const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), node->offset);
        place.line = static_cast<std::size_t>(after - line_starts_.begin());
        const std::string_view before = text_.substr(*(after - 1), node->offset - *(after - 1));
        steps_ += before.size() / 8;
        place.column +=
            static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](char letter) {
                return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
            }));
        return place;
    }

private:
    static void append_token(std::string& path, std::string_view token) {
        path += '/';
        for (const char letter : token) {
            if (letter == '~' || letter == '/') {
                path += letter == '~' ? "~0" : "~1";
            } else {
                path += letter;
            }
        }
    }

    const JsonNode* step(const JsonNode* node, std::string_view token) {
        for (int jump = 0; node != nullptr && jump < jumps_max; ++jump) {
            steps_ += 1 + node->count;
            const JsonNode* below =
                node->kind == JsonKind::array ? item_at(*node, token) : node->find(token);
            if (below != nullptr) {
                return below;
            }
            node = meaning_of(*node);
        }
        return nullptr;
    }

    // What stands behind a value that has no such member itself.
    const JsonNode* meaning_of(const JsonNode& node) {
        if (type_ == SchemaType::avro) {
            return node.kind == JsonKind::string ? find_definition(node.text) : node.find("type");
        }
        const JsonNode* reference = node.find("$ref");
        const bool is_local = reference != nullptr && reference->kind == JsonKind::string &&
                              reference->text.substr(0, 2) == "#/";
        return is_local ? find_target(reference->text) : nullptr;
    }

    const JsonNode* find_target(std::string_view pointer) {
        const JsonNode* node = root_;
        for (const std::string& token : tokens_of(pointer)) {
            if (node == nullptr) {
                break;
            }
            steps_ += 1 + node->count;
            node = node->kind == JsonKind::array ? item_at(*node, token) : node->find(token);
        }
        return node;
    }

    const JsonNode* find_definition(std::string_view name) {
        if (!indexed_) {
            indexed_ = true;
            index(*root_, {});
        }
        if (const auto found = definitions_.find(name); found != definitions_.end()) {
            return found->second;
        }
        const auto found = definitions_by_last_part_.find(last_part(name));
        return found == definitions_by_last_part_.end() ? nullptr : found->second;
    }

    // Recursive; json_depth_max bounds it.
    void index(const JsonNode& node, std::string space) {
        const JsonNode* type = node.find("type");
        const JsonNode* name = node.find("name");
        const bool defines = type != nullptr && name != nullptr &&
                             (type->text == "record" || type->text == "enum" ||
                              type->text == "fixed" || type->text == "error");
        if (defines) {
            const JsonNode* own_space = node.find("namespace");
            if (name->text.find('.') != std::string_view::npos) {
                space = name->text.substr(0, name->text.rfind('.'));
            } else if (own_space != nullptr) {
                space = own_space->text;
            }
            const std::string_view last = last_part(name->text);
            definitions_.emplace(
                space.empty() ? std::string(last) : space + "." + std::string(last), &node);
            const auto [entry, is_new] = definitions_by_last_part_.emplace(last, &node);
            if (!is_new) {
                entry->second = nullptr;  // two of them: which is meant is not known here
            }
        }
        for (const JsonNode* child = node.first; child != nullptr; child = child->next) {
            index(*child, space);
        }
    }

    const SchemaType type_;
    const std::string_view text_;
    std::optional<protobuf::ProtoPlaces> proto_;
    std::pmr::monotonic_buffer_resource memory_;
    const JsonNode* root_ = nullptr;
    std::vector<std::size_t> line_starts_{0};
    std::map<std::string, const JsonNode*, std::less<>> definitions_;
    std::map<std::string, const JsonNode*, std::less<>> definitions_by_last_part_;
    bool indexed_ = false;
    std::uint64_t steps_ = 0;
};

Locator::Locator(SchemaType type, std::string_view text) {
    if (text.size() <= limits::located_text_bytes_max) {
        impl_ = std::make_unique<Impl>(type, text);
    }
}
Locator::~Locator() = default;
Locator::Locator(Locator&&) noexcept = default;
Locator& Locator::operator=(Locator&&) noexcept = default;

std::optional<TextPlace> Locator::find(std::string_view pointer) {
    return impl_ == nullptr ? std::nullopt : impl_->find(pointer);
}

}  // namespace symbolon::compat
