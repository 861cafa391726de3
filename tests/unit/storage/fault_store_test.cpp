#include "tests/support/fault_store.hpp"

#include "storage/memory/memory_store.hpp"

#include <gtest/gtest.h>

namespace symbolon::testing {

TEST(FaultStore, FailsOnceBeforeTheEffect) {
    storage::MemoryStore inner;
    FaultStore store(inner);
    store.fail_call(2, FaultMoment::before_effect);
    EXPECT_TRUE(store.ping());
    EXPECT_FALSE(store.has_failed());
    const auto failed = store.commit({{"a", "1"}}, Revision{0});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::store_failed);
    EXPECT_TRUE(store.has_failed());
    EXPECT_TRUE(inner.read_since(Revision{0})->empty());
    EXPECT_TRUE(store.commit({{"a", "1"}}, Revision{0}));
}

TEST(FaultStore, FailsAfterTheEffect) {
    storage::MemoryStore inner;
    FaultStore store(inner);
    store.fail_call(1, FaultMoment::after_effect);
    EXPECT_FALSE(store.commit({{"a", "1"}}, Revision{0}));
    EXPECT_EQ(inner.read_since(Revision{0})->size(), 1U);
    EXPECT_EQ(store.commit({{"a", "2"}}, Revision{0}).error().code, ErrorCode::write_conflict);
}

}  // namespace symbolon::testing
