#include "compat/validate.hpp"

#include "compat/compat.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {
namespace {

SchemaPtr schema_to_ask(std::string_view text, std::vector<NamedText> references = {}) {
    auto schema = parse_schema(SchemaType::json, text, references, Strictness::lenient);
    EXPECT_TRUE(schema) << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

Result<std::vector<ValidationError>> reasons_against(const ParsedSchema& schema,
                                                     std::string_view datum, Formats formats) {
    SYMBOLON_TRY(const auto validator, validator_of(schema, formats));
    return validator->validate(datum);
}

TEST(Validate, TellsWhatADatumBreaks) {
    const auto schema = schema_to_ask(R"({"properties":{"age":{"minimum":0}}})");
    EXPECT_TRUE(reasons_against(*schema, R"({"age":1})", Formats::annotate)->empty());
    const auto errors = reasons_against(*schema, R"({"age":-1})", Formats::annotate);
    ASSERT_TRUE(errors);
    ASSERT_EQ(errors->size(), 1U);
    EXPECT_EQ(errors->front().instance_path, "/age");
    EXPECT_EQ(errors->front().schema_path, "/properties/age/minimum");
}

TEST(Validate, FollowsReferencesToOtherSchemas) {
    const auto schema =
        schema_to_ask(R"({"$ref":"other.json"})", {{"other.json", R"({"type":"null"})"}});
    EXPECT_TRUE(reasons_against(*schema, "null", Formats::annotate)->empty());
    EXPECT_FALSE(reasons_against(*schema, "1", Formats::annotate)->empty());
}

TEST(Validate, AssertsFormatsOnRequestAlone) {
    const auto schema = schema_to_ask(R"({"format":"ipv4"})");
    EXPECT_TRUE(reasons_against(*schema, R"("1.2.3")", Formats::annotate)->empty());
    EXPECT_FALSE(reasons_against(*schema, R"("1.2.3")", Formats::assert_them)->empty());
    EXPECT_TRUE(reasons_against(*schema, R"("1.2.3")", Formats::annotate)->empty());
}

TEST(Validate, MakesAValidatorOnce) {
    const auto schema = schema_to_ask(R"({"type":"null"})");
    EXPECT_EQ(*validator_of(*schema, Formats::annotate), *validator_of(*schema, Formats::annotate));
    EXPECT_EQ(*validator_of(*schema, Formats::assert_them),
              *validator_of(*schema, Formats::assert_them));
}

TEST(Validate, FailsWhereTheDatumIsNoJson) {
    const auto errors = reasons_against(*schema_to_ask("true"), "{", Formats::annotate);
    ASSERT_FALSE(errors);
    EXPECT_EQ(errors.error().code, ErrorCode::malformed_json);
}

}  // namespace
}  // namespace symbolon::compat
