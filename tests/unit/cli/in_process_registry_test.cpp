#include "cli/in_process_registry.hpp"

#include "api/registry.hpp"
#include "api/subject_name.hpp"
#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/registry_client/registry_admin.hpp"
#include "storage/open_store.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

using symbolon::testing::TempDir;

std::string content_of_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Every file of a folder with a hash of its content.
std::map<std::string, std::size_t> picture_of(const TempDir& folder) {
    std::map<std::string, std::size_t> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        files[entry.path().filename()] = std::hash<std::string>()(content_of_file(entry.path()));
    }
    return files;
}

class InProcessRegistryRules : public ::testing::Test {
protected:
    /// As a server has it: the store stays open while somebody looks.
    std::unique_ptr<Registry> serve() {
        auto store = storage::open_store("sqlite:" + file);
        EXPECT_TRUE(store) << store.error().message;
        auto registry = Registry::open(std::shared_ptr<storage::Store>(*std::move(store)), {});
        EXPECT_TRUE(registry) << registry.error().message;
        return *std::move(registry);
    }
    static void add(Registry& registry, std::string_view subject, std::string text) {
        SchemaRequest request;
        request.schema = std::move(text);
        const auto stored = registry.register_schema(parse_subject(subject), request, {});
        ASSERT_TRUE(stored) << stored.error().message;
    }
    client::RegistryAdmin& open() {
        auto opened = open_in_process_registry(file);
        EXPECT_TRUE(opened) << opened.error().message;
        sender_ = *std::move(opened);
        client::RegistryClientOptions options;
        options.base_urls = {std::string(in_process_url)};
        admin_ = std::make_unique<client::RegistryAdmin>(std::move(options), *sender_,
                                                         client::no_credentials(), clock_);
        return *admin_;
    }
    std::string refusal() const {
        const auto opened = open_in_process_registry(file);
        return opened ? "opened" : opened.error().message;
    }

    const TempDir folder;
    const std::string file = folder.file("orders store.db");

private:
    client::SystemClock clock_;
    std::unique_ptr<client::HttpSender> sender_;
    std::unique_ptr<client::RegistryAdmin> admin_;
};

TEST_F(InProcessRegistryRules, AStoppedServersFileAnswersAsTheServerDid) {
    {
        const auto registry = serve();
        add(*registry, "a/b", R"("int")");
        add(*registry, ":.ctx:orders", R"("string")");
    }
    const auto before = picture_of(folder);
    auto& admin = open();
    EXPECT_EQ(admin.list_subjects({}).value(), (std::vector<std::string>{":.ctx:orders", "a/b"}));
    EXPECT_EQ(admin.get_version("a/b", std::nullopt).value().text, R"("int")");
    EXPECT_EQ(admin.get_version(":.ctx:orders", Version(1)).value().subject, ":.ctx:orders");
    const auto missing = admin.get_version("none", std::nullopt);
    ASSERT_FALSE(missing);
    EXPECT_TRUE(client::is_not_there(missing.error()));
    EXPECT_EQ(picture_of(folder), before) << "nothing was changed or left behind";
}

TEST_F(InProcessRegistryRules, ARunningServersFileCanBeLookedAt) {
    const auto registry = serve();
    add(*registry, "a", R"("int")");
    auto& admin = open();
    EXPECT_EQ(admin.list_subjects({}).value(), (std::vector<std::string>{"a"}));
    add(*registry, "b", R"("int")");
    EXPECT_EQ(admin.list_subjects({}).value().size(), 1U) << "it is a copy of that moment";
}

TEST_F(InProcessRegistryRules, WhatIsRegisteredInTheCopyIsNotInTheFile) {
    {
        const auto registry = serve();
        add(*registry, "a", R"("int")");
    }
    auto& admin = open();
    EXPECT_EQ(admin.check({.subject = "a", .text = R"("string")"}).value().at("is_compatible"),
              false);
    EXPECT_TRUE(admin.register_schema({.subject = "c", .text = R"("int")"}, false));
    EXPECT_EQ(open().list_subjects({}).value().size(), 1U);
}

TEST_F(InProcessRegistryRules, EveryQuestionOfTheAdminIsAnswered) {
    {
        const auto registry = serve();
        add(*registry, "a/b", R"("int")");
        add(*registry, "other", R"("int")");
    }
    using Admin = client::RegistryAdmin;
    auto& admin = open();
    const auto stored = admin.register_schema(
        {.subject = "user",
         .text = R"({"type":"record","name":"U","fields":[{"name":"f","type":"int"}]})",
         .references = {{"x", "a/b", 1}}},
        false);
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(stored->version, Version(1));
    EXPECT_EQ(admin.list_referrers("a/b", Version(1)).value(), (std::vector{stored->id}));
    EXPECT_EQ(admin.get_by_id(stored->id).value().references.size(), 1U);
    EXPECT_EQ(admin.list_uses(SchemaId(1)).value().size(), 2U);
    EXPECT_EQ(admin.look_up({.subject = "other", .text = R"("int")"}, false).value().version,
              Version(1));
    EXPECT_EQ(admin.list_contexts().value(), (std::vector<std::string>{"."}));

    EXPECT_FALSE(admin.get_config("other", Admin::Scope::own).value().has_value());
    EXPECT_TRUE(admin.update_config("other", {{"compatibilityLevel", "FULL"}}));
    EXPECT_EQ(admin.get_config("other", Admin::Scope::own).value()->at("compatibilityLevel"),
              "FULL");
    EXPECT_TRUE(admin.delete_config("other"));
    EXPECT_FALSE(admin.get_mode("other", Admin::Scope::own).value().has_value());
    EXPECT_EQ(admin.get_mode("other", Admin::Scope::effective).value(), "READWRITE");
    EXPECT_TRUE(admin.update_mode("other", "READONLY", false));
    EXPECT_TRUE(admin.delete_mode("other"));

    EXPECT_EQ(admin.delete_version("other", Version(1), client::Deletion::soft).value(),
              Version(1));
    EXPECT_EQ(admin.list_versions("other", client::Deleted::only).value().size(), 1U);
    EXPECT_EQ(admin.list_subjects({}, client::Deleted::only).value(),
              (std::vector<std::string>{"other"}));
    EXPECT_EQ(admin.undelete_version("other", Version(1)).value(), Version(1));
    EXPECT_EQ(admin.delete_subject("other", client::Deletion::soft).value().size(), 1U);
    EXPECT_EQ(admin.undelete_subject("other").value().size(), 1U);
    EXPECT_TRUE(admin.delete_context(".none"));
    EXPECT_TRUE(admin.call("GET", "/schemas/types").value().is_array());
}

TEST_F(InProcessRegistryRules, ManyThreadsMayAsk) {
    {
        const auto registry = serve();
        add(*registry, "a", R"("int")");
    }
    auto& admin = open();
    std::vector<std::thread> threads;
    for (int count = 0; count < 4; ++count) {
        threads.emplace_back([&admin] {
            for (int turn = 0; turn < 50; ++turn) {
                EXPECT_TRUE(admin.get_version("a", std::nullopt));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
}

TEST_F(InProcessRegistryRules, WhatIsNoStoreIsRefusedByName) {
    EXPECT_NE(refusal().find("is not a registry's store"), std::string::npos) << "it is missing";
    std::ofstream(file) << "{\"type\": \"string\"}";
    EXPECT_NE(refusal().find(file + " is not a registry's store"), std::string::npos);
    std::ofstream(file, std::ios::binary) << std::string("SQLite format 3\0", 16) << "and so on";
    EXPECT_NE(refusal().find(file + " cannot be used as a registry"), std::string::npos)
        << refusal();
}

TEST_F(InProcessRegistryRules, AnotherProgramsDatabaseIsRefused) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "CREATE TABLE notes(text)", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    const auto before = picture_of(folder);
    EXPECT_NE(refusal().find("cannot be used as a registry"), std::string::npos) << refusal();
    EXPECT_EQ(picture_of(folder), before);
}

TEST_F(InProcessRegistryRules, ADamagedStoreIsRefusedAndLeftAsItIs) {
    {
        const auto registry = serve();
        for (int count = 0; count < 200; ++count) {
            add(*registry, "subject-" + std::to_string(count), R"("int")");
        }
    }
    auto text = content_of_file(file);
    ASSERT_GT(text.size(), 20'000U);
    std::fill(text.begin() + 4'096, text.end() - 4'096, '\xa5');
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    const auto before = picture_of(folder);
    EXPECT_NE(refusal().find("cannot be used as a registry"), std::string::npos) << refusal();
    EXPECT_EQ(picture_of(folder), before);
}

// The file alone of a store that a server has open: what was committed is beside it.
TEST_F(InProcessRegistryRules, AStoreThatHoldsNothingIsNoBaseline) {
    const auto registry = serve();
    EXPECT_NE(refusal().find("holds nothing"), std::string::npos) << refusal();
    add(*registry, "a", R"("int")");
    EXPECT_EQ(refusal(), "opened");
}

TEST_F(InProcessRegistryRules, OtherAddressesAreNotAnswered) {
    {
        const auto registry = serve();
        add(*registry, "a", R"("int")");
    }
    auto opened = open_in_process_registry(file);
    ASSERT_TRUE(opened);
    EXPECT_FALSE((*opened)->send({.url = "http://localhost:8081/subjects"}));
    EXPECT_EQ((*opened)->send({.url = std::string(in_process_url) + "/nowhere"})->status, 404);
    EXPECT_EQ((*opened)
                  ->send({.method = "PATCH", .url = std::string(in_process_url) + "/subjects"})
                  ->status,
              405);
}

}  // namespace
}  // namespace symbolon::cli
