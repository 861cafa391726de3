// The schema files of folders, or of a git revision, as one tree: which files are schemas, which
// subject each has, and what they refer to. symbolon.yaml says what is not as usual.
//
// Example:  SYMBOLON_TRY(const SchemaTree tree, load_tree({"schemas/"}, {}));
// Errors:   malformed_request: nothing was asked for, or a revision that cannot be one.
//           cannot_start: what cannot be read, is too large, or makes no sense, with its
//           place and what to do next; a tree without any schema file is one, since a gate that
//           checked nothing must not pass; git that is not there or did not do its part
// Units:    bytes, counts, levels of folders
// Threads:  any thread
// Limits:   schema_bytes_max, tree_files_max, tree_entries_max, tree_bytes_max, tree_depth_max,
//           tree_config_bytes_max, git_answer_bytes_max, git_time_ms_max
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/load_tree_test.cpp
#pragma once

#include "core/result.hpp"
#include "gate/model/schema_tree.hpp"

#include <string>
#include <vector>

namespace symbolon::gate {

struct TreeOptions {
    /// Empty: symbolon.yaml in the folder, or beside or above it up to the repository's root.
    std::string config_file{};
};

/// The schema files of folders (with all below them) and single files.
Result<SchemaTree> load_tree(const std::vector<std::string>& paths, const TreeOptions& options);

struct GitTreeOptions {
    std::string revision{};  ///< branch, tag, commit: whatever git can name
    /// From the repository's root; empty: where `near` stands, the folder of it when it is a file,
    /// so that what the file refers to is there too.
    std::string path{};
    std::string near{};  ///< a path of the working tree; empty: the working directory
    /// Maps the files when that revision has no symbolon.yaml; empty: none.
    std::string fallback_config_file{};
    /// Maps the files whatever that revision has, as a configuration that the user named maps the
    /// candidate; empty: none.
    std::string config_file{};
    /// What the user named of the working tree: a link among them is followed wherever it leads.
    std::vector<std::string> named{};
};

/// A folder, or a file, as a revision has it. One that the revision does not have is a tree
/// without files, and a note says so; a `path` that the working tree does not have either is an
/// error. Symbolic links to files are followed as load_tree follows them.
Result<SchemaTree> load_git_tree(const GitTreeOptions& options);

/// The symbolon.yaml that load_tree would take for these paths; empty: there is none.
Result<std::string> find_config_file(const std::vector<std::string>& paths,
                                     const TreeOptions& options);

/// The deepest folder around these paths: a GitTreeOptions::near for all of them.
Result<std::string> folder_around(const std::vector<std::string>& paths);

}  // namespace symbolon::gate
