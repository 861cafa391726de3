#include "cli/gate_command.hpp"

#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"
#include "server/version.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <cstdio>
#include <exception>
#include <fstream>

namespace symbolon::cli {

int finish_gate_command(const std::function<Result<int>()>& run) {
    try {
        const auto status = run();
        if (status) {
            return *status;
        }
        tell_error(status.error());
        return status.error().code == ErrorCode::internal_error ? exit_internal : exit_failed;
    } catch (const std::exception& error) {
        print_to(stderr, "symbolon: internal error: {}; please report it\n",
                 printable(error.what()));
        return exit_internal;
    }
}

std::chrono::sys_days this_day() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

std::string to_date(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Status write_report(const gate::GateReport& report, const ReportOutput& output,
                    gate::RenderOptions::Detail detail) {
    gate::RenderOptions options;
    options.detail = detail;
    options.program_version = server::program_version();
    if (output.file.empty()) {
        options.colours = colours_for(STDOUT_FILENO);
        options.columns = columns_of(STDOUT_FILENO);
    }
    const std::string text = gate::render(report, output.format, options);
    if (!output.file.empty()) {
        return write_text(text, output.file, WriteMode::replace);
    }
    print_to(stdout, "{}", text);
    return {};
}

Status write_text(const std::string& text, const std::string& file, WriteMode mode) {
    std::ofstream stream(
        file, std::ios::binary | (mode == WriteMode::append ? std::ios::app : std::ios::trunc));
    stream << text;
    stream.close();
    if (!stream) {
        return failure(make_error(ErrorCode::cannot_start,
                                  fmt::format("cannot write {}; is there such a folder, and may "
                                              "one write there?",
                                              file)));
    }
    return {};
}

}  // namespace symbolon::cli
