#include "api/rest/dto.hpp"

#include "api/rest/finding_body.hpp"
#include "api/rest/request_target.hpp"
#include "api/rest/tag_dto.hpp"
#include "core/hex.hpp"

#include <charconv>
#include <limits>
#include <utility>

namespace symbolon::rest {

namespace {

Error wrong_shape(std::string_view place, std::string_view expected, const Json& found) {
    return make_error(ErrorCode::malformed_json, fmt::format("at {}: expected {}, found {}", place,
                                                             expected, found.type_name()));
}

/// The member, unless it is absent or null.
const Json* find_member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> parse_text_member(const Json& object, const char* name,
                                      const std::string& place) {
    const Json* member = find_member(object, name);
    if (member == nullptr) {
        return std::string();
    }
    if (!member->is_string()) {
        return failure(wrong_shape(place + "/" + name, "a string", *member));
    }
    return member->get<std::string>();
}

// A number in quotes is read too, as the reference's JSON library does.
Result<std::optional<std::int32_t>> parse_int_member(const Json& object, const char* name,
                                                     const std::string& place) {
    const Json* member = find_member(object, name);
    if (member == nullptr) {
        return std::nullopt;
    }
    std::optional<std::int32_t> number;
    if (member->is_string()) {
        number = find_int32(member->get_ref<const std::string&>());
    } else if (member->is_number_unsigned()) {
        const auto value = member->get<std::uint64_t>();
        if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
            number = static_cast<std::int32_t>(value);
        }
    } else if (member->is_number_integer()) {
        const auto value = member->get<std::int64_t>();
        if (value >= std::numeric_limits<std::int32_t>::min()) {
            number = static_cast<std::int32_t>(value);
        }
    }
    if (!number) {
        return failure(wrong_shape(place + "/" + name, "a 32-bit integer", *member));
    }
    return number;
}

Result<std::vector<Reference>> parse_references(const Json& object) {
    std::vector<Reference> references;
    const Json* array = find_member(object, "references");
    if (array == nullptr) {
        return references;
    }
    if (!array->is_array()) {
        return failure(wrong_shape("/references", "an array", *array));
    }
    for (const Json& item : *array) {
        const std::string place = fmt::format("/references/{}", references.size());
        if (!item.is_object()) {
            return failure(wrong_shape(place, "an object", item));
        }
        SYMBOLON_TRY(auto name, parse_text_member(item, "name", place));
        SYMBOLON_TRY(auto subject, parse_text_member(item, "subject", place));
        SYMBOLON_TRY(const auto version, parse_int_member(item, "version", place));
        references.push_back({std::move(name), std::move(subject), version.value_or(0)});
    }
    return references;
}

void append_integer(std::string& out, std::int64_t value) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    static_cast<void>(error);  // 24 characters hold every 64-bit number
    out.append(digits, end);
}

void append_reference(std::string& out, const Reference& reference, const SchemaPrint& print) {
    ObjectText object(out);
    object.text("name", reference.name);
    object.text("subject", print.references == ReferenceStyle::qualified
                               ? to_text(parse_subject_in(reference.subject, print.context))
                               : reference.subject);
    object.number("version", reference.version);
    object.close();
}

/// References to ruleSet, which every entity prints alike.
void add_content_details(ObjectText& object, const SchemaContent& content,
                         const SchemaPrint& print) {
    if (!content.references.empty()) {
        std::string references = "[";
        for (const Reference& reference : content.references) {
            references += references.size() > 1 ? "," : "";
            append_reference(references, reference, print);
        }
        object.raw("references", references + "]");
    }
    if (content.metadata) {
        object.raw("metadata", symbolon::to_text(to_json(*content.metadata)));
    }
    if (content.rule_set) {
        object.raw("ruleSet", symbolon::to_text(to_json(*content.rule_set)));
    }
}

void add_tags(ObjectText& object, const SchemaPrint& print) {
    if (!print.tags.empty()) {
        object.raw("schemaTags", print.tags);
    }
}

/// What a version and the answer to its registration end with.
void add_stored(ObjectText& object, const SubjectVersion& version, const SchemaPrint& print) {
    const SchemaContent& content = *version.content;
    object.text("guid", to_text(content.guid));
    object.text("schemaType", to_string(content.type));
    add_content_details(object, content, print);
    object.text("schema", print.text);
    add_tags(object, print);
    object.number("ts", version.ts);
    object.flag("deleted", version.deleted);
}

std::size_t body_bytes_estimate(std::string_view schema) {
    return schema.size() + schema.size() / 4 + 512;
}

}  // namespace

ObjectText::ObjectText(std::string& out) : out_(out) {
    out_ += '{';
}

void ObjectText::begin(std::string_view name) {
    if (!first_) {
        out_ += ',';
    }
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
}

void ObjectText::text(std::string_view name, std::string_view value) {
    begin(name);
    append_quoted(out_, value);
}

void ObjectText::number(std::string_view name, std::int64_t value) {
    begin(name);
    append_integer(out_, value);
}

void ObjectText::flag(std::string_view name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
}

void ObjectText::raw(std::string_view name, std::string_view json) {
    begin(name);
    out_ += json;
}

void ObjectText::close() {
    out_ += '}';
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            continue;
        }
        out.append(text, copied, at - copied);
        copied = at + 1;
        out += '\\';
        if (byte == '"' || byte == '\\') {
            out += text[at];
        } else if (byte == '\n') {
            out += 'n';
        } else if (byte == '\t') {
            out += 't';
        } else if (byte == '\r') {
            out += 'r';
        } else {
            out += "u00";
            append_hex(out, byte);
        }
    }
    out.append(text, copied, text.size() - copied);
    out += '"';
}

Result<Json> parse_body(std::string_view body, std::string_view argument) {
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return failure(make_error(ErrorCode::missing_body, argument));
    }
    SYMBOLON_TRY(auto json, parse_json(body));
    if (json.is_null()) {
        return failure(make_error(ErrorCode::missing_body, argument));
    }
    if (!json.is_object()) {
        return failure(wrong_shape("the start", "an object", json));
    }
    return json;
}

Result<SchemaRequest> parse_schema_request(const Json& json) {
    SchemaRequest request;
    SYMBOLON_TRY(request.schema, parse_text_member(json, "schema", ""));
    SYMBOLON_TRY(request.schema_type, parse_text_member(json, "schemaType", ""));
    SYMBOLON_TRY(request.references, parse_references(json));
    if (const Json* metadata = find_member(json, "metadata")) {
        SYMBOLON_TRY(request.metadata, parse_metadata(*metadata));
    }
    if (const Json* rule_set = find_member(json, "ruleSet")) {
        SYMBOLON_TRY(request.rule_set, parse_rule_set(*rule_set));
    }
    SYMBOLON_TRY(const auto version, parse_int_member(json, "version", ""));
    request.version = version.value_or(0);
    SYMBOLON_TRY(const auto id, parse_int_member(json, "id", ""));
    if (id && *id >= 0) {
        request.id = id;
    }
    SYMBOLON_TRY(request.tags.add, parse_tag_list(json, "schemaTagsToAdd"));
    SYMBOLON_TRY(request.tags.remove, parse_tag_list(json, "schemaTagsToRemove"));
    SYMBOLON_TRY(request.propagate_tags, parse_propagation(json));
    return request;
}

Result<ModeUpdate> parse_mode_update(const Json& json) {
    const auto member = json.find("mode");
    if (member == json.end()) {
        return failure(make_error(ErrorCode::invalid_mode));
    }
    if (member->is_null()) {
        return ModeUpdate{};
    }
    if (!member->is_string()) {
        return failure(wrong_shape("/mode", "a string", *member));
    }
    ModeUpdate update{member->get<std::string>(), std::nullopt};
    update.mode = find_mode(*update.sent);
    if (!update.mode) {
        return failure(make_error(ErrorCode::invalid_mode));
    }
    return update;
}

void append_schema(std::string& out, const SubjectVersion& version, const SchemaPrint& print,
                   const SchemaExtras& extras) {
    out.reserve(out.size() + body_bytes_estimate(print.text));
    ObjectText object(out);
    object.text("subject", to_text(version.subject));
    object.number("version", version.version.value());
    object.number("id", version.id.value());
    add_stored(object, version, print);
    if (!extras.aliases.empty()) {
        object.raw("aliases", extras.aliases);
    }
    if (!extras.associations.empty()) {
        object.raw("associations", extras.associations);
    }
    object.close();
}

std::string to_registered_body(const SubjectVersion& version, const SchemaPrint& print) {
    std::string out;
    out.reserve(body_bytes_estimate(print.text));
    ObjectText object(out);
    object.number("id", version.id.value());
    object.number("version", version.version.value());
    add_stored(object, version, print);
    object.close();
    return out;
}

std::string to_schema_string_body(const FoundSchema& found, const SchemaPrint& print,
                                  std::optional<SchemaId> max_id) {
    const SchemaContent& content = *found.content;
    std::string out;
    out.reserve(body_bytes_estimate(print.text));
    ObjectText object(out);
    if (found.as_version) {
        object.text("subject", to_text(found.as_version->subject));
        object.number("version", found.as_version->version.value());
    }
    object.text("guid", to_text(content.guid));
    object.text("schemaType", to_string(content.type));
    object.text("schema", print.text);
    add_content_details(object, content, print);
    add_tags(object, print);
    if (max_id) {
        object.number("maxId", max_id->value());
    }
    object.number("ts", found.ts);
    object.flag("deleted", found.deleted);
    object.close();
    return out;
}

std::string to_check_body(const CheckAnswer& answer, Detail detail) {
    Json body{{"is_compatible", answer.compatible}};
    if (detail == Detail::verbose) {
        body["messages"] = answer.messages;
        body["findings"] = to_json(answer.findings);
    }
    return symbolon::to_text(body);
}

std::string to_array_body(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) {
        out += out.size() > 1 ? "," : "";
        append_quoted(out, text);
    }
    out += ']';
    return out;
}

std::string to_array_body(const std::vector<std::int32_t>& numbers) {
    std::string out = "[";
    for (const std::int32_t number : numbers) {
        out += out.size() > 1 ? "," : "";
        append_integer(out, number);
    }
    out += ']';
    return out;
}

std::string to_array_body(const std::vector<compat::ValidationError>& errors) {
    std::string out = "[";
    for (const compat::ValidationError& error : errors) {
        out += out.size() > 1 ? "," : "";
        ObjectText object(out);
        object.text("instancePath", error.instance_path);
        object.text("schemaPath", error.schema_path);
        object.text("message", error.message);
        object.close();
    }
    out += ']';
    return out;
}

}  // namespace symbolon::rest
