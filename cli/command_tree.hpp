// What completion, manual pages and messages ask of the parser's tree: commands, flags, and what
// the values of a flag may be.
//
// Example:  WordWalk walk(app);  walk.step("config");  walk.step("set");  walk.next_argument();
// Errors:   none
// Threads:  one at a time
// Tested by tests/unit/cli/command_tree_test.cpp
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// The commands below one, without hidden ones.
std::vector<const CLI::App*> commands_of(const CLI::App& command);
/// "symbolon config set"
std::string path_of(const CLI::App& command);
/// Its name under `symbolon`: "config" of "symbolon config set"; "" of the program itself.
std::string top_name_of(const CLI::App& command);

/// Options that begin with a dash, and the others in their order.
std::vector<const CLI::Option*> flags_of(const CLI::App& command);
std::vector<const CLI::Option*> arguments_of(const CLI::App& command);
/// With those of the command above, where they may stand behind this one's name too.
std::vector<const CLI::Option*> reachable_flags_of(const CLI::App& command);
/// By "--level" or "-l", of those; nullptr: none.
const CLI::Option* find_flag(const CLI::App& command, std::string_view word);

/// A flag may have a value, or must.
bool takes_value(const CLI::Option& option);
bool needs_value(const CLI::Option& option);
/// What help calls the value: "FILE"; without what a validator says.
std::string value_name_of(const CLI::Option& option);
/// "1 to 4096", or "".
std::string range_of(const CLI::Option& option);
/// All values that there are; none: others than a fixed set.
std::vector<std::string> values_of(const CLI::Option& option);
/// Variables of the environment that stand for a flag, by the parser or by its help's words.
std::vector<std::string> variables_of(const CLI::Option& option);

/// Follows the words of a call through the tree, as the parser would.
class WordWalk {
public:
    explicit WordWalk(const CLI::App& root) : command_(&root) {}

    enum class Kind { command, flag, value, argument, unknown_command, unknown_flag };
    Kind step(const std::string& word);

    const CLI::App& command() const { return *command_; }
    /// The flag whose value may come next, or whose value the last word was.
    const CLI::Option* open_flag() const { return open_flag_; }
    /// The argument that comes next, or that the last word was.
    const CLI::Option* next_argument() const;
    const CLI::Option* last_argument() const;
    std::size_t arguments() const { return arguments_; }
    bool flags_ended() const { return flags_ended_; }

private:
    const CLI::App* command_;
    const CLI::Option* open_flag_ = nullptr;
    std::size_t arguments_ = 0;
    bool flags_ended_ = false;
    bool open_ = false;  // a value may come

public:
    /// The next word may be, or must be, the value of open_flag().
    bool awaits_value() const { return open_; }
};

}  // namespace symbolon::cli
