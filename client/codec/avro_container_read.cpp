#include "client/codec/avro_container.hpp"
#include "client/codec/avro_container_input.hpp"
#include "client/codec/avro_decode.hpp"
#include "compat/compat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symbolon::client {

struct ContainerReader::State {
    State(ContainerInput the_input, ContainerHeader the_header, compat::SchemaPtr the_schema,
          const ContainerLimits& the_limits)
        : input(std::move(the_input)),
          header(std::move(the_header)),
          schema(std::move(the_schema)),
          limits(the_limits),
          codec(header.codec) {}

    /// The next block that holds records; false at the end of the file.
    Result<bool> read_block();
    Status check_block(std::int64_t count);
    Result<bool> find_record();
    Result<std::size_t> decode(const AvroReadPlan& plan, AvroValue& out) const;
    Result<bool> is_another_file(std::int64_t count);
    Error error(std::string_view what) const;
    Error error_in_number(std::string_view what) const;

    ContainerInput input;
    ContainerHeader header;
    compat::SchemaPtr schema;
    ContainerLimits limits;
    BlockCodec codec;

    std::string stored;
    std::string inflated;
    std::string marker;
    std::string_view rest;   ///< of the block
    std::uint64_t left = 0;  ///< records of the block
    std::uint64_t block_offset = 0;
    bool is_behind_marker = true;  ///< what comes next is a block, or nothing
    std::uint64_t records = 0;
    std::uint64_t free_records = 0;
    std::shared_ptr<const AvroReadPlan> own_plan;
    AvroValue scratch;
    std::optional<Error> failed;  ///< what made reading on impossible
};

Error ContainerReader::State::error(std::string_view what) const {
    return make_error(
        ErrorCode::malformed_datum,
        fmt::format("the container file, block at byte {}, after {} whole records: {}",
                    block_offset, records, what));
}

Error ContainerReader::State::error_in_number(std::string_view what) const {
    return error(input.is_cut_off() ? fmt::format("the file is cut off at byte {}", input.offset())
                                    : std::string(what));
}

Status ContainerReader::State::check_block(std::int64_t count) {
    if (!std::equal(marker.begin(), marker.end(), header.sync_marker.begin(),
                    header.sync_marker.end())) {
        return failure(error("its end is not the file's sync marker; the file is damaged"));
    }
    is_behind_marker = true;
    if (count == 0 && stored.empty()) {
        inflated.clear();  // nothing, which some writers do not compress
        return {};
    }
    if (auto status = codec.inflate(stored, limits.block_bytes_max, inflated); !status) {
        return failure(error(status.error().message));
    }
    const auto claimed = static_cast<std::uint64_t>(count);
    if (claimed > inflated.size()) {
        free_records += claimed - inflated.size();
        if (free_records > limits::container_free_records_max) {
            return failure(
                error(fmt::format("it claims {} records in {} bytes", claimed, inflated.size())));
        }
    }
    return {};
}

// Two files that were put one behind the other; "O" is a count, though none that can be.
Result<bool> ContainerReader::State::is_another_file(std::int64_t count) {
    constexpr std::int64_t first = -40;
    if (count != first) {
        return false;
    }
    std::string following;
    SYMBOLON_TRY(const bool whole, input.read_bytes(container_magic.size() - 1, following));
    return whole && following == container_magic.substr(1);
}

Result<bool> ContainerReader::State::read_block() {
    SYMBOLON_TRY(const bool is_over, input.at_end());
    if (is_over) {
        return false;
    }
    block_offset = input.offset();
    is_behind_marker = false;
    stored.clear();
    marker.clear();
    SYMBOLON_TRY(const auto count, input.read_long());
    if (!count || *count < 0) {
        SYMBOLON_TRY(const bool is_another, is_another_file(count.value_or(0)));
        if (is_another) {
            return failure(error("another container file begins here; split them there"));
        }
        return failure(error_in_number("its number of records is wrong"));
    }
    SYMBOLON_TRY(const auto size, input.read_long());
    if (!size || *size < 0) {
        return failure(error_in_number("its size is wrong"));
    }
    // What cannot be made smaller grows a little.
    const std::size_t stored_max = limits.block_bytes_max + limits.block_bytes_max / 4;
    if (static_cast<std::uint64_t>(*size) > stored_max) {
        return failure(
            error(fmt::format("it has {} bytes, more than the {} that are read at once; "
                              "the limit on blocks is a setting",
                              *size, stored_max)));
    }
    SYMBOLON_TRY(const bool whole, input.read_bytes(static_cast<std::uint64_t>(*size), stored));
    if (whole) {
        SYMBOLON_TRY(const bool has_marker, input.read_bytes(header.sync_marker.size(), marker));
        static_cast<void>(has_marker);
    }
    if (input.is_cut_off()) {
        return failure(
            error(fmt::format("the file is cut off at byte {}, within a block of {} "
                              "records",
                              input.offset(), *count)));
    }
    SYMBOLON_CHECK(check_block(*count));
    left = static_cast<std::uint64_t>(*count);
    rest = inflated;
    return true;
}

Result<bool> ContainerReader::State::find_record() {
    if (failed) {
        return failure(*failed);
    }
    while (left == 0) {
        if (!rest.empty()) {
            failed = error(fmt::format("{} bytes follow its last record", rest.size()));
            return failure(*failed);
        }
        auto more = read_block();
        if (!more) {
            failed = more.error();
        }
        if (!more || !*more) {
            return more;
        }
    }
    return true;
}

Result<std::size_t> ContainerReader::State::decode(const AvroReadPlan& plan, AvroValue& out) const {
    auto used = plan.decode(rest, out);
    if (!used) {
        return failure(error(used.error().message));
    }
    return used;
}

bool is_container(std::string_view bytes) {
    return bytes.starts_with(container_magic);
}

Result<ContainerReader> ContainerReader::open(std::unique_ptr<ByteSource> source,
                                              const ContainerLimits& limits) {
    ContainerInput input(std::move(source));
    SYMBOLON_TRY(ContainerHeader header, read_container_header(input));
    auto schema =
        compat::parse_schema(SchemaType::avro, header.schema_text, {}, compat::Strictness::lenient);
    if (!schema) {
        // The file is at fault: no registry has this schema.
        return failure(make_error(ErrorCode::malformed_datum,
                                  fmt::format("the container file's own schema cannot be used: {}",
                                              schema.error().message)));
    }
    return ContainerReader(
        std::make_unique<State>(std::move(input), std::move(header), std::move(*schema), limits));
}

ContainerReader::ContainerReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ContainerReader::ContainerReader(ContainerReader&&) noexcept = default;
ContainerReader& ContainerReader::operator=(ContainerReader&&) noexcept = default;
ContainerReader::~ContainerReader() = default;

const ContainerHeader& ContainerReader::header() const {
    return state_->header;
}

const compat::SchemaPtr& ContainerReader::schema() const {
    return state_->schema;
}

std::uint64_t ContainerReader::records() const {
    return state_->records;
}

Result<bool> ContainerReader::next(const AvroReadPlan& plan, AvroValue& out) {
    SYMBOLON_TRY(const bool is_there, state_->find_record());
    if (!is_there) {
        return false;
    }
    auto used = state_->decode(plan, out);
    if (!used) {
        state_->failed = used.error();
        return failure(used.error());
    }
    state_->rest.remove_prefix(*used);
    --state_->left;
    ++state_->records;
    return true;
}

Result<std::optional<std::string_view>> ContainerReader::next_datum() {
    SYMBOLON_TRY(const bool is_there, state_->find_record());
    if (!is_there) {
        return std::nullopt;
    }
    if (state_->own_plan == nullptr) {
        SYMBOLON_TRY(state_->own_plan, AvroReadPlan::compile(state_->schema));
    }
    const std::string_view before = state_->rest;
    SYMBOLON_TRY(const bool decoded, next(*state_->own_plan, state_->scratch));
    static_cast<void>(decoded);
    return before.substr(0, before.size() - state_->rest.size());
}

Result<bool> ContainerReader::resume() {
    State& state = *state_;
    if (state.failed && state.failed->code != ErrorCode::malformed_datum) {
        return failure(*state.failed);
    }
    state.left = 0;
    state.rest = {};
    if (!state.is_behind_marker) {
        // A wrong size may have taken the marker for a part of the block, or half of it.
        state.stored += state.marker;
        state.input.put_back(std::exchange(state.stored, {}));
        SYMBOLON_TRY(state.is_behind_marker,
                     state.input.skip_behind(
                         {state.header.sync_marker.data(), state.header.sync_marker.size()}));
    }
    state.failed.reset();
    return state.is_behind_marker;
}

std::uint64_t ContainerReader::offset() const {
    return state_->input.offset();
}

Result<std::optional<ContainerBlock>> ContainerReader::next_block() {
    SYMBOLON_TRY(const bool is_there, state_->find_record());
    if (!is_there) {
        return std::nullopt;
    }
    const ContainerBlock block{std::exchange(state_->left, 0), std::exchange(state_->rest, {})};
    state_->records += block.records;
    return block;
}

}  // namespace symbolon::client
