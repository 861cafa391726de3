// JSON as schemas need it: keys in their order, number spellings kept, the place of each value.
//
// Example:  JsonReader reader(text, nodes, texts);  const JsonNode* root = reader.read();
// Errors:   none thrown; read() answers nullptr and problem() says what and where
// Units:    offsets are bytes from 0; place() counts lines and columns from 1
// Threads:  nodes are immutable once read
// Limits:   json_depth_max, json_number_digits_max
// Source:   RFC 8259 with the deviations of avro-compat.md, "Parsing" 4, and of
//           json-schema-compat.md 2 and 12
// Tested by tests/unit/compat/json_text_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace symbolon::compat {

/// Where Avro's reference and JSON Schema's read differently; data is read as the RFC says.
enum class JsonDialect : std::uint8_t {
    avro,    ///< comments before and in the value, only blanks after it; reals are doubles
    plain,   ///< no comments, anything may follow the value; reals keep their decimals
    strict,  ///< as RFC 8259 has it: no comments, nothing follows; reals keep their decimals
};

/// Integers are told apart by the width that holds them, because the reference's equality does.
enum class JsonKind : std::uint8_t {
    null,
    boolean,
    int32,
    int64,
    big_integer,
    real,
    string,
    array,
    object,
};

/// A value; children form a list. Lives as long as the memory and the text it was read from.
struct JsonNode {
    JsonKind kind = JsonKind::null;
    bool boolean = false;
    std::uint32_t offset = 0;  ///< of the value in the text
    std::uint32_t count = 0;   ///< children
    std::string_view key;      ///< name, when this is a member of an object
    std::string_view text;     ///< a string's content, an integer's digits, a plain real's decimals
    std::int64_t integer = 0;  ///< int32 and int64
    double real = 0;
    const JsonNode* first = nullptr;
    const JsonNode* next = nullptr;

    bool is_integer() const {
        return kind == JsonKind::int32 || kind == JsonKind::int64 || kind == JsonKind::big_integer;
    }
    /// The member called `name`, or nullptr; also nullptr when this is no object.
    const JsonNode* find(std::string_view name) const;
};

/// Reads one value. Of members with one name the last value wins, at the first one's position.
class JsonReader {
public:
    /// Strings point into `text`, or into `texts` where escapes had to be undone.
    JsonReader(std::string_view text, std::pmr::memory_resource& nodes,
               std::pmr::memory_resource& texts, JsonDialect dialect = JsonDialect::avro)
        : text_(text), nodes_(nodes), texts_(texts), dialect_(dialect) {}

    /// nullptr when the text is no JSON.
    const JsonNode* read();
    const std::string& problem() const { return problem_; }
    std::size_t problem_offset() const { return problem_offset_; }

private:
    std::nullptr_t fail(std::size_t offset, std::string_view what);
    bool skip_blanks();
    bool skip_comment();
    JsonNode* new_node(JsonKind kind, std::size_t offset);
    JsonNode* read_value(std::size_t depth);
    JsonNode* read_array(std::size_t depth);
    JsonNode* read_object(std::size_t depth);
    JsonNode* read_member(std::size_t depth);
    JsonNode* read_number();
    JsonNode* read_real(JsonNode& node, std::string_view digits);
    std::string_view keep(std::string_view text);
    JsonNode* read_word(std::string_view word, JsonKind kind, std::size_t offset);
    bool read_string(std::string_view& out);
    bool unescape(std::size_t begin, std::size_t end, std::string_view& out);
    bool read_escape(std::size_t& at, std::size_t end, char*& to);
    bool read_hex4(std::size_t at, std::size_t end, std::uint32_t& unit) const;
    void keep_last_of_repeated(JsonNode& object);

    std::string_view text_;
    std::pmr::memory_resource& nodes_;
    std::pmr::memory_resource& texts_;
    JsonDialect dialect_;
    std::size_t at_ = 0;
    std::string problem_;
    std::size_t problem_offset_ = 0;
};

/// "line 3, column 14" of a byte offset; columns count characters.
std::string place_of(std::string_view text, std::size_t offset);
/// Offset of the first byte that is not UTF-8, or npos.
std::size_t find_bad_utf8(std::string_view text);

/// A copy of `value` and all below it in `memory`; texts are shared.
const JsonNode* copy_json(const JsonNode& value, std::pmr::memory_resource& memory);
/// Equality as the reference's: order of members is no difference, the width of a number is.
bool equal_json(const JsonNode& left, const JsonNode& right);
/// True when the value or something in it has this kind.
bool contains_kind(const JsonNode& value, JsonKind kind);

enum class MemberOrder { as_written, sorted };

/// Appends `text` in quotation marks, escaped as the reference does.
void append_quoted(std::string& out, std::string_view text);
/// Appends a value as compact JSON text.
void append_json(std::string& out, const JsonNode& value, MemberOrder order);
/// Orders texts as UTF-16 does, which differs from byte order above U+FFFF.
bool utf16_less(std::string_view left, std::string_view right);

}  // namespace symbolon::compat
