#include "cli/terminal.hpp"

#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace symbolon::cli {

namespace {

std::string_view environment_text(const char* name) {
    const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody writes
    return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

gate::Colours colours_for(int descriptor) {
    const bool may_colour = environment_text("NO_COLOR").empty() && can_write_over(descriptor);
    return may_colour ? gate::Colours::yes : gate::Colours::no;
}

bool can_write_over(int descriptor) {
    return environment_text("TERM") != "dumb" && ::isatty(descriptor) != 0;
}

std::size_t columns_of(int descriptor) {
    constexpr std::size_t usual_columns = 100;
    constexpr std::size_t columns_min = 40;
    winsize size{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's only way to ask
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return usual_columns;
    }
    return std::max<std::size_t>(size.ws_col, columns_min);
}

std::string printable(std::string_view text) {
    return gate::to_printable(text);
}

std::string printable_json(std::string_view json) {
    constexpr std::uint32_t first_pair = 0x10000;
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        if ((json[at] >= 0x20 && json[at] < 0x7F) || json[at] == '\n') {
            out += json[at++];
            continue;
        }
        const auto piece = gate::show_piece(json, at);
        at += piece.bytes;
        // JSON has no \x7f and no \U000e0001.
        if (piece.text.starts_with("\\x")) {
            out += "\\u00" + piece.text.substr(2);
        } else if (piece.text.starts_with("\\U")) {
            std::uint32_t letter = 0;
            std::from_chars(piece.text.data() + 2, piece.text.data() + piece.text.size(), letter,
                            16);
            letter -= first_pair;
            out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (letter >> 10U),
                               0xDC00U + (letter & 0x3FFU));
        } else {
            out += piece.text;
        }
    }
    return out;
}

}  // namespace symbolon::cli
