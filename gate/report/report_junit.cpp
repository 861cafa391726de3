// A report as JUnit's XML, in the form that Jenkins' schema describes.
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace symbolon::gate {

namespace {

/// What XML 1.0 cannot hold, not even as a reference, is shown as \x1b. Line breaks stay.
enum class XmlPlace : std::uint8_t { attribute, content };

std::string to_xml(std::string_view text, XmlPlace place = XmlPlace::attribute) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const char next = text[at];
        std::string piece(1, next);
        std::size_t bytes = 1;
        switch (next) {
            case '&':
                piece = "&amp;";
                break;
            case '<':
                piece = "&lt;";
                break;
            case '>':
                piece = "&gt;";
                break;
            case '"':
                piece = "&quot;";
                break;
            case '\n':
                piece = place == XmlPlace::attribute ? "&#10;" : "\n";
                break;
            case '\t':
                piece = "&#9;";
                break;
            default:
                if (next < 0x20 || next >= 0x7F) {
                    const ShownPiece shown = show_piece(text, at);
                    piece = shown.text;
                    bytes = shown.bytes;
                }
        }
        out += piece;
        at += bytes;
    }
    return out;
}

std::string describe_finding(const GateFinding& finding) {
    return fmt::format("{}:{}:{}: {}{}", finding.file, finding.line, finding.column,
                       finding.message, to_detail_lines(finding));
}

bool counts_as_error(const GateFinding& finding) {
    return finding.severity == Severity::error && !finding.waiver;
}

/// What could not be looked at is an error of the test rather than a failed one.
bool is_broken(const SubjectReport& subject) {
    return subject.verdict == Verdict::invalid || subject.verdict == Verdict::undecided;
}

/// Findings of the configuration are of no subject.
const std::string& name_of_case(const SubjectReport& subject) {
    return subject.subject.empty() ? subject.file : subject.subject;
}

struct CaseCounts {
    std::size_t failures = 0;
    std::size_t errors = 0;
};

std::string to_test_case(const GateReport& report, const SubjectReport& subject,
                         CaseCounts& counts) {
    std::string failures;
    std::string words;
    const std::string_view element = is_broken(subject) ? "error" : "failure";
    for (const GateFinding& finding : subject.findings) {
        if (counts_as_error(finding)) {
            failures += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element,
                                    to_xml(finding.rule), to_xml(finding.message),
                                    to_xml(describe_finding(finding), XmlPlace::content));
        } else {
            words +=
                fmt::format("{}{} [{}] {}\n", finding.waiver ? "waived " : "",
                            to_string(finding.severity), finding.rule, describe_finding(finding));
        }
    }
    for (const std::string& note : subject.notes) {
        words += fmt::format("note: {}\n", note);
    }
    if (!failures.empty()) {
        ++(is_broken(subject) ? counts.errors : counts.failures);
    }
    std::string out = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                  to_xml(report.tree.empty() ? report.command : report.tree),
                                  to_xml(name_of_case(subject)));
    if (failures.empty() && words.empty()) {
        return out + "/>\n";
    }
    out += ">\n" + failures;
    if (!words.empty()) {
        out += fmt::format("      <system-out>{}</system-out>\n", to_xml(words, XmlPlace::content));
    }
    return out + "    </testcase>\n";
}

}  // namespace

std::string render_junit(const GateReport& report) {
    CaseCounts counts;
    std::string cases;
    for (const SubjectReport& subject : report.subjects) {
        cases += to_test_case(report, subject, counts);
    }
    const std::string numbers = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"",
                                            report.subjects.size(), counts.failures, counts.errors);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuites name=\"symbolon\" {}>\n", numbers);
    out += fmt::format("  <testsuite name=\"symbolon {}\" {} skipped=\"0\">\n",
                       to_xml(report.command), numbers);
    if (!report.against.empty()) {
        out += fmt::format(
            "    <properties>\n      <property name=\"against\" value=\"{}\"/>\n"
            "    </properties>\n",
            to_xml(report.against));
    }
    out += cases;
    if (!report.notes.empty()) {
        std::string words;
        for (const std::string& note : report.notes) {
            words += note + "\n";
        }
        out += fmt::format("    <system-out>{}</system-out>\n", to_xml(words, XmlPlace::content));
    }
    return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace symbolon::gate
