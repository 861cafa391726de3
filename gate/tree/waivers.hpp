// Exceptions to agree on: a report's findings as entries of symbolon.yaml.
//
// Example:  print_to(stdout, "{}", to_ignore_snippet(report, "2027-01-31"));
// Errors:   none
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/waivers_test.cpp
#pragma once

#include "gate/model/report.hpp"

#include <string>
#include <string_view>

namespace symbolon::gate {

/// `ignore:` with an entry for each finding that fails the gate, ready to paste into symbolon.yaml;
/// the reasons are left to those who agree. A comment alone when nothing fails.
std::string to_ignore_snippet(const GateReport& report, std::string_view expires);

}  // namespace symbolon::gate
