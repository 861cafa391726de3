#include "gate/baseline/registry_baseline.hpp"

#include "client/http/header_text.hpp"
#include "core/json.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::gate {
namespace {

using client::HttpRequest;
using client::HttpResponse;
using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;

using Server = RegistryBaselineOptions::Server;

std::string not_there() {
    return R"({"error_code":40401,"message":"not found"})";
}

/// Answers by path; what it does not have is not there.
class RegistryBaselineRules : public ::testing::Test {
protected:
    RegistryBaselineRules() {
        options.base_urls = {"http://one"};
        options.random = [] { return 0.0; };
        sender.otherwise([this](const HttpRequest& request) -> Result<HttpResponse> {
            auto path = request.url.substr(std::string("http://one").size());
            const auto found = answers.find(request.method + path);
            if (found != answers.end()) {
                return HttpResponse{200, {}, found->second};
            }
            if (path.starts_with("/config/") && path.ends_with("=true")) {
                return HttpResponse{200, {}, to_text(config)};
            }
            if (path.starts_with("/mode/")) {
                return HttpResponse{200, {}, R"({"mode":"READWRITE"})"};
            }
            return HttpResponse{404, {}, not_there()};
        });
    }

    Baseline& baseline(Server server = Server::asked) {
        if (!baseline_) {
            admin_ = std::make_unique<client::RegistryAdmin>(options, sender,
                                                             client::no_credentials(), clock);
            baseline_ = make_registry_baseline(*admin_, {.name = "http://one", .server = server});
        }
        return *baseline_;
    }

    /// Version `number` of `subject`, found as itself and, where it is the last, as the latest.
    void add(const std::string& subject, int number, Json more = Json::object()) {
        more["subject"] = subject;
        more["version"] = number;
        more["id"] = number;
        if (!more.contains("schema")) {
            more["schema"] = fmt::format("\"text {}\"", number);
        }
        const auto path = "GET/subjects/" + client::percent_encode(subject) + "/versions";
        for (const auto* const query : {"", "?deleted=true"}) {
            answers[fmt::format("{}/{}{}", path, number, query)] = to_text(more);
            answers[fmt::format("{}/latest{}", path, query)] = to_text(more);
        }
        numbers_[subject].push_back(number);
        answers[path] = to_text(Json(numbers_[subject]));
    }

    std::size_t times(const std::string& request) {
        const auto requests = sender.requests();
        return static_cast<std::size_t>(
            std::count_if(requests.begin(), requests.end(), [&](const auto& sent) {
                return sent.method + sent.url.substr(std::string("http://one").size()) == request;
            }));
    }

    std::vector<int> numbers_of(std::string_view subject, History history) {
        std::vector<int> numbers;
        const auto found = baseline().find_subject(subject, history).value();
        for (const auto& version : found.versions) {
            numbers.push_back(version->version.value());
        }
        return numbers;
    }

    Json config{{"compatibilityLevel", "BACKWARD"}};
    std::map<std::string, std::string> answers;
    FakeClock clock;
    FakeSender sender;
    client::RegistryClientOptions options;

private:
    std::map<std::string, std::vector<int>> numbers_;
    std::unique_ptr<client::RegistryAdmin> admin_;
    std::unique_ptr<Baseline> baseline_;
};

TEST_F(RegistryBaselineRules, VersionsComeNewestFirstWithWhatIsInForce) {
    add("a/b", 1);
    add("a/b", 2);
    add("a/b", 5);
    config = {{"compatibilityLevel", "FULL_TRANSITIVE"},
              {"compatibilityPolicy", "LENIENT"},
              {"normalize", true}};
    const auto subject = baseline().find_subject("a/b", History::all);
    ASSERT_TRUE(subject) << subject.error().message;
    ASSERT_EQ(subject->versions.size(), 3U);
    EXPECT_EQ(subject->versions.front()->name, "a/b version 5");
    EXPECT_EQ(subject->versions.back()->text, "\"text 1\"");
    EXPECT_EQ(subject->level, compat::Level::full_transitive);
    EXPECT_EQ(subject->policy, compat::Policy::lenient);
    EXPECT_EQ(subject->normalize, compat::Normalize::yes);
    EXPECT_EQ(subject->mode, "");
}

TEST_F(RegistryBaselineRules, TheLatestVersionTakesThreeRequests) {
    add("a", 1);
    add("a", 2);
    EXPECT_EQ(numbers_of("a", History::latest), (std::vector<int>{2}));
    EXPECT_EQ(sender.count(), 3U) << "config, mode, version";
    EXPECT_EQ(numbers_of("a", History::all), (std::vector<int>{2, 1}));
    EXPECT_EQ(sender.count(), 5U) << "the list, and version 1";
}

TEST_F(RegistryBaselineRules, AFirstVersionNeedsNoList) {
    add("a", 1);
    EXPECT_EQ(numbers_of("a", History::all), (std::vector<int>{1}));
    EXPECT_EQ(sender.count(), 3U);
}

TEST_F(RegistryBaselineRules, ASubjectThatIsNotThereIsNewAndNobodyIsAskedAboutIt) {
    const auto subject = baseline().find_subject("new", History::all);
    ASSERT_TRUE(subject) << subject.error().message;
    EXPECT_TRUE(subject->versions.empty());
    EXPECT_EQ(subject->level, compat::Level::backward);
    const auto before = sender.count();
    EXPECT_FALSE(baseline().ask_server({.subject = "new", .text = "\"int\""}).value().has_value());
    EXPECT_EQ(sender.count(), before);
}

TEST_F(RegistryBaselineRules, AWrongAddressMakesNothingNew) {
    sender.otherwise([](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{404, {}, "<html>Not Found</html>"};
    });
    EXPECT_FALSE(baseline().find_subject("a", History::latest));
}

TEST_F(RegistryBaselineRules, AnOutageIsWaitedForOnce) {
    options.retry.retries_max = 0;
    sender.otherwise([](const HttpRequest&) -> Result<HttpResponse> {
        return failure(make_error(ErrorCode::not_reachable, "refused"));
    });
    const auto first = baseline().find_subject("a", History::latest);
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code, ErrorCode::unavailable);
    EXPECT_FALSE(baseline().find_subject("b", History::latest));
    EXPECT_FALSE(baseline().find_version("b", 1));
    EXPECT_EQ(sender.count(), 1U);
}

TEST_F(RegistryBaselineRules, ReferencesAreResolvedOnceForAllSubjects) {
    add("base", 1, {{"schema", "\"base\""}});
    add("middle", 3, {{"references", {{{"name", "Base"}, {"subject", "base"}, {"version", 1}}}}});
    for (const auto* const name : {"a", "b", "c"}) {
        add(name, 1,
            {{"references", {{{"name", "Middle"}, {"subject", "middle"}, {"version", 3}}}}});
    }
    std::vector<std::thread> threads;
    for (const auto* const name : {"a", "b", "c", "a", "b", "c"}) {
        threads.emplace_back([&board = baseline(), name] {
            const auto subject = board.find_subject(name, History::all);
            ASSERT_TRUE(subject) << subject.error().message;
            const auto& texts = subject->versions.at(0)->reference_texts;
            ASSERT_EQ(texts.size(), 2U);
            EXPECT_EQ(texts.at(0).name, "Base");
            EXPECT_EQ(texts.at(1).name, "Middle");
            EXPECT_EQ(texts.at(1).subject, "middle");
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(times("GET/subjects/base/versions/1?deleted=true"), 1U);
    EXPECT_EQ(times("GET/subjects/middle/versions/3?deleted=true"), 1U);
    EXPECT_EQ(times("GET/subjects/a/versions/latest"), 1U);
    EXPECT_EQ(times("GET/mode/a?defaultToGlobal=true"), 1U);
}

TEST_F(RegistryBaselineRules, ReferencesOfAContextStayInIt) {
    add(":.ctx:base", 1);
    add(":.ctx:a", 1, {{"references", {{{"name", "B"}, {"subject", "base"}, {"version", 1}}}}});
    const auto subject = baseline().find_subject(":.ctx:a", History::latest);
    ASSERT_TRUE(subject) << subject.error().message;
    EXPECT_EQ(subject->versions.at(0)->reference_texts.at(0).subject, ":.ctx:base");
}

TEST_F(RegistryBaselineRules, ReferencesInACircleAndWithoutEndAreBounded) {
    add("a", 1, {{"references", {{{"name", "A"}, {"subject", "a"}, {"version", 1}}}}});
    EXPECT_TRUE(baseline().find_subject("a", History::latest));
    for (int at = 1; at <= 200; ++at) {
        add("deep", at,
            {{"references",
              {{{"name", fmt::format("d{}", at)}, {"subject", "deep"}, {"version", at + 1}}}}});
    }
    add("deep", 201);
    const auto deep = baseline().find_version("deep", 1);
    ASSERT_FALSE(deep);
    EXPECT_EQ(deep.error().code, ErrorCode::invalid_schema);
}

TEST_F(RegistryBaselineRules, AnAliasStandsForItsSubject) {
    add("target", 4);
    answers["GET/config/short?defaultToGlobal=true"] =
        R"({"alias":"target","compatibilityLevel":"NONE"})";
    answers["GET/config/short"] = R"({"alias":"target"})";
    answers["GET/config/target?defaultToGlobal=true"] = R"({"compatibilityLevel":"FULL"})";
    answers["GET/mode/target?defaultToGlobal=true"] = R"({"mode":"READONLY"})";
    const auto subject = baseline().find_subject("short", History::latest);
    ASSERT_TRUE(subject) << subject.error().message;
    ASSERT_EQ(subject->versions.size(), 1U);
    EXPECT_EQ(subject->versions.at(0)->name, "target version 4");
    EXPECT_EQ(subject->level, compat::Level::full);
    EXPECT_EQ(subject->mode, "READONLY");
}

TEST_F(RegistryBaselineRules, AnInheritedAliasMeansNothing) {
    add("a", 1);
    config["alias"] = "target";
    EXPECT_EQ(numbers_of("a", History::latest), (std::vector<int>{1}));
}

TEST_F(RegistryBaselineRules, OnlyVersionsOfTheCandidatesGroupCount) {
    const auto in_group = [](const char* group) {
        return Json{{"metadata", {{"properties", {{"major", group}}}}}};
    };
    add("a", 1, in_group("1"));
    add("a", 2, in_group("2"));
    add("a", 3, in_group("1"));
    config["compatibilityGroup"] = "major";
    EXPECT_EQ(numbers_of("a", History::all), (std::vector<int>{3, 1}))
        << "a candidate takes the latest version's metadata over";
}

TEST_F(RegistryBaselineRules, TheConfigMayPutACandidateIntoAnotherGroup) {
    const auto in_group = [](const char* group) {
        return Json{{"metadata", {{"properties", {{"major", group}}}}}};
    };
    add("a", 1, in_group("2"));
    add("a", 2, in_group("2"));
    add("a", 3, in_group("1"));
    config["compatibilityGroup"] = "major";
    config["overrideMetadata"] = {{"properties", {{"major", "2"}}}};
    EXPECT_EQ(numbers_of("a", History::latest), (std::vector<int>{2}));
}

TEST_F(RegistryBaselineRules, ASubjectOfAnotherContextIsNotTheSubject) {
    add(":.ctx:a", 3);
    answers["GET/subjects/a/versions/latest"] = answers["GET/subjects/%3A.ctx%3Aa/versions/latest"];
    EXPECT_TRUE(numbers_of("a", History::all).empty());
}

TEST_F(RegistryBaselineRules, TheServersVerdictIsToldInItsWords) {
    add("a", 1);
    answers["POST/compatibility/subjects/a/versions?verbose=true"] =
        R"({"is_compatible":false,"messages":["one","two",7]})";
    const auto verdict =
        baseline().ask_server({.subject = "a", .text = "\"int\"", .references = {{"n", "s", 0}}});
    ASSERT_TRUE(verdict) << verdict.error().message;
    ASSERT_TRUE(verdict->has_value());
    EXPECT_FALSE((*verdict)->compatible);
    EXPECT_EQ((*verdict)->messages, (std::vector<std::string>{"one", "two"}));
    const auto body = parse_json(sender.requests().back().body).value();
    EXPECT_EQ(body.at("references").at(0).at("version"), -1);
}

TEST_F(RegistryBaselineRules, ASchemaThatTheServerRefusesIsNotCompatible) {
    sender.push(422, R"({"error_code":42201,"message":"no schema"})");
    const auto verdict = baseline().ask_server({.subject = "a", .text = "x"});
    ASSERT_TRUE(verdict && verdict->has_value());
    EXPECT_FALSE((*verdict)->compatible);
    EXPECT_NE((*verdict)->messages.at(0).find("no schema"), std::string::npos);
}

TEST_F(RegistryBaselineRules, AnUnknownSubjectAndASilentServerHaveNoVerdict) {
    EXPECT_FALSE(baseline(Server::silent).ask_server({.subject = "a"}).value().has_value());
    EXPECT_EQ(sender.count(), 0U);
}

TEST_F(RegistryBaselineRules, AMissingVersionIsSchemaNotFound) {
    add("a", 1);
    EXPECT_EQ(baseline().find_version("a", -1).value()->version, Version(1));
    const auto missing = baseline().find_version("a", 7);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::schema_not_found);
}

TEST_F(RegistryBaselineRules, ALevelThatNobodyKnowsIsNoAnswer) {
    config = {{"compatibilityLevel", "SIDEWAYS"}};
    EXPECT_FALSE(baseline().find_subject("a", History::latest));
}

}  // namespace
}  // namespace symbolon::gate
