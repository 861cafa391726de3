// A disk below SQLite whose n-th operation fails: everything goes to the real one but what is to
// fail.
//
// Example:  FaultVfs disk; disk.fail_from(3, FaultVfs::Lasting::once); … ; disk.heal();
// Units:    operations (reads, writes, flushes, truncations, shared memory) on any file, from 1
// Threads:  one at a time; one object at a time
// Source:   https://www.sqlite.org/vfs.html
// Tested by tests/unit/storage/sqlite_fault_test.cpp
#pragma once

#include <sqlite3.h>

#include <cstddef>

namespace symbolon::testing {

class FaultVfs {
public:
    enum class Lasting { once, until_healed };

    /// Becomes the disk of every database that is opened from now on.
    FaultVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
        vfs_.zName = "symbolon-fault";
        vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
        vfs_.pNext = nullptr;
        vfs_.xOpen = &FaultVfs::open;
        current() = this;
        sqlite3_vfs_register(&vfs_, 1);
    }
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;
    FaultVfs(FaultVfs&&) = delete;
    FaultVfs& operator=(FaultVfs&&) = delete;
    /// REQUIRES: every database that was opened on it is closed.
    ~FaultVfs() {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(real_, 1);
        current() = nullptr;
    }

    void fail_from(std::size_t operation, Lasting lasting) {
        operations_until_fault_ = operation;
        lasting_ = lasting;
        has_failed_ = false;
    }
    void heal() { operations_until_fault_ = 0; }
    /// Whether the fault that was asked for has happened: when not, a scenario passed untouched.
    bool has_failed() const { return has_failed_; }

private:
    /// What SQLite sees as an open file; the real one lies behind it in the same block.
    struct File {
        sqlite3_file base;
        sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };

    static FaultVfs*& current() {
        static FaultVfs* object = nullptr;
        return object;
    }
    static sqlite3_file* real_of(sqlite3_file* file) {
        return reinterpret_cast<File*>(file)->real();
    }

    bool fails_now() {
        if (operations_until_fault_ == 0) {
            return false;
        }
        if (operations_until_fault_ > 1) {
            --operations_until_fault_;
            return false;
        }
        if (lasting_ == Lasting::once) {
            operations_until_fault_ = 0;
        }
        has_failed_ = true;
        return true;
    }

    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
        file->pMethods = nullptr;
        sqlite3_vfs* const vfs = current()->real_;
        const int code = vfs->xOpen(vfs, name, real_of(file), flags, out_flags);
        if (code == SQLITE_OK) {
            file->pMethods = methods();
        }
        return code;
    }
    static int close(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }
    static int read(sqlite3_file* file, void* data, int size, sqlite3_int64 at) {
        return current()->fails_now()
                   ? SQLITE_IOERR_READ
                   : real_of(file)->pMethods->xRead(real_of(file), data, size, at);
    }
    /// A write that fails has written half: so disks do.
    static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
        if (!current()->fails_now()) {
            return real_of(file)->pMethods->xWrite(real_of(file), data, size, at);
        }
        real_of(file)->pMethods->xWrite(real_of(file), data, size / 2, at);
        return size % 3 == 0 ? SQLITE_IOERR_WRITE : SQLITE_FULL;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        return current()->fails_now() ? SQLITE_IOERR_TRUNCATE
                                      : real_of(file)->pMethods->xTruncate(real_of(file), size);
    }
    /// A flush that succeeds need not happen: no power is cut here, and hundreds of runs would
    /// wait.
    static int sync(sqlite3_file*, int) {
        return current()->fails_now() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    }
    static int map_shared(sqlite3_file* file, int region, int size, int extend,
                          void volatile** out) {
        return current()->fails_now()
                   ? SQLITE_IOERR_SHMSIZE
                   : real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, out);
    }

    static const sqlite3_io_methods* methods() {
        static sqlite3_io_methods table{};
        table.iVersion = 2;  // 3 would offer memory maps, which the store does not use
        table.xClose = &FaultVfs::close;
        table.xRead = &FaultVfs::read;
        table.xWrite = &FaultVfs::write;
        table.xTruncate = &FaultVfs::truncate;
        table.xSync = &FaultVfs::sync;
        table.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
            return real_of(file)->pMethods->xFileSize(real_of(file), size);
        };
        table.xLock = [](sqlite3_file* file, int level) {
            return real_of(file)->pMethods->xLock(real_of(file), level);
        };
        table.xUnlock = [](sqlite3_file* file, int level) {
            return real_of(file)->pMethods->xUnlock(real_of(file), level);
        };
        table.xCheckReservedLock = [](sqlite3_file* file, int* is_held) {
            return real_of(file)->pMethods->xCheckReservedLock(real_of(file), is_held);
        };
        table.xFileControl = [](sqlite3_file* file, int operation, void* argument) {
            return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
        };
        table.xSectorSize = [](sqlite3_file* file) {
            return real_of(file)->pMethods->xSectorSize(real_of(file));
        };
        table.xDeviceCharacteristics = [](sqlite3_file* file) {
            return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
        };
        table.xShmMap = &FaultVfs::map_shared;
        table.xShmLock = [](sqlite3_file* file, int offset, int count, int flags) {
            return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
        };
        table.xShmBarrier = [](sqlite3_file* file) {
            real_of(file)->pMethods->xShmBarrier(real_of(file));
        };
        table.xShmUnmap = [](sqlite3_file* file, int is_to_delete) {
            return real_of(file)->pMethods->xShmUnmap(real_of(file), is_to_delete);
        };
        return &table;
    }

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
    std::size_t operations_until_fault_ = 0;
    Lasting lasting_ = Lasting::once;
    bool has_failed_ = false;
};

}  // namespace symbolon::testing
