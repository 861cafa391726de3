#include "cli/plan_words.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"

#include <unistd.h>

#include <algorithm>

namespace symbolon::cli {

namespace {

std::string_view colour_of(char mark) {
    switch (mark) {
        case '+':
            return "\x1b[32m";
        case '~':
            return "\x1b[33m";
        case '-':
            return "\x1b[31m";
        default:
            return {};
    }
}

}  // namespace

std::string url_without_credentials(std::string_view url) {
    const auto scheme = url.find("://");
    const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto host_end = std::min(url.find_first_of("/?#", start), url.size());
    const auto at = url.substr(0, host_end).rfind('@');
    if (at == std::string_view::npos || at < start) {
        return std::string(url);
    }
    return std::string(url.substr(0, start)) + std::string(url.substr(at + 1));
}

void print_marked_lines(std::string_view lines, std::FILE* stream) {
    const bool is_coloured = colours_for(::fileno(stream)) == gate::Colours::yes;
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        const std::string_view colour =
            is_coloured && !line.empty() ? colour_of(line.front()) : std::string_view();
        print_to(stream, "{}{}{}\n", colour, printable(line), colour.empty() ? "" : "\x1b[0m");
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
}

int tell_plan_failure(const Error& error) {
    tell_error(error);
    return exit_of(error);
}

}  // namespace symbolon::cli
