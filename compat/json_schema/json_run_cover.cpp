// Which children of a value the schemas that accept it have looked at: what `unevaluatedItems` and
// `unevaluatedProperties` leave alone.
#include "compat/json_schema/json_run.hpp"
#include "core/limits.hpp"

#include <algorithm>

namespace symbolon::compat::json {

void Run::cover(NodeId id, const JsonNode& value, ScopeId scope, Cover& out) {
    if (out.all || !ask(id, value, scope)) {
        return;
    }
    if (depth_ >= limits::validate_depth_max) {
        // Remembered answers may have let a long chain of `$ref`s through.
        stop(make_error(ErrorCode::check_too_costly,
                        "This datum is nested too deeply to validate against this schema"));
        return;
    }
    const Node& node = program_.nodes[id];
    const ScopeId inner = enter(scope, node.resource);
    if (node.is_shared) {
        // All add to one set, so each is asked once.
        const auto visit = std::pair(id, inner);
        if (std::find(out.visited.begin(), out.visited.end(), visit) != out.visited.end()) {
            return;
        }
        out.visited.push_back(visit);
        spend(out.visited.size() / 8);
    }
    const Frame frame{node, value, inner};
    const bool takes_rest =
        (node.arrays && value.kind == JsonKind::array && node.arrays->unevaluated != none_here) ||
        (node.objects && value.kind == JsonKind::object && node.objects->unevaluated != none_here);
    out.all = out.all || takes_rest;
    ++depth_;
    cover_frame(frame, out);
    --depth_;
}

void Run::cover_frame(const Frame& frame, Cover& out) {
    if (out.all || stopped()) {
        return;
    }
    const Node& node = frame.node;
    if (node.arrays && frame.value.kind == JsonKind::array) {
        cover_items(frame, *node.arrays, out);
    }
    if (node.objects && frame.value.kind == JsonKind::object) {
        cover_members(frame, *node.objects, out);
    }
    if (node.in_place && !out.all) {
        cover_in_place(frame, *node.in_place, out);
    }
}

void Run::cover_items(const Frame& frame, const ArrayRules& rules, Cover& out) {
    if (rules.rest != none_here) {
        out.all = true;
        return;
    }
    const std::size_t prefix = std::min<std::size_t>(rules.prefix.size(), frame.value.count);
    std::fill(out.children.begin(), out.children.begin() + static_cast<std::ptrdiff_t>(prefix),
              true);
    if (rules.contains == none_here || !rules.contains_evaluates) {
        return;
    }
    std::size_t at = 0;
    for (const JsonNode* item = frame.value.first; item != nullptr; item = item->next, ++at) {
        if (!out.children[at] && ask(rules.contains, *item, frame.scope)) {
            out.children[at] = true;
        }
    }
}

void Run::cover_members(const Frame& frame, const ObjectRules& rules, Cover& out) {
    if (rules.additional != none_here) {
        out.all = true;
        return;
    }
    if (!rules.properties.empty() || !rules.patterns.empty()) {
        spend(frame.value.count);
        std::size_t at = 0;
        for (const JsonNode* member = frame.value.first; member != nullptr;
             member = member->next, ++at) {
            if (out.children[at]) {
                continue;
            }
            bool known = rules.properties.count(member->key) != 0;
            for (std::size_t rule = 0; !known && rule < rules.patterns.size(); ++rule) {
                known = is_found(*rules.patterns[rule].pattern, member->key);
            }
            out.children[at] = known;
        }
    }
    for (const DependentRule& rule : rules.dependents) {
        if (rule.node != none_here && has_member(frame.value, rule.trigger)) {
            cover(rule.node, frame.value, frame.scope, out);
        }
    }
}

void Run::cover_in_place(const Frame& frame, const InPlaceRules& rules, Cover& out) {
    const auto add = [&](NodeId id) {
        if (id != none_here) {
            cover(id, frame.value, frame.scope, out);
        }
    };
    add(rules.reference);
    add(rules.dynamic == none_here ? none_here : dynamic_target(rules, frame.scope));
    for (const auto* members : {&rules.all_of, &rules.any_of, &rules.one_of}) {
        for (const NodeId member : *members) {
            add(member);
        }
    }
    if (rules.condition != none_here) {
        const bool holds = ask(rules.condition, frame.value, frame.scope);
        add(rules.condition);
        add(holds ? rules.then : rules.otherwise);
    }
}

}  // namespace symbolon::compat::json
