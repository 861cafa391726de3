// The schema files of a folder or of a git revision, each with its subject and what it refers to.
//
// Errors:   none of its own
// Units:    lines and columns start at 1
// Threads:  values
// Source:   docs/gate.md
// Tested by tests/unit/gate/check/check_tree_test.cpp
#pragma once

#include "compat/level.hpp"
#include "core/schema_type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::gate {

/// What a schema's text refers to.
struct TreeReference {
    std::string name{};                 ///< as the text uses it
    std::string subject{};              ///< where a registry has it; empty: not known
    std::int32_t version = 0;           ///< 0: not said; the tree's own, or the latest
    std::optional<std::size_t> file{};  ///< which of SchemaTree::files it is, when it is one
    std::size_t line = 1;               ///< where the text, or symbolon.yaml, names it
    std::size_t column = 1;
};

struct TreeFile {
    std::string path{};        ///< from the tree's root, with slashes
    std::string shown_path{};  ///< as it is printed: from where the user stands
    std::string subject{};
    SchemaType type = SchemaType::avro;
    std::string text{};
    /// Those that the text names directly, each name once; those of references are found through
    /// them.
    std::vector<TreeReference> references{};
    std::optional<compat::Level> level{};  ///< from symbolon.yaml
    // What `symbolon plan` sets beside it, from there too.
    std::optional<std::string> mode{};  ///< READWRITE, READONLY, READONLY_OVERRIDE
    std::optional<bool> normalize{};
};

/// An agreed exception: findings of `rule` at that place do not fail the gate until `expires`.
struct Waiver {
    std::string rule{};
    std::string subject{};  ///< empty: any
    std::string path{};     ///< JSON Pointer or dotted Protobuf place in the file; empty: any
    std::string reason{};
    std::string expires{};  ///< the last day that it holds, "2027-01-31"
    std::string file{};     ///< the symbolon.yaml that says so, as it is printed, with its line
    std::size_t line = 1;
};

/// What a symbolon.yaml says beyond the files.
struct TreeRules {
    std::optional<compat::Level> level{};  ///< where neither the file's entry nor a registry knows
    std::vector<Waiver> waivers{};
    std::vector<std::string> lint_use{};  ///< empty: all
    std::vector<std::string> lint_except{};
};

/// A file that is not taken for a schema.
struct PassedFile {
    std::string path{};        ///< as TreeFile::path
    std::string shown_path{};  ///< as TreeFile::shown_path
};

struct SchemaTree {
    std::string name{};             ///< how messages call it: "schemas/", "git main:schemas"
    std::vector<TreeFile> files{};  ///< sorted by path
    TreeRules rules{};
    /// .json files that do not say that they are schemas. Of a working tree alone.
    std::vector<PassedFile> plain_json{};
    /// What the user should know, such as how many files were passed over and why.
    std::vector<std::string> notes{};
};

}  // namespace symbolon::gate
