#include "client/producer/checkpoint.hpp"

#include "core/limits.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace symbolon::client {

namespace {

// Closes by itself.
class CheckpointFile {
public:
    explicit CheckpointFile(const std::string& path)
        : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
    CheckpointFile(const CheckpointFile&) = delete;
    CheckpointFile& operator=(const CheckpointFile&) = delete;
    CheckpointFile(CheckpointFile&&) = delete;
    CheckpointFile& operator=(CheckpointFile&&) = delete;
    ~CheckpointFile() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }

    /// 0, or errno.
    int write(std::string_view text) const {
        if (descriptor_ < 0) {
            return errno;
        }
        while (!text.empty()) {
            const auto written = ::write(descriptor_, text.data(), text.size());
            if (written < 0 && errno != EINTR) {
                return errno;
            }
            text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
        return ::fdatasync(descriptor_) == 0 ? 0 : errno;
    }

private:
    int descriptor_;
};

}  // namespace

Result<Ledger> load_checkpoint(const std::string& path) {
    std::error_code problem;
    if (!std::filesystem::exists(path, problem)) {
        return Ledger{};
    }
    std::ifstream file(path, std::ios::binary);
    const auto size = std::filesystem::file_size(path, problem);
    if (!file || problem || size > limits::checkpoint_bytes_max) {
        return failure(
            make_error(ErrorCode::unavailable, fmt::format("checkpoint {} cannot be read", path)));
    }
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    auto ledger = Ledger::parse(text);
    if (!ledger) {
        return failure(
            make_error(ErrorCode::malformed_datum,
                       fmt::format("{} is no checkpoint: {}. Remove it to begin the input anew",
                                   path, ledger.error().message)));
    }
    return ledger;
}

Status write_checkpoint(const std::string& path, const std::string& text) {
    const auto fresh = path + ".new";
    int problem = CheckpointFile(fresh).write(text + "\n");
    if (problem == 0 && std::rename(fresh.c_str(), path.c_str()) != 0) {
        problem = errno;
    }
    if (problem != 0) {
        return failure(make_error(ErrorCode::sink_failed,
                                  fmt::format("checkpoint {} cannot be written: {}", path,
                                              std::generic_category().message(problem))));
    }
    return {};
}

}  // namespace symbolon::client
