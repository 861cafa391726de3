#include "compat/avro/avro_equal.hpp"

#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat::avro {

using tests::avro_schema;

namespace {

bool equivalent(std::string_view left, std::string_view right) {
    const bool equal = avro_schema(left)->equivalent_to(*avro_schema(right));
    EXPECT_EQ(equal, avro_schema(right)->equivalent_to(*avro_schema(left)))
        << "must not depend on the side";
    return equal;
}

}  // namespace

TEST(AvroEqual, SpellingIsNoDifference) {
    EXPECT_TRUE(equivalent(R"({"type":"int"})", R"( "int" )"));
    EXPECT_TRUE(equivalent(R"({"type":"fixed","name":"n.F","size":1})",
                           R"({"size":1,"namespace":"n","name":"F","type":"fixed"})"));
    EXPECT_TRUE(equivalent(R"({"type":"int","a":1,"b":{"x":1,"y":2}})",
                           R"({"type":"int","b":{"y":2,"x":1},"a":1})"));
    EXPECT_TRUE(equivalent(R"({"type":"fixed","name":"F","size":1,"aliases":["A","B"]})",
                           R"({"type":"fixed","name":"F","size":1,"aliases":["B","A"]})"));
}

TEST(AvroEqual, DocsAliasesDefaultsAndPropertiesAreDifferences) {
    const std::string plain = R"({"type":"enum","name":"E","symbols":["A"]})";
    for (const std::string_view other :
         {R"({"type":"enum","name":"E","symbols":["A"],"doc":"d"})",
          R"({"type":"enum","name":"E","symbols":["A"],"x":1})",
          R"({"type":"enum","name":"E","symbols":["A"],"default":"A"})",
          R"({"type":"enum","name":"E","symbols":["A"],"aliases":["F"]})",
          R"({"type":"enum","name":"E","symbols":["A","B"]})"}) {
        EXPECT_FALSE(equivalent(plain, other)) << other;
    }
}

TEST(AvroEqual, RecursiveTypesAreComparedToTheEnd) {
    const auto list = [](std::string_view value) {
        return R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]},)"
               R"({"name":"v","type":)" +
               std::string(value) + "}]}";
    };
    EXPECT_TRUE(equivalent(list(R"("int")"), list(R"({"type":"int"})")));
    EXPECT_FALSE(equivalent(list(R"("int")"), list(R"("long")")));
}

TEST(AvroEqual, AReferenceEqualsTheSameTypeWrittenOut) {
    const std::string type = R"({"type":"fixed","name":"F","size":1})";
    const auto with = avro_schema(R"({"type":"array","items":"F"})", {{"F", type}});
    EXPECT_TRUE(with->equivalent_to(*avro_schema(R"({"type":"array","items":)" + type + "}")));
}

}  // namespace symbolon::compat::avro
