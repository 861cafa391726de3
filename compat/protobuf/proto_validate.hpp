// Whether descriptors can be built: what a schema must keep to beyond syntax and names that
// resolve.
//
// Laxer than protoc, as the reference is: reserved numbers in use, for example, pass.
//
// Errors:   invalid_schema "Invalid protobuf schema definition: …"; check_too_costly
// Threads:  any thread
// Limits:   check_steps_max
// Source:   protobuf-compat.md 1; texts of vectors
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/protobuf/proto_schema.hpp"

namespace symbolon::compat::protobuf {

Status validate_proto(const ProtoFiles& files);

}  // namespace symbolon::compat::protobuf
