// Reads Avro container files block by block, and writes them: what one sees of a file at a time is
// one block.
//
// Example:  SYMBOLON_TRY(auto source, open_file_source("orders.avro"));
//           SYMBOLON_TRY(auto reader, ContainerReader::open(std::move(source)));
//           SYMBOLON_TRY(auto plan, AvroReadPlan::compile(*reader.schema()));
//           while (…) { SYMBOLON_TRY(const bool more, reader.next(*plan, value)); … }
// Errors:   malformed_datum, with the byte of the file and the records that came before; the
//           source's own (cannot_start, unavailable); a target's sink_failed
// Units:    bytes, records
// Threads:  one at a time
// Limits:   container_header_bytes_max, container_metadata_max, container_block_bytes_max,
//           container_free_records_max
// Source:   Avro 1.12 specification, "Object Container Files"
// Tested by tests/unit/client/codec/avro_container_test.cpp
#pragma once

#include "client/codec/avro_container_codec.hpp"
#include "client/codec/avro_container_file.hpp"
#include "client/codec/avro_value.hpp"
#include "compat/parsed_schema.hpp"
#include "core/limits.hpp"
#include "core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

class AvroReadPlan;

/// True when `bytes` begin like a container file.
bool is_container(std::string_view bytes);

struct ContainerLimits {
    /// Of one block, as it is stored and when it is inflated.
    std::size_t block_bytes_max = limits::container_block_bytes_max;
};

/// What stands before the first block.
struct ContainerHeader {
    std::map<std::string, std::string> metadata;  ///< as it stands in the file
    std::string schema_text;
    ContainerCodec codec = ContainerCodec::null;
    std::array<char, 16> sync_marker{};
};

/// The records of one block, one after the other.
struct ContainerBlock {
    std::uint64_t records = 0;
    std::string_view bytes;  ///< inflated; until the reader is asked for the next
};

class ContainerReader {
public:
    static Result<ContainerReader> open(std::unique_ptr<ByteSource> source,
                                        const ContainerLimits& limits = {});
    ContainerReader(ContainerReader&&) noexcept;
    ContainerReader& operator=(ContainerReader&&) noexcept;
    ContainerReader(const ContainerReader&) = delete;
    ContainerReader& operator=(const ContainerReader&) = delete;
    ~ContainerReader();

    const ContainerHeader& header() const;
    /// The schema of the file, parsed leniently.
    const compat::SchemaPtr& schema() const;

    /// Decodes the next record; false at the end of the file. Texts of `out` are good until the
    /// next call. REQUIRES: `plan` reads what schema() wrote.
    Result<bool> next(const AvroReadPlan& plan, AvroValue& out);
    /// The bytes of the next record, which is decoded to find its end; good until the next call;
    /// nullopt at the end of the file.
    Result<std::optional<std::string_view>> next_datum();
    /// What is left of a block, or the next one; nullopt at the end of the file. Does not look
    /// into the records.
    Result<std::optional<ContainerBlock>> next_block();
    /// After a malformed_datum: passes over what is left of the damaged block, and goes on behind
    /// the next sync marker. False: there is none, and the file is over.
    Result<bool> resume();

    /// Where the next block begins; of use after resume().
    std::uint64_t offset() const;
    /// Records that were handed out.
    std::uint64_t records() const;

private:
    struct State;
    explicit ContainerReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

struct ContainerWriterOptions {
    ContainerCodec codec = ContainerCodec::deflate;
    /// A block is closed once its records take as much.
    std::size_t block_bytes = 64U << 10U;
    /// Of one record, and so of a block. Beyond the usual, readers must be told as well.
    std::size_t block_bytes_max = limits::container_block_bytes_max;
    /// Beside avro.schema and avro.codec; names that begin with "avro." are kept for Avro.
    std::map<std::string, std::string> metadata{};
};

class ContainerWriter {
public:
    /// A new file. `schema_text` is written as it is.
    static Result<ContainerWriter> create(std::unique_ptr<ByteTarget> target,
                                          std::string_view schema_text,
                                          const ContainerWriterOptions& options = {});
    /// Goes on with the file `path`, which has the same schema (else sink_failed); its codec and
    /// marker stay. An absent or empty file is begun. A block that was cut off at the end, as by
    /// a crash, is removed: cut_bytes() tells how much.
    static Result<ContainerWriter> open_file(const std::string& path, std::string_view schema_text,
                                             const ContainerWriterOptions& options = {});
    ContainerWriter(ContainerWriter&&) noexcept;
    ContainerWriter& operator=(ContainerWriter&&) noexcept;
    ContainerWriter(const ContainerWriter&) = delete;
    ContainerWriter& operator=(const ContainerWriter&) = delete;
    /// Does not write what was not flushed.
    ~ContainerWriter();

    /// Adds one record, the bytes of one datum. It is in the file after flush() or close().
    Status append(std::string_view datum);
    /// Closes the block. After Durability::on_disk all that was appended survives a crash. A block
    /// that cannot be written is removed from the file and kept in memory for another try.
    Status flush(Durability durability);
    /// flush(on_disk), after which nothing is appended any more.
    Status close();
    /// Forgets all that was appended since the last flush(on_disk), in the file and in memory.
    Status take_back();

    /// Records that are in the file by this writer.
    std::uint64_t records() const;
    /// Bytes of a broken end that open_file() removed.
    std::uint64_t cut_bytes() const;

private:
    struct State;
    explicit ContainerWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace symbolon::client
