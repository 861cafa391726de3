#include "client/metrics/metrics.hpp"

#include "core/limits.hpp"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

namespace symbolon::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, CountersGaugesAndTimesArePrinted) {
    Metrics metrics;
    metrics.describe("events_total", "Events that came in.");
    metrics.add("events_total", {{"subject", "orders \"x\""}});
    metrics.add("events_total", {{"subject", "orders \"x\""}}, 2);
    metrics.add("events_total");
    metrics.set_gauge("queue_length", 5);
    metrics.set_gauge("queue_length", 4);
    metrics.observe_seconds("took_seconds", 0.002, {{"to", "platform"}});
    metrics.observe_seconds("took_seconds", 100, {{"to", "platform"}});
    const auto text = metrics.to_text();
    EXPECT_THAT(text, HasSubstr("# HELP events_total Events that came in.\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE events_total counter\n"));
    EXPECT_THAT(text, HasSubstr("events_total{subject=\"orders \\\"x\\\"\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("events_total 1\n"));
    EXPECT_THAT(text, HasSubstr("queue_length 4\n"));
    EXPECT_THAT(text, HasSubstr("took_seconds_bucket{to=\"platform\",le=\"0.001\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("took_seconds_bucket{to=\"platform\",le=\"0.0025\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("took_seconds_count{to=\"platform\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("symbolon_metrics_refused_total 0\n"));
}

TEST(Metrics, WhatPrometheusForbidsIsCountedAsRefused) {
    Metrics metrics;
    metrics.add("no good name");
    metrics.add("labels_total", {{"no good label", "x"}});
    metrics.add("falling_total", {}, -1);
    metrics.add("kind_total");
    metrics.set_gauge("kind_total", 1);
    EXPECT_THAT(metrics.to_text(), HasSubstr("symbolon_metrics_refused_total 4\n"));
    EXPECT_THAT(metrics.to_text(), HasSubstr("kind_total 1\n"));
    EXPECT_THAT(metrics.to_text(), Not(HasSubstr("falling")));
}

TEST(Metrics, SeriesAreBounded) {
    Metrics metrics;
    for (std::size_t at = 0; at <= limits::metric_series_max; ++at) {
        metrics.add("many_total", {{"subject", std::to_string(at)}});
    }
    metrics.add("many_total", {{"subject", "0"}});
    const auto text = metrics.to_text();
    EXPECT_THAT(text, HasSubstr("symbolon_metrics_refused_total 1\n"));
    EXPECT_THAT(text, HasSubstr("many_total{subject=\"0\"} 2\n"));
}

TEST(Metrics, ThreadsCountTogether) {
    Metrics metrics;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < 1'000; ++turn) {
                metrics.add("shared_total", {{"turn", std::to_string(turn % 3)}});
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_THAT(metrics.to_text(), HasSubstr("shared_total{turn=\"0\"} 1336\n"));
}

}  // namespace
}  // namespace symbolon::client
