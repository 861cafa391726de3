#include "client/gateway/encoded_downstream.hpp"

#include "client/gateway/delivery_reports.hpp"
#include "client/kafka/kafka_producer.hpp"
#include "client/payload/payload_encoder.hpp"

#include <mutex>
#include <span>
#include <utility>

namespace symbolon::client {
namespace {

class FramedDownstream final : public Downstream {
public:
    FramedDownstream(std::string name, OutputSchema schema, RecordTransport transport,
                     SchemaSource& source, Clock& clock)
        : name_(std::move(name)),
          schema_(std::move(schema)),
          transport_(std::move(transport)),
          source_(source),
          clock_(clock) {}

    DeliveryReport deliver(const DownstreamRecord& record, std::chrono::milliseconds) override {
        const auto encoder = current();
        if (!encoder) {
            return report_of_failure(encoder.error());
        }
        auto encoded = (*encoder)->encode(record.json);
        if (!encoded) {
            return report_of_misfit(schema_.subject);
        }
        SinkRecord message{std::move(encoded->bytes), record.event_id, std::move(encoded->headers)};
        if (const auto sent = transport_(message); !sent) {
            return report_of_failure(sent.error());
        }
        return {};
    }
    std::string name() const override { return name_; }

private:
    using EncoderPtr = std::shared_ptr<const PayloadEncoder>;

    Result<EncoderPtr> current() {
        const std::lock_guard lock(mutex_);
        const auto now = clock_.now();
        if (encoder_ && now < refresh_at_) {
            return encoder_;
        }
        auto opened = open_encoder();
        if (opened) {
            encoder_ = std::move(*opened);
        } else if (!encoder_) {
            return failure(std::move(opened).error());
        }
        refresh_at_ = now + schema_.ttl;
        return encoder_;
    }

    Result<EncoderPtr> open_encoder() {
        SYMBOLON_TRY(auto schema, source_.find_version(schema_.subject, schema_.version));
        if (encoder_ && encoder_->schema() == schema) {
            return encoder_;
        }
        SYMBOLON_TRY(auto encoder, PayloadEncoder::open(schema, {}));
        return EncoderPtr(std::make_shared<const PayloadEncoder>(std::move(encoder)));
    }

    const std::string name_;
    const OutputSchema schema_;
    const RecordTransport transport_;
    SchemaSource& source_;
    Clock& clock_;
    std::mutex mutex_;
    EncoderPtr encoder_;                                  // guarded by mutex_
    std::chrono::steady_clock::time_point refresh_at_{};  // guarded by mutex_
};

}  // namespace

std::unique_ptr<Downstream> make_framed_downstream(std::string name, OutputSchema schema,
                                                   RecordTransport transport, SchemaSource& source,
                                                   Clock& clock) {
    return std::make_unique<FramedDownstream>(std::move(name), std::move(schema),
                                              std::move(transport), source, clock);
}

Result<std::unique_ptr<Downstream>> open_kafka_downstream(KafkaDownstreamOptions options,
                                                          SchemaSource& source, Clock& clock) {
    SYMBOLON_TRY(auto opened, KafkaProducer::open(std::move(options.kafka)));
    const std::shared_ptr<KafkaProducer> producer = std::move(opened);
    RecordTransport transport = [producer, topic = options.topic](const SinkRecord& record) {
        const KafkaMessage message{record.value, record.key, record.headers};
        auto failures = producer->send(topic, std::span(&message, 1));
        return failures.empty() ? Status{} : Status(failure(std::move(failures.front().error)));
    };
    return make_framed_downstream("topic " + options.topic, std::move(options.schema),
                                  std::move(transport), source, clock);
}

}  // namespace symbolon::client
