#include "api/associations/association_index.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

AssociationPtr tie(std::string id, std::string name, std::string type, std::string subject,
                   Lifecycle lifecycle = Lifecycle::weak) {
    Association association;
    association.key = {std::move(id), std::string(topic_resource), std::move(type)};
    association.resource_name = std::move(name);
    association.resource_namespace = "n" + association.key.resource_id;
    association.subject.name = std::move(subject);
    association.lifecycle = lifecycle;
    return std::make_shared<const Association>(std::move(association));
}

TEST(AssociationIndex, FindsByKeyResourceNameAndSubject) {
    AssociationIndex index;
    const auto key = tie("1", "orders", "key", "a");
    const auto value = tie("1", "orders", "value", "b");
    const auto other = tie("2", "orders", "key", "a");
    for (const auto& each : {value, other, key}) {
        index.set(each);
    }
    using List = std::vector<AssociationPtr>;
    EXPECT_EQ(index.find(key->key), key);
    EXPECT_EQ(index.of_resource("1"), (List{key, value}));
    EXPECT_EQ(index.of_subject({".", "a"}), (List{key, other}));
    EXPECT_EQ(index.of_name("n1", "orders"), (List{key, value}));
    EXPECT_EQ(index.of_name(std::nullopt, "orders"), (List{key, value, other}));
    EXPECT_EQ(index.of_name("n2", std::nullopt), (List{other}));
    EXPECT_EQ(index.of_name(std::nullopt, std::nullopt).size(), 3U);
    EXPECT_TRUE(index.of_name(std::nullopt, "order").empty());
    EXPECT_TRUE(index.of_resource("3").empty());
}

TEST(AssociationIndex, ForgetsWhatIsErasedOrReplaced) {
    AssociationIndex index;
    index.set(tie("1", "orders", "key", "a", Lifecycle::strong));
    EXPECT_TRUE(index.has_strong({".", "a"}));
    index.set(tie("1", "orders", "key", "b"));
    EXPECT_FALSE(index.has_any({".", "a"}));
    EXPECT_TRUE(index.has_any({".", "b"}));
    EXPECT_FALSE(index.has_strong({".", "b"}));
    index.erase({"1", std::string(topic_resource), "key"});
    index.erase({"1", std::string(topic_resource), "key"});
    EXPECT_EQ(index.size(), 0U);
    EXPECT_FALSE(index.has_any({".", "b"}));
    EXPECT_TRUE(index.of_name(std::nullopt, "orders").empty());
}

}  // namespace
}  // namespace symbolon
