// A store around another one whose n-th call fails, before or after it took effect.
//
// Example:  FaultStore store(inner); store.fail_call(3, FaultMoment::after_effect);
// Errors:   store_failed
// Units:    calls, of all three functions together; the next one is 1
// Threads:  any thread
// Tested by tests/unit/storage/fault_store_test.cpp
#pragma once

#include "storage/store.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace symbolon::testing {

enum class FaultMoment {
    before_effect,  ///< the inner store never hears of the call
    after_effect,   ///< the inner store did it, but the caller is told that it failed
};

class FaultStore final : public storage::Store {
public:
    /// REQUIRES: `inner` outlives this store.
    explicit FaultStore(storage::Store& inner) : inner_(inner) {}

    /// Lets the call-th call from now on fail, once; 0 lets none fail.
    void fail_call(std::size_t call, FaultMoment moment) {
        const std::lock_guard lock(mutex_);
        calls_until_fault_ = call;
        moment_ = moment;
        has_failed_ = false;
    }
    /// Whether the fault that was asked for has happened: when not, a scenario passed untouched.
    bool has_failed() const {
        const std::lock_guard lock(mutex_);
        return has_failed_;
    }

    Result<std::vector<storage::Entry>> read_page(Revision since,
                                                  const storage::ReadBounds& bounds) override {
        return call([&] { return inner_.read_page(since, bounds); });
    }
    Result<Revision> commit(const storage::WriteBatch& batch, Revision expected) override {
        return call([&] { return inner_.commit(batch, expected); });
    }
    Status ping() override {
        return call([&] { return inner_.ping(); });
    }

private:
    template <class Call>
    auto call(Call inner_call) -> decltype(inner_call()) {
        if (!is_this_the_one()) {
            return inner_call();
        }
        if (moment_ == FaultMoment::after_effect) {
            if (auto answer = inner_call(); !answer) {
                return answer;
            }
        }
        return failure(make_error(ErrorCode::store_failed, "A fault that the test asked for"));
    }

    bool is_this_the_one() {
        const std::lock_guard lock(mutex_);
        if (calls_until_fault_ == 0) {
            return false;
        }
        calls_until_fault_ -= 1;
        if (calls_until_fault_ > 0) {
            return false;
        }
        has_failed_ = true;
        return true;
    }

    storage::Store& inner_;
    mutable std::mutex mutex_;
    // Guarded by mutex_; moment_ is set before the calls that read it.
    std::size_t calls_until_fault_ = 0;
    FaultMoment moment_ = FaultMoment::before_effect;
    bool has_failed_ = false;
};

}  // namespace symbolon::testing
