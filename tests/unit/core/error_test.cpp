#include "core/error.hpp"

#include <gtest/gtest.h>

namespace symbolon {

TEST(ErrorTable, FillsPlaceholdersInOrder) {
    EXPECT_EQ(make_error(ErrorCode::version_soft_deleted, "s", 3).message,
              "Subject 's' Version 3 was soft deleted.Set permanent=true to delete permanently");
}

TEST(ErrorTable, KeepsLiteralBraces) {
    EXPECT_EQ(make_error(ErrorCode::reference_exists, ":.c:s", 1).message,
              "One or more references exist to the schema "
              "{magic=1,keytype=SCHEMA,subject=:.c:s,version=1}.");
}

TEST(ErrorTable, WireCodesStartWithTheirHttpStatus) {
    for (const ErrorRow& row : error_table) {
        const int leading = row.wire_code > 999 ? row.wire_code / 100 : row.wire_code;
        EXPECT_EQ(leading, row.http_status) << row.message;
    }
}

}  // namespace symbolon
