// Long: the rules of one feature, each a few lines over one fixture.
#include "api/associations/association_lookups.hpp"
#include "api/associations/association_request.hpp"
#include "core/limits.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::HasSubstr;
using Kind = AssociationOperation::Kind;

const std::string first_schema = record_of({"a"});
const std::string second_schema = record_of({"b"});

AssociationOperation operation(Kind kind, std::string_view type,
                               std::optional<std::string> subject = std::nullopt,
                               std::optional<Lifecycle> lifecycle = std::nullopt) {
    AssociationOperation made;
    made.kind = kind;
    made.association_type = type;
    made.subject = std::move(subject);
    made.lifecycle = lifecycle;
    return made;
}
AssociationOperation with_schema(AssociationOperation made, const std::string& text) {
    made.schema = request_of(text);
    return made;
}
AssociationOperation weak(std::string_view type, std::string subject, Kind kind = Kind::create) {
    return operation(kind, type, std::move(subject), Lifecycle::weak);
}
AssociationOperation strong(std::string_view type, std::string subject, Kind kind = Kind::create) {
    return operation(kind, type, std::move(subject), Lifecycle::strong);
}
AssociationOperation frozen(std::string_view type, const std::string& text,
                            Kind kind = Kind::create) {
    return with_schema(operation(kind, type), text);
}

class AssociationRules : public RegistryFixture {
protected:
    using Operations = std::vector<AssociationOperation>;

    Result<AssociationAnswer> change(const std::string& id, Operations operations,
                                     DryRun dry_run = DryRun::no) {
        AssociationRequest request;
        request.resource_name = "topic-" + id;
        request.resource_namespace = "cluster";
        request.resource_id = id;
        request.operations = std::move(operations);
        return send(request, {std::string(default_context), dry_run});
    }
    Result<AssociationAnswer> send(const AssociationRequest& request,
                                   const AssociationOptions& options = {}) {
        return registry->change_associations(request, options);
    }
    void make(const std::string& id, Operations operations) {
        const auto made = change(id, std::move(operations));
        ASSERT_TRUE(made) << made.error().message;
    }
    Status erase(const std::string& id, Cascade cascade = Cascade::no,
                 std::vector<std::string> types = {}, DryRun dry_run = DryRun::no) {
        AssociationDeletion deletion;
        deletion.resource_id = id;
        deletion.filter.association_types = std::move(types);
        deletion.cascade = cascade;
        return registry->delete_associations(deletion, dry_run);
    }
    std::vector<AssociationPtr> of(const std::string& id) {
        return registry->read(
            [&](const Catalog& catalog) { return list_associations_of_resource(catalog, id, {}); });
    }
    std::string refusal(const std::string& id, const AssociationOperation& refused) {
        const auto result = change(id, {refused});
        EXPECT_EQ(code_of(result), ErrorCode::invalid_association) << message_of(result);
        return message_of(result);
    }
};

// --- what a request must be

TEST_F(AssociationRules, AResourceHasANameANamespaceAnIdAndAType) {
    AssociationRequest request;
    request.operations = {weak("key", "s")};
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceName'"));
    request.resource_name = "t";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceNamespace'"));
    request.resource_namespace = "a:b";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceNamespace'"));
    request.resource_namespace = "-";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceNamespace'"));
    request.resource_namespace = "n";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceId'"));
    request.resource_id = "i";
    request.resource_type = "table";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceType'"));
    request.resource_type = topic_resource;
    request.operations[0].association_type = "header";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'associationType'"));
    request.operations.clear();
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'associations'"));
}

TEST_F(AssociationRules, NamesAndOperationsAreBounded) {
    add("s", first_schema);
    AssociationRequest request;
    request.resource_name = std::string(limits::name_bytes_max + 1, 'n');
    request.resource_namespace = "n";
    request.resource_id = "i";
    request.operations = {weak("key", "s")};
    EXPECT_EQ(code_of(send(request)), ErrorCode::invalid_association);
    request.resource_name.pop_back();
    EXPECT_TRUE(send(request));
    request.operations.assign(limits::association_operations_max, weak("key", "s", Kind::upsert));
    EXPECT_TRUE(send(request));
    request.operations.push_back(weak("key", "s", Kind::upsert));
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'associations'"));
}

// --- creation

TEST_F(AssociationRules, ALifecycleIsWeakUnlessASchemaComesAlong) {
    add("s", first_schema);
    make("1", {operation(Kind::create, "key", "s")});
    ASSERT_EQ(of("1").size(), 1U);
    EXPECT_EQ(of("1")[0]->lifecycle, Lifecycle::weak);
    EXPECT_FALSE(of("1")[0]->frozen);
    const auto made = change("2", {frozen("value", first_schema)});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->associations[0].association->lifecycle, Lifecycle::strong);
    EXPECT_TRUE(made->associations[0].association->frozen);
}

TEST_F(AssociationRules, ASchemaIsRegisteredUnderTheDefaultSubject) {
    const auto made = change("1", {frozen("value", first_schema)});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(to_text(made->associations[0].association->subject), ":.cluster:topic-1-value");
    ASSERT_TRUE(made->associations[0].schema);
    EXPECT_EQ(made->associations[0].schema->version.value(), 1);
    EXPECT_EQ(versions(":.cluster:topic-1-value"), (std::vector{1}));
}

TEST_F(AssociationRules, TwoSchemasOfOneRequestGetIdsOfTheirOwn) {
    const auto made = change("1", {frozen("key", first_schema), frozen("value", second_schema)});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->associations[0].schema->id.value(), 1);
    EXPECT_EQ(made->associations[1].schema->id.value(), 2);
    open();  // and so they are stored
    EXPECT_EQ(get(":.cluster:topic-1-key", 1)->id.value(), 1);
    EXPECT_EQ(get(":.cluster:topic-1-value", 1)->id.value(), 2);
    EXPECT_EQ(add(":.cluster:other", record_of({"c"})).id.value(), 3);
}

TEST_F(AssociationRules, OneSchemaForKeyAndValueHasOneId) {
    const auto made = change("1", {frozen("key", first_schema), frozen("value", first_schema)});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->associations[0].schema->id, made->associations[1].schema->id);
    open();
    EXPECT_EQ(get(":.cluster:topic-1-key", 1)->id, get(":.cluster:topic-1-value", 1)->id);
}

TEST_F(AssociationRules, ARefusedOperationLeavesNothingOfItsRequest) {
    EXPECT_FALSE(change("1", {frozen("key", first_schema), frozen("value", "no schema")}));
    EXPECT_TRUE(of("1").empty());
    EXPECT_TRUE(versions(":.cluster:topic-1-key").empty());
}

TEST_F(AssociationRules, ADryRunChangesNothing) {
    const auto tried = change("1", {frozen("key", first_schema)}, DryRun::yes);
    ASSERT_TRUE(tried) << tried.error().message;
    EXPECT_TRUE(tried->associations.empty());
    EXPECT_EQ(tried->resource_id, "1");
    EXPECT_TRUE(of("1").empty());
    EXPECT_TRUE(versions(":.cluster:topic-1-key").empty());
    EXPECT_EQ(code_of(change("1", {weak("key", "nobody")}, DryRun::yes)),
              ErrorCode::no_live_version);
}

TEST_F(AssociationRules, ADryRunNeedsNoResourceId) {
    add("s", first_schema);
    AssociationRequest request;
    request.resource_name = "topic-1";
    request.resource_namespace = "cluster";
    request.operations = {weak("key", "s")};
    const AssociationOptions options{std::string(default_context), DryRun::yes};
    EXPECT_TRUE(send(request, options));
    make("1", {weak("key", "s")});
    EXPECT_EQ(code_of(send(request, options)), ErrorCode::association_for_resource_exists);
}

TEST_F(AssociationRules, ASchemaGoesWithAFrozenStrongAssociationOnly) {
    auto unfrozen = frozen("key", first_schema);
    unfrozen.frozen = false;
    EXPECT_THAT(refusal("1", unfrozen), HasSubstr("property: 'frozen'"));
    EXPECT_THAT(refusal("1", with_schema(weak("key", "s"), first_schema)),
                HasSubstr("property: 'lifecycle'"));
}

TEST_F(AssociationRules, AFrozenAssociationIsMadeWithItsSchema) {
    add("s", first_schema);
    auto bare = strong("key", "s");
    bare.frozen = true;
    EXPECT_THAT(refusal("1", bare), HasSubstr("property: 'schema'"));
}

TEST_F(AssociationRules, AFrozenAssociationHasTheDefaultSubject) {
    auto elsewhere = frozen("key", first_schema);
    elsewhere.subject = "s";
    EXPECT_THAT(refusal("1", elsewhere), HasSubstr("property: 'subject'"));
    auto named = frozen("key", first_schema);
    named.subject = ":.cluster:topic-1-key";
    EXPECT_TRUE(change("1", {named}));
}

TEST_F(AssociationRules, AFrozenAssociationIsTheFirstToFillItsSubject) {
    add(":.cluster:topic-1-key", first_schema);
    EXPECT_THAT(refusal("1", frozen("key", second_schema)), HasSubstr("has versions already"));
}

TEST_F(AssociationRules, AWeakAssociationNamesASubjectOfItsOwnChoice) {
    add("s", first_schema);
    add(":.cluster:topic-1-key", first_schema);
    EXPECT_THAT(refusal("1", operation(Kind::create, "key", std::nullopt, Lifecycle::weak)),
                HasSubstr("property: 'subject'"));
    EXPECT_THAT(refusal("1", weak("key", ":.cluster:topic-1-key")),
                HasSubstr("property: 'subject'"));
    auto with_frozen = weak("key", "s");
    with_frozen.frozen = true;
    EXPECT_THAT(refusal("1", with_frozen), HasSubstr("property: 'frozen'"));
}

TEST_F(AssociationRules, AStrongAssociationMayLeaveItsSubjectOut) {
    add(":.cluster:topic-1-value", first_schema);
    const auto made =
        change("1", {operation(Kind::create, "value", std::nullopt, Lifecycle::strong)});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(to_text(made->associations[0].association->subject), ":.cluster:topic-1-value");
}

TEST_F(AssociationRules, UnqualifiedSubjectsBelongToTheContextOfTheRequest) {
    add(":.dev:s", first_schema);
    AssociationRequest request;
    request.resource_name = "t";
    request.resource_namespace = "n";
    request.resource_id = "i";
    request.operations = {weak("key", "s")};
    EXPECT_EQ(code_of(send(request)), ErrorCode::no_live_version);
    const auto made = send(request, {".dev", DryRun::no});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(to_text(made->associations[0].association->subject), ":.dev:s");
}

TEST_F(AssociationRules, ASubjectWithoutALiveVersionCannotBeAssociated) {
    EXPECT_EQ(code_of(change("1", {weak("key", "s")})), ErrorCode::no_live_version);
    add("s", first_schema);
    ASSERT_TRUE(remove_all("s"));
    const auto refused = change("1", {weak("key", "s")});
    EXPECT_EQ(code_of(refused), ErrorCode::no_live_version);
    EXPECT_EQ(message_of(refused), "No active (non-deleted) version exists for subject 's'");
}

TEST_F(AssociationRules, AResourceHasOneAssociationOfAType) {
    add("s", first_schema);
    add("t", first_schema);
    make("1", {weak("key", "s")});
    const auto again = change("1", {weak("key", "t")});
    EXPECT_EQ(code_of(again), ErrorCode::association_for_resource_exists);
    EXPECT_EQ(message_of(again),
              "An association of type 'key' already exists for resource 'topic-1'");
    EXPECT_EQ(code_of(change("2", {weak("key", "s"), weak("key", "s")})),
              ErrorCode::association_for_resource_exists);
    EXPECT_TRUE(of("2").empty());
}

TEST_F(AssociationRules, ANameIsOneResource) {
    add("s", first_schema);
    make("1", {weak("key", "s")});
    AssociationRequest request;
    request.resource_name = "topic-1";
    request.resource_namespace = "cluster";
    request.resource_id = "another";
    request.operations = {weak("key", "s")};
    EXPECT_EQ(code_of(send(request)), ErrorCode::association_for_resource_exists);
    request.resource_namespace = "another";
    EXPECT_TRUE(send(request));
}

TEST_F(AssociationRules, AResourceKeepsItsName) {
    add("s", first_schema);
    make("1", {weak("key", "s")});
    AssociationRequest request;
    request.resource_name = "renamed";
    request.resource_namespace = "cluster";
    request.resource_id = "1";
    request.operations = {weak("value", "s")};
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceName'"));
    request.resource_name = "topic-1";
    request.resource_namespace = "elsewhere";
    EXPECT_THAT(message_of(send(request)), HasSubstr("property: 'resourceNamespace'"));
}

TEST_F(AssociationRules, ASubjectHasOneStrongAssociationOrManyWeakOnes) {
    add("s", first_schema);
    add("t", first_schema);
    make("1", {weak("key", "s")});
    make("2", {weak("key", "s")});
    const auto strong_too = change("3", {strong("key", "s")});
    EXPECT_EQ(code_of(strong_too), ErrorCode::association_for_subject_exists);
    EXPECT_EQ(message_of(strong_too), "An association already exists for subject 's'");
    make("4", {strong("key", "t")});
    const auto weak_too = change("5", {weak("key", "t")});
    EXPECT_EQ(code_of(weak_too), ErrorCode::strong_association_exists);
    EXPECT_EQ(message_of(weak_too), "A strong association already exists for subject 't'");
    EXPECT_EQ(code_of(change("5", {strong("key", "t")})), ErrorCode::strong_association_exists);
    EXPECT_EQ(code_of(change("4", {strong("value", "t")})), ErrorCode::strong_association_exists);
    EXPECT_TRUE(change("2", {weak("value", "s")}));  // key and value of one resource
}

TEST_F(AssociationRules, AResourceDoesNotMixLifecycles) {
    add("s", first_schema);
    add("t", first_schema);
    const auto mixed = change("1", {weak("key", "s"), strong("value", "t")});
    EXPECT_THAT(message_of(mixed), HasSubstr("property: 'lifecycle'"));
    make("1", {weak("key", "s")});
    EXPECT_THAT(refusal("1", strong("value", "t")), HasSubstr("property: 'lifecycle'"));
}

TEST_F(AssociationRules, AResourceDoesNotMixFrozenAndNot) {
    add("s", second_schema);
    make("1", {frozen("key", first_schema)});
    EXPECT_THAT(refusal("1", strong("value", "s")), HasSubstr("property: 'frozen'"));
    EXPECT_TRUE(change("1", {frozen("value", second_schema, Kind::upsert)}));
    make("2", {strong("key", "s")});
    EXPECT_THAT(refusal("2", frozen("value", first_schema)), HasSubstr("property: 'frozen'"));
}

// --- references

TEST_F(AssociationRules, AStrongSubjectCannotBeReferenced) {  // REG-8
    add("base", first_schema);
    make("1", {strong("value", "base")});
    const auto referrer = request_of(record_of({"x"}, "Q"), {{"R", "base", 1}});
    const auto refused = try_add("s", referrer);
    EXPECT_EQ(code_of(refused), ErrorCode::operation_not_permitted);
    EXPECT_EQ(message_of(refused),
              "Subject 'base' has a strong association and cannot be referenced");
    EXPECT_TRUE(try_add("base", referrer)) << "its own versions may";
    ASSERT_TRUE(erase("1"));
    EXPECT_TRUE(try_add("s", referrer));
}

TEST_F(AssociationRules, AnImportCannotReferToAStrongSubjectEither) {  // REG-8
    add("base", first_schema);
    make("1", {strong("value", "base")});
    ASSERT_TRUE(set_mode("s", Mode::import));
    auto referrer = request_of(record_of({"x"}, "Q"), {{"R", "base", 1}});
    referrer.id = 77;
    EXPECT_EQ(code_of(try_add("s", referrer)), ErrorCode::operation_not_permitted);
}

TEST_F(AssociationRules, AWeakSubjectCanBeReferenced) {
    add("base", first_schema);
    make("1", {weak("value", "base")});
    EXPECT_TRUE(try_add("s", request_of(record_of({"x"}, "Q"), {{"R", "base", 1}})));
}

TEST_F(AssociationRules, AReferencedSubjectCannotBecomeStrong) {
    add("base", first_schema);
    add("s", request_of(record_of({"x"}, "Q"), {{"R", "base", 1}}));
    EXPECT_EQ(code_of(change("1", {strong("value", "base")})), ErrorCode::reference_exists);
    ASSERT_TRUE(remove_all("s"));
    EXPECT_TRUE(change("1", {strong("value", "base")})) << "its referrer is deleted";
    EXPECT_EQ(code_of(registry->undelete_subject(parse_subject("s"), false)),
              ErrorCode::operation_not_permitted)
        << "and stays so";
}

TEST_F(AssociationRules, WhatARequestMakesStrongItCannotReferToEither) {
    add("base", first_schema);
    add("s", record_of({"x"}, "Q"));
    make("1", {strong("value", "s")});
    auto referring = with_schema(operation(Kind::upsert, "value"), record_of({"y"}, "Q"));
    referring.schema->references = {{"R", "base", 1}};
    const auto refused = change("1", {strong("key", "base"), referring});
    EXPECT_EQ(code_of(refused), ErrorCode::operation_not_permitted) << message_of(refused);
    EXPECT_EQ(versions("s"), (std::vector{1}));
    EXPECT_TRUE(change("1", {referring}));
}

// --- changes

TEST_F(AssociationRules, AnUpsertCreatesWhatIsNotThere) {
    add("s", first_schema);
    EXPECT_TRUE(change("1", {weak("key", "s", Kind::upsert)}));
    EXPECT_EQ(of("1").size(), 1U);
}

TEST_F(AssociationRules, AStrongAssociationCanBecomeWeak) {
    add("s", first_schema);
    make("1", {strong("key", "s")});
    const auto before = of("1")[0];
    ASSERT_TRUE(change("1", {weak("key", "s", Kind::upsert)}));
    const auto after = of("1")[0];
    EXPECT_EQ(after->lifecycle, Lifecycle::weak);
    EXPECT_EQ(after->guid, before->guid);
    EXPECT_EQ(after->create_ts, before->create_ts);
    EXPECT_GT(after->update_ts, before->update_ts);
}

TEST_F(AssociationRules, AnUpsertKeepsWhatItDoesNotName) {
    add("s", first_schema);
    make("1", {strong("key", "s")});
    const auto before = of("1")[0];
    const auto answer = change("1", {operation(Kind::upsert, "key")});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(of("1")[0], before) << "nothing was written";
    EXPECT_EQ(*answer->associations[0].association, *before);
}

TEST_F(AssociationRules, AWeakAssociationIsNeitherPromotedNorFrozen) {
    add("s", first_schema);
    make("1", {weak("key", "s")});
    EXPECT_THAT(refusal("1", strong("key", "s", Kind::upsert)), HasSubstr("property: 'lifecycle'"));
    auto freeze = operation(Kind::upsert, "key");
    freeze.frozen = true;
    EXPECT_THAT(refusal("1", freeze), HasSubstr("property: 'frozen'"));
    EXPECT_THAT(refusal("1", with_schema(operation(Kind::upsert, "key"), second_schema)),
                HasSubstr("property: 'lifecycle'"));
}

TEST_F(AssociationRules, TheSubjectOfAnAssociationStays) {
    add("s", first_schema);
    add("t", first_schema);
    make("1", {weak("key", "s")});
    EXPECT_THAT(refusal("1", weak("key", "t", Kind::upsert)), HasSubstr("property: 'subject'"));
}

TEST_F(AssociationRules, AnUpsertRegistersTheNextVersionOfAStrongSubject) {
    add("s", first_schema);
    make("1", {strong("value", "s")});
    const auto answer = change("1", {with_schema(operation(Kind::upsert, "value"), second_schema)});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->associations[0].schema->version.value(), 2);
    EXPECT_EQ(versions("s"), (std::vector{1, 2}));
}

TEST_F(AssociationRules, AFrozenAssociationDoesNotChange) {
    make("1", {frozen("key", first_schema)});
    const auto refused = change("1", {operation(Kind::upsert, "key", {}, Lifecycle::weak)});
    EXPECT_EQ(code_of(refused), ErrorCode::association_frozen);
    EXPECT_EQ(message_of(refused),
              "The association of type  'key' is frozen for subject ':.cluster:topic-1-key'");
    auto thaw = operation(Kind::upsert, "key");
    thaw.frozen = false;
    EXPECT_EQ(code_of(change("1", {thaw})), ErrorCode::association_frozen);
    EXPECT_EQ(code_of(change("1", {frozen("key", second_schema, Kind::upsert)})),
              ErrorCode::association_frozen);
    EXPECT_TRUE(change("1", {frozen("key", first_schema, Kind::upsert)})) << "the same again";
    EXPECT_EQ(versions(":.cluster:topic-1-key"), (std::vector{1}));
}

TEST_F(AssociationRules, OperationsOfARequestHappenInTheirOrder) {
    add("k", first_schema);
    add("v", first_schema);
    make("1", {weak("key", "k")});
    const auto answer = change("1", {strong("value", "v"), weak("key", "k", Kind::upsert),
                                     operation(Kind::remove, "key")});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_EQ(answer->associations.size(), 1U);
    EXPECT_EQ(answer->associations[0].association->key.association_type, "value");
    ASSERT_EQ(of("1").size(), 1U) << "and what it comes to does not mix lifecycles";
    EXPECT_EQ(of("1")[0]->lifecycle, Lifecycle::strong);
}

TEST_F(AssociationRules, ARemovalNeedsAnAssociationThatIsNotFrozen) {
    EXPECT_EQ(code_of(change("1", {operation(Kind::remove, "key")})),
              ErrorCode::association_not_found);
    make("1", {frozen("key", first_schema)});
    EXPECT_EQ(code_of(change("1", {operation(Kind::remove, "key")})),
              ErrorCode::association_frozen);
}

TEST_F(AssociationRules, AReadOnlySubjectKeepsItsAssociations) {
    add("s", first_schema);
    make("1", {weak("key", "s")});
    ASSERT_TRUE(set_mode("s", Mode::readonly));
    EXPECT_EQ(code_of(change("1", {weak("value", "s")})), ErrorCode::operation_not_permitted);
    EXPECT_EQ(code_of(change("1", {operation(Kind::remove, "key")})),
              ErrorCode::operation_not_permitted);
    EXPECT_EQ(erase("1").error().code, ErrorCode::operation_not_permitted);
}

// --- deletion

TEST_F(AssociationRules, DeletionNeedsSomethingToDelete) {
    const auto refused = erase("nobody");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::association_not_found);
    EXPECT_EQ(refused.error().message, "Association for 'nobody' not found.");
    add("s", first_schema);
    make("1", {weak("key", "s")});
    EXPECT_FALSE(erase("1", Cascade::no, {"value"}));
    EXPECT_TRUE(erase("1", Cascade::no, {"key"}));
    EXPECT_TRUE(of("1").empty());
}

TEST_F(AssociationRules, ADryDeletionDeletesNothing) {
    add("s", first_schema);
    make("1", {weak("key", "s")});
    EXPECT_TRUE(erase("1", Cascade::no, {}, DryRun::yes));
    EXPECT_EQ(of("1").size(), 1U);
    EXPECT_FALSE(erase("2", Cascade::no, {}, DryRun::yes));
}

TEST_F(AssociationRules, ACascadeTakesStrongSubjectsAlong) {
    add("s", first_schema);
    add("t", first_schema);
    make("1", {strong("key", "s")});
    make("2", {weak("key", "t")});
    ASSERT_TRUE(erase("1", Cascade::yes));
    ASSERT_TRUE(erase("2", Cascade::yes));
    EXPECT_TRUE(versions("s").empty());
    EXPECT_EQ(versions("s", View::with_deleted), (std::vector{1})) << "softly";
    EXPECT_EQ(versions("t"), (std::vector{1}));
}

TEST_F(AssociationRules, AStrongSubjectOutlivesADeletionWithoutCascade) {
    add("s", first_schema);
    make("1", {strong("key", "s")});
    ASSERT_TRUE(erase("1"));
    EXPECT_EQ(versions("s"), (std::vector{1}));
}

TEST_F(AssociationRules, AFrozenAssociationGoesWithACascadeOnly) {
    make("1", {frozen("key", first_schema)});
    EXPECT_EQ(erase("1").error().code, ErrorCode::association_frozen);
    EXPECT_TRUE(erase("1", Cascade::yes));
    EXPECT_TRUE(of("1").empty());
    EXPECT_TRUE(change("1", {frozen("key", second_schema)})) << "and can be made again";
}

TEST_F(AssociationRules, AnAssociatedSubjectIsNotDeleted) {  // DEL-8
    add("s", first_schema);
    add("s", second_schema);
    make("1", {weak("key", "s")});
    const auto refused = remove_all("s");
    EXPECT_EQ(code_of(refused), ErrorCode::association_for_subject_exists);
    EXPECT_EQ(code_of(remove_all("s", true)), ErrorCode::association_for_subject_exists);
    EXPECT_TRUE(remove("s", 1)) << "another version lives on";
    EXPECT_TRUE(remove("s", 1, true));
    EXPECT_EQ(code_of(remove("s", 2)), ErrorCode::association_for_subject_exists);
    EXPECT_EQ(code_of(remove("s", 2, true)), ErrorCode::association_for_subject_exists);
    ASSERT_TRUE(erase("1"));
    EXPECT_TRUE(remove_all("s"));
}

TEST_F(AssociationRules, AssociationsOutliveARestart) {
    add("s", first_schema);
    make("1", {strong("key", "s")});
    make("2", {frozen("value", second_schema)});
    const auto before = of("1")[0];
    ASSERT_TRUE(erase("2", Cascade::yes));
    open();
    ASSERT_EQ(of("1").size(), 1U);
    EXPECT_EQ(*of("1")[0], *before);
    EXPECT_TRUE(of("2").empty());
    EXPECT_EQ(code_of(remove_all("s")), ErrorCode::association_for_subject_exists);
}

}  // namespace
}  // namespace symbolon
