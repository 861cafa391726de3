#include "tests/support/registry_fixture.hpp"

#include "api/catalog.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Lookups : public RegistryFixture {
protected:
    /// a: 1 live; b: 1 deleted, 2 live; c: 1 deleted; .dev:a: 1 live.
    void fill() {
        add("a", record_of({"a"}));
        add("b", record_of({"b"}));
        add("b", record_of({"c"}));
        add("c", record_of({"d"}));
        add(":.dev:a", record_of({"e"}));
        ASSERT_TRUE(remove("b", 1));
        ASSERT_TRUE(remove("c", 1));
    }
    std::vector<std::string> subjects(const std::optional<std::string>& prefix, View view) {
        return registry->read([&](const Catalog& c) { return list_subjects(c, prefix, view); });
    }
    Result<FoundSchema> by_id(int id, const char* subject = nullptr) {
        return registry->read([&](const Catalog& c) {
            return get_schema_by_id(
                c, SchemaId(id),
                subject == nullptr ? std::nullopt : std::optional(parse_subject(subject)));
        });
    }
    std::vector<std::string> users(int id, View view, const char* subject = "") {
        const auto found = registry->read([&](const Catalog& c) {
            return list_versions_of_id(c, SchemaId(id), parse_subject(subject), view);
        });
        std::vector<std::string> names;
        for (const auto& version : found ? *found : std::vector<SubjectVersion>()) {
            names.push_back(to_text(version.subject) + "/" +
                            std::to_string(version.version.value()));
        }
        return names;
    }
};

TEST(Pages, ALimitOfZeroOrLessMeansNone) {  // section 3
    const std::vector<int> items{1, 2, 3, 4};
    EXPECT_THAT(take_page(items, {}, 0), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(take_page(items, {1, 2}, 0), ElementsAre(2, 3));
    EXPECT_THAT(take_page(items, {0, 0}, 3), ElementsAre(1, 2, 3));
    EXPECT_THAT(take_page(items, {0, 9}, 3), ElementsAre(1, 2, 3));
    EXPECT_THAT(take_page(items, {9, 9}, 0), IsEmpty());
    EXPECT_THAT(take_page(items, {-5, 1}, 0), ElementsAre(1));
    EXPECT_THAT(take_page(items, {3, INT64_MAX}, 0), ElementsAre(4));
}

TEST(VersionChoices, ANumberLatestOrMinusOne) {  // section 3
    EXPECT_EQ(parse_version_choice("7")->number, Version(7));
    EXPECT_EQ(parse_version_choice("2147483647")->number, Version(2147483647));
    for (const auto* latest : {"latest", "LATEST", " Latest ", "-1"}) {
        ASSERT_TRUE(parse_version_choice(latest));
        EXPECT_FALSE(parse_version_choice(latest)->number);
    }
    for (const auto* bad : {"0", "-2", "2147483648", "1x", "", "earliest", "1.0"}) {
        ASSERT_FALSE(parse_version_choice(bad)) << bad;
        EXPECT_EQ(parse_version_choice(bad).error().message,
                  "The specified version '" + std::string(bad) +
                      "' is not a valid version id. Allowed values are between [1, 2^31-1] and "
                      "the string \"latest\"");
    }
}

TEST_F(Lookups, SubjectsAreListedByPrefixAndView) {  // S1, SUBJ-1
    fill();
    EXPECT_THAT(subjects(std::nullopt, View::live), ElementsAre(":.dev:a", "a", "b"));
    EXPECT_THAT(subjects(":*:", View::with_deleted), ElementsAre(":.dev:a", "a", "b", "c"));
    EXPECT_THAT(subjects(std::nullopt, View::only_deleted), ElementsAre("c"));
    EXPECT_THAT(subjects("", View::live), ElementsAre("a", "b"));
    EXPECT_THAT(subjects("b", View::live), ElementsAre("b"));
    EXPECT_THAT(subjects(":*:a", View::live), ElementsAre(":.dev:a", "a"));
    EXPECT_THAT(subjects(":.dev:", View::live), ElementsAre(":.dev:a"));
    EXPECT_THAT(subjects(":.dev", View::live), ElementsAre(":.dev:a"));
    EXPECT_THAT(subjects(":.dev:b", View::live), IsEmpty());
}

TEST_F(Lookups, VersionsAreListedByView) {  // V1
    fill();
    EXPECT_THAT(versions("b"), ElementsAre(2));
    EXPECT_THAT(versions("b", View::with_deleted), ElementsAre(1, 2));
    EXPECT_THAT(versions("b", View::only_deleted), ElementsAre(1));
    registry->read([](const Catalog& c) {
        EXPECT_EQ(list_versions(c, parse_subject("a"), View::only_deleted)->size(), 0U);
        EXPECT_EQ(message_of(list_versions(c, parse_subject("c"), View::live)),
                  "Subject 'c' not found.");
        EXPECT_FALSE(list_versions(c, parse_subject("x"), View::only_deleted));
    });
}

TEST_F(Lookups, DeletedVersionsMayBeNegative) {  // V1
    fill();
    registry->read([](const Catalog& c) {
        EXPECT_THAT(*list_versions_deleted_as_negative(c, parse_subject("b"), View::live),
                    ElementsAre(-1, 2));
        EXPECT_FALSE(list_versions_deleted_as_negative(c, parse_subject("c"), View::live));
        EXPECT_THAT(*list_versions_deleted_as_negative(c, parse_subject("c"), View::with_deleted),
                    ElementsAre(-1));
    });
}

TEST_F(Lookups, LatestIsTheHighestLiveVersion) {  // VER-G1
    fill();
    EXPECT_EQ(get("b", -1)->version, Version(2));
    EXPECT_EQ(message_of(get("c", -1, View::with_deleted)), "Version -1 not found.");
    EXPECT_EQ(message_of(get("c", -1)), "Subject 'c' not found.");
}

TEST_F(Lookups, AHiddenVersionIsNotFound) {  // V2
    fill();
    EXPECT_EQ(message_of(get("b", 1)), "Version 1 not found.");
    EXPECT_TRUE(get("b", 1, View::with_deleted)->deleted);
    EXPECT_EQ(message_of(get("b", 9)), "Version 9 not found.");
    EXPECT_EQ(code_of(get("x", 1)), ErrorCode::subject_not_found);
}

TEST_F(Lookups, AnUnqualifiedNameIsSearchedInOtherContexts) {  // CTX-7
    fill();
    add(":.x:only", record_of({"o"}));
    EXPECT_EQ(to_text(get("only", -1)->subject), ":.x:only");
    EXPECT_EQ(to_text(get("a", 1)->subject), "a");
    EXPECT_FALSE(get(":.dev:only", -1));
}

TEST_F(Lookups, MetadataFindsTheHighestVersion) {  // S4
    for (const auto* owner : {"x", "y", "x"}) {
        auto request = request_of(record_of({"a"}));
        request.metadata = Metadata{{}, {{"owner", owner}, {"n", std::to_string(now)}}, {}};
        add("s", request);
    }
    const auto find = [&](const char* subject, const char* owner) {
        return registry->read([&](const Catalog& c) {
            return get_version_with_metadata(c, parse_subject(subject), {{"owner", owner}},
                                             View::live);
        });
    };
    EXPECT_EQ(find("s", "x")->version, Version(3));
    EXPECT_EQ(find("s", "y")->version, Version(2));
    EXPECT_EQ(code_of(find("s", "z")), ErrorCode::schema_not_found);
    EXPECT_EQ(code_of(find("t", "x")), ErrorCode::subject_not_found);
}

TEST_F(Lookups, SchemasAreListedBySubjectThenVersion) {  // H1
    fill();
    const auto list = [&](const char* prefix, View view, bool latest) {
        std::vector<std::string> names;
        for (const auto& item : registry->read(
                 [&](const Catalog& c) { return list_schemas(c, prefix, view, latest); })) {
            names.push_back(to_text(item.subject) + std::to_string(item.version.value()));
        }
        return names;
    };
    EXPECT_THAT(list("", View::live, false), ElementsAre("a1", "b2"));
    EXPECT_THAT(list("", View::with_deleted, false), ElementsAre("a1", "b1", "b2", "c1"));
    EXPECT_THAT(list("", View::with_deleted, true), ElementsAre("a1", "b2", "c1"));
    EXPECT_THAT(list(":*:", View::live, false), ElementsAre(":.dev:a1", "a1", "b2"));
}

TEST_F(Lookups, AnIdIsResolvedInItsContext) {  // ID-9, ID-12
    fill();
    EXPECT_EQ(by_id(1)->content->text, record_of({"a"}));
    EXPECT_EQ(by_id(1, "")->content->text, record_of({"a"}));
    EXPECT_EQ(by_id(1, ":.dev:")->content->text, record_of({"e"}));
    EXPECT_EQ(message_of(by_id(9)), "Schema 9 not found");
    const auto deleted = by_id(4);
    ASSERT_TRUE(deleted);
    EXPECT_TRUE(deleted->deleted);
    EXPECT_FALSE(deleted->as_version);
}

TEST_F(Lookups, ASubjectSteersWhereAnIdIsLookedUp) {  // ID-10, ID-11
    fill();
    add(":.dev:d", record_of({"f"}));
    EXPECT_EQ(by_id(1, "a")->as_version->version, Version(1));
    EXPECT_EQ(by_id(2, "d")->content->text, record_of({"f"})) << "found in .dev";
    EXPECT_EQ(by_id(1, "anything")->content->text, record_of({"a"})) << "the fall-back";
    EXPECT_FALSE(by_id(1, "anything")->as_version);
    EXPECT_EQ(by_id(1, ":.dev:a")->as_version->subject, (SubjectName{".dev", "a"}));
    EXPECT_FALSE(by_id(2, ":.dev:a")) << "exact use only";
}

TEST_F(Lookups, AnIdTellsWhoUsesIt) {  // H4, H5
    add("s", record_of({"a"}));
    add("t", record_of({"a"}));
    add("t", record_of({"b"}));
    ASSERT_TRUE(remove("s", 1));
    EXPECT_THAT(users(1, View::live), ElementsAre("t/1"));
    EXPECT_THAT(users(1, View::with_deleted), ElementsAre("s/1", "t/1"));
    registry->read([](const Catalog& c) {
        EXPECT_EQ(message_of(list_versions_of_id(c, SchemaId(9), std::nullopt, View::live)),
                  "Schema not found");
    });
}

TEST_F(Lookups, AGuidIsTheSameInEveryContext) {  // ID-3, H6, H7
    add("s", record_of({"a"}));
    add(":.dev:t", record_of({"b"}));
    const auto guid = add(":.dev:t", record_of({"a"})).content->guid;
    registry->read([&](const Catalog& c) {
        EXPECT_EQ(get_schema_by_guid(c, guid)->content->text, record_of({"a"}));
        EXPECT_EQ(list_ids_of_guid(c, guid), (std::vector<std::pair<std::string, SchemaId>>{
                                                 {".", SchemaId(1)}, {".dev", SchemaId(2)}}));
        EXPECT_EQ(message_of(get_schema_by_guid(c, Guid{})),
                  "Schema 00000000-0000-0000-0000-000000000000 not found");
        EXPECT_TRUE(list_ids_of_guid(c, Guid{}).empty());
    });
}

TEST_F(Lookups, ReferrersAreIdsByContextThenNumber) {  // V6
    add("base", record_of({"x"}, "Base"));
    add(":.dev:s", request_of(record_of({"a"}), {{"Base", ":.:base", 1}}));
    add("s", request_of(record_of({"b"}), {{"Base", "base", 1}}));
    add("t", request_of(record_of({"b"}), {{"Base", "base", 1}}));
    const auto referrers = [&](View view) {
        const auto found = registry->read([&](const Catalog& c) {
            return list_referrers(c, parse_subject("base"), {Version(1)}, view);
        });
        std::vector<int> ids;
        for (const auto id : *found) {
            ids.push_back(id.value());
        }
        return ids;
    };
    EXPECT_THAT(referrers(View::live), ElementsAre(2, 1));
    ASSERT_TRUE(remove("s", 1));
    EXPECT_THAT(referrers(View::live), ElementsAre(2, 1)) << "t still refers";
    ASSERT_TRUE(remove("t", 1));
    EXPECT_THAT(referrers(View::live), ElementsAre(1));
    EXPECT_THAT(referrers(View::with_deleted), ElementsAre(2, 1));
}

TEST_F(Lookups, CountsAndTheHighestIdAreTold) {  // ID-13
    fill();
    registry->read([](const Catalog& c) {
        EXPECT_EQ(max_id(c, "."), SchemaId(4));
        EXPECT_EQ(max_id(c, ".none"), SchemaId(0));
        const auto counts = count(c);
        EXPECT_EQ(counts.subjects, 3U);
        EXPECT_EQ(counts.versions, 3U);
        EXPECT_EQ(counts.schemas, 5U);
    });
}

// --- settings

class SettingsLookups : public RegistryFixture {
protected:
    SettingsLookups() : RegistryFixture(compat::Level::backward) {}

    Config in_scope(const char* scope) {
        return registry->read([&](const Catalog& c) {
            return config_in_scope(c, parse_subject(scope), settings.default_level);
        });
    }
    Mode mode_of(const char* scope) {
        return registry->read(
            [&](const Catalog& c) { return mode_in_scope(c, parse_subject(scope)); });
    }
    std::string alias_of(const char* subject) {
        return registry->read(
            [&](const Catalog& c) { return to_text(resolve_alias(c, parse_subject(subject))); });
    }
};

TEST_F(SettingsLookups, TheInnermostConfigWinsAsAWhole) {  // CFG-1, CFG-2, CFG-3
    EXPECT_EQ(in_scope("s").level, compat::Level::backward);
    ASSERT_TRUE(set_config("", R"({"compatibility":"FULL","normalize":true,
                                   "compatibilityGroup":"g","alias":"x",
                                   "defaultMetadata":{"properties":{"a":"b"}}})"));
    EXPECT_EQ(in_scope("s").level, compat::Level::full);
    ASSERT_TRUE(set_config("s", R"({"validateFields":true})"));
    const Config config = in_scope("s");
    EXPECT_EQ(config.level, compat::Level::backward) << "the server's, not the global one";
    EXPECT_EQ(config.normalize, true);
    EXPECT_EQ(config.compatibility_group, "g");
    EXPECT_FALSE(config.default_metadata);
    EXPECT_FALSE(config.alias);
    EXPECT_EQ(in_scope(":.dev:s").level, compat::Level::backward);
}

TEST_F(SettingsLookups, TheGlobalContextIsBehindAllOthers) {  // CFG-5
    ASSERT_TRUE(set_config(":.__GLOBAL:", R"({"compatibility":"NONE"})"));
    EXPECT_EQ(in_scope("s").level, compat::Level::none);
    EXPECT_EQ(in_scope(":.dev:s").level, compat::Level::none);
    ASSERT_TRUE(set_config(":.dev:", R"({"compatibility":"FULL"})"));
    EXPECT_EQ(in_scope(":.dev:s").level, compat::Level::full);
    EXPECT_EQ(in_scope(":.:").level, compat::Level::none);
}

TEST_F(SettingsLookups, TheInnermostModeWins) {  // MODE-1, MODE-2
    EXPECT_EQ(mode_of("s"), Mode::readwrite);
    ASSERT_TRUE(set_mode(":.__GLOBAL:", Mode::readonly));
    EXPECT_EQ(mode_of(":.dev:s"), Mode::readonly);
    ASSERT_TRUE(set_mode(":.:", Mode::readonly_override));
    EXPECT_EQ(mode_of("s"), Mode::readonly_override);
    ASSERT_TRUE(set_mode("s", Mode::readwrite));
    EXPECT_EQ(mode_of("s"), Mode::readwrite);
}

TEST_F(SettingsLookups, AnAliasIsOneStepAndItsOwn) {  // ALIAS-1 to ALIAS-4
    ASSERT_TRUE(set_config("", R"({"alias":"global"})"));
    ASSERT_TRUE(set_config("a", R"({"alias":"b"})"));
    ASSERT_TRUE(set_config("b", R"({"alias":"c"})"));
    ASSERT_TRUE(set_config(":.dev:a", R"({"alias":"b"})"));
    ASSERT_TRUE(set_config(":.dev:q", R"({"alias":":.x:b"})"));
    ASSERT_TRUE(set_config("e", R"({"alias":""})"));
    EXPECT_EQ(alias_of("a"), "b");
    EXPECT_EQ(alias_of("x"), "x");
    EXPECT_EQ(alias_of(":.dev:a"), ":.dev:b");
    EXPECT_EQ(alias_of(":.dev:q"), ":.x:b");
    EXPECT_EQ(alias_of("e"), "e");
}

}  // namespace
}  // namespace symbolon
