// Random hostile texts in every member of a report: each format must still hold.
#include "core/json.hpp"
#include "gate/report/formats.hpp"
#include "gate/report/shown_text.hpp"
#include "tests/unit/gate/report/gate_report_schema.hpp"
#include "tests/unit/gate/report/sample_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {
namespace {

class HostileTexts {
public:
    explicit HostileTexts(unsigned seed) : random_(seed) {}

    std::string next() {
        static constexpr std::array<std::string_view, 28> pieces{"\x1b[2J",
                                                                 "\"",
                                                                 "'",
                                                                 "]]>",
                                                                 "<!--",
                                                                 "</failure>",
                                                                 "&amp;",
                                                                 "&#0;",
                                                                 "\n",
                                                                 "\r\n",
                                                                 "\t",
                                                                 "::error::",
                                                                 "%0A",
                                                                 "{0}",
                                                                 "```\n",
                                                                 "`",
                                                                 "|",
                                                                 "@everyone",
                                                                 "\\",
                                                                 "\xFF",
                                                                 "\xC2\x9B",
                                                                 "\xED\xA0\x80",
                                                                 "\xEF\xBF\xBF",
                                                                 "\xE2\x80\xAE",
                                                                 "\xC3\xBC",
                                                                 "<b>",
                                                                 "://x",
                                                                 "[a](b)"};
        std::string text;
        for (std::size_t left = pick(8); left > 0; --left) {
            if (pick(4) == 0) {
                text += static_cast<char>(pick(256));
            } else {
                text += pieces[pick(pieces.size())];
            }
        }
        return text;
    }
    std::size_t pick(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

private:
    std::mt19937 random_;
};

Side hostile_side(HostileTexts& texts) {
    return Side{texts.next(),
                texts.next(),
                texts.pick(5),
                texts.pick(20),
                std::make_shared<const std::string>(texts.next() + texts.next()),
                texts.next()};
}

GateFinding hostile_finding(HostileTexts& texts) {
    GateFinding finding;
    finding.rule = "R" + texts.next();
    finding.severity = static_cast<Severity>(texts.pick(3));
    finding.message = texts.next();
    finding.hint = texts.next();
    finding.file = texts.next();
    finding.line = 1 + texts.pick(4);
    finding.column = 1 + texts.pick(30);
    finding.text = std::make_shared<const std::string>(texts.next() + texts.next());
    finding.path = texts.next();
    finding.reader = hostile_side(texts);
    finding.writer = hostile_side(texts);
    finding.reader->line = 1 + texts.pick(3);
    finding.reader->column.reset();
    finding.writer->line.reset();
    finding.writer->column.reset();
    finding.counter_example = compat::CounterExample{texts.next(), texts.next()};
    if (texts.pick(4) == 0) {
        finding.waiver = Waiver{
            texts.next(), texts.next(), texts.next(), texts.next(), texts.next(), texts.next(), 1};
    }
    return finding;
}

GateReport hostile_report(HostileTexts& texts) {
    GateReport report;
    report.tree = texts.next();
    report.against = texts.next();
    report.notes = {texts.next()};
    for (std::size_t left = texts.pick(3); left > 0; --left) {
        SubjectReport subject;
        subject.subject = texts.next();
        subject.file = texts.next();
        subject.verdict = static_cast<Verdict>(texts.pick(6));
        subject.compared = {texts.next(), texts.next()};
        subject.notes = {texts.next()};
        subject.findings = {hostile_finding(texts), hostile_finding(texts)};
        report.subjects.push_back(std::move(subject));
    }
    return report;
}

bool is_clean(std::string_view text) {
    return to_valid_utf8(text) == text && text.find("\xC2\x9B") == std::string_view::npos &&
           text.find("\xE2\x80\xAE") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char letter) {
               return letter == '\n' || (static_cast<unsigned char>(letter) >= 0x20 &&
                                         static_cast<unsigned char>(letter) != 0x7F);
           });
}

bool has_only_references(std::string_view text) {
    static constexpr std::array<std::string_view, 6> known{"&amp;",  "&lt;",  "&gt;",
                                                           "&quot;", "&#10;", "&#9;"};
    for (std::size_t at = text.find('&'); at != std::string_view::npos;
         at = text.find('&', at + 1)) {
        if (std::none_of(known.begin(), known.end(), [&](std::string_view each) {
                return text.substr(at).starts_with(each);
            })) {
            return false;
        }
    }
    return text.find('<') == std::string_view::npos && text.find("]]>") == std::string_view::npos;
}

/// What is wrong with the XML; empty: it is well-formed. No more of XML than the report uses.
std::string why_malformed(std::string_view xml) {
    std::vector<std::string> open;
    std::size_t at = xml.find("?>") + 2;
    while (at < xml.size()) {
        const std::size_t start = xml.find('<', at);
        if (!has_only_references(xml.substr(at, start - at))) {
            return "text: " + std::string(xml.substr(at, start - at));
        }
        if (start == std::string_view::npos) {
            break;
        }
        const std::size_t end = xml.find('>', start);
        if (end == std::string_view::npos) {
            return "a tag without an end";
        }
        std::string_view tag = xml.substr(start + 1, end - start - 1);
        at = end + 1;
        if (tag.starts_with('/')) {
            if (open.empty() || open.back() != tag.substr(1)) {
                return "closes " + std::string(tag);
            }
            open.pop_back();
            continue;
        }
        if (!has_only_references(tag) || std::count(tag.begin(), tag.end(), '"') % 2 != 0) {
            return "attributes: " + std::string(tag);
        }
        if (!tag.ends_with('/')) {
            open.emplace_back(tag.substr(0, tag.find(' ')));
        }
    }
    return open.empty() ? "" : "not closed: " + open.back();
}

std::size_t count_findings(const GateReport& report) {
    std::size_t findings = 0;
    for (const SubjectReport& subject : report.subjects) {
        findings += subject.findings.size();
    }
    return findings;
}

std::size_t count_lines(std::string_view text, std::string_view start) {
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
        lines += text.substr(at).starts_with(start) ? 1U : 0U;
    }
    return lines;
}

TEST(HostileReport, EveryFormatHolds) {
    for (unsigned seed = 0; seed < 150; ++seed) {
        HostileTexts texts(seed);
        const GateReport report = hostile_report(texts);
        for (std::size_t at = 0; at < format_names().size(); ++at) {
            EXPECT_TRUE(is_clean(render(report, static_cast<Format>(at), {})))
                << format_names()[at] << " of seed " << seed;
        }
        EXPECT_TRUE(is_clean(to_step_summary(report)));
        EXPECT_EQ(why_invalid(render(report, Format::json, {})), "") << seed;
        EXPECT_EQ(why_malformed(render(report, Format::junit, {})), "") << seed;
        EXPECT_TRUE(parse_json(render(report, Format::sarif, {}))) << seed;
        EXPECT_TRUE(parse_json(render(report, Format::gitlab_code_quality, {}))) << seed;
        const std::string commands = render(report, Format::github_actions, {});
        EXPECT_EQ(count_lines(commands, "::"), count_findings(report)) << seed;
        EXPECT_EQ(count_lines(commands, ""), count_findings(report) + 2) << seed;
    }
}

TEST(HostileReport, TheMalformedXmlOfThisTestIsSeen) {
    EXPECT_NE(why_malformed("<?xml?><a></b>"), "");
    EXPECT_NE(why_malformed("<?xml?><a>&x;</a>"), "");
    EXPECT_NE(why_malformed("<?xml?><a b=\"<\"></a>"), "");
    EXPECT_NE(why_malformed("<?xml?><a>"), "");
    EXPECT_EQ(why_malformed("<?xml?><a b=\"&lt;\">x<c/></a>\n"), "");
}

}  // namespace
}  // namespace symbolon::gate
