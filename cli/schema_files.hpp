// A schema and all that it refers to as files of a folder, under names that a registry cannot lead
// out of it.
//
// Example:  SYMBOLON_TRY(const auto files, name_schema_files(schema));
//           SYMBOLON_CHECK(write_schema_files("schemas", files, Overwrite::no));
// Errors:   cannot_start (cannot be written, or other content is there)
// Threads:  any thread
// Limits:   references_max, reference_bytes_max: of what the schema refers to
// Source:   docs/commands.md
// Tested by tests/unit/cli/schema_files_test.cpp
#pragma once

#include "client/registry_client/schema_source.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

struct SchemaFile {
    std::string path{};  ///< relative, with slashes; no part of it is hidden or leads upwards
    std::string text{};
};

/// What other schemas import by a path keeps that path: letters, digits, "._-" and slashes stay,
/// all else becomes "_". The schema itself comes last.
std::vector<SchemaFile> name_schema_files(const client::RegisteredSchema& schema);

/// A relative path out of any name; never empty.
std::string to_safe_path(std::string_view name);

enum class Overwrite { no, yes };
/// All or, when one of them may not be written over, none; links in the folder are not followed.
Status write_schema_files(const std::string& folder, const std::vector<SchemaFile>& files,
                          Overwrite overwrite);

}  // namespace symbolon::cli
