// A gate's report as text: for a terminal, for machines, for the places where reviews happen.
//
// Example:  std::fputs(render(report, Format::text, {.colours = Colours::yes}).c_str(), stdout);
// Errors:   none: whatever bytes a schema, a path or a name holds, the output is valid UTF-8 and
//           valid in its format, and steers no terminal
// Units:    columns of a terminal
// Threads:  any thread
// Limits:   comment_bytes_max, step_summary_bytes_max
// Source:   docs/gate.md; docs/gate_report.schema.json; SARIF 2.1.0; JUnit as Jenkins reads it;
//           GitHub's workflow commands; GitLab's Code Quality reports
// Tested by tests/unit/gate/report/formats_test.cpp
#pragma once

#include "gate/model/report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace symbolon::gate {

enum class Format : std::uint8_t {
    text,
    json,
    junit,
    sarif,
    github_actions,
    gitlab_code_quality,
    markdown,
};
/// "text", "github-actions" and so on, in the order of Format.
std::span<const std::string_view> format_names();
std::optional<Format> find_format(std::string_view name);

enum class Colours : std::uint8_t { no, yes };

struct RenderOptions {
    Colours colours = Colours::no;  ///< of text
    std::size_t columns = 100;      ///< that excerpts of text keep to
    enum class Detail : std::uint8_t { findings, all };
    Detail detail = Detail::findings;  ///< all: text also names unchanged subjects
    std::string program_version{};     ///< for SARIF; empty: left out
};
std::string render(const GateReport& report, Format format, const RenderOptions& options);
/// Markdown, for the file that GITHUB_STEP_SUMMARY names.
std::string to_step_summary(const GateReport& report);

}  // namespace symbolon::gate
