#include "api/schema_cache.hpp"

#include "api/workbench.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

using symbolon::testing::record_of;

ContentPtr stored_text(const std::string& text) {
    auto content = std::make_shared<SchemaContent>();
    content->text = text;
    content->guid = identity_of(text, {}, {}, {});
    return content;
}

SchemaSource source_from(const std::string& text,
                         compat::Strictness strictness = compat::Strictness::lenient,
                         Closure closure = {}) {
    return make_source(stored_text(text), std::move(closure), strictness);
}

TEST(SchemaSources, TheKeyTellsEverythingThatParsingDependsOn) {
    const auto text = record_of({"a"});
    const auto key = source_from(text).key;
    EXPECT_EQ(key, source_from(text).key);
    EXPECT_NE(key, source_from(record_of({"b"})).key);
    EXPECT_NE(key, source_from(text, compat::Strictness::strict).key);
    const auto base = stored_text(record_of({"x"}, "Base"));
    const auto other = stored_text(record_of({"y"}, "Base"));
    const auto with_base = source_from(text, compat::Strictness::lenient, {{"Base", base}}).key;
    EXPECT_NE(key, with_base);
    EXPECT_NE(with_base, source_from(text, compat::Strictness::lenient, {{"Base", other}}).key);
    EXPECT_NE(with_base, source_from(text, compat::Strictness::lenient, {{"Bas", base}}).key);
}

TEST(SchemaCaches, ASchemaIsParsedOnce) {
    SchemaCache cache(1U << 20U);
    const auto first = cache.parse(source_from(record_of({"a"})));
    const auto second = cache.parse(source_from(record_of({"a"})));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->get(), second->get());
}

TEST(SchemaCaches, TheLeastUsedOneGoesFirst) {
    SchemaCache cache(25'000);  // four small schemas
    const auto a = *cache.parse(source_from(record_of({"a"})));
    const auto b = *cache.parse(source_from(record_of({"b"})));
    for (int at = 0; at < 20; ++at) {
        ASSERT_TRUE(cache.parse(source_from(record_of({"f" + std::to_string(at)}))));
        ASSERT_EQ(*cache.parse(source_from(record_of({"a"}))), a) << "in use all the time";
    }
    EXPECT_NE(*cache.parse(source_from(record_of({"b"}))), b);
}

TEST(SchemaCaches, AValidatorCountsWithItsSchema) {
    SchemaCache cache(35'000);  // six small schemas
    const auto source = source_from(record_of({"a"}));
    const auto b = *cache.parse(source_from(record_of({"b"})));
    const auto a = *cache.parse(source);
    for (int at = 0; at < 5; ++at) {  // What was told once is not counted again.
        cache.tell_validator(source, compat::Formats::annotate, 10'000);
    }
    EXPECT_EQ(*cache.parse(source_from(record_of({"b"}))), b) << "there is room for both";
    ASSERT_TRUE(cache.parse(source_from(record_of({"c"}))));
    cache.tell_validator(source_from(record_of({"c"})), compat::Formats::annotate, 10'000);
    EXPECT_NE(*cache.parse(source), a) << "the least used one went";
    EXPECT_EQ(*cache.parse(source_from(record_of({"b"}))), b);
}

TEST(SchemaCaches, ASchemaWhoseValidatorIsTooLargeIsNotKept) {
    SchemaCache cache(45'000);
    const auto b = *cache.parse(source_from(record_of({"b"})));
    const auto source = source_from(record_of({"a"}));
    const auto a = *cache.parse(source);
    cache.tell_validator(source, compat::Formats::annotate, 30'000);
    cache.tell_validator(source, compat::Formats::annotate, 30'000);
    EXPECT_NE(*cache.parse(source), a);
    EXPECT_EQ(*cache.parse(source_from(record_of({"b"}))), b);
}

TEST(SchemaCaches, WhatIsTooLargeIsParsedButNotKept) {
    SchemaCache cache(1'000);
    const auto first = cache.parse(source_from(record_of({"a"})));
    const auto second = cache.parse(source_from(record_of({"a"})));
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->get(), second->get());
}

TEST(SchemaCaches, FailuresAreToldAndNotKept) {
    SchemaCache cache(1U << 20U);
    EXPECT_FALSE(cache.parse(source_from("{")));
    EXPECT_FALSE(cache.parse(source_from("{")));
}

TEST(Workbenches, WhileDeferringAQuestionBecomesAJob) {
    SchemaCache cache(1U << 20U);
    Workbench bench(cache);
    bench.defer();
    const auto source = source_from(record_of({"a"}));
    EXPECT_FALSE(bench.parse(source, compat::Normalize::no));
    EXPECT_FALSE(bench.equivalent(source, source).has_value());
    EXPECT_FALSE(bench.check({compat::Level::full}, source, {{Version(1), source}}));
    ASSERT_TRUE(bench.has_jobs());
    bench.run_jobs();
    EXPECT_FALSE(bench.has_jobs());
    EXPECT_EQ((*bench.parse(source, compat::Normalize::no))->text, record_of({"a"}));
    EXPECT_EQ(bench.equivalent(source, source), true);
    EXPECT_TRUE(bench.check({compat::Level::full}, source, {{Version(1), source}})->compatible());
    EXPECT_FALSE(bench.has_jobs());
}

TEST(Workbenches, EquivalenceIsMoreThanEqualTexts) {  // LOOK-3
    SchemaCache cache(1U << 20U);
    Workbench bench(cache);
    const auto with = [](const char* fields) {
        return source_from(R"({"type":"record","name":"R","namespace":"n","fields":[)" +
                           std::string(fields) + "]}");
    };
    const auto stored = with(R"({"name":"a","type":"n.E","x":1,"y":2})");
    EXPECT_EQ(bench.equivalent(stored, stored), false) << "what cannot be parsed equals nothing";
    const auto one = with(R"({"name":"a","type":"string","aliases":["p","q"],"x":1,"y":2})");
    const auto other = with(R"({"y":2,"name":"a","aliases":["q","p"],"type":"string","x":1})");
    EXPECT_EQ(bench.equivalent(one, other), true);
    EXPECT_EQ(bench.equivalent(one, with(R"({"name":"a","type":"string","x":1,"y":3})")), false);
    // The same, spelled the normalised way: full names instead of short ones.
    const auto spelled =
        source_from(R"({"type":"record","name":"n.R","fields":[)"
                    R"({"name":"a","aliases":["p","q"],"type":{"type":"string"},"x":1,"y":2}]})");
    EXPECT_EQ(bench.equivalent(spelled, one), true);
}

TEST(Workbenches, AfterwardsQuestionsAreAnsweredAtOnce) {
    SchemaCache cache(1U << 20U);
    Workbench bench(cache);
    bench.defer();
    bench.stop_deferring();
    EXPECT_TRUE(bench.parse(source_from(record_of({"a"})), compat::Normalize::no));
    EXPECT_FALSE(bench.has_jobs());
}

TEST(Workbenches, ACheckStopsAtTheFirstVersionThatDoesNotFit) {  // COMP-1
    SchemaCache cache(1U << 20U);
    Workbench bench(cache);
    const auto outcome =
        bench.check({compat::Level::backward_transitive}, source_from(record_of({"a", "b"})),
                    {{Version(3), source_from(record_of({"a", "b"}))},
                     {Version(2), source_from(record_of({"a"}))},
                     {Version(1), source_from(record_of({}))}});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->old_version, Version(2));
    EXPECT_EQ(outcome->old_text, record_of({"a"}));
}

}  // namespace
}  // namespace symbolon
