// What a message is and what is in it, or where reading stops and what to do about it: for people
// who look at one.
//
// Example:  const Explanation found = explain_payload(bytes, headers, &registry, options);
// Errors:   none are returned: what went wrong is part of the explanation
// Units:    bytes; offsets from the message's first
// Threads:  any thread
// Limits:   explained_records_max
// Source:   docs/clients.md
// Tested by tests/unit/client/payload/explanation_test.cpp
#pragma once

#include "client/payload/payload_decoder.hpp"
#include "client/registry_client/schema_source.hpp"
#include "client/wire/framing.hpp"
#include "core/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct ExplainedError {
    Error error;
    std::optional<PayloadFault> fault{};  ///< nullopt: the message is not to blame
    std::optional<std::size_t> offset{};  ///< of an envelope: in its payload
    std::string field{};
    std::string hint{};  ///< what to do about it; empty: nothing is known
};

struct Explanation {
    Framing framing = Framing::bare;
    std::string reason{};  ///< why that framing
    std::size_t bytes = 0;
    std::optional<FramedPayload> framed{};
    RegisteredSchemaPtr schema{};
    std::string container_schema{};  ///< a container file's own
    std::string container_codec{};
    std::vector<std::string> records{};  ///< each one line of JSON
    bool has_more_records = false;
    std::optional<ExplainedError> error{};
    std::string note{};  ///< why nothing was decoded although nothing is wrong
};

/// `source` nullptr: no schema can be looked up, and only what the bytes say is told.
Explanation explain_payload(std::string_view bytes, const PayloadHeaders& headers,
                            SchemaSource* source, const PayloadDecoderOptions& options);

/// The bytes around `offset` as lines of hexadecimal and text, with a mark below it.
std::string dump_around(std::string_view bytes, std::size_t offset);

/// Compact JSON with line breaks and indentation; members keep their order.
std::string indent_json(std::string_view json);

}  // namespace symbolon::client
