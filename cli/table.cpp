#include "cli/table.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <numeric>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "\u2026";
/// A column is not cut below this: a name of fewer letters tells nothing.
constexpr std::size_t cut_columns_min = 8;

struct Letter {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
};

/// The first code point of a text that is not empty; a stray byte is a letter of its own.
Letter first_letter(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc0 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                                             : 4;
    if (length <= 1 || length > text.size()) {
        return {lead, 1};
    }
    std::uint32_t code = lead & (0x7fU >> length);
    for (std::size_t at = 1; at < length; ++at) {
        const auto next = static_cast<unsigned char>(text[at]);
        if ((next & 0xc0U) != 0x80U) {
            return {lead, 1};
        }
        code = (code << 6U) | (next & 0x3fU);
    }
    return {code, length};
}

struct CodeRange {
    std::uint32_t first;
    std::uint32_t last;
};
// Unicode's East Asian Width W and F, and marks that take no column, in blocks: an estimate that
// aligns what people write, not a terminal's own table.
constexpr std::array wide_ranges{
    CodeRange{0x1100, 0x115f},   CodeRange{0x2e80, 0x303e},   CodeRange{0x3041, 0xa4cf},
    CodeRange{0xac00, 0xd7a3},   CodeRange{0xf900, 0xfaff},   CodeRange{0xfe30, 0xfe6f},
    CodeRange{0xff00, 0xff60},   CodeRange{0xffe0, 0xffe6},   CodeRange{0x1f300, 0x1f64f},
    CodeRange{0x1f900, 0x1f9ff}, CodeRange{0x20000, 0x3fffd},
};
constexpr std::array narrow_ranges{
    CodeRange{0x0300, 0x036f}, CodeRange{0x200b, 0x200f}, CodeRange{0x20d0, 0x20ff},
    CodeRange{0xfe00, 0xfe0f}, CodeRange{0xfe20, 0xfe2f}, CodeRange{0xfeff, 0xfeff},
};

template <std::size_t size>
bool is_in(const std::array<CodeRange, size>& ranges, std::uint32_t code) {
    return std::any_of(ranges.begin(), ranges.end(), [code](const CodeRange& range) {
        return code >= range.first && code <= range.last;
    });
}

std::size_t letter_columns(std::uint32_t code) {
    return is_in(narrow_ranges, code) ? 0 : is_in(wide_ranges, code) ? 2 : 1;
}

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Control characters shown instead of sent.
std::string shown(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const Letter letter = first_letter(text);
        const bool is_control = letter.code < 0x20 || (letter.code >= 0x7f && letter.code < 0xa0);
        out += is_control ? fmt::format("\\x{:02x}", letter.code)
                          : std::string(text.substr(0, letter.bytes));
        text.remove_prefix(letter.bytes);
    }
    return out;
}

std::size_t terminal_columns() {
    winsize size{};
    const bool is_known =
        isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    return is_known ? size.ws_col : 0;
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

}  // namespace

std::size_t text_columns(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Letter letter = first_letter(text);
        columns += letter_columns(letter.code);
        text.remove_prefix(letter.bytes);
    }
    return columns;
}

std::string cut_text(std::string_view text, std::size_t columns) {
    if (text_columns(text) <= columns) {
        return std::string(text);
    }
    if (columns == 0) {
        return {};
    }
    std::size_t used = 0;
    std::size_t bytes = 0;
    while (bytes < text.size()) {
        const Letter letter = first_letter(text.substr(bytes));
        const std::size_t wanted = letter_columns(letter.code);
        if (used + wanted > columns - 1) {
            break;
        }
        used += wanted;
        bytes += letter.bytes;
    }
    return std::string(text.substr(0, bytes)) + std::string(ellipsis);
}

Table::Table(std::vector<std::string> heads) : heads_(std::move(heads)) {}

void Table::add(std::vector<std::string> cells) {
    cells.resize(heads_.size());
    for (auto& cell : cells) {
        cell = shown(cell);
    }
    lines_.push_back(std::move(cells));
}

std::string Table::to_text(std::size_t columns) const {
    std::vector<std::size_t> widths;
    std::vector<bool> numbers;
    for (std::size_t column = 0; column < heads_.size(); ++column) {
        std::size_t width = text_columns(heads_[column]);
        bool all_numbers = !lines_.empty();
        for (const auto& line : lines_) {
            width = std::max(width, text_columns(line[column]));
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
            const std::string cell = cut_text(cells[column], widths[column]);
            const std::string fill(widths[column] - text_columns(cell), ' ');
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
    fmt::print("{}", table.to_text(terminal_columns()));
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
    fmt::print("{}\n", value.dump(2, ' ', is_ascii, Json::error_handler_t::replace));
}

}  // namespace symbolon::cli
