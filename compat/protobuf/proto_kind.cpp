#include "compat/protobuf/proto_kind.hpp"

#include <algorithm>

namespace symbolon::compat::protobuf {

std::vector<PlacedField> fields_by_number(const ProtoMessage& message) {
    std::vector<PlacedField> fields;
    for (const ProtoField& field : message.fields) {
        fields.push_back({&field, nullptr});
    }
    for (const ProtoOneof& oneof : message.oneofs) {
        for (const ProtoField& field : oneof.fields) {
            fields.push_back({&field, &oneof});
        }
    }
    std::reverse(fields.begin(), fields.end());
    std::stable_sort(fields.begin(), fields.end(), [](const auto& left, const auto& right) {
        return left.number() < right.number();
    });
    fields.erase(std::unique(fields.begin(), fields.end(),
                             [](const auto& left, const auto& right) {
                                 return left.number() == right.number();
                             }),
                 fields.end());
    return fields;
}

const PlacedField* find_number(const std::vector<PlacedField>& fields, std::int32_t number) {
    const auto found =
        std::lower_bound(fields.begin(), fields.end(), number,
                         [](const auto& field, auto wanted) { return field.number() < wanted; });
    return found == fields.end() || found->number() != number ? nullptr : &*found;
}

ProtoKind kind_of(std::string_view type, std::string_view scope, const ProtoNames& names,
                  std::uint64_t& steps) {
    ProtoKind kind;
    kind.group = scalar_group_of(type);
    if (kind.group != ScalarGroup::none) {
        kind.shape = ProtoKind::Shape::scalar;
        return kind;
    }
    if (const auto types = find_map_types(type)) {
        kind.shape = ProtoKind::Shape::map;
        kind.key = types->key;
        kind.value = types->value;
        kind.scope = scope;
        return kind;
    }
    kind.written = type;
    kind.found = names.find(scope, type, ProtoNames::Wanted::type, steps);
    if (!kind.found) {
        return kind;
    }
    if (kind.found->what.enumeration != nullptr) {
        kind.shape = ProtoKind::Shape::scalar;
        kind.group = ScalarGroup::varint;
    } else if (is_map_entry(*kind.found->what.message)) {
        kind.shape = ProtoKind::Shape::map;
        kind.scope = kind.found->full_name;
        for (const ProtoField& part : kind.found->what.message->fields) {
            (part.name == "key" ? kind.key : kind.value) = part.type;
        }
    }
    return kind;
}

}  // namespace symbolon::compat::protobuf
