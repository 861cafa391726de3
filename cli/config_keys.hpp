// The settings of a config, as `symbolon config` takes and shows them.
//
// Example:  SYMBOLON_TRY(const Json body, parse_config_changes({"level=FULL", "normalize=true"}));
// Errors:   malformed_request, with the nearest names of what is not known
// Threads:  immutable
// Source:   REST contract section 3; openapi.yaml, ConfigUpdateRequest
// Tested by tests/unit/cli/config_keys_test.cpp
#pragma once

#include "core/json.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// The body of PUT /config from "key=value" words; an empty value clears. "@FILE" stands for what
/// a file holds, for values that are objects.
Result<Json> parse_config_changes(const std::vector<std::string>& words);

/// The text begins like "level=…", with a known key.
bool is_config_change(std::string_view word);

/// "compatibilityLevel" -> "level"; the others are as the registry has them.
std::string config_key_of(std::string_view member);

/// For --help: every key with its values.
std::string config_keys_help();

/// The mode that is meant, in capitals.
Result<std::string> parse_mode(const std::string& text);
std::string modes_help();

}  // namespace symbolon::cli
