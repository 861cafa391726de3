#include "client/payload/schema_codec_parts.hpp"
#include "client/wire/payload_fault.hpp"
#include "compat/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

constexpr std::string_view json_blanks = " \t\r\n";

std::string to_sentence(const std::vector<compat::ValidationError>& errors) {
    std::string text;
    for (const compat::ValidationError& error : errors) {
        const std::string_view place = error.instance_path.empty()
                                           ? std::string_view("(all of it)")
                                           : std::string_view(error.instance_path);
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", place, error.message);
    }
    return text;
}

class JsonCodec final : public SchemaCodec {
public:
    JsonCodec(RegisteredSchemaPtr schema, std::shared_ptr<const compat::JsonValidator> reader,
              std::shared_ptr<const compat::JsonValidator> writer)
        : schema_(std::move(schema)), reader_(std::move(reader)), writer_(std::move(writer)) {}

    Result<std::size_t> append_json(std::string_view /*index_bytes*/, std::string_view body,
                                    std::string& out) const override {
        SYMBOLON_CHECK(check(*reader_, body));
        append_line(body, out);
        return body.size();
    }

    Result<std::string> encode_json(std::string_view json_text) const override {
        SYMBOLON_CHECK(check(*writer_, json_text));
        std::string body;
        append_line(json_text, body);
        return body;
    }

    const RegisteredSchemaPtr& schema() const override { return schema_; }

private:
    static Status check(const compat::JsonValidator& validator, std::string_view datum) {
        const auto errors = validator.validate(datum);
        if (!errors) {
            if (errors.error().code != ErrorCode::malformed_json) {
                return failure(errors.error());
            }
            return failure(make_payload_error(PayloadFault::corrupt,
                                              "the body is no JSON: " + errors.error().message));
        }
        if (!errors->empty()) {
            return failure(make_payload_error(PayloadFault::corrupt, to_sentence(*errors),
                                              std::nullopt, errors->front().instance_path));
        }
        return {};
    }

    // A valid text has line breaks between its values only.
    static void append_line(std::string_view text, std::string& out) {
        const std::size_t begin = text.find_first_not_of(json_blanks);
        const std::size_t end = text.find_last_not_of(json_blanks) + 1;
        const std::size_t old = out.size();
        out += text.substr(begin, end - begin);
        std::replace_if(
            out.begin() + static_cast<std::ptrdiff_t>(old), out.end(),
            [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
    }

    const RegisteredSchemaPtr schema_;
    const std::shared_ptr<const compat::JsonValidator> reader_;
    const std::shared_ptr<const compat::JsonValidator> writer_;
};

}  // namespace

Result<SchemaCodecPtr> compile_json_codec(RegisteredSchemaPtr schema,
                                          const compat::SchemaPtr& reader) {
    SYMBOLON_TRY(auto writer_validator,
                 compat::validator_of(*schema->parsed, compat::Formats::annotate));
    auto reader_validator = writer_validator;
    if (reader != nullptr) {
        SYMBOLON_TRY(reader_validator, compat::validator_of(*reader, compat::Formats::annotate));
    }
    return std::make_shared<const JsonCodec>(std::move(schema), std::move(reader_validator),
                                             std::move(writer_validator));
}

}  // namespace symbolon::client
