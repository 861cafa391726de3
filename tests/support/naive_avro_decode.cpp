// Long: the whole second opinion in one place, to be read from top to bottom.
#include "tests/support/naive_avro_decode.hpp"

#include "compat/avro/avro_schema.hpp"
#include "compat/json_text/json_text.hpp"
#include "tests/support/avro_value_json.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace symbolon::tests {

namespace {

using compat::JsonKind;
using compat::JsonNode;
using compat::avro::AvroDefinition;
using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;
using compat::avro::AvroTree;

struct Unreadable {};
struct GaveUp {};

bool contains(const auto& list, const auto& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool same_type_name(const AvroNode& writer, const AvroNode& reader) {
    return writer.definition->name == reader.definition->name ||
           contains(reader.definition->aliases, writer.definition->name);
}

bool same_last_name(const AvroNode& writer, const AvroNode& reader) {
    return writer.definition->name.last == reader.definition->name.last ||
           contains(reader.definition->aliases, writer.definition->name);
}

bool widens_naively(AvroKind writer, AvroKind reader) {
    static const std::set<std::pair<AvroKind, AvroKind>> pairs{
        {AvroKind::int32, AvroKind::int64},   {AvroKind::int32, AvroKind::float32},
        {AvroKind::int32, AvroKind::float64}, {AvroKind::int64, AvroKind::float32},
        {AvroKind::int64, AvroKind::float64}, {AvroKind::float32, AvroKind::float64},
        {AvroKind::string, AvroKind::bytes},  {AvroKind::bytes, AvroKind::string}};
    return pairs.contains({writer, reader});
}

struct Deeper {
    explicit Deeper(std::size_t& depth) : count(depth) {
        if (++count > 300) {
            --count;
            throw GaveUp();
        }
    }
    ~Deeper() { --count; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    Deeper(Deeper&&) = delete;
    Deeper& operator=(Deeper&&) = delete;

    std::size_t& count;
};

class NaiveDecoder {
public:
    NaiveDecoder(const AvroTree& reader, std::string_view bytes, std::size_t steps_max)
        : definitions_(reader.definitions), all_(bytes), bytes_(bytes), steps_max_(steps_max) {}

    std::size_t used() const { return all_.size() - bytes_.size(); }

    Json read(const AvroNode& writer, const AvroNode& reader) {
        const Deeper deeper(depth_);
        step();
        if (writer.kind == AvroKind::union_of) {
            const AvroNode& branch = pick(writer);
            assumed_.clear();
            if (!equal(writer, reader)) {
                return read(branch, reader);
            }
            const auto at = static_cast<std::size_t>(
                std::find(writer.branches.begin(), writer.branches.end(), &branch) -
                writer.branches.begin());
            return wrapped(*reader.branches[at], read(branch, *reader.branches[at]));
        }
        if (reader.kind == AvroKind::union_of && writer.kind != AvroKind::union_of) {
            const AvroNode* const branch = branch_for(writer, reader);
            if (branch == nullptr) {
                throw Unreadable();
            }
            return wrapped(*branch, read(writer, *branch));
        }
        if (is_error(writer, reader)) {
            throw Unreadable();
        }
        return read_alike(writer, reader);
    }

private:
    void step() {
        if (++steps_ > steps_max_) {
            throw GaveUp();
        }
    }

    // --- bytes

    std::string_view take(std::uint64_t size) {
        if (size > bytes_.size()) {
            throw Unreadable();
        }
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    std::int64_t number(int bytes_max) {
        std::uint64_t raw = 0;
        for (int at = 0; at < bytes_max; ++at) {
            const auto byte = static_cast<unsigned char>(take(1)[0]);
            if (at == 9 && byte > 1) {
                throw Unreadable();
            }
            raw |= std::uint64_t{byte & 0x7FU} << (7 * at);
            if (byte < 0x80) {
                const auto half = static_cast<std::int64_t>(raw / 2);
                return raw % 2 == 0 ? half : -1 - half;
            }
        }
        throw Unreadable();
    }
    std::int64_t integer(AvroKind kind) {
        const std::int64_t value = number(kind == AvroKind::int64 ? 10 : 5);
        if (kind != AvroKind::int64 && (value < INT32_MIN || value > INT32_MAX)) {
            throw Unreadable();
        }
        return value;
    }
    std::string_view text() {
        const std::int64_t size = number(10);
        return size < 0 ? throw Unreadable() : take(static_cast<std::uint64_t>(size));
    }
    template <class Real>
    double real() {
        Real value = 0;
        std::memcpy(&value, take(sizeof(Real)).data(), sizeof(Real));
        return static_cast<double>(value);
    }
    const AvroNode& pick(const AvroNode& union_of) {
        const std::int64_t at = number(10);
        if (at < 0 || at >= static_cast<std::int64_t>(union_of.branches.size())) {
            throw Unreadable();
        }
        return *union_of.branches[static_cast<std::size_t>(at)];
    }
    /// Items of the next block, with the bytes that it announced.
    std::pair<std::uint64_t, std::optional<std::uint64_t>> block() {
        const std::int64_t count = number(10);
        if (count >= 0) {
            return {static_cast<std::uint64_t>(count), std::nullopt};
        }
        const std::int64_t size = number(10);
        if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size()) {
            throw Unreadable();
        }
        return {-static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(size)};
    }
    static std::string checked(std::string_view text) {
        if (compat::find_bad_utf8(text) != std::string_view::npos) {
            throw Unreadable();
        }
        return std::string(text);
    }

    // --- values

    static Json wrapped(const AvroNode& branch, Json value) {
        return branch.kind == AvroKind::null ? value : Json{{branch_key(branch), std::move(value)}};
    }

    Json read_alike(const AvroNode& writer, const AvroNode& reader) {
        switch (writer.kind) {
            case AvroKind::null:
                return nullptr;
            case AvroKind::boolean: {
                const char byte = take(1)[0];
                return byte == 0 || byte == 1 ? Json(byte == 1) : throw Unreadable();
            }
            case AvroKind::int32:
            case AvroKind::int64:
                return promoted(integer(writer.kind), reader.kind);
            case AvroKind::float32:
                return to_avro_json(real<float>());
            case AvroKind::float64:
                return to_avro_json(real<double>());
            case AvroKind::bytes:
                if (reader.kind == AvroKind::string) {
                    const std::string_view bytes = text();
                    if (compat::find_bad_utf8(bytes) != std::string_view::npos) {
                        throw GaveUp();  // mended, which the unit tests look at
                    }
                    return std::string(bytes);
                }
                return to_latin1_text(text());
            case AvroKind::string:
                return reader.kind == AvroKind::bytes ? to_latin1_text(text()) : checked(text());
            case AvroKind::fixed:
                return to_latin1_text(take(static_cast<std::uint64_t>(reader.definition->size)));
            case AvroKind::enumeration:
                return read_symbol(writer, reader);
            case AvroKind::record:
                return read_record(writer, reader);
            default:
                return read_items(writer, reader);
        }
    }

    static Json promoted(std::int64_t value, AvroKind reader) {
        return reader == AvroKind::float32   ? Json(static_cast<double>(static_cast<float>(value)))
               : reader == AvroKind::float64 ? Json(static_cast<double>(value))
                                             : Json(value);
    }

    Json read_symbol(const AvroNode& writer, const AvroNode& reader) {
        const std::int64_t at = integer(AvroKind::int32);
        const auto symbols = writer.definition->symbols;
        if (at < 0 || at >= static_cast<std::int64_t>(symbols.size())) {
            throw Unreadable();
        }
        std::string symbol(symbols[static_cast<std::size_t>(at)]);
        if (contains(reader.definition->symbols, symbol)) {
            return symbol;
        }
        return reader.definition->default_symbol
                   ? Json(std::string(*reader.definition->default_symbol))
                   : throw Unreadable();
    }

    Json read_items(const AvroNode& writer, const AvroNode& reader) {
        Json items = writer.kind == AvroKind::array ? Json::array() : Json::object();
        for (auto [count, size] = block(); count > 0; std::tie(count, size) = block()) {
            const std::size_t before = bytes_.size();
            for (std::uint64_t at = 0; at < count; ++at) {
                step();
                if (writer.kind == AvroKind::array) {
                    items.push_back(read(*writer.item, *reader.item));
                } else {
                    const std::string key = checked(text());
                    items[key] = read(*writer.item, *reader.item);
                }
            }
            if (size && before - bytes_.size() != *size) {
                throw Unreadable();
            }
        }
        return items;
    }

    /// What a field of the writer is called once the reader's aliases were applied: those of the
    /// reader's record that has the writer's name, wherever in its schema that is.
    std::string_view aliased(const AvroNode& writer, std::string_view field) const {
        const AvroNode* named = nullptr;
        for (const AvroNode* record : definitions_) {
            const AvroDefinition& known = *record->definition;
            if (contains(known.aliases, writer.definition->name) ||
                (named == nullptr && known.name == writer.definition->name)) {
                named = record;
            }
        }
        if (named != nullptr) {
            for (const AvroField& known : named->definition->fields) {
                if (contains(known.aliases, field)) {
                    return known.name;
                }
            }
        }
        return field;
    }

    const AvroField* reader_field(const AvroNode& writer, const AvroNode& reader,
                                  std::string_view name) const {
        const std::string_view wanted = aliased(writer, name);
        for (const AvroField& field : reader.definition->fields) {
            if (field.name == wanted) {
                return &field;
            }
        }
        return nullptr;
    }

    Json read_record(const AvroNode& writer, const AvroNode& reader) {
        Json record = Json::object();
        for (const AvroField& field : writer.definition->fields) {
            const AvroField* const ours = reader_field(writer, reader, field.name);
            if (ours == nullptr) {
                skip(*field.type);
            } else {
                record[std::string(ours->name)] = read(*field.type, *ours->type);
            }
        }
        for (const AvroField& field : reader.definition->fields) {
            if (!record.contains(std::string(field.name))) {
                record[std::string(field.name)] = from_default(*field.type, *field.default_value);
            }
        }
        return record;
    }

    void skip(const AvroNode& writer) {
        const Deeper deeper(depth_);
        step();
        switch (writer.kind) {
            case AvroKind::null:
                break;
            case AvroKind::boolean:
                take(1);
                break;
            case AvroKind::int32:
            case AvroKind::enumeration:
                integer(AvroKind::int32);
                break;
            case AvroKind::int64:
                number(10);
                break;
            case AvroKind::float32:
                take(4);
                break;
            case AvroKind::float64:
                take(8);
                break;
            case AvroKind::bytes:
            case AvroKind::string:
                text();
                break;
            case AvroKind::fixed:
                take(static_cast<std::uint64_t>(writer.definition->size));
                break;
            case AvroKind::union_of:
                skip(pick(writer));
                break;
            case AvroKind::record:
                for (const AvroField& field : writer.definition->fields) {
                    skip(*field.type);
                }
                break;
            default:
                for (auto [count, size] = block(); count > 0; std::tie(count, size) = block()) {
                    if (size) {
                        take(*size);
                        continue;
                    }
                    for (std::uint64_t at = 0; at < count; ++at) {
                        if (writer.kind == AvroKind::map) {
                            text();
                        }
                        skip(*writer.item);
                    }
                }
        }
    }

    // --- defaults: those that the tests make are numbers, texts, null, [] and {}

    static Json from_default(const AvroNode& type, const JsonNode& value) {
        switch (type.kind) {
            case AvroKind::union_of:
                for (const AvroNode* branch : type.branches) {
                    if (default_fits(branch->kind, value.kind)) {
                        return wrapped(*branch, from_default(*branch, value));
                    }
                }
                throw GaveUp();
            case AvroKind::record: {
                Json record = Json::object();
                for (const AvroField& field : type.definition->fields) {
                    record[std::string(field.name)] =
                        from_default(*field.type, *field.default_value);
                }
                return record;
            }
            case AvroKind::array:
                return Json::array();
            case AvroKind::map:
                return Json::object();
            case AvroKind::null:
                return nullptr;
            case AvroKind::boolean:
                return value.boolean;
            case AvroKind::int32:
            case AvroKind::int64:
                return value.integer;
            case AvroKind::float32:
            case AvroKind::float64:
                return static_cast<double>(value.integer);
            default:
                return std::string(value.text);
        }
    }

    static bool default_fits(AvroKind type, JsonKind value) {
        switch (value) {
            case JsonKind::null:
                return type == AvroKind::null;
            case JsonKind::boolean:
                return type == AvroKind::boolean;
            case JsonKind::array:
                return type == AvroKind::array;
            case JsonKind::object:
                return type == AvroKind::map || type == AvroKind::record;
            case JsonKind::string:
                return type == AvroKind::string || type == AvroKind::bytes ||
                       type == AvroKind::enumeration || type == AvroKind::fixed;
            default:
                return type >= AvroKind::int32 && type <= AvroKind::float64;
        }
    }

    // --- pairs of types

    bool equal(const AvroNode& writer, const AvroNode& reader) {
        step();
        if (writer.kind != reader.kind ||
            (writer.definition != nullptr && !same_last_name(writer, reader))) {
            return false;
        }
        if (writer.kind == AvroKind::record) {
            const auto ours = writer.definition->fields;
            const auto theirs = reader.definition->fields;
            return !assumed_.insert({&writer, &reader}).second ||
                   std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                              [&](const AvroField& one, const AvroField& other) {
                                  return reader_field(writer, reader, one.name) == &other &&
                                         equal(*one.type, *other.type);
                              });
        }
        if (writer.kind == AvroKind::union_of) {
            return std::equal(
                writer.branches.begin(), writer.branches.end(), reader.branches.begin(),
                reader.branches.end(),
                [&](const AvroNode* one, const AvroNode* other) { return equal(*one, *other); });
        }
        if (writer.item != nullptr) {
            return equal(*writer.item, *reader.item);
        }
        return writer.definition == nullptr ||
               (writer.definition->size == reader.definition->size &&
                std::ranges::equal(writer.definition->symbols, reader.definition->symbols));
    }

    /// Whether no value of the writer at all can be read, by what the types themselves are.
    bool is_error(const AvroNode& writer, const AvroNode& reader) {
        step();
        if (writer.kind == AvroKind::union_of) {
            return false;
        }
        if (reader.kind == AvroKind::union_of) {
            return branch_for(writer, reader) == nullptr;
        }
        if (writer.kind != reader.kind) {
            return !widens_naively(writer.kind, reader.kind);
        }
        if (writer.kind == AvroKind::record) {
            return lacks_field(writer, reader);
        }
        return writer.definition != nullptr && (!same_last_name(writer, reader) ||
                                                writer.definition->size != reader.definition->size);
    }

    bool lacks_field(const AvroNode& writer, const AvroNode& reader) const {
        for (const AvroField& field : reader.definition->fields) {
            const bool is_written =
                std::any_of(writer.definition->fields.begin(), writer.definition->fields.end(),
                            [&](const AvroField& ours) {
                                return reader_field(writer, reader, ours.name) == &field;
                            });
            if (!is_written && field.default_value == nullptr) {
                return true;
            }
        }
        return false;
    }

    bool has_error(const AvroNode& writer, const AvroNode& reader) {
        if (!comparing_.insert({&writer, &reader}).second) {
            throw GaveUp();  // depends on itself; what the reference makes of it is an accident
        }
        bool found = lacks_field(writer, reader);
        for (const AvroField& field : writer.definition->fields) {
            const AvroField* const ours = reader_field(writer, reader, field.name);
            found = found || (ours != nullptr && is_error(*field.type, *ours->type));
        }
        comparing_.erase({&writer, &reader});
        return found;
    }

    const AvroNode* branch_for(const AvroNode& writer, const AvroNode& reader) {
        const AvroNode* alike = nullptr;
        for (const AvroNode* branch : reader.branches) {
            if (branch->kind != writer.kind) {
                continue;
            }
            if (writer.definition == nullptr || same_type_name(writer, *branch)) {
                return branch;
            }
            if (writer.kind == AvroKind::record && !has_error(writer, *branch) &&
                (alike == nullptr || same_last_name(writer, *branch))) {
                alike = branch;
            }
        }
        for (const AvroNode* branch : reader.branches) {
            if (alike == nullptr && widens_naively(writer.kind, branch->kind)) {
                alike = branch;
            }
        }
        return alike;
    }

    const std::vector<const AvroNode*>& definitions_;
    std::string_view all_;
    std::string_view bytes_;
    const std::size_t steps_max_;
    std::size_t steps_ = 0;
    std::size_t depth_ = 0;
    std::set<std::pair<const AvroNode*, const AvroNode*>> assumed_;
    std::set<std::pair<const AvroNode*, const AvroNode*>> comparing_;
};

}  // namespace

NaiveReading read_naively(const compat::ParsedSchema& writer, const compat::ParsedSchema& reader,
                          std::string_view bytes, std::size_t steps_max) {
    using compat::avro::AvroSchema;
    const auto& readers = dynamic_cast<const AvroSchema&>(reader).tree();
    NaiveDecoder decoder(readers, bytes, steps_max);
    NaiveReading reading;
    try {
        reading.value =
            decoder.read(*dynamic_cast<const AvroSchema&>(writer).tree().root, *readers.root);
        reading.used = decoder.used();
    } catch (const Unreadable&) {
        reading.value.reset();
    } catch (const GaveUp&) {
        reading.gave_up = true;
    }
    return reading;
}

}  // namespace symbolon::tests
