#include "client/codec/datum_error.hpp"
#include "client/codec/protobuf_codec.hpp"
#include "client/payload/schema_codec_parts.hpp"
#include "client/wire/message_indexes.hpp"
#include "client/wire/payload_fault.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

/// The codecs of a schema's messages, each made when it is first met.
class MessageCodecs {
public:
    explicit MessageCodecs(compat::SchemaPtr schema) : schema_(std::move(schema)) {}

    Result<std::shared_ptr<const ProtobufCodec>> find(std::span<const std::int32_t> path) const {
        std::vector<std::int32_t> key(path.begin(), path.end());
        {
            const std::lock_guard lock(mutex_);
            if (const auto found = codecs_.find(key); found != codecs_.end()) {
                return found->second;
            }
        }
        SYMBOLON_TRY(auto codec, ProtobufCodec::compile(schema_, path));
        const std::lock_guard lock(mutex_);
        if (codecs_.size() >= codecs_max) {
            codecs_.clear();
        }
        codecs_.emplace(std::move(key), codec);
        return codec;
    }

private:
    static constexpr std::size_t codecs_max = 64;
    const compat::SchemaPtr schema_;
    mutable std::mutex mutex_;
    mutable std::map<std::vector<std::int32_t>, std::shared_ptr<const ProtobufCodec>>
        codecs_;  ///< guarded by mutex_
};

class ProtobufSchemaCodec final : public SchemaCodec {
public:
    ProtobufSchemaCodec(RegisteredSchemaPtr schema, const compat::SchemaPtr& reader)
        : schema_(std::move(schema)),
          readers_(reader == nullptr ? schema_->parsed : reader),
          writers_(schema_->parsed) {}

    Result<std::size_t> append_json(std::string_view index_bytes, std::string_view body,
                                    std::string& out) const override {
        const bool in_body = index_bytes.empty();
        SYMBOLON_TRY(const auto indexes, parse_message_indexes(in_body ? body : index_bytes));
        if (!in_body && indexes.bytes != index_bytes.size()) {
            return failure(make_payload_error(PayloadFault::corrupt,
                                              "bytes follow the message indexes in the header",
                                              std::nullopt, "message indexes"));
        }
        const std::size_t skipped = in_body ? indexes.bytes : 0;
        SYMBOLON_TRY(const auto codec, readers_.find(indexes.path));
        if (const auto written = codec->append_json(body.substr(skipped), out); !written) {
            return failure(shifted(written.error(), skipped));
        }
        return body.size();
    }

    Result<std::string> encode_json(std::string_view json_text) const override {
        constexpr std::int32_t first = 0;
        return encode_message({&first, 1}, json_text);
    }
    Result<std::string> encode_message(std::span<const std::int32_t> indexes,
                                       std::string_view json_text) const override {
        SYMBOLON_TRY(const auto codec, writers_.find(indexes));
        SYMBOLON_TRY(const std::string message, codec->encode_json(json_text));
        std::string body;
        append_message_indexes(body, indexes);
        return body.append(message);
    }

    const RegisteredSchemaPtr& schema() const override { return schema_; }

private:
    // Offsets count from the message; those of a body from its indexes.
    static Error shifted(const Error& error, std::size_t by) {
        const auto* detail = dynamic_cast<const DatumErrorDetail*>(error.detail.get());
        if (detail == nullptr || !detail->offset) {
            return error;
        }
        return make_datum_error(error.message, *detail->offset + by, detail->field);
    }

    const RegisteredSchemaPtr schema_;
    const MessageCodecs readers_;
    const MessageCodecs writers_;
};

}  // namespace

Result<SchemaCodecPtr> compile_protobuf_codec(RegisteredSchemaPtr schema,
                                              const compat::SchemaPtr& reader) {
    return std::make_shared<const ProtobufSchemaCodec>(std::move(schema), reader);
}

}  // namespace symbolon::client
