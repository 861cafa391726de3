// The scope that `symbolon config` and `symbolon mode` speak of, and the scopes that it inherits
// from.
//
// Example:  add_scope_flags(*command, flags);
//           SYMBOLON_TRY(const auto scopes, read_scopes(flags, unsaid));
// Errors:   malformed_request: called wrongly
// Threads:  values
// Source:   REST contract section 3
// Tested by tests/unit/cli/setting_scope_test.cpp
#pragma once

#include "core/result.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

struct ScopeFlags {
    std::string subject{};
    std::string context{};
    bool global = false;
};

/// `--global` and `--context`; the subject is a word of its own.
void add_scope_flags(CLI::App& command, ScopeFlags& flags);

/// Where a value may stand.
struct SettingScope {
    std::string name{};   ///< as the registry wants it; empty: the global one
    std::string label{};  ///< "subject", "context .staging", "global"
};

/// The scope that is meant, with those that it inherits from behind it; the global one is last.
/// Nothing said means the global one where `unsaid` allows it.
enum class UnsaidScope { is_global, is_an_error };
Result<std::vector<SettingScope>> read_scopes(const ScopeFlags& flags, UnsaidScope unsaid);

/// How people call it: the subject, "context .staging" or "everything (global)".
std::string scope_title(const SettingScope& scope);

}  // namespace symbolon::cli
