// Answers that come later, and streams: a waiting client costs a connection, never a worker.

#include "server/http_server.hpp"
#include "tests/unit/server/raw_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace symbolon::server {
namespace {

using namespace std::chrono_literals;
using WaitingClock = std::chrono::steady_clock;

/// /wait answers the revision when it is past the one it was asked at, or "over" after `patience_`;
/// /stream sends each revision on a line, and "." as a sign of life; /wait/slow is not quick. Other
/// paths answer at once.
class HttpWaitingTest : public testing::Test {
protected:
    void SetUp() override {
        options_.port = 0;
        options_.event_loops = 2;
        options_.workers = 1;
    }

    void listen() {
        Handler handler;
        handler.handle = [this](const rest::Request& request) { return handle(request); };
        handler.is_quick = [](const rest::Request& request) {
            return request.target != "/wait/slow";
        };
        handler.refuse = [](const Error& error) {
            rest::Response response;
            response.status = row_of(error.code).http_status;
            response.content_type = "text/plain";
            response.body = error.message;
            return response;
        };
        handler.revision = [this] { return revision_.load(); };
        auto server = HttpServer::listen(handler, options_);
        ASSERT_TRUE(server) << server.error().message;
        server_ = std::move(*server);
    }

    rest::Response handle(const rest::Request& request) {
        const bool over =
            request.resumed && request.resumed->cause == rest::Resumption::Cause::time_over;
        const auto revision = revision_.load();
        rest::Response response;
        response.content_type = "text/plain";
        if (request.target.starts_with("/wait")) {
            const bool moved = request.resumed && revision > request.resumed->after;
            // Odd revisions are not what the client waits for.
            if (over || (moved && revision % 2 == 0)) {
                response.body = moved ? std::to_string(revision) : "over";
            } else {
                response.waiting = rest::Waiting{rest::Waiting::Form::answer, revision, patience_};
            }
        } else if (request.target == "/stream") {
            if (!request.resumed || revision > request.resumed->after) {
                response.body = std::string(piece_bytes_, '-') + std::to_string(revision) + "\n";
            } else if (over) {
                response.body = ".";
            }
            response.waiting = rest::Waiting{rest::Waiting::Form::stream, revision, patience_};
        } else {
            response.body = "at once";
        }
        return response;
    }

    static std::string get(std::string_view target, std::string_view method = "GET") {
        return fmt::format("{} {} HTTP/1.1\r\nHost: h\r\n\r\n", method, target);
    }
    bool wait_for_waiting(std::uint64_t count) {
        const auto until = WaitingClock::now() + 60s;
        while (server_->counters().clients_waiting != count && WaitingClock::now() < until) {
            std::this_thread::sleep_for(1ms);
        }
        return server_->counters().clients_waiting == count;
    }
    /// Reads until `text` has come.
    static bool receives(RawClient& client, std::string_view text) {
        const auto until = WaitingClock::now() + 30s;
        while (client.received().find(text) == std::string::npos && WaitingClock::now() < until) {
            if (client.closed_within(0)) {
                break;
            }
            std::this_thread::sleep_for(1ms);
        }
        return client.received().find(text) != std::string::npos;
    }

    std::atomic<std::int64_t> revision_{0};
    std::chrono::milliseconds patience_ = 60'000ms;
    std::size_t piece_bytes_ = 0;
    ListenOptions options_;
    std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpWaitingTest, AnAnswerComesWhenTheRegistryHasMoved) {
    listen();
    RawClient client(server_->port());
    client.send(get("/wait"));
    ASSERT_TRUE(wait_for_waiting(1));
    revision_ = 2;
    EXPECT_EQ(client.read_answer().body, "2");
    EXPECT_EQ(server_->counters().clients_waiting, 0U);
    client.send(get("/next"));
    EXPECT_EQ(client.read_answer().body, "at once");
}

TEST_F(HttpWaitingTest, AMoveThatIsNotForTheClientLetsItWaitOn) {
    listen();
    RawClient client(server_->port());
    client.send(get("/wait"));
    ASSERT_TRUE(wait_for_waiting(1));
    revision_ = 1;
    EXPECT_EQ(client.read_answer("GET", 1).status, 0);
    revision_ = 2;
    EXPECT_EQ(client.read_answer().body, "2");
}

TEST_F(HttpWaitingTest, AWaitEndsWhenItsTimeIsOver) {
    patience_ = 200ms;
    listen();
    RawClient client(server_->port());
    const auto begin = WaitingClock::now();
    client.send(get("/wait"));
    EXPECT_EQ(client.read_answer().body, "over");
    EXPECT_GE(WaitingClock::now() - begin, 200ms);
    client.send(get("/next"));
    EXPECT_EQ(client.read_answer().body, "at once");
}

TEST_F(HttpWaitingTest, MovesDoNotProlongAWait) {
    patience_ = 1'000ms;
    listen();
    RawClient client(server_->port());
    client.send(get("/wait"));
    ASSERT_TRUE(wait_for_waiting(1));
    revision_ = 1;
    for (int at = 0; at < 3'000 && server_->counters().clients_waiting > 0; ++at) {
        revision_ += 2;  // odd: not for the client
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(server_->counters().clients_waiting, 0U);
    EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(HttpWaitingTest, WhatComesBehindAWaitIsAnsweredAfterIt) {
    listen();
    RawClient client(server_->port());
    client.send(get("/wait") + get("/next"));
    ASSERT_TRUE(wait_for_waiting(1));
    client.send(get("/after") + std::string(100'000, '\n') + get("/last"));
    EXPECT_EQ(client.read_answer("GET", 1).status, 0);
    revision_ = 2;
    EXPECT_EQ(client.read_answer().body, "2");
    for (int at = 0; at < 3; ++at) {
        EXPECT_EQ(client.read_answer().body, "at once");
    }
}

TEST_F(HttpWaitingTest, AThousandClientsWaitAndAllAreAnswered) {
    listen();
    constexpr std::size_t clients_count = 1'000;
    std::vector<std::unique_ptr<RawClient>> clients;
    for (std::size_t at = 0; at < clients_count; ++at) {
        clients.push_back(std::make_unique<RawClient>(server_->port()));
        ASSERT_TRUE(clients.back()->send(get(at % 2 == 0 ? "/wait" : "/stream")));
    }
    ASSERT_TRUE(wait_for_waiting(clients_count));
    RawClient other(server_->port());
    other.send(get("/quick"));
    EXPECT_EQ(other.read_answer().body, "at once");
    const auto begin = WaitingClock::now();
    revision_ = 2;
    for (std::size_t at = 0; at < clients_count; at += 2) {
        EXPECT_EQ(clients[at]->read_answer().body, "2");
        EXPECT_TRUE(receives(*clients[at + 1], "2\n"));
    }
    const auto took = WaitingClock::now() - begin;
    RecordProperty("milliseconds", static_cast<int>(took / 1ms));
    EXPECT_EQ(server_->counters().clients_waiting, clients_count / 2);
}

TEST_F(HttpWaitingTest, ClientsPastTheBoundAreTurnedAway) {
    options_.waiting_clients_max = 2;
    listen();
    RawClient first(server_->port());
    RawClient second(server_->port());
    RawClient third(server_->port());
    first.send(get("/wait"));
    second.send(get("/stream"));
    ASSERT_TRUE(wait_for_waiting(2));
    third.send(get("/wait") + get("/stream") + get("/next"));
    for (int at = 0; at < 2; ++at) {
        const auto refused = third.read_answer();
        EXPECT_EQ(refused.status, 503);
        EXPECT_TRUE(refused.has("Retry-After: 1"));
    }
    EXPECT_EQ(third.read_answer().body, "at once");
    revision_ = 2;
    EXPECT_EQ(first.read_answer().body, "2");
    third.send(get("/wait"));
    ASSERT_TRUE(wait_for_waiting(2));
}

TEST_F(HttpWaitingTest, AClientThatLeavesGivesItsPlaceBack) {
    listen();
    {
        RawClient waiting(server_->port());
        RawClient streaming(server_->port());
        waiting.send(get("/wait"));
        streaming.send(get("/stream"));
        ASSERT_TRUE(wait_for_waiting(2));
    }
    EXPECT_TRUE(wait_for_waiting(0));
}

TEST_F(HttpWaitingTest, AStreamSendsWhatComesInChunks) {
    listen();
    RawClient client(server_->port());
    client.send(get("/stream"));
    EXPECT_TRUE(receives(client, "Transfer-Encoding: chunked\r\n"));
    EXPECT_EQ(client.received().find("Content-Length"), std::string::npos);
    EXPECT_TRUE(receives(client, "\r\n\r\n2\r\n0\n\r\n"));
    revision_ = 17;
    EXPECT_TRUE(receives(client, "3\r\n17\n\r\n"));
}

TEST_F(HttpWaitingTest, AStreamThatIsSilentShowsASignOfLife) {
    patience_ = 100ms;
    listen();
    RawClient client(server_->port());
    client.send(get("/stream"));
    EXPECT_TRUE(receives(client, "1\r\n.\r\n1\r\n.\r\n"));
}

TEST_F(HttpWaitingTest, AnOldClientGetsAStreamWithoutChunks) {
    listen();
    RawClient client(server_->port());
    client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(receives(client, "\r\n\r\n0\n"));
    EXPECT_NE(client.received().find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(client.received().find("Transfer-Encoding"), std::string::npos);
}

TEST_F(HttpWaitingTest, HeadOfAStreamEnds) {
    listen();
    RawClient client(server_->port());
    client.send(get("/stream", "HEAD"));
    EXPECT_EQ(client.read_answer("HEAD").status, 200);
    EXPECT_TRUE(client.closed_within(10));
    EXPECT_EQ(client.received(), "");
    EXPECT_EQ(server_->counters().clients_waiting, 0U);
}

TEST_F(HttpWaitingTest, AStreamThatIsNotReadIsCutOff) {
    options_.answer_timeout = 300ms;
    piece_bytes_ = 8U << 20U;
    listen();
    RawClient client(server_->port());
    client.send(get("/stream"));
    for (int at = 0; at < 3'000 && server_->counters().connections_open > 0; ++at) {
        ++revision_;
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(server_->counters().connections_open, 0U);
    EXPECT_EQ(server_->counters().clients_waiting, 0U);
}

TEST_F(HttpWaitingTest, WaitingMayGoToAWorkerAndBack) {
    listen();
    RawClient client(server_->port());
    client.send(get("/wait/slow"));
    ASSERT_TRUE(wait_for_waiting(1));
    revision_ = 1;
    EXPECT_EQ(client.read_answer("GET", 1).status, 0);
    revision_ = 2;
    EXPECT_EQ(client.read_answer().body, "2");
}

TEST_F(HttpWaitingTest, StopEndsEveryWaitAtOnce) {
    listen();
    RawClient waiting(server_->port());
    RawClient streaming(server_->port());
    waiting.send(get("/wait"));
    streaming.send(get("/stream"));
    ASSERT_TRUE(wait_for_waiting(2));
    EXPECT_TRUE(receives(streaming, "0\n"));
    const auto begin = WaitingClock::now();
    server_->stop();
    EXPECT_LT(WaitingClock::now() - begin, 5s);
    const auto answer = waiting.read_answer();
    EXPECT_EQ(answer.body, "over");
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(streaming.closed_within(10));
    EXPECT_TRUE(streaming.received().ends_with("0\r\n\r\n"));
}

}  // namespace
}  // namespace symbolon::server
