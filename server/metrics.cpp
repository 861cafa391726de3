#include "server/metrics.hpp"

#include "server/version.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <set>
#include <thread>
#include <utility>

namespace symbolon::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric number(MetricType type, double value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    return metric;
}

MetricFamily family(std::string name, std::string help, MetricType type) {
    return MetricFamily{std::move(name), std::move(help), type, {}};
}

void add_single(std::vector<MetricFamily>& families, std::string name, std::string help,
                MetricType type, double value) {
    families.push_back(family(std::move(name), std::move(help), type));
    families.back().metric.push_back(number(type, value));
}

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void add_gauges(std::vector<MetricFamily>& families, const Gauges& gauges) {
    const auto add = [&](const char* name, const char* help, MetricType type, std::uint64_t value) {
        add_single(families, name, help, type, static_cast<double>(value));
    };
    add("symbolon_connections_open", "Connections that are open.", MetricType::Gauge,
        gauges.transport.connections_open);
    add("symbolon_connections_accepted_total", "Connections that were accepted.",
        MetricType::Counter, gauges.transport.connections_accepted);
    add("symbolon_connections_refused_total", "Connections past connections_max.",
        MetricType::Counter, gauges.transport.connections_refused);
    add("symbolon_requests_refused_total",
        "Requests that the transport refused: malformed, too large, too slow, or too many.",
        MetricType::Counter, gauges.transport.requests_refused);
    add("symbolon_clients_waiting", "Clients that wait for a change or read the stream of changes.",
        MetricType::Gauge, gauges.transport.clients_waiting);
    add("symbolon_subjects", "Subjects with a live version.", MetricType::Gauge,
        gauges.catalog.subjects);
    add("symbolon_versions", "Live versions of all subjects.", MetricType::Gauge,
        gauges.catalog.versions);
    add("symbolon_schemas", "Schema ids.", MetricType::Gauge, gauges.catalog.schemas);
}

std::size_t shard_of_this_thread(std::size_t count) {
    thread_local const std::size_t hash =
        std::hash<std::thread::id>{}(std::this_thread::get_id()) * 0x9e3779b97f4a7c15U;
    return (hash >> 32U) % count;
}

}  // namespace

Metrics::Metrics(const std::vector<rest::RouteName>& routes) {
    std::set<std::string> names{""};
    for (const auto& route : routes) {
        names.emplace(route.operation_id);
    }
    operations_.assign(names.begin(), names.end());
    for (std::size_t at = 0; at < operations_.size(); ++at) {
        index_.emplace(operations_[at], at);
    }
    for (auto& shard : shards_) {
        shard.rows = std::make_unique<Row[]>(operations_.size());
    }
}

void Metrics::count(std::string_view operation_id, int status, std::chrono::nanoseconds took) {
    const auto known = index_.find(operation_id);
    auto& row =
        shards_[shard_of_this_thread(shards)].rows[known == index_.end() ? 0 : known->second];
    const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
    const auto seconds = std::chrono::duration<double>(took).count();
    const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds_seconds, seconds) -
                                                 bounds_seconds.begin());
    row.by_class[status_class].fetch_add(1, std::memory_order_relaxed);
    row.by_time[bucket].fetch_add(1, std::memory_order_relaxed);
    row.nanoseconds.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

std::string Metrics::to_text(const Gauges& gauges) const {
    const auto sum = [this](const auto& count_in) {
        std::uint64_t total = 0;
        for (const auto& shard : shards_) {
            total += count_in(shard).load(std::memory_order_relaxed);
        }
        return total;
    };
    auto requests = family("symbolon_http_requests_total",
                           "Requests by operation and status class.", MetricType::Counter);
    auto times =
        family("symbolon_http_request_seconds",
               "Time from the whole request to its answer, by operation.", MetricType::Histogram);
    for (std::size_t at = 0; at < operations_.size(); ++at) {
        const ClientMetric::Label operation{"operation",
                                            operations_[at].empty() ? "none" : operations_[at]};
        for (std::size_t status = 0; status < 5; ++status) {
            const auto total = sum([&](const Shard& shard) -> const Count& {
                return shard.rows[at].by_class[status];
            });
            if (total > 0) {
                requests.metric.push_back(
                    number(MetricType::Counter, static_cast<double>(total),
                           {operation, {"status", std::to_string(status + 1) + "xx"}}));
            }
        }
        ClientMetric time;
        time.label = {operation};
        std::uint64_t so_far = 0;
        for (std::size_t bucket = 0; bucket <= bounds_seconds.size(); ++bucket) {
            so_far += sum(
                [&](const Shard& shard) -> const Count& { return shard.rows[at].by_time[bucket]; });
            time.histogram.bucket.push_back(
                {so_far, bucket < bounds_seconds.size() ? bounds_seconds[bucket]
                                                        : std::numeric_limits<double>::infinity()});
        }
        time.histogram.sample_count = so_far;
        time.histogram.sample_sum =
            static_cast<double>(sum(
                [&](const Shard& shard) -> const Count& { return shard.rows[at].nanoseconds; })) /
            1e9;
        if (so_far > 0) {
            times.metric.push_back(std::move(time));
        }
    }
    std::vector<MetricFamily> families{std::move(requests), std::move(times)};
    add_gauges(families, gauges);
    families.push_back(family("symbolon_build_info", "The release that runs.", MetricType::Gauge));
    families.back().metric.push_back(
        number(MetricType::Gauge, 1, {{"version", std::string(program_version())}}));
    add_single(families, "process_resident_memory_bytes", "Resident memory.", MetricType::Gauge,
               resident_bytes());
    add_single(families, "process_cpu_seconds_total", "Processor time that was used.",
               MetricType::Counter, cpu_seconds());
    add_single(families, "process_start_time_seconds", "Start, in seconds since 1970.",
               MetricType::Gauge,
               std::chrono::duration<double>(started_.time_since_epoch()).count());
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace symbolon::server
