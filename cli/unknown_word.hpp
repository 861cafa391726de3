// What is wrong with a call, in words: what is unknown, what was perhaps meant, where to read more.
//
// Example:  std::cerr << explain_call(app, words, error);
// Errors:   none
// Threads:  any thread
// Tested by tests/unit/cli/unknown_word_test.cpp
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace symbolon::cli {

/// For standard error: one or two lines. `words` are those after the program's name.
std::string explain_call(const CLI::App& app, const std::vector<std::string>& words,
                         const CLI::ParseError& error);

}  // namespace symbolon::cli
