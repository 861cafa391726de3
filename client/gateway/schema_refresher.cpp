#include "client/gateway/schema_refresher.hpp"

#include <chrono>

namespace symbolon::client {
namespace {

/// Only a look at the clock, when nothing is due.
constexpr std::chrono::milliseconds look_pause{250};

}  // namespace

SchemaRefresher::SchemaRefresher(SchemaKeeper& keeper)
    : keeper_(keeper), thread_([this] { work(); }) {}

SchemaRefresher::~SchemaRefresher() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_one();
    thread_.join();
}

void SchemaRefresher::work() {
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, look_pause, [this] { return stopping_; })) {
        lock.unlock();
        keeper_.refresh();
        lock.lock();
    }
}

}  // namespace symbolon::client
