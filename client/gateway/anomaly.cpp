#include "client/gateway/anomaly.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::client {
namespace {

/// What stands for the middle of a path or value that is too long to be told.
constexpr std::string_view left_out = "…";

/// Without a pointer's escapes: what they stand for, ~ and /, is no part of any word.
std::string without_escapes(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '~' && at + 1 < text.size() &&
            (text[at + 1] == '0' || text[at + 1] == '1')) {
            ++at;
            continue;
        }
        out += text[at];
    }
    return out;
}

/// Also when that cannot be seen, since the middle of the pointer was left out.
bool leads_through_mask(std::string_view pointer, const MaskRules& rules) {
    if (pointer.find(left_out) != std::string_view::npos) {
        return true;
    }
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto step = pointer.substr(0, pointer.find('/'));
        if (rules.matches(without_escapes(step))) {
            return true;
        }
        pointer.remove_prefix(step.size());
    }
    return false;
}

/// Whether a message quotes a text that may be, or hold, fields to be masked: an object that was
/// sent as a text, above all. A \u may be a letter of their names.
bool quotes_masked_text(std::string_view message, const MaskRules& rules) {
    return message.starts_with('"') &&
           (rules.mentions(message) || message.find("\\u") != std::string_view::npos);
}

/// Whether reasons of alternatives, with their own pointers, may tell of a masked field.
bool reasons_tell_masked(std::string_view message, const MaskRules& rules) {
    return rules.mentions(without_escapes(message)) ||
           message.find(left_out) != std::string_view::npos ||
           message.find("\\u") != std::string_view::npos;
}

std::string message_of(const compat::ValidationError& error, const MaskRules& rules) {
    const std::string_view path(error.schema_path);
    const auto keyword = path.substr(path.rfind('/') + 1);
    if (leads_through_mask(error.instance_path, rules) ||
        quotes_masked_text(error.message, rules)) {
        return fmt::format("The value does not meet \"{}\".", keyword);
    }
    const bool tells_reasons = keyword == "anyOf" || keyword == "oneOf";
    if (tells_reasons && reasons_tell_masked(error.message, rules)) {
        return error.message.substr(0, error.message.find_first_of(";:")) + ".";
    }
    return error.message;
}

}  // namespace

std::string to_json_line(const Anomaly& anomaly, std::string_view body, const MaskRules& rules,
                         std::chrono::system_clock::time_point now) {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    return fmt::format(
        R"({{"timestamp":{},"requestId":{},"anomalyType":"SCHEMA_VALIDATION_FAILURE",)"
        R"("errorDetails":{},"payloadSize":{},"maskedPayload":{}}})",
        ms, to_text(Json(anomaly.request_id)), to_text(Json(anomaly.details)), body.size(),
        to_text(Json(masked_excerpt(body, rules, limits::masked_payload_bytes_max))));
}

std::string details_of(std::span<const compat::ValidationError> errors, const MaskRules& rules) {
    std::string out;
    std::size_t told = 0;
    for (const auto& error : errors) {
        const auto line = fmt::format("{}{}: {}", told == 0 ? "" : "; ",
                                      error.instance_path.empty() ? "/" : error.instance_path,
                                      message_of(error, rules));
        if (out.size() + line.size() > limits::error_details_bytes_max && told > 0) {
            return out + fmt::format("; and {} more", errors.size() - told);
        }
        out += line;
        ++told;
    }
    return out;
}

void AnomalyOutlet::report(const std::string& line) {
    for (const auto& sink : sinks_) {
        sink->offer({.value = line});
    }
}

void AnomalyOutlet::close(std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    for (const auto& sink : sinks_) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        sink->close(std::max(left, std::chrono::milliseconds(0)));
    }
}

}  // namespace symbolon::client
