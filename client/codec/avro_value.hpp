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
#include <vector>

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
    bool empty() const { return cells_.empty(); }
    std::size_t cells() const { return cells_.size(); }
    void clear();

    void append_null() { cells_.push_back(AvroCell{}); }
    void append_boolean(bool boolean);
    void append_integer(AvroKind kind, std::int64_t integer);  ///< int32 or int64
    void append_real(AvroKind kind, double real);              ///< float32 or float64
    void append_text(AvroKind kind, std::string_view text, KeepText keep);
    void append_symbol(std::uint32_t index);
    /// Begins a record, array, map or union; answers what close() takes. For a union `count` is
    /// the branch.
    std::size_t open(AvroKind kind, std::uint32_t count);
    /// Ends it once its parts are appended.
    void close(std::size_t opened) { cells_[opened].extent = cells_.size() - opened; }
    /// The same, with a count that was not known before.
    void close(std::size_t opened, std::uint32_t count);

private:
    struct Texts;
    std::vector<AvroCell> cells_;
    std::unique_ptr<Texts> texts_;
};

}  // namespace symbolon::client
