#include "client/gateway/delivery_reports.hpp"
#include "client/gateway/encoded_downstream.hpp"
#include "client/payload/schema_codec.hpp"
#include "client/sink/container_sink.hpp"

#include <fmt/format.h>

#include <mutex>
#include <span>
#include <utility>

namespace symbolon::client {
namespace {

class ContainerDownstream final : public Downstream {
public:
    ContainerDownstream(std::unique_ptr<Sink> sink, std::shared_ptr<const SchemaCodec> codec)
        : sink_(std::move(sink)), codec_(std::move(codec)) {}

    DeliveryReport deliver(const DownstreamRecord& record, std::chrono::milliseconds) override {
        auto datum = codec_->encode_json(record.json);
        if (!datum) {
            return report_of_misfit(codec_->schema()->subject);
        }
        const SinkRecord written{std::move(*datum)};
        const std::lock_guard lock(mutex_);
        if (const auto status = sink_->write(std::span(&written, 1)); !status) {
            auto report = report_of_failure(status.error());
            // Of a write that fails nothing stays, so that it may be tried again.
            report.delivery = Delivery::unreachable;
            return report;
        }
        return {};
    }
    std::string name() const override { return sink_->name(); }

private:
    std::mutex mutex_;
    const std::unique_ptr<Sink> sink_;  // written to under mutex_
    const std::shared_ptr<const SchemaCodec> codec_;
};

}  // namespace

Result<std::unique_ptr<Downstream>> open_container_downstream(const std::string& path,
                                                              const OutputSchema& schema,
                                                              SchemaSource& source) {
    SYMBOLON_TRY(const auto registered, source.find_version(schema.subject, schema.version));
    if (registered->type != SchemaType::avro || !registered->parsed) {
        return failure(make_error(
            ErrorCode::cannot_start,
            fmt::format("a container file needs an Avro schema; that of subject \"{}\" is none",
                        schema.subject)));
    }
    SYMBOLON_TRY(auto codec, SchemaCodec::compile(registered, nullptr, schema.json));
    SYMBOLON_TRY(auto sink, open_container_sink(path, registered->text));
    return std::unique_ptr<Downstream>(
        std::make_unique<ContainerDownstream>(std::move(sink), std::move(codec)));
}

}  // namespace symbolon::client
