#include "cli/called_wrongly.hpp"
#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/registry_options.hpp"
#include "cli/schema_input.hpp"
#include "cli/terminal.hpp"
#include "compat/compat.hpp"
#include "core/print_to.hpp"
#include "gate/diff/diff_report.hpp"
#include "gate/diff/structural_diff.hpp"
#include "gate/diff/text_diff.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

constexpr int diff_exit_differences = 100;

struct DiffArguments {
    std::vector<std::string> what;
    bool text = false;
    bool exit_code = false;
    std::string output = "text";
    std::string policy = "STRICT";
    SchemaFileFlags files;
    RegistryFlags registry;
};

/// "latest" or a number from 1.
std::optional<client::WantedVersion> read_diff_version(std::string_view text) {
    if (text == "latest") {
        return client::WantedVersion();
    }
    const bool digits = !text.empty() && text.size() <= 9 && text != "0" &&
                        std::all_of(text.begin(), text.end(),
                                    [](char letter) { return letter >= '0' && letter <= '9'; });
    if (!digits) {
        return std::nullopt;
    }
    return client::WantedVersion(Version{static_cast<std::int32_t>(std::stol(std::string(text)))});
}

bool is_file_name(const std::string& text) {
    std::error_code error;
    return text == "-" || text.ends_with(".avsc") || text.ends_with(".proto") ||
           text.ends_with(".json") || std::filesystem::is_regular_file(text, error);
}

/// Finds schemas; the registry is connected to when it is needed.
class DiffSource {
public:
    explicit DiffSource(const DiffArguments& arguments) : arguments_(arguments) {}

    Result<SchemaInput> find(const std::string& what) {
        if (what.starts_with("git#")) {
            const std::size_t colon = what.find(':');
            if (colon == std::string::npos || colon + 1 == what.size()) {
                return called_wrongly(fmt::format(
                    "{}: write git#REVISION:PATH, the path from the repository's root", what));
            }
            return read_git_schema(what.substr(4, colon - 4), what.substr(colon + 1),
                                   arguments_.files);
        }
        if (what.starts_with("id:")) {
            return find_id(what);
        }
        if (is_file_name(what)) {
            return read_schema_file(what, arguments_.files);
        }
        const std::size_t at = what.rfind('@');
        if (at != std::string::npos) {
            if (const auto version = read_diff_version(std::string_view(what).substr(at + 1))) {
                return find_version(what.substr(0, at), *version);
            }
        }
        return find_version(what, std::nullopt);
    }

    Result<SchemaInput> find_version(const std::string& subject, client::WantedVersion version) {
        SYMBOLON_CHECK(connect(subject));
        SYMBOLON_TRY(const auto found, connection_->registry->find_version(subject, version));
        return to_schema_input(*found,
                               fmt::format("{} version {}", subject, found->version.value()));
    }

    /// The last two versions of a subject, the older first.
    Result<std::pair<SchemaInput, SchemaInput>> find_last_two(const std::string& subject) {
        SYMBOLON_CHECK(connect(subject));
        SYMBOLON_TRY(auto versions, connection_->admin->list_versions(subject));
        if (versions.size() < 2) {
            return called_wrongly(
                fmt::format("{} has one version only: name what to compare it with", subject));
        }
        std::sort(versions.begin(), versions.end());
        SYMBOLON_TRY(auto before, find_version(subject, versions[versions.size() - 2]));
        SYMBOLON_TRY(auto after, find_version(subject, versions.back()));
        return std::pair(std::move(before), std::move(after));
    }

private:
    Result<SchemaInput> find_id(const std::string& what) {
        const auto id = read_diff_version(std::string_view(what).substr(3));
        if (!id || !*id) {
            return called_wrongly(fmt::format("{}: an id is a number from 1", what));
        }
        SYMBOLON_CHECK(connect(what));
        SYMBOLON_TRY(const auto found, connection_->registry->find_by_id(SchemaId{(*id)->value()}));
        return to_schema_input(*found, fmt::format("schema id {}", (*id)->value()));
    }

    Status connect(const std::string& what) {
        if (connection_ != nullptr) {
            return {};
        }
        if (!is_given(arguments_.registry)) {
            return called_wrongly(fmt::format(
                "{}: there is no such file; if it is a subject, say where it is registered with "
                "--registry or SYMBOLON_REGISTRY",
                what));
        }
        SYMBOLON_TRY(connection_, connect_registry(arguments_.registry));
        return {};
    }

    const DiffArguments& arguments_;
    std::unique_ptr<RegistryConnection> connection_;
};

Result<std::pair<SchemaInput, SchemaInput>> find_diff_sides(const DiffArguments& arguments) {
    DiffSource source(arguments);
    const auto& what = arguments.what;
    if (what.size() == 1) {
        if (is_file_name(what[0]) || what[0].starts_with("git#") || what[0].starts_with("id:")) {
            return called_wrongly(
                "name two schemas; one alone is a subject, whose last two versions are compared");
        }
        return source.find_last_two(what[0]);
    }
    if (what.size() == 3) {
        const auto before = read_diff_version(what[1]);
        const auto after = read_diff_version(what[2]);
        if (!before || !after) {
            return called_wrongly(
                "of three words the first is a subject, the others are versions: numbers from 1, "
                "or latest");
        }
        SYMBOLON_TRY(auto old_side, source.find_version(what[0], *before));
        SYMBOLON_TRY(auto new_side, source.find_version(what[0], *after));
        return std::pair(std::move(old_side), std::move(new_side));
    }
    if (what.size() != 2) {
        return called_wrongly(
            "name two schemas, or a subject alone, or a subject and two "
            "versions; see symbolon diff --help");
    }
    SYMBOLON_TRY(auto old_side, source.find(what[0]));
    SYMBOLON_TRY(auto new_side, source.find(what[1]));
    return std::pair(std::move(old_side), std::move(new_side));
}

/// True when the texts differ.
Result<bool> print_text_diff(const SchemaInput& before, const SchemaInput& after,
                             const gate::TextNames& names) {
    SYMBOLON_TRY(const std::string old_text, before.schema->canonical_text(compat::Normalize::no));
    SYMBOLON_TRY(const std::string new_text, after.schema->canonical_text(compat::Normalize::no));
    const auto diff = gate::to_unified_diff(gate::lay_out(before.type, old_text),
                                            gate::lay_out(after.type, new_text), names);
    // What goes into a file is for programs such as patch: as it is.
    print_to(
        stdout, "{}",
        isatty(STDOUT_FILENO) != 0 ? gate::to_text(diff, colours_for(STDOUT_FILENO)) : diff.text);
    if (diff.is_coarse) {
        print_to(stderr,
                 "symbolon: the texts differ in so much that all of it is shown as "
                 "replaced\n");
    }
    return !diff.text.empty();
}

Result<bool> print_structural_diff(const DiffArguments& arguments, const SchemaInput& before,
                                   const SchemaInput& after, const gate::TextNames& names) {
    const auto policy =
        arguments.policy == "LENIENT" ? compat::Policy::lenient : compat::Policy::strict;
    SYMBOLON_TRY(const auto diff, gate::diff_schemas({before.schema, before.references},
                                                     {after.schema, after.references}, policy));
    if (arguments.output == "json") {
        print_to(stdout, "{}\n",
                 gate::to_json(diff, names, before.type)
                     .dump(2, ' ', false, Json::error_handler_t::replace));
    } else {
        print_to(stdout, "{}", gate::to_text(diff, names, colours_for(STDOUT_FILENO)));
    }
    return !diff.empty();
}

int run_diff(const DiffArguments& arguments) {
    const auto different = [&]() -> Result<bool> {
        if (arguments.text && arguments.output == "json") {
            return called_wrongly("--text is one text: it does not go with --output json");
        }
        SYMBOLON_TRY(const auto sides, find_diff_sides(arguments));
        const gate::TextNames names{sides.first.name, sides.second.name};
        if (sides.first.type != sides.second.type) {
            return called_wrongly(fmt::format(
                "{} is of type {}, {} of type {}: only schemas of one type can be compared",
                names.old_name, to_string(sides.first.type), names.new_name,
                to_string(sides.second.type)));
        }
        return arguments.text ? print_text_diff(sides.first, sides.second, names)
                              : print_structural_diff(arguments, sides.first, sides.second, names);
    }();
    if (!different) {
        tell_error(different.error());
        return exit_of(different.error());
    }
    return *different && arguments.exit_code ? diff_exit_differences : 0;
}

}  // namespace

void add_diff_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "diff", "Says what changed between two schemas, and whom each change breaks.");
    const auto arguments = std::make_shared<DiffArguments>();
    command
        ->add_option("schema", arguments->what,
                     "Two of: a file; SUBJECT@VERSION, SUBJECT@latest or SUBJECT (its latest "
                     "version);\n  id:N, a schema by its id; git#REVISION:PATH, a file as a "
                     "revision has it.\n  Or SUBJECT alone: its last two versions. Or SUBJECT V1 "
                     "V2. The older comes first.")
        ->required()
        ->expected(-1)
        ->type_name("SCHEMA");
    command->add_flag("--text", arguments->text,
                      "The lines that differ in the stored texts, laid out, as a unified diff.");
    command
        ->add_option("--output", arguments->output,
                     "How changes are told: text, or json for machines; default text")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORM");
    command->add_flag("--exit-code", arguments->exit_code, "End with 100 when the schemas differ.");
    command
        ->add_option("--policy", arguments->policy,
                     "How strictly JSON Schemas are compared: STRICT or LENIENT; default STRICT")
        ->check(CLI::IsMember({"STRICT", "LENIENT"}))
        ->type_name("POLICY");
    add_schema_file_flags(*command, arguments->files);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "Each change is a line: + was added, - was removed, ~ is another. Below it stands what it\n"
        "means: backward compatible, when programs with the new schema read old data; forward\n"
        "compatible, when programs with the old schema read new data; else whose data cannot be\n"
        "read and why. $ref, and types of other files, are compared as the schema names them;\n"
        "comments, and the order of JSON members, are no difference.\n\n"
        "Example: symbolon diff git#main:schemas/order.avsc schemas/order.avsc\n"
        "Example: symbolon diff orders-value 3 latest --registry http://localhost:8081\n"
        "Example: symbolon diff orders-value order.avsc --text --exit-code\n\n"
        "Exit status: 0 it was told, whether or not there are differences; with --exit-code 100\n"
        "when there are; 1 something could not be read or reached; 2 called wrongly.");
    command->callback([arguments, &exit_code] { exit_code = run_diff(*arguments); });
}

}  // namespace symbolon::cli
