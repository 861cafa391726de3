#include "api/word_index.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace symbolon {

namespace {

/// Fewer replaced documents are not worth a packing.
constexpr std::size_t waste_min = 1'024;
constexpr std::size_t table_size_min = 1'024;

std::size_t hash_of(std::string_view text) {
    return std::hash<std::string_view>{}(text);
}

}  // namespace

template <class Visit>
void WordIndex::for_each_document(const Word& word, Visit visit) {
    Document document = 0;
    std::uint32_t distance = 0;
    unsigned shift = 0;
    for (const char next : word.documents) {
        const auto byte = static_cast<unsigned char>(next);
        distance |= (byte & 0x7FU) << shift;
        shift += 7;
        if ((byte & 0x80U) == 0) {
            document += distance;
            visit(document);
            distance = 0;
            shift = 0;
        }
    }
}

void WordIndex::append(Word& word, Document document) {
    if (word.last == document) {
        return;
    }
    std::uint32_t distance = document - (word.last == nothing ? 0 : word.last);
    const std::size_t before = word.documents.size();
    while (distance >= 0x80U) {
        word.documents += static_cast<char>(distance | 0x80U);
        distance >>= 7U;
    }
    word.documents += static_cast<char>(distance);
    word.last = document;
    posting_bytes_ += word.documents.size() - before;
}

void WordIndex::insert(std::uint32_t number) {
    const std::size_t mask = table_.size() - 1;
    std::size_t place = hash_of(text_of(words_[number])) & mask;
    while (table_[place] != nothing) {
        place = (place + 1) & mask;
    }
    table_[place] = number;
}

void WordIndex::grow_table() {
    table_.assign(std::max(table_size_min, table_.size() * 2), nothing);
    for (std::uint32_t number = 0; number < words_.size(); ++number) {
        insert(number);
    }
}

WordIndex::Word& WordIndex::word_of(std::string_view text) {
    if (words_.size() * 2 >= table_.size()) {
        grow_table();
    }
    const std::size_t mask = table_.size() - 1;
    for (std::size_t place = hash_of(text) & mask; table_[place] != nothing;
         place = (place + 1) & mask) {
        if (text_of(words_[table_[place]]) == text) {
            return words_[table_[place]];
        }
    }
    words_.push_back({static_cast<std::uint32_t>(letters_.size()),
                      static_cast<std::uint32_t>(text.size()),
                      nothing,
                      {}});
    letters_ += text;
    letters_ += '\0';
    insert(static_cast<std::uint32_t>(words_.size() - 1));
    return words_.back();
}

bool WordIndex::put(Row row, const WordList& words) {
    erase(row);
    if (size_bytes() >= bytes_max_) {
        return false;
    }
    const auto document = static_cast<Document>(rows_.size());
    rows_.push_back(row);
    if (row >= documents_.size()) {
        documents_.resize(row + 1, nothing);
    }
    documents_[row] = document;
    for (std::size_t at = 0; at < words.size(); ++at) {
        append(word_of(words[at]), document);
    }
    return true;
}

void WordIndex::erase(Row row) {
    if (row >= documents_.size() || documents_[row] == nothing) {
        return;
    }
    rows_[documents_[row]] = nothing;
    documents_[row] = nothing;
    ++waste_;
    if (waste_ >= waste_min && waste_ * 2 > rows_.size()) {
        pack();
    }
}

void WordIndex::pack() {
    WordIndex packed(bytes_max_);
    packed.documents_.assign(documents_.size(), nothing);
    std::vector<Document> moved(rows_.size(), nothing);
    for (std::size_t document = 0; document < rows_.size(); ++document) {
        if (rows_[document] != nothing) {
            moved[document] = static_cast<Document>(packed.rows_.size());
            packed.documents_[rows_[document]] = moved[document];
            packed.rows_.push_back(rows_[document]);
        }
    }
    for (const Word& word : words_) {
        Word* kept = nullptr;
        for_each_document(word, [&](Document document) {
            if (moved[document] != nothing) {
                kept = kept == nullptr ? &packed.word_of(text_of(word)) : kept;
                packed.append(*kept, moved[document]);
            }
        });
    }
    take(packed);
}

void WordIndex::take(WordIndex& other) {
    letters_ = std::move(other.letters_);
    words_ = std::move(other.words_);
    table_ = std::move(other.table_);
    rows_ = std::move(other.rows_);
    documents_ = std::move(other.documents_);
    waste_ = other.waste_;
    posting_bytes_ = other.posting_bytes_;
}

void WordIndex::clear() {
    WordIndex empty(bytes_max_);
    take(empty);
}

void WordIndex::find(std::string_view part, RowBits& found) const {
    if (part.empty() || part.find('\0') != std::string_view::npos) {
        return;
    }
    const std::string_view letters = letters_;
    std::size_t number = 0;
    for (std::size_t at = letters.find(part); at != std::string_view::npos;) {
        number = word_at(at, number);
        const Word& word = words_[number];
        for_each_document(word, [&](Document document) {
            if (rows_[document] != nothing) {
                found.set(rows_[document]);
            }
        });
        at = letters.find(part, word.at + word.size);
    }
}

// The word that covers place `at`, not before word `first`. Why in leaps that grow: a part that
// many words have is in the next word or soon after it, a rare one far behind.
std::size_t WordIndex::word_at(std::size_t at, std::size_t first) const {
    std::size_t step = 1;
    while (first + step < words_.size() && words_[first + step].at <= at) {
        first += step;
        step *= 2;
    }
    const auto begin = words_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        words_.begin() + static_cast<std::ptrdiff_t>(std::min(first + step, words_.size()));
    const auto after = std::upper_bound(
        begin, end, at, [](std::size_t place, const Word& word) { return place < word.at; });
    return static_cast<std::size_t>(after - words_.begin()) - 1;
}

std::size_t WordIndex::size_bytes() const {
    return letters_.capacity() + words_.capacity() * sizeof(Word) +
           table_.capacity() * sizeof(std::uint32_t) + rows_.capacity() * sizeof(Row) +
           documents_.capacity() * sizeof(Document) + posting_bytes_;
}

}  // namespace symbolon
