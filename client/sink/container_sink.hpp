// A sink whose records are Avro data of one schema, in a container file.
//
// Example:  SYMBOLON_TRY(auto sink, open_container_sink("lake/orders.avro", schema_text));
// Errors:   sink_failed
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/sink/container_sink_test.cpp
#pragma once

#include "client/codec/avro_container.hpp"
#include "client/sink/sink.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

/// Begins the file or goes on with it (ContainerWriter::open_file). The value of each record is
/// one datum; every write() ends a block and is on disk when it answers. Of a write that fails
/// nothing stays.
Result<std::unique_ptr<Sink>> open_container_sink(const std::string& path,
                                                  std::string_view schema_text,
                                                  const ContainerWriterOptions& options = {});

}  // namespace symbolon::client
