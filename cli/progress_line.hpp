// A line of progress on a terminal: written over while work goes on, gone when it is done.
//
// Example:  ProgressLine line;  line.show([&] { return fmt::format("checked {} files", done); });
// Errors:   none; where there is no terminal nothing is shown
// Threads:  any thread
// Tested by tests/unit/cli/progress_line_test.cpp
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

namespace symbolon::cli {

struct ProgressTimes {
    std::chrono::milliseconds first{300};  ///< what is done in a blink shows nothing
    std::chrono::milliseconds step{100};   ///< between two lines
};

class ProgressLine {
public:
    /// On standard error.
    explicit ProgressLine(ProgressTimes times = {});
    /// On another descriptor, which stays open for as long.
    ProgressLine(ProgressTimes times, int descriptor);
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ProgressLine(ProgressLine&&) = delete;
    ProgressLine& operator=(ProgressLine&&) = delete;
    ~ProgressLine() { clear(); }

    /// Asks for the words and shows them, when it is time to; they have no control characters.
    void show(const std::function<std::string()>& words);
    /// Makes room for other words.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    void write(const std::string& text) const;

    const int descriptor_;
    const bool on_;
    const std::chrono::milliseconds step_;
    std::mutex mutex_;
    Clock::time_point next_;  // guarded by mutex_
    bool shown_ = false;      // guarded by mutex_
};

}  // namespace symbolon::cli
