#include "cli/check_answer.hpp"

#include "cli/terminal.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace symbolon::cli {

namespace {

std::string text_member(const Json& json, const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return json.is_object() && found != json.end() && found->is_string()
               ? printable(found->get_ref<const std::string&>())
               : std::string();
}

/// 0: it is not there.
std::int64_t number_member(const Json& json, const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return json.is_object() && found != json.end() && found->is_number_integer()
               ? found->get<std::int64_t>()
               : 0;
}

const Json* array_member(const Json& json, const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return json.is_object() && found != json.end() && found->is_array() ? &*found : nullptr;
}

std::string old_schema_of(const Json& finding) {
    const auto referrer = finding.find("referrer");
    if (referrer != finding.end() && referrer->is_object()) {
        return fmt::format("{} version {}, which refers to it", text_member(*referrer, "subject"),
                           number_member(*referrer, "version"));
    }
    const auto version = number_member(finding, "oldVersion");
    return version > 0 ? fmt::format("version {}", version) : "the earlier schema";
}

/// "orders.avsc:6:5: error: KIND: message" and what belongs to it.
std::string to_finding_text(const Json& finding, std::string_view file, Highlight highlight) {
    // Forward, the old schema reads what the new one writes.
    const bool is_new_reading = text_member(finding, "direction") != "forward";
    const char* const side = is_new_reading ? "reader" : "writer";
    const char* const other = is_new_reading ? "writer" : "reader";
    const auto member = [&](const char* which, const char* what) {
        return std::string(which) + what;
    };
    const auto line = number_member(finding, member(side, "Line").c_str());
    std::string text(printable(file));
    if (line > 0) {
        text += fmt::format(":{}:{}", line, number_member(finding, member(side, "Column").c_str()));
    }
    const std::string error = highlight == Highlight::yes ? "\x1b[1;31merror\x1b[0m" : "error";
    text += fmt::format(": {}: {}: {}\n", error, text_member(finding, "kind"),
                        text_member(finding, "message"));
    text += fmt::format(
        "  place: {} here, the {}; {} in {}\n", text_member(finding, member(side, "Path").c_str()),
        side, text_member(finding, member(other, "Path").c_str()), old_schema_of(finding));
    if (const auto hint = text_member(finding, "hint"); !hint.empty()) {
        text += "  hint: " + hint + "\n";
    }
    const auto example = finding.find("counterExample");
    if (example != finding.end() && example->is_object()) {
        text += fmt::format("  example: {}: {}\n", text_member(*example, "datum"),
                            text_member(*example, "reading"));
    }
    return text;
}

}  // namespace

std::string to_refusal_text(const Json& answer, std::string_view file, Highlight highlight) {
    std::string text;
    if (const Json* const findings = array_member(answer, "findings");
        findings != nullptr && !findings->empty()) {
        const std::size_t shown = std::min(findings->size(), limits::shown_findings_max);
        for (std::size_t at = 0; at < shown; ++at) {
            if ((*findings)[at].is_object()) {
                text += to_finding_text((*findings)[at], file, highlight);
            }
        }
        if (shown < findings->size()) {
            text += fmt::format("and {} more\n", findings->size() - shown);
        }
        return text;
    }
    if (const Json* const messages = array_member(answer, "messages"); messages != nullptr) {
        for (const auto& message : *messages) {
            if (message.is_string()) {
                text += fmt::format("{}: {}\n", printable(file),
                                    printable(message.get_ref<const std::string&>()));
            }
        }
    }
    return text;
}

}  // namespace symbolon::cli
