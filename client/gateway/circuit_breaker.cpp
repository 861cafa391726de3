#include "client/gateway/circuit_breaker.hpp"

#include <algorithm>

namespace symbolon::client {

std::optional<CircuitBreaker::Permit> CircuitBreaker::ask() {
    const std::lock_guard lock(mutex_);
    if (state_ == State::closed) {
        return Permit(era_);
    }
    if (state_ == State::half_open || clock_.now() < open_until_) {
        return std::nullopt;
    }
    state_ = State::half_open;
    return Permit(++era_);
}

void CircuitBreaker::note(Permit permit, CallResult result) {
    const std::lock_guard lock(mutex_);
    if (permit.era_ != era_) {
        return;
    }
    if (state_ == State::half_open) {
        if (result == CallResult::not_made) {
            state_ = State::open;  // its pause is over
        } else if (result == CallResult::failed) {
            open();
        } else {
            state_ = State::closed;
            ++era_;
        }
        return;
    }
    if (result == CallResult::not_made) {
        return;
    }
    const auto now = clock_.now();
    results_.emplace_back(now, result);
    while (results_.size() > options_.calls || now - results_.front().first > options_.window) {
        results_.pop_front();
    }
    const auto failed =
        std::ranges::count(results_, CallResult::failed, &std::pair<Moment, CallResult>::second);
    if (options_.failures > 0 && static_cast<std::size_t>(failed) >= options_.failures) {
        open();
    }
}

CircuitBreaker::State CircuitBreaker::state() const {
    const std::lock_guard lock(mutex_);
    return state_ == State::open && clock_.now() >= open_until_ ? State::half_open : state_;
}

void CircuitBreaker::open() {
    state_ = State::open;
    ++era_;
    open_until_ = clock_.now() + options_.pause;
    results_.clear();
}

std::string_view to_string(CircuitBreaker::State state) {
    switch (state) {
        case CircuitBreaker::State::closed:
            return "closed";
        case CircuitBreaker::State::open:
            return "open";
        case CircuitBreaker::State::half_open:
            return "half_open";
    }
    return {};
}

}  // namespace symbolon::client
