// Reports with random hostile texts in every member.
//
// Example:  HostileTexts texts(seed);  render(hostile_report(texts), Format::junit, {});
// Threads:  one at a time
// Source:   gate/model/report.hpp
// Tested by tests/unit/gate/report/hostile_test.cpp
#pragma once

#include "gate/model/report.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::gate {

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

inline Side hostile_side(HostileTexts& texts) {
    return Side{texts.next(),
                texts.next(),
                texts.pick(5),
                texts.pick(20),
                std::make_shared<const std::string>(texts.next() + texts.next()),
                texts.next()};
}

inline GateFinding hostile_finding(HostileTexts& texts) {
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

inline GateReport hostile_report(HostileTexts& texts) {
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

}  // namespace symbolon::gate
