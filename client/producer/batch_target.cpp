#include "client/producer/batch_target.hpp"

#include "client/wire/framing.hpp"

#include <mutex>
#include <utility>

namespace symbolon::client {

namespace {

class SinkTarget final : public BatchTarget {
public:
    explicit SinkTarget(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}

    SendOutcome send(const OutgoingBatch& batch) override {
        const std::lock_guard lock(mutex_);
        if (const auto written = sink_->write(batch.records); !written) {
            return {.fate = SendFate::unsent, .reason = written.error().message};
        }
        return {};
    }

    std::string name() const override { return sink_->name(); }

private:
    std::mutex mutex_;
    std::unique_ptr<Sink> sink_;  // used under mutex_
};

// The types that encode have a body; a JSON Schema's body is the text itself.
std::string_view body_of(const IngestEvent& event) {
    return event.body ? std::string_view(*event.body) : std::string_view(event.text);
}

// Spec: Avro 1.12, a string is its length as a zigzag varint, and its bytes; a record of one field
// is that field.
std::string to_avro_string(std::string_view text) {
    std::string out;
    for (auto left = static_cast<std::uint64_t>(text.size()) << 1U; true; left >>= 7U) {
        if (left < 0x80U) {
            out.push_back(static_cast<char>(left));
            break;
        }
        out.push_back(static_cast<char>((left & 0x7FU) | 0x80U));
    }
    out += text;
    return out;
}

}  // namespace

std::vector<SinkRecord> encode_events(std::span<const IngestEvent> events, EventEncoding encoding,
                                      SchemaId id) {
    std::vector<SinkRecord> records;
    records.reserve(events.size());
    for (const auto& event : events) {
        SinkRecord record{.value = {}, .key = event.message_key, .headers = {}};
        switch (encoding) {
            case EventEncoding::json:
                record.value = event.text;
                break;
            case EventEncoding::confluent:
                record.value = frame_confluent(id, body_of(event));
                break;
            case EventEncoding::datum:
                record.value = body_of(event);
                break;
            case EventEncoding::wrapped:
                record.value = to_avro_string(event.text);
                break;
        }
        records.push_back(std::move(record));
    }
    return records;
}

std::unique_ptr<BatchTarget> sink_target(std::unique_ptr<Sink> sink) {
    return std::make_unique<SinkTarget>(std::move(sink));
}

}  // namespace symbolon::client
