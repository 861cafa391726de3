#include "client/decoder/decoder.hpp"

#include "client/decoder/event_line.hpp"
#include "client/wire/envelope.hpp"
#include "core/base64.hpp"
#include "core/hex.hpp"
#include "core/json.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using compat::Level;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using tests::FakeSchemaSource;

constexpr const char* with_id =
    R"({"type":"record","name":"R","fields":[{"name":"id","type":"string"}]})";
constexpr const char* with_note =
    R"({"type":"record","name":"R","fields":[{"name":"id","type":"string"},)"
    R"({"name":"note","type":["null","string"],"default":null}]})";
/// {"id":"a"} and {"id":"a","note":null}.
const std::string id_body(
    "\x02"
    "a");
const std::string note_body = id_body + std::string("\0", 1);
/// Whose note is no UTF-8.
const std::string bad_note_body = id_body + "\x02\x02\xFF";

std::string envelope_of(const std::string& subject, int version, const std::string& payload,
                        const std::string& type = "unknown") {
    return to_text(Envelope{subject, Version{version}, type, payload});
}

/// Subject "orders" with two versions, level BACKWARD, and a decoder on it.
class DecoderTest : public ::testing::Test {
protected:
    DecoderTest() {
        source_.add("orders", SchemaId{7}, with_id);
        source_.add("orders", SchemaId{8}, with_note);
        source_.set_level("orders", Level::backward);
    }

    void start(DecoderOptions options = {}, GuardState state = {}) {
        options.clock = &clock_;
        decoder_.emplace(source_, std::move(options), std::move(state));
    }
    DecodeOutcome decode(std::string_view bytes, const PayloadHeaders& headers = {}) {
        if (!decoder_) {
            start();
        }
        return decoder_->decode(bytes, headers);
    }
    /// "dead_letter payload_corrupt", or the records.
    std::string fate_of(std::string_view bytes, const PayloadHeaders& headers = {}) {
        return fate_of(decode(bytes, headers));
    }
    static std::string fate_of(const DecodeOutcome& outcome) {
        if (!outcome.letter) {
            std::string text;
            for (const auto& record : outcome.records) {
                text += record;
            }
            return text;
        }
        EXPECT_TRUE(outcome.records.empty());
        EXPECT_TRUE(parse_json(to_text(*outcome.letter))) << to_text(*outcome.letter);
        return std::string(row_of(outcome.letter->queue).name) + " " +
               std::string(row_of(outcome.letter->reason).name);
    }

    static std::string record_of(std::string_view payload, std::string_view schema_id,
                                 std::string_view version, std::string_view type = "unknown") {
        return fmt::format(
            R"({{"decoded_payload":{},"schema_id":{},"schema_version":{},"event_type":"{}"}})",
            payload, schema_id, version, type);
    }

    symbolon::testing::FakeClock clock_;
    FakeSchemaSource source_;
    std::optional<Decoder> decoder_;
};

// --- what is read and what comes out

TEST_F(DecoderTest, ConfluentsFramingNamesTheSchemaById) {
    start({.subject = "orders"});
    EXPECT_EQ(fate_of(frame_confluent(SchemaId{8}, note_body)),
              record_of(R"({"id":"a","note":null})", "8", "2"));
}

TEST_F(DecoderTest, AGuidNamesTheSchemaInTheHeaderOrBeforeTheBody) {
    const auto guid = FakeSchemaSource::guid_of(SchemaId{7});
    const auto expected = record_of(R"({"id":"a"})", "7", "1", "t");
    EXPECT_EQ(fate_of(frame_confluent_guid(guid, id_body), {{"event_type", "t"}}), expected);
    EXPECT_EQ(
        fate_of(id_body, {{"__value_schema_id", make_guid_header(guid, {})}, {"event_type", "t"}}),
        expected);
}

TEST_F(DecoderTest, AnEnvelopeNamesSubjectAndVersion) {
    EXPECT_EQ(fate_of(envelope_of("orders", 1, id_body, "order.created")),
              record_of(R"({"id":"a"})", R"("orders")", "1", "order.created"));
    EXPECT_EQ(fate_of(R"({"detail":{"schema_id":"orders","schema_version":"1","avro_payload":")" +
                      to_base64(id_body) + R"("}})"),
              record_of(R"({"id":"a"})", R"("orders")", "1"));
}

TEST_F(DecoderTest, ABareBodyHasTheSchemaThatIsGiven) {
    start({.framing = Framing::bare, .subject = "orders", .version = Version{1}});
    EXPECT_THAT(fate_of(id_body), HasSubstr(R"("schema_id":"orders","schema_version":1)"));
    start({.framing = Framing::bare, .subject = "orders"});
    EXPECT_THAT(fate_of(note_body), HasSubstr(R"("schema_id":"orders","schema_version":2)"));
    start({.framing = Framing::bare, .id = SchemaId{7}});
    EXPECT_THAT(fate_of(id_body), HasSubstr(R"("schema_id":7,"schema_version":1)"));
}

TEST_F(DecoderTest, TheTopicTellsTheSubjectOfAnId) {
    source_.add("orders-copy-value", SchemaId{7}, with_id);
    source_.set_level("orders-copy-value", Level::none);
    start();
    Event event{.bytes = frame_confluent(SchemaId{7}, id_body), .topic = "orders-copy"};
    EXPECT_EQ(fate_of(decoder_->decode(event)), "dead_letter backward_incompatible_schema");
    EXPECT_TRUE(decoder_->guard_state().at("orders-copy-value").flag);
}

TEST_F(DecoderTest, AReaderSchemaResolvesWhatWasWritten) {
    source_.add("reader", SchemaId{20}, with_note);
    start({.reader = (*source_.find_by_id(SchemaId{20}))->parsed});
    EXPECT_THAT(fate_of(envelope_of("orders", 1, id_body)),
                HasSubstr(R"({"decoded_payload":{"id":"a","note":null})"));
}

TEST_F(DecoderTest, DefaultsFillWhatIsNullOrMissing) {
    start({.defaults = *parse_json_defaults(R"({"/note":"none","/agent/id":"anonymous"})")});
    EXPECT_THAT(fate_of(envelope_of("orders", 2, note_body)),
                HasSubstr(R"({"id":"a","note":"none","agent":{"id":"anonymous"}})"));
}

TEST_F(DecoderTest, ANullBranchIsNullAndNoError) {
    EXPECT_THAT(fate_of(envelope_of("orders", 2, note_body)), HasSubstr(R"("note":null)"));
}

// --- the evolution guard

TEST_F(DecoderTest, Rule1AFlaggedSubjectGoesToTheDeadLetterQueueAtOnce) {
    start({}, {{"orders", {.flag = SubjectFlag{Version{1}, 0}}}});
    const auto outcome = decode(envelope_of("orders", 1, id_body, "t"));
    EXPECT_EQ(fate_of(outcome), "dead_letter backward_incompatible_schema");
    EXPECT_EQ(outcome.letter->schema_id, "\"orders\"");
    EXPECT_EQ(outcome.letter->version, "1");
    EXPECT_EQ(outcome.letter->event_type, "t");
    EXPECT_EQ(source_.calls(), 0);
}

TEST_F(DecoderTest, Rule2LevelNoneNeverDecodedIsFlaggedAndDeadLettered) {
    source_.set_level("orders", Level::none);
    EXPECT_EQ(fate_of(envelope_of("orders", 2, note_body)),
              "dead_letter backward_incompatible_schema");
    EXPECT_TRUE(decoder_->take_guard_changed());
    EXPECT_EQ(decoder_->guard_state().at("orders").flag->version, Version{2});
    source_.set_level("orders", Level::full);
    EXPECT_EQ(fate_of(envelope_of("orders", 1, id_body)),
              "dead_letter backward_incompatible_schema");
}

TEST_F(DecoderTest, Rule2LevelNoneOnceDecodedIsDecoded) {
    source_.set_level("orders", Level::none);
    start({}, {{"orders", {.last_good = Version{1}}}});
    EXPECT_THAT(fate_of(envelope_of("orders", 2, note_body)), HasSubstr("decoded_payload"));
}

TEST_F(DecoderTest, Rule2ALevelThatIsNotFoundCountsAsBackward) {
    source_.add("other", SchemaId{9}, with_id);
    EXPECT_THAT(fate_of(envelope_of("other", 1, id_body)), HasSubstr("decoded_payload"));
    EXPECT_EQ(source_.level_calls(), 1);
}

TEST_F(DecoderTest, Rule2ALevelIsAskedForOnceInItsTime) {
    for (int at = 0; at < 5; ++at) {
        decode(envelope_of("orders", 1, id_body));
    }
    EXPECT_EQ(source_.level_calls(), 1);
    clock_.advance(std::chrono::seconds(301));
    decode(envelope_of("orders", 1, id_body));
    EXPECT_EQ(source_.level_calls(), 2);
}

TEST_F(DecoderTest, Rule3ADecodedVersionIsTheLastGood) {
    decode(envelope_of("orders", 2, note_body));
    EXPECT_TRUE(decoder_->take_guard_changed());
    EXPECT_EQ(decoder_->guard_state().at("orders").last_good, Version{2});
    decode(envelope_of("orders", 1, id_body));
    EXPECT_EQ(decoder_->guard_state().at("orders").last_good, Version{1});
}

TEST_F(DecoderTest, Rule4TheLastGoodVersionIsTriedAsTheReader) {
    start({}, {{"orders", {.last_good = Version{1}}}});
    const auto outcome = decode(envelope_of("orders", 2, bad_note_body));
    EXPECT_EQ(fate_of(outcome), record_of(R"({"id":"a"})", R"("orders")", "2"));
    EXPECT_TRUE(outcome.by_last_good);
    EXPECT_EQ(decoder_->guard_state().at("orders").last_good, Version{1});
}

TEST_F(DecoderTest, Rule4WhenThatFailsTooTheRetryQueueAndAtLastTheDeadLetterQueue) {
    start({}, {{"orders", {.last_good = Version{1}}}});
    const auto cut = envelope_of("orders", 2, "\x40");
    std::string line = cut;
    for (int attempt = 1; attempt <= 3; ++attempt) {
        const auto outcome = decoder_->decode(unwrap_event(line));
        ASSERT_EQ(fate_of(outcome), "retry payload_corrupt");
        EXPECT_EQ(outcome.letter->attempt, attempt);
        EXPECT_EQ(outcome.letter->original_event, cut);
        line = to_text(*outcome.letter);
    }
    const auto last = decoder_->decode(unwrap_event(line));
    EXPECT_EQ(fate_of(last), "dead_letter payload_corrupt");
    EXPECT_EQ(last.letter->attempt, 3);
    EXPECT_THAT(last.letter->error, HasSubstr("last good version 1"));
}

TEST_F(DecoderTest, Rule4WithoutALastGoodVersionTheDeadLetterQueueAtOnce) {
    EXPECT_EQ(fate_of(envelope_of("orders", 2, "\x40")), "dead_letter payload_corrupt");
}

TEST_F(DecoderTest, Rule5ASchemaThatDoesNotParseIsDiagnosedWithItsText) {
    source_.add("broken", SchemaId{30}, R"({"type":"nonsense"})");
    const auto outcome = decode(envelope_of("broken", 1, id_body));
    EXPECT_EQ(fate_of(outcome), "diagnostic schema_unparseable");
    EXPECT_EQ(outcome.letter->raw_schema, R"({"type":"nonsense"})");
    EXPECT_EQ(fate_of(frame_confluent(SchemaId{30}, id_body)), "diagnostic schema_unparseable");
}

TEST_F(DecoderTest, FlagsAndLastGoodVersionsOutliveTheDecoder) {
    source_.add("loose", SchemaId{31}, with_id);
    source_.set_level("loose", Level::none);
    decode(envelope_of("orders", 1, id_body));
    decode(envelope_of("loose", 1, id_body));
    auto state = decoder_->guard_state();
    start({}, std::move(state));
    EXPECT_EQ(fate_of(envelope_of("loose", 1, id_body)),
              "dead_letter backward_incompatible_schema");
    EXPECT_EQ(decoder_->guard_state().at("orders").last_good, Version{1});
}

// --- what cannot be looked up

TEST_F(DecoderTest, AnEventThatNamesNoSchemaIsADeadLetter) {
    EXPECT_EQ(fate_of(R"({"detail":{"schema_id":"orders","avro_payload":"AA=="}})"),
              "dead_letter missing_schema_metadata");
    EXPECT_EQ(fate_of(R"({"detail":{"schema_version":1,"avro_payload":"AA=="}})"),
              "dead_letter missing_schema_metadata");
    EXPECT_EQ(fate_of(R"({"hello":"world"})"), "dead_letter missing_schema_metadata");
    EXPECT_EQ(fate_of("no json"), "dead_letter missing_schema_metadata");
    EXPECT_EQ(fate_of(""), "dead_letter missing_schema_metadata");
}

TEST_F(DecoderTest, ClaimsOfABadEnvelopeStandInItsLetter) {
    const auto outcome =
        decode(R"({"detail":{"schema_id":"orders","schema_version":"x","event_type":"t",)"
               R"("avro_payload":"AA=="}})");
    EXPECT_EQ(fate_of(outcome), "dead_letter missing_schema_metadata");
    EXPECT_EQ(outcome.letter->schema_id, "\"orders\"");
    EXPECT_EQ(outcome.letter->version, "\"x\"");
    EXPECT_EQ(outcome.letter->event_type, "t");
}

TEST_F(DecoderTest, ASchemaThatIsNotRegisteredIsADeadLetterAndAskedForOnceAWhile) {
    const auto wrong = frame_confluent(SchemaId{99}, id_body);
    EXPECT_EQ(fate_of(wrong), "dead_letter schema_not_found");
    const int calls = source_.calls();
    EXPECT_EQ(fate_of(wrong), "dead_letter schema_not_found");
    EXPECT_EQ(source_.calls(), calls);
    source_.add("late", SchemaId{99}, with_id);
    clock_.advance(std::chrono::seconds(11));
    EXPECT_THAT(fate_of(wrong), HasSubstr("decoded_payload"));
    EXPECT_EQ(fate_of(envelope_of("nobody", 1, id_body)), "dead_letter schema_not_found");
    EXPECT_EQ(fate_of(envelope_of("orders", 9, id_body)), "dead_letter schema_not_found");
}

TEST_F(DecoderTest, WhileTheRegistryIsAwayEventsWaitInTheRetryQueue) {
    source_.fail_with(ErrorCode::unavailable);
    EXPECT_EQ(fate_of(envelope_of("orders", 1, id_body)), "retry registry_unavailable");
    const int calls = source_.calls();
    EXPECT_EQ(fate_of(frame_confluent(SchemaId{8}, note_body)), "retry registry_unavailable");
    EXPECT_EQ(source_.calls(), calls) << "it is left in peace";
    source_.fail_with(std::nullopt);
    clock_.advance(std::chrono::seconds(6));
    EXPECT_THAT(fate_of(envelope_of("orders", 1, id_body)), HasSubstr("decoded_payload"));
}

TEST_F(DecoderTest, AnOutageHoweverLongMakesNoDeadLetter) {
    source_.fail_with(ErrorCode::unavailable);
    start();
    auto line = envelope_of("orders", 1, id_body);
    for (int visit = 0; visit < 10; ++visit) {
        const auto outcome = decoder_->decode(unwrap_event(line));
        ASSERT_EQ(fate_of(outcome), "retry registry_unavailable");
        EXPECT_EQ(outcome.letter->attempt, 0);
        line = to_text(*outcome.letter);
    }
    // Its failures before the outage are remembered.
    Event tired{.bytes = envelope_of("orders", 1, id_body), .attempt = 3};
    const auto outcome = decoder_->decode(tired);
    EXPECT_EQ(fate_of(outcome), "retry registry_unavailable");
    EXPECT_EQ(outcome.letter->attempt, 3);
}

TEST_F(DecoderTest, ASubjectThatWasDecodedBeforeNeedsNoLevelInAnOutage) {
    decode(envelope_of("orders", 1, id_body));
    clock_.advance(std::chrono::seconds(301));
    source_.fail_with(ErrorCode::unavailable);
    EXPECT_THAT(fate_of(envelope_of("orders", 1, id_body)), HasSubstr("decoded_payload"));
    const int calls = source_.calls();
    clock_.advance(std::chrono::seconds(6));
    EXPECT_THAT(fate_of(envelope_of("orders", 1, id_body)), HasSubstr("decoded_payload"));
    EXPECT_EQ(source_.calls(), calls) << "nor is it asked for again and again";
    // One that was not still waits.
    EXPECT_EQ(fate_of(envelope_of("orders", 2, note_body)), "retry registry_unavailable");
}

TEST_F(DecoderTest, OfASubjectThatWasDeletedAndMadeAnewTheNewSchemaIsUsedAfterItsTime) {
    const auto by_version = envelope_of("orders", 1, id_body);
    const auto by_id = frame_confluent(SchemaId{7}, id_body);
    EXPECT_THAT(fate_of(by_version), HasSubstr(R"({"id":"a"})"));
    fate_of(by_id);
    source_.forget("orders");
    source_.add("orders", SchemaId{9},
                R"({"type":"record","name":"R","fields":[{"name":"key","type":"string"}]})");
    clock_.advance(std::chrono::seconds(299));
    EXPECT_THAT(fate_of(by_version), HasSubstr(R"({"id":"a"})"));
    clock_.advance(std::chrono::seconds(2));
    EXPECT_THAT(fate_of(by_version), HasSubstr(R"({"key":"a"})"));
    EXPECT_THAT(fate_of(by_id), HasSubstr(R"({"id":"a"})")) << "an id means the same for ever";
    source_.forget("orders");
    clock_.advance(std::chrono::seconds(301));
    EXPECT_EQ(fate_of(by_version), "dead_letter schema_not_found");
}

TEST_F(DecoderTest, ALevelThatCannotBeAskedForLeavesSchemasAlone) {
    start({.framing = Framing::bare, .subject = "orders"});
    EXPECT_THAT(fate_of(note_body), HasSubstr("decoded_payload"));
    clock_.advance(std::chrono::seconds(301));
    source_.fail_levels_with(ErrorCode::unavailable);
    EXPECT_THAT(fate_of(note_body), HasSubstr("decoded_payload"));
    EXPECT_THAT(fate_of(note_body), HasSubstr("decoded_payload"));
}

TEST_F(DecoderTest, ALastGoodVersionThatCannotBeAskedForIsNoFailedAttempt) {
    decode(envelope_of("orders", 2, note_body));
    decode(envelope_of("orders", 1, id_body));
    source_.fail_with(ErrorCode::unavailable);
    Event tired{.bytes = envelope_of("orders", 2, bad_note_body), .attempt = 3};
    const auto outcome = decoder_->decode(tired);
    EXPECT_EQ(fate_of(outcome), "retry registry_unavailable");
    EXPECT_EQ(outcome.letter->attempt, 3);
    EXPECT_THAT(outcome.letter->error, HasSubstr("version 1 could not be asked for"));
    source_.fail_with(std::nullopt);
    clock_.advance(std::chrono::seconds(6));
    EXPECT_TRUE(decoder_->decode(tired).by_last_good);
}

TEST_F(DecoderTest, ALevelThatCannotBeAskedForFlagsNobody) {
    source_.fail_levels_with(ErrorCode::unavailable);
    EXPECT_EQ(fate_of(envelope_of("orders", 1, id_body)), "retry registry_unavailable");
    EXPECT_TRUE(decoder_->guard_state().empty());
}

TEST_F(DecoderTest, CredentialsThatARegistryRefusesAreARetry) {
    source_.fail_with(ErrorCode::not_authorised);
    EXPECT_EQ(fate_of(envelope_of("orders", 1, id_body)), "retry registry_not_authorised");
}

// --- corrupt payloads

TEST_F(DecoderTest, CorruptPayloadsAreDeadLettersWithTheReason) {
    const std::vector<std::string> bodies{
        "",                                                               // nothing
        "\x40",                                                           // cut off
        std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11),  // an overlong varint
        "\xFE\xFF\xFF\xFF\x0F",  // a length beyond everything
        "\x01",                  // a negative length
        id_body + "more",        // bytes behind the datum
        "Obj\x01",               // a container file without a header
    };
    for (const auto& body : bodies) {
        EXPECT_EQ(fate_of(frame_confluent(SchemaId{7}, body)), "dead_letter payload_corrupt")
            << to_hex(body);
        EXPECT_EQ(fate_of(envelope_of("orders", 1, body.empty() ? "\x40" : body)),
                  "dead_letter payload_corrupt");
    }
    EXPECT_EQ(fate_of(R"({"detail":{"schema_id":"orders","schema_version":1,"avro_payload":"*"}})"),
              "dead_letter payload_corrupt");
    EXPECT_EQ(fate_of(R"({"detail":{"schema_id":"orders","schema_version":1,"avro_pay)"),
              "dead_letter payload_corrupt");
}

TEST_F(DecoderTest, DeepRecursionAndHugeCountsAreDeadLetters) {
    source_.add("tree", SchemaId{40},
                R"({"type":"record","name":"T","fields":[{"name":"next","type":["null","T"]}]})");
    source_.add("list", SchemaId{41}, R"({"type":"array","items":"null"})");
    EXPECT_EQ(fate_of(frame_confluent(SchemaId{40}, std::string(2'000'000, '\x02'))),
              "dead_letter payload_corrupt");
    EXPECT_EQ(fate_of(frame_confluent(SchemaId{41}, "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\x0F")),
              "dead_letter payload_corrupt");
}

TEST_F(DecoderTest, AnEventThatItsSourceCouldNotTakeIsALetter) {
    start();
    Event event{.bytes = "beginning",
                .broken = make_error(ErrorCode::body_too_large, "an event of 9 bytes")};
    EXPECT_EQ(fate_of(decoder_->decode(event)), "dead_letter event_too_large");
    event.broken = make_error(ErrorCode::malformed_datum, "a block is cut off");
    EXPECT_EQ(fate_of(decoder_->decode(event)), "dead_letter payload_corrupt");
}

TEST_F(DecoderTest, RecordsOfAContainerFileAreDecodedByItsOwnSchema) {
    start();
    const auto schema = source_.add("own", SchemaId{50}, with_id);
    Event event{.bytes = id_body, .schema = schema};
    EXPECT_EQ(fate_of(decoder_->decode(event)), record_of(R"({"id":"a"})", "null", "null"));
    event.bytes = "\x40";
    EXPECT_EQ(fate_of(decoder_->decode(event)), "dead_letter payload_corrupt");
}

TEST_F(DecoderTest, ALetterAboutARecordOfAContainerFileBringsItsSchemaAlong) {
    const auto schema = source_.add("own", SchemaId{50}, with_id);
    source_.add("reader", SchemaId{51},
                R"({"type":"record","name":"R","fields":[{"name":"id","type":"int"}]})");
    start({.reader = (*source_.find_by_id(SchemaId{51}))->parsed});
    Event event{.bytes = id_body, .schema = schema};
    const auto outcome = decoder_->decode(event);
    ASSERT_EQ(fate_of(outcome), "dead_letter payload_corrupt");
    start();
    EXPECT_EQ(fate_of(decoder_->decode(unwrap_event(to_text(*outcome.letter)))),
              record_of(R"({"id":"a"})", "null", "null"));
}

TEST_F(DecoderTest, AnEventWhoseRecordTheOutputDoesNotTakeIsAWholeDeadLetter) {
    const auto message = frame_confluent(SchemaId{7}, id_body);
    const auto record = record_of(R"({"id":"a"})", "7", "1");
    start({.subject = "orders", .record_bytes_max = record.size()});
    EXPECT_EQ(fate_of(message), record);
    start({.subject = "orders", .record_bytes_max = record.size() - 1});
    const auto outcome = decode(message);
    EXPECT_EQ(fate_of(outcome), "dead_letter event_too_large");
    EXPECT_EQ(outcome.letter->original_event, original_event_of(message));
    EXPECT_THAT(outcome.letter->error, HasSubstr("message.max.bytes"));
}

TEST_F(DecoderTest, ALetterThatItsQueueDoesNotTakeKeepsTheEventsBeginning) {
    const auto event = std::string(100'000, '\xFF');
    start();
    const auto whole = to_text(*decode(event).letter).size();
    start({.letter_bytes_max = whole});
    EXPECT_EQ(fate_of(event), "dead_letter missing_schema_metadata");
    start({.letter_bytes_max = whole - 1});
    const auto outcome = decode(event);
    EXPECT_EQ(fate_of(outcome), "dead_letter event_too_large");
    EXPECT_EQ(outcome.letter->original_event, original_event_of(event.substr(0, 4'096)));
    EXPECT_THAT(outcome.letter->error, HasSubstr("missing_schema_metadata"));
    EXPECT_LT(to_text(*outcome.letter).size(), 10'000U);
}

}  // namespace
}  // namespace symbolon::client
