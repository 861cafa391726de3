// Which rows hold a word that contains a given text: a vocabulary and, per word, the rows.
//
// Each distinct word is stored once, all of them one after the other, so looking for a part of a
// word is one sweep over that text. Rows of a word are numbers in as few bytes as they need. What
// is replaced stays as waste until half of everything is, then all is packed anew.
//
// Units:    bytes; rows are numbers that the caller gives
// Threads:  const members from many threads at once
// Limits:   bytes_max, given to the constructor
// Tested by tests/unit/api/word_index_test.cpp
#pragma once

#include "api/row_bits.hpp"
#include "api/schema_words.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

class WordIndex {
public:
    using Row = std::uint32_t;

    explicit WordIndex(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// Gives `row` these words in place of those it had; false, and without words, when the memory
    /// is used up.
    bool put(Row row, const WordList& words);
    void erase(Row row);
    void clear();
    /// Adds to `found` every row with a word that contains `part`, which is in lower case.
    void find(std::string_view part, RowBits& found) const;
    std::size_t size_bytes() const;

private:
    using Document = std::uint32_t;  ///< a row as it was put once; never used again
    static constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

    struct Word {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
        Document last = nothing;
        std::string documents;  ///< ascending, each as the distance from the one before
    };

    std::string_view text_of(const Word& word) const {
        return std::string_view(letters_).substr(word.at, word.size);
    }
    Word& word_of(std::string_view text);
    void grow_table();
    void insert(std::uint32_t number);
    void append(Word& word, Document document);
    std::size_t word_at(std::size_t at, std::size_t first) const;
    void pack();
    void take(WordIndex& other);
    template <class Visit>
    static void for_each_document(const Word& word, Visit visit);

    const std::size_t bytes_max_;
    std::string letters_;               ///< all words, each followed by a zero byte
    std::vector<Word> words_;           ///< in the order of letters_
    std::vector<std::uint32_t> table_;  ///< places by hash, each with the number of a word
    std::vector<Row> rows_;             ///< of each document; nothing: replaced or erased
    std::vector<Document> documents_;   ///< of each row
    std::size_t waste_ = 0;             ///< documents without a row
    std::size_t posting_bytes_ = 0;
};

}  // namespace symbolon
