// A report as Markdown: for a comment on a change, and for a build's summary page.
//
// Names and texts come from schemas of people who may not be trusted. They stand in code, where no
// renderer finds links, mentions or HTML, or in sentences with all marks escaped and mentions
// broken.
#include "gate/report/excerpt.hpp"
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::gate {

namespace {

constexpr std::string_view zero_width_space = "\xE2\x80\x8B";
constexpr std::size_t markdown_columns = 100;
constexpr std::size_t markdown_datum_columns = 400;

std::size_t longest_run(std::string_view text, char letter) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char next : text) {
        run = next == letter ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// In a code span, with more backticks around it than it has in a row.
std::string to_code(std::string_view text) {
    const std::string shown = to_printable(text);
    if (shown.empty()) {
        return {};
    }
    const std::string ticks(longest_run(shown, '`') + 1, '`');
    const bool needs_blanks =
        shown.front() == '`' || shown.back() == '`' || shown.front() == ' ' || shown.back() == ' ';
    const std::string_view blank = needs_blanks ? " " : "";
    return fmt::format("{0}{1}{2}{1}{0}", ticks, blank, shown);
}

/// The same in a cell of a table, which a bar would end.
std::string to_cell(std::string_view text) {
    std::string out;
    for (const char next : to_code(text)) {
        out += next == '|' ? "\\|" : std::string(1, next);
    }
    return out;
}

std::string escape_plain(std::string_view printable) {
    std::string out;
    for (std::size_t at = 0; at < printable.size(); ++at) {
        const char next = printable[at];
        switch (next) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '@':
            case '#':
            case '!':
            case '~':
            case '$':
            case '%':
                out += fmt::format("\\{}{}", next, zero_width_space);
                break;
            case ':':
            case '/':
                out += fmt::format(
                    "{}{}", next,
                    at + 1 < printable.size() && printable[at + 1] == '/' ? zero_width_space : "");
                break;
            case '.':
                // Renderers make links of www.example.com.
                out += at >= 3 && (printable[at - 1] | 0x20) == 'w'
                           ? fmt::format("{}.", zero_width_space)
                           : ".";
                break;
            case '\\':
            case '`':
            case '*':
            case '_':
            case '{':
            case '}':
            case '[':
            case ']':
            case '(':
            case ')':
            case '|':
            case '+':
            case '-':
            case '=':
            case '^':
                out += fmt::format("\\{}", next);
                break;
            default:
                out += next;
        }
    }
    return out;
}

/// A sentence; what it quotes between backticks stays code.
std::string to_sentence_text(std::string_view text) {
    const std::string shown = to_printable(text);
    if (std::count(shown.begin(), shown.end(), '`') % 2 != 0) {
        return escape_plain(shown);
    }
    std::string out;
    bool in_code = false;
    for (std::size_t start = 0; start <= shown.size();) {
        const std::size_t end = std::min(shown.find('`', start), shown.size());
        const std::string_view part = std::string_view(shown).substr(start, end - start);
        out += in_code ? to_code(part) : escape_plain(part);
        in_code = !in_code;
        start = end + 1;
    }
    return out;
}

std::string to_fence(std::string_view shown) {
    const std::string ticks(std::max<std::size_t>(longest_run(shown, '`') + 1, 3), '`');
    return fmt::format("{0}\n{1}\n{0}\n", ticks, shown);
}

std::string excerpt_text(std::string_view text, std::size_t line, std::size_t column) {
    const auto excerpt = find_excerpt(text, line, column, markdown_columns);
    if (!excerpt) {
        return {};
    }
    std::string out = fmt::format("{:>5} | {}\n      | {}", line, excerpt->line, excerpt->mark);
    for (const std::string& more : excerpt->more) {
        out += fmt::format("\n{:>5} | {}", ++line, more);
    }
    return out;
}

void append_side_text(std::string& out, std::string_view name, const GateFinding& finding,
                      const std::optional<Side>& side) {
    if (!side) {
        return;
    }
    out += fmt::format("{}: {}\n\n", name, to_code(to_place(*side)));
    const bool is_shown_already = side->name == finding.file || side->text == finding.text;
    if (side->text == nullptr || !side->line || side->path == "/" || is_shown_already) {
        return;
    }
    if (const std::string shown = excerpt_text(*side->text, *side->line, side->column.value_or(1));
        !shown.empty()) {
        out += to_fence(shown) + "\n";
    }
}

std::string heading_word(const GateFinding& finding) {
    return fmt::format("{}{}", finding.waiver ? "waived " : "", to_string(finding.severity));
}

std::string to_details(const GateFinding& finding) {
    std::string out =
        fmt::format("#### {} {} at {}\n\n", heading_word(finding), to_code(finding.rule),
                    to_code(fmt::format("{}:{}:{}", finding.file, finding.line, finding.column)));
    out += fmt::format("{}{}\n\n", zero_width_space, to_sentence_text(finding.message));
    if (finding.waiver) {
        return out + fmt::format("Waived until {}: {}\n\n", to_code(finding.waiver->expires),
                                 to_sentence_text(finding.waiver->reason));
    }
    if (finding.text != nullptr) {
        if (const std::string shown = excerpt_text(*finding.text, finding.line, finding.column);
            !shown.empty()) {
            out += to_fence(shown) + "\n";
        }
    }
    append_side_text(out, "Reader", finding, finding.reader);
    append_side_text(out, "Writer", finding, finding.writer);
    if (finding.counter_example) {
        out += fmt::format(
            "Counter-example:\n\n{}\n",
            to_fence(cut_to_columns(finding.counter_example->datum, markdown_datum_columns)));
        out += fmt::format("Read as: {}\n\n", to_sentence_text(finding.counter_example->reading));
    }
    if (!finding.hint.empty()) {
        out += fmt::format("Hint: {}\n\n", to_sentence_text(finding.hint));
    }
    return out;
}

bool is_in_table(const SubjectReport& subject) {
    return !subject.findings.empty() || !subject.notes.empty() ||
           (subject.verdict && *subject.verdict != Verdict::unchanged);
}

std::string to_table_row(const SubjectReport& subject) {
    std::string findings;
    GateReport one;
    one.subjects.push_back(subject);
    const GateCounts counts = count(one);
    const auto append = [&](std::size_t number, std::string_view word) {
        if (number > 0) {
            findings += fmt::format("{}{} {}", findings.empty() ? "" : ", ", number, word);
        }
    };
    append(counts.errors, counts.errors == 1 ? "error" : "errors");
    append(counts.warnings, counts.warnings == 1 ? "warning" : "warnings");
    append(counts.waived, "waived");
    return fmt::format("| {} | {} | {} | {} | {} |\n", to_cell(subject.subject),
                       to_cell(subject.file),
                       subject.verdict ? to_string(*subject.verdict) : std::string_view("-"),
                       to_cell(to_compared(subject)), findings);
}

class MarkdownRenderer {
public:
    MarkdownRenderer(const GateReport& report, std::size_t bytes_max)
        : report_(report), bytes_max_(bytes_max) {}

    std::string render() {
        out_ = fmt::format("### symbolon {}: {}\n\n{}\n\n", to_code(report_.command),
                           fails(report_) ? "failed" : "passed", to_counts_line(report_));
        append_header();
        append_table();
        append_all_details();
        append_notes();
        return std::move(out_);
    }

private:
    /// Whether it still fits, with room for a line that says how much was left out.
    bool append_bounded(std::string_view text) {
        constexpr std::size_t room_for_closing_lines = 500;
        if (out_.size() + text.size() + room_for_closing_lines > bytes_max_) {
            return false;
        }
        out_ += text;
        return true;
    }

    void append_header() {
        std::string line = fmt::format("Schemas: {}", to_code(report_.tree));
        if (!report_.against.empty()) {
            line += fmt::format(", against {}", to_code(report_.against));
        }
        append_bounded(line + "\n\n");
    }

    void append_table() {
        std::size_t left_out = 0;
        bool has_head = false;
        for (const SubjectReport& subject : report_.subjects) {
            if (!is_in_table(subject)) {
                continue;
            }
            if (!has_head) {
                has_head = append_bounded(
                    "| Subject | File | Verdict | Compared with | Findings |\n"
                    "| --- | --- | --- | --- | --- |\n");
            }
            if (left_out > 0 || !has_head || !append_bounded(to_table_row(subject))) {
                ++left_out;
            }
        }
        if (left_out > 0) {
            out_ += fmt::format("\nAnd {} more.\n", left_out);
        }
        out_ += "\n";
    }

    void append_all_details() {
        std::size_t left_out = 0;
        for (const SubjectReport& subject : report_.subjects) {
            for (const GateFinding& finding : subject.findings) {
                if (left_out > 0 || !append_bounded(to_details(finding))) {
                    ++left_out;
                }
            }
        }
        if (left_out > 0) {
            out_ += fmt::format("And {} more findings.\n\n", left_out);
        }
    }

    void append_notes() {
        std::string notes;
        for (const SubjectReport& subject : report_.subjects) {
            for (const std::string& note : subject.notes) {
                notes +=
                    fmt::format("- {}: {}\n", to_code(subject.subject), to_sentence_text(note));
            }
        }
        for (const std::string& note : report_.notes) {
            notes += fmt::format("- note: {}\n", to_sentence_text(note));
        }
        if (!notes.empty() && !append_bounded("Notes:\n\n" + notes)) {
            out_ += "There are notes; they do not fit here.\n";
        }
    }

    const GateReport& report_;
    std::size_t bytes_max_;
    std::string out_{};
};

}  // namespace

std::string render_markdown(const GateReport& report, std::size_t bytes_max) {
    return MarkdownRenderer(report, bytes_max).render();
}

std::string to_step_summary(const GateReport& report) {
    return render_markdown(report, limits::step_summary_bytes_max);
}

}  // namespace symbolon::gate
