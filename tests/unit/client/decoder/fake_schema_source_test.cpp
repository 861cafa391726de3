#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

namespace symbolon::client::tests {
namespace {

TEST(FakeSchemaSource, AnswersWhatItHoldsAndFailsAsTold) {
    FakeSchemaSource source;
    source.add("s", SchemaId{7}, R"("string")");
    const auto broken = source.add("s", SchemaId{8}, R"({"type":"nonsense"})");
    source.set_level("s", compat::Level::full);
    EXPECT_EQ((*source.find_by_id(SchemaId{7}))->version, Version{1});
    EXPECT_EQ((*source.find_by_guid(FakeSchemaSource::guid_of(SchemaId{8})))->id, SchemaId{8});
    EXPECT_EQ((*source.find_version("s", std::nullopt))->version, Version{2});
    EXPECT_EQ(*source.find_level("s", Version{1}), compat::Level::full);
    EXPECT_EQ((*source.find_same("s", SchemaType::avro, R"("string")", {}))->id, SchemaId{7});
    EXPECT_EQ((*source.register_schema("t", SchemaType::avro, R"("int")", {}))->version,
              Version{1});
    EXPECT_EQ(broken->parsed, nullptr);
    EXPECT_NE(broken->parse_error, "");
    EXPECT_EQ(source.find_version("s", Version{3}).error().code, ErrorCode::version_not_found);
    EXPECT_EQ(source.find_by_id(SchemaId{9}).error().code, ErrorCode::schema_not_found);
    source.fail_with(ErrorCode::unavailable);
    EXPECT_EQ(source.find_by_id(SchemaId{7}).error().code, ErrorCode::unavailable);
    EXPECT_EQ(source.level_calls(), 1);
}

}  // namespace
}  // namespace symbolon::client::tests
