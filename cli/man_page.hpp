// Manual pages from the parser's tree and the commands' footers, as roff for man(1).
//
// A footer's lines from "Example:" become EXAMPLES, those from "Exit status:" EXIT STATUS; both end
// at an empty line, and examples at the first line that is not indented. The rest is described.
//
// Example:  std::cout << to_man_page(command);
// Errors:   none
// Threads:  any thread
// Source:   man(7)
// Tested by tests/unit/cli/man_page_test.cpp
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

struct FooterParts {
    std::vector<std::string> description;  ///< lines
    std::vector<std::string> examples;     ///< lines, as typed
    std::vector<std::string> exit_status;  ///< lines
};
FooterParts split_footer(const std::string& footer);

/// Text that roff prints as it is; for a line of text, not for a macro's argument.
std::string to_roff(std::string_view text);

/// "symbolon-config-set" of "symbolon config set".
std::string man_name_of(const CLI::App& command);

struct ManVariable {
    std::string_view name;
    std::string_view help;
};
/// `release` such as "0.1.0"; `registry_variables` are told where a command asks a registry.
std::string to_man_page(const CLI::App& command, std::string_view release,
                        const std::vector<ManVariable>& registry_variables);

}  // namespace symbolon::cli
