// Where a pair check stands, and the texts of the places at which it found something.
//
// Example:  places.push({Step::field_type, 2, 1}); const Place place = places.here(Leaf::name, 0);
//           places.text(place, Side::writer) == "/fields/1/type/name"
// Threads:  one at a time
// Source:   avro-compat.md, "The check" 5
// Tested by tests/unit/compat/avro_check_test.cpp
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace symbolon::compat::avro {

/// A step from a type to one inside it: on both sides, or into a union's branch on one of them.
enum class Step : std::uint8_t { field_type, items, values, writer_branch, reader_branch };
/// The last word of a place, where a finding is about part of a type.
enum class Leaf : std::uint8_t { none, name, size, symbols, field, branch };
/// A place as the reference prints it, or as it is in one of the schemas.
enum class Side : std::uint8_t { reference, reader, writer };
/// The number of a field on a side that takes no such step.
inline constexpr std::size_t no_step = std::numeric_limits<std::uint32_t>::max();

/// One step down: which, and the numbers of the field or branch on either side.
struct Move {
    Step step;
    std::size_t number;
    std::size_t writer_number;
};

struct Place {
    std::uint32_t path;
    std::uint32_t hidden;  ///< steps at the begin that the reference does not print
    std::uint32_t number;  ///< of the field or branch that the leaf is
    Leaf leaf;
};

class AvroPlaces {
public:
    [[gnu::noinline]] void push(Move move) {
        stack_.push_back({static_cast<std::uint32_t>(move.number),
                          static_cast<std::uint32_t>(move.writer_number), 0, move.step});
    }
    void pop() { stack_.pop_back(); }

    /// Pushes, and hides all steps so far from the reference's texts; answers what was hidden
    /// before.
    std::size_t push_hidden(Move move) {
        const std::size_t before = hidden_;
        push(move);
        hidden_ = stack_.size();
        return before;
    }
    void pop_hidden(std::size_t before) {
        hidden_ = before;
        pop();
    }

    [[gnu::noinline]] Place here(Leaf leaf, std::size_t number) {
        return {current_path(), static_cast<std::uint32_t>(hidden_),
                static_cast<std::uint32_t>(number), leaf};
    }

    /// A JSON Pointer; "/" for the whole schema.
    std::string text(const Place& place, Side side) const {
        std::vector<const Node*> nodes;
        for (std::uint32_t path = place.path; path != 0; path = nodes_[path - 1].parent) {
            nodes.push_back(&nodes_[path - 1]);
        }
        const std::size_t hidden = side == Side::reference ? place.hidden : 0;
        std::string text;
        for (std::size_t at = nodes.size(); at > 0; --at) {
            if (nodes.size() - at >= hidden) {
                append_step(text, *nodes[at - 1], side);
            }
        }
        append_leaf(text, place, side);
        return text.empty() ? "/" : text;
    }

private:
    struct Node {
        std::uint32_t parent;
        std::uint32_t number;         ///< in the reader; of a writer's branch, in the writer
        std::uint32_t writer_number;  ///< of a field in the writer, or no_step
        Step step;
    };
    struct Stacked {
        std::uint32_t number;
        std::uint32_t writer_number;
        std::uint32_t path;  ///< its Node, 0 while nobody needed it
        Step step;
    };

    // The number of the current place; 0 is the root.
    std::uint32_t current_path() {
        std::uint32_t parent = 0;
        for (Stacked& step : stack_) {
            if (step.path == 0) {
                nodes_.push_back({parent, step.number, step.writer_number, step.step});
                step.path = static_cast<std::uint32_t>(nodes_.size());
            }
            parent = step.path;
        }
        return parent;
    }

    static void append_step(std::string& text, const Node& node, Side side) {
        const std::uint32_t number = side == Side::writer ? node.writer_number : node.number;
        switch (node.step) {
            case Step::field_type:
                text += number == no_step ? "" : fmt::format("/fields/{}/type", number);
                break;
            case Step::items:
                text += "/items";
                break;
            case Step::values:
                text += "/values";
                break;
            case Step::writer_branch:
                text += side == Side::reader ? "" : fmt::format("/{}", number);
                break;
            case Step::reader_branch:
                text += side == Side::reader ? fmt::format("/{}", number) : "";
                break;
        }
    }

    static void append_leaf(std::string& text, const Place& place, Side side) {
        switch (place.leaf) {
            case Leaf::none:
                break;
            case Leaf::name:
                text += "/name";
                break;
            case Leaf::size:
                text += "/size";
                break;
            case Leaf::symbols:
                text += "/symbols";
                break;
            case Leaf::field:  // the writer has no such field
                text += side == Side::writer ? "" : fmt::format("/fields/{}", place.number);
                break;
            case Leaf::branch:  // the reader has no such branch
                text += side == Side::reader ? "" : fmt::format("/{}", place.number);
                break;
        }
    }

    std::vector<Stacked> stack_;
    std::size_t hidden_ = 0;  ///< steps outside the innermost probe
    std::vector<Node> nodes_;
};

}  // namespace symbolon::compat::avro
