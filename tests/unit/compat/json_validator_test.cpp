// What the validator says, its bounds, and that threads may share it. What it accepts is the test
// suite's matter: json_validator_suite_test.cpp.
#include "compat/json_schema/json_validator.hpp"

#include "compat/json_schema/json_ecma.hpp"
#include "compat/json_schema/json_formats.hpp"
#include "compat/json_schema/json_schema.hpp"
#include "compat/json_schema/json_values.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace symbolon::compat::json {

namespace {

using ValidatorPtr = std::shared_ptr<const JsonValidator>;

ValidatorPtr validator_of(std::string_view schema, std::vector<NamedText> references = {},
                          Formats formats = Formats::annotate) {
    auto validator = JsonValidator::compile(schema, references, formats);
    EXPECT_TRUE(validator) << (validator ? "" : validator.error().message);
    return validator ? *validator : nullptr;
}

/// "instance path | schema path | message" of each error, or the Error's message.
std::vector<std::string> errors_of(std::string_view schema, std::string_view datum,
                                   Formats formats = Formats::annotate) {
    const auto validator = validator_of(schema, {}, formats);
    if (!validator) {
        return {"not compiled"};
    }
    const auto errors = validator->validate(datum);
    std::vector<std::string> lines;
    if (!errors) {
        return {errors.error().message};
    }
    for (const ValidationError& error : *errors) {
        lines.push_back(error.instance_path + " | " + error.schema_path + " | " + error.message);
    }
    return lines;
}

bool accepts(std::string_view schema, std::string_view datum) {
    const auto lines = errors_of(schema, datum);
    return lines.empty();
}

std::string compile_problem(std::string_view schema, std::vector<NamedText> references = {}) {
    const auto validator = JsonValidator::compile(schema, references, Formats::annotate);
    return validator ? "" : validator.error().message;
}

using Lines = std::vector<std::string>;

TEST(JsonValidator, AnErrorNamesTheValueTheKeywordAndTheReason) {
    EXPECT_EQ(errors_of(R"({"properties":{"age":{"minimum":18}}})", R"({"age":12})"),
              Lines{"/age | /properties/age/minimum | 12 is less than the minimum 18."});
}

TEST(JsonValidator, EachKeywordHasItsSentence) {
    struct Case {
        std::string_view schema;
        std::string_view datum;
        std::string line;
    };
    const std::vector<Case> cases{
        {R"({"type":"string"})", "12", " | /type | 12 is not a string."},
        {R"({"type":["string","null"]})", "1.5", " | /type | 1.5 is neither null nor a string."},
        {R"({"type":"integer"})", "[]", " | /type | This array is not an integer."},
        {R"({"enum":["a","b"]})", R"("c")", " | /enum | \"c\" is none of the 2 allowed values."},
        {R"({"enum":["a"]})", R"("c")", " | /enum | \"c\" is not the one allowed value."},
        {R"({"const":5})", "6", " | /const | 6 is not 5."},
        {R"({"exclusiveMaximum":5})", "5", " | /exclusiveMaximum | 5 is not less than 5."},
        {R"({"maximum":0.5})", "5", " | /maximum | 5 is more than the maximum 0.5."},
        {R"({"multipleOf":0.1})", "0.25", " | /multipleOf | 0.25 is not a multiple of 0.1."},
        {R"({"maxLength":2})", R"("äöü")",
         " | /maxLength | \"äöü\" has 3 characters, more than 2."},
        {R"({"minItems":2})", "[1]", " | /minItems | This array has 1 item, fewer than 2."},
        {R"({"maxProperties":0})", R"({"a":1})",
         " | /maxProperties | This object has 1 property, more than 0."},
        {R"({"pattern":"^a"})", R"("b")", " | /pattern | \"b\" does not match the pattern \"^a\"."},
        {R"({"required":["id"]})", "{}", " | /required | The required property \"id\" is missing."},
        {R"({"additionalProperties":false})", R"({"a/b":1})",
         "/a~1b | /additionalProperties | The property \"a/b\" is not allowed: it is none of the "
         "declared ones."},
        {R"({"items":{"type":"null"}})", "[null,1]", "/1 | /items/type | 1 is not null."},
        {R"({"uniqueItems":true})", "[1,2,1.0]", " | /uniqueItems | The items 0 and 2 are equal."},
        {R"({"contains":{"const":1}})", "[2]",
         " | /contains | No item fits the schema of \"contains\"."},
        {R"({"not":{}})", "1", " | /not | This is what the schema of \"not\" accepts."},
        {R"({"properties":{"a":false}})", R"({"a":1})",
         "/a | /properties/a | Nothing is allowed here."},
        {R"({"dependencies":{"a":["b"]}})", R"({"a":1})",
         " | /dependencies/a | The property \"b\" is missing, which \"a\" requires."},
        {R"({"oneOf":[{"type":"integer"},{"minimum":1}]})", "2",
         " | /oneOf | 2 of the 2 schemas of \"oneOf\" accept this, where exactly one must: numbers "
         "1, 2."},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(errors_of(each.schema, each.datum), Lines{each.line}) << each.schema;
    }
}

TEST(JsonValidator, TheNearestAlternativeSaysWhy) {
    EXPECT_EQ(
        errors_of(R"({"anyOf":[{"type":"null"},{"properties":{"a":{"type":"string"}}}]})",
                  R"({"a":12})"),
        Lines{" | /anyOf | 0 of the 2 schemas of \"anyOf\" accept this; the nearest is number "
              "2: At /a: 12 is not a string."});
}

TEST(JsonValidator, AlternativesWithinAlternativesSayNoMoreThanFits) {
    const std::string tree = R"({"$ref":"#/definitions/n","definitions":{"n":{"anyOf":[
        {"type":"object","patternProperties":{"^a":{"$ref":"#/definitions/n"}}}]}}})";
    std::string datum = "1";
    for (int depth = 0; depth < 900; ++depth) {
        datum = R"({"a":)" + datum + "}";
    }
    const auto lines = errors_of(tree, datum);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_LT(lines.front().size(), limits::error_reasons_bytes_max + 100);
    EXPECT_TRUE(lines.front().ends_with("….")) << lines.front();
}

TEST(JsonValidator, AllReasonsAreToldOfAllPlaces) {
    EXPECT_EQ(errors_of(R"({"required":["c"],"properties":{"a":{"minimum":5,"multipleOf":2},
                        "b":{"type":"string"}}})",
                        R"({"a":1,"b":2})")
                  .size(),
              4U);
}

TEST(JsonValidator, BehindAReferenceThePathIsTheTargetsOwn) {
    EXPECT_EQ(errors_of(R"({"properties":{"a":{"$ref":"#/definitions/n"}},
                        "definitions":{"n":{"type":"number"}}})",
                        R"({"a":"x"})"),
              Lines{"/a | /definitions/n/type | \"x\" is not a number."});
    const auto validator =
        validator_of(R"({"properties":{"a":{"$ref":"other.json#/definitions/n"}}})",
                     {{"other.json", R"({"definitions":{"n":{"type":"number"}}})"}});
    const auto errors = validator->validate(R"({"a":"x"})");
    ASSERT_TRUE(errors);
    ASSERT_EQ(errors->size(), 1U);
    EXPECT_EQ(errors->front().schema_path, "other.json#/definitions/n/type");
}

TEST(JsonValidator, ErrorsAreBoundedInNumberAndInWhatTheyQuote) {
    std::string datum = "[";
    for (std::size_t at = 0; at <= limits::validation_errors_max; ++at) {
        datum += at == 0 ? "\"" : ",\"";
        datum += std::string(10'000, 'x') + "\"";
    }
    const auto lines = errors_of(R"({"items":{"type":"null"}})", datum + "]");
    ASSERT_EQ(lines.size(), limits::validation_errors_max);
    EXPECT_LT(lines.front().size(), limits::quoted_bytes_max + 100);
    const std::string name(100'000, 'n');
    const auto deep =
        errors_of(R"({"additionalProperties":{"type":"null"}})", "{\"" + name + "\":1}");
    ASSERT_EQ(deep.size(), 1U);
    EXPECT_LT(deep.front().size(), limits::error_path_bytes_max + 200);
}

TEST(JsonValidator, NumbersAreComparedWithoutRounding) {
    EXPECT_TRUE(accepts(R"({"const":1})", "1.0"));
    EXPECT_TRUE(accepts(R"({"enum":[100]})", "1e2"));
    EXPECT_FALSE(accepts(R"({"const":9007199254740993})", "9007199254740992.0"));
    EXPECT_FALSE(accepts(R"({"maximum":0.1})", "0.10000000000000000001"));
    EXPECT_TRUE(accepts(R"({"maximum":1e400})", "1e399"));
    EXPECT_FALSE(accepts(R"({"maximum":1e400})", "1.1e400"));
    EXPECT_FALSE(accepts(R"({"minimum":-1e400})", "-1.1e400"));
    EXPECT_TRUE(accepts(R"({"type":"integer"})", "123456789012345678901234567890"));
    EXPECT_TRUE(accepts(R"({"type":"integer"})", "1e300"));
    EXPECT_FALSE(accepts(R"({"type":"integer"})", "1e-300"));
    EXPECT_FALSE(accepts(R"({"uniqueItems":true})",
                         "[123456789012345678901234567890,123456789012345678901234567890.00]"));
    EXPECT_TRUE(accepts(R"({"multipleOf":0.01})", "123456789012345678901234567890.01"));
    EXPECT_TRUE(accepts(R"({"maxLength":99999999999999999999})", R"("x")"));
}

TEST(JsonValidator, DataMustBeJsonAndNothingElse) {
    const auto validator = validator_of("{}");
    for (const std::string_view text : {"", "{} x", "[1,]", "// comment\n1", "nul", "\xFF"}) {
        const auto errors = validator->validate(text);
        ASSERT_FALSE(errors) << text;
        EXPECT_EQ(errors.error().code, ErrorCode::malformed_json);
    }
    EXPECT_TRUE(validator->validate(" 1 \n"));
}

TEST(JsonValidator, WhatCannotBeCompiledIsToldWithItsPlace) {
    EXPECT_EQ(compile_problem("{\n \"pattern\": \"(\"}").substr(0, 35),
              "Invalid JSON schema: The pattern \"(");
    EXPECT_NE(compile_problem("{\n \"pattern\": \"(\"}").find("(line 2, column 13)"),
              std::string::npos);
    EXPECT_NE(compile_problem(R"({"$ref":"http://example.com/x"})").find("nothing is fetched"),
              std::string::npos);
    EXPECT_NE(compile_problem(R"({"minLength":-1})").find("\"minLength\" should be 0 or more"),
              std::string::npos);
    EXPECT_NE(compile_problem(R"({"$ref":"a"})", {{"a", "{"}}).find("Reference \"a\": Not valid"),
              std::string::npos);
    EXPECT_NE(compile_problem("[]").find("expected an object or boolean"), std::string::npos);
    EXPECT_NE(compile_problem("{").find("Not valid JSON"), std::string::npos);
    EXPECT_EQ(compile_problem(R"({"$ref":"a"})", {{"a", "{}"}}), "");
}

TEST(JsonValidator, ReferencesInACircleAreAnErrorAndNotAHang) {
    EXPECT_NE(errors_of(R"({"$ref":"#/definitions/a","definitions":{
        "a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})",
                        "1")
                  .front()
                  .find("in a circle"),
              std::string::npos);
    EXPECT_NE(errors_of(R"({"allOf":[{"$ref":"#"}]})", "1").front().find("in a circle"),
              std::string::npos);
}

TEST(JsonValidator, ManyWaysToTheSamePlaceAreWalkedOnce) {
    // Each definition leads to the next one by two ways: 2^60 walks for who does not remember.
    std::string schema = R"({"$ref":"#/definitions/0","definitions":{)";
    for (int at = 0; at < 60; ++at) {
        const std::string next = R"({"$ref":"#/definitions/)" + std::to_string(at + 1) + "\"}";
        schema += "\"" + std::to_string(at) + R"(":{"anyOf":[)" + next + "," + next + "]},";
    }
    schema += R"("60":{"type":"string"}}})";
    EXPECT_TRUE(accepts(schema, R"("x")"));
    EXPECT_EQ(errors_of(schema, "1").size(), 1U);
    // Alternatives written out, five deep and twelve wide, on one value.
    std::string nested = R"({"const":0})";
    for (int depth = 0; depth < 4; ++depth) {
        std::string outer = R"({"anyOf":[)";
        for (int way = 0; way < 12; ++way) {
            outer += (way == 0 ? "" : ",") + nested;
        }
        nested = outer + "]}";
    }
    EXPECT_EQ(errors_of(nested, "1").size(), 1U);
}

TEST(JsonValidator, UnevaluatedPropertiesAreFoundWithoutWalkingTwice) {
    std::string schema = R"({"$schema":"https://json-schema.org/draft/2019-09/schema",
        "$ref":"#/$defs/0","$defs":{)";
    for (int at = 0; at < 60; ++at) {
        const std::string next = R"({"$ref":"#/$defs/)" + std::to_string(at + 1) + "\"}";
        schema += "\"" + std::to_string(at) + R"(":{"allOf":[)" + next + "," + next +
                  R"(],"unevaluatedProperties":false},)";
    }
    schema += R"("60":{"properties":{"a":true}}}})";
    EXPECT_TRUE(accepts(schema, R"({"a":1})"));
    EXPECT_FALSE(accepts(schema, R"({"a":1,"b":1})"));
}

TEST(JsonValidator, DeepDataAndDeepSchemasAreBounded) {
    const std::string tree = R"({"type":"array","items":{"$ref":"#"}})";
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(accepts(tree, nested(limits::json_depth_max)));
    EXPECT_NE(errors_of(tree, nested(limits::json_depth_max + 1)).front().find("too deeply"),
              std::string::npos);
    // A chain of references is as long as the text, and each costs a level.
    std::string chain = R"({"$ref":"#/definitions/0","definitions":{)";
    for (int at = 0; at < 20'000; ++at) {
        chain += "\"" + std::to_string(at) + R"(":{"$ref":"#/definitions/)" +
                 std::to_string(at + 1) + "\"},";
    }
    const auto lines = errors_of(chain + R"("20000":{}}})", "1");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines.front().find("too deeply"), std::string::npos);
}

TEST(JsonValidator, TooCostlyDataIsToldSo) {
    // Each item costs as many steps as there are names.
    std::string schema = R"({"items":{"not":{"required":["0")";
    std::string datum = "[{}";
    for (int at = 1; at < 5'000; ++at) {
        schema += ",\"" + std::to_string(at) + "\"";
        datum += ",{}";
    }
    const auto errors = validator_of(schema + "]}}}")->validate(datum + "]");
    ASSERT_FALSE(errors);
    EXPECT_EQ(errors.error().code, ErrorCode::check_too_costly);
}

TEST(JsonValidator, UniqueItemsOfALargeArrayAreFoundQuickly) {
    std::string datum = "[-1";
    for (int at = 0; at < 50'000; ++at) {
        datum += "," + std::to_string(at);
    }
    const auto before = std::chrono::steady_clock::now();
    EXPECT_TRUE(accepts(R"({"uniqueItems":true})", datum + "]"));
    EXPECT_FALSE(accepts(R"({"uniqueItems":true})", datum + ",7]"));
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST(JsonValidator, ManyThreadsShareOne) {
    const auto validator = validator_of(
        R"({"properties":{"a":{"pattern":"^x+$"},"b":{"$ref":"#"},"c":{"format":"idn-hostname"}}})",
        {}, Formats::assert_them);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int at = 0; at < 4; ++at) {
        threads.emplace_back([&] {
            for (int round = 0; round < 100; ++round) {
                const auto good = validator->validate(R"({"b":{"a":"xxx","c":"bücher.example"}})");
                const auto bad = validator->validate(R"({"b":{"a":"xxy"}})");
                wrong += !good || !good->empty() || !bad || bad->size() != 1 ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

TEST(JsonValidator, FormatsAreAssertedOnlyWhenAskedFor) {
    EXPECT_TRUE(errors_of(R"({"format":"date"})", R"("2023-02-29")").empty());
    EXPECT_EQ(errors_of(R"({"format":"date"})", R"("2023-02-29")", Formats::assert_them),
              Lines{" | /format | \"2023-02-29\" is not of the format \"date\"."});
}

TEST(JsonValidator, ASchemaDescribedByItsMetaSchemaIsCheckedByIt) {
    for (const std::string_view uri :
         {"http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#",
          "https://json-schema.org/draft/2019-09/schema",
          "https://json-schema.org/draft/2020-12/schema"}) {
        const std::string schema =
            R"({"$schema":")" + std::string(uri) + R"(","$ref":")" + std::string(uri) + "\"}";
        EXPECT_TRUE(accepts(schema, R"({"properties":{"a":{"type":"string"}}})")) << uri;
        EXPECT_FALSE(accepts(schema, R"({"properties":{"a":{"type":"text"}}})")) << uri;
        EXPECT_FALSE(accepts(schema, R"({"allOf":[{"not":{"minLength":-1}}]})")) << uri;
    }
}

TEST(JsonValidator, AParsedSchemaKeepsItsValidators) {
    const auto schema = parse_json_schema(R"({"format":"date","$ref":"o.json"})",
                                          std::vector<NamedText>{{"o.json", "{}"}});
    ASSERT_TRUE(schema);
    const auto& json = static_cast<const JsonSchema&>(**schema);
    std::vector<ValidatorPtr> seen(4);
    std::vector<std::thread> threads;
    for (ValidatorPtr& each : seen) {
        threads.emplace_back([&] { each = *json.validator(Formats::annotate); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const ValidatorPtr& each : seen) {
        EXPECT_EQ(each, seen.front());
    }
    EXPECT_NE(*json.validator(Formats::assert_them), seen.front());
    EXPECT_GT(seen.front()->memory_bytes(), 0U);
}

TEST(JsonEcma, PatternsMeanWhatEcmaSays) {
    const auto found = [](std::string_view pattern, std::string_view text) {
        const auto compiled = compile_ecma_pattern(pattern);
        return compiled && *(*compiled)->is_found_in(text);
    };
    EXPECT_FALSE(found("^\\d$", "\u0669"));  // a digit, but no ASCII one
    EXPECT_FALSE(found("^\\w$", "é"));
    EXPECT_TRUE(found("^\\s$", "\uFEFF"));
    EXPECT_FALSE(found("^a$", "a\n"));
    EXPECT_TRUE(found("^.$", "\u0085"));
    EXPECT_TRUE(found("^[[-]$", "["));
    EXPECT_TRUE(found("^[\\w-]+$", "a-b"));
    EXPECT_TRUE(found("^[a&&b]+$", "&a"));
    EXPECT_FALSE(found("[]", "x"));
    EXPECT_TRUE(found("^[^]$", "\n"));
    EXPECT_TRUE(found("^\\p{Letter}+$", "éa"));
    EXPECT_TRUE(found("^\\u{1F432}$", "\U0001F432"));
    EXPECT_TRUE(found("^\\ud83d\\udc32*$", "\U0001F432\U0001F432"));
    EXPECT_TRUE(found("(?i)ab", "AB"));  // not ECMA's: as our engine has it
    EXPECT_TRUE(is_ecma_pattern("^(?<year>\\d{4})-\\k<year>$"));
    EXPECT_FALSE(is_ecma_pattern("\\Z"));
    EXPECT_FALSE(is_ecma_pattern("^(abc]"));
    EXPECT_FALSE(is_ecma_pattern("a++"));
}

}  // namespace

}  // namespace symbolon::compat::json
