#include "client/producer/event_validator.hpp"

#include "client/payload/schema_codec.hpp"
#include "compat/validate.hpp"
#include "core/limits.hpp"

#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

// Properties of the schema, each with the member that stands for its default, such as
// "attributes":{}.
using Defaults = std::vector<std::pair<std::string, std::string>>;

Defaults collect_defaults(std::string_view schema_text) {
    Defaults defaults;
    const auto schema = parse_json(schema_text);
    if (!schema || !schema->is_object() || !schema->contains("properties") ||
        !schema->at("properties").is_object()) {
        return defaults;
    }
    for (const auto& [name, property] : schema->at("properties").items()) {
        if (property.is_object() && property.contains("default")) {
            defaults.emplace_back(name, to_text(Json(name)) + ":" + to_text(property["default"]));
        }
    }
    return defaults;
}

Error to_error(const std::vector<compat::ValidationError>& problems) {
    std::string reason;
    for (std::size_t at = 0; at < problems.size(); ++at) {
        if (at == limits::event_reasons_max) {
            reason += fmt::format("; and {} more", problems.size() - at);
            break;
        }
        const auto& place = problems[at].instance_path;
        reason += fmt::format("{}{}: {}", at == 0 ? "" : "; ", place.empty() ? "the event" : place,
                              problems[at].message);
    }
    return make_error(ErrorCode::malformed_datum, reason);
}

}  // namespace

struct EventValidator::Parts {
    std::shared_ptr<const compat::JsonValidator> validator;  // of a JSON Schema, or
    std::shared_ptr<const SchemaCodec> codec;                // of the other types
    Defaults defaults;
    RegisteredSchemaPtr schema;  // kept alive for them
};

EventValidator::EventValidator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

EventValidator::~EventValidator() = default;

Result<std::unique_ptr<EventValidator>> EventValidator::open(RegisteredSchemaPtr schema,
                                                             EventFormats formats,
                                                             FillDefaults defaults,
                                                             const AvroJsonOptions& json) {
    auto parts = std::make_unique<Parts>();
    if (schema->type == SchemaType::json) {
        SYMBOLON_TRY(parts->validator,
                     compat::validator_of(*schema->parsed, formats == EventFormats::annotate
                                                               ? compat::Formats::annotate
                                                               : compat::Formats::assert_them));
        if (defaults == FillDefaults::yes) {
            parts->defaults = collect_defaults(schema->text);
        }
    } else {
        SYMBOLON_TRY(parts->codec, SchemaCodec::compile(schema, nullptr, json));
    }
    parts->schema = std::move(schema);
    return std::unique_ptr<EventValidator>(new EventValidator(std::move(parts)));
}

Result<ValidEvent> EventValidator::check(std::string_view text) const {
    // Spec: RFC 8259 section 8.1, it may be passed over; some editors begin a file with it.
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    if (text.size() > limits::datum_bytes_max) {
        return failure(make_error(ErrorCode::malformed_datum,
                                  fmt::format("the event takes {} bytes; at most {} are read",
                                              text.size(), limits::datum_bytes_max)));
    }
    auto value = parse_json(text);
    if (!value) {
        return failure(
            make_error(value.error().code, "the event is no JSON: " + value.error().message));
    }
    ValidEvent event{.text = to_one_line(text), .body = {}, .value = std::move(*value)};
    if (parts_->codec) {
        SYMBOLON_TRY(event.body, parts_->codec->encode_json(event.text));
        return event;
    }
    SYMBOLON_TRY(const auto problems, parts_->validator->validate(event.text));
    if (!problems.empty()) {
        return failure(to_error(problems));
    }
    if (event.value.is_object()) {
        // Why: written into the text, so that numbers and the order of members stay as they came.
        for (const auto& [name, member] : parts_->defaults) {
            if (!event.value.contains(name)) {
                event.text.pop_back();
                event.text += (event.text.size() > 1 ? "," : "") + member + "}";
            }
        }
    }
    return event;
}

std::string to_one_line(std::string_view json_text) {
    std::string out;
    out.reserve(json_text.size());
    bool in_string = false;
    for (std::size_t at = 0; at < json_text.size(); ++at) {
        const char next = json_text[at];
        if (in_string && next == '\\' && at + 1 < json_text.size()) {
            out.push_back(next);
            out.push_back(json_text[++at]);
            continue;
        }
        if (next == '"') {
            in_string = !in_string;
        }
        const bool blank = next == ' ' || next == '\t' || next == '\n' || next == '\r';
        if (in_string || !blank) {
            out.push_back(next);
        }
    }
    return out;
}

}  // namespace symbolon::client
