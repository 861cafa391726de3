#include "tests/support/fault_store.hpp"
#include "tests/support/registry_fixture.hpp"

#include "api/change_log.hpp"
#include "api/usage.hpp"

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

namespace symbolon {
namespace {

using symbolon::testing::FaultMoment;
using symbolon::testing::FaultStore;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Usage : public RegistryFixture {
protected:
    static UsageKey key(int id, std::string subject = "s") {
        return {".", SchemaId(id), std::move(subject)};
    }
    static void read(Registry& where, const UsageKey& what, std::int64_t at,
                     std::string_view agent = "curl/8") {
        const auto counter = where.usage().counter(what);
        ASSERT_NE(counter, nullptr);
        where.usage().count(*counter, agent, at);
    }
    void read(const UsageKey& what, std::int64_t at, std::string_view agent = "curl/8") {
        read(*registry, what, at, agent);
    }
    UsageRecord usage(const UsageKey& what) { return registry->usage().find(what); }
    std::size_t stored() {
        std::size_t count = 0;
        const auto entries = store->read_since(Revision(0));
        for (const auto& entry : *entries) {
            count += entry.key.starts_with("usage/") && entry.value ? 1U : 0U;
        }
        return count;
    }
};

TEST_F(Usage, ReadsAreCountedBySchemaAndSubject) {
    read(key(1), 10);
    read(key(1), 30, "java/17");
    read(key(1), 20);
    read(key(1, ""), 5);
    EXPECT_EQ(usage(key(1)), (UsageRecord{3, 30, {{"java/17", 1, 30}, {"curl/8", 2, 20}}}));
    EXPECT_EQ(usage(key(1, "")), (UsageRecord{1, 5, {{"curl/8", 1, 5}}}));
    EXPECT_EQ(usage(key(2)), UsageRecord{});
    EXPECT_THAT(registry->usage().find_all(".", SchemaId(1)), SizeIs(2));
    EXPECT_THAT(registry->usage().find_all(".dev", SchemaId(1)), IsEmpty());
}

TEST_F(Usage, WhatWasFlushedIsThereAfterARestartAndAddsUp) {
    add("s", record_of({"f"}));
    read(key(1), 10);
    ASSERT_TRUE(registry->flush_usage());
    read(key(1), 20, "java/17");
    EXPECT_EQ(usage(key(1)).reads, 2U);
    ASSERT_TRUE(registry->flush_usage());
    const UsageRecord before = usage(key(1));
    open();
    EXPECT_EQ(usage(key(1)), before);
    EXPECT_EQ(before, (UsageRecord{2, 20, {{"java/17", 1, 20}, {"curl/8", 1, 10}}}));
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Usage, NothingNewIsNotWrittenAgain) {
    add("s", record_of({"f"}));
    read(key(1), 10);
    ASSERT_TRUE(registry->flush_usage());
    const auto head = registry->revision();
    ASSERT_TRUE(registry->flush_usage());
    EXPECT_EQ(registry->revision(), head);
}

TEST_F(Usage, TwoRegistriesOnOneStoreAddUp) {
    add("s", record_of({"f"}));
    auto other = Registry::open(store, settings);
    ASSERT_TRUE(other);
    for (int round = 0; round < 3; ++round) {
        read(key(1), 10 + round, "mine");
        read(**other, key(1), 20 + round, "theirs");
        ASSERT_TRUE(registry->flush_usage());
        ASSERT_TRUE((*other)->flush_usage());
    }
    open();
    EXPECT_EQ(usage(key(1)), (UsageRecord{6, 22, {{"theirs", 3, 22}, {"mine", 3, 12}}}));
}

TEST_F(Usage, WritingItStalesNoAnswerAndTellsNobodyOfAChange) {
    add("s", record_of({"f"}));
    const auto answers_from = [&] {
        return registry->read([](const Catalog& catalog) { return revision_of(catalog); });
    };
    const Revision before = answers_from();
    const Revision since = registry->revision();
    read(key(1), 10);
    ASSERT_TRUE(registry->flush_usage());
    EXPECT_EQ(answers_from(), before);
    const auto page = registry->changes_since({since, 100, {}});
    ASSERT_TRUE(page);
    EXPECT_THAT(page->events, IsEmpty());
    add("s", record_of({"g"}));
    EXPECT_GT(answers_from(), before);
    EXPECT_THAT(registry->changes_since({since, 100, {}})->events, SizeIs(1));
}

TEST_F(Usage, IsForgottenWithTheVersionsItIsAbout) {
    add("s", record_of({"f"}));
    add("t", record_of({"f"}));
    read(key(1, "s"), 10);
    read(key(1, "t"), 10);
    read(key(1, ""), 10);
    ASSERT_TRUE(registry->flush_usage());
    EXPECT_EQ(stored(), 3U);
    ASSERT_TRUE(remove_all("s"));
    ASSERT_TRUE(remove_all("s", true));
    ASSERT_TRUE(registry->flush_usage());
    EXPECT_EQ(usage(key(1, "s")), UsageRecord{});
    EXPECT_EQ(usage(key(1, "t")).reads, 1U);
    ASSERT_TRUE(remove_all("t"));
    ASSERT_TRUE(remove_all("t", true));
    ASSERT_TRUE(registry->flush_usage());
    EXPECT_EQ(stored(), 0U);
    EXPECT_EQ(registry->usage().size(), 0U);
}

TEST_F(Usage, IsWrittenOnceAMinuteAndNotBefore) {
    add("s", record_of({"f"}));
    const auto tend = [&] {
        while (registry->tend()) {
        }
    };
    tend();
    read(key(1), 10);
    now += limits::usage_flush_ms - 1'000;
    tend();
    EXPECT_EQ(stored(), 0U);
    now += 1'000;
    tend();
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Usage, WhatCouldNotBeWrittenIsWrittenLaterAndCountedOnce) {
    add("s", record_of({"f"}));
    auto faulty = std::make_shared<FaultStore>(*store);
    auto opened = Registry::open(faulty, settings);
    ASSERT_TRUE(opened);
    read(**opened, key(1), 10);
    for (const auto moment : {FaultMoment::before_effect, FaultMoment::after_effect}) {
        faulty->fail_call(1, moment);
        EXPECT_FALSE((*opened)->flush_usage());
        EXPECT_TRUE(faulty->has_failed());
        read(**opened, key(1), 20);
    }
    ASSERT_TRUE((*opened)->flush_usage());
    EXPECT_EQ((*opened)->usage().find(key(1)).reads, 3U);
    open();
    EXPECT_EQ(usage(key(1)).reads, 3U);
}

TEST_F(Usage, OfManyUserAgentsTheLastOnesAreKept) {
    add("s", record_of({"f"}));
    const auto most = static_cast<std::int64_t>(limits::usage_agents_per_entry);
    for (std::int64_t at = 1; at <= most; ++at) {
        read(key(1), at, "early/" + std::to_string(at));
    }
    EXPECT_THAT(usage(key(1)).agents, SizeIs(limits::usage_agents_per_entry));
    read(key(1), 50, "not told apart until the others are written");
    EXPECT_THAT(usage(key(1)).agents, SizeIs(limits::usage_agents_per_entry));
    ASSERT_TRUE(registry->flush_usage());
    read(key(1), 100, "early/3");
    ASSERT_TRUE(registry->flush_usage());
    read(key(1), 101, "late");
    const auto found = usage(key(1));
    EXPECT_EQ(found.reads, limits::usage_agents_per_entry + 3);
    EXPECT_THAT(found.agents, SizeIs(limits::usage_agents_per_entry));
    EXPECT_EQ(found.agents[0], (AgentUse{"late", 1, 101}));
    EXPECT_EQ(found.agents[1], (AgentUse{"early/3", 2, 100}));
}

TEST_F(Usage, NamesOfUserAgentsAreMadeFitToBeStored) {
    add("s", record_of({"f"}));
    read(key(1), 1, "a\"b\\c\x01\xC3\xA9");
    read(key(1), 2, "");
    read(key(1), 3, std::string(1'000, 'x'));
    ASSERT_TRUE(registry->flush_usage());
    open();
    const auto agents = usage(key(1)).agents;
    ASSERT_THAT(agents, SizeIs(3));
    EXPECT_EQ(agents[0].agent, std::string(limits::usage_agent_bytes_max, 'x'));
    EXPECT_EQ(agents[1].agent, "unknown");
    EXPECT_EQ(agents[2].agent, "a?b?c???");
}

TEST(UsageBounds, PastTheLimitTheLongestUnreadOnesMakeRoom) {
    UsageBook book(10);
    const auto key = [](int id) { return UsageKey{".", SchemaId(id), ""}; };
    for (int id = 1; id <= 10; ++id) {
        const auto counter = book.counter(key(id));
        ASSERT_NE(counter, nullptr);
        book.count(*counter, "a", 100 - id);
    }
    EXPECT_EQ(book.counter(key(11)), nullptr);
    EXPECT_NE(book.counter(key(1)), nullptr);
    const auto changes = book.to_changes(book.list_unwritten());
    EXPECT_THAT(changes, SizeIs(9));
    EXPECT_EQ(book.find(key(10)), UsageRecord{});
    EXPECT_EQ(book.find(key(9)).reads, 1U);
    EXPECT_NE(book.counter(key(11)), nullptr);
}

TEST(UsageBounds, UserAgentsPastTheLimitAreNotToldApart) {
    UserAgents agents;
    std::vector<UserAgents::Id> ids;
    for (std::size_t at = 0; at < limits::usage_agents_max; ++at) {
        ids.push_back(agents.id_of(std::to_string(at)));
    }
    EXPECT_EQ(agents.id_of("one more"), UserAgents::nobody);
    for (std::size_t at = 0; at < limits::usage_agents_max; ++at) {
        EXPECT_EQ(agents.id_of(std::to_string(at)), ids[at]);
        EXPECT_EQ(agents.name_of(ids[at]), std::to_string(at));
    }
}

TEST_F(Usage, ManyReadersAndFlushesLoseNothing) {
    add("s", record_of({"f"}));
    constexpr int readers = 4;
    constexpr int reads = 5'000;
    const auto counter = registry->usage().counter(key(1));
    std::vector<std::thread> threads;
    for (int reader = 0; reader < readers; ++reader) {
        threads.emplace_back([&, reader] {
            for (int at = 0; at < reads; ++at) {
                registry->usage().count(*counter, "agent/" + std::to_string(reader), at);
            }
        });
    }
    for (int flush = 0; flush < 20; ++flush) {
        EXPECT_TRUE(registry->flush_usage());
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(usage(key(1)).reads, readers * reads);
    ASSERT_TRUE(registry->flush_usage());
    open();
    EXPECT_EQ(usage(key(1)).reads, readers * reads);
}

}  // namespace
}  // namespace symbolon
