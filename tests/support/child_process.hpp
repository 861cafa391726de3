// Runs a piece of a test in a process of its own: for what would change this one for good.
//
// Example:  EXPECT_EQ(in_child([] { become_ordinary_user(); return try_it(); }), "refused");
// Threads:  one at a time, while no other thread runs
// Tested by tests/unit/storage/sqlite_file_test.cpp
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>

namespace symbolon::testing {

/// Runs `work` in a process of its own and answers the text that it returns.
inline std::string in_child(const std::function<std::string()>& work) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string text = work();
        [[maybe_unused]] const auto ignored = ::write(ends[1], text.data(), text.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;) {
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << "the child died of signal " << WTERMSIG(status);
    return text;
}

/// Root may write anywhere, so what an ordinary user meets is tried as one.
inline void become_ordinary_user() {
    constexpr uid_t nobody = 65'534;
    if (::getuid() == 0 && ::setuid(nobody) != 0) {
        ::_exit(1);
    }
}

}  // namespace symbolon::testing
