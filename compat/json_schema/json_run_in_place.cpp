#include "compat/json_schema/json_run.hpp"
#include "compat/json_schema/json_sentences.hpp"
#include "core/limits.hpp"

#include <algorithm>

namespace symbolon::compat::json {

bool Run::check_in_place(const Frame& frame, const InPlaceRules& rules) {
    const auto [node, value, scope] = frame;
    bool good = true;
    // Calls are made as long as nothing is wrong, or reasons are wanted.
    const auto need = [&](NodeId id) {
        if (good || reporting()) {
            good = apply(id, value, scope) && good;
        }
    };
    if (rules.reference != none_here) {
        need(rules.reference);
    }
    if (rules.dynamic != none_here) {
        need(dynamic_target(rules, scope));
    }
    for (const NodeId member : rules.all_of) {
        need(member);
    }
    if (rules.negation != none_here && (good || reporting()) && ask(rules.negation, value, scope)) {
        good = false;
        add_error(frame, "not", "This is what the schema of \"not\" accepts.");
    }
    if (!rules.any_of.empty() && (good || reporting())) {
        good = check_any_of(frame, rules.any_of) && good;
    }
    if (!rules.one_of.empty() && (good || reporting())) {
        good = check_one_of(frame, rules.one_of) && good;
    }
    if (rules.condition != none_here && (good || reporting())) {
        good = check_condition(frame, rules) && good;
    }
    return good && !stopped();
}

bool Run::check_any_of(const Frame& frame, const std::vector<NodeId>& members) {
    for (const NodeId member : members) {
        if (ask(member, frame.value, frame.scope)) {
            return true;
        }
        if (stopped()) {
            return false;
        }
    }
    if (reporting()) {
        add_no_alternative(frame, "anyOf", members);
    }
    return false;
}

bool Run::check_one_of(const Frame& frame, const std::vector<NodeId>& members) {
    std::vector<std::size_t> accepted;
    for (std::size_t at = 0; at < members.size(); ++at) {
        if (ask(members[at], frame.value, frame.scope)) {
            accepted.push_back(at);
        }
        if (stopped() || (accepted.size() > 1 && !reporting())) {
            return false;
        }
    }
    if (reporting() && accepted.empty()) {
        add_no_alternative(frame, "oneOf", members);
    } else if (reporting() && accepted.size() > 1) {
        add_error(frame, "oneOf", several_sentence(accepted, members.size()));
    }
    return accepted.size() == 1;
}

bool Run::check_condition(const Frame& frame, const InPlaceRules& rules) {
    const bool holds = ask(rules.condition, frame.value, frame.scope);
    const NodeId next = holds ? rules.then : rules.otherwise;
    return next == none_here || stopped() || apply(next, frame.value, frame.scope);
}

std::vector<ValidationError> Run::reasons_of(NodeId id, const JsonNode& value, ScopeId scope,
                                             bool is_probe) {
    Report report{{}, limits::validation_reasons_max, is_probe};
    Report* const outer = std::exchange(report_, &report);
    apply(id, value, scope);
    report_ = outer;
    return std::move(report.errors);
}

// The nearest alternative is the one whose first reason lies deepest in the datum; of those the one
// with the fewest. Alternatives within alternatives are looked for in the nearest one only, which
// keeps this from growing with the power of their nesting.
void Run::add_no_alternative(const Frame& frame, std::string_view word,
                             const std::vector<NodeId>& members) {
    if (report_->is_probe || report_->errors.size() >= report_->errors_max) {
        add_error(frame, word, none_sentence(word, members.size(), 0, {}));
        return;
    }
    const auto depth_of = [](const ValidationError& error) {
        return std::count(error.instance_path.begin(), error.instance_path.end(), '/');
    };
    std::size_t nearest = 0;
    std::ptrdiff_t deepest = -1;
    std::size_t fewest = 0;
    for (std::size_t at = 0; at < members.size() && !stopped(); ++at) {
        const auto reasons = reasons_of(members[at], frame.value, frame.scope, true);
        if (reasons.empty()) {
            continue;
        }
        const std::ptrdiff_t depth = depth_of(reasons.front());
        if (depth > deepest || (depth == deepest && reasons.size() < fewest)) {
            nearest = at;
            deepest = depth;
            fewest = reasons.size();
        }
    }
    const auto reasons = reasons_of(members[nearest], frame.value, frame.scope, false);
    add_error(frame, word, none_sentence(word, members.size(), nearest + 1, reasons));
}

}  // namespace symbolon::compat::json
