#include "gate/plan/make_plan.hpp"

#include "gate/model/rule.hpp"
#include "tests/unit/gate/plan/plan_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MakePlan : public symbolon::testing::PlanFixture {};

TEST_F(MakePlan, NewFilesAreCreatedWhatIsReferredToFirst) {
    std::swap(tree.files[0], tree.files[1]);  // the one that refers comes first
    tree.files[0].references[0].file = 1;
    const auto made = plan();
    EXPECT_TRUE(is_sound(made));
    ASSERT_EQ(made.plan.changes.size(), 2U);
    EXPECT_EQ(made.plan.changes[0].subject, "address");
    EXPECT_EQ(made.plan.changes[1].subject, "person");
    EXPECT_EQ(action_of(made.plan.changes[1]), PlanAction::create);
    const auto& references = made.plan.changes[1].schema->references;
    ASSERT_EQ(references.size(), 1U);
    EXPECT_EQ(references[0], (Reference{"Address", "address", 0})) << "the version of the plan";
    EXPECT_EQ(writes(), 0U) << "planning changes nothing";
}

TEST_F(MakePlan, IsEmptyOnceItIsApplied) {
    tree.files[0].level = compat::Level::full;
    tree.files[0].mode = "READONLY";
    tree.files[1].normalize = true;
    settle();
    const auto again = plan();
    EXPECT_TRUE(again.plan.changes.empty()) << to_summary(again.plan);
    EXPECT_EQ(again.unchanged, 2U);
    EXPECT_EQ(to_summary(again.plan), "nothing to change\n");
}

TEST_F(MakePlan, BlanksAreNoChange) {
    settle();
    tree.files[0].text = "\n  " + tree.files[0].text + "\n\n";
    EXPECT_TRUE(plan().plan.changes.empty());
}

TEST_F(MakePlan, OrderIsNoChangeWhereSchemasAreNormalised) {
    const PlanOptions normalized{.normalized = Normalized::yes};
    tree.files.pop_back();
    add("address", R"({"type":"record","name":"Address","doc":"d","fields":[]})");
    tree.files[0].text = R"({"name":"Address","fields":[],"doc":"d","type":"record"})";
    EXPECT_TRUE(plan(normalized).plan.changes.empty());
}

TEST_F(MakePlan, AnOlderVersionThatIsEqualIsNoChange) {
    settle();
    add("address", address_with_zip(R"(,"default":""})"));
    const auto made = plan();
    EXPECT_TRUE(made.plan.changes.empty())
        << "registering it would answer version 1: " << to_summary(made.plan);
}

TEST_F(MakePlan, AChangedReferenceAloneIsAChange) {
    settle();
    tree.files[0].text = address_with_zip(R"(,"default":""})");
    const auto made = plan();
    EXPECT_TRUE(is_sound(made));
    ASSERT_EQ(made.plan.changes.size(), 2U);
    EXPECT_EQ(made.plan.changes[1].subject, "person") << "its text is the same";
    EXPECT_EQ(made.plan.changes[1].before.latest->version, Version(1));
    settle();
    EXPECT_TRUE(plan().plan.changes.empty());
    const auto document = admin.get_version("person", std::nullopt);
    EXPECT_EQ(document->version, Version(2));
    EXPECT_EQ(document->references[0].version, 2);
}

TEST_F(MakePlan, ReferencesToUnchangedFilesGetTheirNumbers) {
    settle();
    tree.files[1].text = R"({"type":"record","name":"Person","fields":[
        {"name":"home","type":"Address"},{"name":"age","type":"int","default":0}]})";
    const auto made = plan();
    ASSERT_EQ(made.plan.changes.size(), 1U);
    EXPECT_EQ(made.plan.changes[0].schema->references[0].version, 1);
}

TEST_F(MakePlan, WhatTheRegistryHasNowStandsInThePlan) {
    settle();
    ASSERT_TRUE(admin.update_config("address", Json{{"compatibility", "NONE"}}));
    ASSERT_TRUE(admin.update_mode("address", "READWRITE", false));
    tree.files[0].text = address_with_zip();
    const auto made = plan();
    const auto& before = made.plan.changes.at(0).before;
    EXPECT_EQ(before.latest->version, Version(1));
    EXPECT_EQ(before.latest->guid.size(), 36U);
    EXPECT_EQ(*before.config, (Json{{"compatibilityLevel", "NONE"}}));
    EXPECT_EQ(before.mode, "READWRITE");
}

TEST_F(MakePlan, AnIncompatibleSchemaRefusesThePlan) {
    settle();
    tree.files[0].text = address_with_zip();
    const auto made = plan();
    EXPECT_FALSE(is_sound(made));
    ASSERT_EQ(made.report.subjects.size(), 2U);
    EXPECT_EQ(made.report.subjects[0].findings.at(0).rule, "READER_FIELD_MISSING_DEFAULT_VALUE");
}

TEST_F(MakePlan, ALevelOfThePlanCountsForTheSchemaBesideIt) {
    settle();
    tree.files[0].text = address_with_zip();
    tree.files[0].level = compat::Level::none;
    tree.files[1].level = compat::Level::none;
    const auto made = plan();
    EXPECT_TRUE(is_sound(made));
    EXPECT_THAT(to_summary(made.plan),
                HasSubstr("~ address  a new version after 1, level not set -> NONE"));
    settle();
    EXPECT_TRUE(plan().plan.changes.empty());
}

TEST_F(MakePlan, WaiversDoNotHelpForTheRegistryKnowsNone) {
    settle();
    tree.files[0].text = address_with_zip();
    tree.rules.waivers.push_back({.rule = "READER_FIELD_MISSING_DEFAULT_VALUE",
                                  .subject = "address",
                                  .reason = "agreed",
                                  .expires = "2999-12-31"});
    EXPECT_FALSE(is_sound(plan()));
}

TEST_F(MakePlan, AModeOfThePlanOpensASubject) {
    settle();
    ASSERT_TRUE(admin.update_mode("address", "READONLY", false));
    tree.files[0].text = address_with_zip(R"(,"default":""})");
    EXPECT_FALSE(is_sound(plan()));
    tree.files[0].mode = "READWRITE";
    EXPECT_TRUE(is_sound(plan()));
    settle();
}

TEST_F(MakePlan, PruningDeletesWhatNoFileHasUnderItsPrefixAlone) {
    settle();
    for (const char* subject : {"add-old", "other"}) {
        add(subject, R"("int")");
    }
    const auto made = plan({.prune_prefix = "add"});
    EXPECT_TRUE(is_sound(made));
    ASSERT_EQ(made.plan.changes.size(), 1U);
    EXPECT_EQ(made.plan.changes[0].subject, "add-old");
    EXPECT_EQ(action_of(made.plan.changes[0]), PlanAction::remove);
    EXPECT_EQ(made.plan.changes[0].before.latest->version, Version(1));
    ASSERT_TRUE(apply(made.plan));
    EXPECT_THAT(subjects(), ElementsAre("address", "other", "person"));
    EXPECT_TRUE(plan({.prune_prefix = "add"}).plan.changes.empty());
}

TEST_F(MakePlan, PruningSparesWhatAFileRefersTo) {
    settle();
    tree.files.erase(tree.files.begin());
    tree.files[0].references[0] = {.name = "Address", .subject = "address", .version = 1};
    const auto made = plan({.prune_prefix = "a"});
    EXPECT_TRUE(made.plan.changes.empty());
    ASSERT_EQ(made.notes.size(), 1U);
    EXPECT_THAT(made.notes[0], HasSubstr("address stays"));
}

TEST_F(MakePlan, WhatOnlyTheRegistryKnowsIsAskedByADryRun) {
    settle();
    tree.files.erase(tree.files.begin() + 1);
    tree.files.erase(tree.files.begin());
    add_file("x.avsc", "x", R"("int")");
    // person refers to address and is outside of what the tree owns.
    const auto made = plan({.prune_prefix = "address"});
    EXPECT_FALSE(is_sound(made));
    ASSERT_EQ(made.problems.size(), 1U);
    EXPECT_THAT(made.problems[0], HasSubstr("One or more references exist"));
}

TEST_F(MakePlan, ARegistryWithoutPlansIsNamedInANote) {
    sender.is_without_plans = true;
    const auto made = plan();
    EXPECT_TRUE(is_sound(made));
    ASSERT_EQ(made.notes.size(), 1U);
    EXPECT_THAT(made.notes[0], HasSubstr("--not-atomic"));
}

TEST_F(MakePlan, AFileThatNoEngineReadsRefusesThePlan) {
    tree.files[0].text = R"({"type":"recrod"})";
    const auto made = plan();
    EXPECT_FALSE(is_sound(made));
    EXPECT_TRUE(made.plan.changes.empty());
    EXPECT_FALSE(made.report.subjects.empty());
}

TEST_F(MakePlan, TwoFilesOfOneSubjectRefuseThePlan) {
    add_file("again.avsc", "address", address());
    const auto made = plan();
    EXPECT_FALSE(is_sound(made));
    EXPECT_THAT(made.problems.at(0), HasSubstr("schemas/again.avsc"));
}

TEST_F(MakePlan, ANameCannotForgeALineOfTheSummary) {
    Plan forged;
    forged.changes.resize(1);
    forged.changes[0].subject = "a\n- everything";
    EXPECT_EQ(to_summary(forged), "~ a?- everything  \n0 to create, 1 to update, 0 to delete\n");
}

TEST_F(MakePlan, ARegistryThatFailsIsAnError) {
    sender.refuses = [](const std::string& line) { return line == "GET /mode/address"; };
    EXPECT_FALSE(try_plan());
}

TEST_F(MakePlan, ASubjectOfAnotherContextIsNotThisOne) {
    tree.files.pop_back();
    add(":.dev:address", address());
    const auto made = plan();
    ASSERT_EQ(made.plan.changes.size(), 1U) << "the registry looks into other contexts too";
    EXPECT_EQ(action_of(made.plan.changes[0]), PlanAction::create);
    EXPECT_FALSE(made.plan.changes[0].before.latest);
}

/// A base URL that is a context's: plain names are of that context, and are answered in full.
class MakePlanInContext : public symbolon::testing::PlanFixture {
protected:
    Result<MadePlan> plan_in(const PlanOptions& options = {}) {
        const auto baseline = make_registry_baseline(
            inside, {.name = "http://r", .server = RegistryBaselineOptions::Server::silent});
        return make_plan(tree, inside, *baseline, options);
    }
    void settle_in(Steps steps) {
        const auto made = plan_in();
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_TRUE(is_sound(*made));
        const auto applied = apply_plan(made->plan, inside, {.steps = steps});
        ASSERT_TRUE(applied) << applied.error().message;
        EXPECT_FALSE(applied->failed) << applied->failed->message;
        EXPECT_TRUE(applied->drifts.empty());
    }

    client::RegistryAdmin inside{
        client::RegistryClientOptions{.base_urls = {"http://r/contexts/.one"}}, sender, nullptr,
        clock};
};

TEST_F(MakePlanInContext, ItsSubjectsAreFoundAgain) {
    add("address", R"("int")");  // of the same name elsewhere
    settle_in(Steps::refused);
    EXPECT_THAT(subjects(), ElementsAre(":.one:address", ":.one:person", "address"));
    EXPECT_TRUE(plan_in()->plan.changes.empty());
    tree.files[0].text = address_with_zip(R"(,"default":""})");
    const auto made = plan_in();
    ASSERT_EQ(made->plan.changes.size(), 2U);
    EXPECT_EQ(action_of(made->plan.changes[0]), PlanAction::update);
    settle_in(Steps::refused);
    EXPECT_TRUE(plan_in()->plan.changes.empty());
}

TEST_F(MakePlanInContext, StepsFindThemToo) {
    sender.is_without_plans = true;
    settle_in(Steps::allowed);
    tree.files[0].text = address_with_zip(R"(,"default":""})");
    const auto made = plan_in();
    settle_in(Steps::allowed);
    const auto again = apply_plan(made->plan, inside, {.steps = Steps::allowed});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->drifts.empty());
    EXPECT_FALSE(again->changed);
}

TEST_F(MakePlanInContext, PruningSparesWhatTheTreeHas) {
    sender.is_without_plans = true;  // a registry with plans would refuse it
    settle_in(Steps::allowed);
    add(":.one:address-old", R"("int")");
    add("address-old", R"("int")");
    for (const char* prefix : {"address", ":.one:address", ":.one:"}) {
        const auto made = plan_in({.prune_prefix = prefix});
        ASSERT_TRUE(made) << made.error().message;
        ASSERT_EQ(made->plan.changes.size(), 1U) << prefix;
        EXPECT_EQ(made->plan.changes[0].subject, ":.one:address-old");
    }
}

TEST_F(MakePlan, PruningAContextLeavesPlainNamesToTheDefaultOne) {
    settle();
    add(":.one:address", address());
    const auto made = plan({.prune_prefix = ":.one:"});
    ASSERT_EQ(made.plan.changes.size(), 1U) << "no file has it: theirs is of the default context";
    EXPECT_EQ(made.plan.changes[0].subject, ":.one:address");
}

TEST_F(MakePlan, PruningSparesWhatAFileOfAContextRefersTo) {
    add(":.one:address", address());
    tree.files.erase(tree.files.begin());
    tree.files[0].subject = ":.one:person";
    tree.files[0].references[0] = {.name = "Address", .subject = "address", .version = 1};
    const auto made = plan({.prune_prefix = ":.one:"});
    EXPECT_TRUE(is_sound(made));
    ASSERT_EQ(made.plan.changes.size(), 1U);
    EXPECT_EQ(made.plan.changes[0].subject, ":.one:person");
}

TEST_F(MakePlan, TheDefaultContextMayBeNamed) {
    tree.files.pop_back();
    tree.files[0].subject = ":.:address";
    settle();
    EXPECT_THAT(subjects(), ElementsAre("address"));
    EXPECT_TRUE(plan({.prune_prefix = "add"}).plan.changes.empty());
}

TEST_F(MakePlan, AnAliasGetsNoVersionInPlaceOfItsTarget) {
    sender.is_without_plans = true;  // a registry with plans refuses it itself
    tree.files.pop_back();
    add("place", address());
    ASSERT_TRUE(admin.update_config("address", Json{{"alias", "place"}}));
    tree.files[0].text = address_with_zip(R"(,"default":""})");
    const auto made = plan();
    EXPECT_FALSE(is_sound(made));
    ASSERT_EQ(made.problems.size(), 1U);
    EXPECT_THAT(made.problems[0], HasSubstr("an alias of place"));
}

TEST_F(MakePlan, AFileThatIsNotUtf8IsRefused) {
    add_file("b.proto", "b", "syntax = \"proto3\"; option java_package = \"caf\xe9\";");
    tree.files.back().type = SchemaType::protobuf;
    const auto made = plan();
    EXPECT_FALSE(is_sound(made)) << "the plan would hold another text";
    ASSERT_EQ(made.problems.size(), 1U);
    EXPECT_THAT(made.problems[0], HasSubstr("schemas/b.proto: the file is not UTF-8"));
}

}  // namespace
}  // namespace symbolon::gate
