#include "compat/protobuf/proto_tree.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace symbolon::compat::protobuf {

std::string_view label_word(Label label) {
    switch (label) {
        case Label::none:
            return "";
        case Label::optional:
            return "optional ";
        case Label::required:
            return "required ";
        case Label::repeated:
            return "repeated ";
    }
    return "";
}

namespace {

constexpr std::array scalar_groups{
    std::pair{std::string_view("int32"), ScalarGroup::varint},
    std::pair{std::string_view("int64"), ScalarGroup::varint},
    std::pair{std::string_view("uint32"), ScalarGroup::varint},
    std::pair{std::string_view("uint64"), ScalarGroup::varint},
    std::pair{std::string_view("bool"), ScalarGroup::varint},
    std::pair{std::string_view("sint32"), ScalarGroup::zigzag},
    std::pair{std::string_view("sint64"), ScalarGroup::zigzag},
    std::pair{std::string_view("string"), ScalarGroup::bytes},
    std::pair{std::string_view("bytes"), ScalarGroup::bytes},
    std::pair{std::string_view("fixed32"), ScalarGroup::fixed32},
    std::pair{std::string_view("sfixed32"), ScalarGroup::fixed32},
    std::pair{std::string_view("fixed64"), ScalarGroup::fixed64},
    std::pair{std::string_view("sfixed64"), ScalarGroup::fixed64},
    std::pair{std::string_view("float"), ScalarGroup::float32},
    std::pair{std::string_view("double"), ScalarGroup::float64},
};

}  // namespace

ScalarGroup scalar_group_of(std::string_view type) {
    const auto found = std::find_if(scalar_groups.begin(), scalar_groups.end(),
                                    [type](const auto& row) { return row.first == type; });
    return found == scalar_groups.end() ? ScalarGroup::none : found->second;
}

bool can_be_map_key(std::string_view type) {
    switch (scalar_group_of(type)) {
        case ScalarGroup::none:
        case ScalarGroup::float32:
        case ScalarGroup::float64:
            return false;
        default:
            return type != "bytes";
    }
}

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
