#include "client/gateway/gateway.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

std::string shipped(const std::string& name) {
    std::ifstream file(std::string(SYMBOLON_SOURCE_DIR) + "/examples/genesys/" + name);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}

class KeepingSink final : public Sink {
public:
    explicit KeepingSink(std::vector<std::string>& lines) : lines_(lines) {}
    Status write(std::span<const SinkRecord> records) override {
        for (const auto& record : records) {
            lines_.push_back(record.value);
        }
        return {};
    }
    std::string name() const override { return "kept"; }

private:
    std::vector<std::string>& lines_;
};

class FailingSink final : public Sink {
public:
    Status write(std::span<const SinkRecord>) override {
        return failure(make_error(ErrorCode::sink_failed, "broken"));
    }
    std::string name() const override { return "broken"; }
};

class KeepingLog final : public GatewayLog {
public:
    void write(Weight weight, std::string_view message, const Json& fields) override {
        lines.push_back((weight == Weight::error ? "error: " : "") + std::string(message) + " " +
                        to_text(fields));
    }
    std::vector<std::string> lines;
};

class AnsweringDownstream final : public Downstream {
public:
    DeliveryReport deliver(const DownstreamRecord& record, std::chrono::milliseconds) override {
        records.push_back(record);
        if (reports.empty()) {
            return {};
        }
        auto report = reports.front();
        reports.pop_front();
        return report;
    }
    std::string name() const override { return "answering"; }

    std::vector<DownstreamRecord> records;
    std::deque<DeliveryReport> reports;
};

class GatewayTest : public ::testing::Test {
protected:
    GatewayTest() {
        source.add("events", SchemaId{5}, shipped("conversation_event.schema.json"),
                   SchemaType::json);
    }

    void open(GatewaySettings settings = {}, bool forwards = true,
              const std::string& subject = "events") {
        settings.event_id = *JsonPointer::parse("/id");
        keeper.emplace(SchemaKeeperOptions{.subject = subject}, source, clock);
        dispatcher.emplace(
            DispatcherOptions{}, downstream, clock, [] { return 0.0; }, metrics);
        std::vector<std::unique_ptr<QueuedSink>> sinks;
        sinks.push_back(std::make_unique<QueuedSink>(std::make_unique<KeepingSink>(anomalies),
                                                     QueuedSinkOptions{}));
        sinks.push_back(
            std::make_unique<QueuedSink>(std::make_unique<FailingSink>(), QueuedSinkOptions{}));
        outlet.emplace(std::move(sinks));
        gateway.emplace(std::move(settings),
                        GatewayParts{.schemas = *keeper,
                                     .dispatcher = forwards ? &*dispatcher : nullptr,
                                     .anomalies = *outlet,
                                     .log = log,
                                     .metrics = metrics,
                                     .clock = clock});
    }
    GatewayResponse post(const std::string& body) {
        if (!gateway) {
            open();
        }
        return gateway->handle({"POST", "/eventbridge/subscription", {}, body});
    }
    Json body_of(const GatewayResponse& response) {
        auto json = parse_json(response.body);
        EXPECT_TRUE(json.has_value()) << response.body;
        return json ? *json : Json();
    }
    /// The good event with one JSON pointer set to a value, or removed.
    std::string changed(const std::string& pointer, const Json& value) {
        auto event = *parse_json(shipped("events/conversation_created.json"));
        event[Json::json_pointer(pointer)] = value;
        return to_text(event);
    }
    std::string without(const std::string& parent, const std::string& member) {
        auto event = *parse_json(shipped("events/conversation_created.json"));
        event[Json::json_pointer(parent)].erase(member);
        return to_text(event);
    }
    std::vector<std::string> told_anomalies() {
        outlet->close(std::chrono::milliseconds(5'000));
        return anomalies;
    }

    tests::FakeSchemaSource source;
    testing::FakeClock clock;
    Metrics metrics;
    KeepingLog log;
    AnsweringDownstream downstream;
    std::vector<std::string> anomalies;
    std::optional<SchemaKeeper> keeper;
    std::optional<Dispatcher> dispatcher;
    std::optional<AnomalyOutlet> outlet;
    std::optional<Gateway> gateway;
};

TEST_F(GatewayTest, AValidEventIsForwardedAsItCameAndAccepted) {
    const auto event = shipped("events/conversation_created.json");
    const auto response = post(event);
    EXPECT_EQ(response.status, 200);
    const auto body = body_of(response);
    EXPECT_EQ(body["status"], "accepted");
    EXPECT_EQ(body["eventId"], "5b1a5c1e-0f6d-4d0a-9b0f-6a1f6a1d2c01");
    EXPECT_EQ(body["requestId"].get<std::string>().size(), 36U);
    EXPECT_EQ(body.size(), 3U);
    ASSERT_EQ(downstream.records.size(), 1U);
    EXPECT_EQ(downstream.records[0].json, event);
    EXPECT_EQ(downstream.records[0].request_id, body["requestId"].get<std::string>());
    EXPECT_TRUE(told_anomalies().empty());
}

TEST_F(GatewayTest, AnInvalidEventIsAnswered400WithPointersAndLeavesAnAnomaly) {
    const auto response = post(shipped("events/conversation_bad_time.bad.json"));
    EXPECT_EQ(response.status, 400);
    const auto body = body_of(response);
    EXPECT_EQ(body["error"], "Invalid payload structure");
    const auto details = body["details"].get<std::string>();
    EXPECT_NE(details.find("/id: "), std::string::npos) << details;
    EXPECT_NE(details.find("; /time: "), std::string::npos) << details;
    EXPECT_TRUE(downstream.records.empty());
    const auto told = told_anomalies();
    ASSERT_EQ(told.size(), 1U);
    const auto anomaly = *parse_json(told[0]);
    EXPECT_EQ(anomaly["requestId"], body["requestId"]);
    EXPECT_EQ(anomaly["errorDetails"], details);
    EXPECT_EQ(anomaly["timestamp"], 1'704'067'200'000);
}

TEST_F(GatewayTest, WhatIsNoJsonIsAnswered400Likewise) {
    const auto response = post(R"({"id": "1", "email": "a@b.c)");
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(body_of(response)["error"], "Invalid payload structure");
    const auto told = told_anomalies();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].find("a@b.c"), std::string::npos);
}

TEST_F(GatewayTest, ANumberThatOnlyTheValidatorTakesIsAnswered400) {
    EXPECT_EQ(post(R"({"id":"1","source":"genesys.cloud","account":"a","event_type":
        "genesys.cloud.conversation.created","time":"2026-03-01T09:30:00Z",
        "data":{"id":"1"},"x":1e400})")
                  .status,
              400);
    EXPECT_EQ(told_anomalies().size(), 1U);
}

TEST_F(GatewayTest, TheShippedSchemaAsksWhatTheContractSays) {
    const std::string analyzed = "genesys.cloud.conversation.analyzed";
    EXPECT_EQ(post(changed("/event_type", analyzed)).status, 200);
    EXPECT_EQ(post(changed("/event_type", "genesys.cloud.conversation.updated")).status, 200);
    EXPECT_EQ(post(without("/data", "conversation_id")).status, 200);
    EXPECT_EQ(post(without("/data", "routing_queue_id")).status, 200);
    const std::vector<std::string> bad{
        changed("/id", ""),
        changed("/source", "genesys.other"),
        changed("/account", ""),
        changed("/event_type", "genesys.cloud.conversation.deleted"),
        changed("/time", "2026-13-01T00:00:00Z"),
        changed("/time", 5),
        changed("/data/id", ""),
        changed("/data/conversation_id", 5),
        changed("/data/routing_queue_id", Json::array()),
        changed("/data/additional_properties", "text"),
        without("", "id"),
        without("", "source"),
        without("", "account"),
        without("", "event_type"),
        without("", "time"),
        without("", "data"),
        without("/data", "id"),
        shipped("events/conversation_analyzed_without_conversation.bad.json"),
        "[]",
        "",
    };
    for (const auto& body : bad) {
        EXPECT_EQ(post(body).status, 400) << body;
    }
    EXPECT_EQ(told_anomalies().size(), bad.size());
}

TEST_F(GatewayTest, ADownstreamThatFailsAfterRetriesIsAnswered503) {
    downstream.reports.assign(
        6, {.delivery = Delivery::busy, .reason = "answered 503", .is_downstream_fault = true});
    const auto response = post(shipped("events/conversation_created.json"));
    EXPECT_EQ(response.status, 503);
    const auto body = body_of(response);
    EXPECT_EQ(body["status"], "failed_after_retries");
    EXPECT_EQ(body["eventId"], "5b1a5c1e-0f6d-4d0a-9b0f-6a1f6a1d2c01");
    EXPECT_EQ(body["requestId"].get<std::string>().size(), 36U);
    EXPECT_EQ(downstream.records.size(), 6U);
    EXPECT_TRUE(told_anomalies().empty());
}

TEST_F(GatewayTest, AFinalRefusalIsLoggedAndAnswered503SoThatNothingIsLost) {
    downstream.reports = {{.delivery = Delivery::refused, .reason = "the downstream answered 404"}};
    EXPECT_EQ(post(shipped("events/conversation_created.json")).status, 503);
    ASSERT_EQ(log.lines.size(), 1U);
    EXPECT_NE(log.lines[0].find("error: the downstream refused an event"), std::string::npos);
    EXPECT_NE(log.lines[0].find("404"), std::string::npos);
    EXPECT_EQ(log.lines[0].find("sam@example.org"), std::string::npos);
}

TEST_F(GatewayTest, ABodyThatIsTooLargeIsAnswered413) {
    open({.body_bytes_max = 10});
    EXPECT_EQ(post("0123456789").status, 400);
    const auto response = post("01234567890");
    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(body_of(response)["requestId"].get<std::string>().size(), 36U);
    EXPECT_EQ(gateway->refuse(make_error(ErrorCode::body_too_large, "x")).status, 413);
    EXPECT_EQ(gateway->refuse(make_error(ErrorCode::internal_error)).status, 500);
}

TEST_F(GatewayTest, WithoutASchemaAnEventIsAnInternalFault) {
    source.fail_with(ErrorCode::unavailable);
    const auto response = post(shipped("events/conversation_created.json"));
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(body_of(response)["error"], "Internal error");
    EXPECT_EQ(log.lines.size(), 1U);
}

TEST_F(GatewayTest, ASchemaThatLeadsInACircleIsNotTheEventsFault) {
    source.add("circle", SchemaId{6}, R"({"$ref":"#"})", SchemaType::json);
    open({}, true, "circle");
    const auto response = post(shipped("events/conversation_created.json"));
    EXPECT_EQ(response.status, 500);
    EXPECT_NE(response.body.find("cannot be used now"), std::string::npos) << response.body;
    ASSERT_EQ(log.lines.size(), 1U);
    EXPECT_NE(log.lines[0].find("circle"), std::string::npos) << log.lines[0];
    EXPECT_TRUE(told_anomalies().empty());
}

TEST_F(GatewayTest, OfANameThatStandsTwiceWhatWasValidatedGoesOn) {
    source.add("kinds", SchemaId{6}, R"({"properties":{"k":{"const":"good"}}})", SchemaType::json);
    open({}, true, "kinds");
    EXPECT_EQ(post(R"({"k":"good","k":"bad"})").status, 400);
    EXPECT_EQ(post(R"({"k":"bad","x":[{"y":1,"\u0079":2}],"k":"good"})").status, 200);
    const std::string plain = R"({ "k" : "good", "x":[{"y":"\":"},{"y":1.10}], "z":"k" })";
    EXPECT_EQ(post(plain).status, 200);
    ASSERT_EQ(downstream.records.size(), 2U);
    EXPECT_EQ(*parse_json(downstream.records[0].json),
              *parse_json(R"({"k":"good","x":[{"y":2}]})"));
    EXPECT_EQ(downstream.records[0].json.find("bad"), std::string::npos);
    EXPECT_EQ(downstream.records[1].json, plain);
}

TEST_F(GatewayTest, AHugeIdOfAnEventDoesNotFillTheLog) {
    downstream.reports = {{.delivery = Delivery::refused, .reason = "the downstream answered 404"}};
    EXPECT_EQ(post(changed("/id", std::string(100'000, 'x'))).status, 503);
    ASSERT_EQ(log.lines.size(), 1U);
    EXPECT_LT(log.lines[0].size(), 1'000U);
}

TEST_F(GatewayTest, AnEventWithoutAnIdIsAnsweredWithNull) {
    source.add("any", SchemaId{6}, "{}", SchemaType::json);
    open({}, true, "any");
    EXPECT_TRUE(body_of(post(R"({"x":1})"))["eventId"].is_null());
    EXPECT_EQ(body_of(post(R"({"id":7})"))["eventId"], 7);
}

TEST_F(GatewayTest, AMappingTurnsTheEventIntoTheRecordOrRefusesIt) {
    source.add("envelopes", SchemaId{7}, shipped("interaction_started.schema.json"),
               SchemaType::json);
    GatewaySettings settings;
    settings.mapping = *Mapping::parse(shipped("interaction_started.mapping.json"));
    open(std::move(settings), true, "envelopes");
    EXPECT_EQ(post(shipped("events/interaction_started.json")).status, 200);
    ASSERT_EQ(downstream.records.size(), 1U);
    const auto record = *parse_json(downstream.records[0].json);
    EXPECT_EQ(record["interaction_id"], "int-9001");
    EXPECT_EQ(record["processed_at"], "2024-01-01T00:00:00.000Z");
    EXPECT_EQ(post(shipped("events/interaction_started_without_id.bad.json")).status, 400);
    EXPECT_EQ(told_anomalies().size(), 1U);
}

TEST_F(GatewayTest, ASinkThatFailsIsCountedAndChangesNoAnswer) {
    EXPECT_EQ(post("{}").status, 400);
    EXPECT_EQ(told_anomalies().size(), 1U);
    EXPECT_EQ(outlet->sinks()[1]->counters().failed, 1U);
    const auto page = gateway->handle({"GET", "/metrics", {}, {}});
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("symbolon_gateway_events_total{outcome=\"invalid\"} 1"),
              std::string::npos)
        << page.body;
    EXPECT_NE(page.body.find("broken"), std::string::npos);
}

TEST_F(GatewayTest, OtherPathsAndMethodsAreToldApart) {
    open();
    EXPECT_EQ(gateway->handle({"GET", "/eventbridge/subscription", {}, {}}).status, 405);
    EXPECT_EQ(gateway->handle({"POST", "/health", {}, {}}).status, 405);
    EXPECT_EQ(gateway->handle({"POST", "/other", {}, {}}).status, 404);
    EXPECT_FALSE(gateway->is_quick("/eventbridge/subscription"));
    EXPECT_TRUE(gateway->is_quick("/health"));
}

TEST_F(GatewayTest, HealthTellsWhetherASchemaIsKnown) {
    open();
    EXPECT_EQ(gateway->handle({"GET", "/health", {}, {}}).status, 503);
    post("{}");
    const auto response = gateway->handle({"GET", "/health", {}, {}});
    EXPECT_EQ(response.status, 200);
    const auto body = body_of(response);
    EXPECT_EQ(body["status"], "UP");
    EXPECT_EQ(body["version"], 1);
    EXPECT_EQ(body["breaker"], "closed");
}

TEST_F(GatewayTest, TheFunctionFormAnswers200WithTheRecord400And500) {
    source.add("envelopes", SchemaId{7}, shipped("interaction_started.schema.json"),
               SchemaType::json);
    GatewaySettings settings;
    settings.mapping = *Mapping::parse(shipped("interaction_started.mapping.json"));
    open(std::move(settings), false, "envelopes");
    const auto answer = [this](const std::string& envelope) {
        auto json = parse_json(gateway->run_once(envelope));
        EXPECT_TRUE(json.has_value());
        EXPECT_TRUE((*json)["body"].is_string());
        return std::pair((*json)["statusCode"].get<int>(),
                         *parse_json((*json)["body"].get<std::string>()));
    };
    const auto [good, good_body] = answer(shipped("events/interaction_started.json"));
    EXPECT_EQ(good, 200);
    EXPECT_EQ(good_body["record"]["interaction_id"], "int-9001");
    EXPECT_EQ(answer(shipped("events/interaction_started_without_id.bad.json")).first, 400);
    EXPECT_EQ(answer("{").first, 400);
    source.fail_with(ErrorCode::unavailable);
    keeper.emplace(SchemaKeeperOptions{.subject = "envelopes"}, source, clock);
    EXPECT_EQ(answer(shipped("events/interaction_started.json")).first, 500);
}

TEST(OnceFault, IsAnAnswerOf500) {
    const auto answer = *parse_json(once_fault("no \"registry\""));
    EXPECT_EQ(answer["statusCode"], 500);
    const auto body = *parse_json(answer["body"].get<std::string>());
    EXPECT_EQ(body["error"], "Internal error");
    EXPECT_EQ(body["details"], "no \"registry\"");
    EXPECT_EQ(body["requestId"].get<std::string>().size(), 36U);
}

}  // namespace
}  // namespace symbolon::client
