// `format=ignore_extensions`: a file without what only some of its readers can understand.
//
// Threads:  any thread
// Source:   protobuf-compat.md 8
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/protobuf/proto_tree.hpp"

namespace symbolon::compat::protobuf {

/// Without extend blocks, extension ranges, and custom options other than Confluent's.
ProtoFile without_extensions(ProtoFile file);

}  // namespace symbolon::compat::protobuf
