#include "gate/diff/structural_diff.hpp"

#include "compat/avro/avro_schema.hpp"
#include "compat/json_text/json_text.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "core/limits.hpp"
#include "gate/diff/change_list.hpp"
#include "gate/diff/diff_walks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory_resource>
#include <unordered_map>
#include <utility>

namespace symbolon::gate {

namespace {

using compat::Direction;
using compat::FindingKind;

/// What two references are told apart by; a file's say neither subject nor version for certain.
bool is_same_target(const Reference& before, const Reference& after) {
    const bool subject_known = !before.subject.empty() && !after.subject.empty();
    const bool version_known = before.version > 0 && after.version > 0;
    return (!subject_known || before.subject == after.subject) &&
           (!version_known || before.version == after.version);
}

std::string reference_text(const Reference* reference) {
    if (reference == nullptr) {
        return "";
    }
    const std::string version =
        reference->version > 0 ? fmt::format(" version {}", reference->version) : "";
    return (reference->subject.empty() ? "no subject" : reference->subject) + version;
}

void diff_references(const std::vector<Reference>& before, const std::vector<Reference>& after,
                     ChangeList& list) {
    std::map<std::string_view, std::pair<const Reference*, const Reference*>> both;
    for (const Reference& reference : before) {
        both[reference.name].first = &reference;
    }
    for (const Reference& reference : after) {
        both[reference.name].second = &reference;
    }
    for (const auto& [name, pair] : both) {
        if (pair.first == nullptr || pair.second == nullptr ||
            !is_same_target(*pair.first, *pair.second)) {
            const DiffSpot spot{"references", std::string(name), "", ""};
            list.change("reference", spot, reference_text(pair.first), reference_text(pair.second));
        }
    }
}

Status walk_json(const compat::ParsedSchema& before, const compat::ParsedSchema& after,
                 ChangeList& list) {
    SYMBOLON_TRY(const std::string old_text, before.canonical_text(compat::Normalize::no));
    SYMBOLON_TRY(const std::string new_text, after.canonical_text(compat::Normalize::no));
    std::pmr::monotonic_buffer_resource memory;
    compat::JsonReader old_reader(old_text, memory, memory, compat::JsonDialect::plain);
    compat::JsonReader new_reader(new_text, memory, memory, compat::JsonDialect::plain);
    const compat::JsonNode* old_root = old_reader.read();
    const compat::JsonNode* new_root = new_reader.read();
    if (old_root == nullptr || new_root == nullptr) {
        return failure(make_error(ErrorCode::invalid_schema, "the stored text is no JSON"));
    }
    diff_json(*old_root, *new_root, list);
    return {};
}

using PlaceKey = std::function<std::string(std::string_view)>;

PlaceKey place_key_of(const compat::ParsedSchema& schema) {
    if (schema.type() == SchemaType::avro) {
        const auto& tree = static_cast<const compat::avro::AvroSchema&>(schema).tree();
        return [&tree](std::string_view path) { return avro_place_key(tree, path); };
    }
    return [](std::string_view path) {
        path.remove_prefix(path.starts_with('#') ? 1 : 0);
        return path == "/" ? std::string() : std::string(path);
    };
}

/// A kind of finding that is about what one side has and the other lacks.
bool is_about_lack(FindingKind kind) {
    constexpr std::array kinds{
        FindingKind::missing_enum_symbols,
        FindingKind::missing_union_branch,
        FindingKind::reader_field_missing_default_value,
        FindingKind::message_removed,
        FindingKind::oneof_field_removed,
        FindingKind::required_field_added,
        FindingKind::required_field_removed,
    };
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// False when a change cannot be what a finding speaks of: that something is there is no reason
/// why its absence hurts.
bool may_be_about(const compat::DirectedFinding& found, const Change& change) {
    if (change.effect == ChangeEffect::documentation) {
        return false;
    }
    if (!is_about_lack(found.finding.kind)) {
        return true;
    }
    if (change.kind == ChangeKind::changed) {
        return !change.about.starts_with("order of ");
    }
    // Symbols, branches and messages are missing in the reader; fields are missing in the writer.
    const bool reader_lacks = found.finding.kind == FindingKind::missing_enum_symbols ||
                              found.finding.kind == FindingKind::missing_union_branch ||
                              found.finding.kind == FindingKind::message_removed ||
                              found.finding.kind == FindingKind::oneof_field_removed ||
                              found.finding.kind == FindingKind::required_field_removed;
    const bool new_reads = found.direction == Direction::backward;
    const ChangeKind wanted = reader_lacks == new_reads ? ChangeKind::removed : ChangeKind::added;
    return change.kind == wanted;
}

/// Two findings that read the same: a definition that is used twice is compared at each use.
bool tell_the_same(const compat::DirectedFinding& left, const compat::DirectedFinding& right) {
    return left.direction == right.direction && left.finding.kind == right.finding.kind &&
           left.finding.message == right.finding.message &&
           compat::reader_place(left.finding) == compat::reader_place(right.finding) &&
           compat::writer_place(left.finding) == compat::writer_place(right.finding);
}

/// Lays findings beside the changes at their places.
class Attacher {
public:
    Attacher(SchemaDiff& diff, PlaceKey old_key, PlaceKey new_key)
        : diff_(diff), old_key_(std::move(old_key)), new_key_(std::move(new_key)) {
        for (std::size_t at = 0; at < diff.changes.size(); ++at) {
            if (diff.changes[at].effect == ChangeEffect::data) {
                add(old_, old_key_(diff.changes[at].old_path), at);
                add(new_, new_key_(diff.changes[at].new_path), at);
            }
        }
    }

    void attach(std::size_t finding) {
        const compat::DirectedFinding& found = diff_.findings[finding];
        const bool new_reads = found.direction == Direction::backward;
        const auto reader = compat::reader_place(found.finding);
        const auto writer = compat::writer_place(found.finding);
        scores_.clear();
        collect(old_, old_key_(new_reads ? writer : reader));
        collect(new_, new_key_(new_reads ? reader : writer));
        int best = 0;
        for (const auto& [change, score] : scores_) {
            best = may_be_about(found, diff_.changes[change]) ? std::max(best, score) : best;
        }
        bool attached = false;
        for (const auto& [change, score] : scores_) {
            if (best == 0 || score != best || !may_be_about(found, diff_.changes[change])) {
                continue;
            }
            auto& findings = diff_.changes[change].findings;
            const bool is_told = std::any_of(
                findings.begin(), findings.end(),
                [&](std::size_t other) { return tell_the_same(diff_.findings[other], found); });
            if (!is_told && findings.size() < findings_of_change_max) {
                findings.push_back(finding);
            }
            attached = attached || is_told || findings.back() == finding;
        }
        if (!attached) {
            diff_.loose_findings.push_back(finding);
        }
    }

private:
    using Index = std::unordered_map<std::string, std::vector<std::size_t>>;
    /// Changes at one place that are looked at; there are more only in lists of symbols.
    static constexpr std::size_t candidates_max = 200;
    /// One change is rarely told in more; the others are told apart from it.
    static constexpr std::size_t findings_of_change_max = 10;

    static std::string parent_of(const std::string& key) {
        const std::size_t slash = key.rfind('/');
        return slash == std::string::npos ? std::string() : key.substr(0, slash);
    }

    static void add(Index& index, const std::string& key, std::size_t change) {
        index[key].push_back(change);
        index[parent_of(key) + "/*"].push_back(change);
    }

    void collect(const Index& index, const std::string& place) {
        score(index, place, 8);
        score(index, place + "/*", 2);
        // A finding inside of what changed, such as the name of a type: a few steps up.
        std::string up = place;
        for (int steps = 0, worth = 6; steps < 3 && !up.empty(); ++steps, --worth) {
            up = parent_of(up);
            if (up.empty()) {
                break;
            }
            score(index, up, worth);
        }
    }

    void score(const Index& index, const std::string& key, int worth) {
        const auto found = index.find(key);
        if (found == index.end()) {
            return;
        }
        const std::size_t count = std::min(found->second.size(), candidates_max);
        for (std::size_t at = 0; at < count; ++at) {
            scores_[found->second[at]] += worth;
        }
    }

    SchemaDiff& diff_;
    PlaceKey old_key_;
    PlaceKey new_key_;
    Index old_;
    Index new_;
    std::map<std::size_t, int> scores_;
};

/// Findings of one direction; nullopt when that cannot be decided.
std::optional<bool> find_direction(SchemaDiff& diff, const compat::ParsedSchema& reader,
                                   const compat::ParsedSchema& writer, Direction direction,
                                   compat::Policy policy) {
    const auto found = reader.findings_under(policy, writer);
    if (!found) {
        diff.notes.push_back(fmt::format("{} compatibility is not decidable: {}",
                                         direction == Direction::backward ? "backward" : "forward",
                                         found.error().message));
        return std::nullopt;
    }
    for (const compat::Finding& finding : *found) {
        diff.findings.push_back({finding, direction});
    }
    return found->empty();
}

}  // namespace

std::string_view to_string(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::added:
            return "added";
        case ChangeKind::removed:
            return "removed";
        case ChangeKind::changed:
            return "changed";
    }
    return "";
}

Result<SchemaDiff> diff_schemas(const DiffSide& old_side, const DiffSide& new_side,
                                compat::Policy policy) {
    const compat::ParsedSchema& before = *old_side.schema;
    const compat::ParsedSchema& after = *new_side.schema;
    if (before.type() != after.type()) {
        return failure(Error{ErrorCode::malformed_request,
                             fmt::format("the first is of type {}, the second of type {}: only "
                                         "schemas of one type can be compared",
                                         to_string(before.type()), to_string(after.type()))});
    }
    SchemaDiff diff;
    ChangeList list;
    diff_references(old_side.references, new_side.references, list);
    switch (before.type()) {
        case SchemaType::avro:
            diff_avro(static_cast<const compat::avro::AvroSchema&>(before).tree(),
                      static_cast<const compat::avro::AvroSchema&>(after).tree(), list);
            break;
        case SchemaType::json:
            SYMBOLON_CHECK(walk_json(before, after, list));
            break;
        case SchemaType::protobuf:
            diff_proto(static_cast<const compat::protobuf::ProtoSchema&>(before).files().root,
                       static_cast<const compat::protobuf::ProtoSchema&>(after).files().root, list);
            break;
    }
    if (list.ended()) {
        diff.notes.push_back(
            fmt::format("the schemas differ in more than can be told: only the first {} changes "
                        "are, and there may be more",
                        limits::diff_changes_max));
    }
    diff.changes = std::move(list).finish();
    diff.backward = find_direction(diff, after, before, Direction::backward, policy);
    diff.forward = find_direction(diff, before, after, Direction::forward, policy);
    Attacher attacher(diff, place_key_of(before), place_key_of(after));
    for (std::size_t at = 0; at < diff.findings.size(); ++at) {
        attacher.attach(at);
    }
    return diff;
}

}  // namespace symbolon::gate
