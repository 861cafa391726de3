// Files with their texts become a tree: which are schemas, their subjects, and what refers to what.
//
// No file system: what was read from folders and from git comes here.
//
// Example:  if (classify(config, path, named).kind == FileKind::schema) { … }
//           SYMBOLON_TRY(auto tree, assemble_tree(config, std::move(files)));
// Errors:   cannot_start: a subject that a file cannot have, a reference to a file that is not
//           there, with the place in symbolon.yaml
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/assemble_tree_test.cpp
#pragma once

#include "core/result.hpp"
#include "core/schema_type.hpp"
#include "gate/model/schema_tree.hpp"
#include "gate/tree/tree_config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

enum class FileKind {
    other,  ///< no schema
    schema,
    perhaps_schema  ///< a .json file: its text says whether it is one
};
struct FileClass {
    FileKind kind = FileKind::other;
    SchemaType type = SchemaType::avro;
    const ConfigEntry* entry = nullptr;  ///< of the configuration
};

/// What the user named a file himself is a schema, if its name allows it.
enum class Named { no, yes };
/// `config_path` is from the configuration's folder.
FileClass classify(const TreeConfig& config, std::string_view config_path, Named named);
/// `folder` as a path too; nothing in it counts.
bool is_excluded_folder(const TreeConfig& config, std::string_view folder);
bool is_excluded(const TreeConfig& config, std::string_view path);

struct SourceFile {
    std::string path{};         ///< from the tree's root
    std::string config_path{};  ///< from the configuration's folder
    std::string shown_path{};
    FileClass what{};
    std::string text{};
};

/// Whether the tree holds all that the configuration's folder does.
enum class Extent { part, whole };

/// The tree without its name; REQUIRES: each file is a schema of `config`.
Result<SchemaTree> assemble_tree(const TreeConfig& config, std::vector<SourceFile> files,
                                 Extent extent);

}  // namespace symbolon::gate
