// What stands at the other end of standard output or standard error.
//
// Example:  options.colours = colours_for(STDOUT_FILENO);
// Units:    columns
// Threads:  any thread
// Source:   https://no-color.org; docs/gate.md
// Tested by tests/unit/cli/terminal_test.cpp
#pragma once

#include "gate/report/formats.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::cli {

/// Colours on a terminal that can show them, unless the environment has a NO_COLOR.
gate::Colours colours_for(int descriptor);
/// Whether a line there can be written over: a terminal that can do more than print.
bool can_write_over(int descriptor);
/// The width of the terminal, or 100 when it is none or does not say.
std::size_t columns_of(int descriptor);
/// The text with control characters as \x1b: what comes from outside must not steer a terminal.
std::string printable(std::string_view text);
/// The same of JSON, which stays JSON and says the same: \u009b. Line breaks stay.
std::string printable_json(std::string_view json);

}  // namespace symbolon::cli
