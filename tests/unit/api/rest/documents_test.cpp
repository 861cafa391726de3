// The built-in documents are those of the sources they were built from.

#include "api/rest/documents.hpp"

#include "api/rest/routes.hpp"
#include "core/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace symbolon::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Documents, TheContractIsTheFileByteForByte) {
    std::ifstream file(SYMBOLON_SOURCE_DIR "/openapi.yaml", std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_EQ(openapi_yaml(), text.str());
}

TEST(Documents, TheContractAsJsonHasEveryOperation) {
    const auto json = parse_json(openapi_json());
    ASSERT_TRUE(json) << json.error().message;
    for (const Route& route : route_table()) {
        EXPECT_TRUE((*json)["paths"].contains(std::string(route.path))) << route.path;
    }
}

TEST(Documents, ThePageTellsOfEveryOperationAndLoadsNothing) {
    const std::string page(docs_page());
    for (const Route& route : route_table()) {
        EXPECT_THAT(page, HasSubstr("id=\"op-" + std::string(route.operation_id) + "\""));
    }
    EXPECT_THAT(page, Not(HasSubstr("src=")));
    EXPECT_THAT(page, Not(HasSubstr("<link")));
    EXPECT_THAT(page, Not(HasSubstr("@import")));
    EXPECT_THAT(std::string(docs_policy()), HasSubstr("default-src 'none'; style-src 'sha256-"));
}

}  // namespace
}  // namespace symbolon::rest
