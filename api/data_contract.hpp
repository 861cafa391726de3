// Metadata and rule sets that travel with a schema, and their JSON.
//
// Errors:   malformed_json for the wrong shape, invalid_rule_set (REST contract 2.7)
// Threads:  values
// Source:   REST contract 3.1, 4.1 (ID-1, ID-2) and 4.12
// Tested by tests/unit/api/data_contract_test.cpp
#pragma once

#include "core/json.hpp"
#include "core/result.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace symbolon {

struct Metadata {
    std::map<std::string, std::set<std::string>> tags;
    std::map<std::string, std::string> properties;
    std::set<std::string> sensitive;

    friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct Rule {
    std::string name;
    std::optional<std::string> doc;
    std::string kind = "TRANSFORM";
    std::string mode = "WRITEREAD";
    std::string type;
    std::set<std::string> tags;
    std::map<std::string, std::string> params;
    std::optional<std::string> expr;
    std::optional<std::string> on_success;
    std::optional<std::string> on_failure;
    bool disabled = false;

    friend bool operator==(const Rule&, const Rule&) = default;
};

struct RuleSet {
    std::vector<Rule> migration_rules;
    std::vector<Rule> domain_rules;
    std::vector<Rule> encoding_rules;
    std::optional<std::string> enable_at;

    bool empty() const {
        return migration_rules.empty() && domain_rules.empty() && encoding_rules.empty();
    }
    friend bool operator==(const RuleSet&, const RuleSet&) = default;
};

Result<Metadata> parse_metadata(const Json& json);
/// Shape only; check_rule_set tells whether the rules make sense.
Result<RuleSet> parse_rule_set(const Json& json);
Status check_rule_set(const RuleSet& rules);
Json to_json(const Metadata& metadata);
Json to_json(const RuleSet& rules);

}  // namespace symbolon
