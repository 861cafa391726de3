#include "client/gateway/delivery_reports.hpp"

#include <fmt/format.h>

namespace symbolon::client {

DeliveryReport report_of_failure(const Error& error) {
    DeliveryReport report;
    report.reason = error.message;
    report.is_downstream_fault = true;
    switch (error.code) {
        case ErrorCode::not_reachable:
        case ErrorCode::unavailable:
            report.delivery = Delivery::unreachable;
            break;
        case ErrorCode::answer_lost:
        case ErrorCode::request_timeout:
        case ErrorCode::body_too_large:
        case ErrorCode::sink_failed:
            report.delivery = Delivery::lost;
            break;
        default:
            report.delivery = Delivery::refused;
            report.is_downstream_fault = false;
            report.was_asked = false;
    }
    return report;
}

DeliveryReport report_of_misfit(std::string_view subject) {
    DeliveryReport report;
    report.delivery = Delivery::refused;
    report.was_asked = false;
    report.reason =
        fmt::format("the record does not fit the output schema of subject \"{}\"", subject);
    return report;
}

}  // namespace symbolon::client
