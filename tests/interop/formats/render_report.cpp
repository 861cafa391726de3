// Prints reports for validators that other people wrote.
//
// Usage: symbolon_render_report FORMAT (sample | SEED)
//
// FORMAT is one of --output, or step-summary; SEED makes a report of hostile texts.
#include "gate/report/formats.hpp"
#include "tests/unit/gate/report/hostile_report.hpp"
#include "tests/unit/gate/report/sample_report.hpp"

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

namespace gate = symbolon::gate;

int main(int count, char** words) {
    const std::span arguments(words, static_cast<std::size_t>(count));
    if (count != 3) {
        return 2;
    }
    gate::GateReport report = gate::sample_report();
    if (const std::string which = arguments[2]; which != "sample") {
        gate::HostileTexts texts(static_cast<unsigned>(std::strtoul(which.c_str(), nullptr, 10)));
        report = gate::hostile_report(texts);
    }
    const std::string name = arguments[1];
    const auto format = gate::find_format(name);
    if (!format && name != "step-summary") {
        return 2;
    }
    gate::RenderOptions options;
    options.program_version = "1.2.3";
    const std::string text =
        format ? gate::render(report, *format, options) : gate::to_step_summary(report);
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
