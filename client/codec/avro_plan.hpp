// A pair of schemas as instructions: what the decoder runs instead of walking trees.
//
// A block is a run of steps for one datum, one record's fields or one field skipped. Steps that
// hold others name them by the number of their block, so recursive types are circles and the
// program stays flat. Cells of which a block knows how many it writes are asked for at once.
//
// Example:  SYMBOLON_TRY(auto program, compile_reading(writer.tree(), reader.tree()));
// Errors:   invalid_schema, check_too_costly
// Threads:  immutable once compiled
// Limits:   plan_steps_max, default_cells_max
// Source:   Avro 1.12 specification, "Binary Encoding"
// Tested by tests/unit/client/codec/avro_plan_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "client/codec/field_paths.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {

enum class ReadOp : std::uint8_t {
    // Leaves: they read one value, and write one cell or none.
    null,
    boolean,
    int32,
    int64,
    float32,
    float64,
    bytes,
    string,
    bytes_as_string,  ///< what is no UTF-8 is mended
    fixed,            ///< a: bytes
    symbol,           ///< a: symbols of the writer, which are the reader's
    mapped_symbol,    ///< a: first in `symbols`, b: symbols of the writer, c: in `enums`
    int32_as_int64,
    int32_as_float32,
    int32_as_float64,
    int64_as_float32,
    int64_as_float64,
    float32_as_float64,
    skip_int32,
    skip_int64,
    skip_text,   ///< bytes and strings
    skip_bytes,  ///< a: how many
    last_leaf = skip_bytes,
    // Cells without a read.
    open,      ///< a record or union (kind) of known extent; a: count, b: extent
    move,      ///< a: cells to go on or back, as a signed number
    constant,  ///< a: first cell in `defaults`, b: cells
    // What runs other blocks.
    enter,        ///< a record or union (kind); a: count, b: block
    reordered,    ///< a record; a: fields, b: first in `groups`, c: groups
    array,        ///< a: block of the item, b: its bytes at least
    map,          ///< the same; the block begins with the key
    union_of,     ///< a: first in `branches`, b: branches
    skip_array,   ///< a: block of the item, b: its bytes at least; maps too
    skip_union,   ///< a: first in `branches`, b: branches
    skip_record,  ///< a: block
    fail,         ///< a: in `problems`
};

struct ReadStep {
    ReadOp op = ReadOp::null;
    AvroKind kind = AvroKind::null;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
    std::uint32_t path = 0;  ///< in `paths`
};

struct ReadBlock {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t cells = 0;  ///< that its own steps write at most
};

struct ReadBranch {
    static constexpr std::uint32_t not_in_union = 0xFFFF'FFFF;
    std::uint32_t block = 0;
    std::uint32_t reader_branch = not_in_union;
};

/// Fields that are read one after the other and stay together.
struct ReadGroup {
    std::uint32_t block = 0;
    std::uint32_t rank = 0;       ///< in the order of the reader
    std::uint32_t with_rank = 0;  ///< the group that has this one's position as its rank
};

struct ReadProgram {
    static constexpr std::uint32_t no_symbol = 0xFFFF'FFFF;

    std::vector<ReadStep> steps;
    std::vector<ReadBlock> blocks;  ///< the first one reads a datum
    std::vector<ReadBranch> branches;
    std::vector<ReadGroup> groups;
    std::vector<std::uint32_t> symbols;
    std::vector<const compat::avro::AvroNode*> enums;  ///< of the writer
    FieldPaths paths;
    std::vector<std::string> problems;
    AvroValue defaults;
};

/// The tree of a schema; invalid_schema when it is of another type.
Result<const compat::avro::AvroTree*> avro_tree_of(const compat::SchemaPtr& schema);

Result<std::unique_ptr<const ReadProgram>> compile_reading(const compat::avro::AvroTree& writer,
                                                           const compat::avro::AvroTree& reader);

}  // namespace symbolon::client
