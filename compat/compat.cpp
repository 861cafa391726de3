#include "compat/compat.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace symbolon::compat {

namespace {

Status add_findings(const ParsedSchema& reader, const ParsedSchema& writer, Direction direction,
                    Policy policy, std::vector<DirectedFinding>& out) {
    SYMBOLON_TRY(Findings findings, reader.findings_under(policy, writer));
    for (Finding& finding : findings) {
        out.push_back({std::move(finding), direction});
    }
    return {};
}

// The first `units` UTF-16 units of a UTF-8 text, never half a character; npos units means all
// fits.
std::size_t bytes_of_utf16_units(std::string_view text, std::size_t units) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        const std::size_t cost = length == 4 ? 2 : 1;
        if (cost > units) {
            return at;
        }
        units -= cost;
        at += length;
    }
    return text.size();
}

std::string old_schema_message(std::string_view text) {
    const std::size_t shown = bytes_of_utf16_units(text, limits::old_schema_message_chars_max);
    if (shown >= text.size()) {
        return fmt::format("{{oldSchema: '{}'}}", text);
    }
    return fmt::format("{{oldSchema: <truncated> '{}...'}}", text.substr(0, shown));
}

}  // namespace

Result<Outcome> check_level(Level level, const ParsedSchema& candidate,
                            std::span<const HistoryEntry> history, Policy policy) {
    Outcome outcome;
    if (level == Level::none) {
        return outcome;
    }
    for (const HistoryEntry& entry : history) {
        if (entry.schema->type() != candidate.type()) {
            const Direction direction =
                checks_backward(level) ? Direction::backward : Direction::forward;
            outcome.findings.push_back({{FindingKind::schema_type_changed, "/",
                                         "Incompatible because of different schema type"},
                                        direction});
            return outcome;
        }
        if (checks_forward(level)) {
            SYMBOLON_CHECK(add_findings(*entry.schema, candidate, Direction::forward, policy,
                                        outcome.findings));
        }
        if (checks_backward(level)) {
            SYMBOLON_CHECK(add_findings(candidate, *entry.schema, Direction::backward, policy,
                                        outcome.findings));
        }
        if (!outcome.compatible()) {
            outcome.old_version = entry.version;
            outcome.old_text = entry.text;
            return outcome;
        }
    }
    return outcome;
}

void add_counter_examples(Outcome& outcome, const ParsedSchema& candidate,
                          const ParsedSchema& old) {
    if (candidate.type() != old.type()) {
        return;
    }
    const std::size_t count = std::min(outcome.findings.size(), limits::counter_examples_max);
    for (auto& [finding, direction] : std::span(outcome.findings).first(count)) {
        const bool backward = direction == Direction::backward;
        const ParsedSchema& reader = backward ? candidate : old;
        auto example = reader.find_counter_example(finding, backward ? old : candidate);
        if (example &&
            example->datum.size() + example->reading.size() <= limits::counter_example_bytes_max) {
            finding.counter_example = std::move(example);
        }
    }
}

std::vector<std::string> to_messages(const Outcome& outcome, Level level,
                                     ValidateFields validate_fields) {
    std::vector<std::string> messages;
    if (outcome.compatible()) {
        return messages;
    }
    for (const DirectedFinding& directed : outcome.findings) {
        messages.push_back(to_message(directed.finding, directed.direction));
    }
    if (outcome.old_version) {
        messages.push_back(fmt::format("{{oldSchemaVersion: {}}}", outcome.old_version->value()));
        messages.push_back(old_schema_message(outcome.old_text));
    }
    messages.push_back(policy_message(level, validate_fields));
    return messages;
}

std::string policy_message(Level level, ValidateFields validate_fields) {
    return fmt::format("{{validateFields: '{}', compatibility: '{}'}}",
                       validate_fields == ValidateFields::yes, to_string(level));
}

}  // namespace symbolon::compat
