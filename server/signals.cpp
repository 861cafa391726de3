#include "server/signals.hpp"

#include <pthread.h>
#include <signal.h>  // sigtimedwait is POSIX

#include <cerrno>
#include <ctime>

namespace symbolon::server {

StopSignals::StopSignals() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    // Threads inherit this, so that the signals wait for sigwait() below.
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

std::string_view StopSignals::wait() {
    int received = 0;
    while (sigwait(&set_, &received) == EINTR) {
    }
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    return taken(received);
}

std::optional<std::string_view> StopSignals::find() {
    const timespec no_wait{};
    const int received = sigtimedwait(&set_, nullptr, &no_wait);
    if (received < 0) {
        return std::nullopt;
    }
    // The next one ends the process at once.
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    return taken(received);
}

std::string_view StopSignals::taken(int signal) {
    std::signal(SIGINT, SIG_DFL);
    return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

}  // namespace symbolon::server
