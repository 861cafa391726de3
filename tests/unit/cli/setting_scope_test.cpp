#include "cli/setting_scope.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::cli {
namespace {

/// "name=label" of each, or why there are none.
std::string scopes_of(const ScopeFlags& flags, UnsaidScope unsaid = UnsaidScope::is_global) {
    const auto scopes = read_scopes(flags, unsaid);
    if (!scopes) {
        return "error: " + scopes.error().message;
    }
    std::string text;
    for (const auto& scope : *scopes) {
        text += (text.empty() ? "" : " < ") + scope.name + "=" + scope.label;
    }
    return text;
}

TEST(SettingScope, InheritsFromItsContextAndTheGlobalOne) {
    EXPECT_EQ(scopes_of({.subject = "a"}), "a=subject < =global");
    EXPECT_EQ(scopes_of({.subject = "a", .context = "staging"}),
              ":.staging:a=subject < :.staging:=context .staging < =global");
    EXPECT_EQ(scopes_of({.subject = ":.staging:a"}),
              ":.staging:a=subject < :.staging:=context .staging < =global");
    EXPECT_EQ(scopes_of({.context = ".staging"}), ":.staging:=context .staging < =global");
    EXPECT_EQ(scopes_of({.subject = ":.staging:"}), ":.staging:=context .staging < =global");
}

TEST(SettingScope, IsTheGlobalOneWhenThatIsSaidOrNothingIs) {
    EXPECT_EQ(scopes_of({.global = true}, UnsaidScope::is_an_error), "=global");
    EXPECT_EQ(scopes_of({}), "=global");
    EXPECT_NE(scopes_of({}, UnsaidScope::is_an_error).find("Which scope?"), std::string::npos);
}

TEST(SettingScope, IsOneScope) {
    EXPECT_TRUE(scopes_of({.subject = "a", .global = true}).starts_with("error: "));
    EXPECT_TRUE(scopes_of({.context = "a", .global = true}).starts_with("error: "));
    EXPECT_TRUE(scopes_of({.subject = ":.b:a", .context = "a"}).starts_with("error: "));
}

TEST(SettingScope, HasATitle) {
    EXPECT_EQ(scope_title({"a", "subject"}), "a");
    EXPECT_EQ(scope_title({":.b:", "context .b"}), "context .b");
    EXPECT_EQ(scope_title({"", "global"}), "everything (global)");
}

}  // namespace
}  // namespace symbolon::cli
