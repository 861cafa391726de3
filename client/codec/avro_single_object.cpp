#include "client/codec/avro_single_object.hpp"

#include "compat/avro/avro_fingerprint.hpp"

namespace symbolon::client {

namespace {

constexpr std::string_view single_object_mark = "\xC3\x01";

}  // namespace

void append_single_object_header(std::string& out, std::uint64_t fingerprint) {
    out += single_object_mark;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        out += static_cast<char>(fingerprint >> shift & 0xFFU);
    }
}

std::optional<std::uint64_t> find_single_object(std::string_view bytes) {
    if (bytes.size() < single_object_header_bytes || !bytes.starts_with(single_object_mark)) {
        return std::nullopt;
    }
    std::uint64_t fingerprint = 0;
    for (std::size_t at = single_object_header_bytes; at > single_object_mark.size(); --at) {
        fingerprint = fingerprint << 8U | static_cast<unsigned char>(bytes[at - 1]);
    }
    return fingerprint;
}

Result<std::uint64_t> single_object_fingerprint(const compat::avro::AvroNode& schema) {
    SYMBOLON_TRY(const std::string form, compat::avro::to_parsing_form(schema));
    return compat::avro::crc64_avro(form);
}

}  // namespace symbolon::client
