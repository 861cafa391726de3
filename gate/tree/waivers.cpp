#include "gate/tree/waivers.hpp"

#include "gate/tree/tree_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

namespace symbolon::gate {

namespace {

/// Double-quoted YAML, which takes every text; control characters are escaped.
std::string yaml_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += letter;
        }
    }
    return out + "\"";
}

/// What is plain stays plain, for people; words that YAML knows are quoted.
std::string yaml_text(std::string_view text) {
    constexpr std::array<std::string_view, 8> words{"null",  "Null", "NULL", "true",
                                                    "false", "yes",  "no",   "on"};
    const bool plain =
        !text.empty() && std::find(words.begin(), words.end(), text) == words.end() &&
        text.front() != '-' && text.back() != ':' &&
        std::all_of(text.begin(), text.end(), [](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                   (letter >= '0' && letter <= '9') ||
                   std::string_view("/._-").find(letter) != std::string_view::npos;
        });
    return plain ? std::string(text) : yaml_quoted(text);
}

}  // namespace

std::string to_ignore_snippet(const GateReport& report, std::string_view expires) {
    std::string entries;
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> seen;
    for (const SubjectReport& subject : report.subjects) {
        for (const GateFinding& finding : subject.findings) {
            if (finding.waiver || finding.severity != Severity::error ||
                !seen.emplace(finding.rule, subject.subject, finding.path).second) {
                continue;
            }
            entries += fmt::format("  - rule: {}\n", yaml_text(finding.rule));
            if (!subject.subject.empty()) {
                entries += fmt::format("    subject: {}\n", yaml_text(subject.subject));
            }
            if (!finding.path.empty()) {
                entries += fmt::format("    path: {}\n", yaml_text(finding.path));
            }
            entries += fmt::format("    reason: {}\n    expires: {}\n", yaml_text(unwritten_reason),
                                   yaml_text(expires));
        }
    }
    return entries.empty() ? "# There is nothing to ignore: no finding fails the gate.\n"
                           : "ignore:\n" + entries;
}

}  // namespace symbolon::gate
