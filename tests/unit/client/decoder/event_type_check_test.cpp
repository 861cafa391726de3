#include "client/decoder/event_type_check.hpp"

#include "client/decoder/decoder.hpp"
#include "client/wire/envelope.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace symbolon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Answers by a script, then 200, and remembers what was asked.
class ScriptedPlatform final : public HttpSender {
public:
    Result<HttpResponse> send(const HttpRequest& request) override {
        urls.push_back(request.url);
        for (const auto& [name, value] : request.headers) {
            if (name == "Authorization") {
                authorizations.push_back(value);
            }
        }
        if (answers.empty()) {
            return HttpResponse{200, {}, "{}"};
        }
        auto answer = std::move(answers.front());
        answers.pop_front();
        return answer;
    }

    std::deque<Result<HttpResponse>> answers;
    std::vector<std::string> urls;
    std::vector<std::string> authorizations;
};

class EventTypeCheckTest : public ::testing::Test {
protected:
    EventTypeCheckTest()
        : check_({.base_url = "http://platform",
                  .retry = {.retries_max = 1},
                  .random = [] { return 0.5; }},
                 platform_, bearer_credentials("t"), clock_) {}

    void answer(int status, std::string body = "{}") {
        platform_.answers.emplace_back(HttpResponse{status, {}, std::move(body)});
    }

    symbolon::testing::FakeClock clock_;
    ScriptedPlatform platform_;
    EventTypeCheck check_;
};

TEST_F(EventTypeCheckTest, AKnownTypeIsAskedForWithATokenAndRemembered) {
    EXPECT_EQ(*check_.ask("order.created"), EventTypeAnswer::known);
    EXPECT_EQ(*check_.ask("order.created"), EventTypeAnswer::known);
    EXPECT_THAT(platform_.urls,
                ElementsAre("http://platform/api/v2/events/eventtypes/order.created"));
    EXPECT_THAT(platform_.authorizations, ElementsAre("Bearer t"));
    clock_.advance(std::chrono::seconds(301));
    EXPECT_EQ(*check_.ask("order.created"), EventTypeAnswer::known);
    EXPECT_EQ(platform_.urls.size(), 2U);
}

TEST_F(EventTypeCheckTest, A404IsAnUnknownTypeAndRemembered) {
    answer(404);
    EXPECT_EQ(*check_.ask("x"), EventTypeAnswer::unknown);
    EXPECT_EQ(*check_.ask("x"), EventTypeAnswer::unknown);
    EXPECT_EQ(platform_.urls.size(), 1U);
}

TEST_F(EventTypeCheckTest, ATypeIsOneSegmentOfThePath) {
    EXPECT_TRUE(check_.ask("a/b?c d"));
    EXPECT_THAT(platform_.urls.back(), ::testing::EndsWith("/eventtypes/a%2Fb%3Fc%20d"));
    EXPECT_EQ(*check_.ask(".."), EventTypeAnswer::unknown);
    EXPECT_EQ(*check_.ask(""), EventTypeAnswer::unknown);
    EXPECT_EQ(*check_.ask(std::string(limits::event_type_bytes_max + 1, 'x')),
              EventTypeAnswer::unknown);
    EXPECT_EQ(platform_.urls.size(), 1U);
    EXPECT_TRUE(check_.ask(std::string(limits::event_type_bytes_max, 'x')));
    EXPECT_EQ(platform_.urls.size(), 2U);
}

TEST_F(EventTypeCheckTest, AnswersAreRememberedUpToABound) {
    for (std::size_t at = 0; at < limits::event_types_max; ++at) {
        ASSERT_TRUE(check_.ask(std::to_string(at)));
    }
    ASSERT_TRUE(check_.ask("0"));
    EXPECT_EQ(platform_.urls.size(), limits::event_types_max);
    ASSERT_TRUE(check_.ask("one more"));
    ASSERT_TRUE(check_.ask("0"));
    EXPECT_EQ(platform_.urls.size(), limits::event_types_max + 2);
}

TEST_F(EventTypeCheckTest, APlatformThatDoesNotAnswerIsRetriedThenLeftInPeace) {
    answer(503);
    answer(500);
    const auto refused = check_.ask("x");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_THAT(refused.error().message, HasSubstr("500"));
    EXPECT_EQ(check_.ask("y").error().code, ErrorCode::unavailable);
    EXPECT_EQ(platform_.urls.size(), 2U);
    clock_.advance(std::chrono::seconds(6));
    EXPECT_EQ(*check_.ask("y"), EventTypeAnswer::known);
}

TEST_F(EventTypeCheckTest, AnAnswerThatIsCutOffOrIsNoneIsNoAnswer) {
    platform_.answers.emplace_back(failure(Error{ErrorCode::answer_lost, "cut off"}));
    platform_.answers.emplace_back(failure(Error{ErrorCode::answer_lost, "cut off"}));
    EXPECT_EQ(check_.ask("x").error().code, ErrorCode::unavailable);
    clock_.advance(std::chrono::seconds(6));
    answer(200, "<html>");
    EXPECT_EQ(check_.ask("x").error().code, ErrorCode::unavailable);
}

TEST_F(EventTypeCheckTest, CredentialsThatAreRefusedAreToldApart) {
    for (const int status : {401, 403}) {
        answer(status);
        EXPECT_EQ(check_.ask("x").error().code, ErrorCode::not_authorised);
        clock_.advance(std::chrono::seconds(6));
    }
}

// --- what the decoder makes of the answers

class EventTypeRuleTest : public EventTypeCheckTest {
protected:
    EventTypeRuleTest() {
        source_.add("s", SchemaId{7}, R"("int")");
        envelope_ = to_text(Envelope{"s", Version{1}, "order.created", std::string(1, '\x02')});
    }
    DecodeOutcome decode(EventTypeRule rule, int attempt = 0) {
        Decoder decoder(source_,
                        {.event_types = rule, .event_type_check = &check_, .clock = &clock_});
        return decoder.decode(Event{.bytes = envelope_, .attempt = attempt});
    }
    static std::string fate(const DecodeOutcome& outcome) {
        return outcome.letter ? std::string(row_of(outcome.letter->queue).name) + " " +
                                    std::string(row_of(outcome.letter->reason).name)
                              : "decoded";
    }

    tests::FakeSchemaSource source_;
    std::string envelope_;
};

TEST_F(EventTypeRuleTest, OffAsksNobody) {
    EXPECT_EQ(fate(decode(EventTypeRule::off)), "decoded");
    EXPECT_TRUE(platform_.urls.empty());
}

TEST_F(EventTypeRuleTest, AnUnknownTypeIsAWarningOrWhenStrictADeadLetter) {
    answer(404);
    const auto warned = decode(EventTypeRule::warn);
    EXPECT_EQ(fate(warned), "decoded");
    EXPECT_THAT(warned.warning, HasSubstr("order.created"));
    EXPECT_EQ(fate(decode(EventTypeRule::strict)), "dead_letter event_type_unknown");
}

TEST_F(EventTypeRuleTest, APlatformThatIsAwayIsAWarningOrWhenStrictARetry) {
    answer(500);
    answer(500);
    const auto warned = decode(EventTypeRule::warn);
    EXPECT_EQ(fate(warned), "decoded");
    EXPECT_NE(warned.warning, "");
    EXPECT_EQ(fate(decode(EventTypeRule::strict)), "retry platform_unavailable");
    EXPECT_EQ(fate(decode(EventTypeRule::strict, 3)), "retry platform_unavailable")
        << "an outage makes no dead letter";
    clock_.advance(std::chrono::seconds(6));
    answer(403);
    EXPECT_EQ(fate(decode(EventTypeRule::strict)), "retry platform_not_authorised");
}

}  // namespace
}  // namespace symbolon::client
