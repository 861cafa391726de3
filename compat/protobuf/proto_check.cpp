#include "compat/protobuf/proto_check.hpp"

#include "compat/protobuf/proto_diff_recorder.hpp"
#include "compat/protobuf/proto_diff_side.hpp"
#include "compat/protobuf/proto_kind.hpp"
#include "compat/protobuf/proto_phrases.hpp"
#include "compat/too_costly.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

enum class Visits : std::uint8_t {
    as_reference,  ///< every use of a message is compared and reported again
    once,          ///< a pair of messages is compared once: the same verdict, fewer findings
};

class ProtoDiff {
public:
    ProtoDiff(const ProtoSchema& original, const ProtoSchema& update, Reported reported,
              Visits visits, std::uint64_t steps_max)
        : old_(original.files()),
          new_(update.files()),
          report_(reported, old_, new_),
          visits_(visits),
          steps_max_(steps_max) {}

    void run() {
        const ProtoFile& original = old_.files.root;
        const ProtoFile& update = new_.files.root;
        if (original.package != update.package) {
            report_.package_changed(original, update);
        }
        compare_messages(original.messages, update.messages);
        compare_enums(original.enums, update.enums);
    }
    bool too_costly() const { return too_costly_; }
    std::vector<ProtoDifference> take() { return report_.take(); }

private:
    bool stopped() const { return too_costly_ || report_.full(); }
    void spend(std::uint64_t steps) {
        steps_ += steps;
        too_costly_ = too_costly_ || steps_ > steps_max_;
    }

    // --- types of one level

    void compare_messages(const std::vector<ProtoMessage>& ours,
                          const std::vector<ProtoMessage>& theirs) {
        spend(ours.size() + theirs.size());
        std::map<std::string_view, std::size_t> places;
        for (std::size_t at = 0; at < theirs.size(); ++at) {
            places.insert_or_assign(theirs[at].name, at);
        }
        std::set<std::string_view> known;
        for (std::size_t at = 0; at < ours.size() && !stopped(); ++at) {
            known.insert(ours[at].name);
            const auto place = places.find(ours[at].name);
            if (place != places.end()) {
                compare_nested(ours[at], theirs[place->second]);
                if (place->second != at) {
                    report_.leaf(ProtoChange::message_moved, ours[at].name);
                }
            } else if (!is_map_entry(ours[at])) {
                report_.message_removed(ours[at].name);
            }
        }
        for (const auto& [name, at] : places) {
            if (known.count(name) == 0 && !is_map_entry(theirs[at])) {
                report_.leaf(ProtoChange::message_added, name);
            }
        }
    }

    void compare_nested(const ProtoMessage& ours, const ProtoMessage& theirs) {
        const DiffSide::Mark old_mark = old_.enter(ours.name);
        const DiffSide::Mark new_mark = new_.enter(theirs.name);
        const std::string path = report_.enter(report_.path_of(ours.name));
        compare_message(ours, theirs);
        report_.enter(path);
        old_.leave(old_mark);
        new_.leave(new_mark);
    }

    void compare_enums(const std::vector<ProtoEnum>& ours, const std::vector<ProtoEnum>& theirs) {
        spend(ours.size() + theirs.size());
        std::map<std::string_view, const ProtoEnum*> left;
        for (const ProtoEnum& enumeration : theirs) {
            left.insert_or_assign(enumeration.name, &enumeration);
        }
        for (const ProtoEnum& enumeration : ours) {
            const auto found = left.find(enumeration.name);
            if (found == left.end()) {
                report_.leaf(ProtoChange::enum_removed, enumeration.name);
            } else if (found->second != nullptr) {
                compare_constants(enumeration, *std::exchange(found->second, nullptr));
            }
        }
        for (const auto& [name, enumeration] : left) {
            if (enumeration != nullptr) {
                report_.leaf(ProtoChange::enum_added, name);
            }
        }
    }

    // Nothing about constants breaks a reader, so they are looked at only when all is reported.
    void compare_constants(const ProtoEnum& ours, const ProtoEnum& theirs) {
        if (!report_.wants(ProtoChange::enum_const_added)) {
            return;
        }
        const auto names_of = [](const ProtoEnum& enumeration) {
            std::map<std::int32_t, std::string_view> names;
            for (const ProtoConstant& constant : enumeration.constants) {
                names.insert_or_assign(constant.number, constant.name);
            }
            return names;
        };
        const auto before = names_of(ours);
        const auto after = names_of(theirs);
        spend(before.size() + after.size());
        const auto path = [&](std::int32_t number) {
            return fmt::format("{}/{}", ours.name, number);
        };
        for (const auto& [number, name] : before) {
            const auto found = after.find(number);
            if (found == after.end()) {
                report_.leaf(ProtoChange::enum_const_removed, path(number));
            } else if (found->second != name) {
                report_.leaf(ProtoChange::enum_const_changed, path(number));
            }
        }
        for (const auto& [number, name] : after) {
            if (before.count(number) == 0) {
                report_.leaf(ProtoChange::enum_const_added, path(number));
            }
        }
    }

    // --- message against message

    using Pair = std::pair<const ProtoMessage*, const ProtoMessage*>;

    void compare_message(const ProtoMessage& ours, const ProtoMessage& theirs) {
        spend(1);
        if (stopped() || clean_.count({&ours, &theirs}) != 0) {
            return;
        }
        if (depth_ >= limits::protobuf_check_depth_max) {
            too_costly_ = true;
            return;
        }
        if (visits_ == Visits::once) {
            clean_.insert({&ours, &theirs});
        }
        const std::size_t outer_lowest =
            std::exchange(lowest_, std::numeric_limits<std::size_t>::max());
        const DiffCounts before = report_.counts();
        const auto [place, added] = in_progress_.emplace(&ours, ++depth_);
        if (added || visits_ == Visits::once) {
            compare_members(ours, theirs);
        } else {
            lowest_ = place->second;
        }
        compare_messages(ours.messages, theirs.messages);
        compare_enums(ours.enums, theirs.enums);
        // Equal once is equal always, unless that rests on a message that is still being compared.
        if (lowest_ >= depth_ && report_.counts() == before) {
            clean_.insert({&ours, &theirs});
        }
        if (added) {
            in_progress_.erase(&ours);
        }
        lowest_ = std::min(outer_lowest,
                           lowest_ < depth_ ? lowest_ : std::numeric_limits<std::size_t>::max());
        --depth_;
    }

    void compare_members(const ProtoMessage& ours, const ProtoMessage& theirs) {
        const auto before = fields_by_number(ours);
        const auto after = fields_by_number(theirs);
        spend(before.size() + after.size());
        const auto deleted = compare_oneofs(ours, theirs, before, after);
        auto old_field = before.begin();
        auto new_field = after.begin();
        while ((old_field != before.end() || new_field != after.end()) && !stopped()) {
            if (new_field == after.end() ||
                (old_field != before.end() && old_field->number() < new_field->number())) {
                if (old_field->oneof == nullptr || deleted.count(old_field->oneof) == 0) {
                    record_removed(*old_field);
                }
                ++old_field;
            } else if (old_field == before.end() || new_field->number() < old_field->number()) {
                record_added(*new_field);
                ++new_field;
            } else {
                compare_field({*old_field++, *new_field++});
            }
        }
    }

    void record_removed(const PlacedField& field) {
        const bool required = field.field->label == Label::required;
        report_.removed(field.oneof != nullptr ? ProtoChange::oneof_field_removed
                        : required             ? ProtoChange::required_field_removed
                                               : ProtoChange::field_removed,
                        field);
    }

    void record_added(const PlacedField& field) {
        const bool required = field.field->label == Label::required;
        report_.added(field.oneof != nullptr ? ProtoChange::oneof_field_added
                      : required             ? ProtoChange::required_field_added
                                             : ProtoChange::field_added,
                      field);
    }

    // Returns the oneofs of the original that are gone with all their fields.
    std::set<const ProtoOneof*> compare_oneofs(const ProtoMessage& ours, const ProtoMessage& theirs,
                                               const std::vector<PlacedField>& before,
                                               const std::vector<PlacedField>& after) {
        std::set<std::string_view> old_names;
        std::set<std::string_view> new_names;
        for (const ProtoOneof& oneof : ours.oneofs) {
            old_names.insert(oneof.name);
        }
        for (const ProtoOneof& oneof : theirs.oneofs) {
            new_names.insert(oneof.name);
            compare_origins(oneof, before);
            if (old_names.count(oneof.name) == 0) {
                report_.leaf(ProtoChange::oneof_added, oneof.name);
            }
        }
        std::set<const ProtoOneof*> deleted;
        for (const ProtoOneof& oneof : ours.oneofs) {
            if (new_names.count(oneof.name) != 0) {
                continue;
            }
            report_.leaf(ProtoChange::oneof_removed, oneof.name);
            if (std::none_of(oneof.fields.begin(), oneof.fields.end(), [&](const auto& field) {
                    return find_number(after, field.number) != nullptr;
                })) {
                deleted.insert(&oneof);
            }
        }
        return deleted;
    }

    // Where the members of a oneof were before: in which oneofs, or each on its own.
    void compare_origins(const ProtoOneof& oneof, const std::vector<PlacedField>& before) {
        std::set<std::string_view> oneofs;
        std::size_t alone = 0;
        // Two that were apart: the first member, and the first of another origin. The one that
        // stood alone is the one that moved.
        const PlacedField* first = nullptr;
        const PlacedField* second = nullptr;
        for (const ProtoField& field : oneof.fields) {
            const PlacedField* was = find_number(before, field.number);
            if (was == nullptr) {
                continue;
            }
            alone += was->oneof == nullptr ? 1 : 0;
            if (was->oneof != nullptr) {
                oneofs.insert(was->oneof->name);
            }
            if (first == nullptr) {
                first = was;
            } else if (second == nullptr && was != first &&
                       (was->oneof == nullptr || was->oneof != first->oneof)) {
                second = was;
            }
        }
        if (oneofs.size() + alone > 1) {
            report_.moved(alone >= 2 ? ProtoChange::multiple_fields_moved_to_oneof
                                     : ProtoChange::field_moved_to_existing_oneof,
                          oneof, *first, second == nullptr ? *first : *second);
        }
    }

    // --- field against field

    void compare_field(const FieldPair& pair) {
        if (pair.ours.oneof != nullptr && pair.theirs.oneof == nullptr) {
            report_.changed(ProtoChange::oneof_field_moved_to_top_level, pair);
        }
        if (pair.ours.field->name != pair.theirs.field->name) {
            report_.changed(ProtoChange::field_name_changed, pair);
        }
        const ProtoKind before = kind_in(pair.ours.field->type, old_, old_.scope);
        const ProtoKind after = kind_in(pair.theirs.field->type, new_, new_.scope);
        compare_kinds(before, after, {pair.ours.field->label, pair.theirs.field->label}, pair);
    }

    ProtoKind kind_in(std::string_view type, const DiffSide& side, std::string_view scope) {
        std::uint64_t steps = 0;
        ProtoKind kind = kind_of(type, scope, side.files.names, steps);
        spend(steps);
        return kind;
    }

    struct Labels {
        Label ours = Label::none;
        Label theirs = Label::none;
    };

    void compare_kinds(const ProtoKind& before, const ProtoKind& after, Labels labels,
                       const FieldPair& pair) {
        if (before.shape != after.shape) {
            report_.changed(ProtoChange::field_kind_changed, pair, [&] {
                return fmt::format("written as {}, read as {}", word_of(before.shape),
                                   word_of(after.shape));
            });
            return;
        }
        switch (after.shape) {
            case ProtoKind::Shape::scalar:
                compare_scalars(before, after, labels, pair);
                break;
            case ProtoKind::Shape::map:
                compare_parts(before.key, after.key, before, after, pair);
                compare_parts(before.value, after.value, before, after, pair);
                break;
            case ProtoKind::Shape::message:
                compare_named(before, after, pair);
                break;
        }
    }

    void compare_parts(std::string_view old_type, std::string_view new_type,
                       const ProtoKind& before, const ProtoKind& after, const FieldPair& pair) {
        compare_kinds(kind_in(old_type, old_, before.scope), kind_in(new_type, new_, after.scope),
                      {}, pair);
    }

    void compare_scalars(const ProtoKind& before, const ProtoKind& after, Labels labels,
                         const FieldPair& pair) {
        if (before.group != after.group) {
            report_.changed(ProtoChange::field_scalar_kind_changed, pair, [&] {
                return fmt::format("written as {}, read as {}", encoding_of(before.group),
                                   encoding_of(after.group));
            });
        } else if (labels.ours != Label::none && labels.theirs != Label::none &&
                   labels.ours != labels.theirs) {
            report_.changed(
                after.group == ScalarGroup::bytes ? ProtoChange::field_string_or_bytes_label_changed
                                                  : ProtoChange::field_numeric_label_changed,
                pair, [&] {
                    return fmt::format("written as {}number, read as {}number",
                                       label_word(labels.ours), label_word(labels.theirs));
                });
        }
    }

    void compare_named(const ProtoKind& before, const ProtoKind& after, const FieldPair& pair) {
        const auto record_named = [&](std::string_view written, std::string_view read) {
            report_.changed(ProtoChange::field_named_type_changed, pair, [&] {
                return written == read ? fmt::format("{} itself changed in the imported file", read)
                                       : fmt::format("written as {}, read as {}", written, read);
            });
        };
        if (!before.found || !after.found) {
            if (before.written != after.written) {
                record_named(before.written, after.written);
            }
            return;
        }
        if (before.found->local_name() != after.found->local_name()) {
            record_named(before.found->local_name(), after.found->local_name());
            return;
        }
        if (same_origin(before.found->what, after.found->what)) {
            return;
        }
        const std::size_t breaking = report_.counts().breaking;
        follow(*before.found, *after.found, pair);
        if (report_.counts().breaking > breaking) {
            record_named(before.found->local_name(), after.found->local_name());
        }
    }

    // Paths begin anew at the message that is followed.
    void follow(const FoundName& before, const FoundName& after, const FieldPair& pair) {
        std::string path = "#/" + std::string(after.local_name());
        std::replace(path.begin(), path.end(), '.', '/');
        path = report_.enter(std::move(path));
        DiffSide::Before old_before = old_.follow(before, pair.ours);
        DiffSide::Before new_before = new_.follow(after, pair.theirs);
        compare_message(*before.what.message, *after.what.message);
        report_.enter(std::move(path));
        old_.come_back(std::move(old_before));
        new_.come_back(std::move(new_before));
    }

    bool same_origin(const ProtoName& before, const ProtoName& after) const {
        if (before.message == after.message || (before.file == 0 && after.file == 0)) {
            return true;
        }
        const ProtoReference* ours = find_direct(old_.files, before.file);
        const ProtoReference* theirs = find_direct(new_.files, after.file);
        return ours != nullptr && theirs != nullptr && ours->subject == theirs->subject &&
               ours->version == theirs->version;
    }

    static const ProtoReference* find_direct(const ProtoFiles& files, std::uint32_t file) {
        if (file == 0 || file == built_in_file) {
            return nullptr;
        }
        const ProtoReference& reference = files.references[file - 1];
        return reference.is_direct() ? &reference : nullptr;
    }

    DiffSide old_;
    DiffSide new_;
    DiffRecorder report_;
    const Visits visits_;
    const std::uint64_t steps_max_;
    std::uint64_t steps_ = 0;
    bool too_costly_ = false;
    std::size_t depth_ = 0;
    std::size_t lowest_ = std::numeric_limits<std::size_t>::max();
    std::unordered_map<const ProtoMessage*, std::size_t> in_progress_;
    std::set<Pair> clean_;
};

}  // namespace

Result<std::vector<ProtoDifference>> diff_schemas(const ProtoSchema& original,
                                                  const ProtoSchema& update, Reported reported) {
    // The reference compares a type again for every use of it. That is done as long as it is
    // cheap; then each pair of messages once, which costs no more than the schemas are large.
    constexpr std::uint64_t part_for_all_uses = 10;
    ProtoDiff exact(original, update, reported, Visits::as_reference,
                    limits::check_steps_max / part_for_all_uses);
    exact.run();
    if (!exact.too_costly()) {
        return exact.take();
    }
    ProtoDiff once(original, update, reported, Visits::once, limits::check_steps_max);
    once.run();
    if (!once.too_costly()) {
        return once.take();
    }
    return failure(too_costly_to_compare(limits::protobuf_check_depth_max));
}

Result<Findings> check_reading(const ProtoSchema& reader, const ProtoSchema& writer) {
    SYMBOLON_TRY(auto differences, diff_schemas(writer, reader, Reported::breaking));
    Findings findings;
    for (ProtoDifference& difference : differences) {
        if (const auto kind = finding_kind_of(difference.change)) {
            findings.push_back({.kind = *kind,
                                .path = std::move(difference.path),
                                .message = std::move(difference.detail),
                                .reader_path = std::move(difference.new_place),
                                .writer_path = std::move(difference.old_place),
                                .reader_text = std::move(difference.new_text),
                                .writer_text = std::move(difference.old_text)});
        }
    }
    return findings;
}

}  // namespace symbolon::compat::protobuf
