#include "client/codec/avro_container_codec.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

namespace symbolon::client {

namespace {

struct CodecName {
    std::string_view name;
    ContainerCodec codec;
};
constexpr std::array codec_names{
    CodecName{"null", ContainerCodec::null},
    CodecName{"deflate", ContainerCodec::deflate},
    CodecName{"snappy", ContainerCodec::snappy},
    CodecName{"zstandard", ContainerCodec::zstandard},
};

// Avro's deflate has neither zlib's header nor its checksum.
constexpr int raw_deflate_bits = -15;
constexpr int deflate_level = 6;
constexpr int deflate_memory_level = 8;
constexpr int zstandard_level = 3;
constexpr std::size_t snappy_checksum_bytes = 4;
/// No element of snappy's makes more than 64 bytes of 3.
constexpr std::size_t snappy_gain_max = 22;
/// What is inflated grows by no more than it has, so that a claim alone takes no memory.
constexpr std::size_t first_step_bytes = 16U << 10U;

Error damaged(std::string_view what) {
    return make_error(ErrorCode::malformed_datum, what);
}

Error too_large(std::size_t bytes_max) {
    return damaged(fmt::format("the block inflates to more than {} bytes", bytes_max));
}

Bytef* zlib_bytes(std::string_view bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): zlib reads and does not write here
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(crc32_z(0, nullptr, 0), zlib_bytes(bytes), bytes.size()));
}

// More room after `used` bytes of `out`; false when there is none within the bound.
bool grow(std::string& out, std::size_t used, std::size_t bytes_max) {
    if (used < out.size()) {
        return true;
    }
    out.resize(std::min(bytes_max, std::max(2 * used, first_step_bytes)));
    return used < out.size();
}

}  // namespace

std::string_view to_string(ContainerCodec codec) {
    return codec_names[static_cast<std::size_t>(codec)].name;
}

std::optional<ContainerCodec> find_container_codec(std::string_view name) {
    for (const CodecName& row : codec_names) {
        if (row.name == name) {
            return row.codec;
        }
    }
    return std::nullopt;
}

struct BlockCodec::State {
    /// A stream of zlib's with the function that ends it.
    template <int (*end)(z_stream*)>
    struct DeflateStream {
        z_stream stream{};
        bool is_open = false;

        DeflateStream() = default;
        DeflateStream(const DeflateStream&) = delete;
        DeflateStream& operator=(const DeflateStream&) = delete;
        DeflateStream(DeflateStream&&) = delete;
        DeflateStream& operator=(DeflateStream&&) = delete;
        ~DeflateStream() {
            if (is_open) {
                end(&stream);
            }
        }
    };

    struct ZstdFree {
        void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
        void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };

    ContainerCodec codec = ContainerCodec::null;
    DeflateStream<::deflateEnd> deflater{};
    DeflateStream<::inflateEnd> inflater{};
    std::unique_ptr<ZSTD_CCtx, ZstdFree> packer{};
    std::unique_ptr<ZSTD_DCtx, ZstdFree> unpacker{};

    Status deflate_zlib(std::string_view block, std::string& out);
    Status deflate_snappy(std::string_view block, std::string& out) const;
    Status deflate_zstandard(std::string_view block, std::string& out);
    Status inflate_zlib(std::string_view stored, std::size_t bytes_max, std::string& out);
    Status inflate_snappy(std::string_view stored, std::size_t bytes_max, std::string& out) const;
    Status inflate_zstandard(std::string_view stored, std::size_t bytes_max, std::string& out);
};

Status BlockCodec::State::deflate_zlib(std::string_view block, std::string& out) {
    z_stream& stream = deflater.stream;
    const bool ready = deflater.is_open
                           ? deflateReset(&stream) == Z_OK
                           : deflateInit2(&stream, deflate_level, Z_DEFLATED, raw_deflate_bits,
                                          deflate_memory_level, Z_DEFAULT_STRATEGY) == Z_OK;
    deflater.is_open = deflater.is_open || ready;
    if (!ready) {
        return failure(make_error(ErrorCode::sink_failed, "no memory for deflate"));
    }
    out.resize(deflateBound(&stream, block.size()));
    stream.next_in = zlib_bytes(block);
    stream.avail_in = static_cast<uInt>(block.size());
    stream.next_out = zlib_bytes(out);
    stream.avail_out = static_cast<uInt>(out.size());
    if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) {
        return failure(make_error(ErrorCode::sink_failed, "deflate failed"));
    }
    out.resize(out.size() - stream.avail_out);
    return {};
}

Status BlockCodec::State::deflate_snappy(std::string_view block, std::string& out) const {
    out.resize(snappy::MaxCompressedLength(block.size()));
    std::size_t size = 0;
    snappy::RawCompress(block.data(), block.size(), out.data(), &size);
    out.resize(size);
    const std::uint32_t sum = checksum(block);
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        out += static_cast<char>(sum >> shift & 0xFFU);
    }
    return {};
}

Status BlockCodec::State::deflate_zstandard(std::string_view block, std::string& out) {
    if (packer == nullptr) {
        packer.reset(ZSTD_createCCtx());
    }
    out.resize(ZSTD_compressBound(block.size()));
    const std::size_t size = ZSTD_compressCCtx(packer.get(), out.data(), out.size(), block.data(),
                                               block.size(), zstandard_level);
    if (ZSTD_isError(size) != 0) {
        return failure(make_error(ErrorCode::sink_failed,
                                  fmt::format("zstandard: {}", ZSTD_getErrorName(size))));
    }
    out.resize(size);
    return {};
}

// Spec: what follows the stream is not looked at; the reference for Python leaves three bytes of
// zlib's checksum there.
Status BlockCodec::State::inflate_zlib(std::string_view stored, std::size_t bytes_max,
                                       std::string& out) {
    z_stream& stream = inflater.stream;
    const bool ready = inflater.is_open ? inflateReset(&stream) == Z_OK
                                        : inflateInit2(&stream, raw_deflate_bits) == Z_OK;
    inflater.is_open = inflater.is_open || ready;
    if (!ready) {
        return failure(make_error(ErrorCode::unavailable, "no memory to inflate a block"));
    }
    stream.next_in = zlib_bytes(stored);
    stream.avail_in = static_cast<uInt>(stored.size());
    std::size_t used = 0;
    int result = Z_OK;
    while (result == Z_OK) {
        const bool has_room = grow(out, used, bytes_max);
        char surplus = 0;  // one byte more tells whether the block ends at the bound
        stream.next_out = has_room ? zlib_bytes(out) + used : zlib_bytes({&surplus, 1});
        stream.avail_out = has_room ? static_cast<uInt>(out.size() - used) : 1U;
        const uInt room = stream.avail_out;
        result = ::inflate(&stream, Z_NO_FLUSH);
        if (!has_room && stream.avail_out == 0) {
            return failure(too_large(bytes_max));
        }
        used += room - stream.avail_out;
    }
    if (result != Z_STREAM_END) {
        return failure(damaged(result == Z_BUF_ERROR ? "the deflated block is cut off"
                                                     : "the block is not deflated as it should"));
    }
    out.resize(used);
    return {};
}

Status BlockCodec::State::inflate_snappy(std::string_view stored, std::size_t bytes_max,
                                         std::string& out) const {
    std::size_t size = 0;
    if (stored.size() < snappy_checksum_bytes) {
        return failure(damaged("the snappy block is cut off"));
    }
    const std::string_view packed = stored.substr(0, stored.size() - snappy_checksum_bytes);
    if (!snappy::GetUncompressedLength(packed.data(), packed.size(), &size)) {
        return failure(damaged("the block is no snappy block"));
    }
    if (size > bytes_max) {
        return failure(too_large(bytes_max));
    }
    if (size / snappy_gain_max > packed.size()) {
        return failure(damaged("the snappy block claims more bytes than it can hold"));
    }
    out.resize(size);
    if (!snappy::RawUncompress(packed.data(), packed.size(), out.data())) {
        return failure(damaged("the block is no snappy block"));
    }
    std::uint32_t sum = 0;
    for (const char byte : stored.substr(packed.size())) {
        sum = sum << 8U | static_cast<unsigned char>(byte);
    }
    if (sum != checksum(out)) {
        return failure(damaged("the checksum of the snappy block is wrong"));
    }
    return {};
}

Status BlockCodec::State::inflate_zstandard(std::string_view stored, std::size_t bytes_max,
                                            std::string& out) {
    if (unpacker == nullptr) {
        unpacker.reset(ZSTD_createDCtx());
        ZSTD_DCtx_setParameter(unpacker.get(), ZSTD_d_windowLogMax,
                               limits::zstandard_window_bits_max);
    }
    ZSTD_DCtx_reset(unpacker.get(), ZSTD_reset_session_only);
    ZSTD_inBuffer from{stored.data(), stored.size(), 0};
    std::size_t used = 0;
    std::size_t wanted = 0;  // 0 at the end of a frame
    while (true) {
        const bool has_room = grow(out, used, bytes_max);
        char surplus = 0;
        ZSTD_outBuffer to{has_room ? out.data() : &surplus, has_room ? out.size() : 1,
                          has_room ? used : 0};
        const std::size_t before = to.pos;
        const std::size_t consumed = from.pos;
        wanted = ZSTD_decompressStream(unpacker.get(), &to, &from);
        if (ZSTD_isError(wanted) != 0) {
            return failure(damaged(fmt::format("zstandard: {}", ZSTD_getErrorName(wanted))));
        }
        if (!has_room && to.pos > 0) {
            return failure(too_large(bytes_max));
        }
        used += to.pos - before;
        const bool is_stuck = to.pos == before && from.pos == consumed;
        if (is_stuck || (from.pos == from.size && (wanted == 0 || to.pos < to.size))) {
            break;
        }
    }
    if (wanted != 0 || stored.empty()) {
        return failure(damaged("the zstandard block is cut off"));
    }
    out.resize(used);
    return {};
}

BlockCodec::BlockCodec(ContainerCodec codec) : state_(std::make_unique<State>()) {
    state_->codec = codec;
}
BlockCodec::BlockCodec(BlockCodec&&) noexcept = default;
BlockCodec& BlockCodec::operator=(BlockCodec&&) noexcept = default;
BlockCodec::~BlockCodec() = default;

ContainerCodec BlockCodec::codec() const {
    return state_->codec;
}

Status BlockCodec::deflate(std::string_view block, std::string& out) {
    switch (state_->codec) {
        case ContainerCodec::null:
            out.assign(block);
            return {};
        case ContainerCodec::deflate:
            return state_->deflate_zlib(block, out);
        case ContainerCodec::snappy:
            return state_->deflate_snappy(block, out);
        case ContainerCodec::zstandard:
            return state_->deflate_zstandard(block, out);
    }
    return {};
}

Status BlockCodec::inflate(std::string_view stored, std::size_t bytes_max, std::string& out) {
    switch (state_->codec) {
        case ContainerCodec::null:
            if (stored.size() > bytes_max) {
                return failure(too_large(bytes_max));
            }
            out.assign(stored);
            return {};
        case ContainerCodec::deflate:
            return state_->inflate_zlib(stored, bytes_max, out);
        case ContainerCodec::snappy:
            return state_->inflate_snappy(stored, bytes_max, out);
        case ContainerCodec::zstandard:
            return state_->inflate_zstandard(stored, bytes_max, out);
    }
    return {};
}

}  // namespace symbolon::client
