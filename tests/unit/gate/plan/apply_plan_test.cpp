#include "gate/plan/apply_plan.hpp"

#include "tests/unit/gate/plan/plan_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon::gate {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Everything that a plan can do, over a registry that has something.
class ApplyPlan : public symbolon::testing::PlanFixture {
protected:
    ApplyPlan() {
        add("old-a", R"({"type":"record","name":"A","fields":[]})");
        const client::Candidate referrer{
            "old-b",
            SchemaType::avro,
            R"({"type":"record","name":"B","fields":[{"name":"a","type":"A"}]})",
            {{"A", "old-a", 1}}};
        EXPECT_TRUE(admin.register_schema(referrer, false));
        add("address", address());
        tree.files[0].text = address_with_zip();
        tree.files[0].level = compat::Level::none;
        tree.files[0].mode = "READONLY";
        wanted = plan({.prune_prefix = "old-"}).plan;
        EXPECT_EQ(wanted.changes.size(), 4U);
    }
    bool is_settled() { return plan({.prune_prefix = "old-"}).plan.changes.empty(); }

    Plan wanted;
};

TEST_F(ApplyPlan, DoesAllOfItInOneRequest) {
    const std::size_t before = sender.lines().size();
    const auto applied = apply(wanted);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_FALSE(applied->failed);
    EXPECT_TRUE(applied->is_atomic);
    EXPECT_TRUE(applied->changed);
    EXPECT_EQ(sender.lines().size(), before + 2) << "one asks whether it can";
    EXPECT_THAT(applied->done, Contains(HasSubstr("address: version 2 (id")));
    EXPECT_THAT(subjects(), ElementsAre("address", "person"));
    EXPECT_TRUE(is_settled());
}

TEST_F(ApplyPlan, IsNoErrorWhenItIsDoneAlready) {
    ASSERT_TRUE(apply(wanted));
    const auto again = apply(wanted);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(again->failed);
    EXPECT_FALSE(again->changed);
}

TEST_F(ApplyPlan, DoesNothingOverWhatChangedSince) {
    ASSERT_TRUE(admin.update_config("address", Json{{"compatibility", "FORWARD"}}));
    add("person", R"("string")");
    for (const bool without : {false, true}) {
        sender.is_without_plans = without;
        const std::size_t before = writes();
        const auto stopped = apply(wanted, Steps::allowed);
        ASSERT_TRUE(stopped) << stopped.error().message;
        ASSERT_EQ(stopped->drifts.size(), 2U);
        EXPECT_EQ(to_text(stopped->drifts[0]),
                  R"(address: config was not there and is {"compatibilityLevel":"FORWARD"})");
        EXPECT_THAT(to_text(stopped->drifts[1]), HasSubstr("person: latest was not there and is"));
        EXPECT_EQ(writes(), before);
        EXPECT_THAT(subjects(), Contains("old-a"));
    }
}

TEST_F(ApplyPlan, ADryRunDoesNothing) {
    for (const bool without : {false, true}) {
        sender.is_without_plans = without;
        const std::size_t before = writes();
        const auto tried = apply_plan(wanted, admin, {PlanRun::dry, Steps::allowed, {}});
        ASSERT_TRUE(tried) << tried.error().message;
        EXPECT_TRUE(tried->changed);
        EXPECT_FALSE(tried->done.empty());
        EXPECT_EQ(writes(), before);
        EXPECT_THAT(subjects(), Contains("old-a"));
    }
}

TEST_F(ApplyPlan, ARefusalOfTheRegistryLeavesAllAsItWas) {
    ASSERT_TRUE(admin.update_config("", Json{{"compatibility", "FULL"}}));
    wanted.changes[0].level.reset();  // then the new version does not fit
    const auto stopped = apply(wanted);
    ASSERT_TRUE(stopped) << stopped.error().message;
    ASSERT_TRUE(stopped->failed);
    EXPECT_THAT(stopped->failed->message, HasSubstr("Change 0 of the plan"));
    EXPECT_THAT(subjects(), Contains("old-a"));
}

TEST_F(ApplyPlan, StepsAreTakenOnlyWhereThatIsAllowed) {
    sender.is_without_plans = true;
    const auto refused = apply(wanted);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("--not-atomic"));
    const auto applied = apply(wanted, Steps::allowed);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_FALSE(applied->is_atomic);
    EXPECT_FALSE(applied->failed) << applied->failed->message;
    EXPECT_TRUE(is_settled());
}

TEST_F(ApplyPlan, AFailedStepIsToldAndTheSamePlanGoesOnFromThere) {
    sender.is_without_plans = true;
    const auto all = apply_plan(wanted, admin, {PlanRun::dry, Steps::allowed, {}})->done.size();
    ASSERT_EQ(all, 6U);
    for (const std::string line :
         {"PUT /config/address", "POST /subjects/address/versions",
          "POST /subjects/person/versions", "DELETE /subjects/old-b", "PUT /mode/address"}) {
        sender.refuses = [&](const std::string& asked) { return asked == line; };
        const auto stopped = apply(wanted, Steps::allowed);
        ASSERT_TRUE(stopped) << line << ": " << stopped.error().message;
        ASSERT_TRUE(stopped->drifts.empty()) << line << ": " << to_text(stopped->drifts[0]);
        ASSERT_TRUE(stopped->failed) << line;
        EXPECT_THAT(stopped->failed->message, HasSubstr("refused by the test"));
        EXPECT_FALSE(stopped->left.empty());
    }
    sender.refuses = nullptr;
    const auto done = apply(wanted, Steps::allowed);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_THAT(done->done, ElementsAre("address: mode READONLY")) << "the rest was done before";
    EXPECT_TRUE(is_settled());
    const auto again = apply(wanted, Steps::allowed);
    EXPECT_FALSE(again->changed);
}

TEST_F(ApplyPlan, AnAnswerThatWasLostIsAskedForAgain) {
    struct Losing final : client::HttpSender {
        Result<client::HttpResponse> send(const client::HttpRequest& request) override {
            auto answer = below->send(request);
            const bool is_plan = request.url.find("/plans?verbose") != std::string::npos;
            if (is_plan && !std::exchange(has_lost, true)) {
                return failure(make_error(ErrorCode::answer_lost, "the answer was lost"));
            }
            return answer;
        }
        client::HttpSender* below = nullptr;
        bool has_lost = false;
    } losing;
    losing.below = &sender;
    client::RegistryAdmin through(client::RegistryClientOptions{.base_urls = {"http://r"}}, losing,
                                  nullptr, clock);
    const auto applied = apply_plan(wanted, through, {});
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_TRUE(losing.has_lost);
    EXPECT_FALSE(applied->failed);
    EXPECT_TRUE(is_settled());
}

/// What stands between and gives up waiting, though the registry has done it.
struct ImpatientGateway final : client::HttpSender {
    Result<client::HttpResponse> send(const client::HttpRequest& request) override {
        auto answer = below->send(request);
        const bool is_plan = request.url.find("/plans?verbose") != std::string::npos;
        if (is_plan && ++asked <= refused_at_most) {
            return client::HttpResponse{.status = 504, .body = "<html>Gateway Timeout</html>"};
        }
        return answer;
    }
    client::HttpSender* below = nullptr;
    int refused_at_most = 0;
    int asked = 0;
};

TEST_F(ApplyPlan, AGatewayThatGivesUpDoesNotSayThatNothingWasDone) {
    ImpatientGateway gateway;
    gateway.below = &sender;
    client::RegistryAdmin through(client::RegistryClientOptions{.base_urls = {"http://r"}}, gateway,
                                  nullptr, clock);
    gateway.refused_at_most = 100;
    const auto stopped = apply_plan(wanted, through, {});
    ASSERT_TRUE(stopped) << stopped.error().message;
    EXPECT_TRUE(stopped->failed);
    EXPECT_TRUE(stopped->is_unknown);
    EXPECT_TRUE(is_settled());
    gateway.refused_at_most = gateway.asked + 1;
    const auto again = apply_plan(wanted, through, {});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(again->failed) << "it is asked once more";
    EXPECT_FALSE(again->changed);
}

TEST_F(ApplyPlan, ARefusalIsNoLostAnswer) {
    add("person", R"("string")");
    const auto applied = apply(wanted);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_FALSE(applied->drifts.empty());
    EXPECT_FALSE(applied->is_unknown);
}

}  // namespace
}  // namespace symbolon::gate
