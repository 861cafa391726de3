// Long: the rules of one operation, each a few lines over one fixture.
#include "tests/support/registry_fixture.hpp"

#include "core/limits.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::owned_by;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::HasSubstr;

const std::string plain_a = record_of({"a"});
const std::string plain_b = record_of({"b"});
const std::string plain_c = record_of({"c"});

/// The level is NONE here, as in most of the contract's examples.
class RegistrationRules : public RegistryFixture {};

TEST_F(RegistrationRules, IdsAndVersionsStartAtOne) {  // ID-4, REG-5
    EXPECT_EQ(add("s", plain_a).id.value(), 1);
    const auto second = add("s", plain_b);
    EXPECT_EQ(second.id.value(), 2);
    EXPECT_EQ(second.version.value(), 2);
}

TEST_F(RegistrationRules, LiveContentKeepsItsVersion) {  // REG-2, REG-15
    add("s", plain_a);
    add("s", plain_b);
    const auto again = add("s", plain_a);
    EXPECT_EQ(again.id.value(), 1);
    EXPECT_EQ(again.version.value(), 1);
    EXPECT_EQ(versions("s"), (std::vector{1, 2}));
}

TEST_F(RegistrationRules, WhitespaceIsNotContent) {  // CAN-1, CAN-5
    add("s", plain_a);
    const auto again = add("s", R"({ "type": "record", "name": "R",
                                     "fields": [ {"name": "a", "type": {"type": "string"}} ] })");
    EXPECT_EQ(again.id.value(), 1);
    EXPECT_EQ(again.content->text, plain_a);
}

TEST_F(RegistrationRules, OneContentHasOneIdInAContext) {  // ID-5
    EXPECT_EQ(add("s", plain_a).id, add("t", plain_a).id);
}

TEST_F(RegistrationRules, ContextsCountIdsByThemselves) {  // ID-6, CTX-2, REG-21
    add("s", plain_a);
    const auto here = add("s", plain_b);
    const auto there = add(":.dev:s", plain_b);
    EXPECT_EQ(here.id.value(), 2);
    EXPECT_EQ(there.id.value(), 1);
    EXPECT_EQ(here.content->guid, there.content->guid);
    EXPECT_EQ(registry->read([](const Catalog& c) { return list_contexts(c); }),
              (std::vector<std::string>{".", ".dev"}));
}

TEST_F(RegistrationRules, SoftDeletedContentComesBackAsANewVersion) {  // REG-16, REG-13
    add("s", plain_a);
    add("s", plain_b);
    ASSERT_TRUE(remove_all("s"));
    const auto back = add("s", plain_a);
    EXPECT_EQ(back.id.value(), 1);
    EXPECT_EQ(back.version.value(), 3);
    EXPECT_EQ(versions("s", View::with_deleted), (std::vector{2, 3}));
}

TEST_F(RegistrationRules, AReferencedTwinStays) {  // REG-13
    add("base", plain_a);
    auto referrer = request_of(record_of({"x"}, "Q"), {{"R", "base", 1}});
    add("s", referrer);
    ASSERT_TRUE(remove_all("s"));
    ASSERT_TRUE(remove("base", 1));
    add("base", plain_a);
    EXPECT_EQ(versions("base", View::with_deleted), (std::vector{1, 2}));
}

TEST_F(RegistrationRules, APermanentlyDeletedTopNumberIsReusedButNoId) {  // REG-17, ID-7
    add("s", plain_a);
    add("s", plain_b);
    ASSERT_TRUE(remove("s", 2));
    ASSERT_TRUE(remove("s", 2, true));
    const auto next = add("s", plain_c);
    EXPECT_EQ(next.version.value(), 2);
    EXPECT_EQ(next.id.value(), 3);
    const auto forgotten = add("t", plain_b);
    EXPECT_EQ(forgotten.id.value(), 4);
}

TEST_F(RegistrationRules, AFailureLeavesNoTrace) {  // REG-22
    EXPECT_FALSE(try_add("s", "{"));
    EXPECT_FALSE(try_add(":.dev:s", R"({"type":"nonsense"})"));
    EXPECT_TRUE(registry
                    ->read([](const Catalog& c) {
                        return list_subjects(c, std::nullopt, View::with_deleted);
                    })
                    .empty());
    EXPECT_EQ(registry->read([](const Catalog& c) { return list_contexts(c).size(); }), 1U);
    EXPECT_EQ(add("s", plain_a).id.value(), 1);
}

TEST_F(RegistrationRules, TheSubjectIsCheckedFirst) {  // REG-1, 42208
    const auto refused = try_add("a\nb", "{");
    EXPECT_EQ(code_of(refused), ErrorCode::invalid_subject);
    EXPECT_EQ(code_of(try_add(":.__GLOBAL:s", plain_a)), ErrorCode::invalid_subject);
}

TEST_F(RegistrationRules, TheEmptySubjectAndTheStarAreLegalUnlessRefused) {  // SUB-2
    EXPECT_TRUE(try_add("", plain_a));
    EXPECT_TRUE(try_add("*", plain_a));
    settings.reject_empty_subject = true;
    open();
    EXPECT_EQ(code_of(try_add("", plain_b)), ErrorCode::invalid_subject);
    EXPECT_EQ(code_of(try_add("*", plain_b)), ErrorCode::invalid_subject);
}

TEST_F(RegistrationRules, AnInvalidSchemaIsPrintedWithItsParsersText) {  // 2.5
    const auto refused = try_add("s", R"({"type":"record","name":"R","fields":[
                                          {"name":"a","type":"Missing"}]})");
    ASSERT_EQ(code_of(refused), ErrorCode::invalid_schema);
    EXPECT_THAT(message_of(refused), HasSubstr("Invalid schema {subject=s,version="));
    EXPECT_THAT(message_of(refused), HasSubstr("schemaType=AVRO,references=[]"));
    EXPECT_THAT(message_of(refused), HasSubstr("} with refs [] of type AVRO, details: "));
    EXPECT_THAT(message_of(refused), HasSubstr("Missing"));
}

TEST_F(RegistrationRules, AMessageRepeatsOnlySoMuchOfASchema) {
    const auto refused = try_add("s", "\"" + std::string(500'000, 'x') + "\"");
    ASSERT_FALSE(refused);
    EXPECT_LT(message_of(refused).size(), 3 * limits::old_schema_message_chars_max);
}

TEST_F(RegistrationRules, AnUnknownTypeAndAnEmptySchemaAreNamed) {  // CAN-6, 2.5
    auto request = request_of(plain_a);
    request.schema_type = "XML";
    EXPECT_EQ(message_of(try_add("s", request)), "Invalid schema type XML");
    EXPECT_EQ(message_of(try_add("s", request_of(""))), "Empty schema");
}

TEST_F(RegistrationRules, AnInvalidRuleSetIsRefused) {  // 42210
    auto request = request_of(plain_a);
    request.rule_set.emplace();
    request.rule_set->domain_rules.push_back({});
    EXPECT_EQ(code_of(try_add("s", request)), ErrorCode::invalid_rule_set);
}

TEST_F(RegistrationRules, AnExplicitVersionComparesAndSets) {  // REG-11
    add("s", plain_a);
    auto request = request_of(plain_b);
    request.version = 3;
    EXPECT_EQ(message_of(try_add("s", request)), "Version is not one more than previous version");
    request.version = 2;
    EXPECT_EQ(add("s", request).version.value(), 2);
    EXPECT_FALSE(try_add("s", request)) << "it never short-circuits (REG-3)";
}

TEST_F(RegistrationRules, NewSchemasAreValidatedStrictly) {  // VAL-1
    const std::string bad_default =
        R"({"type":"record","name":"R","fields":[{"name":"a","type":"string","default":null}]})";
    EXPECT_EQ(code_of(try_add("s", bad_default)), ErrorCode::invalid_schema);
    ASSERT_TRUE(set_config("s", R"({"validateNewSchemas":false})"));
    EXPECT_TRUE(try_add("s", bad_default));
}

TEST_F(RegistrationRules, StrictnessIsASettingToo) {  // VAL-1
    settings.validate_new_schemas = false;
    open();
    EXPECT_TRUE(try_add("s", R"({"type":"record","name":"R","namespace":"a-b","fields":[]})"));
}

TEST_F(RegistrationRules, NormalizationIsAskedForOrConfigured) {  // NORM-1, NORM-3
    const std::string spelled = R"({"name":"R","type":"record","fields":[],"aliases":["z","a"]})";
    const auto normal = try_add("s", request_of(spelled), {true, false});
    ASSERT_TRUE(normal) << message_of(normal);
    ASSERT_TRUE(set_config("t", R"({"normalize":true})"));
    EXPECT_EQ(add("t", spelled).content->text, normal->content->text);
    EXPECT_NE(add("u", spelled).content->text, normal->content->text);
}

TEST_F(RegistrationRules, NormalizedReferencesAreSortedOnce) {  // NORM-2
    add("x", record_of({}, "X"));
    add("y", record_of({}, "Y"));
    const auto request = request_of(plain_a, {{"Y", "y", 1}, {"X", "x", 1}, {"Y", "y", 1}});
    const auto normal = try_add("s", request, {true, false});
    ASSERT_TRUE(normal) << message_of(normal);
    EXPECT_EQ(normal->content->references, (std::vector<Reference>{{"X", "x", 1}, {"Y", "y", 1}}));
}

TEST_F(RegistrationRules, EverythingIsThereAfterARestart) {
    auto request = request_of(plain_a);
    request.metadata = owned_by("me");
    const auto stored = add("s", request);
    ASSERT_TRUE(remove("s", 1));
    add(":.dev:s", plain_b);
    ASSERT_TRUE(set_config("s", R"({"compatibility":"FULL"})"));
    ASSERT_TRUE(set_mode(":.dev:", Mode::readonly));
    open();
    const auto found = get("s", 1, View::with_deleted);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->deleted);
    EXPECT_EQ(found->ts, stored.ts);
    EXPECT_EQ(found->content->metadata, owned_by("me"));
    EXPECT_EQ(found->content->guid, stored.content->guid);
    EXPECT_EQ(code_of(try_add(":.dev:s", plain_c)), ErrorCode::operation_not_permitted);
    EXPECT_EQ(add("t", plain_c).id.value(), 2);
}

// --- metadata and rules

TEST_F(RegistrationRules, OtherMetadataIsAnotherId) {  // ID-5, DC-4
    add("s", plain_a);
    auto request = request_of(plain_a);
    request.metadata = owned_by("me");
    const auto second = add("s", request);
    EXPECT_EQ(second.id.value(), 2);
    EXPECT_EQ(second.version.value(), 2);
    request.metadata = owned_by("you");
    EXPECT_EQ(add("s", request).content->metadata, owned_by("you"));
}

TEST_F(RegistrationRules, AbsentMetadataIsInherited) {  // REG-19, LOOK-4
    auto request = request_of(plain_a);
    request.metadata = owned_by("me");
    const auto first = add("s", request);
    EXPECT_EQ(add("s", plain_a).id, first.id);
    EXPECT_EQ(add("s", plain_b).content->metadata, owned_by("me"));
}

TEST_F(RegistrationRules, RulesAloneMakeANewVersionOfTheSameText) {  // DC-5, REG-6
    add("s", plain_a);
    SchemaRequest request;
    request.rule_set.emplace();
    request.rule_set->domain_rules.push_back({});
    request.rule_set->domain_rules[0].name = "r";
    request.rule_set->domain_rules[0].type = "CEL";
    const auto second = add("s", request);
    EXPECT_EQ(second.version.value(), 2);
    EXPECT_EQ(second.content->text, plain_a);
    request.rule_set.emplace();
    EXPECT_EQ(add("s", request).version.value(), 2) << "an empty rule set counts as none";
}

TEST_F(RegistrationRules, DefaultsAndOverridesAreMerged) {  // DC-3
    ASSERT_TRUE(set_config("s", R"({"defaultMetadata":{"properties":{"a":"d","b":"d"}},
                                    "overrideMetadata":{"properties":{"b":"o"}}})"));
    auto request = request_of(plain_a);
    request.metadata = Metadata{{{"p", {"t"}}}, {{"b", "given"}, {"c", "given"}}, {}};
    const auto added = add("s", request);
    EXPECT_EQ(added.content->metadata->properties,
              (std::map<std::string, std::string>{{"a", "d"}, {"b", "o"}, {"c", "given"}}));
    EXPECT_EQ(add("s", request).version, added.version) << "found again after the merge (REG-9)";
    EXPECT_TRUE(look_up("s", request_of(plain_a)));
}

TEST_F(RegistrationRules, LaterRulesReplaceEarlierOnesOfTheirName) {  // DC-3
    ASSERT_TRUE(set_config("s", R"({"overrideRuleSet":{"domainRules":[
        {"name":"a","type":"NEW"},{"name":"z","type":"NEW"}]}})"));
    auto request = request_of(plain_a);
    request.rule_set.emplace();
    for (const auto* name : {"a", "b"}) {
        Rule rule;
        rule.name = name;
        rule.type = "OLD";
        request.rule_set->domain_rules.push_back(rule);
    }
    const auto added = add("s", request);
    std::vector<std::string> rules;
    for (const auto& rule : added.content->rule_set->domain_rules) {
        rules.push_back(rule.name + rule.type);
    }
    EXPECT_EQ(rules, (std::vector<std::string>{"bOLD", "aNEW", "zNEW"}));
}

TEST_F(RegistrationRules, ConfluentVersionIsWalkedAsTheContractDoes) {  // CV-1 to CV-4
    const auto with_version = [&](std::int32_t version) {
        auto request = request_of(plain_a);
        request.version = version;
        return request;
    };
    const auto with_property = [&](const char* number) {
        auto request = request_of(plain_a);
        request.metadata = Metadata{{}, {{"confluent:version", number}}, {}};
        return request;
    };
    EXPECT_EQ(add("s", plain_a).id.value(), 1);
    EXPECT_EQ(add("s", with_version(-1)).id.value(), 1);
    const auto second = add("s", with_version(2));
    EXPECT_EQ(second.id.value(), 2);
    EXPECT_EQ(second.version.value(), 2);
    EXPECT_EQ(second.content->metadata->properties.at("confluent:version"), "2");
    EXPECT_EQ(add("s", with_version(-1)).id.value(), 2);
    EXPECT_EQ(add("s", with_version(3)).id.value(), 3);
    EXPECT_EQ(code_of(try_add("s", with_version(3))), ErrorCode::invalid_schema);
    EXPECT_EQ(add("s", with_property("2")).id.value(), 2);
    auto empty = request_of(plain_a);
    empty.metadata.emplace();
    EXPECT_EQ(add("s", empty).id.value(), 3);
    EXPECT_EQ(add("s", with_property("0")).version.value(), 4);
}

// --- references

TEST_F(RegistrationRules, AReferenceIsResolvedAndStoredAsANumber) {  // REF-3
    add("base", record_of({"x"}, "Base"));
    const std::string text =
        R"({"type":"record","name":"R","fields":[{"name":"b","type":"Base"}]})";
    const auto added = add("s", request_of(text, {{"Base", "base", -1}}));
    EXPECT_EQ(added.content->references, (std::vector<Reference>{{"Base", "base", 1}}));
    EXPECT_EQ(added.content->text, text);
}

TEST_F(RegistrationRules, AMissingOrDeletedTargetIsInvalid) {  // REF-4
    const auto request = request_of(plain_a, {{"Base", "base", 1}});
    EXPECT_THAT(message_of(try_add("s", request)),
                HasSubstr("No schema reference found for subject \"base\" and version 1"));
    add("base", record_of({"x"}, "Base"));
    ASSERT_TRUE(remove("base", 1));
    EXPECT_EQ(code_of(try_add("s", request)), ErrorCode::invalid_schema);
}

TEST_F(RegistrationRules, ASoftDeletedReferrerCannotComeBackToADeletedTarget) {  // REF-4
    add("base", record_of({"x"}, "Base"));
    const auto request = request_of(plain_a, {{"Base", "base", 1}});
    add("s", request);
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("base", 1));
    EXPECT_EQ(code_of(try_add("s", request)), ErrorCode::invalid_schema);
    EXPECT_TRUE(look_up("s", request, {false, true})) << "looking up still resolves it";
}

TEST_F(RegistrationRules, ATypeThatNoReferenceGivesIsInvalid) {  // REF-7
    add("base", record_of({"x"}, "Base"));
    add("extra", record_of({"x"}, "Extra"));
    const std::string text =
        R"({"type":"record","name":"R","fields":[{"name":"b","type":"Base"}]})";
    EXPECT_FALSE(try_add("s", request_of(text, {{"Extra", "extra", 1}})));
    EXPECT_TRUE(try_add("s", request_of(text, {{"Base", "base", 1}, {"Extra", "extra", 1}})));
}

// --- look-up

TEST_F(RegistrationRules, ALookUpTellsMissingSubjectFromMissingSchema) {  // LOOK-1
    EXPECT_EQ(message_of(look_up("s", request_of(plain_a))), "Subject 's' not found.");
    add("s", plain_a);
    EXPECT_EQ(code_of(look_up("s", request_of(plain_b))), ErrorCode::schema_not_found);
    EXPECT_EQ(look_up("s", request_of(plain_a))->version.value(), 1);
    EXPECT_EQ(code_of(look_up("s", request_of("{"))), ErrorCode::invalid_schema);
}

TEST_F(RegistrationRules, ALookUpSeesDeletedVersionsWhenAsked) {  // LOOK-1, LOOK-7
    add("s", plain_a);
    add("s", plain_b);
    ASSERT_TRUE(remove("s", 1));
    EXPECT_EQ(code_of(look_up("s", request_of(plain_a))), ErrorCode::schema_not_found);
    EXPECT_EQ(look_up("s", request_of(plain_a), {false, true})->version.value(), 1);
    add("s", plain_a);
    EXPECT_EQ(look_up("s", request_of(plain_a), {false, true})->version.value(), 3);
    ASSERT_TRUE(remove_all("s"));
    EXPECT_EQ(code_of(look_up("s", request_of(plain_a))), ErrorCode::subject_not_found);
}

TEST_F(RegistrationRules, AnInlinedSchemaFindsTheOneWithReferences) {  // LOOK-3
    add("base", record_of({"x"}, "Base"));
    add("s", request_of(R"({"type":"record","name":"R","fields":[{"name":"b","type":"Base"}]})",
                        {{"Base", "base", 1}}));
    const auto inlined = request_of(R"({"type":"record","name":"R","fields":[{"name":"b","type":)" +
                                    record_of({"x"}, "Base") + "}]}");
    const auto found = look_up("s", inlined);
    ASSERT_TRUE(found) << message_of(found);
    EXPECT_EQ(found->id.value(), 2);
    EXPECT_EQ(add("s", inlined).id.value(), 2) << "registering finds it too";
}

TEST_F(RegistrationRules, ALookUpFindsReferencesToTheLatest) {  // LOOK-3
    add("base", record_of({"x"}, "Base"));
    add("s", request_of(plain_a, {{"Base", "base", 1}}));
    EXPECT_TRUE(look_up("s", request_of(plain_a, {{"Base", "base", -1}})));
}

TEST_F(RegistrationRules, ALookUpIsLenient) {  // LOOK-6
    settings.validate_new_schemas = false;
    open();
    const std::string odd = R"({"type":"record","name":"R","namespace":"a-b","fields":[]})";
    add("s", odd);
    settings.validate_new_schemas = true;
    open();
    EXPECT_TRUE(look_up("s", request_of(odd)));
    EXPECT_TRUE(try_add("s", odd)) << "what is there already is answered (REG-2)";
}

TEST_F(RegistrationRules, ALookUpMayAskForTheLatest) {  // LOOK-9
    add("s", plain_a);
    add("s", plain_b);
    auto request = request_of(plain_a);
    request.version = -1;
    EXPECT_EQ(code_of(look_up("s", request)), ErrorCode::schema_not_found);
    request.schema = plain_b;
    EXPECT_TRUE(look_up("s", request));
}

TEST_F(RegistrationRules, AnUnqualifiedLookUpSearchesOtherContexts) {  // LOOK-8, CTX-7
    add(":.dev:s", plain_a);
    EXPECT_EQ(look_up("s", request_of(plain_a))->subject, (SubjectName{".dev", "s"}));
    EXPECT_EQ(code_of(look_up(":.other:s", request_of(plain_a))), ErrorCode::subject_not_found);
    // A reference that cannot be resolved there is no match, not an error.
    EXPECT_EQ(code_of(look_up("s", request_of(plain_a, {{"X", "x", 1}}))),
              ErrorCode::subject_not_found);
}

// --- compatibility

class CompatibilityRules : public RegistryFixture {
protected:
    CompatibilityRules() : RegistryFixture(compat::Level::backward) {}

    Result<CheckAnswer> check(std::string_view subject, const std::string& text,
                              std::optional<VersionChoice> version = std::nullopt) {
        return registry->check_compatibility(parse_subject(subject), request_of(text),
                                             {false, true, version});
    }
};

TEST_F(CompatibilityRules, AnIncompatibleSchemaIsRefusedWithTheWholeList) {  // REG-10, 2.2
    add("s", plain_a);
    const auto refused = try_add("s", record_of({"a", "b"}));
    ASSERT_EQ(code_of(refused), ErrorCode::incompatible_schema);
    EXPECT_THAT(message_of(refused),
                HasSubstr("Schema being registered is incompatible with an earlier schema for "
                          "subject \"s\", details: [{errorType:'READER_FIELD_MISSING_DEFAULT"));
    EXPECT_THAT(message_of(refused), HasSubstr("{oldSchemaVersion: 1}, {oldSchema: '"));
    EXPECT_THAT(message_of(refused), HasSubstr("compatibility: 'BACKWARD'}]"));
    EXPECT_EQ(add("s", record_of({"a", "b?"})).version.value(), 2);
}

TEST_F(CompatibilityRules, ForceSkipsTheCheck) {  // REG-10
    add("s", plain_a);
    EXPECT_TRUE(try_add("s", request_of(record_of({"a", "b"})), {false, true}));
}

TEST_F(CompatibilityRules, SoftDeletedVersionsDoNotCount) {  // COMP-2
    add("s", plain_a);
    ASSERT_TRUE(remove("s", 1));
    EXPECT_TRUE(try_add("s", record_of({"a", "b"})));
}

TEST_F(CompatibilityRules, TransitiveLevelsLookAtAllVersions) {  // COMP-1
    add("s", record_of({}));
    add("s", record_of({"a?"}));
    EXPECT_TRUE(check("s", record_of({"a"}))->compatible);
    ASSERT_TRUE(set_config("s", R"({"compatibility":"BACKWARD_TRANSITIVE"})"));
    const auto refused = try_add("s", record_of({"a"}));
    EXPECT_THAT(message_of(refused), HasSubstr("{oldSchemaVersion: 1}"));
}

TEST_F(CompatibilityRules, LevelsActAtOnce) {  // COMP-5
    add("s", plain_a);
    ASSERT_TRUE(set_config("", R"({"compatibility":"NONE"})"));
    EXPECT_TRUE(try_add("s", record_of({"a", "b"})));
    ASSERT_TRUE(registry->delete_config(parse_subject("")));
    EXPECT_FALSE(try_add("s", record_of({"a", "b", "c"})));
}

TEST_F(CompatibilityRules, OnlyTheOwnGroupIsCompared) {  // DC-9
    ASSERT_TRUE(set_config("s", R"({"compatibilityGroup":"major"})"));
    auto first = request_of(plain_a);
    first.metadata = Metadata{{}, {{"major", "1"}}, {}};
    add("s", first);
    auto second = request_of(record_of({"a", "b"}));
    second.metadata = first.metadata;
    EXPECT_FALSE(try_add("s", second));
    second.metadata = Metadata{{}, {{"major", "2"}}, {}};
    EXPECT_TRUE(try_add("s", second));
}

TEST_F(CompatibilityRules, ACheckNamesAVersionOrTakesTheHistory) {  // COMPAT-E1 to E3
    add("s", record_of({"x"}));
    add("s", record_of({"x", "a?"}));
    EXPECT_TRUE(check("s", record_of({"x", "a"}), VersionChoice::latest())->compatible);
    const auto first = check("s", record_of({"x", "a"}), VersionChoice{Version(1)});
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->compatible);
    EXPECT_EQ(first->messages.size(), 4U);  // MSG-1
    EXPECT_EQ(first->findings.size(), 1U);
    EXPECT_EQ(versions("s").size(), 2U) << "COMPAT-E6";
}

TEST_F(CompatibilityRules, AMissingVersionIsTheErrorEvenWithoutSubject) {  // COMPAT-E2
    EXPECT_EQ(message_of(check("none", plain_a, VersionChoice{Version(7)})),
              "Version 7 not found.");
    EXPECT_TRUE(check("none", plain_a, VersionChoice::latest())->compatible);
    EXPECT_TRUE(check("none", plain_a)->compatible);
}

TEST_F(CompatibilityRules, AnInvalidCandidateIsAMessageWhenVerbose) {  // COMPAT-E4, COMPAT-E5
    const auto bad = R"({"type":"record","name":"R","fields":[
                         {"name":"a","type":"string","default":null}]})";
    const auto verbose = check("s", bad);
    ASSERT_TRUE(verbose);
    EXPECT_FALSE(verbose->compatible);
    EXPECT_EQ(verbose->messages.size(), 1U);
    const auto terse =
        registry->check_compatibility(parse_subject("s"), request_of(bad), {false, false, {}});
    EXPECT_EQ(code_of(terse), ErrorCode::invalid_schema);
}

}  // namespace
}  // namespace symbolon
