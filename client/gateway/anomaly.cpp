#include "client/gateway/anomaly.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::client {
namespace {

bool leads_through_mask(std::string_view pointer, const MaskRules& rules) {
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto step = pointer.substr(0, pointer.find('/'));
        if (rules.matches(step)) {
            return true;
        }
        pointer.remove_prefix(step.size());
    }
    return false;
}

std::string message_of(const compat::ValidationError& error, const MaskRules& rules) {
    const std::string_view path(error.schema_path);
    const auto keyword = path.substr(path.rfind('/') + 1);
    if (leads_through_mask(error.instance_path, rules)) {
        return fmt::format("The value does not meet \"{}\".", keyword);
    }
    const bool tells_reasons = keyword == "anyOf" || keyword == "oneOf";
    if (tells_reasons && rules.mentions(error.message)) {
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
