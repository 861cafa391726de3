#include "cli/client_settings.hpp"

#include "cli/registry_options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace symbolon::cli {
namespace {

class ClientSettings : public ::testing::Test {
protected:
    void TearDown() override {
        for (const auto& row : client_setting_table) {
            ::unsetenv(std::string(row.name).c_str());
        }
    }
    static void set(const std::string& name, const std::string& value) {
        ::setenv(("SYMBOLON_REGISTRY_" + name).c_str(), value.c_str(), 1);
    }
};

TEST_F(ClientSettings, WithoutVariablesTheDefaultsAreTheContracts) {
    set("RETRIES", "");
    const auto options = read_client_settings().value();
    EXPECT_EQ(options.cache_entries_max, 256U);
    EXPECT_EQ(options.cache_ttl, std::chrono::seconds(300));
    EXPECT_EQ(options.retry.retries_max, 3);
    EXPECT_EQ(options.retry.first_delay, std::chrono::milliseconds(500));
}

TEST_F(ClientSettings, EachVariableSetsItsNumber) {
    set("CACHE_ENTRIES", "7");
    set("CACHE_TTL_S", "0");
    set("RETRIES", "1");
    set("RETRY_WAIT_MS", "20");
    const auto options = read_client_settings().value();
    EXPECT_EQ(options.cache_entries_max, 7U);
    EXPECT_EQ(options.cache_ttl, std::chrono::seconds(0));
    EXPECT_EQ(options.retry.retries_max, 1);
    EXPECT_EQ(options.retry.first_delay, std::chrono::milliseconds(20));
}

TEST_F(ClientSettings, WhatIsNoNumberWithinTheBoundsIsToldWithThem) {
    for (const auto& row : client_setting_table) {
        for (const auto& text : {std::to_string(row.least - 1), std::to_string(row.most + 1),
                                 std::string("many"), std::string("7 ")}) {
            ::setenv(std::string(row.name).c_str(), text.c_str(), 1);
            const auto options = read_client_settings();
            ASSERT_FALSE(options) << row.name << text;
            EXPECT_EQ(options.error().code, ErrorCode::malformed_request);
            EXPECT_NE(options.error().message.find(row.name), std::string::npos);
        }
        for (const auto number : {row.least, row.most}) {
            ::setenv(std::string(row.name).c_str(), std::to_string(number).c_str(), 1);
            EXPECT_TRUE(read_client_settings()) << row.name << number;
        }
    }
}

TEST_F(ClientSettings, ManualPagesNameThem) {
    const auto rows = registry_variables();
    for (const auto& row : client_setting_table) {
        EXPECT_EQ(
            std::count_if(rows.begin(), rows.end(),
                          [&](const VariableRow& variable) { return variable.name == row.name; }),
            1)
            << row.name;
    }
}

TEST_F(ClientSettings, AConnectionHeedsThem) {
    RegistryFlags flags;
    flags.urls = {"http://127.0.0.1:1"};
    set("RETRIES", "none");
    const auto connection = connect_registry(flags);
    ASSERT_FALSE(connection);
    EXPECT_NE(connection.error().message.find("SYMBOLON_REGISTRY_RETRIES"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::cli
