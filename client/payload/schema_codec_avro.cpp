#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "client/codec/avro_json.hpp"
#include "client/payload/schema_codec_parts.hpp"
#include "core/limits.hpp"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

/// Values whose memory is used again by the next call.
class SpareValues {
public:
    std::unique_ptr<AvroValue> take() const {
        const std::lock_guard lock(mutex_);
        if (spare_.empty()) {
            return std::make_unique<AvroValue>();
        }
        auto value = std::move(spare_.back());
        spare_.pop_back();
        return value;
    }
    /// A value that grew large gives its memory back.
    void give(std::unique_ptr<AvroValue> value) const {
        constexpr std::size_t cells_max = 4'096;
        if (value->cells() <= cells_max) {
            const std::lock_guard lock(mutex_);
            spare_.push_back(std::move(value));
        }
    }

private:
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<AvroValue>> spare_;  ///< guarded by mutex_
};

class AvroCodec final : public SchemaCodec {
public:
    AvroCodec(RegisteredSchemaPtr schema, std::shared_ptr<const AvroReadPlan> read,
              std::shared_ptr<const AvroWritePlan> write, const AvroJsonOptions& options)
        : schema_(std::move(schema)),
          read_(std::move(read)),
          write_(std::move(write)),
          options_(options) {}

    Result<std::size_t> append_json(std::string_view /*index_bytes*/, std::string_view body,
                                    std::string& out) const override {
        auto value = values_.take();
        SYMBOLON_TRY(const std::size_t used, read_->decode(body, *value));
        SYMBOLON_CHECK(client::append_json(out, read_->schema(), value->root(), options_,
                                           limits::payload_text_bytes_max));
        values_.give(std::move(value));
        return used;
    }

    Result<std::string> encode_json(std::string_view json_text) const override {
        auto value = values_.take();
        SYMBOLON_CHECK(read_json(write_->schema(), json_text, options_, *value));
        std::string body;
        SYMBOLON_CHECK(write_->encode(value->root(), body));
        values_.give(std::move(value));
        return body;
    }

    const RegisteredSchemaPtr& schema() const override { return schema_; }

private:
    const RegisteredSchemaPtr schema_;
    const std::shared_ptr<const AvroReadPlan> read_;
    const std::shared_ptr<const AvroWritePlan> write_;
    const AvroJsonOptions options_;
    const SpareValues values_;
};

}  // namespace

Result<SchemaCodecPtr> compile_avro_codec(RegisteredSchemaPtr schema, compat::SchemaPtr reader,
                                          const AvroJsonOptions& options) {
    SYMBOLON_TRY(auto read, reader == nullptr
                                ? AvroReadPlan::compile(schema->parsed)
                                : AvroReadPlan::compile(schema->parsed, std::move(reader)));
    SYMBOLON_TRY(auto write, AvroWritePlan::compile(schema->parsed));
    return std::make_shared<const AvroCodec>(std::move(schema), std::move(read), std::move(write),
                                             options);
}

}  // namespace symbolon::client
