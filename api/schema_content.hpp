// What a schema id stands for, and a subject's version that points to it; immutable values.
//
// Units:    ts in milliseconds since 1970
// Threads:  immutable
// Source:   REST contract 4.1
// Tested by tests/unit/api/schema_content_test.cpp
#pragma once

#include "api/data_contract.hpp"
#include "api/subject_name.hpp"
#include "core/ids.hpp"
#include "core/reference.hpp"
#include "core/schema_type.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// The 16 MD5 bytes of a schema's identity (ID-1, ID-3).
struct Guid {
    std::array<unsigned char, 16> bytes{};

    friend auto operator<=>(const Guid&, const Guid&) = default;
};

struct GuidHash {
    std::size_t operator()(const Guid& guid) const noexcept {
        std::size_t hash = 0;  // MD5 bytes are as good as any hash
        std::memcpy(&hash, guid.bytes.data(), sizeof hash);
        return hash;
    }
};

/// 8-4-4-4-12 hexadecimal digits, lower case.
std::string to_text(const Guid& guid);
/// Accepts the same or 32 digits without dashes; nullopt otherwise.
std::optional<Guid> find_guid(std::string_view text);

struct SchemaContent {
    SchemaType type = SchemaType::avro;
    std::string text;  ///< canonical, or normalised where that was asked for
    std::vector<Reference> references;
    std::optional<Metadata> metadata;
    std::optional<RuleSet> rule_set;
    Guid guid;  ///< identity_of the members above
};
using ContentPtr = std::shared_ptr<const SchemaContent>;

Guid identity_of(std::string_view text, const std::vector<Reference>& references,
                 const std::optional<Metadata>& metadata, const std::optional<RuleSet>& rule_set);

/// One version of a subject.
struct SubjectVersion {
    SubjectName subject;
    Version version;
    SchemaId id;
    ContentPtr content;
    std::int64_t ts = 0;
    bool deleted = false;  ///< softly
};

}  // namespace symbolon
