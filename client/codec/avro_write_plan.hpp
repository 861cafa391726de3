// A schema as instructions for the encoder, which runs through a value's cells once.
//
// A block is a run of steps for one datum; types that hold themselves are entered by the number of
// their block.
//
// Example:  SYMBOLON_TRY(auto program, compile_writing(schema.tree()));
// Errors:   check_too_costly
// Threads:  immutable once compiled
// Limits:   plan_steps_max
// Source:   Avro 1.12 specification, "Binary Encoding"
// Tested by tests/unit/client/codec/avro_encode_test.cpp
#pragma once

#include "client/codec/field_paths.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {

enum class WriteOp : std::uint8_t {
    null,
    boolean,
    int32,
    int64,
    float32,
    float64,
    bytes,
    string,
    fixed,   ///< a: bytes
    symbol,  ///< a: symbols
    last_leaf = symbol,
    record,    ///< a: fields, which follow
    enter,     ///< a: block
    items,     ///< an array or map (kind); a: block of an item or entry
    union_of,  ///< a: first in `branches`, b: branches
};

struct WriteStep {
    WriteOp op = WriteOp::null;
    compat::avro::AvroKind kind = compat::avro::AvroKind::null;  ///< that the cell has to have
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t path = 0;  ///< in `paths`
};

struct WriteBlock {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

struct WriteProgram {
    std::vector<WriteStep> steps;
    std::vector<WriteBlock> blocks;       ///< the first one writes a datum
    std::vector<std::uint32_t> branches;  ///< blocks
    FieldPaths paths;
};

Result<std::unique_ptr<const WriteProgram>> compile_writing(const compat::avro::AvroTree& schema);

}  // namespace symbolon::client
