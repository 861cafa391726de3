// Names and addresses of hosts and people, and URIs: the formats that have a grammar of their own.
//
// Threads:  any thread
// Source:   RFCs 1123, 2673, 3986, 3987, 4291, 5321, 5890 to 5893, 6531, 6570
// Tested by tests/unit/compat/json_validator_suite_test.cpp
#pragma once

#include <cstddef>
#include <string_view>

namespace symbolon::compat::json {

/// ASCII alone, or letters of any script as well.
enum class Letters { ascii, any };

/// The letter that begins at `at`, which moves behind it. REQUIRES: `text` is UTF-8.
char32_t take_code_point(std::string_view text, std::size_t& at);

bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);
bool is_hostname(std::string_view text, Letters letters);
bool is_email(std::string_view text, Letters letters);

enum class UriPart { whole, reference };
bool is_uri_text(std::string_view text, UriPart part, Letters letters);
bool is_uri_template(std::string_view text);

}  // namespace symbolon::compat::json
