// An Avro datum as a flat run of cells in the order of its schema, made to be filled again and
// again without asking for memory.
//
// A datum has the shape of one schema (the reader's): a record's cell is followed by those of its
// fields, an array's by its items, a map's by key and value in turn, a union's by that of its
// branch. Texts point into the bytes that were decoded, or into the value's own memory.
//
// Example:  AvroView order = value.root();  order.first().as_integer();
// Errors:   none; reading a cell as another kind than it has is a bug and asserts
// Units:    bytes, cells
// Threads:  one at a time; a value that nobody changes may be read by many
// Limits:   datum_cells_max
// Source:   docs/clients.md
// Tested by tests/unit/client/codec/avro_value_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace symbolon::client {

using compat::avro::AvroKind;

struct AvroCell {
    AvroKind kind = AvroKind::null;
    /// Bytes of a text; fields, items or entries; the position of a union's branch or a symbol.
    std::uint32_t count = 0;
    union {
        std::int64_t integer = 0;  ///< boolean, int, long
        double real;               ///< float, double
        const char* text;          ///< bytes, string, fixed
        std::uint64_t extent;      ///< record, array, map, union: cells of it, with its own
    };
};
static_assert(sizeof(AvroCell) == 16);

constexpr bool has_parts(AvroKind kind) {
    return kind == AvroKind::record || kind == AvroKind::array || kind == AvroKind::map ||
           kind == AvroKind::union_of;
}

/// Looks at one cell and what belongs to it.
class AvroView {
public:
    explicit AvroView(const AvroCell* cell) : cell_(cell) {}

    AvroKind kind() const { return cell_->kind; }
    bool as_boolean() const { return assured(AvroKind::boolean)->integer != 0; }
    std::int64_t as_integer() const {
        assert(kind() == AvroKind::int32 || kind() == AvroKind::int64);
        return cell_->integer;
    }
    double as_real() const {
        assert(kind() == AvroKind::float32 || kind() == AvroKind::float64);
        return cell_->real;
    }
    /// Of bytes, a string or fixed.
    std::string_view text() const { return {cell_->text, cell_->count}; }
    /// Fields, items or entries.
    std::uint32_t count() const { return cell_->count; }
    /// Of a union's branch or an enum's symbol.
    std::uint32_t index() const { return cell_->count; }
    /// The first field, item or key, or the value of a union. REQUIRES: there is one.
    AvroView first() const { return AvroView(cell_ + 1); }
    /// What comes after this and all that belongs to it.
    AvroView next() const { return AvroView(cell_ + (has_parts(kind()) ? cell_->extent : 1)); }
    /// The cell itself, for those who run through all of them.
    const AvroCell* cell() const { return cell_; }

private:
    const AvroCell* assured([[maybe_unused]] AvroKind kind) const {
        assert(cell_->kind == kind);
        return cell_;
    }
    const AvroCell* cell_;
};

enum class KeepText : std::uint8_t {
    borrowed,  ///< points to what the caller keeps alive
    copied,    ///< into the value's own memory
};

/// Memory for cells that grows without touching what is not used yet.
class AvroCells {
public:
    AvroCells() = default;
    ~AvroCells() = default;
    AvroCells(AvroCells&& other) noexcept
        : memory_(std::move(other.memory_)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    AvroCells& operator=(AvroCells&& other) noexcept {
        memory_ = std::move(other.memory_);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        return *this;
    }
    AvroCells(const AvroCells&) = delete;
    AvroCells& operator=(const AvroCells&) = delete;

    AvroCell* data() { return reinterpret_cast<AvroCell*>(memory_.get()); }
    const AvroCell* data() const { return reinterpret_cast<const AvroCell*>(memory_.get()); }
    std::size_t size() const { return size_; }
    std::size_t capacity() const { return capacity_; }
    /// How many of the cells in data() count. REQUIRES: they were written.
    void set_size(std::size_t size) { size_ = size; }
    /// Makes room for `capacity` cells in all and keeps the first `kept`.
    void grow(std::size_t capacity, std::size_t kept);
    AvroCell& push(AvroCell cell) {
        if (size_ == capacity_) {
            grow(size_ + 1, size_);
        }
        return data()[size_++] = cell;
    }

private:
    std::unique_ptr<std::byte[]> memory_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Owns the cells of one datum. clear() keeps the memory for the next one.
class AvroValue {
public:
    AvroValue();
    ~AvroValue();
    AvroValue(AvroValue&&) noexcept;
    AvroValue& operator=(AvroValue&&) noexcept;
    AvroValue(const AvroValue&) = delete;
    AvroValue& operator=(const AvroValue&) = delete;

    /// REQUIRES: something was appended.
    AvroView root() const { return AvroView(cells_.data()); }
    bool empty() const { return cells_.size() == 0; }
    std::size_t cells() const { return cells_.size(); }
    void clear() {
        cells_.set_size(0);
        if (texts_used_) {
            release_texts();
        }
    }

    void append_null() { cells_.push(AvroCell{}); }
    void append_boolean(bool boolean) { append_integer(AvroKind::boolean, boolean ? 1 : 0); }
    /// int32 or int64
    void append_integer(AvroKind kind, std::int64_t integer) { cells_.push({kind, 0, {integer}}); }
    /// float32 or float64
    void append_real(AvroKind kind, double real) { cells_.push({kind, 0, {}}).real = real; }
    void append_text(AvroKind kind, std::string_view text, KeepText keep) {
        const char* const place = keep == KeepText::copied ? keep_text(text) : text.data();
        cells_.push({kind, static_cast<std::uint32_t>(text.size()), {}}).text = place;
    }
    void append_symbol(std::uint32_t index) { cells_.push({AvroKind::enumeration, index, {}}); }
    /// Begins a record, array, map or union; answers what close() takes. For a union `count` is
    /// the branch.
    std::size_t open(AvroKind kind, std::uint32_t count) {
        cells_.push({kind, count, {}});
        return cells_.size() - 1;
    }
    /// Ends it once its parts are appended.
    void close(std::size_t opened) { cells_.data()[opened].extent = cells_.size() - opened; }
    /// The same, with a count that was not known before.
    void close(std::size_t opened, std::uint32_t count) {
        cells_.data()[opened].count = count;
        close(opened);
    }

    /// For those who fill many cells at once, as decoding does.
    AvroCells& raw() { return cells_; }
    const AvroCells& raw() const { return cells_; }
    /// A copy in the value's own memory.
    const char* keep_text(std::string_view text);

private:
    void release_texts();

    struct Texts;
    AvroCells cells_;
    bool texts_used_ = false;
    std::unique_ptr<Texts> texts_;
};

}  // namespace symbolon::client
