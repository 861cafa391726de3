#include "client/http/http_client_curl.hpp"

#include "core/limits.hpp"
#include "tests/support/scripted_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

namespace symbolon::client {
namespace {

using namespace std::chrono_literals;
using symbolon::testing::answering;
using symbolon::testing::Peer;
using symbolon::testing::ScriptedServer;

std::unique_ptr<HttpSender> open_sender(HttpClientOptions options = {}) {
    ::setenv("no_proxy", "127.0.0.1,localhost", 1);
    auto sender = open_http_client(std::move(options));
    EXPECT_TRUE(sender) << sender.error().message;
    return sender ? *std::move(sender) : nullptr;
}

HttpRequest get(std::string url, std::chrono::milliseconds timeout = 10s) {
    HttpRequest request;
    request.url = std::move(url);
    request.timeout = timeout;
    return request;
}

HttpRequest post(std::string url, std::string body = "event") {
    auto request = get(std::move(url));
    request.method = "POST";
    request.body = std::move(body);
    return request;
}

ErrorCode code_of(const Result<HttpResponse>& answer) {
    return answer ? ErrorCode::internal_error : answer.error().code;
}

/// The error, and that it came within `limit` of `time`.
ErrorCode code_within(HttpSender& sender, const HttpRequest& request,
                      std::chrono::milliseconds limit) {
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = sender.send(request);
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_GE(took, limit - 20ms);
    EXPECT_LE(took, limit + 5s);
    return code_of(answer);
}

TEST(HttpClient, WhatIsAbandonedMayHaveArrivedAndNothingIsBegunAfterwards) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.wait(30s);
    }});
    std::stop_source abandon;
    const auto sender = open_sender({.abandon = abandon.get_token()});
    const std::jthread stopper([&] {
        while (server.requests().empty()) {
            std::this_thread::sleep_for(1ms);
        }
        abandon.request_stop();
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = sender->send(post(server.url("/events")));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::answer_lost);
    EXPECT_NE(answer.error().message.find("the program is stopping"), std::string::npos);
    EXPECT_EQ(code_of(sender->send(post(server.url("/events")))), ErrorCode::not_reachable);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpClient, AnswersStatusHeadersAndBody) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.answer("418 Teapot", "short and stout", "X-Pot: full \r\n");
    }});
    auto request = post(server.url("/a%20b?c=d"), R"({"a":1})");
    request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    const auto answer = open_sender()->send(request);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 418);
    EXPECT_EQ(answer->body, "short and stout");
    EXPECT_EQ(answer->find_header("x-pot"), "full");
    EXPECT_EQ(answer->find_header("x-pan"), std::nullopt);
    const std::string sent = server.requests().at(0);
    EXPECT_TRUE(sent.starts_with("POST /a%20b?c=d HTTP/1.1\r\n")) << sent;
    EXPECT_NE(sent.find("\r\nContent-Type: application/json\r\n"), std::string::npos) << sent;
    EXPECT_NE(sent.find("\r\nX-Empty:\r\n"), std::string::npos) << sent;
    EXPECT_EQ(sent.find("Expect"), std::string::npos) << sent;
    EXPECT_TRUE(sent.ends_with("\r\n\r\n{\"a\":1}")) << sent;
}

TEST(HttpClient, DotsInAPathStayWhatTheyAre) {
    ScriptedServer server({answering("x")});
    ASSERT_TRUE(open_sender()->send(get(server.url("/config/."))));
    ASSERT_TRUE(open_sender()->send(get(server.url("/subjects/../versions"))));
    EXPECT_EQ(server.count_requests("GET /config/. "), 1U);
    EXPECT_EQ(server.count_requests("GET /subjects/../versions "), 1U);
}

TEST(HttpClient, EveryMethodGoesOutUnderItsName) {
    ScriptedServer server({answering("x")});
    const auto sender = open_sender();
    for (const auto* method : {"GET", "DELETE", "PUT", "PATCH", "POST", "OPTIONS"}) {
        auto request = get(server.url("/"));
        request.method = method;
        const auto answer = sender->send(request);
        ASSERT_TRUE(answer) << method << answer.error().message;
        EXPECT_EQ(answer->body, "x");
        EXPECT_EQ(server.count_requests(method), 1U) << method;
    }
}

TEST(HttpClient, AChunkedAnswerIsPutTogether) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        peer.wait(20ms);
        peer.write("2;x=y\r\nde\r\n0\r\n\r\n");
        peer.read_request();
    }});
    const auto answer = open_sender()->send(get(server.url("/")));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "abcde");
}

TEST(HttpClient, AnAnswerToHeadHasALengthAndNoBody) {
    ScriptedServer server({[](Peer& peer) {
        while (peer.read_request()) {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        }
    }});
    const auto sender = open_sender();
    auto request = get(server.url("/"));
    request.method = "HEAD";
    for (int turn = 0; turn < 2; ++turn) {
        const auto answer = sender->send(request);
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_EQ(answer->body, "");
        EXPECT_EQ(answer->find_header("content-length"), "1000");
    }
    EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpClient, AnInterimAnswerIsNotTheAnswer) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n");
        peer.answer("200 OK", "late");
    }});
    const auto answer = open_sender()->send(get(server.url("/")));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->find_header("X-A"), std::nullopt);
}

TEST(HttpClient, TheConnectionIsKeptForTheNextRequest) {
    ScriptedServer server({answering("x")});
    const auto sender = open_sender();
    for (int turn = 0; turn < 5; ++turn) {
        EXPECT_TRUE(sender->send(get(server.url("/"))));
        EXPECT_TRUE(sender->send(post(server.url("/"))));
    }
    EXPECT_EQ(server.connections(), 1U);
}

// --- no POST is sent twice

TEST(HttpClient, APostAfterTheServerClosedGoesToANewConnectionOnce) {
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.answer("200 OK", "first");
                           },
                           answering("second")});
    const auto sender = open_sender();
    ASSERT_TRUE(sender->send(get(server.url("/"))));
    ASSERT_TRUE(server.wait_for_ended(1));
    const auto answer = sender->send(post(server.url("/")));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "second");
    EXPECT_EQ(server.count_requests("POST"), 1U);
}

/// A POST of so many bytes on a connection that had served a request before.
class StalePost : public ::testing::TestWithParam<std::size_t> {
protected:
    static std::string body() { return std::string(GetParam(), 'x'); }
};

TEST_P(StalePost, IsNotSentAgainWhenTheServerReadItAndClosed) {
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.answer("200 OK", "");
                               peer.read_request();
                           },
                           answering("")});
    const auto sender = open_sender();
    ASSERT_TRUE(sender->send(get(server.url("/"))));
    EXPECT_EQ(code_of(sender->send(post(server.url("/"), body()))), ErrorCode::answer_lost);
    EXPECT_EQ(server.count_requests("POST"), 1U);
}

TEST_P(StalePost, IsNotSentAgainWhenTheServerResetsBeforeReadingIt) {
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.answer("200 OK", "");
                               peer.wait_for_bytes();
                               peer.reset_at_end();
                           },
                           answering("")});
    const auto sender = open_sender();
    ASSERT_TRUE(sender->send(get(server.url("/"))));
    EXPECT_EQ(code_of(sender->send(post(server.url("/"), body()))), ErrorCode::answer_lost);
    EXPECT_EQ(server.count_requests("POST"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Bodies, StalePost, ::testing::Values(0U, 5U, 3U << 20U),
                         [](const auto& param_info) {
                             return "Of" + std::to_string(param_info.param) + "Bytes";
                         });

TEST(HttpClient, ADeletionThatCountsOnceIsNotSentAgainOnANewConnection) {
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.answer("200 OK", "");
                               peer.read_request();
                           },
                           answering("")});
    const auto sender = open_sender();
    ASSERT_TRUE(sender->send(get(server.url("/"))));
    auto request = get(server.url("/subjects/s/versions/latest"));
    request.method = "DELETE";
    request.only_once = true;
    EXPECT_EQ(code_of(sender->send(request)), ErrorCode::answer_lost);
    EXPECT_EQ(server.count_requests("DELETE"), 1U);
}

TEST(HttpClient, AGetOnAStaleConnectionIsSentAgainOnANewOne) {
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.answer("200 OK", "");
                               peer.read_request();
                           },
                           answering("second")});
    const auto sender = open_sender();
    ASSERT_TRUE(sender->send(get(server.url("/"))));
    const auto answer = sender->send(get(server.url("/")));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "second");
}

TEST(HttpClient, APostOnANewConnectionThatIsClosedIsLost) {
    ScriptedServer server({[](Peer& peer) { peer.read_request(); }});
    EXPECT_EQ(code_of(open_sender()->send(post(server.url("/")))), ErrorCode::answer_lost);
    EXPECT_EQ(server.count_requests("POST"), 1U);
}

// --- answers that do not come whole

TEST(HttpClient, AnAnswerThatIsCutOffIsLost) {
    for (const auto* part :
         {"HTT", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
          "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12",
          "\x16\x03 nonsense\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n12\r\n0\r\n\r\n"}) {
        ScriptedServer server({[part](Peer& peer) {
            peer.read_request();
            peer.write(part);
        }});
        EXPECT_EQ(code_of(open_sender()->send(get(server.url("/")))), ErrorCode::answer_lost)
            << part;
    }
}

TEST(HttpClient, NobodyThereIsNotReachable) {
    std::string url;
    {
        const ScriptedServer server({answering("")});
        url = server.url("/path?token=hidden");
    }
    const auto answer = open_sender()->send(post(url));
    ASSERT_EQ(code_of(answer), ErrorCode::not_reachable);
    EXPECT_EQ(answer.error().message.find("hidden"), std::string::npos) << answer.error().message;
    EXPECT_NE(answer.error().message.find("/path"), std::string::npos) << answer.error().message;
    EXPECT_EQ(code_of(open_sender()->send(get("http://no-such-host.invalid/"))),
              ErrorCode::not_reachable);
}

// --- time limits

TEST(HttpClient, AServerThatTakesNoConnectionIsNotReachableInTime) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(listener, name, length), 0);
    ASSERT_EQ(::listen(listener, 0), 0);
    ASSERT_EQ(::getsockname(listener, name, &length), 0);
    std::array<int, 3> fillers{};  // fill the queue of those that wait to be accepted
    for (int& filler : fillers) {
        filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        const int begun = ::connect(filler, name, length);
        EXPECT_TRUE(begun == 0 || errno == EINPROGRESS || errno == EAGAIN);
    }
    const auto sender = open_sender({.connect_timeout = 200ms});
    const auto url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
    EXPECT_EQ(code_within(*sender, post(url), 200ms), ErrorCode::not_reachable);
    for (const int filler : fillers) {
        ::close(filler);
    }
    ::close(listener);
}

TEST(HttpClient, AHandshakeThatDoesNotEndIsNotReachableInTime) {
    ScriptedServer server({[](Peer& peer) { peer.wait(60s); }});
    const auto sender = open_sender({.connect_timeout = 200ms});
    EXPECT_EQ(code_within(*sender, post(server.url("/", "https")), 200ms),
              ErrorCode::not_reachable);
}

TEST(HttpClient, AnAnswerThatDoesNotBeginEndsAtTheTimeLimit) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.wait(60s);
    }});
    EXPECT_EQ(code_within(*open_sender(), get(server.url("/"), 200ms), 200ms),
              ErrorCode::request_timeout);
}

TEST(HttpClient, DrippingHeadersEndAtTheTimeLimit) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n");
        while (peer.write("X-A: b\r\n") && peer.wait(20ms)) {
        }
    }});
    EXPECT_EQ(code_within(*open_sender(), get(server.url("/"), 200ms), 200ms),
              ErrorCode::request_timeout);
}

TEST(HttpClient, ADrippingBodyEndsAtTheTimeLimit) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (peer.write("x") && peer.wait(20ms)) {
        }
    }});
    EXPECT_EQ(code_within(*open_sender(), get(server.url("/"), 200ms), 200ms),
              ErrorCode::request_timeout);
}

TEST(HttpClient, ABodyThatIsNotTakenEndsAtTheTimeLimit) {
    ScriptedServer server({[](Peer& peer) { peer.wait(60s); }});
    auto request = post(server.url("/"), std::string(32U << 20U, 'x'));
    request.timeout = 300ms;
    EXPECT_EQ(code_within(*open_sender(), request, 300ms), ErrorCode::request_timeout);
}

TEST(HttpClient, WaitingForAConnectionCountsToo) {
    std::atomic<bool> is_over{false};
    ScriptedServer server({[&](Peer& peer) {
        peer.read_request();
        while (!is_over && peer.wait(20ms)) {
        }
    }});
    const auto sender = open_sender({.connections_max = 1});
    std::thread other([&] { EXPECT_FALSE(sender->send(get(server.url("/"), 60s))); });
    while (server.requests().empty()) {
        std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(code_within(*sender, get(server.url("/"), 200ms), 200ms), ErrorCode::not_reachable);
    EXPECT_EQ(server.connections(), 1U);
    is_over = true;
    other.join();
}

// --- size limits

TEST(HttpClient, ABodyAtTheBoundIsTakenAndOneByteMoreIsNot) {
    ScriptedServer server({answering(std::string(1'000, 'x'))});
    const auto sender = open_sender();
    auto request = get(server.url("/"));
    request.response_bytes_max = 1'000;
    EXPECT_TRUE(sender->send(request));
    request.response_bytes_max = 999;
    EXPECT_EQ(code_of(sender->send(request)), ErrorCode::body_too_large);
}

TEST(HttpClient, AnEndlessBodyEndsAtTheBound) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        while (peer.write(std::string(1U << 16U, 'x'))) {
        }
    }});
    EXPECT_EQ(code_of(open_sender()->send(get(server.url("/")))), ErrorCode::body_too_large);
}

TEST(HttpClient, HeadersWithoutEndEndAtTheBound) {
    ScriptedServer server({[](Peer& peer) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n");
        while (peer.write("X-Some: " + std::string(1'000, 'x') + "\r\n")) {
        }
    }});
    EXPECT_EQ(code_of(open_sender()->send(get(server.url("/")))), ErrorCode::body_too_large);
}

// --- what is never done

TEST(HttpClient, ARedirectIsAnAnswerAndNotFollowed) {
    ScriptedServer target({answering("")});
    ScriptedServer server({[&](Peer& peer) {
        peer.read_request();
        peer.answer("302 Found", "", "Location: " + target.url("/") + "\r\n");
    }});
    auto request = get(server.url("/"));
    request.headers = {{"Authorization", "Bearer secret"}};
    const auto answer = open_sender()->send(request);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(target.connections(), 0U);
}

TEST(HttpClient, WhatIsNoHttpRequestIsRefused) {
    const auto sender = open_sender();
    for (const auto* url :
         {"file:///etc/passwd", "ftp://127.0.0.1/", "http://", "", "http://a b/"}) {
        EXPECT_EQ(code_of(sender->send(get(url))), ErrorCode::malformed_request) << url;
    }
    auto request = get("http://127.0.0.1:1/");
    request.headers = {{"X-A", "b\r\nX-Evil: c"}};
    EXPECT_EQ(code_of(sender->send(request)), ErrorCode::malformed_request);
    request.headers = {{"X A", "b"}};
    EXPECT_EQ(code_of(sender->send(request)), ErrorCode::malformed_request);
    request.headers.clear();
    request.method = "GET / HTTP/1.1\r\nX-Evil: c\r\n";
    EXPECT_EQ(code_of(sender->send(request)), ErrorCode::malformed_request);
}

TEST(HttpClient, TheUsualProxyIsAsked) {
    ScriptedServer proxy({answering("from the proxy")});
    const auto sender = open_sender();
    ::setenv("http_proxy", proxy.url("").c_str(), 1);
    const auto answer = sender->send(get("http://somewhere.invalid/x"));
    ::unsetenv("http_proxy");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(proxy.count_requests("GET http://somewhere.invalid/x HTTP/1.1"), 1U);
}

TEST(HttpClient, ManyThreadsShareItsConnections) {
    ScriptedServer server({answering("x")});
    const auto sender = open_sender({.connections_max = 4});
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < 50; ++turn) {
                const auto answer =
                    sender->send(turn % 2 == 0 ? get(server.url("/")) : post(server.url("/")));
                good += answer && answer->body == "x" ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(good, 400);
    EXPECT_LE(server.connections(), 4U);
    EXPECT_EQ(server.count_requests("POST"), 200U);
}

}  // namespace
}  // namespace symbolon::client
