#include "core/limits.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/check/parse_file.hpp"
#include "tests/unit/gate/check/fake_baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::gate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string int_field = R"({"name":"id","type":"int"})";

std::string field_of(const std::string& type) {
    return R"({"name":"x","type":")" + type + R"("})";
}

std::vector<std::string> names_of(const ParsedFile& file) {
    std::vector<std::string> names;
    for (const auto& text : file.reference_texts) {
        names.push_back(text.name);
    }
    return names;
}

TEST(ParseTree, FilesReferToEachOtherInOrderOfDependency) {
    SchemaTree tree = tree_of({tree_file("a.avsc", record("A", {field_of("B")})),
                               tree_file("b.avsc", record("B", {field_of("C")})),
                               tree_file("c.avsc", record("C", {int_field}))});
    tree.files[0].references = {local("B", 1)};
    tree.files[1].references = {local("C", 2)};
    const auto files = parse_tree(tree, nullptr);
    ASSERT_TRUE(files);
    EXPECT_THAT(names_of((*files)[0]), ElementsAre("C", "B"));
    EXPECT_NE((*files)[0].schema, nullptr);
    EXPECT_THAT((*files)[0].references, ElementsAre(Reference{"B", "b-value", 0}));
    EXPECT_EQ((*files)[0].reference_texts[1].subject, "b-value");
    EXPECT_EQ((*files)[0].reference_texts[0].subject, "");
}

TEST(ParseTree, ReferencesOfTheBaselineAreFoundBySubjectAndVersion) {
    FakeBaseline base;
    base.add("b-value", record("B", {int_field}));
    SchemaTree tree = tree_of({tree_file("a.avsc", record("A", {field_of("B")}))});
    tree.files[0].references = {registered("B", "b-value", -1)};
    const auto files = parse_tree(tree, &base);
    ASSERT_TRUE(files);
    EXPECT_NE((*files)[0].schema, nullptr);
    EXPECT_THAT((*files)[0].references, ElementsAre(Reference{"B", "b-value", 1}));
}

TEST(ParseTree, ANameThatNobodyKnowsIsLookedForInTheLatestVersion) {
    FakeBaseline base;
    base.add("b-value", record("B", {int_field}));
    base.add("a-value", record("A", {field_of("B")})).references = {{"B", "b-value", 1}};
    SchemaTree tree = tree_of({tree_file("a.avsc", record("A", {field_of("B")}))});
    tree.files[0].references = {registered("B", "", 0)};
    const auto files = parse_tree(tree, &base);
    ASSERT_TRUE(files);
    EXPECT_NE((*files)[0].schema, nullptr);
    EXPECT_THAT((*files)[0].references, ElementsAre(Reference{"B", "b-value", 1}));
}

TEST(ParseTree, ATextMayBringMoreNamesThanTheOneThatItIsReferredToBy) {
    FakeBaseline base;
    const std::string inner = R"({"name":"c","type":)" + record("C", {int_field}) + "}";
    base.add("b-value", record("B", {inner}));
    SchemaTree tree =
        tree_of({tree_file("a.avsc", record("A", {R"({"name":"y","type":"C"})", field_of("B")}))});
    tree.files[0].references = {registered("C", "", 0), registered("B", "b-value", 1)};
    auto files = parse_tree(tree, &base);
    ASSERT_TRUE(files);
    // C is used before B brings it, which Avro allows.
    EXPECT_THAT((*files)[0].problems, IsEmpty());
    EXPECT_THAT((*files)[0].references, ElementsAre(Reference{"B", "b-value", 1}));
    tree.files[0].references[0].name = "D";
    files = parse_tree(tree, &base);
    ASSERT_TRUE(files);
    ASSERT_EQ((*files)[0].problems.size(), 1U);
    EXPECT_THAT((*files)[0].problems[0].message, HasSubstr("\"D\" is in no file of the tree"));
}

TEST(ParseTree, ABaselineWithoutSubjectsOfItsReferencesStillHasTheirTexts) {
    FakeBaseline base;
    auto& latest = base.add("a-value", record("A", {field_of("B")}));
    latest.references = {{"B", "", 0}};
    latest.reference_texts = {{"C", record("C", {int_field})}, {"B", record("B", {field_of("C")})}};
    SchemaTree tree = tree_of({tree_file("a.avsc", record("A", {field_of("B")}))});
    tree.files[0].references = {registered("B", "", 0)};
    const auto files = parse_tree(tree, &base);
    ASSERT_TRUE(files);
    EXPECT_THAT(names_of((*files)[0]), ElementsAre("C", "B"));
    EXPECT_NE((*files)[0].schema, nullptr);
}

TEST(ParseTree, AReferenceThatLeadsNowhereIsAFindingAtItsPlace) {
    FakeBaseline base;
    SchemaTree tree = tree_of({tree_file("a.avsc", record("A", {field_of("B")})),
                               tree_file("b.avsc", record("B", {field_of("C")}))});
    tree.files[0].references = {local("B", 1, 2, 22)};
    tree.files[1].references = {registered("C", "c-value", 7)};
    const auto files = parse_tree(tree, &base);
    ASSERT_TRUE(files);
    for (const std::size_t at : {0U, 1U}) {
        ASSERT_EQ((*files)[at].problems.size(), 1U);
        EXPECT_EQ((*files)[at].problems[0].rule, "REFERENCE_NOT_FOUND");
        EXPECT_THAT((*files)[at].problems[0].message, HasSubstr("c-value version 7"));
        EXPECT_EQ((*files)[at].schema, nullptr);
    }
    EXPECT_EQ((*files)[0].problems[0].column, 22U);
    EXPECT_EQ((*files)[1].problems[0].column, 3U);
    EXPECT_EQ((*files)[1].problems[0].file, "schemas/b.avsc");
}

TEST(ParseTree, ACircleIsAFindingOfAllThatAreInItOrLeadThere) {
    SchemaTree tree = tree_of({tree_file("a.avsc", record("A", {field_of("B")})),
                               tree_file("b.avsc", record("B", {field_of("C")})),
                               tree_file("c.avsc", record("C", {field_of("B")}))});
    tree.files[0].references = {local("B", 1, 2)};
    tree.files[1].references = {local("C", 2, 2)};
    tree.files[2].references = {local("B", 1, 2)};
    const auto files = parse_tree(tree, nullptr);
    ASSERT_TRUE(files);
    for (const auto& file : *files) {
        ASSERT_EQ(file.problems.size(), 1U);
        EXPECT_EQ(file.problems[0].rule, "REFERENCE_CYCLE");
        EXPECT_EQ(file.problems[0].line, 2U);
    }
    EXPECT_THAT((*files)[0].problems[0].message,
                HasSubstr("schemas/b.avsc → schemas/c.avsc → schemas/b.avsc"));
}

TEST(ParseTree, AJsonSchemaMayReferToItself) {
    SchemaTree tree = tree_of(
        {tree_file("a.json", R"({"$id":"http://x/a.json","items":{"$ref":"http://x/a.json"}})",
                   SchemaType::json)});
    tree.files[0].references = {local("http://x/a.json", 0)};
    const auto files = parse_tree(tree, nullptr);
    ASSERT_TRUE(files);
    EXPECT_THAT((*files)[0].problems, IsEmpty());
    EXPECT_THAT((*files)[0].references, IsEmpty());
}

TEST(ParseTree, AReferenceOfAnotherTypeIsRefused) {
    SchemaTree tree =
        tree_of({tree_file("a.avsc", record("A", {field_of("B")})),
                 tree_file("b.proto", "syntax = \"proto3\"; message B {}", SchemaType::protobuf)});
    tree.files[0].references = {local("B", 1)};
    const auto files = parse_tree(tree, nullptr);
    ASSERT_TRUE(files);
    EXPECT_EQ((*files)[0].problems[0].rule, "INVALID_SCHEMA");
    EXPECT_THAT((*files)[0].problems[0].message, HasSubstr("PROTOBUF"));
}

TEST(ParseTree, AReferenceThatDoesNotParseIsShownWhereItIsNamed) {
    SchemaTree tree = tree_of(
        {tree_file("a.avsc", record("A", {field_of("B")})), tree_file("b.avsc", "{\n\n\n  7}")});
    tree.files[0].references = {local("B", 1, 2, 22)};
    const auto files = parse_tree(tree, nullptr);
    ASSERT_TRUE(files);
    EXPECT_EQ((*files)[0].problems[0].line, 2U);
    EXPECT_THAT((*files)[0].problems[0].message, HasSubstr("\"B\", which is no valid schema"));
    EXPECT_EQ((*files)[1].problems[0].line, 4U);
}

SchemaTree chain_of(std::size_t length) {
    SchemaTree tree;
    for (std::size_t at = 0; at < length; ++at) {
        const std::string next = "R" + std::to_string(at + 1);
        const bool last = at + 1 == length;
        tree.files.push_back(
            tree_file("r" + std::to_string(at) + ".avsc",
                      record("R" + std::to_string(at), {last ? int_field : field_of(next)})));
        if (!last) {
            tree.files.back().references = {local(next, at + 1)};
        }
    }
    return tree;
}

TEST(ParseTree, AChainMayBeAsDeepAsTheBoundAndNoDeeper) {
    const auto within = parse_tree(chain_of(limits::reference_depth_max), nullptr);
    ASSERT_TRUE(within);
    EXPECT_THAT(within->front().problems, IsEmpty());
    const auto beyond = parse_tree(chain_of(limits::reference_depth_max + 1), nullptr);
    ASSERT_TRUE(beyond);
    ASSERT_EQ(beyond->front().problems.size(), 1U);
    EXPECT_THAT(beyond->front().problems[0].message, HasSubstr("nested deeper"));
}

TEST(ParseTree, ReferencesAreBoundedInNumber) {
    SchemaTree tree =
        tree_of({tree_file("a.avsc", record("A", {int_field})), tree_file("b.avsc", R"("int")")});
    for (std::size_t at = 0; at <= limits::references_max; ++at) {
        tree.files[0].references.push_back(local("N" + std::to_string(at), 1));
    }
    const auto files = parse_tree(tree, nullptr);
    ASSERT_TRUE(files);
    EXPECT_EQ(files->front().problems.size(), 1U);
}

TEST(PlaceInMessage, IsTheParsersOrThatOfWhatItQuotes) {
    const auto line_of = [](std::string_view message, SchemaType type, std::string_view text) {
        const auto place = place_in_message(message, type, text);
        return std::pair(place.line, place.column);
    };
    using Place = std::pair<std::size_t, std::size_t>;
    EXPECT_EQ(line_of("Bad (line 3, column 14)", SchemaType::avro, ""), Place(3, 14));
    EXPECT_EQ(line_of("Bad line 9", SchemaType::json, ""), Place(1, 1));
    EXPECT_EQ(line_of("Syntax error in :2:9: x", SchemaType::protobuf, ""), Place(2, 9));
    EXPECT_EQ(line_of("What is \"Foo\"?", SchemaType::protobuf, "a\n  Foo b"), Place(2, 3));
    EXPECT_EQ(line_of("What is \"\"?", SchemaType::protobuf, "a\n  Foo b"), Place(1, 1));
}

}  // namespace
}  // namespace symbolon::gate
