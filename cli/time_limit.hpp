// Does something when a time has passed, unless what it watches over ended before.
//
// Example:  const TimeLimit limit(drain_time, [&] { program.abandon(); });  server->stop();
// Errors:   none
// Units:    milliseconds
// Threads:  made and ended by one; `act` is called once at most, from a thread of its own, and has
//           returned when the limit is gone
// Tested by tests/unit/cli/time_limit_test.cpp
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace symbolon::cli {

class TimeLimit {
public:
    TimeLimit(std::chrono::milliseconds time, std::function<void()> act)
        : thread_([this, time, act = std::move(act)](const std::stop_token& ended) {
              std::unique_lock lock(mutex_);
              wake_.wait_for(lock, ended, time, [] { return false; });
              if (!ended.stop_requested()) {
                  act();
              }
          }) {}

private:
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // ends before the others go
};

}  // namespace symbolon::cli
