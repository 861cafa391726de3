// The meta-schemas that a `$ref` may name without their being registered, made from a list of
// keywords.
//
// Example:  find_meta_schema_text("https://json-schema.org/draft/2020-12/meta/validation")
//
// Threads:  any thread
// Source:   the drafts' own sections on each keyword
// Tested by tests/unit/compat/json_reference_test.cpp
#pragma once

#include "compat/json_schema/json_model.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::compat::json {

/// A schema that describes schemas of `draft`.
std::string meta_schema_text(Draft draft);

/// The text for a URI without fragment: a draft's meta-schema, or the part of one for a vocabulary.
/// As validation needs it, so that a meta-schema made of these parts extends them.
std::optional<std::string> find_meta_schema_text(std::string_view uri);

}  // namespace symbolon::compat::json
