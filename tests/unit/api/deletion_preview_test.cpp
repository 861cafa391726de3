#include "tests/support/registry_fixture.hpp"

#include "api/deletion_preview.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Preview : public RegistryFixture {
protected:
    Result<DeletionPreview> preview(std::string_view subject, Deletion deletion,
                                    std::optional<std::int32_t> version = {}, Page page = {}) {
        const DeletionTerms terms{deletion, Retention::guarded, settings, now};
        std::optional<VersionChoice> choice;
        if (version) {
            choice = *version < 0 ? VersionChoice::latest() : VersionChoice{Version(*version)};
        }
        return registry->read([&](const Catalog& catalog) {
            return preview_deletion(catalog, parse_subject(subject), choice, terms, page);
        });
    }
    static std::vector<int> numbers(const DeletionPreview& preview) {
        std::vector<int> found;
        for (const auto& version : preview.versions) {
            found.push_back(version.version.version.value());
        }
        return found;
    }
};

TEST_F(Preview, TellsWhatWouldBeDeletedAndDeletesNothing) {
    add("s", record_of({"a"}));
    add("s", record_of({"b"}));
    ASSERT_TRUE(remove("s", 1));
    const Revision before = registry->revision();
    const auto soft = preview("s", Deletion::soft);
    ASSERT_TRUE(soft);
    EXPECT_FALSE(soft->refusal);
    EXPECT_THAT(numbers(*soft), ElementsAre(2));
    const auto one = preview("s", Deletion::permanent, 1);
    ASSERT_TRUE(one);
    EXPECT_FALSE(one->refusal);
    EXPECT_THAT(numbers(*one), ElementsAre(1));
    EXPECT_EQ(registry->revision(), before);
}

TEST_F(Preview, ARefusalIsTheOneThatTheDeletionGets) {
    add("base", record_of({"a"}));
    add("user", request_of(record_of({"x"}, "U"), {{"R", "base", 1}}));
    const auto soft = preview("base", Deletion::soft, -1);
    ASSERT_TRUE(soft);
    ASSERT_TRUE(soft->refusal);
    EXPECT_EQ(soft->refusal->code, ErrorCode::reference_exists);
    EXPECT_EQ(soft->refusal->message, remove("base", 1).error().message);
    ASSERT_EQ(soft->versions.size(), 1U);
    EXPECT_EQ(soft->versions[0].referrer_count, 1U);
    ASSERT_EQ(soft->versions[0].referrers.size(), 1U);
    EXPECT_EQ(soft->versions[0].referrers[0].subject.name, "user");

    const auto permanent = preview("user", Deletion::permanent);
    ASSERT_TRUE(permanent);
    ASSERT_TRUE(permanent->refusal);
    EXPECT_EQ(permanent->refusal->code, ErrorCode::subject_not_soft_deleted);
    EXPECT_EQ(permanent->refusal->message, remove_all("user", true).error().message);
    EXPECT_THAT(numbers(*permanent), ElementsAre(1));
}

TEST_F(Preview, WhatIsNotThereIsNotFound) {
    add("s", record_of({"a"}));
    EXPECT_EQ(code_of(preview("t", Deletion::soft)), ErrorCode::subject_not_found);
    EXPECT_EQ(code_of(preview("s", Deletion::soft, 2)), ErrorCode::version_not_found);
    ASSERT_TRUE(remove("s", 1));
    EXPECT_EQ(code_of(preview("s", Deletion::soft, -1)), ErrorCode::version_not_found);
}

TEST_F(Preview, ComesInPages) {
    for (const char* field : {"a", "b", "c"}) {
        add("s", record_of({field}));
    }
    const auto page = preview("s", Deletion::soft, {}, {1, 1});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, 3U);
    EXPECT_THAT(numbers(*page), ElementsAre(2));
    EXPECT_THAT(numbers(preview("s", Deletion::soft, {}, {3, 1}).value()), IsEmpty());
}

}  // namespace
}  // namespace symbolon
