// Random hostile texts in every member of a report: each format must still hold.
#include "core/json.hpp"
#include "gate/report/formats.hpp"
#include "gate/report/shown_text.hpp"
#include "tests/unit/gate/report/gate_report_schema.hpp"
#include "tests/unit/gate/report/hostile_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {
namespace {

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
