#include "api/schema_words.hpp"

#include "core/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> words_of(SchemaType type, std::string_view text) {
    WordList words;
    add_schema_words(type, text, words);
    std::vector<std::string> found;
    for (std::size_t at = 0; at < words.size(); ++at) {
        found.emplace_back(words[at]);
    }
    return found;
}

TEST(SchemaWords, AvroIsFoundByNamesDocsAliasesAndSymbols) {
    EXPECT_THAT(
        words_of(SchemaType::avro, R"({"type":"record","name":"Order","namespace":"com.acme",
            "doc":"What a customer bought.","aliases":["Purchase"],"fields":[
            {"name":"total_price","type":["null","string"],"default":"none","doc":"in Euro"},
            {"name":"state","type":{"type":"enum","name":"State","symbols":["OPEN","PAID"]}}]})"),
        ElementsAre("order", "com.acme", "what", "a", "customer", "bought", "purchase",
                    "total_price", "in", "euro", "state", "state", "open", "paid"));
}

TEST(SchemaWords, TypesDefaultsAndOtherPropertiesOfAvroAreNotWords) {
    EXPECT_THAT(
        words_of(SchemaType::avro,
                 R"(["null",{"type":"fixed","size":4,"name":"F","logicalType":"decimal"}])"),
        ElementsAre("f"));
    EXPECT_THAT(words_of(SchemaType::avro, R"("string")"), IsEmpty());
}

TEST(SchemaWords, JsonSchemaIsFoundByItsPropertiesAndTexts) {
    const auto words = words_of(SchemaType::json, R"({"$id":"http://acme.example/order",
        "title":"Order","type":"object","required":["customer_id"],
        "properties":{"customer_id":{"type":"string","description":"Who bought"},
                      "properties":{"type":"integer","properties":{"deep":{}}}},
        "$defs":{"Money":{"enum":["EUR","USD"]}}})");
    for (const char* word : {"order", "customer_id", "who", "bought", "properties", "deep", "money",
                             "eur", "acme.example"}) {
        EXPECT_THAT(words, Contains(word));
    }
    for (const char* word : {"object", "string", "type", "title", "required", "enum"}) {
        EXPECT_THAT(words, Not(Contains(word))) << word;
    }
}

TEST(SchemaWords, ProtobufIsFoundByIdentifiersAndComments) {
    EXPECT_THAT(words_of(SchemaType::protobuf,
                         "syntax = \"proto3\";\n// An order, once paid.\nmessage Order {\n"
                         "  /* who */ string customer_id = 1;\n  .acme.Money price = 0x2;\n}"),
                ElementsAre("an", "order", "once", "paid", "order", "who", "customer_id",
                            "acme.money", "price"));
}

TEST(SchemaWords, EscapesAreReadAsTheLettersTheyMean) {
    EXPECT_THAT(words_of(SchemaType::avro, R"({"doc":"stra\u00dfe\nweg \ud83d\ude00x \"y\""})"),
                ElementsAre("stra\xC3\x9F"
                            "e",
                            "weg", "x", "y"));
}

TEST(SchemaWords, TextsThatEndInTheMiddleOfATokenAreReadToTheirEnd) {
    for (const char* text : {R"({"name":"a)", R"({"name":"a\)", R"({"name":)", R"({"doc":"\u00)",
                             "}}}", "\"", "{{{"}) {
        words_of(SchemaType::avro, text);
        words_of(SchemaType::json, text);
    }
    for (const char* text : {"/* a", "//", "/", "\"a", "'\\", "message"}) {
        words_of(SchemaType::protobuf, text);
    }
    EXPECT_THAT(words_of(SchemaType::avro, R"({"name":"cut)"), ElementsAre("cut"));
}

TEST(SchemaWords, OneSchemaGivesABoundedNumberOfBoundedWords) {
    std::string text = R"({"doc":")";
    for (std::size_t at = 0; at <= limits::schema_words_max; ++at) {
        text += "w" + std::to_string(at) + " ";
    }
    EXPECT_EQ(words_of(SchemaType::avro, text + "\"}").size(), limits::schema_words_max);
    const std::string longest(limits::word_bytes_max, 'x');
    EXPECT_THAT(words_of(SchemaType::avro, R"({"name":")" + longest + R"(y"})"),
                ElementsAre(longest));
}

TEST(Search, WordsAreSplitAtSpacesAndInLowerCase) {
    const auto words = parse_search("  Order\tcom.Acme ");
    ASSERT_TRUE(words);
    EXPECT_THAT(*words, ElementsAre("order", "com.acme"));
}

TEST(Search, IsBoundedInBytesAndInWords) {
    EXPECT_TRUE(parse_search(std::string(limits::search_bytes_max, 'x')));
    EXPECT_FALSE(parse_search(std::string(limits::search_bytes_max + 1, 'x')));
    std::string text;
    for (std::size_t at = 0; at < limits::search_words_max; ++at) {
        text += "w ";
    }
    EXPECT_TRUE(parse_search(text));
    EXPECT_FALSE(parse_search(text + "w"));
}

}  // namespace
}  // namespace symbolon
