// What was not taken into a tree, and how that is told.
//
// Threads:  one at a time
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/load_tree_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace symbolon::gate {

class PassedOver {
public:
    void add_other() { ++others_; }
    void add_excluded() { ++excluded_; }
    void add_plain_json(std::string path) { add(json_, std::move(path)); }
    /// A symbolic link out of the tree, or a git submodule.
    void add_link(std::string path) { add(links_, std::move(path)); }
    /// A symbolon.yaml that is not the one that is read.
    void add_config(std::string path) { add(configs_, std::move(path)); }

    void append_notes(std::vector<std::string>& notes) const;
    /// A tree without any schema file.
    Error nothing_found(const std::string& tree_name) const;

private:
    struct Group {
        std::size_t count = 0;
        std::vector<std::string> first;  ///< some of them
    };
    static void add(Group& group, std::string path);
    static std::string list(const Group& group);

    std::size_t others_ = 0;
    std::size_t excluded_ = 0;
    Group json_;
    Group links_;
    Group configs_;
};

}  // namespace symbolon::gate
