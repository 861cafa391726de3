#include "compat/protobuf/proto_tree.hpp"

#include <algorithm>

namespace symbolon::compat::protobuf {

std::optional<MapTypes> find_map_types(std::string_view type) {
    constexpr std::string_view opening = "map<";
    constexpr std::string_view between = ", ";
    const std::size_t comma = type.find(between);
    if (!type.starts_with(opening) || comma == std::string_view::npos) {
        return std::nullopt;
    }
    MapTypes types;
    types.key = type.substr(opening.size(), comma - opening.size());
    types.value = type.substr(comma + between.size());
    types.value.remove_suffix(1);  // the closing bracket
    return types;
}

bool is_map_entry(const ProtoMessage& message) {
    return std::any_of(message.options.begin(), message.options.end(), [](const auto& option) {
        return !option.custom && option.name == "map_entry" && option.value.text == "true";
    });
}

}  // namespace symbolon::compat::protobuf
