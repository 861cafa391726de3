// The words by which a schema is found: names and documentation, in lower case, without parsing.
//
// A text is only scanned. Of Avro the values of name, namespace, doc, aliases and symbols count; of
// JSON Schema the members of properties and their like, and the values of title, description,
// $comment, $id, enum and const; of Protobuf identifiers and comments. A text that is not what its
// type says gives other words, never an error.
//
// Example:  WordList words; add_schema_words(SchemaType::avro, R"({"name":"Order"})", words);
// Units:    bytes; lower case is that of ASCII letters
// Threads:  any thread
// Limits:   schema_words_max, word_bytes_max; search_bytes_max, search_words_max
// Tested by tests/unit/api/schema_words_test.cpp
#pragma once

#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// Words one after the other in one text, which is used again for the next schema.
class WordList {
public:
    /// Adds `text` as one word, whatever it holds.
    void add_whole(std::string_view text);
    /// Splits `text` where a character is not a letter, a digit, or one of `_ . $ -`.
    void add_words_of(std::string_view text);
    /// The words of a JSON string, given without its quotes.
    void add_words_of_json(std::string_view raw);
    void clear();

    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t at) const;

private:
    void add_word(std::string_view word);

    std::string letters_;
    std::vector<std::uint32_t> ends_;
    std::string decoded_;
};

void add_schema_words(SchemaType type, std::string_view text, WordList& words);

/// The words of a search, split at spaces, in lower case; malformed_request past the limits.
Result<std::vector<std::string>> parse_search(std::string_view text);

}  // namespace symbolon
