// What findings say of fields: how they are declared, how their types are encoded.
//
// Threads:  any thread
// Source:   Protocol Buffers, "Encoding"
// Tested by tests/unit/compat/proto_places_test.cpp
#pragma once

#include "compat/protobuf/proto_kind.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <string>
#include <string_view>

namespace symbolon::compat::protobuf {

/// A declaration between backticks: `optional string name = 3;`.
std::string declaration_of(const ProtoField& field);
/// The same of a file's package, or "no package statement".
std::string declaration_of_package(const ProtoFile& file);
/// "a varint (wire type 0)".
std::string_view encoding_of(ScalarGroup group);
/// "a scalar", "a map" or "a message".
std::string_view word_of(ProtoKind::Shape shape);

}  // namespace symbolon::compat::protobuf
