// A report as GitHub's workflow commands: each finding becomes an annotation of its line.
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <string>

namespace symbolon::gate {

namespace {

/// What the runner takes apart is escaped as it wants it; what it would print raw is shown.
std::string escape_command(std::string_view text, std::string_view also) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const char next = text[at];
        const bool is_escaped = next == '%' || next == '\n' || next == '\r' ||
                                also.find(next) != std::string_view::npos;
        if (is_escaped) {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(next));
            ++at;
            continue;
        }
        const ShownPiece piece = show_piece(text, at);
        out += piece.text;
        at += piece.bytes;
    }
    return out;
}

std::string escape_data(std::string_view text) {
    return escape_command(text, "");
}
std::string escape_property(std::string_view text) {
    return escape_command(text, ":,");
}

std::string_view command_of(const GateFinding& finding) {
    if (finding.waiver || finding.severity == Severity::note) {
        return "notice";
    }
    return finding.severity == Severity::error ? "error" : "warning";
}

std::string annotation_text(const SubjectReport& subject, const GateFinding& finding) {
    std::string out = finding.message + to_detail_lines(finding);
    if (finding.waiver) {
        out +=
            fmt::format("\nwaived until {}: {}", finding.waiver->expires, finding.waiver->reason);
    }
    if (!subject.subject.empty()) {
        out += fmt::format("\nsubject: {}", subject.subject);
    }
    return out;
}

}  // namespace

std::string render_github_actions(const GateReport& report) {
    std::string out;
    for (const SubjectReport& subject : report.subjects) {
        for (const GateFinding& finding : subject.findings) {
            out += fmt::format("::{} file={},line={},col={},title={}::{}\n", command_of(finding),
                               escape_property(finding.file), finding.line, finding.column,
                               escape_property(finding.rule),
                               escape_data(annotation_text(subject, finding)));
        }
    }
    for (const std::string& note : report.notes) {
        out += fmt::format("note: {}\n", to_printable(note));
    }
    return out + to_counts_line(report) + "\n";
}

}  // namespace symbolon::gate
