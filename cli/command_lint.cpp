#include "cli/commands.hpp"
#include "cli/gate_command.hpp"
#include "core/json.hpp"
#include "core/print_to.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/lint/lint_tree.hpp"
#include "gate/report/formats.hpp"
#include "gate/tree/load_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct LintArguments {
    std::vector<std::string> paths;
    std::string config_file;
    std::vector<std::string> rules;
    std::vector<std::string> except;
    bool strict = false;
    bool list_rules = false;
    bool verbose = false;
    std::string format = "text";
    std::string output_file;
};

int list_lint_rules(const LintArguments& arguments) {
    if (arguments.format == "json") {
        Json rules = Json::array();
        for (const gate::LintRule& rule : gate::lint_rules) {
            rules.push_back({{"rule", std::string(rule.name)},
                             {"severity", std::string(to_string(rule.severity))},
                             {"summary", std::string(rule.summary)},
                             {"help", std::string(rule.help)}});
        }
        print_to(stdout, "{}\n", rules.dump(2));
        return 0;
    }
    for (const gate::LintRule& rule : gate::lint_rules) {
        print_to(stdout, "{} ({})\n  {}\n  {}\n", rule.name, to_string(rule.severity), rule.summary,
                 rule.help);
    }
    return 0;
}

Result<int> lint_files(const LintArguments& arguments) {
    const auto format = gate::find_format(arguments.format);
    if (!format) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("--format {}: give one of {}", arguments.format,
                                              fmt::join(gate::format_names(), ", "))));
    }
    const auto paths = arguments.paths.empty() ? std::vector<std::string>{"."} : arguments.paths;
    SYMBOLON_TRY(const auto tree, gate::load_tree(paths, {arguments.config_file}));
    SYMBOLON_TRY(const auto parsed, gate::parse_tree(tree, nullptr));
    gate::LintOptions options;
    options.use = arguments.rules;
    options.except = arguments.except;
    options.warnings =
        arguments.strict ? gate::WarningsCount::as_errors : gate::WarningsCount::as_warnings;
    options.today = to_date(this_day());
    SYMBOLON_TRY(const auto report, gate::lint_tree(tree, parsed, options));
    SYMBOLON_CHECK(write_report(report, {*format, arguments.output_file},
                                arguments.verbose ? gate::RenderOptions::Detail::all
                                                  : gate::RenderOptions::Detail::findings));
    return gate::fails(report) ? exit_findings : 0;
}

Result<int> run_lint(const LintArguments& arguments) {
    return arguments.list_rules ? Result<int>(list_lint_rules(arguments)) : lint_files(arguments);
}

}  // namespace

void add_lint_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("lint", "Says what is unwise in schema files although it is allowed.");
    const auto arguments = std::make_shared<LintArguments>();
    command
        ->add_option("path", arguments->paths,
                     "Folders, with all below them, or single files. Default: the present folder.")
        ->type_name("PATH");
    command
        ->add_option("--config", arguments->config_file,
                     "The configuration. Default: symbolon.yaml in the folder, or above it up to "
                     "the\n  repository's root.")
        ->type_name("FILE");
    command
        ->add_option("--rule", arguments->rules,
                     "Look for this rule only, whatever symbolon.yaml says; repeatable.")
        ->allow_extra_args(false)
        ->type_name("RULE");
    command
        ->add_option("--except", arguments->except,
                     "Do not look for this rule, beside those that symbolon.yaml excepts; "
                     "repeatable.")
        ->allow_extra_args(false)
        ->type_name("RULE");
    command->add_flag("--strict", arguments->strict,
                      "Warnings count as errors: they end with 100.");
    command->add_flag("--list-rules", arguments->list_rules,
                      "Print every rule with its severity, what it asks and what to do; with\n"
                      "  --format json for machines.");
    command
        ->add_option(
            "--format,--output", arguments->format,
            fmt::format("How to report: {}; default text", fmt::join(gate::format_names(), ", ")))
        ->type_name("NAME");
    command
        ->add_option("--output-file", arguments->output_file,
                     "Write the report there instead of to standard output.")
        ->type_name("FILE");
    command->add_flag("-v,--verbose", arguments->verbose, "The text also names clean files.");
    command->footer(
        "Finds the schema files (.avsc, .json, .proto) as `symbolon check` does, follows their\n"
        "references, and looks at names, docs, defaults, namespaces and what will hurt when the\n"
        "schema changes. No registry is asked. symbolon.yaml chooses rules under\n"
        "\"lint: {use: [...], except: [...]}\" and agrees on exceptions under \"ignore\".\n\n"
        "Example: symbolon lint schemas/\n"
        "Example: symbolon lint schemas/ --except LINT_FIELD_DOC --strict --format sarif\n"
        "Example: symbolon lint --list-rules\n\n"
        "Exit status: 0 clean, or warnings only; 100 there are errors (with --strict also\n"
        "warnings); 1 called wrongly, or something could not be read; 2 an internal error.");
    command->callback([arguments, &exit_code] {
        exit_code = finish_gate_command([&] { return run_lint(*arguments); });
    });
}

}  // namespace symbolon::cli
