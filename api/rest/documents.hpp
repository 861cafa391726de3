// The contract as the server hands it out: openapi.yaml, the same as JSON, and a page for people.
//
// Built in by api/rest/documents/embed.py, so that a release carries its own manual.
//
// Example:  response.body = openapi_yaml();
// Threads:  immutable
// Source:   openapi.yaml
// Tested by tests/unit/api/rest/documents_test.cpp
#pragma once

#include <string_view>

namespace symbolon::rest {

std::string_view openapi_yaml();
std::string_view openapi_json();
/// HTML that loads nothing and works without its script.
std::string_view docs_page();
/// The Content-Security-Policy under which docs_page() works.
std::string_view docs_policy();

}  // namespace symbolon::rest
