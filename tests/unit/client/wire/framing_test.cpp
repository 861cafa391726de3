#include "client/wire/framing.hpp"

#include "client/wire/envelope.hpp"
#include "client/wire/payload_fault.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

const std::string guid = "3f1c8e4a-89ab-4cde-8f01-0123456789ab";
const PayloadHeaders no_headers;

TEST(Framing, OfConfluentIsAZeroAndTheIdBigEndian) {
    EXPECT_EQ(frame_confluent(SchemaId{0x01020304}, "ab"), std::string("\0\1\2\3\4ab", 7));
    const std::string bytes("\0\1\2\3\4ab", 7);
    const auto framed = read_framing(bytes, no_headers, std::nullopt);
    ASSERT_TRUE(framed) << framed.error().message;
    EXPECT_EQ(framed->framing, Framing::confluent);
    EXPECT_EQ(framed->id, SchemaId{0x01020304});
    EXPECT_EQ(framed->body, "ab");
    EXPECT_EQ(framed->body_offset, 5U);
}

TEST(Framing, AnIdOfZeroOrLessIsNone) {
    for (const std::string& bytes :
         {std::string("\0\0\0\0\0ab", 7), std::string("\0\x80\0\0\0ab", 7)}) {
        EXPECT_EQ(recognise_framing(bytes, no_headers).framing, Framing::bare);
        const auto framed = read_framing(bytes, no_headers, Framing::confluent);
        ASSERT_FALSE(framed);
        EXPECT_EQ(find_payload_fault(framed.error()), PayloadFault::unknown_framing);
    }
}

TEST(Framing, AGuidStandsBeforeTheBodyOrInAHeader) {
    const std::string before = frame_confluent_guid(guid, "ab");
    const auto framed = read_framing(before, no_headers, std::nullopt);
    ASSERT_TRUE(framed) << framed.error().message;
    EXPECT_EQ(framed->framing, Framing::confluent_guid);
    EXPECT_EQ(framed->guid, guid);
    EXPECT_EQ(framed->body, "ab");
    EXPECT_EQ(framed->body_offset, 17U);

    // The body looks like something else, and the header wins.
    const std::string body("\0\0\0\0\1", 5);
    const PayloadHeaders headers{{"x", "y"},
                                 {"__value_schema_id", make_guid_header(guid, "\x04\x02\x02")}};
    const auto in_header = read_framing(body, headers, std::nullopt);
    ASSERT_TRUE(in_header) << in_header.error().message;
    EXPECT_EQ(in_header->guid, guid);
    EXPECT_EQ(in_header->index_bytes, "\x04\x02\x02");
    EXPECT_EQ(in_header->body, body);
    EXPECT_EQ(in_header->body_offset, 0U);
}

TEST(Framing, AHeaderMayHoldAnId) {
    const PayloadHeaders headers{{"__value_schema_id", std::string("\0\0\0\0\7", 5)}};
    const auto framed = read_framing("ab", headers, std::nullopt);
    ASSERT_TRUE(framed) << framed.error().message;
    EXPECT_EQ(framed->id, SchemaId{7});
    EXPECT_EQ(framed->body, "ab");
}

TEST(Framing, KeysHaveAHeaderOfTheirOwn) {
    const PayloadHeaders headers{{"__key_schema_id", make_guid_header(guid, "")}};
    EXPECT_EQ(recognise_framing("ab", headers, PayloadPart::value).framing, Framing::bare);
    EXPECT_EQ(recognise_framing("ab", headers, PayloadPart::key).framing, Framing::confluent_guid);
}

TEST(Framing, OfSeveralHeadersTheLastOneCounts) {
    const std::string other = "11111111-89ab-4cde-8f01-0123456789ab";
    PayloadHeaders headers{{"__value_schema_id", make_guid_header(other, "")},
                           {"__value_schema_id", make_guid_header(guid, "")},
                           {"trace", "t"}};
    const auto framed = read_framing("ab", headers, std::nullopt);
    ASSERT_TRUE(framed) << framed.error().message;
    EXPECT_EQ(framed->guid, guid);
    EXPECT_EQ(framed->body, "ab");
    // One without a value is none, whatever came before it.
    headers.emplace_back("__value_schema_id", "");
    const std::string bytes("\0\0\0\0\7ab", 7);
    const auto without = read_framing(bytes, headers, std::nullopt);
    ASSERT_TRUE(without) << without.error().message;
    EXPECT_EQ(without->id, SchemaId{7});
}

TEST(Framing, ABrokenHeaderIsNamed) {
    const PayloadHeaders headers{{"__value_schema_id", std::string("\1\2", 2)}};
    const auto framed = read_framing("ab", headers, std::nullopt);
    ASSERT_FALSE(framed);
    EXPECT_EQ(framed.error().message,
              "header __value_schema_id: too short for framing \"confluent-guid\": it takes 17 "
              "bytes, and there are 2");
}

TEST(Framing, OfASingleObjectIsTheFingerprintLittleEndian) {
    const std::string bytes = frame_single_object(0x0102030405060708U, "ab");
    EXPECT_EQ(bytes, std::string("\xC3\1\x8\7\6\5\4\3\2\1ab", 12));
    const auto framed = read_framing(bytes, no_headers, std::nullopt);
    ASSERT_TRUE(framed) << framed.error().message;
    EXPECT_EQ(framed->framing, Framing::single_object);
    EXPECT_EQ(framed->fingerprint, 0x0102030405060708U);
    EXPECT_EQ(framed->body, "ab");
}

TEST(Framing, AContainerFileIsKnownByItsMark) {
    const auto framed = read_framing("Obj\x01rest", no_headers, std::nullopt);
    ASSERT_TRUE(framed);
    EXPECT_EQ(framed->framing, Framing::container);
    EXPECT_EQ(framed->form, BodyForm::container_file);
    EXPECT_EQ(framed->body, "Obj\x01rest");
}

TEST(Framing, AnEnvelopeBringsABodyOrAContainerFile) {
    for (const auto& [payload, form] :
         {std::pair{std::string("ab"), BodyForm::datum},
          std::pair{std::string("Obj\x01rest"), BodyForm::container_file}}) {
        const std::string text = to_text(Envelope{"orders", Version{2}, "created", payload});
        auto framed = read_framing(text, no_headers, std::nullopt);
        ASSERT_TRUE(framed) << framed.error().message;
        EXPECT_EQ(framed->framing, Framing::envelope);
        EXPECT_EQ(framed->subject, "orders");
        EXPECT_EQ(framed->version, Version{2});
        EXPECT_EQ(framed->event_type, "created");
        FramedPayload moved = std::move(*framed);  // the body stays where it is
        EXPECT_EQ(moved.body, payload);
        EXPECT_EQ(moved.form, form);
    }
}

TEST(Framing, PlainJsonIsToldApartFromAnEnvelope) {
    const auto plain = recognise_framing(R"( {"id":7})", no_headers);
    EXPECT_EQ(plain.framing, Framing::bare);
    EXPECT_EQ(plain.reason, "this looks like plain JSON, not a framed message");
    EXPECT_EQ(recognise_framing("[1]", no_headers).reason, plain.reason);
    EXPECT_EQ(recognise_framing(R"({"detail":{"schema_id":1}})", no_headers).framing,
              Framing::envelope);
}

TEST(Framing, OfOtherBytesIsBareAndSaysWhatWasSeen) {
    const auto found = recognise_framing("\x7F\x45LF-more", no_headers);
    EXPECT_EQ(found.framing, Framing::bare);
    EXPECT_EQ(found.reason, "no framing begins with the bytes 7f454c46");
    EXPECT_NE(recognise_framing("", no_headers).reason.find("tombstone"), std::string::npos);
}

TEST(Framing, AForcedOneThatDoesNotFitSaysWhy) {
    const auto other = read_framing("abcdefgh", no_headers, Framing::confluent);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().message,
              "not of framing \"confluent\": it begins with 00, and this with 61");
    const auto cut = read_framing(std::string_view("\0\0\1", 3), no_headers, Framing::confluent);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().message,
              "too short for framing \"confluent\": it takes 5 bytes, and there are 3");
    EXPECT_FALSE(read_framing("", no_headers, Framing::single_object));
    EXPECT_FALSE(read_framing("Ob", no_headers, Framing::container));
}

TEST(Framing, NamesAreFoundAgain) {
    for (const auto& [framing, name] : framing_table) {
        EXPECT_EQ(find_framing(name), framing);
        EXPECT_EQ(to_string(framing), name);
    }
    EXPECT_EQ(find_framing("none"), std::nullopt);
}

}  // namespace
}  // namespace symbolon::client
