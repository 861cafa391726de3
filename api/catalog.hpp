// Everything the registry knows, as values: schemas, versions, configs and modes of every context.
//
// Contents are shared, never copied; nothing is parsed here. A catalogue is built and kept up to
// date by applying the store's entries in their order, so two catalogues of one store become equal.
//
// Errors:   store_failed when a version points to a schema that is not there
// Threads:  const members from many threads at once, unless apply runs
// Source:   docs/decisions/0005-dumb-store.md
// Tested by tests/unit/api/catalog_test.cpp
#pragma once

#include "api/associations/association_index.hpp"
#include "api/config.hpp"
#include "api/dek/key_index.hpp"
#include "api/records.hpp"
#include "api/schema_content.hpp"
#include "api/subject_name.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon {

/// A version as its subject lists it.
struct VersionRow {
    Version version;
    SchemaId id;
    std::int64_t ts = 0;
    bool deleted = false;
    ContentPtr content;
};

/// Who uses a schema id, within its context.
struct SchemaUse {
    std::string subject;
    Version version;

    friend auto operator<=>(const SchemaUse&, const SchemaUse&) = default;
};

/// What an id stands for, and every version that uses it.
struct SchemaSlot {
    ContentPtr content;
    std::set<SchemaUse> uses;
    std::size_t live_uses = 0;
    std::int64_t ts = 0;  ///< when it was first used
};

/// One version of one subject, anywhere.
struct VersionName {
    SubjectName subject;
    Version version;

    friend auto operator<=>(const VersionName&, const VersionName&) = default;
};

using VersionRows = std::vector<VersionRow>;  ///< ascending by version

struct ContextState {
    bool listed = false;  ///< something was registered in it, and it was not deleted since
    SchemaId max_id;
    std::unordered_map<SchemaId, SchemaSlot> schemas;
    std::unordered_multimap<Guid, SchemaId, GuidHash> ids;
    std::map<std::string, VersionRows, std::less<>> subjects;
    std::map<std::string, ConfigPtr, std::less<>> configs;
    std::map<std::string, Mode, std::less<>> modes;
};

class Catalog {
public:
    using Contexts = std::map<std::string, ContextState, std::less<>>;

    /// Every context that has anything, "." first in byte order of names or not at all.
    const Contexts& contexts() const { return contexts_; }
    /// nullptr when the context has nothing.
    const ContextState* find_context(std::string_view context) const;
    /// nullptr when the subject has no version at all, not even a deleted one.
    const VersionRows* find_versions(const SubjectName& subject) const;
    const VersionRow* find_version(const SubjectName& subject, Version version) const;
    const SchemaSlot* find_schema(std::string_view context, SchemaId id) const;
    /// The ids of this identity in `context`, ascending (ID-8: import may give it several).
    std::vector<SchemaId> ids_of(std::string_view context, const Guid& guid) const;
    /// The versions that refer to `target` directly; nullptr when none does.
    const std::set<VersionName>* find_referrers(const VersionName& target) const;
    /// How often live versions refer to a version of `subject`: one that refers to two counts
    /// twice.
    std::size_t live_referrers(const SubjectName& subject) const;
    const Config* find_config(const SubjectName& scope) const;
    const Mode* find_mode(const SubjectName& scope) const;
    const AssociationIndex& associations() const {
        return base_ == nullptr ? associations_ : base_->associations();
    }
    const KeyIndex& keys() const { return base_ == nullptr ? keys_ : base_->keys(); }

    /// Where the store stood when this catalogue heard of it last.
    Revision revision() const { return revision_; }
    /// The same, but not moved by what is stored and no answer is made from.
    Revision changed_at() const { return changed_at_; }

    /// A catalogue that shows `base` with what is applied to it on top: for deciding several writes
    /// one after the other without a copy. Takes schemas, versions and settings alone; contexts()
    /// and live_referrers() are not its to answer.
    /// REQUIRES: `base` outlives it and does not change meanwhile.
    static Catalog layer_over(const Catalog& base);

    Status apply(const Change& change);
    void set_revision(Revision revision);

private:
    Status apply_in_context(const Change& change);
    void apply_setting_of_layer(const Change& change);
    void apply_association(const Change& change);
    void apply_key(const Change& change);
    Status apply_version(const Change& change);
    void apply_schema(const Change& change);
    void remove_row(const SubjectName& subject, Version version);
    void add_uses(const SubjectName& subject, const VersionRow& row);
    void remove_uses(const SubjectName& subject, const VersionRow& row);
    void remove_referrer(const VersionName& target, const VersionName& referrer, bool live);

    void copy_up(const Change& change);
    void copy_up_schema(const std::string& context, SchemaId id);
    void copy_up_uses(const std::string& context, SchemaId id, const SchemaContent& content);

    const Catalog* base_ = nullptr;  ///< what a layer lies over; a layer has what it touched itself
    Contexts contexts_;
    // Of a layer alone; without a value they hide the base's.
    std::map<SubjectName, ConfigPtr> layer_configs_;
    std::map<SubjectName, std::optional<Mode>> layer_modes_;
    std::map<VersionName, std::set<VersionName>> referrers_;
    std::map<SubjectName, std::size_t> live_referrers_;
    AssociationIndex associations_;
    KeyIndex keys_;
    Revision revision_;
    Revision changed_at_;
    bool changed_ = false;  ///< something was applied since set_revision
};

/// The highest live version; nullptr when there is none.
const VersionRow* find_latest(const VersionRows* rows);
bool has_live(const VersionRows& rows);
/// `row` as answers carry it.
SubjectVersion to_subject_version(const SubjectName& subject, const VersionRow& row);
/// The subject and version that `reference` of a schema in `context` points to (REF-2).
VersionName target_of(const Reference& reference, std::string_view context);

}  // namespace symbolon
