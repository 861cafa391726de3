// The renderers behind gate/report/formats.hpp, one per format, and what several of them need.
//
// Threads:  any thread
// Source:   gate/report/formats.hpp
// Tested by tests/unit/gate/report/formats_test.cpp
#pragma once

#include "core/json.hpp"
#include "gate/report/formats.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace symbolon::gate {

std::string render_text(const GateReport& report, const RenderOptions& options);
std::string render_json(const GateReport& report);
std::string render_junit(const GateReport& report);
std::string render_sarif(const GateReport& report, const RenderOptions& options);
std::string render_github_actions(const GateReport& report);
std::string render_gitlab_code_quality(const GateReport& report);
std::string render_markdown(const GateReport& report, std::size_t bytes_max);

/// "5 subjects: 1 incompatible, 4 unchanged; 2 errors, 1 warning".
std::string to_counts_line(const GateReport& report);
/// "orders-value version 3 and 2 more"; empty: nothing was compared.
std::string to_compared(const SubjectReport& subject);
/// "orders-value version 3 (line 9, column 3, /fields/1)".
std::string to_place(const Side& side);
/// What follows a finding's message, each on a line of its own: its places, the counter-example and
/// the hint.
std::string to_detail_lines(const GateFinding& finding);
/// JSON on one line, without a byte that would steer a terminal.
std::string to_json_line(const Json& value);

/// Names findings so that the name outlives moved lines and new versions; each name is given once.
class Fingerprints {
public:
    std::string name(const SubjectReport& subject, const GateFinding& finding);

private:
    std::map<std::string, std::size_t, std::less<>> given_;
};

}  // namespace symbolon::gate
