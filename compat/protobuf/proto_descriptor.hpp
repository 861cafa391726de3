// Between trees and libprotobuf's descriptors. Only this and counter-examples know libprotobuf.
//
// Errors:   invalid_schema
// Threads:  any thread
// Limits:   those of the parser: a descriptor becomes text and is read like one
// Source:   descriptor.proto of Protocol Buffers; protobuf-compat.md 1, 7 and 8
// Tested by tests/unit/compat/proto_descriptor_test.cpp
#pragma once

#include "compat/protobuf/proto_built_in.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace symbolon::compat::protobuf {

/// The tree of a FileDescriptorProto in base64; nullopt when the text is none.
std::optional<ProtoFile> parse_base64_descriptor(std::string_view text);

/// The files of google/protobuf that libprotobuf brings along.
std::vector<BuiltInFile> read_library_files();

}  // namespace symbolon::compat::protobuf
