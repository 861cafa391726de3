#include "cli/progress_line.hpp"

#include "cli/terminal.hpp"

#include <unistd.h>

#include <cstddef>
#include <utility>

namespace symbolon::cli {

ProgressLine::ProgressLine(ProgressTimes times) : ProgressLine(times, STDERR_FILENO) {}

ProgressLine::ProgressLine(ProgressTimes times, int descriptor)
    : descriptor_(descriptor),
      on_(can_write_over(descriptor)),
      step_(times.step),
      next_(Clock::now() + times.first) {}

void ProgressLine::show(const std::function<std::string()>& words) {
    if (!on_) {
        return;
    }
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (now < next_) {
        return;
    }
    next_ = now + step_;
    // A line that wraps could not be written over.
    write("\r\033[K" + words().substr(0, columns_of(descriptor_) - 1));
    shown_ = true;
}

void ProgressLine::clear() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(shown_, false)) {
        write("\r\033[K");
    }
}

void ProgressLine::write(const std::string& text) const {
    std::size_t done = 0;
    while (done < text.size()) {
        const ::ssize_t more = ::write(descriptor_, text.data() + done, text.size() - done);
        if (more <= 0) {
            return;  // progress is no reason to fail
        }
        done += static_cast<std::size_t>(more);
    }
}

}  // namespace symbolon::cli
