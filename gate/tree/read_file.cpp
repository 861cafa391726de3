#include "gate/tree/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace symbolon::gate {

namespace {

enum class Part { beginning, all };

/// A descriptor that is closed.
class OpenFile {
public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open is variadic
    explicit OpenFile(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile(OpenFile&&) = delete;
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

std::string reason_of(int error) {
    return std::generic_category().message(error);
}

Result<std::string> read_part(const std::string& path, const std::string& shown_path,
                              std::size_t bytes_max, Part part) {
    const OpenFile file(path);
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
        return failure(cannot_read(shown_path, reason_of(errno)));
    }
    if (!S_ISREG(status.st_mode)) {
        return failure(cannot_read(shown_path, "it is no regular file"));
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (part == Part::all && size > bytes_max) {
        return failure(too_large(shown_path, size, bytes_max));
    }
    std::string text(std::min(size, bytes_max), '\0');
    std::size_t at = 0;
    while (at < text.size()) {
        const ssize_t got = ::read(file.get(), text.data() + at, text.size() - at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failure(cannot_read(shown_path, reason_of(errno)));
        }
        if (got == 0) {
            break;  // it has become shorter
        }
        at += static_cast<std::size_t>(got);
    }
    text.resize(at);
    return text;
}

}  // namespace

Error cannot_read(const std::string& shown_path, const std::string& reason) {
    return make_error(ErrorCode::cannot_start,
                      fmt::format("{} cannot be read: {}; make it readable, or name it under "
                                  "\"exclude\" in symbolon.yaml",
                                  shown_path, reason));
}

Error too_large(const std::string& shown_path, std::size_t bytes, std::size_t bytes_max) {
    return make_error(ErrorCode::cannot_start,
                      fmt::format("{} is too large: it has {} bytes, and at most {} are read{}",
                                  shown_path, bytes, bytes_max,
                                  shown_path.ends_with(".yaml") || shown_path.ends_with(".yml")
                                      ? ""
                                      : "; name it under \"exclude\" in symbolon.yaml"));
}

Result<std::string> read_file(const std::string& path, const std::string& shown_path,
                              std::size_t bytes_max) {
    return read_part(path, shown_path, bytes_max, Part::all);
}

Result<std::string> read_beginning(const std::string& path, const std::string& shown_path,
                                   std::size_t bytes) {
    return read_part(path, shown_path, bytes, Part::beginning);
}

}  // namespace symbolon::gate
