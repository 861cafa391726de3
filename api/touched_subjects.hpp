// Subjects that changed since somebody asked last: the writer notes them, the listing takes them.
//
// Bounded: past subjects_max it only knows that too much changed to tell.
//
// Threads:  any thread
// Limits:   touched_subjects_max
// Tested by tests/unit/api/subject_listing_test.cpp
#pragma once

#include "api/subject_name.hpp"
#include "core/limits.hpp"

#include <mutex>
#include <set>
#include <utility>

namespace symbolon {

class TouchedSubjects {
public:
    struct Batch {
        bool everything = false;  ///< more than it can hold; `subjects` is empty
        std::set<SubjectName> subjects;
    };

    void note(SubjectName subject) {
        const std::lock_guard lock(mutex_);
        if (!batch_.everything) {
            batch_.subjects.insert(std::move(subject));
        }
        if (batch_.subjects.size() > limits::touched_subjects_max) {
            batch_ = {true, {}};
        }
    }
    Batch take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(batch_, {});
    }

private:
    std::mutex mutex_;
    Batch batch_;  // guarded by mutex_
};

}  // namespace symbolon
