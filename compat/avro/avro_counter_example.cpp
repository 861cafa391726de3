// Builds a value of the writer's type along the place of a finding, and reads it to be sure.
#include "compat/avro/avro_datum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <span>
#include <utility>

namespace symbolon::compat::avro {

namespace {

/// The way from the root of a schema to a place in it.
struct Way {
    std::vector<std::size_t> numbers;  ///< of fields and branches; 0 for items and values
    const AvroNode* end = nullptr;
    const AvroField* field = nullptr;  ///< the place is this field of `end` itself
};

std::string_view take_token(std::string_view& pointer) {
    pointer.remove_prefix(1);  // the slash
    const std::size_t end = pointer.find('/');
    const std::string_view token = pointer.substr(0, end);
    pointer.remove_prefix(token.size());
    return token;
}

std::optional<std::size_t> to_number(std::string_view token, std::size_t bound) {
    std::size_t number = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), number);
    return read.ec == std::errc() && number < bound ? std::optional(number) : std::nullopt;
}

// One step from `way.end`; false at a last word such as "symbols", or where there is no such step.
bool take_step(Way& way, std::string_view token, std::string_view& rest) {
    const AvroNode& node = *way.end;
    std::optional<std::size_t> number;
    if (node.kind == AvroKind::union_of) {
        number = to_number(token, node.branches.size());
        way.end = number ? node.branches[*number] : way.end;
    } else if (node.item != nullptr) {
        number = 0;
        way.end = node.item;
    } else if (node.kind == AvroKind::record && token == "fields" && !rest.empty()) {
        number = to_number(take_token(rest), node.definition->fields.size());
        if (!number) {
            return false;
        }
        const AvroField& field = node.definition->fields[*number];
        if (rest.empty()) {
            way.field = &field;
            return false;
        }
        take_token(rest);  // "type"
        way.end = field.type;
    }
    if (number) {
        way.numbers.push_back(*number);
    }
    return number.has_value();
}

Way follow_pointer(const AvroNode& root, std::string_view pointer) {
    Way way;
    way.end = &root;
    while (pointer.size() > 1) {
        const std::string_view token = take_token(pointer);
        if (!take_step(way, token, pointer)) {
            break;
        }
    }
    return way;
}

class RefusedDatum {
public:
    explicit RefusedDatum(DatumMaker& maker) : maker_(maker) {}

    // A value of `writer` that `reader` refuses; each pair of types is tried once.
    std::optional<AvroDatum> find(const AvroNode& reader, const AvroNode& writer,
                                  std::size_t depth = 0) {
        constexpr std::size_t depth_max = 100;
        constexpr std::size_t pairs_max = 2'000;
        if (depth > depth_max || tried_.size() > pairs_max ||
            !tried_.emplace(&reader, &writer).second) {
            return std::nullopt;
        }
        if (writer.kind == AvroKind::enumeration && reader.kind == AvroKind::enumeration) {
            return find_symbol(reader, writer);
        }
        auto datum = maker_.smallest(writer);
        if (datum && is_refused(reader, *datum)) {
            return datum;
        }
        if (writer.kind == AvroKind::union_of) {
            return find_branch(reader, writer, depth);
        }
        if (reader.kind == AvroKind::union_of) {
            for (const AvroNode* branch : reader.branches) {
                auto refused = find(*branch, writer, depth + 1);
                if (refused && is_refused(reader, *refused)) {
                    return refused;
                }
            }
            return std::nullopt;
        }
        return reader.kind == writer.kind ? find_inside(reader, writer, depth) : std::nullopt;
    }

private:
    // All attempts together take no more steps than one reading may.
    bool is_refused(const AvroNode& reader, const AvroDatum& datum) {
        const DatumReading reading = read_datum(reader, datum, steps_left_);
        steps_left_ -= std::min(steps_left_, reading.steps);
        return reading.refused();
    }

    static std::optional<AvroDatum> find_symbol(const AvroNode& reader, const AvroNode& writer) {
        for (const std::string_view symbol : writer.definition->symbols) {
            AvroDatum datum{&writer, std::string(symbol)};
            const auto known = reader.definition->symbols;
            if (std::find(known.begin(), known.end(), symbol) == known.end() ||
                reader.definition->name.last != writer.definition->name.last) {
                return datum;
            }
        }
        return std::nullopt;
    }

    std::optional<AvroDatum> find_branch(const AvroNode& reader, const AvroNode& writer,
                                         std::size_t depth) {
        for (std::size_t at = 0; at < writer.branches.size(); ++at) {
            if (auto inner = find(reader, *writer.branches[at], depth + 1)) {
                return AvroDatum{&writer, "", at, {*std::move(inner)}};
            }
        }
        return std::nullopt;
    }

    std::optional<AvroDatum> find_inside(const AvroNode& reader, const AvroNode& writer,
                                         std::size_t depth) {
        if (writer.item != nullptr) {
            auto inner = find(*reader.item, *writer.item, depth + 1);
            return inner ? std::optional(AvroDatum{&writer, "", 0, {*std::move(inner)}})
                         : std::nullopt;
        }
        if (writer.kind != AvroKind::record) {
            return std::nullopt;
        }
        for (const AvroField& field : reader.definition->fields) {
            const auto at = find_field(*writer.definition, field.name, 0);
            auto inner = at ? find(*field.type, *writer.definition->fields[*at].type, depth + 1)
                            : std::nullopt;
            auto datum = inner ? maker_.smallest(writer) : std::nullopt;
            if (datum) {
                datum->parts[*at] = *std::move(inner);
                return datum;
            }
        }
        return std::nullopt;
    }

    DatumMaker& maker_;
    std::size_t steps_left_ = limits::datum_steps_max;
    std::set<std::pair<const AvroNode*, const AvroNode*>> tried_;
};

// Puts `end` where the way leads, and small values beside it.
std::optional<AvroDatum> put_at_end(const AvroNode& type, std::span<const std::size_t> numbers,
                                    AvroDatum end, DatumMaker& maker) {
    if (numbers.empty()) {
        return end;
    }
    const std::size_t number = numbers.front();
    const bool is_record = type.kind == AvroKind::record;
    const AvroNode& below = is_record ? *type.definition->fields[number].type
                            : type.kind == AvroKind::union_of ? *type.branches[number]
                                                              : *type.item;
    auto inner = put_at_end(below, numbers.subspan(1), std::move(end), maker);
    if (!inner) {
        return std::nullopt;
    }
    if (!is_record) {
        return AvroDatum{&type, "", number, {*std::move(inner)}};
    }
    AvroDatum datum{&type};
    for (std::size_t at = 0; at < type.definition->fields.size(); ++at) {
        if (at == number) {
            datum.parts.emplace_back();  // `inner` goes there
            continue;
        }
        auto part = maker.smallest(*type.definition->fields[at].type);
        if (!part) {
            return std::nullopt;
        }
        datum.parts.push_back(*std::move(part));
    }
    datum.parts[number] = *std::move(inner);
    return datum;
}

// Of all that keeps the value from being read, what the finding is about.
const DatumProblem& most_telling(const DatumReading& reading, const Finding& finding,
                                 const Way& way) {
    const void* about = way.field != nullptr ? static_cast<const void*>(way.field)
                                             : static_cast<const void*>(way.end);
    const auto score = [&](const DatumProblem& problem) {
        return (problem.about == about ? 2 : 0) + (problem.kind == finding.kind ? 1 : 0);
    };
    return *std::max_element(
        reading.problems.begin(), reading.problems.end(),
        [&](const auto& left, const auto& right) { return score(left) < score(right); });
}

}  // namespace

std::optional<CounterExample> AvroSchema::find_counter_example(const Finding& finding,
                                                               const ParsedSchema& writer) const {
    const auto* written = dynamic_cast<const AvroSchema*>(&writer);
    constexpr std::uint32_t nodes_max = 100'000;
    constexpr std::size_t way_max = 200;
    if (written == nullptr || finding.reader_path.empty() || finding.writer_path.empty() ||
        written->tree().node_count > nodes_max) {
        return std::nullopt;
    }
    const Way ours = follow_pointer(*tree_->root, finding.reader_path);
    const Way theirs = follow_pointer(*written->tree().root, finding.writer_path);
    if (theirs.numbers.size() > way_max) {
        return std::nullopt;
    }
    DatumMaker maker(written->tree());
    auto end = RefusedDatum(maker).find(*ours.end, *theirs.end);
    if (!end) {
        return std::nullopt;
    }
    const auto datum = put_at_end(*written->tree().root, theirs.numbers, *std::move(end), maker);
    const DatumReading reading = datum ? read_datum(*tree_->root, *datum) : DatumReading();
    if (!reading.refused()) {
        return std::nullopt;
    }
    const DatumProblem& problem = most_telling(reading, finding, ours);
    return CounterExample{to_json_text(*datum),
                          fmt::format("At {}: {}", problem.place, problem.what)};
}

}  // namespace symbolon::compat::avro
