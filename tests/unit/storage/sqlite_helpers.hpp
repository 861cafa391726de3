// What the tests of the SQLite store share: opening, looking in as an operator would, damaging.
//
// Example:  EXPECT_EQ(sqlite_shell(file, "PRAGMA user_version"), "2\n");
// Threads:  one at a time
// Tested by tests/unit/storage/sqlite_file_test.cpp
#pragma once

#include "storage/sqlite/sqlite_store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::storage {

inline std::unique_ptr<Store> open_or_fail(const std::string& file) {
    auto store = open_sqlite_store(file);
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
}

inline std::string sqlite_refusal(const std::string& file) {
    const auto store = open_sqlite_store(file);
    if (store) {
        return "opened";
    }
    EXPECT_EQ(store.error().code, ErrorCode::cannot_start);
    return store.error().message;
}

/// What an operator sees in the sqlite3 shell: rows as lines, columns with "|" between them.
inline std::string sqlite_shell(const std::string& file, const std::string& sql) {
    sqlite3* opened = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &opened), SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, &sqlite3_close);
    std::string output;
    const auto collect = [](void* out, int columns, char** values, char**) {
        for (int at = 0; at < columns; ++at) {
            *static_cast<std::string*>(out) +=
                std::string(at == 0 ? "" : "|") + (values[at] == nullptr ? "NULL" : values[at]);
        }
        *static_cast<std::string*>(out) += "\n";
        return 0;
    };
    char* problem = nullptr;
    if (sqlite3_exec(opened, sql.c_str(), collect, &output, &problem) != SQLITE_OK) {
        output = std::string("error: ") + problem;
        sqlite3_free(problem);
    }
    return output;
}

inline std::string read_file(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

inline void write_file(const std::string& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// Commits a value under a fresh key at the store's head.
inline Result<Revision> append_value(Store& store, const std::string& value) {
    SYMBOLON_TRY(const auto entries, store.read_since(Revision{0}));
    const Revision head = entries.empty() ? Revision{0} : entries.back().revision;
    return store.commit({{"key/" + std::to_string(head.value()), value}}, head);
}

inline void fill_store(const std::string& file, int entries) {
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    WriteBatch batch;
    for (int at = 0; at < entries; ++at) {
        batch.push_back({"key/" + std::to_string(at), std::string(2'200, 'v')});
    }
    ASSERT_TRUE(store->commit(batch, Revision{0}));
}

/// Everything in the store as one text, or the failure's message.
inline std::string content_of(Store& store) {
    const auto entries = store.read_since(Revision{0});
    if (!entries) {
        EXPECT_EQ(entries.error().code, ErrorCode::store_failed);
        return "failed: " + entries.error().message;
    }
    std::string text;
    for (const auto& entry : *entries) {
        text += std::to_string(entry.revision.value()) + " " + entry.key + "=" +
                entry.value.value_or("<erased>") + "\n";
    }
    return text;
}

}  // namespace symbolon::storage
