// Findings as JSON: kinds, places, and sentences for people.
//
// Threads:  any thread
// Limits:   located_text_bytes_max, locate_steps_max
// Source:   openapi.yaml, Finding; docs/api_beyond.md
// Tested by tests/unit/api/rest/finding_body_test.cpp
#pragma once

#include "api/check_answer.hpp"
#include "core/json.hpp"

#include <vector>

namespace symbolon::rest {

Json to_json(const std::vector<ReportedFinding>& findings);

}  // namespace symbolon::rest
