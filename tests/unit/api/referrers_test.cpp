#include "api/referrers.hpp"

#include "core/limits.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

using testing::message_of;
using testing::record_of;
using testing::request_of;

/// Person refers to Address; each of their subjects has a level of its own.
class ReferrerChecks : public testing::RegistryFixture {
protected:
    ReferrerChecks() : RegistryFixture(compat::Level::none) {}

    static std::string address(const std::vector<std::string>& fields) {
        return record_of(fields, "Address");
    }
    static SchemaRequest person(std::int32_t address_version, const std::string& name = "Person") {
        return request_of(R"({"type":"record","name":")" + name +
                              R"(","fields":[{"name":"home","type":"Address"}]})",
                          {{"Address", "address", address_version}});
    }
    void configure(std::string_view scope, const char* json) {
        const auto set = set_config(scope, json);
        EXPECT_TRUE(set) << message_of(set);
    }
    CheckAnswer check(const SchemaRequest& request, bool verbose = true) {
        CheckOptions options;
        options.verbose = verbose;
        auto answer = registry->check_compatibility(parse_subject("address"), request, options);
        EXPECT_TRUE(answer) << message_of(answer);
        return answer ? *std::move(answer) : CheckAnswer{};
    }
    CheckAnswer check(const std::string& text, bool verbose = true) {
        return check(request_of(text), verbose);
    }
};

TEST_F(ReferrerChecks, AVerboseCheckTellsWhoWouldBreak) {
    add("address", address({"street"}));
    add("person", person(1));
    configure("person", R"({"compatibility":"BACKWARD"})");
    const CheckAnswer answer = check(address({"street", "zip"}));
    EXPECT_TRUE(answer.compatible) << "the subject's own level is NONE, and nothing was configured";
    EXPECT_TRUE(answer.messages.empty());
    ASSERT_EQ(answer.findings.size(), 1U);
    const ReportedFinding& found = answer.findings[0];
    EXPECT_EQ(found.finding.kind, compat::FindingKind::reader_field_missing_default_value);
    EXPECT_EQ(found.finding.reader_path, "/fields/0/type/fields/1");
    EXPECT_EQ(found.finding.writer_path, "/fields/0/type");
    EXPECT_EQ(found.old_version, Version(1));
    ASSERT_TRUE(found.referrer);
    EXPECT_EQ(to_text(found.referrer->subject), "person");
    EXPECT_EQ(found.referrer->version, Version(1));
}

TEST_F(ReferrerChecks, WhatFitsTheReferrersIsNoFinding) {
    add("address", address({"street"}));
    add("person", person(1));
    configure("person", R"({"compatibility":"BACKWARD"})");
    EXPECT_TRUE(check(address({"street", "zip?"})).findings.empty());
    EXPECT_TRUE(check(address({"street"})).findings.empty());
}

TEST_F(ReferrerChecks, TheReferrersOwnLevelDecides) {
    add("address", address({"street"}));
    add("person", person(1));
    EXPECT_TRUE(check(address({"street", "zip"})).findings.empty()) << "NONE";
    configure("person", R"({"compatibility":"FORWARD"})");
    EXPECT_TRUE(check(address({"street", "zip"})).findings.empty());
    const CheckAnswer answer = check(address({}));
    ASSERT_EQ(answer.findings.size(), 1U);
    EXPECT_EQ(answer.findings[0].direction, compat::Direction::forward);
}

TEST_F(ReferrerChecks, TheReferrersWholeHistoryCountsWhereItsLevelIsTransitive) {
    add("address", address({"street"}));
    add("person", person(1));
    add("address", address({"street", "zip"}));
    add("person", person(2));
    configure("person", R"({"compatibility":"BACKWARD"})");
    const std::string zip_stays = address({"street", "zip", "city?"});
    EXPECT_TRUE(check(zip_stays).findings.empty());
    configure("person", R"({"compatibility":"BACKWARD_TRANSITIVE"})");
    const CheckAnswer answer = check(zip_stays);
    ASSERT_EQ(answer.findings.size(), 1U);
    EXPECT_EQ(answer.findings[0].old_version, Version(1));
}

TEST_F(ReferrerChecks, ThoseWhoReferThroughOthersAreLookedAtToo) {
    add("address", address({"street"}));
    add("person", person(1));
    SchemaRequest staff =
        request_of(R"({"type":"record","name":"Staff","fields":[{"name":"boss","type":"Person"}]})",
                   {{"Person", "person", 1}});
    add("staff", staff);
    configure("staff", R"({"compatibility":"BACKWARD"})");
    const CheckAnswer answer = check(address({"street", "zip"}));
    ASSERT_EQ(answer.findings.size(), 1U);
    EXPECT_EQ(to_text(answer.findings[0].referrer->subject), "staff");
}

TEST_F(ReferrerChecks, OnlyTheLatestLiveVersionOfAReferrerIsLookedAt) {
    add("address", address({"street"}));
    add("person", person(1));
    configure("person", R"({"compatibility":"NONE"})");
    add("person", record_of({"name"}, "Person"));
    configure("person", R"({"compatibility":"BACKWARD"})");
    EXPECT_TRUE(check(address({"street", "zip"})).findings.empty());
    ASSERT_TRUE(remove("person", 2));
    EXPECT_EQ(check(address({"street", "zip"})).findings.size(), 1U);
    ASSERT_TRUE(remove("person", 1));
    EXPECT_TRUE(check(address({"street", "zip"})).findings.empty());
}

TEST_F(ReferrerChecks, AReferrerThatIsNoSchemaAnyMoreIsAFinding) {
    add("address", address({"street"}));
    add("person", person(1));
    const CheckAnswer answer = check(record_of({"street"}, "Place"));
    ASSERT_EQ(answer.findings.size(), 1U);
    EXPECT_EQ(answer.findings[0].finding.kind, compat::FindingKind::referrer_invalid);
    EXPECT_NE(answer.findings[0].finding.message.find("Address"), std::string::npos);
}

TEST_F(ReferrerChecks, ARegistrationIsRefusedWhereTheConfigAsksForIt) {
    add("address", address({"street"}));
    add("person", person(1));
    configure("person", R"({"compatibility":"BACKWARD"})");
    const std::string breaking = address({"street", "zip"});
    configure("", R"({"checkReferrers":true})");
    configure("address", R"({"compatibility":"NONE"})");
    const auto refused = try_add("address", request_of(breaking), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::incompatible_schema);
    EXPECT_NE(refused.error().message.find("{referrerSubject: 'person', referrerVersion: 1, "
                                           "compatibility: 'BACKWARD'}, {validateFields: 'false', "
                                           "compatibility: 'NONE'}"),
              std::string::npos)
        << refused.error().message;
    EXPECT_EQ(refused.error().detail, nullptr) << "only for those who ask";
    EXPECT_FALSE(check(breaking, false).compatible) << "a check says what a registration would";
    configure("address", R"({"compatibility":"NONE","checkReferrers":false})");
    EXPECT_TRUE(try_add("address", request_of(breaking), {}));
}

TEST_F(ReferrerChecks, AVerboseRefusalCarriesTheFindings) {
    add("address", address({"street"}));
    add("person", person(1));
    configure("person", R"({"compatibility":"BACKWARD"})");
    configure("address", R"({"compatibility":"BACKWARD","checkReferrers":true})");
    RegisterOptions options;
    options.verbose = true;
    const auto refused = try_add("address", request_of(address({"street", "zip"})), options);
    ASSERT_FALSE(refused);
    const auto* refusal = dynamic_cast<const Refusal*>(refused.error().detail.get());
    ASSERT_NE(refusal, nullptr);
    ASSERT_EQ(refusal->findings.size(), 2U);
    EXPECT_FALSE(refusal->findings[0].referrer);
    EXPECT_TRUE(refusal->findings[1].referrer);
}

TEST_F(ReferrerChecks, ForceRegistersAllTheSame) {
    add("address", address({"street"}));
    add("person", person(1));
    configure("person", R"({"compatibility":"BACKWARD"})");
    configure("address", R"({"checkReferrers":true})");
    RegisterOptions options;
    options.force = true;
    EXPECT_TRUE(try_add("address", request_of(address({"street", "zip"})), options));
}

TEST_F(ReferrerChecks, BeyondTheLimitTheAnswerSaysSo) {
    add("address", address({"street"}));
    for (std::size_t at = 0; at < limits::referrers_checked_max; ++at) {
        add("person" + std::to_string(at), person(1));
    }
    EXPECT_TRUE(check(address({"street", "zip"})).findings.empty());
    add("one more", person(1));
    const CheckAnswer answer = check(address({"street", "zip"}));
    ASSERT_EQ(answer.findings.size(), 1U);
    EXPECT_EQ(answer.findings[0].finding.kind, compat::FindingKind::referrers_not_checked);
    EXPECT_EQ(answer.findings[0].finding.message, std::to_string(limits::referrers_checked_max));
}

TEST_F(ReferrerChecks, OfEachReferrerTheFirstFindingsAreTold) {
    std::vector<std::string> fields{"street"};
    add("address", address(fields));
    add("person", person(1));
    configure("person", R"({"compatibility":"BACKWARD"})");
    for (std::size_t at = 0; at <= limits::referrer_findings_max; ++at) {
        fields.push_back("f" + std::to_string(at));
    }
    EXPECT_EQ(check(address(fields)).findings.size(), limits::referrer_findings_max);
}

TEST_F(ReferrerChecks, ADefectThatWasThereBeforeIsNotTheNewVersionsFault) {
    add("address", address({"street"}));
    configure("person", R"({"validateNewSchemas":false,"compatibility":"BACKWARD"})");
    // Its default is none of Address: taken in without validation.
    add("person", request_of(R"({"type":"record","name":"Person","fields":[)"
                             R"({"name":"home","type":"Address","default":5}]})",
                             {{"Address", "address", 1}}));
    configure("person", R"({"compatibility":"BACKWARD"})");
    ASSERT_TRUE(registry->update_config(parse_subject("person"),
                                        Json::parse(R"({"validateNewSchemas":true})")));
    EXPECT_TRUE(check(address({"street", "zip?"})).findings.empty());
    EXPECT_EQ(check(address({"street", "zip"})).findings.size(), 1U);
}

}  // namespace
}  // namespace symbolon
