// Where in a schema's text a place of a finding is: line and column for people and editors.
//
// Parsing keeps no positions, so that it stays fast; they are looked up when findings are printed.
//
// Example:  Locator locator(SchemaType::avro, text);  locator.find("/fields/1")->line == 4
// Errors:   nothing found is no error: texts too long, a Protobuf descriptor in base64
// Units:    lines and columns start at 1; columns count characters
// Threads:  one at a time; the text must outlive it
// Limits:   located_text_bytes_max, locate_steps_max
// Source:   RFC 6901; Avro 1.12 specification, "Names"
// Tested by tests/unit/compat/locate_test.cpp
#pragma once

#include "core/schema_type.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::compat {

struct TextPlace {
    std::size_t line = 1;
    std::size_t column = 1;
    std::string path;  ///< what was found of the pointer: the nearest that the text has
};

class Locator {
public:
    Locator(SchemaType type, std::string_view text);
    ~Locator();
    Locator(const Locator&) = delete;
    Locator& operator=(const Locator&) = delete;
    Locator(Locator&&) noexcept;
    Locator& operator=(Locator&&) noexcept;

    /// The value that the JSON Pointer names (also "#/…", and "/" for all of it), or the nearest
    /// that encloses it; names of types and `$ref` within the text are followed. In a .proto text
    /// the path is made of names, as in a Finding.
    std::optional<TextPlace> find(std::string_view pointer);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;  ///< nothing when the text cannot be searched
};

}  // namespace symbolon::compat
