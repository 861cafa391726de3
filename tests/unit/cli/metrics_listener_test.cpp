#include "cli/metrics_listener.hpp"

#include "client/http/http_client_curl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::cli {
namespace {

Result<client::HttpResponse> get_page(const std::string& url, const std::string& method = "GET") {
    SYMBOLON_TRY(const auto sender, client::open_http_client({}));
    return sender->send({.method = method, .url = url});
}

TEST(MetricsListener, MetricsAreAtOnePathAndNothingElseIsThere) {
    client::Metrics metrics;
    metrics.add("symbolon_test_total", {}, 3);
    const auto listener = MetricsListener::open("http://127.0.0.1:0", metrics);
    ASSERT_TRUE(listener) << listener.error().message;
    const auto url = (*listener)->url();
    const auto page = get_page(url);
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->status, 200);
    EXPECT_THAT(page->body, ::testing::HasSubstr("symbolon_test_total 3"));
    EXPECT_EQ(get_page(url + "?x=1")->status, 200);
    EXPECT_EQ(get_page(url + "/other")->status, 404);
    EXPECT_EQ(get_page(url, "DELETE")->status, 405);
}

TEST(MetricsListener, AUrlThatIsNoneAndAPortThatIsTakenAreNamed) {
    const client::Metrics metrics;
    const auto wrong = MetricsListener::open("nine", metrics);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, ::testing::HasSubstr("'nine'"));
    const auto first = MetricsListener::open("http://127.0.0.1:0", metrics);
    ASSERT_TRUE(first);
    auto taken = (*first)->url();
    taken.resize(taken.rfind('/'));
    EXPECT_FALSE(MetricsListener::open(taken, metrics));
}

}  // namespace
}  // namespace symbolon::cli
