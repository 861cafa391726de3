#include "compat/avro/avro_check.hpp"

#include "compat/avro/avro_canonical.hpp"
#include "compat/avro/avro_pair_memo.hpp"
#include "compat/avro/avro_places.hpp"
#include "compat/too_costly.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::compat::avro {

namespace {

/// Data of `writer` is read as `reader` without loss of meaning, by widening.
constexpr bool promotes(AvroKind writer, AvroKind reader) {
    switch (reader) {
        case AvroKind::int64:
            return writer == AvroKind::int32;
        case AvroKind::float32:
            return writer == AvroKind::int32 || writer == AvroKind::int64;
        case AvroKind::float64:
            return writer == AvroKind::int32 || writer == AvroKind::int64 ||
                   writer == AvroKind::float32;
        case AvroKind::bytes:
            return writer == AvroKind::string;
        case AvroKind::string:
            return writer == AvroKind::bytes;
        default:
            return false;
    }
}
static_assert(promotes(AvroKind::int32, AvroKind::float64));
static_assert(!promotes(AvroKind::float64, AvroKind::float32));

bool names_match(const AvroDefinition& reader, const AvroDefinition& writer) {
    if (reader.name.last == writer.name.last) {
        return true;
    }
    return std::any_of(reader.aliases.begin(), reader.aliases.end(), [&](const AvroName& alias) {
        // Parity: an alias without namespace on a type that has one matches nothing.
        return alias == writer.name && (!alias.space.empty() || reader.name.space.empty());
    });
}

std::vector<std::string_view> missing_symbols(const AvroDefinition& reader,
                                              const AvroDefinition& writer) {
    std::vector<std::string_view> missing;
    std::set_difference(writer.symbols_sorted.begin(), writer.symbols_sorted.end(),
                        reader.symbols_sorted.begin(), reader.symbols_sorted.end(),
                        std::back_inserter(missing));
    return missing;
}

// Why not recursion over finished sub-results: the lists of the reference repeat a pair's findings
// wherever the pair is met, with the place of the first meeting. So findings go to one list in
// order of the visit, and a pair that may be met again keeps its stretch of that list.
//
// Invariants: `found_` holds what has been found for the pair being checked and its elders; a probe
// (a reader's union branch that may fail without harm) takes away what it added.
//
// Functions outside the recursion are not inlined into it: their locals would stand in every frame,
// and there may be check_depth_max of them.
class PairCheck {
public:
    PairCheck(const AvroNode& reader, const AvroNode& writer) : reader_(reader), writer_(writer) {}

    Result<Findings> run() {
        while (true) {
            guess_failed_ = false;
            const bool readable = check(reader_, writer_);
            if (too_costly_) {
                return failure(too_costly_to_compare(limits::check_depth_max));
            }
            if (exception_) {
                return Findings{*std::move(exception_)};
            }
            if (!readable) {
                return to_findings();
            }
            // A pair in progress is taken for readable when it is met inside itself. If it turned
            // out not to be, and the whole was readable still, then something may rest on the
            // wrong guess: look again, knowing what failed. Every round knows more than the last.
            if (!guess_failed_) {
                return Findings{};
            }
            memo_.forget_all_but_unreadable();
        }
    }

private:
    struct Detail {
        const AvroNode* reader;
        const AvroNode* writer;
        Place place;
        FindingKind kind;
    };

    bool stopped() const { return too_costly_ || exception_.has_value(); }

    bool spend(std::uint64_t steps) {
        steps_ += steps;
        too_costly_ =
            too_costly_ || steps_ > limits::check_steps_max || depth_ > limits::check_depth_max;
        return !stopped();
    }

    bool check(const AvroNode& reader, const AvroNode& writer) {
        if (!spend(1)) {
            return true;
        }
        // Pairs of two unnamed types are met once per meeting of their parents: no use in a memo.
        if (!is_named(reader.kind) && !is_named(writer.kind)) {
            ++depth_;
            const bool readable = compare(reader, writer);
            --depth_;
            return readable;
        }
        const auto [entry, is_new] = memo_.open(reader.index, writer.index);
        if (!is_new && !recall(entry)) {
            return memo_[entry].state != PairMemo::State::unreadable;
        }
        spend(is_new ? 9 : 0);  // an entry costs memory too
        memo_[entry].state = PairMemo::State::in_progress;
        const std::size_t begin = found_.size();
        ++depth_;
        const bool readable = compare(reader, writer);
        --depth_;
        if (readable) {
            memo_[entry].state = PairMemo::State::readable;
        } else {
            keep_unreadable(entry, begin);
        }
        return readable;
    }

    [[gnu::noinline]] void keep_unreadable(std::size_t entry, std::size_t begin) {
        guess_failed_ = guess_failed_ || memo_[entry].guessed;
        spend((found_.size() - begin) / 4);
        memo_.keep_unreadable(entry, std::span(found_).subspan(begin));
    }

    // Takes over what is known of a pair; true when it has to be looked at after all.
    [[gnu::noinline]] bool recall(std::size_t entry) {
        if (memo_[entry].state == PairMemo::State::in_progress) {
            memo_[entry].guessed = true;
            return false;
        }
        if (memo_[entry].state == PairMemo::State::readable) {
            return false;
        }
        const auto kept = memo_.kept(entry);
        if (kept.empty() && probes_ == 0) {
            return true;  // it failed where details were no longer written down
        }
        const std::size_t room = list_room();
        spend(kept.size() / 4);
        const auto taken = kept.first(std::min(kept.size(), room));
        found_.insert(found_.end(), taken.begin(), taken.end());
        return false;
    }

    std::size_t list_room() const {
        const std::size_t most = limits::findings_max * (probes_ == 0 ? 1 : 2);
        return found_.size() < most ? most - found_.size() : 0;
    }

    bool compare(const AvroNode& reader, const AvroNode& writer) {
        if (reader.kind == writer.kind) {
            return compare_same_kind(reader, writer);
        }
        if (writer.kind == AvroKind::union_of) {
            bool readable = true;
            for (std::size_t at = 0; at < writer.branches.size() && !stopped(); ++at) {
                const Move move{Step::writer_branch, at, at};
                readable = check_below(move, reader, *writer.branches[at]) && readable;
            }
            return readable;
        }
        if (reader.kind == AvroKind::union_of) {
            for (std::size_t at = 0; at < reader.branches.size(); ++at) {
                if (probe({Step::reader_branch, at, no_step}, *reader.branches[at], writer)) {
                    return true;
                }
            }
            return add(FindingKind::missing_union_branch, Leaf::none, 0, reader, writer);
        }
        return promotes(writer.kind, reader.kind) ||
               add(FindingKind::type_mismatch, Leaf::none, 0, reader, writer);
    }

    bool compare_same_kind(const AvroNode& reader, const AvroNode& writer) {
        switch (reader.kind) {
            case AvroKind::array:
                return check_below({Step::items, 0, 0}, *reader.item, *writer.item);
            case AvroKind::map:
                return check_below({Step::values, 0, 0}, *reader.item, *writer.item);
            case AvroKind::union_of:
                return compare_unions(reader, writer);
            case AvroKind::record: {
                const bool named = compare_names(reader, writer);
                return compare_fields(reader, writer) && named;
            }
            case AvroKind::enumeration: {
                const bool named = compare_names(reader, writer);
                return compare_symbols(reader, writer) && named;
            }
            case AvroKind::fixed: {
                const bool named = compare_names(reader, writer);
                const bool sized =
                    reader.definition->size == writer.definition->size ||
                    add(FindingKind::fixed_size_mismatch, Leaf::size, 0, reader, writer);
                return named && sized;
            }
            default:
                return true;
        }
    }

    [[gnu::noinline]] bool compare_names(const AvroNode& reader, const AvroNode& writer) {
        spend(reader.definition->aliases.size());
        return names_match(*reader.definition, *writer.definition) ||
               add(FindingKind::name_mismatch, Leaf::name, 0, reader, writer);
    }

    [[gnu::noinline]] bool compare_symbols(const AvroNode& reader, const AvroNode& writer) {
        const AvroDefinition& ours = *reader.definition;
        const AvroDefinition& theirs = *writer.definition;
        spend((ours.symbols.size() + theirs.symbols.size()) / 4);
        const bool all_known =
            std::includes(ours.symbols_sorted.begin(), ours.symbols_sorted.end(),
                          theirs.symbols_sorted.begin(), theirs.symbols_sorted.end());
        return all_known || ours.default_symbol ||
               add(FindingKind::missing_enum_symbols, Leaf::symbols, 0, reader, writer);
    }

    bool compare_unions(const AvroNode& reader, const AvroNode& writer) {
        bool readable = true;
        for (std::size_t at = 0; at < writer.branches.size() && !stopped(); ++at) {
            if (!probe({Step::writer_branch, at, at}, reader, *writer.branches[at])) {
                readable = add(FindingKind::missing_union_branch, Leaf::branch, at, reader, writer);
            }
        }
        return readable;
    }

    bool compare_fields(const AvroNode& reader, const AvroNode& writer) {
        bool readable = true;
        std::size_t guess = 0;  // fields mostly come in the same order
        const auto fields = reader.definition->fields;
        for (std::size_t at = 0; at < fields.size() && !stopped(); ++at) {
            const AvroField& field = fields[at];
            const auto found = find_writer_field(field, at, writer, guess);
            if (found) {
                guess = *found + 1;
                const AvroNode& theirs = *writer.definition->fields[*found].type;
                const Move move{Step::field_type, at, *found};
                readable = check_below(move, *field.type, theirs) && readable;
            } else if (field.default_value == nullptr && !stopped()) {
                readable = false;
                const bool has_enum_default = field.type->kind == AvroKind::enumeration &&
                                              field.type->definition->default_symbol;
                if (has_enum_default) {
                    // Parity: the reference compares the enum with the writer's whole record.
                    check_below({Step::field_type, at, no_step}, *field.type, writer);
                } else {
                    add(FindingKind::reader_field_missing_default_value, Leaf::field, at, reader,
                        writer);
                }
            }
        }
        return readable;
    }

    [[gnu::noinline]] std::optional<std::size_t> find_writer_field(const AvroField& field,
                                                                   std::size_t position,
                                                                   const AvroNode& writer,
                                                                   std::size_t guess) {
        auto found = find_field(*writer.definition, field.name, guess);
        spend(field.aliases.size());
        for (const std::string_view alias : field.aliases) {
            const auto other = find_field(*writer.definition, alias, guess);
            if (other && found) {
                stop_with_exception(field, position, writer);
                return std::nullopt;
            }
            found = found ? found : other;
        }
        return found;
    }

    [[gnu::noinline]] void stop_with_exception(const AvroField& field, std::size_t position,
                                               const AvroNode& writer) {
        if (stopped()) {
            return;
        }
        const auto text = to_resolved_text(writer);
        std::string message = fmt::format(
            "Reader record field {} type:{} pos:{} matches multiple fields in writer record schema "
            "{}",
            field.name, to_upper_string(field.type->kind), position,
            text ? *text : to_string(writer.definition->name));
        message.resize(std::min(message.size(), limits::findings_bytes_max));
        const Detail detail{nullptr, nullptr, places_.here(Leaf::field, position),
                            FindingKind::check_exception};
        exception_ = to_finding(detail, std::move(message));
    }

    bool check_below(Move move, const AvroNode& reader, const AvroNode& writer) {
        places_.push(move);
        const bool readable = check(reader, writer);
        places_.pop();
        return readable;
    }

    // Parity: places inside a probe begin at the union, and what a probe finds is not reported.
    bool probe(Move move, const AvroNode& reader, const AvroNode& writer) {
        const std::size_t begin = found_.size();
        const std::size_t hidden = places_.push_hidden(move);
        ++probes_;
        const bool readable = check(reader, writer);
        --probes_;
        places_.pop_hidden(hidden);
        found_.resize(std::min(found_.size(), begin));
        return readable;
    }

    // Always false, so that a comparison can end in it.
    [[gnu::noinline]] bool add(FindingKind kind, Leaf leaf, std::size_t number,
                               const AvroNode& reader, const AvroNode& writer) {
        // Limit: what probes find is only ever needed if the pair is met again outside of them.
        constexpr std::size_t details_max = 20 * limits::findings_max;
        if (list_room() > 0 && (probes_ == 0 || details_.size() < details_max)) {
            found_.push_back(static_cast<std::uint32_t>(details_.size()));
            details_.push_back({&reader, &writer, places_.here(leaf, number), kind});
        }
        return false;
    }

    Finding to_finding(const Detail& detail, std::string message) const {
        return {detail.kind, places_.text(detail.place, Side::reference), std::move(message),
                places_.text(detail.place, Side::reader), places_.text(detail.place, Side::writer)};
    }

    std::string message_of(const Detail& detail) const {
        const AvroDefinition* ours = detail.reader->definition;
        const AvroDefinition* theirs = detail.writer->definition;
        switch (detail.kind) {
            case FindingKind::name_mismatch:
                return "expected: " + to_string(theirs->name);
            case FindingKind::fixed_size_mismatch:
                return fmt::format("expected: {}, found: {}", theirs->size, ours->size);
            case FindingKind::missing_enum_symbols:
                return fmt::format("[{}]", fmt::join(missing_symbols(*ours, *theirs), ", "));
            case FindingKind::reader_field_missing_default_value:
                return std::string(ours->fields[detail.place.number].name);
            case FindingKind::missing_union_branch: {
                const AvroNode& lacking = detail.place.leaf == Leaf::branch
                                              ? *detail.writer->branches[detail.place.number]
                                              : *detail.writer;
                return fmt::format("reader union lacking writer type: {}",
                                   to_upper_string(lacking.kind));
            }
            default:  // a mismatch of types; the other kinds are not of this check
                break;
        }
        return fmt::format("reader type: {} not compatible with writer type: {}",
                           to_upper_string(detail.reader->kind),
                           to_upper_string(detail.writer->kind));
    }

    Findings to_findings() const {
        Findings findings;
        std::size_t bytes = 0;
        std::size_t place_bytes = 0;
        for (const std::uint32_t number : found_) {
            const Detail& detail = details_[number];
            Finding finding = to_finding(detail, message_of(detail));
            bytes += finding.path.size() + finding.message.size();
            if (bytes > limits::findings_bytes_max && !findings.empty()) {
                break;
            }
            // Apart, because the number of findings is the reference's.
            place_bytes += finding.reader_path.size() + finding.writer_path.size();
            if (place_bytes > limits::findings_bytes_max) {
                finding.reader_path.clear();
                finding.writer_path.clear();
            }
            findings.push_back(std::move(finding));
        }
        return findings;
    }

    const AvroNode& reader_;
    const AvroNode& writer_;
    PairMemo memo_;
    AvroPlaces places_;
    std::size_t probes_ = 0;
    std::vector<Detail> details_;
    std::vector<std::uint32_t> found_;  ///< numbers of details
    std::uint64_t steps_ = 0;
    std::size_t depth_ = 0;
    bool guess_failed_ = false;
    bool too_costly_ = false;
    std::optional<Finding> exception_;
};

}  // namespace

Result<Findings> check_reading(const AvroSchema& reader, const AvroSchema& writer) {
    return PairCheck(*reader.tree().root, *writer.tree().root).run();
}

}  // namespace symbolon::compat::avro
