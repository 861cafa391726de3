// A tree to .proto text: the one layout that the registry stores, hashes and returns.
//
// Errors:   invalid_schema when the text grows too long
// Threads:  any thread
// Limits:   schema_text_bytes_max
// Source:   protobuf-compat.md 7; docs/parity.md, "Protobuf"
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/protobuf/proto_tree.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>

namespace symbolon::compat::protobuf {

/// Which order a field's options come in.
enum class OptionOrder {
    default_last,  ///< canonical: `default` and `json_name` behind the others
    as_in_tree,    ///< normalised: they have been sorted
};

Result<std::string> print_proto(const ProtoFile& file, OptionOrder order);

/// `text` between double quotes, such that any reader of .proto texts gets the same bytes.
std::string quote_proto(std::string_view text);

}  // namespace symbolon::compat::protobuf
