// A thread that keeps a SchemaKeeper fresh, whether bodies come or not.
//
// Why: what asks /health before it sends sends nothing to a gateway that was started before its
// registry; without this nobody would look the schema up again.
//
// Example:  const SchemaRefresher refresher(keeper);
// Errors:   none: the keeper remembers them
// Threads:  made and destroyed by one; the end waits for the look-up that is under way
// Source:   contract of the event clients, section 4.1
// Tested by tests/unit/client/gateway/schema_keeper_test.cpp
#pragma once

#include "client/gateway/schema_keeper.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace symbolon::client {

class SchemaRefresher {
public:
    /// `keeper` outlives the refresher.
    explicit SchemaRefresher(SchemaKeeper& keeper);
    SchemaRefresher(const SchemaRefresher&) = delete;
    SchemaRefresher& operator=(const SchemaRefresher&) = delete;
    SchemaRefresher(SchemaRefresher&&) = delete;
    SchemaRefresher& operator=(SchemaRefresher&&) = delete;
    ~SchemaRefresher();

private:
    void work();

    SchemaKeeper& keeper_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;     ///< last: it uses all of these
};

}  // namespace symbolon::client
