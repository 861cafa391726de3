#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::owned_by;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;

class SettingRules : public RegistryFixture {
protected:
    static SchemaRequest import_of(const std::string& text, std::int32_t id,
                                   std::int32_t version = 0) {
        auto request = request_of(text);
        request.id = id;
        request.version = version;
        return request;
    }
    std::optional<Mode> own_mode(const char* scope) {
        return registry->read([&](const Catalog& c) { return find_mode(c, parse_subject(scope)); });
    }
    Result<std::optional<Mode>> drop_mode(const char* scope, bool recursive = false) {
        return registry->delete_mode(parse_subject(scope), recursive);
    }

    const std::string text_a = record_of({"a"});
    const std::string text_b = record_of({"b"});
};

// --- config

TEST_F(SettingRules, AConfigUpdateIsMergedAndAnswered) {  // CFG-E1, CFG-E2
    const auto first = set_config("nobody", R"({"compatibility":"FULL"})");
    ASSERT_TRUE(first);
    const auto second = set_config("nobody", R"({"normalize":true})");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->level, compat::Level::full);
    EXPECT_EQ(second->normalize, true);
}

TEST_F(SettingRules, DeletingAConfigAnswersItOnce) {  // K3, K6, CFG-6
    ASSERT_TRUE(set_config("s", R"({"compatibility":"FULL"})"));
    EXPECT_EQ(registry->delete_config(parse_subject("s"))->level, compat::Level::full);
    EXPECT_EQ(message_of(registry->delete_config(parse_subject("s"))), "Subject 's' not found.");
    EXPECT_EQ(message_of(registry->delete_config(parse_subject(":.dev:"))),
              "Subject ':.dev:' not found.");
    EXPECT_EQ(registry->delete_config(parse_subject(":.:"))->level, compat::Level::none)
        << "the global one answers the server's default";
}

TEST_F(SettingRules, ConfigIsRefusedWhileReadOnly) {  // CFG-E6
    ASSERT_TRUE(set_mode("s", Mode::readonly));
    EXPECT_EQ(code_of(set_config("s", R"({"normalize":true})")),
              ErrorCode::operation_not_permitted);
    EXPECT_TRUE(set_config("t", R"({"normalize":true})"));
    EXPECT_EQ(code_of(set_config("t", R"({"compatibility":"BAD"})")), ErrorCode::invalid_level);
    EXPECT_EQ(code_of(set_config("a\nb", R"({"normalize":true})")), ErrorCode::invalid_subject);
}

// --- mode

TEST_F(SettingRules, ReadOnlyRefusesNewContentButAnswersWhatIsThere) {  // MODE-3, REG-2, REG-4
    add("s", text_a);
    ASSERT_TRUE(set_mode("", Mode::readonly));
    EXPECT_EQ(add("s", text_a).id.value(), 1);
    EXPECT_EQ(message_of(try_add("s", text_b)), "Subject s in context  is in read-only mode");
    EXPECT_EQ(code_of(try_add("s", std::string("{"))), ErrorCode::invalid_schema) << "REG-1";
    ASSERT_TRUE(set_mode("s", Mode::readwrite));
    EXPECT_TRUE(try_add("s", text_b)) << "the innermost mode wins";
}

TEST_F(SettingRules, AnIdNeedsImportModeAndImportModeAnId) {  // REG-4, REG-18, MODE-5
    EXPECT_EQ(message_of(try_add("s", import_of(text_a, 7))),
              "Subject s in context  is not in import mode");
    ASSERT_TRUE(set_mode("s", Mode::import));
    EXPECT_EQ(message_of(try_add("s", text_a)), "Subject s in context  is not in read-write mode");
    EXPECT_EQ(add("s", import_of(text_a, 7, 5)).version.value(), 5) << "gaps are fine (REG-11)";
    EXPECT_EQ(add("s", text_a).id.value(), 7) << "what is there is answered (REG-2)";
}

TEST_F(SettingRules, AnImportRaisesTheCounter) {  // ID-4
    ASSERT_TRUE(set_mode("s", Mode::import));
    add("s", import_of(text_a, 7));
    EXPECT_EQ(add("t", text_b).id.value(), 8);
}

TEST_F(SettingRules, AnImportedIdStandsForOneContent) {  // MODE-6, ID-7, ID-8
    ASSERT_TRUE(set_mode("", Mode::import));
    add("s", import_of(text_a, 7));
    EXPECT_EQ(message_of(try_add("t", import_of(text_b, 7))),
              "Overwrite new schema with id 7 in context  is not permitted.");
    EXPECT_EQ(add("t", import_of(text_a, 7, 3)).version.value(), 3);
    const auto other_id = add("s", import_of(text_a, 9));
    EXPECT_EQ(other_id.id.value(), 9);
    EXPECT_EQ(other_id.version.value(), 2);
    EXPECT_EQ(add("s", import_of(text_a, 7, 1)).version.value(), 1) << "equal pair (REG-3)";
}

TEST_F(SettingRules, AnImportMayWriteOverAVersion) {  // REG-11
    ASSERT_TRUE(set_mode("s", Mode::import));
    add("s", import_of(text_a, 7, 1));
    add("s", import_of(text_b, 8, 1));
    EXPECT_EQ(get("s", 1)->id.value(), 8);
    open();
    EXPECT_EQ(get("s", 1)->id.value(), 8);
    EXPECT_FALSE(registry->read([](const Catalog& c) {
        return get_schema_by_id(c, SchemaId(7), std::nullopt).has_value();
    }));
}

TEST_F(SettingRules, AnImportChecksNothingButItsReferences) {  // MODE-5
    ASSERT_TRUE(set_config("s", R"({"compatibility":"FULL","normalize":true,
                                    "defaultMetadata":{"properties":{"a":"b"}}})"));
    ASSERT_TRUE(set_mode("s", Mode::import));
    add("s", import_of(text_a, 1));
    const std::string odd = R"({"type":"record","name":"Other","namespace":"a-b","fields":[]})";
    const auto imported = add("s", import_of(odd, 2));
    EXPECT_EQ(imported.content->metadata, std::nullopt);
    EXPECT_FALSE(try_add("s", import_of("{", 3)));
}

TEST_F(SettingRules, ImportModeNeedsAnEmptyScope) {  // MODE-4
    add("s", text_a);
    for (const auto* scope : {"s", "", ":.__GLOBAL:"}) {
        EXPECT_EQ(message_of(set_mode(scope, Mode::import)),
                  "Cannot import since found existing subjects");
    }
    EXPECT_TRUE(set_mode("t", Mode::import));
    EXPECT_TRUE(set_mode(":.dev:", Mode::import));
    EXPECT_TRUE(set_mode("s", Mode::import, true)) << "force";
    EXPECT_TRUE(set_mode("s", Mode::import)) << "it is there already";
    EXPECT_EQ(versions("s").size(), 1U);
}

TEST_F(SettingRules, EnteringImportModeClearsWhatIsSoftDeleted) {  // MODE-4
    add("s", text_a);
    ASSERT_TRUE(set_mode("s", Mode::readwrite));
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(set_mode("s", Mode::import));
    EXPECT_TRUE(versions("s", View::with_deleted).empty());
    EXPECT_EQ(own_mode("s"), Mode::import);
    auto request = import_of(text_a, 5, 1);
    request.metadata = owned_by("me");
    EXPECT_EQ(add("s", request).version.value(), 1);
}

TEST_F(SettingRules, ReferencesFromOutsideKeepAScopeFromImportMode) {  // MODE-4, 42206
    add("base", record_of({"x"}, "Base"));
    add("s", request_of(text_a, {{"Base", "base", 1}}));
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("base", 1));
    EXPECT_EQ(code_of(set_mode("base", Mode::import)), ErrorCode::reference_exists);
    EXPECT_TRUE(set_mode("", Mode::import)) << "the referrer is inside";
    EXPECT_TRUE(versions("s", View::with_deleted).empty());
}

TEST_F(SettingRules, ForwardIsForTheGlobalContextOnly) {  // MODE-E3, MODE-7
    EXPECT_EQ(message_of(set_mode("s", Mode::forward)),
              "Forward mode only supported on global level");
    EXPECT_FALSE(set_mode("", Mode::forward));
    EXPECT_TRUE(set_mode(":.__GLOBAL:", Mode::forward));
    EXPECT_EQ(add("s", import_of(text_a, 3)).id.value(), 3);
}

TEST_F(SettingRules, ModesOfUnknownSubjectsAreKeptAndCleared) {  // MODE-9, MODE-E2
    ASSERT_TRUE(set_mode("nobody", Mode::readonly));
    EXPECT_EQ(own_mode("nobody"), Mode::readonly);
    ASSERT_TRUE(set_mode("nobody", std::nullopt));
    EXPECT_EQ(own_mode("nobody"), std::nullopt);
    EXPECT_EQ(code_of(set_mode("__GLOBAL", Mode::readonly)), ErrorCode::invalid_subject);
}

TEST_F(SettingRules, DeletingAModeAnswersTheOldOne) {  // M3, M6, MODE-E5
    EXPECT_EQ(*drop_mode(""), Mode::readwrite);
    EXPECT_EQ(message_of(drop_mode("s")), "Subject 's' not found.");
    EXPECT_EQ(*drop_mode("s", true), std::nullopt);
    ASSERT_TRUE(set_mode("s", Mode::readonly));
    EXPECT_EQ(*drop_mode("s"), Mode::readonly);
    ASSERT_TRUE(set_mode(":.:", Mode::readonly));
    EXPECT_EQ(*drop_mode(""), Mode::readonly);
}

TEST_F(SettingRules, ARecursiveDeletionStaysInItsContext) {  // MODE-E4
    for (const auto* scope : {"s", ":.dev:", ":.dev:s", ":.other:s"}) {
        ASSERT_TRUE(set_mode(scope, Mode::readonly));
    }
    EXPECT_EQ(*drop_mode(":.dev:", true), Mode::readonly);
    EXPECT_EQ(own_mode(":.dev:s"), std::nullopt);
    EXPECT_EQ(own_mode("s"), Mode::readonly);
    EXPECT_EQ(*drop_mode("", true), Mode::readwrite);
    EXPECT_EQ(own_mode("s"), std::nullopt);
    EXPECT_EQ(own_mode(":.other:s"), Mode::readonly);
}

TEST_F(SettingRules, ModesMayBeFixed) {  // MODE-8
    settings.mode_mutability = false;
    open();
    EXPECT_EQ(message_of(set_mode("s", Mode::readonly)), "Mode changes are not allowed");
    EXPECT_EQ(message_of(drop_mode("s")), "Mode changes are not allowed");
}

}  // namespace
}  // namespace symbolon
