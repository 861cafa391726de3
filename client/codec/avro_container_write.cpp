#include "client/codec/avro_container.hpp"
#include "client/codec/avro_container_input.hpp"
#include "compat/compat.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace symbolon::client {

namespace {

void append_text(std::string& out, std::string_view text) {
    append_long(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

std::array<char, 16> make_sync_marker() {
    std::array<char, 16> marker{};
    std::random_device random;
    for (char& byte : marker) {
        byte = static_cast<char>(random() & 0xFFU);
    }
    return marker;
}

std::string header_bytes(const ContainerHeader& header) {
    std::string bytes(container_magic);
    append_long(bytes, static_cast<std::int64_t>(header.metadata.size()));
    for (const auto& [key, value] : header.metadata) {
        append_text(bytes, key);
        append_text(bytes, value);
    }
    append_long(bytes, 0);
    bytes.append(header.sync_marker.data(), header.sync_marker.size());
    return bytes;
}

Result<compat::SchemaPtr> parse_text(std::string_view schema_text) {
    return compat::parse_schema(SchemaType::avro, schema_text, {}, compat::Strictness::lenient);
}

/// What is in a file already, read without its records.
struct FoundFile {
    ContainerHeader header{};
    std::uint64_t whole_bytes = 0;  ///< header and whole blocks; 0: not even the header
};

Error damaged_file(const std::string& path, std::string_view what) {
    return make_error(
        ErrorCode::sink_failed,
        fmt::format("{} cannot be appended to: {}; move it away to begin anew", path, what));
}

std::string_view marker_of(const ContainerHeader& header) {
    return {header.sync_marker.data(), header.sync_marker.size()};
}

// Passes over one block. False: cut off.
Result<bool> pass_block(ContainerInput& input, const ContainerHeader& header,
                        const std::string& path) {
    const std::uint64_t begin = input.offset();
    const auto damaged = [&](std::string_view what) {
        return damaged_file(path, fmt::format("the block at byte {} {}", begin, what));
    };
    SYMBOLON_TRY(const auto count, input.read_long());
    if (input.is_cut_off()) {
        return false;
    }
    SYMBOLON_TRY(const auto size, input.read_long());
    if (input.is_cut_off()) {
        return false;
    }
    if (!count || !size || *count < 0 || *size < 0) {
        return failure(damaged("has a wrong length"));
    }
    std::string marker;
    SYMBOLON_TRY(const bool whole, input.skip(static_cast<std::uint64_t>(*size)));
    if (!whole) {
        return false;
    }
    SYMBOLON_TRY(const bool has_marker, input.read_bytes(header.sync_marker.size(), marker));
    if (!has_marker) {
        return false;
    }
    if (marker != marker_of(header)) {
        return failure(damaged("does not end in the file's sync marker"));
    }
    return true;
}

// A crash leaves the beginning of one block. Where a whole block follows, a wrong size made it look
// cut off, and removing it would remove good records.
Status check_cut(const std::string& path, const FoundFile& found) {
    SYMBOLON_TRY(auto source, open_file_source(path));
    ContainerInput input(std::move(source));
    SYMBOLON_TRY(const bool is_there, input.skip(found.whole_bytes));
    SYMBOLON_TRY(const bool is_followed, input.skip_behind(marker_of(found.header)));
    return is_there && is_followed
               ? failure(damaged_file(path, fmt::format("the block at byte {} has a wrong length",
                                                        found.whole_bytes)))
               : Status{};
}

// Of a header that was cut off after a byte or two there is no more to see.
Result<bool> begins_like_container(const std::string& path) {
    SYMBOLON_TRY(auto source, open_file_source(path));
    std::string begin(container_magic.size(), '\0');
    SYMBOLON_TRY(const std::size_t bytes, source->read(begin.data(), begin.size()));
    return container_magic.starts_with(std::string_view(begin).substr(0, bytes));
}

Result<FoundFile> look_into(const std::string& path) {
    SYMBOLON_TRY(auto source, open_file_source(path));
    ContainerInput input(std::move(source));
    FoundFile found;
    auto header = read_container_header(input);
    if (!header && input.is_cut_off()) {
        SYMBOLON_TRY(const bool is_ours, begins_like_container(path));
        if (is_ours) {
            return found;  // not one record was written
        }
    }
    if (!header) {
        return failure(damaged_file(path, header.error().message));
    }
    found.header = std::move(*header);
    while (true) {
        found.whole_bytes = input.offset();
        SYMBOLON_TRY(const bool is_over, input.at_end());
        if (is_over) {
            return found;
        }
        SYMBOLON_TRY(const bool whole, pass_block(input, found.header, path));
        if (!whole) {
            SYMBOLON_CHECK(check_cut(path, found));
            return found;
        }
    }
}

/// Half of what was to be written would spoil what comes after it. Answers why it was not written.
Error undo_write(ByteTarget& target, std::uint64_t size_before, const Error& error) {
    const auto cut = target.cut(size_before);
    return cut ? error
               : make_error(error.code, fmt::format("{}; {}", error.message, cut.error().message));
}

}  // namespace

struct ContainerWriter::State {
    State(std::unique_ptr<ByteTarget> the_target, ContainerWriterOptions the_options,
          ContainerHeader the_header)
        : target(std::move(the_target)),
          options(std::move(the_options)),
          header(std::move(the_header)),
          codec(header.codec) {}

    Status flush_block();

    std::unique_ptr<ByteTarget> target;
    ContainerWriterOptions options;
    ContainerHeader header;
    BlockCodec codec;

    std::string block;
    std::uint64_t block_records = 0;
    std::string packed;
    std::string framed;
    std::uint64_t records = 0;
    std::uint64_t cut_bytes = 0;
    std::uint64_t safe_bytes = 0;  ///< what is on disk
    std::uint64_t safe_records = 0;
    bool is_closed = false;
    bool is_broken = false;
};

Status ContainerWriter::State::flush_block() {
    if (is_broken) {
        return failure(make_error(ErrorCode::sink_failed,
                                  fmt::format("{} ends in half a block; open it again, which "
                                              "removes that",
                                              target->name())));
    }
    if (block_records == 0) {
        return {};
    }
    SYMBOLON_CHECK(codec.deflate(block, packed));
    framed.clear();
    append_long(framed, static_cast<std::int64_t>(block_records));
    append_long(framed, static_cast<std::int64_t>(packed.size()));
    framed += packed;
    framed.append(header.sync_marker.data(), header.sync_marker.size());
    const std::uint64_t before = target->size();
    if (auto status = target->write(framed); !status) {
        Error error = undo_write(*target, before, status.error());
        is_broken = target->size() != before;
        return failure(std::move(error));
    }
    records += block_records;
    block_records = 0;
    block.clear();
    return {};
}

Result<ContainerWriter> ContainerWriter::create(std::unique_ptr<ByteTarget> target,
                                                std::string_view schema_text,
                                                const ContainerWriterOptions& options) {
    SYMBOLON_TRY(const auto schema, parse_text(schema_text));
    static_cast<void>(schema);
    ContainerHeader header;
    for (const auto& [key, value] : options.metadata) {
        if (key.starts_with("avro.")) {
            return failure(make_error(
                ErrorCode::sink_failed,
                fmt::format("the metadata \"{}\" is Avro's own; choose another name", key)));
        }
    }
    header.metadata = options.metadata;
    header.metadata["avro.codec"] = to_string(options.codec);
    header.metadata["avro.schema"] = schema_text;
    header.schema_text = schema_text;
    header.codec = options.codec;
    header.sync_marker = make_sync_marker();
    const std::uint64_t before = target->size();
    if (auto status = target->write(header_bytes(header)); !status) {
        return failure(undo_write(*target, before, status.error()));
    }
    auto state = std::make_unique<State>(std::move(target), options, std::move(header));
    state->safe_bytes = state->target->size();
    return ContainerWriter(std::move(state));
}

Result<ContainerWriter> ContainerWriter::open_file(const std::string& path,
                                                   std::string_view schema_text,
                                                   const ContainerWriterOptions& options) {
    SYMBOLON_TRY(auto target, open_file_target(path));
    if (target->size() == 0) {
        return create(std::move(target), schema_text, options);
    }
    SYMBOLON_TRY(FoundFile found, look_into(path));
    const std::uint64_t cut_bytes = target->size() - found.whole_bytes;
    if (found.whole_bytes == 0) {
        SYMBOLON_CHECK(target->cut(0));
        SYMBOLON_TRY(ContainerWriter writer, create(std::move(target), schema_text, options));
        writer.state_->cut_bytes = cut_bytes;
        return writer;
    }
    SYMBOLON_TRY(const auto ours, parse_text(schema_text));
    SYMBOLON_TRY(const auto theirs, parse_text(found.header.schema_text));
    if (!ours->equivalent_to(*theirs)) {
        return failure(damaged_file(path, "it holds records of another schema"));
    }
    if (cut_bytes > 0) {
        SYMBOLON_CHECK(target->cut(found.whole_bytes));
    }
    auto state = std::make_unique<State>(std::move(target), options, std::move(found.header));
    state->cut_bytes = cut_bytes;
    state->safe_bytes = found.whole_bytes;
    return ContainerWriter(std::move(state));
}

ContainerWriter::ContainerWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ContainerWriter::ContainerWriter(ContainerWriter&&) noexcept = default;
ContainerWriter& ContainerWriter::operator=(ContainerWriter&&) noexcept = default;
ContainerWriter::~ContainerWriter() = default;

Status ContainerWriter::append(std::string_view datum) {
    State& state = *state_;
    if (state.is_closed) {
        return failure(
            make_error(ErrorCode::sink_failed, fmt::format("{} is closed", state.target->name())));
    }
    if (datum.size() > state.options.block_bytes_max) {
        return failure(make_error(ErrorCode::malformed_datum,
                                  fmt::format("a record of {} bytes is larger than any block; the "
                                              "most are {}",
                                              datum.size(), state.options.block_bytes_max)));
    }
    // Before, not after: a record whose append() fails is not in the file.
    if (state.block_records > 0 && state.block.size() + datum.size() > state.options.block_bytes) {
        SYMBOLON_CHECK(state.flush_block());
    }
    state.block += datum;
    ++state.block_records;
    return {};
}

Status ContainerWriter::flush(Durability durability) {
    State& state = *state_;
    SYMBOLON_CHECK(state.flush_block());
    if (durability == Durability::handed_over) {
        return {};
    }
    SYMBOLON_CHECK(state.target->sync());
    state.safe_bytes = state.target->size();
    state.safe_records = state.records;
    return {};
}

Status ContainerWriter::close() {
    SYMBOLON_CHECK(flush(Durability::on_disk));
    state_->is_closed = true;
    return {};
}

Status ContainerWriter::take_back() {
    State& state = *state_;
    state.block.clear();
    state.block_records = 0;
    state.records = state.safe_records;
    if (state.target->size() != state.safe_bytes) {
        SYMBOLON_CHECK(state.target->cut(state.safe_bytes));
    }
    state.is_broken = false;
    return {};
}

std::uint64_t ContainerWriter::records() const {
    return state_->records;
}

std::uint64_t ContainerWriter::cut_bytes() const {
    return state_->cut_bytes;
}

}  // namespace symbolon::client
