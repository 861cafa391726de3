#include "gate/tree/load_tree.hpp"

#include "core/limits.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/tree_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

namespace symbolon::gate {
namespace {

using symbolon::testing::TreeFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

constexpr const char* string_schema = R"("string")";

std::vector<std::string> paths_of(const SchemaTree& tree) {
    std::vector<std::string> paths;
    for (const TreeFile& file : tree.files) {
        paths.push_back(file.path);
    }
    return paths;
}

std::vector<std::string> subjects_of(const SchemaTree& tree) {
    std::vector<std::string> subjects;
    for (const TreeFile& file : tree.files) {
        subjects.push_back(file.subject);
    }
    return subjects;
}

/// Goes to a folder while it lives.
class WorkingDirectory {
public:
    explicit WorkingDirectory(const std::string& path) : before_(fs::current_path()) {
        fs::current_path(path);
    }
    WorkingDirectory(const WorkingDirectory&) = delete;
    WorkingDirectory& operator=(const WorkingDirectory&) = delete;
    WorkingDirectory(WorkingDirectory&&) = delete;
    WorkingDirectory& operator=(WorkingDirectory&&) = delete;
    ~WorkingDirectory() {
        std::error_code ignored;
        fs::current_path(before_, ignored);
    }

private:
    fs::path before_;
};

std::string error_of(const Result<SchemaTree>& tree) {
    return tree ? "no error" : tree.error().message;
}

TEST(LoadTree, SchemaFilesOfAFolderAreSortedByPath) {
    const TreeFolder folder({{"b.avsc", string_schema},
                             {"a/z.proto", "syntax = \"proto3\";"},
                             {"a.schema.json", "{}"},
                             {"README.md", "text"}});
    const auto tree = load_tree({folder.path()}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("a.schema.json", "a/z.proto", "b.avsc"));
    EXPECT_THAT(subjects_of(*tree), ElementsAre("a", "z", "b"));
    EXPECT_EQ(tree->files[0].type, SchemaType::json);
    EXPECT_EQ(tree->files[1].type, SchemaType::protobuf);
    EXPECT_EQ(tree->files[2].type, SchemaType::avro);
    EXPECT_EQ(tree->files[2].text, string_schema);
    EXPECT_EQ(tree->name, folder.path() + "/");
}

TEST(LoadTree, PathsAreShownFromWhereTheUserStands) {
    const TreeFolder folder({{"schemas/sub/a.avsc", string_schema}});
    const WorkingDirectory here(folder.path());
    for (const auto& [named, shown] : std::vector<std::pair<std::string, std::string>>{
             {"schemas", "schemas/sub/a.avsc"},
             {"schemas/", "schemas/sub/a.avsc"},
             {"./schemas//sub", "schemas/sub/a.avsc"},
             {".", "schemas/sub/a.avsc"},
             {"./", "schemas/sub/a.avsc"},
             {"schemas/sub/a.avsc", "schemas/sub/a.avsc"},
             {folder.file("schemas"), folder.file("schemas/sub/a.avsc")}}) {
        const auto tree = load_tree({named}, {});
        ASSERT_TRUE(tree) << error_of(tree);
        EXPECT_EQ(tree->files.at(0).shown_path, shown) << named;
    }
    EXPECT_EQ(load_tree({"schemas"}, {})->name, "schemas/");
}

TEST(LoadTree, AJsonFileIsASchemaWhenItSaysSo) {
    const TreeFolder folder(
        {{"said.json", R"({"$schema": "http://json-schema.org/draft-07/schema#"})"},
         {"data.json", R"({"a": {"$schema": "http://json-schema.org/draft-07/schema#"}})"},
         {"other.json", R"({"$schema": "https://json.schemastore.org/tsconfig"})"}});
    const auto tree = load_tree({folder.path()}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("said.json"));
    EXPECT_THAT(tree->notes, ElementsAre(AllOf(HasSubstr("2 .json files passed over"),
                                               HasSubstr("data.json"), HasSubstr("other.json"))));
}

TEST(LoadTree, AJsonFileThatIsPassedOverIsKnownByItsPath) {
    const TreeFolder folder;
    folder.write("s/a.avsc", "\"string\"");
    folder.write("s/sub/plain.json", "{}");
    const auto tree = load_tree({folder.file("s")}, {});
    ASSERT_TRUE(tree);
    ASSERT_EQ(tree->plain_json.size(), 1U);
    EXPECT_EQ(tree->plain_json[0].path, "sub/plain.json");
}

TEST(LoadTree, ANamedFileIsASchemaWhateverItSays) {
    const TreeFolder folder({{"plain.json", "{}"}, {"a.avsc", string_schema}, {"x.txt", ""}});
    const auto tree = load_tree({folder.file("plain.json"), folder.file("a.avsc")}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("a.avsc", "plain.json"));
    EXPECT_THAT(error_of(load_tree({folder.file("x.txt")}, {})),
                HasSubstr("x.txt: of which type is this schema?"));
}

TEST(LoadTree, AFileNamedTwiceIsThereOnce) {
    const TreeFolder folder({{"a.avsc", string_schema}});
    const auto tree = load_tree({folder.path(), folder.file("a.avsc")}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("a.avsc"));
}

TEST(LoadTree, ATreeWithoutSchemasIsAnErrorThatSaysWhatWasLookedFor) {
    const TreeFolder folder({{"a.json", "{}"}, {"README.md", ""}, {"b.txt", ""}});
    EXPECT_THAT(error_of(load_tree({folder.path()}, {})),
                AllOf(HasSubstr("there is no schema file in"), HasSubstr(".avsc"),
                      HasSubstr("1 other .json, 2 other files")));
}

TEST(LoadTree, WhatIsNotThereIsAnError) {
    EXPECT_THAT(error_of(load_tree({"/nowhere/at/all"}, {})),
                HasSubstr("\"/nowhere/at/all\" is not there"));
    EXPECT_THAT(error_of(load_tree({}, {})), HasSubstr("name the folder"));
    EXPECT_THAT(error_of(load_tree({""}, {})), HasSubstr("is not there"));
}

TEST(LoadTree, HiddenAndExcludedFoldersArePassedOver) {
    const TreeFolder folder({{"a.avsc", string_schema},
                             {".git/b.avsc", string_schema},
                             {".hidden.avsc", string_schema},
                             {"build/c.avsc", string_schema},
                             {"sub/gen/d.avsc", string_schema},
                             {"sub/e.avsc", string_schema},
                             {"symbolon.yaml", "exclude: [\"build/**\", \"**/gen\", sub/e.*]\n"}});
    const auto tree = load_tree({folder.path()}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("a.avsc"));
}

TEST(LoadTree, AnUnreadableFolderUnderAnExcludedOneIsNobodysBusiness) {
    const TreeFolder folder({{"a.avsc", string_schema}, {"build/x/c.avsc", string_schema}});
    folder.write("symbolon.yaml", "exclude: [build/]\n");
    fs::permissions(folder.file("build"), fs::perms::none);
    const auto tree = load_tree({folder.path()}, {});
    fs::permissions(folder.file("build"), fs::perms::owner_all);
    EXPECT_TRUE(tree) << error_of(tree);
}

TEST(LoadTree, AnUnreadableFileOrFolderIsAnErrorWithItsReason) {
    const TreeFolder folder({{"a.avsc", string_schema}, {"sub/b.avsc", string_schema}});
    fs::permissions(folder.path(), fs::perms::all);
    for (const std::string path : {"sub/b.avsc", "sub"}) {
        fs::permissions(folder.file(path), fs::perms::none);
        const auto message = symbolon::testing::in_child([&folder] {
            symbolon::testing::become_ordinary_user();
            return error_of(load_tree({folder.path()}, {}));
        });
        fs::permissions(folder.file(path), fs::perms::owner_all);
        EXPECT_THAT(message, AllOf(HasSubstr(path + " cannot be read: Permission denied"),
                                   HasSubstr("exclude")));
    }
}

TEST(LoadTree, AFileOf100MegabytesIsAnErrorThatSaysWhich) {
    const TreeFolder folder({{"a.avsc", string_schema}, {"big.avsc", ""}});
    fs::resize_file(folder.file("big.avsc"), 100'000'000);
    EXPECT_THAT(error_of(load_tree({folder.path()}, {})),
                AllOf(HasSubstr("big.avsc is too large"), HasSubstr("100000000 bytes"),
                      HasSubstr(std::to_string(limits::schema_bytes_max)), HasSubstr("exclude")));
    folder.write("symbolon.yaml", "exclude: [big.avsc]\n");
    EXPECT_TRUE(load_tree({folder.path()}, {}));
}

TEST(LoadTree, AFileAtTheLimitIsRead) {
    const TreeFolder folder({{"a.avsc", std::string(limits::schema_bytes_max, ' ')}});
    EXPECT_TRUE(load_tree({folder.path()}, {}));
    folder.write("a.avsc", std::string(limits::schema_bytes_max + 1, ' '));
    EXPECT_FALSE(load_tree({folder.path()}, {}));
}

TEST(LoadTree, FoldersTooDeepAreAnError) {
    const TreeFolder folder({{"a.avsc", string_schema}});
    std::string path;
    for (std::size_t at = 0; at < limits::tree_depth_max; ++at) {
        path += "d/";
    }
    fs::create_directories(folder.file(path));
    EXPECT_TRUE(load_tree({folder.path()}, {}));
    fs::create_directories(folder.file(path + "d/"));
    EXPECT_THAT(error_of(load_tree({folder.path()}, {})), HasSubstr("folders in one another"));
}

TEST(LoadTree, LinksOutOfTheTreeAreNotFollowed) {
    const TreeFolder outside({{"secret.avsc", string_schema}, {"folder/x.avsc", string_schema}});
    const TreeFolder folder({{"a.avsc", string_schema}, {"sub/b.avsc", string_schema}});
    fs::create_symlink(outside.file("secret.avsc"), folder.file("out.avsc"));
    fs::create_symlink(outside.file("folder"), folder.file("out"));
    fs::create_symlink("sub/b.avsc", folder.file("in.avsc"));
    fs::create_symlink("..", folder.file("sub/loop"));
    const auto tree = load_tree({folder.path()}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("a.avsc", "in.avsc", "sub/b.avsc"));
    EXPECT_THAT(tree->notes, ElementsAre(AllOf(HasSubstr("2 links out of the tree"),
                                               HasSubstr("out.avsc"), HasSubstr("out"))));
}

TEST(LoadTree, ALinkToNothingAndAPipeAreErrors) {
    const TreeFolder folder({{"a.avsc", string_schema}});
    fs::create_symlink("nowhere", folder.file("b.avsc"));
    EXPECT_THAT(error_of(load_tree({folder.path()}, {})),
                HasSubstr("b.avsc cannot be read: No such file or directory"));
    fs::remove(folder.file("b.avsc"));
    ASSERT_EQ(::mkfifo(folder.file("c.avsc").c_str(), 0600), 0);
    EXPECT_THAT(error_of(load_tree({folder.path()}, {})),
                HasSubstr("c.avsc cannot be read: it is no regular file"));
}

TEST(LoadTree, TheConfigurationAboveCountsWithinARepositoryAlone) {
    const TreeFolder folder(
        {{"repo/symbolon.yaml", "schemas: [{path: \"schemas/*.avsc\", subject: \"{stem}-value\"}]"},
         {"repo/schemas/a.avsc", string_schema}});
    EXPECT_THAT(subjects_of(*load_tree({folder.file("repo/schemas")}, {})), ElementsAre("a"));
    fs::create_directories(folder.file("repo/.git"));
    EXPECT_THAT(subjects_of(*load_tree({folder.file("repo/schemas")}, {})), ElementsAre("a-value"));
    EXPECT_THAT(subjects_of(*load_tree({folder.file("repo/schemas/a.avsc")}, {})),
                ElementsAre("a-value"));
    EXPECT_EQ(*find_config_file({folder.file("repo/schemas")}, {}),
              folder.file("repo/symbolon.yaml"));
}

TEST(LoadTree, TheNearestConfigurationWinsAndOthersAreTold) {
    const TreeFolder folder({{".git/HEAD", ""},
                             {"symbolon.yaml", "level: NONE"},
                             {"s/symbolon.yaml", "level: FULL"},
                             {"s/t/symbolon.yaml", "level: FORWARD"},
                             {"s/t/a.avsc", string_schema}});
    const auto tree = load_tree({folder.file("s")}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_EQ(tree->rules.level, compat::Level::full);
    EXPECT_THAT(tree->notes, ElementsAre(HasSubstr("t/symbolon.yaml")));
}

TEST(LoadTree, AConfigurationFromElsewhereSpeaksOfTheTree) {
    const TreeFolder folder({{"ci/gate.yaml", "schemas: [{path: a.avsc, subject: other}]"},
                             {"s/a.avsc", string_schema}});
    const auto tree = load_tree({folder.file("s")}, {folder.file("ci/gate.yaml")});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(subjects_of(*tree), ElementsAre("other"));
    EXPECT_THAT(error_of(load_tree({folder.file("s")}, {folder.file("ci/no.yaml")})),
                HasSubstr("ci/no.yaml is not there"));
}

TEST(LoadTree, ABrokenConfigurationIsAnErrorWithItsPlace) {
    const TreeFolder folder(
        {{"symbolon.yaml", "level: BACKWARD\nschemes: []\n"}, {"a.avsc", string_schema}});
    EXPECT_THAT(error_of(load_tree({folder.path()}, {})),
                HasSubstr("symbolon.yaml:2:1: symbolon.yaml has no key \"schemes\" (did you mean "
                          "schemas?)"));
}

TEST(LoadTree, AnEntryThatFitsNothingIsToldForTheWholeTreeAlone) {
    const TreeFolder folder(
        {{"symbolon.yaml", "schemas:\n  - path: orders/*.avsc\n"}, {"a.avsc", string_schema}});
    EXPECT_THAT(load_tree({folder.path()}, {})->notes,
                ElementsAre(HasSubstr("symbolon.yaml:2: no schema file fits \"orders/*.avsc\"")));
    EXPECT_THAT(load_tree({folder.file("a.avsc")}, {})->notes, IsEmpty());
}

TEST(LoadTree, SeveralFoldersHaveTheFolderAroundThemAsTheirRoot) {
    const TreeFolder folder({{"x/a.avsc", string_schema}, {"y/z/b.avsc", string_schema}});
    const auto tree = load_tree({folder.file("y/z"), folder.file("x")}, {});
    ASSERT_TRUE(tree) << error_of(tree);
    EXPECT_THAT(paths_of(*tree), ElementsAre("x/a.avsc", "y/z/b.avsc"));
}

}  // namespace
}  // namespace symbolon::gate
