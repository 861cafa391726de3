#include "client/decoder/guard_store.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

namespace symbolon::client {
namespace {

tl::unexpected<Error> store_error(const std::string& path, std::string_view doing, int number) {
    return failure(
        make_error(ErrorCode::sink_failed, fmt::format("guard state {}: {}: {}", path, doing,
                                                       std::generic_category().message(number))));
}

tl::unexpected<Error> not_a_state(std::string_view why) {
    return failure(
        make_error(ErrorCode::malformed_json, fmt::format("it is no guard state: {}", why)));
}

/// A version or nothing; false when it is neither.
bool read_version(const Json& subject, const char* name, std::optional<Version>& version) {
    const auto at = subject.find(name);
    if (at == subject.end() || at->is_null()) {
        return true;
    }
    if (!at->is_number_integer()) {
        return false;
    }
    const auto number = at->get<std::int64_t>();
    version = Version{static_cast<std::int32_t>(number)};
    return number >= 0 && number <= std::numeric_limits<std::int32_t>::max();
}

Result<SubjectState> parse_subject(const Json& json) {
    if (!json.is_object()) {
        return not_a_state("each subject is an object");
    }
    SubjectState state;
    std::optional<Version> flagged_version;
    if (!read_version(json, "last_good_version", state.last_good) ||
        !read_version(json, "flagged_version", flagged_version)) {
        return not_a_state("a version is no number");
    }
    if (json.value("flagged", Json(false)) == Json(true)) {
        const auto since = json.find("flagged_since");
        state.flag = SubjectFlag{
            flagged_version.value_or(Version{}),
            since != json.end() && since->is_number_integer() ? since->get<std::int64_t>() : 0};
    }
    return state;
}

/// Writes, flushes and closes; the descriptor is closed in any case.
bool write_whole(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            break;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    const bool flushed = text.empty() && ::fsync(descriptor) == 0;
    const int number = errno;
    const bool closed = ::close(descriptor) == 0;
    if (!flushed) {
        errno = number;
    }
    return flushed && closed;
}

}  // namespace

std::string to_text(const GuardState& state) {
    Json subjects = Json::object();
    for (const auto& [name, subject] : state) {
        Json json{{"flagged", subject.flag.has_value()}};
        if (subject.flag) {
            json["flagged_version"] = subject.flag->version.value();
            json["flagged_since"] = subject.flag->since_ms;
        }
        if (subject.last_good) {
            json["last_good_version"] = subject.last_good->value();
        }
        subjects[name] = std::move(json);
    }
    return symbolon::to_text(Json{{"format", 1}, {"subjects", std::move(subjects)}}) + "\n";
}

Result<GuardState> parse_guard_state(std::string_view text) {
    SYMBOLON_TRY(const Json json, parse_json(text));
    if (!json.is_object() || json.value("format", Json()) != 1) {
        return not_a_state("its \"format\" is not 1");
    }
    const auto subjects = json.find("subjects");
    if (subjects == json.end() || !subjects->is_object()) {
        return not_a_state("it has no \"subjects\"");
    }
    GuardState state;
    for (const auto& [name, subject] : subjects->items()) {
        SYMBOLON_TRY(state[name], parse_subject(subject));
    }
    return state;
}

Result<std::unique_ptr<GuardStore>> GuardStore::open(std::string path) {
    const auto lock_path = path + ".lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0) {
        return store_error(lock_path, "cannot be opened", errno);
    }
    std::unique_ptr<GuardStore> store(new GuardStore(std::move(path), lock));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        return failure(make_error(
            ErrorCode::sink_failed,
            fmt::format("guard state {}: a running decoder uses it; stop that first, or give each "
                        "its own file",
                        store->path_)));
    }
    return store;
}

GuardStore::~GuardStore() {
    ::close(lock_);
}

Result<GuardState> GuardStore::read(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) {
        return GuardState{};
    }
    const auto size = std::filesystem::file_size(path, error);
    if (error) {
        return store_error(path, "cannot be read", error.value());
    }
    if (size > limits::guard_state_bytes_max) {
        return store_error(path, "is too large", EFBIG);
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(size, '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    if (!file) {
        return store_error(path, "cannot be read", EIO);
    }
    auto state = parse_guard_state(text);
    if (!state) {
        return failure(make_error(
            ErrorCode::malformed_json,
            fmt::format("guard state {}: {}. Name another file with --state; to begin without "
                        "flags and last good versions, move this one away",
                        path, state.error().message)));
    }
    return state;
}

Status GuardStore::save(const GuardState& state) {
    const auto beside = path_ + ".new";
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return store_error(beside, "cannot be opened", errno);
    }
    if (!write_whole(descriptor, to_text(state))) {
        return store_error(beside, "cannot be written", errno);
    }
    if (::rename(beside.c_str(), path_.c_str()) != 0) {
        return store_error(path_, "cannot be replaced", errno);
    }
    auto folder = std::filesystem::path(path_).parent_path();
    const int opened =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened >= 0) {
        ::fsync(opened);
        ::close(opened);
    }
    return {};
}

}  // namespace symbolon::client
