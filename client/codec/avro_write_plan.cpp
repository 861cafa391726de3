#include "client/codec/avro_write_plan.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace symbolon::client {

namespace {

using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;
using compat::avro::AvroTree;

constexpr WriteOp write_op(AvroKind kind) {
    switch (kind) {
        case AvroKind::null:
            return WriteOp::null;
        case AvroKind::boolean:
            return WriteOp::boolean;
        case AvroKind::int32:
            return WriteOp::int32;
        case AvroKind::int64:
            return WriteOp::int64;
        case AvroKind::float32:
            return WriteOp::float32;
        case AvroKind::float64:
            return WriteOp::float64;
        case AvroKind::bytes:
            return WriteOp::bytes;
        case AvroKind::fixed:
            return WriteOp::fixed;
        case AvroKind::enumeration:
            return WriteOp::symbol;
        case AvroKind::record:
            return WriteOp::record;
        case AvroKind::array:
        case AvroKind::map:
            return WriteOp::items;
        case AvroKind::union_of:
            return WriteOp::union_of;
        default:
            return WriteOp::string;
    }
}

// Small records stand where they are met, others are entered; blocks wait in a list, so that no
// depth of a schema costs stack.
class WritePlanBuilder {
public:
    explicit WritePlanBuilder(const AvroTree& tree) : sizes_(tree.node_count, unknown) {
        block_of(*tree.root);
    }

    Result<std::unique_ptr<const WriteProgram>> run() {
        while (!pending_.empty()) {
            const auto [block, node, is_entry] = pending_.back();
            pending_.pop_back();
            steps_.clear();
            if (is_entry) {
                steps_.push_back({WriteOp::string, AvroKind::string});
            }
            draw(*node, 0, is_entry ? Where::anywhere : Where::here);
            if (!has_room()) {
                return failure(make_error(ErrorCode::check_too_costly,
                                          fmt::format("Writing with this schema takes more than {} "
                                                      "instructions. Make it smaller",
                                                      limits::plan_steps_max)));
            }
            program_->blocks[block] = {static_cast<std::uint32_t>(program_->steps.size()),
                                       static_cast<std::uint32_t>(steps_.size())};
            program_->steps.insert(program_->steps.end(), steps_.begin(), steps_.end());
        }
        return std::unique_ptr<const WriteProgram>(std::move(program_));
    }

private:
    static constexpr std::uint32_t unknown = 0;
    static constexpr std::uint32_t too_many = 64;
    enum class Where : std::uint8_t { anywhere, here };
    using Blocks = std::unordered_map<const AvroNode*, std::uint32_t>;
    struct Pending {
        std::uint32_t block;
        const AvroNode* node;
        bool is_entry;  ///< of a map: its key comes first
    };

    /// Asked while a block is drawn, too: it may have many times more steps than fields.
    bool has_room() const {
        return program_->steps.size() + program_->blocks.size() + steps_.size() <=
               limits::plan_steps_max;
    }

    std::uint32_t add_block(const AvroNode& node, bool is_entry) {
        program_->blocks.emplace_back();
        const auto block = static_cast<std::uint32_t>(program_->blocks.size() - 1);
        pending_.push_back({block, &node, is_entry});
        return block;
    }

    std::uint32_t block_of(const AvroNode& node) { return block_of(node, blocks_, false); }

    std::uint32_t block_of(const AvroNode& node, Blocks& blocks, bool is_entry) {
        const auto [entry, is_new] = blocks.try_emplace(&node, 0);
        if (is_new) {
            entry->second = add_block(node, is_entry);
        }
        return entry->second;
    }

    void draw(const AvroNode& node, std::uint32_t at, Where where) {
        WriteStep step{write_op(node.kind), node.kind, 0, 0, at};
        if (node.kind == AvroKind::record) {
            draw_record(node, at, where);
            return;
        }
        if (node.kind == AvroKind::array) {
            step.a = block_of(*node.item);
        } else if (node.kind == AvroKind::map) {
            step.a = block_of(*node.item, entries_, true);
        } else if (node.kind == AvroKind::union_of) {
            step.a = static_cast<std::uint32_t>(program_->branches.size());
            step.b = static_cast<std::uint32_t>(node.branches.size());
            for (const AvroNode* branch : node.branches) {
                program_->branches.push_back(block_of(*branch));
            }
        } else if (node.kind == AvroKind::fixed) {
            step.a = static_cast<std::uint32_t>(node.definition->size);
        } else if (node.kind == AvroKind::enumeration) {
            step.a = static_cast<std::uint32_t>(node.definition->symbols.size());
        }
        steps_.push_back(step);
    }

    void draw_record(const AvroNode& node, std::uint32_t at, Where where) {
        if (where == Where::anywhere && size(node, 0) >= too_many) {
            steps_.push_back({WriteOp::enter, node.kind, block_of(node), 0, at});
            return;
        }
        const auto& fields = node.definition->fields;
        steps_.push_back(
            {WriteOp::record, node.kind, static_cast<std::uint32_t>(fields.size()), 0, at});
        for (const AvroField& field : fields) {
            if (!has_room()) {
                return;
            }
            draw(*field.type, program_->paths.add(at, field.name), Where::anywhere);
        }
    }

    /// Steps of a type where it stands; records that hold themselves are too many.
    std::uint32_t size(const AvroNode& node, std::size_t depth) {
        if (node.kind != AvroKind::record) {
            return 1;
        }
        if (sizes_[node.index] == unknown) {
            sizes_[node.index] = too_many;
            if (depth < too_many) {
                std::uint32_t steps = 1;
                for (const AvroField& field : node.definition->fields) {
                    steps += steps < too_many ? size(*field.type, depth + 1) : 0;
                }
                sizes_[node.index] = steps < too_many ? steps : too_many;
            }
        }
        return sizes_[node.index];
    }

    std::unique_ptr<WriteProgram> program_ = std::make_unique<WriteProgram>();
    std::vector<Pending> pending_;
    std::vector<WriteStep> steps_;
    std::vector<std::uint32_t> sizes_;
    Blocks blocks_;
    Blocks entries_;
};

}  // namespace

Result<std::unique_ptr<const WriteProgram>> compile_writing(const AvroTree& schema) {
    return WritePlanBuilder(schema).run();
}

}  // namespace symbolon::client
