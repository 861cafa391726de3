// What the commands of the gate share: their exit status, the day, and where reports go.
//
// Example:  exit_code = finish_gate_command([&] { return run_check(flags); });
// Errors:   cannot_start: a report cannot be written
// Threads:  one at a time
// Source:   docs/gate.md
// Tested by tests/unit/cli/gate_command_test.cpp
#pragma once

#include "core/result.hpp"
#include "gate/report/formats.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace symbolon::cli {

inline constexpr int exit_findings = 100;
/// A mistake of the program itself, which no pipeline may take for a verdict.
inline constexpr int exit_internal = 2;

/// The exit status: what `run` says; 1 for what could not be done, 2 for an internal error or an
/// exception, both told on standard error. An output that cannot be written is thrown on.
int finish_gate_command(const std::function<Result<int>()>& run);

std::chrono::sys_days this_day();
/// "2026-11-22"
std::string to_date(std::chrono::sys_days day);

/// One report; an empty file is standard output.
struct ReportOutput {
    gate::Format format = gate::Format::text;
    std::string file{};
};
Status write_report(const gate::GateReport& report, const ReportOutput& output,
                    gate::RenderOptions::Detail detail);

enum class WriteMode { replace, append };
Status write_text(const std::string& text, const std::string& file, WriteMode mode);

}  // namespace symbolon::cli
