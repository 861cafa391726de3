// A bounded pool of threads for requests that parse schemas, write, or take long for another
// reason.
//
// Threads are started when work first needs them, so that an idle server holds none.
//
// Example:  if (!pool.try_submit(job)) { /* 503 */ }
// Errors:   none: a full queue is `false`
// Threads:  any thread
// Limits:   workers and waiting_requests_max, as given
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace symbolon::server {

/// A joined thread with a stack of a known size: recursion over deep schemas needs room, whatever
/// `ulimit -s` says. Only touched pages cost memory.
class DeepThread {
public:
    explicit DeepThread(std::function<void()> body);
    ~DeepThread();
    DeepThread(const DeepThread&) = delete;
    DeepThread& operator=(const DeepThread&) = delete;
    DeepThread(DeepThread&&) = delete;
    DeepThread& operator=(DeepThread&&) = delete;

    /// False when the system gave no thread.
    bool started() const { return started_; }
    void join();

private:
    std::function<void()> body_;
    pthread_t thread_{};
    bool started_ = false;
};

class WorkerPool {
public:
    WorkerPool(std::size_t workers_max, std::size_t waiting_max);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    WorkerPool(WorkerPool&&) = delete;
    WorkerPool& operator=(WorkerPool&&) = delete;

    /// False, and nothing happens, when all workers are busy and the queue is full.
    bool try_submit(std::function<void()> job);
    /// Forgets what waits, finishes what runs, joins. Nothing may be submitted afterwards.
    void stop();

private:
    void work();

    const std::size_t workers_max_;
    const std::size_t waiting_max_;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> waiting_;         // guarded by mutex_
    std::vector<std::unique_ptr<DeepThread>> threads_;  // guarded by mutex_
    std::size_t running_ = 0;                           // guarded by mutex_
    bool stopping_ = false;                             // guarded by mutex_
};

}  // namespace symbolon::server
