// Does what can wait, on a thread of its own, beside the requests.
//
// Example:  Caretaker caretaker([&] { return registry->tend(); });
// Errors:   an exception of the work ends the step, not the thread
// Threads:  one of its own from construction to destruction
// Tested by tests/unit/server/caretaker_test.cpp
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace symbolon::server {

class Caretaker {
public:
    /// `work` does one short step and tells whether there is more.
    explicit Caretaker(std::function<bool()> work);
    /// Waits for the step that runs.
    ~Caretaker();
    Caretaker(const Caretaker&) = delete;
    Caretaker& operator=(const Caretaker&) = delete;
    Caretaker(Caretaker&&) = delete;
    Caretaker& operator=(Caretaker&&) = delete;

private:
    void run();

    const std::function<bool()> work_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace symbolon::server
