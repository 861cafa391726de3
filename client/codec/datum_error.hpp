// What the error of a datum that cannot be read carries for machines: where reading stopped.
//
// Example:  return failure(make_datum_error("the text is cut off", offset, "/agent/name"));
// Errors:   none
// Units:    offsets are bytes from the datum's first
// Threads:  immutable
// Tested by tests/unit/client/codec/protobuf_codec_test.cpp
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace symbolon::client {

struct DatumErrorDetail final : ErrorDetail {
    std::optional<std::size_t> offset{};
    std::string field{};  ///< a JSON Pointer without positions in arrays; empty: the whole datum
};

/// A malformed_datum; the message tells the place in words, too.
inline Error make_datum_error(std::string message, std::optional<std::size_t> offset,
                              std::string field) {
    auto detail = std::make_shared<DatumErrorDetail>();
    detail->offset = offset;
    detail->field = std::move(field);
    return Error{ErrorCode::malformed_datum, std::move(message), std::move(detail)};
}

}  // namespace symbolon::client
