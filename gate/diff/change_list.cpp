#include "gate/diff/change_list.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>

namespace symbolon::gate {

std::string place_or_root(std::string_view place) {
    return place.empty() ? "/" : std::string(place);
}

std::string shorten(std::string_view text) {
    if (text.size() <= limits::diff_value_bytes_max) {
        return std::string(text);
    }
    std::size_t end = limits::diff_value_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return std::string(text.substr(0, end)) + "…";
}

DiffSpot DiffSpot::down(std::string_view token) const {
    return {group, place_below(place, token), place_below(old_path, token),
            place_below(new_path, token)};
}

DiffSpot DiffSpot::inside(std::string_view old_token, std::string_view new_token) const {
    return {group, place, old_path + std::string(old_token), new_path + std::string(new_token)};
}

bool ChangeList::step(std::size_t cost) {
    steps_ += cost;
    ended_ =
        ended_ || steps_ > limits::diff_steps_max || changes_.size() >= limits::diff_changes_max;
    return !ended_;
}

void ChangeList::add(ChangeKind kind, std::string_view about, const DiffSpot& spot,
                     std::string words) {
    if (!step()) {
        return;
    }
    Change change;
    change.kind = kind;
    change.about = shorten(about);
    change.group = shorten(spot.group);
    change.place = place_or_root(spot.place);
    change.words = std::move(words);
    change.old_path = place_or_root(spot.old_path);
    change.new_path = place_or_root(spot.new_path);
    changes_.push_back(std::move(change));
}

void ChangeList::change(std::string_view about, const DiffSpot& spot, std::string_view old_value,
                        std::string_view new_value, ChangeEffect effect) {
    const auto said = [](std::string_view value) {
        return value.empty() ? std::string("none") : shorten(value);
    };
    const ChangeKind kind = old_value.empty()   ? ChangeKind::added
                            : new_value.empty() ? ChangeKind::removed
                                                : ChangeKind::changed;
    const std::string place = shorten(place_or_root(spot.place));
    std::string words = kind == ChangeKind::changed
                            ? fmt::format("{} of {}: {} → {}", shorten(about), place,
                                          said(old_value), said(new_value))
                            : fmt::format("{} of {}: {}", shorten(about), place,
                                          said(old_value.empty() ? new_value : old_value));
    add(kind, about, spot, std::move(words));
    if (!ended_) {
        changes_.back().old_value = shorten(old_value);
        changes_.back().new_value = shorten(new_value);
        changes_.back().effect = effect;
    }
}

void ChangeList::change_if(std::string_view about, const DiffSpot& spot,
                           const std::optional<std::string_view>& old_value,
                           const std::optional<std::string_view>& new_value, ChangeEffect effect) {
    if (old_value == new_value) {
        return;
    }
    const auto shown = [](const std::optional<std::string_view>& value) {
        return value && value->empty() ? std::string_view("\"\"") : value.value_or("");
    };
    change(about, spot, shown(old_value), shown(new_value), effect);
}

void ChangeList::compare_texts(std::string_view about, const DiffSpot& spot,
                               const std::vector<std::string_view>& old_texts,
                               const std::vector<std::string_view>& new_texts, Order order,
                               ChangeEffect effect) {
    if (!step(old_texts.size() + new_texts.size())) {
        return;
    }
    const std::unordered_set<std::string_view> before(old_texts.begin(), old_texts.end());
    const std::unordered_set<std::string_view> after(new_texts.begin(), new_texts.end());
    const std::string place = shorten(place_or_root(spot.place));
    std::vector<std::string_view> kept_before;
    std::vector<std::string_view> kept_after;
    const auto tell = [&](ChangeKind kind, std::string_view text) {
        add(kind, about, spot, fmt::format("{} {} of {}", about, shorten(text), place));
        if (!ended_) {
            auto& value =
                kind == ChangeKind::added ? changes_.back().new_value : changes_.back().old_value;
            value = shorten(text);
            changes_.back().effect = effect;
        }
    };
    for (const std::string_view text : old_texts) {
        if (after.contains(text)) {
            kept_before.push_back(text);
        } else {
            tell(ChangeKind::removed, text);
        }
    }
    for (const std::string_view text : new_texts) {
        if (before.contains(text)) {
            kept_after.push_back(text);
        } else {
            tell(ChangeKind::added, text);
        }
    }
    if (order == Order::matters && kept_before != kept_after) {
        const auto list = [](const std::vector<std::string_view>& texts) {
            std::string out;
            for (const std::string_view text : texts) {
                out += out.empty() ? "" : ", ";
                out += text;
                if (out.size() > limits::diff_value_bytes_max) {
                    break;
                }
            }
            return out;
        };
        change(fmt::format("order of {}{}", about, about.ends_with("ch") ? "es" : "s"), spot,
               list(kept_before), list(kept_after), effect);
    }
}

std::vector<Change> ChangeList::finish() && {
    std::unordered_map<std::string, std::size_t> first;
    for (std::size_t at = 0; at < changes_.size(); ++at) {
        first.emplace(changes_[at].group, at);
    }
    std::stable_sort(changes_.begin(), changes_.end(),
                     [&first](const Change& left, const Change& right) {
                         return first.at(left.group) < first.at(right.group);
                     });
    return std::move(changes_);
}

}  // namespace symbolon::gate
