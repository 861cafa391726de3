// A terminal of a test's own.
//
// Example:  const PseudoTerminal terminal;  write(terminal.descriptor(), "x", 1);
// Threads:  one at a time
// Tested by tests/unit/cli/terminal_test.cpp
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace symbolon::testing {

class PseudoTerminal {
public:
    PseudoTerminal() : host_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        if (host_ >= 0 && ::grantpt(host_) == 0 && ::unlockpt(host_) == 0) {
            terminal_ = ::open(::ptsname(host_), O_RDWR | O_NOCTTY);
        }
    }
    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;
    PseudoTerminal(PseudoTerminal&&) = delete;
    PseudoTerminal& operator=(PseudoTerminal&&) = delete;
    ~PseudoTerminal() {
        ::close(terminal_);
        ::close(host_);
    }
    /// The program's side; negative where the system has none to give.
    int descriptor() const { return terminal_; }
    /// What appeared since it was last asked for.
    std::string take_shown() const {
        std::string shown;
        std::array<char, 4'096> piece{};
        pollfd ready{host_, POLLIN, 0};
        while (::poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN) != 0) {
            const auto size = ::read(host_, piece.data(), piece.size());
            if (size <= 0) {
                break;
            }
            shown.append(piece.data(), static_cast<std::size_t>(size));
        }
        return shown;
    }

private:
    int host_;
    int terminal_ = -1;
};

}  // namespace symbolon::testing
