#include "gate/tree/run_git.hpp"

#include "core/limits.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // kill is POSIX
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

extern "C" char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace symbolon::gate {

namespace {

Error git_error(std::string_view what) {
    return make_error(ErrorCode::cannot_start, fmt::format("git: {}", what));
}

Error git_system_error(std::string_view what, int error) {
    return git_error(fmt::format("{}: {}", what, std::generic_category().message(error)));
}

class Descriptor {
public:
    explicit Descriptor(int value = -1) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Descriptor() { close(); }
    void close() {
        if (value_ >= 0) {
            ::close(std::exchange(value_, -1));
        }
    }
    int get() const { return value_; }

private:
    int value_;
};

struct Pipe {
    Descriptor reading;
    Descriptor writing;
};

Result<Pipe> open_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return failure(git_system_error("cannot open a pipe", errno));
    }
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Why: all of it is there before git starts, so that nobody waits for anybody's reading.
Result<Descriptor> open_input(std::string_view input) {
    Descriptor memory(::memfd_create("git input", MFD_CLOEXEC));
    if (memory.get() < 0) {
        return failure(git_system_error("cannot hold its input", errno));
    }
    while (!input.empty()) {
        const ssize_t written = ::write(memory.get(), input.data(), input.size());
        if (written < 0 && errno != EINTR) {
            return failure(git_system_error("cannot hold its input", errno));
        }
        input.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    if (::lseek(memory.get(), 0, SEEK_SET) != 0) {
        return failure(git_system_error("cannot hold its input", errno));
    }
    return memory;
}

std::vector<std::string> environment_for_git() {
    constexpr std::array<std::string_view, 9> left_out{
        "GIT_DIR=",    "GIT_WORK_TREE=",  "GIT_INDEX_FILE=",
        "GIT_PREFIX=", "GIT_COMMON_DIR=", "GIT_NAMESPACE=",
        "LC_ALL=",     "LANGUAGE=",       "GIT_TERMINAL_PROMPT="};
    std::vector<std::string> environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (std::none_of(left_out.begin(), left_out.end(),
                         [text](std::string_view name) { return text.starts_with(name); })) {
            environment.emplace_back(text);
        }
    }
    environment.insert(environment.end(),
                       {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0"});
    return environment;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// A child process that has ended when this has.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    Child(Child&&) = delete;
    Child& operator=(Child&&) = delete;
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
    }

    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        constexpr int signal_base = 128;
        return WIFEXITED(status) ? WEXITSTATUS(status) : signal_base + WTERMSIG(status);
    }

private:
    pid_t pid_;
};

Result<pid_t> spawn_git(const std::vector<std::string>& arguments, int input, int output,
                        int errors) {
    std::vector<std::string> words{"git"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto environment = environment_for_git();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    pid_t pid = 0;
    const int problem = ::posix_spawnp(&pid, "git", &actions, nullptr, pointers_to(words).data(),
                                       pointers_to(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (problem == ENOENT) {
        return failure(
            git_error("the program is not installed, or not in PATH; install it, or "
                      "compare with a folder"));
    }
    if (problem != 0) {
        return failure(git_system_error("cannot be started", problem));
    }
    return pid;
}

/// Reads what is there; false at the end.
Result<bool> read_some(int descriptor, std::string& text, std::size_t bytes_max) {
    std::array<char, 65'536> part;
    const ssize_t got = ::read(descriptor, part.data(), part.size());
    if (got < 0) {
        return errno == EINTR || errno == EAGAIN
                   ? Result<bool>(true)
                   : failure(git_system_error("cannot be read from", errno));
    }
    text.append(part.data(), std::min(static_cast<std::size_t>(got),
                                      bytes_max - std::min(bytes_max, text.size())));
    return got > 0;
}

Status read_answer(GitAnswer& answer, Pipe& output, Pipe& errors) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::milliseconds(limits::git_time_ms_max);
    while (output.reading.get() >= 0 || errors.reading.get() >= 0) {
        std::array<pollfd, 2> waiting{pollfd{output.reading.get(), POLLIN, 0},
                                      pollfd{errors.reading.get(), POLLIN, 0}};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        const int ready = left.count() <= 0 ? 0
                                            : ::poll(waiting.data(), waiting.size(),
                                                     static_cast<int>(left.count()));
        if (ready == 0) {
            return failure(
                git_error(fmt::format("no answer within {} ms; run it by hand to see "
                                      "what it waits for",
                                      limits::git_time_ms_max)));
        }
        if (ready < 0 && errno != EINTR) {
            return failure(git_system_error("cannot be waited for", errno));
        }
        if (ready > 0 && waiting[0].revents != 0) {
            // Why: one byte more than may be is kept, and told.
            SYMBOLON_TRY(const bool more, read_some(output.reading.get(), answer.out,
                                                    limits::git_answer_bytes_max + 1));
            if (!more) {
                output.reading.close();
            }
        }
        if (ready > 0 && waiting[1].revents != 0) {
            SYMBOLON_TRY(const bool more, read_some(errors.reading.get(), answer.errors,
                                                    limits::git_errors_bytes_max));
            if (!more) {
                errors.reading.close();
            }
        }
        if (answer.out.size() > limits::git_answer_bytes_max) {
            return failure(
                git_error(fmt::format("it answers more than {} bytes; name a smaller "
                                      "folder: git#REF:PATH",
                                      limits::git_answer_bytes_max)));
        }
    }
    return {};
}

}  // namespace

Result<GitAnswer> run_git(const std::vector<std::string>& arguments, std::string_view input) {
    SYMBOLON_TRY(const Descriptor stdin_file, open_input(input));
    SYMBOLON_TRY(Pipe output, open_pipe());
    SYMBOLON_TRY(Pipe errors, open_pipe());
    SYMBOLON_TRY(const pid_t pid, spawn_git(arguments, stdin_file.get(), output.writing.get(),
                                            errors.writing.get()));
    Child child(pid);
    output.writing.close();
    errors.writing.close();
    GitAnswer answer;
    SYMBOLON_CHECK(read_answer(answer, output, errors));
    answer.exit_status = child.wait();
    return answer;
}

}  // namespace symbolon::gate
