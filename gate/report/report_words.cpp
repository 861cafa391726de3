// What several renderers say in the same words.
#include "core/digest.hpp"
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <utility>

namespace symbolon::gate {

namespace {

std::string count_things(std::size_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

void append_count(std::string& out, std::size_t count, std::string_view what) {
    if (count > 0) {
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, what);
    }
}

void append_things(std::string& out, std::size_t count, std::string_view thing) {
    if (count > 0) {
        out += fmt::format("{}{}", out.empty() ? "" : ", ", count_things(count, thing));
    }
}

/// The first 128 bits are plenty to tell findings apart.
std::string short_digest(std::string_view text) {
    return sha256_hex(text).substr(0, 32);
}

/// Parts cannot run into each other: each one's length stands before it.
void append_part(std::string& out, std::string_view part) {
    out += fmt::format("{}:{};", part.size(), part);
}

constexpr bool steers_terminal(std::uint32_t letter) {
    return (letter >= 0x7F && letter <= 0x9F) || letter == 0x61C || letter == 0x200E ||
           letter == 0x200F || (letter >= 0x2028 && letter <= 0x202E) ||
           (letter >= 0x2066 && letter <= 0x2069);
}

}  // namespace

std::string to_counts_line(const GateReport& report) {
    const GateCounts counts = count(report);
    std::string verdicts;
    append_count(verdicts, counts.incompatible, "incompatible");
    append_count(verdicts, counts.invalid, "invalid");
    append_count(verdicts, counts.undecided, "undecided");
    append_count(verdicts, counts.compatible, "compatible");
    append_count(verdicts, counts.added, "new");
    append_count(verdicts, counts.unchanged, "unchanged");
    std::string findings;
    append_things(findings, counts.errors, "error");
    append_things(findings, counts.warnings, "warning");
    append_count(findings, counts.waived, "waived");
    return fmt::format("{}{}{}; {}", count_things(counts.subjects, "subject"),
                       verdicts.empty() ? "" : ": ", verdicts,
                       findings.empty() ? "no findings" : findings);
}

std::string to_compared(const SubjectReport& subject) {
    if (subject.compared.empty()) {
        return {};
    }
    const std::size_t more = subject.compared.size() - 1;
    return more == 0 ? subject.compared.front()
                     : fmt::format("{} and {} more", subject.compared.front(), more);
}

std::string to_place(const Side& side) {
    std::string place;
    if (side.line) {
        place = fmt::format("line {}", *side.line);
        if (side.column) {
            place += fmt::format(", column {}", *side.column);
        }
    }
    if (!side.path.empty()) {
        place += fmt::format("{}{}", place.empty() ? "" : ", ", side.path);
    }
    return place.empty() ? side.name : fmt::format("{} ({})", side.name, place);
}

std::string to_detail_lines(const GateFinding& finding) {
    std::string out;
    if (finding.reader) {
        out += fmt::format("\nreader: {}", to_place(*finding.reader));
    }
    if (finding.writer) {
        out += fmt::format("\nwriter: {}", to_place(*finding.writer));
    }
    if (finding.counter_example) {
        out += fmt::format("\ncounter-example: {}\nread as: {}", finding.counter_example->datum,
                           finding.counter_example->reading);
    }
    if (!finding.hint.empty()) {
        out += fmt::format("\nhint: {}", finding.hint);
    }
    return out;
}

std::string to_json_line(const Json& value) {
    const std::string text = to_text(value);
    std::string out;
    out.reserve(text.size() + 1);
    // Only strings hold letters past ASCII, and to_text() has made them valid UTF-8.
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        std::size_t bytes = 1;
        std::uint32_t letter = first;
        if (first >= 0xC2 && first <= 0xDF && at + 1 < text.size()) {
            bytes = 2;
            letter = ((first & 0x1FU) << 6U) | (static_cast<unsigned char>(text[at + 1]) & 0x3FU);
        } else if (first >= 0xE0 && first <= 0xEF && at + 2 < text.size()) {
            bytes = 3;
            letter = ((first & 0x0FU) << 12U) |
                     ((static_cast<unsigned char>(text[at + 1]) & 0x3FU) << 6U) |
                     (static_cast<unsigned char>(text[at + 2]) & 0x3FU);
        }
        if (steers_terminal(letter)) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", letter);
        } else {
            out.append(text, at, bytes);
        }
        at += bytes;
    }
    return out + "\n";
}

std::string Fingerprints::name(const SubjectReport& subject, const GateFinding& finding) {
    std::string key;
    append_part(key, finding.rule);
    append_part(key, subject.subject);
    append_part(key, finding.file);
    append_part(key, finding.path);
    append_part(key, !finding.direction                                  ? ""
                     : *finding.direction == compat::Direction::backward ? "backward"
                                                                         : "forward");
    const std::size_t before = given_[key]++;
    return short_digest(before == 0 ? key : fmt::format("{}#{}", key, before));
}

}  // namespace symbolon::gate
