// Avro's binary encoding into values: a pair of schemas is compiled once, then read without
// looking at them again.
//
// Resolution is that of the reference on generic data: what a reader cannot take is an error only
// when a datum brings it, a record's name matters only where a union has to choose, names of enums
// and fixed are compared without their namespaces. Where the reference mends malformed bytes (text
// that is no UTF-8, booleans other than 0 and 1), they are refused here.
//
// Example:  SYMBOLON_TRY(auto plan, AvroReadPlan::compile(writer, reader));
//           SYMBOLON_TRY(const std::size_t used, plan->decode(bytes, value));
// Errors:   compile: invalid_schema (not Avro, a default that does not fit, aliases that make two
//           of one), check_too_costly; decode: malformed_datum with the byte, the path and what was
//           expected
// Units:    bytes, from 0
// Threads:  immutable; any thread
// Limits:   datum_cells_max, datum_depth_max, plan_steps_max, default_cells_max, check_steps_max
// Source:   Avro 1.12 specification, "Schema Resolution" and "Binary Encoding"
// Tested by tests/unit/client/codec/avro_decode_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace symbolon::client {

struct ReadProgram;

class AvroReadPlan {
public:
    /// For data that are read with the schema they were written with.
    static Result<std::shared_ptr<const AvroReadPlan>> compile(const compat::SchemaPtr& writer);
    /// For data of `writer` that are wanted in the shape of `reader`.
    static Result<std::shared_ptr<const AvroReadPlan>> compile(compat::SchemaPtr writer,
                                                               compat::SchemaPtr reader);

    AvroReadPlan(compat::SchemaPtr writer, compat::SchemaPtr reader,
                 const compat::avro::AvroNode& shape, std::unique_ptr<const ReadProgram> program);
    ~AvroReadPlan();
    AvroReadPlan(const AvroReadPlan&) = delete;
    AvroReadPlan& operator=(const AvroReadPlan&) = delete;
    AvroReadPlan(AvroReadPlan&&) = delete;
    AvroReadPlan& operator=(AvroReadPlan&&) = delete;

    /// Decodes one datum at the front of `bytes` into `out`, which is cleared first; answers the
    /// bytes it took. Texts in `out` point into `bytes`, and those of defaults into this plan: keep
    /// both while `out` is read. After an error `out` is empty.
    Result<std::size_t> decode(std::string_view bytes, AvroValue& out) const;

    /// The shape of `out`: the reader's schema. Lives as long as the plan.
    const compat::avro::AvroNode& schema() const { return shape_; }
    /// What the instructions take, without the schemas; a small schema can make many.
    std::size_t memory_bytes() const;

private:
    const compat::SchemaPtr writer_;
    const compat::SchemaPtr reader_;
    const compat::avro::AvroNode& shape_;
    const std::unique_ptr<const ReadProgram> program_;
};

}  // namespace symbolon::client
