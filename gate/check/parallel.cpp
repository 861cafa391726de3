#include "gate/check/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

class IndexedRun {
public:
    IndexedRun(std::size_t count, const std::function<Status(std::size_t index)>& work)
        : work_(work), end_(count) {}

    /// Invariant: every index below `end_` has been taken, or will be by some thread.
    void run() {
        for (std::size_t at = next_++; at < end_; at = next_++) {
            try {
                if (auto done = work_(at); !done) {
                    const std::lock_guard lock(mutex_);
                    if (at < end_) {
                        end_ = at;
                        error_ = std::move(done).error();
                    }
                }
            } catch (...) {
                const std::lock_guard lock(mutex_);
                exception_ = std::current_exception();
                end_ = 0;
            }
        }
    }

    /// REQUIRES: no thread is in run().
    Status finish() {
        if (exception_) {
            std::rethrow_exception(exception_);
        }
        return error_ ? Status(failure(*std::move(error_))) : Status();
    }

private:
    const std::function<Status(std::size_t index)>& work_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> end_;
    std::mutex mutex_;
    // Guarded by mutex_:
    std::optional<Error> error_;
    std::exception_ptr exception_;
};

}  // namespace

Status for_each_index(std::size_t count, std::size_t jobs,
                      const std::function<Status(std::size_t index)>& work) {
    IndexedRun run(count, work);
    {
        std::vector<std::jthread> threads;
        const std::size_t more = std::min(std::max<std::size_t>(jobs, 1), count);
        for (std::size_t at = 1; at < more; ++at) {
            threads.emplace_back([&run] { run.run(); });
        }
        run.run();
    }
    return run.finish();
}

}  // namespace symbolon::gate
