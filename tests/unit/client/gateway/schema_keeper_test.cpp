#include "client/gateway/schema_keeper.hpp"

#include "client/gateway/schema_refresher.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>

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

TEST_F(SchemaKeeperTest, RefreshingLooksUpWhatIsDueAndNothingElse) {
    auto with_head_start = options();
    with_head_start.head_start = milliseconds(200);
    SchemaKeeper keeper(with_head_start, source, clock);
    keeper.refresh();
    EXPECT_NE(keeper.state().schema, nullptr);
    keeper.refresh();
    EXPECT_EQ(source.calls(), 1);
    clock.advance(milliseconds(1'000));
    ASSERT_TRUE(keeper.current().has_value());
    EXPECT_EQ(source.calls(), 1);  // left to refresh()
    EXPECT_EQ(keeper.state().stale_answers, 0U);
    keeper.refresh();
    EXPECT_EQ(source.calls(), 2);
    clock.advance(milliseconds(1'200));
    ASSERT_TRUE(keeper.current().has_value());
    EXPECT_EQ(source.calls(), 3);  // which did not come
}

TEST_F(SchemaKeeperTest, RefreshingAsksNobodyWhereEachBodyAsks) {
    auto without_time = options();
    without_time.ttl = milliseconds(0);
    SchemaKeeper keeper(without_time, source, clock);
    keeper.refresh();
    keeper.refresh();
    EXPECT_EQ(source.calls(), 1);
    ASSERT_TRUE(keeper.current().has_value());
    EXPECT_EQ(source.calls(), 2);
}

TEST_F(SchemaKeeperTest, AThreadGetsTheSchemaThoughNobodyAsks) {
    client::SystemClock real_clock;
    SchemaKeeper keeper(options(), source, real_clock);
    const SchemaRefresher refresher(keeper);
    for (int tries = 0; tries < 1'000 && !keeper.state().schema; ++tries) {
        std::this_thread::sleep_for(milliseconds(10));
    }
    EXPECT_NE(keeper.state().schema, nullptr);
}

/// Fails at once, or holds its caller until it is let go, and fails then.
class HoldingSource final : public SchemaSource {
public:
    Result<RegisteredSchemaPtr> find_version(std::string_view, WantedVersion) override {
        if (holds) {
            held.set_value();
            let_go.get_future().wait();
        }
        return failure(Error{ErrorCode::unavailable, "away"});
    }
    Result<RegisteredSchemaPtr> find_by_id(SchemaId) override { return none(); }
    Result<RegisteredSchemaPtr> find_by_guid(std::string_view) override { return none(); }
    Result<compat::Level> find_level(std::string_view, WantedVersion) override {
        return failure(make_error(ErrorCode::internal_error));
    }
    Result<RegisteredSchemaPtr> find_same(std::string_view, SchemaType, std::string_view,
                                          const std::vector<Reference>&) override {
        return none();
    }
    Result<RegisteredSchemaPtr> register_schema(std::string_view, SchemaType, std::string_view,
                                                const std::vector<Reference>&) override {
        return none();
    }

    bool holds = false;
    std::promise<void> held;
    std::promise<void> let_go;

private:
    static Result<RegisteredSchemaPtr> none() {
        return failure(make_error(ErrorCode::internal_error));
    }
};

TEST_F(SchemaKeeperTest, ASourceThatHangsKeepsOneCallerAndTheOthersGetTheLastError) {
    HoldingSource holding;
    SchemaKeeper keeper(options(), holding, clock);
    ASSERT_FALSE(keeper.current().has_value());
    holding.holds = true;
    clock.advance(milliseconds(1'000));
    std::thread kept([&keeper] { EXPECT_FALSE(keeper.current().has_value()); });
    holding.held.get_future().wait();
    EXPECT_EQ(keeper.current().error().message, "away");  // and does not wait
    holding.let_go.set_value();
    kept.join();
}

TEST_F(SchemaKeeperTest, ASchemaOfAnotherTypeIsRefused) {
    source.add("s", SchemaId{2}, R"("string")");
    SchemaKeeper keeper(options(), source, clock);
    EXPECT_EQ(keeper.current().error().code, ErrorCode::not_a_json_schema);
}

}  // namespace
}  // namespace symbolon::client
