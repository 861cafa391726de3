// Long: one format, read key by key in one place.
#include "gate/tree/tree_config.hpp"

#include "core/limits.hpp"
#include "core/nearest_names.hpp"
#include "gate/model/rule.hpp"
#include "gate/tree/glob.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

constexpr std::array<std::string_view, 3> placeholders{"stem", "dir", "record"};

/// " (did you mean x?)", or nothing.
std::string perhaps(std::string_view text, std::span<const std::string_view> words) {
    const std::vector<std::string> known(words.begin(), words.end());
    const auto nearest = nearest_name(text, known);
    return nearest ? fmt::format(" (did you mean {}?)", *nearest) : std::string();
}

/// Reads the file's parts. yaml-cpp throws, and its exceptions end in parse_tree_config().
class ConfigReader {
public:
    explicit ConfigReader(const std::string& file) : file_(file) {}

    Result<TreeConfig> read(const YAML::Node& root) {
        TreeConfig config;
        config.file = file_;
        if (!root || root.IsNull()) {
            return config;
        }
        SYMBOLON_CHECK(bound(root, 0));
        using Keys = std::array<std::string_view, 6>;
        SYMBOLON_CHECK(for_members(root, "symbolon.yaml",
                                   Keys{"version", "level", "schemas", "exclude", "ignore", "lint"},
                                   [&](const std::string& key, const YAML::Node& value) {
                                       return read_part(config, key, value);
                                   }));
        return config;
    }

    Error error_at(const YAML::Mark& mark, std::string_view what) const {
        const auto from_one = [](int number) { return std::max(number, 0) + 1; };
        return make_error(
            ErrorCode::cannot_start,
            fmt::format("{}:{}:{}: {}", file_, from_one(mark.line), from_one(mark.column), what));
    }

private:
    tl::unexpected<Error> fail(const YAML::Node& node, std::string_view what) const {
        return failure(error_at(node.Mark(), what));
    }

    /// Why: an alias is a few bytes, and what it stands for may hold aliases too.
    Status bound(const YAML::Node& node, std::size_t depth) {
        if (++nodes_ > limits::tree_config_nodes_max || depth > limits::tree_config_depth_max) {
            return fail(node,
                        fmt::format("more than {} values with their aliases, or {} in one "
                                    "another; write it shorter",
                                    limits::tree_config_nodes_max, limits::tree_config_depth_max));
        }
        if (node.IsSequence()) {
            for (const auto& item : node) {
                SYMBOLON_CHECK(bound(item, depth + 1));
            }
        } else if (node.IsMap()) {
            for (const auto& member : node) {
                SYMBOLON_CHECK(bound(member.first, depth + 1));
                SYMBOLON_CHECK(bound(member.second, depth + 1));
            }
        }
        return {};
    }

    /// Calls `take` with each member of a map that has `known` keys, each once.
    template <class Take>
    Status for_members(const YAML::Node& node, std::string_view what,
                       std::span<const std::string_view> known, const Take& take) {
        if (!node.IsMap()) {
            return fail(node, fmt::format("{} must be a map with the keys {}", what,
                                          fmt::join(known, ", ")));
        }
        std::set<std::string> seen;
        for (const auto& member : node) {
            if (!member.first.IsScalar()) {
                return fail(member.first, fmt::format("a key of {} must be a word", what));
            }
            const std::string& key = member.first.Scalar();
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                return fail(member.first,
                            fmt::format("{} has no key \"{}\"{}; there are {}", what, key,
                                        perhaps(key, known), fmt::join(known, ", ")));
            }
            if (!seen.insert(key).second) {
                return fail(member.first, fmt::format("the key \"{}\" stands there twice", key));
            }
            SYMBOLON_CHECK(take(key, member.second));
        }
        return {};
    }

    Status read_part(TreeConfig& config, const std::string& key, const YAML::Node& value) {
        if (key == "version") {
            return value.IsScalar() && value.Scalar() == "1"
                       ? Status()
                       : fail(value, "version must be 1: this program knows no other");
        }
        if (key == "level") {
            SYMBOLON_TRY(config.rules.level, read_level(value));
            return {};
        }
        if (key == "schemas") {
            return for_items(value, key, [&](const YAML::Node& item) {
                return read_entry(config.entries, item);
            });
        }
        if (key == "exclude") {
            SYMBOLON_CHECK(for_items(value, key, [&](const YAML::Node& item) -> Status {
                SYMBOLON_TRY(auto pattern, read_pattern(item, key));
                config.exclude.push_back(std::move(pattern));
                return {};
            }));
            return config.exclude.size() <= limits::tree_patterns_max
                       ? Status()
                       : fail(value, too_many(limits::tree_patterns_max, "patterns"));
        }
        if (key == "ignore") {
            return for_items(value, key, [&](const YAML::Node& item) {
                return read_waiver(config.rules.waivers, item);
            });
        }
        return read_lint(config.rules, value);
    }

    static std::string too_many(std::size_t most, std::string_view what) {
        return fmt::format("more than {} {}", most, what);
    }

    template <class Take>
    Status for_items(const YAML::Node& node, std::string_view key, const Take& take) {
        if (node.IsNull()) {
            return {};
        }
        if (!node.IsSequence()) {
            return fail(node, fmt::format("\"{}\" must be a list", key));
        }
        for (const auto& item : node) {
            SYMBOLON_CHECK(take(item));
        }
        return {};
    }

    Result<std::string> read_text(const YAML::Node& node, std::string_view key) const {
        if (!node.IsScalar() || node.Scalar().empty()) {
            return fail(node, fmt::format("\"{}\" must be a text that is not empty", key));
        }
        return node.Scalar();
    }

    Result<std::string> read_pattern(const YAML::Node& node, std::string_view key) const {
        SYMBOLON_TRY(auto pattern, read_text(node, key));
        if (pattern.size() > limits::tree_pattern_bytes_max) {
            return fail(node, too_many(limits::tree_pattern_bytes_max, "bytes in a pattern"));
        }
        const std::string_view meant = without_dot_slash(pattern);
        if (meant.empty() || meant.starts_with('/') || meant == ".." || meant.starts_with("../")) {
            return fail(node, fmt::format("\"{}\" must be a pattern from this file's folder down, "
                                          "such as orders/**/*.avsc",
                                          pattern));
        }
        return std::string(meant);
    }

    Result<compat::Level> read_level(const YAML::Node& node) const {
        SYMBOLON_TRY(const auto text, read_text(node, "level"));
        if (const auto level = compat::find_level(text)) {
            return *level;
        }
        std::vector<std::string_view> names;
        for (int at = 0; at <= static_cast<int>(compat::Level::full_transitive); ++at) {
            names.push_back(compat::to_string(static_cast<compat::Level>(at)));
        }
        return fail(node, fmt::format("there is no level {}{}; there are {}", text,
                                      perhaps(text, names), fmt::join(names, ", ")));
    }

    // Those that `symbolon plan` may set: IMPORT would clear a subject.
    Result<std::string> read_mode(const YAML::Node& node) const {
        SYMBOLON_TRY(auto text, read_text(node, "mode"));
        const std::vector<std::string_view> names{"READWRITE", "READONLY", "READONLY_OVERRIDE"};
        if (std::find(names.begin(), names.end(), text) != names.end()) {
            return text;
        }
        return fail(node, fmt::format("there is no mode {}{} here; there are {}", text,
                                      perhaps(text, names), fmt::join(names, ", ")));
    }

    Result<bool> read_flag(const YAML::Node& node, std::string_view key) const {
        if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) {
            return node.Scalar() == "true";
        }
        return fail(node, fmt::format("\"{}\" must be true or false", key));
    }

    Result<SchemaType> read_type(const YAML::Node& node) const {
        SYMBOLON_TRY(const auto text, read_text(node, "type"));
        if (const auto type = find_schema_type(text)) {
            return *type;
        }
        std::vector<std::string_view> names;
        for (const auto& row : schema_type_table) {
            names.push_back(row.second);
        }
        return fail(node, fmt::format("there is no type {}{}; there are {}", text,
                                      perhaps(text, names), fmt::join(names, ", ")));
    }

    Result<std::string> read_subject_template(const YAML::Node& node) const {
        SYMBOLON_TRY(auto text, read_text(node, "subject"));
        std::string_view rest = text;
        while (true) {
            const std::size_t open = rest.find_first_of("{}");
            if (open == std::string_view::npos) {
                return text;
            }
            const std::size_t close = rest.find('}', open);
            const std::string_view word =
                rest[open] == '{' ? rest.substr(open + 1, close - open - 1) : std::string_view();
            if (close == std::string_view::npos ||
                std::find(placeholders.begin(), placeholders.end(), word) == placeholders.end()) {
                return fail(node, fmt::format("\"{}\": {{{}}} is no placeholder{}; there are "
                                              "{{stem}}, {{dir}}, {{record}}",
                                              text, word, perhaps(word, placeholders)));
            }
            rest.remove_prefix(close + 1);
        }
    }

    Status read_entry(std::vector<ConfigEntry>& entries, const YAML::Node& node) {
        ConfigEntry entry;
        entry.line = static_cast<std::size_t>(std::max(node.Mark().line, 0)) + 1;
        entry.column = static_cast<std::size_t>(std::max(node.Mark().column, 0)) + 1;
        using Keys = std::array<std::string_view, 7>;
        SYMBOLON_CHECK(
            for_members(node, "an entry of \"schemas\"",
                        Keys{"path", "subject", "level", "mode", "normalize", "type", "references"},
                        [&](const std::string& key, const YAML::Node& value) {
                            return read_entry_part(entry, key, value);
                        }));
        if (entry.pattern.empty()) {
            return fail(node, "an entry of \"schemas\" needs a \"path\"");
        }
        if (entries.size() == limits::tree_patterns_max) {
            return fail(node, too_many(limits::tree_patterns_max, "entries of \"schemas\""));
        }
        entries.push_back(std::move(entry));
        return {};
    }

    Status read_entry_part(ConfigEntry& entry, const std::string& key, const YAML::Node& value) {
        if (key == "path") {
            SYMBOLON_TRY(entry.pattern, read_pattern(value, key));
        } else if (key == "subject") {
            SYMBOLON_TRY(entry.subject, read_subject_template(value));
        } else if (key == "level") {
            SYMBOLON_TRY(entry.level, read_level(value));
        } else if (key == "mode") {
            SYMBOLON_TRY(entry.mode, read_mode(value));
        } else if (key == "normalize") {
            SYMBOLON_TRY(entry.normalize, read_flag(value, key));
        } else if (key == "type") {
            SYMBOLON_TRY(entry.type, read_type(value));
        } else {
            return for_items(value, key, [&](const YAML::Node& item) {
                return read_reference(entry.references, item);
            });
        }
        return {};
    }

    Status read_reference(std::vector<ConfigReference>& references, const YAML::Node& node) {
        ConfigReference reference;
        reference.line = static_cast<std::size_t>(std::max(node.Mark().line, 0)) + 1;
        reference.column = static_cast<std::size_t>(std::max(node.Mark().column, 0)) + 1;
        using Keys = std::array<std::string_view, 4>;
        SYMBOLON_CHECK(for_members(node, "a reference", Keys{"name", "subject", "version", "file"},
                                   [&](const std::string& key, const YAML::Node& value) -> Status {
                                       if (key == "version") {
                                           return read_version(reference.version, value);
                                       }
                                       std::string& text = key == "name"   ? reference.name
                                                           : key == "file" ? reference.file
                                                                           : reference.subject;
                                       SYMBOLON_TRY(text, read_text(value, key));
                                       return {};
                                   }));
        if (reference.name.empty()) {
            return fail(node, "a reference needs a \"name\", as the schema's text uses it");
        }
        if (reference.file.empty() == reference.subject.empty()) {
            return fail(node,
                        "a reference needs either a \"file\" of this tree or a \"subject\" "
                        "of the registry");
        }
        if (reference.version != 0 && reference.subject.empty()) {
            return fail(node, "\"version\" goes with \"subject\": a file has none");
        }
        if (references.size() == limits::references_max) {
            return fail(node, too_many(limits::references_max, "references of an entry"));
        }
        reference.file = without_dot_slash(reference.file);
        references.push_back(std::move(reference));
        return {};
    }

    Status read_version(std::int32_t& version, const YAML::Node& node) const {
        SYMBOLON_TRY(const auto text, read_text(node, "version"));
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, version);
        if (text == "latest") {
            version = 0;
        } else if (read.ec != std::errc() || read.ptr != end || version < 1) {
            return fail(node, fmt::format("version {} must be a number from 1, or latest", text));
        }
        return {};
    }

    Status check_rule(const YAML::Node& node, const std::string& name) const {
        if (find_rule(name) != nullptr) {
            return {};
        }
        std::vector<std::string_view> names;
        for (const Rule& rule : all_rules()) {
            names.emplace_back(rule.name);
        }
        return fail(node, fmt::format("there is no rule {}{}; findings name theirs", name,
                                      perhaps(name, names)));
    }

    Status read_waiver(std::vector<Waiver>& waivers, const YAML::Node& node) {
        Waiver waiver;
        waiver.file = file_;
        waiver.line = static_cast<std::size_t>(std::max(node.Mark().line, 0)) + 1;
        using Keys = std::array<std::string_view, 5>;
        SYMBOLON_CHECK(for_members(node, "an entry of \"ignore\"",
                                   Keys{"rule", "subject", "path", "reason", "expires"},
                                   [&](const std::string& key, const YAML::Node& value) {
                                       return read_waiver_part(waiver, key, value);
                                   }));
        if (waiver.rule.empty()) {
            return fail(node, "an exception needs the \"rule\" that it is from");
        }
        if (waiver.reason.empty()) {
            return fail(node, "an exception needs a \"reason\": who agreed, and why");
        }
        if (waiver.expires.empty()) {
            return fail(node, "an exception needs a day on which it \"expires\", as in 2027-01-31");
        }
        waivers.push_back(std::move(waiver));
        return {};
    }

    Status read_waiver_part(Waiver& waiver, const std::string& key, const YAML::Node& value) {
        SYMBOLON_TRY(auto text, read_text(value, key));
        if (key == "rule") {
            SYMBOLON_CHECK(check_rule(value, text));
            waiver.rule = std::move(text);
        } else if (key == "subject") {
            waiver.subject = std::move(text);
        } else if (key == "path") {
            waiver.path = std::move(text);
        } else if (key == "reason") {
            if (text == unwritten_reason) {
                return fail(value, "write down in \"reason\" why this is agreed, and by whom");
            }
            waiver.reason = std::move(text);
        } else if (is_date(text)) {
            waiver.expires = std::move(text);
        } else {
            return fail(value,
                        fmt::format("{} is no day; write year, month, day: 2027-01-31", text));
        }
        return {};
    }

    Status read_lint(TreeRules& rules, const YAML::Node& node) {
        using Keys = std::array<std::string_view, 2>;
        return for_members(node, "\"lint\"", Keys{"use", "except"},
                           [&](const std::string& key, const YAML::Node& value) {
                               auto& names = key == "use" ? rules.lint_use : rules.lint_except;
                               return for_items(value, key, [&](const YAML::Node& item) -> Status {
                                   SYMBOLON_TRY(auto name, read_text(item, key));
                                   SYMBOLON_CHECK(check_rule(item, name));
                                   names.push_back(std::move(name));
                                   return {};
                               });
                           });
    }

    const std::string& file_;
    std::size_t nodes_ = 0;
};

/// The number in `text`; -1 when there is anything else in it.
int number_of(std::string_view text) {
    int number = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return -1;
        }
        number = number * 10 + (digit - '0');
    }
    return number;
}

/// Events that nobody needs.
class NoEvents final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  const std::string& /*value*/) override {}
    void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                         YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                    YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
    void OnMapEnd() override {}
};

/// Why: loading a file ignores what follows its first value, and YAML::LoadAll never ends where
/// that is no document.
bool has_more(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    NoEvents events;
    return parser.HandleNextDocument(events) && static_cast<bool>(parser);
}

}  // namespace

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    const int year = number_of(text.substr(0, 4));
    const int month = number_of(text.substr(5, 2));
    const int day = number_of(text.substr(8, 2));
    return year >= 0 && month >= 0 && day >= 0 &&
           std::chrono::year_month_day{std::chrono::year(year),
                                       std::chrono::month(static_cast<unsigned>(month)),
                                       std::chrono::day(static_cast<unsigned>(day))}
               .ok();
}

Result<TreeConfig> parse_tree_config(std::string_view text, const std::string& shown_file) {
    if (text.size() > limits::tree_config_bytes_max) {
        return failure(
            make_error(ErrorCode::cannot_start,
                       fmt::format("{}: {} bytes are more than a configuration may have "
                                   "({}); write patterns in place of single files",
                                   shown_file, text.size(), limits::tree_config_bytes_max)));
    }
    ConfigReader reader(shown_file);
    try {
        if (has_more(std::string(text))) {
            return failure(reader.error_at(
                {},
                "something follows after the first value, such as a second document; one is "
                "read"));
        }
        return reader.read(YAML::Load(std::string(text)));
    } catch (const YAML::Exception& error) {
        return failure(reader.error_at(error.mark, fmt::format("this is no YAML: {}", error.msg)));
    }
}

const ConfigEntry* find_entry(const TreeConfig& config, std::string_view path) {
    const auto found =
        std::find_if(config.entries.begin(), config.entries.end(),
                     [&](const ConfigEntry& entry) { return matches_glob(entry.pattern, path); });
    return found == config.entries.end() ? nullptr : &*found;
}

std::string fill_subject(std::string_view subject_template, const SubjectParts& parts) {
    std::string subject;
    while (!subject_template.empty()) {
        const std::size_t open = subject_template.find('{');
        subject += subject_template.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = subject_template.find('}', open);
        const std::string_view word = subject_template.substr(open + 1, close - open - 1);
        subject += word == "stem" ? parts.stem : word == "dir" ? parts.dir : parts.record;
        subject_template.remove_prefix(close + 1);
        const bool lone = word == "dir" && parts.dir.empty() && !subject_template.empty() &&
                          std::string_view(".-_").find(subject_template[0]) != std::string::npos;
        subject_template.remove_prefix(lone ? 1 : 0);
    }
    return subject;
}

bool uses_record(std::string_view subject_template) {
    return subject_template.find("{record}") != std::string_view::npos;
}

}  // namespace symbolon::gate
