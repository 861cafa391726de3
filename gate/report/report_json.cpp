// A report as one JSON object; its members are described in docs/gate_report.schema.json.
#include "gate/report/renderers.hpp"

#include <utility>

namespace symbolon::gate {

namespace {

/// Raised when a member changes its meaning or goes away; new members may come without.
constexpr int json_form_version = 1;

void set_text(Json& out, const char* name, const std::string& text) {
    if (!text.empty()) {
        out[name] = text;
    }
}

Json side_to_json(const Side& side) {
    Json out{{"name", side.name}};
    set_text(out, "path", side.path);
    set_text(out, "file", side.file);
    if (side.line) {
        out["line"] = *side.line;
    }
    if (side.column) {
        out["column"] = *side.column;
    }
    return out;
}

Json waiver_to_json(const Waiver& waiver) {
    Json out{{"rule", waiver.rule}, {"reason", waiver.reason}, {"expires", waiver.expires}};
    set_text(out, "subject", waiver.subject);
    set_text(out, "path", waiver.path);
    set_text(out, "file", waiver.file);
    if (!waiver.file.empty()) {
        out["line"] = waiver.line;
    }
    return out;
}

Json finding_to_json(const GateFinding& finding) {
    Json out{{"rule", finding.rule},       {"severity", to_string(finding.severity)},
             {"message", finding.message}, {"file", finding.file},
             {"line", finding.line},       {"column", finding.column}};
    set_text(out, "hint", finding.hint);
    set_text(out, "path", finding.path);
    if (finding.direction) {
        out["direction"] =
            *finding.direction == compat::Direction::backward ? "backward" : "forward";
    }
    if (finding.reader) {
        out["reader"] = side_to_json(*finding.reader);
    }
    if (finding.writer) {
        out["writer"] = side_to_json(*finding.writer);
    }
    if (finding.counter_example) {
        out["counterExample"] = Json{{"datum", finding.counter_example->datum},
                                     {"reading", finding.counter_example->reading}};
    }
    if (finding.waiver) {
        out["waiver"] = waiver_to_json(*finding.waiver);
    }
    return out;
}

Json subject_to_json(const SubjectReport& subject) {
    Json findings = Json::array();
    for (const GateFinding& finding : subject.findings) {
        findings.push_back(finding_to_json(finding));
    }
    Json out{{"subject", subject.subject},      {"file", subject.file},
             {"type", to_string(subject.type)}, {"compared", Json(subject.compared)},
             {"findings", std::move(findings)}, {"notes", Json(subject.notes)}};
    if (subject.verdict) {
        out["verdict"] = to_string(*subject.verdict);
    }
    if (subject.level) {
        out["level"] = compat::to_string(*subject.level);
    }
    if (subject.server_compatible) {
        out["serverCompatible"] = *subject.server_compatible;
    }
    return out;
}

Json counts_to_json(const GateCounts& counts) {
    return Json{{"subjects", counts.subjects},
                {"unchanged", counts.unchanged},
                {"new", counts.added},
                {"compatible", counts.compatible},
                {"incompatible", counts.incompatible},
                {"invalid", counts.invalid},
                {"undecided", counts.undecided},
                {"errors", counts.errors},
                {"warnings", counts.warnings},
                {"waived", counts.waived}};
}

}  // namespace

std::string render_json(const GateReport& report) {
    Json subjects = Json::array();
    for (const SubjectReport& subject : report.subjects) {
        subjects.push_back(subject_to_json(subject));
    }
    Json out{{"version", json_form_version},
             {"command", report.command},
             {"tree", report.tree},
             {"passed", !fails(report)},
             {"counts", counts_to_json(count(report))},
             {"subjects", std::move(subjects)},
             {"notes", Json(report.notes)}};
    set_text(out, "against", report.against);
    return to_json_line(out);
}

}  // namespace symbolon::gate
