// The full names that a schema can use: its own, those of its references, and built-in ones.
//
// All files form one pool; import statements are not asked (protobuf-compat.md 2).
//
// Errors:   invalid_schema when there are too many names, or one is too long
// Threads:  immutable once built; any thread
// Limits:   schema_names_max, name_bytes_max
// Source:   protobuf-compat.md 2, 3 and 5
// Tested by tests/unit/compat/proto_names_test.cpp
#pragma once

#include "compat/protobuf/proto_tree.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::protobuf {

/// What a full name stands for: exactly one of the three.
struct ProtoName {
    const ProtoMessage* message = nullptr;
    const ProtoEnum* enumeration = nullptr;
    const ProtoField* extension = nullptr;
    std::uint32_t file = 0;  ///< 0 is the schema itself, then its references, then built_in_file
};
inline constexpr std::uint32_t built_in_file = 0xFFFF'FFFF;

/// A name that was found, spelled in full, and the bytes of it that are its file's package.
struct FoundName {
    ProtoName what;
    std::string full_name;
    std::size_t package_bytes = 0;

    /// The name without its package: `Outer.Inner`.
    std::string_view local_name() const {
        const std::string_view name = full_name;
        return package_bytes == 0 ? name : name.substr(package_bytes + 1);
    }
};

/// `scope` and `name` with a dot between, unless the scope is empty.
std::string join_names(std::string_view scope, std::string_view name);

class ProtoNames {
public:
    ProtoNames();

    /// Adds all names of a file. The first to take a name keeps it.
    /// REQUIRES: `file` outlives this and does not change.
    Status add_file(const ProtoFile& file, std::uint32_t number);
    /// Built-in files that are not to be looked into, since a reference has their name.
    void hide_built_in(std::string path) { hidden_.push_back(std::move(path)); }

    enum class Wanted { type, extension };
    /// The first that exists of scope.name, outer.name, … name. `steps` grows by what was looked
    /// at.
    std::optional<FoundName> find(std::string_view scope, std::string_view name, Wanted wanted,
                                  std::uint64_t& steps) const;

private:
    struct Node {
        std::uint32_t parent = 0;
        std::string_view part;
        std::size_t bytes = 0;  ///< of the full name
        std::vector<ProtoName> names;
    };
    struct Step {
        std::uint32_t parent;
        std::string_view part;
        friend bool operator==(const Step&, const Step&) = default;
    };
    struct StepHash {
        std::size_t operator()(const Step& step) const {
            constexpr std::size_t odd = 0x9E37'79B9'7F4A'7C15U;
            return std::hash<std::string_view>()(step.part) ^ (step.parent * odd);
        }
    };

    std::uint32_t child(std::uint32_t parent, std::string_view part);
    std::uint32_t scope_node(std::string_view scope);
    std::optional<std::uint32_t> find_node(std::uint32_t from, std::string_view name,
                                           std::uint64_t& steps) const;
    void add_message(const ProtoMessage& message, std::uint32_t parent, std::uint32_t file);
    void add_members(const ProtoMessage& message, std::uint32_t node, std::uint32_t file);
    void add_extends(const std::vector<ProtoExtend>& extends, std::uint32_t parent,
                     std::uint32_t file);
    void add_name(std::uint32_t parent, std::string_view part, ProtoName name);
    std::string full_name_of(std::uint32_t node) const;
    std::optional<FoundName> find_built_in(const std::string& full_name, Wanted wanted) const;
    static bool fits(const ProtoName& name, Wanted wanted);

    std::vector<Node> nodes_;
    std::unordered_map<Step, std::uint32_t, StepHash> children_;
    std::vector<std::string_view> packages_;
    std::vector<std::string> hidden_;
    bool too_long_ = false;
};

}  // namespace symbolon::compat::protobuf
