#include "client/codec/avro_value.hpp"

#include <cstring>
#include <memory_resource>

namespace symbolon::client {

/// Texts that were copied; the first piece of memory is kept from datum to datum.
struct AvroValue::Texts {
    static constexpr std::size_t first_bytes = 4'096;
    std::unique_ptr<std::byte[]> first = std::make_unique<std::byte[]>(first_bytes);
    std::pmr::monotonic_buffer_resource memory{first.get(), first_bytes};
};

AvroValue::AvroValue() : texts_(std::make_unique<Texts>()) {}
AvroValue::~AvroValue() = default;
AvroValue::AvroValue(AvroValue&&) noexcept = default;
AvroValue& AvroValue::operator=(AvroValue&&) noexcept = default;

void AvroValue::clear() {
    cells_.clear();
    texts_->memory.release();
}

void AvroValue::append_boolean(bool boolean) {
    cells_.emplace_back().kind = AvroKind::boolean;
    cells_.back().integer = boolean ? 1 : 0;
}

void AvroValue::append_integer(AvroKind kind, std::int64_t integer) {
    cells_.emplace_back().kind = kind;
    cells_.back().integer = integer;
}

void AvroValue::append_real(AvroKind kind, double real) {
    cells_.emplace_back().kind = kind;
    cells_.back().real = real;
}

void AvroValue::append_text(AvroKind kind, std::string_view text, KeepText keep) {
    const char* place = text.data();
    if (keep == KeepText::copied && !text.empty()) {
        auto* const copy = static_cast<char*>(texts_->memory.allocate(text.size(), 1));
        std::memcpy(copy, text.data(), text.size());
        place = copy;
    }
    cells_.emplace_back().kind = kind;
    cells_.back().count = static_cast<std::uint32_t>(text.size());
    cells_.back().text = place;
}

void AvroValue::append_symbol(std::uint32_t index) {
    cells_.emplace_back().kind = AvroKind::enumeration;
    cells_.back().count = index;
}

std::size_t AvroValue::open(AvroKind kind, std::uint32_t count) {
    cells_.emplace_back().kind = kind;
    cells_.back().count = count;
    return cells_.size() - 1;
}

void AvroValue::close(std::size_t opened, std::uint32_t count) {
    cells_[opened].count = count;
    close(opened);
}

}  // namespace symbolon::client
