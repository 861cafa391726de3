#include "client/registry_client/registry_admin.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;

class RegistryAdminRules : public ::testing::Test {
protected:
    RegistryAdminRules() {
        options.base_urls = {"http://one"};
        options.random = [] { return 0.0; };
    }
    RegistryAdmin& admin() {
        if (!admin_) {
            admin_ = std::make_unique<RegistryAdmin>(options, sender, no_credentials(), clock);
        }
        return *admin_;
    }
    /// What was sent as number `at`: "GET /subjects".
    std::string sent(std::size_t at) {
        const auto request = sender.requests().at(at);
        return request.method + request.url.substr(std::string("http://one").size());
    }
    void refuse(int status, std::int64_t error_code, std::string_view message) {
        sender.push(status, to_text(Json{{"error_code", error_code}, {"message", message}}));
    }

    const Candidate candidate{
        .subject = "a/b", .type = SchemaType::avro, .text = "\"int\"", .references = {}};
    FakeClock clock;
    FakeSender sender;
    RegistryClientOptions options;

private:
    std::unique_ptr<RegistryAdmin> admin_;
};

TEST_F(RegistryAdminRules, SubjectsAreAskedForByPrefixAndFilteredWhereItIsUnknown) {
    sender.push(200, R"(["z","orders-key","a",":.ctx:orders-x"])");
    const auto subjects = admin().list_subjects("orders");
    ASSERT_TRUE(subjects) << subjects.error().message;
    EXPECT_EQ(*subjects, (std::vector<std::string>{":.ctx:orders-x", "orders-key"}));
    EXPECT_EQ(sent(0), "GET/subjects?subjectPrefix=orders");
}

TEST_F(RegistryAdminRules, APrefixOfAContextKeepsToItsContext) {
    sender.push(200, R"([":.a:x",":.b:x"])");
    EXPECT_EQ(admin().list_subjects(":.a:").value(), (std::vector<std::string>{":.a:x"}));
    EXPECT_EQ(sent(0), "GET/subjects?subjectPrefix=%3A.a%3A");
}

TEST_F(RegistryAdminRules, AListThatMayBeCutIsAskedForUntilNothingNewComes) {
    sender.otherwise([](const HttpRequest& request) -> Result<HttpResponse> {
        const auto at = request.url.find("offset=");
        const int first = at == std::string::npos ? 0 : std::stoi(request.url.substr(at + 7));
        Json page = Json::array();
        for (int item = first; item < std::min(first + 1'000, 2'500); ++item) {
            page.push_back(fmt::format("s{:05}", item));
        }
        return HttpResponse{200, {}, to_text(page)};
    });
    const auto subjects = admin().list_subjects({});
    ASSERT_TRUE(subjects);
    EXPECT_EQ(subjects->size(), 2'500U);
    EXPECT_EQ(sender.count(), 3U);
}

TEST_F(RegistryAdminRules, ARegistryThatKnowsNoOffsetIsAskedOnceMore) {
    Json all = Json::array();
    for (int item = 0; item < 1'500; ++item) {
        all.push_back(fmt::format("s{:05}", item));
    }
    sender.otherwise([text = to_text(all)](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{200, {}, text};
    });
    EXPECT_EQ(admin().list_subjects({}).value().size(), 1'500U);
    EXPECT_EQ(sender.count(), 2U);
}

TEST_F(RegistryAdminRules, DeletedOnlyIsWhatIsThereBesideTheLive) {
    sender.push(200, "[1,2,3]");
    sender.push(200, "[2]");
    EXPECT_EQ(admin().list_versions("a/b", Deleted::only).value(),
              (std::vector<Version>{Version(1), Version(3)}));
    EXPECT_EQ(sent(0), "GET/subjects/a%2Fb/versions?deleted=true");
    EXPECT_EQ(sent(1), "GET/subjects/a%2Fb/versions");
}

TEST_F(RegistryAdminRules, AListOfOtherThingsIsNoRegistrysAnswer) {
    for (const auto* const answer : {R"([1])", R"([null])", R"({"a":1})", "[", R"(["a",{}])"}) {
        sender.push(200, answer);
        const auto subjects = admin().list_subjects({});
        ASSERT_FALSE(subjects) << answer;
        EXPECT_EQ(subjects.error().code, ErrorCode::unavailable) << answer;
    }
    for (const auto* const answer : {R"(["a"])", "[0]", "[-1]", "[1.5]", "[99999999999]"}) {
        sender.push(200, answer);
        EXPECT_FALSE(admin().list_versions("a")) << answer;
    }
    sender.push(200, to_text(Json::array({std::string(5'000, 'x')})));
    EXPECT_FALSE(admin().list_contexts());
}

TEST_F(RegistryAdminRules, ErrorsCarryTheRegistrysOwnWords) {
    const std::vector<std::pair<int, ErrorCode>> rows{
        {401, ErrorCode::not_authorised},   {403, ErrorCode::not_authorised},
        {404, ErrorCode::schema_not_found}, {409, ErrorCode::incompatible_schema},
        {422, ErrorCode::invalid_schema},   {400, ErrorCode::malformed_request}};
    for (const auto& [status, code] : rows) {
        refuse(status, status * 100 + 1, "the registry's words");
        const auto refused = admin().register_schema(candidate, false);
        ASSERT_FALSE(refused) << status;
        EXPECT_EQ(refused.error().code, code) << status;
        EXPECT_NE(refused.error().message.find("the registry's words"), std::string::npos);
    }
}

TEST_F(RegistryAdminRules, ALongMessageKeepsItsEnd) {
    std::string schema;
    for (int part = 0; part < 3'000; ++part) {
        schema += "ü";
    }
    refuse(422, 42201, "Invalid schema {" + schema + "} details: the field has no type");
    const auto refused = admin().get_version("a", Version(1));
    ASSERT_FALSE(refused);
    const std::string& message = refused.error().message;
    EXPECT_LT(message.size(), 2'100U);
    EXPECT_NE(message.find("Invalid schema {ü"), std::string::npos) << message;
    EXPECT_NE(message.find("ü … ü"), std::string::npos) << "no letter is cut: " << message;
    EXPECT_NE(message.find("the field has no type"), std::string::npos) << message;
}

TEST_F(RegistryAdminRules, AMessageOfTheLengthThatIsShownStaysWhole) {
    const std::string most(limits::registry_message_bytes_max, 'x');
    for (const bool longer : {false, true}) {
        refuse(422, 42201, most + (longer ? "y" : ""));
        const auto refused = admin().get_version("a", Version(1));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().message.find("…") != std::string::npos, longer);
    }
}

TEST_F(RegistryAdminRules, OnlyARegistrySaysThatSomethingIsNotThere) {
    refuse(404, 40401, "Subject 'a' not found.");
    EXPECT_TRUE(is_not_there(admin().get_version("a", std::nullopt).error()));
    refuse(404, 404, "HTTP 404 Not Found");
    EXPECT_FALSE(is_not_there(admin().get_version("a", std::nullopt).error()));
    sender.push(404, "<html>no such page</html>");
    EXPECT_FALSE(is_not_there(admin().get_version("a", std::nullopt).error()));
}

TEST_F(RegistryAdminRules, AVersionIsReadWithItsReferencesAndProperties) {
    sender.push(200, R"({"subject":"a/b","version":3,"id":9,"schemaType":"PROTOBUF",
        "schema":"message M {}","references":[{"name":"n","subject":"s","version":2}],
        "metadata":{"properties":{"group":"one","odd":7}}})");
    const auto found = admin().get_version("a/b", Version(3), Deleted::with);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->version, Version(3));
    EXPECT_EQ(found->type, SchemaType::protobuf);
    EXPECT_EQ(found->references.size(), 1U);
    EXPECT_EQ(found->properties, (std::map<std::string, std::string>{{"group", "one"}}));
    EXPECT_EQ(sent(0), "GET/subjects/a%2Fb/versions/3?deleted=true");
    sender.push(200, R"({"schema":"\"int\""})");
    EXPECT_FALSE(admin().get_version("a", std::nullopt)) << "which version is it?";
}

TEST_F(RegistryAdminRules, AConfigIsOwnOrEffective) {
    sender.push(200, R"({"compatibilityLevel":"FULL"})");
    EXPECT_EQ(admin()
                  .get_config("a", RegistryAdmin::Scope::effective)
                  .value()
                  .value()
                  .at("compatibilityLevel"),
              "FULL");
    EXPECT_EQ(sent(0), "GET/config/a?defaultToGlobal=true");
    refuse(404, 40408, "no level");
    EXPECT_FALSE(admin().get_config("a", RegistryAdmin::Scope::own).value().has_value());
    refuse(404, 40408, "no level");
    sender.push(200, R"({"compatibilityLevel":"NONE"})");
    EXPECT_TRUE(admin().get_config("a", RegistryAdmin::Scope::effective).value().has_value());
    EXPECT_EQ(sent(3), "GET/config?defaultToGlobal=true");
    sender.push(404, "nothing");
    EXPECT_FALSE(admin().get_config("a", RegistryAdmin::Scope::own)) << "not a registry's 404";
}

TEST_F(RegistryAdminRules, ALevelIsWrittenUnderTheNameThatRegistriesRead) {
    sender.push(200, R"({"compatibility":"FULL"})");
    const auto stored = admin().update_config("", {{"compatibilityLevel", "FULL"}});
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->at("compatibilityLevel"), "FULL");
    EXPECT_EQ(sent(0), "PUT/config");
    EXPECT_EQ(sender.requests().at(0).body, R"({"compatibility":"FULL"})");
    sender.push(200, R"("BACKWARD")");
    EXPECT_EQ(admin().delete_config("a").value().at("compatibilityLevel"), "BACKWARD");
}

TEST_F(RegistryAdminRules, ModesAreReadAndWritten) {
    sender.push(200, R"({"mode":"READONLY"})");
    EXPECT_EQ(admin().get_mode("", RegistryAdmin::Scope::effective).value(), "READONLY");
    EXPECT_EQ(sent(0), "GET/mode?defaultToGlobal=true");
    refuse(404, 40409, "no mode");
    EXPECT_FALSE(admin().get_mode("a", RegistryAdmin::Scope::own).value().has_value());
    sender.push(200, R"({"mode":7})");
    EXPECT_FALSE(admin().get_mode("a", RegistryAdmin::Scope::own));
    sender.push(200, R"({"mode":"IMPORT"})");
    ASSERT_TRUE(admin().update_mode("a", "IMPORT", true));
    EXPECT_EQ(sent(3), "PUT/mode/a?force=true");
    sender.push(200, "{}");
    EXPECT_TRUE(admin().delete_mode("a"));
}

TEST_F(RegistryAdminRules, ARegistrationIsSentOnceAndCompletedWhereTheAnswerIsShort) {
    sender.push(ErrorCode::answer_lost);
    EXPECT_FALSE(admin().register_schema(candidate, false));
    EXPECT_EQ(sender.count(), 1U);
    sender.push(200, R"({"id":4})");
    sender.push(200, R"({"subject":"a/b","version":2,"id":4,"schema":"\"int\""})");
    const auto stored = admin().register_schema(candidate, true);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->version, Version(2));
    EXPECT_EQ(sent(1), "POST/subjects/a%2Fb/versions?normalize=true");
    EXPECT_EQ(sent(2), "POST/subjects/a%2Fb?normalize=true");
}

TEST_F(RegistryAdminRules, AnAnswerWithoutNumbersIsNoRegistration) {
    sender.push(200, "{}");
    EXPECT_EQ(admin().look_up(candidate, false).error().code, ErrorCode::unavailable);
    sender.push(200, R"({"id":4})");
    EXPECT_FALSE(admin().look_up(candidate, false)) << "of which version?";
    sender.push(200, "{}");
    sender.push(200, "{}");
    EXPECT_FALSE(admin().register_schema(candidate, false));
}

TEST_F(RegistryAdminRules, WhatIsNoListOfVersionsIsNoAnswerToAChange) {
    sender.push(200, "{}");
    EXPECT_FALSE(admin().undelete_subject("a"));
    sender.push(200, "null");
    EXPECT_FALSE(admin().delete_subject("a", Deletion::soft));
    sender.push(200, "[]");
    EXPECT_TRUE(admin().undelete_subject("a").value().empty());
}

TEST_F(RegistryAdminRules, DeletionsAreSentOnceAndReadsAgain) {
    sender.push(503);
    EXPECT_FALSE(admin().delete_subject("a", Deletion::soft));
    EXPECT_EQ(sender.count(), 1U);
    sender.push(200, "[1,2]");
    EXPECT_EQ(admin().delete_subject("a", Deletion::permanent).value().size(), 2U);
    EXPECT_EQ(sent(1), "DELETE/subjects/a?permanent=true");
    sender.push(200, "7");
    EXPECT_EQ(admin().delete_version("a", std::nullopt, Deletion::soft).value(), Version(7));
    EXPECT_EQ(sent(2), "DELETE/subjects/a/versions/latest");
    EXPECT_TRUE(sender.requests().at(2).only_once);  // also on a connection that turns out stale
    sender.push(503);
    sender.push(200, R"(["."])");
    EXPECT_EQ(admin().list_contexts().value(), (std::vector<std::string>{"."}));
    EXPECT_FALSE(sender.requests().at(4).only_once);
}

TEST_F(RegistryAdminRules, AMissingRouteOfACheckIsReplacedByTheLatestVersions) {
    refuse(405, 405, "HTTP 405 Method Not Allowed");
    sender.push(200, R"({"is_compatible":true})");
    sender.push(200, R"({"is_compatible":false,"messages":["no"]})");
    EXPECT_TRUE(admin().check(candidate));
    EXPECT_TRUE(admin().check(candidate));
    EXPECT_EQ(sent(0), "POST/compatibility/subjects/a%2Fb/versions?verbose=true");
    EXPECT_EQ(sent(1), "POST/compatibility/subjects/a%2Fb/versions/latest?verbose=true");
    EXPECT_EQ(sent(2), sent(1)) << "it remembers";
    sender.push(200, R"({"is_compatible":"yes"})");
    EXPECT_FALSE(admin().check(candidate));
}

TEST_F(RegistryAdminRules, AnUnknownSubjectOfACheckIsNoMissingRoute) {
    refuse(404, 40401, "Subject 'a/b' not found.");
    const auto answer = admin().check(candidate);
    ASSERT_FALSE(answer);
    EXPECT_TRUE(is_not_there(answer.error()));
    EXPECT_EQ(sender.count(), 1U);
}

TEST_F(RegistryAdminRules, OtherRegistriesCannotRestore) {
    refuse(404, 404, "HTTP 404 Not Found");
    const auto refused = admin().undelete_subject("a");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::malformed_request);
    sender.push(200, "3");
    EXPECT_EQ(admin().undelete_version("a", Version(3)).value(), Version(3));
    EXPECT_EQ(sent(1), "POST/subjects/a/versions/3/undelete");
}

TEST_F(RegistryAdminRules, AnAnswerWithoutABodyIsNothing) {
    sender.push(204);
    EXPECT_TRUE(admin().delete_context(".a"));
    EXPECT_EQ(sent(0), "DELETE/contexts/.a");
    sender.push(200, "true");
    EXPECT_EQ(admin().call("POST", "/x", {{"a", 1}}).value(), Json(true));
}

}  // namespace
}  // namespace symbolon::client
