// Reserved fields (VAL-2, texts of section 5.5): names that metadata keeps free of use.
#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::testing {

namespace {

using ::testing::HasSubstr;

SchemaRequest reserving(const std::vector<std::string>& fields, const std::string& reserved) {
    auto request = request_of(record_of(fields));
    request.metadata = Metadata{{}, {{"confluent:reserved", reserved}}, {}};
    return request;
}

class ReservedFields : public RegistryFixture {
protected:
    CheckAnswer check(const SchemaRequest& request) {
        auto answer = registry->check_compatibility(parse_subject("s"), request, {});
        EXPECT_TRUE(answer) << answer.error().message;
        return answer ? *std::move(answer) : CheckAnswer{};
    }
};

TEST_F(ReservedFields, AreNotLookedAtUnlessTheConfigSaysSo) {
    EXPECT_TRUE(try_add("s", reserving({"a"}, "a")));
}

TEST_F(ReservedFields, MayNotBeUsedByAFieldAtTheTop) {
    ASSERT_TRUE(set_config("s", R"({"validateFields":true})"));
    const auto refused = try_add("s", reserving({"a", "b"}, "x, b"));
    EXPECT_EQ(code_of(refused), ErrorCode::incompatible_schema);
    EXPECT_THAT(message_of(refused),
                HasSubstr("details: [The new schema has field that conflicts with the reserved "
                          "field b., {validateFields: 'true', compatibility: 'NONE'}]"));
    EXPECT_TRUE(try_add("s", reserving({"a"}, "x,b,,")));
}

TEST_F(ReservedFields, StayReserved) {
    ASSERT_TRUE(set_config("s", R"({"validateFields":true,"compatibility":"NONE"})"));
    add("s", reserving({"a"}, "x,y"));
    const auto dropped = check(reserving({"a", "b"}, "y"));
    EXPECT_FALSE(dropped.compatible);
    ASSERT_EQ(dropped.messages.size(), 2U);
    EXPECT_EQ(dropped.messages[0],
              "The new schema has reserved field x removed from its metadata which is present in "
              "the old schema's metadata.");
    EXPECT_EQ(dropped.messages[1], "{validateFields: 'true', compatibility: 'NONE'}");
    EXPECT_EQ(code_of(try_add("s", reserving({"a", "b"}, "y"))), ErrorCode::incompatible_schema);
    EXPECT_TRUE(try_add("s", reserving({"a", "b"}, "y,x,z")));
}

TEST_F(ReservedFields, TheGlobalConfigDecidesWhereTheSubjectsSaysNothing) {
    ASSERT_TRUE(set_config(":.:", R"({"validateFields":true})"));
    ASSERT_TRUE(set_config("s", R"({"compatibility":"NONE"})"));
    EXPECT_EQ(code_of(try_add("s", reserving({"a"}, "a"))), ErrorCode::incompatible_schema);
    ASSERT_TRUE(set_config("s", R"({"validateFields":false})"));
    EXPECT_TRUE(try_add("s", reserving({"a"}, "a")));
}

TEST_F(ReservedFields, ComeBeforeTheDifferences) {
    ASSERT_TRUE(set_config("s", R"({"validateFields":true,"compatibility":"BACKWARD"})"));
    add("s", reserving({"a"}, "x"));
    const auto answer = check(reserving({"a", "x"}, "x"));
    ASSERT_EQ(answer.messages.size(), 5U);
    EXPECT_THAT(answer.messages[0], HasSubstr("conflicts with the reserved field x"));
    EXPECT_THAT(answer.messages[1], HasSubstr("READER_FIELD_MISSING_DEFAULT_VALUE"));
    EXPECT_EQ(answer.messages[2], "{oldSchemaVersion: 1}");
}

}  // namespace
}  // namespace symbolon::testing
