// Values into Avro's binary encoding, with a schema that is compiled once.
//
// An array or map becomes one block with its count, so that equal values give equal bytes.
//
// Example:  SYMBOLON_TRY(auto plan, AvroWritePlan::compile(schema));
//           SYMBOLON_CHECK(plan->encode(value.root(), bytes));
// Errors:   compile: invalid_schema (not Avro), check_too_costly; encode: malformed_datum with the
//           path of what does not have the schema's shape
// Units:    bytes
// Threads:  immutable; any thread
// Limits:   datum_depth_max, plan_steps_max
// Source:   Avro 1.12 specification, "Binary Encoding"
// Tested by tests/unit/client/codec/avro_encode_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <memory>
#include <string>

namespace symbolon::client {

struct WriteProgram;

class AvroWritePlan {
public:
    static Result<std::shared_ptr<const AvroWritePlan>> compile(compat::SchemaPtr schema);

    AvroWritePlan(compat::SchemaPtr schema, const compat::avro::AvroNode& shape,
                  std::unique_ptr<const WriteProgram> program);
    ~AvroWritePlan();
    AvroWritePlan(const AvroWritePlan&) = delete;
    AvroWritePlan& operator=(const AvroWritePlan&) = delete;
    AvroWritePlan(AvroWritePlan&&) = delete;
    AvroWritePlan& operator=(AvroWritePlan&&) = delete;

    /// Appends the encoding of `value`; after an error `out` is as it was.
    Status encode(AvroView value, std::string& out) const;

    /// The schema that was compiled. Lives as long as the plan.
    const compat::avro::AvroNode& schema() const { return shape_; }

private:
    const compat::SchemaPtr schema_;
    const compat::avro::AvroNode& shape_;
    const std::unique_ptr<const WriteProgram> program_;
};

}  // namespace symbolon::client
