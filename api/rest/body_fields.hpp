// The members of one JSON object of a request, by name and type; absent and null are the same.
//
// Example:  SYMBOLON_TRY(const auto fields, BodyFields::open(json, ""));
//           SYMBOLON_TRY(const auto subject, fields.text("subject"));
// Errors:   malformed_json, which says where and what was expected
// Threads:  any thread; the JSON outlives it
// Source:   REST contract 1.3, PROTO-10
// Tested by tests/unit/api/rest/body_fields_test.cpp
#pragma once

#include "core/json.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::rest {

class BodyFields {
public:
    /// `place` is where `json` stands in the body, such as "/requests/0"; "" is the body itself.
    static Result<BodyFields> open(const Json& json, std::string place);

    Result<std::optional<std::string>> text(const char* name) const;
    /// "" when absent.
    Result<std::string> text_or_empty(const char* name) const;
    Result<std::optional<bool>> flag(const char* name) const;
    /// A number in quotes is read too, as the reference's JSON library does.
    Result<std::optional<std::int32_t>> number(const char* name) const;
    /// Empty when absent.
    Result<std::vector<std::string>> texts(const char* name) const;
    /// Each item of an array, with its place; empty when absent.
    Result<std::vector<std::pair<const Json*, std::string>>> items(const char* name) const;
    /// nullptr when absent or null.
    const Json* find(const char* name) const;
    std::string place_of(std::string_view name) const { return place_ + "/" + std::string(name); }

private:
    BodyFields(const Json& json, std::string place) : json_(&json), place_(std::move(place)) {}

    const Json* json_;
    std::string place_;
};

}  // namespace symbolon::rest
