#include "server/http_server_workers.hpp"

#include <utility>

namespace symbolon::server {
namespace {

constexpr std::size_t stack_bytes = 8U << 20U;

extern "C" void* symbolon_run_thread(void* body) {
    (*static_cast<std::function<void()>*>(body))();
    return nullptr;
}

}  // namespace

DeepThread::DeepThread(std::function<void()> body) : body_(std::move(body)) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return;
    }
    pthread_attr_setstacksize(&attributes, stack_bytes);
    started_ = pthread_create(&thread_, &attributes, symbolon_run_thread, &body_) == 0;
    pthread_attr_destroy(&attributes);
}

DeepThread::~DeepThread() {
    join();
}

void DeepThread::join() {
    if (std::exchange(started_, false)) {
        pthread_join(thread_, nullptr);
    }
}

WorkerPool::WorkerPool(std::size_t workers_max, std::size_t waiting_max)
    : workers_max_(workers_max), waiting_max_(waiting_max) {}

WorkerPool::~WorkerPool() {
    stop();
}

bool WorkerPool::try_submit(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        const auto taken = running_ + waiting_.size();
        if (stopping_ || taken >= workers_max_ + waiting_max_) {
            return false;
        }
        // A thread more as long as there is a job for it.
        if (taken >= threads_.size() && threads_.size() < workers_max_) {
            auto thread = std::make_unique<DeepThread>([this] { work(); });
            if (thread->started()) {
                threads_.push_back(std::move(thread));
            } else if (threads_.empty()) {
                return false;
            }
        }
        waiting_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

void WorkerPool::stop() {
    std::vector<std::unique_ptr<DeepThread>> threads;
    std::deque<std::function<void()>> forgotten;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        threads.swap(threads_);
        forgotten.swap(waiting_);
    }
    wake_.notify_all();
    for (auto& thread : threads) {
        thread->join();
    }
}

void WorkerPool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) {
            return;
        }
        auto job = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        lock.unlock();
        job();
        job = nullptr;
        lock.lock();
        --running_;
    }
}

}  // namespace symbolon::server
