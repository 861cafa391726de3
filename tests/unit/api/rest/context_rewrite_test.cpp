#include "api/rest/context_rewrite.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::rest {
namespace {

/// The path after the rewrite, decoded, with the parameters that a rewrite may set.
std::string rewritten(std::string_view text, Method method = Method::get) {
    RequestTarget target;
    if (!target.parse(text) || !rewrite_context_path(method, target)) {
        return "refused";
    }
    std::string result;
    for (std::size_t at = 0; at < target.size(); ++at) {
        result += "/" + std::string(target.segment(at));
    }
    for (const std::string_view name : {"subject", "subjectPrefix"}) {
        if (const auto value = target.find(name)) {
            result += "?" + std::string(name) + "=" + std::string(*value);
        }
    }
    return result.empty() ? "/" : result;
}

TEST(ContextRewrite, QualifiesTheSubjectOfAPath) {
    EXPECT_EQ(rewritten("/contexts/.c/subjects/s/versions"), "/subjects/:.c:s/versions");
    EXPECT_EQ(rewritten("/contexts/.c/subjects/a%2Fb/versions/1"), "/subjects/:.c:a/b/versions/1");
    EXPECT_EQ(rewritten("/contexts/.c/compatibility/subjects/s/versions"),
              "/compatibility/subjects/:.c:s/versions");
    EXPECT_EQ(rewritten("/contexts/.c/validate/subjects/s/versions/1"),
              "/validate/subjects/:.c:s/versions/1");
    EXPECT_EQ(rewritten("/contexts/.c/associations/subjects/s"), "/associations/subjects/:.c:s");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/s/versions/1"), "/schemas/:.c:s/versions/1");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/s/versions/1/compatibility"),
              "/schemas/:.c:s/versions/1/compatibility");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/ids/1/versions"),
              "/schemas/ids/1/versions?subject=:.c:");
}

TEST(ContextRewrite, KnowsEverySpellingOfAContext) {
    for (const std::string_view name : {".c", "c", ":.c:", "%3A.c%3A", ":c:", ":.c"}) {
        EXPECT_EQ(rewritten("/contexts/" + std::string(name) + "/subjects/s"), "/subjects/:.c:s")
            << name;
    }
    EXPECT_EQ(rewritten("/contexts/a:b/subjects/s"), "refused");
}

TEST(ContextRewrite, TheDefaultContextAddsNothingToNames) {
    EXPECT_EQ(rewritten("/contexts/:.:/subjects/s"), "/subjects/s");
    EXPECT_EQ(rewritten("/contexts/./subjects"), "/subjects?subjectPrefix=");
    EXPECT_EQ(rewritten("/contexts/./config"), "/config/:.:");
    EXPECT_EQ(rewritten("/contexts/./schemas/ids/1"), "/schemas/ids/1?subject=");
}

TEST(ContextRewrite, ConfigAndModeBecomeThoseOfTheContext) {
    EXPECT_EQ(rewritten("/contexts/.c/config"), "/config/:.c:");
    EXPECT_EQ(rewritten("/contexts/.c/mode"), "/mode/:.c:");
    EXPECT_EQ(rewritten("/contexts/.c/config/s"), "/config/:.c:s");
    EXPECT_EQ(rewritten("/contexts/.c/mode/s"), "/mode/:.c:s");
}

TEST(ContextRewrite, ListsAndIdsAreRestrictedByTheirQuery) {
    EXPECT_EQ(rewritten("/contexts/.c/subjects"), "/subjects?subjectPrefix=:.c:");
    EXPECT_EQ(rewritten("/contexts/.c/subjects?subjectPrefix=ab"),
              "/subjects?subjectPrefix=:.c:ab");
    EXPECT_EQ(rewritten("/contexts/.c/schemas"), "/schemas?subjectPrefix=:.c:");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/ids/1"), "/schemas/ids/1?subject=:.c:");
    EXPECT_EQ(rewritten("/contexts/.c/validate/schemas/ids/1"),
              "/validate/schemas/ids/1?subject=:.c:");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/ids/1/versions?subject=s"),
              "/schemas/ids/1/versions?subject=:.c:s");
}

TEST(ContextRewrite, WhatIsQualifiedStaysAsItIs) {
    EXPECT_EQ(rewritten("/contexts/.c/subjects/%3A.c%3As/versions"), "/subjects/:.c:s/versions");
    EXPECT_EQ(rewritten("/contexts/.c/subjects/:.d:s/versions"), "/subjects/:.d:s/versions");
    EXPECT_EQ(rewritten("/contexts/.c/subjects?subjectPrefix=:*:"), "/subjects?subjectPrefix=:*:");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/ids/1?subject=:.d:s"),
              "/schemas/ids/1?subject=:.d:s");
}

TEST(ContextRewrite, NamesThatLookLikeKeywordsSurvive) {
    EXPECT_EQ(rewritten("/contexts/.c/subjects/subjects/versions"),
              "/subjects/:.c:subjects/versions");
    EXPECT_EQ(rewritten("/contexts/.c/config/subjects"), "/config/:.c:subjects");
    EXPECT_EQ(rewritten("/contexts/.c/subjects/contexts"), "/subjects/:.c:contexts");
    EXPECT_EQ(rewritten("/contexts/.c/associations/resources/subjects/t"),
              "/associations/resources/subjects/t");
    EXPECT_EQ(rewritten("/contexts/subjects/subjects/s"), "/subjects/:.subjects:s");
}

TEST(ContextRewrite, OtherPathsStayAsTheyAre) {
    EXPECT_EQ(rewritten("/subjects/s/versions"), "/subjects/s/versions");
    EXPECT_EQ(rewritten("/contexts"), "/contexts");
    EXPECT_EQ(rewritten("/contexts/.c/contexts"), "/contexts");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/types"), "/schemas/types");
    EXPECT_EQ(rewritten("/contexts/.c/schemas/guids/x"), "/schemas/guids/x");
    EXPECT_EQ(rewritten("/contexts/.a/contexts/.b/subjects"), "/contexts/.b/subjects");
}

TEST(ContextRewrite, TheContextAloneIsTheResourceAndWithASlashTheRoot) {
    EXPECT_EQ(rewritten("/contexts/.c", Method::del), "/contexts/.c");
    EXPECT_EQ(rewritten("/contexts/.c/", Method::del), "/contexts/.c");
    EXPECT_EQ(rewritten("/contexts/.c/"), "/");
}

}  // namespace
}  // namespace symbolon::rest
