// Short ways to make Avro schemas in tests.
//
// Example:  const SchemaPtr schema = avro_schema(R"("int")");
// Threads:  any thread
// Tested by tests/unit/compat/compat_test.cpp
#pragma once

#include "compat/compat.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::tests {

/// The schema, parsed strictly; a test failure when it is none.
inline compat::SchemaPtr avro_schema(std::string_view text,
                                     const std::vector<compat::NamedText>& references = {}) {
    auto schema =
        compat::parse_schema(SchemaType::avro, text, references, compat::Strictness::strict);
    EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

/// Why `text` is no Avro schema; empty when it is one.
inline std::string problem_of(std::string_view text,
                              compat::Strictness strictness = compat::Strictness::strict) {
    const auto schema = compat::parse_schema(SchemaType::avro, text, {}, strictness);
    return schema ? "" : schema.error().message;
}

/// Whether data of `writer` is readable with `reader`; a test failure when the check gives up.
inline bool reads(const compat::ParsedSchema& reader, const compat::ParsedSchema& writer) {
    const auto findings = reader.findings_reading(writer);
    EXPECT_TRUE(findings.has_value()) << (findings ? "" : findings.error().message);
    return findings && findings->empty();
}

}  // namespace symbolon::tests
