// What a pair check knows of pairs of nodes it has met: a hash map without a node per entry.
//
// Threads:  one at a time
// Source:   avro-compat.md, "The check" 6 and 7
// Tested by tests/unit/compat/avro_check_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace symbolon::compat::avro {

class PairMemo {
public:
    enum class State : std::uint8_t { in_progress, readable, unreadable };
    struct Entry {
        std::uint64_t pair = 0;
        std::uint32_t kept_begin = 0;
        std::uint32_t kept_count = 0;
        State state = State::in_progress;
        bool guessed = false;  ///< was taken for readable while in progress
    };

    PairMemo() : slots_(64) {}

    /// The entry's number, and whether the pair is met for the first time.
    [[gnu::noinline]] std::pair<std::size_t, bool> open(std::uint32_t reader,
                                                        std::uint32_t writer) {
        const std::uint64_t pair = (std::uint64_t{reader} << 32U) | writer;
        if ((entries_.size() + 1) * 2 > slots_.size()) {
            rehash(slots_.size() * 2);
        }
        std::size_t at = slot_of(pair);
        for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
            if (entries_[slots_[at] - 1].pair == pair) {
                return {slots_[at] - 1, false};
            }
        }
        entries_.push_back({pair, 0, 0, State::in_progress, false});
        slots_[at] = static_cast<std::uint32_t>(entries_.size());
        return {entries_.size() - 1, true};
    }

    Entry& operator[](std::size_t entry) { return entries_[entry]; }

    void keep_unreadable(std::size_t entry, std::span<const std::uint32_t> findings) {
        entries_[entry].state = State::unreadable;
        entries_[entry].kept_begin = static_cast<std::uint32_t>(kept_.size());
        entries_[entry].kept_count = static_cast<std::uint32_t>(findings.size());
        kept_.insert(kept_.end(), findings.begin(), findings.end());
    }

    std::span<const std::uint32_t> kept(std::size_t entry) const {
        return std::span(kept_).subspan(entries_[entry].kept_begin, entries_[entry].kept_count);
    }

    void forget_all_but_unreadable() {
        std::erase_if(entries_,
                      [](const Entry& entry) { return entry.state != State::unreadable; });
        rehash(slots_.size());
    }

private:
    std::size_t slot_of(std::uint64_t pair) const {
        pair = (pair ^ (pair >> 31U)) * 0x9E3779B97F4A7C15ULL;
        return (pair >> 32U) & (slots_.size() - 1);
    }

    void rehash(std::size_t size) {
        slots_.assign(size, 0);
        for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
            std::size_t at = slot_of(entries_[entry].pair);
            while (slots_[at] != 0) {
                at = (at + 1) & (size - 1);
            }
            slots_[at] = static_cast<std::uint32_t>(entry + 1);
        }
    }

    std::vector<std::uint32_t> slots_;  ///< entry number + 1, or 0; a power of two of them
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> kept_;
};

}  // namespace symbolon::compat::avro
