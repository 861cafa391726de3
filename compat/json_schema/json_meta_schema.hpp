// The meta-schemas that a `$ref` may name without their being registered, made from a list of
// keywords.
//
// Threads:  any thread
// Source:   the drafts' own sections on each keyword
// Tested by tests/unit/compat/json_reference_test.cpp
#pragma once

#include "compat/json_schema/json_model.hpp"

#include <string>

namespace symbolon::compat::json {

/// A schema that describes schemas of `draft`.
std::string meta_schema_text(Draft draft);

}  // namespace symbolon::compat::json
