#include "cli/commands.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/explain_report.hpp"
#include "cli/registry_options.hpp"
#include "cli/terminal.hpp"
#include "cli/text_file.hpp"
#include "client/decoder/event_line.hpp"
#include "client/payload/explanation.hpp"
#include "client/wire/text_bytes.hpp"
#include "compat/compat.hpp"
#include "core/limits.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct ExplainArguments {
    std::string file;
    std::string hex;
    std::string base64;
    std::vector<std::string> headers;
    bool is_key = false;
    std::string framing;
    std::int32_t id = 0;
    std::string subject;
    std::string version = "latest";
    std::string schema_file;
    std::string schema_type;
    std::vector<std::string> references;
    bool logical = false;
    std::string output = "text";
    RegistryFlags registry;
};

Result<std::string> read_bytes(const std::string& path) {
    auto bytes = read_whole_file(path, limits::event_bytes_max);
    if (!bytes && bytes.error().code == ErrorCode::body_too_large) {
        return called_wrongly(
            fmt::format("{}: no message is that long; `symbolon decode` reads larger container "
                        "files",
                        bytes.error().message));
    }
    return bytes ? std::move(bytes) : Result<std::string>(called_wrongly(bytes.error().message));
}

Result<std::string> read_text(const std::string& path) {
    auto text = read_whole_file(path, limits::schema_bytes_max);
    return text ? std::move(text) : Result<std::string>(called_wrongly(text.error().message));
}

std::string without(std::string text, std::string_view letters) {
    text.erase(
        std::remove_if(text.begin(), text.end(),
                       [&](char letter) { return letters.find(letter) != std::string_view::npos; }),
        text.end());
    return text;
}

Result<std::string> parse_hex_text(const std::string& text, std::string_view flag) {
    std::string digits = without(text, " \t\r\n:");
    if (digits.starts_with("0x") || digits.starts_with("\\x")) {
        digits.erase(0, 2);
    }
    auto bytes = client::parse_hex(digits);
    return bytes ? std::move(bytes)
                 : Result<std::string>(
                       called_wrongly(fmt::format("{}: {}", flag, bytes.error().message)));
}

Result<std::string> read_message(const ExplainArguments& arguments) {
    const int given = (arguments.hex.empty() ? 0 : 1) + (arguments.base64.empty() ? 0 : 1) +
                      (arguments.file.empty() ? 0 : 1);
    if (given > 1) {
        return called_wrongly("give one of FILE, --hex and --base64");
    }
    if (!arguments.hex.empty()) {
        return parse_hex_text(arguments.hex, "--hex");
    }
    if (!arguments.base64.empty()) {
        auto bytes = client::parse_base64(without(arguments.base64, " \t\r\n"));
        return bytes ? std::move(bytes)
                     : Result<std::string>(called_wrongly("--base64: " + bytes.error().message));
    }
    return read_bytes(arguments.file.empty() ? "-" : arguments.file);
}

Result<client::PayloadHeaders> read_headers(const std::vector<std::string>& texts) {
    client::PayloadHeaders headers;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
            return called_wrongly(fmt::format("--header {}: write NAME=HEX", text));
        }
        SYMBOLON_TRY(auto value,
                     parse_hex_text(text.substr(equals + 1), "--header " + text.substr(0, equals)));
        headers.emplace_back(text.substr(0, equals), std::move(value));
    }
    return headers;
}

/// One schema from a file, whatever is asked for.
class FileSource final : public client::SchemaSource {
public:
    explicit FileSource(client::RegisteredSchemaPtr schema) : schema_(std::move(schema)) {}

    using Found = Result<client::RegisteredSchemaPtr>;
    Found find_by_id(SchemaId) override { return schema_; }
    Found find_by_guid(std::string_view) override { return schema_; }
    Found find_version(std::string_view, client::WantedVersion) override { return schema_; }
    Result<compat::Level> find_level(std::string_view, client::WantedVersion) override {
        return compat::Level::none;
    }
    Found find_same(std::string_view, SchemaType, std::string_view,
                    const std::vector<Reference>&) override {
        return schema_;
    }
    Found register_schema(std::string_view, SchemaType, std::string_view,
                          const std::vector<Reference>&) override {
        return schema_;
    }

private:
    client::RegisteredSchemaPtr schema_;
};

Result<SchemaType> schema_type_of(const ExplainArguments& arguments) {
    if (!arguments.schema_type.empty()) {
        const auto type = find_schema_type(arguments.schema_type);
        return type ? Result<SchemaType>(*type)
                    : Result<SchemaType>(called_wrongly("--type is AVRO, JSON or PROTOBUF"));
    }
    const std::string& path = arguments.schema_file;
    return path.ends_with(".proto")  ? SchemaType::protobuf
           : path.ends_with(".json") ? SchemaType::json
                                     : SchemaType::avro;
}

Result<std::unique_ptr<client::SchemaSource>> open_schema_file(const ExplainArguments& arguments) {
    auto schema = std::make_shared<client::RegisteredSchema>();
    SYMBOLON_TRY(schema->type, schema_type_of(arguments));
    SYMBOLON_TRY(schema->text, read_text(arguments.schema_file));
    for (const std::string& text : arguments.references) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
            return called_wrongly(fmt::format("--reference {}: write NAME=FILE", text));
        }
        SYMBOLON_TRY(auto content, read_text(text.substr(equals + 1)));
        const std::string name = text.substr(0, equals);
        schema->reference_texts.push_back({name, std::move(content), name, 1});
    }
    auto parsed = compat::parse_schema(schema->type, schema->text, schema->reference_texts,
                                       compat::Strictness::lenient);
    if (!parsed) {
        return called_wrongly(
            fmt::format("--schema {}: {}", arguments.schema_file, parsed.error().message));
    }
    schema->parsed = std::move(*parsed);
    return std::make_unique<FileSource>(std::move(schema));
}

Result<client::PayloadDecoderOptions> read_options(const ExplainArguments& arguments) {
    client::PayloadDecoderOptions options;
    if (!arguments.framing.empty()) {
        options.framing = client::find_framing(arguments.framing);
        if (!options.framing) {
            return called_wrongly(fmt::format("--framing {}: there is no such framing; see --help",
                                              arguments.framing));
        }
    }
    options.part = arguments.is_key ? client::PayloadPart::key : client::PayloadPart::value;
    if (arguments.id > 0) {
        options.id = SchemaId{arguments.id};
    }
    // A schema file is looked up like any other; its name says nothing.
    options.subject = arguments.schema_file.empty() ? arguments.subject : arguments.schema_file;
    if (arguments.version != "latest") {
        const bool is_number =
            !arguments.version.empty() && arguments.version.size() <= 9 &&
            std::all_of(arguments.version.begin(), arguments.version.end(), [](char digit) {
                return std::isdigit(static_cast<unsigned char>(digit)) != 0;
            });
        if (!is_number || arguments.version == "0") {
            return called_wrongly("--version is a number from 1, or latest");
        }
        options.version = Version{static_cast<std::int32_t>(std::stol(arguments.version))};
    }
    options.json.logical =
        arguments.logical ? client::LogicalForm::readable : client::LogicalForm::raw;
    return options;
}

/// Under which subjects the registry has the schema; of no interest when that cannot be told.
std::vector<ExplainedSubject> find_subjects(const client::Explanation& found,
                                            client::RegistryClient& registry) {
    std::vector<ExplainedSubject> subjects;
    if (found.framed && !found.framed->subject.empty() && found.framed->version) {
        subjects.push_back({found.framed->subject, *found.framed->version});
        return subjects;
    }
    if (found.schema == nullptr) {
        return subjects;
    }
    if (const auto uses = registry.find_subjects(*found.schema)) {
        for (const client::SubjectVersion& use : *uses) {
            subjects.push_back({use.subject, use.version});
        }
    }
    return subjects;
}

Result<int> explain(const ExplainArguments& arguments) {
    SYMBOLON_TRY(const auto options, read_options(arguments));
    SYMBOLON_TRY(auto headers, read_headers(arguments.headers));
    std::unique_ptr<client::SchemaSource> file;
    std::unique_ptr<RegistryConnection> connection;
    if (!arguments.schema_file.empty()) {
        SYMBOLON_TRY(file, open_schema_file(arguments));
    } else if (is_given(arguments.registry)) {
        SYMBOLON_TRY(connection, connect_registry(arguments.registry));
    }
    SYMBOLON_TRY(const std::string text, read_message(arguments));
    // A line of a decoder's queue stands for the event in it.
    const auto event = client::unwrap_event(text);
    const auto& bytes = event.bytes;
    if (headers.empty()) {
        headers = event.headers;
    }
    client::SchemaSource* const source =
        file != nullptr ? file.get()
                        : (connection == nullptr ? nullptr : connection->registry.get());
    auto found = client::explain_payload(bytes, headers, source, options);
    if (bytes != text && found.note.empty()) {
        found.note = "this is the event that the record of a queue keeps";
    }
    const auto subjects = connection == nullptr ? std::vector<ExplainedSubject>()
                                                : find_subjects(found, *connection->registry);
    const bool is_terminal = isatty(STDOUT_FILENO) != 0;
    if (arguments.output == "json") {
        const std::string json = to_json_report(found, subjects);
        print_to(stdout, "{}", is_terminal ? printable_json(json) : json);
    } else {
        print_to(stdout, "{}",
                 to_report(found, subjects, bytes,
                           is_terminal ? ReportForm::indented : ReportForm::lines));
    }
    return found.error ? exit_failed : 0;
}

int run_explain(const ExplainArguments& arguments) {
    const auto explained = explain(arguments);
    if (explained) {
        return *explained;
    }
    print_to(stderr, "symbolon: {}\n", printable(explained.error().message));
    return exit_of(explained.error());
}

void add_message_flags(CLI::App& command, ExplainArguments& arguments) {
    command
        .add_option("file", arguments.file,
                    "The message, as bytes; - or nothing: standard input. At most 32 MiB.")
        ->type_name("FILE");
    command.add_option("--hex", arguments.hex,
                       "The message as hexadecimal digits; blanks and colons are passed over.");
    command.add_option("--base64", arguments.base64, "The message in base64.");
    command
        .add_option("--header", arguments.headers,
                    "A header of the Kafka record, its value as hexadecimal digits; repeatable.\n"
                    "  __value_schema_id and __key_schema_id name the schema by its GUID")
        ->allow_extra_args(false)
        ->type_name("NAME=HEX");
    command.add_flag("--is-key", arguments.is_key,
                     "The message is a record's key: __key_schema_id counts.");
    command
        .add_option("--framing", arguments.framing,
                    "Do not guess: confluent, confluent-guid, single-object, container, envelope "
                    "or bare.")
        ->type_name("NAME");
}

void add_schema_flags(CLI::App& command, ExplainArguments& arguments) {
    command.add_option("--id", arguments.id, "The schema of a bare body, by its id.")
        ->check(CLI::PositiveNumber);
    command
        .add_option("--subject", arguments.subject,
                    "The schema of a bare body, by its subject; a single object's fingerprint\n"
                    "  is looked for among its last 100 versions.")
        ->type_name("SUBJECT");
    command
        .add_option("--version", arguments.version,
                    "The subject's version: a number or latest; default latest")
        ->type_name("VERSION");
    command
        .add_option("--schema", arguments.schema_file,
                    "The writer's schema from a file; no registry is asked.")
        ->type_name("FILE");
    command
        .add_option("--type", arguments.schema_type,
                    "Of that file: AVRO, JSON or PROTOBUF.\n"
                    "  default by its name: .json is JSON, .proto is PROTOBUF, others AVRO")
        ->type_name("TYPE");
    command
        .add_option("--reference", arguments.references,
                    "A text that the schema refers to, under the name that it uses; repeatable,\n"
                    "  those that others need first.")
        ->allow_extra_args(false)
        ->type_name("NAME=FILE");
}

}  // namespace

void add_explain_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "explain",
        "Says what a message is: its framing, its schema and its value, or where reading "
        "stops.");
    // Shared with the callbacks, which run after this function.
    const auto arguments = std::make_shared<ExplainArguments>();
    add_message_flags(*command, *arguments);
    add_schema_flags(*command, *arguments);
    command->add_flag("--logical", arguments->logical,
                      "Dates, times and decimals of Avro as people write them, not as numbers.");
    command->add_option("--output", arguments->output, "text, or json for machines; default text")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORM");
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "Example: kcat -C -b localhost:9092 -t orders -o -1 -c 1 -e | symbolon explain "
        "--registry http://localhost:8081\n"
        "Without a registry or --schema the framing and the schema id are told, and container "
        "files "
        "are\n"
        "decoded. Of a container file the first 10 records are shown; of a record from one of "
        "decode's\n"
        "queues the event that it keeps.\n"
        "Exit status: 0 explained, 1 the message cannot be decoded (the report says why), 2 called "
        "wrongly.");
    command->callback([arguments, &exit_code] { exit_code = run_explain(*arguments); });
}

}  // namespace symbolon::cli
