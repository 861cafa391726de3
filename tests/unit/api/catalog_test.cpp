#include "api/catalog.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>

namespace symbolon {
namespace {

ContentPtr content_of_text(const std::string& text, std::vector<Reference> references = {}) {
    auto content = std::make_shared<SchemaContent>();
    content->text = text;
    content->references = std::move(references);
    content->guid = identity_of(content->text, content->references, {}, {});
    return content;
}

Change schema_put(int id, ContentPtr content) {
    return {{RecordFamily::schema, ".", {}, id}, std::move(content)};
}
Change version_put(const std::string& subject, int version, int id, bool deleted = false) {
    return {{RecordFamily::version, ".", subject, version},
            VersionRecord{SchemaId(id), 5, deleted}};
}
Change erased(RecordFamily family, const std::string& subject, int number) {
    return {{family, ".", subject, number}, std::monostate()};
}

void apply_all(Catalog& catalog, const std::vector<Change>& changes) {
    for (const auto& change : changes) {
        const auto applied = catalog.apply(change);
        ASSERT_TRUE(applied) << applied.error().message;
    }
}

TEST(CatalogApply, AVersionIsFoundFromEverySide) {
    Catalog catalog;
    const auto content = content_of_text("a");
    apply_all(catalog, {schema_put(7, content), version_put("s", 2, 7), version_put("s", 1, 7)});
    const auto* rows = catalog.find_versions({".", "s"});
    ASSERT_NE(rows, nullptr);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ(rows->front().version, Version(1));
    EXPECT_EQ(find_latest(rows)->version, Version(2));
    EXPECT_EQ(catalog.ids_of(".", content->guid), std::vector{SchemaId(7)});
    EXPECT_EQ(catalog.find_schema(".", SchemaId(7))->live_uses, 2U);
    EXPECT_EQ(rows->front().content, content);
}

TEST(CatalogApply, ATombstoneTakesAVersionAway) {
    Catalog catalog;
    apply_all(catalog, {schema_put(7, content_of_text("a")), version_put("s", 1, 7),
                        version_put("t", 1, 7), erased(RecordFamily::version, "s", 1)});
    EXPECT_EQ(catalog.find_versions({".", "s"}), nullptr);
    EXPECT_EQ(catalog.find_schema(".", SchemaId(7))->uses.size(), 1U);
    apply_all(catalog,
              {erased(RecordFamily::version, "t", 1), erased(RecordFamily::schema, {}, 7)});
    EXPECT_EQ(catalog.find_schema(".", SchemaId(7)), nullptr);
    EXPECT_TRUE(catalog.ids_of(".", content_of_text("a")->guid).empty());
}

TEST(CatalogApply, TombstonesOfWhatWasNeverThereDoNoHarm) {
    Catalog catalog;
    apply_all(catalog, {erased(RecordFamily::version, "s", 1), erased(RecordFamily::schema, {}, 7),
                        erased(RecordFamily::config, "s", 0), erased(RecordFamily::mode, "s", 0),
                        erased(RecordFamily::context, {}, 0)});
    EXPECT_EQ(catalog.find_versions({".", "s"}), nullptr);
}

TEST(CatalogApply, AnythingMayBeAppliedTwice) {  // a refresh after a failed one does that
    Catalog catalog;
    const std::vector<Change> changes{schema_put(7, content_of_text("a", {{"n", "t", 1}})),
                                      version_put("s", 1, 7), version_put("s", 2, 7, true)};
    apply_all(catalog, changes);
    apply_all(catalog, changes);
    EXPECT_EQ(catalog.find_versions({".", "s"})->size(), 2U);
    EXPECT_EQ(catalog.find_schema(".", SchemaId(7))->live_uses, 1U);
    EXPECT_EQ(catalog.find_referrers({{".", "t"}, Version(1)})->size(), 2U);
    EXPECT_EQ(catalog.ids_of(".", content_of_text("a", {{"n", "t", 1}})->guid).size(), 1U);
}

TEST(CatalogApply, ASoftDeletionKeepsTheRow) {
    Catalog catalog;
    apply_all(catalog, {schema_put(7, content_of_text("a")), version_put("s", 1, 7),
                        version_put("s", 1, 7, true)});
    EXPECT_FALSE(has_live(*catalog.find_versions({".", "s"})));
    EXPECT_EQ(catalog.find_schema(".", SchemaId(7))->live_uses, 0U);
    EXPECT_EQ(catalog.find_schema(".", SchemaId(7))->uses.size(), 1U);
}

TEST(CatalogApply, ReferrersAreCountedPerVersionNotPerId) {  // V6
    Catalog catalog;
    apply_all(catalog, {schema_put(1, content_of_text("a", {{"n", "t", 1}})),
                        version_put("s", 1, 1), version_put("u", 1, 1)});
    const VersionName target{{".", "t"}, Version(1)};
    EXPECT_EQ(catalog.find_referrers(target)->size(), 2U);
    apply_all(catalog, {erased(RecordFamily::version, "s", 1)});
    EXPECT_EQ(catalog.find_referrers(target)->size(), 1U);
    apply_all(catalog, {erased(RecordFamily::version, "u", 1)});
    EXPECT_EQ(catalog.find_referrers(target), nullptr);
}

TEST(CatalogApply, AVersionOfAnUnknownSchemaIsAnErrorThatNamesIt) {
    Catalog catalog;
    const auto applied = catalog.apply(version_put("s", 1, 7));
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, ErrorCode::store_failed);
    EXPECT_NE(applied.error().message.find("version/./1/s"), std::string::npos);
}

TEST(CatalogApply, ACopyIsAWorldOfItsOwn) {  // the writer's ahead_
    Catalog catalog;
    apply_all(catalog, {schema_put(7, content_of_text("a")), version_put("s", 1, 7)});
    Catalog copy = catalog;
    apply_all(copy, {version_put("s", 2, 7)});
    EXPECT_EQ(catalog.find_versions({".", "s"})->size(), 1U);
    EXPECT_EQ(copy.find_versions({".", "s"})->size(), 2U);
}

TEST(CatalogLoad, TenThousandSchemasAreReadQuickly) {
    std::vector<storage::Entry> entries;
    for (int at = 1; at <= 10'000; ++at) {
        const auto content = content_of_text(std::string(2'000, 'x') + std::to_string(at));
        for (const auto& change :
             {schema_put(at, content), version_put("subject-" + std::to_string(at), 1, at)}) {
            auto write = to_write(change);
            entries.push_back({std::move(write.key), std::move(write.value), Revision(at)});
        }
    }
    const auto start = std::chrono::steady_clock::now();
    Catalog catalog;
    for (auto& entry : entries) {
        const auto change = parse_record(std::move(entry));
        ASSERT_TRUE(change);
        ASSERT_TRUE(catalog.apply(*change));
    }
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
    std::cout << "10,000 schemas of 2 kB read in " << spent.count() << " ms\n";
    EXPECT_LT(spent.count(), 3'000);  // loose: debug builds and sanitizers run this too
    EXPECT_EQ(catalog.find_context(".")->schemas.size(), 10'000U);
}

}  // namespace
}  // namespace symbolon
