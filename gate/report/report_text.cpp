// A report as a compiler prints.
#include "gate/report/excerpt.hpp"
#include "gate/report/renderers.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace symbolon::gate {

namespace {

constexpr std::string_view style_bold = "1";
constexpr std::string_view style_dim = "2";
constexpr std::string_view style_red = "1;31";
constexpr std::string_view style_green = "32";
constexpr std::string_view style_yellow = "1;33";
constexpr std::string_view style_cyan = "36";
constexpr std::size_t line_number_columns = 5;
/// A datum that is longer is cut; --output json has all of it.
constexpr std::size_t datum_columns_max = 400;

class TextRenderer {
public:
    TextRenderer(const GateReport& report, const RenderOptions& options)
        : report_(report), options_(options) {}

    std::string render() {
        for (const SubjectReport& subject : report_.subjects) {
            for (const GateFinding& finding : subject.findings) {
                append_finding(finding);
            }
        }
        append_verdicts();
        for (const std::string& note : report_.notes) {
            out_ += fmt::format("{} {}\n", paint("note:", style_cyan), to_printable(note));
        }
        out_ += to_counts_line(report_) + "\n";
        return std::move(out_);
    }

private:
    std::string paint(std::string_view text, std::string_view style) const {
        return options_.colours == Colours::no ? std::string(text)
                                               : fmt::format("\x1b[{}m{}\x1b[0m", style, text);
    }

    static std::string_view style_of(const GateFinding& finding) {
        if (finding.waiver) {
            return style_dim;
        }
        switch (finding.severity) {
            case Severity::error:
                return style_red;
            case Severity::warning:
                return style_yellow;
            case Severity::note:
                break;
        }
        return style_cyan;
    }

    static std::string_view style_of(Verdict verdict) {
        switch (verdict) {
            case Verdict::incompatible:
            case Verdict::invalid:
            case Verdict::undecided:
                return style_red;
            case Verdict::compatible:
            case Verdict::added:
                return style_green;
            case Verdict::unchanged:
                break;
        }
        return style_dim;
    }

    /// A name that begins with a colon would be a command to some build machines.
    static std::string show_file(std::string_view file) {
        return to_printable(file.starts_with(':') ? fmt::format("./{}", file) : std::string(file));
    }

    void append_finding(const GateFinding& finding) {
        const std::string place =
            fmt::format("{}:{}:{}:", show_file(finding.file), finding.line, finding.column);
        const std::string word =
            fmt::format("{}{}:", finding.waiver ? "waived " : "", to_string(finding.severity));
        out_ +=
            fmt::format("{} {} {} [{}]\n", paint(place, style_bold), paint(word, style_of(finding)),
                        to_printable(finding.message), to_printable(finding.rule));
        if (finding.waiver) {
            append_waiver(*finding.waiver);
            return;
        }
        if (finding.text != nullptr) {
            append_excerpt(*finding.text, finding.line, finding.column, style_of(finding));
        }
        append_side("reader", finding, finding.reader);
        append_side("writer", finding, finding.writer);
        if (finding.counter_example) {
            append_row("counter-example",
                       cut_to_columns(finding.counter_example->datum, datum_columns_max));
            append_row("read as", to_printable(finding.counter_example->reading));
        }
        if (!finding.hint.empty()) {
            append_row("hint", to_printable(finding.hint));
        }
    }

    void append_row(std::string_view name, std::string_view printable) {
        out_ += fmt::format("  {} {}\n", paint(fmt::format("{}:", name), style_cyan), printable);
    }

    void append_waiver(const Waiver& waiver) {
        std::string text = to_printable(waiver.reason);
        if (!waiver.expires.empty()) {
            text +=
                fmt::format("{}until {}", text.empty() ? "" : ", ", to_printable(waiver.expires));
        }
        if (!waiver.file.empty()) {
            text += fmt::format(" ({}:{})", to_printable(waiver.file), waiver.line);
        }
        append_row("waived", text);
    }

    void append_excerpt(std::string_view text, std::size_t line, std::size_t column,
                        std::string_view style) {
        const std::size_t gutter = line_number_columns + 4;
        const std::size_t width = options_.columns > gutter ? options_.columns - gutter : 0;
        const auto excerpt = find_excerpt(text, line, column, width);
        if (!excerpt) {
            return;
        }
        const std::string bar = paint("|", style_dim);
        out_ += fmt::format(" {} {} {}\n",
                            paint(fmt::format("{:>{}}", line, line_number_columns), style_dim), bar,
                            excerpt->line);
        const std::size_t blanks = excerpt->mark.find('^');
        out_ +=
            fmt::format(" {:>{}} {} {}{}\n", "", line_number_columns, bar, std::string(blanks, ' '),
                        paint(std::string_view(excerpt->mark).substr(blanks), style));
        for (const std::string& more : excerpt->more) {
            ++line;
            out_ += fmt::format(" {} {} {}\n",
                                paint(fmt::format("{:>{}}", line, line_number_columns), style_dim),
                                bar, more);
        }
    }

    /// Nothing more is shown of a side that is the place of the finding itself, or all of a schema.
    void append_side(std::string_view name, const GateFinding& finding,
                     const std::optional<Side>& side) {
        if (!side) {
            return;
        }
        append_row(name, to_printable(to_place(*side)));
        const bool is_shown_already = (side->name == finding.file || side->text == finding.text) &&
                                      side->line == std::optional(finding.line);
        if (side->text != nullptr && side->line && side->path != "/" && !is_shown_already) {
            append_excerpt(*side->text, *side->line, side->column.value_or(1), style_cyan);
        }
    }

    bool is_listed(const SubjectReport& subject) const {
        return subject.verdict &&
               (options_.detail == RenderOptions::Detail::all ||
                *subject.verdict != Verdict::unchanged || !subject.notes.empty());
    }

    void append_verdicts() {
        std::size_t subject_columns = 0;
        std::size_t file_columns = 0;
        constexpr std::size_t padded_columns_max = 40;
        for (const SubjectReport& subject : report_.subjects) {
            if (is_listed(subject)) {
                subject_columns =
                    std::max(subject_columns, count_columns(to_printable(subject.subject)));
                file_columns = std::max(file_columns, count_columns(show_file(subject.file)));
            }
        }
        subject_columns = std::min(subject_columns, padded_columns_max);
        file_columns = std::min(file_columns, padded_columns_max);
        const std::size_t before = out_.size();
        for (const SubjectReport& subject : report_.subjects) {
            if (is_listed(subject)) {
                append_verdict(subject, subject_columns, file_columns);
            } else {
                append_notes(subject);
            }
        }
        if (before > 0 && out_.size() > before) {
            out_.insert(before, "\n");
        }
    }

    static std::string pad(std::string printable, std::size_t columns) {
        const std::size_t used = count_columns(printable);
        printable.append(used < columns ? columns - used : 0, ' ');
        return printable;
    }

    void append_verdict(const SubjectReport& subject, std::size_t subject_columns,
                        std::size_t file_columns) {
        out_ += fmt::format(
            "{}  {}  {}",
            paint(fmt::format("{:<12}", to_string(*subject.verdict)), style_of(*subject.verdict)),
            pad(to_printable(subject.subject), subject_columns),
            pad(show_file(subject.file), file_columns));
        if (subject.level) {
            out_ += fmt::format("  {}", compat::to_string(*subject.level));
        }
        if (const std::string compared = to_compared(subject); !compared.empty()) {
            out_ += fmt::format("  against {}", to_printable(compared));
        }
        if (subject.server_compatible) {
            out_ += fmt::format(", the server says {}",
                                *subject.server_compatible ? "compatible" : "incompatible");
        }
        while (out_.ends_with(' ')) {
            out_.pop_back();
        }
        out_ += "\n";
        append_notes(subject);
    }

    void append_notes(const SubjectReport& subject) {
        for (const std::string& note : subject.notes) {
            out_ += fmt::format("  {} {}{}\n", paint("note:", style_cyan),
                                subject.verdict ? "" : to_printable(subject.subject) + ": ",
                                to_printable(note));
        }
    }

    const GateReport& report_;
    const RenderOptions& options_;
    std::string out_{};
};

}  // namespace

std::string render_text(const GateReport& report, const RenderOptions& options) {
    return TextRenderer(report, options).render();
}

}  // namespace symbolon::gate
