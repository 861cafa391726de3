// The program around its commands: the list of them by groups, `help`, and what is said of calls
// that are wrong.
//
// Example:  add_list_command(app, exit_code);  …  return run_program(app, {argv + 1, argv + argc});
// Errors:   none; the exit status says how it ended
// Threads:  one at a time
// Source:   docs/operations.md
// Tested by tests/e2e/shell.py
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// How a command ends: 0 done, 1 failed, 2 called wrongly; or as a gate does: 0 clean, 100
/// findings, 1 called wrongly or not readable, 2 an internal error.
enum class StatusStyle { plain, gate };
/// `command` as under `symbolon`, such as "check".
StatusStyle status_style_of(std::string_view command);
/// The status of a call that is wrong.
int usage_status_of(std::string_view command);

/// Adds `help`; REQUIRES: all other commands are there.
void add_help_command(CLI::App& app, int& exit_code);

/// Parses and runs; `exit_code` is what the commands' callbacks set.
int run_program(CLI::App& app, const std::vector<std::string>& words, const int& exit_code);

}  // namespace symbolon::cli
