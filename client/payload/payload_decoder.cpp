#include "client/payload/payload_decoder.hpp"

#include "client/codec/avro_container.hpp"
#include "client/codec/avro_container_file.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_single_object.hpp"
#include "client/codec/datum_error.hpp"
#include "client/payload/lru_cache.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace symbolon::client {
namespace {

/// What was found wrong in a body, with its place in the message.
Error in_message(const Error& error, std::size_t body_offset) {
    if (error.code != ErrorCode::malformed_datum) {
        return error;
    }
    std::optional<std::size_t> offset;
    std::string field;
    if (const auto* datum = dynamic_cast<const DatumErrorDetail*>(error.detail.get())) {
        offset = datum->offset;
        field = datum->field;
    } else if (const auto* payload = dynamic_cast<const PayloadErrorDetail*>(error.detail.get())) {
        if (payload->fault != PayloadFault::corrupt) {
            return error;
        }
        offset = payload->offset;
        field = payload->field;
    }
    if (offset) {
        *offset += body_offset;
    }
    return make_payload_error(PayloadFault::corrupt, error.message, offset, std::move(field));
}

bool is_missing(const Error& error) {
    return find_payload_fault(error) == PayloadFault::schema_not_found;
}

Result<std::uint64_t> fingerprint_of(const RegisteredSchema& schema) {
    if (schema.parsed == nullptr || schema.type != SchemaType::avro) {
        return failure(make_error(ErrorCode::invalid_schema, "not an Avro schema"));
    }
    const auto& avro = static_cast<const compat::avro::AvroSchema&>(*schema.parsed);
    return single_object_fingerprint(*avro.tree().root);
}

/// Longer texts of schemas are no keys.
constexpr std::size_t key_bytes_max = 64U << 10U;
/// Plans for container files that are kept, whose schemas anybody may send.
constexpr std::size_t plans_bytes_max = 64U << 20U;
/// A parsed schema takes some times what its text does.
constexpr std::size_t parsed_factor = 16;

}  // namespace

class PayloadDecoder::Impl {
public:
    Impl(SchemaSource& source, PayloadDecoderOptions options)
        : source_(source),
          options_(std::move(options)),
          codecs_(options_.codecs_max),
          plans_(options_.codecs_max, plans_bytes_max) {}

    const PayloadDecoderOptions& options() const { return options_; }

    Result<RegisteredSchemaPtr> find_schema(const FramedPayload& framed) {
        if (framed.id) {
            return source_.find_by_id(*framed.id);
        }
        if (!framed.guid.empty()) {
            return source_.find_by_guid(framed.guid);
        }
        if (framed.fingerprint) {
            return find_fingerprint(*framed.fingerprint);
        }
        if (!framed.subject.empty()) {
            return source_.find_version(framed.subject, framed.version);
        }
        if (framed.framing == Framing::container) {
            return RegisteredSchemaPtr();
        }
        if (options_.id) {
            return source_.find_by_id(*options_.id);
        }
        if (!options_.subject.empty()) {
            return source_.find_version(options_.subject, options_.version);
        }
        return failure(make_payload_error(
            PayloadFault::unknown_framing,
            fmt::format("the schema is not known: {}. A bare body needs a subject and version, or "
                        "a schema id",
                        recognise_framing(framed.body, {}).reason),
            0));
    }

    Result<std::vector<DecodedRecord>> decode_with(const FramedPayload& framed,
                                                   const RegisteredSchemaPtr& schema,
                                                   const compat::SchemaPtr& reader) {
        auto records = framed.form == BodyForm::container_file
                           ? decode_container(framed.body, schema, reader)
                           : decode_datum(framed, schema, reader);
        if (!records) {
            return failure(in_message(records.error(), framed.body_offset));
        }
        return records;
    }

private:
    /// A codec with what its key speaks of, so that no other schema takes that place in memory.
    struct KeptCodec {
        RegisteredSchemaPtr schema;
        compat::SchemaPtr reader;
        std::shared_ptr<const SchemaCodec> codec;
    };
    struct KeptPlan {
        compat::SchemaPtr reader;
        std::shared_ptr<const AvroReadPlan> plan;
    };

    Result<RegisteredSchemaPtr> find_fingerprint(std::uint64_t wanted) {
        if (options_.id) {
            SYMBOLON_TRY(auto schema, source_.find_by_id(*options_.id));
            SYMBOLON_TRY(const std::uint64_t found, fingerprint_of(*schema));
            if (found == wanted) {
                return schema;
            }
        } else if (!options_.subject.empty()) {
            SYMBOLON_TRY(const auto latest,
                         source_.find_version(options_.subject, options_.version));
            const std::int32_t top = latest->version.value();
            const auto bottom =
                options_.version
                    ? top
                    : std::max<std::int32_t>(
                          1, top - static_cast<std::int32_t>(limits::fingerprint_versions_max) + 1);
            for (std::int32_t version = top; version >= bottom; --version) {
                auto schema = version == top
                                  ? Result<RegisteredSchemaPtr>(latest)
                                  : source_.find_version(options_.subject, Version{version});
                if (!schema && !is_missing(schema.error())) {
                    return schema;
                }
                const auto found = schema ? fingerprint_of(**schema)
                                          : Result<std::uint64_t>(failure(schema.error()));
                if (found && *found == wanted) {
                    return schema;
                }
            }
        }
        const bool is_told = options_.id || !options_.subject.empty();
        return failure(make_payload_error(
            is_told ? PayloadFault::schema_not_found : PayloadFault::unknown_framing,
            fmt::format("no schema with the fingerprint {:016x} is known{}", wanted,
                        is_told ? (options_.subject.empty()
                                       ? std::string(": the one that was given has another")
                                       : fmt::format(" in subject {}", options_.subject))
                                : std::string(". Registries cannot be asked for fingerprints: "
                                              "give the subject it belongs to"))));
    }

    Result<std::shared_ptr<const SchemaCodec>> codec_of(const RegisteredSchemaPtr& schema,
                                                        const compat::SchemaPtr& reader) {
        const std::string key = fmt::format(
            "{}|{}",
            schema->guid.empty() ? fmt::format("{}", fmt::ptr(schema.get())) : schema->guid,
            fmt::ptr(reader.get()));
        {
            const std::lock_guard lock(mutex_);
            if (const KeptCodec* kept = codecs_.find(key)) {
                return kept->codec;
            }
        }
        SYMBOLON_TRY(auto codec, SchemaCodec::compile(schema, reader, options_.json));
        const std::lock_guard lock(mutex_);
        codecs_.insert(key, {schema, reader, codec});
        return codec;
    }

    Result<std::vector<DecodedRecord>> decode_datum(const FramedPayload& framed,
                                                    const RegisteredSchemaPtr& schema,
                                                    const compat::SchemaPtr& reader) {
        SYMBOLON_TRY(const auto codec, codec_of(schema, reader));
        std::vector<DecodedRecord> records(1);
        SYMBOLON_TRY(const std::size_t used,
                     codec->append_json(framed.index_bytes, framed.body, records[0].json));
        if (used < framed.body.size()) {
            return failure(make_datum_error(
                fmt::format("{} bytes are left after the datum, which took {}: was it written with "
                            "another schema?",
                            framed.body.size() - used, used),
                used, {}));
        }
        records[0].schema = schema;
        return records;
    }

    Result<std::shared_ptr<const AvroReadPlan>> plan_of(const ContainerReader& file,
                                                        const compat::SchemaPtr& reader) {
        const std::string& text = file.header().schema_text;
        const std::string key = text.size() > key_bytes_max
                                    ? std::string()
                                    : fmt::format("{}|{}", fmt::ptr(reader.get()), text);
        if (!key.empty()) {
            const std::lock_guard lock(mutex_);
            if (const KeptPlan* kept = plans_.find(key)) {
                return kept->plan;
            }
        }
        SYMBOLON_TRY(auto plan, reader == nullptr ? AvroReadPlan::compile(file.schema())
                                                  : AvroReadPlan::compile(file.schema(), reader));
        if (!key.empty()) {
            const std::lock_guard lock(mutex_);
            plans_.insert(key, {reader, plan}, plan->memory_bytes() + parsed_factor * key.size());
        }
        return plan;
    }

    Result<std::vector<DecodedRecord>> decode_container(std::string_view body,
                                                        const RegisteredSchemaPtr& schema,
                                                        const compat::SchemaPtr& reader) {
        SYMBOLON_TRY(auto file, ContainerReader::open(memory_source(body)));
        SYMBOLON_TRY(const auto plan, plan_of(file, reader));
        std::vector<DecodedRecord> records;
        AvroValue value;
        for (std::size_t bytes = 0;;) {
            SYMBOLON_TRY(const bool more, file.next(*plan, value));
            if (!more) {
                return records;
            }
            DecodedRecord record{{}, schema};
            SYMBOLON_CHECK(append_json(record.json, plan->schema(), value.root(), options_.json,
                                       limits::payload_text_bytes_max - bytes));
            bytes += record.json.size() + sizeof(record);
            if (bytes > limits::payload_text_bytes_max) {
                return failure(make_datum_error(
                    fmt::format("the container file's records take more than {} bytes as JSON",
                                limits::payload_text_bytes_max),
                    std::nullopt, {}));
            }
            records.push_back(std::move(record));
        }
    }

    // Set once.
    SchemaSource& source_;
    const PayloadDecoderOptions options_;
    // Guarded by mutex_.
    std::mutex mutex_;
    LruCache<KeptCodec> codecs_;
    LruCache<KeptPlan> plans_;
};

PayloadDecoder::PayloadDecoder(SchemaSource& source, PayloadDecoderOptions options)
    : impl_(std::make_unique<Impl>(source, std::move(options))) {}
PayloadDecoder::~PayloadDecoder() = default;

const PayloadDecoderOptions& PayloadDecoder::options() const {
    return impl_->options();
}

Result<FramedPayload> PayloadDecoder::read_framing(std::string_view bytes,
                                                   const PayloadHeaders& headers) const {
    return client::read_framing(bytes, headers, options().framing, options().part);
}

Result<RegisteredSchemaPtr> PayloadDecoder::find_schema(const FramedPayload& framed) {
    return impl_->find_schema(framed);
}

Result<std::vector<DecodedRecord>> PayloadDecoder::decode_with(const FramedPayload& framed,
                                                               const RegisteredSchemaPtr& schema,
                                                               const compat::SchemaPtr& reader) {
    return impl_->decode_with(framed, schema, reader);
}

Result<std::vector<DecodedRecord>> PayloadDecoder::decode(std::string_view bytes,
                                                          const PayloadHeaders& headers) {
    SYMBOLON_TRY(const FramedPayload framed, read_framing(bytes, headers));
    SYMBOLON_TRY(const RegisteredSchemaPtr schema, find_schema(framed));
    return decode_with(framed, schema, options().reader);
}

}  // namespace symbolon::client
