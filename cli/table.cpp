#include "cli/table.hpp"

#include "cli/terminal.hpp"
#include "core/print_to.hpp"
#include "gate/report/shown_text.hpp"

#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "\u2026";
/// A column is not cut below this: a name of fewer letters tells nothing.
constexpr std::size_t cut_columns_min = 8;

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes columns from the widest until the line fits.
void fit(std::vector<std::size_t>& widths, std::size_t columns) {
    const std::size_t gaps = gap.size() * (widths.size() - 1);
    std::size_t all = std::accumulate(widths.begin(), widths.end(), gaps);
    while (all > columns) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= cut_columns_min) {
            return;
        }
        --*widest;
        --all;
    }
}

/// Of printable text.
std::string cut_cell(std::string_view text, std::size_t columns) {
    if (gate::count_columns(text) <= columns) {
        return std::string(text);
    }
    std::size_t used = 0;
    std::size_t bytes = 0;
    while (bytes < text.size()) {
        const auto piece = gate::show_piece(text, bytes);
        if (used + piece.columns + 1 > columns) {
            break;
        }
        used += piece.columns;
        bytes += piece.bytes;
    }
    return std::string(text.substr(0, bytes)) + std::string(ellipsis);
}

}  // namespace

Table::Table(std::vector<std::string> heads) : heads_(std::move(heads)) {}

void Table::add(std::vector<std::string> cells) {
    cells.resize(heads_.size());
    for (auto& cell : cells) {
        cell = printable(cell);
    }
    lines_.push_back(std::move(cells));
}

std::string Table::to_text(std::size_t columns) const {
    std::vector<std::size_t> widths;
    std::vector<bool> numbers;
    for (std::size_t column = 0; column < heads_.size(); ++column) {
        std::size_t width = gate::count_columns(heads_[column]);
        bool all_numbers = !lines_.empty();
        for (const auto& line : lines_) {
            width = std::max(width, gate::count_columns(line[column]));
            all_numbers = all_numbers && is_number(line[column]);
        }
        widths.push_back(width);
        numbers.push_back(all_numbers);
    }
    if (columns > 0 && !widths.empty()) {
        fit(widths, columns);
    }
    std::string text;
    const auto append_line = [&](const std::vector<std::string>& cells) {
        std::string out;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const std::string cell = cut_cell(cells[column], widths[column]);
            const std::string fill(widths[column] - gate::count_columns(cell), ' ');
            out += column == 0 ? std::string_view() : gap;
            out += numbers[column] ? fill + cell : cell + fill;
        }
        text += out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
    };
    append_line(heads_);
    std::for_each(lines_.begin(), lines_.end(), append_line);
    return text;
}

void print_table(const Table& table) {
    const std::size_t columns = isatty(STDOUT_FILENO) != 0 ? columns_of(STDOUT_FILENO) : 0;
    print_to(stdout, "{}", table.to_text(columns));
}

CLI::Option* add_output_flag(CLI::App& command, OutputForm& form) {
    static const std::map<std::string, OutputForm> forms{{"table", OutputForm::table},
                                                         {"json", OutputForm::json}};
    return command
        .add_option("--output", form,
                    "table: for people, the default; cut to the width of a terminal, never "
                    "elsewhere.\njson: for machines")
        ->transform(CLI::CheckedTransformer(forms).description(""))
        ->type_name("table|json");
}

void print_json(const Json& value) {
    // Inside of JSON, DEL and the C1 controls are plain text: a terminal would obey them.
    const bool is_ascii = isatty(STDOUT_FILENO) != 0;
    print_to(stdout, "{}\n", value.dump(2, ' ', is_ascii, Json::error_handler_t::replace));
}

}  // namespace symbolon::cli
