#include "tests/support/registry_fixture.hpp"

#include "api/listing_keeper.hpp"
#include "api/subject_listing.hpp"
#include "api/touched_subjects.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <thread>

namespace symbolon {
namespace {

using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

SubjectQuery search(std::string_view text) {
    SubjectQuery query;
    query.words = parse_search(text).value_or(std::vector<std::string>());
    return query;
}

class ScreenListing : public RegistryFixture {
protected:
    std::vector<std::string> names(const SubjectQuery& query = {}) {
        std::vector<std::string> found;
        for (const auto& listed : registry->find_subjects(query).subjects) {
            found.push_back(listed.row.subject);
        }
        return found;
    }
    ListedSubject only(const SubjectQuery& query) {
        auto found = registry->find_subjects(query);
        EXPECT_EQ(found.subjects.size(), 1U);
        return found.subjects.empty() ? ListedSubject{} : std::move(found.subjects.front());
    }
    void tend() {
        while (registry->tend()) {
        }
    }
};

TEST_F(ScreenListing, ARowTellsTheLatestVersionAndWhatHoldsForItsSubject) {
    add("base", record_of({"a"}));
    add("base", record_of({"b"}));
    const auto latest = add("base", record_of({"c"}));
    ASSERT_TRUE(remove("base", 1));
    add("user", request_of(record_of({"x"}, "U"), {{"R", "base", 2}}));
    ASSERT_TRUE(set_config("base", R"({"compatibility":"FULL"})"));
    ASSERT_TRUE(set_mode("base", Mode::readonly));

    const auto base = only(search("base"));
    EXPECT_EQ(base.row.version.value(), 3);
    EXPECT_EQ(base.row.id, latest.id);
    EXPECT_EQ(base.row.ts, latest.ts);
    EXPECT_EQ(base.row.live_versions, 2U);
    EXPECT_EQ(base.row.deleted_versions, 1U);
    EXPECT_EQ(base.level, compat::Level::full);
    EXPECT_EQ(base.mode, Mode::readonly);
    EXPECT_EQ(base.referrers, 1U);
    EXPECT_FALSE(base.row.deleted());
    const auto user = only(search("user"));
    EXPECT_EQ(user.row.content->references.size(), 1U);
    EXPECT_EQ(user.referrers, 0U);
    EXPECT_EQ(user.level, compat::Level::none);
}

TEST_F(ScreenListing, ReferrersAreThoseThatLive) {
    add("base", record_of({"a"}));
    add("user", request_of(record_of({"x"}, "U"), {{"R", "base", 1}}));
    EXPECT_EQ(only(search("base")).referrers, 1U);
    ASSERT_TRUE(remove("user", 1));
    EXPECT_EQ(only(search("base")).referrers, 0U);
    add("user", request_of(record_of({"x"}, "U"), {{"R", "base", 1}}));
    EXPECT_EQ(only(search("base")).referrers, 1U);
}

TEST_F(ScreenListing, SearchLooksIntoNamesFieldNamesAndDocs) {
    add("orders-value", record_of({"customer_id"}));
    add("payments-value",
        R"({"type":"record","name":"P","doc":"Money of a Customer","fields":[]})");
    add("other", record_of({"x"}));
    EXPECT_THAT(names(search("customer")), ElementsAre("orders-value", "payments-value"));
    EXPECT_THAT(names(search("MONEY customer")), ElementsAre("payments-value"));
    EXPECT_THAT(names(search("orders tomer_id")), ElementsAre("orders-value"));
    EXPECT_THAT(names(search("-value")), ElementsAre("orders-value", "payments-value"));
    EXPECT_THAT(names(search("customer nothing")), IsEmpty());
}

TEST_F(ScreenListing, OnlyTheLatestVersionIsSearched) {
    add("s", record_of({"early"}));
    EXPECT_THAT(names(search("early")), ElementsAre("s"));
    add("s", record_of({"late"}));
    EXPECT_THAT(names(search("early")), IsEmpty());
    EXPECT_THAT(names(search("late")), ElementsAre("s"));
    ASSERT_TRUE(remove("s", 2));
    EXPECT_THAT(names(search("early")), ElementsAre("s"));
}

TEST_F(ScreenListing, EachOrderAndItsReverse) {
    add("b", record_of({"a"}));  // id 1, time 1
    add("c", record_of({"b"}));  // id 2
    add("a", record_of({"c"}));  // id 3
    add("b", record_of({"d"}));  // b: two versions, id 4, latest time
    SubjectQuery query;
    EXPECT_THAT(names(query), ElementsAre("a", "b", "c"));
    query.sort = SubjectSort::time;
    EXPECT_THAT(names(query), ElementsAre("c", "a", "b"));
    query.sort = SubjectSort::versions;
    EXPECT_THAT(names(query), ElementsAre("a", "c", "b"));
    query.order = SortOrder::descending;
    EXPECT_THAT(names(query), ElementsAre("b", "c", "a"));
    query.sort = SubjectSort::id;
    EXPECT_THAT(names(query), ElementsAre("b", "a", "c"));
}

TEST_F(ScreenListing, PagesAreCutFromWhatMatches) {
    for (const char* name : {"a1", "b1", "a2", "b2", "a3"}) {
        add(name, record_of({"f"}));
    }
    SubjectQuery query;
    query.prefix = parse_subject_prefix("a");
    query.offset = 1;
    query.limit = 1;
    const auto page = registry->find_subjects(query);
    EXPECT_EQ(page.total, 3U);
    ASSERT_EQ(page.subjects.size(), 1U);
    EXPECT_EQ(page.subjects[0].row.subject, "a2");
    query.offset = 3;
    EXPECT_THAT(names(query), IsEmpty());
    EXPECT_EQ(registry->find_subjects(query).total, 3U);
}

TEST_F(ScreenListing, PrefixesMeanWhatTheyMeanInTheListOfSubjects) {
    for (const char* name : {"a", "ab", ":.dev:a", ":.dev:b", ":.", ":.:.x"}) {
        if (!try_add(name, record_of({"f"}))) {
            continue;
        }
    }
    for (const char* prefix :
         {"", "a", ":.dev:", ":.dev:a", ":*:a", ":*:", ":.:", ":", ":.none:"}) {
        SubjectQuery query;
        query.prefix = parse_subject_prefix(prefix);
        EXPECT_EQ(names(query), registry->read([&](const Catalog& catalog) {
            return list_subjects(catalog, prefix, View::live);
        })) << prefix;
    }
}

TEST_F(ScreenListing, DeletedSubjectsAreShownWhereTheyAreAskedFor) {
    add("gone", record_of({"old_field"}));
    add("here", record_of({"f"}));
    ASSERT_TRUE(remove_all("gone"));
    EXPECT_THAT(names(), ElementsAre("here"));
    SubjectQuery query;
    query.view = View::with_deleted;
    EXPECT_THAT(names(query), ElementsAre("gone", "here"));
    query.view = View::only_deleted;
    EXPECT_THAT(names(query), ElementsAre("gone"));
    query.words = {"old_field"};
    EXPECT_TRUE(only(query).row.deleted());
    ASSERT_TRUE(remove_all("gone", true));
    EXPECT_THAT(names(query), IsEmpty());
}

TEST_F(ScreenListing, WordsAreReadInTheBackgroundAndUntilThenNamesAreSearched) {
    for (int at = 0; at < 1'000; ++at) {
        add("s" + std::to_string(at), record_of({"field_" + std::to_string(at)}));
    }
    open();
    const auto early = registry->find_subjects(search("s999"));
    EXPECT_EQ(early.total, 1U);
    EXPECT_FALSE(early.complete);
    tend();
    const auto late = registry->find_subjects(search("field_999"));
    EXPECT_EQ(late.total, 1U);
    EXPECT_TRUE(late.complete);
}

TEST_F(ScreenListing, AfterARestartItIsTheSame) {
    add("a", record_of({"f"}));
    add(":.dev:b", record_of({"g"}));
    ASSERT_TRUE(remove_all("a"));
    open();
    SubjectQuery query;
    query.view = View::with_deleted;
    EXPECT_THAT(names(query), ElementsAre(":.dev:b", "a"));
}

TEST_F(ScreenListing, WhatAnotherRegistryWroteIsListedOnceThisOneHasReadIt) {
    add("mine", record_of({"f"}));
    EXPECT_THAT(names(), ElementsAre("mine"));
    auto other = Registry::open(store, settings);
    ASSERT_TRUE(other);
    ASSERT_TRUE(
        (*other)->register_schema(parse_subject("theirs"), request_of(record_of({"g"})), {}));
    add("mine", record_of({"h"}));
    EXPECT_THAT(names(), ElementsAre("mine", "theirs"));
}

TEST(TouchedSubjectsTest, PastTheirLimitTheyOnlyTellThatMuchChanged) {
    TouchedSubjects touched;
    for (std::size_t at = 0; at < limits::touched_subjects_max; ++at) {
        touched.note({".", std::to_string(at)});
    }
    EXPECT_EQ(touched.take().subjects.size(), limits::touched_subjects_max);
    for (std::size_t at = 0; at <= limits::touched_subjects_max; ++at) {
        touched.note({".", std::to_string(at)});
    }
    const auto batch = touched.take();
    EXPECT_TRUE(batch.everything);
    EXPECT_TRUE(batch.subjects.empty());
    EXPECT_FALSE(touched.take().everything);
}

TEST_F(ScreenListing, MoreChangesThanCanBeNotedListEverythingAnew) {
    add("gone", record_of({"g"}));
    add("stays", record_of({"s"}));
    auto catalog = registry->read([](const Catalog& current) { return current; });
    ReadWriteLock lock;
    ListingKeeper keeper(catalog, lock);
    EXPECT_EQ(keeper.find({}).total, 2U);
    const auto erase = [&](const std::string& subject) {
        const Change change{{RecordFamily::version, ".", subject, 1}, std::monostate()};
        EXPECT_TRUE(catalog.apply(change));
        keeper.note(change);
    };
    erase("gone");
    for (std::size_t at = 0; at < limits::touched_subjects_max; ++at) {
        erase("other" + std::to_string(at));
    }
    const auto page = keeper.find(search("stays"));
    EXPECT_EQ(page.total, 1U);
    EXPECT_TRUE(page.complete);
    EXPECT_EQ(keeper.find({}).total, 1U);
}

TEST_F(ScreenListing, RandomWritesAreListedAsTheCatalogueHasThem) {
    std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same run each time
    for (int round = 0; round < 400; ++round) {
        const std::string subject = "s" + std::to_string(random() % 30);
        switch (random() % 4) {
            case 0:
                static_cast<void>(remove_all(subject).has_value());
                break;
            case 1:
                static_cast<void>(remove_all(subject, true).has_value());
                break;
            default:
                add(subject, record_of({"f" + std::to_string(random() % 100)}));
        }
        if (random() % 3 != 0) {
            continue;
        }
        for (const View view : {View::live, View::with_deleted, View::only_deleted}) {
            SubjectQuery query;
            query.view = view;
            const auto expected = registry->read(
                [&](const Catalog& catalog) { return list_subjects(catalog, std::nullopt, view); });
            EXPECT_EQ(names(query), expected);
            for (const auto sort : {SubjectSort::time, SubjectSort::versions, SubjectSort::id}) {
                query.sort = sort;
                auto sorted = names(query);
                query.order = SortOrder::descending;
                auto reversed = names(query);
                query.order = SortOrder::ascending;
                std::reverse(reversed.begin(), reversed.end());
                EXPECT_EQ(sorted, reversed);
                std::sort(sorted.begin(), sorted.end());
                EXPECT_EQ(sorted, expected);
            }
        }
    }
}

TEST_F(ScreenListing, ReadersWritersAndTheCaretakerGoTogether) {
    std::thread writer([&] {
        for (int at = 0; at < 200; ++at) {
            add("s" + std::to_string(at % 20), record_of({"f" + std::to_string(at)}));
        }
    });
    std::thread caretaker([&] {
        for (int at = 0; at < 200; ++at) {
            registry->tend();
        }
    });
    for (int at = 0; at < 200; ++at) {
        EXPECT_LE(registry->find_subjects(search("f1")).total, 20U);
    }
    writer.join();
    caretaker.join();
    EXPECT_EQ(registry->find_subjects({}).total, 20U);
}

}  // namespace
}  // namespace symbolon
