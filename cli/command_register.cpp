#include "cli/check_answer.hpp"
#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/text_file.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct RegisterArguments {
    std::string subject;
    std::string file;
    std::string type;
    std::vector<std::string> references;
    std::string context;
    bool normalize = false;
    bool dry_run = false;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

Result<SchemaType> find_candidate_type(const RegisterArguments& arguments) {
    if (!arguments.type.empty()) {
        const auto type = find_schema_type(to_upper_ascii(arguments.type));
        return type ? Result<SchemaType>(*type)
                    : Result<SchemaType>(usage_failure(
                          fmt::format("--type {}: it is AVRO, JSON or PROTOBUF", arguments.type)));
    }
    const std::string_view file = arguments.file;
    if (file.ends_with(".avsc")) {
        return SchemaType::avro;
    }
    if (file.ends_with(".proto")) {
        return SchemaType::protobuf;
    }
    if (file.ends_with(".json")) {
        return SchemaType::json;
    }
    return usage_failure(
        fmt::format("{} does not tell the schema's type: give --type AVRO, JSON "
                    "or PROTOBUF",
                    file == "-" ? "Standard input" : file));
}

/// NAME=SUBJECT:VERSION; a subject may hold colons, a name no equals sign.
Result<Reference> parse_reference_flag(const std::string& text) {
    const auto equals = text.find('=');
    const auto colon = text.rfind(':');
    if (equals == std::string::npos || equals == 0 || colon == std::string::npos ||
        colon <= equals + 1) {
        return usage_failure(
            fmt::format("--reference {}: write NAME=SUBJECT:VERSION, such as "
                        "com.acme.Address=address-value:3",
                        text));
    }
    SYMBOLON_TRY(const auto version, parse_version_word(text.substr(colon + 1)));
    return Reference{text.substr(0, equals), text.substr(equals + 1, colon - equals - 1),
                     version ? version->value() : -1};
}

Result<client::Candidate> read_candidate(const RegisterArguments& arguments) {
    client::Candidate candidate;
    SYMBOLON_TRY(candidate.subject, required_subject(arguments.context, arguments.subject));
    SYMBOLON_TRY(candidate.type, find_candidate_type(arguments));
    for (const auto& text : arguments.references) {
        SYMBOLON_TRY(auto reference, parse_reference_flag(text));
        candidate.references.push_back(std::move(reference));
    }
    SYMBOLON_TRY(candidate.text, read_whole_file(arguments.file, limits::schema_bytes_max));
    if (candidate.text.find_first_not_of(" \t\r\n") == std::string::npos) {
        return failure(
            Error{ErrorCode::invalid_schema, fmt::format("{} is empty", arguments.file), nullptr});
    }
    return candidate;
}

Json to_register_json(const client::Candidate& candidate, std::string_view status) {
    return Json{
        {"status", status}, {"subject", candidate.subject}, {"type", to_string(candidate.type)}};
}

int report_stored(const RegisterArguments& arguments, const client::Candidate& candidate,
                  const client::SchemaDocument& stored, std::string_view status) {
    if (arguments.output == OutputForm::json) {
        Json json = to_register_json(candidate, status);
        json["version"] = stored.version.value();
        json["id"] = stored.id.value();
        json["guid"] = stored.guid;
        print_json(json);
    } else {
        print_to(stdout, "{} version {}, id {}: {}\n", printable(candidate.subject),
                 stored.version.value(), stored.id.value(),
                 status == "unchanged" ? "was there already" : "registered");
    }
    return 0;
}

/// The findings are the whole answer to a refused registration.
Result<int> report_refused(const RegisterArguments& arguments, const client::Candidate& candidate,
                           const Json& answer, const std::string& message) {
    if (arguments.output == OutputForm::json) {
        Json json = to_register_json(candidate, "refused");
        json["message"] = message;
        json["findings"] = answer.value("findings", Json::array());
        json["messages"] = answer.value("messages", Json::array());
        print_json(json);
    }
    const auto highlight =
        colours_for(STDERR_FILENO) == gate::Colours::yes ? Highlight::yes : Highlight::no;
    const auto text = to_refusal_text(answer, arguments.file, highlight);
    // What a registry says in one long line is needed only where it says nothing better.
    print_to(stderr, "{}symbolon: {}{} does not fit {} under its level; nothing was stored\n", text,
             text.empty() ? printable(message) + "\n" : "", printable(arguments.file),
             printable(candidate.subject));
    print_to(stderr,
             "  hint: `symbolon check {} --against {}` shows it in the file's lines, before "
             "anybody registers.\n",
             arguments.file == "-" ? "FILE" : printable(arguments.file), "URL");
    return told_failure();
}

Result<int> try_registration(const RegisterArguments& arguments, const client::Candidate& candidate,
                             client::RegistryAdmin& admin) {
    // Why: other registries pass over `dryRun` and would store it; this route stores nowhere.
    auto answer = admin.check(candidate);
    if (!answer && !client::is_not_there(answer.error())) {
        return failure(answer.error());
    }
    if (answer && !answer->value("is_compatible", false)) {
        return report_refused(arguments, candidate, *answer, "not compatible");
    }
    if (arguments.output == OutputForm::json) {
        print_json(to_register_json(candidate, "would_register"));
    } else {
        print_to(stdout, "{}: would be registered as a new version; nothing was stored\n",
                 printable(candidate.subject));
    }
    return 0;
}

Result<int> register_file(const RegisterArguments& arguments) {
    SYMBOLON_TRY(const auto candidate, read_candidate(arguments));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    client::RegistryAdmin& admin = *connection->admin;
    const auto known = admin.look_up(candidate, arguments.normalize);
    if (known) {
        return report_stored(arguments, candidate, *known, "unchanged");
    }
    if (!client::is_not_there(known.error())) {
        return failure(known.error());
    }
    if (arguments.dry_run) {
        return try_registration(arguments, candidate, admin);
    }
    const auto stored = admin.register_schema(candidate, arguments.normalize);
    if (stored) {
        return report_stored(arguments, candidate, *stored, "registered");
    }
    if (stored.error().code != ErrorCode::incompatible_schema) {
        return failure(stored.error());
    }
    const auto answer = admin.check(candidate);
    return report_refused(arguments, candidate, answer ? *answer : Json::object(),
                          stored.error().message);
}

}  // namespace

void add_register_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<RegisterArguments>();
    CLI::App* const command = app.add_subcommand("register", "Registers a schema under a subject.");
    command->add_option("subject", arguments->subject, "The subject; it may be new.")
        ->required()
        ->type_name("SUBJECT");
    command->add_option("file", arguments->file, "The schema; - is standard input. At most 16 MiB.")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--type", arguments->type,
                     "AVRO, JSON or PROTOBUF. By default told by the file's name: .avsc, .json or "
                     ".proto.")
        ->type_name("TYPE");
    command
        ->add_option("--reference", arguments->references,
                     "What the schema refers to: the name that its text uses, and where it is "
                     "registered; VERSION is a\nnumber or latest. Repeatable.")
        ->allow_extra_args(false)  // what follows is the command's own argument
        ->type_name("NAME=SUBJECT:VERSION");
    add_context_flag(*command, arguments->context);
    command->add_flag("--normalize", arguments->normalize,
                      "Lets the registry normalise the schema first, so that a mere change of "
                      "layout is no new version.");
    command->add_flag("--dry-run", arguments->dry_run,
                      "Says what would happen, findings and all, and stores nothing.");
    add_output_flag(*command, arguments->output);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "A schema that is registered under the subject already is found and answered, whichever "
        "version it is. One\nthat does not fit is refused by the registry; why is told with the "
        "places in the file.\n\n"
        "JSON: {\"status\": \"registered\", \"unchanged\", \"would_register\" or \"refused\", "
        "\"subject\", \"type\"}; with the first\ntwo also \"version\", \"id\" and \"guid\", with "
        "the last \"message\", \"findings\" and \"messages\" as the registry\nhas them.\n\n"
        "Example: symbolon register orders-value orders.avsc --registry http://localhost:8081\n"
        "Example: symbolon register orders-value orders.proto --reference "
        "common/money.proto=money:latest\n"
        "Example: curl -s https://example.com/order.json | symbolon register orders-value - "
        "--type JSON --dry-run\n\n"
        "Exit status: 0 registered or there already, 1 failed or refused, 2 called wrongly.");
    command->callback(
        [arguments, &exit_code] { exit_code = finish_command(register_file(*arguments)); });
}

}  // namespace symbolon::cli
