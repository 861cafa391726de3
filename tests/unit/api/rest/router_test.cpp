#include "api/rest/router.hpp"

#include "api/rest/dto.hpp"
#include "storage/open_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::rest {
namespace {

constexpr std::string_view string_schema = R"({"schema":"\"string\""})";

class RouterTest : public testing::Test {
protected:
    void SetUp() override {
        auto store = storage::open_store("memory:");
        ASSERT_TRUE(store) << store.error().message;
        auto registry = Registry::open(std::move(*store), {});
        ASSERT_TRUE(registry) << registry.error().message;
        registry_ = std::move(*registry);
        RouterSettings settings;
        settings.commit_id = std::string(40, 'a');
        router_ = std::make_unique<Router>(*registry_, settings);
    }

    static Request make_request(Method method, std::string_view target, std::string_view body = {},
                                std::vector<Header> headers = {}) {
        Request request;
        request.method = method;
        request.target = target;
        request.body = body;
        request.headers = std::move(headers);
        return request;
    }
    Response send(Method method, std::string_view target, std::string_view body = {},
                  std::vector<Header> headers = {}) {
        return router_->handle(make_request(method, target, body, std::move(headers)));
    }
    Response get(std::string_view target, std::vector<Header> headers = {}) {
        return send(Method::get, target, {}, std::move(headers));
    }
    void register_string(std::string_view subject) {
        const Response response =
            send(Method::post, "/subjects/" + std::string(subject) + "/versions", string_schema);
        ASSERT_EQ(response.status, 200) << response.body;
    }

    static std::string header_of(const Response& response, std::string_view name) {
        for (const Header& header : response.headers) {
            if (header.name == name) {
                return header.value;
            }
        }
        return "";
    }
    static Json json_of(const Response& response) {
        return parse_json(response.body_view()).value_or(Json("not JSON"));
    }
    static void expect_error(const Response& response, int status, int code,
                             std::string_view message) {
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(json_of(response), (Json{{"error_code", code}, {"message", message}}));
        EXPECT_FALSE(header_of(response, "X-Request-ID").empty());
    }

    std::unique_ptr<Registry> registry_;
    std::unique_ptr<Router> router_;
};

TEST_F(RouterTest, AnUnknownPathIsNotFound) {
    for (const std::string_view path : {"/nothing", "/subjects/s/t", "/exporters", "/schemas/x"}) {
        expect_error(get(path), 404, 404, "HTTP 404 Not Found");
    }
    expect_error(get("/schemas/ids/abc"), 404, 404, "HTTP 404 Not Found");
    expect_error(get("/schemas/ids/2147483648"), 404, 404, "HTTP 404 Not Found");
    expect_error(get("/subjects?offset=x"), 404, 404, "HTTP 404 Not Found");
    expect_error(get("/associations/subjects/s?lifecycle=FOO"), 404, 404, "HTTP 404 Not Found");
}

TEST_F(RouterTest, AWrongMethodNamesTheRightOnes) {
    const Response response = send(Method::put, "/subjects/s");
    expect_error(response, 405, 405, "HTTP 405 Method Not Allowed");
    EXPECT_EQ(header_of(response, "Allow"), "POST, DELETE");
    EXPECT_EQ(header_of(send(Method::options, "/subjects"), "Allow"), "GET, HEAD");
    EXPECT_EQ(header_of(send(Method::other, "/config"), "Allow"), "GET, HEAD, PUT, DELETE");
    EXPECT_EQ(send(Method::options, "/nothing").status, 404);
}

TEST_F(RouterTest, AForeignAcceptIsNotAcceptable) {
    const Response response = get("/subjects", {{"Accept", "text/html"}});
    expect_error(response, 406, 406, "HTTP 406 Not Acceptable");
    EXPECT_EQ(response.content_type, "application/vnd.schemaregistry.v1+json");
}

TEST_F(RouterTest, AnswersAndErrorsHaveTheTypeThatWasAskedFor) {
    const std::vector<Header> json{{"Accept", "application/json"}};
    EXPECT_EQ(get("/subjects", json).content_type, "application/json");
    EXPECT_EQ(get("/subjects/s/versions", json).content_type, "application/json");
    EXPECT_EQ(get("/subjects").content_type, "application/vnd.schemaregistry.v1+json");
}

TEST_F(RouterTest, AForeignBodyTypeIsRefusedWhereBodiesMatter) {
    const std::vector<Header> form{{"Content-Type", "application/x-www-form-urlencoded"}};
    expect_error(send(Method::post, "/subjects/s/versions", string_schema, form), 415, 415,
                 "HTTP 415 Unsupported Media Type");
    EXPECT_EQ(get("/subjects", form).status, 200);
}

TEST_F(RouterTest, AnUnreadableRequestIsA400) {
    EXPECT_EQ(get("/subjects//versions").status, 400);
    EXPECT_EQ(get("/subjects/%ff/versions").status, 400);
    EXPECT_EQ(get("/contexts/a:b/subjects").status, 400);
    EXPECT_EQ(json_of(get("/contexts/a:b/subjects"))["message"],
              "Context name 'a:b' cannot contain a colon");
    const Response response = send(Method::post, "/subjects/s/versions", R"({"schema":7})");
    expect_error(response, 400, 400, "at /schema: expected a string, found number");
    EXPECT_EQ(send(Method::post, "/subjects/s/versions", "\xff").status, 400);
    const std::string deep(200'000, '[');
    EXPECT_EQ(send(Method::post, "/subjects/s/versions", deep).status, 400);
    expect_error(send(Method::post, "/subjects/s/versions"), 422, 422,
                 "registerSchema.request must not be null (was null)");
}

TEST_F(RouterTest, AControlCharacterInASubjectIsRefused) {
    for (const std::string_view subject : {"%00", "a%0Ab", "a%7Fb", "%C2%85"}) {
        const Response response =
            send(Method::post, "/subjects/" + std::string(subject) + "/versions", string_schema);
        EXPECT_EQ(response.status, 422) << subject;
        EXPECT_EQ(json_of(response)["error_code"], 42208) << subject;
    }
    EXPECT_EQ(json_of(get("/subjects/a%00b/versions"))["error_code"], 40401);
}

TEST_F(RouterTest, TheRequestIdIsEchoedOrFresh) {
    EXPECT_EQ(header_of(get("/", {{"x-request-id", "abc"}}), "X-Request-ID"), "abc");
    EXPECT_EQ(header_of(get("/nothing", {{"X-Request-ID", "abc"}}), "X-Request-ID"), "abc");
    const std::string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    const std::vector<std::vector<Header>> sent{
        {},
        {{"X-Request-ID", "  "}},
        {{"X-Request-ID", "a"}, {"X-Request-ID", "b"}},
        {{"X-Request-ID", "a\r\nSet-Cookie: b"}},
    };
    std::string before;
    for (const auto& headers : sent) {
        const std::string id = header_of(get("/", headers), "X-Request-ID");
        EXPECT_THAT(id, testing::MatchesRegex(uuid));
        EXPECT_NE(id, before);
        before = id;
    }
}

TEST_F(RouterTest, ReportsTheOperationOfARequest) {
    std::string_view operation = "before";
    router_->handle(make_request(Method::get, "/subjects"), &operation);
    EXPECT_EQ(operation, "listSubjects");
    router_->handle(make_request(Method::get, "/contexts/.c/subjects"), &operation);
    EXPECT_EQ(operation, "listSubjects");
    router_->handle(make_request(Method::get, "/nothing"), &operation);
    EXPECT_EQ(operation, "");
    register_string("s");
    for (int time = 0; time < 2; ++time) {
        router_->handle(make_request(Method::get, "/schemas/ids/1"), &operation);
        EXPECT_EQ(operation, "getSchemaById");
    }
}

TEST_F(RouterTest, HeadAnswersLikeGet) {
    register_string("s");
    for (const std::string_view target : {"/subjects", "/schemas/ids/1", "/schemas/ids/9", "/"}) {
        const Response got = get(target);
        const Response headed = send(Method::head, target);
        EXPECT_EQ(headed.status, got.status) << target;
        EXPECT_EQ(headed.body_view(), got.body_view()) << target;
        EXPECT_EQ(headed.content_type, got.content_type) << target;
    }
}

TEST_F(RouterTest, OnlyReadsThatParseNothingAreQuick) {
    const auto is_quick = [this](Method method, std::string_view target) {
        return router_->is_quick(make_request(method, target));
    };
    EXPECT_TRUE(is_quick(Method::get, "/schemas/ids/1"));
    EXPECT_TRUE(is_quick(Method::head, "/contexts/.c/schemas/ids/1?subject=s"));
    EXPECT_TRUE(is_quick(Method::get, "/subjects/s/versions/latest"));
    EXPECT_TRUE(is_quick(Method::get, "/nothing"));
    EXPECT_TRUE(is_quick(Method::get, "/%"));
    EXPECT_FALSE(is_quick(Method::get, "/schemas/ids/1?format=resolved"));
    EXPECT_FALSE(is_quick(Method::get, "/schemas/ids/1?%66ormat=resolved"));
    EXPECT_FALSE(is_quick(Method::get, "/subjects"));
    EXPECT_FALSE(is_quick(Method::get, "/schemas"));
    EXPECT_FALSE(is_quick(Method::post, "/subjects/s"));
    EXPECT_FALSE(is_quick(Method::put, "/config"));
    EXPECT_FALSE(is_quick(Method::del, "/subjects/s"));
}

TEST_F(RouterTest, AFormatIsNeverQuickEvenWhenItWasAskedForBefore) {
    register_string("s");
    const Request request = make_request(Method::get, "/schemas/ids/1?format=resolved");
    EXPECT_FALSE(router_->handle(request).shared_body);
    EXPECT_FALSE(router_->is_quick(request));
    const Request plain = make_request(Method::get, "/schemas/ids/1");
    EXPECT_TRUE(router_->handle(plain).shared_body);
    EXPECT_TRUE(router_->is_quick(plain));
}

TEST_F(RouterTest, AKeptAnswerIsSharedUntilAnythingChanges) {
    register_string("s");
    const Response first = get("/schemas/ids/1");
    const Response second = get("/schemas/ids/1");
    ASSERT_TRUE(first.shared_body);
    EXPECT_EQ(first.shared_body, second.shared_body);
    EXPECT_EQ(json_of(second)["deleted"], false);
    EXPECT_EQ(get("/schemas/ids/1", {{"Accept", "application/json"}}).content_type,
              "application/json");
    EXPECT_EQ(get("/schemas/ids/1", {{"Accept", "text/html"}}).status, 406);

    ASSERT_EQ(send(Method::del, "/subjects/s").status, 200);
    EXPECT_EQ(json_of(get("/schemas/ids/1"))["deleted"], true);
    ASSERT_EQ(send(Method::del, "/subjects/s?permanent=true").status, 200);
    expect_error(get("/schemas/ids/1"), 404, 40403, "Schema 1 not found");
}

TEST_F(RouterTest, LatestIsNeverStale) {
    ASSERT_EQ(send(Method::put, "/config", R"({"compatibility":"NONE"})").status, 200);
    for (int version = 1; version <= 5; ++version) {
        const std::string schema =
            R"({\"type\":\"fixed\",\"name\":\"F\",\"size\":)" + std::to_string(version) + "}";
        const Response response =
            send(Method::post, "/subjects/s/versions", R"({"schema":")" + schema + R"("})");
        ASSERT_EQ(response.status, 200) << response.body;
        for (int time = 0; time < 2; ++time) {
            EXPECT_EQ(json_of(get("/subjects/s/versions/latest"))["version"], version);
        }
    }
}

TEST_F(RouterTest, ReadersAndAWriterAgree) {
    ASSERT_EQ(send(Method::put, "/config", R"({"compatibility":"NONE"})").status, 200);
    register_string("s");
    std::vector<std::thread> readers;
    readers.reserve(3);
    for (int reader = 0; reader < 3; ++reader) {
        readers.emplace_back([this] {
            int last = 0;
            for (int time = 0; time < 500; ++time) {
                const Json latest = json_of(get("/subjects/s/versions/latest"));
                const int version = latest.value("version", 0);
                EXPECT_GE(version, last);
                last = version;
            }
        });
    }
    for (int size = 1; size <= 50; ++size) {
        const std::string schema =
            R"({\"type\":\"fixed\",\"name\":\"F\",\"size\":)" + std::to_string(size) + "}";
        ASSERT_EQ(
            send(Method::post, "/subjects/s/versions", R"({"schema":")" + schema + R"("})").status,
            200);
        EXPECT_EQ(json_of(get("/subjects/s/versions/latest"))["version"], size + 1);
    }
    for (std::thread& reader : readers) {
        reader.join();
    }
}

TEST_F(RouterTest, AnAliasStandsForItsSubjectExceptInSettings) {
    register_string("s");
    ASSERT_EQ(send(Method::put, "/config/test%2Falias", R"({"alias":"s"})").status, 200);
    EXPECT_EQ(json_of(get("/subjects/test%2Falias/versions/1"))["subject"], "s");
    EXPECT_EQ(json_of(get("/subjects/test%2Falias/versions")), Json::parse("[1]"));
    EXPECT_EQ(json_of(get("/schemas/ids/1?subject=test%2Falias"))["subject"], "s");
    EXPECT_EQ(json_of(get("/config/test%2Falias"))["alias"], "s");
    EXPECT_EQ(get("/config/s").status, 404);
}

TEST_F(RouterTest, AContextMayBeTheBaseOfThePath) {
    ASSERT_EQ(send(Method::post, "/contexts/.c/subjects/s/versions", string_schema).status, 200);
    EXPECT_EQ(json_of(get("/contexts/.c/schemas/ids/1/versions")),
              Json::parse(R"([{"subject":":.c:s","version":1}])"));
    EXPECT_EQ(json_of(get("/contexts/.c/subjects/%3A.c%3As/versions/1"))["subject"], ":.c:s");
    EXPECT_EQ(json_of(get("/contexts/.c/subjects")), Json::parse(R"([":.c:s"])"));
    EXPECT_EQ(json_of(get("/contexts/:.:/subjects")), Json::array());
    EXPECT_EQ(json_of(get("/contexts")), Json::parse(R"([".",".c"])"));
    expect_error(get("/schemas/ids/1"), 404, 40403, "Schema 1 not found");
}

TEST_F(RouterTest, TheShortCodeOfIncompatibilityIsASetting) {
    RouterSettings settings;
    settings.short_incompatible_code = true;
    const Router old_style(*registry_, settings);
    register_string("s");
    const Request request =
        make_request(Method::post, "/subjects/s/versions", R"({"schema":"\"int\""})");
    EXPECT_EQ(json_of(old_style.handle(request))["error_code"], 409);
    EXPECT_EQ(json_of(router_->handle(request))["error_code"], 40901);
    EXPECT_EQ(old_style.handle(request).status, 409);
}

TEST_F(RouterTest, ARefusalOfTheTransportHasTheSameBody) {
    const Response response =
        router_->refuse(make_error(ErrorCode::body_too_large, "The body is too large"));
    expect_error(response, 413, 413, "The body is too large");
    EXPECT_EQ(response.content_type, "application/vnd.schemaregistry.v1+json");
    EXPECT_EQ(header_of(router_->refuse(make_error(ErrorCode::overloaded, "Busy")), "Retry-After"),
              "1");
}

TEST_F(RouterTest, AssociationsAreNone) {
    for (const std::string_view target :
         {"/associations/resources/-/t?resourceType=topic&associationType=value",
          "/associations/subjects/s", "/associations/resources/id"}) {
        const Response response = get(target);
        EXPECT_EQ(response.status, 200) << target;
        EXPECT_EQ(response.body_view(), "[]") << target;
    }
}

TEST_F(RouterTest, HealthTellsThatWritesAreServed) {
    EXPECT_EQ(get("/health/live").body_view(), R"({"status":"live"})");
    EXPECT_EQ(get("/health/ready").body_view(), R"({"status":"ready"})");
}

}  // namespace
}  // namespace symbolon::rest
