#include "client/wire/payload_fault.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

TEST(PayloadFaults, AreToldByTheDetailOrElseByTheCode) {
    const Error made = make_payload_error(PayloadFault::missing_metadata, "x");
    EXPECT_EQ(find_payload_fault(made), PayloadFault::missing_metadata);
    EXPECT_EQ(find_payload_fault(make_error(ErrorCode::malformed_datum, "x")),
              PayloadFault::corrupt);
    EXPECT_EQ(find_payload_fault(make_error(ErrorCode::subject_not_found, "s")),
              PayloadFault::schema_not_found);
    EXPECT_EQ(find_payload_fault(make_error(ErrorCode::invalid_schema, "x")),
              PayloadFault::schema_does_not_parse);
}

TEST(PayloadFaults, ARegistryThatIsAwayIsNotTheMessagesFault) {
    EXPECT_EQ(find_payload_fault(make_error(ErrorCode::unavailable, "x")), std::nullopt);
    EXPECT_EQ(find_payload_fault(make_error(ErrorCode::not_authorised, "x")), std::nullopt);
}

TEST(PayloadFaults, HaveTheWordsOfDeadLetters) {
    EXPECT_EQ(to_string(PayloadFault::corrupt), "payload_corrupt");
    EXPECT_EQ(to_string(PayloadFault::missing_metadata), "missing_schema_metadata");
    EXPECT_EQ(to_string(PayloadFault::schema_not_found), "schema_not_found");
}

TEST(PayloadFaults, KeepTheCodeThatFits) {
    EXPECT_EQ(make_payload_error(PayloadFault::schema_not_found, "x").code,
              ErrorCode::schema_not_found);
    EXPECT_EQ(make_payload_error(PayloadFault::schema_does_not_parse, "x").code,
              ErrorCode::invalid_schema);
    EXPECT_EQ(make_payload_error(PayloadFault::corrupt, "x").code, ErrorCode::malformed_datum);
}

}  // namespace
}  // namespace symbolon::client
