// Text from outside made fit to be shown: valid UTF-8, nothing that steers a terminal or hides.
//
// Example:  to_printable("a\x1b[2J") == "a\\x1b[2J"
// Errors:   none: bytes that are no UTF-8 are shown as such
// Units:    bytes of the text; columns of a terminal
// Threads:  any thread
// Source:   Unicode 15, chapter 3.9 and UAX #9, UAX #11
// Tested by tests/unit/gate/report/shown_text_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::gate {

/// What stands at one place of a text.
struct ShownPiece {
    std::string text{};       ///< as it is shown; a control character as \x1b
    std::size_t bytes = 1;    ///< that it takes in the text
    std::size_t columns = 1;  ///< that it takes on a terminal
};
/// REQUIRES: at < text.size(). A tab becomes four blanks.
ShownPiece show_piece(std::string_view text, std::size_t at);

/// Control characters, and those that reorder or hide text, as \x1b or \u202e; line breaks too.
std::string to_printable(std::string_view text);
/// Bytes that are no UTF-8 become U+FFFD; all else stays.
std::string to_valid_utf8(std::string_view text);
/// Of a printable text.
std::size_t count_columns(std::string_view text);
/// Printable, and cut at the end where it is longer.
std::string cut_to_columns(std::string_view text, std::size_t columns);

}  // namespace symbolon::gate
