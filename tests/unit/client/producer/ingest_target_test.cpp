#include "client/producer/ingest_target.hpp"

#include "client/producer/batcher.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <numeric>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;
using testing::accept_all;
using testing::FakeClock;
using testing::FakeSender;

/// Tokens "token-1", "token-2" …: each drop() makes the next one.
class CountingCredentials final : public Credentials {
public:
    Result<std::string> authorization() override { return "Bearer token-" + std::to_string(made_); }
    bool drop(std::string_view) override {
        ++made_;
        return true;
    }

private:
    int made_ = 1;
};

std::string header_value(const HttpRequest& request, std::string_view name) {
    for (const auto& [header, value] : request.headers) {
        if (header == name) {
            return value;
        }
    }
    return {};
}

/// Answers 429, and the producer is told to stop meanwhile.
class StoppingSender final : public HttpSender {
public:
    explicit StoppingSender(std::stop_source& hurry) : hurry_(hurry) {}
    Result<HttpResponse> send(const HttpRequest&) override {
        ++sent;
        hurry_.request_stop();
        return HttpResponse{.status = 429};
    }
    int sent = 0;

private:
    std::stop_source& hurry_;
};

class IngestTargetTest : public ::testing::Test {
protected:
    IngestTargetTest() {
        records_.push_back({.value = R"({"id":1})", .key = {}, .headers = {}});
        records_.push_back({.value = R"({"id":2})", .key = {}, .headers = {}});
        options_.url = "http://platform/api/v2/events/ingest";
    }

    SendOutcome send() { return send_by(sender_, {}); }
    SendOutcome send_by(HttpSender& sender, const std::stop_token& hurry) {
        const auto target =
            ingest_target(options_, sender, std::make_shared<CountingCredentials>(), clock_);
        return target->send({.request_id = "id-7", .records = records_, .hurry = hurry});
    }
    void answer_next(int status, HeaderList headers = {}, std::string body = "{}") {
        sender_.push(
            HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
    }
    void fail_next(ErrorCode code, const std::string& message = "as told") {
        sender_.push(make_error(code, message));
    }

    milliseconds waited() const {
        const auto sleeps = clock_.sleeps();
        return std::accumulate(sleeps.begin(), sleeps.end(), milliseconds(0));
    }

    FakeClock clock_;
    FakeSender sender_{accept_all};
    IngestOptions options_;
    std::vector<SinkRecord> records_;
};

TEST_F(IngestTargetTest, AnEventTakesAsManyBytesOfABatchAsItsFormDoes) {
    for (const auto encoding : {EventEncoding::json, EventEncoding::confluent}) {
        options_.encoding = encoding;
        const auto target =
            ingest_target(options_, sender_, std::make_shared<CountingCredentials>(), clock_);
        for (std::size_t bytes = 20; bytes < 26; ++bytes) {
            IngestEvent event;
            event.text = "\"" + std::string(bytes - 2, 'x') + "\"";
            const auto records = encode_events({&event, 1}, encoding, SchemaId{1});
            EXPECT_EQ(target->bytes_of(event) + batch_bracket_bytes,
                      to_ingest_body(records, encoding).size())
                << bytes;
        }
    }
}

TEST_F(IngestTargetTest, AnEventIsNeverTakenForShorterThanItsJson) {
    options_.encoding = EventEncoding::confluent;
    IngestEvent event;
    event.text = std::string(1'000, 'x');
    event.body = "\1";
    const auto target =
        ingest_target(options_, sender_, std::make_shared<CountingCredentials>(), clock_);
    EXPECT_EQ(target->bytes_of(event), 1'000U);
}

TEST_F(IngestTargetTest, ABatchIsPostedAsAJsonArrayWithTokenAndRequestId) {
    const auto outcome = send();
    EXPECT_EQ(outcome.fate, SendFate::acknowledged);
    EXPECT_EQ(outcome.attempts, 1);
    const auto requests = sender_.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].method, "POST");
    EXPECT_EQ(requests[0].url, "http://platform/api/v2/events/ingest");
    EXPECT_EQ(requests[0].body, R"([{"id":1},{"id":2}])");
    EXPECT_EQ(requests[0].timeout, milliseconds(15'000));
    EXPECT_EQ(header_value(requests[0], "Authorization"), "Bearer token-1");
    EXPECT_EQ(header_value(requests[0], "X-Request-Id"), "id-7");
    EXPECT_EQ(header_value(requests[0], "Content-Type"), "application/json");
}

TEST_F(IngestTargetTest, ItsNameTellsNoSecret) {
    options_.url = "https://u:hidden@hooks/x?token=hidden";
    const auto target =
        ingest_target(options_, sender_, std::make_shared<CountingCredentials>(), clock_);
    EXPECT_EQ(target->name(), "https://hooks/x");
    send();
    EXPECT_EQ(sender_.requests().at(0).url, options_.url);
}

TEST_F(IngestTargetTest, BytesTravelAsBase64) {
    const std::string bytes("\0\0\0\0\7x", 6);
    const std::vector<SinkRecord> records{{.value = bytes, .key = {}, .headers = {}}};
    const auto body = parse_json(to_ingest_body(records, EventEncoding::confluent));
    ASSERT_TRUE(body);
    EXPECT_EQ(parse_base64(body->at(0).get<std::string>()).value(), bytes);
    EXPECT_EQ(to_ingest_body({}, EventEncoding::json), "[]");
}

TEST_F(IngestTargetTest, A429WaitsRetryAfterTimesOneAndAHalfToTheAttempt) {
    answer_next(429, {{"Retry-After", "4"}});
    answer_next(429, {{"Retry-After", "4"}});
    const auto outcome = send();
    EXPECT_EQ(outcome.fate, SendFate::acknowledged);
    EXPECT_EQ(outcome.attempts, 3);
    EXPECT_EQ(clock_.sleeps(), (std::vector{milliseconds(4'000), milliseconds(6'000)}));
}

TEST_F(IngestTargetTest, A429WithoutRetryAfterWaitsTwoSeconds) {
    answer_next(429);
    answer_next(429);
    EXPECT_EQ(send().fate, SendFate::acknowledged);
    EXPECT_EQ(clock_.sleeps(), (std::vector{milliseconds(2'000), milliseconds(3'000)}));
}

TEST_F(IngestTargetTest, A429IsSentAtMostThreeTimes) {
    for (int at = 0; at < 5; ++at) {
        answer_next(429);
    }
    const auto outcome = send();
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_EQ(outcome.status, 429);
    EXPECT_EQ(sender_.requests().size(), 3U);
    EXPECT_EQ(clock_.sleeps().size(), 2U) << "nobody waits for nothing";
}

TEST_F(IngestTargetTest, A503IsTreatedLikeA429) {
    answer_next(503, {{"Retry-After", "1"}});
    EXPECT_EQ(send().fate, SendFate::acknowledged);
    EXPECT_EQ(waited(), milliseconds(1'000));
}

TEST_F(IngestTargetTest, APlatformThatAsksForAVeryLongWaitIsNotWaitedFor) {
    answer_next(429, {{"Retry-After", "61"}});
    const auto outcome = send();
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_EQ(waited(), milliseconds(0));
}

TEST_F(IngestTargetTest, A401RenewsTheTokenOnce) {
    answer_next(401);
    EXPECT_EQ(send().fate, SendFate::acknowledged);
    const auto requests = sender_.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(header_value(requests[1], "Authorization"), "Bearer token-2");
    EXPECT_EQ(header_value(requests[1], "X-Request-Id"), "id-7");
    EXPECT_EQ(waited(), milliseconds(0));
}

TEST_F(IngestTargetTest, ASecond401EndsIt) {
    answer_next(401);
    answer_next(401);
    const auto outcome = send();
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_EQ(outcome.status, 401);
    EXPECT_EQ(sender_.requests().size(), 2U);
}

TEST_F(IngestTargetTest, OfAnAnswerTheBeginningIsTold) {
    const std::string most(limits::answer_quote_bytes_max, 'x');
    for (const auto& words : {most, most + "y"}) {
        answer_next(400, {}, words);
        EXPECT_EQ(send().reason, "the platform answered 400: " + most);
    }
    EXPECT_EQ(sender_.requests().back().response_bytes_max, limits::ingest_answer_bytes_max);
}

TEST_F(IngestTargetTest, A400AndA413AreFinalAndReported) {
    for (const int status : {400, 413, 422}) {
        answer_next(status, {}, "too odd");
        const auto outcome = send();
        EXPECT_EQ(outcome.fate, SendFate::rejected);
        EXPECT_EQ(outcome.status, status);
        EXPECT_EQ(outcome.reason, "the platform answered " + std::to_string(status) + ": too odd");
    }
    EXPECT_EQ(sender_.requests().size(), 3U);
}

TEST_F(IngestTargetTest, OtherAnswersAreNotTheEventsFaultAndAreNotSentAgain) {
    for (const int status : {301, 403, 404, 409, 500, 502, 504}) {
        answer_next(status);
        const auto outcome = send();
        EXPECT_EQ(outcome.fate, SendFate::unsent) << status;
        EXPECT_EQ(outcome.attempts, 1) << status;
    }
}

TEST_F(IngestTargetTest, AConnectErrorWaitsTwoSecondsAndIsRetried) {
    fail_next(ErrorCode::not_reachable);
    fail_next(ErrorCode::not_reachable);
    EXPECT_EQ(send().fate, SendFate::acknowledged);
    EXPECT_EQ(clock_.sleeps(), (std::vector{milliseconds(2'000), milliseconds(2'000)}));
}

TEST_F(IngestTargetTest, AConnectErrorIsRetriedThreeTimes) {
    for (int at = 0; at < 6; ++at) {
        fail_next(ErrorCode::not_reachable, "nobody listens");
    }
    const auto outcome = send();
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_EQ(outcome.reason, "nobody listens");
    EXPECT_EQ(sender_.requests().size(), 4U);
}

TEST_F(IngestTargetTest, ConnectErrorsDoNotUseUpTheAttemptsOf429) {
    fail_next(ErrorCode::not_reachable);
    fail_next(ErrorCode::not_reachable);
    answer_next(429);
    answer_next(429);
    EXPECT_EQ(send().fate, SendFate::acknowledged);
    EXPECT_EQ(clock_.sleeps(), (std::vector{milliseconds(2'000), milliseconds(2'000),
                                            milliseconds(2'000), milliseconds(3'000)}));
}

TEST_F(IngestTargetTest, ALostAnswerIsNotSentAgain) {
    for (const auto code : {ErrorCode::answer_lost, ErrorCode::request_timeout}) {
        fail_next(code, "the answer was cut off");
        const auto outcome = send();
        EXPECT_EQ(outcome.fate, SendFate::unsent);
        EXPECT_EQ(outcome.reason, "the answer was cut off");
    }
    EXPECT_EQ(sender_.requests().size(), 2U);
}

TEST_F(IngestTargetTest, ALostAnswerIsSentAgainWithItsRequestIdWhereThatIsConfigured) {
    options_.lost_answers = LostAnswers::resend;
    fail_next(ErrorCode::answer_lost);
    EXPECT_EQ(send().fate, SendFate::acknowledged);
    ASSERT_EQ(sender_.requests().size(), 2U);
    EXPECT_EQ(header_value(sender_.requests()[1], "X-Request-Id"), "id-7");
}

TEST_F(IngestTargetTest, WhoHurriesNeitherWaitsNorSendsAgain) {
    std::stop_source hurry;
    StoppingSender sender(hurry);
    EXPECT_EQ(send_by(sender, hurry.get_token()).fate, SendFate::unsent);
    EXPECT_EQ(sender.sent, 1);
    EXPECT_EQ(waited(), milliseconds(0));
    EXPECT_EQ(send_by(sender, hurry.get_token()).attempts, 0);
    EXPECT_EQ(sender.sent, 1);
}

}  // namespace
}  // namespace symbolon::client
