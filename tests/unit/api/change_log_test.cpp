// The change feed: what is told, in which order, and that nobody who follows it misses anything.

#include "api/change_log.hpp"

#include "core/limits.hpp"
#include "tests/support/registry_fixture.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace symbolon {
namespace {

using symbolon::testing::record_of;

ChangeEvent mode_event(std::int64_t revision, const std::string& subject) {
    ChangeEvent event;
    event.revision = Revision(revision);
    event.kind = ChangeKind::mode_updated;
    event.subject = {".", subject};
    event.mode = Mode::readonly;
    return event;
}

std::vector<std::int64_t> revisions_of(const ChangePage& page) {
    std::vector<std::int64_t> revisions;
    for (const auto& event : page.events) {
        revisions.push_back(event.revision.value());
    }
    return revisions;
}

class ChangeLogBounds : public ::testing::Test {
protected:
    void add(std::int64_t revision, std::size_t bytes = 10) {
        log.add(mode_event(revision, "s"), bytes);
        log.advance(Revision(revision));
    }
    ChangePage read(std::int64_t since, std::size_t events_max = 100) {
        return log.read({Revision(since), events_max, {}});
    }

    ChangeLog log{Revision(5), {3, 100}};
};

TEST_F(ChangeLogBounds, BeginsWhereItWasTold) {
    EXPECT_FALSE(log.reaches(Revision(4)));
    EXPECT_TRUE(log.reaches(Revision(5)));
    EXPECT_EQ(read(5).next, Revision(5));
}

TEST_F(ChangeLogBounds, KeepsAsManyChangesAsItMayAndNoMore) {
    add(6), add(7), add(8);
    EXPECT_TRUE(log.reaches(Revision(5)));
    add(9);
    EXPECT_FALSE(log.reaches(Revision(5)));
    EXPECT_TRUE(log.reaches(Revision(6)));
    EXPECT_EQ(revisions_of(read(6)), (std::vector<std::int64_t>{7, 8, 9}));
}

TEST_F(ChangeLogBounds, KeepsAsManyBytesAsItMayAndNoMore) {
    add(6, 40), add(7, 60);
    EXPECT_TRUE(log.reaches(Revision(5)));
    add(8, 1);
    EXPECT_FALSE(log.reaches(Revision(5)));
    EXPECT_EQ(revisions_of(read(6)), (std::vector<std::int64_t>{7, 8}));
    add(9, 101);
    EXPECT_FALSE(log.reaches(Revision(8)));
    EXPECT_TRUE(log.reaches(Revision(9)));
}

TEST_F(ChangeLogBounds, APageEndsAtItsLastChange) {
    add(6), add(7), add(8);
    const auto first = read(5, 2);
    EXPECT_EQ(revisions_of(first), (std::vector<std::int64_t>{6, 7}));
    EXPECT_EQ(first.next, Revision(7));
    EXPECT_EQ(first.head, Revision(8));
    const auto last = read(7, 1);
    EXPECT_EQ(revisions_of(last), (std::vector<std::int64_t>{8}));
    EXPECT_EQ(last.next, Revision(8));
}

TEST_F(ChangeLogBounds, RevisionsWithoutAReportMoveTheHeadAlone) {
    log.advance(Revision(9));
    const auto page = read(5);
    EXPECT_TRUE(page.events.empty());
    EXPECT_EQ(page.next, Revision(9));
}

class ChangeFeed : public symbolon::testing::RegistryFixture {
protected:
    ChangePage page(std::int64_t since, std::size_t events_max = 100,
                    const std::optional<std::string>& prefix = std::nullopt) {
        auto found =
            registry->changes_since({Revision(since), events_max, parse_subject_prefix(prefix)});
        EXPECT_TRUE(found) << found.error().message;
        return found ? *std::move(found) : ChangePage{};
    }
    static std::vector<std::string> texts_of(const ChangePage& page) {
        std::vector<std::string> texts;
        for (const auto& event : page.events) {
            std::string text(to_string(event.kind));
            text += " " + to_text(event.subject);
            if (event.version) {
                text += fmt::format(" {} id {}", event.version->value(),
                                    event.id ? event.id->value() : 0);
            }
            if (event.mode) {
                text += " " + std::string(to_string(*event.mode));
            }
            if (event.config && event.config->level) {
                text += " " + std::string(compat::to_string(*event.config->level));
            }
            texts.push_back(text);
        }
        return texts;
    }
    using Texts = std::vector<std::string>;
};

TEST_F(ChangeFeed, TellsEveryKindOfChangeInItsOrder) {
    add("s", record_of({"a"}));
    add(":.dev:t", record_of({"a"}));
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("s", 1, true));
    ASSERT_TRUE(set_config("s", R"({"compatibility":"FULL"})"));
    ASSERT_TRUE(registry->delete_config(parse_subject("s")));
    ASSERT_TRUE(set_mode("", Mode::readonly));
    ASSERT_TRUE(set_mode("", std::nullopt));
    ASSERT_TRUE(remove_all(":.dev:t"));
    ASSERT_TRUE(remove_all(":.dev:t", true));
    ASSERT_TRUE(registry->delete_context(".dev"));
    const auto all = page(0);
    EXPECT_EQ(texts_of(all),
              (Texts{"VERSION_REGISTERED s 1 id 1", "VERSION_REGISTERED :.dev:t 1 id 1",
                     "VERSION_SOFT_DELETED s 1 id 1", "VERSION_DELETED s 1 id 1",
                     "CONFIG_UPDATED s FULL", "CONFIG_DELETED s", "MODE_UPDATED  READONLY",
                     "MODE_DELETED ", "VERSION_SOFT_DELETED :.dev:t 1 id 1",
                     "VERSION_DELETED :.dev:t 1 id 1", "CONTEXT_DELETED :.dev:"}));
    EXPECT_FALSE(all.compacted);
    EXPECT_EQ(all.next, all.head);
    EXPECT_EQ(all.head, registry->revision());
}

TEST_F(ChangeFeed, AfterARestartTheStoreTellsTheLastChangeOfEachThing) {
    add("s", record_of({"a"}));
    add("t", record_of({"a"}));
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("s", 1, true));
    ASSERT_TRUE(set_config("t", R"({"compatibility":"FULL"})"));
    open();
    const auto all = page(0);
    EXPECT_TRUE(all.compacted);
    EXPECT_EQ(texts_of(all), (Texts{"VERSION_REGISTERED t 1 id 1", "VERSION_DELETED s 1 id 0",
                                    "CONFIG_UPDATED t FULL"}));
    EXPECT_EQ(all.next, all.head);
    EXPECT_FALSE(registry->remembers(Revision(0)));
    EXPECT_TRUE(registry->remembers(all.next));
    EXPECT_FALSE(page(all.next.value()).compacted);
}

TEST_F(ChangeFeed, WhoFollowsNextSeesEachChangeOnceWhateverThePage) {
    for (int at = 0; at < 20; ++at) {
        add("s" + std::to_string(at % 4), record_of({"f" + std::to_string(at)}));
    }
    for (const bool restarted : {false, true}) {
        if (restarted) {
            open();
        }
        for (const std::size_t events_max : {1U, 3U, 7U, 100U}) {
            std::vector<std::int64_t> seen;
            std::int64_t since = 0;
            for (int round = 0; round < 100 && since < registry->revision().value(); ++round) {
                const auto part = page(since, events_max);
                EXPECT_LE(part.events.size(), events_max);
                EXPECT_GT(part.next.value(), since);
                for (const auto revision : revisions_of(part)) {
                    seen.push_back(revision);
                }
                since = part.next.value();
            }
            EXPECT_EQ(seen.size(), 20U) << events_max << restarted;
            EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
            EXPECT_EQ(since, registry->revision().value());
        }
    }
}

TEST_F(ChangeFeed, APrefixLeavesOutTheOthersButMovesOn) {
    add("orders", record_of({"a"}));
    add(":.dev:orders", record_of({"a"}));
    add("payments", record_of({"a"}));
    const auto head = registry->revision();
    EXPECT_EQ(texts_of(page(0, 100, "ord")), (Texts{"VERSION_REGISTERED orders 1 id 1"}));
    EXPECT_EQ(texts_of(page(0, 100, ":*:ord")), (Texts{"VERSION_REGISTERED orders 1 id 1",
                                                       "VERSION_REGISTERED :.dev:orders 1 id 1"}));
    EXPECT_EQ(texts_of(page(0, 100, ":.dev:")), (Texts{"VERSION_REGISTERED :.dev:orders 1 id 1"}));
    EXPECT_EQ(page(0, 100, "ord").next, head);
    EXPECT_TRUE(page(0, 100, "nobody").events.empty());
    EXPECT_EQ(page(0, 100, "nobody").next, head);
}

TEST_F(ChangeFeed, ARevisionThatIsNotThereYetIsRefused) {
    add("s", record_of({"a"}));
    const auto ahead =
        registry->changes_since({Revision(registry->revision().value() + 1), 100, {}});
    EXPECT_EQ(symbolon::testing::code_of(ahead), ErrorCode::revision_unknown);
}

TEST_F(ChangeFeed, WhatAnotherRegistryWroteIsToldToo) {
    auto other = Registry::open(store, settings);
    ASSERT_TRUE(other);
    add("s", record_of({"a"}));
    ASSERT_TRUE((*other)->register_schema(parse_subject("t"),
                                          symbolon::testing::request_of(record_of({"b"})), {}));
    ASSERT_TRUE((*other)->delete_version(parse_subject("t"), VersionChoice::latest(), false));
    add("u", record_of({"c"}));
    EXPECT_EQ(texts_of(page(0)),
              (Texts{"VERSION_REGISTERED s 1 id 1", "VERSION_SOFT_DELETED t 1 id 2",
                     "VERSION_REGISTERED u 1 id 3"}));
}

/// What a follower knows of versions after applying every event.
struct Followed {
    using Key = std::tuple<std::string, int>;
    std::map<Key, std::pair<int, bool>> versions;  ///< id, soft-deleted

    void apply(const ChangeEvent& event) {
        const auto subject = to_text(event.subject);
        switch (event.kind) {
            case ChangeKind::version_registered:
            case ChangeKind::version_restored:
            case ChangeKind::version_soft_deleted:
                versions[{subject, event.version->value()}] = {
                    event.id->value(), event.kind == ChangeKind::version_soft_deleted};
                break;
            case ChangeKind::version_deleted:
                versions.erase({subject, event.version->value()});
                break;
            default:
                break;
        }
    }
};

TEST_F(ChangeFeed, AFollowerOfManyWritersEndsInTheRegistrysState) {
    settings.now = {};
    open();
    constexpr int writers = 8;
    constexpr int rounds = 40;
    std::atomic<int> running = writers;
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            for (int round = 0; round < rounds; ++round) {
                const auto subject = "s" + std::to_string((writer + round) % 3);
                static_cast<void>(
                    try_add(subject, record_of({fmt::format("f{}_{}", writer, round)}))
                        .has_value());
                if (round % 3 == 0) {
                    static_cast<void>(remove(subject, -1).has_value());
                }
                if (round % 10 == 9) {
                    static_cast<void>(remove(subject, round / 2, true).has_value());
                }
                const auto config = fmt::format(R"({{"alias":"a{}_{}"}})", writer, round);
                EXPECT_TRUE(set_config("shared", config.c_str()));
            }
            --running;
        });
    }
    Followed followed;
    std::int64_t since = 0;
    std::set<std::string> aliases;
    bool in_order = true;
    while (running > 0 || since < registry->revision().value()) {
        const auto part = page(since, 5);
        for (const auto& event : part.events) {
            in_order = in_order && event.revision.value() > since;
            since = event.revision.value();
            if (event.config) {
                aliases.insert(event.config->alias.value_or(""));
            }
            followed.apply(event);
        }
        since = part.next.value();
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_TRUE(in_order);
    // Each was answered, so each is told, although many shared a commit.
    EXPECT_EQ(aliases.size(), static_cast<std::size_t>(writers * rounds));
    std::map<Followed::Key, std::pair<int, bool>> stored;
    registry->read([&](const Catalog& catalog) {
        for (const auto& version : list_schemas(catalog, ":*:", View::with_deleted, false)) {
            stored[{to_text(version.subject), version.version.value()}] = {version.id.value(),
                                                                           version.deleted};
        }
        return 0;
    });
    EXPECT_EQ(followed.versions, stored);
    EXPECT_GT(stored.size(), 100U);
}

}  // namespace
}  // namespace symbolon
