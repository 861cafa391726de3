#include "client/registry_client/registry_admin.hpp"

#include "client/http/header_text.hpp"
#include "client/http/retry.hpp"
#include "client/registry_client/registry_answers.hpp"
#include "client/registry_client/registry_transport.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

namespace symbolon::client {

namespace {

/// A list that is shorter than this is whole: no registry that we know cuts lists before.
constexpr std::size_t unpaged_items_max = 1'000;

const RegistryRefusal* find_refusal(const Error& error) {
    return dynamic_cast<const RegistryRefusal*>(error.detail.get());
}

/// What answered does not know the route: an older registry, or another product's.
bool is_route_missing(const Error& error) {
    const auto* const refusal = find_refusal(error);
    return refusal != nullptr && (refusal->status == 405 || refusal->status == 501 ||
                                  (refusal->status == 404 && !is_not_there(error)));
}

/// "?a=b&c=d" of those that say something.
class Query {
public:
    Query& add(std::string_view name, std::string_view value) {
        text_ += fmt::format("{}{}={}", text_.empty() ? '?' : '&', name, percent_encode(value));
        return *this;
    }
    Query& add_deleted(Deleted deleted) {
        if (deleted != Deleted::without) {
            add(deleted == Deleted::with ? "deleted" : "deletedOnly", "true");
        }
        return *this;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// `page` is a further page of the same list.
std::string with_offset(const std::string& path, std::size_t offset) {
    return fmt::format("{}{}offset={}", path, path.find('?') == std::string::npos ? '?' : '&',
                       offset);
}

Result<std::string> path_of_version(std::string_view subject, WantedVersion version) {
    SYMBOLON_TRY(const std::string number, to_version_text(version));
    return path_of_subject(subject) + "/versions/" + number;
}

/// "/config" or "/mode", of a scope or the global one.
std::string path_of_setting(std::string_view setting, std::string_view scope) {
    return scope.empty() ? fmt::format("/{}", setting)
                         : fmt::format("/{}/{}", setting, percent_encode(scope));
}

std::size_t bytes_of_item(const std::string& name) {
    return name.size();
}

std::size_t bytes_of_item(std::int32_t /*number*/) {
    return sizeof(std::int32_t);
}

std::size_t bytes_of_item(const std::pair<std::string, std::int32_t>& use) {
    return use.first.size();
}

template <class Value>
std::vector<Value> without_those(const std::vector<Value>& values,
                                 const std::vector<Value>& others) {
    std::vector<Value> left;
    std::set_difference(values.begin(), values.end(), others.begin(), others.end(),
                        std::back_inserter(left));
    return left;
}

template <class Number>
std::vector<Number> to_numbers(const std::vector<std::int32_t>& values) {
    std::vector<Number> numbers;
    numbers.reserve(values.size());
    for (const auto value : values) {
        numbers.emplace_back(value);
    }
    return numbers;
}

}  // namespace

bool is_not_there(const Error& error) {
    const auto* const refusal = find_refusal(error);
    return refusal != nullptr && refusal->status == 404 && refusal->error_code >= 40'400 &&
           refusal->error_code < 40'500;
}

class RegistryAdmin::Impl {
public:
    Impl(RegistryClientOptions options, HttpSender& sender,
         std::shared_ptr<Credentials> credentials, Clock& clock)
        : options_(std::move(options)),
          transport_(options_, sender, std::move(credentials), clock) {}

    Result<Json> get(const std::string& path, AnswerShape shape = AnswerShape::object) {
        return transport_.call({.path = path, .shape = shape});
    }

    Result<Json> send(RegistryCall call) {
        call.shape = AnswerShape::any;
        return transport_.call(call);
    }

    /// An array, all pages of it. A registry may cut a long list silently; one that knows no
    /// offset answers the first page once more, and nothing new ends the search.
    template <class Value>
    Result<std::vector<Value>> list(const std::string& path,
                                    const std::function<Result<Value>(const Json&)>& to_value) {
        std::set<Value> known;
        std::size_t received = 0;
        std::size_t bytes = 0;
        for (;;) {
            SYMBOLON_TRY(const Json page, get(received == 0 ? path : with_offset(path, received),
                                              AnswerShape::array));
            const std::size_t before = known.size();
            for (const Json& item : page) {
                SYMBOLON_TRY(auto value, to_value(item));
                bytes += bytes_of_item(value);
                known.insert(std::move(value));
            }
            if (known.size() > limits::registry_list_items_max ||
                bytes > limits::registry_list_bytes_max) {
                return failure(strange_answer(
                    fmt::format("a list of more than {} items or {} bytes",
                                limits::registry_list_items_max, limits::registry_list_bytes_max)));
            }
            received += page.size();
            if (page.size() < unpaged_items_max || known.size() == before) {
                return std::vector<Value>(known.begin(), known.end());
            }
        }
    }

    Result<SchemaDocument> get_document(const std::string& path, SchemaDocument asked) {
        SYMBOLON_TRY(const Json json, get(path));
        return parse_schema_document(json, std::move(asked));
    }

    Result<SchemaDocument> post_document(const std::string& path, const Candidate& candidate,
                                         Repeatable repeatable) {
        SYMBOLON_TRY(const Json json,
                     transport_.call({.method = "POST",
                                      .path = path,
                                      .body = to_registration_body(candidate.type, candidate.text,
                                                                   candidate.references),
                                      .repeatable = repeatable}));
        return parse_schema_document(json, {.subject = candidate.subject,
                                            .type = candidate.type,
                                            .text = candidate.text,
                                            .references = candidate.references});
    }

    Result<Json> check(const Candidate& candidate) {
        const auto path = "/compatibility" + path_of_subject(candidate.subject) + "/versions";
        RegistryCall call{
            .method = "POST",
            .path = path + "?verbose=true",
            .body = to_registration_body(candidate.type, candidate.text, candidate.references)};
        if (!checks_latest_only_) {
            auto answer = transport_.call(call);
            if (answer || !is_route_missing(answer.error())) {
                return answer;
            }
        }
        call.path = path + "/latest?verbose=true";
        auto answer = transport_.call(call);
        if (answer || is_not_there(answer.error())) {
            checks_latest_only_ = true;
        }
        return answer;
    }

private:
    const RegistryClientOptions options_;
    RegistryTransport transport_;
    /// It has no route for a check against the whole history.
    std::atomic<bool> checks_latest_only_{false};
};

RegistryAdmin::RegistryAdmin(RegistryClientOptions options, HttpSender& sender,
                             std::shared_ptr<Credentials> credentials, Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), sender, std::move(credentials), clock)) {}

RegistryAdmin::~RegistryAdmin() = default;

Result<std::vector<std::string>> RegistryAdmin::list_subjects(std::string_view prefix,
                                                              Deleted deleted) {
    Query query;
    if (!prefix.empty()) {
        query.add("subjectPrefix", prefix);
    }
    query.add_deleted(deleted == Deleted::only ? Deleted::with : deleted);
    SYMBOLON_TRY(auto subjects, impl_->list<std::string>("/subjects" + query.text(), to_name));
    if (!prefix.empty()) {
        std::erase_if(subjects, [&](const auto& name) { return !has_prefix(name, prefix); });
    }
    if (deleted == Deleted::only) {
        // Why: those that do not know deletedOnly would answer the live ones.
        SYMBOLON_TRY(const auto live, list_subjects(prefix, Deleted::without));
        return without_those(subjects, live);
    }
    return subjects;
}

Result<std::vector<Version>> RegistryAdmin::list_versions(std::string_view subject,
                                                          Deleted deleted) {
    const auto path = path_of_subject(subject) + "/versions";
    const auto asked = deleted == Deleted::only ? Deleted::with : deleted;
    SYMBOLON_TRY(auto versions,
                 impl_->list<std::int32_t>(path + Query().add_deleted(asked).text(), to_number));
    if (deleted == Deleted::only) {
        const auto live = impl_->list<std::int32_t>(path, to_number);
        if (!live && !is_not_there(live.error())) {
            return failure(live.error());
        }
        versions = without_those(versions, live ? *live : std::vector<std::int32_t>());
    }
    return to_numbers<Version>(versions);
}

Result<std::vector<std::string>> RegistryAdmin::list_contexts() {
    return impl_->list<std::string>("/contexts", to_name);
}

Result<SchemaDocument> RegistryAdmin::get_version(std::string_view subject, WantedVersion version,
                                                  Deleted deleted) {
    SYMBOLON_TRY(const auto path, path_of_version(subject, version));
    const auto asked = deleted == Deleted::without ? Deleted::without : Deleted::with;
    SYMBOLON_TRY(auto document, impl_->get_document(path + Query().add_deleted(asked).text(),
                                                    {.subject = std::string(subject),
                                                     .version = version.value_or(Version())}));
    if (document.version.value() < 1) {
        return failure(strange_answer("a schema without its version"));
    }
    return document;
}

Result<SchemaDocument> RegistryAdmin::get_by_id(SchemaId id, std::string_view subject) {
    if (id.value() <= 0) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("{} is not a schema id", id.value())));
    }
    const auto query = subject.empty() ? std::string() : Query().add("subject", subject).text();
    return impl_->get_document(fmt::format("/schemas/ids/{}{}", id.value(), query), {.id = id});
}

Result<std::vector<SubjectVersion>> RegistryAdmin::list_uses(SchemaId id, Deleted deleted) {
    const auto asked = deleted == Deleted::without ? Deleted::without : Deleted::with;
    const auto path = fmt::format("/schemas/ids/{}/versions", id.value());
    using Use = std::pair<std::string, std::int32_t>;
    const auto to_pair = [](const Json& item) -> Result<Use> {
        SYMBOLON_TRY(auto use, to_use(item));
        return Use(std::move(use.subject), use.version.value());
    };
    SYMBOLON_TRY(auto pairs, impl_->list<Use>(path + Query().add_deleted(asked).text(), to_pair));
    if (deleted == Deleted::only) {
        SYMBOLON_TRY(const auto live, impl_->list<Use>(path, to_pair));
        pairs = without_those(pairs, live);
    }
    std::vector<SubjectVersion> uses;
    for (auto& [subject, version] : pairs) {
        uses.push_back({std::move(subject), Version(version)});
    }
    return uses;
}

Result<std::vector<SchemaId>> RegistryAdmin::list_referrers(std::string_view subject,
                                                            Version version) {
    SYMBOLON_TRY(const auto path, path_of_version(subject, version));
    SYMBOLON_TRY(const auto ids, impl_->list<std::int32_t>(path + "/referencedby", to_number));
    return to_numbers<SchemaId>(ids);
}

Result<std::optional<ConfigJson>> RegistryAdmin::get_config(std::string_view scope, Scope of) {
    const auto path = path_of_setting("config", scope);
    auto json = impl_->get(of == Scope::effective ? path + "?defaultToGlobal=true" : path);
    if (json) {
        return std::optional<ConfigJson>(*std::move(json));
    }
    if (!is_not_there(json.error())) {
        return failure(std::move(json).error());
    }
    if (of == Scope::own || scope.empty()) {
        return std::optional<ConfigJson>();
    }
    // Older ones do not know the parameter.
    return get_config({}, Scope::effective);
}

Result<ConfigJson> RegistryAdmin::update_config(std::string_view scope, const ConfigJson& changes) {
    Json body = changes;
    if (body.is_object()) {
        rename_member(body, "compatibilityLevel", "compatibility");
    }
    SYMBOLON_TRY(auto json, impl_->send({.method = "PUT",
                                         .path = path_of_setting("config", scope),
                                         .body = to_text(body)}));
    return to_config(std::move(json));
}

Result<ConfigJson> RegistryAdmin::delete_config(std::string_view scope) {
    SYMBOLON_TRY(auto json, impl_->send({.method = "DELETE",
                                         .path = path_of_setting("config", scope),
                                         .repeatable = Repeatable::no}));
    return to_config(std::move(json));
}

Result<std::optional<std::string>> RegistryAdmin::get_mode(std::string_view scope, Scope of) {
    const auto path = path_of_setting("mode", scope);
    const auto json = impl_->get(of == Scope::effective ? path + "?defaultToGlobal=true" : path);
    if (json) {
        SYMBOLON_TRY(auto mode, to_mode(*json));
        return std::optional<std::string>(std::move(mode));
    }
    if (is_route_missing(json.error()) && json.error().code != ErrorCode::schema_not_found) {
        return std::optional<std::string>();  // it knows no modes
    }
    if (!is_not_there(json.error())) {
        return failure(json.error());
    }
    if (of == Scope::own || scope.empty()) {
        return std::optional<std::string>();
    }
    return get_mode({}, Scope::effective);
}

Status RegistryAdmin::update_mode(std::string_view scope, std::string_view mode, bool force) {
    const auto query = force ? Query().add("force", "true").text() : std::string();
    SYMBOLON_CHECK(impl_->send({.method = "PUT",
                                .path = path_of_setting("mode", scope) + query,
                                .body = to_text(Json{{"mode", mode}})}));
    return {};
}

Status RegistryAdmin::delete_mode(std::string_view scope) {
    SYMBOLON_CHECK(impl_->send({.method = "DELETE",
                                .path = path_of_setting("mode", scope),
                                .repeatable = Repeatable::no}));
    return {};
}

Result<SchemaDocument> RegistryAdmin::register_schema(const Candidate& candidate, bool normalize) {
    const auto query = normalize ? Query().add("normalize", "true").text() : std::string();
    SYMBOLON_TRY(auto stored,
                 impl_->post_document(path_of_subject(candidate.subject) + "/versions" + query,
                                      candidate, Repeatable::no));
    if (stored.version.value() < 1) {
        // Older ones answer the id alone. It is registered, whatever becomes of this question.
        if (auto whole = look_up(candidate, normalize)) {
            return whole;
        }
    }
    if (stored.id.value() < 1) {
        return failure(strange_answer("a registered schema without its id"));
    }
    return stored;
}

Result<SchemaDocument> RegistryAdmin::look_up(const Candidate& candidate, bool normalize) {
    const auto query = normalize ? Query().add("normalize", "true").text() : std::string();
    SYMBOLON_TRY(auto found, impl_->post_document(path_of_subject(candidate.subject) + query,
                                                  candidate, Repeatable::yes));
    if (found.version.value() < 1 || found.id.value() < 1) {
        return failure(strange_answer("a schema without its version or id"));
    }
    return found;
}

Result<Json> RegistryAdmin::check(const Candidate& candidate) {
    SYMBOLON_TRY(auto answer, impl_->check(candidate));
    const auto verdict = answer.find("is_compatible");
    if (verdict == answer.end() || !verdict->is_boolean()) {
        return failure(strange_answer("no verdict"));
    }
    return answer;
}

Result<std::vector<Version>> RegistryAdmin::delete_subject(std::string_view subject,
                                                           Deletion deletion) {
    const auto query = deletion == Deletion::permanent ? "?permanent=true" : "";
    SYMBOLON_TRY(const Json json, impl_->send({.method = "DELETE",
                                               .path = path_of_subject(subject) + query,
                                               .repeatable = Repeatable::no}));
    return to_versions(json);
}

Result<Version> RegistryAdmin::delete_version(std::string_view subject, WantedVersion version,
                                              Deletion deletion) {
    SYMBOLON_TRY(const auto path, path_of_version(subject, version));
    const auto query = deletion == Deletion::permanent ? "?permanent=true" : "";
    SYMBOLON_TRY(
        const Json json,
        impl_->send({.method = "DELETE", .path = path + query, .repeatable = Repeatable::no}));
    SYMBOLON_TRY(const auto number, to_number(json));
    return Version(number);
}

namespace {

/// A route of this program's registries alone.
Error without_undelete(Error error) {
    if (!is_route_missing(error)) {
        return error;
    }
    return make_error(
        ErrorCode::malformed_request,
        "This registry cannot restore what was deleted; register it again. " + error.message);
}

}  // namespace

Result<std::vector<Version>> RegistryAdmin::undelete_subject(std::string_view subject) {
    const auto json = impl_->send({.method = "POST",
                                   .path = path_of_subject(subject) + "/undelete",
                                   .repeatable = Repeatable::no});
    if (!json) {
        return failure(without_undelete(json.error()));
    }
    return to_versions(*json);
}

Result<Version> RegistryAdmin::undelete_version(std::string_view subject, Version version) {
    SYMBOLON_TRY(const auto path, path_of_version(subject, version));
    const auto json =
        impl_->send({.method = "POST", .path = path + "/undelete", .repeatable = Repeatable::no});
    if (!json) {
        return failure(without_undelete(json.error()));
    }
    SYMBOLON_TRY(const auto number, to_number(*json));
    return Version(number);
}

Status RegistryAdmin::delete_context(std::string_view context) {
    SYMBOLON_CHECK(impl_->send({.method = "DELETE",
                                .path = "/contexts/" + percent_encode(context),
                                .repeatable = Repeatable::no}));
    return {};
}

Result<Json> RegistryAdmin::call(const std::string& method, const std::string& path,
                                 const Json& body) {
    const bool is_repeatable = is_idempotent(method) && method != "DELETE";
    return impl_->send({.method = method,
                        .path = path,
                        .body = body.is_null() ? "" : to_text(body),
                        .repeatable = is_repeatable ? Repeatable::yes : Repeatable::no});
}

}  // namespace symbolon::client
