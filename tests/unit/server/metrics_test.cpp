#include "server/metrics.hpp"

#include "server/version.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace symbolon::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const std::vector<rest::RouteName> routes{{"GET", "/a", "getA"}, {"PUT", "/b", "putB"}};

TEST(Metrics, RequestsAreCountedByOperationAndStatusClass) {
    Metrics metrics(routes);
    metrics.count("getA", 200, 1ms);
    metrics.count("getA", 204, 1ms);
    metrics.count("getA", 404, 1ms);
    metrics.count("", 404, 1ms);
    metrics.count("not a route", 599, 1ms);
    const auto text = metrics.to_text({});
    EXPECT_THAT(text,
                HasSubstr("symbolon_http_requests_total{operation=\"getA\",status=\"2xx\"} 2"));
    EXPECT_THAT(text,
                HasSubstr("symbolon_http_requests_total{operation=\"getA\",status=\"4xx\"} 1"));
    EXPECT_THAT(text,
                HasSubstr("symbolon_http_requests_total{operation=\"none\",status=\"5xx\"} 1"));
    EXPECT_THAT(text, Not(HasSubstr("putB")));
}

TEST(Metrics, TimesFallIntoBucketsThatAddUp) {
    Metrics metrics(routes);
    metrics.count("getA", 200, 100us);
    metrics.count("getA", 200, 101us);
    metrics.count("getA", 200, 10s);
    const auto text = metrics.to_text({});
    const auto bucket = [](const char* bound, int count) {
        return fmt::format(
            "symbolon_http_request_seconds_bucket{{operation=\"getA\",le=\"{}\"}} {}", bound,
            count);
    };
    EXPECT_THAT(text, HasSubstr(bucket("0.0001", 1)));
    EXPECT_THAT(text, HasSubstr(bucket("0.00025", 2)));
    EXPECT_THAT(text, HasSubstr(bucket("2.5", 2)));
    EXPECT_THAT(text, HasSubstr(bucket("+Inf", 3)));
    EXPECT_THAT(text, HasSubstr("symbolon_http_request_seconds_count{operation=\"getA\"} 3"));
    EXPECT_THAT(text, HasSubstr("symbolon_http_request_seconds_sum{operation=\"getA\"} 10.000201"));
}

TEST(Metrics, GaugesShowWhatIsTrueNow) {
    const Metrics metrics(routes);
    const auto text = metrics.to_text({{1, 2, 3, 4}, {5, 6, 7}});
    EXPECT_THAT(text, HasSubstr("\nsymbolon_connections_open 1\n"));
    EXPECT_THAT(text, HasSubstr("\nsymbolon_connections_accepted_total 2\n"));
    EXPECT_THAT(text, HasSubstr("\nsymbolon_connections_refused_total 3\n"));
    EXPECT_THAT(text, HasSubstr("\nsymbolon_requests_refused_total 4\n"));
    EXPECT_THAT(text, HasSubstr("\nsymbolon_subjects 5\n"));
    EXPECT_THAT(text, HasSubstr("\nsymbolon_versions 6\n"));
    EXPECT_THAT(text, HasSubstr("\nsymbolon_schemas 7\n"));
    EXPECT_THAT(text, HasSubstr(fmt::format("version=\"{}\"", program_version())));
    EXPECT_THAT(text, HasSubstr("# TYPE process_resident_memory_bytes gauge"));
}

TEST(Metrics, NoCountIsLostBetweenThreads) {
    Metrics metrics(routes);
    std::vector<std::thread> threads;
    for (int at = 0; at < 12; ++at) {
        threads.emplace_back([&metrics] {
            for (int round = 0; round < 1'000; ++round) {
                metrics.count("putB", 200, 1us);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_THAT(metrics.to_text({}),
                HasSubstr("symbolon_http_requests_total{operation=\"putB\",status=\"2xx\"} 12000"));
}

}  // namespace
}  // namespace symbolon::server
