// Short ways to make JSON Schemas in tests.
//
// Example:  const SchemaPtr schema = json_schema(R"({"type":"string"})");
// Threads:  any thread
// Tested by tests/unit/compat/json_parse_test.cpp
#pragma once

#include "compat/compat.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::tests {

inline Result<compat::SchemaPtr> parse_json_schema(
    std::string_view text, const std::vector<compat::NamedText>& references = {}) {
    return compat::parse_schema(SchemaType::json, text, references, compat::Strictness::strict);
}

/// The schema; a test failure when it is none.
inline compat::SchemaPtr json_schema(std::string_view text,
                                     const std::vector<compat::NamedText>& references = {}) {
    auto schema = parse_json_schema(text, references);
    EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message) << '\n' << text;
    return schema ? *schema : nullptr;
}

/// Why `text` is no JSON Schema; empty when it is one.
inline std::string json_problem_of(std::string_view text,
                                   const std::vector<compat::NamedText>& references = {}) {
    const auto schema = parse_json_schema(text, references);
    return schema ? "" : schema.error().message;
}

}  // namespace symbolon::tests
