// What the error of a datum that cannot be read carries for machines: where reading stopped.
//
// Example:  return failure(make_datum_error("the text is cut off", offset, "/agent/name"));
// Errors:   none
// Units:    offsets are bytes from the datum's first
// Threads:  immutable
// Limits:   error_path_bytes_max
// Tested by tests/unit/client/codec/protobuf_codec_test.cpp
#pragma once

#include "core/error.hpp"
#include "core/limits.hpp"

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

/// A path of any length as one for a message: its beginning and its end. UTF-8 stays UTF-8.
inline std::string shorten_path(const std::string& path) {
    constexpr std::size_t half = limits::error_path_bytes_max / 2;
    if (path.size() <= 2 * half) {
        return path;
    }
    const auto is_within_letter = [&path](std::size_t at) {
        return at < path.size() && (static_cast<unsigned char>(path[at]) & 0xC0U) == 0x80U;
    };
    std::size_t begin = half;
    for (; begin > 0 && is_within_letter(begin); --begin) {
    }
    std::size_t end = path.size() - half;
    for (; is_within_letter(end); ++end) {
    }
    return path.substr(0, begin) + "…" + path.substr(end);
}

/// A malformed_datum; the message tells the place in words, too.
inline Error make_datum_error(std::string message, std::optional<std::size_t> offset,
                              std::string field) {
    auto detail = std::make_shared<DatumErrorDetail>();
    detail->offset = offset;
    detail->field = std::move(field);
    return Error{ErrorCode::malformed_datum, std::move(message), std::move(detail)};
}

}  // namespace symbolon::client
