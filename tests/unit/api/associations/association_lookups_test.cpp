#include "api/associations/association_lookups.hpp"

#include "tests/support/registry_fixture.hpp"

namespace symbolon {
namespace {

using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;

class AssociationLookups : public RegistryFixture {
protected:
    AssociationLookups() {
        add("k", record_of({"a"}));
        add("v", record_of({"b"}));
        add("v", record_of({"c"}));
        tie("1", "orders", "lkc-1", "key", "k");
        tie("1", "orders", "lkc-1", "value", "v");
        tie("2", "orders", "lkc-2", "value", "v");
    }

    void tie(std::string id, std::string name, std::string name_space, std::string_view type,
             std::string subject) {
        AssociationRequest request;
        request.resource_id = std::move(id);
        request.resource_name = std::move(name);
        request.resource_namespace = std::move(name_space);
        AssociationOperation operation;
        operation.association_type = type;
        operation.subject = std::move(subject);
        request.operations = {operation};
        const auto made = registry->change_associations(request, {});
        EXPECT_TRUE(made) << made.error().message;
    }
    Result<AssociationAnswer> ask(const AssociationQuestion& question,
                                  WithSchemas with_schemas = WithSchemas::no) {
        return registry->read([&](const Catalog& catalog) {
            return get_associations(catalog, question, with_schemas);
        });
    }
    std::size_t count_of_name(std::string_view name_space, std::string_view name,
                              const AssociationFilter& filter = {}) {
        return registry->read([&](const Catalog& catalog) {
            return list_associations_of_name(catalog, name_space, name, filter).size();
        });
    }
};

TEST_F(AssociationLookups, ADashStandsForEveryName) {
    EXPECT_EQ(count_of_name("lkc-1", "orders"), 2U);
    EXPECT_EQ(count_of_name("-", "orders"), 3U);
    EXPECT_EQ(count_of_name("lkc-2", "-"), 1U);
    EXPECT_EQ(count_of_name("-", "-"), 3U);
    EXPECT_EQ(count_of_name("-", "others"), 0U);
}

TEST_F(AssociationLookups, FiltersHoldTogether) {
    AssociationFilter filter;
    filter.association_types = {"value"};
    EXPECT_EQ(count_of_name("-", "orders", filter), 2U);
    filter.lifecycles = {{Lifecycle::weak}};
    EXPECT_EQ(count_of_name("-", "orders", filter), 2U);
    filter.lifecycles = {{Lifecycle::strong}};
    EXPECT_EQ(count_of_name("-", "orders", filter), 0U);
    filter.lifecycles.emplace();
    EXPECT_EQ(count_of_name("-", "orders", filter), 0U);
    filter = {};
    filter.resource_type = "table";
    EXPECT_EQ(count_of_name("-", "orders", filter), 0U);
}

TEST_F(AssociationLookups, ABatchItemNamesItsResourceByIdOrByName) {
    AssociationQuestion question;
    EXPECT_EQ(ask(question).error().code, ErrorCode::invalid_association);
    question.resource_name = "orders";
    EXPECT_EQ(ask(question).error().code, ErrorCode::invalid_association);
    question.resource_namespace = "lkc-1";
    ASSERT_EQ(ask(question)->associations.size(), 2U);
    EXPECT_EQ(ask(question)->resource_id, "1");
    question = {};
    question.resource_id = "2";
    ASSERT_EQ(ask(question)->associations.size(), 1U);
    EXPECT_EQ(ask(question)->resource_namespace, "lkc-2");
    question.resource_id = "nobody";
    EXPECT_TRUE(ask(question)->associations.empty());
    EXPECT_EQ(ask(question)->resource_id, "nobody");
}

TEST_F(AssociationLookups, SchemasAreTheLatestOnes) {
    AssociationQuestion question;
    question.resource_id = "1";
    EXPECT_FALSE(ask(question)->associations[1].schema);
    const auto answer = ask(question, WithSchemas::yes);
    EXPECT_EQ(answer->associations[0].schema->version.value(), 1);
    EXPECT_EQ(answer->associations[1].schema->version.value(), 2);
}

}  // namespace
}  // namespace symbolon
