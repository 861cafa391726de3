#include "client/codec/avro_value.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <cstring>
#include <memory_resource>

namespace symbolon::client {

void AvroCells::grow(std::size_t capacity, std::size_t kept) {
    constexpr std::size_t first_cells = 64;
    // Doubling stops at the bound, which those who fill the cells keep.
    const std::size_t doubled = std::min(2 * capacity_, limits::datum_cells_max);
    const std::size_t wanted = std::max({capacity, doubled, first_cells});
    auto larger = std::make_unique_for_overwrite<std::byte[]>(wanted * sizeof(AvroCell));
    if (kept > 0) {
        std::memcpy(larger.get(), memory_.get(), kept * sizeof(AvroCell));
    }
    memory_ = std::move(larger);
    capacity_ = wanted;
}

/// Texts that were copied; the first piece of memory is kept from datum to datum.
struct AvroValue::Texts {
    static constexpr std::size_t first_bytes = 4'096;
    std::unique_ptr<std::byte[]> first = std::make_unique_for_overwrite<std::byte[]>(first_bytes);
    std::pmr::monotonic_buffer_resource memory{first.get(), first_bytes};
};

AvroValue::AvroValue() = default;
AvroValue::~AvroValue() = default;
AvroValue::AvroValue(AvroValue&&) noexcept = default;
AvroValue& AvroValue::operator=(AvroValue&&) noexcept = default;

const char* AvroValue::keep_text(std::string_view text) {
    if (text.empty()) {
        return nullptr;
    }
    if (!texts_) {
        texts_ = std::make_unique<Texts>();
    }
    texts_used_ = true;
    auto* const copy = static_cast<char*>(texts_->memory.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return copy;
}

void AvroValue::release_texts() {
    texts_->memory.release();
    texts_used_ = false;
}

}  // namespace symbolon::client
