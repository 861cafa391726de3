#include "api/records.hpp"

#include "api/associations/association_records.hpp"
#include "api/dek/key_records.hpp"
#include "api/field_reader.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon {

namespace {

constexpr std::array family_names{
    std::pair{RecordFamily::context, std::string_view("context")},
    std::pair{RecordFamily::schema, std::string_view("schema")},
    std::pair{RecordFamily::version, std::string_view("version")},
    std::pair{RecordFamily::config, std::string_view("config")},
    std::pair{RecordFamily::mode, std::string_view("mode")},
    std::pair{RecordFamily::association, std::string_view("association")},
    std::pair{RecordFamily::usage, std::string_view("usage")},
    std::pair{RecordFamily::kek, std::string_view("kek")},
    std::pair{RecordFamily::dek, std::string_view("dek")},
};

/// How many parts follow the family in a key that belongs to no context; 0 for one that does.
std::size_t part_count(RecordFamily family) {
    switch (family) {
        case RecordFamily::association:
            return 3;
        case RecordFamily::kek:
            return 1;
        case RecordFamily::dek:
            return 5;
        default:
            return 0;
    }
}

void append_escaped(std::string& key, std::string_view name) {
    for (const char next : name) {
        if (next == '%') {
            key += "%25";
        } else if (next == '/') {
            key += "%2F";
        } else {
            key += next;
        }
    }
}

std::optional<std::string> find_unescaped(std::string_view name) {
    std::string text;
    text.reserve(name.size());
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] != '%') {
            text += name[at];
        } else if (name.substr(at, 3) == "%25") {
            text += '%', at += 2;
        } else if (name.substr(at, 3) == "%2F") {
            text += '/', at += 2;
        } else {
            return std::nullopt;
        }
    }
    return text;
}

template <class Number>
std::optional<Number> find_number(std::string_view digits) {
    Number number{};
    const char* const begin =
        digits.data();  // NOLINT(bugprone-suspicious-stringview-data-usage): with end
    const char* const end = begin + digits.size();
    const auto read = std::from_chars(begin, end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

tl::unexpected<Error> unreadable(std::string_view key, std::string_view why) {
    return failure(make_error(ErrorCode::store_failed,
                              fmt::format("The stored record '{}' cannot be read: {}", key, why)));
}

Result<std::vector<Reference>> parse_references(const Json& json) {
    std::vector<Reference> references;
    if (!json.is_array()) {
        return failure(make_error(ErrorCode::malformed_json, "references must be an array"));
    }
    for (const auto& item : json) {
        const bool fits = item.is_object() && item.contains("name") && item["name"].is_string() &&
                          item.contains("subject") && item["subject"].is_string() &&
                          item.contains("version") && item["version"].is_number_integer();
        if (!fits) {
            return failure(make_error(ErrorCode::malformed_json, "a reference is incomplete"));
        }
        references.push_back({item["name"].get<std::string>(), item["subject"].get<std::string>(),
                              item["version"].get<std::int32_t>()});
    }
    return references;
}

// The header fields that most schemas do not have; these are read the ordinary way.
Status parse_rare_field(const FieldReader& field, SchemaContent& content) {
    SYMBOLON_TRY(const Json json, parse_json(field.raw()));
    if (field.name() == "references") {
        SYMBOLON_TRY(content.references, parse_references(json));
    } else if (field.name() == "metadata") {
        SYMBOLON_TRY(content.metadata, parse_metadata(json));
    } else if (field.name() == "ruleSet") {
        SYMBOLON_TRY(content.rule_set, parse_rule_set(json));
    }
    return {};
}

Result<ContentPtr> parse_schema_record(std::string_view key, std::string value) {
    const auto line_end = value.find('\n');
    if (line_end == std::string::npos) {
        return unreadable(key, "no schema text after the header line");
    }
    auto content = std::make_shared<SchemaContent>();
    bool has_type = false;
    bool has_guid = false;
    FieldReader field(std::string_view(value).substr(0, line_end));
    while (field.next()) {
        if (field.name() == "type") {
            const auto type = find_schema_type(field.plain_text().value_or(""));
            has_type = type.has_value();
            content->type = type.value_or(SchemaType::avro);
        } else if (field.name() == "guid") {
            const auto guid = find_guid(field.plain_text().value_or(""));
            has_guid = guid.has_value();
            content->guid = guid.value_or(Guid{});
        } else if (!field.is_null() && field.name() != "context" && field.name() != "id" &&
                   field.raw() != "[]") {
            if (auto read = parse_rare_field(field, *content); !read) {
                return unreadable(key, read.error().message);
            }
        }
    }
    if (!field.ok() || !has_type || !has_guid) {
        return unreadable(key, "its header lacks type or guid");
    }
    // Why: the value's own memory becomes the text, so that a start does not hold each text twice.
    value.erase(0, line_end + 1);
    content->text = std::move(value);
    return ContentPtr(std::move(content));
}

Result<VersionRecord> parse_version_record(std::string_view key, std::string_view value) {
    VersionRecord record;
    std::optional<std::int32_t> id;
    std::optional<std::int64_t> ts = 0;
    FieldReader field(value);
    while (field.next()) {
        if (field.name() == "id") {
            id = find_number<std::int32_t>(field.raw());
        } else if (field.name() == "ts") {
            ts = find_number<std::int64_t>(field.raw());
        } else if (field.name() == "deleted") {
            record.deleted = field.raw() == "true";
        }
    }
    if (!field.ok() || !id || !ts) {
        return unreadable(key, "it lacks id or ts");
    }
    record.id = SchemaId(*id);
    record.ts = *ts;
    return record;
}

Result<ContextRecord> parse_context_record(std::string_view key, std::string_view value) {
    ContextRecord record;
    std::optional<std::int32_t> max_id;
    FieldReader field(value);
    while (field.next()) {
        if (field.name() == "maxId") {
            max_id = find_number<std::int32_t>(field.raw());
        } else if (field.name() == "deleted") {
            record.deleted = field.raw() == "true";
        }
    }
    if (!field.ok() || !max_id) {
        return unreadable(key, "it lacks maxId");
    }
    record.max_id = SchemaId(*max_id);
    return record;
}

Result<ConfigPtr> parse_config_record(std::string_view key, std::string_view value) {
    auto json = parse_json(value);
    if (!json || !json->is_object() || !json->contains("config")) {
        return unreadable(key, json ? "it lacks config" : json.error().message);
    }
    auto config = merge_config(Config{}, (*json)["config"]);
    if (!config) {
        return unreadable(key, config.error().message);
    }
    return std::make_shared<const Config>(*std::move(config));
}

Result<Mode> parse_mode_record(std::string_view key, std::string_view value) {
    FieldReader field(value);
    std::optional<Mode> mode;
    while (field.next()) {
        if (field.name() == "mode") {
            mode = find_mode(field.plain_text().value_or(""));
        }
    }
    if (!field.ok() || !mode) {
        return unreadable(key, "it lacks a known mode");
    }
    return *mode;
}

// The two numbers of "[12,1700000000000]".
std::optional<AgentUse> find_agent_use(std::string_view agent, std::string_view raw) {
    const auto comma = raw.find(',');
    if (comma == std::string_view::npos || !raw.starts_with('[') || !raw.ends_with(']')) {
        return std::nullopt;
    }
    const auto reads = find_number<std::uint64_t>(raw.substr(1, comma - 1));
    const auto last_read = find_number<std::int64_t>(raw.substr(comma + 1, raw.size() - comma - 2));
    return reads && last_read ? std::optional(AgentUse{std::string(agent), *reads, *last_read})
                              : std::nullopt;
}

Result<UsageRecord> parse_usage_record(std::string_view key, std::string_view value) {
    UsageRecord record;
    std::optional<std::uint64_t> reads;
    std::optional<std::int64_t> last_read;
    FieldReader field(value);
    while (field.next()) {
        if (field.name() == "reads") {
            reads = find_number<std::uint64_t>(field.raw());
        } else if (field.name() == "lastRead") {
            last_read = find_number<std::int64_t>(field.raw());
        } else if (field.name() == "agents") {
            FieldReader agent(field.raw());
            while (agent.next()) {
                auto use = find_agent_use(agent.name(), agent.raw());
                if (!use) {
                    return unreadable(key, "a user agent lacks its numbers");
                }
                record.agents.push_back(*std::move(use));
            }
        }
    }
    if (!field.ok() || !reads || !last_read) {
        return unreadable(key, "it lacks reads or lastRead");
    }
    record.reads = *reads;
    record.last_read = *last_read;
    return record;
}

Json references_to_json(const std::vector<Reference>& references) {
    Json json = Json::array();
    for (const auto& reference : references) {
        json.push_back({{"name", reference.name},
                        {"subject", reference.subject},
                        {"version", reference.version}});
    }
    return json;
}

std::string schema_record(const RecordKey& key, const SchemaContent& content) {
    Json header = {{"context", key.context},
                   {"id", key.number},
                   {"type", to_string(content.type)},
                   {"guid", to_text(content.guid)}};
    if (!content.references.empty()) {
        header["references"] = references_to_json(content.references);
    }
    if (content.metadata) {
        header["metadata"] = to_json(*content.metadata);
    }
    if (content.rule_set) {
        header["ruleSet"] = to_json(*content.rule_set);
    }
    return to_text(header) + "\n" + content.text;
}

std::string value_text(const RecordKey& key, const ContextRecord& record) {
    Json json = {{"context", key.context}, {"maxId", record.max_id.value()}};
    if (record.deleted) {
        json["deleted"] = true;
    }
    return to_text(json);
}
std::string value_text(const RecordKey& key, const ContentPtr& content) {
    return schema_record(key, *content);
}
std::string value_text(const RecordKey& key, const VersionRecord& record) {
    return to_text(Json{{"context", key.context},
                        {"subject", key.subject},
                        {"version", key.number},
                        {"id", record.id.value()},
                        {"ts", record.ts},
                        {"deleted", record.deleted}});
}
std::string value_text(const RecordKey& key, const ConfigPtr& config) {
    return to_text(Json{{"context", key.context},
                        {"subject", key.subject},
                        {"config", to_json(*config, LevelKey::compatibility)}});
}
std::string value_text(const RecordKey& key, Mode mode) {
    return to_text(
        Json{{"context", key.context}, {"subject", key.subject}, {"mode", to_string(mode)}});
}
std::string value_text(const RecordKey&, const AssociationPtr& association) {
    return association_value(*association);
}

std::string value_text(const RecordKey&, const KekPtr& kek) {
    return kek_value(*kek);
}

std::string value_text(const RecordKey&, const DekPtr& dek) {
    return dek_value(*dek);
}
std::string value_text(const RecordKey& key, const UsageRecord& record) {
    Json agents = Json::object();
    for (const AgentUse& use : record.agents) {
        agents[use.agent] = {use.reads, use.last_read};
    }
    return to_text(Json{{"context", key.context},
                        {"id", key.number},
                        {"subject", key.subject},
                        {"reads", record.reads},
                        {"lastRead", record.last_read},
                        {"agents", std::move(agents)}});
}
std::string value_text(const RecordKey&, std::monostate) {
    return {};
}

template <class Value>
Status take_value(Change& change, Result<Value> value) {
    if (!value) {
        return failure(std::move(value).error());
    }
    change.value = *std::move(value);
    return {};
}

Status parse_value(Change& change, const std::string& key, std::string value) {
    switch (change.key.family) {
        case RecordFamily::context:
            return take_value(change, parse_context_record(key, value));
        case RecordFamily::schema:
            return take_value(change, parse_schema_record(key, std::move(value)));
        case RecordFamily::version:
            return take_value(change, parse_version_record(key, value));
        case RecordFamily::config:
            return take_value(change, parse_config_record(key, value));
        case RecordFamily::mode:
            return take_value(change, parse_mode_record(key, value));
        case RecordFamily::association:
            return take_value(
                change, parse_association_value(key, to_association_key(change.key.parts), value));
        case RecordFamily::usage:
            return take_value(change, parse_usage_record(key, value));
        case RecordFamily::kek:
            return take_value(change, parse_kek_value(key, change.key.parts, value));
        case RecordFamily::dek:
            return take_value(change, parse_dek_value(key, change.key.parts, value));
    }
    return unreadable(key, "its kind is not known");
}

}  // namespace

namespace {

bool has_number(RecordFamily family) {
    return family == RecordFamily::schema || family == RecordFamily::version ||
           family == RecordFamily::usage;
}

}  // namespace

std::string to_text(const RecordKey& key) {
    std::string text(family_names[static_cast<std::size_t>(key.family)].second);
    if (part_count(key.family) > 0) {
        for (const std::string& part : key.parts) {
            text += '/';
            append_escaped(text, part);
        }
        return text;
    }
    text += '/';
    append_escaped(text, key.context);
    if (has_number(key.family)) {
        text += '/';
        text += std::to_string(key.number);
    }
    if (key.family != RecordFamily::context && key.family != RecordFamily::schema) {
        text += '/';
        append_escaped(text, key.subject);
    }
    return text;
}

Result<RecordKey> parse_record_key(std::string_view key) {
    std::string_view rest = key;
    bool ended = false;
    const auto take_part = [&] {
        const auto slash = rest.find('/');
        const auto part = rest.substr(0, slash);
        ended = slash == std::string_view::npos;
        rest = ended ? std::string_view() : rest.substr(slash + 1);
        return part;
    };
    const auto family_name = take_part();
    RecordKey parsed;
    bool known = false;
    for (const auto& [family, name] : family_names) {
        if (name == family_name) {
            parsed.family = family;
            known = true;
        }
    }
    if (!known || ended) {
        return unreadable(key, "its kind is not known; a newer release may have written it");
    }
    if (const std::size_t parts = part_count(parsed.family); parts > 0) {
        while (!ended && parsed.parts.size() < parts) {
            auto part = find_unescaped(take_part());
            if (!part) {
                break;
            }
            parsed.parts.push_back(*std::move(part));
        }
        if (!ended || parsed.parts.size() != parts) {
            return unreadable(key, "its key is malformed");
        }
        return parsed;
    }
    auto context = find_unescaped(take_part());
    std::optional<std::int32_t> number = 0;
    std::optional<std::string> subject = std::string();
    if (has_number(parsed.family)) {
        number = ended ? std::nullopt : find_number<std::int32_t>(take_part());
    }
    if (parsed.family != RecordFamily::context && parsed.family != RecordFamily::schema) {
        subject = ended ? std::nullopt : find_unescaped(take_part());
    }
    if (!context || !number || !subject || !ended) {
        return unreadable(key, "its key is malformed");
    }
    parsed.context = *std::move(context);
    parsed.subject = *std::move(subject);
    parsed.number = *number;
    return parsed;
}

Result<Change> parse_record(storage::Entry entry) {
    Change change;
    SYMBOLON_TRY(change.key, parse_record_key(entry.key));
    if (entry.value) {
        SYMBOLON_CHECK(parse_value(change, entry.key, *std::move(entry.value)));
    }
    return change;
}

storage::Write to_write(const Change& change) {
    storage::Write write{to_text(change.key), std::nullopt};
    if (!std::holds_alternative<std::monostate>(change.value)) {
        write.value = std::visit([&](const auto& value) { return value_text(change.key, value); },
                                 change.value);
    }
    return write;
}

}  // namespace symbolon
