#include "client/metrics/metrics.hpp"

#include "core/limits.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <functional>
#include <mutex>
#include <type_traits>
#include <utility>
#include <variant>

namespace symbolon::client {

namespace {

const prometheus::Histogram::BucketBoundaries& seconds_bounds() {
    static const prometheus::Histogram::BucketBoundaries bounds{
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    return bounds;
}

}  // namespace

class Metrics::Impl {
public:
    Impl() : refused_(family_of<prometheus::Counter>("symbolon_metrics_refused_total").Add({})) {}

    void describe(std::string_view name, std::string_view help) {
        const std::lock_guard lock(mutex_);
        help_.emplace(name, help);
    }

    template <class Kind, class Record, class... Arguments>
    void record(std::string_view name, const Labels& labels, const Record& record,
                const Arguments&... arguments) {
        const std::lock_guard lock(mutex_);
        if (Kind* const found = try_find<Kind>(name, labels, arguments...)) {
            record(*found);
        } else {
            refused_.Increment();
        }
    }

    void refuse() { refused_.Increment(); }

    std::string to_text() const {
        const prometheus::TextSerializer serializer;
        return serializer.Serialize(registry_.Collect());
    }

private:
    /// The series of one metric, by their labels.
    template <class Kind>
    struct Series {
        prometheus::Family<Kind>* family = nullptr;
        std::map<Labels, Kind*> by_labels{};
    };
    using AnySeries = std::variant<Series<prometheus::Counter>, Series<prometheus::Gauge>,
                                   Series<prometheus::Histogram>>;

    std::string help_of(const std::string& name) const {
        const auto found = help_.find(name);
        return found == help_.end() ? "" : found->second;
    }

    template <class Kind>
    prometheus::Family<Kind>& family_of(const std::string& name) {
        const auto build = [] {
            if constexpr (std::is_same_v<Kind, prometheus::Counter>) {
                return prometheus::BuildCounter();
            } else if constexpr (std::is_same_v<Kind, prometheus::Gauge>) {
                return prometheus::BuildGauge();
            } else {
                return prometheus::BuildHistogram();
            }
        };
        return build().Name(name).Help(help_of(name)).Register(registry_);
    }

    /// nullptr: see find, or Prometheus does not allow the name.
    template <class Kind, class... Arguments>
    Kind* try_find(std::string_view name, const Labels& labels, const Arguments&... arguments) {
        try {
            return find<Kind>(name, labels, arguments...);
        } catch (const std::exception&) {
            return nullptr;
        }
    }

    /// nullptr: the metric is of another kind, or has too many series. Throws at forbidden names.
    template <class Kind, class... Arguments>
    Kind* find(std::string_view name, const Labels& labels, const Arguments&... arguments) {
        auto found = series_.find(name);
        if (found == series_.end()) {
            const std::string text(name);
            Series<Kind> made{&family_of<Kind>(text)};
            found = series_.emplace(text, std::move(made)).first;
        }
        auto* const series = std::get_if<Series<Kind>>(&found->second);
        if (series == nullptr) {
            return nullptr;
        }
        if (const auto known = series->by_labels.find(labels); known != series->by_labels.end()) {
            return known->second;
        }
        if (series->by_labels.size() >= limits::metric_series_max) {
            return nullptr;
        }
        Kind& added = series->family->Add(labels, arguments...);
        series->by_labels.emplace(labels, &added);
        return &added;
    }

    std::mutex mutex_;
    prometheus::Registry registry_{};
    std::map<std::string, std::string> help_{};               // guarded by mutex_
    std::map<std::string, AnySeries, std::less<>> series_{};  // guarded by mutex_
    prometheus::Counter& refused_;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::describe(std::string_view name, std::string_view help) {
    impl_->describe(name, help);
}

void Metrics::add(std::string_view name, const Labels& labels, double by) {
    if (!(by >= 0)) {
        impl_->refuse();
        return;
    }
    impl_->record<prometheus::Counter>(
        name, labels, [by](prometheus::Counter& counter) { counter.Increment(by); });
}

void Metrics::set_gauge(std::string_view name, double value, const Labels& labels) {
    impl_->record<prometheus::Gauge>(name, labels,
                                     [value](prometheus::Gauge& gauge) { gauge.Set(value); });
}

void Metrics::observe_seconds(std::string_view name, double seconds, const Labels& labels) {
    impl_->record<prometheus::Histogram>(
        name, labels, [seconds](prometheus::Histogram& histogram) { histogram.Observe(seconds); },
        seconds_bounds());
}

std::string Metrics::to_text() const {
    return impl_->to_text();
}

}  // namespace symbolon::client
