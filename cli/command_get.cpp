#include "cli/commands.hpp"
#include "cli/json_indent.hpp"
#include "cli/registry_command.hpp"
#include "cli/schema_files.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/text_file.hpp"
#include "client/http/header_text.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

enum class GetOutput { text, json };

struct GetArguments {
    std::string subject;
    std::string version = "latest";
    std::string context;
    std::int32_t id = 0;
    std::string guid;
    bool deleted = false;
    bool pretty = false;
    bool references = false;
    bool overwrite = false;
    std::string format;
    std::string output_file;
    std::string folder;
    GetOutput output = GetOutput::text;
    RegistryFlags registry;
};

/// What is asked for, checked.
struct GetTarget {
    std::string subject{};  ///< with its context; of an id, the scope that it belongs to
    client::WantedVersion version{};
};

Result<GetTarget> read_get_target(const GetArguments& arguments) {
    const int ways = (arguments.subject.empty() ? 0 : 1) + (arguments.id == 0 ? 0 : 1) +
                     (arguments.guid.empty() ? 0 : 1);
    if (ways != 1) {
        return usage_failure("Give one of SUBJECT, --id and --guid");
    }
    if (arguments.references && !arguments.folder.empty()) {
        return usage_failure("--references and --with-references exclude each other");
    }
    const bool follows = arguments.references || !arguments.folder.empty();
    if (follows &&
        (arguments.deleted || (arguments.subject.empty() && !arguments.context.empty()))) {
        return usage_failure(
            "References are followed from live versions, and from ids of the default context: "
            "leave --deleted out, or give SUBJECT");
    }
    GetTarget target;
    SYMBOLON_TRY(target.subject, subject_in_context(arguments.context, arguments.subject));
    SYMBOLON_TRY(target.version, parse_version_word(arguments.version));
    return target;
}

std::string to_get_path(const GetArguments& arguments, const GetTarget& target) {
    std::string path;
    std::string query;
    const auto add = [&](std::string_view name, std::string_view value) {
        query +=
            fmt::format("{}{}={}", query.empty() ? "?" : "&", name, client::percent_encode(value));
    };
    if (arguments.id > 0) {
        path = fmt::format("/schemas/ids/{}", arguments.id);
        if (!target.subject.empty()) {
            add("subject", target.subject);
        }
    } else if (!arguments.guid.empty()) {
        path = "/schemas/guids/" + client::percent_encode(arguments.guid);
    } else {
        path = fmt::format("/subjects/{}/versions/{}", client::percent_encode(target.subject),
                           target.version ? std::to_string(target.version->value()) : "latest");
        if (arguments.deleted) {
            add("deleted", "true");
        }
    }
    if (!arguments.format.empty()) {
        add("format", arguments.format);
    }
    return path + query;
}

/// The registry's document, with the members that it leaves out where they are the usual ones.
Result<Json> find_document(const GetArguments& arguments, const GetTarget& target,
                           client::RegistryAdmin& admin) {
    auto json = admin.call("GET", to_get_path(arguments, target));
    if (!json) {
        if (!client::is_not_there(json.error()) || arguments.subject.empty()) {
            return failure(with_hint(json.error(),
                                     client::is_not_there(json.error())
                                         ? "Ids belong to a context: --context names another one."
                                         : ""));
        }
        return failure(explain_missing(admin, target.subject, json.error()));
    }
    if (!json->is_object() || !json->contains("schema") || !(*json)["schema"].is_string()) {
        return failure(Error{ErrorCode::unavailable,
                             "What answers does not speak like a registry: no \"schema\"",
                             nullptr});
    }
    if (!json->contains("schemaType")) {
        (*json)["schemaType"] = to_string(SchemaType::avro);
    }
    if (!json->contains("references")) {
        (*json)["references"] = Json::array();
    }
    if (arguments.id > 0) {
        (*json)["id"] = arguments.id;
    }
    return json;
}

Result<client::RegisteredSchemaPtr> find_with_references(const GetArguments& arguments,
                                                         const GetTarget& target,
                                                         RegistryConnection& connection) {
    auto found = arguments.id > 0 ? connection.registry->find_by_id(SchemaId(arguments.id))
                 : !arguments.guid.empty()
                     ? connection.registry->find_by_guid(arguments.guid)
                     : connection.registry->find_version(target.subject, target.version);
    if (!found && !arguments.subject.empty()) {
        return failure(explain_missing(*connection.admin, target.subject, found.error()));
    }
    return found;
}

int print_references(const GetArguments& arguments, const client::RegisteredSchema& schema) {
    Table table({"NAME", "SUBJECT", "VERSION"});
    Json items = Json::array();
    for (const auto& reference : schema.reference_texts) {
        table.add({reference.name, reference.subject, std::to_string(reference.version)});
        items.push_back({{"name", reference.name},
                         {"subject", reference.subject},
                         {"version", reference.version},
                         {"schema", reference.text}});
    }
    if (arguments.output == GetOutput::json) {
        print_json(Json{{"references", std::move(items)}});
    } else {
        print_table(table);
    }
    return 0;
}

/// Lines stay lines; the rest is shown.
std::string printable_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = text.find_first_of("\n\t");
        out += printable(text.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        out += text[end];
        text.remove_prefix(end + 1);
    }
    return out;
}

Result<int> print_schema(const GetArguments& arguments, const Json& document) {
    if (arguments.output == GetOutput::json && arguments.output_file.empty()) {
        print_json(document);
        return 0;
    }
    std::string text = arguments.output == GetOutput::json
                           ? document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                           : document["schema"].get<std::string>();
    if (arguments.pretty && arguments.output == GetOutput::text) {
        text = indent_json(text);
    }
    if (!arguments.output_file.empty()) {
        SYMBOLON_CHECK(write_whole_file(arguments.output_file, text));
        return 0;
    }
    const bool is_terminal = isatty(STDOUT_FILENO) != 0;
    print_to(stdout, "{}{}", is_terminal ? printable_lines(text) : text,
             text.ends_with('\n') ? "" : "\n");
    return 0;
}

Result<int> get_schema(const GetArguments& arguments) {
    SYMBOLON_TRY(const auto target, read_get_target(arguments));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    if (arguments.references || !arguments.folder.empty()) {
        SYMBOLON_TRY(const auto schema, find_with_references(arguments, target, *connection));
        if (arguments.references) {
            return print_references(arguments, *schema);
        }
        const auto files = name_schema_files(*schema);
        SYMBOLON_CHECK(write_schema_files(arguments.folder, files,
                                          arguments.overwrite ? Overwrite::yes : Overwrite::no));
        for (const auto& file : files) {
            print_to(stdout, "{}/{}\n", printable(arguments.folder), file.path);
        }
        return 0;
    }
    SYMBOLON_TRY(const auto document, find_document(arguments, target, *connection->admin));
    return print_schema(arguments, document);
}

void add_get_target_flags(CLI::App& command, GetArguments& arguments) {
    command.add_option("subject", arguments.subject, "The subject.")->type_name("SUBJECT");
    command.add_option("version", arguments.version, "A number, or latest, which is the default.")
        ->type_name("VERSION");
    command.add_option("--id", arguments.id, "The schema of this id, instead of a subject's.")
        ->check(CLI::Range(1, 2'147'483'647))
        ->type_name("N");
    command.add_option("--guid", arguments.guid, "The schema of this GUID.")->type_name("GUID");
    add_context_flag(command, arguments.context);
    command.add_flag("--deleted", arguments.deleted, "Softly deleted versions too.");
}

void add_get_output_flags(CLI::App& command, GetArguments& arguments) {
    static const std::map<std::string, GetOutput> outputs{{"text", GetOutput::text},
                                                          {"json", GetOutput::json}};
    command.add_flag("--pretty", arguments.pretty,
                     "Indents schemas that are JSON; members keep their order.");
    command
        .add_option("--format", arguments.format,
                    "The text in another form, for what the registry's REST interface calls so: "
                    "resolved\n(Avro), ignore_extensions or serialized (Protobuf).")
        ->type_name("FORMAT");
    command
        .add_option("--output", arguments.output,
                    "text: the schema alone, the default.\njson: the registry's whole document")
        ->transform(CLI::CheckedTransformer(outputs).description(""))
        ->type_name("text|json");
    command
        .add_option("--output-file,-o", arguments.output_file,
                    "Writes to this file, over what was there, instead of standard output.")
        ->type_name("FILE");
    command.add_flag("--references", arguments.references,
                     "Shows all that the schema refers to, also by way of others, in order of "
                     "dependency.");
    command
        .add_option("--with-references", arguments.folder,
                    "Writes the schema and all that it refers to as files of this folder, and "
                    "prints their names. What\nProtobuf imports keeps its path. Names that could "
                    "lead out of the folder, or to hidden files, are changed.")
        ->type_name("DIR");
    command.add_flag("--overwrite", arguments.overwrite,
                     "--with-references may write over files with other content.");
}

}  // namespace

void add_get_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<GetArguments>();
    CLI::App* const command = app.add_subcommand("get", "Prints a schema.");
    add_get_target_flags(*command, *arguments);
    add_get_output_flags(*command, *arguments);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "The text comes as it is stored, with a line end on standard output if it has none, and "
        "byte for byte with\n--output-file.\n\n"
        "JSON: what GET /subjects/…/versions/… answers: \"subject\", \"version\", \"id\", "
        "\"guid\", \"schemaType\", \"schema\",\n\"references\" and what the registry adds; "
        "with --references {\"references\": [{\"name\", \"subject\", \"version\",\n"
        "\"schema\"}]}.\n\n"
        "Example: symbolon get orders-value --pretty --registry http://localhost:8081\n"
        "Example: symbolon get orders-value 3 -o orders.avsc\n"
        "Example: symbolon get --id 7 --output json\n"
        "Example: symbolon get orders-value --with-references schemas/\n\n"
        "Exit status: 0 ok, 1 failed (also: there is none), 2 called wrongly.");
    command->callback(
        [arguments, &exit_code] { exit_code = finish_command(get_schema(*arguments)); });
}

}  // namespace symbolon::cli
