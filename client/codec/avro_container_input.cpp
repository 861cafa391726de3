#include "client/codec/avro_container_input.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace symbolon::client {

namespace {

constexpr std::size_t input_buffer_bytes = 64U << 10U;

Error no_container(std::string_view what) {
    return make_error(ErrorCode::malformed_datum,
                      fmt::format("this is no Avro container file: {}", what));
}

Error bad_header(const ContainerInput& input, std::string_view what) {
    return no_container(input.is_cut_off()
                            ? fmt::format("it ends at byte {}, within its header", input.offset())
                            : fmt::format("{} (byte {})", what, input.offset()));
}

/// Reads the metadata and counts what it takes.
class HeaderReader {
public:
    explicit HeaderReader(ContainerInput& input) : input_(input) {}

    Result<ContainerHeader> read() {
        std::string magic;
        SYMBOLON_TRY(const bool whole, input_.read_bytes(container_magic.size(), magic));
        if (!whole || magic != container_magic) {
            return failure(no_container("it does not begin with \"Obj\" and 01"));
        }
        ContainerHeader header;
        SYMBOLON_CHECK(read_metadata(header));
        std::string marker;
        SYMBOLON_TRY(const bool has_marker, input_.read_bytes(header.sync_marker.size(), marker));
        if (!has_marker) {
            return failure(bad_header(input_, ""));
        }
        std::copy(marker.begin(), marker.end(), header.sync_marker.begin());
        SYMBOLON_CHECK(take_known(header));
        return header;
    }

private:
    // As Avro writes a map: blocks of entries, the last one empty.
    Status read_metadata(ContainerHeader& header) {
        while (true) {
            SYMBOLON_TRY(auto count, input_.read_long());
            if (!count || *count == std::numeric_limits<std::int64_t>::min()) {
                return failure(bad_header(input_, "a count of its metadata is wrong"));
            }
            if (*count == 0) {
                return {};
            }
            if (*count < 0) {
                SYMBOLON_TRY(const auto size, input_.read_long());
                if (!size || *size < 0) {
                    return failure(bad_header(input_, "a size of its metadata is wrong"));
                }
                count = -*count;
            }
            entries_ += static_cast<std::uint64_t>(*count);
            if (entries_ > limits::container_metadata_max) {
                return failure(bad_header(input_, fmt::format("more than {} entries of metadata",
                                                              limits::container_metadata_max)));
            }
            for (std::int64_t at = 0; at < *count; ++at) {
                std::string key;
                std::string value;
                SYMBOLON_CHECK(read_text(key));
                SYMBOLON_CHECK(read_text(value));
                header.metadata.insert_or_assign(std::move(key), std::move(value));
            }
        }
    }

    Status read_text(std::string& text) {
        SYMBOLON_TRY(const auto size, input_.read_long());
        if (!size || *size < 0) {
            return failure(bad_header(input_, "the length of a text is wrong"));
        }
        const auto bytes = static_cast<std::uint64_t>(*size);
        if (bytes > limits::container_header_bytes_max - bytes_) {
            return failure(bad_header(input_, fmt::format("more than {} bytes of metadata",
                                                          limits::container_header_bytes_max)));
        }
        bytes_ += bytes;
        SYMBOLON_TRY(const bool whole, input_.read_bytes(bytes, text));
        return whole ? Status{} : failure(bad_header(input_, ""));
    }

    static Status take_known(ContainerHeader& header) {
        const auto schema = header.metadata.find("avro.schema");
        if (schema == header.metadata.end()) {
            return failure(no_container("its metadata has no avro.schema"));
        }
        header.schema_text = schema->second;
        const auto codec = header.metadata.find("avro.codec");
        const auto found = codec == header.metadata.end() ? std::optional(ContainerCodec::null)
                                                          : find_container_codec(codec->second);
        if (!found) {
            return failure(make_error(
                ErrorCode::malformed_datum,
                fmt::format("the container file has the codec \"{}\"; null, deflate, snappy and "
                            "zstandard are read",
                            codec->second.substr(0, limits::quoted_bytes_max))));
        }
        header.codec = *found;
        return {};
    }

    ContainerInput& input_;
    std::uint64_t entries_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace

ContainerInput::ContainerInput(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), buffer_(input_buffer_bytes) {}

// False at the end of the source.
Result<bool> ContainerInput::fill() {
    if (at_ < end_) {
        return true;
    }
    if (buffer_.size() != input_buffer_bytes) {  // what was put back is read
        buffer_ = std::vector<char>(input_buffer_bytes);
    }
    SYMBOLON_TRY(end_, source_->read(buffer_.data(), buffer_.size()));
    at_ = 0;
    return end_ > 0;
}

Result<bool> ContainerInput::at_end() {
    SYMBOLON_TRY(const bool has_more, fill());
    return !has_more;
}

Result<std::optional<std::int64_t>> ContainerInput::read_long() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        SYMBOLON_TRY(const bool has_more, fill());
        if (!has_more) {
            is_cut_off_ = true;
            return std::nullopt;
        }
        const auto byte = static_cast<unsigned char>(buffer_[at_++]);
        ++offset_;
        bits |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80) {
            const bool fits = shift < 63 || byte <= 1;
            return fits ? std::optional(static_cast<std::int64_t>(bits >> 1U ^ (~(bits & 1U) + 1U)))
                        : std::nullopt;
        }
    }
    return std::nullopt;
}

Result<bool> ContainerInput::read_bytes(std::uint64_t size, std::string& out) {
    out.clear();
    while (size > 0) {
        SYMBOLON_TRY(const bool has_more, fill());
        if (!has_more) {
            is_cut_off_ = true;
            return false;
        }
        const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - at_));
        out.append(buffer_.data() + at_, taken);
        at_ += taken;
        offset_ += taken;
        size -= taken;
    }
    return true;
}

Result<bool> ContainerInput::skip(std::uint64_t size) {
    const auto buffered = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - at_));
    at_ += buffered;
    std::uint64_t passed = buffered;
    if (passed < size) {
        SYMBOLON_TRY(const std::uint64_t further, source_->skip(size - passed));
        passed += further;
    }
    offset_ += passed;
    is_cut_off_ = is_cut_off_ || passed < size;
    return passed == size;
}

void ContainerInput::put_back(std::string_view bytes) {
    std::vector<char> both(bytes.size() + (end_ - at_));
    std::copy(bytes.begin(), bytes.end(), both.begin());
    std::copy(buffer_.data() + at_, buffer_.data() + end_, both.data() + bytes.size());
    buffer_ = std::move(both);
    at_ = 0;
    end_ = buffer_.size();
    offset_ -= bytes.size();
    is_cut_off_ = false;
}

Result<bool> ContainerInput::skip_behind(std::string_view marker) {
    std::string seen;  // the end of what was passed over: the marker may begin there
    while (true) {
        SYMBOLON_TRY(const bool has_more, fill());
        if (!has_more) {
            return false;
        }
        const std::size_t kept = seen.size();
        const std::size_t looked_at = std::min(end_ - at_, input_buffer_bytes);
        seen.append(buffer_.data() + at_, looked_at);
        const std::size_t found = seen.find(marker);
        const bool is_found = found != std::string::npos;
        const std::size_t passed = is_found ? found + marker.size() - kept : looked_at;
        at_ += passed;
        offset_ += passed;
        if (is_found) {
            return true;
        }
        seen.erase(0, seen.size() - std::min(seen.size(), marker.size() - 1));
    }
}

Result<ContainerHeader> read_container_header(ContainerInput& input) {
    return HeaderReader(input).read();
}

void append_long(std::string& out, std::int64_t number) {
    std::uint64_t bits =
        static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number < 0 ? -1 : 0);
    while (bits >= 0x80) {
        out += static_cast<char>((bits & 0x7FU) | 0x80U);
        bits >>= 7U;
    }
    out += static_cast<char>(bits);
}

}  // namespace symbolon::client
