#include "client/sink/cloudwatch_sink.hpp"

#include "core/limits.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::client {
namespace {

class CloudWatchTest : public ::testing::Test {
protected:
    void answer(int status, const std::string& body = "{}") {
        sender.push(HttpResponse{.status = status, .body = body});
    }
    std::vector<std::string> actions() const {
        std::vector<std::string> found;
        for (const auto& request : sender.requests()) {
            for (const auto& [name, value] : request.headers) {
                if (name == "X-Amz-Target") {
                    found.push_back(value.substr(value.find('.') + 1));
                }
            }
        }
        return found;
    }
    /// The events of the n-th request.
    Json events(std::size_t at) const {
        return (*parse_json(sender.requests()[at].body))["logEvents"];
    }
    static SinkRecord at(std::int64_t timestamp, const std::string& padding = "") {
        return {.value = fmt::format(R"({{"timestamp":{},"p":"{}"}})", timestamp, padding)};
    }
    Status write(const std::vector<SinkRecord>& records) { return sink.write(records); }

    testing::FakeSender sender{testing::accept_all};
    testing::FakeClock clock;
    CloudWatchSink sink{{.region = "eu-central-1", .group = "g", .stream = "s"},
                        {"id", "secret", "token"},
                        sender,
                        clock,
                        [] { return 0.5; }};
};

TEST_F(CloudWatchTest, EventsAreSentOverTheJsonProtocolAndSigned) {
    ASSERT_TRUE(write({at(5)}).has_value());
    ASSERT_EQ(sender.requests().size(), 1U);
    const auto request = sender.requests()[0];
    EXPECT_EQ(request.url, "https://logs.eu-central-1.amazonaws.com/");
    EXPECT_EQ(request.headers[0],
              (std::pair<std::string, std::string>("Content-Type", "application/x-amz-json-1.1")));
    EXPECT_EQ(request.headers[1].second, "Logs_20140328.PutLogEvents");
    EXPECT_NE(request.headers.back().second.find("/eu-central-1/logs/aws4_request"),
              std::string::npos);
    EXPECT_EQ(request.body,
              R"({"logEvents":[{"message":"{\"timestamp\":5,\"p\":\"\"}","timestamp":5}],)"
              R"("logGroupName":"g","logStreamName":"s"})");
}

TEST_F(CloudWatchTest, GroupAndStreamAreMadeWhenTheyAreAbsent) {
    answer(400, R"({"__type":"ResourceNotFoundException","message":"no stream"})");
    answer(400, R"({"__type":"ResourceNotFoundException","message":"no group"})");
    answer(400, R"({"__type":"com.amazonaws.logs#ResourceAlreadyExistsException"})");
    EXPECT_TRUE(write({at(5)}).has_value());
    EXPECT_EQ(actions(),
              (std::vector<std::string>{"PutLogEvents", "CreateLogStream", "CreateLogGroup",
                                        "CreateLogStream", "PutLogEvents"}));
}

TEST_F(CloudWatchTest, AStreamIsMadeWithoutThePermissionToMakeGroups) {
    answer(400, R"({"__type":"ResourceNotFoundException","message":"no stream"})");
    EXPECT_TRUE(write({at(5)}).has_value());
    EXPECT_EQ(actions(),
              (std::vector<std::string>{"PutLogEvents", "CreateLogStream", "PutLogEvents"}));
}

TEST_F(CloudWatchTest, AStreamThatAnotherMadeMeanwhileIsWrittenTo) {
    answer(400, R"({"__type":"ResourceNotFoundException"})");
    answer(400, R"({"__type":"ResourceAlreadyExistsException"})");
    EXPECT_TRUE(write({at(5)}).has_value());
    EXPECT_EQ(actions().back(), "PutLogEvents");
}

TEST_F(CloudWatchTest, EventsAreInOrderOfTheirTime) {
    ASSERT_TRUE(write({at(7), at(5), {.value = "no json"}, at(6)}).has_value());
    ASSERT_EQ(events(0).size(), 3U);
    EXPECT_EQ(events(0)[0]["timestamp"], 5);
    EXPECT_EQ(events(0)[2]["timestamp"], 7);
    // Without a time of its own it is of now, more than a day later.
    EXPECT_EQ(events(1)[0]["timestamp"], 1'704'067'200'000);
}

TEST_F(CloudWatchTest, ABatchSpansADayAtMost) {
    ASSERT_TRUE(write({at(0), at(limits::log_span_ms_max)}).has_value());
    EXPECT_EQ(sender.requests().size(), 1U);
    ASSERT_TRUE(write({at(0), at(limits::log_span_ms_max + 1)}).has_value());
    EXPECT_EQ(sender.requests().size(), 3U);
}

TEST_F(CloudWatchTest, ABatchHasTenThousandEventsAtMost) {
    ASSERT_TRUE(write(std::vector<SinkRecord>(limits::log_events_max, at(1))).has_value());
    EXPECT_EQ(sender.requests().size(), 1U);
    ASSERT_TRUE(write(std::vector<SinkRecord>(limits::log_events_max + 1, at(1))).has_value());
    EXPECT_EQ(sender.requests().size(), 3U);
    EXPECT_EQ(events(2).size(), 1U);
}

TEST_F(CloudWatchTest, ABatchHasAMegabyteAtMostWithWhatIsAddedForEachEvent) {
    const std::size_t each = limits::log_batch_bytes_max / 8;
    const auto empty = at(1).value.size();
    const auto record = at(1, std::string(each - limits::log_event_overhead_bytes - empty, 'p'));
    ASSERT_TRUE(write(std::vector<SinkRecord>(8, record)).has_value());
    EXPECT_EQ(sender.requests().size(), 1U);
    auto records = std::vector<SinkRecord>(8, record);
    records[3] = at(1, std::string(each - limits::log_event_overhead_bytes - empty + 1, 'p'));
    ASSERT_TRUE(write(records).has_value());
    EXPECT_EQ(sender.requests().size(), 3U);
}

TEST_F(CloudWatchTest, AnEventThatIsTooLargeIsAFailureAndTheOthersAreWritten) {
    const SinkRecord large{.value = std::string(limits::log_event_bytes_max, 'x')};
    EXPECT_FALSE(write({large, at(1)}).has_value());
    EXPECT_EQ(events(0).size(), 1U);
}

TEST_F(CloudWatchTest, ThrottlingAnd5xxAndConnectErrorsAreRepeatedAndSignedAnew) {
    answer(400, R"({"__type":"ThrottlingException"})");
    answer(503);
    EXPECT_TRUE(write({at(1)}).has_value());
    EXPECT_EQ(sender.requests().size(), 3U);
    EXPECT_EQ(clock.sleeps().size(), 2U);
    EXPECT_EQ(sender.requests()[2].headers.size(), sender.requests()[0].headers.size());
    sender.push(Error{ErrorCode::not_reachable, "no"});
    EXPECT_TRUE(write({at(1)}).has_value());
}

TEST_F(CloudWatchTest, ALostAnswerIsNotRepeated) {
    sender.push(Error{ErrorCode::answer_lost, "lost"});
    EXPECT_EQ(write({at(1)}).error().code, ErrorCode::sink_failed);
    EXPECT_EQ(sender.requests().size(), 1U);
}

TEST_F(CloudWatchTest, ARefusalTellsTheExceptionAndNoSecret) {
    answer(400, R"({"__type":"AccessDeniedException","message":"not you"})");
    const auto status = write({at(1)});
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().message.find("AccessDeniedException not you"), std::string::npos);
    EXPECT_EQ(status.error().message.find("secret"), std::string::npos);
}

TEST_F(CloudWatchTest, ARefusalThatIsNoJsonIsToldAsItIs) {
    answer(403, "<Error>not here</Error>");
    EXPECT_NE(write({at(1)}).error().message.find("403  <Error>not here"), std::string::npos);
}

TEST_F(CloudWatchTest, RejectedEventsAreAFailure) {
    answer(200, R"({"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}})");
    EXPECT_FALSE(write({at(1)}).has_value());
}

}  // namespace
}  // namespace symbolon::client
