#include "compat/finding.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {

TEST(Finding, NamesTheNewSchemaFirstWhenItReads) {
    const Finding finding{FindingKind::reader_field_missing_default_value, "/fields/1", "f2"};
    EXPECT_EQ(to_message(finding, Direction::backward),
              "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'f2' at "
              "path '/fields/1' in the new schema has no default value and is missing in the old "
              "schema', additionalInfo:'f2'}");
}

TEST(Finding, NamesTheOldSchemaFirstWhenItReads) {
    const Finding finding{FindingKind::missing_enum_symbols, "/symbols", "[B]"};
    EXPECT_EQ(to_message(finding, Direction::forward),
              "{errorType:'MISSING_ENUM_SYMBOLS', description:'The old schema is missing enum "
              "symbols '[B]' at path '/symbols' in the new schema', additionalInfo:'[B]'}");
}

TEST(Finding, APercentSignInItsTextIsNoPlaceholder) {
    const Finding finding{FindingKind::name_mismatch, "/name", "expected: %P%"};
    EXPECT_EQ(to_message(finding, Direction::backward),
              "{errorType:'NAME_MISMATCH', description:'The name of the schema has changed (path "
              "'/name')', additionalInfo:'expected: %P%'}");
}

TEST(Finding, OfAnExceptionIsABareSentence) {
    const Finding finding{FindingKind::check_exception, "/", "x"};
    EXPECT_EQ(to_message(finding, Direction::backward),
              "Unexpected exception during compatibility check: x");
}

TEST(Finding, EveryKindHasANameAndAHint) {
    for (std::size_t at = 0; at < finding_kind_count; ++at) {
        const Finding finding{static_cast<FindingKind>(at), "/fields/0", "m"};
        EXPECT_FALSE(to_string(finding.kind).empty());
        EXPECT_FALSE(to_hint(finding, Direction::forward).empty());
        EXPECT_FALSE(to_sentence(finding, Direction::backward).empty());
    }
}

TEST(Finding, ItsSentenceSaysWhatHappenedAndItsHintWhatToDo) {
    const Finding finding{FindingKind::missing_enum_symbols, "/symbols", "[B]"};
    EXPECT_EQ(to_sentence(finding, Direction::backward),
              "Data of the old schema may hold the symbols [B], which the new schema does not know "
              "at /symbols.");
    EXPECT_EQ(to_hint(finding, Direction::backward),
              "Keep the symbols [B], or add a \"default\" symbol to the enum.");
}

TEST(Finding, NoHintAsksToChangeTheOldSchema) {
    const Finding finding{FindingKind::reader_field_missing_default_value, "/fields/1", "f2"};
    EXPECT_EQ(to_hint(finding, Direction::backward), "Add a \"default\" to the field \"f2\".");
    EXPECT_EQ(to_hint(finding, Direction::forward),
              "Keep the field \"f2\": the old schema needs it.");
}

TEST(Finding, SentencesOfJsonSchemaNameReaderAndWriter) {
    for (auto at = static_cast<std::size_t>(FindingKind::max_length_added); at < finding_kind_count;
         ++at) {
        const Finding finding{static_cast<FindingKind>(at), "#/x", "x", "/reader", "/writer"};
        const std::string sentence = to_sentence(finding, Direction::forward);
        EXPECT_NE(sentence.find("old schema"), std::string::npos) << sentence;
        EXPECT_NE(sentence.find("new schema"), std::string::npos) << sentence;
        // The place to edit is in the new schema.
        EXPECT_EQ(to_hint(finding, Direction::forward).find("/reader"), std::string::npos);
        EXPECT_EQ(to_hint(finding, Direction::backward).find("/writer"), std::string::npos);
    }
}

TEST(Finding, WithoutPlacesOfItsOwnThePathWillDo) {
    const Finding short_one{FindingKind::type_mismatch, "/items", "m"};
    EXPECT_EQ(reader_place(short_one), "/items");
    EXPECT_EQ(writer_place(short_one), "/items");
    const Finding full{FindingKind::type_mismatch, "/items", "m", "/fields/0/type", "/1"};
    EXPECT_EQ(reader_place(full), "/fields/0/type");
    EXPECT_EQ(writer_place(full), "/1");
}

}  // namespace symbolon::compat
