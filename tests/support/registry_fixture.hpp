// A registry over a memory store, and short words for what tests ask of it.
//
// Example:  TEST_F(Registration, SomethingHolds) { EXPECT_EQ(add("s", plain).id.value(), 1); }
// Threads:  one at a time
// Tested by tests/unit/api/registration_test.cpp
#pragma once

#include "api/registry.hpp"
#include "storage/memory/memory_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::testing {

/// An Avro record R with string fields of these names; those that end in "?" have a default.
inline std::string record_of(const std::vector<std::string>& fields, std::string_view name = "R") {
    std::string text = R"({"type":"record","name":")" + std::string(name) + R"(","fields":[)";
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const bool optional = fields[at].ends_with('?');
        const std::string field = fields[at].substr(0, fields[at].size() - (optional ? 1 : 0));
        text += (at > 0 ? "," : "") + (R"({"name":")" + field + R"(","type":"string")") +
                (optional ? R"(,"default":""})" : "}");
    }
    return text + "]}";
}

inline SchemaRequest request_of(std::string text, std::vector<Reference> references = {}) {
    SchemaRequest request;
    request.schema = std::move(text);
    request.references = std::move(references);
    return request;
}

inline Metadata owned_by(const std::string& owner) {
    return Metadata{{}, {{"owner", owner}}, {}};
}

template <class Value>
ErrorCode code_of(const Result<Value>& result) {
    return result ? ErrorCode::internal_error : result.error().code;
}
template <class Value>
std::string message_of(const Result<Value>& result) {
    return result ? "" : result.error().message;
}

class RegistryFixture : public ::testing::Test {
protected:
    explicit RegistryFixture(compat::Level level = compat::Level::none) {
        settings.default_level = level;
        settings.now = [this] { return ++now; };
        open();
    }

    /// Opens the registry anew: what is not in the store is gone.
    void open() {
        auto opened = Registry::open(store, settings);
        ASSERT_TRUE(opened) << opened.error().message;
        registry = *std::move(opened);
    }

    Result<SubjectVersion> try_add(std::string_view subject, const SchemaRequest& request,
                                   RegisterOptions options = {}) {
        return registry->register_schema(parse_subject(subject), request, options);
    }
    Result<SubjectVersion> try_add(std::string_view subject, const std::string& text) {
        return try_add(subject, request_of(text));
    }
    template <class Request>
    SubjectVersion add(std::string_view subject, const Request& request) {
        auto added = try_add(subject, request);
        EXPECT_TRUE(added) << added.error().message;
        return added ? *std::move(added) : SubjectVersion{};
    }
    Result<SubjectVersion> look_up(std::string_view subject, const SchemaRequest& request,
                                   LookUpOptions options = {}) {
        return registry->look_up_schema(parse_subject(subject), request, options);
    }
    Result<SubjectVersion> get(std::string_view subject, std::int32_t version,
                               View view = View::live) {
        const VersionChoice choice =
            version < 0 ? VersionChoice::latest() : VersionChoice{Version(version)};
        return registry->read([&](const Catalog& catalog) {
            return get_version(catalog, parse_subject(subject), choice, view, SearchContexts::yes);
        });
    }
    Result<Version> remove(std::string_view subject, std::int32_t version, bool permanent = false) {
        const VersionChoice choice =
            version < 0 ? VersionChoice::latest() : VersionChoice{Version(version)};
        return registry->delete_version(parse_subject(subject), choice, permanent);
    }
    Result<std::vector<Version>> remove_all(std::string_view subject, bool permanent = false) {
        return registry->delete_subject(parse_subject(subject), permanent);
    }
    std::vector<int> versions(std::string_view subject, View view = View::live) {
        const auto found = registry->read([&](const Catalog& catalog) {
            return list_versions(catalog, parse_subject(subject), view);
        });
        std::vector<int> numbers;
        for (const Version version : found ? *found : std::vector<Version>()) {
            numbers.push_back(version.value());
        }
        return numbers;
    }
    Status set_mode(std::string_view scope, std::optional<Mode> mode, bool force = false) {
        return registry->update_mode(parse_subject(scope), mode, force);
    }
    Result<Config> set_config(std::string_view scope, const char* json) {
        return registry->update_config(parse_subject(scope), Json::parse(json));
    }

    std::shared_ptr<storage::MemoryStore> store = std::make_shared<storage::MemoryStore>();
    RegistrySettings settings;
    std::atomic<std::int64_t> now = 1'000;  // a registry may be asked by several threads
    std::unique_ptr<Registry> registry;
};

}  // namespace symbolon::testing
