#include "gate/lint/lint_tree.hpp"

#include "compat/locate.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"
#include "gate/check/use_waivers.hpp"
#include "gate/lint/lint_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <memory_resource>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

const LintRule* find_lint_rule(std::string_view name) {
    const auto* const found =
        std::find_if(lint_rules.begin(), lint_rules.end(),
                     [name](const LintRule& rule) { return rule.name == name; });
    return found == lint_rules.end() ? nullptr : found;
}

using RuleNames = std::set<std::string_view>;

Status check_rules(const std::vector<std::string>& names, std::string_view from) {
    for (const std::string& name : names) {
        if (find_lint_rule(name) == nullptr) {
            return failure(
                Error{ErrorCode::malformed_request,
                      fmt::format("{} names the rule {}, which lint does not have; `symbolon lint "
                                  "--list-rules` prints those it has",
                                  from, lint_quote(name))});
        }
    }
    return {};
}

/// The rules that count: flags in place of the file's, exceptions from both.
Result<RuleNames> choose_rules(const TreeRules& tree, const LintOptions& options) {
    SYMBOLON_CHECK(check_rules(options.use, "--rule"));
    SYMBOLON_CHECK(check_rules(options.except, "--except"));
    SYMBOLON_CHECK(check_rules(tree.lint_use, "lint.use of symbolon.yaml"));
    SYMBOLON_CHECK(check_rules(tree.lint_except, "lint.except of symbolon.yaml"));
    const auto& use = options.use.empty() ? tree.lint_use : options.use;
    RuleNames rules;
    for (const LintRule& rule : lint_rules) {
        if (use.empty() || std::find(use.begin(), use.end(), rule.name) != use.end()) {
            rules.insert(rule.name);
        }
    }
    for (const auto* except : {&tree.lint_except, &options.except}) {
        for (const std::string& name : *except) {
            // What a flag asks for outright is not taken back by the file.
            const bool asked = except == &tree.lint_except && !options.use.empty();
            if (!asked) {
                rules.erase(name);
            }
        }
    }
    return rules;
}

void collect_hits(const TreeFile& file, const compat::ParsedSchema& schema, LintSink& sink) {
    switch (schema.type()) {
        case SchemaType::avro:
            lint_avro(static_cast<const compat::avro::AvroSchema&>(schema).tree(), sink);
            return;
        case SchemaType::protobuf:
            lint_proto(static_cast<const compat::protobuf::ProtoSchema&>(schema).files().root,
                       sink);
            return;
        case SchemaType::json: {
            std::pmr::monotonic_buffer_resource memory;
            compat::JsonReader reader(file.text, memory, memory, compat::JsonDialect::plain);
            if (const compat::JsonNode* root = reader.read()) {
                lint_json(*root, sink);
            }
            return;
        }
    }
}

/// `path` and its nearest holders, down to one that the text has: a default of nothing has none.
void place_finding(GateFinding& finding, compat::Locator& locator) {
    if (const auto place = locator.find(finding.path)) {
        finding.line = place->line;
        finding.column = place->column;
    }
}

SubjectReport lint_file(const TreeFile& file, const ParsedFile& parsed, const RuleNames& rules,
                        WarningsCount warnings) {
    SubjectReport report;
    report.subject = file.subject;
    report.file = file.shown_path;
    report.type = file.type;
    report.findings = parsed.problems;
    if (parsed.schema == nullptr) {
        return report;
    }
    LintSink sink(rules);
    collect_hits(file, *parsed.schema, sink);
    if (sink.hits().empty()) {
        return report;
    }
    const auto text = std::make_shared<const std::string>(file.text);
    compat::Locator locator(file.type, *text);
    for (const LintHit& hit : sink.hits()) {
        const LintRule& rule = *find_lint_rule(hit.rule);
        const bool raise =
            warnings == WarningsCount::as_errors && rule.severity == Severity::warning;
        GateFinding finding;
        finding.rule = rule.name;
        finding.severity = raise ? Severity::error : rule.severity;
        finding.message = hit.message;
        finding.hint = rule.help;
        finding.file = file.shown_path;
        finding.text = text;
        finding.path = hit.path.empty() ? "/" : hit.path;
        place_finding(finding, locator);
        report.findings.push_back(std::move(finding));
    }
    if (sink.dropped() > 0) {
        report.notes.push_back(
            fmt::format("{} more findings of lint in this file are not shown", sink.dropped()));
    }
    std::stable_sort(report.findings.begin(), report.findings.end(),
                     [](const GateFinding& left, const GateFinding& right) {
                         return std::pair(left.line, left.column) <
                                std::pair(right.line, right.column);
                     });
    return report;
}

}  // namespace

void LintSink::add(std::string_view rule, std::string path, std::string message) {
    if (!wants(rule)) {
        return;
    }
    if (hits_.size() >= limits::lint_findings_max) {
        ++dropped_;
        return;
    }
    // A sentence begins with a capital, whatever the word for the kind of type is.
    if (!message.empty()) {
        message.front() = to_upper_ascii(message.front());
    }
    hits_.push_back({rule, std::move(path), std::move(message)});
}

std::string lint_quote(std::string_view name) {
    std::size_t end = std::min(name.size(), limits::diff_value_bytes_max);
    while (end < name.size() && end > 0 &&
           (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return fmt::format("`{}{}`", name.substr(0, end), end < name.size() ? "…" : "");
}

Result<GateReport> lint_tree(const SchemaTree& tree, std::span<const ParsedFile> parsed,
                             const LintOptions& options) {
    SYMBOLON_TRY(const RuleNames rules, choose_rules(tree.rules, options));
    GateReport report;
    report.command = "lint";
    report.tree = tree.name;
    report.notes = tree.notes;
    for (std::size_t at = 0; at < tree.files.size() && at < parsed.size(); ++at) {
        report.subjects.push_back(lint_file(tree.files[at], parsed[at], rules, options.warnings));
    }
    use_waivers(report, tree, options.today, WaiverScope::lint);
    return report;
}

}  // namespace symbolon::gate
