#include "gate/tree/schema_names.hpp"

#include "compat/json_text/json_text.hpp"
#include "compat/protobuf/proto_built_in.hpp"
#include "compat/protobuf/proto_parse.hpp"
#include "core/limits.hpp"
#include "gate/tree/schema_names_walk.hpp"

#include <algorithm>
#include <memory_resource>
#include <utility>

namespace symbolon::gate {

namespace {

/// Passes the words of a .proto text; strings and comments are told apart, nothing else is.
class ImportScanner {
public:
    explicit ImportScanner(std::string_view text) : text_(text) {}

    /// Calls `found` with the path of each import and the offset of its statement.
    template <class Found>
    void scan(const Found& found) {
        bool statement_begins = true;
        while (pass_space()) {
            const std::size_t begin = at_;
            const std::string_view word = take_word();
            if (statement_begins && word == "import") {
                take_import(begin, found);
                continue;
            }
            if (!word.empty()) {
                statement_begins = false;
                continue;
            }
            const char letter = text_[at_];
            if (letter == '"' || letter == '\'') {
                take_string();
                statement_begins = false;
                continue;
            }
            ++at_;
            statement_begins = letter == ';' || letter == '}' || letter == '{';
        }
    }

private:
    static bool is_word(char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '_' || letter == '.';
    }

    template <class Found>
    void take_import(std::size_t begin, const Found& found) {
        bool more = pass_space();
        const std::string_view kind = take_word();
        if (!kind.empty()) {
            more = (kind == "public" || kind == "weak") && pass_space();
        }
        if (more && (text_[at_] == '"' || text_[at_] == '\'')) {
            const std::string_view path = take_string();
            if (!path.empty() && path.size() <= limits::name_bytes_max) {
                found(path, begin);
            }
        }
    }

    /// Passes white space and comments; false at the end.
    bool pass_space() {
        while (at_ < text_.size()) {
            const std::string_view rest = text_.substr(at_);
            if (rest.starts_with("//")) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (rest.starts_with("/*")) {
                const std::size_t end = text_.find("*/", at_ + 2);
                at_ = end == std::string_view::npos ? text_.size() : end + 2;
            } else if (static_cast<unsigned char>(rest[0]) <= ' ') {
                ++at_;
            } else {
                return true;
            }
        }
        return false;
    }

    std::string_view take_word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_word(text_[at_])) {
            ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    std::string_view take_string() {
        const char quote = text_[at_++];
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
            at_ += text_[at_] == '\\' ? 2 : 1;
        }
        const std::size_t end = std::min(at_, text_.size());
        at_ = std::min(end + 1, text_.size());
        return text_.substr(begin, end - begin);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

bool is_built_in_import(std::string_view path) {
    constexpr std::string_view well_known = "google/protobuf/";
    const auto files = compat::protobuf::built_in_files();
    return path.starts_with(well_known) ||
           std::any_of(files.begin(), files.end(),
                       [path](const auto& file) { return file.path == path; });
}

SchemaNames read_proto_names(std::string_view text) {
    UseList uses(text);
    ImportScanner(text).scan([&](std::string_view path, std::size_t offset) {
        if (!is_built_in_import(path)) {
            uses.add(std::string(path), {}, offset);
        }
    });
    SchemaNames names;
    names.uses = uses.take();
    return names;
}

}  // namespace

void UseList::add(std::string name, std::string other, std::size_t offset) {
    // Why: one more than may be, so that who checks the number sees that there are too many.
    if (uses_.size() <= limits::references_max && seen_.insert(name).second) {
        uses_.push_back({{std::move(name), std::move(other)}, offset});
    }
}

std::vector<NameUse> UseList::take() {
    std::sort(uses_.begin(), uses_.end(),
              [](const Found& left, const Found& right) { return left.offset < right.offset; });
    std::vector<NameUse> uses;
    std::size_t line = 1;
    std::size_t column = 1;
    std::size_t at = 0;
    for (Found& found : uses_) {
        for (; at < std::min(found.offset, text_.size()); ++at) {
            const auto byte = static_cast<unsigned char>(text_[at]);
            line += byte == '\n' ? 1 : 0;
            column = byte == '\n' ? 1 : column + ((byte & 0xC0U) == 0x80U ? 0 : 1);
        }
        found.use.line = line;
        found.use.column = column;
        uses.push_back(std::move(found.use));
    }
    return uses;
}

SchemaNames read_schema_names(SchemaType type, std::string_view text) {
    if (text.size() > limits::schema_bytes_max) {
        return {};
    }
    if (type == SchemaType::protobuf) {
        return read_proto_names(text);
    }
    std::pmr::monotonic_buffer_resource memory;
    compat::JsonReader reader(
        text, memory, memory,
        type == SchemaType::avro ? compat::JsonDialect::avro : compat::JsonDialect::plain);
    const compat::JsonNode* const root = reader.read();
    if (root == nullptr) {
        return {};
    }
    SchemaNames names =
        type == SchemaType::avro ? read_avro_names(*root, text) : read_json_names(*root, text);
    names.readable = true;
    return names;
}

std::optional<std::string> find_record_name(SchemaType type, std::string_view text,
                                            const SchemaNames& names) {
    if (type != SchemaType::protobuf) {
        return names.readable ? std::optional(names.title) : std::nullopt;
    }
    const auto file = compat::protobuf::parse_proto_text(text);
    if (!file) {
        return std::nullopt;
    }
    if (file->messages.empty()) {
        return std::string();
    }
    return (file->package.empty() ? "" : file->package + ".") + file->messages.front().name;
}

bool looks_like_json_schema(std::string_view text) {
    std::size_t depth = 0;
    bool is_key = false;
    std::string_view key;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char letter = text[at];
        if (letter == '"') {
            const std::size_t begin = ++at;
            while (at < text.size() && text[at] != '"') {
                at += text[at] == '\\' ? 2 : 1;
            }
            const std::string_view word = text.substr(begin, std::min(at, text.size()) - begin);
            if (depth == 1 && !is_key && key == "$schema") {
                return word.find("://json-schema.org/") != std::string_view::npos;
            }
            key = depth == 1 && is_key ? word : key;
        } else if (letter == '{' || letter == '[') {
            if (depth == 0 && letter == '[') {
                return false;
            }
            is_key = ++depth == 1;
        } else if (letter == '}' || letter == ']') {
            depth -= depth > 0 ? 1 : 0;
        } else if (depth == 1 && (letter == ',' || letter == ':')) {
            is_key = letter == ',';
        }
    }
    return false;
}

}  // namespace symbolon::gate
