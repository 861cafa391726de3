#include "cli/deletion_preview.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::cli {
namespace {

using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;

Json preview_answer() {
    return Json{
        {"allowed", false},
        {"refusal", {{"error_code", 1}, {"message", "One or more references exist"}}},
        {"versions",
         {Json{{"version", 1}, {"referrerCount", 0}, {"usage", {{"reads", 0}}}},
          Json{{"version", 2},
               {"referrerCount", 3},
               {"referrers", {Json{{"subject", "customers\x1b"}, {"version", 1}, {"id", 7}}}},
               {"usage", {{"reads", 1}}}}}}};
}

TEST(DeletionPreview, TellsWhoIsHurtAndWhyItWouldBeRefused) {
    const auto preview = parse_deletion_preview(preview_answer());
    EXPECT_EQ(preview.to_text(),
              "version 2 is referred to by customers\\x1b version 1 and 2 more\n"
              "version 2 was read 1 time under this subject\n"
              "the registry would refuse: One or more references exist\n");
    EXPECT_EQ(to_text(preview.referrers_json()),
              R"([{"by":[{"id":7,"subject":"customers\u001b","version":1}],)"
              R"("count":3,"version":2}])");
}

TEST(DeletionPreview, IsEmptyWhenNobodyIsHurt) {
    const auto preview = parse_deletion_preview(
        Json{{"allowed", true}, {"versions", {Json{{"version", 1}, {"referrerCount", 0}}}}});
    EXPECT_EQ(preview.to_text(), "");
    EXPECT_EQ(preview.refusal, "");
    EXPECT_EQ(to_text(preview.referrers_json()), "[]");
}

TEST(DeletionPreview, AnswersOfOtherShapesDoNoHarm) {
    for (const auto& answer :
         {Json(), Json(7), Json::array({1}), Json{{"allowed", 7}, {"versions", {1, "x"}}},
          Json{{"allowed", false}, {"refusal", 7}},
          Json{{"versions",
                {Json{{"version", 99999999999},
                      {"referrerCount", 1},
                      {"referrers", {1, Json::array()}},
                      {"usage", 7}}}}}}) {
        EXPECT_NO_THROW(static_cast<void>(parse_deletion_preview(answer).to_text()));
    }
    EXPECT_EQ(parse_deletion_preview(Json{{"allowed", false}}).refusal, "no reason given");
}

TEST(DeletionPreview, OfOtherRegistriesTellsTheIdsThatRefer) {
    client::RegistryClientOptions options;
    options.base_urls = {"http://one"};
    FakeSender sender;
    FakeClock clock;
    sender.otherwise([](const client::HttpRequest& request) -> Result<client::HttpResponse> {
        if (request.url.ends_with("/versions/2/referencedby")) {
            return client::HttpResponse{200, {}, "[7,8]"};
        }
        return client::HttpResponse{
            404, {}, R"({"error_code":404,"message":"HTTP 404 Not Found"})"};
    });
    client::RegistryAdmin admin(options, sender, client::no_credentials(), clock);
    const auto preview = find_deletion_preview(admin, "orders", {}, {Version(1), Version(2)},
                                               client::Deletion::soft);
    ASSERT_TRUE(preview) << preview.error().message;
    EXPECT_EQ(preview->to_text(), "version 2 is referred to by id 7, id 8\n");
}

TEST(DeletionPreview, ARegistryThatIsAwayIsAnError) {
    client::RegistryClientOptions options;
    options.base_urls = {"http://one"};
    FakeSender sender;
    FakeClock clock;
    client::RegistryAdmin admin(options, sender, client::no_credentials(), clock);
    EXPECT_FALSE(find_deletion_preview(admin, "orders", {}, {Version(1)}, client::Deletion::soft));
}

}  // namespace
}  // namespace symbolon::cli
