#include "api/schema_content.hpp"
#include "cli/called_wrongly.hpp"
#include "cli/commands.hpp"
#include "cli/schema_input.hpp"
#include "cli/terminal.hpp"
#include "compat/avro/avro_schema.hpp"
#include "compat/compat.hpp"
#include "core/json.hpp"
#include "core/print_to.hpp"
#include "gate/convert/avro_to_json_schema.hpp"
#include "gate/convert/json_bundle.hpp"
#include "gate/convert/schema_fingerprint.hpp"
#include "gate/diff/text_diff.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::cli {
namespace {

struct SchemaArguments {
    std::string file;
    SchemaFileFlags files;
    std::string output = "text";
    bool pretty = false;
    bool parsing_form = false;
    std::string to;
    std::string encoding = "avro";
};
using SchemaArgumentsPtr = std::shared_ptr<SchemaArguments>;

int schema_exit_of(const Status& status) {
    if (status) {
        return 0;
    }
    print_to(stderr, "symbolon: {}\n", printable(status.error().message));
    return exit_of(status.error());
}

/// With a line end, whether or not the text has one.
void print_schema_text(const std::string& text) {
    print_to(stdout, "{}{}", text, text.ends_with('\n') ? "" : "\n");
}

Status print_fingerprints(const SchemaArguments& arguments) {
    SYMBOLON_TRY(const auto input, read_schema_file(arguments.file, arguments.files));
    SYMBOLON_TRY(auto found, gate::find_fingerprints(*input.schema));
    if (input.references.empty()) {
        SYMBOLON_TRY(const std::string text, input.schema->canonical_text(compat::Normalize::no));
        found.push_back({"GUID in a registry", "guid",
                         to_text(identity_of(text, {}, std::nullopt, std::nullopt))});
    }
    if (arguments.output == "json") {
        Json json{{"schemaType", std::string(to_string(input.type))}};
        for (const gate::Fingerprint& one : found) {
            json[one.key] = one.hex;
        }
        print_to(stdout, "{}\n", json.dump(2));
        return {};
    }
    for (const gate::Fingerprint& one : found) {
        print_to(stdout, "{:<32} {}\n", one.name + ":", one.hex);
    }
    return {};
}

Status print_canonical(const SchemaArguments& arguments, compat::Normalize normalize) {
    SYMBOLON_TRY(const auto input, read_schema_file(arguments.file, arguments.files));
    if (arguments.parsing_form) {
        SYMBOLON_TRY(const std::string form, gate::to_parsing_form(*input.schema));
        print_schema_text(form);
        return {};
    }
    SYMBOLON_TRY(const std::string text, input.schema->canonical_text(normalize));
    print_schema_text(arguments.pretty ? gate::lay_out(input.type, text) : text);
    return {};
}

Result<std::string> convert_avro(const SchemaInput& input, const SchemaArguments& arguments) {
    if (arguments.to == "resolved") {
        return input.schema->formatted_text(compat::TextFormat::resolved);
    }
    if (arguments.to != "json-schema") {
        return called_wrongly(fmt::format(
            "Avro schemas are converted --to json-schema or resolved, not {}", arguments.to));
    }
    const auto& tree = static_cast<const compat::avro::AvroSchema&>(*input.schema).tree();
    SYMBOLON_TRY(const auto converted, gate::to_json_schema(tree, arguments.encoding == "avro"
                                                                      ? gate::JsonEncoding::avro
                                                                      : gate::JsonEncoding::plain));
    if (!converted.notes.empty()) {
        print_to(stderr, "symbolon: JSON Schema has no words for these, which are left out: {}\n",
                 fmt::join(converted.notes, ", "));
    }
    return converted.schema.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> convert_schema(const SchemaInput& input, const SchemaArguments& arguments) {
    switch (input.type) {
        case SchemaType::avro:
            return convert_avro(input, arguments);
        case SchemaType::json: {
            if (arguments.to != "bundled") {
                return called_wrongly(
                    fmt::format("JSON Schemas are converted --to bundled, not {}: Avro and "
                                "Protobuf cannot say all that a JSON Schema says",
                                arguments.to));
            }
            SYMBOLON_TRY(const std::string text,
                         gate::bundle_json_schema(input.text, input.reference_texts));
            return gate::lay_out(SchemaType::json, text);
        }
        case SchemaType::protobuf:
            break;
    }
    if (arguments.to == "descriptor") {
        return input.schema->formatted_text(compat::TextFormat::serialized);
    }
    if (arguments.to == "text") {
        return input.schema->canonical_text(compat::Normalize::no);
    }
    return called_wrongly(fmt::format(
        "Protobuf schemas are converted --to descriptor or text, not {}", arguments.to));
}

Status print_converted(const SchemaArguments& arguments) {
    SYMBOLON_TRY(const auto input, read_schema_file(arguments.file, arguments.files));
    SYMBOLON_TRY(const std::string text, convert_schema(input, arguments));
    print_schema_text(text);
    return {};
}

CLI::App* add_schema_subcommand(CLI::App& schema, const std::string& name, const std::string& what,
                                const SchemaArgumentsPtr& arguments) {
    auto* const command = schema.add_subcommand(name, what);
    command
        ->add_option("file", arguments->file,
                     "The schema; - is standard input, with --type. At most 16 MiB.")
        ->required()
        ->type_name("FILE");
    add_schema_file_flags(*command, arguments->files);
    return command;
}

constexpr std::string_view schema_exit_status =
    "\n\nExit status: 0; 1 the file cannot be read or is no such schema; 2 called wrongly.";

void add_fingerprint_command(CLI::App& schema, int& exit_code) {
    const auto arguments = std::make_shared<SchemaArguments>();
    auto* const command = add_schema_subcommand(
        schema, "fingerprint", "Prints the fingerprints that a schema is known by.", arguments);
    command->add_option("--output", arguments->output, "text, or json for machines; default text")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORM");
    command->footer(
        "Of an Avro schema: CRC-64-AVRO, MD5 and SHA-256 of its parsing canonical form, and the\n"
        "header of single objects, which has that CRC. The CRC is printed as a number, its most\n"
        "significant digit first; in the header its last byte comes first.\n"
        "Of every schema: MD5 and SHA-256 of the text that a registry stores, and its GUID there\n"
        "where it refers to nothing (else the GUID depends on the subjects and versions of what "
        "it\n"
        "refers to).\n\n"
        "Example: symbolon schema fingerprint order.avsc" +
        std::string(schema_exit_status));
    command->callback(
        [arguments, &exit_code] { exit_code = schema_exit_of(print_fingerprints(*arguments)); });
}

void add_canonical_command(CLI::App& schema, int& exit_code) {
    const auto arguments = std::make_shared<SchemaArguments>();
    auto* const command = add_schema_subcommand(
        schema, "canonical", "Prints the text that a registry stores for a schema.", arguments);
    command->add_flag("--pretty", arguments->pretty, "One member or item a line.");
    command->add_flag("--parsing-form", arguments->parsing_form,
                      "Of an Avro schema: its Parsing Canonical Form, without docs, defaults and "
                      "aliases.");
    command->footer(
        "A line end is added where the text has none.\n\n"
        "Example: symbolon schema canonical order.proto" +
        std::string(schema_exit_status));
    command->callback([arguments, &exit_code] {
        exit_code = schema_exit_of(print_canonical(*arguments, compat::Normalize::no));
    });
}

void add_normalize_command(CLI::App& schema, int& exit_code) {
    const auto arguments = std::make_shared<SchemaArguments>();
    auto* const command = add_schema_subcommand(
        schema, "normalize",
        "Prints the text that a registry stores when it normalises the schema.", arguments);
    command->add_flag("--pretty", arguments->pretty, "One member or item a line.");
    command->footer(
        "Schemas that differ in nothing but the order of what has none have one\n"
        "normalised text.\n\n"
        "Example: symbolon schema normalize order.avsc --pretty" +
        std::string(schema_exit_status));
    command->callback([arguments, &exit_code] {
        exit_code = schema_exit_of(print_canonical(*arguments, compat::Normalize::yes));
    });
}

void add_convert_command(CLI::App& schema, int& exit_code) {
    const auto arguments = std::make_shared<SchemaArguments>();
    auto* const command = add_schema_subcommand(
        schema, "convert", "Prints a schema as one of another kind, or as one text.", arguments);
    command
        ->add_option(
            "--to", arguments->to,
            "What to make of it.\n"
            "  Avro: json-schema, the JSON Schema (draft-07) of its data as JSON; "
            "resolved, one text\n  with all that it refers to.\n"
            "  JSON: bundled, one text with all that it refers to.\n"
            "  Protobuf: descriptor, a FileDescriptorProto in base64; text, also of such a "
            "descriptor.")
        ->required()
        ->check(CLI::IsMember({"json-schema", "resolved", "bundled", "descriptor", "text"}))
        ->type_name("KIND");
    command
        ->add_option("--encoding", arguments->encoding,
                     "How json-schema expects Avro data as JSON: avro, Avro's own encoding, in "
                     "which a union's\n  value names its branch; plain, as `symbolon decode` "
                     "writes it; default avro")
        ->check(CLI::IsMember({"avro", "plain"}))
        ->type_name("NAME");
    command->footer(
        "What cannot be said in the other kind without changing which data are valid is refused;\n"
        "what only people and evolution need (docs, aliases, defaults) and has no words there is\n"
        "left out, and named on standard error.\n\n"
        "Example: symbolon schema convert order.avsc --to json-schema --encoding plain\n"
        "Example: symbolon schema convert order.proto --to descriptor\n"
        "Example: symbolon schema convert order.json --to bundled" +
        std::string(schema_exit_status));
    command->callback(
        [arguments, &exit_code] { exit_code = schema_exit_of(print_converted(*arguments)); });
}

}  // namespace

void add_schema_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "schema", "Fingerprints, canonical texts and conversions of schema files.");
    command->require_subcommand(1);
    command->footer(
        "No registry is asked.\n\n"
        "Example: symbolon schema fingerprint order.avsc\n\n"
        "Exit status: 0; 1 the file cannot be read or is no such schema; 2 called "
        "wrongly.");
    add_fingerprint_command(*command, exit_code);
    add_canonical_command(*command, exit_code);
    add_normalize_command(*command, exit_code);
    add_convert_command(*command, exit_code);
}

}  // namespace symbolon::cli
