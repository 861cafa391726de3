// The listing for screens: one row per subject, in four orders, found by text, a page at a time.
//
// The rows are kept beside the catalogue and follow it in batches, so that a question neither walks
// over all subjects nor holds the catalogue's lock while it sorts or searches. A question copies
// out its page alone. Words of schema texts come later than the rows they belong to; until then a
// search knows those rows by their names only, and says so.
//
// Example:  listing.apply(describe_subjects(catalog, names)); listing.find(query);
// Errors:   none
// Units:    ts in milliseconds since 1970; offset and limit count rows
// Threads:  find from many threads; apply, restart and index_words from one at a time
// Limits:   search_index_bytes_max
// Source:   docs/decisions/0010-screen-listing.md
// Tested by tests/unit/api/subject_listing_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/lookups.hpp"
#include "api/read_write_lock.hpp"
#include "api/word_index.hpp"
#include "core/limits.hpp"
#include "core/schema_type.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace symbolon {

enum class SubjectSort { name, time, versions, id };
enum class SortOrder { ascending, descending };

/// What a screen asks for; filters that are absent let everything pass.
struct SubjectQuery {
    std::vector<std::string> words;  ///< all must occur, each in the name or in a word
    SubjectPrefix prefix;
    std::optional<SchemaType> type;  ///< of the latest version
    View view = View::live;          ///< as list_subjects means it
    SubjectSort sort = SubjectSort::name;
    SortOrder order = SortOrder::ascending;
    std::size_t offset = 0;
    std::size_t limit = limits::listing_rows_default;
};

/// A subject as the listing shows it; of a deleted one, its last version.
struct SubjectRow {
    std::string subject;  ///< as list_subjects prints it
    Version version;
    SchemaId id;
    SchemaType type = SchemaType::avro;
    std::int64_t ts = 0;  ///< of its newest registration
    std::uint32_t live_versions = 0;
    std::uint32_t deleted_versions = 0;
    ContentPtr content;

    bool deleted() const { return live_versions == 0; }
};

struct SubjectPage {
    std::vector<SubjectRow> rows;
    std::size_t total = 0;  ///< rows that match, on all pages
    bool complete = true;   ///< false: words of some schemas are not searched yet
};

/// A subject as the catalogue has it; no row: it is not there.
struct SubjectEntry {
    std::string subject;
    std::optional<SubjectRow> row;
};
SubjectEntry describe_subject(const Catalog& catalog, const SubjectName& subject);
/// At most `count` subjects behind `after`, by context then name; nothing: from the first.
std::vector<SubjectEntry> describe_subjects_after(const Catalog& catalog,
                                                  const std::optional<SubjectName>& after,
                                                  std::size_t count);

class SubjectListing {
public:
    explicit SubjectListing(std::size_t words_bytes_max = limits::search_index_bytes_max)
        : words_(words_bytes_max) {}

    SubjectPage find(const SubjectQuery& query) const;
    /// The subjects of a page alone.
    std::vector<std::string> names(const SubjectQuery& query) const;

    /// REQUIRES: no subject twice.
    void apply(const std::vector<SubjectEntry>& entries);
    /// Reads the words of at most `count` schemas; false when there are no more to read.
    bool index_words(std::size_t count);
    /// Forgets everything.
    void restart();
    std::size_t search_bytes() const;

private:
    using Row = std::uint32_t;
    using Order = std::vector<Row>;
    static constexpr std::size_t keyed_orders = 3;  ///< all but the one by name

    struct Changes {
        Order added;
        Order removed;
        Order moved;  ///< stays, with other numbers
    };

    std::optional<Row> row_of(std::string_view text) const;
    Row take_slot();
    void set_row(Row row, const SubjectRow& value);
    void note_waiting(Row row);
    void update_orders(const Changes& changes);
    bool is_before(std::size_t order, Row left, Row right) const;
    RowBits matching(const SubjectQuery& query) const;
    template <class Take>
    void walk_page(const SubjectQuery& query, const RowBits& rows, Take take) const;
    void keep_prefix(const SubjectPrefix& prefix, RowBits& rows) const;
    void keep_word(const std::string& word, RowBits& rows) const;

    mutable ReadWriteLock mutex_;
    // Guarded by mutex_.
    std::vector<SubjectRow> rows_;
    std::vector<std::uint8_t> kinds_;  ///< of each row, what filters ask for
    std::vector<bool> waits_;          ///< of each row: its words are not read yet
    std::vector<Row> free_;
    Order by_name_;
    std::vector<std::uint32_t> ranks_;  ///< place of each row in by_name_
    std::array<std::vector<std::int64_t>, keyed_orders> keys_;
    std::array<Order, keyed_orders> by_key_;
    std::deque<Row> waiting_;
    WordIndex words_;
    bool words_full_ = false;
};

}  // namespace symbolon
