// Which texts may name an Avro type, field or symbol.
//
// Example:  is_name("a-b", NameLetters::unicode) == false
// Threads:  any thread
// Source:   Avro 1.12 specification, "Names"; avro-compat.md, "Parsing" 5
// Tested by tests/unit/compat/avro_parse_test.cpp
#pragma once

#include <string_view>

namespace symbolon::compat::avro {

/// New schemas keep to ASCII; stored ones may use every letter of the Unicode base plane.
enum class NameLetters { ascii, unicode };

/// A letter or underscore, then letters, digits and underscores. REQUIRES: `text` is UTF-8.
bool is_name(std::string_view text, NameLetters letters);
/// ASCII names joined by dots.
bool is_namespace(std::string_view text);

}  // namespace symbolon::compat::avro
