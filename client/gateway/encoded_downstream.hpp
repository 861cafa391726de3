// Downstreams that take records encoded by a registered schema: a Kafka topic, with Confluent's
// framing, and an Avro container file.
//
// The output schema is looked up when the first record comes and again every `ttl`, by one call
// while the others go on; while the registry cannot be reached, the one that is known goes on to be
// used, and without one the registry is asked once a second. A record that does not fit the schema
// is refused for good.
//
// Example:  SYMBOLON_TRY(auto target, open_kafka_downstream(options, source, clock));
// Errors:   cannot_start, sink_failed, and the SchemaSource's for the container file, whose schema
//           must be known when it is opened
// Units:    milliseconds
// Threads:  any thread; records of a container file are written one after the other
// Source:   contract of the event clients, section 4.5
// Tested by tests/unit/client/gateway/encoded_downstream_test.cpp
#pragma once

#include "client/codec/avro_json.hpp"
#include "client/gateway/downstream.hpp"
#include "client/http/clock.hpp"
#include "client/kafka/kafka_options.hpp"
#include "client/registry_client/schema_source.hpp"
#include "client/sink/sink.hpp"
#include "core/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace symbolon::client {

struct OutputSchema {
    std::string subject{};
    WantedVersion version{};  ///< nullopt: the latest
    std::chrono::milliseconds ttl{300'000};
    AvroJsonOptions json{};  ///< how records are written where the schema is Avro's
};

/// What takes framed bytes; Error codes as of KafkaProducer.
using RecordTransport = std::function<Status(const SinkRecord&)>;

/// `source` and `clock` outlive the downstream.
std::unique_ptr<Downstream> make_framed_downstream(std::string name, OutputSchema schema,
                                                   RecordTransport transport, SchemaSource& source,
                                                   Clock& clock);

struct KafkaDownstreamOptions {
    std::string topic{};
    OutputSchema schema{};
    KafkaOptions kafka{};
    /// Asked for: calls under way fail, at the latest when KafkaProducer gives up their records.
    std::stop_token abandon{};
};
Result<std::unique_ptr<Downstream>> open_kafka_downstream(KafkaDownstreamOptions options,
                                                          SchemaSource& source, Clock& clock);

/// Begins the file or goes on with it; the schema stays the one that it was opened with.
Result<std::unique_ptr<Downstream>> open_container_downstream(const std::string& path,
                                                              const OutputSchema& schema,
                                                              SchemaSource& source);

}  // namespace symbolon::client
