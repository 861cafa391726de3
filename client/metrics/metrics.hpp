// Counters, gauges and times of a companion, in Prometheus' text form.
//
// A metric is made by its first use, whose kind it keeps. Names and labels that Prometheus does not
// allow, a kind that changes, a counter that would fall and series beyond the bound are not
// recorded but counted in symbolon_metrics_refused_total.
//
// Example:  metrics.add("symbolon_events_in_total", {{"subject", subject}});
// Errors:   none
// Units:    seconds
// Threads:  any thread
// Limits:   metric_series_max
// Tested by tests/unit/client/metrics/metrics_test.cpp
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

class Metrics {
public:
    using Labels = std::map<std::string, std::string>;

    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    Metrics(Metrics&&) = delete;
    Metrics& operator=(Metrics&&) = delete;

    /// The help text of a metric; counts when it comes before the metric's first use.
    void describe(std::string_view name, std::string_view help);
    void add(std::string_view name, const Labels& labels = {}, double by = 1);
    void set_gauge(std::string_view name, double value, const Labels& labels = {});
    void observe_seconds(std::string_view name, double seconds, const Labels& labels = {});
    std::string to_text() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::client
