#include "gate/baseline/tree_baseline.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace symbolon::gate {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TreeReference to_file(const std::string& name, std::size_t file) {
    TreeReference reference;
    reference.name = name;
    reference.file = file;
    reference.subject = "subject-of-" + name;
    return reference;
}

TreeFile file_of(const std::string& subject, std::vector<TreeReference> references = {}) {
    TreeFile file;
    file.path = subject + ".avsc";
    file.shown_path = "main:schemas/" + file.path;
    file.subject = subject;
    file.text = "text of " + subject;
    file.references = std::move(references);
    return file;
}

SchemaTree tree_of(std::vector<TreeFile> files) {
    SchemaTree tree;
    tree.name = "git main:schemas";
    tree.files = std::move(files);
    return tree;
}

SchemaTree candidate_of(std::vector<TreeFile> files) {
    auto tree = tree_of(std::move(files));
    tree.name = "schemas/";
    return tree;
}

TEST(TreeBaseline, ASubjectHasTheOneVersionOfItsFile) {
    auto tree = tree_of({file_of("a"), file_of("b")});
    tree.rules.level = compat::Level::forward;
    tree.files[1].level = compat::Level::full;
    const auto baseline = make_tree_baseline(std::move(tree), TreePlace::revision);
    const auto found = baseline->find_subject("a", History::all);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->versions.size(), 1U);
    EXPECT_EQ(found->versions[0]->name, "main:schemas/a.avsc");
    EXPECT_EQ(found->versions[0]->file, "");
    EXPECT_EQ(found->versions[0]->text, "text of a");
    EXPECT_EQ(found->versions[0]->version.value(), 0);
    EXPECT_EQ(found->level, compat::Level::forward);
    EXPECT_EQ(baseline->find_subject("b", History::latest)->level, compat::Level::full);
    EXPECT_EQ(baseline->name(), "git main:schemas");
    EXPECT_EQ(*baseline->ask_server({}), std::nullopt);
}

TEST(TreeBaseline, AFileOfAFolderIsNamedWhereItStandsAndOneOfARevisionIsNot) {
    const auto file_in = [](TreePlace place) {
        auto tree = tree_of({file_of("a")});
        tree.files[0].shown_path = "old/a.avsc";
        return (*make_tree_baseline(std::move(tree), place)->find_version("a", 0))->file;
    };
    EXPECT_EQ(file_in(TreePlace::folder), "old/a.avsc");
    EXPECT_EQ(file_in(TreePlace::revision), "");
}

TEST(TreeBaseline, AVersionIsOneObjectHoweverOftenItIsAskedFor) {
    const auto baseline = make_tree_baseline(tree_of({file_of("a")}), TreePlace::revision);
    EXPECT_EQ(baseline->find_subject("a", History::latest)->versions[0],
              *baseline->find_version("a", 0));
}

TEST(TreeBaseline, ASubjectThatIsNotThereIsNewAndAVersionOfItNotFound) {
    const auto baseline = make_tree_baseline(tree_of({file_of("a")}), TreePlace::revision);
    EXPECT_THAT(baseline->find_subject("b", History::all)->versions, IsEmpty());
    const auto version = baseline->find_version("b", 0);
    ASSERT_FALSE(version);
    EXPECT_EQ(version.error().code, ErrorCode::schema_not_found);
}

TEST(TreeBaseline, ReferencesComeInOrderOfDependencyAndOnce) {
    const auto baseline =
        make_tree_baseline(tree_of({file_of("top", {to_file("left", 1), to_file("right", 2)}),
                                    file_of("left", {to_file("base", 3)}),
                                    file_of("right", {to_file("base", 3)}), file_of("base")}),
                           TreePlace::revision);
    const auto version = baseline->find_version("top", 0);
    ASSERT_TRUE(version);
    std::vector<std::string> names;
    std::vector<std::string> subjects;
    for (const auto& text : (*version)->reference_texts) {
        names.push_back(text.name);
        subjects.push_back(text.subject);
    }
    EXPECT_THAT(names, ElementsAre("base", "left", "right"));
    EXPECT_THAT(subjects, ElementsAre("", "left", "right"));
    EXPECT_THAT((*version)->references, ElementsAre(Reference{"left", "subject-of-left", 0},
                                                    Reference{"right", "subject-of-right", 0}));
}

TEST(TreeBaseline, ACircleEnds) {
    const auto baseline = make_tree_baseline(
        tree_of({file_of("a", {to_file("b", 1)}), file_of("b", {to_file("a", 0)})}),
        TreePlace::revision);
    EXPECT_TRUE(baseline->find_version("a", 0));
}

TEST(TreeBaseline, AChainTooLongIsAnErrorAndOneAtTheLimitIsNot) {
    std::vector<TreeFile> files;
    const std::size_t count = limits::reference_depth_max + 2;
    for (std::size_t at = 0; at < count; ++at) {
        files.push_back(file_of(fmt::format("f{}", at)));
        if (at + 1 < count) {
            files.back().references = {to_file(fmt::format("f{}", at + 1), at + 1)};
        }
    }
    const auto baseline = make_tree_baseline(tree_of(std::move(files)), TreePlace::revision);
    EXPECT_TRUE(baseline->find_version("f1", 0));
    const auto refused = baseline->find_version("f0", 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::check_too_costly);
}

TEST(TreeBaseline, SubjectsThatAreGoneAreTold) {
    const auto baseline = make_tree_baseline(tree_of({file_of("c"), file_of("a"), file_of("b")}),
                                             TreePlace::revision);
    EXPECT_THAT(baseline->collect_notes(candidate_of({file_of("b")})),
                ElementsAre("a was in git main:schemas and is no longer in schemas/",
                            "c was in git main:schemas and is no longer in schemas/"));
    auto single = candidate_of({file_of("b")});
    single.name = "schemas/b.avsc";
    EXPECT_THAT(baseline->collect_notes(single), IsEmpty());
}

TEST(TreeBaseline, AFileThatIsStillThereAndNoSchemaAnyMoreIsLost) {
    const auto baseline =
        make_tree_baseline(tree_of({file_of("a"), file_of("b")}), TreePlace::revision);
    auto candidate = candidate_of({file_of("b")});
    EXPECT_THAT(baseline->find_lost(candidate), IsEmpty());
    const std::string path = file_of("a").path;
    candidate.plain_json = {{path, "schemas/" + path}, {"package.json", "schemas/package.json"}};
    const auto lost = baseline->find_lost(candidate);
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].subject, file_of("a").subject);
    EXPECT_EQ(lost[0].file, "schemas/" + path);
    candidate.files.push_back(file_of("a"));
    candidate.files.back().path = "moved/" + path;
    EXPECT_THAT(baseline->find_lost(candidate), IsEmpty());
}

TEST(TreeBaseline, ManyThatAreGoneAreCounted) {
    std::vector<TreeFile> files;
    for (int at = 0; at < 30; ++at) {
        files.push_back(file_of(fmt::format("f{}", at)));
    }
    const auto baseline = make_tree_baseline(tree_of(std::move(files)), TreePlace::revision);
    const auto notes = baseline->collect_notes(candidate_of({}));
    ASSERT_EQ(notes.size(), 21U);
    EXPECT_THAT(notes.back(), HasSubstr("10 more subjects"));
}

TEST(TreeBaseline, AnEmptyTreeSaysWhyEverySubjectIsNew) {
    auto tree = tree_of({});
    tree.notes = {"main has no schemas, so that every subject counts as new"};
    EXPECT_THAT(make_tree_baseline(std::move(tree), TreePlace::revision)
                    ->collect_notes(candidate_of({file_of("a")})),
                ElementsAre(AllOf(HasSubstr("main has no schemas"), HasSubstr("new"))));
}

}  // namespace
}  // namespace symbolon::gate
