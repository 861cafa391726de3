#include "gate/model/report.hpp"

#include <algorithm>

namespace symbolon::gate {

namespace {

void count_verdict(GateCounts& counts, Verdict verdict) {
    switch (verdict) {
        case Verdict::unchanged:
            ++counts.unchanged;
            return;
        case Verdict::added:
            ++counts.added;
            return;
        case Verdict::compatible:
            ++counts.compatible;
            return;
        case Verdict::incompatible:
            ++counts.incompatible;
            return;
        case Verdict::invalid:
            ++counts.invalid;
            return;
        case Verdict::undecided:
            ++counts.undecided;
            return;
    }
}

}  // namespace

GateCounts count(const GateReport& report) {
    GateCounts counts;
    for (const SubjectReport& subject : report.subjects) {
        counts.subjects += subject.subject.empty() ? 0U : 1U;
        if (subject.verdict) {
            count_verdict(counts, *subject.verdict);
        }
        for (const GateFinding& finding : subject.findings) {
            if (finding.waiver) {
                ++counts.waived;
            } else if (finding.severity == Severity::error) {
                ++counts.errors;
            } else if (finding.severity == Severity::warning) {
                ++counts.warnings;
            }
        }
    }
    return counts;
}

bool fails(const GateReport& report) {
    return count(report).errors > 0;
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::unchanged:
            return "unchanged";
        case Verdict::added:
            return "new";
        case Verdict::compatible:
            return "compatible";
        case Verdict::incompatible:
            return "incompatible";
        case Verdict::invalid:
            return "invalid";
        case Verdict::undecided:
            return "undecided";
    }
    return "";
}

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::note:
            return "note";
    }
    return "";
}

}  // namespace symbolon::gate
