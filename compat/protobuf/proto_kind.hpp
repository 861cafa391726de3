// The fields of a message as a comparison sees them: by number, with what their types turn out to
// be.
//
// Threads:  any thread
// Source:   protobuf-compat.md 4
// Tested by tests/unit/compat/proto_check_test.cpp
#pragma once

#include "compat/protobuf/proto_names.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::protobuf {

struct PlacedField {
    const ProtoField* field = nullptr;
    const ProtoOneof* oneof = nullptr;

    std::int32_t number() const { return field->number; }
};

/// All fields of a message by their numbers; of several with one number the last counts.
std::vector<PlacedField> fields_by_number(const ProtoMessage& message);
/// nullptr when none has this number. REQUIRES: `fields` comes from fields_by_number.
const PlacedField* find_number(const std::vector<PlacedField>& fields, std::int32_t number);

/// What a field's type turns out to be.
struct ProtoKind {
    enum class Shape : std::uint8_t { scalar, map, message };
    Shape shape = Shape::message;
    ScalarGroup group = ScalarGroup::none;
    std::optional<FoundName> found;  ///< message
    std::string written;             ///< message
    std::string key;                 ///< map
    std::string value;               ///< map
    std::string scope;               ///< from where the map's types are looked up
};

/// The kind of a type as it is written in `scope`. `steps` grows by the work done.
ProtoKind kind_of(std::string_view type, std::string_view scope, const ProtoNames& names,
                  std::uint64_t& steps);

}  // namespace symbolon::compat::protobuf
