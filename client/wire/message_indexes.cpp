#include "client/wire/message_indexes.hpp"

#include "client/wire/payload_fault.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>

namespace symbolon::client {
namespace {

tl::unexpected<Error> bad_indexes(std::string_view what, std::size_t offset) {
    return failure(make_payload_error(
        PayloadFault::corrupt,
        fmt::format("the message indexes before the Protobuf body are malformed: {} at offset {} "
                    "of the body; was it written by a serialiser for Confluent's framing?",
                    what, offset),
        offset, "message indexes"));
}

/// One zigzag varint of at most five bytes at `at`, which moves on; nullopt: there is none.
std::optional<std::int32_t> read_index(std::string_view bytes, std::size_t& at) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 35 && at < bytes.size(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        number |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) {
            if (number > std::numeric_limits<std::uint32_t>::max()) {
                return std::nullopt;
            }
            const auto half = static_cast<std::int32_t>(number >> 1U);
            return (number & 1U) == 0 ? half : -half - 1;
        }
    }
    return std::nullopt;
}

void append_index(std::string& out, std::int32_t index) {
    auto number = static_cast<std::uint64_t>(index) << 1U;
    while (number >= 0x80U) {
        out += static_cast<char>((number & 0x7FU) | 0x80U);
        number >>= 7U;
    }
    out += static_cast<char>(number);
}

}  // namespace

Result<MessageIndexes> parse_message_indexes(std::string_view bytes) {
    MessageIndexes indexes;
    const auto count = read_index(bytes, indexes.bytes);
    if (!count) {
        return bad_indexes("no count", 0);
    }
    if (*count < 0 || static_cast<std::size_t>(*count) > limits::message_indexes_max) {
        return bad_indexes(fmt::format("{} of them, while 1 to {} are possible,", *count,
                                       limits::message_indexes_max),
                           0);
    }
    for (std::int32_t at = 0; at < *count; ++at) {
        const std::size_t begin = indexes.bytes;
        const auto index = read_index(bytes, indexes.bytes);
        if (!index || *index < 0) {
            return bad_indexes(fmt::format("no index {} of {}", at + 1, *count), begin);
        }
        indexes.path.push_back(*index);
    }
    if (indexes.path.empty()) {
        indexes.path.push_back(0);
    }
    return indexes;
}

void append_message_indexes(std::string& out, std::span<const std::int32_t> path) {
    if (path.size() == 1 && path.front() == 0) {
        out += '\0';
        return;
    }
    append_index(out, static_cast<std::int32_t>(path.size()));
    for (const std::int32_t index : path) {
        append_index(out, index);
    }
}

}  // namespace symbolon::client
