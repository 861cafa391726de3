// Counts requests without locks, and writes all figures in Prometheus' text form.
//
// Example:  metrics.count("getSchemaById", 200, took);   metrics.to_text(gauges);
// Errors:   none
// Units:    seconds, bytes
// Threads:  any thread
// Source:   docs/operations.md
// Tested by tests/unit/server/metrics_test.cpp
#pragma once

#include "api/lookups.hpp"
#include "api/rest/router.hpp"
#include "server/http_server.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::server {

/// What is true at the moment of asking.
struct Gauges {
    TransportCounters transport;
    CatalogCounts catalog;
};

class Metrics {
public:
    explicit Metrics(const std::vector<rest::RouteName>& routes);

    /// `operation_id` of a route, or "" for a request that has none.
    void count(std::string_view operation_id, int status, std::chrono::nanoseconds took);
    std::string to_text(const Gauges& gauges) const;

private:
    static constexpr std::size_t shards = 8;
    static constexpr std::array bounds_seconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                               0.025,  0.05,    0.1,    0.25,  0.5,    1.0,   2.5};
    using Count = std::atomic<std::uint64_t>;
    struct Row {
        std::array<Count, 5> by_class{};  ///< 1xx to 5xx
        std::array<Count, bounds_seconds.size() + 1> by_time{};
        Count nanoseconds{0};
    };
    /// Why: threads that count in the same place slow each other; each has its own shard, mostly.
    struct alignas(64) Shard {
        std::unique_ptr<Row[]> rows;
    };

    std::vector<std::string> operations_;
    std::unordered_map<std::string_view, std::size_t> index_;
    std::array<Shard, shards> shards_;
    std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
};

}  // namespace symbolon::server
