#include "cli/schema_files.hpp"

#include "cli/text_file.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace symbolon::cli {
namespace {

using symbolon::testing::TempDir;

std::vector<std::string> paths_of(const client::RegisteredSchema& schema) {
    std::vector<std::string> paths;
    for (const auto& file : name_schema_files(schema)) {
        paths.push_back(file.path);
    }
    return paths;
}

client::RegisteredSchema schema_with(SchemaType type, const std::vector<std::string>& names) {
    client::RegisteredSchema schema;
    schema.subject = "orders-value";
    schema.type = type;
    schema.text = "text";
    for (const auto& name : names) {
        schema.reference_texts.push_back({name, "of " + name, "s", 1});
    }
    return schema;
}

using Paths = std::vector<std::string>;

TEST(SchemaFiles, KeepThePathsThatImportsUse) {
    EXPECT_EQ(paths_of(schema_with(SchemaType::protobuf, {"common/money.proto"})),
              (Paths{"common/money.proto", "orders-value.proto"}));
    EXPECT_EQ(paths_of(schema_with(SchemaType::avro, {"com.acme.Address"})),
              (Paths{"com.acme.Address.avsc", "orders-value.avsc"}));
}

TEST(SchemaFiles, NamesDoNotLeadOutOfTheFolder) {
    EXPECT_EQ(to_safe_path("../../etc/passwd"), "etc/passwd");
    EXPECT_EQ(to_safe_path("/etc/passwd"), "etc/passwd");
    EXPECT_EQ(to_safe_path("a/./b//c/.."), "a/b/c");
    EXPECT_EQ(to_safe_path(".git/hooks/pre-commit"), "_git/hooks/pre-commit");
    EXPECT_EQ(to_safe_path("..\\..\\x"), "_._.._x");
    EXPECT_EQ(to_safe_path("-rf"), "_rf");
    EXPECT_EQ(to_safe_path("http://a/b?c"), "http_/a/b_c");
    EXPECT_EQ(to_safe_path(std::string("a\0b\n\x1b", 5)), "a_b__");
    EXPECT_EQ(to_safe_path(""), "_");
    EXPECT_EQ(to_safe_path("../.."), "_");
    EXPECT_LE(to_safe_path(std::string(100'000, 'x')).size(), 200U);
    std::string deep;
    for (int at = 0; at < 1'000; ++at) {
        deep += "a/";
    }
    EXPECT_LE(to_safe_path(deep).size(), 64U);
}

TEST(SchemaFiles, OneFileIsNotInTheWayOfAnother) {
    EXPECT_EQ(paths_of(schema_with(SchemaType::json, {"a?b", "a*b", "orders-value"})),
              (Paths{"a_b.json", "a_b-2.json", "orders-value.json", "orders-value-2.json"}));
    EXPECT_EQ(paths_of(schema_with(SchemaType::protobuf, {"a.proto/b", "a"})),
              (Paths{"a.proto/b.proto", "a-2.proto", "orders-value.proto"}));
}

TEST(SchemaFiles, ASubjectIsANameAndNoPath) {
    auto schema = schema_with(SchemaType::avro, {});
    schema.subject = ":.ctx:../../a/b";
    EXPECT_EQ(paths_of(schema), Paths{"_.ctx_.._.._a_b.avsc"});
    schema.subject = "";
    schema.id = SchemaId(7);
    EXPECT_EQ(paths_of(schema), Paths{"schema-7.avsc"});
}

TEST(SchemaFiles, AreWrittenAndNotOverOthers) {
    const TempDir folder;
    const auto schema = schema_with(SchemaType::protobuf, {"common/money.proto"});
    const auto files = name_schema_files(schema);
    ASSERT_TRUE(write_schema_files(folder.file("out"), files, Overwrite::no));
    EXPECT_EQ(read_whole_file(folder.file("out/common/money.proto"), 100).value_or(""),
              "of common/money.proto");
    ASSERT_TRUE(write_schema_files(folder.file("out"), files, Overwrite::no)) << "the same again";
    ASSERT_TRUE(write_whole_file(folder.file("out/orders-value.proto"), "mine"));
    ASSERT_FALSE(write_schema_files(folder.file("out"), files, Overwrite::no));
    EXPECT_EQ(read_whole_file(folder.file("out/orders-value.proto"), 100).value_or(""), "mine");
    ASSERT_TRUE(write_schema_files(folder.file("out"), files, Overwrite::yes));
    EXPECT_EQ(read_whole_file(folder.file("out/orders-value.proto"), 100).value_or(""), "text");
}

TEST(SchemaFiles, NothingIsWrittenThroughLinks) {
    const TempDir folder;
    const TempDir elsewhere;
    std::filesystem::create_directory_symlink(elsewhere.path(), folder.path() / "common");
    std::filesystem::create_symlink(elsewhere.path() / "new", folder.path() / "orders-value.avsc");
    const auto by_folder =
        name_schema_files(schema_with(SchemaType::protobuf, {"common/money.proto"}));
    EXPECT_FALSE(write_schema_files(folder.path().string(), by_folder, Overwrite::yes));
    const auto by_file = name_schema_files(schema_with(SchemaType::avro, {}));
    EXPECT_FALSE(write_schema_files(folder.path().string(), by_file, Overwrite::yes));
    EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
}

}  // namespace
}  // namespace symbolon::cli
