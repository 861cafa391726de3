// A report as a SARIF 2.1.0 log with one run.
#include "gate/model/rule.hpp"
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace symbolon::gate {

namespace {

constexpr std::string_view sarif_schema_uri =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A relative URI reference, or file:// for a path from the root.
std::string to_uri(std::string_view path) {
    std::string out;
    if (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    for (const char next : path) {
        const bool is_plain = (next >= '0' && next <= '9') || (next >= 'A' && next <= 'Z') ||
                              (next >= 'a' && next <= 'z') || next == '-' || next == '.' ||
                              next == '_' || next == '~' || next == '/';
        out += is_plain ? std::string(1, next)
                        : fmt::format("%{:02X}", static_cast<unsigned char>(next));
    }
    return path.starts_with('/') ? "file://" + out : out;
}

Json to_message(std::string_view text) {
    // Spec: SARIF 3.11.5 and 3.11.6: braces are doubled, so that none is a placeholder; what a
    // schema says is no link.
    const std::string shown = to_printable(text);
    std::string out;
    for (std::size_t at = 0; at < shown.size(); ++at) {
        const char next = shown[at];
        if (next == '{' || next == '}') {
            out += next;
        } else if (next == ']' && at + 1 < shown.size() && shown[at + 1] == '(') {
            out += '\\';
        }
        out += next;
    }
    return Json{{"text", std::move(out)}};
}

Json to_physical_location(const std::string& file, std::size_t line, std::size_t column) {
    return Json{{"artifactLocation", {{"uri", to_uri(file)}}},
                {"region",
                 {{"startLine", std::max<std::size_t>(line, 1)},
                  {"startColumn", std::max<std::size_t>(column, 1)}}}};
}

/// Some consumers know no suppressions, and a waived finding must not fail anything there either.
std::string_view to_level(const GateFinding& finding) {
    switch (finding.waiver ? Severity::note : finding.severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::note:
            break;
    }
    return "note";
}

class SarifRenderer {
public:
    explicit SarifRenderer(const GateReport& report) : report_(report) {}

    std::string render(const RenderOptions& options) {
        collect_rules();
        Json results = Json::array();
        for (const SubjectReport& subject : report_.subjects) {
            for (const GateFinding& finding : subject.findings) {
                results.push_back(to_result(subject, finding));
            }
        }
        Json driver{{"name", "symbolon"}, {"rules", rules_}};
        if (!options.program_version.empty()) {
            driver["version"] = options.program_version;
        }
        Json run{{"tool", {{"driver", std::move(driver)}}},
                 {"columnKind", "unicodeCodePoints"},
                 {"results", std::move(results)}};
        return to_json_line(Json{{"$schema", sarif_schema_uri},
                                 {"version", "2.1.0"},
                                 {"runs", Json::array({std::move(run)})}});
    }

private:
    void collect_rules() {
        for (const SubjectReport& subject : report_.subjects) {
            for (const GateFinding& finding : subject.findings) {
                rule_index_.emplace(finding.rule, 0);
            }
        }
        std::size_t next = 0;
        for (auto& [name, index] : rule_index_) {
            index = next++;
            Json rule{{"id", name}};
            if (const Rule* found = find_rule(name); found != nullptr) {
                if (!found->summary.empty()) {
                    rule["shortDescription"] = Json{{"text", found->summary}};
                }
                if (!found->help.empty()) {
                    rule["help"] = Json{{"text", found->help}};
                }
            }
            rules_.push_back(std::move(rule));
        }
    }

    static std::string message_of(const GateFinding& finding) {
        std::string out = finding.message;
        if (finding.reader) {
            out += fmt::format(" Reader: {}.", to_place(*finding.reader));
        }
        if (finding.writer) {
            out += fmt::format(" Writer: {}.", to_place(*finding.writer));
        }
        if (finding.counter_example) {
            out += fmt::format(" {}", finding.counter_example->reading);
        }
        if (!finding.hint.empty()) {
            out += fmt::format(" Hint: {}", finding.hint);
        }
        return out;
    }

    static void append_related(Json& related, std::string_view name,
                               const std::optional<Side>& side, const GateFinding& finding) {
        if (!side || side->file.empty() || !side->line) {
            return;
        }
        const std::size_t column = side->column.value_or(1);
        if (side->file == finding.file && *side->line == finding.line && column == finding.column) {
            return;
        }
        related.push_back(
            Json{{"id", related.size()},
                 {"physicalLocation", to_physical_location(side->file, *side->line, column)},
                 {"message", to_message(fmt::format("{}: {}", name, side->name))}});
    }

    Json to_result(const SubjectReport& subject, const GateFinding& finding) {
        Json location{
            {"physicalLocation", to_physical_location(finding.file, finding.line, finding.column)}};
        if (!subject.subject.empty()) {
            location["logicalLocations"] = Json::array(
                {Json{{"fullyQualifiedName", fmt::format("{}{}", subject.subject, finding.path)},
                      {"kind", "schema"}}});
        }
        Json result{{"ruleId", finding.rule},
                    {"ruleIndex", rule_index_[finding.rule]},
                    {"level", to_level(finding)},
                    {"message", to_message(message_of(finding))},
                    {"locations", Json::array({std::move(location)})},
                    {"partialFingerprints",
                     {{"symbolonFinding/v1", fingerprints_.name(subject, finding)}}}};
        if (finding.counter_example) {
            result["properties"] = Json{{"counterExample",
                                         {{"datum", finding.counter_example->datum},
                                          {"reading", finding.counter_example->reading}}}};
        }
        Json related = Json::array();
        append_related(related, "reader", finding.reader, finding);
        append_related(related, "writer", finding.writer, finding);
        if (!related.empty()) {
            result["relatedLocations"] = std::move(related);
        }
        // Consumers that see no suppressions take it that nobody looked; an empty list says so.
        result["suppressions"] = Json::array();
        if (finding.waiver) {
            Json suppression{{"kind", "external"}, {"status", "accepted"}};
            suppression["justification"] =
                fmt::format("{} (until {})", finding.waiver->reason, finding.waiver->expires);
            if (!finding.waiver->file.empty()) {
                suppression["location"] =
                    Json{{"physicalLocation",
                          to_physical_location(finding.waiver->file, finding.waiver->line, 1)}};
            }
            result["suppressions"].push_back(std::move(suppression));
        }
        return result;
    }

    const GateReport& report_;
    std::map<std::string, std::size_t, std::less<>> rule_index_{};
    Json rules_ = Json::array();
    Fingerprints fingerprints_{};
};

}  // namespace

std::string render_sarif(const GateReport& report, const RenderOptions& options) {
    return SarifRenderer(report).render(options);
}

}  // namespace symbolon::gate
