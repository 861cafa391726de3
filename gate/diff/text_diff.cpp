#include "gate/diff/text_diff.hpp"

#include "compat/json_text/json_text.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// A stretch of lines, equal in both or replaced.
struct Stretch {
    std::size_t old_begin = 0;
    std::size_t old_end = 0;
    std::size_t new_begin = 0;
    std::size_t new_end = 0;
};

/// Which lines are kept: the shortest edit script by Myers's greedy walk. After d edits, reach[k]
/// is how far one gets in the old lines on the diagonal k = old - new.
class ShortestEdit {
public:
    ShortestEdit(const Lines& before, const Lines& after) : before_(before), after_(after) {}

    /// Pairs of equal lines, in order; nullopt: too many edits.
    std::optional<std::vector<std::pair<std::size_t, std::size_t>>> find() {
        const auto width = static_cast<std::ptrdiff_t>(limits::text_diff_edits_max);
        std::vector<std::int32_t> reach(static_cast<std::size_t>(2 * width + 3));
        const std::ptrdiff_t middle = width + 1;
        for (std::ptrdiff_t edits = 0; edits <= width; ++edits) {
            trace_.emplace_back(reach.begin() + (middle - edits),
                                reach.begin() + (middle + edits + 1));
            for (std::ptrdiff_t diagonal = -edits; diagonal <= edits; diagonal += 2) {
                const bool down = goes_down(reach, middle, diagonal, edits);
                std::int32_t at = down ? reach[index(middle + diagonal + 1)]
                                       : reach[index(middle + diagonal - 1)] + 1;
                at = slide(at, diagonal);
                reach[index(middle + diagonal)] = at;
                if (at >= old_count() && at - diagonal >= new_count()) {
                    return walk_back(edits);
                }
            }
        }
        return std::nullopt;
    }

private:
    static std::size_t index(std::ptrdiff_t at) { return static_cast<std::size_t>(at); }
    std::ptrdiff_t old_count() const { return static_cast<std::ptrdiff_t>(before_.size()); }
    std::ptrdiff_t new_count() const { return static_cast<std::ptrdiff_t>(after_.size()); }

    static bool goes_down(const std::vector<std::int32_t>& reach, std::ptrdiff_t middle,
                          std::ptrdiff_t diagonal, std::ptrdiff_t edits) {
        return diagonal == -edits || (diagonal != edits && reach[index(middle + diagonal - 1)] <
                                                               reach[index(middle + diagonal + 1)]);
    }

    std::int32_t slide(std::int32_t at, std::ptrdiff_t diagonal) const {
        while (at < old_count() && at - diagonal < new_count() && at - diagonal >= 0 &&
               before_[index(at)] == after_[index(at - diagonal)]) {
            ++at;
        }
        return at;
    }

    std::vector<std::pair<std::size_t, std::size_t>> walk_back(std::ptrdiff_t edits) const {
        std::vector<std::pair<std::size_t, std::size_t>> kept;
        std::ptrdiff_t old_at = old_count();
        std::ptrdiff_t new_at = new_count();
        for (; edits >= 0; --edits) {
            std::ptrdiff_t old_from = 0;
            std::ptrdiff_t new_from = 0;
            if (edits > 0) {
                const auto& reach = trace_[index(edits)];
                const std::ptrdiff_t diagonal = old_at - new_at;
                const bool down = goes_down(reach, edits, diagonal, edits);
                const std::ptrdiff_t from = down ? diagonal + 1 : diagonal - 1;
                old_from = reach[index(edits + from)];
                new_from = old_from - from;
            }
            while (old_at > old_from && new_at > new_from) {
                kept.emplace_back(index(--old_at), index(--new_at));
            }
            old_at = old_from;
            new_at = new_from;
        }
        std::reverse(kept.begin(), kept.end());
        return kept;
    }

    const Lines& before_;
    const Lines& after_;
    /// Before the edits with that number: the diagonals -d to d.
    std::vector<std::vector<std::int32_t>> trace_;
};

/// What is replaced, in order; lines between are equal.
std::vector<Stretch> find_edits(const Lines& before, const Lines& after, bool& is_coarse) {
    std::size_t head = 0;
    const std::size_t shorter = std::min(before.size(), after.size());
    while (head < shorter && before[head] == after[head]) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < shorter - head &&
           before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
        ++tail;
    }
    const auto slice = [&](const Lines& lines) {
        return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                     lines.end() - static_cast<std::ptrdiff_t>(tail));
    };
    const Lines old_part = slice(before);
    const Lines new_part = slice(after);
    std::vector<std::pair<std::size_t, std::size_t>> kept;
    if (std::max(old_part.size(), new_part.size()) > limits::text_diff_lines_max) {
        is_coarse = true;
    } else if (auto found = ShortestEdit(old_part, new_part).find()) {
        kept = std::move(*found);
    } else {
        is_coarse = true;
    }
    kept.emplace_back(old_part.size(), new_part.size());
    std::vector<Stretch> edits;
    Stretch edit{head, head, head, head};
    for (const auto& [old_at, new_at] : kept) {
        edit.old_end = head + old_at;
        edit.new_end = head + new_at;
        if (edit.old_begin != edit.old_end || edit.new_begin != edit.new_end) {
            edits.push_back(edit);
        }
        edit.old_begin = head + old_at + 1;
        edit.new_begin = head + new_at + 1;
    }
    return edits;
}

std::string range_of(std::size_t begin, std::size_t end) {
    const std::size_t count = end - begin;
    // A range without lines is placed behind the line before it.
    return count == 1 ? fmt::format("{}", begin + 1)
                      : fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

constexpr std::size_t context_lines = 3;

/// One hunk: the edits from `first` to before `last`, with lines around them.
void append_hunk(std::string& out, const Lines& before, const Lines& after,
                 const std::vector<Stretch>& edits, std::size_t first, std::size_t last) {
    const std::size_t lead = std::min(context_lines, edits[first].old_begin);
    const std::size_t trail = std::min(context_lines, before.size() - edits[last - 1].old_end);
    out += fmt::format("@@ -{} +{} @@\n",
                       range_of(edits[first].old_begin - lead, edits[last - 1].old_end + trail),
                       range_of(edits[first].new_begin - lead, edits[last - 1].new_end + trail));
    const auto add = [&out](char sign, std::string_view line) {
        out += sign;
        out += line;
        out += '\n';
    };
    std::size_t at = edits[first].old_begin - lead;
    for (std::size_t edit = first; edit < last; ++edit) {
        for (; at < edits[edit].old_begin; ++at) {
            add(' ', before[at]);
        }
        for (; at < edits[edit].old_end; ++at) {
            add('-', before[at]);
        }
        for (std::size_t line = edits[edit].new_begin; line < edits[edit].new_end; ++line) {
            add('+', after[line]);
        }
    }
    for (const std::size_t end = at + trail; at < end; ++at) {
        add(' ', before[at]);
    }
}

void append_laid_out(std::string& out, const compat::JsonNode& value, std::size_t depth) {
    const bool is_object = value.kind == compat::JsonKind::object;
    if ((!is_object && value.kind != compat::JsonKind::array) || value.first == nullptr) {
        compat::append_json(out, value, compat::MemberOrder::as_written);
        return;
    }
    out += is_object ? "{\n" : "[\n";
    for (const compat::JsonNode* child = value.first; child != nullptr; child = child->next) {
        // Beyond some depth blanks would be most of the text.
        out.append(2 * std::min<std::size_t>(depth + 1, 40), ' ');
        if (is_object) {
            compat::append_quoted(out, child->key);
            out += ": ";
        }
        append_laid_out(out, *child, depth + 1);
        out += child->next != nullptr ? ",\n" : "\n";
    }
    out.append(2 * std::min<std::size_t>(depth, 40), ' ');
    out += is_object ? '}' : ']';
}

}  // namespace

UnifiedDiff to_unified_diff(std::string_view old_text, std::string_view new_text,
                            const TextNames& names) {
    UnifiedDiff diff;
    const Lines before = lines_of(old_text);
    const Lines after = lines_of(new_text);
    const std::vector<Stretch> edits = find_edits(before, after, diff.is_coarse);
    if (edits.empty()) {
        return diff;
    }
    diff.text = fmt::format("--- {}\n+++ {}\n", names.old_name, names.new_name);
    for (std::size_t first = 0; first < edits.size();) {
        std::size_t last = first + 1;
        while (last < edits.size() &&
               edits[last].old_begin - edits[last - 1].old_end <= 2 * context_lines) {
            ++last;
        }
        append_hunk(diff.text, before, after, edits, first, last);
        first = last;
    }
    return diff;
}

std::string lay_out(SchemaType type, std::string_view text) {
    std::string out(text);
    if (type != SchemaType::protobuf) {
        std::pmr::monotonic_buffer_resource memory;
        compat::JsonReader reader(
            text, memory, memory,
            type == SchemaType::avro ? compat::JsonDialect::avro : compat::JsonDialect::plain);
        if (const compat::JsonNode* root = reader.read()) {
            out.clear();
            append_laid_out(out, *root, 0);
        }
    }
    if (!out.ends_with('\n')) {
        out += '\n';
    }
    return out;
}

}  // namespace symbolon::gate
