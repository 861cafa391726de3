// Many readers or one writer, where a waiting writer goes before readers that come later.
//
// Why: the standard library's lock lets readers pass a waiting writer for as long as some reader
// holds it. With two busy event loops a registration then waits for seconds.
//
// Example:  const std::shared_lock lock(mutex);   const std::lock_guard lock(mutex);
// Threads:  any thread; a thread that holds it must not take it again
// Tested by tests/unit/api/read_write_lock_test.cpp
#pragma once

#include <pthread.h>

namespace symbolon {

class ReadWriteLock {
public:
    ReadWriteLock() {
        pthread_rwlockattr_t attributes;
        pthread_rwlockattr_init(&attributes);
        pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
        pthread_rwlock_init(&lock_, &attributes);
        pthread_rwlockattr_destroy(&attributes);
    }
    ~ReadWriteLock() { pthread_rwlock_destroy(&lock_); }
    ReadWriteLock(const ReadWriteLock&) = delete;
    ReadWriteLock& operator=(const ReadWriteLock&) = delete;
    ReadWriteLock(ReadWriteLock&&) = delete;
    ReadWriteLock& operator=(ReadWriteLock&&) = delete;

    void lock() { pthread_rwlock_wrlock(&lock_); }
    void unlock() { pthread_rwlock_unlock(&lock_); }
    void lock_shared() { pthread_rwlock_rdlock(&lock_); }
    void unlock_shared() { pthread_rwlock_unlock(&lock_); }

private:
    pthread_rwlock_t lock_;
};

}  // namespace symbolon
