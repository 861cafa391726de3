// The machine's clock, whose waits end when the program is asked to stop: a registry that is away,
// or that asks for two minutes, must not keep a program from ending.
//
// It looks for SIGTERM and SIGINT that wait to be taken (server::StopSignals and `produce` block
// them), and for hurry(), which counts once a signal was taken.
//
// Example:  StoppableClock clock;  if (!clock.wait_for(std::chrono::seconds(2))) { return answer; }
// Errors:   none
// Units:    as client::Clock; a stop is seen within 100 ms, and the last 500 ms are waited
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/cli/stoppable_clock_test.cpp
#pragma once

#include "client/http/clock.hpp"

#include <atomic>
#include <chrono>

namespace symbolon::cli {

class StoppableClock final : public client::Clock {
public:
    std::chrono::steady_clock::time_point now() const override;
    std::chrono::system_clock::time_point wall_now() const override;
    /// To the end, whatever happens.
    void sleep_for(std::chrono::milliseconds time) override;
    bool wait_for(std::chrono::milliseconds time) override;

    /// Waits of more than half a second are not begun from now on, and end.
    void hurry() { hurried_ = true; }

private:
    bool is_told_to_stop() const;

    client::SystemClock machine_{};
    std::atomic<bool> hurried_{false};
};

}  // namespace symbolon::cli
