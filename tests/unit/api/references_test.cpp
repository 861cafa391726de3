#include "api/references.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

/// A catalogue that is filled version by version.
class ReferenceWorld : public ::testing::Test {
protected:
    void put(const std::string& subject_text, int version, std::vector<Reference> references,
             bool deleted = false, std::string text = "t") {
        const SubjectName subject = parse_subject(subject_text);
        auto content = std::make_shared<SchemaContent>();
        content->text = std::move(text);
        content->references = std::move(references);
        ++id_;
        ASSERT_TRUE(catalog_.apply(
            {{RecordFamily::schema, subject.context, {}, id_}, ContentPtr(content)}));
        ASSERT_TRUE(catalog_.apply({{RecordFamily::version, subject.context, subject.name, version},
                                    VersionRecord{SchemaId(id_), 1, deleted}}));
    }
    Result<Closure> collect(const std::vector<Reference>& references,
                            Targets targets = Targets::live, const char* context = ".") {
        return collect_references(catalog_, context, SchemaType::avro, references, targets);
    }
    static std::vector<std::string> names(const Result<Closure>& closure) {
        std::vector<std::string> result;
        for (const auto& item : closure ? *closure : Closure()) {
            result.push_back(item.name);
        }
        return result;
    }

    Catalog catalog_;
    int id_ = 0;
};

TEST_F(ReferenceWorld, DependenciesComeFirstAndEachOnce) {  // REF-5: a diamond
    put("base", 1, {});
    put("left", 1, {{"n.Base", "base", 1}});
    put("right", 1, {{"n.Base", "base", 1}});
    const auto closure = collect({{"n.Left", "left", 1}, {"n.Right", "right", 1}});
    EXPECT_EQ(names(closure), (std::vector<std::string>{"n.Base", "n.Left", "n.Right"}));
}

TEST_F(ReferenceWorld, AnUnqualifiedSubjectIsInTheReferringContext) {  // REF-2
    put(":.dev:base", 1, {});
    put(":.dev:middle", 1, {{"n.Base", "base", 1}});
    EXPECT_TRUE(collect({{"n.M", "middle", 1}}, Targets::live, ".dev"));
    EXPECT_TRUE(collect({{"n.M", ":.dev:middle", 1}}));  // its own reference is read in .dev
    const auto missing = collect({{"n.Base", "base", 1}});
    EXPECT_EQ(missing.error().message,
              "No schema reference found for subject \"base\" and version 1");
}

TEST_F(ReferenceWorld, OnlyLookUpsTakeSoftDeletedTargets) {  // REF-4
    put("base", 1, {}, true);
    EXPECT_FALSE(collect({{"n.Base", "base", 1}}, Targets::live));
    EXPECT_TRUE(collect({{"n.Base", "base", 1}}, Targets::any));
}

TEST_F(ReferenceWorld, ASoftDeletedTargetFurtherDownCountsToo) {  // REF-4: transitively
    put("base", 1, {}, true);
    put("middle", 1, {{"n.Base", "base", 1}});
    EXPECT_FALSE(collect({{"n.M", "middle", 1}}, Targets::live));
}

TEST_F(ReferenceWorld, OneVersionPerSubjectWhereAskedFor) {  // REF-6
    put("base", 1, {});
    put("base", 2, {});
    put("left", 1, {{"n.Base", "base", 1}});
    const std::vector<Reference> mixed{{"n.Left", "left", 1}, {"n.NewBase", "base", 2}};
    EXPECT_TRUE(collect(mixed));
    const auto refused = collect_references(catalog_, ".", SchemaType::avro, mixed, Targets::live,
                                            ReferenceVersions::one_per_subject);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "Conflicting reference versions for \"base\": version 1 and version 2");
    EXPECT_TRUE(collect_references(catalog_, ".", SchemaType::avro,
                                   {{"n.Left", "left", 1}, {"n.Base", "base", 1}}, Targets::live,
                                   ReferenceVersions::one_per_subject));
}

TEST_F(ReferenceWorld, NameSubjectAndVersionAreRequired) {  // REF-1
    put("base", 1, {});
    for (const auto& bad : {Reference{"", "base", 1}, Reference{"n", "", 1},
                            Reference{"n", "base", 0}, Reference{"n", "base", -2}}) {
        const auto closure = collect({bad});
        ASSERT_FALSE(closure);
        EXPECT_EQ(closure.error().message, "Invalid reference: " + to_text(bad));
    }
}

TEST_F(ReferenceWorld, MinusOneIsTheLatestLiveVersion) {  // REF-3
    put("base", 1, {});
    put("base", 2, {});
    put("base", 3, {}, true);
    const auto resolved = resolve_latest(catalog_, ".", {{"n", "base", -1}});
    ASSERT_TRUE(resolved);
    EXPECT_EQ(resolved->front().version, 2);
    EXPECT_EQ(resolve_latest(catalog_, ".", {{"n", "none", -1}}).error().message,
              "No schema reference found for subject \"none\" and version -1");
}

TEST_F(ReferenceWorld, ACycleEnds) {  // cannot be registered, but a restored store may hold one
    put("a", 1, {{"n.B", "b", 1}});
    put("b", 1, {{"n.A", "a", 1}});
    EXPECT_EQ(names(collect({{"n.A", "a", 1}})), (std::vector<std::string>{"n.B", "n.A"}));
}

TEST_F(ReferenceWorld, ChainsAreBounded) {
    const int bound = static_cast<int>(limits::reference_depth_max);
    put("s", 1, {});
    for (int at = 2; at <= bound + 1; ++at) {
        put("s", at, {{"n" + std::to_string(at - 1), "s", at - 1}});
    }
    EXPECT_TRUE(collect({{"top", "s", bound - 1}}));
    EXPECT_FALSE(collect({{"top", "s", bound + 1}}));
}

TEST_F(ReferenceWorld, CountsAreBounded) {
    put("base", 1, {});
    std::vector<Reference> references;
    for (std::size_t at = 0; at < limits::references_max; ++at) {
        references.push_back({"n" + std::to_string(at), "base", 1});
    }
    EXPECT_TRUE(collect(references));
    references.push_back({"one more", "base", 1});
    EXPECT_FALSE(collect(references));
}

TEST_F(ReferenceWorld, BytesAreBounded) {
    put("big", 1, {}, false, std::string(limits::reference_bytes_max / 4, 'x'));
    std::vector<Reference> references;
    for (int at = 0; at < 4; ++at) {
        references.push_back({"n" + std::to_string(at), "big", 1});
    }
    EXPECT_TRUE(collect(references));
    references.push_back({"one more", "big", 1});
    EXPECT_FALSE(collect(references));
}

}  // namespace
}  // namespace symbolon
