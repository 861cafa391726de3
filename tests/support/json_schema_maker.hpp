// Small JSON Schemas made from bytes, for fuzzing and for properties that all schemas have.
//
// Few names and many references, so that recursion through combined schemas is common.
//
// Example:  JsonSchemaMaker maker(bytes);  const std::string text = maker.schema_text();
// Threads:  one at a time
// Tested by tests/unit/compat/json_properties_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::tests {

class JsonSchemaMaker {
public:
    explicit JsonSchemaMaker(std::string_view bytes) : bytes_(bytes) {}

    std::string schema_text() {
        const bool modern = next() % 3 == 0;
        std::string text = "{";
        text += modern ? R"("$schema":"https://json-schema.org/draft/2020-12/schema",)" : "";
        text += R"("properties":{"r":)" + schema(0) + R"(},"definitions":{)";
        for (const char name : {'a', 'b', 'c'}) {
            text += text.back() == '{' ? "\"" : ",\"";
            text += name;
            text += "\":" + object(0);
        }
        return text + "}}";
    }

    /// Without what the rules of the comparison are not sound for: `not`, oneOf, patterns, and
    /// classes of keywords without their type (docs/parity.md).
    std::string sound_schema_text() {
        sound_ = true;
        return schema_text();
    }

private:
    unsigned next() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return byte;
    }

    std::string number() { return std::to_string(next() % 4); }

    std::string schema(int depth) {
        constexpr int depth_max = 4;
        if (depth > depth_max || bytes_.empty()) {
            return next() % 2 == 0 ? R"({"type":"integer"})" : "{}";
        }
        switch (next() % 14) {
            case 0:
            case 1:
                return object(depth);
            case 2:
                return R"({"type":"array","items":)" + schema(depth + 1) + "}";
            case 3:
            case 4:
                return R"({"$ref":"#/definitions/)" + std::string(1, name()) + "\"}";
            case 5:
                return combined(sound_ ? "anyOf" : "oneOf", depth);
            case 6:
                return combined("anyOf", depth);
            case 7:
                return combined("allOf", depth);
            case 8:
                return sound_ ? R"({"type":"boolean"})" : R"({"not":)" + schema(depth + 1) + "}";
            case 9:
                return R"({"enum":[)" + number() + "," + number() + "]}";
            case 10:
                return R"({"type":"string","maxLength":)" + number() + "}";
            case 11:
                return R"({"type":"number","minimum":)" + number() + "}";
            case 12:
                return R"({"type":["integer","null"],"maximum":)" + number() + "}";
            default:
                return next() % 2 == 0 ? "true" : R"({"type":"number"})";
        }
    }

    char name() { return static_cast<char>('a' + next() % 3); }

    std::string combined(std::string_view word, int depth) {
        std::string text = "{\"" + std::string(word) + "\":[";
        const unsigned count = 1 + next() % 3;
        for (unsigned at = 0; at < count; ++at) {
            text += (at == 0 ? "" : ",") + schema(depth + 1);
        }
        return text + "]}";
    }

    std::string object(int depth) {
        std::string text = sound_ ? R"({"type":"object","properties":{)" : R"({"properties":{)";
        const unsigned shape = next();
        for (unsigned at = 0; at < 1 + shape % 3; ++at) {
            text += (at == 0 ? "\"" : ",\"") + std::string(1, static_cast<char>('x' + at)) +
                    "\":" + schema(depth + 1);
        }
        text += "}";
        text += shape % 5 == 0 ? R"(,"required":["x"])" : "";
        text += shape % 7 == 0 ? R"(,"additionalProperties":false)" : "";
        text += shape % 7 == 1 ? R"(,"additionalProperties":)" + schema(depth + 1) : "";
        text += !sound_ && shape % 11 == 0
                    ? R"(,"patternProperties":{"y|z":)" + schema(depth + 1) + "}"
                    : "";
        return text + "}";
    }

    std::string_view bytes_;
    bool sound_ = false;
};

}  // namespace symbolon::tests
