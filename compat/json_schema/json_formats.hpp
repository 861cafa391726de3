// The formats that JSON Schema names for texts, and whether a text is of one.
//
// Example:  matches_format(*find_format("date"), "2024-02-29")
// Threads:  any thread
// Source:   JSON Schema 2020-12 validation, 7.3; RFCs 3339, 3986, 3987, 5321, 5890, 6570, 6901
// Tested by tests/unit/compat/json_validator_suite_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace symbolon::compat::json {

enum class Format : std::uint8_t {
    date,
    time,
    date_time,
    duration,
    email,
    idn_email,
    hostname,
    idn_hostname,
    ipv4,
    ipv6,
    uri,
    uri_reference,
    iri,
    iri_reference,
    uri_template,
    json_pointer,
    relative_json_pointer,
    regex,
    uuid,
};

/// nullopt for a name that the specification does not have.
std::optional<Format> find_format(std::string_view name);
bool matches_format(Format format, std::string_view text);

}  // namespace symbolon::compat::json
