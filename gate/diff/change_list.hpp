// Collects changes within bounds, and says them in the words that all schema types share.
//
// Example:  list.add_changed({.about = "doc", …}, "old text", "new text");
// Threads:  one at a time
// Limits:   diff_changes_max, diff_steps_max, diff_value_bytes_max, error_path_bytes_max
// Tested by tests/unit/gate/diff/structural_diff_test.cpp
#pragma once

#include "gate/diff/structural_diff.hpp"
#include "gate/model/place_below.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {

/// Where a comparison stands.
struct DiffSpot {
    std::string group{};
    std::string place{};     ///< as people name it; the root is empty
    std::string old_path{};  ///< the root is empty
    std::string new_path{};

    /// One step down, by the same token in both and in the place.
    DiffSpot down(std::string_view token) const;
    /// One step down by different tokens; the place is left as it is.
    DiffSpot inside(std::string_view old_token, std::string_view new_token) const;
};

/// "/" for the root, else the text.
std::string place_or_root(std::string_view place);
/// The text, or its begin and "…" when it is long; never half a character.
std::string shorten(std::string_view text);

class ChangeList {
public:
    /// More work; false when the walk should end.
    bool step(std::size_t cost = 1);
    bool ended() const { return ended_; }

    /// `words` is what was added or removed, such as "field /total (double)".
    void add(ChangeKind kind, std::string_view about, const DiffSpot& spot, std::string words);
    /// "about of place: old → new"; an empty value says "none".
    void change(std::string_view about, const DiffSpot& spot, std::string_view old_value,
                std::string_view new_value, ChangeEffect effect = ChangeEffect::data);
    /// Only when they differ; nullopt is another thing than an empty text.
    void change_if(std::string_view about, const DiffSpot& spot,
                   const std::optional<std::string_view>& old_value,
                   const std::optional<std::string_view>& new_value, ChangeEffect effect);
    /// The same in words of one's own.
    void reword(std::string words) { changes_.back().words = std::move(words); }
    void mark(ChangeEffect effect) { changes_.back().effect = effect; }

    /// Two lists of texts in which order means nothing or little: what was added and removed,
    /// each as "about TEXT of place", and whether those that both have come in another order.
    enum class Order { matters, is_nothing };
    template <class Texts>
    void compare_lists(std::string_view about, const DiffSpot& spot, const Texts& old_texts,
                       const Texts& new_texts, Order order,
                       ChangeEffect effect = ChangeEffect::data);

    /// What was collected, those of one group together, groups in the order of their first change.
    std::vector<Change> finish() &&;

private:
    void compare_texts(std::string_view about, const DiffSpot& spot,
                       const std::vector<std::string_view>& old_texts,
                       const std::vector<std::string_view>& new_texts, Order order,
                       ChangeEffect effect);

    std::vector<Change> changes_;
    std::uint64_t steps_ = 0;
    bool ended_ = false;
};

template <class Texts>
void ChangeList::compare_lists(std::string_view about, const DiffSpot& spot, const Texts& old_texts,
                               const Texts& new_texts, Order order, ChangeEffect effect) {
    compare_texts(about, spot, {old_texts.begin(), old_texts.end()},
                  {new_texts.begin(), new_texts.end()}, order, effect);
}

}  // namespace symbolon::gate
