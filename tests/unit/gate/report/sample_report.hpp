// A report with a finding of every severity, one that is waived, and subjects of several verdicts.
//
// Threads:  values
// Source:   gate/model/report.hpp
// Tested by tests/unit/gate/report/formats_test.cpp
#pragma once

#include "gate/model/report.hpp"

#include <memory>
#include <string>

namespace symbolon::gate {

inline constexpr const char* sample_new_text =
    "{\n"
    "  \"type\": \"record\", \"name\": \"Order\",\n"
    "  \"fields\": [\n"
    "    {\"name\": \"id\", \"type\": \"long\"},\n"
    "    {\"name\": \"customer_satisfaction_score\", \"type\": \"int\"}\n"
    "  ]\n"
    "}\n";
inline constexpr const char* sample_old_text =
    "{\n"
    "  \"type\": \"record\", \"name\": \"Order\",\n"
    "  \"fields\": [{\"name\": \"id\", \"type\": \"long\"}]\n"
    "}\n";

inline GateFinding sample_error() {
    GateFinding finding;
    finding.rule = "READER_FIELD_MISSING_DEFAULT_VALUE";
    finding.message =
        "The old schema has no field \"customer_satisfaction_score\", and the new schema has no "
        "default for it at /fields/1.";
    finding.hint = "Add a \"default\" to the field \"customer_satisfaction_score\".";
    finding.file = "schemas/orders.avsc";
    finding.line = 5;
    finding.column = 5;
    finding.text = std::make_shared<const std::string>(sample_new_text);
    finding.path = "/fields/1";
    finding.direction = compat::Direction::backward;
    finding.reader = Side{"schemas/orders.avsc", "/fields/1", 5, 5, finding.text};
    finding.writer = Side{"orders-value version 3", "/fields", 3, 13,
                          std::make_shared<const std::string>(sample_old_text)};
    finding.counter_example = compat::CounterExample{
        R"({"id":1})", "the reader has no value for customer_satisfaction_score"};
    return finding;
}

inline GateFinding sample_warning() {
    GateFinding finding;
    finding.rule = "OLDER_VERSION_INCOMPATIBLE";
    finding.severity = Severity::warning;
    finding.message = "The change would not pass against orders-value version 1.";
    finding.file = "schemas/orders.avsc";
    return finding;
}

inline GateFinding sample_note() {
    GateFinding finding;
    finding.rule = "WAIVER_UNUSED";
    finding.severity = Severity::note;
    finding.message = "An exception covers no finding.";
    finding.file = "symbolon.yaml";
    finding.line = 7;
    return finding;
}

inline GateFinding sample_waived() {
    GateFinding finding = sample_error();
    finding.rule = "TYPE_MISMATCH";
    finding.waiver = Waiver{"TYPE_MISMATCH", "orders-value",  "", "every consumer was asked",
                            "2027-01-31",    "symbolon.yaml", 12};
    return finding;
}

inline GateReport sample_report() {
    GateReport report;
    report.tree = "schemas/";
    report.against = "http://registry:8081";
    report.subjects.push_back({.subject = "orders-value",
                               .file = "schemas/orders.avsc",
                               .verdict = Verdict::incompatible,
                               .level = compat::Level::backward,
                               .compared = {"orders-value version 3"},
                               .findings = {sample_error(), sample_warning(), sample_waived()},
                               .server_compatible = false});
    report.subjects.push_back({.subject = "payments-value",
                               .file = "schemas/payments.proto",
                               .type = SchemaType::protobuf,
                               .verdict = Verdict::added,
                               .notes = {"The registry has no subject payments-value yet."}});
    report.subjects.push_back({.subject = "users-value",
                               .file = "schemas/users.json",
                               .type = SchemaType::json,
                               .verdict = Verdict::unchanged,
                               .findings = {sample_note()}});
    report.notes = {"2 .json files are no JSON Schemas and were passed over."};
    return report;
}

}  // namespace symbolon::gate
