#include "compat/json_schema/json_samples.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <initializer_list>

namespace symbolon::compat::json {

namespace {

constexpr std::size_t shapes_max = 8;

}  // namespace

// What the shape's objects must have, with the simplest values.
Properties Sampler::base_object(const Models& shape, const Sides& sides, int depth) {
    Properties made;
    const auto add = [&](std::string_view name) {
        if (made.count(std::string(name)) != 0) {
            return;
        }
        Texts values = samples({property_of(sides, name).writer, nullptr}, 1, depth + 1);
        if (!values.empty()) {
            made.emplace(name, std::move(values.front()));
        }
    };
    for (const Model* model : shape) {
        const ObjectPart& part = *model->object;
        std::for_each(part.required.begin(), part.required.end(), add);
        for (const NameList& list : part.property_dependencies) {
            if (made.count(std::string(list.name)) != 0) {
                std::for_each(list.names.begin(), list.names.end(), add);
            }
        }
        for (const NamedModel& entry : part.properties) {
            if (made.size() < static_cast<std::size_t>(part.min_properties.value_or(0))) {
                add(entry.name);
            }
        }
        constexpr std::int32_t fill_max = 100;
        for (auto at = static_cast<std::int32_t>(made.size());
             at < std::min(part.min_properties.value_or(0), fill_max); ++at) {
            add("other" + std::to_string(at));
        }
    }
    return made;
}

void Sampler::add_objects(Collector& out, const Sides& sides, int depth) {
    Models writers = atoms_of(sides.writer);
    std::erase_if(writers, [](const Model* model) { return model->object == nullptr; });
    std::vector<Models> shapes;
    for (const Model* writer : writers) {
        if (shapes.size() < shapes_max) {
            shapes.push_back({writer});
        }
    }
    if (writers.size() != 1) {
        shapes.push_back(writers);
    }
    Models known = writers;
    const Models readers = atoms_of(sides.reader);
    known.insert(known.end(), readers.begin(), readers.end());
    for (const Models& shape : shapes) {
        const Properties base = base_object(shape, sides, depth);
        out.add(to_json_text(base));
        if (out.is_full() || known.empty()) {
            return;
        }
        std::set<std::string> names = names_of(known);
        names.insert(other_name(sides));
        Properties full = base;
        for (const std::string& name : names) {
            const Texts values = samples(property_of(sides, name), depth < 2 ? 12 : 3, depth + 1);
            for (const std::string& value : values) {
                Properties with = base;
                with[name] = value;
                out.add(to_json_text(with));
            }
            if (!values.empty()) {
                full.emplace(name, values.front());
            }
            if (out.is_full()) {
                return;
            }
        }
        out.add(to_json_text(full));
        for (const std::string& name : names) {
            Properties without = full;
            without.erase(name);
            out.add(to_json_text(without));
        }
        Properties many = base;
        for (const std::string& name : names) {
            if (const auto found = full.find(name); found != full.end()) {
                many.insert(*found);
                out.add(to_json_text(many));
            }
        }
        for (int at = 0; at < 12 && !out.is_full(); ++at) {
            const std::string name = "other" + std::to_string(at);
            const Texts values = samples({property_of(sides, name).writer, nullptr}, 1, depth + 1);
            if (!values.empty()) {
                many.emplace(name, values.front());
                out.add(to_json_text(many));
            }
        }
    }
}

Texts Sampler::objects_with(const Sides& sides, std::string_view name, const Texts& values) {
    Models writers = atoms_of(sides.writer);
    std::erase_if(writers, [](const Model* model) { return model->object == nullptr; });
    Collector out{*this, sides.writer, values.size() * 2};
    const Properties base = base_object(writers, sides, 0);
    Properties full = base;
    for (const std::string& other : names_of(writers)) {
        Texts one = samples({property_of(sides, other).writer, nullptr}, 1, 1);
        if (!one.empty()) {
            full.emplace(other, std::move(one.front()));
        }
    }
    for (const Properties* context : std::initializer_list<const Properties*>{&base, &full}) {
        for (const std::string& value : values) {
            Properties with = *context;
            with[std::string(name)] = value;
            // Names that the new one asks for.
            for (const Model* writer : writers) {
                for (const NameList& list : writer->object->property_dependencies) {
                    for (const std::string_view needed : list.names) {
                        const auto found = full.find(std::string(needed));
                        if (list.name == name && found != full.end()) {
                            with.insert(*found);
                        }
                    }
                }
            }
            out.add(to_json_text(with));
        }
    }
    return std::move(out.texts);
}

// So many items as the shape asks for, all different where they may be.
Texts Sampler::base_array(const Models& shape, const Sides& sides, std::size_t count, int depth) {
    Texts items;
    bool unique = false;
    for (const Model* model : shape) {
        unique = unique || model->array->unique;
    }
    for (std::size_t position = 0; position < count; ++position) {
        const Model* item = item_of(sides, position).writer;
        Texts values = samples({item, nullptr}, unique ? count + 1 : 1, depth + 1);
        const auto fresh = std::find_if(values.begin(), values.end(), [&](const auto& value) {
            return !unique || std::find(items.begin(), items.end(), value) == items.end();
        });
        if (fresh == values.end()) {
            break;
        }
        items.push_back(std::move(*fresh));
    }
    return items;
}

namespace {

// How many items there must be for `position` to be there.
std::size_t least_items(const Model& model) {
    constexpr std::int32_t fill_max = 64;
    return static_cast<std::size_t>(
        std::clamp(model.array->min_items.value_or(0), std::int32_t{0}, fill_max));
}

}  // namespace

void Sampler::add_arrays(Collector& out, const Sides& sides, int depth) {
    Models writers = atoms_of(sides.writer);
    std::erase_if(writers, [](const Model* model) { return model->array == nullptr; });
    std::size_t least = 0;
    for (const Model* writer : writers) {
        least = std::max(least, least_items(*writer));
    }
    const Texts base = base_array(writers, sides, least, depth);
    out.add(to_json_text(base));
    Models known = writers;
    for (const Model* reader : atoms_of(sides.reader)) {
        if (reader->array != nullptr) {
            known.push_back(reader);
        }
    }
    if (known.empty() || out.is_full()) {
        return;
    }
    std::size_t positions = 1;
    for (const Model* model : known) {
        positions = std::max(positions, std::min<std::size_t>(model->array->list.size() + 1, 24));
    }
    for (std::size_t position = 0; position < positions && !out.is_full(); ++position) {
        const Texts values = samples(item_of(sides, position), depth < 2 ? 12 : 3, depth + 1);
        Texts items = base_array(writers, sides, std::max(least, position), depth);
        if (items.size() < position) {
            break;
        }
        items.resize(std::max(items.size(), position + 1));
        for (const std::string& value : values) {
            items[position] = value;
            out.add(to_json_text(items));
        }
    }
    add_longer_arrays(out, sides, depth);
}

// More items than asked for, the same one again and again, and different ones.
void Sampler::add_longer_arrays(Collector& out, const Sides& sides, int depth) {
    std::size_t most = 3;
    for (const Model* side : {sides.writer, sides.reader}) {
        for (const Model* model : atoms_of(side)) {
            if (model->array != nullptr) {
                constexpr std::int32_t fill_max = 64;
                const std::int32_t limit = std::max(model->array->max_items.value_or(0),
                                                    model->array->min_items.value_or(0));
                most = std::max(
                    most,
                    static_cast<std::size_t>(std::clamp(limit, std::int32_t{0}, fill_max)) + 1);
            }
        }
    }
    const Texts values =
        samples({item_of(sides, 0).writer, item_of(sides, 0).reader}, most, depth + 1);
    const Texts plain = base_array({}, sides, most, depth);
    Texts different;
    Texts same;
    for (std::size_t count = 0; count < most && !out.is_full(); ++count) {
        if (count < values.size()) {
            different.push_back(values[count]);
            out.add(to_json_text(different));
        }
        if (!values.empty()) {
            same.push_back(values.front());
            out.add(to_json_text(same));
        }
        if (count < plain.size()) {
            out.add(to_json_text(
                Texts(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(count) + 1)));
        }
    }
}

Texts Sampler::arrays_with(const Sides& sides, std::size_t position, const Texts& values) {
    Models writers = atoms_of(sides.writer);
    std::erase_if(writers, [](const Model* model) { return model->array == nullptr; });
    std::size_t least = position;
    for (const Model* writer : writers) {
        least = std::max(least, least_items(*writer));
    }
    Collector out{*this, sides.writer, values.size()};
    Texts items = base_array(writers, sides, least, 0);
    if (items.size() < position) {
        return {};
    }
    items.resize(std::max(items.size(), position + 1));
    for (const std::string& value : values) {
        items[position] = value;
        out.add(to_json_text(items));
    }
    return std::move(out.texts);
}

}  // namespace symbolon::compat::json
