#include "client/decoder/evolution_guard.hpp"

#include "core/limits.hpp"

#include <utility>

namespace symbolon::client {

EvolutionGuard::EvolutionGuard(GuardState state, int retries_max)
    : state_(std::move(state)), retries_max_(retries_max) {}

bool EvolutionGuard::is_flagged(std::string_view subject) const {
    const auto at = state_.find(subject);
    return at != state_.end() && at->second.flag.has_value();
}

Admission EvolutionGuard::admit(std::string_view subject, Version version, compat::Level level,
                                std::int64_t now_ms) {
    if (level != compat::Level::none || find_last_good(subject)) {
        return Admission::decode;
    }
    if (auto* const state = find_or_add(subject)) {
        state->flag = SubjectFlag{version, now_ms};
        changed_ = true;
    }
    return Admission::dead_letter;
}

void EvolutionGuard::remember(std::string_view subject, Version version) {
    auto* const state = find_or_add(subject);
    if (state != nullptr && state->last_good != version) {
        state->last_good = version;
        changed_ = true;
    }
}

std::optional<Version> EvolutionGuard::find_last_good(std::string_view subject) const {
    const auto at = state_.find(subject);
    return at == state_.end() ? std::nullopt : at->second.last_good;
}

Queue EvolutionGuard::queue_after_failure(int attempt) const {
    return attempt < retries_max_ ? Queue::retry : Queue::dead_letter;
}

bool EvolutionGuard::take_changed() {
    return std::exchange(changed_, false);
}

SubjectState* EvolutionGuard::find_or_add(std::string_view subject) {
    const auto at = state_.find(subject);
    if (at != state_.end()) {
        return &at->second;
    }
    if (state_.size() >= limits::guard_subjects_max) {
        return nullptr;
    }
    return &state_.emplace(std::string(subject), SubjectState{}).first->second;
}

}  // namespace symbolon::client
