// Options of a libprotobuf descriptor as options of a tree and back; extensions that every schema
// can import are understood, others are dropped.
//
// Threads:  any thread
// Source:   descriptor.proto of Protocol Buffers
// Tested by tests/unit/compat/proto_descriptor_test.cpp
#pragma once

#include "compat/protobuf/proto_tree.hpp"

#include <google/protobuf/message.h>

namespace symbolon::compat::protobuf {

/// `options` is a FileOptions, MessageOptions, FieldOptions and so on.
ProtoOptions read_descriptor_options(const google::protobuf::Message& options);

/// Sets what `options` say and `out`, of one of the same types, can hold; the rest is dropped.
/// REQUIRES: `options` are normalised.
void write_descriptor_options(const ProtoOptions& options, google::protobuf::Message& out);

}  // namespace symbolon::compat::protobuf
