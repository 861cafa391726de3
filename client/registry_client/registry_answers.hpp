// What registries answer beside schemas: names, numbers, settings, each with its shape checked.
//
// Errors:   unavailable (not a registry's answer)
// Threads:  any thread
// Limits:   name_bytes_max
// Source:   REST contract section 3
// Tested by tests/unit/client/registry_client/registry_admin_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

/// `what` is what the answer is instead: "no list of names".
Error strange_answer(std::string_view what);

Result<std::string> to_name(const Json& item);
/// Versions and ids; 0 and less are none.
Result<std::int32_t> to_number(const Json& item);
/// A list of them, such as a change answers.
Result<std::vector<Version>> to_versions(const Json& json);
Result<SubjectVersion> to_use(const Json& item);
/// The level under "compatibilityLevel"; some answer the level alone.
Result<ConfigJson> to_config(Json json);
Result<std::string> to_mode(const Json& json);

/// The level has one name when it is read and another when it is written.
void rename_member(Json& object, const char* from, const char* to);
/// For registries that do not know `subjectPrefix` and answer every subject.
bool has_prefix(std::string_view subject, std::string_view prefix);

}  // namespace symbolon::client
