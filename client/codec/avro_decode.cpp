// Long: the decoder is one loop over instructions, with what it says about malformed bytes beside.
#include "client/codec/avro_decode.hpp"

#include "client/codec/avro_bytes.hpp"
#include "client/codec/avro_plan.hpp"
#include "client/codec/datum_error.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

std::string_view expectation_of(ReadOp op) {
    switch (op) {
        case ReadOp::boolean:
            return "a boolean";
        case ReadOp::int32:
        case ReadOp::int32_as_int64:
        case ReadOp::int32_as_float32:
        case ReadOp::int32_as_float64:
        case ReadOp::skip_int32:
            return "an int";
        case ReadOp::int64:
        case ReadOp::int64_as_float32:
        case ReadOp::int64_as_float64:
        case ReadOp::skip_int64:
            return "a long";
        case ReadOp::float32:
        case ReadOp::float32_as_float64:
            return "a float of 4 bytes";
        case ReadOp::float64:
            return "a double of 8 bytes";
        case ReadOp::bytes:
        case ReadOp::bytes_as_string:
            return "bytes";
        case ReadOp::string:
        case ReadOp::skip_text:
            return "a text";
        case ReadOp::symbol:
        case ReadOp::mapped_symbol:
            return "an enum's symbol";
        case ReadOp::array:
        case ReadOp::map:
        case ReadOp::skip_array:
            return "a block of items";
        case ReadOp::union_of:
        case ReadOp::skip_union:
            return "a union's branch";
        default:
            return "a value";
    }
}

void append_pointer_part(std::string& path, std::string_view part) {
    path += '/';
    for (const char sign : part) {
        path += sign == '~' ? "~0" : sign == '/' ? "~1" : std::string_view(&sign, 1);
    }
}

// Invariants: `at_` and `cell_` are behind what was read and written, except within run(), which
// keeps both in registers and puts them back before it calls anything. `cell_` has room for as many
// cells as the block that runs may still write by itself.
class Decoding {
public:
    Decoding(const ReadProgram& program, std::string_view bytes, AvroValue& out)
        : program_(program),
          out_(out),
          cells_(out.raw()),
          begin_(bytes.data()),
          at_(bytes.data()),
          end_(bytes.data() + bytes.size()),
          cell_(cells_.data()),
          cell_end_(cells_.data() + cells_.capacity()) {}

    bool run(std::uint32_t block_number, std::uint64_t times);

    std::size_t bytes_used() const { return static_cast<std::size_t>(at_ - begin_); }
    std::size_t cells_used() const { return static_cast<std::size_t>(cell_ - cells_.data()); }
    Error error() const;

private:
    bool read_leaf(const ReadStep& step, const char*& at, AvroCell*& cell);
    bool read_nested(const ReadStep& step);
    bool enter(const ReadStep& step);
    bool enter_branch(const ReadBranch& branch);
    bool read_items(const ReadStep& step);
    bool read_reordered(const ReadStep& step);
    bool put_in_order(const ReadStep& step, std::span<const std::uint32_t> starts);
    bool skip_items(const ReadStep& step);
    bool skip_branch(const ReadStep& step);
    bool read_block_size(const ReadStep& step, std::uint64_t& count, const char*& block_end);
    bool read_branch(const ReadStep& step, const char*& at, const ReadBranch*& branch);

    bool make_room(std::size_t cells);
    bool mend(const char* from, AvroCell& cell);
    bool fail(const char* at, std::string problem);
    bool fail_at_end(const ReadStep& step, const char* at);
    bool fail_varint(const ReadStep& step, const char* at);
    bool fail_length(const ReadStep& step, const char* at, std::int64_t length);
    bool fail_symbol(const ReadStep& step, const char* at, std::uint64_t symbol);
    bool fail_item(const ReadStep& step, std::uint64_t items_before);

    std::size_t position(const AvroCell* cell) const {
        return static_cast<std::size_t>(cell - cells_.data());
    }

    static constexpr std::size_t few_groups = 24;

    const ReadProgram& program_;
    AvroValue& out_;
    AvroCells& cells_;
    const char* const begin_;
    const char* at_;
    const char* const end_;
    AvroCell* cell_;
    AvroCell* cell_end_;
    std::size_t depth_ = 0;
    std::size_t moved_ = 0;

    // What went wrong; the path is collected from the inside while the calls return.
    std::string problem_{};
    const char* problem_at_ = nullptr;
    std::vector<std::string> path_{};
    std::uint64_t failed_time_ = 0;
    std::size_t failed_from_ = 0;
};

// --- what goes wrong

[[gnu::cold, gnu::noinline]] bool Decoding::fail(const char* at, std::string problem) {
    problem_ = std::move(problem);
    problem_at_ = at;
    return false;
}

[[gnu::cold, gnu::noinline]] bool Decoding::fail_at_end(const ReadStep& step, const char* at) {
    return fail(at, fmt::format("{} was expected, and {} bytes are left", expectation_of(step.op),
                                end_ - at));
}

[[gnu::cold, gnu::noinline]] bool Decoding::fail_varint(const ReadStep& step, const char* at) {
    const auto is_last = [](char byte) { return static_cast<signed char>(byte) >= 0; };
    if (std::find_if(at, end_, is_last) == end_ &&
        end_ - at < static_cast<std::ptrdiff_t>(varint_bytes_max)) {
        return fail(at, fmt::format("{} was expected, and the bytes end within it",
                                    expectation_of(step.op)));
    }
    return fail(at, fmt::format("{} was expected, and this number is too large for that",
                                expectation_of(step.op)));
}

[[gnu::cold, gnu::noinline]] bool Decoding::fail_length(const ReadStep& step, const char* at,
                                                        std::int64_t length) {
    return fail(
        at, length < 0 ? fmt::format("{} was expected, and its length {} is negative",
                                     expectation_of(step.op), length)
                       : fmt::format("{} was expected, and its length {} is more than what is left",
                                     expectation_of(step.op), length));
}

[[gnu::cold, gnu::noinline]] bool Decoding::fail_symbol(const ReadStep& step, const char* at,
                                                        std::uint64_t symbol) {
    const std::uint32_t count = step.op == ReadOp::symbol ? step.a : step.b;
    if (symbol >= count) {
        return fail(at, fmt::format("an enum's symbol from 0 to {} was expected, and this is {}",
                                    count - 1, static_cast<std::int64_t>(symbol)));
    }
    const auto& definition = *program_.enums[step.c]->definition;
    return fail(at, fmt::format("the reader's enum \"{}\" has no symbol \"{}\" and no default",
                                definition.name.last, definition.symbols[symbol]));
}

/// Within an item: its number or key belongs to the path.
[[gnu::cold, gnu::noinline]] bool Decoding::fail_item(const ReadStep& step,
                                                      std::uint64_t items_before) {
    std::string part;
    if (step.op != ReadOp::map) {
        append_pointer_part(part, std::to_string(items_before + failed_time_));
    } else if (position(cell_) > failed_from_) {
        append_pointer_part(part, AvroView(cells_.data() + failed_from_).text());
    }
    path_.push_back(std::move(part));
    return false;
}

Error Decoding::error() const {
    std::string path;
    for (std::size_t at = path_.size(); at > 0; --at) {
        path += path_[at - 1];
    }
    path = shorten_path(path);
    const auto offset = static_cast<std::size_t>(problem_at_ - begin_);
    return make_datum_error(
        fmt::format("At byte {}{}{}: {}", offset, path.empty() ? "" : ", ", path, problem_), offset,
        path);
}

[[gnu::noinline]] bool Decoding::make_room(std::size_t cells) {
    const std::size_t used = cells_used();
    const std::size_t wanted = used + cells;
    if (wanted > limits::datum_cells_max) {
        return fail(at_, fmt::format("the datum has more than {} values", limits::datum_cells_max));
    }
    // All is kept: a record whose fields come out of turn has cells beyond the present one.
    cells_.grow(wanted, cells_.capacity());
    cell_ = cells_.data() + used;
    cell_end_ = cells_.data() + cells_.capacity();
    return true;
}

/// Parity: bytes read as a string become UTF-8 if they are not.
[[gnu::cold, gnu::noinline]] bool Decoding::mend(const char* from, AvroCell& cell) {
    const std::string text = mend_utf8(AvroView(&cell).text());
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
        return fail(from, "as a string this is too long");
    }
    cell.text = out_.keep_text(text);
    cell.count = static_cast<std::uint32_t>(text.size());
    return true;
}

// --- leaves

// Long: one case for each leaf; a call for each would cost more than what it does.
[[gnu::always_inline]] inline bool Decoding::read_leaf(const ReadStep& step, const char*& at,
                                                       AvroCell*& cell) {
    const char* const from = at;
    std::uint64_t raw = 0;
    const auto put_integer = [&](std::int64_t integer) {
        cell->kind = step.kind;
        cell->count = 0;
        cell->integer = integer;
        ++cell;
    };
    const auto put_real = [&](double real) {
        cell->kind = step.kind;
        cell->count = 0;
        cell->real = real;
        ++cell;
    };
    const auto put_text = [&](std::size_t size) {
        cell->kind = step.kind;
        cell->count = static_cast<std::uint32_t>(size);
        cell->text = at;
        ++cell;
        at += size;
    };
    const auto has = [&](std::uint64_t bytes) {
        return static_cast<std::uint64_t>(end_ - at) >= bytes;
    };
    const auto read_int32 = [&] {
        return read_varint(at, end_, raw) && raw <= 0xFFFF'FFFFU &&
               at - from <= static_cast<std::ptrdiff_t>(int_bytes_max);
    };
    switch (step.op) {
        case ReadOp::null:
            put_integer(0);
            return true;
        case ReadOp::boolean:
            if (at == end_) {
                return fail_at_end(step, from);
            }
            if (static_cast<unsigned char>(*at) > 1) {
                return fail(from, fmt::format("a boolean is a byte of 0 or 1, and this is {}",
                                              static_cast<unsigned char>(*from)));
            }
            put_integer(*at++);
            return true;
        case ReadOp::int32:
        case ReadOp::int32_as_int64:
            if (!read_int32()) {
                return fail_varint(step, from);
            }
            put_integer(from_zigzag(raw));
            return true;
        case ReadOp::int64:
            if (!read_varint(at, end_, raw)) {
                return fail_varint(step, from);
            }
            put_integer(from_zigzag(raw));
            return true;
        case ReadOp::float32:
        case ReadOp::float32_as_float64:
            if (!has(4)) {
                return fail_at_end(step, from);
            }
            put_real(read_real<float, std::uint32_t>(at));
            at += 4;
            return true;
        case ReadOp::float64:
            if (!has(8)) {
                return fail_at_end(step, from);
            }
            put_real(read_real<double, std::uint64_t>(at));
            at += 8;
            return true;
        case ReadOp::bytes:
        case ReadOp::bytes_as_string:
        case ReadOp::string: {
            if (!read_varint(at, end_, raw)) {
                return fail_varint(step, from);
            }
            const std::uint64_t size = raw >> 1U;
            if ((raw & 1U) != 0 || !has(size) || size > 0xFFFF'FFFFU) {
                return fail_length(step, from, from_zigzag(raw));
            }
            if (step.op == ReadOp::string && !is_utf8(at, size)) {
                return fail(at + compat::find_bad_utf8({at, size}),
                            "a text is UTF-8, and this byte is not");
            }
            put_text(size);
            if (step.op == ReadOp::bytes_as_string && !is_utf8(at - size, size)) {
                return mend(from, cell[-1]);
            }
            return true;
        }
        case ReadOp::fixed:
            if (!has(step.a)) {
                return fail_at_end(step, from);
            }
            put_text(step.a);
            return true;
        case ReadOp::symbol:
        case ReadOp::mapped_symbol: {
            if (!read_int32()) {
                return fail_varint(step, from);
            }
            const auto index = static_cast<std::uint64_t>(from_zigzag(raw));
            const bool mapped = step.op == ReadOp::mapped_symbol;
            if (index >= (mapped ? step.b : step.a)) {
                return fail_symbol(step, from, index);
            }
            const auto symbol =
                mapped ? program_.symbols[step.a + index] : static_cast<std::uint32_t>(index);
            if (symbol == ReadProgram::no_symbol) {
                return fail_symbol(step, from, index);
            }
            cell->kind = AvroKind::enumeration;
            cell->count = symbol;
            cell->integer = 0;
            ++cell;
            return true;
        }
        case ReadOp::int32_as_float32:
        case ReadOp::int32_as_float64:
            if (!read_int32()) {
                return fail_varint(step, from);
            }
            put_real(step.op == ReadOp::int32_as_float32
                         ? static_cast<double>(static_cast<float>(from_zigzag(raw)))
                         : static_cast<double>(from_zigzag(raw)));
            return true;
        case ReadOp::int64_as_float32:
        case ReadOp::int64_as_float64:
            if (!read_varint(at, end_, raw)) {
                return fail_varint(step, from);
            }
            put_real(step.op == ReadOp::int64_as_float32
                         ? static_cast<double>(static_cast<float>(from_zigzag(raw)))
                         : static_cast<double>(from_zigzag(raw)));
            return true;
        case ReadOp::skip_int32:
            return read_int32() || fail_varint(step, from);
        case ReadOp::skip_int64:
            return read_varint(at, end_, raw) || fail_varint(step, from);
        case ReadOp::skip_text:
            if (!read_varint(at, end_, raw)) {
                return fail_varint(step, from);
            }
            if ((raw & 1U) != 0 || !has(raw >> 1U)) {
                return fail_length(step, from, from_zigzag(raw));
            }
            at += raw >> 1U;
            return true;
        default:  // skip_bytes
            if (!has(step.a)) {
                return fail_at_end(step, from);
            }
            at += step.a;
            return true;
    }
}

// --- the loop

// Long: the loop that all data go through; position and cell stay in registers.
bool Decoding::run(std::uint32_t block_number, std::uint64_t times) {
    const ReadBlock block = program_.blocks[block_number];
    const ReadStep* const first = program_.steps.data() + block.first;
    const ReadStep* const last = first + block.count;
    const auto failed = [&](const ReadStep* step, std::uint64_t time, std::size_t from) {
        path_.push_back(program_.paths.text(step->path));
        failed_time_ = time;
        failed_from_ = from;
        return false;
    };
    for (std::uint64_t time = 0; time < times; ++time) {
        if (static_cast<std::size_t>(cell_end_ - cell_) < block.cells && !make_room(block.cells)) {
            failed_time_ = time;
            failed_from_ = position(cell_);
            return false;
        }
        const char* at = at_;
        AvroCell* cell = cell_;
        const std::size_t from = position(cell);
        for (const ReadStep* step = first; step != last; ++step) {
            if (step->op <= ReadOp::last_leaf) {
                if (!read_leaf(*step, at, cell)) [[unlikely]] {
                    cell_ = cell;
                    return failed(step, time, from);
                }
                continue;
            }
            if (step->op == ReadOp::open) {
                cell->kind = step->kind;
                cell->count = step->a;
                cell->extent = step->b;
                ++cell;
                continue;
            }
            const ReadBranch* branch = nullptr;
            if (step->op == ReadOp::union_of) {
                if (!read_branch(*step, at, branch)) [[unlikely]] {
                    cell_ = cell;
                    return failed(step, time, from);
                }
                const ReadBlock& inner = program_.blocks[branch->block];
                const ReadStep& only = program_.steps[inner.first];
                if (inner.count == 1 && only.op <= ReadOp::last_leaf) {
                    if (branch->reader_branch != ReadBranch::not_in_union) {
                        cell->kind = AvroKind::union_of;
                        cell->count = branch->reader_branch;
                        cell->extent = 2;
                        ++cell;
                    }
                    if (!read_leaf(only, at, cell)) [[unlikely]] {
                        cell_ = cell;
                        return failed(step, time, from);
                    }
                    continue;
                }
            }
            at_ = at;
            cell_ = cell;
            if (!(branch != nullptr ? enter_branch(*branch) : read_nested(*step)) ||
                (static_cast<std::size_t>(cell_end_ - cell_) < block.cells &&
                 !make_room(block.cells))) [[unlikely]] {
                return failed(step, time, from);
            }
            at = at_;
            cell = cell_;
        }
        at_ = at;
        cell_ = cell;
    }
    return true;
}

[[gnu::always_inline]] inline bool Decoding::read_branch(const ReadStep& step, const char*& at,
                                                         const ReadBranch*& branch) {
    const char* const from = at;
    std::uint64_t raw = 0;
    if (!read_varint(at, end_, raw)) {
        return fail_varint(step, from);
    }
    const auto index = static_cast<std::uint64_t>(from_zigzag(raw));
    if (index >= step.b) {
        return fail(from, fmt::format("a union's branch from 0 to {} was expected, and this is {}",
                                      static_cast<std::int64_t>(step.b) - 1, from_zigzag(raw)));
    }
    branch = &program_.branches[step.a + index];
    return true;
}

[[gnu::noinline]] bool Decoding::read_nested(const ReadStep& step) {
    switch (step.op) {
        case ReadOp::move:
            cell_ += static_cast<std::int32_t>(step.a);
            return true;
        case ReadOp::constant:
            std::memcpy(cell_, program_.defaults.raw().data() + step.a, step.b * sizeof(AvroCell));
            cell_ += step.b;
            return true;
        case ReadOp::enter:
            return enter(step);
        case ReadOp::reordered:
            return read_reordered(step);
        case ReadOp::array:
        case ReadOp::map:
            return read_items(step);
        case ReadOp::skip_array:
            return skip_items(step);
        case ReadOp::skip_union:
            return skip_branch(step);
        case ReadOp::skip_record: {
            if (++depth_ > limits::datum_depth_max) {
                return fail(at_, fmt::format("the datum is nested more than {} deep",
                                             limits::datum_depth_max));
            }
            const bool skipped = run(step.a, 1);
            --depth_;
            return skipped;
        }
        default:
            return fail(at_, program_.problems[step.a]);
    }
}

bool Decoding::enter(const ReadStep& step) {
    const std::size_t opened = position(cell_);
    *cell_++ = {step.kind, step.a, {}};
    if (++depth_ > limits::datum_depth_max) {
        return fail(at_,
                    fmt::format("the datum is nested more than {} deep", limits::datum_depth_max));
    }
    if (!run(step.b, 1)) {
        return false;
    }
    --depth_;
    cells_.data()[opened].extent = position(cell_) - opened;
    return true;
}

[[gnu::noinline]] bool Decoding::enter_branch(const ReadBranch& branch) {
    if (branch.reader_branch == ReadBranch::not_in_union) {
        return run(branch.block, 1);
    }
    const std::size_t opened = position(cell_);
    *cell_++ = {AvroKind::union_of, branch.reader_branch, {}};
    if (!run(branch.block, 1)) {
        return false;
    }
    cells_.data()[opened].extent = position(cell_) - opened;
    return true;
}

/// The count of a block, and where it ends if it says so. Zero: there are no more.
bool Decoding::read_block_size(const ReadStep& step, std::uint64_t& count, const char*& block_end) {
    const char* const from = at_;
    std::uint64_t raw = 0;
    if (!read_varint(at_, end_, raw)) {
        return fail_varint(step, from);
    }
    const std::int64_t signed_count = from_zigzag(raw);
    block_end = nullptr;
    count = static_cast<std::uint64_t>(signed_count);
    if (signed_count < 0) {
        count = ~count + 1;
        const char* const size_from = at_;
        if (!read_varint(at_, end_, raw)) {
            return fail_varint(step, size_from);
        }
        const std::int64_t bytes = from_zigzag(raw);
        if (bytes < 0 || bytes > end_ - at_) {
            return fail_length(step, size_from, bytes);
        }
        block_end = at_ + bytes;
    }
    if (block_end != nullptr && step.op == ReadOp::skip_array) {
        return true;  // its items are not looked at
    }
    const auto left = static_cast<std::uint64_t>((block_end != nullptr ? block_end : end_) - at_);
    if (step.b != 0 && count > left / step.b) {
        return fail(from, fmt::format("a block of {} items was announced, and {} bytes are left",
                                      count, left));
    }
    return true;
}

bool Decoding::read_items(const ReadStep& step) {
    const std::size_t opened = position(cell_);
    *cell_++ = {step.kind, 0, {}};
    if (++depth_ > limits::datum_depth_max) {
        return fail(at_,
                    fmt::format("the datum is nested more than {} deep", limits::datum_depth_max));
    }
    std::uint64_t items = 0;
    while (true) {
        const char* const from = at_;
        std::uint64_t count = 0;
        const char* block_end = nullptr;
        if (!read_block_size(step, count, block_end)) {
            return false;
        }
        if (count == 0) {
            break;
        }
        if (!run(step.a, count)) {
            return fail_item(step, items);
        }
        if (block_end != nullptr && at_ != block_end) {
            return fail(from, fmt::format("a block of items announced {} bytes more than it has",
                                          block_end - at_));
        }
        items += count;
    }
    --depth_;
    AvroCell& cell = cells_.data()[opened];
    cell.count = static_cast<std::uint32_t>(items);
    cell.extent = position(cell_) - opened;
    return true;
}

bool Decoding::skip_items(const ReadStep& step) {
    if (++depth_ > limits::datum_depth_max) {
        return fail(at_,
                    fmt::format("the datum is nested more than {} deep", limits::datum_depth_max));
    }
    while (true) {
        std::uint64_t count = 0;
        const char* block_end = nullptr;
        if (!read_block_size(step, count, block_end)) {
            return false;
        }
        if (count == 0) {
            break;
        }
        if (block_end != nullptr) {
            at_ = block_end;
            continue;
        }
        // Items of which one takes no bytes take none, however many there are.
        const char* const from = at_;
        if (!run(step.a, 1) || (at_ != from && !run(step.a, count - 1))) {
            return false;
        }
    }
    --depth_;
    return true;
}

bool Decoding::skip_branch(const ReadStep& step) {
    const ReadBranch* branch = nullptr;
    return read_branch(step, at_, branch) && run(branch->block, 1);
}

bool Decoding::read_reordered(const ReadStep& step) {
    const std::size_t opened = position(cell_);
    *cell_++ = {AvroKind::record, step.a, {}};
    if (++depth_ > limits::datum_depth_max) {
        return fail(at_,
                    fmt::format("the datum is nested more than {} deep", limits::datum_depth_max));
    }
    std::array<std::uint32_t, few_groups> few{};
    std::vector<std::uint32_t> many;
    if (step.c >= few_groups) {
        many.resize(step.c + 1);
    }
    const std::span<std::uint32_t> starts(step.c < few_groups ? few.data() : many.data(),
                                          step.c + 1);
    for (std::uint32_t group = 0; group < step.c; ++group) {
        starts[group] = static_cast<std::uint32_t>(position(cell_));
        if (!run(program_.groups[step.b + group].block, 1)) {
            return false;
        }
    }
    --depth_;
    starts[step.c] = static_cast<std::uint32_t>(position(cell_));
    cells_.data()[opened].extent = position(cell_) - opened;
    return put_in_order(step, starts);
}

/// Moves the groups from the writer's order to the reader's. `starts`: theirs, and the end.
[[gnu::noinline]] bool Decoding::put_in_order(const ReadStep& step,
                                              std::span<const std::uint32_t> starts) {
    const std::span groups = std::span(program_.groups).subspan(step.b, step.c);
    // Groups at either end that are where they belong stay there.
    std::size_t first = 0;
    while (groups[first].rank == first) {
        ++first;
    }
    std::size_t last = groups.size();
    while (groups[last - 1].rank == last - 1) {
        --last;
    }
    const std::size_t cells = starts[last] - starts[first];
    moved_ += cells;
    if (moved_ > limits::datum_moved_cells_max) {
        return fail(at_, "too much of the datum has its fields in another order than the reader's");
    }
    constexpr std::size_t few_cells = 128;
    std::array<std::byte, few_cells * sizeof(AvroCell)> few;
    std::vector<std::byte> many;
    if (cells > few_cells) {
        many.resize(cells * sizeof(AvroCell));
    }
    std::byte* const copy = cells > few_cells ? many.data() : few.data();
    AvroCell* to = cells_.data() + starts[first];
    std::memcpy(copy, to, cells * sizeof(AvroCell));
    for (std::size_t rank = first; rank < last; ++rank) {
        const std::size_t group = groups[rank].with_rank;
        const std::size_t size = starts[group + 1] - starts[group];
        std::memcpy(to, copy + (starts[group] - starts[first]) * sizeof(AvroCell),
                    size * sizeof(AvroCell));
        to += size;
    }
    return true;
}

}  // namespace

Result<std::shared_ptr<const AvroReadPlan>> AvroReadPlan::compile(const compat::SchemaPtr& writer) {
    return compile(writer, writer);
}

Result<std::shared_ptr<const AvroReadPlan>> AvroReadPlan::compile(compat::SchemaPtr writer,
                                                                  compat::SchemaPtr reader) {
    SYMBOLON_TRY(const auto* const written, avro_tree_of(writer));
    SYMBOLON_TRY(const auto* const read, avro_tree_of(reader));
    SYMBOLON_TRY(auto program, compile_reading(*written, *read));
    return std::make_shared<const AvroReadPlan>(std::move(writer), std::move(reader), *read->root,
                                                std::move(program));
}

AvroReadPlan::AvroReadPlan(compat::SchemaPtr writer, compat::SchemaPtr reader,
                           const compat::avro::AvroNode& shape,
                           std::unique_ptr<const ReadProgram> program)
    : writer_(std::move(writer)),
      reader_(std::move(reader)),
      shape_(shape),
      program_(std::move(program)) {}

AvroReadPlan::~AvroReadPlan() = default;

std::size_t AvroReadPlan::memory_bytes() const {
    const auto of = []<typename Item>(const std::vector<Item>& list) {
        // NOLINTNEXTLINE(bugprone-sizeof-expression): of a list of pointers, these are counted
        return list.capacity() * sizeof(Item);
    };
    std::size_t bytes = of(program_->steps) + of(program_->blocks) + of(program_->branches) +
                        of(program_->groups) + of(program_->symbols) + of(program_->enums) +
                        of(program_->problems) + program_->paths.memory_bytes();
    for (const std::string& problem : program_->problems) {
        bytes += problem.capacity();
    }
    return bytes + program_->defaults.raw().capacity() * sizeof(AvroCell);
}

Result<std::size_t> AvroReadPlan::decode(std::string_view bytes, AvroValue& out) const {
    out.clear();
    Decoding decoding(*program_, bytes, out);
    if (!decoding.run(0, 1)) {
        out.clear();
        return failure(decoding.error());
    }
    out.raw().set_size(decoding.cells_used());
    return decoding.bytes_used();
}

}  // namespace symbolon::client
