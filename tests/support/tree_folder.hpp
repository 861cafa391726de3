// A folder with files as a test wants them.
//
// Example:  const TreeFolder folder({{"a.avsc", text}, {"sub/b.proto", text}});
//           load_tree({folder.path()}, {});
// Threads:  one at a time
// Tested by tests/unit/gate/tree/load_tree_test.cpp
#pragma once

#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>

namespace symbolon::testing {

class TreeFolder {
public:
    using File = std::pair<std::string, std::string>;  ///< path and text

    TreeFolder() = default;
    explicit TreeFolder(std::initializer_list<File> files) {
        for (const auto& [path, text] : files) {
            write(path, text);
        }
    }

    void write(const std::string& path, const std::string& text) const {
        const std::filesystem::path full = folder_.path() / path;
        std::filesystem::create_directories(full.parent_path());
        std::ofstream(full, std::ios::binary) << text;
    }
    void remove(const std::string& path) const { std::filesystem::remove(folder_.path() / path); }

    std::string path() const { return folder_.path().string(); }
    std::string file(const std::string& name) const { return folder_.file(name); }

private:
    TempDir folder_;
};

}  // namespace symbolon::testing
