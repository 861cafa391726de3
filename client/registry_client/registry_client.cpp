#include "client/registry_client/registry_client.hpp"

#include "client/http/header_text.hpp"
#include "client/registry_client/cache.hpp"
#include "client/registry_client/reference_walk.hpp"
#include "client/registry_client/registry_transport.hpp"
#include "client/registry_client/schema_document.hpp"
#include "core/hex.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

/// However long entries live otherwise: `latest` moves.
constexpr std::chrono::seconds latest_ttl_max{3'600};

std::size_t bytes_of(const RegisteredSchemaPtr& schema) {
    std::size_t bytes = schema->text.size();
    for (const auto& reference : schema->reference_texts) {
        bytes += reference.text.size();
    }
    return bytes;
}

std::size_t bytes_of_document(const DocumentPtr& document) {
    return document->text.size();
}

std::size_t bytes_of_level(compat::Level /*level*/) {
    return 0;
}

bool is_guid(std::string_view text) {
    return text.size() == 36 && std::all_of(text.begin(), text.end(), [](char letter) {
               return letter == '-' || is_hex_digit(letter);
           });
}

}  // namespace

class RegistryClient::Impl {
public:
    Impl(RegistryClientOptions options, HttpSender& sender,
         std::shared_ptr<Credentials> credentials, Clock& clock)
        : options_(std::move(options)),
          transport_(options_, sender, std::move(credentials), clock),
          by_id_(bounds(), bytes_of, options_.stale_pause, clock, counters_),
          by_version_(bounds(), bytes_of, options_.stale_pause, clock, counters_),
          documents_(bounds(), bytes_of_document, options_.stale_pause, clock, unseen_counters_),
          levels_(bounds(), bytes_of_level, options_.stale_pause, clock, counters_) {}

    Result<RegisteredSchemaPtr> find_by_id(SchemaId id) {
        if (id.value() <= 0) {
            return failure(make_error(ErrorCode::schema_not_found,
                                      fmt::format("{} is not a schema id", id.value())));
        }
        SchemaDocument asked;
        asked.id = id;
        return find_immutable("/schemas/ids/" + std::to_string(id.value()), asked);
    }

    Result<RegisteredSchemaPtr> find_by_guid(std::string_view guid) {
        if (!is_guid(guid)) {
            return failure(make_error(ErrorCode::schema_not_found,
                                      "A GUID is 36 characters, hexadecimal digits and dashes"));
        }
        SchemaDocument asked;
        asked.guid = std::string(guid);
        return find_immutable("/schemas/guids/" + asked.guid, asked);
    }

    Result<RegisteredSchemaPtr> find_version(std::string_view subject, WantedVersion version) {
        SYMBOLON_TRY(const std::string number, to_version_text(version));
        SchemaDocument asked;
        asked.subject = std::string(subject);
        asked.version = version.value_or(Version());
        const auto path = path_of_subject(subject) + "/versions/" + number;
        return by_version_.find_or_load(
            {path, ttl_of(version), OnOutage::fail},
            [&]() -> Result<RegisteredSchemaPtr> { return load({.path = path}, asked); });
    }

    Result<compat::Level> find_level(std::string_view subject, WantedVersion version) {
        SYMBOLON_TRY(const std::string number, to_version_text(version));
        const auto path =
            "/schemas/" + percent_encode(subject) + "/versions/" + number + "/compatibility";
        return levels_.find_or_load({path, ttl_of(version), OnOutage::fail},
                                    [&]() -> Result<compat::Level> { return load_level(path); });
    }

    Result<RegisteredSchemaPtr> find_same(std::string_view subject, SchemaType type,
                                          std::string_view text,
                                          const std::vector<Reference>& references) {
        return load({.method = "POST",
                     .path = path_of_subject(subject),
                     .body = to_registration_body(type, text, references),
                     .repeatable = Repeatable::yes},  // it is a question
                    {.subject = std::string(subject),
                     .type = type,
                     .text = std::string(text),
                     .references = references});
    }

    Result<RegisteredSchemaPtr> register_schema(std::string_view subject, SchemaType type,
                                                std::string_view text,
                                                const std::vector<Reference>& references) {
        auto registered = load({.method = "POST",
                                .path = path_of_subject(subject) + "/versions",
                                .body = to_registration_body(type, text, references),
                                .repeatable = Repeatable::no},
                               {.subject = std::string(subject),
                                .type = type,
                                .text = std::string(text),
                                .references = references});
        by_version_.forget(path_of_subject(subject) + "/versions/latest");
        if (registered && (*registered)->version == Version()) {
            // Older registries answer the id alone.
            if (auto whole = find_same(subject, type, text, references)) {
                return whole;
            }
        }
        return registered;
    }

    Result<std::vector<SubjectVersion>> find_subjects(const RegisteredSchema& schema) {
        std::vector<SubjectVersion> subjects;
        if (schema.id.value() > 0) {
            SYMBOLON_CHECK(add_subjects(schema.id.value(), {}, subjects));
            return subjects;
        }
        SYMBOLON_TRY(const Json uses,
                     transport_.call({.path = "/schemas/guids/" + schema.guid + "/ids",
                                      .shape = AnswerShape::array}));
        for (const Json& use : uses) {
            const auto id = use.is_object() ? use.find("id") : use.end();
            const auto context = use.is_object() ? use.find("context") : use.end();
            if (id != use.end() && id->is_number_integer() && context != use.end() &&
                context->is_string()) {
                SYMBOLON_CHECK(add_subjects(id->get<std::int64_t>(),
                                            context->get_ref<const std::string&>(), subjects));
            }
        }
        return subjects;
    }

    RegistryClientCounters counters() const {
        return {transport_.requests(), transport_.retries(), counters_.hits,
                counters_.misses,      counters_.shared,     counters_.stale};
    }

private:
    CacheBounds bounds() const {
        return {options_.cache_entries_max, limits::schema_cache_bytes_max};
    }

    /// `context` as the registry names it; empty or ".": the default one.
    Status add_subjects(std::int64_t id, const std::string& context,
                        std::vector<SubjectVersion>& subjects) {
        const bool is_default = context.empty() || context == ".";
        const auto query =
            is_default ? std::string() : "?subject=" + percent_encode(":" + context + ":");
        SYMBOLON_TRY(const Json uses,
                     transport_.call({.path = fmt::format("/schemas/ids/{}/versions{}", id, query),
                                      .shape = AnswerShape::array}));
        for (const Json& use : uses) {
            const auto subject = use.is_object() ? use.find("subject") : use.end();
            const auto version = use.is_object() ? use.find("version") : use.end();
            if (subject != use.end() && subject->is_string() && version != use.end() &&
                version->is_number_integer()) {
                subjects.push_back(
                    {subject->get<std::string>(), Version{version->get<std::int32_t>()}});
            }
        }
        return {};
    }

    std::chrono::milliseconds ttl_of(WantedVersion version) const {
        return version ? options_.cache_ttl : std::min(options_.cache_ttl, latest_ttl_max);
    }

    /// By id or GUID: what is known stays true when nobody can be asked.
    Result<RegisteredSchemaPtr> find_immutable(const std::string& path,
                                               const SchemaDocument& asked) {
        return by_id_.find_or_load(
            {path, options_.cache_ttl, OnOutage::answer_stale},
            [&]() -> Result<RegisteredSchemaPtr> { return load({.path = path}, asked); });
    }

    Result<RegisteredSchemaPtr> load(const RegistryCall& call, const SchemaDocument& asked) {
        SYMBOLON_TRY(const Json json, transport_.call(call));
        SYMBOLON_TRY(SchemaDocument document, parse_schema_document(json, asked));
        return complete(std::move(document));
    }

    Result<compat::Level> load_level(const std::string& path) {
        SYMBOLON_TRY(const Json json, transport_.call({.path = path}));
        const auto found = json.find("compatibility");
        const auto level = found != json.end() && found->is_string()
                               ? compat::find_level(found->get_ref<const std::string&>())
                               : std::nullopt;
        if (!level) {
            return failure(make_error(ErrorCode::unavailable,
                                      "The registry's answer is not a level: " + path));
        }
        return *level;
    }

    /// A version that is referred to; also one that was softly deleted since.
    Result<DocumentPtr> find_document(const std::string& subject, std::int32_t version) {
        const auto number = version > 0 ? std::to_string(version) : "latest";
        const auto path = path_of_subject(subject) + "/versions/" + number + "?deleted=true";
        return documents_.find_or_load(
            {path, ttl_of(version > 0 ? WantedVersion(Version(version)) : std::nullopt),
             OnOutage::fail},
            [&]() -> Result<DocumentPtr> {
                SYMBOLON_TRY(const Json json, transport_.call({.path = path}));
                SYMBOLON_TRY(SchemaDocument document, parse_schema_document(json));
                return std::make_shared<const SchemaDocument>(std::move(document));
            });
    }

    Result<RegisteredSchemaPtr> complete(SchemaDocument document) {
        ReferenceWalk walk([this](const std::string& subject, std::int32_t version) {
            return find_document(subject, version);
        });
        SYMBOLON_CHECK(walk.visit(document, document.subject));
        auto schema = std::make_shared<RegisteredSchema>();
        schema->subject = std::move(document.subject);
        schema->version = document.version;
        schema->id = document.id;
        schema->guid = std::move(document.guid);
        schema->type = document.type;
        schema->text = std::move(document.text);
        schema->references = std::move(document.references);
        schema->reference_texts = walk.take();
        auto parsed = compat::parse_schema(schema->type, schema->text, schema->reference_texts,
                                           compat::Strictness::lenient);
        if (parsed) {
            schema->parsed = *std::move(parsed);
        } else {
            schema->parse_error = parsed.error().message;
        }
        return RegisteredSchemaPtr(std::move(schema));
    }

    const RegistryClientOptions options_;
    RegistryTransport transport_;
    CacheCounters counters_;
    /// References are details of a miss that was counted already.
    CacheCounters unseen_counters_;
    LoadingCache<RegisteredSchemaPtr> by_id_;
    LoadingCache<RegisteredSchemaPtr> by_version_;
    LoadingCache<DocumentPtr> documents_;
    LoadingCache<compat::Level> levels_;
};

RegistryClient::RegistryClient(RegistryClientOptions options, HttpSender& sender,
                               std::shared_ptr<Credentials> credentials, Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), sender, std::move(credentials), clock)) {}

RegistryClient::~RegistryClient() = default;

Result<RegisteredSchemaPtr> RegistryClient::find_by_id(SchemaId id) {
    return impl_->find_by_id(id);
}

Result<RegisteredSchemaPtr> RegistryClient::find_by_guid(std::string_view guid) {
    return impl_->find_by_guid(guid);
}

Result<RegisteredSchemaPtr> RegistryClient::find_version(std::string_view subject,
                                                         WantedVersion version) {
    return impl_->find_version(subject, version);
}

Result<compat::Level> RegistryClient::find_level(std::string_view subject, WantedVersion version) {
    return impl_->find_level(subject, version);
}

Result<RegisteredSchemaPtr> RegistryClient::find_same(std::string_view subject, SchemaType type,
                                                      std::string_view text,
                                                      const std::vector<Reference>& references) {
    return impl_->find_same(subject, type, text, references);
}

Result<RegisteredSchemaPtr> RegistryClient::register_schema(
    std::string_view subject, SchemaType type, std::string_view text,
    const std::vector<Reference>& references) {
    return impl_->register_schema(subject, type, text, references);
}

Result<std::vector<SubjectVersion>> RegistryClient::find_subjects(const RegisteredSchema& schema) {
    return impl_->find_subjects(schema);
}

RegistryClientCounters RegistryClient::counters() const {
    return impl_->counters();
}

}  // namespace symbolon::client
