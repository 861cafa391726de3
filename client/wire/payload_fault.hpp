// What is wrong with a message that cannot be decoded, told apart so that it goes to the right
// queue and the right person.
//
// Example:  if (find_payload_fault(error) == PayloadFault::schema_not_found) …
// Errors:   none
// Units:    offsets are bytes from the message's first
// Threads:  immutable
// Source:   docs/clients.md
// Tested by tests/unit/client/wire/payload_fault_test.cpp
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class PayloadFault : std::uint8_t {
    unknown_framing,        ///< the bytes do not say which schema they have, and nobody else did
    missing_metadata,       ///< an envelope without a field that it must have
    schema_not_found,       ///< the registry has no such schema
    schema_does_not_parse,  ///< it has one that cannot be used
    corrupt,                ///< the bytes are not what the schema says
};

/// "payload_corrupt", "schema_not_found" …: the word of dead-letter records.
std::string_view to_string(PayloadFault fault);

/// What the error of a message carries for machines.
struct PayloadErrorDetail final : ErrorDetail {
    PayloadFault fault = PayloadFault::corrupt;
    std::optional<std::size_t> offset{};  ///< where reading stopped
    std::string field{};  ///< a JSON Pointer, or "detail.schema_id"; empty: none is known
};

Error make_payload_error(PayloadFault fault, std::string message,
                         std::optional<std::size_t> offset = std::nullopt, std::string field = {});

/// nullopt: the message is not to blame (the registry cannot be reached, a token is wrong …).
std::optional<PayloadFault> find_payload_fault(const Error& error);

}  // namespace symbolon::client
