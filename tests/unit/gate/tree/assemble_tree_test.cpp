#include "gate/tree/assemble_tree.hpp"

#include "gate/tree/link_references.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Sources = std::vector<std::pair<std::string, std::string>>;

TreeConfig config_of(std::string_view yaml) {
    auto config = parse_tree_config(yaml, "symbolon.yaml");
    EXPECT_TRUE(config) << config.error().message;
    return config ? std::move(*config) : TreeConfig();
}

Result<SchemaTree> assemble(const Sources& sources, std::string_view yaml = "",
                            Extent extent = Extent::part) {
    const TreeConfig config = config_of(yaml);
    std::vector<SourceFile> files;
    for (const auto& [path, text] : sources) {
        const FileClass what = classify(config, path, Named::no);
        EXPECT_EQ(what.kind, FileKind::schema) << path;
        files.push_back({path, path, "shown/" + path, what, text});
    }
    return assemble_tree(config, std::move(files), extent);
}

/// "name->path of the file", "name->subject version" or "name->?" of one file.
std::vector<std::string> links_of(const Result<SchemaTree>& tree, std::string_view path) {
    std::vector<std::string> links;
    if (!tree) {
        return {tree.error().message};
    }
    for (const TreeFile& file : tree->files) {
        for (const TreeReference& reference : file.references) {
            if (file.path != path) {
                continue;
            }
            if (reference.file) {
                EXPECT_EQ(reference.subject, tree->files[*reference.file].subject);
            }
            links.push_back(
                fmt::format("{}->{}", reference.name,
                            reference.file ? tree->files[*reference.file].path
                            : reference.subject.empty()
                                ? "?"
                                : fmt::format("{} {}", reference.subject, reference.version)));
        }
    }
    return links;
}

std::string avro_record(std::string_view name, std::string_view type = "\"string\"") {
    return fmt::format(R"({{"type":"record","name":"{}","fields":[{{"name":"f","type":{}}}]}})",
                       name, type);
}

TEST(Classify, TheNameTellsWhatAFileIs) {
    const TreeConfig config =
        config_of("schemas: [{path: \"x/*.txt\", type: AVRO}, {path: \"x/**\"}]");
    EXPECT_EQ(classify(config, "a.avsc", Named::no).type, SchemaType::avro);
    EXPECT_EQ(classify(config, "a.proto", Named::no).type, SchemaType::protobuf);
    EXPECT_EQ(classify(config, "a.schema.json", Named::no).kind, FileKind::schema);
    EXPECT_EQ(classify(config, "a.json", Named::no).kind, FileKind::perhaps_schema);
    EXPECT_EQ(classify(config, "a.json", Named::yes).kind, FileKind::schema);
    EXPECT_EQ(classify(config, "x/a.json", Named::no).kind, FileKind::schema);
    EXPECT_EQ(classify(config, "x/a.txt", Named::no).kind, FileKind::schema);
    EXPECT_EQ(classify(config, "x/README.md", Named::no).kind, FileKind::other);
    EXPECT_EQ(classify(config, "a.txt", Named::yes).kind, FileKind::other);
}

TEST(AssembleTree, SubjectsAndLevelsAreThoseOfTheirEntry) {
    const auto tree = assemble({{"o/eu/order.avsc", avro_record("com.acme.Order")},
                                {"plain.schema.json", "{}"},
                                {"m.proto", "package p; message M {}"}},
                               R"(level: FORWARD
schemas:
  - {path: "o/**", subject: "{dir}.{stem}-value", level: FULL}
  - {path: "*.proto", subject: "{record}"}
)");
    ASSERT_TRUE(tree) << tree.error().message;
    EXPECT_EQ(tree->files[0].subject, "p.M");
    EXPECT_EQ(tree->files[1].subject, "o.eu.order-value");
    EXPECT_EQ(tree->files[1].level, compat::Level::full);
    EXPECT_EQ(tree->files[1].shown_path, "shown/o/eu/order.avsc");
    EXPECT_EQ(tree->files[2].subject, "plain");
    EXPECT_EQ(tree->files[2].level, std::nullopt);
    EXPECT_EQ(tree->rules.level, compat::Level::forward);
}

TEST(AssembleTree, ASubjectOfARecordNeedsOneUnlessTheTextIsBroken) {
    const std::string yaml = "schemas:\n  - {path: \"*.avsc\", subject: \"{record}\"}";
    const auto tree = assemble({{"a.avsc", "\"string\""}}, yaml);
    ASSERT_FALSE(tree);
    EXPECT_THAT(tree.error().message, HasSubstr("symbolon.yaml:2:5: \"{record}\" needs the name"));
    const auto broken = assemble({{"a.avsc", "{"}}, yaml);
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->files[0].subject, "a");
}

TEST(LinkReferences, AnAvroNameIsAnsweredByTheFileThatDefinesIt) {
    const auto tree =
        assemble({{"order.avsc", avro_record("com.acme.Order", R"(["null","Address","b.Other"])")},
                  {"x/address.avsc", avro_record("com.acme.Address")}});
    EXPECT_THAT(links_of(tree, "order.avsc"),
                ElementsAre("com.acme.Address->x/address.avsc", "b.Other->?"));
    EXPECT_EQ(tree->files[0].references[0].line, 1U);
    EXPECT_EQ(tree->files[0].references[0].column, 79U);
}

TEST(LinkReferences, TheTopOfAFileAnswersBeforeWhatIsWithinAndTheNearBeforeTheFar) {
    const auto within = avro_record("n.Holder", avro_record("n.A"));
    EXPECT_THAT(links_of(assemble({{"a/holder.avsc", within},
                                   {"a/user.avsc", R"(["n.A"])"},
                                   {"z/a.avsc", avro_record("n.A")}}),
                         "a/user.avsc"),
                ElementsAre("n.A->z/a.avsc"));
    EXPECT_THAT(links_of(assemble({{"a/a.avsc", avro_record("n.A")},
                                   {"b/a.avsc", avro_record("n.A")},
                                   {"b/user.avsc", R"(["n.A"])"}}),
                         "b/user.avsc"),
                ElementsAre("n.A->b/a.avsc"));
    EXPECT_THAT(
        links_of(assemble({{"holder.avsc", within}, {"user.avsc", R"(["n.A"])"}}), "user.avsc"),
        ElementsAre("n.A->holder.avsc"));
}

TEST(LinkReferences, AnAvroFileIsReferredToOnceByItsOwnNameWhereThatIsUsed) {
    const auto holder = avro_record("n.Holder", avro_record("n.A"));
    EXPECT_THAT(
        links_of(assemble({{"h.avsc", holder}, {"u.avsc", R"(["n.A", "n.Holder"])"}}), "u.avsc"),
        ElementsAre("n.Holder->h.avsc"));
}

TEST(LinkReferences, ANameWithoutNamespaceAnswersWhereNoneIsNearer) {
    EXPECT_THAT(
        links_of(assemble({{"a.avsc", avro_record("A")}, {"u.avsc", avro_record("n.U", "\"A\"")}}),
                 "u.avsc"),
        ElementsAre("A->a.avsc"));
}

TEST(LinkReferences, AJsonReferenceIsAPathOrAnId) {
    const auto tree =
        assemble({{"s/order.schema.json", R"({"$id": "https://acme.com/s/order.json", "allOf": [
            {"$ref": "./address.schema.json#/$defs/x"}, {"$ref": "../my%20money.schema.json"},
            {"$ref": "https://acme.com/tag.json"}, {"$ref": "kind.json"}, {"$ref": "none.json"},
            {"$ref": "../../out.json"}]})"},
                  {"s/address.schema.json", "{}"},
                  {"my money.schema.json", "{}"},
                  {"t.schema.json", R"({"$id": "https://acme.com/tag.json#"})"},
                  {"k.schema.json", R"({"$id": "https://acme.com/s/kind.json"})"}});
    EXPECT_THAT(links_of(tree, "s/order.schema.json"),
                ElementsAre("./address.schema.json->s/address.schema.json",
                            "../my%20money.schema.json->my money.schema.json",
                            "https://acme.com/tag.json->t.schema.json", "kind.json->k.schema.json",
                            "none.json->?", "../../out.json->?"));
}

TEST(LinkReferences, AnImportIsFoundFromTheRootTheFolderOrByItsEnd) {
    const auto tree = assemble({{"p/a.proto", R"(import "common/money.proto"; import "near.proto";
            import "far/x.proto"; import "twice.proto"; import "none.proto";)"},
                                {"common/money.proto", ""},
                                {"p/common/money.proto", ""},
                                {"p/near.proto", ""},
                                {"q/far/x.proto", ""},
                                {"q/1/twice.proto", ""},
                                {"q/2/twice.proto", ""}});
    EXPECT_THAT(links_of(tree, "p/a.proto"),
                ElementsAre("common/money.proto->common/money.proto", "near.proto->p/near.proto",
                            "far/x.proto->q/far/x.proto", "twice.proto->?", "none.proto->?"));
}

TEST(LinkReferences, AFileOfAnotherTypeAnswersNothing) {
    EXPECT_THAT(
        links_of(assemble({{"a.schema.json", R"({"$ref": "b.avsc"})"}, {"b.avsc", R"("string")"}}),
                 "a.schema.json"),
        ElementsAre("b.avsc->?"));
}

TEST(LinkReferences, WhatTheConfigurationSaysGoesFirst) {
    const Sources sources{{"a.avsc", R"(["n.A", "n.B"])"},
                          {"x.avsc", avro_record("n.A")},
                          {"y.avsc", avro_record("n.Unused")}};
    EXPECT_THAT(links_of(assemble(sources, R"(schemas:
  - path: a.avsc
    references:
      - {name: n.A, subject: a-value, version: 3}
      - {name: n.B, file: x.avsc}
      - {name: n.Unused, file: y.avsc}
)"),
                         "a.avsc"),
                ElementsAre("n.A->a-value 3", "n.B->x.avsc", "n.Unused->y.avsc"));
    EXPECT_THAT(links_of(assemble(sources, R"(schemas:
  - path: "*.avsc"
    references: [{name: n.A, subject: a-value}, {name: n.Unused, subject: u}]
)"),
                         "a.avsc"),
                ElementsAre("n.A->a-value 0", "n.B->?"));
}

TEST(LinkReferences, AConfiguredFileMustBeThereInAWholeTree) {
    const std::string yaml =
        "schemas:\n  - path: a.avsc\n    references:\n      - {name: n.A, file: gone.avsc}\n";
    const Sources sources{{"a.avsc", R"(["n.A"])"}};
    const auto whole = assemble(sources, yaml, Extent::whole);
    ASSERT_FALSE(whole);
    EXPECT_THAT(whole.error().message,
                HasSubstr("symbolon.yaml:4:9: gone.avsc is none of the schema files"));
    EXPECT_THAT(links_of(assemble(sources, yaml), "a.avsc"), ElementsAre("n.A->?"));
}

TEST(LinkReferences, ABrokenTextRefersToNothing) {
    EXPECT_THAT(links_of(assemble({{"a.avsc", R"({"type": "n.A")"}}), "a.avsc"), IsEmpty());
}

TEST(PathFrom, DotsAreTakenOutAndNothingLeavesTheTree) {
    EXPECT_EQ(path_from("a/b.json", "c.json"), "a/c.json");
    EXPECT_EQ(path_from("a/b.json", ".././c//d.json"), "c/d.json");
    EXPECT_EQ(path_from("b.json", "../c.json"), "");
}

}  // namespace
}  // namespace symbolon::gate
