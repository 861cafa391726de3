#include "api/rest/dto.hpp"
#include "api/rest/router.hpp"
#include "storage/open_store.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace symbolon::rest {
namespace {

class ValidationRoutes : public testing::Test {
protected:
    void SetUp() override {
        auto store = storage::open_store("memory:");
        ASSERT_TRUE(store) << store.error().message;
        auto registry = Registry::open(std::move(*store), {});
        ASSERT_TRUE(registry) << registry.error().message;
        registry_ = std::move(*registry);
        router_ = std::make_unique<Router>(*registry_, RouterSettings{});
    }

    static Request post(std::string_view target, std::string_view body) {
        Request request;
        request.method = Method::post;
        request.target = target;
        request.body = body;
        return request;
    }
    Response send(std::string_view target, std::string_view body) {
        return router_->handle(post(target, body));
    }
    void register_json(std::string_view subject, const Json& schema) {
        const Json body{{"schemaType", "JSON"}, {"schema", to_text(schema)}};
        const Response response =
            send("/subjects/" + std::string(subject) + "/versions", to_text(body));
        ASSERT_EQ(response.status, 200) << response.body;
    }
    static Json json_of(const Response& response) {
        return parse_json(response.body_view()).value_or(Json("not JSON"));
    }

    std::unique_ptr<Registry> registry_;
    std::unique_ptr<Router> router_;
};

TEST_F(ValidationRoutes, AnswerWithEachErrorAndItsPlaces) {
    register_json("s", {{"properties", {{"a/b", {{"type", "string"}}}}}});
    const Json answer = json_of(send("/validate/subjects/s/versions/1", R"({"a/b":1})"));
    EXPECT_EQ(answer["valid"], false);
    ASSERT_EQ(answer["errors"].size(), 1U) << answer;
    EXPECT_EQ(answer["errors"][0]["instancePath"], "/a~1b");
    EXPECT_EQ(answer["errors"][0]["schemaPath"], "/properties/a~1b/type");
    EXPECT_FALSE(answer["errors"][0]["message"].get<std::string>().empty());
    EXPECT_EQ(answer["id"], 1);
    EXPECT_EQ(answer["version"], 1);
    EXPECT_EQ(answer["subject"], "s");
}

TEST_F(ValidationRoutes, TellTheVersionOnlyWhereARequestNamedASubject) {
    register_json("s", {{"type", "integer"}});
    const Json bare = json_of(send("/validate/schemas/ids/1", "1"));
    EXPECT_EQ(bare, (Json{{"valid", true}, {"errors", Json::array()}, {"id", 1}}));
    EXPECT_EQ(json_of(send("/validate/schemas/ids/1?subject=s", "1"))["version"], 1);
}

TEST_F(ValidationRoutes, DoTheirWorkOffTheEventLoop) {
    EXPECT_FALSE(router_->is_quick(post("/validate/subjects/s/versions/1", "1")));
    EXPECT_FALSE(router_->is_quick(post("/validate/schemas/ids/1", "1")));
}

TEST_F(ValidationRoutes, RefuseWhatIsNoJsonWithItsPlace) {
    register_json("s", {{"type", "integer"}});
    const Response response = send("/validate/schemas/ids/1", "{\n\"a\": }");
    EXPECT_EQ(response.status, 400);
    EXPECT_NE(json_of(response)["message"].get<std::string>().find("line 2, column 6"),
              std::string::npos)
        << response.body;
    EXPECT_EQ(send("/validate/schemas/ids/1", "").status, 400);
    EXPECT_EQ(send("/validate/schemas/ids/1", "\"\xff\"").status, 400);
}

TEST_F(ValidationRoutes, RefuseSchemasOfOtherTypes) {
    ASSERT_EQ(send("/subjects/a/versions", R"({"schema":"\"string\""})").status, 200);
    const Response response = send("/validate/subjects/a/versions/latest", "1");
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(json_of(response)["error_code"], 42251);
}

TEST_F(ValidationRoutes, EndWhatCostsTooMuch) {
    // Each item costs as many steps as there are names.
    Json names = Json::array();
    std::string datum = "[{}";
    for (int at = 0; at < 5'000; ++at) {
        names.push_back(std::to_string(at));
        datum += ",{}";
    }
    register_json("s", {{"items", {{"not", {{"required", names}}}}}});
    const Response response = send("/validate/subjects/s/versions/1", datum + "]");
    EXPECT_EQ(response.status, 422) << response.body;
    EXPECT_EQ(json_of(response)["error_code"], 42201);
}

TEST_F(ValidationRoutes, MayBeAskedByManyAtOnce) {
    register_json("s", {{"type", "object"}, {"properties", {{"a", {{"type", "integer"}}}}}});
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([this, thread] {
            for (int at = 0; at < 50; ++at) {
                const bool valid = (thread + at) % 2 == 0;
                const Json answer =
                    json_of(send("/validate/schemas/ids/1", valid ? R"({"a":1})" : R"({"a":"1"})"));
                EXPECT_EQ(answer["valid"], valid);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace
}  // namespace symbolon::rest
