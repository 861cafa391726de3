#include "cli/check_flags.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::string_view level_names =
    "NONE, BACKWARD, FORWARD, FULL, BACKWARD_TRANSITIVE, FORWARD_TRANSITIVE or FULL_TRANSITIVE";

Result<ReportOutput> parse_report_output(const std::string& text) {
    const std::size_t equals = text.find('=');
    const auto format = gate::find_format(std::string_view(text).substr(0, equals));
    if (!format) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("--format {}: give one of {}, and =FILE behind it for a file",
                                   text, fmt::join(gate::format_names(), ", "))));
    }
    if (equals != std::string::npos && equals + 1 == text.size()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("--format {}: the file has no name", text)));
    }
    return ReportOutput{*format, equals == std::string::npos ? "" : text.substr(equals + 1)};
}

void add_comparison_flags(CLI::App& command, CheckFlags& flags) {
    command
        .add_option("path", flags.paths,
                    "Folders, with all below them, or single files. Default: the present folder.")
        ->type_name("PATH");
    command
        .add_option("--against", flags.against,
                    "What to compare with: the URL of a registry, git#REF[:PATH] (a revision), "
                    "another\n  folder, or a registry's store file, such as a backup. Default: "
                    "the registry of\n  --registry or the environment.")
        ->type_name("WHAT");
    command
        .add_option(
            "--level", flags.level,
            fmt::format("Compare under this level instead of each subject's own: {}.", level_names))
        ->type_name("LEVEL");
    command
        .add_option("--config", flags.config_file,
                    "The configuration. Default: symbolon.yaml in the folder, or above it up to "
                    "the\n  repository's root.")
        ->type_name("FILE");
    command
        .add_option("--messages", flags.messages,
                    "Recorded messages to read with the new schema: a container file of Avro, "
                    "lines of JSON\n  with {\"value\": base64}, whatever `symbolon decode` reads, "
                    "or kafka://HOST:PORT/TOPIC?max=N.\n  SUBJECT=FILE where several schemas are "
                    "checked. Framed messages need a registry.\n  Repeatable.")
        ->type_name("[SUBJECT=]FILE")
        ->allow_extra_args(false);
    add_kafka_property_flags(command, flags.kafka, "Options");
    command.add_option("--messages-max", flags.messages_max, "Messages of one file that are read.")
        ->check(CLI::Range(std::size_t{1}, static_cast<std::size_t>(limits::flag_count_max)))
        ->capture_default_str();
    command.add_option("--jobs", flags.jobs, "Subjects that are looked at in parallel.")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
}

void add_report_flags(CLI::App& command, CheckFlags& flags) {
    command
        .add_option("--format,--output", flags.formats,
                    fmt::format("How to report: {}.\n  NAME=FILE writes that one to a file. "
                                "Repeatable; at most one goes to standard output.\n  "
                                "github-actions also appends to the file of GITHUB_STEP_SUMMARY.",
                                fmt::join(gate::format_names(), ", ")))
        ->type_name("NAME[=FILE]")
        ->allow_extra_args(false);
    command
        .add_option("--output-file", flags.output_file,
                    "Write the report there instead of to standard output.")
        ->type_name("FILE");
    command
        .add_option("--summary-file", flags.summary_file,
                    "Append a summary in Markdown to this file.")
        ->type_name("FILE");
    command.add_flag("--print-ignores", flags.print_ignores,
                     "Print exceptions for all that fails, to be agreed on and pasted into "
                     "symbolon.yaml,\n  instead of the report. They expire in 90 days.");
    command.add_flag("-v,--verbose", flags.verbose,
                     "The text also names what is unchanged, and what was compared with what.");
}

}  // namespace

void add_check_flags(CLI::App& command, CheckFlags& flags) {
    add_comparison_flags(command, flags);
    add_report_flags(command, flags);
    add_registry_flags(command, flags.registry);
}

Result<std::vector<ReportOutput>> to_report_outputs(const CheckFlags& flags) {
    std::vector<ReportOutput> outputs;
    std::size_t printed = 0;
    for (const std::string& text : flags.formats) {
        SYMBOLON_TRY(auto output, parse_report_output(text));
        if (output.file.empty()) {
            ++printed;
            output.file = flags.output_file;
        }
        outputs.push_back(std::move(output));
    }
    if (printed > 1) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "of several --format, all but one need a file: --format "
                                  "sarif=report.sarif"));
    }
    if (printed == 0) {
        outputs.insert(outputs.begin(), ReportOutput{gate::Format::text, flags.output_file});
    }
    for (auto at = outputs.begin(); at != outputs.end(); ++at) {
        const bool twice = std::any_of(
            outputs.begin(), at, [&](const ReportOutput& other) { return other.file == at->file; });
        if (twice) {
            return failure(make_error(ErrorCode::malformed_request,
                                      fmt::format("{} would be written twice", at->file)));
        }
    }
    return outputs;
}

Result<std::optional<compat::Level>> to_check_level(const CheckFlags& flags) {
    if (flags.level.empty()) {
        return std::optional<compat::Level>();
    }
    const auto level = compat::find_level(flags.level);
    if (!level) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("--level {}: give {}", flags.level, level_names)));
    }
    return level;
}

}  // namespace symbolon::cli
