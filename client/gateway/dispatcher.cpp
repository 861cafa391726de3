#include "client/gateway/dispatcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symbolon::client {
namespace {

/// Waits are cut into pieces, so that stop() and an open breaker end them.
constexpr std::chrono::milliseconds wait_piece{50};
/// 2^attempt stays a number; with the deadline nobody waits as long as that.
constexpr int doubling_max = 20;

std::string_view outcome_name(Delivery delivery) {
    switch (delivery) {
        case Delivery::done:
            return "delivered";
        case Delivery::busy:
            return "busy";
        case Delivery::unreachable:
            return "unreachable";
        case Delivery::lost:
            return "lost";
        case Delivery::refused:
            return "refused";
    }
    return {};
}

CircuitBreaker::CallResult result_of(const DeliveryReport& report) {
    using enum CircuitBreaker::CallResult;
    return report.is_downstream_fault ? failed : report.was_asked ? succeeded : not_made;
}

std::chrono::milliseconds milliseconds_between(std::chrono::steady_clock::time_point from,
                                               std::chrono::steady_clock::time_point to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

}  // namespace

Dispatcher::Dispatcher(DispatcherOptions options, Downstream& downstream, Clock& clock,
                       RandomSource random, Metrics& metrics)
    : options_(options),
      downstream_(downstream),
      clock_(clock),
      random_(std::move(random)),
      metrics_(metrics),
      breaker_(options.breaker, clock) {
    metrics_.describe("symbolon_gateway_downstream_calls_total",
                      "Calls of the downstream, by what became of them.");
    metrics_.describe("symbolon_gateway_downstream_retries_total",
                      "Calls that repeated one that failed.");
    metrics_.describe("symbolon_gateway_downstream_seconds", "Time of one call of the downstream.");
}

Dispatched Dispatcher::send(const DownstreamRecord& record) {
    if (inside_.fetch_add(1) >= options_.waiting_max) {
        inside_.fetch_sub(1);
        return {.ok = false,
                .attempts = 0,
                .reason =
                    fmt::format("{} events wait for the downstream already", options_.waiting_max)};
    }
    auto dispatched = attempt_all(record);
    inside_.fetch_sub(1);
    return dispatched;
}

Dispatched Dispatcher::attempt_all(const DownstreamRecord& record) {
    const auto deadline = clock_.now() + options_.deadline;
    Dispatched dispatched;
    const auto give_up = [&dispatched](std::string_view why) {
        dispatched.reason = dispatched.reason.empty()
                                ? std::string(why)
                                : fmt::format("{}; {}", dispatched.reason, why);
        return dispatched;
    };
    while (true) {
        if (stopped_ && dispatched.attempts > 0) {
            return give_up("the gateway is stopping");
        }
        if (breaker_.state() == CircuitBreaker::State::open) {
            return give_up("the circuit breaker is open");
        }
        if (!take_slot(deadline)) {
            if (clock_.now() >= deadline) {
                return give_up("no call was free before the request's deadline");
            }
            continue;  // the breaker opened: says so at the top
        }
        const auto report = call_once(record, deadline);
        give_slot();
        if (!report) {
            return give_up("the circuit breaker is open");
        }
        ++dispatched.attempts;
        dispatched.reason = report->reason;
        dispatched.ok = report->delivery == Delivery::done;
        dispatched.is_final = report->delivery == Delivery::refused;
        const bool again =
            report->delivery == Delivery::busy || report->delivery == Delivery::unreachable;
        if (!again || dispatched.attempts > options_.retries_max) {
            return dispatched;
        }
        const auto delay = delay_after(dispatched.attempts - 1, *report);
        if (clock_.now() + delay >= deadline) {
            return give_up(
                fmt::format("another attempt in {} ms would be too late for the "
                            "request's deadline",
                            delay.count()));
        }
        if (!wait_for(delay)) {
            continue;  // says why at the top
        }
        metrics_.add("symbolon_gateway_downstream_retries_total");
    }
}

std::optional<DeliveryReport> Dispatcher::call_once(const DownstreamRecord& record,
                                                    Moment deadline) {
    const auto permit = breaker_.ask();
    if (!permit) {
        return std::nullopt;
    }
    const auto begun = clock_.now();
    const auto left = std::min(options_.call_timeout, milliseconds_between(begun, deadline));
    auto report = downstream_.deliver(record, std::max(left, std::chrono::milliseconds(1)));
    breaker_.note(*permit, result_of(report));
    metrics_.add("symbolon_gateway_downstream_calls_total",
                 {{"outcome", std::string(outcome_name(report.delivery))}});
    metrics_.observe_seconds("symbolon_gateway_downstream_seconds",
                             std::chrono::duration<double>(clock_.now() - begun).count());
    return report;
}

std::chrono::milliseconds Dispatcher::delay_after(int attempt, const DeliveryReport& report) {
    const auto grown = options_.retry_base * (std::int64_t{1} << std::min(attempt, doubling_max));
    const auto jitter = std::chrono::milliseconds(
        static_cast<std::int64_t>(random_() * static_cast<double>(options_.jitter.count())));
    return std::max(grown + jitter, report.retry_after.value_or(std::chrono::milliseconds(0)));
}

bool Dispatcher::wait_for(std::chrono::milliseconds delay) {
    const auto until = clock_.now() + delay;
    for (auto now = clock_.now(); now < until; now = clock_.now()) {
        if (stopped_ || breaker_.state() == CircuitBreaker::State::open) {
            return false;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
        clock_.sleep_for(std::min(left, wait_piece));
    }
    return true;
}

bool Dispatcher::take_slot(Moment deadline) {
    std::unique_lock lock(slots_mutex_);
    while (calls_ >= options_.calls_max) {
        if (clock_.now() >= deadline || breaker_.state() == CircuitBreaker::State::open) {
            return false;
        }
        slot_free_.wait_for(lock, wait_piece);
    }
    ++calls_;
    return true;
}

void Dispatcher::give_slot() {
    {
        const std::lock_guard lock(slots_mutex_);
        --calls_;
    }
    slot_free_.notify_one();
}

void Dispatcher::stop() {
    stopped_ = true;
}

}  // namespace symbolon::client
