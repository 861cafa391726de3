#include "api/subject_listing.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace symbolon {

namespace {

SubjectEntry describe(const SubjectName& subject, const VersionRows& rows) {
    SubjectRow row;
    row.subject = to_text(subject);
    const VersionRow* shown = find_latest(&rows);
    shown = shown == nullptr ? &rows.back() : shown;
    row.version = shown->version;
    row.id = shown->id;
    row.type = shown->content->type;
    row.content = shown->content;
    for (const VersionRow& version : rows) {
        row.ts = std::max(row.ts, version.ts);
        ++(version.deleted ? row.deleted_versions : row.live_versions);
    }
    std::string text = row.subject;
    return {std::move(text), std::move(row)};
}

// What filters ask of a row, in one byte, so that a question reads little memory.
constexpr std::uint8_t kind_used = 1;
constexpr std::uint8_t kind_deleted = 2;
constexpr unsigned kind_type_shift = 2;

std::uint8_t kind_of(const SubjectRow& row) {
    return static_cast<std::uint8_t>(kind_used | (row.deleted() ? kind_deleted : 0U) |
                                     static_cast<unsigned>(row.type) << kind_type_shift);
}

bool has_kind(std::uint8_t kind, const SubjectQuery& query) {
    if ((kind & kind_used) == 0) {
        return false;
    }
    const bool deleted = (kind & kind_deleted) != 0;
    const bool visible =
        query.view == View::with_deleted || deleted == (query.view == View::only_deleted);
    return visible && (!query.type || static_cast<unsigned>(*query.type) ==
                                          static_cast<unsigned>(kind) >> kind_type_shift);
}

// How the printed names that match begin, and no others: then they stand together in order by name.
// Why not always: a name of the default context that begins with ":." is printed with the context
// in front of it, so short prefixes there match in two places.
std::optional<std::string> common_start(const SubjectPrefix& prefix) {
    if (!prefix.context) {
        return std::nullopt;
    }
    if (*prefix.context != default_context) {
        return ":" + *prefix.context + ":" + prefix.name;
    }
    return prefix.name.empty() || prefix.name.starts_with(':') ? std::nullopt
                                                               : std::optional(prefix.name);
}

// prefix.matches(parse_subject(text)), without taking memory for each of many texts.
bool matches_printed(const SubjectPrefix& prefix, std::string_view text) {
    if (!text.starts_with(":.")) {
        return (!prefix.context || *prefix.context == default_context) &&
               text.starts_with(prefix.name);
    }
    const std::string_view qualified = text.substr(1);
    const auto colon = qualified.find(':');
    const bool in_context = !prefix.context || *prefix.context == qualified.substr(0, colon);
    return in_context && colon != std::string_view::npos &&
           qualified.substr(colon + 1).starts_with(prefix.name);
}

// Puts `fresh`, which is sorted, into `order`, which is too: few comparisons where few are new.
template <class Before>
std::vector<std::uint32_t> merged(const std::vector<std::uint32_t>& order,
                                  const std::vector<std::uint32_t>& fresh, Before before) {
    std::vector<std::uint32_t> result;
    result.reserve(order.size() + fresh.size());
    auto at = order.begin();
    for (const std::uint32_t row : fresh) {
        const auto place = std::upper_bound(at, order.end(), row, before);
        result.insert(result.end(), at, place);
        result.push_back(row);
        at = place;
    }
    result.insert(result.end(), at, order.end());
    return result;
}

}  // namespace

SubjectEntry describe_subject(const Catalog& catalog, const SubjectName& subject) {
    const VersionRows* rows = catalog.find_versions(subject);
    return rows == nullptr ? SubjectEntry{to_text(subject), std::nullopt}
                           : describe(subject, *rows);
}

std::vector<SubjectEntry> describe_subjects_after(const Catalog& catalog,
                                                  const std::optional<SubjectName>& after,
                                                  std::size_t count) {
    std::vector<SubjectEntry> entries;
    const auto& contexts = catalog.contexts();
    auto context = after ? contexts.lower_bound(after->context) : contexts.begin();
    for (; context != contexts.end() && entries.size() < count; ++context) {
        const auto& subjects = context->second.subjects;
        const bool resumes = after && after->context == context->first;
        auto subject = resumes ? subjects.upper_bound(after->name) : subjects.begin();
        for (; subject != subjects.end() && entries.size() < count; ++subject) {
            entries.push_back(describe({context->first, subject->first}, subject->second));
        }
    }
    return entries;
}

std::optional<SubjectListing::Row> SubjectListing::row_of(std::string_view text) const {
    const auto found =
        std::lower_bound(by_name_.begin(), by_name_.end(), text,
                         [&](Row row, std::string_view name) { return rows_[row].subject < name; });
    return found == by_name_.end() || rows_[*found].subject != text ? std::nullopt
                                                                    : std::optional(*found);
}

SubjectListing::Row SubjectListing::take_slot() {
    if (!free_.empty()) {
        const Row row = free_.back();
        free_.pop_back();
        return row;
    }
    rows_.emplace_back();
    kinds_.push_back(0);
    waits_.push_back(false);
    ranks_.push_back(0);
    for (auto& keys : keys_) {
        keys.push_back(0);
    }
    return static_cast<Row>(rows_.size() - 1);
}

void SubjectListing::note_waiting(Row row) {
    if (!waits_[row]) {
        waits_[row] = true;
        waiting_.push_back(row);
    }
}

void SubjectListing::set_row(Row row, const SubjectRow& value) {
    // Why: a change that leaves the latest version alone, such as a deletion, leaves its words too.
    if (rows_[row].content != value.content) {
        note_waiting(row);
    }
    rows_[row] = value;
    kinds_[row] = kind_of(value);
    keys_[static_cast<std::size_t>(SubjectSort::time) - 1][row] = value.ts;
    keys_[static_cast<std::size_t>(SubjectSort::versions) - 1][row] = value.live_versions;
    keys_[static_cast<std::size_t>(SubjectSort::id) - 1][row] = value.id.value();
}

void SubjectListing::apply(const std::vector<SubjectEntry>& entries) {
    const std::lock_guard lock(mutex_);
    Changes changes;
    for (const SubjectEntry& entry : entries) {
        auto row = row_of(entry.subject);
        if (!entry.row) {
            if (row) {
                changes.removed.push_back(*row);
            }
            continue;
        }
        (row ? changes.moved : changes.added).push_back(row ? *row : take_slot());
        row = row ? row : changes.added.back();
        set_row(*row, *entry.row);
    }
    update_orders(changes);
    for (const Row row : changes.removed) {
        words_.erase(row);
        rows_[row] = {};
        kinds_[row] = 0;
        free_.push_back(row);
    }
}

bool SubjectListing::is_before(std::size_t order, Row left, Row right) const {
    const auto& keys = keys_[order];
    return keys[left] != keys[right] ? keys[left] < keys[right] : ranks_[left] < ranks_[right];
}

void SubjectListing::update_orders(const Changes& changes) {
    std::vector<bool> gone(rows_.size());
    const auto erase_gone = [&](Order& order) {
        std::erase_if(order, [&](Row row) { return gone[row]; });
    };
    for (const Row row : changes.removed) {
        gone[row] = true;
    }
    if (!changes.added.empty() || !changes.removed.empty()) {
        const auto by_text = [&](Row left, Row right) {
            return rows_[left].subject < rows_[right].subject;
        };
        Order fresh = changes.added;
        std::sort(fresh.begin(), fresh.end(), by_text);
        erase_gone(by_name_);
        by_name_ = merged(by_name_, fresh, by_text);
        for (std::uint32_t rank = 0; rank < by_name_.size(); ++rank) {
            ranks_[by_name_[rank]] = rank;
        }
    }
    for (const Row row : changes.moved) {
        gone[row] = true;
    }
    Order fresh = changes.added;
    fresh.insert(fresh.end(), changes.moved.begin(), changes.moved.end());
    for (std::size_t order = 0; order < keyed_orders; ++order) {
        const auto before = [&](Row left, Row right) { return is_before(order, left, right); };
        std::sort(fresh.begin(), fresh.end(), before);
        erase_gone(by_key_[order]);
        by_key_[order] = merged(by_key_[order], fresh, before);
    }
}

bool SubjectListing::index_words(std::size_t count) {
    struct Item {
        Row row;
        std::string subject;
        ContentPtr content;
    };
    std::vector<Item> items;
    {
        const std::shared_lock lock(mutex_);
        const std::size_t size = std::min(count, waiting_.size());
        for (std::size_t at = 0; at < size; ++at) {
            const SubjectRow& row = rows_[waiting_[at]];
            items.push_back({waiting_[at], row.subject, row.content});
        }
    }
    std::vector<WordList> words(items.size());
    for (std::size_t at = 0; at < items.size(); ++at) {
        if (items[at].content) {
            words[at].add_whole(items[at].subject);
            add_schema_words(items[at].content->type, items[at].content->text, words[at]);
        }
    }
    // Why: only this thread changes the rows, so they are still what they were.
    const std::lock_guard lock(mutex_);
    for (std::size_t at = 0; at < items.size(); ++at) {
        waiting_.pop_front();
        waits_[items[at].row] = false;
        if (items[at].content && !words_.put(items[at].row, words[at])) {
            words_full_ = true;
        }
    }
    return !waiting_.empty();
}

void SubjectListing::restart() {
    const std::lock_guard lock(mutex_);
    rows_.clear();
    kinds_.clear();
    waits_.clear();
    free_.clear();
    by_name_.clear();
    ranks_.clear();
    for (std::size_t order = 0; order < keyed_orders; ++order) {
        keys_[order].clear();
        by_key_[order].clear();
    }
    waiting_.clear();
    words_.clear();
    words_full_ = false;
}

std::size_t SubjectListing::search_bytes() const {
    const std::shared_lock lock(mutex_);
    return words_.size_bytes();
}

void SubjectListing::keep_prefix(const SubjectPrefix& prefix, RowBits& rows) const {
    RowBits kept(rows_.size());
    if (const auto start = common_start(prefix)) {
        auto at = std::lower_bound(
            by_name_.begin(), by_name_.end(), *start,
            [&](Row row, const std::string& text) { return rows_[row].subject < text; });
        for (; at != by_name_.end() && rows_[*at].subject.starts_with(*start); ++at) {
            kept.set(*at);
        }
    } else {
        for (const Row row : by_name_) {
            if (matches_printed(prefix, rows_[row].subject)) {
                kept.set(row);
            }
        }
    }
    rows.keep(kept);
}

void SubjectListing::keep_word(const std::string& word, RowBits& rows) const {
    RowBits kept(rows_.size());
    words_.find(word, kept);
    for (const Row row : waiting_) {
        if (to_lower_ascii(rows_[row].subject).find(word) != std::string::npos) {
            kept.set(row);
        }
    }
    rows.keep(kept);
}

RowBits SubjectListing::matching(const SubjectQuery& query) const {
    RowBits rows(rows_.size());
    for (Row row = 0; row < rows_.size(); ++row) {
        if (has_kind(kinds_[row], query)) {
            rows.set(row);
        }
    }
    if (query.prefix.context || !query.prefix.name.empty()) {
        keep_prefix(query.prefix, rows);
    }
    for (const std::string& word : query.words) {
        keep_word(word, rows);
    }
    return rows;
}

template <class Take>
void SubjectListing::walk_page(const SubjectQuery& query, const RowBits& rows, Take take) const {
    const Order& order = query.sort == SubjectSort::name
                             ? by_name_
                             : by_key_[static_cast<std::size_t>(query.sort) - 1];
    std::size_t skipped = 0;
    std::size_t taken = 0;
    const auto step = [&](Row row) {
        if (taken < query.limit && rows.test(row) && skipped++ >= query.offset) {
            take(rows_[row]);
            ++taken;
        }
        return taken < query.limit;
    };
    if (query.order == SortOrder::ascending) {
        static_cast<void>(std::all_of(order.begin(), order.end(), step));
    } else {
        static_cast<void>(std::all_of(order.rbegin(), order.rend(), step));
    }
}

SubjectPage SubjectListing::find(const SubjectQuery& query) const {
    const std::shared_lock lock(mutex_);
    const RowBits rows = matching(query);
    SubjectPage page;
    page.total = rows.count();
    page.complete = query.words.empty() || (waiting_.empty() && !words_full_);
    if (query.offset < page.total) {
        walk_page(query, rows, [&](const SubjectRow& row) { page.rows.push_back(row); });
    }
    return page;
}

std::vector<std::string> SubjectListing::names(const SubjectQuery& query) const {
    const std::shared_lock lock(mutex_);
    std::vector<std::string> names;
    walk_page(query, matching(query), [&](const SubjectRow& row) { names.push_back(row.subject); });
    return names;
}

}  // namespace symbolon
