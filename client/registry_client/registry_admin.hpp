// Everything that people do with a registry: listing, reading, settings, registering, deleting.
// Nothing is remembered; what is asked for is asked of the registry. registry_client.hpp is for
// programs that decode.
//
// Example:  RegistryAdmin admin(options, *sender, credentials, clock);
//           SYMBOLON_TRY(const auto subjects, admin.list_subjects({}));
// Errors:   schema_not_found (404: what was not found is in the message), not_authorised (401,
//           403), incompatible_schema (409), invalid_schema (422), unavailable (after retries),
//           malformed_request (any other refusal); messages are the registry's own words
// Threads:  any thread
// Source:   REST contract section 3
// Tested by tests/unit/client/registry_client/registry_admin_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client.hpp"
#include "client/registry_client/registry_client.hpp"
#include "client/registry_client/schema_document.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

/// Which deleted things count.
enum class Deleted { without, with, only };
/// Soft can be undone; permanent needs the soft one before.
enum class Deletion { soft, permanent };

struct Candidate {
    std::string subject{};
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<Reference> references{};
};

/// A scope's config, members as the registry names them ("compatibilityLevel", "normalize", …).
using ConfigJson = Json;

class RegistryAdmin {
public:
    /// `sender` and `clock` outlive it.
    RegistryAdmin(RegistryClientOptions options, HttpSender& sender,
                  std::shared_ptr<Credentials> credentials, Clock& clock);
    ~RegistryAdmin();
    RegistryAdmin(const RegistryAdmin&) = delete;
    RegistryAdmin& operator=(const RegistryAdmin&) = delete;
    RegistryAdmin(RegistryAdmin&&) = delete;
    RegistryAdmin& operator=(RegistryAdmin&&) = delete;

    /// `prefix` of a subject, as `subjectPrefix` asks; sorted.
    Result<std::vector<std::string>> list_subjects(std::string_view prefix,
                                                   Deleted deleted = Deleted::without);
    Result<std::vector<Version>> list_versions(std::string_view subject,
                                               Deleted deleted = Deleted::without);
    Result<std::vector<std::string>> list_contexts();
    /// nullopt: the latest.
    Result<SchemaDocument> get_version(std::string_view subject, WantedVersion version,
                                       Deleted deleted = Deleted::without);
    Result<SchemaDocument> get_by_id(SchemaId id, std::string_view subject = {});
    Result<std::vector<SubjectVersion>> list_uses(SchemaId id, Deleted deleted = Deleted::without);
    /// Ids of the schemas that refer to a version.
    Result<std::vector<SchemaId>> list_referrers(std::string_view subject, Version version);

    /// An empty scope is the global one; `effective`: with what is inherited.
    enum class Scope { own, effective };
    /// nullopt: none of its own.
    Result<std::optional<ConfigJson>> get_config(std::string_view scope, Scope of);
    Result<ConfigJson> update_config(std::string_view scope, const ConfigJson& changes);
    Result<ConfigJson> delete_config(std::string_view scope);
    Result<std::optional<std::string>> get_mode(std::string_view scope, Scope of);
    Status update_mode(std::string_view scope, std::string_view mode, bool force);
    Status delete_mode(std::string_view scope);

    /// The stored version: also when it was there before.
    Result<SchemaDocument> register_schema(const Candidate& candidate, bool normalize);
    /// What is registered under the subject and equals it; schema_not_found.
    Result<SchemaDocument> look_up(const Candidate& candidate, bool normalize);
    /// Dry run: the body of the registry's answer, with "is_compatible" and "messages".
    Result<Json> check(const Candidate& candidate);

    Result<std::vector<Version>> delete_subject(std::string_view subject, Deletion deletion);
    Result<Version> delete_version(std::string_view subject, WantedVersion version,
                                   Deletion deletion);
    /// This program's registries alone: malformed_request from others, which have no such route.
    Result<std::vector<Version>> undelete_subject(std::string_view subject);
    Result<Version> undelete_version(std::string_view subject, Version version);
    Status delete_context(std::string_view context);

    /// Any other request; `path` starts with a slash and is percent-encoded, the answer is JSON.
    Result<Json> call(const std::string& method, const std::string& path, const Json& body = {});

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The registry said itself that what was asked for is not there; a 404 of whatever answers at a
/// wrong address says nothing about subjects.
bool is_not_there(const Error& error);

}  // namespace symbolon::client
