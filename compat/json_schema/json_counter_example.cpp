#include "compat/json_schema/json_counter_example.hpp"

#include "compat/json_schema/json_change_list.hpp"
#include "compat/json_schema/json_samples.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory_resource>

namespace symbolon::compat::json {

namespace {

// A step from a schema to one below it, and the pair that it was taken from.
struct Descent {
    Sides from;
    Step step;
};

const Model* followed(const Model* model) {
    return model != nullptr && model->kind == ModelKind::reference ? model->inner : model;
}

bool take_word(std::string_view& path, std::string_view word) {
    if (!path.starts_with(word) || (path.size() > word.size() && path[word.size()] != '/')) {
        return false;
    }
    path.remove_prefix(std::min(path.size(), word.size() + 1));
    return true;
}

// The way from the roots to the pair that a finding is about. Names stand in paths as they are, so
// that a path may be read in several ways: the first that leads to its end is taken.
class Way {
public:
    explicit Way(const Sides& roots) : here_({followed(roots.writer), followed(roots.reader)}) {}

    bool go(std::string_view path) {
        path.remove_prefix(std::min<std::size_t>(path.size(), 2));  // "#/"
        return go_on(path, 0);
    }
    const Sides& here() const { return here_; }
    const std::vector<Descent>& descents() const { return descents_; }
    /// The name or number that the path ends with, below here().
    const Step& last() const { return last_; }

private:
    bool go_on(std::string_view path, int depth) {
        if (++steps_ > limits::sample_depth_max * 1'000 || depth > 200) {
            return false;
        }
        last_ = {};
        if (path.empty() || (path.find('/') == path.npos && !leads_on(path))) {
            return true;
        }
        for (const std::string_view word :
             {"properties", "dependencies", "items", "additionalProperties", "additionalItems",
              "unevaluatedProperties", "unevaluatedItems", "required"}) {
            std::string_view rest = path;
            if (take_word(rest, word) && step_down(word, rest, depth)) {
                return true;
            }
        }
        return false;
    }

    // Whether a word alone is a step to a schema and no keyword of the pair here.
    bool leads_on(std::string_view word) const {
        const Step step{word};
        return (here_.writer != nullptr && declared_at(step, *here_.writer) != nullptr) &&
               (here_.reader != nullptr && declared_at(step, *here_.reader) != nullptr);
    }

    bool step_down(std::string_view word, std::string_view rest, int depth) {
        if (word == "properties" || word == "dependencies" || word == "required") {
            return step_to_name(word, rest, depth);
        }
        if (word == "items" && !rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
            std::uint32_t number = 0;
            const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
            rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
            rest.remove_prefix(rest.empty() ? 0 : 1);
            return take_step({word, std::nullopt, number}, rest, depth);
        }
        return take_step({word}, rest, depth);
    }

    // Any beginning of the rest that ends before a "/" may be the name.
    bool step_to_name(std::string_view word, std::string_view rest, int depth) {
        for (std::size_t end = rest.size(); end != rest.npos;
             end = end == 0 ? rest.npos : rest.rfind('/', end - 1)) {
            const Step step{word, rest.substr(0, end)};
            std::string_view below = rest.substr(std::min(rest.size(), end + 1));
            if (end == rest.size()) {
                // Nothing below: the finding is about the name itself, or about what it stands for.
                if (is_known(step)) {
                    last_ = step;
                    return true;
                }
            } else if (take_step(step, below, depth)) {
                return true;
            }
        }
        return false;
    }

    bool is_known(const Step& step) const {
        const auto knows = [&](const Model* model) {
            return model != nullptr && model->object != nullptr &&
                   (step.word != "properties" || declared_at(step, *model) != nullptr);
        };
        return knows(here_.writer) || knows(here_.reader);
    }

    bool take_step(const Step& step, std::string_view rest, int depth) {
        const auto below = [&](const Model* model) {
            const Model* found = model == nullptr ? nullptr : declared_at(step, *model);
            return followed(found);
        };
        const Sides before = here_;
        Sides next{below(before.writer), below(before.reader)};
        if (next.writer == nullptr && next.reader == nullptr) {
            return false;
        }
        // One of them may be the schema for what is not declared.
        const auto covering = [&](const Model* model) -> const Model* {
            if (step.name && step.word == "properties") {
                return followed(sampler_.property_of({model, nullptr}, *step.name).writer);
            }
            return step.number ? followed(sampler_.item_of({model, nullptr}, *step.number).writer)
                               : nullptr;
        };
        next.writer = next.writer == nullptr ? covering(before.writer) : next.writer;
        next.reader = next.reader == nullptr ? covering(before.reader) : next.reader;
        if (rest.empty() && (next.writer == nullptr || next.reader == nullptr)) {
            last_ = step;
            return true;
        }
        descents_.push_back({before, step});
        here_ = next;
        if (go_on(rest, depth + 1)) {
            return true;
        }
        here_ = before;
        descents_.pop_back();
        return false;
    }

    Sampler sampler_;
    Sides here_;
    std::vector<Descent> descents_;
    Step last_;
    int steps_ = 0;
};

class Search {
public:
    Search(const Judge& reader, const Judge& writer) : reader_(reader), writer_(writer) {}

    std::optional<CounterExample> find(const Finding& finding) {
        const Sides roots{&writer_.model, &reader_.model};
        Way way(roots);
        if (way.go(finding.path)) {
            Texts made = made_here(way);
            for (std::size_t at = way.descents().size(); at > 0; --at) {
                made = wrapped(way.descents()[at - 1], made);
            }
            if (auto example = first_refused(made)) {
                return example;
            }
        }
        Sampler fresh;
        return first_refused(fresh.samples(roots, limits::counter_example_tries_max));
    }

private:
    // Data for the place that the finding is about: with and without what it names, or any.
    Texts made_here(const Way& way) {
        const Sides& here = way.here();
        const Step& last = way.last();
        Texts made;
        const auto add = [&made](Texts more) {
            made.insert(made.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
        };
        constexpr std::size_t values_max = 40;
        if (last.name) {
            const Sides property = sampler_.property_of(here, *last.name);
            add(sampler_.objects_with(here, *last.name, sampler_.samples(property, values_max)));
        } else if (last.number) {
            const Sides item = sampler_.item_of(here, *last.number);
            add(sampler_.arrays_with(here, *last.number, sampler_.samples(item, values_max)));
        }
        add(sampler_.samples(here, limits::counter_example_tries_max));
        return made;
    }

    Texts wrapped(const Descent& descent, const Texts& made) {
        const Step& step = descent.step;
        if (step.word == "dependencies") {
            return made;  // about the same object; whether it has the name is tried out
        }
        if (step.word == "properties") {
            return sampler_.objects_with(descent.from, *step.name, made);
        }
        if (step.word.ends_with("Properties")) {
            return sampler_.objects_with(descent.from, sampler_.other_name(descent.from), made);
        }
        std::size_t position = step.number.value_or(0);
        if (step.word != "items" && descent.from.writer != nullptr) {
            position = descent.from.writer->array->list.size();
        }
        return sampler_.arrays_with(descent.from, position, made);
    }

    std::optional<CounterExample> first_refused(const Texts& texts) {
        for (const std::string& text : texts) {
            if (++tries_ > 2 * limits::counter_example_tries_max) {
                return std::nullopt;
            }
            std::pmr::monotonic_buffer_resource memory;
            const JsonNode* value = JsonReader(text, memory, memory, JsonDialect::plain).read();
            if (value == nullptr || !writer_.validator.accepts(*value).value_or(false) ||
                reader_.validator.accepts(*value).value_or(true)) {
                continue;
            }
            const auto errors = reader_.validator.validate(*value);
            if (errors && !errors->empty()) {
                return CounterExample{text, to_reading(errors->front())};
            }
        }
        return std::nullopt;
    }

    static std::string to_reading(const ValidationError& error) {
        return error.instance_path.empty()
                   ? error.message
                   : fmt::format("At {}: {}", error.instance_path, error.message);
    }

    Judge reader_;
    Judge writer_;
    Sampler sampler_;
    std::size_t tries_ = 0;
};

}  // namespace

std::optional<CounterExample> make_counter_example(const Finding& finding, const Judge& reader,
                                                   const Judge& writer) {
    return Search(reader, writer).find(finding);
}

}  // namespace symbolon::compat::json
