#include "gate/plan/plan.hpp"

#include "core/limits.hpp"
#include "tests/support/temp_dir.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace symbolon::gate {
namespace {

using ::testing::HasSubstr;

Plan whole_plan() {
    Plan plan{"http://r", "schemas/", true, {}};
    PlannedChange address;
    address.subject = "address";
    address.file = "schemas/address.avsc";
    address.before.latest = RegisteredVersion{Version(3), SchemaId(17), "guid", {}};
    address.before.config = Json{{"compatibilityLevel", "BACKWARD"}};
    address.before.mode = "READONLY";
    address.level = compat::Level::full_transitive;
    address.normalize = false;
    address.mode = "READWRITE";
    address.schema = PlannedSchema{SchemaType::avro, "{\n \"a\": 1}\r\n\n", {}};
    PlannedChange person;
    person.subject = "person";
    person.schema = PlannedSchema{
        SchemaType::protobuf, "one line", {{"Address", "address", 0}, {"Other", "other", 2}}};
    PlannedChange gone;
    gone.subject = "gone";
    gone.before.latest = RegisteredVersion{Version(1), SchemaId(2), {}, std::string(64, 'a')};
    gone.is_deleted = true;
    plan.changes = {address, person, gone};
    return plan;
}

/// What parsing says after one member was set to something else.
std::string refusal_of(const char* pointer, const Json& value) {
    Json json = to_json(whole_plan());
    json[Json::json_pointer(pointer)] = value;
    const auto plan = parse_plan(symbolon::to_text(json));
    return plan ? "accepted" : plan.error().message;
}

TEST(Plan, WhatIsWrittenIsReadAgain) {
    const auto plan = parse_plan(to_text(whole_plan()));
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(to_json(*plan), to_json(whole_plan()));
    EXPECT_EQ(plan->changes[0].schema->text, "{\n \"a\": 1}\r\n\n") << "to the last byte";
    EXPECT_EQ(plan->changes[1].schema->references[0].version, 0);
}

TEST(Plan, ShowsSchemasLineByLine) {
    EXPECT_THAT(to_text(whole_plan()), HasSubstr("\"{\",\n"));
}

TEST(Plan, IsWrittenWholeAndRead) {
    const symbolon::testing::TempDir folder;
    const std::string path = folder.file("plan.json");
    ASSERT_TRUE(write_plan_file(whole_plan(), path));
    ASSERT_TRUE(write_plan_file(whole_plan(), path)) << "in place of the other";
    const auto plan = read_plan_file(path);
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(to_json(*plan), to_json(whole_plan()));
    const auto files = std::filesystem::directory_iterator(folder.path());
    EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "nothing is left beside it";
}

TEST(Plan, AFileThatCannotBeReadIsNamed) {
    const symbolon::testing::TempDir folder;
    const std::string missing = folder.file("none.json");
    EXPECT_THAT(read_plan_file(missing).error().message, HasSubstr("No such file"));
    EXPECT_FALSE(read_plan_file(folder.path().string())) << "a folder";
    EXPECT_FALSE(write_plan_file(whole_plan(), missing + "/deeper"));
}

TEST(Plan, WhatIsNoPlanIsRefusedWithItsPlace) {
    EXPECT_THAT(parse_plan("").error().message, HasSubstr("line 1"));
    EXPECT_THAT(parse_plan("[]").error().message, HasSubstr("symbolon plan writes one"));
    EXPECT_THAT(refusal_of("/symbolonPlan", 2), HasSubstr("/symbolonPlan"));
    EXPECT_THAT(refusal_of("/later", 1), HasSubstr("\"later\""));
    EXPECT_THAT(refusal_of("/normalize", "yes"), HasSubstr("/normalize"));
    EXPECT_THAT(refusal_of("/changes", Json::object()), HasSubstr("/changes"));
    EXPECT_THAT(refusal_of("/changes/0/schma", 1), HasSubstr("/changes/0"));
    EXPECT_THAT(refusal_of("/changes/0/subject", ""), HasSubstr("/changes/0/subject"));
    EXPECT_THAT(refusal_of("/changes/0/subject", std::string(limits::name_bytes_max + 1, 's')),
                HasSubstr("/changes/0/subject"));
    EXPECT_THAT(refusal_of("/changes/0/subject", "a\n+ b"), HasSubstr("control characters"));
    EXPECT_THAT(refusal_of("/changes/1/subject", "gone"), HasSubstr("another change"));
    EXPECT_THAT(refusal_of("/changes/0/mode", "IMPORT"), HasSubstr("/changes/0/mode"));
    EXPECT_THAT(refusal_of("/changes/0/config/compatibility", "ALL"), HasSubstr("a level"));
    EXPECT_THAT(refusal_of("/changes/0/config/alias", "x"), HasSubstr("\"alias\""));
    EXPECT_THAT(refusal_of("/changes/0/before/latest/version", 0), HasSubstr("/latest/version"));
    EXPECT_THAT(refusal_of("/changes/0/before/latest/id", 4'294'967'296), HasSubstr("/latest/id"));
    EXPECT_THAT(refusal_of("/changes/2/before/latest/textSha256", "A"), HasSubstr("textSha256"));
    EXPECT_THAT(refusal_of("/changes/0/schema/text", "{}"), HasSubstr("/schema/text"));
    EXPECT_THAT(refusal_of("/changes/0/schema/text/1", "a\nb"), HasSubstr("/schema/text/1"));
    EXPECT_THAT(refusal_of("/changes/1/schema/references/0/subject", "gone"),
                HasSubstr("/changes/1/schema/references/0"));
    EXPECT_THAT(refusal_of("/changes/0/action", "create"), HasSubstr("one to update"));
    EXPECT_THAT(refusal_of("/changes/2/action", "update"), HasSubstr("nothing of the subject"));
    EXPECT_THAT(refusal_of("/changes/2/mode", "READONLY"), HasSubstr("/changes/2"));
    EXPECT_THAT(refusal_of("/changes/2/before/latest", nullptr), HasSubstr("was there"));
}

TEST(Plan, WhatItWasMadeOverMayNotBeLeftOut) {
    for (const char* name : {"latest", "config", "mode"}) {
        Json json = to_json(whole_plan());
        json["changes"][0]["before"].erase(name);
        EXPECT_THAT(parse_plan(symbolon::to_text(json)).error().message, HasSubstr("is missing"));
    }
}

TEST(Plan, AMemberThatStandsThereTwiceIsRefused) {
    std::string text = to_text(whole_plan());
    const std::string_view subject = "\"subject\": \"gone\"";
    text.insert(text.find(subject), "\"subj\\u0065ct\": \"harmless\", ");
    EXPECT_THAT(parse_plan(text).error().message, HasSubstr("\"subject\" twice"));
}

TEST(Plan, WhatIsNoFileIsWrittenToAndStays) {
    const symbolon::testing::TempDir folder;
    const std::string pipe = folder.file("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    EXPECT_TRUE(write_plan_file(whole_plan(), pipe));
    char first = 0;
    EXPECT_EQ(::read(reader, &first, 1), 1);
    EXPECT_EQ(first, '{');
    ::close(reader);
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(Plan, ALinkLeadsToTheFileThatIsWritten) {
    const symbolon::testing::TempDir folder;
    const std::string path = folder.file("plan.json");
    const std::string link = folder.file("link.json");
    std::ofstream(path) << "old";
    std::filesystem::create_symlink(path, link);
    ASSERT_TRUE(write_plan_file(whole_plan(), link));
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_TRUE(read_plan_file(path));
}

TEST(Plan, HasALargestSize) {
    Json json = to_json(whole_plan());
    Json change = json["changes"][2];
    json["changes"] = Json::array();
    for (std::size_t at = 0; at < limits::plan_changes_max; ++at) {
        change["subject"] = "s" + std::to_string(at);
        json["changes"].push_back(change);
    }
    EXPECT_TRUE(parse_plan(symbolon::to_text(json)));
    change["subject"] = "more";
    json["changes"].push_back(change);
    EXPECT_FALSE(parse_plan(symbolon::to_text(json)));
}

}  // namespace
}  // namespace symbolon::gate
