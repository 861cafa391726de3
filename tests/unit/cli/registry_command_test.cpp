#include "cli/registry_command.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::cli {
namespace {

using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;

std::vector<Version> versions(const std::vector<int>& numbers) {
    std::vector<Version> out;
    for (const int number : numbers) {
        out.emplace_back(number);
    }
    return out;
}

class MissingSubjects : public ::testing::Test {
protected:
    MissingSubjects() { options.base_urls = {"http://one"}; }

    /// What the user is told about `subject`, after a registry of these subjects said 404.
    std::string hint(const std::string& subject, const std::string& live, const std::string& all) {
        sender.otherwise([=](const client::HttpRequest& request) -> Result<client::HttpResponse> {
            const bool lists = request.url.find("/versions") == std::string::npos;
            const std::string body = lists ? R"(["orders-value","x"])"
                                     : request.url.find("deleted") == std::string::npos ? live
                                                                                        : all;
            return client::HttpResponse{body.starts_with('[') ? 200 : 404, {}, body};
        });
        client::RegistryAdmin admin(options, sender, client::no_credentials(), clock);
        sender.push(404, gone);
        const auto refused = admin.list_versions(subject);
        const Error error = explain_missing(admin, subject, refused.error());
        const auto* const advice = dynamic_cast<const Advice*>(error.detail.get());
        return advice == nullptr ? "" : advice->hint;
    }

    const std::string gone = R"({"error_code":40401,"message":"Subject not found."})";
    client::RegistryClientOptions options;
    FakeSender sender;
    FakeClock clock;
};

TEST(SubjectWords, ThatAUrlWouldTakeForFoldersAreRefused) {
    EXPECT_FALSE(subject_in_context("", "."));
    EXPECT_FALSE(subject_in_context(".", ".."));
    EXPECT_EQ(subject_in_context("staging", ".").value(), ":.staging:.");
    EXPECT_EQ(subject_in_context("", "...").value(), "...");
    EXPECT_EQ(subject_in_context("", "").value(), "") << "a scope may be none";
    EXPECT_EQ(prefix_in_context("", ".").value(), ".") << "the beginning of a name is no name";
    EXPECT_FALSE(required_subject("staging", "")) << "a variable that is not set";
}

TEST_F(MissingSubjects, AreToldWithTheNamesNearThem) {
    EXPECT_EQ(hint("ordres-value", gone, gone), "Did you mean orders-value?");
    EXPECT_EQ(hint("payments", gone, gone), "`symbolon list` tells which subjects there are.");
}

TEST_F(MissingSubjects, MayBeSoftlyDeleted) {
    EXPECT_NE(hint("old", gone, "[1]").find("softly deleted"), std::string::npos);
}

TEST_F(MissingSubjects, MayBeMissingAVersionAlone) {
    EXPECT_EQ(hint("orders-value", "[1,2,3]", "[1,2,3]"), "orders-value has versions 1 to 3.");
}

TEST(RegistryCommand, SubjectsAreQualifiedByAContext) {
    EXPECT_EQ(subject_in_context("", "a").value_or("?"), "a");
    EXPECT_EQ(subject_in_context(".", "a").value_or("?"), "a");
    for (const std::string context : {"staging", ".staging", ":.staging:"}) {
        EXPECT_EQ(subject_in_context(context, "a").value_or("?"), ":.staging:a");
        EXPECT_EQ(context_scope(context).value_or("?"), ":.staging:");
    }
    EXPECT_FALSE(subject_in_context("staging", ":.other:a"));
    EXPECT_FALSE(context_scope("a:b"));
    EXPECT_EQ(context_of(":.staging:a"), ":.staging:");
    EXPECT_EQ(context_of(":.:a"), "");
    EXPECT_EQ(context_of("a"), "");
}

TEST(RegistryCommand, VersionsAreNumbersFromOneOrTheLatest) {
    ASSERT_TRUE(parse_version_word("latest"));
    EXPECT_FALSE(parse_version_word("latest")->has_value());
    EXPECT_FALSE(parse_version_word("-1")->has_value());
    EXPECT_EQ(parse_version_word("7").value(), client::WantedVersion(Version(7)));
    for (const std::string text : {"0", "-2", "", "7x", "99999999999", "Latest"}) {
        EXPECT_FALSE(parse_version_word(text)) << text;
    }
}

TEST(RegistryCommand, VersionsInARowAreARange) {
    EXPECT_EQ(to_version_list({}), "no versions");
    EXPECT_EQ(to_version_list(versions({4})), "version 4");
    EXPECT_EQ(to_version_list(versions({1, 2})), "versions 1 and 2");
    EXPECT_EQ(to_version_list(versions({1, 2, 3, 5, 7})), "versions 1 to 3, 5 and 7");
    EXPECT_EQ(to_version_list(versions({1, 3, 4, 5})), "versions 1 and 3 to 5");
}

TEST(RegistryCommand, ManyThingsAreDoneOnceEach) {
    std::vector<std::atomic<int>> done(100);
    ASSERT_TRUE(for_each_at_once(done.size(), [&](std::size_t at) -> Status {
        ++done[at];
        return {};
    }));
    for (const auto& each : done) {
        EXPECT_EQ(each, 1);
    }
    EXPECT_TRUE(for_each_at_once(
        0, [](std::size_t) -> Status { return failure(make_error(ErrorCode::internal_error)); }));
}

TEST(RegistryCommand, AfterTheFirstErrorNoMoreBegin) {
    std::atomic<int> begun{0};
    const auto done = for_each_at_once(10'000, [&](std::size_t) -> Status {
        ++begun;
        return failure(make_error(ErrorCode::unavailable, "away"));
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "away");
    EXPECT_LE(begun, 16);
}

TEST(RegistryCommand, FailuresHaveTheirExitStatus) {
    EXPECT_EQ(finish_command(Result<int>(0)), 0);
    EXPECT_EQ(finish_command(Result<int>(usage_failure("no"))), 2);
    EXPECT_EQ(finish_command(Result<int>(told_failure())), 1);
    EXPECT_EQ(finish_command(Result<int>(
                  failure(with_hint(make_error(ErrorCode::malformed_request, "no"), "do")))),
              1);
}

TEST(RegistryCommand, WithoutARegistryItIsCalledWrongly) {
    const auto connection = open_registry({});
    ASSERT_FALSE(connection);
    EXPECT_EQ(finish_command(Result<int>(failure(connection.error()))), 2);
}

TEST(RegistryCommand, ErrorsOfEveryCommandSayWhatToDo) {
    const auto said_of = [](ErrorCode code) {
        ::testing::internal::CaptureStderr();
        tell_error(make_error(code, "no"));
        return ::testing::internal::GetCapturedStderr();
    };
    EXPECT_NE(said_of(ErrorCode::not_authorised).find("--user"), std::string::npos);
    EXPECT_NE(said_of(ErrorCode::unavailable).find("--timeout-ms"), std::string::npos);
    EXPECT_EQ(said_of(ErrorCode::malformed_request), "symbolon: no\n");
}

TEST(RegistryCommand, WordsFromOutsideDoNotSteerTheTerminal) {
    ::testing::internal::CaptureStderr();
    finish_command(Result<int>(failure(
        with_hint(make_error(ErrorCode::unavailable, "a\x1b[2J\nsymbolon: b"), "c\x1b[1m"))));
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(said.find('\x1b'), std::string::npos);
    EXPECT_EQ(said, "symbolon: a\\x1b[2J\\x0asymbolon: b\n  hint: c\\x1b[1m\n");
}

}  // namespace
}  // namespace symbolon::cli
