#include "tests/support/naive_avro_check.hpp"

#include "compat/avro/avro_schema.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace symbolon::tests {

namespace {

using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;

// Why this is right. Data is finite, so "the reader can read all data" fails only if it fails for
// data of some depth. Refusals are therefore proved from the leaves up: `can_read(r, w, n)` asks
// about data nested at most n deep; at depth 0 nothing is refused. Refusing at some depth is a
// proof. Growing n until all pairs answer as for n - 1 is a proof of the contrary. Nothing is
// remembered between questions of one depth but the answers of the depth below, complete.
class NaiveCheck {
public:
    explicit NaiveCheck(std::uint64_t steps_max) : steps_max_(steps_max) {}

    std::optional<bool> run(const AvroNode& reader, const AvroNode& writer) {
        collect(reader, readers_);
        collect(writer, writers_);
        while (true) {
            std::set<Pair> refused;
            for (const AvroNode* ours : readers_) {
                for (const AvroNode* theirs : writers_) {
                    if (!can_read(*ours, *theirs)) {
                        refused.emplace(ours, theirs);
                    }
                    if (ambiguous_ || steps_ > steps_max_) {
                        return std::nullopt;
                    }
                }
            }
            const bool settled = refused == refused_below_;
            refused_below_ = std::move(refused);
            if (refused_below_.count({&reader, &writer}) != 0) {
                return false;
            }
            if (settled) {
                return true;
            }
        }
    }

private:
    using Pair = std::pair<const AvroNode*, const AvroNode*>;

    void collect(const AvroNode& start, std::set<const AvroNode*>& out) {
        std::vector<const AvroNode*> waiting{&start};
        while (!waiting.empty()) {
            const AvroNode* node = waiting.back();
            waiting.pop_back();
            if (!out.insert(node).second) {
                continue;
            }
            if (node->item != nullptr) {
                waiting.push_back(node->item);
            }
            waiting.insert(waiting.end(), node->branches.begin(), node->branches.end());
            if (node->kind == AvroKind::record) {
                for (const AvroField& field : node->definition->fields) {
                    waiting.push_back(field.type);
                }
            }
        }
    }

    bool is_refused_below(const AvroNode& reader, const AvroNode& writer) {
        ++steps_;
        return refused_below_.count({&reader, &writer}) != 0;
    }

    bool can_read(const AvroNode& reader, const AvroNode& writer) {
        ++steps_;
        if (writer.kind == AvroKind::union_of) {
            return std::all_of(writer.branches.begin(), writer.branches.end(),
                               [&](const AvroNode* branch) { return can_read(reader, *branch); });
        }
        if (reader.kind == AvroKind::union_of) {
            return std::any_of(reader.branches.begin(), reader.branches.end(),
                               [&](const AvroNode* branch) { return can_read(*branch, writer); });
        }
        if (reader.kind != writer.kind) {
            return is_wider(reader.kind, writer.kind);
        }
        if (reader.item != nullptr) {
            return !is_refused_below(*reader.item, *writer.item);
        }
        return reader.definition == nullptr ||
               (same_name(reader, writer) && same_inside(reader, writer));
    }

    static bool is_wider(AvroKind reader, AvroKind writer) {
        const auto rank = [](AvroKind kind) {
            return kind == AvroKind::int32     ? 1
                   : kind == AvroKind::int64   ? 2
                   : kind == AvroKind::float32 ? 3
                   : kind == AvroKind::float64 ? 4
                                               : 0;
        };
        const auto is_text = [](AvroKind kind) {
            return kind == AvroKind::string || kind == AvroKind::bytes;
        };
        return (rank(writer) > 0 && rank(reader) > rank(writer)) ||
               (is_text(reader) && is_text(writer));
    }

    static bool same_name(const AvroNode& reader, const AvroNode& writer) {
        if (reader.definition->name.last == writer.definition->name.last) {
            return true;
        }
        const auto& aliases = reader.definition->aliases;
        const bool bare_counts = reader.definition->name.space.empty();
        return std::any_of(aliases.begin(), aliases.end(), [&](const auto& alias) {
            return alias == writer.definition->name && (bare_counts || !alias.space.empty());
        });
    }

    bool same_inside(const AvroNode& reader, const AvroNode& writer) {
        const auto& ours = *reader.definition;
        const auto& theirs = *writer.definition;
        if (reader.kind == AvroKind::fixed) {
            return ours.size == theirs.size;
        }
        if (reader.kind == AvroKind::enumeration) {
            return ours.default_symbol ||
                   std::all_of(
                       theirs.symbols.begin(), theirs.symbols.end(), [&](std::string_view symbol) {
                           return std::find(ours.symbols.begin(), ours.symbols.end(), symbol) !=
                                  ours.symbols.end();
                       });
        }
        bool readable = true;
        for (const AvroField& field : ours.fields) {
            const AvroField* written = nullptr;
            for (const AvroField& candidate : theirs.fields) {
                ++steps_;
                const auto named_so = [&](std::string_view name) { return name == candidate.name; };
                const auto matches =
                    (named_so(field.name) ? 1 : 0) +
                    std::count_if(field.aliases.begin(), field.aliases.end(), named_so);
                ambiguous_ = ambiguous_ || matches > 1 || (matches == 1 && written != nullptr);
                written = matches > 0 ? &candidate : written;
            }
            readable =
                readable && (written == nullptr ? field.default_value != nullptr
                                                : !is_refused_below(*field.type, *written->type));
        }
        return readable;
    }

    std::uint64_t steps_max_;
    std::uint64_t steps_ = 0;
    bool ambiguous_ = false;
    std::set<const AvroNode*> readers_;
    std::set<const AvroNode*> writers_;
    std::set<Pair> refused_below_;
};

}  // namespace

std::optional<bool> is_readable_naively(const compat::ParsedSchema& reader,
                                        const compat::ParsedSchema& writer,
                                        std::uint64_t steps_max) {
    const auto& ours = dynamic_cast<const compat::avro::AvroSchema&>(reader);
    const auto& theirs = dynamic_cast<const compat::avro::AvroSchema&>(writer);
    return NaiveCheck(steps_max).run(*ours.tree().root, *theirs.tree().root);
}

}  // namespace symbolon::tests
