#include "gate/tree/load_tree.hpp"

#include "core/limits.hpp"
#include "gate/tree/run_git.hpp"
#include "tests/support/tree_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace symbolon::gate {
namespace {

using symbolon::testing::TreeFolder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

constexpr const char* text_v1 = R"({"type":"record","name":"Order","fields":[]})";

/// A repository with commits.
class Repository {
public:
    Repository() { git({"init", "-q", "--template=", "-b", "main", "."}); }

    void commit(const std::string& message) const {
        git({"add", "-A"});
        git({"commit", "-q", "--allow-empty", "-m", message});
    }
    void git(const Words& words) const {
        Words all{"-C", folder.path(),          "-c", "user.name=n",    "-c", "user.email=e@x",
                  "-c", "commit.gpgsign=false", "-c", "core.fsync=none"};
        all.insert(all.end(), words.begin(), words.end());
        const auto answer = run_git(all, {});
        ASSERT_TRUE(answer) << answer.error().message;
        ASSERT_EQ(answer->exit_status, 0) << answer->errors;
    }
    Result<SchemaTree> load(const std::string& revision, const std::string& path = {},
                            const std::string& near = {}) const {
        return load_git_tree({revision, path, folder.file(near), {}});
    }

    TreeFolder folder;
};

Words shown_in(const Result<SchemaTree>& tree) {
    Words shown;
    if (!tree) {
        return {tree.error().message};
    }
    for (const TreeFile& file : tree->files) {
        shown.push_back(file.shown_path);
    }
    return shown;
}

std::string git_problem_of(const Result<SchemaTree>& tree) {
    return tree ? "no error" : tree.error().message;
}

TEST(GitTree, ARevisionsFilesAreReadAndNotTheWorkingTrees) {
    const Repository repository;
    repository.folder.write("schemas/order.avsc", text_v1);
    repository.folder.write("schemas/sub/x.proto", "message M {}");
    repository.folder.write("other/y.avsc", "\"string\"");
    repository.commit("first");
    repository.folder.write("schemas/order.avsc", "changed");
    const auto tree = repository.load("main", "", "schemas");
    ASSERT_TRUE(tree) << git_problem_of(tree);
    EXPECT_EQ(tree->name, "git main:schemas");
    EXPECT_THAT(shown_in(tree), ElementsAre("main:schemas/order.avsc", "main:schemas/sub/x.proto"));
    EXPECT_EQ(tree->files[0].text, text_v1);
    EXPECT_EQ(tree->files[0].path, "order.avsc");
    EXPECT_EQ(tree->files[0].subject, "order");
    EXPECT_THAT(shown_in(repository.load("HEAD", "other", "schemas")),
                ElementsAre("HEAD:other/y.avsc"));
    EXPECT_EQ(repository.load("main")->files.size(), 3U);
    EXPECT_EQ(repository.load("main")->name, "git main");
}

TEST(GitTree, ASingleFileIsATreeToo) {
    const Repository repository;
    repository.folder.write("schemas/order.avsc", text_v1);
    repository.folder.write("schemas/a.json", "{}");
    repository.commit("first");
    EXPECT_THAT(shown_in(repository.load("main", "schemas/a.json")),
                ElementsAre("main:schemas/a.json"));
}

TEST(GitTree, NearASingleFileItsFolderIsRead) {
    const Repository repository;
    repository.folder.write("schemas/order.avsc", text_v1);
    repository.folder.write("schemas/address.avsc", text_v1);
    repository.folder.write("other/x.avsc", text_v1);
    repository.commit("first");
    EXPECT_THAT(shown_in(repository.load("main", "", "schemas/order.avsc")),
                ElementsAre("main:schemas/address.avsc", "main:schemas/order.avsc"));
    const auto around = folder_around(
        {repository.folder.file("schemas/order.avsc"), repository.folder.file("other")});
    ASSERT_TRUE(around);
    EXPECT_EQ(*around, repository.folder.path());
}

TEST(GitTree, TagsAndEarlierCommitsAreRevisions) {
    const Repository repository;
    repository.folder.write("a.avsc", "\"string\"");
    repository.commit("first");
    repository.git({"tag", "-a", "v1", "-m", "one"});
    repository.folder.write("a.avsc", "\"int\"");
    repository.commit("second");
    EXPECT_EQ(repository.load("v1")->files[0].text, "\"string\"");
    EXPECT_EQ(repository.load("main~1")->files[0].text, "\"string\"");
    EXPECT_EQ(repository.load("main")->files[0].text, "\"int\"");
}

TEST(GitTree, TheRevisionsOwnConfigurationMapsIt) {
    const Repository repository;
    repository.folder.write("symbolon.yaml",
                            "schemas: [{path: \"s/*.avsc\", subject: \"old-{stem}\"}]");
    repository.folder.write("s/a.avsc", "\"string\"");
    repository.commit("first");
    repository.folder.write("symbolon.yaml",
                            "schemas: [{path: \"s/*.avsc\", subject: \"new-{stem}\"}]");
    const GitTreeOptions options{"main", "", repository.folder.file("s"),
                                 repository.folder.file("symbolon.yaml")};
    EXPECT_EQ(load_git_tree(options)->files.at(0).subject, "old-a");
}

TEST(GitTree, WithoutOneTheCandidatesMapsIt) {
    const Repository repository;
    repository.folder.write("s/a.avsc", "\"string\"");
    repository.commit("first");
    repository.folder.write("symbolon.yaml",
                            "schemas: [{path: \"s/*.avsc\", subject: \"new-{stem}\"}]");
    const GitTreeOptions options{"main", "", repository.folder.file("s"),
                                 repository.folder.file("symbolon.yaml")};
    EXPECT_EQ(load_git_tree(options)->files.at(0).subject, "new-a");
    const TreeFolder outside(
        {{"c.yaml", "schemas: [{path: \"*.avsc\", subject: \"out-{stem}\"}]"}});
    EXPECT_EQ(load_git_tree({"main", "s", repository.folder.path(), outside.file("c.yaml")})
                  ->files.at(0)
                  .subject,
              "out-a");
}

TEST(GitTree, AConfigurationThatTheUserNamedMapsItWhateverTheRevisionHas) {
    const Repository repository;
    repository.folder.write("s/order.avsc", text_v1);
    repository.folder.write("s/symbolon.yaml", "schemas: [{path: \"*\", subject: theirs}]");
    repository.commit("first");
    const TreeFolder elsewhere;
    elsewhere.write("c.yaml", "schemas: [{path: \"*.avsc\", subject: \"{stem}-value\"}]");
    GitTreeOptions options{"main", "s", repository.folder.path(), {}, {}, {}};
    options.config_file = elsewhere.file("c.yaml");
    const auto tree = load_git_tree(options);
    ASSERT_TRUE(tree) << git_problem_of(tree);
    EXPECT_EQ(tree->files.at(0).subject, "order-value");
}

TEST(GitTree, ABrokenConfigurationOfARevisionIsNamedAsSuch) {
    const Repository repository;
    repository.folder.write("symbolon.yaml", "a: b");
    repository.folder.write("a.avsc", "\"string\"");
    repository.commit("first");
    EXPECT_THAT(git_problem_of(repository.load("main")),
                HasSubstr("main:symbolon.yaml:1:1: symbolon.yaml has no key \"a\""));
}

TEST(GitTree, ReferencesAreFoundWithinTheRevision) {
    const Repository repository;
    repository.folder.write("a.avsc", R"(["n.B"])");
    repository.folder.write("b.avsc", R"({"type":"fixed","name":"n.B","size":1})");
    repository.commit("first");
    const auto tree = repository.load("main");
    ASSERT_TRUE(tree);
    EXPECT_EQ(tree->files[0].references.at(0).file, 1U);
}

TEST(GitTree, HiddenOrExcludedFilesAreNotReadAndLinksOutOfItNotFollowed) {
    const Repository repository;
    repository.folder.write("a.avsc", "\"string\"");
    repository.folder.write(".ci/b.avsc", "\"string\"");
    repository.folder.write("build/x/c.avsc", "\"string\"");
    repository.folder.write("package.json", "{}");
    repository.folder.write("symbolon.yaml", "exclude: [build/]");
    std::filesystem::create_symlink("../a.avsc", repository.folder.file("l.avsc"));
    std::filesystem::create_symlink("nothing.avsc", repository.folder.file("m.avsc"));
    std::filesystem::create_symlink("build", repository.folder.file("n.avsc"));
    repository.commit("first");
    const auto tree = repository.load("main");
    EXPECT_THAT(shown_in(tree), ElementsAre("main:a.avsc"));
    EXPECT_THAT(tree->notes, ElementsAre(HasSubstr("main:package.json"), HasSubstr("main:l.avsc")));
}

// The working tree has them, and what it has would be new otherwise.
TEST(GitTree, LinksToFilesAreFollowedAsInTheWorkingTree) {
    const Repository repository;
    repository.folder.write("s/a.avsc", text_v1);
    repository.folder.write("other/x.avsc", "\"int\"");
    std::filesystem::create_symlink("nowhere.avsc", repository.folder.file("s/b.avsc"));
    std::filesystem::create_symlink("k.avsc", repository.folder.file("s/l.avsc"));
    std::filesystem::create_symlink("a.avsc", repository.folder.file("s/k.avsc"));
    std::filesystem::create_symlink("../other/x.avsc", repository.folder.file("s/out.avsc"));
    repository.commit("first");
    const auto tree = repository.load("main", "", "s");
    EXPECT_THAT(shown_in(tree), ElementsAre("main:s/a.avsc", "main:s/k.avsc", "main:s/l.avsc"));
    EXPECT_EQ(tree->files[2].text, text_v1);
    const std::string link = repository.folder.file("s/out.avsc");
    const auto named = load_git_tree({"main", "", link, {}, {}, {link}});
    EXPECT_THAT(shown_in(named), Contains("main:s/out.avsc"));
    EXPECT_EQ(named->files.back().text, "\"int\"");
}

TEST(GitTree, NamesWithSpacesAndLettersOfTheWorldAreRead) {
    const Repository repository;
    repository.folder.write("mit leer/ä \"x\".avsc", "\"string\"");
    repository.commit("first");
    EXPECT_THAT(shown_in(repository.load("main", "mit leer")),
                ElementsAre("main:mit leer/ä \"x\".avsc"));
}

TEST(GitTree, AnUnknownRevisionSaysHowToFetchIt) {
    const Repository repository;
    repository.commit("first");
    EXPECT_THAT(git_problem_of(repository.load("nowhere")),
                AllOf(HasSubstr("git#nowhere: the repository has no such revision"),
                      HasSubstr("git fetch origin nowhere")));
}

TEST(GitTree, ARevisionCannotBeAFlagOrARange) {
    const Repository repository;
    repository.commit("first");
    repository.commit("second");
    for (const std::string name : {"", "-h", "--all", "--upload-pack=x"}) {
        const auto tree = repository.load(name);
        ASSERT_FALSE(tree) << name;
        EXPECT_EQ(tree.error().code, ErrorCode::malformed_request) << name;
    }
    EXPECT_THAT(git_problem_of(repository.load("main~1..main")), HasSubstr("no such revision"));
    EXPECT_THAT(git_problem_of(repository.load("main\nmain")), HasSubstr("no such revision"));
    EXPECT_THAT(git_problem_of(repository.load("^main")), HasSubstr("no such revision"));
}

TEST(GitTree, AFolderOutsideOfARepositoryIsAnError) {
    const TreeFolder folder({{"a.avsc", ""}});
    EXPECT_THAT(git_problem_of(load_git_tree({"main", "", folder.path(), {}})),
                HasSubstr("is in no git repository"));
}

TEST(GitTree, APathOutOfTheRepositoryIsRefused) {
    const Repository repository;
    repository.commit("first");
    for (const std::string path : {"/etc", "..", "a/../../b"}) {
        EXPECT_THAT(git_problem_of(repository.load("main", path)),
                    HasSubstr("from the repository's root down"))
            << path;
    }
}

TEST(GitTree, APathThatIsNowhereIsAnError) {
    const Repository repository;
    repository.folder.write("schemas/a.avsc", text_v1);
    repository.commit("first");
    EXPECT_THAT(git_problem_of(repository.load("main", "schmas")),
                HasSubstr("neither that revision nor the working tree has schmas"));
}

TEST(GitTree, AFolderThatTheRevisionDoesNotHaveIsEmptyAndSaysSo) {
    const Repository repository;
    repository.folder.write("README.md", "");
    repository.commit("first");
    repository.folder.write("schemas/a.avsc", text_v1);
    const auto tree = repository.load("main", "schemas");
    ASSERT_TRUE(tree) << git_problem_of(tree);
    EXPECT_THAT(tree->files, IsEmpty());
    EXPECT_THAT(tree->notes,
                ElementsAre("main has no schemas, so that every subject counts as new"));
    EXPECT_THAT(repository.load("main")->notes,
                ElementsAre(HasSubstr("git main has no schema file")));
}

TEST(GitTree, AFileTooLargeIsAnError) {
    const Repository repository;
    repository.folder.write("big.avsc", std::string(limits::schema_bytes_max + 1, ' '));
    repository.commit("first");
    EXPECT_THAT(git_problem_of(repository.load("main")),
                AllOf(HasSubstr("main:big.avsc is too large"), HasSubstr("exclude")));
}

TEST(GitTree, WhatAHookSaysOfTheRepositoryIsLeftOut) {
    const Repository repository;
    repository.folder.write("s/a.avsc", "\"string\"");
    repository.commit("first");
    ::setenv("GIT_DIR", ".git", 1);
    ::setenv("GIT_INDEX_FILE", "/nowhere", 1);
    const auto tree = repository.load("main", "", "s");
    ::unsetenv("GIT_DIR");
    ::unsetenv("GIT_INDEX_FILE");
    EXPECT_THAT(shown_in(tree), ElementsAre("main:s/a.avsc"));
}

TEST(GitTree, GitThatIsNotInstalledIsToldAsThat) {
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    const auto tree = load_git_tree({"main", "", "/", {}});
    ::setenv("PATH", path.c_str(), 1);
    EXPECT_THAT(git_problem_of(tree), HasSubstr("git: the program is not installed"));
}

TEST(GitTree, AThousandFilesAreReadThroughOneProcess) {
    const Repository repository;
    std::string stream = "commit refs/heads/main\ncommitter n <e@x> 1 +0000\ndata 0\n";
    const std::string text = std::string(1'000, ' ') + "\"int\"";
    for (int at = 0; at < 1'000; ++at) {
        stream += fmt::format("M 100644 inline f{}.avsc\ndata {}\n{}\n", at, text.size(), text);
    }
    const auto made =
        run_git({"-C", repository.folder.path(), "fast-import", "--quiet"}, stream + "done\n");
    ASSERT_TRUE(made && made->exit_status == 0);
    const TreeFolder counting;
    counting.write("git", "#!/bin/sh\necho >>\"$0.calls\"\nPATH=${PATH#*:} exec git \"$@\"\n");
    std::filesystem::permissions(counting.file("git"), std::filesystem::perms::owner_all);
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", (counting.path() + ":" + path).c_str(), 1);
    const auto tree = repository.load("main");
    ::setenv("PATH", path.c_str(), 1);
    ASSERT_TRUE(tree) << git_problem_of(tree);
    EXPECT_EQ(tree->files.size(), 1'000U);
    const auto calls = std::filesystem::file_size(counting.file("git.calls"));
    EXPECT_GE(calls, 1U);
    EXPECT_LE(calls, 5U);
}

TEST(RunGit, InputAndAnswerMayBothBeLong) {
    const std::string input(1'000'000, '\n');
    const auto answer = run_git({"stripspace"}, input + "x\n");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->out, "x\n");
    const auto failed = run_git({"no-such-command"}, {});
    ASSERT_TRUE(failed);
    EXPECT_NE(failed->exit_status, 0);
    EXPECT_THAT(failed->errors, HasSubstr("no-such-command"));
}

}  // namespace
}  // namespace symbolon::gate
