// The codecs of the three schema types, for SchemaCodec::compile.
//
// Threads:  immutable; any thread
// Source:   client/payload/schema_codec.hpp
// Tested by tests/unit/client/payload/schema_codec_test.cpp
#pragma once

#include "client/payload/schema_codec.hpp"

#include <memory>

namespace symbolon::client {

using SchemaCodecPtr = std::shared_ptr<const SchemaCodec>;

// REQUIRES of each: the schema and the reader, where there is one, are parsed and of its type.
Result<SchemaCodecPtr> compile_avro_codec(RegisteredSchemaPtr schema, compat::SchemaPtr reader,
                                          const AvroJsonOptions& options);
Result<SchemaCodecPtr> compile_json_codec(RegisteredSchemaPtr schema,
                                          const compat::SchemaPtr& reader);
Result<SchemaCodecPtr> compile_protobuf_codec(RegisteredSchemaPtr schema,
                                              const compat::SchemaPtr& reader);

}  // namespace symbolon::client
