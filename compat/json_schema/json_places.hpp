// Where in a text a JSON value stands, as a JSON Pointer; looked up when findings are made.
//
// Values know the offset that they were read at and nothing of what is around them, so the way to
// one is found by going down from the root.
//
// Example:  NodePlaces places(root);  places.find(node) == "/properties/a~1b"
// Errors:   nullopt for values of other texts
// Threads:  one at a time; the values must outlive it
// Source:   RFC 6901
// Tested by tests/unit/compat/json_places_test.cpp
#pragma once

#include "compat/json_text/json_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::json {

class NodePlaces {
public:
    explicit NodePlaces(const JsonNode& root) : root_(root) {}

    /// "" for the root.
    std::optional<std::string> find(const JsonNode& node);

private:
    struct Child {
        const JsonNode* node;
        std::uint32_t position;
    };
    /// The child that `offset` lies in or behind; its node is nullptr when there is none.
    Child child_at(const JsonNode& parent, std::uint32_t offset);
    const std::vector<Child>& sorted_children(const JsonNode& parent);

    const JsonNode& root_;
    std::unordered_map<const JsonNode*, std::vector<Child>> children_;  ///< of large values
};

/// Appends "/" and the token, escaped.
void append_pointer_token(std::string& pointer, std::string_view token);

}  // namespace symbolon::compat::json
