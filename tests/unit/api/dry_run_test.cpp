#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DryRuns : public RegistryFixture {
protected:
    DryRuns() : RegistryFixture(compat::Level::backward) {}

    Result<SubjectVersion> try_dry(const char* subject, const std::string& text) {
        RegisterOptions options;
        options.dry_run = true;
        return try_add(subject, request_of(text), options);
    }
};

TEST_F(DryRuns, AnswerWhatWouldBeGivenAndStoreNothing) {
    const auto answer = try_dry(":.dev:s", record_of({"a"}));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->id.value(), 1);
    EXPECT_EQ(answer->version.value(), 1);
    EXPECT_TRUE(store->read_since(Revision(0))->empty());
    registry->read([](const Catalog& catalog) {
        EXPECT_THAT(list_subjects(catalog, std::nullopt, View::with_deleted), IsEmpty());
        EXPECT_THAT(list_contexts(catalog), ElementsAre("."));
    });
}

TEST_F(DryRuns, AnswerWhatIsThereAlready) {
    add("s", record_of({"a"}));
    add("s", record_of({"a", "b?"}));
    const auto answer = try_dry("s", record_of({"a"}));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->id.value(), 1);
    EXPECT_EQ(answer->version.value(), 1);
}

TEST_F(DryRuns, RefuseWhatARegistrationWouldRefuse) {
    add("s", record_of({"a"}));
    EXPECT_EQ(code_of(try_dry("s", record_of({"a", "b"}))), ErrorCode::incompatible_schema);
    EXPECT_EQ(code_of(try_dry("s", R"({"type":"nothing"})")), ErrorCode::invalid_schema);
    EXPECT_EQ(code_of(try_dry("__GLOBAL", record_of({"a"}))), ErrorCode::invalid_subject);
    ASSERT_TRUE(set_mode("s", Mode::readonly));
    EXPECT_EQ(code_of(try_dry("s", record_of({"a", "b?"}))), ErrorCode::operation_not_permitted);
}

}  // namespace
}  // namespace symbolon
