// A report as GitLab's Code Quality artifact. Waived findings are left out: it knows no exceptions.
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::gate {

namespace {

std::string_view gitlab_severity(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "critical";
        case Severity::warning:
            return "minor";
        case Severity::note:
            break;
    }
    return "info";
}

/// GitLab matches paths from the repository's root as git has them.
std::string gitlab_path(std::string_view file) {
    return std::string(file.starts_with("./") ? file.substr(2) : file);
}

}  // namespace

std::string render_gitlab_code_quality(const GateReport& report) {
    Fingerprints fingerprints;
    Json issues = Json::array();
    for (const SubjectReport& subject : report.subjects) {
        for (const GateFinding& finding : subject.findings) {
            if (finding.waiver) {
                continue;
            }
            const std::string description =
                finding.hint.empty() ? finding.message
                                     : fmt::format("{} {}", finding.message, finding.hint);
            issues.push_back(Json{
                {"description", to_printable(description)},
                {"check_name", finding.rule},
                {"fingerprint", fingerprints.name(subject, finding)},
                {"severity", gitlab_severity(finding.severity)},
                {"location",
                 {{"path", gitlab_path(finding.file)}, {"lines", {{"begin", finding.line}}}}}});
        }
    }
    return to_json_line(issues);
}

}  // namespace symbolon::gate
