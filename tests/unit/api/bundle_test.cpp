#include "api/decide_bundle.hpp"

#include "core/limits.hpp"
#include "tests/support/fault_store.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gtest/gtest.h>

#include <future>

namespace symbolon {
namespace {

using testing::FaultMoment;
using testing::FaultStore;
using testing::message_of;
using testing::record_of;
using testing::request_of;

std::string user_of(const std::string& name, const std::string& type) {
    return R"({"type":"record","name":")" + name + R"(","fields":[{"name":"f","type":")" + type +
           R"("}]})";
}

/// Person needs Address, Staff needs Person; the versions of the references are left open.
std::vector<BundleMember> people(std::int32_t open = 0) {
    return {
        {parse_subject("staff"),
         request_of(user_of("Staff", "Person"), {{"Person", "person", open}})},
        {parse_subject("person"),
         request_of(user_of("Person", "Address"), {{"Address", "address", open}})},
        {parse_subject("address"), request_of(record_of({"street"}, "Address"))},
    };
}

class Bundles : public testing::RegistryFixture {
protected:
    Bundles() : RegistryFixture(compat::Level::backward) {}

    Result<std::vector<BundleAnswer>> send(const std::vector<BundleMember>& members,
                                           RegisterOptions options = {}) {
        return registry->register_bundle(members, options);
    }
    std::size_t records() { return store->read_since(Revision(0))->size(); }
    static const Refusal* refusal_of(const Result<std::vector<BundleAnswer>>& answer) {
        return answer ? nullptr : dynamic_cast<const Refusal*>(answer.error().detail.get());
    }
};

TEST_F(Bundles, MembersThatReferToEachOtherAreRegisteredInAnyOrder) {
    const auto answers = send(people());
    ASSERT_TRUE(answers) << message_of(answers);
    ASSERT_EQ(answers->size(), 3U);
    EXPECT_EQ(to_text((*answers)[0].version.subject), "staff");
    EXPECT_EQ((*answers)[0].version.content->references[0].version, 1);
    EXPECT_EQ((*answers)[2].version.id, SchemaId(1)) << "what others need comes first";
    EXPECT_EQ((*answers)[0].version.id, SchemaId(3));
    EXPECT_TRUE((*answers)[0].is_new);
    EXPECT_EQ(versions("person"), std::vector<int>{1});
}

TEST_F(Bundles, MinusOneMeansTheMemberToo) {
    add("address", record_of({"street"}, "Address"));
    auto members = people(-1);
    members[2].request = request_of(record_of({"street", "zip?"}, "Address"));
    const auto answers = send(members);
    ASSERT_TRUE(answers) << message_of(answers);
    EXPECT_EQ((*answers)[1].version.content->references[0].version, 2);
}

TEST_F(Bundles, ANumberedVersionIsThatVersion) {
    add("address", record_of({"street"}, "Address"));
    auto members = people();
    members[1].request.references[0].version = 1;
    members[2].request = request_of(record_of({"street", "zip?"}, "Address"));
    const auto answers = send(members);
    ASSERT_TRUE(answers) << message_of(answers);
    EXPECT_EQ((*answers)[1].version.content->references[0].version, 1);
    EXPECT_EQ((*answers)[2].version.version, Version(2));
}

TEST_F(Bundles, TheSameBundleAgainAnswersTheSameAndWritesNothing) {
    const auto first = send(people());
    ASSERT_TRUE(first);
    const std::size_t before = records();
    const auto again = send(people());
    ASSERT_TRUE(again) << message_of(again);
    for (std::size_t at = 0; at < 3; ++at) {
        EXPECT_EQ((*again)[at].version.id, (*first)[at].version.id);
        EXPECT_FALSE((*again)[at].is_new);
    }
    EXPECT_EQ(records(), before);
}

TEST_F(Bundles, OneMemberThatFailsKeepsAllOut) {
    auto members = people();
    members[0].request.schema = user_of("Staff", "Nobody");
    const std::size_t before = records();
    const auto refused = send(members);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_schema);
    EXPECT_EQ(
        refused.error().message.rfind("Schema 0 of the bundle (\"staff\"): Invalid schema", 0), 0U)
        << refused.error().message;
    ASSERT_NE(refusal_of(refused), nullptr);
    EXPECT_EQ(refusal_of(refused)->member->index, 0U);
    EXPECT_EQ(refusal_of(refused)->member->subject, "staff");
    EXPECT_EQ(records(), before);
    EXPECT_TRUE(versions("address").empty());
}

TEST_F(Bundles, AMemberThatDoesNotFitItsHistoryKeepsAllOut) {
    add("address", record_of({"street"}, "Address"));
    auto members = people();
    members[2].request = request_of(record_of({"street", "zip"}, "Address"));
    RegisterOptions verbose;
    verbose.verbose = true;
    const auto refused = send(members, verbose);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::incompatible_schema);
    EXPECT_EQ(refusal_of(refused)->member->index, 2U);
    EXPECT_EQ(refusal_of(refused)->findings.size(), 1U);
    EXPECT_TRUE(versions("person").empty());
}

TEST_F(Bundles, ACircleIsToldByItsSubjects) {
    auto members = people();
    members[2].request.references = {{"Person", "person", 0}};
    const auto refused = send(members);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_schema);
    EXPECT_EQ(refused.error().message,
              "The schemas of the bundle refer to each other in a circle: person -> address -> "
              "person");
}

TEST_F(Bundles, ASubjectMayBeThereOnce) {
    auto members = people();
    members.push_back(members[2]);
    const auto refused = send(members);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refusal_of(refused)->member->index, 3U);
}

TEST_F(Bundles, HaveALargestSize) {
    std::vector<BundleMember> members;
    for (std::size_t at = 0; at < limits::bundle_members_max; ++at) {
        const std::string name = "R" + std::to_string(at);
        members.push_back({parse_subject(name), request_of(record_of({"f"}, name))});
        if (at > 0) {
            const std::string before = "R" + std::to_string(at - 1);
            members[at].request = request_of(user_of(name, before), {{before, before, 0}});
        }
    }
    const auto answers = send(members);
    EXPECT_TRUE(answers) << message_of(answers);
    members.push_back({parse_subject("more"), request_of(R"("int")")});
    EXPECT_FALSE(send(members));
}

TEST_F(Bundles, ADryRunAnswersAndStoresNothing) {
    RegisterOptions dry;
    dry.dry_run = true;
    const std::size_t before = records();
    const auto answers = send(people(), dry);
    ASSERT_TRUE(answers) << message_of(answers);
    EXPECT_EQ((*answers)[0].version.version, Version(1));
    EXPECT_EQ(records(), before);
    EXPECT_TRUE(versions("staff").empty());
}

TEST_F(Bundles, AnEqualSchemaInTwoSubjectsHasOneId) {
    const auto answers = send({{parse_subject("a"), request_of(record_of({"f"}))},
                               {parse_subject("b"), request_of(record_of({"f"}))}});
    ASSERT_TRUE(answers) << message_of(answers);
    EXPECT_EQ((*answers)[0].version.id, (*answers)[1].version.id);
    EXPECT_EQ((*answers)[1].version.version, Version(1));
}

TEST_F(Bundles, MembersOfOtherContextsReferByQualifiedNames) {
    const auto answers =
        send({{parse_subject(":.dev:person"),
               request_of(user_of("Person", "Address"), {{"Address", "address", 0}})},
              {parse_subject(":.dev:address"), request_of(record_of({"street"}, "Address"))},
              {parse_subject("staff"),
               request_of(user_of("Staff", "Person"), {{"Person", ":.dev:person", 0}})}});
    ASSERT_TRUE(answers) << message_of(answers);
    EXPECT_EQ(versions(":.dev:person"), std::vector<int>{1});
}

TEST_F(Bundles, AnOpenVersionOfNoMemberIsInvalid) {
    const auto refused = send({{parse_subject("person"),
                                request_of(user_of("Person", "Address"), {{"Address", "x", 0}})}});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("Invalid reference"), std::string::npos);
}

TEST_F(Bundles, AReferrerThatChangesTooIsNoReasonToRefuse) {
    ASSERT_TRUE(send(people()));
    ASSERT_TRUE(set_config("", R"({"checkReferrers":true})"));
    for (const char* scope : {"address", "person", "staff"}) {
        ASSERT_TRUE(set_config(scope, R"({"compatibility":"NONE"})"));
    }
    // Nobody but those in the bundle refers to Address, which changes its name.
    auto members = people();
    members[2].request = request_of(record_of({"street"}, "Place"));
    members[1].request = request_of(user_of("Person", "Place"), {{"Place", "address", 0}});
    EXPECT_FALSE(try_add("address", members[2].request));
    const auto answers = send(members);
    EXPECT_TRUE(answers) << message_of(answers);
}

TEST_F(Bundles, ManyAtATimeNeverGiveAVersionTwice) {
    std::vector<std::future<Result<std::vector<BundleAnswer>>>> sent;
    for (int at = 0; at < 8; ++at) {
        sent.push_back(std::async(std::launch::async, [this, at] {
            auto members = people();
            members[2].request =
                request_of(record_of({"street", "f" + std::to_string(at) + "?"}, "Address"));
            return send(members);
        }));
    }
    std::set<int> address_versions;
    for (auto& each : sent) {
        const auto answers = each.get();
        ASSERT_TRUE(answers) << message_of(answers);
        const std::int32_t used = (*answers)[1].version.content->references[0].version;
        EXPECT_EQ(used, (*answers)[2].version.version.value());
        address_versions.insert(used);
    }
    EXPECT_EQ(address_versions.size(), 8U);
}

TEST(BundleFaults, WhateverTheStoreDoesAllMembersAreThereOrNone) {
    for (const auto moment : {FaultMoment::before_effect, FaultMoment::after_effect}) {
        auto inner = std::make_shared<storage::MemoryStore>();
        auto faulty = std::make_shared<FaultStore>(*inner);
        auto registry = Registry::open(faulty, {});
        ASSERT_TRUE(registry);
        faulty->fail_call(1, moment);
        EXPECT_FALSE((*registry)->register_bundle(people(), {}));
        ASSERT_TRUE(faulty->has_failed());
        // What another start finds in the store.
        auto again = Registry::open(inner, {});
        ASSERT_TRUE(again);
        const auto counts = (*again)->read([](const Catalog& catalog) { return count(catalog); });
        EXPECT_EQ(counts.versions, moment == FaultMoment::before_effect ? 0U : 3U);
        const auto answers = (*registry)->register_bundle(people(), {});
        ASSERT_TRUE(answers) << message_of(answers);
        EXPECT_EQ((*answers)[0].is_new, moment == FaultMoment::before_effect);
    }
}

}  // namespace
}  // namespace symbolon
