#include "client/codec/avro_encode.hpp"

#include "client/codec/avro_bytes.hpp"
#include "client/codec/avro_plan.hpp"
#include "client/codec/avro_write_plan.hpp"
#include "client/codec/datum_error.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

// Bytes are gathered in a small buffer, which has room for any number before each step.
//
// Invariants: `cell_` and `to_` are behind what was done, except within run(), which keeps both in
// registers (a byte that is written could be part of any member) and puts them back before it
// calls.
class Encoding {
public:
    Encoding(const WriteProgram& program, AvroView value, std::string& out)
        : program_(program), out_(out), cell_(value.cell()), end_(value.next().cell()) {}

    bool run(std::uint32_t block_number, std::uint64_t times);

    /// Empties the buffer; false when the value has more than its schema.
    bool finish() {
        flush();
        return cell_ == end_ || fail("the value has more parts than the schema");
    }
    Error error() const;

private:
    bool write_leaf(const WriteStep& step, const AvroCell*& cell, char*& to);
    bool write_nested(const WriteStep& step);
    bool write_items(const WriteStep& step);
    bool enter(std::uint32_t block);
    const WriteStep* find_leaf(const WriteStep& step, const AvroCell* cell) const;

    void flush() { to_ = flush(to_); }
    /// Empties the buffer, which ends at `to`; answers where it begins.
    [[gnu::noinline]] char* flush(const char* to) {
        out_.append(buffer_.data(), static_cast<std::size_t>(to - buffer_.data()));
        return buffer_.data();
    }
    std::size_t room(const char* to) const {
        return static_cast<std::size_t>(buffer_.data() + buffer_.size() - to);
    }
    void make_room() {
        if (room(to_) < number_bytes) {
            flush();
        }
    }
    [[gnu::always_inline]] char* write_bytes(char* to, const char* bytes, std::size_t size) {
        if (size > room(to)) [[unlikely]] {
            return write_large(to, bytes, size);
        }
        return copy_short(to, bytes, size);
    }
    [[gnu::noinline]] char* write_large(char* to, const char* bytes, std::size_t size) {
        to = flush(to);
        if (size > buffer_.size()) {
            out_.append(bytes, size);
            return to;
        }
        return copy_short(to, bytes, size);
    }

    bool fail(std::string problem);
    bool fail_kind(const WriteStep& step, const AvroCell* cell);

    static constexpr std::size_t number_bytes = 16;
    /// Unions count here, unlike when a datum is read; what was read can be written.
    static constexpr std::size_t depth_max = 2 * limits::datum_depth_max;

    const WriteProgram& program_;
    std::string& out_;
    const AvroCell* cell_;
    const AvroCell* const end_;
    std::size_t depth_ = 0;
    std::string problem_{};
    std::vector<std::string> path_{};
    std::uint64_t failed_time_ = 0;
    const AvroCell* failed_from_ = nullptr;
    std::array<char, 1'024> buffer_;
    char* to_ = buffer_.data();
};

[[gnu::cold, gnu::noinline]] bool Encoding::fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
}

[[gnu::cold, gnu::noinline]] bool Encoding::fail_kind(const WriteStep& step, const AvroCell* cell) {
    return fail(cell == end_ ? fmt::format("the schema asks for {}, and the value ends",
                                           to_string(step.kind))
                             : fmt::format("the schema asks for {}, and the value has {}",
                                           to_string(step.kind), to_string(cell->kind)));
}

Error Encoding::error() const {
    std::string path;
    for (std::size_t at = path_.size(); at > 0; --at) {
        path += path_[at - 1];
    }
    path = shorten_path(path);
    return make_error(ErrorCode::malformed_datum,
                      fmt::format("At {}: {}", path.empty() ? "the top" : path, problem_));
}

// Long: one case for each leaf; a call for each would cost more than what it does.
[[gnu::always_inline]] inline bool Encoding::write_leaf(const WriteStep& step, const AvroCell*& at,
                                                        char*& to) {
    if (at == end_ || at->kind != step.kind) [[unlikely]] {
        return fail_kind(step, at);
    }
    if (room(to) < number_bytes) {
        to = flush(to);
    }
    const AvroCell& cell = *at;
    switch (step.op) {
        case WriteOp::null:
            break;
        case WriteOp::boolean:
            *to++ = cell.integer != 0 ? '\1' : '\0';
            break;
        case WriteOp::int32:
            if (cell.integer != static_cast<std::int32_t>(cell.integer)) {
                return fail(fmt::format("{} does not fit an int", cell.integer));
            }
            to = write_varint(to, to_zigzag(cell.integer));
            break;
        case WriteOp::int64:
            to = write_varint(to, to_zigzag(cell.integer));
            break;
        case WriteOp::float32: {
            const auto real = static_cast<float>(cell.real);
            if (std::isinf(real) && !std::isinf(cell.real)) {
                return fail(fmt::format("{} does not fit a float", cell.real));
            }
            to = write_bits(to, std::bit_cast<std::uint32_t>(real));
            break;
        }
        case WriteOp::float64:
            to = write_bits(to, std::bit_cast<std::uint64_t>(cell.real));
            break;
        case WriteOp::string:
            if (!is_utf8(cell.text, cell.count)) {
                return fail("a string has to be UTF-8");
            }
            [[fallthrough]];
        case WriteOp::bytes:
            to = write_varint(to, std::uint64_t{cell.count} << 1U);
            to = write_bytes(to, cell.text, cell.count);
            break;
        case WriteOp::fixed:
            if (cell.count != step.a) {
                return fail(fmt::format("the schema asks for {} bytes, and the value has {}",
                                        step.a, cell.count));
            }
            to = write_bytes(to, cell.text, cell.count);
            break;
        default:  // symbol
            if (cell.count >= step.a) {
                return fail(fmt::format("the enum has {} symbols, and the value has the one at {}",
                                        step.a, cell.count));
            }
            to = write_varint(to, std::uint64_t{cell.count} << 1U);
            break;
    }
    ++at;
    return true;
}

bool Encoding::run(std::uint32_t block_number, std::uint64_t times) {
    const WriteBlock block = program_.blocks[block_number];
    const WriteStep* const first = program_.steps.data() + block.first;
    const WriteStep* const last = first + block.count;
    for (std::uint64_t time = 0; time < times; ++time) {
        const AvroCell* const from = cell_;
        const AvroCell* cell = cell_;
        char* to = to_;
        for (const WriteStep* step = first; step != last; ++step) {
            bool written = false;
            if (step->op <= WriteOp::last_leaf) {
                written = write_leaf(*step, cell, to);
            } else if (step->op == WriteOp::record && cell != end_ && cell->kind == step->kind &&
                       cell->count == step->a) {
                ++cell;
                continue;
            } else if (const WriteStep* const only = find_leaf(*step, cell); only != nullptr) {
                if (room(to) < number_bytes) {
                    to = flush(to);
                }
                to = write_varint(to, std::uint64_t{cell->count} << 1U);
                ++cell;
                written = write_leaf(*only, cell, to);
            } else {
                cell_ = cell;
                to_ = to;
                written = write_nested(*step);
                cell = cell_;
                to = to_;
            }
            if (!written) [[unlikely]] {
                path_.push_back(program_.paths.text(step->path));
                cell_ = cell;
                failed_time_ = time;
                failed_from_ = from;
                return false;
            }
        }
        cell_ = cell;
        to_ = to;
    }
    return true;
}

/// What a union's cell is followed by when that is one step; nullptr: anything else.
[[gnu::always_inline]] inline const WriteStep* Encoding::find_leaf(const WriteStep& step,
                                                                   const AvroCell* cell) const {
    if (step.op != WriteOp::union_of || cell == end_ || cell->kind != AvroKind::union_of ||
        cell->count >= step.b) {
        return nullptr;
    }
    const WriteBlock& block = program_.blocks[program_.branches[step.a + cell->count]];
    const WriteStep* const only = program_.steps.data() + block.first;
    return block.count == 1 && only->op <= WriteOp::last_leaf ? only : nullptr;
}

[[gnu::noinline]] bool Encoding::write_nested(const WriteStep& step) {
    if (step.op == WriteOp::enter) {
        return enter(step.a);
    }
    if (cell_ == end_ || cell_->kind != step.kind) {
        return fail_kind(step, cell_);
    }
    make_room();
    if (step.op == WriteOp::record) {
        return fail(
            fmt::format("the record has {} fields, and the value {}", step.a, cell_->count));
    }
    if (step.op == WriteOp::items) {
        return write_items(step);
    }
    const std::uint32_t branch = cell_->count;
    if (branch >= step.b) {
        return fail(fmt::format("the union has {} branches, and the value has the one at {}",
                                step.b, branch));
    }
    ++cell_;
    to_ = write_varint(to_, std::uint64_t{branch} << 1U);
    return enter(program_.branches[step.a + branch]);
}

bool Encoding::enter(std::uint32_t block) {
    if (++depth_ > depth_max) {
        return fail(fmt::format("the value is nested more than {} deep", limits::datum_depth_max));
    }
    const bool written = run(block, 1);
    --depth_;
    return written;
}

bool Encoding::write_items(const WriteStep& step) {
    if (++depth_ > depth_max) {
        return fail(fmt::format("the value is nested more than {} deep", limits::datum_depth_max));
    }
    const std::uint32_t count = cell_->count;
    ++cell_;
    if (count != 0) {
        to_ = write_varint(to_, std::uint64_t{count} << 1U);
        if (!run(step.a, count)) {
            const bool has_key = step.kind == AvroKind::map && failed_from_ != cell_;
            path_.push_back("/" + (has_key ? std::string(AvroView(failed_from_).text())
                                           : std::to_string(failed_time_)));
            return false;
        }
        make_room();
    }
    *to_++ = '\0';
    --depth_;
    return true;
}

}  // namespace

Result<std::shared_ptr<const AvroWritePlan>> AvroWritePlan::compile(compat::SchemaPtr schema) {
    SYMBOLON_TRY(const auto* const tree, avro_tree_of(schema));
    SYMBOLON_TRY(auto program, compile_writing(*tree));
    return std::make_shared<const AvroWritePlan>(std::move(schema), *tree->root,
                                                 std::move(program));
}

AvroWritePlan::AvroWritePlan(compat::SchemaPtr schema, const compat::avro::AvroNode& shape,
                             std::unique_ptr<const WriteProgram> program)
    : schema_(std::move(schema)), shape_(shape), program_(std::move(program)) {}

AvroWritePlan::~AvroWritePlan() = default;

Status AvroWritePlan::encode(AvroView value, std::string& out) const {
    const std::size_t before = out.size();
    Encoding encoding(*program_, value, out);
    if (!encoding.run(0, 1) || !encoding.finish()) {
        out.resize(before);
        return failure(encoding.error());
    }
    return {};
}

}  // namespace symbolon::client
