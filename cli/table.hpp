// Results of commands: tables for people, JSON for machines.
//
// Example:  Table table({"SUBJECT", "VERSIONS"});
//           table.add({subject, "3"});
//           print_table(table);
// Errors:   none
// Units:    columns of a terminal
// Threads:  one at a time
// Source:   docs/commands.md
// Tested by tests/unit/cli/table_test.cpp
#pragma once

#include "core/json.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace symbolon::cli {

/// Lines of cells under heads. Cells are text from anywhere: control characters are shown, not
/// obeyed.
class Table {
public:
    explicit Table(std::vector<std::string> heads);

    /// One line; cells that are left out are empty, those beyond the heads are dropped.
    void add(std::vector<std::string> cells);
    std::size_t lines() const { return lines_.size(); }

    /// The heads and the lines, columns aligned, those of numbers to the right. 0 columns: as wide
    /// as it is; else wide cells are cut, with an ellipsis, to fit where that is possible.
    std::string to_text(std::size_t columns) const;

private:
    std::vector<std::string> heads_;
    std::vector<std::vector<std::string>> lines_;
};

/// To standard output: cut to a terminal's width, never cut elsewhere.
void print_table(const Table& table);

enum class OutputForm { table, json };

/// `--output table|json`, by default what `form` is.
CLI::Option* add_output_flag(CLI::App& command, OutputForm& form);

/// To standard output, indented, with a line end.
void print_json(const Json& value);

}  // namespace symbolon::cli
