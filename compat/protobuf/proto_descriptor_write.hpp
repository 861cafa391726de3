// `format=serialized`: a schema as a FileDescriptorProto in base64, for clients that read those.
//
// Errors:   invalid_schema "Invalid protobuf schema definition: …"; check_too_costly
// Threads:  any thread
// Limits:   check_steps_max, schema_text_bytes_max
// Source:   descriptor.proto of Protocol Buffers; protobuf-compat.md 8
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/protobuf/proto_schema.hpp"

#include <string>

namespace symbolon::compat::protobuf {

Result<std::string> write_base64_descriptor(const ProtoFiles& files);

}  // namespace symbolon::compat::protobuf
