// Reads bytes with the decoder and with the naive one, and says where they disagree; what was read
// is written and read again.
//
// Example:  EXPECT_EQ(find_disagreement(writer, reader, bytes), "");
// Threads:  any thread
// Tested by tests/unit/client/codec/avro_differential_test.cpp
#pragma once

#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_value_json.hpp"
#include "tests/support/naive_avro_decode.hpp"

#include <string>
#include <string_view>

namespace symbolon::tests {

/// Writes a value of `schema`, reads that again and compares.
inline std::string find_change(const compat::SchemaPtr& schema, const client::AvroValue& value) {
    const auto writing = client::AvroWritePlan::compile(schema);
    const auto reading = client::AvroReadPlan::compile(schema);
    if (!writing || !reading) {
        return "a schema that was compiled does not compile";
    }
    std::string written = "before";
    if (const Status status = (*writing)->encode(value.root(), written); !status) {
        return "what was read cannot be written: " + status.error().message;
    }
    const std::string_view bytes = std::string_view(written).substr(6);
    client::AvroValue again;
    const auto used = (*reading)->decode(bytes, again);
    if (!used || *used != bytes.size()) {
        return "what was written cannot be read";
    }
    std::string twice;
    if (!(*writing)->encode(again.root(), twice) || twice != bytes) {
        return "what was written changes when it is read and written again";
    }
    return to_avro_json((*reading)->schema(), value.root()).dump() ==
                   to_avro_json((*reading)->schema(), again.root()).dump()
               ? ""
               : "the value changes when it is written and read again";
}

/// Empty: both agree, or the naive one gave up.
inline std::string find_disagreement(const compat::SchemaPtr& writer,
                                     const compat::SchemaPtr& reader, std::string_view bytes) {
    const auto plan = client::AvroReadPlan::compile(writer, reader);
    if (!plan) {
        return plan.error().code == ErrorCode::invalid_schema ||
                       plan.error().code == ErrorCode::check_too_costly
                   ? ""
                   : "compile: " + plan.error().message;
    }
    client::AvroValue value;
    const auto used = (*plan)->decode(bytes, value);
    if (value.raw().capacity() > limits::datum_cells_max) {
        return "more cells than allowed";
    }
    const NaiveReading naive = read_naively(*writer, *reader, bytes);
    if (!used) {
        return naive.gave_up || !naive.value
                   ? ""
                   : "refused: " + used.error().message + "; naively " + naive.value->dump();
    }
    if (!naive.gave_up) {
        if (!naive.value) {
            return "read, and naively not";
        }
        if (naive.used != *used) {
            return "another number of bytes";
        }
        if (const Json ours = to_avro_json((*plan)->schema(), value.root()); ours != *naive.value) {
            return ours.dump() + " is not " + naive.value->dump();
        }
    }
    return find_change(reader, value);
}

}  // namespace symbolon::tests
