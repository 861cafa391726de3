#include "gate/convert/schema_fingerprint.hpp"

#include "compat/avro/avro_fingerprint.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/digest.hpp"
#include "core/hex.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

/// The first ten bytes of data in Avro's single-object encoding: the number has its low byte first.
std::string single_object_header(std::uint64_t fingerprint) {
    std::string hex = "c301";
    for (unsigned int byte = 0; byte < 8; ++byte) {
        append_hex(hex, static_cast<unsigned char>(fingerprint >> (8 * byte)));
    }
    return hex;
}

}  // namespace

Result<std::string> to_parsing_form(const compat::ParsedSchema& schema) {
    if (schema.type() != SchemaType::avro) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("only Avro schemas have a parsing canonical form; "
                                              "this one is of type {}",
                                              to_string(schema.type()))));
    }
    const auto& tree = static_cast<const compat::avro::AvroSchema&>(schema).tree();
    return compat::avro::to_parsing_form(*tree.root);
}

Result<std::vector<Fingerprint>> find_fingerprints(const compat::ParsedSchema& schema) {
    std::vector<Fingerprint> found;
    if (schema.type() == SchemaType::avro) {
        SYMBOLON_TRY(const std::string form, to_parsing_form(schema));
        const std::uint64_t crc = compat::avro::crc64_avro(form);
        found.push_back({"CRC-64-AVRO of the parsing form", "parsingFormCrc64Avro",
                         fmt::format("{:016x}", crc)});
        found.push_back({"MD5 of the parsing form", "parsingFormMd5", compat::avro::md5_hex(form)});
        found.push_back({"SHA-256 of the parsing form", "parsingFormSha256", sha256_hex(form)});
        found.push_back(
            {"header of single objects", "singleObjectHeader", single_object_header(crc)});
    }
    SYMBOLON_TRY(const std::string text, schema.canonical_text(compat::Normalize::no));
    found.push_back({"MD5 of the stored text", "storedTextMd5", compat::avro::md5_hex(text)});
    found.push_back({"SHA-256 of the stored text", "storedTextSha256", sha256_hex(text)});
    return found;
}

}  // namespace symbolon::gate
