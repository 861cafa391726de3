// The client against a registry of our own in the same process, through real HTTP.
#include "api/rest/router.hpp"
#include "client/http/http_client_curl.hpp"
#include "client/registry_client/registry_client.hpp"
#include "server/http_server.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace symbolon::client {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;

class RegistryClientOverHttp : public RegistryFixture {
protected:
    RegistryClientOverHttp() : RegistryFixture(compat::Level::backward) {}

    void SetUp() override {
        ::setenv("no_proxy", "127.0.0.1,localhost", 1);
        router_ = std::make_unique<rest::Router>(*registry, rest::RouterSettings{});
        server::Handler handler;
        handler.handle = [this](const rest::Request& request) { return router_->handle(request); };
        handler.is_quick = [this](const rest::Request& request) {
            return router_->is_quick(request);
        };
        handler.refuse = [this](const Error& error) { return router_->refuse(error); };
        server::ListenOptions listen;
        listen.port = 0;
        listen.event_loops = 1;
        listen.workers = 2;
        auto server = server::HttpServer::listen(std::move(handler), listen);
        ASSERT_TRUE(server) << server.error().message;
        server_ = *std::move(server);
        auto sender = open_http_client({});
        ASSERT_TRUE(sender);
        sender_ = *std::move(sender);
        client = open_client("");
    }
    void TearDown() override {
        client.reset();
        server_.reset();
    }

    std::unique_ptr<RegistryClient> open_client(const std::string& path) {
        RegistryClientOptions options;
        options.base_urls = {"http://127.0.0.1:" + std::to_string(server_->port()) + path};
        options.retry.retries_max = 0;
        return std::make_unique<RegistryClient>(std::move(options), *sender_, no_credentials(),
                                                clock_);
    }

    std::unique_ptr<RegistryClient> client;

private:
    SystemClock clock_;
    std::unique_ptr<rest::Router> router_;
    std::unique_ptr<server::HttpServer> server_;
    std::unique_ptr<HttpSender> sender_;
};

TEST_F(RegistryClientOverHttp, WhatIsRegisteredIsFoundByEveryKey) {
    const auto added = client->register_schema("a/b", SchemaType::avro, record_of({"f"}), {});
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ((*added)->subject, "a/b");
    EXPECT_EQ((*added)->version, Version(1));
    const SchemaId id = (*added)->id;
    const auto by_id = client->find_by_id(id);
    ASSERT_TRUE(by_id) << by_id.error().message;
    EXPECT_EQ((*by_id)->text, record_of({"f"}));
    EXPECT_NE((*by_id)->parsed, nullptr);
    EXPECT_EQ((*by_id)->guid.size(), 36U);
    const auto by_guid = client->find_by_guid((*by_id)->guid);
    ASSERT_TRUE(by_guid) << by_guid.error().message;
    EXPECT_EQ((*by_guid)->text, (*by_id)->text);
    for (const auto version : {WantedVersion(Version(1)), WantedVersion()}) {
        const auto found = client->find_version("a/b", version);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ((*found)->id, id);
        EXPECT_EQ((*found)->version, Version(1));
        EXPECT_EQ(client->find_level("a/b", version).value(), compat::Level::backward);
    }
    const auto same = client->find_same("a/b", SchemaType::avro, record_of({"f"}), {});
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_EQ((*same)->id, id);
    EXPECT_EQ((*same)->version, Version(1));
    const auto again = client->register_schema("a/b", SchemaType::avro, record_of({"f"}), {});
    EXPECT_EQ((*again)->id, id);
}

TEST_F(RegistryClientOverHttp, LatestMovesWithARegistration) {
    ASSERT_TRUE(client->register_schema("s", SchemaType::avro, record_of({"f"}), {}));
    EXPECT_EQ(client->find_version("s", std::nullopt).value()->version, Version(1));
    ASSERT_TRUE(client->register_schema("s", SchemaType::avro, record_of({"f", "g?"}), {}));
    EXPECT_EQ(client->find_version("s", std::nullopt).value()->version, Version(2));
}

TEST_F(RegistryClientOverHttp, WhatIsNotThereIsNotFound) {
    EXPECT_EQ(code_of(client->find_by_id(SchemaId(99))), ErrorCode::schema_not_found);
    EXPECT_EQ(code_of(client->find_by_guid("01234567-89ab-cdef-0123-456789abcdef")),
              ErrorCode::schema_not_found);
    EXPECT_EQ(code_of(client->find_version("none", std::nullopt)), ErrorCode::schema_not_found);
    EXPECT_EQ(code_of(client->find_level("none", Version(1))), ErrorCode::schema_not_found);
    ASSERT_TRUE(client->register_schema("s", SchemaType::avro, record_of({"f"}), {}));
    EXPECT_EQ(code_of(client->find_version("s", Version(2))), ErrorCode::schema_not_found);
    const auto other = client->find_same("s", SchemaType::avro, record_of({"g"}), {});
    EXPECT_EQ(code_of(other), ErrorCode::schema_not_found);
    EXPECT_NE(other.error().message.find("Schema not found"), std::string::npos)
        << other.error().message;
}

TEST_F(RegistryClientOverHttp, AnIncompatibleSchemaAndAnInvalidOneAreRefused) {
    ASSERT_TRUE(client->register_schema("s", SchemaType::avro, record_of({"f"}), {}));
    EXPECT_EQ(code_of(client->register_schema("s", SchemaType::avro, record_of({"f", "g"}), {})),
              ErrorCode::incompatible_schema);
    EXPECT_EQ(code_of(client->register_schema("s", SchemaType::avro, "{\"type\":\"x\"}", {})),
              ErrorCode::invalid_schema);
}

TEST_F(RegistryClientOverHttp, ReferencesOfAllTypesAreCollectedAndParsed) {
    add("inner", request_of(record_of({"f"}, "Inner")));
    const std::string outer =
        R"({"type":"record","name":"Outer","fields":[{"name":"i","type":"Inner"}]})";
    const auto added =
        client->register_schema("outer", SchemaType::avro, outer, {{"Inner", "inner", 1}});
    ASSERT_TRUE(added) << added.error().message;
    const auto found = client->find_by_id((*added)->id);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_NE((*found)->parsed, nullptr) << (*found)->parse_error;
    ASSERT_EQ((*found)->reference_texts.size(), 1U);
    EXPECT_EQ((*found)->reference_texts[0].subject, "inner");

    const std::string inner_proto = "syntax = \"proto3\";\nmessage Inner { int32 f = 1; }\n";
    ASSERT_TRUE(client->register_schema("inner-proto", SchemaType::protobuf, inner_proto, {}));
    const auto proto = client->register_schema(
        "outer-proto", SchemaType::protobuf,
        "syntax = \"proto3\";\nimport \"inner.proto\";\nmessage Outer { Inner i = 1; }\n",
        {{"inner.proto", "inner-proto", 1}});
    ASSERT_TRUE(proto) << proto.error().message;
    EXPECT_NE(client->find_by_id((*proto)->id).value()->parsed, nullptr);
    EXPECT_EQ((*proto)->type, SchemaType::protobuf);
}

TEST_F(RegistryClientOverHttp, ContextsWorkInSubjectsAndInBaseUrls) {
    const auto inner =
        client->register_schema(":.ctx:inner", SchemaType::avro, record_of({"f"}, "Inner"), {});
    ASSERT_TRUE(inner) << inner.error().message;
    const std::string outer =
        R"({"type":"record","name":"Outer","fields":[{"name":"i","type":"Inner"}]})";
    const auto added =
        client->register_schema(":.ctx:outer", SchemaType::avro, outer, {{"Inner", "inner", 1}});
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_NE((*added)->parsed, nullptr) << (*added)->parse_error;
    const auto found = client->find_version(":.ctx:outer", std::nullopt);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_NE((*found)->parsed, nullptr) << (*found)->parse_error;

    const auto inside = open_client("/contexts/.ctx");
    const auto seen = inside->find_version("outer", std::nullopt);
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ((*seen)->id, (*added)->id);
    EXPECT_NE((*seen)->parsed, nullptr) << (*seen)->parse_error;
    const auto by_id = inside->find_by_id((*added)->id);
    ASSERT_TRUE(by_id) << by_id.error().message;
    EXPECT_NE((*by_id)->parsed, nullptr) << (*by_id)->parse_error;
}

TEST_F(RegistryClientOverHttp, ASchemaOutlivesTheVersionsThatItRefersTo) {
    add("inner", request_of(record_of({"f"}, "Inner")));
    const std::string outer =
        R"({"type":"record","name":"Outer","fields":[{"name":"i","type":"Inner"}]})";
    const auto added =
        client->register_schema("outer", SchemaType::avro, outer, {{"Inner", "inner", 1}});
    ASSERT_TRUE(added) << added.error().message;
    ASSERT_TRUE(remove("outer", 1));
    ASSERT_TRUE(remove("inner", 1));
    const auto found = open_client("")->find_by_id((*added)->id);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_NE((*found)->parsed, nullptr) << (*found)->parse_error;
}

}  // namespace
}  // namespace symbolon::client
