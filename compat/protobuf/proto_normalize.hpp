// The normalised tree: full names, sorted where order means nothing, one spelling for each thing.
//
// Errors:   invalid_schema "Could not resolve type: …"; check_too_costly
// Threads:  any thread
// Limits:   check_steps_max
// Source:   protobuf-compat.md 5 and 8
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/protobuf/proto_schema.hpp"

namespace symbolon::compat::protobuf {

/// Fails when a name does not resolve that has to.
Result<ProtoFile> normalize_proto(const ProtoFiles& files);

}  // namespace symbolon::compat::protobuf
