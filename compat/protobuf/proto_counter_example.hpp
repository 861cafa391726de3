// A datum that shows a finding: written with one schema, it is lost or becomes another with the
// other.
//
// It is written and read with libprotobuf, so what is told was seen.
//
// Errors:   nothing where none was built: nothing is lost, or libprotobuf takes no such schema
// Threads:  any thread
// Limits:   counter_example_types_max, counter_example_members_max, counter_example_samples_max,
//           counter_example_depth_max
// Source:   Protocol Buffers, "Encoding" and "ProtoJSON Format"
// Tested by tests/unit/compat/proto_counter_example_test.cpp
#pragma once

#include "compat/finding.hpp"
#include "compat/protobuf/proto_schema.hpp"

#include <optional>

namespace symbolon::compat::protobuf {

/// REQUIRES: `finding` comes from a check of these two.
std::optional<CounterExample> build_counter_example(const Finding& finding,
                                                    const ProtoFiles& reader,
                                                    const ProtoFiles& writer);

}  // namespace symbolon::compat::protobuf
