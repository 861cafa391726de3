// Where in a .proto text the place of a finding is.
//
// Example:  ProtoPlaces::read(text)->find("/Outer/choice/field")->line == 7
// Errors:   none: a text that is no .proto, such as a descriptor in base64, has no places
// Units:    lines and columns start at 1; columns count characters
// Threads:  one at a time; the text must outlive it
// Limits:   those of the parser, located_text_bytes_max, locate_steps_max
// Source:   protobuf-compat.md 4, "Paths"
// Tested by tests/unit/compat/proto_places_test.cpp
#pragma once

#include "compat/locate.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

class ProtoPlaces {
public:
    /// nullopt when the text is no .proto text.
    static std::optional<ProtoPlaces> read(std::string_view text);

    /// The statement that the names lead to, or the nearest around it. Also takes the reference's
    /// paths, "#/Outer/3", which say numbers.
    std::optional<TextPlace> find(std::string_view path);

private:
    ProtoPlaces(std::string_view text, ProtoFile file);

    std::size_t characters_before(Place place);

    std::string_view text_;
    ProtoFile file_;
    std::vector<std::size_t> line_starts_{0};
    std::uint64_t steps_ = 0;
};

}  // namespace symbolon::compat::protobuf
