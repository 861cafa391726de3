#include "compat/json_schema/json_places.hpp"

#include <algorithm>

namespace symbolon::compat::json {

void append_pointer_token(std::string& pointer, std::string_view token) {
    pointer += '/';
    for (const char letter : token) {
        if (letter == '~' || letter == '/') {
            pointer += letter == '~' ? "~0" : "~1";
        } else {
            pointer += letter;
        }
    }
}

std::optional<std::string> NodePlaces::find(const JsonNode& node) {
    std::string pointer;
    const JsonNode* at = &root_;
    while (at != &node) {
        const Child child = child_at(*at, node.offset);
        if (child.node == nullptr) {
            return std::nullopt;
        }
        append_pointer_token(pointer, at->kind == JsonKind::object
                                          ? std::string(child.node->key)
                                          : std::to_string(child.position));
        at = child.node;
    }
    return pointer;
}

NodePlaces::Child NodePlaces::child_at(const JsonNode& parent, std::uint32_t offset) {
    constexpr std::uint32_t small = 16;
    if (parent.count > small) {
        const auto& children = sorted_children(parent);
        const auto behind = std::upper_bound(
            children.begin(), children.end(), offset,
            [](std::uint32_t wanted, const Child& child) { return wanted < child.node->offset; });
        return behind == children.begin() ? Child{nullptr, 0} : *(behind - 1);
    }
    // The value of a repeated name stands behind its neighbours, so the list may be out of order.
    Child best{nullptr, 0};
    std::uint32_t position = 0;
    for (const JsonNode* child = parent.first; child != nullptr; child = child->next) {
        if (child->offset <= offset &&
            (best.node == nullptr || best.node->offset < child->offset)) {
            best = {child, position};
        }
        ++position;
    }
    return best;
}

const std::vector<NodePlaces::Child>& NodePlaces::sorted_children(const JsonNode& parent) {
    const auto [found, is_new] = children_.try_emplace(&parent);
    std::vector<Child>& children = found->second;
    if (is_new) {
        children.reserve(parent.count);
        for (const JsonNode* child = parent.first; child != nullptr; child = child->next) {
            children.push_back({child, static_cast<std::uint32_t>(children.size())});
        }
        std::sort(children.begin(), children.end(), [](const Child& left, const Child& right) {
            return left.node->offset < right.node->offset;
        });
    }
    return children;
}

}  // namespace symbolon::compat::json
