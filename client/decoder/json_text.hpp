// Looks into JSON texts without making values of them, so that what is kept stays as it was
// written: order, numbers, spelling.
//
// Example:  const auto event = find_json_member(record, "original_event");
// Errors:   none. REQUIRES everywhere: the text is valid JSON (parse_json said so, or we wrote it)
// Units:    bytes
// Threads:  any thread
// Source:   RFC 8259
// Tested by tests/unit/client/decoder/json_text_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

/// Where the next token begins.
std::size_t skip_json_blanks(std::string_view json, std::size_t at);
/// Where the value that begins at `at` ends.
std::size_t skip_json_value(std::string_view json, std::size_t at);

/// A member of an object or an item of an array: where its value stands.
struct JsonPlace {
    std::size_t begin = 0;
    std::size_t end = 0;
};
/// The first member called `name` of the object that begins at `at`; nullopt: no object, or none.
std::optional<JsonPlace> find_json_member_place(std::string_view json, std::size_t at,
                                                std::string_view name);
/// Item `index` of the array that begins at `at`.
std::optional<JsonPlace> find_json_item_place(std::string_view json, std::size_t at,
                                              std::size_t index);
/// The text of a member of the whole text's object.
std::optional<std::string_view> find_json_member(std::string_view json, std::string_view name);
/// Line breaks between tokens made blanks: the text on one line.
std::string on_one_line(std::string_view json);

}  // namespace symbolon::client
