#include "api/workbench.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace symbolon {

namespace {

Result<std::string> compute_tags(SchemaType type, const std::string& text, compat::TagEdits edits,
                                 const ContentPtr& previous) {
    if (previous != nullptr) {
        SYMBOLON_TRY(edits.keep, compat::find_tags(type, previous->text));
    }
    return compat::edit_tags(type, text, edits);
}

tl::unexpected<Error> ask_again() {
    return failure(make_error(ErrorCode::internal_error));
}

std::string pair_key(const std::string& left, const std::string& right) {
    return std::to_string(left.size()) + ":" + left + right;
}

void shorten(std::string& text) {
    std::size_t size = std::min(text.size(), limits::old_schema_message_chars_max);
    while (size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;  // never inside a UTF-8 sequence
    }
    text.resize(size);
}

std::string check_key(CheckTerms terms, const SchemaSource& candidate,
                      const std::vector<HistorySource>& history) {
    std::string key(compat::to_string(terms.level));
    key += terms.policy == compat::Policy::lenient ? "l" : "s";
    key += terms.counter_examples == CounterExamples::build ? "e" : "n";
    key += pair_key(candidate.key, {});
    for (const auto& entry : history) {
        key += std::to_string(entry.version.value()) + "=" + pair_key(entry.source.key, {});
    }
    return key;
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

Result<std::string> Workbench::edit_tags(SchemaType type, const std::string& text,
                                         const compat::TagEdits& edits,
                                         const ContentPtr& previous) {
    std::string key = pair_key(text, previous == nullptr ? std::string() : previous->text);
    if (const auto found = tagged_.find(key); found != tagged_.end()) {
        return found->second;
    }
    if (deferring_) {
        jobs_.emplace_back([this, key, type, text, edits, previous] {
            tagged_.insert_or_assign(key, compute_tags(type, text, edits, previous));
        });
        return ask_again();
    }
    return tagged_.emplace(std::move(key), compute_tags(type, text, edits, previous)).first->second;
}

Result<compat::Outcome> Workbench::check(CheckTerms terms, const SchemaSource& candidate,
                                         const std::vector<HistorySource>& history) {
    std::string key = check_key(terms, candidate, history);
    if (const auto found = checked_.find(key); found != checked_.end()) {
        return found->second;
    }
    if (deferring_) {
        jobs_.emplace_back([this, key, terms, candidate, history] {
            checked_.insert_or_assign(key, compute_check(terms, candidate, history));
        });
        return ask_again();
    }
    return checked_.emplace(std::move(key), compute_check(terms, candidate, history)).first->second;
}

compat::Outcome invalid_referrer(std::string message) {
    shorten(message);
    compat::Outcome outcome;
    outcome.findings.push_back({{compat::FindingKind::referrer_invalid, "/", std::move(message)},
                                compat::Direction::backward});
    return outcome;
}

Result<compat::Outcome> Workbench::check_moved(const MovedReferrer& referrer) {
    std::string key = "moved " + check_key(referrer.terms, referrer.moved, referrer.history);
    if (const auto found = checked_.find(key); found != checked_.end()) {
        return found->second;
    }
    if (deferring_) {
        jobs_.emplace_back(
            [this, key, referrer] { checked_.insert_or_assign(key, compute_moved(referrer)); });
        return ask_again();
    }
    return checked_.emplace(std::move(key), compute_moved(referrer)).first->second;
}

compat::Outcome Workbench::compute_moved(const MovedReferrer& referrer) {
    if (referrer.moved.strictness == compat::Strictness::strict && !cache_.parse(referrer.moved) &&
        !cache_.parse(referrer.present)) {
        // It was taken in when less was asked of it, and is none the worse for the new version.
        return compute_moved(referrer, make_source(referrer.moved.content, referrer.moved.closure,
                                                   compat::Strictness::lenient));
    }
    return compute_moved(referrer, referrer.moved);
}

compat::Outcome Workbench::compute_moved(const MovedReferrer& referrer,
                                         const SchemaSource& source) {
    const auto schema = cache_.parse(source);
    if (!schema) {
        return invalid_referrer(schema.error().message);
    }
    if (referrer.terms.level == compat::Level::none) {
        return {};
    }
    const auto kept = schemas_.insert_or_assign(source.key, *schema).first;
    auto checked = compute_check(referrer.terms, source, referrer.history);
    schemas_.erase(kept);
    if (!checked) {
        return invalid_referrer(checked.error().message);
    }
    // Many referrers are told of in one answer: the first findings of each will do.
    auto& findings = checked->findings;
    findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(
                                          std::min(findings.size(), limits::referrer_findings_max)),
                   findings.end());
    for (auto& directed : findings) {
        shorten(directed.finding.message);
    }
    checked->old_text.clear();
    return *std::move(checked);
}

Result<compat::SchemaPtr> Workbench::schema_of(const SchemaSource& source) {
    const auto found = schemas_.find(source.key);
    return found != schemas_.end() ? Result<compat::SchemaPtr>(found->second)
                                   : cache_.parse(source);
}

Result<ParsedTextPtr> Workbench::compute_parse(const SchemaSource& source,
                                               compat::Normalize normalize) {
    SYMBOLON_TRY(auto schema, schema_of(source));
    schemas_.insert_or_assign(source.key, schema);
    SYMBOLON_TRY(auto text, schema->canonical_text(compat::Normalize::no));
    const std::size_t canonical_bytes = text.size();
    if (normalize == compat::Normalize::yes) {
        SYMBOLON_TRY(text, schema->canonical_text(compat::Normalize::yes));
    }
    auto fields = schema->check_fields();
    return std::make_shared<const ParsedText>(
        ParsedText{std::move(schema), std::move(text), canonical_bytes, std::move(fields)});
}

bool Workbench::compute_equivalent(const SchemaSource& candidate, const SchemaSource& stored) {
    const auto left = schema_of(candidate);
    const auto right = cache_.parse(stored);
    if (!left || !right || (*left)->type() != (*right)->type()) {
        return false;
    }
    if (stored.closure.empty()) {
        if (const auto text = (*right)->canonical_text(compat::Normalize::no)) {
            cache_.tell_canonical_bytes(*stored.content, text->size());
        }
    }
    return (*left)->equivalent_to(**right);
}

Result<compat::Outcome> Workbench::compute_check(CheckTerms terms, const SchemaSource& candidate,
                                                 const std::vector<HistorySource>& history) {
    SYMBOLON_TRY(const auto schema, schema_of(candidate));
    for (const auto& entry : history) {
        // One at a time, so that a long history is never in memory at once.
        SYMBOLON_TRY(const auto earlier, cache_.parse(entry.source));
        const compat::HistoryEntry one{entry.version, earlier, entry.source.content->text};
        SYMBOLON_TRY(auto outcome,
                     compat::check_level(terms.level, *schema, {&one, 1}, terms.policy));
        if (!outcome.compatible()) {
            if (terms.counter_examples == CounterExamples::build) {
                compat::add_counter_examples(outcome, *schema, *earlier);
            }
            return outcome;
        }
    }
    return compat::Outcome();
}

}  // namespace symbolon
