#include "api/subject_name.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

TEST(SubjectNames, AQualifiedNameSplitsAtItsSecondColon) {  // CTX-1, CTX-6
    EXPECT_EQ(parse_subject(":.dev:orders"), (SubjectName{".dev", "orders"}));
    EXPECT_EQ(parse_subject(":.a:b:c"), (SubjectName{".a", "b:c"}));
    EXPECT_EQ(parse_subject(":.:orders"), (SubjectName{".", "orders"}));
}

TEST(SubjectNames, AContextAloneHasAnEmptyName) {  // CTX-1
    EXPECT_EQ(parse_subject(":.dev:"), (SubjectName{".dev", ""}));
    EXPECT_EQ(parse_subject(":.dev"), (SubjectName{".dev", ""}));
    EXPECT_EQ(parse_subject(":.:"), (SubjectName{".", ""}));
}

TEST(SubjectNames, AnythingElseIsANameInTheDefaultContext) {  // CTX-6
    EXPECT_EQ(parse_subject(":x"), (SubjectName{".", ":x"}));
    EXPECT_EQ(parse_subject(":*:x"), (SubjectName{".", ":*:x"}));
    EXPECT_EQ(parse_subject(""), (SubjectName{".", ""}));
}

TEST(SubjectNames, AnUnqualifiedNameBelongsToTheContextItStandsIn) {  // REF-2, ALIAS-3
    EXPECT_EQ(parse_subject_in("orders", ".dev"), (SubjectName{".dev", "orders"}));
    EXPECT_EQ(parse_subject_in(":.:orders", ".dev"), (SubjectName{".", "orders"}));
}

TEST(SubjectNames, TextGivesBackWhatWasParsed) {  // CTX-3
    for (const auto* text : {"orders", ":.dev:orders", ":.a:b:c", ":.dev:", ":x", ""}) {
        EXPECT_EQ(to_text(parse_subject(text)), text);
    }
    EXPECT_EQ(to_text(parse_subject(":.:orders")), "orders");
    const SubjectName disguised{".", ":.dev:orders"};
    EXPECT_EQ(parse_subject(to_text(disguised)), disguised);
}

TEST(SubjectNames, MessagesPrintTheDefaultContextAsNothing) {  // 2.6
    EXPECT_EQ(context_prefix("."), "");
    EXPECT_EQ(context_prefix(".dev"), ":.dev:");
}

TEST(SubjectNames, ControlCharactersAndReservedNamesAreRefused) {  // SUB-1
    EXPECT_TRUE(check_subject({".", "orders value/ü✓"}));
    EXPECT_TRUE(check_subject({".", "*"}));
    EXPECT_TRUE(check_subject({".", ""}));
    EXPECT_FALSE(check_subject({".", "a\nb"}));
    EXPECT_FALSE(check_subject({".", std::string("a\0b", 3)}));
    EXPECT_FALSE(check_subject({".", "a\x7F"}));
    EXPECT_FALSE(check_subject({".", "a\xC2\x85"}));  // U+0085
    EXPECT_FALSE(check_subject({".", "__GLOBAL"}));
    EXPECT_FALSE(check_subject({".", "__EMPTY"}));
    EXPECT_FALSE(check_subject({".de\tv", "a"}));
    const auto refused = check_subject({".dev", "__GLOBAL"});
    EXPECT_EQ(refused.error().message, "The specified subject ':.dev:__GLOBAL' is not a valid.");
}

TEST(SubjectNames, TheGlobalContextIsForSettingsOnly) {  // CTX-4
    EXPECT_FALSE(check_subject({".__GLOBAL", "a"}));
    EXPECT_TRUE(check_scope_name({".__GLOBAL", ""}));
}

TEST(SubjectNames, BytesThatAreNotUtf8AreRefused) {
    for (const auto* bad : {"\xFF", "a\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
        EXPECT_FALSE(check_subject({".", bad}));
    }
}

TEST(SubjectNames, NamesEndAtTheirBound) {
    EXPECT_TRUE(check_subject({".", std::string(limits::name_bytes_max, 'a')}));
    EXPECT_FALSE(check_subject({".", std::string(limits::name_bytes_max + 1, 'a')}));
}

}  // namespace
}  // namespace symbolon
