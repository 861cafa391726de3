#include "api/rest/association_dto.hpp"
#include "api/rest/router.hpp"
#include "core/limits.hpp"
#include "storage/open_store.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace symbolon::rest {
namespace {

class AssociationRoutes : public testing::Test {
protected:
    void open(bool enabled) {
        RegistrySettings settings;
        settings.associations = enabled;
        registry_ = *Registry::open(*storage::open_store("memory:"), settings);
        router_ = std::make_unique<Router>(*registry_, RouterSettings{});
    }
    Response send(Method method, std::string target, std::string body = "") {
        Request request;
        request.method = method;
        request.target = std::move(target);
        request.body = std::move(body);
        return router_->handle(request);
    }

    std::unique_ptr<Registry> registry_;
    std::unique_ptr<Router> router_;
};

TEST_F(AssociationRoutes, SwitchedOffTheyKnowOfNoneAndChangeNothing) {
    open(false);
    const Response asked = send(Method::get, "/associations/resources/-/t?resourceType=topic");
    EXPECT_EQ(asked.status, 200);
    EXPECT_EQ(asked.body, "[]");
    for (const auto* path :
         {"/associations", "/associations:batchGet", "/associations:batchMutate"}) {
        EXPECT_EQ(send(Method::post, path, "{}").status, 404) << path;
    }
    EXPECT_EQ(send(Method::put, "/associations/resources/1", "{}").status, 404);
    EXPECT_EQ(send(Method::del, "/associations/resources/1").status, 404);
}

TEST_F(AssociationRoutes, ABatchIsBounded) {
    open(true);
    Json requests = Json::array();
    for (std::size_t at = 0; at < limits::association_requests_max; ++at) {
        requests.push_back({{"resourceId", "x"}});
    }
    EXPECT_EQ(
        send(Method::post, "/associations:batchGet", to_text(Json{{"requests", requests}})).status,
        207);
    requests.push_back({{"resourceId", "x"}});
    EXPECT_EQ(
        send(Method::post, "/associations:batchGet", to_text(Json{{"requests", requests}})).status,
        422);
}

TEST_F(AssociationRoutes, AContextOfThePathIsThatOfUnqualifiedSubjects) {
    open(true);
    ASSERT_EQ(send(Method::post, "/subjects/:.dev:s/versions", R"({"schema":"\"string\""})").status,
              200);
    const std::string body = R"({"resourceName":"t","resourceNamespace":"n","resourceId":"1",
                                 "associations":[{"subject":"s"}]})";
    EXPECT_EQ(send(Method::post, "/associations", body).status, 409);
    const Response made = send(Method::post, "/contexts/.dev/associations", body);
    EXPECT_EQ(made.status, 200) << made.body;
    EXPECT_NE(made.body.find(R"("subject":":.dev:s")"), std::string::npos);
}

TEST(AssociationBodies, OnlyAWeakOneSaysThatItIsNotFrozen) {
    Association association;
    std::string out;
    append_association(out, association);
    EXPECT_NE(out.find(R"("frozen":false)"), std::string::npos);
    association.lifecycle = Lifecycle::strong;
    out.clear();
    append_association(out, association);
    EXPECT_EQ(out.find("frozen"), std::string::npos);
    association.frozen = true;
    out.clear();
    append_association(out, association);
    EXPECT_NE(out.find(R"("frozen":true)"), std::string::npos);
}

TEST(AssociationBodies, AnOperationOfABatchSaysItsKind) {
    const auto parse = [](const char* text) {
        return parse_association_mutation(Json::parse(text), "/requests/0");
    };
    EXPECT_EQ(parse(R"({"associations":[{}]})").error().code, ErrorCode::invalid_association);
    EXPECT_EQ(parse(R"({"associations":[{"opType":"DROP"}]})").error().code,
              ErrorCode::invalid_association);
    const auto request = parse(R"({"associations":[{"opType":"DELETE","associationType":"key"}]})");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->operations[0].kind, AssociationKind::remove);
    EXPECT_EQ(request->operations[0].association_type, "key");
    EXPECT_EQ(parse(R"({"associations":[{"opType":"CREATE","lifecycle":"NONE"}]})").error().code,
              ErrorCode::invalid_association);
}

}  // namespace
}  // namespace symbolon::rest
