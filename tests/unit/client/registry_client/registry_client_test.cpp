#include "client/registry_client/registry_client.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

namespace symbolon::client {
namespace {

using namespace std::chrono_literals;
using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;
using symbolon::testing::sent_header;

std::string schema_body(std::string_view schema, Json more = Json::object()) {
    more["schema"] = schema;
    return to_text(more);
}

class RegistryClientRules : public ::testing::Test {
protected:
    RegistryClientRules() {
        options.base_urls = {"http://one/base/"};
        options.random = [] { return 1.0; };
    }
    RegistryClient& client() {
        if (!client_) {
            client_ = std::make_unique<RegistryClient>(options, sender, credentials, clock);
        }
        return *client_;
    }
    ErrorCode code_of_id(int id = 7) {
        const auto found = client().find_by_id(SchemaId(id));
        return found ? ErrorCode::route_not_found : found.error().code;
    }
    /// Answers by path, however often they are asked for; 404 for others.
    void serve(std::map<std::string, std::string> bodies) {
        sender.otherwise([bodies = std::move(bodies)](
                             const HttpRequest& request) -> Result<HttpResponse> {
            const auto found = bodies.find(request.url.substr(std::string("http://one").size()));
            return found == bodies.end() ? HttpResponse{404, {}, R"({"message":"nothing here"})"}
                                         : HttpResponse{200, {}, found->second};
        });
    }
    std::string url_of(std::size_t request) { return sender.requests().at(request).url; }

    FakeClock clock;
    FakeSender sender;
    std::shared_ptr<Credentials> credentials = no_credentials();
    RegistryClientOptions options;

private:
    std::unique_ptr<RegistryClient> client_;
};

const std::string plain = R"("string")";

// --- what is asked and answered

TEST_F(RegistryClientRules, ASchemaIsFoundByIdAndParsed) {
    sender.push(200, schema_body(plain, {{"guid", "g"}, {"subject", "s"}, {"version", 3}}));
    const auto found = client().find_by_id(SchemaId(7));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(url_of(0), "http://one/base/schemas/ids/7");
    EXPECT_EQ((*found)->id, SchemaId(7));
    EXPECT_EQ((*found)->guid, "g");
    EXPECT_EQ((*found)->subject, "s");
    EXPECT_EQ((*found)->version, Version(3));
    EXPECT_EQ((*found)->type, SchemaType::avro);
    EXPECT_EQ((*found)->text, plain);
    EXPECT_NE((*found)->parsed, nullptr);
}

TEST_F(RegistryClientRules, ASchemaIsFoundByGuid) {
    const std::string guid = "01234567-89ab-cdef-0123-456789abcdef";
    sender.push(200, schema_body(plain));
    const auto found = client().find_by_guid(guid);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(url_of(0), "http://one/base/schemas/guids/" + guid);
    EXPECT_EQ((*found)->guid, guid);
    EXPECT_EQ(client().find_by_guid("../subjects").error().code, ErrorCode::schema_not_found);
    EXPECT_EQ(sender.count(), 1U);
}

TEST_F(RegistryClientRules, SubjectsAndContextsArePercentEncoded) {
    sender.push(200, schema_body(plain, {{"id", 1}, {"version", 2}}));
    ASSERT_TRUE(client().find_version(":.ctx:a/b c", Version(2)));
    EXPECT_EQ(url_of(0), "http://one/base/subjects/%3A.ctx%3Aa%2Fb%20c/versions/2");
    sender.push(200, R"({"compatibility":"FULL"})");
    EXPECT_EQ(*client().find_level("ä", std::nullopt), compat::Level::full);
    EXPECT_EQ(url_of(1), "http://one/base/schemas/%C3%A4/versions/latest/compatibility");
    EXPECT_EQ(client().find_version("s", Version(0)).error().code, ErrorCode::malformed_request);
}

TEST_F(RegistryClientRules, ASchemaThatDoesNotParseIsAnsweredWithTheReason) {
    sender.push(200, schema_body("{\"type\":\"nonsense\"}"));
    const auto found = client().find_by_id(SchemaId(7));
    ASSERT_TRUE(found);
    EXPECT_EQ((*found)->parsed, nullptr);
    EXPECT_NE((*found)->parse_error, "");
    EXPECT_EQ((*found)->text, "{\"type\":\"nonsense\"}");
}

TEST_F(RegistryClientRules, ALookUpAndARegistrationSendTypeTextAndReferences) {
    sender.push(200, schema_body("{}", {{"id", 4}, {"version", 2}, {"schemaType", "JSON"}}));
    const auto same = client().find_same("s", SchemaType::json, "{}", {});
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_EQ((*same)->id, SchemaId(4));
    EXPECT_EQ(url_of(0), "http://one/base/subjects/s");
    EXPECT_EQ(sender.requests()[0].method, "POST");
    EXPECT_EQ(sent_header(sender.requests()[0], "Content-Type"),
              "application/vnd.schemaregistry.v1+json");
    sender.push(200, R"({"id":5,"version":3})");
    sender.push(200, schema_body("{}", {{"schemaType", "JSON"}}));
    const auto added = client().register_schema("s", SchemaType::json, "{}", {{"n", "t", 1}});
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ((*added)->version, Version(3));
    EXPECT_EQ((*added)->references.size(), 1U);
    EXPECT_EQ(url_of(1), "http://one/base/subjects/s/versions");
    EXPECT_EQ(sender.requests()[1].body,
              R"({"references":[{"name":"n","subject":"t","version":1}],"schema":"{}",)"
              R"("schemaType":"JSON"})");
}

TEST_F(RegistryClientRules, AnOlderRegistryAnswersTheIdAloneAndIsAskedForTheVersion) {
    sender.push(200, R"({"id":5})");
    sender.push(200, schema_body(plain, {{"id", 5}, {"version", 9}}));
    const auto added = client().register_schema("s", SchemaType::avro, plain, {});
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ((*added)->version, Version(9));
}

// --- references

TEST_F(RegistryClientRules, ReferencesAreCollectedInOrderOfDependency) {
    const auto reference = [](const char* name, const char* subject) {
        return Json{{"name", name}, {"subject", subject}, {"version", 1}};
    };
    const std::string c = R"({"type":"record","name":"C","fields":[]})";
    const std::string b = R"({"type":"record","name":"B","fields":[{"name":"c","type":"C"}]})";
    serve({{"/base/schemas/ids/7",
            schema_body(R"({"type":"record","name":"A","fields":[{"name":"b","type":"B"},)"
                        R"({"name":"c","type":"C"}]})",
                        {{"subject", ":.x:a"},
                         {"references", Json::array({reference("B", "b"), reference("C", "c")})}})},
           {"/base/subjects/%3A.x%3Ab/versions/1?deleted=true",
            schema_body(b, {{"references", Json::array({reference("C", "c")})}})},
           {"/base/subjects/%3A.x%3Ac/versions/1?deleted=true", schema_body(c)}});
    const auto found = client().find_by_id(SchemaId(7));
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ((*found)->reference_texts.size(), 2U);
    EXPECT_EQ((*found)->reference_texts[0].name, "C");
    EXPECT_EQ((*found)->reference_texts[0].subject, ":.x:c");
    EXPECT_EQ((*found)->reference_texts[1].name, "B");
    EXPECT_NE((*found)->parsed, nullptr) << (*found)->parse_error;
    EXPECT_EQ(sender.count(), 3U);
}

TEST_F(RegistryClientRules, AMissingReferenceIsNotFound) {
    const Json references = Json::array({{{"name", "B"}, {"subject", "b"}, {"version", 1}}});
    serve({{"/base/schemas/ids/7", schema_body(plain, {{"references", references}})}});
    EXPECT_EQ(code_of_id(), ErrorCode::schema_not_found);
}

TEST_F(RegistryClientRules, ReferencesThatNeverEndAreBounded) {
    std::atomic<int> next = 0;
    sender.otherwise([&](const HttpRequest&) -> Result<HttpResponse> {
        ++next;
        const Json references = Json::array({{{"name", "N" + std::to_string(next)},
                                              {"subject", "s" + std::to_string(next)},
                                              {"version", 1}}});
        return HttpResponse{200, {}, schema_body(plain, {{"references", references}})};
    });
    EXPECT_EQ(code_of_id(), ErrorCode::invalid_schema);
    EXPECT_EQ(sender.count(), limits::reference_depth_max + 1);
}

TEST_F(RegistryClientRules, TooManyReferencesAreRefused) {
    Json references = Json::array();
    for (std::size_t at = 0; at <= limits::references_max; ++at) {
        references.push_back({{"name", std::to_string(at)}, {"subject", "b"}, {"version", 1}});
    }
    sender.push(200, schema_body(plain, {{"references", references}}));
    EXPECT_EQ(code_of_id(), ErrorCode::invalid_schema);
}

TEST_F(RegistryClientRules, ASchemaThatReachesItselfStopsThere) {
    const Json references = Json::array({{{"name", "A"}, {"subject", "a"}, {"version", 1}}});
    serve({{"/base/schemas/ids/7", schema_body(plain, {{"references", references}})},
           {"/base/subjects/a/versions/1?deleted=true",
            schema_body(plain, {{"references", references}})}});
    EXPECT_TRUE(client().find_by_id(SchemaId(7)));
    EXPECT_EQ(sender.count(), 2U);
}

// --- the cache

TEST_F(RegistryClientRules, AnswersAreKeptFor300Seconds) {
    serve({{"/base/schemas/ids/7", schema_body(plain)},
           {"/base/subjects/s/versions/2", schema_body(plain, {{"id", 7}})},
           {"/base/subjects/s/versions/latest", schema_body(plain, {{"id", 7}})},
           {"/base/schemas/s/versions/2/compatibility", R"({"compatibility":"NONE"})"}});
    const auto ask_all = [&] {
        EXPECT_TRUE(client().find_by_id(SchemaId(7)));
        EXPECT_TRUE(client().find_version("s", Version(2)));
        EXPECT_TRUE(client().find_version("s", std::nullopt));
        EXPECT_TRUE(client().find_level("s", Version(2)));
    };
    ask_all();
    clock.advance(299s);
    ask_all();
    EXPECT_EQ(sender.count(), 4U);
    EXPECT_EQ(client().counters().cache_hits, 4U);
    EXPECT_EQ(client().counters().cache_misses, 4U);
    EXPECT_EQ(client().counters().requests, 4U);
    clock.advance(1s);
    ask_all();
    EXPECT_EQ(sender.count(), 8U);
}

TEST_F(RegistryClientRules, LatestIsNeverKeptForMoreThanAnHour) {
    options.cache_ttl = 24h;
    serve({{"/base/subjects/s/versions/2", schema_body(plain)},
           {"/base/subjects/s/versions/latest", schema_body(plain)}});
    const auto ask_both = [&] {
        EXPECT_TRUE(client().find_version("s", Version(2)));
        EXPECT_TRUE(client().find_version("s", std::nullopt));
    };
    ask_both();
    clock.advance(59min);
    ask_both();
    EXPECT_EQ(sender.count(), 2U);
    clock.advance(1min);
    ask_both();
    EXPECT_EQ(sender.count(), 3U);
    EXPECT_EQ(url_of(2), "http://one/base/subjects/s/versions/latest");
}

TEST_F(RegistryClientRules, TwoHundredAndFiftySixEntriesAreKeptByIdAndAsManyByVersion) {
    sender.otherwise([](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{200, {}, schema_body(plain)};
    });
    for (int id = 1; id <= 257; ++id) {
        ASSERT_TRUE(client().find_by_id(SchemaId(id)));
        ASSERT_TRUE(client().find_version("s", Version(id)));
    }
    EXPECT_EQ(sender.count(), 514U);
    for (int id = 2; id <= 257; ++id) {
        ASSERT_TRUE(client().find_by_id(SchemaId(id)));
        ASSERT_TRUE(client().find_version("s", Version(id)));
    }
    EXPECT_EQ(sender.count(), 514U);
    EXPECT_TRUE(client().find_by_id(SchemaId(1)));
    EXPECT_EQ(sender.count(), 515U);
}

TEST_F(RegistryClientRules, AnIdOutlivesItsTimeWhenNoRegistryCanBeReachedAndItIsCounted) {
    serve({{"/base/schemas/ids/7", schema_body(plain)},
           {"/base/subjects/s/versions/2", schema_body(plain)}});
    EXPECT_TRUE(client().find_by_id(SchemaId(7)));
    EXPECT_TRUE(client().find_version("s", Version(2)));
    clock.advance(24h);
    sender.otherwise(nullptr);  // not reachable
    EXPECT_TRUE(client().find_by_id(SchemaId(7)));
    EXPECT_EQ(client().counters().stale_answers, 1U);
    EXPECT_EQ(client().find_version("s", Version(2)).error().code, ErrorCode::unavailable);
    EXPECT_EQ(code_of_id(8), ErrorCode::unavailable);
    clock.advance(30s);
    sender.otherwise([](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{404, {}, ""};
    });
    EXPECT_EQ(code_of_id(7), ErrorCode::schema_not_found);
}

TEST_F(RegistryClientRules, ConcurrentMissesForOneKeySendOneRequest) {
    std::atomic<int> ready = 0;
    sender.otherwise([&](const HttpRequest&) -> Result<HttpResponse> {
        while (client().counters().cache_shared < 7) {
            std::this_thread::yield();
        }
        return HttpResponse{200, {}, schema_body(plain)};
    });
    static_cast<void>(client());
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] { ready += client().find_by_id(SchemaId(7)) ? 1 : 0; });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(ready, 8);
    EXPECT_EQ(sender.count(), 1U);
}

TEST_F(RegistryClientRules, ARegistrationMakesLatestForgotten) {
    serve({{"/base/subjects/s/versions/latest", schema_body(plain, {{"version", 1}})},
           {"/base/subjects/s/versions", R"({"id":2,"version":2})"}});
    EXPECT_TRUE(client().find_version("s", std::nullopt));
    EXPECT_TRUE(client().register_schema("s", SchemaType::avro, plain, {}));
    EXPECT_TRUE(client().find_version("s", std::nullopt));
    EXPECT_EQ(sender.count(), 3U);
}

// --- errors are types

TEST_F(RegistryClientRules, EachRefusalHasItsType) {
    const std::map<int, ErrorCode> expected{
        {404, ErrorCode::schema_not_found},  {401, ErrorCode::not_authorised},
        {403, ErrorCode::not_authorised},    {409, ErrorCode::incompatible_schema},
        {422, ErrorCode::invalid_schema},    {400, ErrorCode::malformed_request},
        {302, ErrorCode::malformed_request}, {501, ErrorCode::unavailable}};
    for (const auto& [status, code] : expected) {
        sender.push(status, R"({"error_code":1,"message":"because of this"})");
        const auto added = client().register_schema("s", SchemaType::avro, plain, {});
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error().code, code) << status;
        EXPECT_NE(added.error().message.find("because of this"), std::string::npos);
    }
    EXPECT_TRUE(clock.sleeps().empty());
}

TEST_F(RegistryClientRules, WhatIsNoRegistrysAnswerIsUnavailable) {
    for (const auto* body :
         {"", "<html>", "[]", "{}", R"({"schema":7})", R"({"schema":"x","version":"y"})",
          R"({"schema":"x","version":99999999999})", R"({"schema":"x","references":{}})",
          R"({"schema":"x","references":[7]})", R"({"schema":"x","id":-1})"}) {
        sender.push(200, body);
        EXPECT_EQ(code_of_id(), ErrorCode::unavailable) << body;
    }
    sender.push(200, R"({"schema":"x","schemaType":"XML"})");
    EXPECT_EQ(code_of_id(), ErrorCode::invalid_schema);
    sender.push(200, R"({"compatibility":"SOMETIMES"})");
    EXPECT_EQ(client().find_level("s", std::nullopt).error().code, ErrorCode::unavailable);
    EXPECT_EQ(code_of_id(0), ErrorCode::schema_not_found);
}

// --- retries and several registries

TEST_F(RegistryClientRules, AQuestionIsRepeatedThreeTimesThenTheRegistryIsUnavailable) {
    for (int turn = 0; turn < 4; ++turn) {
        sender.push(503);
    }
    EXPECT_EQ(code_of_id(), ErrorCode::unavailable);
    EXPECT_EQ(sender.count(), 4U);
    EXPECT_EQ(clock.sleeps(), (std::vector<std::chrono::milliseconds>{500ms, 1'000ms, 2'000ms}));
    EXPECT_EQ(client().counters().retries, 3U);
    sender.push(429, "", {{"Retry-After", "3"}});
    sender.push(200, schema_body(plain));
    EXPECT_TRUE(client().find_same("s", SchemaType::avro, plain, {}));
    EXPECT_EQ(clock.sleeps().back(), 3s);
}

TEST_F(RegistryClientRules, ARegistrationThatMayHaveArrivedIsNotRepeated) {
    options.base_urls = {"http://one", "http://two"};
    const auto code = [&] {
        return client().register_schema("s", SchemaType::avro, plain, {}).error().code;
    };
    for (const int status : {500, 503, 429}) {
        sender.push(status);
        EXPECT_EQ(code(), ErrorCode::unavailable);
    }
    sender.push(ErrorCode::answer_lost);
    EXPECT_EQ(code(), ErrorCode::unavailable);
    sender.push(ErrorCode::request_timeout);
    EXPECT_EQ(code(), ErrorCode::unavailable);
    EXPECT_EQ(sender.count(), 5U);
    EXPECT_TRUE(clock.sleeps().empty());
    sender.push(ErrorCode::not_reachable);
    sender.push(200, R"({"id":2,"version":2})");
    EXPECT_TRUE(client().register_schema("s", SchemaType::avro, plain, {}));
    EXPECT_TRUE(url_of(6).starts_with("http://two/"));
}

TEST_F(RegistryClientRules, BaseUrlsAreTriedInTurnOnConnectErrorsAnd5xx) {
    options.base_urls = {"http://one", "http://two", "http://three"};
    sender.push(ErrorCode::not_reachable);
    sender.push(500);
    sender.push(200, schema_body(plain));
    EXPECT_TRUE(client().find_by_id(SchemaId(1)));
    EXPECT_TRUE(clock.sleeps().empty());
    EXPECT_TRUE(url_of(0).starts_with("http://one/"));
    EXPECT_TRUE(url_of(1).starts_with("http://two/"));
    EXPECT_TRUE(url_of(2).starts_with("http://three/"));
    // The one that answered is asked first from then on.
    sender.push(404);
    EXPECT_EQ(code_of_id(2), ErrorCode::schema_not_found);
    EXPECT_TRUE(url_of(3).starts_with("http://three/"));
    sender.push(429, "", {{"Retry-After", "1"}});
    sender.push(200, schema_body(plain));
    EXPECT_TRUE(client().find_by_id(SchemaId(3)));
    EXPECT_TRUE(url_of(5).starts_with("http://three/"));
}

TEST_F(RegistryClientRules, WhenNoBaseUrlAnswersTheRoundIsRepeated) {
    options.base_urls = {"http://one", "http://two"};
    EXPECT_EQ(code_of_id(), ErrorCode::unavailable);
    EXPECT_EQ(sender.count(), 8U);
    EXPECT_EQ(clock.sleeps().size(), 3U);
}

TEST_F(RegistryClientRules, WithoutABaseUrlNothingIsAsked) {
    options.base_urls.clear();
    EXPECT_EQ(code_of_id(), ErrorCode::malformed_request);
}

TEST_F(RegistryClientRules, EveryRequestHasTenSecondsAndTheCredentials) {
    credentials = basic_credentials("me", "pass");
    sender.push(200, schema_body(plain));
    EXPECT_TRUE(client().find_by_id(SchemaId(7)));
    EXPECT_EQ(sender.requests()[0].timeout, 10s);
    EXPECT_EQ(sent_header(sender.requests()[0], "Authorization"), "Basic bWU6cGFzcw==");
}

}  // namespace
}  // namespace symbolon::client
