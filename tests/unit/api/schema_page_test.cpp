#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace symbolon {
namespace {

using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::ElementsAre;

std::vector<std::string> page_names(const std::vector<SubjectVersion>& versions) {
    std::vector<std::string> names;
    names.reserve(versions.size());
    for (const auto& version : versions) {
        names.push_back(to_text(version.subject) + "/" + std::to_string(version.version.value()));
    }
    return names;
}

class SchemaPages : public RegistryFixture {
protected:
    std::vector<std::string> pages(SubjectQuery query, const SchemaFilter& filter,
                                   std::size_t limit) {
        std::vector<std::string> all;
        query.limit = limit;
        for (query.offset = 0;; query.offset += limit) {
            const auto page = page_names(registry->list_schemas(query, filter));
            EXPECT_LE(page.size(), limit);
            all.insert(all.end(), page.begin(), page.end());
            if (page.size() < limit) {
                return all;
            }
        }
    }
};

TEST_F(SchemaPages, TogetherAreTheWholeListInItsOrder) {
    std::mt19937 random(3);  // NOLINT(bugprone-random-generator-seed): the same run each time
    for (int at = 0; at < 120; ++at) {
        const std::string subject =
            (random() % 4 == 0 ? ":.dev:s" : "s") + std::to_string(random() % 12);
        add(subject, record_of({"f" + std::to_string(at)}));
        if (random() % 3 == 0) {
            static_cast<void>(remove(subject, -1).has_value());
        }
    }
    for (const std::string prefix : {"", "s1", ":.dev:", ":*:"}) {
        for (const View view : {View::live, View::with_deleted}) {
            for (const bool latest_only : {false, true}) {
                const auto expected = page_names(registry->read([&](const Catalog& catalog) {
                    return list_schemas(catalog, prefix, view, latest_only);
                }));
                SubjectQuery query;
                query.prefix = parse_subject_prefix(prefix);
                query.view = view;
                for (const std::size_t limit : {1U, 7U, 1'000U}) {
                    EXPECT_EQ(pages(query, {latest_only, {}}, limit), expected)
                        << prefix << " " << limit;
                }
            }
        }
    }
}

TEST_F(SchemaPages, AFilterCountsOnlyWhatItLetsPass) {
    for (int at = 0; at < 10; ++at) {
        auto request = request_of(record_of({"f" + std::to_string(at)}));
        if (at % 3 == 0) {
            request.metadata = symbolon::testing::owned_by("us");
        }
        add("s" + std::to_string(at), request);
    }
    const SchemaFilter filter{
        false, [](const SchemaContent& content) { return content.metadata.has_value(); }};
    SubjectQuery query;
    query.limit = 2;
    query.offset = 1;
    EXPECT_THAT(page_names(registry->list_schemas(query, filter)), ElementsAre("s3/1", "s6/1"));
    query.offset = 3;
    EXPECT_THAT(page_names(registry->list_schemas(query, filter)), ElementsAre("s9/1"));
}

TEST_F(SchemaPages, GoOnPastTheSubjectsOfOneLook) {
    for (int at = 0; at < 1'100; ++at) {
        add("s" + std::to_string(1'000 + at), record_of({"f"}));
    }
    SubjectQuery query;
    query.offset = 999;
    query.limit = 3;
    EXPECT_THAT(page_names(registry->list_schemas(query, {})),
                ElementsAre("s1999/1", "s2000/1", "s2001/1"));
}

}  // namespace
}  // namespace symbolon
