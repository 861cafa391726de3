// Small words about the text of URLs and headers.
//
// Example:  base + "/subjects/" + percent_encode(":.ctx:a/b") + "/versions"
// Errors:   none
// Threads:  any thread
// Source:   RFC 3986, sections 2.1 and 2.3; RFC 9110, section 5
// Tested by tests/unit/client/http/header_text_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::client {

/// Everything but letters, digits and -._~ as %XX: a whole path segment or query value.
std::string percent_encode(std::string_view text);
/// A URL without what may be secret in it: user and password, query, fragment.
std::string without_secrets(std::string_view url);
/// Of what follows a URL's "://": the bytes of user and password with their @; 0: there are none.
/// Also when somebody forgot to percent-encode the password.
std::size_t user_bytes_of(std::string_view rest);
/// One that cannot end its line: visible ASCII, spaces and tabs, and bytes above 127.
bool is_header_value(std::string_view text);
/// RFC 9110's token: a method, or a header's name.
bool is_token(std::string_view text);
std::string_view trim_spaces(std::string_view text);

}  // namespace symbolon::client
