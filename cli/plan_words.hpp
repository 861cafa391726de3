// What plan and apply share: how a registry is called, and lines with marks for people.
//
// Example:  print_marked_lines(gate::to_summary(plan));
// Errors:   none
// Threads:  one at a time
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/e2e/plan.py
#pragma once

#include "core/error.hpp"

#include <cstdio>
#include <string>
#include <string_view>

namespace symbolon::cli {

/// The URL without what stands before an @ in its host.
std::string url_without_credentials(std::string_view url);

/// Lines that start with +, ~ or - in green, yellow and red on a terminal; what is from outside
/// cannot steer it.
void print_marked_lines(std::string_view lines, std::FILE* stream);

/// 2 for what the caller can put right on the command line, else 1; says why on standard error.
int tell_plan_failure(const Error& error);

}  // namespace symbolon::cli
