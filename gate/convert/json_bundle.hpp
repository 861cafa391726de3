// A JSON Schema and all that it refers to in one text, each referenced schema as a definition with
// the name that it is referred to by.
//
// Example:  SYMBOLON_TRY(const auto text, bundle_json_schema(root_text, reference_texts));
// Errors:   invalid_schema: what cannot be put into one text without changing its meaning
// Threads:  any thread
// Limits:   schema_text_bytes_max, reference_bytes_max
// Source:   JSON Schema 2020-12, "Compound Schema Documents"; draft-07, "The $id Keyword"
// Tested by tests/unit/gate/convert/json_bundle_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace symbolon::gate {

Result<std::string> bundle_json_schema(std::string_view text,
                                       std::span<const compat::NamedText> references);

}  // namespace symbolon::gate
