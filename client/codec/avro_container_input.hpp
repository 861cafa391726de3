// What readers and writers of container files share: reading the header, and the numbers and
// markers between blocks.
//
// Example:  SYMBOLON_TRY(const ContainerHeader header, read_container_header(input));
// Errors:   malformed_datum; the source's own
// Units:    bytes from the start of the file
// Threads:  one at a time
// Limits:   container_header_bytes_max, container_metadata_max
// Source:   Avro 1.12 specification, "Object Container Files"
// Tested by tests/unit/client/codec/avro_container_test.cpp
#pragma once

#include "client/codec/avro_container.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

inline constexpr std::string_view container_magic{"Obj\x01", 4};

class ContainerInput {
public:
    explicit ContainerInput(std::unique_ptr<ByteSource> source);

    /// Where the next byte stands.
    std::uint64_t offset() const { return offset_; }
    /// The source ended where something was expected.
    bool is_cut_off() const { return is_cut_off_; }
    /// True when nothing follows.
    Result<bool> at_end();
    /// nullopt: cut off, or no number of 64 bits.
    Result<std::optional<std::int64_t>> read_long();
    /// Exactly `size` bytes into `out`, which grows as they come. False: cut off.
    Result<bool> read_bytes(std::uint64_t size, std::string& out);
    Result<bool> skip(std::uint64_t size);
    /// The bytes that were read last come again.
    void put_back(std::string_view bytes);
    /// Passes over all that comes before `marker`, and over that. False: it does not come.
    Result<bool> skip_behind(std::string_view marker);

private:
    Result<bool> fill();

    std::unique_ptr<ByteSource> source_;
    std::vector<char> buffer_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;
    bool is_cut_off_ = false;
};

Result<ContainerHeader> read_container_header(ContainerInput& input);

/// As Avro writes a long.
void append_long(std::string& out, std::int64_t number);

}  // namespace symbolon::client
