#include "gate/convert/schema_fingerprint.hpp"

#include "compat/compat.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

namespace symbolon::gate {
namespace {

std::map<std::string, std::string> fingerprints_of(SchemaType type, std::string_view text) {
    const auto schema = compat::parse_schema(type, text, {}, compat::Strictness::lenient);
    std::map<std::string, std::string> found;
    if (!schema) {
        ADD_FAILURE() << schema.error().message;
        return found;
    }
    const auto prints = find_fingerprints(**schema);
    for (const Fingerprint& one : *prints) {
        found[one.key] = one.hex;
    }
    return found;
}

// The values of Avro's own test file for "int".
TEST(SchemaFingerprint, AvroHasThoseOfItsParsingForm) {
    const auto found = fingerprints_of(SchemaType::avro, R"({"type":"int","doc":"no matter"})");
    EXPECT_EQ(found.at("parsingFormCrc64Avro"), "7275d51a3f395c8f");
    EXPECT_EQ(found.at("parsingFormMd5"), "ef524ea1b91e73173d938ade36c1db32");
    EXPECT_EQ(found.at("parsingFormSha256"),
              "3f2b87a9fe7cc9b13835598c3981cd45e3e355309e5090aa0933d7becb6fba45");
    EXPECT_EQ(found.at("singleObjectHeader"), "c3018f5c393f1ad57572");
}

TEST(SchemaFingerprint, OtherTypesHaveThoseOfTheStoredText) {
    const auto found = fingerprints_of(SchemaType::json, "{ }");
    EXPECT_EQ(found.size(), 2U);
    // Of "{}".
    EXPECT_EQ(found.at("storedTextMd5"), "99914b932bd37a50b983c5e7c90ae93b");
    EXPECT_EQ(found.at("storedTextSha256"),
              "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST(SchemaFingerprint, OnlyAvroHasAParsingForm) {
    const auto schema =
        compat::parse_schema(SchemaType::json, "{}", {}, compat::Strictness::lenient);
    EXPECT_FALSE(to_parsing_form(**schema));
}

}  // namespace
}  // namespace symbolon::gate
