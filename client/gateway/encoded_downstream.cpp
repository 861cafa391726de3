#include "client/gateway/encoded_downstream.hpp"

#include "client/gateway/delivery_reports.hpp"
#include "client/kafka/kafka_producer.hpp"
#include "client/payload/payload_encoder.hpp"

#include <mutex>
#include <optional>
#include <span>
#include <utility>

namespace symbolon::client {
namespace {

/// Without any schema, every record is one more reason to ask; the source is spared.
constexpr std::chrono::milliseconds first_encoder_pause{1'000};

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
        if (auto kept = find_kept()) {
            return std::move(*kept);
        }
        EncoderPtr known;
        {
            const std::lock_guard lock(mutex_);
            known = encoder_;
        }
        // A registry that hangs keeps one call, and not all of them.
        std::unique_lock turn(look_up_mutex_, std::defer_lock);
        if (!known) {
            turn.lock();
        } else if (!turn.try_lock()) {
            return known;
        }
        if (auto kept = find_kept()) {
            return std::move(*kept);
        }
        auto opened = open_encoder(known);
        const std::lock_guard lock(mutex_);
        if (!opened && !known) {
            problem_ = opened.error();
            refresh_at_ = clock_.now() + first_encoder_pause;
            return opened;
        }
        if (opened) {
            encoder_ = std::move(*opened);
        }
        refresh_at_ = clock_.now() + schema_.ttl;
        return encoder_;
    }

    /// What is known, when nobody has to look it up now.
    std::optional<Result<EncoderPtr>> find_kept() {
        const std::lock_guard lock(mutex_);
        if (clock_.now() >= refresh_at_ || (!encoder_ && !problem_)) {
            return std::nullopt;
        }
        return encoder_ ? Result<EncoderPtr>(encoder_) : Result<EncoderPtr>(failure(*problem_));
    }

    Result<EncoderPtr> open_encoder(const EncoderPtr& known) const {
        SYMBOLON_TRY(auto schema, source_.find_version(schema_.subject, schema_.version));
        if (known && known->schema() == schema) {
            return known;
        }
        SYMBOLON_TRY(auto encoder, PayloadEncoder::open(schema, {.json = schema_.json}));
        return EncoderPtr(std::make_shared<const PayloadEncoder>(std::move(encoder)));
    }

    const std::string name_;
    const OutputSchema schema_;
    const RecordTransport transport_;
    SchemaSource& source_;
    Clock& clock_;
    std::mutex look_up_mutex_;  ///< held by who asks the source
    std::mutex mutex_;
    EncoderPtr encoder_;                                  // guarded by mutex_
    std::optional<Error> problem_;                        // guarded by mutex_; while there is none
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
    RecordTransport transport = [producer, topic = options.topic,
                                 abandon = options.abandon](const SinkRecord& record) {
        const KafkaMessage message{record.value, record.key, record.headers};
        auto failures = producer->send(topic, std::span(&message, 1), abandon);
        return failures.empty() ? Status{} : Status(failure(std::move(failures.front().error)));
    };
    return make_framed_downstream("topic " + options.topic, std::move(options.schema),
                                  std::move(transport), source, clock);
}

}  // namespace symbolon::client
