#include "api/listing_keeper.hpp"

#include <shared_mutex>
#include <utility>

namespace symbolon {

namespace {

/// Subjects that are read under one hold of the catalogue's lock: about a tenth of a millisecond.
constexpr std::size_t subjects_per_step = 500;
/// Schemas whose words are read in one step: about a millisecond.
constexpr std::size_t schemas_per_step = 64;
/// Schemas that a search reads itself, so that what was just registered is found.
constexpr std::size_t schemas_per_search = 256;

}  // namespace

void ListingKeeper::note(const Change& change) {
    if (change.key.family == RecordFamily::version) {
        touched_.note({change.key.context, change.key.subject});
    }
}

void ListingKeeper::fill_step() {
    std::vector<SubjectEntry> step;
    {
        const std::shared_lock lock(catalog_mutex_);
        step = describe_subjects_after(catalog_, filled_to_, subjects_per_step);
    }
    if (step.empty()) {
        // Why at once: each batch goes over all orders, so one large one is cheaper than many.
        listing_.apply(std::exchange(filling_, {}));
        filled_to_.reset();
        filled_ = true;
        return;
    }
    filled_to_ = parse_subject(step.back().subject);
    filling_.insert(filling_.end(), std::make_move_iterator(step.begin()),
                    std::make_move_iterator(step.end()));
}

void ListingKeeper::apply_touched(const TouchedSubjects::Batch& batch) {
    std::vector<SubjectEntry> entries;
    auto subject = batch.subjects.begin();
    while (subject != batch.subjects.end()) {
        const std::shared_lock lock(catalog_mutex_);
        for (std::size_t count = 0; count < subjects_per_step && subject != batch.subjects.end();
             ++count, ++subject) {
            entries.push_back(describe_subject(catalog_, *subject));
        }
    }
    if (!entries.empty()) {
        listing_.apply(entries);
    }
}

// True when the rows are not yet what the catalogue says.
bool ListingKeeper::follow() {
    if (!filled_) {
        fill_step();
        return true;
    }
    const TouchedSubjects::Batch batch = touched_.take();
    if (batch.everything) {
        listing_.restart();
        filled_ = false;
        return true;
    }
    apply_touched(batch);
    return false;
}

void ListingKeeper::catch_up() {
    while (follow()) {
    }
}

SubjectPage ListingKeeper::find(const SubjectQuery& query) {
    {
        const std::lock_guard lock(mutex_);
        catch_up();
        if (!query.words.empty()) {
            listing_.index_words(schemas_per_search);
        }
    }
    return listing_.find(query);
}

std::vector<std::string> ListingKeeper::names(const SubjectQuery& query) {
    {
        const std::lock_guard lock(mutex_);
        catch_up();
    }
    return listing_.names(query);
}

bool ListingKeeper::tend() {
    const std::lock_guard lock(mutex_);
    return follow() || listing_.index_words(schemas_per_step);
}

}  // namespace symbolon
