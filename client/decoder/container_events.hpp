// The records of an Avro container file as events of their own, and as files of their own where a
// queue keeps them: bytes of a record say nothing without the file's schema.
//
// A record that cannot be read spoils the rest of its block, since nobody knows where the next one
// begins: that rest is one broken event, and reading goes on behind the block. A block that is
// damaged as a whole is a broken event that says where it is, without its bytes; reading goes on
// behind the next sync marker.
//
// Example:  SYMBOLON_TRY(auto events, ContainerEvents::open(std::move(source)));
//           SYMBOLON_TRY(auto event, events->next());  // nullopt: the end
// Errors:   malformed_datum and those of the schema (open), unavailable (the source)
// Threads:  one at a time
// Limits:   those of client/codec/avro_container.hpp
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/container_events_test.cpp
#pragma once

#include "client/codec/avro_container.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/decoder/event.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

class ContainerEvents {
public:
    static Result<std::unique_ptr<ContainerEvents>> open(std::unique_ptr<ByteSource> source,
                                                         const ContainerLimits& limits = {});

    /// The next record, or what is broken; nullopt behind the last one.
    Result<std::optional<Event>> next();

private:
    ContainerEvents(ContainerReader reader, std::shared_ptr<const AvroReadPlan> plan);

    Event take_record(std::size_t bytes);
    /// A block that cannot be read.
    Result<std::optional<Event>> take_damage(Error error);
    /// What is left of the block.
    Event take_rest(std::string_view why);

    ContainerReader reader_;
    std::shared_ptr<const AvroReadPlan> plan_;
    RegisteredSchemaPtr schema_;
    ContainerBlock block_{};
    AvroValue scratch_;
    std::uint64_t whole_records_ = 0;
    bool over_ = false;
};

/// A container file of one block without compression. `data` are `records` data, one behind the
/// other.
std::string to_container_file(std::string_view schema_text, std::uint64_t records,
                              std::string_view data);

}  // namespace symbolon::client
