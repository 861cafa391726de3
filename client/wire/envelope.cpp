#include "client/wire/envelope.hpp"

#include "client/wire/payload_fault.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/base64.hpp"
#include "core/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>

namespace symbolon::client {
namespace {

tl::unexpected<Error> bad_field(std::string_view field, std::string_view what) {
    return failure(make_payload_error(PayloadFault::missing_metadata,
                                      fmt::format("{} {}", field, what), std::nullopt,
                                      std::string(field)));
}

const Json* find_member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> read_text(const Json& detail, const char* name) {
    const Json* member = find_member(detail, name);
    if (member == nullptr) {
        return bad_field(fmt::format("detail.{}", name), "is missing");
    }
    if (!member->is_string() || member->get_ref<const std::string&>().empty()) {
        return bad_field(fmt::format("detail.{}", name), "must be a text that is not empty");
    }
    return member->get<std::string>();
}

std::optional<std::int32_t> find_version_number(const Json& version) {
    std::int64_t number = 0;
    if (version.is_number_integer()) {
        if (version.is_number_unsigned() &&
            version.get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max()) {
            return std::nullopt;
        }
        number = version.get<std::int64_t>();
    } else if (version.is_string()) {
        const auto& text = version.get_ref<const std::string&>();
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc() || stop != end) {
            return std::nullopt;
        }
    }
    if (number < 1 || number > std::numeric_limits<std::int32_t>::max()) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(number);
}

}  // namespace

Result<Envelope> parse_envelope(std::string_view text) {
    SYMBOLON_TRY(const Json event, parse_json(text));
    if (!event.is_object()) {
        return bad_field("the event", "must be a JSON object");
    }
    const Json* detail = find_member(event, "detail");
    if (detail == nullptr || !detail->is_object()) {
        return bad_field("detail", detail == nullptr ? "is missing" : "must be a JSON object");
    }
    Envelope envelope;
    SYMBOLON_TRY(envelope.subject, read_text(*detail, "schema_id"));
    const Json* version = find_member(*detail, "schema_version");
    if (version == nullptr) {
        return bad_field("detail.schema_version", "is missing");
    }
    const auto number = find_version_number(*version);
    if (!number) {
        return bad_field("detail.schema_version",
                         "must be a whole number from 1 to 2147483647, or a text of one");
    }
    envelope.version = Version{*number};
    if (const Json* type = find_member(*detail, "event_type")) {
        if (!type->is_string()) {
            return bad_field("detail.event_type", "must be a text");
        }
        envelope.event_type = type->get<std::string>();
    }
    SYMBOLON_TRY(const std::string payload, read_text(*detail, "avro_payload"));
    auto bytes = parse_base64(payload);
    if (!bytes) {
        return failure(make_payload_error(PayloadFault::corrupt,
                                          "detail.avro_payload is " + bytes.error().message,
                                          std::nullopt, "detail.avro_payload"));
    }
    envelope.payload = std::move(*bytes);
    return envelope;
}

std::string to_text(const Envelope& envelope) {
    Json detail{{"schema_id", envelope.subject},
                {"schema_version", envelope.version.value()},
                {"event_type", envelope.event_type},
                {"avro_payload", to_base64(envelope.payload)}};
    return symbolon::to_text(Json{{"detail", std::move(detail)}});
}

EnvelopeClaims find_envelope_claims(std::string_view text) {
    EnvelopeClaims claims;
    const auto event = parse_json(text);
    if (!event || !event->is_object()) {
        return claims;
    }
    const Json* detail = find_member(*event, "detail");
    if (detail == nullptr || !detail->is_object()) {
        return claims;
    }
    const auto as_text = [&](const char* name) {
        const Json* member = find_member(*detail, name);
        return member == nullptr     ? std::string()
               : member->is_string() ? member->get<std::string>()
                                     : symbolon::to_text(*member);
    };
    return {as_text("schema_id"), as_text("schema_version"), as_text("event_type")};
}

}  // namespace symbolon::client
