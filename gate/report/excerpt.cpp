#include "gate/report/excerpt.hpp"

#include "gate/report/shown_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

constexpr std::string_view cut_mark = "...";
constexpr std::size_t excerpt_columns_min = 20;
/// Lines that are shown of a part that does not end on its first line, and how far its end is
/// looked for.
constexpr std::size_t more_lines_max = 6;
constexpr std::size_t more_bytes_max = 4'000;

std::optional<std::string_view> find_line(std::string_view text, std::size_t line) {
    std::size_t start = 0;
    for (std::size_t at = 1; at < line; ++at) {
        const std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        start = end + 1;
    }
    std::string_view found = text.substr(start, text.find('\n', start) - start);
    if (found.ends_with('\r')) {
        found.remove_suffix(1);
    }
    return found;
}

bool continues_letter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

/// Where the column starts, in bytes; the end of the line when it is shorter.
std::size_t offset_of_column(std::string_view line, std::size_t column) {
    std::size_t passed = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (!continues_letter(line[at]) && ++passed == column) {
            return at;
        }
    }
    return line.size();
}

std::size_t step_back(std::string_view line, std::size_t offset, std::size_t letters) {
    while (offset > 0 && letters > 0) {
        --offset;
        if (!continues_letter(line[offset])) {
            --letters;
        }
    }
    return offset;
}

bool is_word_letter(char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z') || letter == '_' || letter == '-' || letter == '.' ||
           letter == '$' || static_cast<unsigned char>(letter) >= 0x80;
}

std::size_t end_of_string(std::string_view line, std::size_t offset) {
    for (std::size_t at = offset + 1; at < line.size(); ++at) {
        if (line[at] == '\\') {
            ++at;
        } else if (line[at] == line[offset]) {
            return at + 1;
        }
    }
    return line.size();
}

/// After the bracket that closes the one at `offset`, or the end of the line.
std::size_t end_of_brackets(std::string_view line, std::size_t offset, std::size_t end) {
    std::size_t depth = 0;
    for (std::size_t at = offset; at < end; ++at) {
        const char next = line[at];
        if (next == '"') {
            at = end_of_string(line, at) - 1;
        } else if (next == '{' || next == '[') {
            ++depth;
        } else if ((next == '}' || next == ']') && --depth == 0) {
            return at + 1;
        }
    }
    return end;
}

/// Where what starts at `offset` ends; nothing past `end` is looked at.
std::size_t end_of_part(std::string_view line, std::size_t offset, std::size_t end) {
    if (offset >= end) {
        return offset;
    }
    const char first = line[offset];
    if (first == '"' || first == '\'') {
        return std::min(end_of_string(line.substr(0, end), offset), end);
    }
    if (first == '{' || first == '[') {
        return end_of_brackets(line.substr(0, end), offset, end);
    }
    std::size_t at = offset;
    while (at < end && is_word_letter(line[at])) {
        ++at;
    }
    return std::max(at, offset + 1);
}

struct Cell {
    ShownPiece piece{};
    std::size_t offset = 0;
};

/// A stretch of a line around the place, at least as wide as it may be shown.
struct Stretch {
    std::vector<Cell> cells{};
    std::size_t place = 0;  ///< the cell that the mark points at; may be one past the last
    std::size_t columns = 0;
    bool starts_late = false;
    bool ends_early = false;
};

Stretch show_stretch(std::string_view line, std::size_t offset, std::size_t width) {
    Stretch found;
    const std::size_t start = step_back(line, offset, width);
    found.starts_late = start > 0;
    std::size_t after = 0;  // columns from the place on
    for (std::size_t at = start; at < line.size();) {
        if (after > width) {
            found.ends_early = true;
            break;
        }
        Cell cell{show_piece(line, at), at};
        at += cell.piece.bytes;
        found.columns += cell.piece.columns;
        if (cell.offset >= offset) {
            after += cell.piece.columns;
        } else {
            found.place = found.cells.size() + 1;
        }
        found.cells.push_back(std::move(cell));
    }
    return found;
}

/// The cells to show: from `first` to before `last`.
struct CellWindow {
    std::size_t first = 0;
    std::size_t last = 0;
    bool cut_before = false;
    bool cut_after = false;
};

CellWindow choose_window(const Stretch& stretch, std::size_t width) {
    if (!stretch.starts_late && !stretch.ends_early && stretch.columns <= width) {
        return {0, stretch.cells.size(), false, false};
    }
    const std::size_t room = width - 2 * cut_mark.size();
    const std::size_t room_before = room / 3;
    CellWindow window{stretch.place, stretch.place, false, false};
    std::size_t used = 0;
    while (window.first > 0 &&
           used + stretch.cells[window.first - 1].piece.columns <= room_before) {
        used += stretch.cells[--window.first].piece.columns;
    }
    while (window.last < stretch.cells.size() &&
           used + stretch.cells[window.last].piece.columns <= room) {
        used += stretch.cells[window.last++].piece.columns;
    }
    while (window.first > 0 && used + stretch.cells[window.first - 1].piece.columns <= room) {
        used += stretch.cells[--window.first].piece.columns;
    }
    window.cut_before = window.first > 0 || stretch.starts_late;
    window.cut_after = window.last < stretch.cells.size() || stretch.ends_early;
    return window;
}

std::string show_line(std::string_view line, std::size_t width) {
    std::string out;
    std::size_t columns = 0;
    for (std::size_t at = 0; at < line.size();) {
        const ShownPiece piece = show_piece(line, at);
        if (columns + piece.columns + cut_mark.size() > width) {
            return out.append(cut_mark);
        }
        columns += piece.columns;
        out += piece.text;
        at += piece.bytes;
    }
    return out;
}

/// The lines after the first one up to the one on which the bracket at `offset` closes.
std::vector<std::string> find_more_lines(std::string_view text, std::size_t offset,
                                         std::size_t width) {
    if (offset >= text.size() || (text[offset] != '{' && text[offset] != '[')) {
        return {};
    }
    const std::string_view part = text.substr(offset, more_bytes_max);
    const std::size_t end = end_of_brackets(part, 0, part.size());
    const bool is_closed = part[end - 1] == '}' || part[end - 1] == ']';
    const std::string_view lines = part.substr(0, end);
    const auto breaks = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    if (!is_closed || breaks == 0 || breaks > more_lines_max) {
        return {};
    }
    std::vector<std::string> shown;
    for (std::size_t start = part.find('\n') + 1; shown.size() < breaks;) {
        const std::size_t stop = std::min(part.find('\n', start), part.size());
        std::string_view line = part.substr(start, stop - start);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        shown.push_back(show_line(line, width));
        start = stop + 1;
    }
    return shown;
}

}  // namespace

std::optional<Excerpt> find_excerpt(std::string_view text, std::size_t line, std::size_t column,
                                    std::size_t width) {
    const auto found = find_line(text, std::max<std::size_t>(line, 1));
    if (!found) {
        return std::nullopt;
    }
    width = std::max(width, excerpt_columns_min);
    const std::size_t offset = offset_of_column(*found, std::max<std::size_t>(column, 1));
    const Stretch stretch = show_stretch(*found, offset, width);
    const CellWindow window = choose_window(stretch, width);
    const std::size_t shown_end =
        window.last < stretch.cells.size() ? stretch.cells[window.last].offset
        : stretch.cells.empty()            ? 0
                                : stretch.cells.back().offset + stretch.cells.back().piece.bytes;
    const std::size_t part_end = end_of_part(*found, offset, std::max(offset, shown_end));
    Excerpt excerpt;
    std::size_t marked = 0;
    if (window.cut_before) {
        excerpt.line += cut_mark;
        excerpt.mark.append(cut_mark.size(), ' ');
    }
    for (std::size_t at = window.first; at < window.last; ++at) {
        const Cell& cell = stretch.cells[at];
        excerpt.line += cell.piece.text;
        if (cell.offset < offset) {
            excerpt.mark.append(cell.piece.columns, ' ');
        } else if (cell.offset < part_end) {
            marked += cell.piece.columns;
        }
    }
    if (window.cut_after) {
        excerpt.line += cut_mark;
    }
    excerpt.mark += '^';
    excerpt.mark.append(marked > 1 ? marked - 1 : 0, '~');
    excerpt.more = find_more_lines(
        text, static_cast<std::size_t>(found->data() - text.data()) + offset, width);
    return excerpt;
}

}  // namespace symbolon::gate
