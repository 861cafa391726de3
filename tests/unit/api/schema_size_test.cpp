#include "core/limits.hpp"
#include "tests/support/registry_fixture.hpp"

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;

class SchemaSizes : public RegistryFixture {
protected:
    /// A schema of few bytes whose normalised text has a long full name in each field.
    static std::string with_fields(int count) {
        std::string text = R"({"type":"record","name":"R","namespace":")" +
                           std::string(4'000, 'n') +
                           R"(","fields":[{"name":"e","type":{"type":"enum","name":"E",)"
                           R"("symbols":["S"]}})";
        for (int at = 0; at < count; ++at) {
            text += R"(,{"name":"f)" + std::to_string(at) + R"(","type":"E"})";
        }
        return text + "]}";
    }
    Result<SubjectVersion> try_normalized(int fields) {
        RegisterOptions options;
        options.normalize = true;
        return try_add("s", request_of(with_fields(fields)), options);
    }
};

TEST_F(SchemaSizes, ATextThatGrowsPastTheBoundIsTooLarge) {  // 42209, VAL-4
    constexpr int too_many = limits::schema_text_bytes_max / 4'000;
    const auto refused = try_normalized(too_many);
    EXPECT_EQ(code_of(refused), ErrorCode::schema_too_large);
    EXPECT_EQ(message_of(refused), "Register operation failed because schema is too large");
    EXPECT_TRUE(try_normalized(100));
    EXPECT_TRUE(try_add("t", request_of(with_fields(too_many))))
        << "as it was sent it is not too large";
}

}  // namespace
}  // namespace symbolon
