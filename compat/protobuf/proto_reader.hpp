// Characters and words of a .proto text, with the place of each.
//
// The first problem sticks: from then on the text counts as read to its end, so that a parser's
// loops stop by themselves.
//
// Errors:   problem() says what is wrong, in the words of the reference's parser
// Units:    lines and columns start at 1; columns count UTF-16 units
// Threads:  one at a time
// Limits:   name_bytes_max for a word
// Source:   protobuf-compat.md 1; texts of vectors
// Tested by tests/unit/compat/proto_parse_test.cpp
#pragma once

#include "compat/protobuf/proto_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::compat::protobuf {

class ProtoReader {
public:
    explicit ProtoReader(std::string_view text) : text_(text) {}

    bool failed() const { return !problem_.empty(); }
    const std::string& problem() const { return problem_; }
    /// "Syntax error in :line:column: what".
    void fail(Place place, std::string_view what);
    void fail_without_place(std::string what);

    /// Where the next byte stands.
    Place place() const { return place_; }
    /// Passes white space and comments.
    void skip_space();
    /// True at the end of the text.
    bool at_end() const { return at_ >= text_.size(); }
    /// The next byte behind white space; 0 at the end, which is a problem.
    char peek();
    /// Passes `wanted` if it comes next.
    bool take(char wanted);
    /// Passes `wanted`, or fails.
    void expect(char wanted);
    /// Letters, digits, `_`, `-` and `.`; fails when there are none.
    std::string_view word();
    /// The same, and `/` and `+` too: a type URL, or a number with an exponent.
    std::string_view wide_word(std::string_view more);
    /// A word, or one in parentheses or brackets; `opening` says which, or is 0.
    std::string name(char& opening);
    /// A quoted text, with the literals that follow it joined on.
    std::string quoted();
    /// A word that is a 32-bit integer, decimal, hexadecimal or octal.
    std::int32_t integer();
    /// The same, decimal only.
    std::int32_t decimal_integer();

private:
    void advance();
    void skip_comment();
    void read_literal(std::string& out);
    void read_escape(std::string& out);
    std::uint32_t digits(std::uint32_t base, std::size_t most);
    std::int32_t to_integer(std::string_view word, bool decimal_only);

    std::string_view text_;
    std::size_t at_ = 0;
    Place place_{1, 1};
    std::string problem_;
};

/// Appends a Unicode scalar value as UTF-8.
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace symbolon::compat::protobuf
