#include "server/caretaker.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace symbolon::server {
namespace {

/// A pause after each step, as long as a step takes: half of one core at most.
constexpr std::chrono::milliseconds pause_between_steps{1};
constexpr std::chrono::milliseconds pause_without_work{250};

}  // namespace

Caretaker::Caretaker(std::function<bool()> work)
    : work_(std::move(work)), thread_([this] { run(); }) {}

Caretaker::~Caretaker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_one();
    thread_.join();
}

void Caretaker::run() {
    for (;;) {
        bool more = false;
        try {
            more = work_();
        } catch (const std::exception&) {
            // No memory: what waits is tried again, when some may be free.
            more = false;
        }
        std::unique_lock lock(mutex_);
        if (stopped_.wait_for(lock, more ? pause_between_steps : pause_without_work,
                              [this] { return stopping_; })) {
            return;
        }
    }
}

}  // namespace symbolon::server
