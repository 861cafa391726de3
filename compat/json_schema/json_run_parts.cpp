#include "compat/json_schema/json_run.hpp"
#include "compat/json_schema/json_sentences.hpp"
#include "compat/json_schema/json_values.hpp"
#include "core/limits.hpp"

#include <algorithm>

namespace symbolon::compat::json {

namespace {

bool is_counted(std::uint64_t count, const CountRules& rules) {
    return rules.least <= count && count <= rules.most;
}

}  // namespace

bool Run::check_arrays(const Frame& frame, const ArrayRules& rules) {
    bool good = is_counted(frame.value.count, rules.count);
    if (!good && reporting()) {
        add_error(frame, frame.value.count < rules.count.least ? "minItems" : "maxItems",
                  count_sentence(frame.value, frame.value.count, rules.count, "item"));
    }
    if (good || reporting()) {
        good = check_items(frame, rules) && good;
    }
    if (rules.contains != none_here && (good || reporting())) {
        good = check_contains(frame, rules) && good;
    }
    if (rules.unique && (good || reporting())) {
        good = check_unique(frame) && good;
    }
    if (rules.unevaluated != none_here && (good || reporting())) {
        good = check_unevaluated(frame, rules.unevaluated, "unevaluatedItems") && good;
    }
    return good;
}

bool Run::check_items(const Frame& frame, const ArrayRules& rules) {
    if (rules.prefix.empty() && rules.rest == none_here) {
        return true;
    }
    bool good = true;
    std::uint32_t position = 0;
    for (const JsonNode* item = frame.value.first; item != nullptr; item = item->next) {
        const bool in_prefix = position < rules.prefix.size();
        const NodeId schema = in_prefix ? rules.prefix[position] : rules.rest;
        if (schema == none_here) {
            break;
        }
        if (!apply_to_child(schema, *item, frame.scope, {{}, position})) {
            good = false;
            if (!reporting() || stopped()) {
                return false;
            }
        }
        ++position;
    }
    return good;
}

bool Run::check_contains(const Frame& frame, const ArrayRules& rules) {
    std::uint64_t found = 0;
    for (const JsonNode* item = frame.value.first; item != nullptr; item = item->next) {
        found += ask(rules.contains, *item, frame.scope) ? 1 : 0;
        if (stopped()) {
            return false;
        }
        if (found >= rules.matches.least && rules.matches.most == no_maximum) {
            return true;
        }
    }
    const bool good = is_counted(found, rules.matches);
    if (!good && reporting()) {
        const bool few = found < rules.matches.least;
        const bool is_said = few ? rules.matches.least != 1 : true;
        add_error(frame,
                  !is_said ? "contains"
                  : few    ? "minContains"
                           : "maxContains",
                  contains_sentence(found, rules.matches));
    }
    return good;
}

// Equal values have equal hashes, and sorting brings them together.
bool Run::check_unique(const Frame& frame) {
    struct Hashed {
        std::uint64_t hash;
        std::uint32_t position;
        const JsonNode* item;
    };
    std::vector<Hashed> hashed;
    hashed.reserve(frame.value.count);
    std::uint64_t steps = 0;
    for (const JsonNode* item = frame.value.first; item != nullptr; item = item->next) {
        const std::uint64_t hash = hash_of_value(*item, steps);
        hashed.push_back({hash, static_cast<std::uint32_t>(hashed.size()), item});
    }
    std::sort(hashed.begin(), hashed.end(), [](const Hashed& left, const Hashed& right) {
        return left.hash == right.hash ? left.position < right.position : left.hash < right.hash;
    });
    for (std::size_t left = 0; left < hashed.size(); ++left) {
        for (std::size_t right = left + 1;
             right < hashed.size() && hashed[right].hash == hashed[left].hash; ++right) {
            if (same_values(*hashed[left].item, *hashed[right].item, steps)) {
                spend(steps);
                if (reporting()) {
                    add_error(frame, "uniqueItems",
                              unique_sentence(hashed[left].position, hashed[right].position));
                }
                return false;
            }
            if (!spend(std::exchange(steps, 0))) {
                return false;
            }
        }
    }
    return spend(steps);
}

bool Run::has_member(const JsonNode& object, std::string_view name) {
    constexpr std::uint32_t small = 16;
    if (object.count <= small) {
        return object.find(name) != nullptr;
    }
    const auto [known, is_new] = names_of_.try_emplace(&object);
    std::vector<std::string_view>& names = known->second;
    if (is_new) {
        names.reserve(object.count);
        for (const JsonNode* member = object.first; member != nullptr; member = member->next) {
            names.push_back(member->key);
        }
        std::sort(names.begin(), names.end());
    }
    return std::binary_search(names.begin(), names.end(), name);
}

bool Run::check_objects(const Frame& frame, const ObjectRules& rules) {
    bool good = is_counted(frame.value.count, rules.count);
    if (!good && reporting()) {
        add_error(frame, frame.value.count < rules.count.least ? "minProperties" : "maxProperties",
                  count_sentence(frame.value, frame.value.count, rules.count, "property"));
    }
    if (!rules.required.empty() && (good || reporting())) {
        good = check_required(frame, rules) && good;
    }
    if (good || reporting()) {
        good = check_members(frame, rules) && good;
    }
    if (!rules.dependents.empty() && (good || reporting())) {
        good = check_dependents(frame, rules) && good;
    }
    if (rules.unevaluated != none_here && (good || reporting())) {
        good = check_unevaluated(frame, rules.unevaluated, "unevaluatedProperties") && good;
    }
    return good;
}

bool Run::check_required(const Frame& frame, const ObjectRules& rules) {
    spend(rules.required.size());
    bool good = true;
    for (const std::string_view name : rules.required) {
        if (has_member(frame.value, name)) {
            continue;
        }
        good = false;
        if (!reporting()) {
            return false;
        }
        add_error(frame, "required", required_sentence(name));
    }
    return good;
}

bool Run::check_members(const Frame& frame, const ObjectRules& rules) {
    if (rules.properties.empty() && rules.patterns.empty() && rules.additional == none_here &&
        rules.names == none_here) {
        return true;
    }
    bool good = true;
    for (const JsonNode* member = frame.value.first; member != nullptr; member = member->next) {
        good = spend(1) && check_member(frame, rules, *member) && good;
        if (stopped() || (!good && !reporting())) {
            return false;
        }
    }
    return good;
}

bool Run::check_member(const Frame& frame, const ObjectRules& rules, const JsonNode& member) {
    const PathStep step{member.key, none_here};
    bool good = rules.names == none_here || check_name(frame, rules, member);
    bool is_declared = false;
    if (const auto found = rules.properties.find(member.key); found != rules.properties.end()) {
        is_declared = true;
        good = (good || reporting()) && apply_to_child(found->second, member, frame.scope, step) &&
               good;
    }
    for (const PatternRule& rule : rules.patterns) {
        if ((good || reporting()) && is_found(*rule.pattern, member.key)) {
            is_declared = true;
            good = apply_to_child(rule.node, member, frame.scope, step) && good;
        }
    }
    if (is_declared || rules.additional == none_here || (!good && !reporting())) {
        return good;
    }
    if (program_.nodes[rules.additional].refuses_all) {
        if (reporting()) {
            path_.push_back(step);
            add_error(frame, "additionalProperties", undeclared_sentence(member.key));
            path_.pop_back();
        }
        return false;
    }
    return apply_to_child(rules.additional, member, frame.scope, step) && good;
}

// The name is a value of its own, the same one each time.
bool Run::check_name(const Frame& frame, const ObjectRules& rules, const JsonNode& member) {
    const auto [known, is_new] = name_node_of_.try_emplace(&member);
    if (is_new) {
        JsonNode& name = name_nodes_.emplace_back();
        name.kind = JsonKind::string;
        name.text = member.key;
        known->second = &name;
    }
    return apply(rules.names, *known->second, frame.scope);
}

bool Run::check_dependents(const Frame& frame, const ObjectRules& rules) {
    bool good = true;
    for (const DependentRule& rule : rules.dependents) {
        if (!spend(1)) {
            return false;
        }
        if (!has_member(frame.value, rule.trigger)) {
            continue;
        }
        for (const std::string_view name : rule.names) {
            if (spend(1) && !has_member(frame.value, name)) {
                good = false;
                if (reporting()) {
                    add_error(frame, rule.word, dependent_sentence(rule.trigger, name),
                              rule.trigger);
                }
            }
        }
        if (rule.node != none_here && (good || reporting())) {
            good = apply(rule.node, frame.value, frame.scope) && good;
        }
        if (stopped() || (!good && !reporting())) {
            return false;
        }
    }
    return good;
}

bool Run::check_unevaluated(const Frame& frame, NodeId unevaluated, std::string_view word) {
    Cover covered;
    covered.children.resize(frame.value.count);
    cover_frame(frame, covered);
    if (covered.all || !spend(frame.value.count)) {
        return !stopped();
    }
    bool good = true;
    std::uint32_t position = 0;
    const bool is_array = frame.value.kind == JsonKind::array;
    for (const JsonNode* child = frame.value.first; child != nullptr; child = child->next) {
        const std::uint32_t at = position++;
        if (covered.children[at]) {
            continue;
        }
        const PathStep step = is_array ? PathStep{{}, at} : PathStep{child->key, none_here};
        if (!program_.nodes[unevaluated].refuses_all) {
            good = apply_to_child(unevaluated, *child, frame.scope, step) && good;
        } else {
            good = false;
            if (reporting()) {
                path_.push_back(step);
                add_error(frame, word,
                          is_array ? "No schema here knows this item."
                                   : unevaluated_sentence(child->key));
                path_.pop_back();
            }
        }
        if (stopped() || (!good && !reporting())) {
            return false;
        }
    }
    return good;
}

}  // namespace symbolon::compat::json
