// Whether a JSON report is what docs/gate_report.schema.json says.
//
// Threads:  any thread
// Source:   docs/gate_report.schema.json
// Tested by tests/unit/gate/report/formats_test.cpp
#pragma once

#include "compat/validate.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace symbolon::gate {

/// The first reason why it is not, with its place; empty: it is.
inline std::string why_invalid(const std::string& report) {
    static const auto validator = [] {
        std::ifstream file(SYMBOLON_SOURCE_DIR "/docs/gate_report.schema.json");
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        return compat::JsonValidator::compile(text, {}, compat::Formats::assert_them);
    }();
    if (!validator) {
        return "the schema: " + validator.error().message;
    }
    const auto errors = (*validator)->validate(report);
    if (!errors) {
        return errors.error().message;
    }
    return errors->empty() ? "" : errors->front().instance_path + ": " + errors->front().message;
}

}  // namespace symbolon::gate
