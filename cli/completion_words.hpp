// What may come next in a call: commands, flags, values of flags, subjects.
//
// Example:  complete_words(app, {"check", "--le"}, sources).words.front().text  // "--level"
// Errors:   none; what cannot be had is left out
// Threads:  one at a time
// Limits:   completion_candidates_max
// Tested by tests/unit/cli/completion_words_test.cpp
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace symbolon::cli {

struct CompletionWord {
    std::string text{};
    std::string help{};  ///< in a few words, or ""
};
struct Completion {
    std::vector<CompletionWord> words{};
    /// The shell is to offer its files beside them.
    bool files = false;
};

/// Where words come from that the parser does not know; empty functions: nowhere.
struct CompletionSources {
    /// Names of a registry's subjects that begin so; `words` are those of the call before it.
    std::function<std::vector<std::string>(const std::vector<std::string>& words,
                                           const std::string& prefix)>
        subjects{};
    std::function<std::vector<std::string>()> profiles{};
};

/// For the last of the words, which may be empty.
Completion complete_words(const CLI::App& app, const std::vector<std::string>& words,
                          const CompletionSources& sources);

/// A line "files" or "words", then a line for each: the word, and after a tab its help.
std::string to_lines(const Completion& completion);

}  // namespace symbolon::cli
