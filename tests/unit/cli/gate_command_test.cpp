#include "cli/gate_command.hpp"

#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace symbolon::cli {
namespace {

using symbolon::testing::TempDir;
using ::testing::HasSubstr;

struct Ended {
    int status = -1;
    std::string said{};
};

Ended end_of(const std::function<Result<int>()>& run) {
    ::testing::internal::CaptureStderr();
    const int status = finish_gate_command(run);
    return {status, ::testing::internal::GetCapturedStderr()};
}

Ended end_with(ErrorCode code) {
    return end_of([code]() -> Result<int> { return failure(Error{code, "what happened"}); });
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(GateCommand, EndsWithWhatItFound) {
    for (const int status : {0, exit_findings}) {
        const auto ended = end_of([status]() -> Result<int> { return status; });
        EXPECT_EQ(ended.status, status);
        EXPECT_EQ(ended.said, "");
    }
}

TEST(GateCommand, EndsWithOneWhereNothingIsKnown) {
    for (const auto code : {ErrorCode::malformed_request, ErrorCode::cannot_start,
                            ErrorCode::not_reachable, ErrorCode::not_authorised}) {
        const auto ended = end_with(code);
        EXPECT_EQ(ended.status, 1) << ended.said;
        EXPECT_THAT(ended.said, HasSubstr("symbolon: what happened\n"));
    }
}

TEST(GateCommand, EndsWithTwoWhenTheProgramIsWrong) {
    const auto ended = end_with(ErrorCode::internal_error);
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.said, HasSubstr("symbolon: what happened\n"));
    const auto thrown =
        end_of([]() -> Result<int> { throw std::logic_error("a \x1b[2J is broken"); });
    EXPECT_EQ(thrown.status, 2);
    EXPECT_EQ(thrown.said, "symbolon: internal error: a \\x1b[2J is broken; please report it\n");
}

TEST(GateCommand, WritesDaysAsExceptionsHaveThem) {
    using namespace std::chrono_literals;
    EXPECT_EQ(to_date(std::chrono::sys_days(2026y / 3 / 9)), "2026-03-09");
    EXPECT_EQ(to_date(std::chrono::sys_days(2026y / 12 / 31) + std::chrono::days(1)), "2027-01-01");
}

TEST(GateCommand, WritesReportsOverWhatWasThereAndSummariesBehindIt) {
    const TempDir folder;
    const std::string file = folder.file("report.json");
    constexpr auto findings = gate::RenderOptions::Detail::findings;
    ASSERT_TRUE(write_text("something much older", file, WriteMode::replace));
    ASSERT_TRUE(write_report({}, {gate::Format::json, file}, findings));
    const std::string report = content_of(file);
    EXPECT_THAT(report, HasSubstr("\"subjects\""));
    EXPECT_EQ(report.find("older"), std::string::npos);
    ASSERT_TRUE(write_text("more", file, WriteMode::append));
    EXPECT_EQ(content_of(file), report + "more");
}

TEST(GateCommand, SaysWhichFileCannotBeWritten) {
    const TempDir folder;
    const auto written = write_report({}, {gate::Format::text, folder.file("none") + "/report"},
                                      gate::RenderOptions::Detail::findings);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::cannot_start);
    EXPECT_THAT(written.error().message, HasSubstr("none/report; is there such a folder"));
}

}  // namespace
}  // namespace symbolon::cli
