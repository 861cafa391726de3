// Where the symbolon.yaml of a tree stands, and what paths look like from there.
//
// Example:  SYMBOLON_TRY(const auto place, find_config_place(root, options));
//           SYMBOLON_TRY(const auto config, read_config(place));
// Errors:   cannot_start: it cannot be read, or is wrong
// Threads:  any thread
// Limits:   tree_config_bytes_max
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/load_tree_test.cpp
#pragma once

#include "core/result.hpp"
#include "gate/tree/load_tree.hpp"
#include "gate/tree/tree_config.hpp"

#include <filesystem>
#include <string>

namespace symbolon::gate {

struct ConfigPlace {
    std::filesystem::path file{};  ///< absolute; empty: there is none
    std::filesystem::path base{};  ///< the folder that its patterns are from
};

/// `root` is the tree's folder, absolute and without dots.
Result<ConfigPlace> find_config_place(const std::filesystem::path& root,
                                      const TreeOptions& options);
Result<TreeConfig> read_config(const ConfigPlace& place);

/// The folder or file around which a path of the working tree is looked at: absolute, no dots, no
/// slash at the end.
std::filesystem::path absolute_of(const std::string& path);
/// From the working directory where it is below that; with slashes.
std::string shown_from_here(const std::filesystem::path& absolute);
bool is_within(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace symbolon::gate
