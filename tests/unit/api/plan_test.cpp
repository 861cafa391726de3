#include "api/decide_plan.hpp"

#include "core/limits.hpp"
#include "tests/support/fault_store.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gtest/gtest.h>

#include <future>

namespace symbolon {
namespace {

using testing::code_of;
using testing::FaultMoment;
using testing::FaultStore;
using testing::message_of;
using testing::record_of;
using testing::request_of;

PlanChange change_of(const std::string& subject) {
    PlanChange change;
    change.subject = parse_subject(subject);
    return change;
}
PlanChange schema_of(const std::string& subject, const std::string& text,
                     std::vector<Reference> references = {}) {
    PlanChange change = change_of(subject);
    change.schema = request_of(text, std::move(references));
    return change;
}
PlanChange deletion_of(const std::string& subject) {
    PlanChange change = change_of(subject);
    change.deleted = true;
    return change;
}
std::string holder_of(const std::string& name, const std::string& type) {
    return R"({"type":"record","name":")" + name + R"(","fields":[{"name":"f","type":")" + type +
           R"("}]})";
}

/// A level, a mode, a new version, a new subject that refers to it, and a deletion.
std::vector<PlanChange> everything() {
    PlanChange address = schema_of("address", record_of({"street", "zip"}, "Address"));
    address.config = Json{{"compatibility", "NONE"}};
    PlanChange frozen = change_of("frozen");
    frozen.mode = Mode::readonly;
    return {schema_of("person", holder_of("Person", "Address"), {{"Address", "address", 0}}),
            address, frozen, deletion_of("gone")};
}

class Plans : public testing::RegistryFixture {
protected:
    Plans() : RegistryFixture(compat::Level::backward) {
        add("address", record_of({"street"}, "Address"));
        add("frozen", record_of({"f"}));
        add("gone", record_of({"g"}));
    }

    Result<PlanAnswer> send(const std::vector<PlanChange>& changes, RegisterOptions options = {}) {
        return registry->apply_plan(changes, options);
    }
    std::size_t records() { return store->read_since(Revision(0))->size(); }
    Mode own_mode(const std::string& subject) {
        return registry->read([&](const Catalog& catalog) {
            return find_mode(catalog, parse_subject(subject)).value_or(Mode::readwrite);
        });
    }
    static std::vector<std::string> drift_of(const Result<PlanAnswer>& answer) {
        std::vector<std::string> told;
        const auto* report =
            answer ? nullptr : dynamic_cast<const DriftReport*>(answer.error().detail.get());
        for (const Drift& drift : report == nullptr ? std::vector<Drift>() : report->drifts) {
            told.push_back(drift.subject + " " + drift.of);
        }
        return told;
    }
    static std::size_t place_of(const Result<PlanAnswer>& answer) {
        const auto* refusal =
            answer ? nullptr : dynamic_cast<const Refusal*>(answer.error().detail.get());
        return refusal == nullptr || !refusal->member ? 99 : refusal->member->index;
    }
};

TEST_F(Plans, SettingsSchemasAndDeletionsAreOneCommit) {
    const Revision before = registry->revision();
    const auto answer = send(everything());
    ASSERT_TRUE(answer) << message_of(answer);
    EXPECT_TRUE(answer->changed);
    EXPECT_EQ(answer->changes[0].schema->version.content->references[0].version, 2);
    EXPECT_EQ(versions("address"), (std::vector<int>{1, 2})) << "checked under the new level";
    EXPECT_EQ(own_mode("frozen"), Mode::readonly);
    EXPECT_EQ(answer->changes[3].deleted, std::vector<Version>{Version(1)});
    EXPECT_TRUE(versions("gone").empty());
    EXPECT_EQ(versions("gone", View::with_deleted), std::vector<int>{1});
    EXPECT_LT(before, registry->revision());
}

TEST_F(Plans, ADryRunAnswersAndStoresNothing) {
    RegisterOptions dry;
    dry.dry_run = true;
    const std::size_t before = records();
    const auto answer = send(everything(), dry);
    ASSERT_TRUE(answer) << message_of(answer);
    EXPECT_TRUE(answer->changed);
    EXPECT_EQ(records(), before);
    EXPECT_EQ(versions("gone"), std::vector<int>{1});
}

TEST_F(Plans, APlanThatIsDoneWritesNothingWhateverItExpects) {
    auto changes = everything();
    changes[0].expected.latest.emplace(std::nullopt);
    changes[1].expected.config.emplace(std::nullopt);
    ASSERT_TRUE(send(changes));
    const std::size_t before = records();
    const auto again = send(changes);
    ASSERT_TRUE(again) << message_of(again);
    EXPECT_FALSE(again->changed);
    EXPECT_EQ(records(), before);
}

TEST_F(Plans, WhatIsNotAsExpectedKeepsAllOut) {
    auto changes = everything();
    changes[1].expected.latest.emplace(ExpectedVersion{Version(1), SchemaId(1), std::nullopt});
    changes[1].expected.config.emplace(std::nullopt);
    changes[1].expected.mode.emplace(std::nullopt);
    changes[3].expected.latest.emplace(ExpectedVersion{Version(1), SchemaId(3), std::nullopt});
    ASSERT_TRUE(set_config("address", R"({"compatibility":"FORWARD"})"));
    ASSERT_TRUE(set_mode("address", Mode::readwrite));
    add("address", record_of({"street", "a?"}, "Address"));
    add("gone", record_of({"g", "h?"}));
    const std::size_t before = records();
    const auto refused = send(changes);
    EXPECT_EQ(code_of(refused), ErrorCode::plan_drifted);
    EXPECT_EQ(drift_of(refused), (std::vector<std::string>{"address latest", "address config",
                                                           "address mode", "gone latest"}));
    EXPECT_EQ(records(), before);
}

TEST_F(Plans, AnotherTextUnderTheSameNumbersIsDrift) {
    auto changes = everything();
    changes[1].expected.latest.emplace(ExpectedVersion{
        Version(1), SchemaId(1), find_guid("6b2f9a3e-6d0c-5f0e-8a51-0d9f1b7c2e44")});
    EXPECT_EQ(drift_of(send(changes)), std::vector<std::string>{"address latest"});
}

TEST_F(Plans, AConfigIsExpectedAsItIsShown) {
    ASSERT_TRUE(set_config("address", R"({"normalize":true})"));
    auto changes = everything();
    changes[1].expected.config.emplace(
        Json{{"normalize", true}, {"compatibilityLevel", "BACKWARD"}});
    const auto answer = send(changes);
    EXPECT_TRUE(answer) << message_of(answer);
}

TEST_F(Plans, OneChangeThatIsRefusedKeepsAllOutAndIsNamed) {
    auto changes = everything();
    changes[1].config.reset();
    const std::size_t before = records();
    const auto refused = send(changes);
    EXPECT_EQ(code_of(refused), ErrorCode::incompatible_schema);
    EXPECT_EQ(place_of(refused), 1U);
    EXPECT_EQ(refused.error().message.rfind("Change 1 of the plan (\"address\"): ", 0), 0U);
    EXPECT_EQ(records(), before);
    EXPECT_EQ(own_mode("frozen"), Mode::readwrite);
    EXPECT_EQ(versions("gone"), std::vector<int>{1});
}

TEST_F(Plans, AModeOpensASubjectBeforeAndClosesItAfterItsSchema) {
    ASSERT_TRUE(set_mode("frozen", Mode::readonly));
    PlanChange opened = schema_of("frozen", record_of({"f", "g?"}));
    EXPECT_EQ(code_of(send({opened})), ErrorCode::operation_not_permitted);
    opened.mode = Mode::readwrite;
    PlanChange closed = schema_of("address", record_of({"street", "zip?"}, "Address"));
    closed.mode = Mode::readonly;
    closed.config = Json{{"compatibility", "FULL"}};
    const auto answer = send({opened, closed});
    ASSERT_TRUE(answer) << message_of(answer);
    EXPECT_EQ(versions("frozen"), (std::vector<int>{1, 2}));
    EXPECT_EQ(versions("address"), (std::vector<int>{1, 2}));
    EXPECT_EQ(own_mode("address"), Mode::readonly);
}

TEST_F(Plans, WhatAPlanClosedIsNoReasonToRefuseItAgain) {
    auto changes = everything();
    changes[0].mode = Mode::readonly;
    changes[1].mode = Mode::readonly;
    ASSERT_TRUE(send(changes));
    const auto again = send(changes);
    ASSERT_TRUE(again) << message_of(again);
    EXPECT_FALSE(again->changed);
    EXPECT_EQ(again->changes[0].schema->version.version, Version(1));
    changes[0].mode.reset();
    ASSERT_TRUE(set_mode("person", std::nullopt));
    EXPECT_FALSE(send(changes)->changed) << "one that refers to a closed one";
    changes[1].schema = request_of(record_of({"street"}, "Place"));
    EXPECT_EQ(code_of(send(changes)), ErrorCode::operation_not_permitted);
}

TEST_F(Plans, DeletionsGoInAnyOrderAndSpareWhatIsReferredTo) {
    add("person", request_of(holder_of("Person", "Address"), {{"Address", "address", 1}}));
    EXPECT_EQ(code_of(send({deletion_of("address")})), ErrorCode::reference_exists);
    auto changes = std::vector{deletion_of("address"), deletion_of("person")};
    const auto answer = send(changes);
    ASSERT_TRUE(answer) << message_of(answer);
    EXPECT_TRUE(versions("address").empty());
    const auto again = send(changes);
    ASSERT_TRUE(again) << "what is gone need not go: " << message_of(again);
    EXPECT_FALSE(again->changed);
}

TEST_F(Plans, ADeletionSparesWhatANewSchemaOfThePlanRefersTo) {
    const auto refused =
        send({schema_of("person", holder_of("Person", "Address"), {{"Address", "address", 1}}),
              deletion_of("address")});
    EXPECT_EQ(code_of(refused), ErrorCode::reference_exists);
    EXPECT_EQ(place_of(refused), 1U);
    EXPECT_TRUE(versions("person").empty());
}

TEST_F(Plans, WhatIsNoPlanIsRefused) {
    EXPECT_EQ(code_of(send({deletion_of("gone"), deletion_of("gone")})), ErrorCode::invalid_schema);
    EXPECT_EQ(code_of(send({deletion_of("")})), ErrorCode::invalid_subject);
    PlanChange both = deletion_of("gone");
    both.mode = Mode::readonly;
    EXPECT_EQ(code_of(send({both})), ErrorCode::invalid_schema);
    PlanChange import = change_of("gone");
    import.mode = Mode::import;
    EXPECT_EQ(code_of(send({import})), ErrorCode::invalid_mode) << "it would clear the subject";
    ASSERT_TRUE(set_config("alias", R"({"alias":"gone"})"));
    EXPECT_EQ(code_of(send({deletion_of("alias")})), ErrorCode::operation_not_permitted);
    EXPECT_EQ(versions("gone"), std::vector<int>{1});
}

TEST_F(Plans, HaveALargestSize) {
    std::vector<PlanChange> changes;
    for (std::size_t at = 0; at < limits::plan_changes_max; ++at) {
        changes.push_back(schema_of("s" + std::to_string(at), record_of({"f"})));
    }
    const auto answer = send(changes);
    EXPECT_TRUE(answer) << message_of(answer);
    changes.push_back(deletion_of("gone"));
    EXPECT_EQ(code_of(send(changes)), ErrorCode::invalid_schema);
}

TEST_F(Plans, OfTwoMadeFromTheSameStateOneIsDone) {
    const auto plan = [&](const std::string& field) {
        auto changes = everything();
        changes[1] = schema_of("address", record_of({"street", field}, "Address"));
        changes[1].expected.latest.emplace(ExpectedVersion{Version(1), SchemaId(1), std::nullopt});
        return changes;
    };
    std::vector<std::future<Result<PlanAnswer>>> sent;
    for (int at = 0; at < 8; ++at) {
        sent.push_back(std::async(std::launch::async,
                                  [&, at] { return send(plan("f" + std::to_string(at) + "?")); }));
    }
    int done = 0;
    for (auto& each : sent) {
        const auto answer = each.get();
        done += answer ? 1 : 0;
        EXPECT_TRUE(answer || code_of(answer) == ErrorCode::plan_drifted) << message_of(answer);
    }
    EXPECT_EQ(done, 1);
    EXPECT_EQ(versions("address"), (std::vector<int>{1, 2}));
}

TEST(PlanFaults, WhateverTheStoreDoesAllChangesAreThereOrNone) {
    for (const auto moment : {FaultMoment::before_effect, FaultMoment::after_effect}) {
        auto inner = std::make_shared<storage::MemoryStore>();
        auto faulty = std::make_shared<FaultStore>(*inner);
        auto registry = Registry::open(faulty, {});
        ASSERT_TRUE(registry);
        for (const auto& [subject, text] :
             {std::pair("address", record_of({"street"}, "Address")),
              std::pair("frozen", record_of({"f"})), std::pair("gone", record_of({"g"}))}) {
            ASSERT_TRUE((*registry)->register_schema(parse_subject(subject), request_of(text), {}));
        }
        faulty->fail_call(1, moment);
        EXPECT_FALSE((*registry)->apply_plan(everything(), {}));
        ASSERT_TRUE(faulty->has_failed());
        // What another start finds in the store.
        auto again = Registry::open(inner, {});
        ASSERT_TRUE(again);
        const bool is_done = moment == FaultMoment::after_effect;
        (*again)->read([&](const Catalog& catalog) {
            EXPECT_EQ(has_live_version(catalog, parse_subject("person")), is_done);
            EXPECT_EQ(has_live_version(catalog, parse_subject("gone")), !is_done);
            EXPECT_EQ(catalog.find_mode(parse_subject("frozen")) != nullptr, is_done);
            EXPECT_EQ(catalog.find_config(parse_subject("address")) != nullptr, is_done);
        });
        const auto answer = (*registry)->apply_plan(everything(), {});
        ASSERT_TRUE(answer) << message_of(answer);
        EXPECT_EQ(answer->changed, !is_done);
    }
}

TEST(CatalogLayer, SettingsHideThoseBelowAndCanBeTakenAway) {
    const SubjectName subject{".", "s"};
    const auto setting = [&](RecordFamily family, auto value) {
        Change change{{family, ".", "s", 0}, std::monostate()};
        change.value = std::move(value);
        return change;
    };
    Catalog base;
    ASSERT_TRUE(base.apply(setting(RecordFamily::mode, Mode::readonly)));
    Catalog layer = Catalog::layer_over(base);
    EXPECT_EQ(*layer.find_mode(subject), Mode::readonly);
    ASSERT_TRUE(layer.apply(setting(RecordFamily::mode, Mode::readwrite)));
    Catalog above = Catalog::layer_over(layer);
    EXPECT_EQ(*above.find_mode(subject), Mode::readwrite);
    ASSERT_TRUE(above.apply(setting(RecordFamily::mode, std::monostate())));
    EXPECT_EQ(above.find_mode(subject), nullptr);
    auto config = std::make_shared<Config>();
    config->normalize = true;
    ASSERT_TRUE(above.apply(setting(RecordFamily::config, ConfigPtr(config))));
    EXPECT_EQ(above.find_config(subject)->normalize, true);
    EXPECT_EQ(layer.find_config(subject), nullptr);
    EXPECT_EQ(*base.find_mode(subject), Mode::readonly);
}

TEST_F(Plans, WhatBecomesAnAliasGetsNoSchema) {
    PlanChange alias = schema_of("other", record_of({"o"}));
    alias.config = Json{{"alias", "address"}};
    const auto answer = send({alias});
    EXPECT_EQ(code_of(answer), ErrorCode::operation_not_permitted);
    EXPECT_TRUE(versions("other").empty());
    alias.schema.reset();
    EXPECT_TRUE(send({alias})) << "the alias alone is a setting";
}

}  // namespace
}  // namespace symbolon
