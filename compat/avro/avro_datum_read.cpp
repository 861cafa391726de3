#include "compat/avro/avro_datum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace symbolon::compat::avro {

namespace {

struct Widening {
    AvroKind written;
    AvroKind read;
};
constexpr std::array widenings{
    Widening{AvroKind::int32, AvroKind::int64},   Widening{AvroKind::int32, AvroKind::float32},
    Widening{AvroKind::int32, AvroKind::float64}, Widening{AvroKind::int64, AvroKind::float32},
    Widening{AvroKind::int64, AvroKind::float64}, Widening{AvroKind::float32, AvroKind::float64},
    Widening{AvroKind::string, AvroKind::bytes},  Widening{AvroKind::bytes, AvroKind::string},
};

bool can_widen(AvroKind written, AvroKind read) {
    return std::any_of(widenings.begin(), widenings.end(), [&](const Widening& widening) {
        return widening.written == written && widening.read == read;
    });
}

std::string with_article(std::string_view word) {
    const bool vowel = std::string_view("aeiou").find(word.front()) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", word);
}

std::string what_is(const AvroNode& type) {
    return type.definition != nullptr
               ? fmt::format("{} \"{}\"", to_string(type.kind), to_string(type.definition->name))
               : std::string(to_string(type.kind));
}

// How the value looks, if that is short.
std::string shown(const AvroDatum& datum) {
    constexpr std::size_t bytes_max = 40;
    const bool is_text =
        is_primitive(datum.type->kind) || datum.type->kind == AvroKind::enumeration;
    std::string text = is_text ? to_json_text(datum) : "this";
    return text.size() > bytes_max ? "this" : text;
}

class DatumReader {
public:
    DatumReader(DatumReading& out, std::size_t steps_max) : out_(out), steps_max_(steps_max) {}

    // Depth: that of the datum, which is bounded where it is made.
    void read(const AvroNode& reader, const AvroDatum& datum, const std::string& place) {
        if (++out_.steps > steps_max_) {
            out_.gave_up = true;
        }
        if (out_.gave_up) {
            return;
        }
        const AvroNode& written = *datum.type;
        if (written.kind == AvroKind::union_of) {
            const AvroDatum& inner = datum.parts[0];
            const bool is_null = inner.type->kind == AvroKind::null;
            read(reader, inner, is_null ? place : place + "/" + branch_name(*inner.type));
        } else if (reader.kind == AvroKind::union_of) {
            read_with_branches(reader, datum, place);
        } else if (reader.kind != written.kind) {
            if (!can_widen(written.kind, reader.kind)) {
                add(FindingKind::type_mismatch, &reader, place,
                    fmt::format("{} was written as {}, and the reader takes {}.", shown(datum),
                                with_article(what_is(written)), with_article(what_is(reader))));
            }
        } else {
            read_same_kind(reader, datum, place);
        }
    }

private:
    void add(FindingKind kind, const void* about, const std::string& place, std::string what) {
        constexpr std::size_t problems_max = 200;
        if (out_.problems.size() < problems_max) {
            out_.problems.push_back({kind, about, place.empty() ? "/" : place, std::move(what)});
        }
    }

    void read_with_branches(const AvroNode& reader, const AvroDatum& datum,
                            const std::string& place) {
        const std::size_t before = out_.problems.size();
        std::vector<DatumProblem> inner;
        for (const AvroNode* branch : reader.branches) {
            read(*branch, datum, place);
            if (out_.problems.size() == before) {
                return;
            }
            // What keeps the branch of the same kind from reading it is worth telling.
            if (branch->kind == datum.type->kind) {
                inner.assign(out_.problems.begin() + static_cast<std::ptrdiff_t>(before),
                             out_.problems.end());
            }
            out_.problems.resize(before);
        }
        std::string why = inner.empty() ? "" : inner.front().what;
        if (!inner.empty() && inner.front().place != (place.empty() ? "/" : place)) {
            why = fmt::format("at {}: {}", inner.front().place, why);
        }
        add(FindingKind::missing_union_branch, &reader, place,
            inner.empty() ? fmt::format("no branch of the reader's union takes {}.",
                                        with_article(what_is(*datum.type)))
                          : "no branch of the reader's union reads this: " + why);
        out_.problems.insert(out_.problems.end(), inner.begin(), inner.end());
    }

    bool read_name(const AvroNode& reader, const AvroNode& written, const std::string& place) {
        const AvroDefinition& ours = *reader.definition;
        const AvroDefinition& theirs = *written.definition;
        if (ours.name.last == theirs.name.last ||
            std::find(ours.aliases.begin(), ours.aliases.end(), theirs.name) !=
                ours.aliases.end()) {
            return true;
        }
        add(FindingKind::name_mismatch, &reader, place,
            fmt::format("this was written as {}, and the reader's is called \"{}\".",
                        what_is(written), to_string(ours.name)));
        return false;
    }

    void read_same_kind(const AvroNode& reader, const AvroDatum& datum, const std::string& place) {
        switch (reader.kind) {
            case AvroKind::array:
            case AvroKind::map:
                for (std::size_t at = 0; at < datum.parts.size(); ++at) {
                    read(
                        *reader.item, datum.parts[at],
                        fmt::format("{}/{}{}", place, reader.kind == AvroKind::map ? "k" : "", at));
                }
                break;
            case AvroKind::fixed:
                read_name(reader, *datum.type, place);
                if (reader.definition->size != datum.type->definition->size) {
                    add(FindingKind::fixed_size_mismatch, &reader, place,
                        fmt::format("{} bytes were written, and the reader's \"{}\" has {}.",
                                    datum.type->definition->size,
                                    to_string(reader.definition->name), reader.definition->size));
                }
                break;
            case AvroKind::enumeration:
                read_name(reader, *datum.type, place);
                read_symbol(reader, datum, place);
                break;
            case AvroKind::record:
                read_name(reader, *datum.type, place);
                read_fields(reader, datum, place);
                break;
            default:
                break;
        }
    }

    void read_symbol(const AvroNode& reader, const AvroDatum& datum, const std::string& place) {
        const auto symbols = reader.definition->symbols;
        if (!reader.definition->default_symbol &&
            std::find(symbols.begin(), symbols.end(), datum.text) == symbols.end()) {
            add(FindingKind::missing_enum_symbols, &reader, place,
                fmt::format("the reader's enum \"{}\" has no symbol \"{}\" and no default.",
                            to_string(reader.definition->name), datum.text));
        }
    }

    static std::optional<std::size_t> find_written(const AvroField& field,
                                                   const AvroDefinition& written) {
        for (std::size_t at = 0; at < written.fields.size(); ++at) {
            const std::string_view name = written.fields[at].name;
            if (name == field.name || std::find(field.aliases.begin(), field.aliases.end(), name) !=
                                          field.aliases.end()) {
                return at;
            }
        }
        return std::nullopt;
    }

    void read_fields(const AvroNode& reader, const AvroDatum& datum, const std::string& place) {
        const AvroDefinition& written = *datum.type->definition;
        for (const AvroField& field : reader.definition->fields) {
            out_.steps += written.fields.size() / 8;
            const auto found = find_written(field, written);
            if (found) {
                read(*field.type, datum.parts[*found],
                     fmt::format("{}/{}", place, written.fields[*found].name));
            } else if (field.default_value == nullptr) {
                add(FindingKind::reader_field_missing_default_value, &field, place,
                    fmt::format("the reader's field \"{}\" was not written and has no default.",
                                field.name));
            }
        }
    }

    DatumReading& out_;
    const std::size_t steps_max_;
};

}  // namespace

DatumReading read_datum(const AvroNode& reader, const AvroDatum& datum, std::size_t steps_max) {
    DatumReading reading;
    DatumReader(reading, steps_max).read(reader, datum, "");
    return reading;
}

}  // namespace symbolon::compat::avro
