// Paths to fields as chains of names. They are spelled out only where something is wrong: a long
// name that many fields lead through would be written down for each of them.
//
// Example:  const std::uint32_t at = paths.add(prefix, field.name);  …  paths.text(at)
// Errors:   none
// Units:    bytes
// Threads:  one at a time while it grows, then immutable
// Limits:   error_path_bytes_max
// Tested by tests/unit/client/codec/avro_plan_test.cpp
#pragma once

#include "core/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

class FieldPaths {
public:
    /// No field: what a path begins with.
    static constexpr std::uint32_t root = 0;

    /// The field `name` within `prefix`. REQUIRES: the name outlives this.
    std::uint32_t add(std::uint32_t prefix, std::string_view name) {
        parts_.push_back({prefix, name});
        return static_cast<std::uint32_t>(parts_.size() - 1);
    }
    /// "/a/b"; of very long names the beginning.
    std::string text(std::uint32_t at) const {
        std::vector<std::string_view> names;
        for (; at != root; at = parts_[at].prefix) {
            names.push_back(parts_[at].name.substr(0, limits::error_path_bytes_max));
        }
        std::string path;
        for (std::size_t left = names.size(); left > 0; --left) {
            path += '/';
            path += names[left - 1];
        }
        return path;
    }
    std::size_t memory_bytes() const { return parts_.capacity() * sizeof(Part); }

private:
    struct Part {
        std::uint32_t prefix = root;
        std::string_view name{};
    };
    std::vector<Part> parts_ = std::vector<Part>(1);
};

}  // namespace symbolon::client
