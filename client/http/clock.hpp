// Time as the client rooms see it: what to read and how to wait, so that tests need not.
//
// Example:  SystemClock clock;  clock.sleep_for(std::chrono::milliseconds(500));
// Units:    steady time for waiting and ages, wall time for what is written down
// Threads:  any thread
// Tested by tests/unit/client/http/clock_test.cpp
#pragma once

#include <chrono>

namespace symbolon::client {

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    Clock(Clock&&) = delete;
    Clock& operator=(Clock&&) = delete;
    virtual ~Clock() = default;

    virtual std::chrono::steady_clock::time_point now() const = 0;
    virtual std::chrono::system_clock::time_point wall_now() const = 0;
    virtual void sleep_for(std::chrono::milliseconds time) = 0;
    /// Sleeps before something is tried again. False: the program was told to stop, and what was
    /// waited for is not worth trying.
    virtual bool wait_for(std::chrono::milliseconds time) {
        sleep_for(time);
        return true;
    }
};

/// The machine's.
class SystemClock final : public Clock {
public:
    std::chrono::steady_clock::time_point now() const override;
    std::chrono::system_clock::time_point wall_now() const override;
    void sleep_for(std::chrono::milliseconds time) override;
};

}  // namespace symbolon::client
