#include "cli/against.hpp"
#include "cli/check_flags.hpp"
#include "cli/commands.hpp"
#include "cli/gate_command.hpp"
#include "cli/progress_line.hpp"
#include "cli/registry_command.hpp"
#include "cli/registry_options.hpp"
#include "cli/replay_messages.hpp"
#include "core/print_to.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/report/formats.hpp"
#include "gate/tree/load_tree.hpp"
#include "gate/tree/waivers.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {
namespace {

constexpr std::chrono::days ignore_time{90};

Status write_summaries(const gate::GateReport& report, const std::vector<ReportOutput>& outputs,
                       const CheckFlags& flags) {
    if (!flags.summary_file.empty()) {
        SYMBOLON_CHECK(
            write_text(gate::to_step_summary(report), flags.summary_file, WriteMode::append));
    }
    const char* const step =
        std::getenv("GITHUB_STEP_SUMMARY");  // NOLINT(concurrency-mt-unsafe): nothing sets it
    for (const ReportOutput& output : outputs) {
        if (output.format == gate::Format::github_actions && step != nullptr && *step != '\0' &&
            flags.summary_file != step) {
            SYMBOLON_CHECK(write_text(gate::to_step_summary(report), step, WriteMode::append));
        }
    }
    return {};
}

/// The registry that tells what messages were written with: that of --against, else that of the
/// flags.
Result<std::unique_ptr<RegistryConnection>> connect_writers(const CheckFlags& flags) {
    RegistryFlags registry = flags.registry;
    if (flags.against.starts_with("http://") || flags.against.starts_with("https://")) {
        registry.urls = {flags.against};
    }
    if (!is_given(registry)) {
        return std::unique_ptr<RegistryConnection>();
    }
    return connect_registry(registry);
}

Status read_messages(const CheckFlags& flags, const gate::SchemaTree& tree,
                     gate::Baseline& baseline, const std::string& today, gate::GateReport& report) {
    if (flags.messages.empty()) {
        return {};
    }
    SYMBOLON_TRY(const auto recordings, to_recordings(flags.messages, tree));
    SYMBOLON_TRY(const auto kafka, to_kafka_options(flags.kafka));
    SYMBOLON_TRY(const auto writers, connect_writers(flags));
    return replay_messages(recordings,
                           {tree, baseline, writers ? *writers->registry : no_writers(),
                            flags.messages_max, today, kafka.properties},
                           report);
}

Result<gate::GateReport> check_files(const CheckFlags& flags) {
    gate::CheckOptions options;
    SYMBOLON_TRY(options.level, to_check_level(flags));
    options.jobs = flags.jobs;
    options.today = to_date(this_day());
    ProgressLine progress;
    options.progress = [&](std::size_t done, std::size_t all) {
        progress.show([&] { return fmt::format("checked {} of {} files", done, all); });
    };
    const std::vector<std::string> paths =
        flags.paths.empty() ? std::vector<std::string>{"."} : flags.paths;
    if (flags.against.empty() && !is_given(flags.registry)) {
        return failure(make_error(
            ErrorCode::malformed_request,
            "compare with what? Give --against and a registry's URL, git#main, a folder, or a "
            "registry's store file"));
    }
    SYMBOLON_TRY(const auto tree, gate::load_tree(paths, {flags.config_file}));
    SYMBOLON_TRY(const auto against,
                 Against::open(flags.against.empty() ? "registry" : flags.against, flags.registry,
                               paths, flags.config_file));
    SYMBOLON_TRY(auto report, gate::check_tree(tree, against->baseline(), options));
    progress.clear();
    SYMBOLON_CHECK(read_messages(flags, tree, against->baseline(), options.today, report));
    return report;
}

Result<int> run_check(const CheckFlags& flags) {
    SYMBOLON_TRY(const auto outputs, to_report_outputs(flags));
    SYMBOLON_TRY(const auto report, check_files(flags));
    if (flags.print_ignores) {
        print_to(stdout, "{}", gate::to_ignore_snippet(report, to_date(this_day() + ignore_time)));
    } else {
        for (const ReportOutput& output : outputs) {
            SYMBOLON_CHECK(write_report(report, output,
                                        flags.verbose ? gate::RenderOptions::Detail::all
                                                      : gate::RenderOptions::Detail::findings));
        }
    }
    SYMBOLON_CHECK(write_summaries(report, outputs, flags));
    return gate::fails(report) ? exit_findings : 0;
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "check", "Says whether schema files may take the place of what is registered.");
    // Shared with the callbacks, which run after this function.
    const auto flags = std::make_shared<CheckFlags>();
    add_check_flags(*command, *flags);
    command->footer(
        "Finds the schema files (.avsc, .json, .proto), maps each to its subject (by "
        "symbolon.yaml,\n"
        "else by the file's name), follows references between the files and to the registry, and\n"
        "compares each with the versions of its subject that its level asks for, as the registry\n"
        "would. Nothing is stored anywhere. With a URL the registry is asked for its own verdict\n"
        "as well; where that is another one, the check fails.\n\n"
        "Each subject is new, unchanged, compatible, incompatible, invalid or undecided. The "
        "level\n"
        "is --level, else the file's in symbolon.yaml, else the registry's, else that of\n"
        "symbolon.yaml, else BACKWARD.\n\n"
        "Example: symbolon check schemas/ --against http://localhost:8081\n"
        "Example: symbolon check schemas/ --against git#origin/main --format sarif=check.sarif\n"
        "Example: symbolon check orders.avsc --against backup.db --level FULL_TRANSITIVE\n\n"
        "Exit status: 0 clean; 100 there are findings; 1 called wrongly, or something could not\n"
        "be read or reached, so that nothing is known; 2 an internal error.");
    command->callback([flags, &exit_code] {
        exit_code = finish_gate_command([&] { return run_check(*flags); });
    });
}

}  // namespace symbolon::cli
