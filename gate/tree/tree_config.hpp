// The file symbolon.yaml: which files are schemas of which subject, what they refer to, which
// findings are agreed exceptions.
//
//   version: 1
//   level: BACKWARD              # for subjects whose registry knows none
//   schemas:                     # the first entry whose pattern fits a file wins
//     - path: "orders/**/*.avsc" # from this file's folder
//       subject: "{stem}-value"  # also {dir}: folders with dots, {record}: name of what is defined
//       level: FULL
//       mode: READONLY           # this and the next one: for symbolon plan alone
//       normalize: true
//       type: AVRO
//       references:
//         - {name: com.acme.Address, subject: address-value, version: 3}
//         - {name: common/money.proto, file: common/money.proto}
//   exclude: ["build/**"]
//   ignore:
//     - {rule: TYPE_MISMATCH, subject: s, path: /fields/3, reason: agreed, expires: 2027-01-31}
//   lint: {use: [...], except: [...]}
//
// Example:  SYMBOLON_TRY(const auto config, parse_tree_config(text, "schemas/symbolon.yaml"));
// Errors:   cannot_start: "file:line:column: what is wrong", with the nearest known word
// Threads:  any thread
// Limits:   tree_config_bytes_max, tree_config_nodes_max, tree_config_depth_max,
//           tree_patterns_max, tree_pattern_bytes_max, references_max
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/tree_config_test.cpp
#pragma once

#include "compat/level.hpp"
#include "core/result.hpp"
#include "core/schema_type.hpp"
#include "gate/model/schema_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

struct ConfigReference {
    std::string name{};
    std::string file{};     ///< from the configuration's folder; empty: a subject is meant
    std::string subject{};  ///< empty: a file is meant
    std::int32_t version = 0;
    std::size_t line = 1;
    std::size_t column = 1;
};

/// One of `schemas`.
struct ConfigEntry {
    std::string pattern{};
    std::string subject = "{stem}";
    std::optional<compat::Level> level{};
    std::optional<std::string> mode{};
    std::optional<bool> normalize{};
    std::optional<SchemaType> type{};
    std::vector<ConfigReference> references{};
    std::size_t line = 1;
    std::size_t column = 1;
};

struct TreeConfig {
    std::string file{};  ///< as it is printed; empty: there is none, and everything is as usual
    std::vector<ConfigEntry> entries{};
    std::vector<std::string> exclude{};
    TreeRules rules{};
};

Result<TreeConfig> parse_tree_config(std::string_view text, const std::string& shown_file);

/// What a printed exception says in place of a reason; a file that still says so is refused.
inline constexpr std::string_view unwritten_reason = "(why this is agreed, and by whom)";

/// The first entry that fits; nullptr: none.
const ConfigEntry* find_entry(const TreeConfig& config, std::string_view path);

/// What a subject may be made of.
struct SubjectParts {
    std::string stem{};
    std::string dir{};     ///< may be empty: then it goes with the separator behind it
    std::string record{};  ///< REQUIRES: not empty where the template uses it
};
std::string fill_subject(std::string_view subject_template, const SubjectParts& parts);
bool uses_record(std::string_view subject_template);

/// "2027-01-31" is a day of the calendar.
bool is_date(std::string_view text);

}  // namespace symbolon::gate
