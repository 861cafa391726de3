// A line of a schema with a mark under the place that a finding is about.
//
// Example:  find_excerpt(text, 12, 5, 80)->mark == "    ^~~~~"
// Errors:   nullopt: the text has no such line
// Units:    lines and columns start at 1, columns count characters; the width is a terminal's
// Threads:  any thread
// Source:   compat/locate.hpp
// Tested by tests/unit/gate/report/excerpt_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

struct Excerpt {
    std::string line{};  ///< printable; cut around the place when it is longer than the width
    std::string mark{};  ///< blanks, then ^~~~ under the word, string or bracketed part there
    /// The lines after it up to the one that closes the bracket there, when they are few.
    std::vector<std::string> more{};
};
/// A column past the end of its line means the end.
std::optional<Excerpt> find_excerpt(std::string_view text, std::size_t line, std::size_t column,
                                    std::size_t width);

}  // namespace symbolon::gate
