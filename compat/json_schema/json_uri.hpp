// URI references as `$id` and `$ref` use them: taken apart, checked, resolved.
//
// Example:  resolve_uri("http://ex.org/a/root.json", "../b.json") == "http://ex.org/b.json"
// Threads:  any thread
// Source:   RFC 3986, sections 5.2 and 5.3
// Tested by tests/unit/compat/json_uri_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace symbolon::compat::json {

/// True when every character may stand in a URI reference; other letters than ASCII may.
bool is_uri_reference(std::string_view text);
/// `reference` as seen from `base`; an empty base leaves it as it is.
std::string resolve_uri(std::string_view base, std::string_view reference);
/// What stands before the first "#", and what after it (empty when there is none).
std::pair<std::string_view, std::string_view> split_fragment(std::string_view uri);
/// The text with its percent escapes undone; wrong ones stay as they are.
std::string undo_percent(std::string_view text);

}  // namespace symbolon::compat::json
