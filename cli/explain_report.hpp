// An explanation of a message as text for people, or as one JSON object for machines.
//
// Example:  print_to(stdout, "{}", to_report(found, subjects, bytes, ReportForm::indented));
// Threads:  any thread
// Source:   client/payload/explanation.hpp
// Tested by tests/e2e/explain.py
#pragma once

#include "client/payload/explanation.hpp"
#include "core/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// A subject under which a schema is registered.
struct ExplainedSubject {
    std::string subject;
    Version version;
};

/// Values on one line each, or with indentation, as a terminal is read.
enum class ReportForm : std::uint8_t { lines, indented };

std::string to_report(const client::Explanation& found,
                      const std::vector<ExplainedSubject>& subjects, std::string_view bytes,
                      ReportForm form);
std::string to_json_report(const client::Explanation& found,
                           const std::vector<ExplainedSubject>& subjects);

}  // namespace symbolon::cli
