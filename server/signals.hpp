// Signals: the first SIGTERM or SIGINT asks to stop, the next one ends the process at once.
//
// SIGPIPE and SIGXFSZ are ignored: a client that left and a full disk are errors of one call.
//
// Example:  StopSignals signals;  /* start threads */  signals.wait();
// Errors:   none
// Threads:  one object per process, made before any other thread; wait() in the same thread
// Source:   docs/operations.md
// Tested by tests/e2e/hostile_http.py
#pragma once

#include <csignal>
#include <optional>
#include <string_view>

namespace symbolon::server {

class StopSignals {
public:
    StopSignals();

    /// Sleeps until the process is asked to stop; answers the signal's name.
    std::string_view wait();
    /// The signal's name when the process was asked to stop since the last call; does not wait.
    std::optional<std::string_view> find();

private:
    static std::string_view taken(int signal);

    sigset_t set_{};
};

}  // namespace symbolon::server
