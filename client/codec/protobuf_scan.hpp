// Walks the bytes of a message before libprotobuf reads them: finds where they are malformed, and
// what reading them would take.
//
// Example:  SYMBOLON_CHECK(scan_message(bytes, descriptor, sizes));
// Errors:   malformed_datum with a DatumErrorDetail: the offset and the path of the field
// Units:    bytes
// Threads:  any thread
// Limits:   protobuf_depth_max, protobuf_memory_bytes_max
// Source:   Protocol Buffers, "Encoding"
// Tested by tests/unit/client/codec/protobuf_codec_test.cpp
#pragma once

#include "core/result.hpp"

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace symbolon::client {

/// What an empty message of each type takes, for all types in reach.
using MessageSizes = std::unordered_map<const google::protobuf::Descriptor*, std::size_t>;

Status scan_message(std::string_view bytes, const google::protobuf::Descriptor& type,
                    const MessageSizes& sizes);

}  // namespace symbolon::client
