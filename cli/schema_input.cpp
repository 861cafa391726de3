#include "cli/schema_input.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/text_file.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/tree/load_tree.hpp"
#include "gate/tree/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace symbolon::cli {

namespace {

Result<std::string> read_schema_text(const std::string& path) {
    if (path != "-") {
        return gate::read_file(path, path, limits::schema_bytes_max);
    }
    return read_whole_file(path, limits::schema_bytes_max);
}

Result<SchemaType> input_type_of(const std::string& path, const SchemaFileFlags& flags) {
    if (!flags.type.empty()) {
        const auto type = find_schema_type(to_upper_ascii(flags.type));
        return type ? Result<SchemaType>(*type)
                    : Result<SchemaType>(called_wrongly("--type is AVRO, JSON or PROTOBUF"));
    }
    if (path.ends_with(".avsc")) {
        return SchemaType::avro;
    }
    if (path.ends_with(".proto")) {
        return SchemaType::protobuf;
    }
    if (path.ends_with(".json")) {
        return SchemaType::json;
    }
    return called_wrongly(
        fmt::format("{}: of which type is this schema? Give --type AVRO, JSON or PROTOBUF",
                    path == "-" ? "standard input" : path));
}

Result<SchemaInput> parse_input(SchemaInput input) {
    auto parsed = compat::parse_schema(input.type, input.text, input.reference_texts,
                                       compat::Strictness::lenient);
    if (!parsed) {
        return failure(
            Error{parsed.error().code, fmt::format("{}: {}", input.name, parsed.error().message)});
    }
    input.schema = std::move(*parsed);
    return input;
}

/// With what the command line itself names.
Result<SchemaInput> read_lone_schema(const std::string& path, const SchemaFileFlags& flags) {
    SchemaInput input;
    input.name = path == "-" ? "standard input" : path;
    SYMBOLON_TRY(input.type, input_type_of(path, flags));
    SYMBOLON_TRY(input.text, read_schema_text(path));
    for (const std::string& text : flags.references) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            return called_wrongly(fmt::format("--reference {}: write NAME=FILE", text));
        }
        SYMBOLON_TRY(auto content, read_schema_text(text.substr(equals + 1)));
        const std::string name = text.substr(0, equals);
        input.reference_texts.push_back({name, std::move(content), name, 1});
        input.references.push_back({name, {}, 0});
    }
    return parse_input(std::move(input));
}

bool needs_other_files(const gate::TreeFile& file) {
    return std::any_of(file.references.begin(), file.references.end(),
                       [](const gate::TreeReference& reference) { return !reference.file; });
}

/// The file of a tree, parsed with those around it.
Result<SchemaInput> take_from_tree(const gate::SchemaTree& tree, std::size_t at, std::string name) {
    SYMBOLON_TRY(auto parsed, gate::parse_tree(tree, nullptr));
    const gate::TreeFile& file = tree.files[at];
    gate::ParsedFile& found = parsed[at];
    if (found.schema == nullptr) {
        if (found.problems.empty()) {
            return failure(make_error(ErrorCode::invalid_schema, name + ": it does not parse"));
        }
        const gate::GateFinding& problem = found.problems.front();
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("{}:{}:{}: {} {}", problem.file, problem.line,
                                              problem.column, problem.message, problem.hint)));
    }
    SchemaInput input;
    input.name = std::move(name);
    input.type = file.type;
    input.text = file.text;
    input.reference_texts = std::move(found.reference_texts);
    input.references = std::move(found.references);
    input.schema = std::move(found.schema);
    return input;
}

std::optional<std::size_t> find_tree_file(const gate::SchemaTree& tree, const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    for (std::size_t at = 0; at < tree.files.size(); ++at) {
        if (fs::equivalent(tree.files[at].shown_path, path, error) && !error) {
            return at;
        }
    }
    return std::nullopt;
}

}  // namespace

void add_schema_file_flags(CLI::App& command, SchemaFileFlags& flags) {
    command
        .add_option("--type", flags.type,
                    "Of a file: AVRO, JSON or PROTOBUF. Default: by its name, .avsc, .json or "
                    ".proto.")
        ->type_name("TYPE");
    command
        .add_option("--reference", flags.references,
                    "A schema that the file refers to, under the name that it uses; repeatable, "
                    "each\n  before those that need it. Default: found among the files around it.")
        ->allow_extra_args(false)
        ->type_name("NAME=FILE");
    command
        .add_option("--config", flags.config_file,
                    "The symbolon.yaml that says what files refer to. Default: the one beside or "
                    "above\n  the file.")
        ->type_name("FILE");
}

Result<SchemaInput> read_schema_file(const std::string& path, const SchemaFileFlags& flags) {
    if (path == "-" || !flags.type.empty() || !flags.references.empty()) {
        return read_lone_schema(path, flags);
    }
    SYMBOLON_CHECK(input_type_of(path, flags));
    const gate::TreeOptions options{flags.config_file};
    SYMBOLON_TRY(auto tree, gate::load_tree({path}, options));
    std::size_t at = 0;
    if (needs_other_files(tree.files.at(0))) {
        SYMBOLON_TRY(const std::string config, gate::find_config_file({path}, options));
        const std::filesystem::path around =
            std::filesystem::path(config.empty() ? path : config).parent_path();
        SYMBOLON_TRY(auto whole,
                     gate::load_tree({around.empty() ? "." : around.string()}, options));
        if (const auto found = find_tree_file(whole, path)) {
            tree = std::move(whole);
            at = *found;
        }
    }
    return take_from_tree(tree, at, path);
}

Result<SchemaInput> read_git_schema(const std::string& revision, const std::string& path,
                                    const SchemaFileFlags& flags) {
    const std::string name = fmt::format("git#{}:{}", revision, path);
    SYMBOLON_TRY(auto tree, gate::load_git_tree({revision, path, {}, flags.config_file}));
    if (tree.files.size() != 1) {
        return failure(make_error(
            ErrorCode::cannot_start,
            fmt::format("{}: the revision has no such schema file; name one file, from the "
                        "repository's root",
                        name)));
    }
    std::size_t at = 0;
    if (needs_other_files(tree.files.front())) {
        const std::string folder = std::filesystem::path(path).parent_path().generic_string();
        SYMBOLON_TRY(
            auto whole,
            gate::load_git_tree({revision, folder.empty() ? "." : folder, {}, flags.config_file}));
        const std::string& text = tree.files.front().text;
        for (std::size_t one = 0; one < whole.files.size(); ++one) {
            const auto& file = whole.files[one];
            if (std::filesystem::path(file.path).filename() ==
                    std::filesystem::path(path).filename() &&
                file.text == text) {
                at = one;
                tree = std::move(whole);
                break;
            }
        }
    }
    return take_from_tree(tree, at, name);
}

Result<SchemaInput> to_schema_input(const client::RegisteredSchema& schema, std::string name) {
    SchemaInput input;
    input.name = std::move(name);
    input.type = schema.type;
    input.text = schema.text;
    input.references = schema.references;
    input.reference_texts = schema.reference_texts;
    input.schema = schema.parsed;
    if (input.schema == nullptr) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("{}: {}", input.name, schema.parse_error)));
    }
    return input;
}

}  // namespace symbolon::cli
