// Long: one builder whose parts call one another for every type there is.
#include "client/codec/avro_plan.hpp"

#include "client/codec/avro_actions.hpp"
#include "client/codec/avro_default.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace symbolon::client {

namespace {

using compat::avro::AvroField;
using compat::avro::AvroNode;
using compat::avro::AvroTree;

ReadOp copy_op(AvroKind kind) {
    switch (kind) {
        case AvroKind::null:
            return ReadOp::null;
        case AvroKind::boolean:
            return ReadOp::boolean;
        case AvroKind::int32:
            return ReadOp::int32;
        case AvroKind::int64:
            return ReadOp::int64;
        case AvroKind::float32:
            return ReadOp::float32;
        case AvroKind::float64:
            return ReadOp::float64;
        case AvroKind::bytes:
            return ReadOp::bytes;
        case AvroKind::string:
            return ReadOp::string;
        default:
            return ReadOp::fixed;
    }
}

ReadOp promote_op(AvroKind writer, AvroKind reader) {
    if (writer == AvroKind::int32) {
        return reader == AvroKind::int64     ? ReadOp::int32_as_int64
               : reader == AvroKind::float32 ? ReadOp::int32_as_float32
                                             : ReadOp::int32_as_float64;
    }
    if (writer == AvroKind::int64) {
        return reader == AvroKind::float32 ? ReadOp::int64_as_float32 : ReadOp::int64_as_float64;
    }
    if (writer == AvroKind::float32) {
        return ReadOp::float32_as_float64;
    }
    return writer == AvroKind::bytes ? ReadOp::bytes_as_string : ReadOp::bytes;
}

/// Steps of a block before it has its place.
struct Draft {
    std::vector<ReadStep> steps;
    std::uint32_t cells = 0;

    void add(ReadStep step, std::uint32_t its_cells) {
        steps.push_back(step);
        cells += its_cells;
    }
};

/// What is done for a record in its turn: a field is read, or skipped, or a default is taken.
struct Unit {
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    std::uint32_t action = none;         ///< read
    std::uint32_t field = none;          ///< of the reader; none: skipped
    const AvroField* skipped = nullptr;  ///< of the writer
};

enum class Job : std::uint8_t { value, map_entry, fields, skip, skip_entry, skip_fields };

struct Pending {
    Job job = Job::value;
    std::uint32_t block = 0;
    std::uint32_t action = 0;
    const AvroNode* node = nullptr;  ///< of the writer
    std::vector<Unit> units{};
};

// Blocks are made from a list of what is pending, so that no depth of schemas costs stack. Records
// of a known, small number of cells are written where they stand instead of being entered.
class PlanBuilder {
public:
    explicit PlanBuilder(const AvroActions& actions)
        : actions_(actions), extents_(actions.list.size(), unknown) {}

    Result<std::unique_ptr<const ReadProgram>> run() {
        value_block(actions_.root);
        while (!pending_.empty() && status_) {
            const Pending next = std::move(pending_.back());
            pending_.pop_back();
            Draft draft;
            draw(draft, next);
            if (!has_room(draft)) {
                break;
            }
            program_->blocks[next.block] = {static_cast<std::uint32_t>(program_->steps.size()),
                                            static_cast<std::uint32_t>(draft.steps.size()),
                                            draft.cells};
            program_->steps.insert(program_->steps.end(), draft.steps.begin(), draft.steps.end());
        }
        if (!status_) {
            return failure(std::move(status_).error());
        }
        return std::unique_ptr<const ReadProgram>(std::move(program_));
    }

private:
    static constexpr std::uint32_t unknown = 0;
    static constexpr std::uint32_t varies = 0xFFFF'FFFF;
    static constexpr std::uint32_t inlined_cells_max = 64;
    static constexpr std::size_t inlined_skips_max = 32;

    const AvroAction& action(std::uint32_t id) const { return actions_.list[id]; }

    /// False once there are too many steps. Asked while a block is drawn, too: a record of many
    /// fields that are written where they stand makes many times more steps than it has fields.
    bool has_room(const Draft& draft) {
        const std::size_t steps =
            program_->steps.size() + program_->blocks.size() + draft.steps.size();
        if (status_ && steps > limits::plan_steps_max) {
            status_ = failure(
                make_error(ErrorCode::check_too_costly,
                           fmt::format("Reading with this pair of schemas takes more than {} "
                                       "instructions. Make the schemas smaller",
                                       limits::plan_steps_max)));
        }
        return status_.has_value();
    }

    // --- blocks

    std::uint32_t add_block(Pending pending) {
        pending.block = static_cast<std::uint32_t>(program_->blocks.size());
        program_->blocks.emplace_back();
        pending_.push_back(std::move(pending));
        return static_cast<std::uint32_t>(program_->blocks.size() - 1);
    }

    std::uint32_t value_block(std::uint32_t id) {
        const auto [entry, is_new] = value_blocks_.try_emplace(id, 0);
        if (is_new) {
            entry->second = add_block({Job::value, 0, id});
        }
        return entry->second;
    }

    void draw(Draft& out, const Pending& pending) {
        switch (pending.job) {
            case Job::map_entry:
                out.add({ReadOp::string, AvroKind::string}, 1);
                draw_value(out, pending.action, 0);
                break;
            case Job::value:
                draw_value(out, pending.action, 0);
                break;
            case Job::fields:
                for (const Unit& unit : pending.units) {
                    if (!has_room(out)) {
                        return;
                    }
                    draw_unit(out, unit, action(pending.action), 0);
                }
                break;
            case Job::skip_entry:
                out.add({ReadOp::skip_text, AvroKind::string}, 0);
                draw_skip(out, *pending.node, 0);
                break;
            case Job::skip:
                draw_skip(out, *pending.node, 0);
                break;
            case Job::skip_fields:
                for (const AvroField& field : pending.node->definition->fields) {
                    if (!has_room(out)) {
                        return;
                    }
                    draw_skip(out, *field.type, path(0, field.name));
                }
                break;
        }
    }

    std::uint32_t path(std::uint32_t prefix, std::string_view name) {
        return program_->paths.add(prefix, name);
    }

    // --- values

    void draw_value(Draft& out, std::uint32_t id, std::uint32_t at) {
        const AvroAction& todo = action(id);
        const AvroKind kind = todo.reader->kind;
        switch (todo.kind) {
            case ActionKind::copy:
                out.add({copy_op(kind), kind, bytes_of_fixed(*todo.reader), 0, 0, at}, 1);
                break;
            case ActionKind::promote:
                out.add({promote_op(todo.writer->kind, kind), kind, 0, 0, 0, at}, 1);
                break;
            case ActionKind::enumeration:
                draw_symbol(out, todo, at);
                break;
            case ActionKind::array:
                out.add({ReadOp::array, kind, value_block(todo.parts[0].action),
                         bytes_min(*todo.writer->item, 0), 0, at},
                        1);
                break;
            case ActionKind::map:
                out.add({ReadOp::map, kind, add_block({Job::map_entry, 0, todo.parts[0].action}),
                         1 + bytes_min(*todo.writer->item, 0), 0, at},
                        1);
                break;
            case ActionKind::record:
                draw_record(out, id, at);
                break;
            case ActionKind::writer_union:
                draw_union(out, id, at);
                break;
            case ActionKind::into_union:
                draw_into_union(out, id, at);
                break;
            case ActionKind::error:
                program_->problems.push_back(todo.problem);
                out.add({ReadOp::fail, kind,
                         static_cast<std::uint32_t>(program_->problems.size() - 1), 0, 0, at},
                        0);
                break;
        }
    }

    static std::uint32_t bytes_of_fixed(const AvroNode& type) {
        return type.kind == AvroKind::fixed ? static_cast<std::uint32_t>(type.definition->size) : 0;
    }

    void draw_symbol(Draft& out, const AvroAction& todo, std::uint32_t at) {
        const auto ours = todo.writer->definition->symbols;
        const auto theirs = todo.reader->definition->symbols;
        const auto count = static_cast<std::uint32_t>(ours.size());
        if (ours.size() <= theirs.size() && std::equal(ours.begin(), ours.end(), theirs.begin())) {
            out.add({ReadOp::symbol, AvroKind::enumeration, count, 0, 0, at}, 1);
            return;
        }
        std::unordered_map<std::string_view, std::uint32_t> positions;
        for (const std::string_view symbol : theirs) {
            positions.try_emplace(symbol, static_cast<std::uint32_t>(positions.size()));
        }
        const auto position = [&positions](std::string_view symbol, std::uint32_t otherwise) {
            const auto found = positions.find(symbol);
            return found == positions.end() ? otherwise : found->second;
        };
        const auto& fallback = todo.reader->definition->default_symbol;
        const std::uint32_t otherwise =
            fallback ? position(*fallback, ReadProgram::no_symbol) : ReadProgram::no_symbol;
        const auto first = static_cast<std::uint32_t>(program_->symbols.size());
        for (const std::string_view symbol : ours) {
            program_->symbols.push_back(position(symbol, otherwise));
        }
        program_->enums.push_back(todo.writer);
        out.add({ReadOp::mapped_symbol, AvroKind::enumeration, first, count,
                 static_cast<std::uint32_t>(program_->enums.size() - 1), at},
                1);
    }

    void draw_union(Draft& out, std::uint32_t id, std::uint32_t at) {
        const AvroAction& todo = action(id);
        const auto first = static_cast<std::uint32_t>(program_->branches.size());
        for (std::uint32_t branch = 0; branch < todo.parts.size(); ++branch) {
            const std::uint32_t part = todo.parts[branch].action;
            const bool enters = !todo.same_union && action(part).kind == ActionKind::into_union;
            program_->branches.push_back({value_block(enters ? action(part).parts[0].action : part),
                                          todo.same_union ? branch
                                          : enters        ? action(part).branch
                                                          : ReadBranch::not_in_union});
        }
        const std::uint32_t cells = extent(id, 0);
        out.add({ReadOp::union_of, AvroKind::union_of, first,
                 static_cast<std::uint32_t>(todo.parts.size()), 0, at},
                cells == varies ? 2 : cells);
    }

    void draw_into_union(Draft& out, std::uint32_t id, std::uint32_t at) {
        const AvroAction& todo = action(id);
        const std::uint32_t inner = todo.parts[0].action;
        const std::uint32_t cells = extent(id, 0);
        if (cells == varies) {
            out.add({ReadOp::enter, AvroKind::union_of, todo.branch, value_block(inner), 0, at}, 1);
            return;
        }
        out.add({ReadOp::open, AvroKind::union_of, todo.branch, cells, 0, at}, 1);
        draw_value(out, inner, at);
    }

    // --- records

    void draw_unit(Draft& out, const Unit& unit, const AvroAction& record, std::uint32_t prefix) {
        if (unit.skipped != nullptr) {
            draw_skip(out, *unit.skipped->type, path(prefix, unit.skipped->name));
            return;
        }
        const AvroField& field = record.reader->definition->fields[unit.field];
        if (unit.action != Unit::none) {
            draw_value(out, unit.action, path(prefix, field.name));
            return;
        }
        const ReadStep constant = default_of(field);
        out.add(constant, constant.b);
    }

    /// The turns of a record: the writer's order, with defaults where the reader has them.
    std::vector<Unit> units_of(const AvroAction& record) const {
        const auto& ours = record.writer->definition->fields;
        std::vector<bool> written(record.reader->definition->fields.size());
        for (const ActionPart part : record.parts) {
            if (part.field != ActionPart::none) {
                written[part.field] = true;
            }
        }
        std::vector<Unit> units;
        const auto add_defaults_at = [&](std::size_t field) {
            for (; field < written.size() && !written[field]; ++field) {
                units.push_back({Unit::none, static_cast<std::uint32_t>(field)});
            }
        };
        add_defaults_at(0);
        for (std::size_t at = 0; at < record.parts.size(); ++at) {
            const ActionPart part = record.parts[at];
            if (part.field == ActionPart::none) {
                units.push_back({Unit::none, Unit::none, &ours[at]});
            } else {
                units.push_back({part.action, part.field});
                add_defaults_at(part.field + 1);
            }
        }
        return units;
    }

    /// The units cut where the reader's order is left.
    static std::vector<std::vector<Unit>> stretches_of(const std::vector<Unit>& units) {
        std::vector<std::vector<Unit>> stretches(1);
        std::uint32_t next = 0;
        bool has_field = false;
        for (const Unit& unit : units) {
            if (unit.field != Unit::none) {
                if (unit.field != next && has_field) {
                    stretches.emplace_back();
                }
                has_field = true;
                next = unit.field + 1;
            }
            stretches.back().push_back(unit);
        }
        return stretches;
    }

    void draw_record(Draft& out, std::uint32_t id, std::uint32_t at) {
        const AvroAction& record = action(id);
        if (extent(id, 0) != varies) {
            draw_record_here(out, id, at);
            return;
        }
        const auto fields = static_cast<std::uint32_t>(record.reader->definition->fields.size());
        const auto [entry, is_new] = record_steps_.try_emplace(id);
        if (is_new) {
            std::vector<std::vector<Unit>> stretches = stretches_of(units_of(record));
            if (stretches.size() == 1) {
                entry->second = {ReadOp::enter, AvroKind::record, fields,
                                 add_block({Job::fields, 0, id, nullptr, std::move(stretches[0])})};
            } else {
                const auto groups = static_cast<std::uint32_t>(stretches.size());
                entry->second = {ReadOp::reordered, AvroKind::record, fields,
                                 add_groups(id, std::move(stretches)), groups};
            }
        }
        ReadStep step = entry->second;
        step.path = at;
        out.add(step, 1);
    }

    std::uint32_t add_groups(std::uint32_t id, std::vector<std::vector<Unit>>&& stretches) {
        const auto first = static_cast<std::uint32_t>(program_->groups.size());
        std::vector<std::pair<std::uint32_t, std::size_t>> order;  // first field, stretch
        for (std::size_t at = 0; at < stretches.size(); ++at) {
            const auto found =
                std::find_if(stretches[at].begin(), stretches[at].end(),
                             [](const Unit& unit) { return unit.field != Unit::none; });
            order.emplace_back(found->field, at);
            program_->groups.push_back(
                {add_block({Job::fields, 0, id, nullptr, std::move(stretches[at])})});
        }
        std::sort(order.begin(), order.end());
        for (std::size_t rank = 0; rank < order.size(); ++rank) {
            program_->groups[first + order[rank].second].rank = static_cast<std::uint32_t>(rank);
            program_->groups[first + rank].with_rank =
                static_cast<std::uint32_t>(order[rank].second);
        }
        return first;
    }

    /// A record of known extent: what comes out of turn is written where it belongs.
    void draw_record_here(Draft& out, std::uint32_t id, std::uint32_t at) {
        const AvroAction& record = action(id);
        const auto& fields = record.reader->definition->fields;
        const std::vector<Unit> units = units_of(record);
        std::vector<std::uint32_t> places(fields.size() + 1);
        for (const Unit& unit : units) {
            if (unit.field != Unit::none) {
                places[unit.field + 1] = unit_extent(unit, record, 0);
            }
        }
        for (std::size_t field = 0; field < fields.size(); ++field) {
            places[field + 1] += places[field];
        }
        out.add({ReadOp::open, AvroKind::record, static_cast<std::uint32_t>(fields.size()),
                 places.back() + 1, 0, at},
                1);
        std::uint32_t here = 0;
        const auto move = [&](std::uint32_t to) {
            if (here != to) {
                out.add({ReadOp::move, AvroKind::record, to - here, 0, 0, at}, 0);
            }
            here = to;
        };
        for (const Unit& unit : units) {
            if (!has_room(out)) {
                return;
            }
            if (unit.field != Unit::none) {
                move(places[unit.field]);
                here = places[unit.field + 1];
            }
            draw_unit(out, unit, record, at);
        }
        move(places.back());
    }

    ReadStep default_of(const AvroField& field) {
        const auto [entry, is_new] = defaults_.try_emplace(&field);
        if (is_new) {
            const std::size_t first = program_->defaults.cells();
            if (Status appended = append_default(field, program_->defaults); !appended && status_) {
                status_ = std::move(appended);
            }
            entry->second = {ReadOp::constant, AvroKind::null, static_cast<std::uint32_t>(first),
                             static_cast<std::uint32_t>(program_->defaults.cells() - first)};
        }
        return entry->second;
    }

    // --- how many cells

    std::uint32_t unit_extent(const Unit& unit, const AvroAction& record, std::size_t depth) {
        if (unit.skipped != nullptr) {
            return 0;
        }
        return unit.action != Unit::none
                   ? extent(unit.action, depth + 1)
                   : default_of(record.reader->definition->fields[unit.field]).b;
    }

    /// Cells of every datum of an action that will be inlined, or `varies`.
    std::uint32_t extent(std::uint32_t id, std::size_t depth) {
        if (extents_[id] == unknown) {
            extents_[id] = varies;  // as long as nobody knows better: it may hold itself
            if (depth <= inlined_cells_max) {
                const std::uint64_t cells = count_cells(action(id), depth);
                extents_[id] =
                    cells > inlined_cells_max ? varies : static_cast<std::uint32_t>(cells);
            }
        }
        return extents_[id];
    }

    std::uint64_t count_cells(const AvroAction& todo, std::size_t depth) {
        switch (todo.kind) {
            case ActionKind::array:
            case ActionKind::map:
                return varies;
            case ActionKind::into_union:
                return 1 + std::uint64_t{extent(todo.parts[0].action, depth + 1)};
            case ActionKind::writer_union:
                return count_branch_cells(todo, depth);
            case ActionKind::record: {
                std::uint64_t cells = 1;
                for (const Unit& unit : units_of(todo)) {
                    cells += unit_extent(unit, todo, depth);
                    if (cells > inlined_cells_max) {
                        return varies;
                    }
                }
                return cells;
            }
            default:
                return 1;
        }
    }

    std::uint64_t count_branch_cells(const AvroAction& todo, std::size_t depth) {
        std::uint64_t all = unknown;
        for (const ActionPart part : todo.parts) {
            if (action(part.action).kind == ActionKind::error) {
                continue;
            }
            const std::uint64_t cells =
                std::uint64_t{extent(part.action, depth + 1)} + (todo.same_union ? 1 : 0);
            if (all != unknown && cells != all) {
                return varies;
            }
            all = cells;
        }
        return all == unknown ? 1 : all;
    }

    // --- what is skipped

    void draw_skip(Draft& out, const AvroNode& type, std::uint32_t at) {
        switch (type.kind) {
            case AvroKind::null:
                break;
            case AvroKind::boolean:
                skip_bytes(out, 1, at);
                break;
            case AvroKind::float32:
                skip_bytes(out, 4, at);
                break;
            case AvroKind::float64:
                skip_bytes(out, 8, at);
                break;
            case AvroKind::fixed:
                skip_bytes(out, bytes_of_fixed(type), at);
                break;
            case AvroKind::int32:
            case AvroKind::enumeration:
                out.add({ReadOp::skip_int32, type.kind, 0, 0, 0, at}, 0);
                break;
            case AvroKind::int64:
                out.add({ReadOp::skip_int64, type.kind, 0, 0, 0, at}, 0);
                break;
            case AvroKind::array:
                out.add({ReadOp::skip_array, type.kind, skip_block(Job::skip, *type.item),
                         bytes_min(*type.item, 0), 0, at},
                        0);
                break;
            case AvroKind::map:
                out.add({ReadOp::skip_array, type.kind, skip_block(Job::skip_entry, *type.item),
                         1 + bytes_min(*type.item, 0), 0, at},
                        0);
                break;
            case AvroKind::union_of:
                draw_skip_union(out, type, at);
                break;
            case AvroKind::record:
                draw_skip_record(out, type, at);
                break;
            default:
                out.add({ReadOp::skip_text, type.kind, 0, 0, 0, at}, 0);
                break;
        }
    }

    static void skip_bytes(Draft& out, std::uint32_t bytes, std::uint32_t at) {
        if (!out.steps.empty() && out.steps.back().op == ReadOp::skip_bytes &&
            out.steps.back().path == at &&
            out.steps.back().a < std::numeric_limits<std::uint32_t>::max() - bytes) {
            out.steps.back().a += bytes;
        } else if (bytes > 0) {
            out.add({ReadOp::skip_bytes, AvroKind::fixed, bytes, 0, 0, at}, 0);
        }
    }

    std::uint32_t skip_block(Job job, const AvroNode& type) {
        const std::uint64_t key = (std::uint64_t{type.index} << 8U) | static_cast<unsigned>(job);
        const auto [entry, is_new] = skip_blocks_.try_emplace(key, 0);
        if (is_new) {
            entry->second = add_block({job, 0, 0, &type});
        }
        return entry->second;
    }

    void draw_skip_union(Draft& out, const AvroNode& type, std::uint32_t at) {
        const auto first = static_cast<std::uint32_t>(program_->branches.size());
        for (const AvroNode* branch : type.branches) {
            program_->branches.push_back({skip_block(Job::skip, *branch)});
        }
        out.add({ReadOp::skip_union, type.kind, first,
                 static_cast<std::uint32_t>(type.branches.size()), 0, at},
                0);
    }

    void draw_skip_record(Draft& out, const AvroNode& type, std::uint32_t at) {
        const auto& fields = type.definition->fields;
        const bool is_flat = fields.size() <= inlined_skips_max &&
                             std::all_of(fields.begin(), fields.end(), [](const AvroField& field) {
                                 return field.type->item == nullptr &&
                                        field.type->kind != AvroKind::record &&
                                        field.type->kind != AvroKind::union_of;
                             });
        if (!is_flat) {
            out.add({ReadOp::skip_record, type.kind, skip_block(Job::skip_fields, type), 0, 0, at},
                    0);
            return;
        }
        for (const AvroField& field : fields) {
            draw_skip(out, *field.type, at);
        }
    }

    /// Bytes that a datum takes at least, or fewer: to tell whether many can be within the rest.
    std::uint32_t bytes_min(const AvroNode& type, std::size_t depth) {
        constexpr std::size_t depth_max = 64;
        constexpr std::uint32_t enough = 1U << 20U;
        switch (type.kind) {
            case AvroKind::null:
                return 0;
            case AvroKind::float32:
                return 4;
            case AvroKind::float64:
                return 8;
            case AvroKind::fixed:
                return std::min(bytes_of_fixed(type), enough);
            case AvroKind::record:
                break;
            default:
                return 1;
        }
        const auto [entry, is_new] = bytes_min_.try_emplace(type.index, 0);
        if (!is_new || depth > depth_max) {
            return entry->second;
        }
        std::uint32_t bytes = 0;
        for (const AvroField& field : type.definition->fields) {
            bytes = std::min(bytes + bytes_min(*field.type, depth + 1), enough);
        }
        return bytes_min_[type.index] = bytes;
    }

    const AvroActions& actions_;
    std::unique_ptr<ReadProgram> program_ = std::make_unique<ReadProgram>();
    std::vector<Pending> pending_;
    std::vector<std::uint32_t> extents_;
    std::unordered_map<std::uint32_t, std::uint32_t> value_blocks_;
    std::unordered_map<std::uint32_t, ReadStep> record_steps_;
    std::unordered_map<std::uint64_t, std::uint32_t> skip_blocks_;
    std::unordered_map<std::uint32_t, std::uint32_t> bytes_min_;
    std::unordered_map<const AvroField*, ReadStep> defaults_;
    Status status_;
};

}  // namespace

Result<const AvroTree*> avro_tree_of(const compat::SchemaPtr& schema) {
    const auto* const avro = dynamic_cast<const compat::avro::AvroSchema*>(schema.get());
    if (avro == nullptr) {
        return failure(
            make_error(ErrorCode::invalid_schema, "Avro data need a schema of type AVRO"));
    }
    return &avro->tree();
}

Result<std::unique_ptr<const ReadProgram>> compile_reading(const AvroTree& writer,
                                                           const AvroTree& reader) {
    SYMBOLON_TRY(const AvroActions actions, resolve_schemas(writer, reader));
    return PlanBuilder(actions).run();
}

}  // namespace symbolon::client
