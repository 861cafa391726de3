#include "client/gateway/schema_keeper.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;
using tests::FakeSchemaSource;

class SchemaKeeperTest : public ::testing::Test {
protected:
    SchemaKeeperTest() { source.add("s", SchemaId{1}, R"({"type":"object"})", SchemaType::json); }
    SchemaKeeperOptions options(WantedVersion version = {}) {
        return {.subject = "s",
                .version = version,
                .ttl = milliseconds(1'000),
                .retry_pause = milliseconds(100)};
    }

    FakeSchemaSource source;
    testing::FakeClock clock;
};

TEST_F(SchemaKeeperTest, ASchemaIsLookedUpOnceUntilItsTimeIsOver) {
    SchemaKeeper keeper(options(), source, clock);
    ASSERT_TRUE(keeper.current().has_value());
    clock.advance(milliseconds(999));
    ASSERT_TRUE(keeper.current().has_value());
    EXPECT_EQ(source.calls(), 1);
    source.add("s", SchemaId{2}, R"({"type":"array"})", SchemaType::json);
    clock.advance(milliseconds(1));
    EXPECT_EQ((*keeper.current())->schema->version, Version{2});
}

TEST_F(SchemaKeeperTest, APinnedVersionStays) {
    source.add("s", SchemaId{2}, R"({"type":"array"})", SchemaType::json);
    SchemaKeeper keeper(options(Version{1}), source, clock);
    EXPECT_EQ((*keeper.current())->schema->version, Version{1});
}

TEST_F(SchemaKeeperTest, FormatsAreAskedFor) {
    source.add("s", SchemaId{2}, R"({"type":"string","format":"date-time"})", SchemaType::json);
    SchemaKeeper keeper(options(), source, clock);
    const auto errors = (*keeper.current())->validator->validate(R"("yesterday")");
    ASSERT_TRUE(errors.has_value());
    EXPECT_EQ(errors->size(), 1U);
}

TEST_F(SchemaKeeperTest, WhileTheRegistryIsAwayTheOldSchemaServesAndIsCounted) {
    SchemaKeeper keeper(options(), source, clock);
    ASSERT_TRUE(keeper.current().has_value());
    source.fail_with(ErrorCode::unavailable);
    clock.advance(milliseconds(1'000));
    ASSERT_TRUE(keeper.current().has_value());
    ASSERT_TRUE(keeper.current().has_value());
    EXPECT_EQ(source.calls(), 2);  // asked once more, then left alone for the pause
    EXPECT_EQ(keeper.state().stale_answers, 2U);
    EXPECT_FALSE(keeper.state().problem.empty());
    source.fail_with({});
    clock.advance(milliseconds(100));
    ASSERT_TRUE(keeper.current().has_value());
    EXPECT_EQ(keeper.state().problem, "");
}

TEST_F(SchemaKeeperTest, WithoutAnySchemaTheErrorIsAnsweredAndTheSourceSpared) {
    source.fail_with(ErrorCode::unavailable);
    SchemaKeeper keeper(options(), source, clock);
    EXPECT_EQ(keeper.current().error().code, ErrorCode::unavailable);
    EXPECT_EQ(keeper.current().error().code, ErrorCode::unavailable);
    EXPECT_EQ(source.calls(), 1);
    EXPECT_EQ(keeper.state().schema, nullptr);
    source.fail_with({});
    clock.advance(milliseconds(1'000));
    EXPECT_TRUE(keeper.current().has_value());
}

TEST_F(SchemaKeeperTest, ASchemaOfAnotherTypeIsRefused) {
    source.add("s", SchemaId{2}, R"("string")");
    SchemaKeeper keeper(options(), source, clock);
    EXPECT_EQ(keeper.current().error().code, ErrorCode::not_a_json_schema);
}

}  // namespace
}  // namespace symbolon::client
