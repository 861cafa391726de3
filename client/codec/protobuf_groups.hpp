// Groups of proto2 in a message as messages with a length, and back: libprotobuf's JSON knows only
// these. It writes a group's name with nothing in it, or not at all.
//
// Example:  const std::string bytes = rewrite_groups(canonical, descriptor, GroupForm::message);
// Errors:   none
// Threads:  any thread
// Limits:   protobuf_depth_max
// Source:   Protocol Buffers, "Encoding"; "ProtoJSON format"
// Tested by tests/unit/client/codec/protobuf_codec_test.cpp
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/type_resolver.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class GroupForm : std::uint8_t { message, group };

/// Whether a message of this type may have groups somewhere in it, or an Any that may.
bool may_have_groups(const google::protobuf::Descriptor& type);

/// The same message, its groups in the other form. REQUIRES: libprotobuf wrote
/// `bytes`, but for what an Any holds.
std::string rewrite_groups(std::string_view bytes, const google::protobuf::Descriptor& type,
                           GroupForm to);

/// Types of the pool in which groups are messages.
std::unique_ptr<google::protobuf::util::TypeResolver> resolve_groups_as_messages(
    const std::string& prefix, const google::protobuf::DescriptorPool& pool);

}  // namespace symbolon::client
