// A schema that a command line names: a file, standard input, a revision of git, or what is
// registered; with all that it refers to.
//
// Example:  SYMBOLON_TRY(const auto input, read_schema_file("orders.avsc", flags));
// Errors:   malformed_request: called wrongly; cannot_start: cannot be read; invalid_schema: with
//           the place; those of the registry
// Threads:  one at a time
// Limits:   schema_bytes_max, those of trees
// Source:   docs/gate.md
// Tested by tests/e2e/words.py
#pragma once

#include "client/registry_client/registry_client.hpp"
#include "compat/compat.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

struct SchemaInput {
    std::string name{};  ///< as messages call it
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<compat::NamedText> reference_texts{};
    /// As a registry wants them; version 0 where it is not known.
    std::vector<Reference> references{};
    compat::SchemaPtr schema{};
};

struct SchemaFileFlags {
    std::string type{};                     ///< --type
    std::vector<std::string> references{};  ///< --reference NAME=FILE
    std::string config_file{};              ///< --config
};
void add_schema_file_flags(CLI::App& command, SchemaFileFlags& flags);

/// `path` "-": standard input. What the text refers to comes from the flags, else from the files
/// around it.
Result<SchemaInput> read_schema_file(const std::string& path, const SchemaFileFlags& flags);
/// PATH as the revision has it, from the root of the repository around the working directory.
Result<SchemaInput> read_git_schema(const std::string& revision, const std::string& path,
                                    const SchemaFileFlags& flags);
Result<SchemaInput> to_schema_input(const client::RegisteredSchema& schema, std::string name);

}  // namespace symbolon::cli
