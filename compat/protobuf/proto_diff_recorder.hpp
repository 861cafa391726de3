// Writes down what differs between two Protobuf schemas, with its place in each and what stands
// there.
//
// Threads:  one at a time
// Limits:   findings_max, findings_bytes_max
// Source:   protobuf-compat.md 4
// Tested by tests/unit/compat/proto_places_test.cpp
#pragma once

#include "compat/protobuf/proto_diff_report.hpp"
#include "compat/protobuf/proto_diff_side.hpp"
#include "compat/protobuf/proto_phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::compat::protobuf {

/// One field in both schemas.
struct FieldPair {
    const PlacedField& ours;
    const PlacedField& theirs;
};

class DiffRecorder : public DiffReport {
public:
    /// REQUIRES: both sides outlive this.
    DiffRecorder(Reported reported, const DiffSide& old_side, const DiffSide& new_side)
        : DiffReport(reported), old_(old_side), new_(new_side) {}

    void package_changed(const ProtoFile& original, const ProtoFile& update) {
        record(ProtoChange::package_changed, "", [&](ProtoDifference& out) {
            out.old_place = original.package.empty() ? "/" : "/package";
            out.new_place = update.package.empty() ? "/" : "/package";
            out.old_text = declaration_of_package(original);
            out.new_text = declaration_of_package(update);
        });
    }
    void message_removed(const std::string& name) {
        record(ProtoChange::message_removed, name, [&](ProtoDifference& out) {
            out.old_place = old_.place_of(name);
            out.old_text = fmt::format("`message {}`", name);
            out.detail = name;
        });
    }
    void leaf(ProtoChange change, std::string_view leaf) {
        record(change, leaf, [](ProtoDifference&) {});
    }
    /// A field that one schema lacks: it is placed at the message that would hold it.
    void removed(ProtoChange change, const PlacedField& field) {
        if (wants(change)) {
            record(change, leaf_of(field), [&](ProtoDifference& out) {
                out.old_place = old_.place_of(field);
                out.old_text = declaration_of(*field.field);
                out.detail = field.field->name;
            });
        }
    }
    void added(ProtoChange change, const PlacedField& field) {
        if (wants(change)) {
            record(change, leaf_of(field), [&](ProtoDifference& out) {
                out.new_place = new_.place_of(field);
                out.new_text = declaration_of(*field.field);
                out.detail = field.field->name;
            });
        }
    }
    /// A field that both have; `detail` is asked only when it is wanted.
    template <class Detail>
    void changed(ProtoChange change, const FieldPair& pair, const Detail& detail) {
        if (!wants(change)) {
            return;
        }
        record(change, leaf_of(pair.theirs), [&](ProtoDifference& out) {
            out.old_place = old_.place_of(pair.ours);
            out.new_place = new_.place_of(pair.theirs);
            out.old_text = declaration_of(*pair.ours.field);
            out.new_text = declaration_of(*pair.theirs.field);
            out.detail = detail();
            const std::string& imported =
                new_.imported().empty() ? old_.imported() : new_.imported();
            if (!imported.empty()) {
                out.detail += fmt::format(", in the imported message {}", imported);
            }
        });
    }
    void changed(ProtoChange change, const FieldPair& pair) {
        changed(change, pair, [] { return std::string(); });
    }

    void moved(ProtoChange change, const ProtoOneof& oneof, const PlacedField& first,
               const PlacedField& second) {
        record(change, oneof.name, [&](ProtoDifference& out) {
            const PlacedField& moved =
                first.oneof != nullptr && second.oneof == nullptr ? second : first;
            const auto now = std::find_if(
                oneof.fields.begin(), oneof.fields.end(),
                [&](const auto& field) { return field.number == moved.field->number; });
            out.old_place = old_.place_of(moved);
            out.new_place = new_.place_of({&*now, &oneof});
            out.old_text = fmt::format("{} and {}", declaration_of(*first.field),
                                       declaration_of(*second.field));
            out.new_text = fmt::format("`oneof {}`", oneof.name);
            out.detail = fmt::format("{}, {}", first.field->name, second.field->name);
        });
    }

private:
    /// Writes down a difference, with places and texts that are made only if it is wanted.
    template <class Describe>
    void record(ProtoChange change, std::string_view leaf, const Describe& describe) {
        if (!wants(change)) {
            return;
        }
        ProtoDifference difference{change, path_of(leaf)};
        difference.old_place = old_.place();
        difference.new_place = new_.place();
        if (finding_kind_of(change)) {
            describe(difference);
        }
        DiffReport::add(std::move(difference));
    }
    static std::string leaf_of(const PlacedField& field) {
        return field.oneof != nullptr ? fmt::format("{}/{}", field.oneof->name, field.number())
                                      : std::to_string(field.number());
    }

    const DiffSide& old_;
    const DiffSide& new_;
};

}  // namespace symbolon::compat::protobuf
