// The codecs of container files: how the bytes of a block are stored.
//
// Example:  BlockCodec codec(ContainerCodec::snappy);
//           SYMBOLON_CHECK(codec.inflate(stored, limits::container_block_bytes_max, block));
// Errors:   malformed_datum when stored bytes are damaged or inflate beyond a bound
// Units:    bytes
// Threads:  one at a time
// Limits:   container_block_bytes_max, by the caller
// Source:   Avro 1.12 specification, "Required Codecs" and "Optional Codecs"
// Tested by tests/unit/client/codec/avro_container_codec_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class ContainerCodec : std::uint8_t { null, deflate, snappy, zstandard };

/// The word in `avro.codec`.
std::string_view to_string(ContainerCodec codec);
std::optional<ContainerCodec> find_container_codec(std::string_view name);

class BlockCodec {
public:
    explicit BlockCodec(ContainerCodec codec);
    BlockCodec(BlockCodec&&) noexcept;
    BlockCodec& operator=(BlockCodec&&) noexcept;
    BlockCodec(const BlockCodec&) = delete;
    BlockCodec& operator=(const BlockCodec&) = delete;
    ~BlockCodec();

    ContainerCodec codec() const;
    /// `block` as it is stored, in `out`.
    Status deflate(std::string_view block, std::string& out);
    /// The block that `stored` holds, in `out`, which never grows beyond `bytes_max`.
    Status inflate(std::string_view stored, std::size_t bytes_max, std::string& out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace symbolon::client
