// Keeps the subject listing in step with the catalogue: a little at a time in the background, and
// the rest when somebody asks.
//
// Rows are never behind when a question is answered; words of schemas may be, for a moment after a
// start or a large import.
//
// Errors:   none
// Threads:  any thread; note under the catalogue's exclusive lock, the others without it
// Limits:   touched_subjects_max, search_index_bytes_max
// Source:   docs/decisions/0010-screen-listing.md
// Tested by tests/unit/api/subject_listing_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/read_write_lock.hpp"
#include "api/subject_listing.hpp"
#include "api/touched_subjects.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace symbolon {

class ListingKeeper {
public:
    /// Both outlive the keeper.
    ListingKeeper(const Catalog& catalog, ReadWriteLock& catalog_mutex)
        : catalog_(catalog), catalog_mutex_(catalog_mutex) {}

    /// A change that readers see from now on.
    void note(const Change& change);
    SubjectPage find(const SubjectQuery& query);
    std::vector<std::string> names(const SubjectQuery& query);
    /// One step of what is to be done; true when there is more.
    bool tend();

private:
    bool follow();
    void catch_up();
    void fill_step();
    void apply_touched(const TouchedSubjects::Batch& batch);

    const Catalog& catalog_;
    ReadWriteLock& catalog_mutex_;
    TouchedSubjects touched_;
    SubjectListing listing_;

    std::mutex mutex_;
    // Guarded by mutex_.
    bool filled_ = false;
    std::optional<SubjectName> filled_to_;
    std::vector<SubjectEntry> filling_;
};

}  // namespace symbolon
