#include "gate/report/formats.hpp"

#include <gtest/gtest.h>

namespace symbolon::gate {
namespace {

TEST(Formats, EachIsFoundByItsName) {
    EXPECT_EQ(find_format("text"), Format::text);
    EXPECT_EQ(find_format("github-actions"), Format::github_actions);
    EXPECT_EQ(find_format("markdown"), Format::markdown);
    EXPECT_EQ(find_format("TEXT"), std::nullopt);
    EXPECT_EQ(format_names().size(), 7U);
}

}  // namespace
}  // namespace symbolon::gate
