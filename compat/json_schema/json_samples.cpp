#include "compat/json_schema/json_samples.hpp"

#include "compat/json_schema/json_pattern_text.hpp"
#include "compat/json_text/json_numbers.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symbolon::compat::json {

namespace {

constexpr std::size_t samples_of_part_max = 12;
constexpr std::size_t names_max = 200;

std::string in_quotes(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

}  // namespace

bool Sampler::Collector::is_full() const {
    return texts.size() >= most || sampler.steps_ > limits::sample_steps_max;
}

void Sampler::Collector::add(std::string text) {
    sampler.steps_ += 1 + text.size() / 16;
    if (is_full() || text.size() > limits::made_text_bytes_max || !seen.insert(text).second) {
        return;
    }
    std::pmr::monotonic_buffer_resource memory;
    const JsonNode* value = JsonReader(text, memory, memory, JsonDialect::plain).read();
    if (value != nullptr && (writer == nullptr || sampler.takes(*writer, *value))) {
        texts.push_back(std::move(text));
    }
}

void Sampler::Collector::add(double number) {
    if (std::isfinite(number)) {
        add(fmt::format("{}", number));
    }
}

std::string to_json_text(const Properties& properties) {
    std::string text = "{";
    for (const auto& [name, value] : properties) {
        text += (text.size() == 1 ? "" : ",") + in_quotes(name) + ":" + value;
    }
    return text + "}";
}

std::string to_json_text(const Texts& items) {
    std::string text = "[";
    for (const std::string& item : items) {
        text += (text.size() == 1 ? "" : ",") + item;
    }
    return text + "]";
}

// References and combined schemas are taken apart: what is left constrains one class of data.
Sampler::Models Sampler::atoms_of(const Model* model) const {
    Models out;
    if (model != nullptr) {
        add_atoms(out, *model, 0);
    }
    return out;
}

void Sampler::add_atoms(Models& out, const Model& model, int depth) const {
    constexpr std::size_t atoms_max = 64;
    constexpr int depth_max = 12;
    if (out.size() >= atoms_max || depth > depth_max) {
        return;
    }
    if (model.inner != nullptr) {
        add_atoms(out, *model.inner, depth + 1);
    } else if (model.kind == ModelKind::combined) {
        for (const Model* member : model.members) {
            add_atoms(out, *member, depth + 1);
        }
    } else {
        out.push_back(&model);
    }
}

Texts Sampler::samples(const Sides& sides, std::size_t most, int depth) {
    Collector out{*this, sides.writer, most};
    if (depth > limits::sample_depth_max || out.is_full()) {
        return {};
    }
    // The reader's edges first: what is just beyond them says most.
    Models models = atoms_of(sides.reader);
    const Models taken = atoms_of(sides.writer);
    models.insert(models.end(), taken.begin(), taken.end());
    steps_ += models.size();
    add_plain(out, models);
    add_objects(out, sides, depth);
    add_arrays(out, sides, depth);
    return std::move(out.texts);
}

void Sampler::add_plain(Collector& out, const Models& models) {
    for (const Model* model : models) {
        if (model->kind == ModelKind::constant) {
            std::string text;
            append_json(text, *model->value, MemberOrder::as_written);
            out.add(std::move(text));
        } else if (model->kind == ModelKind::enumeration) {
            for (const JsonNode* one = model->value->first; one != nullptr; one = one->next) {
                std::string text;
                append_json(text, *one, MemberOrder::as_written);
                out.add(std::move(text));
            }
        } else if (model->number != nullptr) {
            add_numbers(out, *model->number);
        } else if (model->string != nullptr) {
            add_strings(out, *model->string);
        }
    }
    for (const std::string_view text :
         {"0", "\"a\"", "true", "null", "1.5", "-1", "{}", "[]", "\"\"", "false", "7",
          "\"2020-01-01\"", "[null]", R"({"a":null})"}) {
        out.add(std::string(text));
    }
}

void Sampler::add_numbers(Collector& out, const NumberPart& part) {
    for (const auto& limit :
         {part.minimum, part.maximum, part.exclusive_minimum, part.exclusive_maximum}) {
        if (limit) {
            for (const double near : {0.0, -1.0, 1.0, -0.5, 0.5, -0.01, 0.01, -10.0, 10.0}) {
                out.add(*limit + near);
            }
        }
    }
    if (part.multiple_of != nullptr) {
        const double factor = part.multiple_of->real != 0 ? part.multiple_of->real
                                                          : parse_real(part.multiple_of->text);
        out.add(std::string(part.multiple_of->text));
        for (const double times : {2.0, 3.0, 5.0, 7.0, 0.5, -1.0}) {
            out.add(factor * times);
        }
        // The next multiple of it beyond the limits.
        for (const auto& limit : {part.minimum, part.exclusive_minimum}) {
            if (limit && factor != 0) {
                out.add((std::floor(*limit / factor) + 1) * factor);
            }
        }
    }
}

void Sampler::add_strings(Collector& out, const StringPart& part) {
    Texts patterned;
    if (part.pattern) {
        patterned = texts_for_pattern(*part.pattern);
    }
    for (const std::string& text : patterned) {
        out.add(in_quotes(text));
    }
    for (const Bound32& bound : {part.min_length, part.max_length}) {
        for (const std::int64_t near : {0, 1, -1}) {
            const std::int64_t length = bound ? *bound + near : -1;
            if (length < 0 || length > static_cast<std::int64_t>(limits::made_text_bytes_max)) {
                continue;
            }
            const auto size = static_cast<std::size_t>(length);
            out.add(in_quotes(std::string(size, 'a')));
            out.add(in_quotes(std::string(size, '0')));
            for (std::string text : patterned) {
                if (!text.empty()) {
                    text.resize(size, text.back());
                    out.add(in_quotes(text));
                }
            }
        }
    }
    for (const std::string_view text : {"A", "0", "a-b", "Ab1", "abc", "123"}) {
        out.add(in_quotes(text));
    }
}

std::set<std::string> Sampler::names_of(const Models& models) const {
    std::set<std::string> names;
    const auto add = [&names](std::string_view name) {
        if (names.size() < names_max) {
            names.emplace(name);
        }
    };
    for (const Model* model : models) {
        if (model->object == nullptr) {
            continue;
        }
        const ObjectPart& part = *model->object;
        std::for_each(part.required.begin(), part.required.end(), add);
        for (const NamedModel& entry : part.properties) {
            add(entry.name);
        }
        for (const NameList& list : part.property_dependencies) {
            add(list.name);
            std::for_each(list.names.begin(), list.names.end(), add);
        }
        for (const NamedModel& entry : part.schema_dependencies) {
            add(entry.name);
        }
        for (const NamedModel& entry : part.patterns) {
            for (const std::string& name : texts_for_pattern(entry.name)) {
                add(name);
            }
        }
    }
    return names;
}

const Model* Sampler::property_in(const Model* model, std::string_view name) {
    const Models atoms = atoms_of(model);
    const Model* other = nullptr;
    for (const Model* atom : atoms) {
        if (atom->object == nullptr) {
            continue;
        }
        steps_ += 1 + atom->object->properties.size() / 8;
        for (const NamedModel& entry : atom->object->properties) {
            if (entry.name == name) {
                return entry.model;
            }
        }
        for (const NamedModel& entry : atom->object->patterns) {
            if (other == nullptr && matches(entry.name, name)) {
                other = entry.model;
            }
        }
        const Model* last = atom->object->additional.schema != nullptr
                                ? atom->object->additional.schema
                                : atom->object->unevaluated;
        other = other != nullptr ? other : last;
    }
    return other;
}

const Model* Sampler::item_in(const Model* model, std::size_t position) const {
    const Model* other = nullptr;
    for (const Model* atom : atoms_of(model)) {
        if (atom->array == nullptr) {
            continue;
        }
        const ArrayPart& part = *atom->array;
        if (position < part.list.size()) {
            return part.list[position];
        }
        other = other != nullptr                    ? other
                : part.items != nullptr             ? part.items
                : part.additional.schema != nullptr ? part.additional.schema
                                                    : part.unevaluated;
    }
    return other;
}

Sides Sampler::property_of(const Sides& sides, std::string_view name) {
    return {property_in(sides.writer, name), property_in(sides.reader, name)};
}

Sides Sampler::item_of(const Sides& sides, std::size_t position) {
    return {item_in(sides.writer, position), item_in(sides.reader, position)};
}

std::string Sampler::other_name(const Sides& sides) {
    Models models = atoms_of(sides.writer);
    const Models edges = atoms_of(sides.reader);
    models.insert(models.end(), edges.begin(), edges.end());
    const std::set<std::string> names = names_of(models);
    std::string name = "other";
    while (names.count(name) != 0) {
        name += '_';
    }
    return name;
}

}  // namespace symbolon::compat::json
