#include "client/http/http_client_curl.hpp"

#include "tests/support/scripted_server.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace {

using namespace std::chrono_literals;

/// The name servers of this name are silent, until a test is over.
constexpr std::string_view silent_name = "silent.invalid";
std::atomic<bool> has_spoken{false};
std::atomic<int> look_ups{0};

}  // namespace

/// The program's own stands before the C library's: for libcurl, too.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
    if (node != nullptr && node == silent_name) {
        ++look_ups;
        for (int turn = 0; turn < 1'000 && !has_spoken; ++turn) {
            std::this_thread::sleep_for(10ms);
        }
        return EAI_AGAIN;
    }
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return real(node, service, hints, result);
}

namespace symbolon::client {
namespace {

using symbolon::testing::answering;
using symbolon::testing::ScriptedServer;

TEST(HttpClientResolver, ASilentNameServerDoesNotStretchTheTimeLimit) {
    ::setenv("no_proxy", "127.0.0.1,localhost,silent.invalid", 1);
    ScriptedServer server({answering("x")});
    auto sender = open_http_client({.connections_max = 1});
    ASSERT_TRUE(sender);
    for (int turn = 1; turn <= 3; ++turn) {  // the handle is used again
        HttpRequest request;
        request.url = "http://silent.invalid:1/";
        request.timeout = 200ms;
        const auto began = std::chrono::steady_clock::now();
        const auto answer = (*sender)->send(request);
        const auto took = std::chrono::steady_clock::now() - began;
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::not_reachable);
        EXPECT_GE(took, 190ms);
        EXPECT_LT(took, 3s);
        EXPECT_EQ(look_ups, turn);
    }
    HttpRequest request;
    request.url = server.url("/");
    EXPECT_TRUE((*sender)->send(request));
    const auto began = std::chrono::steady_clock::now();
    sender->reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
    has_spoken = true;  // its threads end
    std::this_thread::sleep_for(50ms);
}

}  // namespace
}  // namespace symbolon::client
