#include "cli/stoppable_clock.hpp"

#include <signal.h>  // sigpending is POSIX

#include <algorithm>

namespace symbolon::cli {

namespace {

/// How long a signal may stay unseen.
constexpr std::chrono::milliseconds look_interval{100};
/// As long as the first wait before something is tried again: a moment's trouble at the end costs
/// no more than at any other time.
constexpr std::chrono::milliseconds short_wait{500};

}  // namespace

std::chrono::steady_clock::time_point StoppableClock::now() const {
    return machine_.now();
}

std::chrono::system_clock::time_point StoppableClock::wall_now() const {
    return machine_.wall_now();
}

void StoppableClock::sleep_for(std::chrono::milliseconds time) {
    machine_.sleep_for(time);
}

bool StoppableClock::wait_for(std::chrono::milliseconds time) {
    while (time.count() > 0) {
        if (time > short_wait && is_told_to_stop()) {
            return false;
        }
        const auto step = std::min(time, look_interval);
        machine_.sleep_for(step);
        time -= step;
    }
    return true;
}

bool StoppableClock::is_told_to_stop() const {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    return hurried_ || sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

}  // namespace symbolon::cli
