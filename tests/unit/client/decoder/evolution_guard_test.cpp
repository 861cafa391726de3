#include "client/decoder/evolution_guard.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using compat::Level;

TEST(EvolutionGuard, Rule1AFlaggedSubjectStaysFlagged) {
    const EvolutionGuard guard({{"s", {.flag = SubjectFlag{Version{3}, 7}}}});
    EXPECT_TRUE(guard.is_flagged("s"));
    EXPECT_FALSE(guard.is_flagged("t"));
}

TEST(EvolutionGuard, Rule2LevelNoneOnASubjectNeverDecodedFlagsIt) {
    EvolutionGuard guard;
    EXPECT_EQ(guard.admit("s", Version{3}, Level::none, 17), Admission::dead_letter);
    EXPECT_TRUE(guard.is_flagged("s"));
    EXPECT_EQ(guard.state().at("s").flag, (SubjectFlag{Version{3}, 17}));
    EXPECT_TRUE(guard.take_changed());
    EXPECT_FALSE(guard.take_changed());
}

TEST(EvolutionGuard, Rule2LevelNoneOnASubjectThatWasDecodedPasses) {
    EvolutionGuard guard;
    guard.remember("s", Version{1});
    EXPECT_EQ(guard.admit("s", Version{2}, Level::none, 0), Admission::decode);
    EXPECT_FALSE(guard.is_flagged("s"));
}

TEST(EvolutionGuard, Rule2EveryOtherLevelPasses) {
    for (const auto level : {Level::backward, Level::backward_transitive, Level::forward,
                             Level::forward_transitive, Level::full, Level::full_transitive}) {
        EvolutionGuard guard;
        EXPECT_EQ(guard.admit("s", Version{1}, level, 0), Admission::decode);
        EXPECT_TRUE(guard.state().empty());
    }
}

TEST(EvolutionGuard, Rule3TheVersionThatWasDecodedIsTheLastGood) {
    EvolutionGuard guard;
    EXPECT_EQ(guard.find_last_good("s"), std::nullopt);
    guard.remember("s", Version{1});
    guard.remember("s", Version{2});
    EXPECT_EQ(guard.find_last_good("s"), Version{2});
    EXPECT_TRUE(guard.take_changed());
    guard.remember("s", Version{2});
    EXPECT_FALSE(guard.take_changed());
}

TEST(EvolutionGuard, Rule4ThreeVisitsToTheRetryQueueThenTheDeadLetterQueue) {
    const EvolutionGuard guard;
    EXPECT_EQ(guard.queue_after_failure(0), Queue::retry);
    EXPECT_EQ(guard.queue_after_failure(2), Queue::retry);
    EXPECT_EQ(guard.queue_after_failure(3), Queue::dead_letter);
    EXPECT_EQ(EvolutionGuard({}, 0).queue_after_failure(0), Queue::dead_letter);
}

TEST(EvolutionGuard, BeyondTheBoundRulesHoldAndNothingIsRemembered) {
    GuardState full;
    for (std::size_t at = 0; at < limits::guard_subjects_max; ++at) {
        full.emplace_hint(full.end(), fmt::format("s{:08}", at), SubjectState{});
    }
    EvolutionGuard guard(std::move(full));
    EXPECT_EQ(guard.admit("new", Version{1}, Level::none, 0), Admission::dead_letter);
    EXPECT_FALSE(guard.is_flagged("new"));
    EXPECT_EQ(guard.state().size(), limits::guard_subjects_max);
    guard.remember("s00000000", Version{1});
    EXPECT_EQ(guard.find_last_good("s00000000"), Version{1});
}

}  // namespace
}  // namespace symbolon::client
