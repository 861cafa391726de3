#include "client/decoder/container_events.hpp"

#include "client/codec/avro_container_input.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {
namespace {

/// Why: the same event makes the same letter, so it is not drawn at random. Readers look for it
/// where a block ends, and nowhere else.
constexpr std::string_view letter_sync_marker = "symbolon: letter";
static_assert(letter_sync_marker.size() == 16);

void append_member(std::string& out, std::string_view text) {
    append_long(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

}  // namespace

Result<std::unique_ptr<ContainerEvents>> ContainerEvents::open(std::unique_ptr<ByteSource> source,
                                                               const ContainerLimits& limits) {
    SYMBOLON_TRY(auto reader, ContainerReader::open(std::move(source), limits));
    SYMBOLON_TRY(auto plan, AvroReadPlan::compile(reader.schema()));
    return std::unique_ptr<ContainerEvents>(
        new ContainerEvents(std::move(reader), std::move(plan)));
}

ContainerEvents::ContainerEvents(ContainerReader reader, std::shared_ptr<const AvroReadPlan> plan)
    : reader_(std::move(reader)), plan_(std::move(plan)) {
    auto schema = std::make_shared<RegisteredSchema>();
    schema->text = reader_.header().schema_text;
    schema->parsed = reader_.schema();
    schema_ = std::move(schema);
}

Result<std::optional<Event>> ContainerEvents::next() {
    while (!over_ && block_.records == 0) {
        if (!block_.bytes.empty()) {
            return take_rest(
                fmt::format("{} bytes follow a block's last record", block_.bytes.size()));
        }
        auto block = reader_.next_block();
        over_ = !block || !*block;
        if (!block && block.error().code != ErrorCode::malformed_datum) {
            return failure(std::move(block).error());
        }
        if (!block) {
            return take_damage(std::move(block).error());
        }
        block_ = block->value_or(ContainerBlock{});
    }
    if (over_) {
        return std::nullopt;
    }
    const auto used = plan_->decode(block_.bytes, scratch_);
    return used ? take_record(*used) : take_rest(used.error().message);
}

Event ContainerEvents::take_record(std::size_t bytes) {
    Event event;
    event.bytes = block_.bytes.substr(0, bytes);
    event.schema = schema_;
    block_.bytes.remove_prefix(bytes);
    --block_.records;
    ++whole_records_;
    return event;
}

Result<std::optional<Event>> ContainerEvents::take_damage(Error error) {
    SYMBOLON_TRY(const bool goes_on, reader_.resume());
    over_ = !goes_on;
    error.message += over_ ? std::string("; nothing behind it can be read")
                           : fmt::format("; reading goes on at byte {}", reader_.offset());
    Event event;
    event.broken = std::move(error);
    return event;
}

Event ContainerEvents::take_rest(std::string_view why) {
    const auto rest = std::exchange(block_, ContainerBlock{});
    Event event;
    event.bytes = to_container_file(reader_.header().schema_text, rest.records, rest.bytes);
    event.broken = make_error(
        ErrorCode::malformed_datum,
        fmt::format("the container file, after {} whole records: {}; the rest of its block, {} "
                    "records in {} bytes, is kept here, and reading goes on behind it",
                    whole_records_, why, rest.records, rest.bytes.size()));
    return event;
}

std::string to_container_file(std::string_view schema_text, std::uint64_t records,
                              std::string_view data) {
    std::string file(container_magic);
    append_long(file, 1);
    append_member(file, "avro.schema");
    append_member(file, schema_text);
    append_long(file, 0);
    file += letter_sync_marker;
    append_long(file, static_cast<std::int64_t>(records));
    append_member(file, data);
    file += letter_sync_marker;
    return file;
}

}  // namespace symbolon::client
