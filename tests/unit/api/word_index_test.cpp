#include "api/word_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace symbolon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t plenty = 64U << 20U;
constexpr std::size_t row_count = 5'000;

class WordIndexTest : public ::testing::Test {
protected:
    bool put(WordIndex::Row row, const std::vector<std::string>& words) {
        WordList list;
        for (const auto& word : words) {
            list.add_whole(word);
        }
        return index.put(row, list);
    }
    std::vector<std::size_t> find(std::string_view part) const {
        RowBits bits(row_count);
        index.find(part, bits);
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < row_count; ++row) {
            if (bits.test(row)) {
                rows.push_back(row);
            }
        }
        EXPECT_EQ(rows.size(), bits.count());
        return rows;
    }

    WordIndex index{plenty};
};

TEST_F(WordIndexTest, APartOfAWordFindsItsRows) {
    put(0, {"customer_id", "order"});
    put(7, {"reorder", "order"});
    put(63, {"customer"});
    put(64, {"x"});
    EXPECT_THAT(find("order"), ElementsAre(0, 7));
    EXPECT_THAT(find("customer"), ElementsAre(0, 63));
    EXPECT_THAT(find("omer_"), ElementsAre(0));
    EXPECT_THAT(find("x"), ElementsAre(64));
    EXPECT_THAT(find("orderx"), IsEmpty());
    EXPECT_THAT(find(""), IsEmpty());
}

TEST_F(WordIndexTest, TwoWordsNeverMatchTogether) {
    put(0, {"ab", "cd"});
    EXPECT_THAT(find("bc"), IsEmpty());
    EXPECT_THAT(find(std::string_view("b\0c", 3)), IsEmpty());
}

TEST_F(WordIndexTest, NewWordsReplaceTheOldOnesAndErasedRowsAreGone) {
    put(1, {"old"});
    put(1, {"new"});
    put(2, {"old"});
    EXPECT_THAT(find("old"), ElementsAre(2));
    EXPECT_THAT(find("new"), ElementsAre(1));
    index.erase(2);
    index.erase(2);
    index.erase(4'000);
    EXPECT_THAT(find("old"), IsEmpty());
}

TEST_F(WordIndexTest, ManyReplacementsAnswerAsASimpleMapDoesAndDoNotPileUp) {
    std::mt19937 random(1);  // NOLINT(bugprone-random-generator-seed): the same run each time
    std::vector<std::set<std::string>> expected(300);
    std::size_t early = 0;
    for (int round = 0; round < 60'000; ++round) {
        const auto row = static_cast<WordIndex::Row>(random() % expected.size());
        expected[row].clear();
        if (random() % 10 == 0) {
            index.erase(row);
        } else {
            for (std::size_t count = random() % 5; count > 0; --count) {
                expected[row].insert("w" + std::to_string(random() % 400));
            }
            put(row, {expected[row].begin(), expected[row].end()});
        }
        early = round == 6'000 ? index.size_bytes() : early;
    }
    EXPECT_LE(index.size_bytes(), early * 2);
    for (const std::string part : {"w1", "w39", "w123", "2", "w"}) {
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < expected.size(); ++row) {
            const bool matches =
                std::any_of(expected[row].begin(), expected[row].end(),
                            [&](const auto& word) { return word.find(part) != std::string::npos; });
            if (matches) {
                rows.push_back(row);
            }
        }
        EXPECT_EQ(find(part), rows) << part;
    }
}

TEST_F(WordIndexTest, PastItsMemoryItTakesNoMoreAndKeepsWhatItHas) {
    WordIndex small(200'000);
    WordList list;
    WordIndex::Row row = 0;
    for (; row < row_count; ++row) {
        list.clear();
        list.add_whole("a_rather_long_word_that_costs_memory_" + std::to_string(row));
        if (!small.put(row, list)) {
            break;
        }
    }
    ASSERT_LT(row, row_count);
    RowBits bits(row_count);
    small.find("word", bits);
    EXPECT_EQ(bits.count(), row);
    EXPECT_LT(small.size_bytes(), 400'000U);
}

}  // namespace
}  // namespace symbolon
