// Options as normalised texts write them: full names, one value for each, one spelling.
//
// Threads:  one at a time
// Limits:   check_steps_max, through the caller's count of steps
// Source:   protobuf-compat.md 8
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/protobuf/proto_names.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::compat::protobuf {

/// The options at a place whose names are looked up from `scope`. `steps` grows by the work done.
void normalize_options(ProtoOptions& options, std::string_view scope, const ProtoNames& names,
                       std::uint64_t& steps);

/// "-1.50" as "-1.5", "1e3" as "1000", "0x7f" as "127"; what is no number stays.
std::string plain_number(std::string_view text);

}  // namespace symbolon::compat::protobuf
