#include "client/wire/payload_fault.hpp"

#include <memory>
#include <utility>

namespace symbolon::client {

std::string_view to_string(PayloadFault fault) {
    switch (fault) {
        case PayloadFault::unknown_framing:
            return "unknown_framing";
        case PayloadFault::missing_metadata:
            return "missing_schema_metadata";
        case PayloadFault::schema_not_found:
            return "schema_not_found";
        case PayloadFault::schema_does_not_parse:
            return "schema_does_not_parse";
        case PayloadFault::corrupt:
            break;
    }
    return "payload_corrupt";
}

Error make_payload_error(PayloadFault fault, std::string message, std::optional<std::size_t> offset,
                         std::string field) {
    auto detail = std::make_shared<PayloadErrorDetail>();
    detail->fault = fault;
    detail->offset = offset;
    detail->field = std::move(field);
    const auto code = fault == PayloadFault::schema_not_found        ? ErrorCode::schema_not_found
                      : fault == PayloadFault::schema_does_not_parse ? ErrorCode::invalid_schema
                                                                     : ErrorCode::malformed_datum;
    return Error{code, std::move(message), std::move(detail)};
}

std::optional<PayloadFault> find_payload_fault(const Error& error) {
    if (const auto* detail = dynamic_cast<const PayloadErrorDetail*>(error.detail.get())) {
        return detail->fault;
    }
    switch (error.code) {
        case ErrorCode::schema_not_found:
        case ErrorCode::schema_id_not_found:
        case ErrorCode::subject_not_found:
        case ErrorCode::version_not_found:
            return PayloadFault::schema_not_found;
        case ErrorCode::invalid_schema:
            return PayloadFault::schema_does_not_parse;
        case ErrorCode::malformed_datum:
        case ErrorCode::malformed_json:
        case ErrorCode::check_too_costly:
            return PayloadFault::corrupt;
        default:
            return std::nullopt;
    }
}

}  // namespace symbolon::client
