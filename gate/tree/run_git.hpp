// Runs the program `git` and reads what it answers.
//
// No shell is involved; it asks nobody for a password, and speaks English whatever the user does.
// What a hook's environment says of the repository is left out, since the repository is looked for
// around a folder.
//
// Example:  SYMBOLON_TRY(const auto answer, run_git({"-C", folder, "rev-parse", "HEAD"}, {}));
// Errors:   cannot_start: git is not installed, takes too long, or answers too much; that it fails
//           is an answer
// Units:    bytes, milliseconds
// Threads:  any thread
// Limits:   git_answer_bytes_max, git_time_ms_max
// Source:   gitenvironment(7)
// Tested by tests/unit/gate/tree/git_tree_test.cpp
#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

struct GitAnswer {
    int exit_status = 0;  ///< 128 and more: it failed, or a signal ended it
    std::string out{};
    std::string errors{};  ///< what it said on standard error, the beginning of it
};

/// `input` is its standard input.
Result<GitAnswer> run_git(const std::vector<std::string>& arguments, std::string_view input);

}  // namespace symbolon::gate
