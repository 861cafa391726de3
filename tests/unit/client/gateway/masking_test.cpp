#include "client/gateway/masking.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::client {
namespace {

std::string masked(std::string_view body,
                   const std::vector<std::string>& words = {"email", "name", "phone"}) {
    return masked_excerpt(body, MaskRules(words), 4'096);
}

TEST(Masking, ValuesOfConfiguredFieldsAreMaskedAtAnyDepth) {
    EXPECT_EQ(masked(R"({"email":"a@b.c","x":[{"y":{"phone":"123"}}],"id":7})"),
              R"({"email":"***","x":[{"y":{"phone":"***"}}],"id":7})");
}

TEST(Masking, NamesMatchInAnyCaseAndAroundSeparators) {
    EXPECT_EQ(masked(R"({"E-Mail":"1","customer_email":"2","EMAIL":"3","phoneNumber":"4"})"),
              R"({"E-Mail":"***","customer_email":"***","EMAIL":"***","phoneNumber":"***"})");
}

TEST(Masking, AWordWithAnEqualsSignAsksForTheWholeName) {
    EXPECT_EQ(masked(R"({"id":"1","conversation_id":"2"})", {"=id"}),
              R"({"id":"***","conversation_id":"2"})");
}

TEST(Masking, AValueIsMaskedWhateverItIs) {
    EXPECT_EQ(
        masked(R"({"phone":12.5e3,"name":{"first":"A","x":["}"]},"email":["a","b"],"k":null})"),
        R"({"phone":"***","name":"***","email":"***","k":null})");
}

TEST(Masking, ANumberAtTheEndOfItsObjectLeavesTheObjectClosed) {
    EXPECT_EQ(masked(R"({"a":{"phone":1},"b":[{"phone":true}]})"),
              R"({"a":{"phone":"***"},"b":[{"phone":"***"}]})");
}

TEST(Masking, EscapesInNamesAreUndone) {
    EXPECT_EQ(masked(R"({"\u0065mail":"a@b.c","n\u0061me":"Ann"})"),
              R"({"\u0065mail":"***","n\u0061me":"***"})");
}

TEST(Masking, QuotesAndBackslashesInValuesDoNotEndThem) {
    EXPECT_EQ(masked(R"({"name":"a\"b\\","id":1})"), R"({"name":"***","id":1})");
}

TEST(Masking, JsonWithinATextIsLookedThrough) {
    const auto out = masked(R"({"detail":"{\"email\":\"a@b.c\",\"id\":\"7\"}"})");
    EXPECT_EQ(out.find("a@b.c"), std::string::npos) << out;
    EXPECT_NE(out.find(R"(\"id\":\"7\")"), std::string::npos) << out;
}

TEST(Masking, AValueThatSpansTheCutDoesNotEscape) {
    const std::string body =
        R"({"padding":")" + std::string(230, 'p') + R"(","email":"secret@b.c"})";
    const auto out = masked_excerpt(body, MaskRules(), 256);
    EXPECT_LE(out.size(), 256U);
    EXPECT_EQ(out.find("secret"), std::string::npos) << out;
    EXPECT_NE(out.find("ppp"), std::string::npos);
}

TEST(Masking, ATextThatWasCutOffIsMaskedToItsEnd) {
    EXPECT_EQ(masked(R"({"id":"1","email":"a@b.c)"), R"({"id":"1","email":"***)");
    EXPECT_EQ(masked(R"({"id":"1","name":{"first":"Ann","last":"Le)"), R"({"id":"1","name":***)");
}

TEST(Masking, MalformedTextsKeepTheirSecrets) {
    const std::vector<std::string> bodies{
        R"({"name": "John "Secret" Smith", "id": 1})",
        R"({"id: "x", "email": "secret@b.c"})",
        R"({'email': 'secret@b.c', 'id': 1})",
        R"({email: secret@b.c, id: 1})",
        R"({"name" "Secret"})",
        R"({"name", "Secret"})",
        R"({"name":: "Secret"})",
        "name=Secret+Smith&phone=Secret",
        "<person><name>Secret</name></person>",
        "name: Secret, Secret\nid: 7",
        R"({"name":"x\", "email":"secret@b.c"})",
        R"({"phone": [1, "Secret")",
        R"({"a":1}{"email":"secret@b.c"})",
        "{\"email\"\n\n:\n\"secret@b.c\"}}",
        R"("{\"name\":\"Secret\")",
        R"({"name": "John", "Secret"})",
        R"({"name": "John", "Secret", "id": 7})",
        "{\"name\": // whose?\n \"Secret\"}",
        "{\"name\": /* whose? */ /* Secret */ \"Secret\"}",
        "{\"name\": /* Secret",
        "payload=%7B%22email%22%3A%22secret%40b.c%22%7D&id=7",
        "customer%5Bemail%5D=secret%40b.c",
    };
    for (const auto& body : bodies) {
        const auto out = masked(body);
        EXPECT_EQ(out.find("ecret"), std::string::npos) << body << "\n" << out;
        EXPECT_NE(out.find("***"), std::string::npos) << body << "\n" << out;
    }
}

std::string utf16(std::string_view text, std::size_t zero_at) {
    std::string out;
    for (const char byte : text) {
        out += zero_at == 0 ? std::string{'\0', byte} : std::string{byte, '\0'};
    }
    return out;
}

TEST(Masking, Utf16KeepsItsSecrets) {
    for (const std::size_t zero_at : {0U, 1U}) {
        for (const std::string_view body :
             {R"({"id": 7, "email": "secret@b.c", "k": [1]})", R"({"phone": 12345, "x": 1})",
              R"({"name": {"first": "secret"}})", R"({"name": "secret)"}) {
            auto out = masked(utf16(body, zero_at));
            std::erase(out, '\0');
            EXPECT_EQ(out.find("secret"), std::string::npos) << out;
            EXPECT_EQ(out.find("12345"), std::string::npos) << out;
            EXPECT_NE(out.find("***"), std::string::npos) << out;
        }
    }
}

TEST(Masking, WhatFollowsAMaskedValueIsStillTold) {
    EXPECT_EQ(masked(R"({"email": "a@b.c", "id": 7,)"), R"({"email": "***", "id": 7,)");
    EXPECT_EQ(masked("name=Ann&id=7"), "name=***&id=7");
    EXPECT_EQ(masked("name%3DAnn&id=7"), "name***&id=7");
    EXPECT_EQ(masked("the name is 7% of it"), "the name is 7% of it");
}

TEST(Masking, TheExcerptIsUtf8WhateverTheBytesAre) {
    const std::string body = "{\"a\":\"\xC3\x28\xFF" + std::string("\xE2\x82\xAC") + "\"}";
    EXPECT_EQ(masked(body), "{\"a\":\"\xEF\xBF\xBD(\xEF\xBF\xBD\xE2\x82\xAC\"}");
}

TEST(Masking, NoLetterIsCutInTwo) {
    const std::string body = std::string(254, 'a') + "\xE2\x82\xAC";
    EXPECT_EQ(masked_excerpt(body, MaskRules(), 256), std::string(254, 'a'));
    EXPECT_EQ(masked_excerpt(body, MaskRules(), 257), body);
}

TEST(Masking, NothingConfiguredMasksNothing) {
    EXPECT_EQ(masked(R"({"email":"a"})", {"", "-"}), R"({"email":"a"})");
}

TEST(Masking, DeepTextsAreMaskedWithoutRecursion) {
    std::string body(200'000, '[');
    body += R"({"email":"secret"})";
    EXPECT_EQ(masked_excerpt(body, MaskRules(), 300'000).find("secret"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::client
