// Which media types a request may bring and which one its answer gets.
//
// Example:  choose_media_type(request) == "application/json"   // after "Accept: application/json"
// Threads:  any thread
// Source:   REST contract 1.1 and 1.2
// Tested by tests/unit/api/rest/media_type_test.cpp
#pragma once

#include "api/rest/http.hpp"

#include <optional>
#include <string_view>

namespace symbolon::rest {

inline constexpr std::string_view default_media_type = "application/vnd.schemaregistry.v1+json";

/// The best of the three types that the client accepts; nullopt when it accepts none (PROTO-1 to
/// 3).
std::optional<std::string_view> choose_media_type(const Request& request);

/// True when the client names `type` itself among those it accepts.
bool is_asked_for(const Request& request, std::string_view type);

/// True when the body's declared type and encoding can be read; a missing type is JSON (PROTO-6 to
/// 8).
bool is_body_readable(const Request& request);

}  // namespace symbolon::rest
