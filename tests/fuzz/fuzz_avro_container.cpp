// Any bytes as an Avro container file, and as a stored block of each codec: what inflates stays
// within its bound, the records that are read come back when they are written, and what is damaged
// is passed over.
#include "client/codec/avro_container.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_json.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::client;

constexpr std::size_t block_bytes_max = 1U << 20U;
constexpr std::size_t records_max = 2'000;

void demand(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void inflate_as_each(std::string_view stored) {
    for (const auto codec : {ContainerCodec::null, ContainerCodec::deflate, ContainerCodec::snappy,
                             ContainerCodec::zstandard}) {
        BlockCodec blocks(codec);
        std::string block;
        const auto status = blocks.inflate(stored, block_bytes_max, block);
        demand(block.size() <= block_bytes_max);
        demand(status || status.error().code == ErrorCode::malformed_datum);
        std::string packed;
        std::string again;
        demand(blocks.deflate(stored, packed).has_value());
        demand(blocks.inflate(packed, std::max(block_bytes_max, stored.size()), again).has_value());
        demand(again == stored);
    }
}

/// The records of a file as bytes, up to the first that is wrong.
std::vector<std::string> read_data(std::string_view bytes) {
    std::vector<std::string> data;
    auto reader = ContainerReader::open(memory_source(bytes), {block_bytes_max});
    while (reader && data.size() < records_max) {
        const auto datum = reader->next_datum();
        if (!datum) {
            demand(datum.error().code == ErrorCode::malformed_datum ||
                   datum.error().code == ErrorCode::invalid_schema ||
                   datum.error().code == ErrorCode::check_too_costly);
        }
        if (!datum || !*datum) {
            break;
        }
        data.emplace_back(**datum);
    }
    return data;
}

/// Behind each damage reading goes on, always further, and comes to an end.
void read_on(std::string_view bytes) {
    auto reader = ContainerReader::open(memory_source(bytes), {block_bytes_max});
    std::uint64_t behind = 0;
    for (std::size_t blocks = 0; reader && blocks < records_max; ++blocks) {
        const auto block = reader->next_block();
        if (block && !*block) {
            return;
        }
        if (!block) {
            const auto resumed = reader->resume();
            demand(resumed.has_value());
            demand(reader->offset() > behind && reader->offset() <= bytes.size());
            behind = reader->offset();
            demand(*resumed || behind == bytes.size());
        }
    }
}

void write_and_compare(std::string_view bytes, const std::vector<std::string>& data) {
    const auto reader = ContainerReader::open(memory_source(bytes));
    if (!reader || data.empty()) {
        return;
    }
    std::string written;
    auto writer = ContainerWriter::create(memory_target(written), reader->header().schema_text,
                                          {.codec = reader->header().codec, .block_bytes = 100});
    demand(writer.has_value());
    for (const std::string& datum : data) {
        demand(writer->append(datum).has_value());
    }
    demand(writer->close().has_value());
    demand(read_data(written) == data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    inflate_as_each(bytes);
    write_and_compare(bytes, read_data(bytes));
    read_on(bytes);
    return 0;
}
