// Avro values as JSON texts, both ways: Avro's own JSON encoding, and plain JSON as people write
// it.
//
// Avro's encoding: a union's value other than null is {"branch": value} with the branch's full
// name; bytes and fixed are texts of one character U+0000 to U+00FF a byte.
// Plain JSON: a union's value stands for itself; bytes and fixed are base64, or such texts.
// In both, NaN and the infinities are "NaN", "Infinity", "-Infinity", and fields keep the order of
// the schema when written; any order is read.
//
// Which branch of a union a plain value belongs to, the first of these that takes all of it:
//   1. the branch whose JSON looks exactly so: null, boolean, int where 32 bits hold the number,
//      else long; double, else float; string; array; of records the one that fits best (fewest
//      members unknown, then fewest fields absent), then map;
//   2. any other branch, in the order of the schema;
//   3. for an object with one member that is called like a branch, its value read as that branch.
//
// Example:  SYMBOLON_CHECK(read_json(schema, text, options, value));
//           append_json(out, schema, value.root(), options);
// Errors:   malformed_datum: a JSON Pointer, what was expected there and what was found
// Units:    bytes
// Threads:  any thread
// Limits:   datum_json_bytes_max, datum_json_values_max, datum_json_steps_max, datum_cells_max,
//           datum_depth_max
// Source:   Avro 1.12 specification, "JSON Encoding"; docs/clients.md
// Tested by tests/unit/client/codec/avro_json_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class AvroJsonForm : std::uint8_t { avro_encoding, plain };
/// Of bytes and fixed in plain JSON; Avro's encoding knows one form.
enum class BytesForm : std::uint8_t { base64, avro_text };
/// Readable: ISO 8601 and decimal texts where a logical type says so (avro_logical.hpp). Numbers
/// are read all the same. Avro's encoding is always raw.
enum class LogicalForm : std::uint8_t { raw, readable };
/// What becomes of members that no field of a record is called like.
enum class UnknownFields : std::uint8_t { refused, ignored };

struct AvroJsonOptions {
    AvroJsonForm form = AvroJsonForm::plain;
    BytesForm bytes = BytesForm::base64;
    LogicalForm logical = LogicalForm::raw;
    UnknownFields unknown = UnknownFields::refused;
};

/// Appends `value`, which has the shape of `schema`, as one line of JSON.
void append_json(std::string& out, const compat::avro::AvroNode& schema, AvroView value,
                 const AvroJsonOptions& options);

/// The same, to an end: malformed_datum when it takes more than `bytes_max`, and `out` is as it
/// was. Names stand in the text once for each value, so that a few bytes of data can fill all
/// memory.
Status append_json(std::string& out, const compat::avro::AvroNode& schema, AvroView value,
                   const AvroJsonOptions& options, std::size_t bytes_max);

/// Reads a JSON text into `out`, which is cleared first and keeps nothing of `json_text`. Fields
/// that are absent take their defaults; a field without one must be there, even when it may be
/// null.
Status read_json(const compat::avro::AvroNode& schema, std::string_view json_text,
                 const AvroJsonOptions& options, AvroValue& out);

}  // namespace symbolon::client
