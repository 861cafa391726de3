#include "cli/terminal.hpp"

#include "gate/report/shown_text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
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

}  // namespace symbolon::cli
