#include "api/workbench.hpp"

#include <utility>

namespace symbolon {

namespace {

tl::unexpected<Error> ask_again() {
    return failure(make_error(ErrorCode::internal_error));
}

std::string pair_key(const std::string& left, const std::string& right) {
    return std::to_string(left.size()) + ":" + left + right;
}

}  // namespace

void Workbench::run_jobs() {
    for (const auto& job : std::exchange(jobs_, {})) {
        job();
    }
}

Result<ParsedTextPtr> Workbench::parse(const SchemaSource& source, compat::Normalize normalize) {
    const std::string key = (normalize == compat::Normalize::yes ? "n" : "c") + source.key;
    if (const auto found = parsed_.find(key); found != parsed_.end()) {
        return found->second;
    }
    if (deferring_) {
        jobs_.emplace_back([this, key, source, normalize] {
            parsed_.insert_or_assign(key, compute_parse(source, normalize));
        });
        return ask_again();
    }
    return parsed_.emplace(key, compute_parse(source, normalize)).first->second;
}

std::optional<bool> Workbench::equivalent(const SchemaSource& candidate,
                                          const SchemaSource& stored) {
    std::string key = pair_key(candidate.key, stored.key);
    if (const auto found = equivalent_.find(key); found != equivalent_.end()) {
        return found->second;
    }
    if (deferring_) {
        jobs_.emplace_back([this, key, candidate, stored] {
            equivalent_.insert_or_assign(key, compute_equivalent(candidate, stored));
        });
        return std::nullopt;
    }
    return equivalent_.emplace(std::move(key), compute_equivalent(candidate, stored)).first->second;
}

Result<compat::Outcome> Workbench::check(compat::Level level, const SchemaSource& candidate,
                                         const std::vector<HistorySource>& history) {
    std::string key = std::string(compat::to_string(level)) + pair_key(candidate.key, {});
    for (const auto& entry : history) {
        key += std::to_string(entry.version.value()) + "=" + pair_key(entry.source.key, {});
    }
    if (const auto found = checked_.find(key); found != checked_.end()) {
        return found->second;
    }
    if (deferring_) {
        jobs_.emplace_back([this, key, level, candidate, history] {
            checked_.insert_or_assign(key, compute_check(level, candidate, history));
        });
        return ask_again();
    }
    return checked_.emplace(std::move(key), compute_check(level, candidate, history)).first->second;
}

Result<ParsedTextPtr> Workbench::compute_parse(const SchemaSource& source,
                                               compat::Normalize normalize) {
    SYMBOLON_TRY(auto schema, cache_.parse(source));
    SYMBOLON_TRY(auto text, schema->canonical_text(normalize));
    return std::make_shared<const ParsedText>(ParsedText{std::move(schema), std::move(text)});
}

bool Workbench::compute_equivalent(const SchemaSource& candidate, const SchemaSource& stored) {
    // What may differ between equivalent schemas is the order of properties and aliases, and what
    // is written out or referred to; without references the canonical texts are equally long.
    if (candidate.closure.empty() && stored.closure.empty()) {
        const auto ours = cache_.canonical_bytes(candidate);
        const auto theirs = cache_.canonical_bytes(stored);
        if (!ours || !theirs || *ours != *theirs) {
            return false;
        }
    }
    const auto left = cache_.parse(candidate);
    const auto right = cache_.parse(stored);
    return left && right && (*left)->type() == (*right)->type() && (*left)->equivalent_to(**right);
}

Result<compat::Outcome> Workbench::compute_check(compat::Level level, const SchemaSource& candidate,
                                                 const std::vector<HistorySource>& history) {
    SYMBOLON_TRY(const auto schema, cache_.parse(candidate));
    for (const auto& entry : history) {
        // One at a time, so that a long history is never in memory at once.
        SYMBOLON_TRY(auto earlier, cache_.parse(entry.source));
        const compat::HistoryEntry one{entry.version, std::move(earlier),
                                       entry.source.content->text};
        SYMBOLON_TRY(auto outcome, compat::check_level(level, *schema, {&one, 1}));
        if (!outcome.compatible()) {
            return outcome;
        }
    }
    return compat::Outcome();
}

}  // namespace symbolon
