// A set of row numbers as one bit each: what a search and its filters narrow down.
//
// Units:    rows count from 0
// Threads:  a value
// Tested by tests/unit/api/word_index_test.cpp
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace symbolon {

class RowBits {
public:
    explicit RowBits(std::size_t rows) : words_((rows + bits_per_word - 1) / bits_per_word) {}

    /// REQUIRES: `row` is below the number of rows, here and in test.
    void set(std::size_t row) {
        words_[row / bits_per_word] |= std::uint64_t{1} << row % bits_per_word;
    }
    bool test(std::size_t row) const {
        return (words_[row / bits_per_word] >> row % bits_per_word & 1U) != 0;
    }
    /// Keeps what `other`, of the same size, has too.
    void keep(const RowBits& other) {
        for (std::size_t at = 0; at < words_.size(); ++at) {
            words_[at] &= other.words_[at];
        }
    }
    std::size_t count() const {
        std::size_t rows = 0;
        for (const std::uint64_t word : words_) {
            rows += static_cast<std::size_t>(std::popcount(word));
        }
        return rows;
    }

private:
    static constexpr std::size_t bits_per_word = 64;
    std::vector<std::uint64_t> words_;
};

}  // namespace symbolon
