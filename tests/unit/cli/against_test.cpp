#include "cli/against.hpp"

#include "api/registry.hpp"
#include "api/subject_name.hpp"
#include "storage/open_store.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace symbolon::cli {
namespace {

using symbolon::testing::TempDir;

class AgainstRules : public ::testing::Test {
protected:
    Result<std::unique_ptr<Against>> open(const std::string& what) {
        return Against::open(what, flags, {folder.path().string()}, "");
    }
    std::string name_of(const std::string& what) {
        const auto against = open(what);
        return against ? (*against)->baseline().name() : "error: " + against.error().message;
    }
    void expect_words(const std::string& what, const std::string& words) {
        const auto against = open(what);
        ASSERT_FALSE(against) << what;
        EXPECT_NE(against.error().message.find(words), std::string::npos)
            << against.error().message;
    }

    const TempDir folder;
    RegistryFlags flags;
};

TEST_F(AgainstRules, AUrlIsARegistryAndItsPasswordIsNotShown) {
    EXPECT_EQ(name_of("http://user:secret@localhost:1/base/"), "http://localhost:1/base");
    EXPECT_EQ(name_of("https://localhost:1"), "https://localhost:1");
}

TEST_F(AgainstRules, RegistryIsTheOneOfTheFlags) {
    flags.urls = {"http://one:1/"};
    EXPECT_EQ(name_of("registry"), "http://one:1");
    EXPECT_EQ(name_of("registry:"), "http://one:1");
    flags.urls.clear();
    expect_words("registry", "--registry");
}

TEST_F(AgainstRules, AStoreFileIsARegistryThatIsNotAskedForAVerdict) {
    const auto file = folder.file("store.db");
    {
        auto store = storage::open_store("sqlite:" + file);
        ASSERT_TRUE(store);
        auto registry = Registry::open(std::shared_ptr<storage::Store>(*std::move(store)), {});
        ASSERT_TRUE(registry);
        SchemaRequest request;
        request.schema = R"("int")";
        ASSERT_TRUE((*registry)->register_schema(parse_subject("a"), request, {}));
        ASSERT_TRUE((*registry)->register_schema(parse_subject("a"), request, {}));
    }
    const auto against = open(file);
    ASSERT_TRUE(against) << against.error().message;
    auto& baseline = (*against)->baseline();
    EXPECT_EQ(baseline.name(), file);
    const auto subject = baseline.find_subject("a", gate::History::all);
    ASSERT_TRUE(subject) << subject.error().message;
    ASSERT_EQ(subject->versions.size(), 1U);
    EXPECT_EQ(subject->versions.at(0)->name, "a version 1");
    EXPECT_EQ(subject->level, compat::Level::backward);
    EXPECT_FALSE(baseline.ask_server({.subject = "a", .text = R"("string")"}).value().has_value());
}

TEST_F(AgainstRules, AFolderIsReadByItsOwnSettingsElseByTheCandidates) {
    const auto candidates = folder.path() / "new";
    const auto base = folder.path() / "old";
    std::filesystem::create_directories(candidates);
    std::filesystem::create_directories(base);
    std::ofstream(base / "orders.avsc") << R"("int")";
    std::ofstream(candidates / "orders.avsc") << R"("int")";
    const auto find = [&](const std::string& subject) {
        const auto against = Against::open(base.string(), flags, {candidates.string()}, "");
        EXPECT_TRUE(against) << against.error().message;
        const auto found = (*against)->baseline().find_subject(subject, gate::History::latest);
        return found ? found->versions.size() : 99;
    };
    EXPECT_EQ(find("orders"), 1U);
    std::ofstream(candidates / "symbolon.yaml")
        << "version: 1\nschemas:\n  - path: \"*.avsc\"\n    subject: \"{stem}-value\"\n";
    EXPECT_EQ(find("orders-value"), 1U);
    std::ofstream(base / "symbolon.yaml")
        << "version: 1\nschemas:\n  - path: \"*.avsc\"\n    subject: \"{stem}-key\"\n";
    EXPECT_EQ(find("orders-key"), 1U);
}

TEST_F(AgainstRules, ARevisionThatIsNoneIsToldByGit) {
    expect_words("git#", "lacks the revision");
    EXPECT_FALSE(open("git#no-such-branch"));
}

TEST_F(AgainstRules, WhatIsNotThereIsAnErrorThatKnowsWhatWasMeant) {
    expect_words("main", "git#main");
    expect_words("localhost:8081", "http://localhost:8081");
    expect_words("./nowhere/", "no such folder or file");
    expect_words("git:main", "git#main");
    expect_words("sqlite:a.db", "named by its path: a.db");
    expect_words("ftp://host", "http:// or https://");
    expect_words("", "names nothing");
    expect_words("./nowhere/", "git#REF");
}

TEST_F(AgainstRules, AnotherFileIsNoStore) {
    std::ofstream(folder.file("orders.avsc")) << R"("int")";
    expect_words(folder.file("orders.avsc"), "does not begin like an SQLite file");
}

}  // namespace
}  // namespace symbolon::cli
