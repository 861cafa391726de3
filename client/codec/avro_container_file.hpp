// Where the bytes of a container file come from and go to.
//
// Example:  SYMBOLON_TRY(auto source, open_file_source("orders.avro"));
// Errors:   cannot_start when a file cannot be opened, unavailable when it cannot be read,
//           sink_failed when it cannot be written
// Units:    bytes
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/codec/avro_container_file_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    ByteSource(ByteSource&&) = delete;
    ByteSource& operator=(ByteSource&&) = delete;
    virtual ~ByteSource() = default;

    /// Up to `size` bytes into `to`; 0 at the end.
    virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
    /// Passes over up to `size` bytes; fewer only at the end.
    virtual Result<std::uint64_t> skip(std::uint64_t size);
};

/// Bytes that the caller keeps alive.
std::unique_ptr<ByteSource> memory_source(std::string_view bytes);
/// A stream that the caller keeps alive, such as std::cin.
std::unique_ptr<ByteSource> stream_source(std::istream& stream);
Result<std::unique_ptr<ByteSource>> open_file_source(const std::string& path);

enum class Durability : std::uint8_t {
    handed_over,  ///< to the operating system
    on_disk,
};

class ByteTarget {
public:
    ByteTarget() = default;
    ByteTarget(const ByteTarget&) = delete;
    ByteTarget& operator=(const ByteTarget&) = delete;
    ByteTarget(ByteTarget&&) = delete;
    ByteTarget& operator=(ByteTarget&&) = delete;
    virtual ~ByteTarget() = default;

    virtual Status write(std::string_view bytes) = 0;
    /// What was written survives a crash.
    virtual Status sync() = 0;
    /// Takes back what was written last, down to `size` bytes from the start of the target.
    virtual Status cut(std::uint64_t size) = 0;
    /// Bytes in it.
    virtual std::uint64_t size() const = 0;
    virtual std::string name() const = 0;
};

/// Appends to a text that the caller keeps alive.
std::unique_ptr<ByteTarget> memory_target(std::string& bytes);
/// Creates the file, or appends to it. Another writer of the same file is refused.
Result<std::unique_ptr<ByteTarget>> open_file_target(const std::string& path);

}  // namespace symbolon::client
