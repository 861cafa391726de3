#include "server/signals.hpp"

#include <pthread.h>

#include <cerrno>

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
    std::signal(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    return received == SIGINT ? "SIGINT" : "SIGTERM";
}

}  // namespace symbolon::server
