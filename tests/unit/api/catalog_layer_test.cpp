#include "api/catalog.hpp"
#include "api/lookups.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace symbolon {
namespace {

ContentPtr text_content(const std::string& text, std::vector<Reference> references = {}) {
    auto content = std::make_shared<SchemaContent>();
    content->text = text;
    content->references = std::move(references);
    content->guid = identity_of(content->text, content->references, std::nullopt, std::nullopt);
    return content;
}

Change schema_change(int id, const ContentPtr& content) {
    return {{RecordFamily::schema, ".", {}, id}, content};
}
Change version_change(const std::string& subject, int version, int id, bool deleted = false) {
    return {{RecordFamily::version, ".", subject, version},
            VersionRecord{SchemaId(id), 5, deleted}};
}
Change tombstone_of(RecordFamily family, const std::string& subject, int number) {
    return {{family, ".", subject, number}, std::monostate()};
}

/// All that a registration asks of a catalogue, as one text.
std::string shown(const Catalog& catalog) {
    std::string text = std::to_string(max_id(catalog, ".").value()) + ";";
    for (const std::string subject : {"a", "b", "c"}) {
        const VersionRows* rows = catalog.find_versions({".", subject});
        text += subject + (rows == nullptr ? "-" : "");
        for (int version = 1; version <= 4; ++version) {
            if (const auto* row = catalog.find_version({".", subject}, Version(version))) {
                text += fmt::format(" {}:{}{}{}", version, row->id.value(), row->content->text,
                                    row->deleted ? "d" : "");
            }
            const auto* referrers = catalog.find_referrers({{".", subject}, Version(version)});
            for (const auto& name : referrers == nullptr ? std::set<VersionName>() : *referrers) {
                text += fmt::format(" <{}{}", name.subject.name, name.version.value());
            }
        }
    }
    for (int id = 1; id <= 6; ++id) {
        if (const SchemaSlot* slot = catalog.find_schema(".", SchemaId(id))) {
            text += fmt::format(";{}{}/{}", id, slot->content->text, slot->live_uses);
            for (const auto& use : slot->uses) {
                text += use.subject + std::to_string(use.version.value());
            }
            for (const SchemaId same : catalog.ids_of(".", slot->content->guid)) {
                text += "=" + std::to_string(same.value());
            }
        }
    }
    return text;
}

void apply_to(Catalog& catalog, const std::vector<Change>& changes) {
    for (const Change& change : changes) {
        ASSERT_TRUE(catalog.apply(change));
    }
}

Catalog some_catalog() {
    Catalog catalog;
    apply_to(catalog, {{{RecordFamily::context, ".", {}, 0}, ContextRecord{SchemaId(3), false}},
                       schema_change(1, text_content("one")),
                       schema_change(2, text_content("two", {{"n", "a", 1}})),
                       schema_change(3, text_content("one")),
                       version_change("a", 1, 1),
                       version_change("b", 1, 2),
                       version_change("b", 2, 3, true)});
    return catalog;
}

TEST(CatalogLayers, ShowTheBaseUntilSomethingIsApplied) {
    const Catalog base = some_catalog();
    EXPECT_EQ(shown(Catalog::layer_over(base)), shown(base));
}

TEST(CatalogLayers, WhatIsAppliedLeavesTheBaseAlone) {
    const Catalog base = some_catalog();
    const std::string before = shown(base);
    Catalog layer = Catalog::layer_over(base);
    apply_to(layer, {schema_change(4, text_content("four", {{"n", "a", 1}, {"m", "b", 1}})),
                     version_change("c", 1, 4), version_change("a", 2, 2),
                     tombstone_of(RecordFamily::version, "b", 1),
                     tombstone_of(RecordFamily::version, "b", 2),
                     tombstone_of(RecordFamily::schema, {}, 3)});
    EXPECT_EQ(shown(base), before);
    EXPECT_EQ(layer.find_versions({".", "b"}), nullptr);
    EXPECT_EQ(layer.find_schema(".", SchemaId(3)), nullptr);
    EXPECT_EQ(layer.find_referrers({{".", "a"}, Version(1)})->size(), 2U);
}

TEST(CatalogLayers, ShowWhatACopyWouldShow) {
    std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same cases every time
    const auto any = [&](int count) { return static_cast<int>(random() % unsigned(count)); };
    const std::vector<std::string> subjects{"a", "b", "c"};
    const std::vector<ContentPtr> contents{text_content("one"), text_content("two"),
                                           text_content("x", {{"n", "a", 1}, {"m", "b", 2}}),
                                           text_content("y", {{"n", "c", 1}})};
    for (int round = 0; round < 200; ++round) {
        const Catalog base = some_catalog();
        Catalog copy = base;
        Catalog layer = Catalog::layer_over(base);
        for (int step = 0; step < 12; ++step) {
            const int id = 1 + any(6);
            const SubjectName subject{".", subjects[std::size_t(any(3))]};
            const int version = 1 + any(4);
            const SchemaSlot* slot = copy.find_schema(".", SchemaId(id));
            Change change = tombstone_of(RecordFamily::version, subject.name, version);
            const int kind = any(3);
            if (kind == 0 && slot == nullptr) {
                change = schema_change(id, contents[std::size_t(any(4))]);
            } else if (kind == 0 && slot->uses.empty()) {
                change = tombstone_of(RecordFamily::schema, {}, id);
            } else if (kind == 1 && slot != nullptr) {
                change = version_change(subject.name, version, id, any(2) == 0);
            }
            apply_to(copy, {change});
            apply_to(layer, {change});
            ASSERT_EQ(shown(layer), shown(copy)) << "round " << round << ", step " << step;
        }
    }
}

}  // namespace
}  // namespace symbolon
