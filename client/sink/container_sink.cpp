#include "client/sink/container_sink.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {

namespace {

class ContainerSink final : public Sink {
public:
    ContainerSink(ContainerWriter writer, std::string path)
        : writer_(std::move(writer)), path_(std::move(path)) {}

    Status write(std::span<const SinkRecord> records) override {
        Status status = write_all(records);
        if (!status) {
            if (auto undone = writer_.take_back(); !undone) {
                return failure(make_error(
                    ErrorCode::sink_failed,
                    fmt::format("{}; {}", status.error().message, undone.error().message)));
            }
        }
        return status;
    }
    std::string name() const override { return "container file " + path_; }

private:
    Status write_all(std::span<const SinkRecord> records) {
        for (const SinkRecord& record : records) {
            SYMBOLON_CHECK(writer_.append(record.value));
        }
        return writer_.flush(Durability::on_disk);
    }

    ContainerWriter writer_;
    std::string path_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_container_sink(const std::string& path,
                                                  std::string_view schema_text,
                                                  const ContainerWriterOptions& options) {
    SYMBOLON_TRY(ContainerWriter writer, ContainerWriter::open_file(path, schema_text, options));
    return std::make_unique<ContainerSink>(std::move(writer), path);
}

}  // namespace symbolon::client
