// Messages of every framing to JSON records, with schemas from a registry.
//
// In one go, or in three steps for those who decide in between: read_framing (client/wire) tells
// what a message says about its schema, find_schema looks that up, decode_with reads the body.
//
// Example:  PayloadDecoder decoder(registry, {.subject = "orders-value"});
//           SYMBOLON_TRY(const auto records, decoder.decode(bytes, headers));
// Errors:   find_payload_fault() tells those that are the message's from the others, which are the
//           SchemaSource's own, unchanged
// Units:    bytes
// Threads:  any thread
// Limits:   payload_text_bytes_max, fingerprint_versions_max
// Source:   docs/clients.md
// Tested by tests/unit/client/payload/payload_decoder_test.cpp
#pragma once

#include "client/payload/schema_codec.hpp"
#include "client/registry_client/schema_source.hpp"
#include "client/wire/framing.hpp"
#include "client/wire/payload_fault.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct PayloadDecoderOptions {
    std::optional<Framing> framing{};  ///< nullopt: recognised for each message
    PayloadPart part = PayloadPart::value;
    /// The schema of bare bodies: by id, or a subject and version (nullopt: latest). A single
    /// object's fingerprint is looked for among the subject's versions.
    std::optional<SchemaId> id{};
    std::string subject{};
    WantedVersion version{};
    compat::SchemaPtr reader{};  ///< what data are resolved into; nullptr: as they were written
    AvroJsonOptions json{};
    std::size_t codecs_max = 256;  ///< compiled schemas that are kept
};

struct DecodedRecord {
    std::string json;            ///< one line
    RegisteredSchemaPtr schema;  ///< nullptr: a container file's own
};

class PayloadDecoder {
public:
    /// `source` outlives this.
    PayloadDecoder(SchemaSource& source, PayloadDecoderOptions options);
    ~PayloadDecoder();
    PayloadDecoder(const PayloadDecoder&) = delete;
    PayloadDecoder& operator=(const PayloadDecoder&) = delete;
    PayloadDecoder(PayloadDecoder&&) = delete;
    PayloadDecoder& operator=(PayloadDecoder&&) = delete;

    /// One message to its records: a container file has any number, everything else one.
    Result<std::vector<DecodedRecord>> decode(std::string_view bytes,
                                              const PayloadHeaders& headers);

    /// Takes a message apart under the options' framing. `bytes` and `headers` stay alive while
    /// the answer is used.
    Result<FramedPayload> read_framing(std::string_view bytes, const PayloadHeaders& headers) const;
    /// The schema that it was written with, parsed or not (RegisteredSchema::parse_error); nullptr
    /// for a container file that came alone.
    Result<RegisteredSchemaPtr> find_schema(const FramedPayload& framed);
    /// Reads the body. `reader` nullptr: in the writer's shape. A container file is read by its own
    /// schema, and `schema`, which may be nullptr then, is only handed on.
    Result<std::vector<DecodedRecord>> decode_with(const FramedPayload& framed,
                                                   const RegisteredSchemaPtr& schema,
                                                   const compat::SchemaPtr& reader);

    const PayloadDecoderOptions& options() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::client
