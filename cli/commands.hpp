// The commands of the program; each adds itself and its flags to the parser.
//
// Example:  add_serve_command(app, exit_code);
// Errors:   `exit_code` gets 1 when a command fails, 2 when it was called wrongly
// Threads:  one at a time
// Source:   docs/operations.md
// Tested by tests/e2e/hostile_http.py
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace symbolon::cli {

inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

/// `exit_code` must outlive the parsing.
void add_serve_command(CLI::App& app, int& exit_code);
void add_prune_command(CLI::App& app, int& exit_code);
void add_produce_command(CLI::App& app, int& exit_code);
void add_gateway_command(CLI::App& app, int& exit_code);
void add_decode_command(CLI::App& app, int& exit_code);
void add_guard_command(CLI::App& app, int& exit_code);
void add_explain_command(CLI::App& app, int& exit_code);
void add_check_command(CLI::App& app, int& exit_code);
void add_list_command(CLI::App& app, int& exit_code);
void add_versions_command(CLI::App& app, int& exit_code);
void add_get_command(CLI::App& app, int& exit_code);
void add_register_command(CLI::App& app, int& exit_code);
void add_config_command(CLI::App& app, int& exit_code);
void add_mode_command(CLI::App& app, int& exit_code);
void add_delete_command(CLI::App& app, int& exit_code);
void add_undelete_command(CLI::App& app, int& exit_code);
void add_contexts_command(CLI::App& app, int& exit_code);
void add_diff_command(CLI::App& app, int& exit_code);
void add_lint_command(CLI::App& app, int& exit_code);
void add_schema_command(CLI::App& app, int& exit_code);
void add_plan_command(CLI::App& app, int& exit_code);
void add_apply_command(CLI::App& app, int& exit_code);
void add_completion_command(CLI::App& app);
void add_man_command(CLI::App& app, int& exit_code);

/// What shells ask: what may come in place of the last of the words. No command of its own, since
/// its words are those of another call.
int print_completion(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace symbolon::cli
