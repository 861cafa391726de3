#include "api/data_contract.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace symbolon {

namespace {

tl::unexpected<Error> wrong_shape(std::string_view where, std::string_view expected) {
    return failure(
        make_error(ErrorCode::malformed_json, fmt::format("{} must be {}", where, expected)));
}

bool is_given(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && !found->is_null();
}

Result<std::optional<std::string>> read_text(const Json& object, const char* key) {
    if (!is_given(object, key)) {
        return std::optional<std::string>();
    }
    const Json& value = object[key];
    if (!value.is_string()) {
        return wrong_shape(key, "a string");
    }
    return std::optional(value.get<std::string>());
}

Result<std::set<std::string>> read_texts(const Json& value, std::string_view where) {
    std::set<std::string> texts;
    if (!value.is_array()) {
        return wrong_shape(where, "an array of strings");
    }
    for (const auto& item : value) {
        if (!item.is_string()) {
            return wrong_shape(where, "an array of strings");
        }
        texts.insert(item.get<std::string>());
    }
    return texts;
}

// Scalars become texts, as the reference's JSON reader has it.
Result<std::map<std::string, std::string>> read_pairs(const Json& value, std::string_view where) {
    std::map<std::string, std::string> pairs;
    if (!value.is_object()) {
        return wrong_shape(where, "an object of strings");
    }
    for (const auto& [key, item] : value.items()) {
        if (item.is_structured()) {
            return wrong_shape(where, "an object of strings");
        }
        if (!item.is_null()) {
            pairs[key] = item.is_string() ? item.get<std::string>() : to_text(item);
        }
    }
    return pairs;
}

constexpr std::array migration_modes{std::string_view("UPGRADE"), std::string_view("DOWNGRADE"),
                                     std::string_view("UPDOWN")};
constexpr std::array data_modes{std::string_view("WRITE"), std::string_view("READ"),
                                std::string_view("WRITEREAD")};
constexpr std::array rule_kinds{std::string_view("TRANSFORM"), std::string_view("CONDITION")};
constexpr std::array enable_places{std::string_view("ALL"), std::string_view("CLIENT"),
                                   std::string_view("GATEWAY"), std::string_view("SERVER"),
                                   std::string_view("NONE")};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Status read_rule_details(const Json& json, Rule& rule) {
    SYMBOLON_TRY(rule.doc, read_text(json, "doc"));
    SYMBOLON_TRY(rule.expr, read_text(json, "expr"));
    SYMBOLON_TRY(rule.on_success, read_text(json, "onSuccess"));
    SYMBOLON_TRY(rule.on_failure, read_text(json, "onFailure"));
    if (is_given(json, "tags")) {
        SYMBOLON_TRY(rule.tags, read_texts(json["tags"], "tags"));
    }
    if (is_given(json, "params")) {
        SYMBOLON_TRY(rule.params, read_pairs(json["params"], "params"));
    }
    if (is_given(json, "disabled")) {
        if (!json["disabled"].is_boolean()) {
            return wrong_shape("disabled", "true or false");
        }
        rule.disabled = json["disabled"].get<bool>();
    }
    return {};
}

Result<Rule> read_rule(const Json& json) {
    if (!json.is_object()) {
        return wrong_shape("rule", "an object");
    }
    Rule rule;
    SYMBOLON_TRY(auto name, read_text(json, "name"));
    if (!name) {
        return failure(make_error(ErrorCode::invalid_rule_set, "Missing rule name"));
    }
    rule.name = *std::move(name);
    SYMBOLON_TRY(auto kind, read_text(json, "kind"));
    SYMBOLON_TRY(auto mode, read_text(json, "mode"));
    SYMBOLON_TRY(auto type, read_text(json, "type"));
    rule.kind = kind.value_or(rule.kind);
    rule.mode = mode.value_or(rule.mode);
    rule.type = type.value_or("");
    if (!is_one_of(rule_kinds, rule.kind)) {
        return wrong_shape("kind", "TRANSFORM or CONDITION");
    }
    if (!is_one_of(migration_modes, rule.mode) && !is_one_of(data_modes, rule.mode)) {
        return wrong_shape("mode", "UPGRADE, DOWNGRADE, UPDOWN, WRITE, READ or WRITEREAD");
    }
    SYMBOLON_CHECK(read_rule_details(json, rule));
    return rule;
}

Result<std::vector<Rule>> read_rules(const Json& json, const char* key) {
    std::vector<Rule> rules;
    if (!is_given(json, key)) {
        return rules;
    }
    if (!json[key].is_array()) {
        return wrong_shape(key, "an array of rules");
    }
    for (const auto& item : json[key]) {
        SYMBOLON_TRY(auto rule, read_rule(item));
        rules.push_back(std::move(rule));
    }
    return rules;
}

tl::unexpected<Error> bad_rule(const std::string& text) {
    return failure(make_error(ErrorCode::invalid_rule_set, text));
}

// Letters beyond ASCII are welcome, as the reference has it; their bytes all have the high bit.
bool starts_rule_name(char next) {
    return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_' ||
           static_cast<unsigned char>(next) >= 0x80;
}

bool continues_rule_name(char next) {
    return starts_rule_name(next) || (next >= '0' && next <= '9') || next == '-';
}

Status check_rule_name(const std::string& name) {
    if (name.empty()) {
        return bad_rule("Empty rule name");
    }
    if (name.size() > limits::rule_name_chars_max) {
        return bad_rule("Rule name too long");
    }
    if (!starts_rule_name(name.front())) {
        return bad_rule("Illegal initial character in rule name: " + name);
    }
    if (!std::all_of(name.begin(), name.end(), continues_rule_name)) {
        return bad_rule("Illegal character in rule name: " + name);
    }
    return {};
}

bool has_several_actions(const Rule& rule) {
    const auto has_comma = [](std::string_view text) {
        return text.find(',') != std::string_view::npos;
    };
    return has_comma(rule.type) || has_comma(rule.on_success.value_or("")) ||
           has_comma(rule.on_failure.value_or(""));
}

template <class Modes>
Status check_rules(const std::vector<Rule>& rules, const Modes& modes, std::string_view complaint,
                   std::set<std::string>& names) {
    for (const auto& rule : rules) {
        SYMBOLON_CHECK(check_rule_name(rule.name));
        if (rule.type.empty()) {
            return bad_rule("Missing rule type");
        }
        if (!names.insert(rule.name).second) {
            return bad_rule("Found rule with duplicate name '" + rule.name + "'");
        }
        if (!is_one_of(modes, rule.mode)) {
            return bad_rule(std::string(complaint));
        }
        if (has_several_actions(rule) && rule.mode != "WRITEREAD" && rule.mode != "UPDOWN") {
            return bad_rule("Multiple actions only valid with WRITEREAD and UPDOWN");
        }
    }
    return {};
}

Json rule_to_json(const Rule& rule) {
    Json json = {{"name", rule.name},
                 {"kind", rule.kind},
                 {"mode", rule.mode},
                 {"type", rule.type},
                 {"disabled", rule.disabled}};
    const auto add = [&](const char* key, const std::optional<std::string>& text) {
        if (text && !text->empty()) {
            json[key] = *text;
        }
    };
    add("doc", rule.doc);
    add("expr", rule.expr);
    add("onSuccess", rule.on_success);
    add("onFailure", rule.on_failure);
    if (!rule.tags.empty()) {
        json["tags"] = rule.tags;
    }
    if (!rule.params.empty()) {
        json["params"] = rule.params;
    }
    return json;
}

void add_rules(Json& json, const char* key, const std::vector<Rule>& rules) {
    for (const auto& rule : rules) {
        json[key].push_back(rule_to_json(rule));
    }
}

}  // namespace

Result<Metadata> parse_metadata(const Json& json) {
    if (!json.is_object()) {
        return wrong_shape("metadata", "an object");
    }
    Metadata metadata;
    if (is_given(json, "tags")) {
        if (!json["tags"].is_object()) {
            return wrong_shape("tags", "an object of string arrays");
        }
        for (const auto& [path, tags] : json["tags"].items()) {
            SYMBOLON_TRY(metadata.tags[path], read_texts(tags, "tags"));
        }
    }
    if (is_given(json, "properties")) {
        SYMBOLON_TRY(metadata.properties, read_pairs(json["properties"], "properties"));
    }
    if (is_given(json, "sensitive")) {
        SYMBOLON_TRY(metadata.sensitive, read_texts(json["sensitive"], "sensitive"));
    }
    return metadata;
}

Result<RuleSet> parse_rule_set(const Json& json) {
    if (!json.is_object()) {
        return wrong_shape("ruleSet", "an object");
    }
    RuleSet rules;
    SYMBOLON_TRY(rules.migration_rules, read_rules(json, "migrationRules"));
    SYMBOLON_TRY(rules.domain_rules, read_rules(json, "domainRules"));
    SYMBOLON_TRY(rules.encoding_rules, read_rules(json, "encodingRules"));
    SYMBOLON_TRY(rules.enable_at, read_text(json, "enableAt"));
    if (rules.enable_at && !is_one_of(enable_places, *rules.enable_at)) {
        return wrong_shape("enableAt", "ALL, CLIENT, GATEWAY, SERVER or NONE");
    }
    return rules;
}

Status check_rule_set(const RuleSet& rules) {
    std::set<std::string> names;
    SYMBOLON_CHECK(check_rules(rules.migration_rules, migration_modes,
                               "Migration rules can only be UPGRADE, DOWNGRADE, UPDOWN", names));
    SYMBOLON_CHECK(check_rules(rules.domain_rules, data_modes,
                               "Domain rules can only be WRITE, READ, WRITEREAD", names));
    return check_rules(rules.encoding_rules, data_modes,
                       "Encoding rules can only be WRITE, READ, WRITEREAD", names);
}

Json to_json(const Metadata& metadata) {
    Json json = Json::object();
    if (!metadata.tags.empty()) {
        json["tags"] = metadata.tags;
    }
    if (!metadata.properties.empty()) {
        json["properties"] = metadata.properties;
    }
    if (!metadata.sensitive.empty()) {
        json["sensitive"] = metadata.sensitive;
    }
    return json;
}

Json to_json(const RuleSet& rules) {
    Json json = Json::object();
    add_rules(json, "migrationRules", rules.migration_rules);
    add_rules(json, "domainRules", rules.domain_rules);
    add_rules(json, "encodingRules", rules.encoding_rules);
    if (rules.enable_at) {
        json["enableAt"] = *rules.enable_at;
    }
    return json;
}

}  // namespace symbolon
