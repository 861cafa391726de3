#include "compat/json_schema/json_run.hpp"

#include "compat/json_schema/json_keywords.hpp"
#include "compat/json_schema/json_multiple.hpp"
#include "compat/json_schema/json_sentences.hpp"
#include "compat/json_schema/json_values.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace symbolon::compat::json {

namespace {

std::uint8_t bit_of(const JsonNode& value) {
    switch (value.kind) {
        case JsonKind::null:
            return type_null;
        case JsonKind::boolean:
            return type_boolean;
        case JsonKind::int32:
        case JsonKind::int64:
        case JsonKind::big_integer:
            return type_integer | type_number;
        case JsonKind::real:
            return type_number;
        case JsonKind::string:
            return type_string;
        case JsonKind::array:
            return type_array;
        case JsonKind::object:
            return type_object;
    }
    return 0;
}

// Negative, zero or positive. Doubles decide where they are far enough apart; decimals otherwise.
int compare_with(const JsonNode& number, const NumberLimit& limit) {
    if (limit.integer && (number.kind == JsonKind::int32 || number.kind == JsonKind::int64)) {
        return number.integer < *limit.integer ? -1 : number.integer > *limit.integer ? 1 : 0;
    }
    constexpr double doubt = 1e-9;
    const double real = to_double(number);
    const double apart = real - limit.real;
    if (std::isfinite(apart) &&
        std::abs(apart) > doubt * std::max(std::abs(real), std::abs(limit.real))) {
        return apart < 0 ? -1 : 1;
    }
    return compare_decimals(decimal_of(number), limit.decimal);
}

bool is_within(const JsonNode& number, const NumberLimit& limit) {
    const int order = compare_with(number, limit);
    return order == 0 ? !limit.exclusive : (order < 0) == limit.is_maximum;
}

}  // namespace

bool Run::spend(std::uint64_t steps) {
    steps_ += steps;
    if (steps_ > limits::validate_steps_max) {
        stop(make_error(ErrorCode::check_too_costly,
                        "This datum is too costly to validate against this schema: more than " +
                            std::to_string(limits::validate_steps_max) + " steps"));
    }
    return !stopped();
}

void Run::stop(Error error) {
    if (!error_) {
        error_ = std::move(error);
    }
}

bool Run::accepts(const JsonNode& value) {
    return evaluate(0, value, 0);
}

std::vector<ValidationError> Run::explain(const JsonNode& value) {
    Report report{{}, limits::validation_errors_max, false};
    remember_all_ = true;
    report_ = &report;
    const ScopeId scope = enter(0, program_.nodes[0].resource);
    check({program_.nodes[0], value, scope});
    report_ = nullptr;
    if (report.errors.empty()) {
        report.errors.push_back({"", "", "This datum is refused; saying why is too costly."});
    }
    return std::move(report.errors);
}

// Entering a resource binds what it names, unless something outside has bound it already.
ScopeId Run::enter(ScopeId scope, std::uint32_t resource) {
    if (program_.slot_count == 0 || program_.bindings[resource].empty()) {
        return scope;
    }
    const auto [known, is_new] =
        entered_.try_emplace((std::uint64_t{scope} << 32U) | resource, scope);
    if (!is_new) {
        return known->second;
    }
    std::vector<NodeId> bound = scopes_[scope];
    bound.resize(program_.slot_count, none_here);
    for (const DynamicBinding& binding : program_.bindings[resource]) {
        if (bound[binding.slot] == none_here) {
            bound[binding.slot] = binding.node;
        }
    }
    const auto [place, is_other] =
        scope_ids_.try_emplace(bound, static_cast<ScopeId>(scopes_.size()));
    if (is_other) {
        scopes_.push_back(std::move(bound));
        if (scopes_.size() * program_.slot_count > limits::validate_bindings_max) {
            stop(make_error(ErrorCode::check_too_costly,
                            "This schema's dynamic references are too costly to follow"));
        }
    }
    return known->second = place->second;
}

NodeId Run::dynamic_target(const InPlaceRules& rules, ScopeId scope) const {
    if (rules.dynamic_slot == none_here || scopes_[scope].empty() ||
        scopes_[scope][rules.dynamic_slot] == none_here) {
        return rules.dynamic;
    }
    return scopes_[scope][rules.dynamic_slot];
}

bool Run::evaluate(NodeId id, const JsonNode& value, ScopeId scope) {
    const Node& node = program_.nodes[id];
    if (!spend(1) || node.refuses_all) {
        return false;
    }
    if (depth_ >= limits::validate_depth_max) {
        stop(make_error(ErrorCode::check_too_costly,
                        "This datum is nested too deeply to validate against this schema"));
        return false;
    }
    const ScopeId inner = enter(scope, node.resource);
    const bool remembers = node.is_shared || (remember_all_ && node.has_parts);
    if (!remembers) {
        ++depth_;
        const bool accepted = check({node, value, inner});
        --depth_;
        return accepted && !stopped();
    }
    const Question question{id, inner, &value};
    const auto [known, is_new] = answers_.try_emplace(question, Answer::asked);
    if (!is_new) {
        if (known->second == Answer::asked) {
            stop(make_error(ErrorCode::invalid_schema,
                            "The schema leads in a circle: what \"" +
                                shortened_path(program_.sites.path_of(node.site)) +
                                "\" says about a value rests on itself"));
        }
        return known->second == Answer::accepted;
    }
    ++depth_;
    const bool accepted = check({node, value, inner}) && !stopped();
    --depth_;
    if (answers_.size() > limits::validate_memo_max) {
        answers_.erase(question);
    } else {
        answers_[question] = accepted ? Answer::accepted : Answer::refused;
    }
    return accepted;
}

bool Run::ask(NodeId id, const JsonNode& value, ScopeId scope) {
    Report* const report = std::exchange(report_, nullptr);
    const bool accepted = evaluate(id, value, scope);
    report_ = report;
    return accepted;
}

bool Run::apply(NodeId id, const JsonNode& value, ScopeId scope) {
    if (!reporting()) {
        return evaluate(id, value, scope);
    }
    if (ask(id, value, scope)) {
        return true;
    }
    const bool is_full = report_->errors.size() >= report_->errors_max;
    if (!stopped() && !is_full && depth_ < limits::validate_depth_max) {
        const Node& node = program_.nodes[id];
        ++depth_;
        check({node, value, enter(scope, node.resource)});
        --depth_;
    }
    return false;
}

bool Run::apply_to_child(NodeId id, const JsonNode& child, ScopeId scope, PathStep step) {
    if (!reporting()) {
        return evaluate(id, child, scope);
    }
    path_.push_back(step);
    const bool accepted = apply(id, child, scope);
    path_.pop_back();
    return accepted;
}

bool Run::check(const Frame& frame) {
    const Node& node = frame.node;
    if (node.refuses_all) {
        add_error(frame, {}, "Nothing is allowed here.");
        return false;
    }
    const auto wants_more = [this](bool good) { return good || (reporting() && !stopped()); };
    bool good = !node.has_types || check_types(frame);
    if (node.values && wants_more(good)) {
        good = check_values(frame, *node.values) && good;
    }
    if (node.constant && wants_more(good)) {
        good = check_values(frame, *node.constant) && good;
    }
    if (node.numbers && wants_more(good) && is_number(frame.value)) {
        good = check_numbers(frame, *node.numbers) && good;
    }
    if (node.strings && wants_more(good) && frame.value.kind == JsonKind::string) {
        good = check_strings(frame, *node.strings) && good;
    }
    if (node.in_place && wants_more(good)) {
        good = check_in_place(frame, *node.in_place) && good;
    }
    if (node.arrays && wants_more(good) && frame.value.kind == JsonKind::array) {
        good = check_arrays(frame, *node.arrays) && good;
    }
    if (node.objects && wants_more(good) && frame.value.kind == JsonKind::object) {
        good = check_objects(frame, *node.objects) && good;
    }
    return good;
}

bool Run::check_types(const Frame& frame) {
    const Node& node = frame.node;
    const std::uint8_t bits = bit_of(frame.value);
    if ((bits & node.types) != 0) {
        return true;
    }
    // From draft 6 on a number without a fraction is an integer, whatever its spelling.
    if (frame.value.kind == JsonKind::real && (node.types & type_integer) != 0 &&
        !node.integers_by_spelling && is_whole(frame.value)) {
        return true;
    }
    if (reporting()) {
        add_error(frame, "type", type_sentence(frame.value, node.types));
    }
    return false;
}

bool Run::check_values(const Frame& frame, const ValueRules& rules) {
    std::uint64_t steps = 0;
    const std::uint64_t hash = hash_of_value(frame.value, steps);
    auto choice =
        std::lower_bound(rules.choices.begin(), rules.choices.end(), hash,
                         [](const auto& each, std::uint64_t wanted) { return each.hash < wanted; });
    bool found = false;
    for (; !found && choice != rules.choices.end() && choice->hash == hash; ++choice) {
        found = spend(1) && same_values(frame.value, *choice->value, steps);
    }
    spend(steps);
    if (!found && reporting()) {
        add_error(frame, rules.word, value_sentence(frame.value, rules));
    }
    return found;
}

bool Run::check_numbers(const Frame& frame, const NumberRules& rules) {
    bool good = true;
    spend(frame.value.text.size() / 16);  // of long numbers
    for (const NumberLimit& limit : rules.limits) {
        if (is_within(frame.value, limit)) {
            continue;
        }
        if (!reporting()) {
            return false;
        }
        good = false;
        add_error(frame, limit.word, limit_sentence(frame.value, limit));
    }
    if (!rules.factor) {
        return good;
    }
    const bool is_small = rules.whole_factor != 0 && (frame.value.kind == JsonKind::int32 ||
                                                      frame.value.kind == JsonKind::int64);
    const std::uint64_t big_division =
        20 + 2 * (frame.value.text.size() + (rules.factor ? rules.factor->digits.size() : 0));
    const bool fits =
        is_small ? frame.value.integer % rules.whole_factor == 0
                 : spend(big_division) && is_multiple(decimal_of(frame.value), *rules.factor);
    if (!fits && reporting()) {
        add_error(frame, "multipleOf", factor_sentence(frame.value, *rules.factor_json));
    }
    return fits && good;
}

namespace {

// Why not the clock on the wall: what else runs on the machine must not decide about a datum.
std::chrono::nanoseconds thread_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

bool Run::is_found(const Pattern& pattern, std::string_view text) {
    // How far a search goes back cannot be told beforehand: a long one is charged by its time.
    constexpr std::uint64_t search_steps = 100;
    constexpr std::chrono::microseconds short_search(20);
    constexpr std::uint64_t step_ns = 50;
    if (!spend(search_steps + text.size() / 4)) {
        return false;
    }
    const auto before = thread_time();
    const auto found = pattern.is_found_in(text);
    const std::chrono::nanoseconds taken = thread_time() - before;
    if (!found) {
        stop(found.error());
    }
    if (taken > short_search) {
        spend(static_cast<std::uint64_t>(taken.count()) / step_ns);
    }
    return found && *found && !stopped();
}

bool Run::check_strings(const Frame& frame, const StringRules& rules) {
    const std::string_view text = frame.value.text;
    spend(text.size() / 64);
    bool good = true;
    if (rules.length.least != 0 || rules.length.most != no_maximum) {
        const std::uint64_t length = count_code_points(text);
        good = rules.length.least <= length && length <= rules.length.most;
        if (!good && reporting()) {
            add_error(frame, length < rules.length.least ? "minLength" : "maxLength",
                      count_sentence(frame.value, length, rules.length, "character"));
        }
    }
    if (rules.pattern && (good || reporting()) && !is_found(*rules.pattern, text)) {
        good = false;
        if (reporting()) {
            add_error(frame, "pattern", pattern_sentence(frame.value, rules.pattern_text));
        }
    }
    if (rules.format && (good || reporting()) && !matches_format(*rules.format, text)) {
        good = false;
        if (reporting()) {
            add_error(frame, "format", format_sentence(frame.value, rules.format_name));
        }
    }
    return good;
}

void Run::add_error(const Frame& frame, std::string_view word, std::string message,
                    std::string_view name) {
    if (!reporting() || stopped() || report_->errors.size() >= report_->errors_max) {
        return;
    }
    std::string path = program_.sites.path_of(frame.node.site);
    if (!word.empty()) {
        append_step(path, word);
    }
    if (!name.empty()) {
        append_step(path, name);
    }
    report_->errors.push_back(
        {instance_path(), shortened_path(std::move(path)), std::move(message)});
}

std::string Run::instance_path() const {
    std::string path;
    for (const PathStep& step : path_) {
        append_step(path, step.position == none_here ? step.name : std::to_string(step.position));
    }
    return shortened_path(std::move(path));
}

}  // namespace symbolon::compat::json
