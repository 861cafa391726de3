// What libprotobuf needs in order to write and read data of one message of a schema.
//
// Only what the message reaches is built, and only what decides how bytes are written and read, so
// that a fault elsewhere in a schema does no harm.
//
// Errors:   nothing is built where libprotobuf refuses the types, or where there are too many
// Threads:  one at a time
// Limits:   ProtoPoolBounds
// Source:   descriptor.proto of Protocol Buffers
// Tested by tests/unit/compat/proto_counter_example_test.cpp
#pragma once

#include "compat/protobuf/proto_schema.hpp"
#include "core/limits.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace symbolon::compat::protobuf {

/// What a message reaches.
enum class ProtoReach : std::uint8_t {
    fields,         ///< what its fields have as types
    what_any_holds  ///< where one is a google.protobuf.Any, also all of the schema's files and the
                    ///< well-known types
};

/// How much a message may reach.
struct ProtoPoolBounds {
    std::size_t types_max = limits::counter_example_types_max;
    std::size_t members_max = limits::counter_example_members_max;
    ProtoReach reach = ProtoReach::fields;
};

class ProtoPool {
public:
    /// nullptr when it cannot be built; `problem` then says why, where it is wanted.
    /// REQUIRES: `message` is a message of `files`.
    static std::unique_ptr<ProtoPool> build(const ProtoFiles& files, const FoundName& message,
                                            const ProtoPoolBounds& bounds = {},
                                            std::string* problem = nullptr);

    /// The message that it was built for.
    const google::protobuf::Descriptor* message() const { return message_; }
    std::unique_ptr<google::protobuf::Message> new_message() {
        return std::unique_ptr<google::protobuf::Message>(factory_.GetPrototype(message_)->New());
    }

    /// Empty; `build` makes those that are of use.
    ProtoPool() : factory_(&pool_) {}

private:
    google::protobuf::DescriptorPool pool_;
    google::protobuf::DynamicMessageFactory factory_;
    const google::protobuf::Descriptor* message_ = nullptr;
};

}  // namespace symbolon::compat::protobuf
