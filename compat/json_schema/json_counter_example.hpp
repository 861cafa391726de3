// A datum that shows why one schema cannot read what another wrote: the writer's validator takes it
// and the reader's refuses it. Nothing is shown that was not tried.
//
// Errors:   nullopt where no such datum was found among those that were made up
// Threads:  any thread
// Limits:   counter_example_tries_max, sample_steps_max, sample_depth_max, made_text_bytes_max
// Source:   json-schema-compat.md 7 to 9
// Tested by tests/unit/compat/json_counter_example_test.cpp
#pragma once

#include "compat/finding.hpp"
#include "compat/json_schema/json_model.hpp"
#include "compat/json_schema/json_validator.hpp"

#include <optional>

namespace symbolon::compat::json {

/// One of the two schemas of a pair, as the check and as validation see it.
struct Judge {
    const Model& model;
    const JsonValidator& validator;
};

std::optional<CounterExample> make_counter_example(const Finding& finding, const Judge& reader,
                                                   const Judge& writer);

}  // namespace symbolon::compat::json
