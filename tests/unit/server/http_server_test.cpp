// Long: one suite over one fixture; every bound of the transport at it and one past it.
#include "server/http_server.hpp"

#include "tests/unit/server/raw_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace symbolon::server {
namespace {

using namespace std::chrono_literals;

/// Lets a test hold the workers until it has seen what it wants to see.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait_for(lock, 60s, [this] { return open_; });
    }
    bool wait_for_guests(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 60s, [&] { return waiting_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    int waiting_ = 0;
};

std::string json_error(const Error& error) {
    return fmt::format(R"({{"error_code":{},"message":"{}"}})", row_of(error.code).wire_code,
                       error.message);
}

/// /echo answers the body, /gate waits for the gate, /big answers `big_bytes` bytes, /throw throws;
/// other paths answer method and target. Only /echo and /gate go to a worker.
class HttpServerTest : public testing::Test {
protected:
    static constexpr std::size_t big_bytes = 8U << 20U;

    void SetUp() override {
        options_.host = "127.0.0.1";
        options_.port = 0;
        options_.event_loops = 2;
    }
    void TearDown() override {
        gate_.open();
        server_.reset();
    }

    void listen() {
        Handler handler;
        handler.handle = [this](const rest::Request& request) { return handle(request); };
        handler.is_quick = [](const rest::Request& request) {
            return request.target != "/echo" && request.target != "/gate";
        };
        handler.refuse = [](const Error& error) {
            rest::Response response;
            response.status = row_of(error.code).http_status;
            response.content_type = "application/json";
            response.body = json_error(error);
            return response;
        };
        auto server = HttpServer::listen(handler, options_);
        ASSERT_TRUE(server) << server.error().message;
        server_ = std::move(*server);
    }

    rest::Response handle(const rest::Request& request) {
        rest::Response response;
        response.content_type = "text/plain";
        if (request.target == "/echo") {
            response.body = request.body;
        } else if (request.target == "/gate") {
            gate_.pass();
            response.body = "passed";
        } else if (request.target == "/big") {
            response.shared_body = std::make_shared<const std::string>(big_bytes, 'x');
        } else if (request.target == "/throw") {
            throw std::runtime_error("broken invariant");
        } else if (request.target == "/split") {
            response.headers.push_back({"X-Value", "a\r\nX-Evil: b"});
        } else if (request.target == "/none") {
            response.status = 204;
            response.content_type.clear();
        } else {
            response.body = request.method_name + " " + request.target;
        }
        return response;
    }

    static std::string get(std::string_view target, std::string_view headers = "") {
        return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n{}\r\n", target, headers);
    }
    static std::string post(std::string_view target, std::string_view body) {
        return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", target,
                           body.size(), body);
    }
    /// The one answer to `bytes` on a connection of its own.
    RawAnswer ask(std::string_view bytes) {
        RawClient client(server_->port());
        client.send(bytes);
        return client.read_answer();
    }
    /// A refusal is JSON, says so, and closes.
    void expect_refused(std::string_view bytes, int status) {
        RawClient client(server_->port());
        client.send(bytes);
        const auto answer = client.read_answer();
        EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
        EXPECT_TRUE(answer.has("Content-Type: application/json"));
        EXPECT_TRUE(answer.has("Connection: close"));
        EXPECT_NE(answer.body.find(fmt::format("\"error_code\":{}", status)), std::string::npos)
            << answer.body;
        EXPECT_TRUE(client.closed_within(30));
        EXPECT_EQ(client.received(), "");
    }

    ListenOptions options_;
    Gate gate_;
    std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersOnAConnectionThatStaysOpen) {
    listen();
    RawClient client(server_->port());
    for (int round = 0; round < 3; ++round) {
        client.send(get("/a?b=c"));
        const auto answer = client.read_answer();
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "GET /a?b=c");
        EXPECT_TRUE(answer.has("Date: "));
        EXPECT_FALSE(answer.has("Connection:"));
        EXPECT_FALSE(answer.has("Server:"));
    }
    EXPECT_EQ(server_->counters().connections_accepted, 1U);
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
    listen();
    RawClient client(server_->port());
    std::string bytes;
    for (int at = 0; at < 200; ++at) {
        bytes += at % 7 == 0 ? post("/echo", fmt::format("slow {}", at))
                             : get(fmt::format("/quick/{}", at));
    }
    client.send(bytes);
    for (int at = 0; at < 200; ++at) {
        const auto answer = client.read_answer();
        ASSERT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body,
                  at % 7 == 0 ? fmt::format("slow {}", at) : fmt::format("GET /quick/{}", at));
    }
}

TEST_F(HttpServerTest, ARequestMayArriveByteByByte) {
    listen();
    RawClient client(server_->port());
    for (const char byte : post("/echo", "{\"a\":1}")) {
        client.send({&byte, 1});
    }
    EXPECT_EQ(client.read_answer().body, "{\"a\":1}");
}

TEST_F(HttpServerTest, HeadSaysTheLengthAndSendsNoBody) {
    listen();
    RawClient client(server_->port());
    client.send("HEAD /some HTTP/1.1\r\nHost: h\r\n\r\n" + get("/next"));
    const auto head = client.read_answer("HEAD");
    EXPECT_EQ(head.status, 200);
    EXPECT_TRUE(head.has("Content-Length: 10\r\n"));
    EXPECT_EQ(client.read_answer().body, "GET /next");
}

TEST_F(HttpServerTest, AnAnswerWithoutContentHasNoLength) {
    listen();
    RawClient client(server_->port());
    client.send(get("/none") + get("/next"));
    const auto none = client.read_answer();
    EXPECT_EQ(none.status, 204);
    EXPECT_FALSE(none.has("Content-Length"));
    EXPECT_EQ(client.read_answer().body, "GET /next");
}

TEST_F(HttpServerTest, ChunkedBodiesAreJoined) {
    listen();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    RawClient client(server_->port());
    client.send(head + "3\r\nabc\r\n4;name=value\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n" +
                get("/next"));
    EXPECT_EQ(client.read_answer().body, "abcdefg");
    EXPECT_EQ(client.read_answer().body, "GET /next");
}

TEST_F(HttpServerTest, ATrailerCannotChangeTheHeader) {
    listen();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect_refused(head + "0\r\nContent-Length: 5\r\n\r\n", 400);
}

TEST_F(HttpServerTest, ContinueIsSentBeforeTheBody) {
    listen();
    RawClient client(server_->port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 100);
    client.send("body");
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "body");
}

TEST_F(HttpServerTest, ContinueIsNotSentWhenTheBodyIsTooLarge) {
    listen();
    expect_refused(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n",
        413);
}

TEST_F(HttpServerTest, ContinueIsNotSentWhenTheBodyIsThere) {
    listen();
    RawClient client(server_->port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody");
    EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(HttpServerTest, ABodyAtTheBoundPassesAndOnePastItDoesNot) {
    options_.body_bytes_max = 100'000;
    listen();
    EXPECT_EQ(ask(post("/echo", std::string(100'000, 'b'))).body.size(), 100'000U);
    expect_refused(post("/echo", std::string(100'001, 'b')), 413);
    const std::string chunked =
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(ask(chunked + "186a0\r\n" + std::string(100'000, 'b') + "\r\n0\r\n\r\n").status, 200);
    expect_refused(chunked + "186a0\r\n" + std::string(100'000, 'b') + "\r\n1\r\nb\r\n0\r\n\r\n",
                   413);
}

TEST_F(HttpServerTest, ARefusalIsReadAlthoughTheClientGoesOnSending) {
    listen();
    RawClient client(server_->port());
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1073741824\r\n\r\n");
    client.send(std::string(4U << 20U, 'x'));
    EXPECT_EQ(client.read_answer().status, 413);
}

TEST_F(HttpServerTest, AHeaderAtTheBoundPassesAndOnePastItDoesNot) {
    options_.header_bytes_max = 4'096;
    listen();
    const auto of_size = [](std::size_t size) {
        const auto rest = get("/a", "X: \r\n").size();
        return get("/a", fmt::format("X: {}\r\n", std::string(size - rest, 'x')));
    };
    EXPECT_EQ(ask(of_size(4'096)).status, 200);
    expect_refused(of_size(4'097), 431);
    expect_refused("GET /" + std::string(100'000, 'a'), 431);
    std::string many = "GET / HTTP/1.1\r\n";
    for (int at = 0; at < 20'000; ++at) {
        many += "X: y\r\n";
    }
    expect_refused(many, 431);
}

TEST_F(HttpServerTest, AnEndlessChunkLineOrTrailerIsRefused) {
    listen();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect_refused(head + "3;" + std::string(100'000, 'x'), 431);
    expect_refused(head + "0\r\nT: " + std::string(100'000, 'x'), 431);
}

TEST_F(HttpServerTest, ChunkSizesThatAreNotSizesAreRefused) {
    listen();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect_refused(head + "-1\r\nabc\r\n", 400);
    expect_refused(head + "ffffffffffffffff\r\nabc\r\n", 413);
    expect_refused(head + "ffffffffffffffffff\r\nabc\r\n", 400);
    expect_refused(head + "\r\nabc\r\n", 400);
    expect_refused(head + "zz\r\nabc\r\n", 400);
}

TEST_F(HttpServerTest, TwoWaysToReadARequestAreRefused) {
    listen();
    const auto with = [](std::string_view headers) {
        return fmt::format("POST /echo HTTP/1.1\r\nHost: h\r\n{}\r\n", headers);
    };
    expect_refused(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400);
    expect_refused(with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400);
    expect_refused(with("Content-Length: 3\r\nContent-Length: 4\r\n"), 400);
    expect_refused(with("Content-Length: -1\r\n"), 400);
    expect_refused(with("Content-Length: 99999999999999999999\r\n"), 400);
    expect_refused(with("Transfer-Encoding: gzip, chunked\r\n"), 400);
    expect_refused(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
    expect_refused(with("Transfer-Encoding: identity\r\n"), 400);
    expect_refused(with("Content-Length : 3\r\n"), 400);
    expect_refused(with("Host: other\r\n"), 400);
    expect_refused("GET / HTTP/1.1\r\n\r\n", 400);
    expect_refused("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
}

TEST_F(HttpServerTest, BadRequestLinesAreRefused) {
    listen();
    for (const char* line : {"GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / FTP/1.1\r\n\r\n",
                             "G@T / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n",
                             "GET /a b HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
        expect_refused(line, 400);
    }
}

TEST_F(HttpServerTest, OldClientsAndProxiesAreUnderstood) {
    listen();
    RawClient old(server_->port());
    old.send("GET /old HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(old.read_answer().has("Connection: close"));
    EXPECT_TRUE(old.closed_within(30));
    RawClient kept(server_->port());
    kept.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(kept.read_answer().has("Connection: keep-alive"));
    kept.send("\r\n\r\n" + get("/next"));
    EXPECT_EQ(kept.read_answer().body, "GET /next");
    EXPECT_EQ(ask(get("http://host:80/path?q")).body, "GET /path?q");
    EXPECT_EQ(ask(get("http://host")).body, "GET /");
}

TEST_F(HttpServerTest, TheClientMayAskToClose) {
    listen();
    RawClient client(server_->port());
    client.send(get("/a", "Connection: close\r\n") + get("/never"));
    EXPECT_TRUE(client.read_answer().has("Connection: close"));
    EXPECT_TRUE(client.closed_within(30));
    EXPECT_EQ(client.received(), "");
}

TEST_F(HttpServerTest, AHeaderValueCannotAddAHeader) {
    listen();
    EXPECT_FALSE(ask(get("/split")).has("\r\nX-Evil"));
}

TEST_F(HttpServerTest, AHandlerThatThrowsIsA500) {
    listen();
    RawClient client(server_->port());
    client.send(get("/throw") + get("/next"));
    EXPECT_EQ(client.read_answer().status, 500);
    EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(HttpServerTest, ALargeAnswerReachesAClientThatReadsLate) {
    listen();
    RawClient client(server_->port());
    client.send(get("/big") + get("/next") + get("/big"));
    EXPECT_EQ(ask(get("/other")).status, 200);
    EXPECT_EQ(client.read_answer().body.size(), big_bytes);
    EXPECT_EQ(client.read_answer().body, "GET /next");
    EXPECT_EQ(client.read_answer().body.size(), big_bytes);
}

TEST_F(HttpServerTest, ASlowHeaderTimesOut) {
    options_.header_timeout = 100ms;
    listen();
    expect_refused("GET / HT", 408);
}

TEST_F(HttpServerTest, ASlowBodyTimesOut) {
    options_.body_timeout = 100ms;
    listen();
    expect_refused("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", 408);
}

TEST_F(HttpServerTest, BytesThatTrickleInGiveNoMoreTime) {
    options_.header_timeout = 300ms;
    listen();
    RawClient client(server_->port());
    client.send("GET /");
    const auto start = std::chrono::steady_clock::now();
    RawAnswer answer;
    while (answer.status == 0 && std::chrono::steady_clock::now() - start < 60s) {
        client.send("a");
        answer = client.read_answer("GET", 0);
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_EQ(answer.status, 408);
}

TEST_F(HttpServerTest, AnIdleConnectionIsClosed) {
    options_.idle_timeout = 1'000ms;  // a busy machine sends the request later than 100 ms
    listen();
    RawClient client(server_->port());
    client.send(get("/a"));
    EXPECT_EQ(client.read_answer().status, 200);
    EXPECT_TRUE(client.closed_within(30));
    EXPECT_EQ(client.received(), "");
}

TEST_F(HttpServerTest, AClientThatDoesNotReadItsAnswerIsDropped) {
    options_.answer_timeout = 200ms;
    listen();
    RawClient client(server_->port());
    for (int round = 0; round < 4; ++round) {
        client.send(get("/big"));
    }
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (server_->counters().connections_open > 0 && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(server_->counters().connections_open, 0U);
}

TEST_F(HttpServerTest, SlowClientsDoNotHoldAWorker) {
    options_.workers = 1;
    listen();
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int at = 0; at < 100; ++at) {
        slow.push_back(std::make_unique<RawClient>(server_->port()));
        slow.back()->send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    }
    EXPECT_EQ(ask(post("/echo", "fast")).body, "fast");
    slow.front()->send("defghij");
    EXPECT_EQ(slow.front()->read_answer().body, "abcdefghij");
}

TEST_F(HttpServerTest, QuickRequestsPassBusyWorkers) {
    options_.workers = 1;
    listen();
    RawClient busy(server_->port());
    busy.send(get("/gate"));
    ASSERT_TRUE(gate_.wait_for_guests(1));
    EXPECT_EQ(ask(get("/quick")).status, 200);
    gate_.open();
    EXPECT_EQ(busy.read_answer().body, "passed");
}

TEST_F(HttpServerTest, AFullQueueAnswers503) {
    options_.workers = 1;
    options_.waiting_requests_max = 1;
    listen();
    RawClient running(server_->port());
    running.send(get("/gate"));
    ASSERT_TRUE(gate_.wait_for_guests(1));
    RawClient first(server_->port());
    RawClient second(server_->port());
    first.send(post("/echo", "1"));
    second.send(post("/echo", "2"));
    // One of the two waits, the other is refused; which one depends on their loops.
    auto of_first = first.read_answer("GET", 0);
    RawAnswer of_second;
    for (int turn = 0; turn < 30 && of_first.status + of_second.status == 0; ++turn) {
        of_second = second.read_answer("GET", 1);
        of_first = of_second.status == 0 ? first.read_answer("GET", 0) : of_first;
    }
    auto& refused = of_first.status == 503 ? first : second;
    const auto& answer = of_first.status == 503 ? of_first : of_second;
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.has("Retry-After: 1"));
    EXPECT_FALSE(answer.has("Connection: close"));
    refused.send(get("/quick"));
    EXPECT_EQ(refused.read_answer().status, 200);
    gate_.open();
    EXPECT_EQ(running.read_answer().status, 200);
    EXPECT_EQ((of_first.status == 503 ? second : first).read_answer().status, 200);
}

TEST_F(HttpServerTest, ConnectionsPastTheBoundAnswer503AndClose) {
    options_.connections_max = 2;
    listen();
    RawClient first(server_->port());
    RawClient second(server_->port());
    first.send(get("/a"));
    second.send(get("/a"));
    EXPECT_EQ(first.read_answer().status, 200);
    EXPECT_EQ(second.read_answer().status, 200);
    expect_refused(get("/a"), 503);
    EXPECT_EQ(server_->counters().connections_refused, 1U);
}

TEST_F(HttpServerTest, StopFinishesWhatWasAccepted) {
    listen();
    RawClient working(server_->port());
    RawClient idle(server_->port());
    idle.send(get("/a"));
    EXPECT_EQ(idle.read_answer().status, 200);
    working.send(get("/gate"));
    ASSERT_TRUE(gate_.wait_for_guests(1));
    const auto port = server_->port();
    std::thread stopper([this] { server_->stop(); });
    EXPECT_TRUE(idle.closed_within(30));
    // Loops close one after the other.
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (RawClient(port).connected() && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(5ms);
    }
    EXPECT_FALSE(RawClient(port).connected());
    gate_.open();
    const auto answer = working.read_answer();
    EXPECT_EQ(answer.body, "passed");
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(working.closed_within(30));
    stopper.join();
    EXPECT_EQ(server_->counters().connections_open, 0U);
}

TEST_F(HttpServerTest, StopWaitsNoLongerThanItsBound) {
    options_.drain_timeout = 100ms;
    listen();
    RawClient half(server_->port());
    half.send(get("/a") + "GET /");
    EXPECT_EQ(half.read_answer().status, 200);
    server_->stop();
    EXPECT_TRUE(half.closed_within(30));
}

TEST_F(HttpServerTest, APortInUseIsAClearError) {
    listen();
    auto options = options_;
    options.port = server_->port();
    const auto second = HttpServer::listen({}, options);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::cannot_start);
    EXPECT_NE(second.error().message.find("another process listens there"), std::string::npos)
        << second.error().message;
}

TEST_F(HttpServerTest, ManyClientsAtOnceGetTheirOwnAnswers) {
    listen();
    std::atomic<int> wrong{0};
    std::vector<std::thread> clients;
    clients.reserve(8);
    for (int client = 0; client < 8; ++client) {
        clients.emplace_back([&, client] {
            RawClient connection(server_->port());
            for (int round = 0; round < 100; ++round) {
                const auto text = fmt::format("{}-{}", client, round);
                connection.send(post("/echo", text) + get("/" + text));
                wrong += connection.read_answer().body == text ? 0 : 1;
                wrong += connection.read_answer().body == "GET /" + text ? 0 : 1;
            }
        });
    }
    for (auto& client : clients) {
        client.join();
    }
    EXPECT_EQ(wrong.load(), 0);
}

}  // namespace
}  // namespace symbolon::server
