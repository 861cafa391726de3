#include "api/candidate.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>
#include <utility>

namespace symbolon {

namespace {

void overlay(Metadata& base, const Metadata& later) {
    for (const auto& [path, tags] : later.tags) {
        base.tags[path].insert(tags.begin(), tags.end());
    }
    for (const auto& [key, value] : later.properties) {
        base.properties[key] = value;
    }
    base.sensitive.insert(later.sensitive.begin(), later.sensitive.end());
}

void overlay(std::vector<Rule>& base, const std::vector<Rule>& later) {
    std::erase_if(base, [&](const Rule& rule) {
        return std::any_of(later.begin(), later.end(),
                           [&](const Rule& other) { return other.name == rule.name; });
    });
    base.insert(base.end(), later.begin(), later.end());
}

void overlay(RuleSet& base, const RuleSet& later) {
    overlay(base.migration_rules, later.migration_rules);
    overlay(base.domain_rules, later.domain_rules);
    overlay(base.encoding_rules, later.encoding_rules);
    if (later.enable_at) {
        base.enable_at = later.enable_at;
    }
}

// DC-3: the three in their order; nothing when none is there.
template <class Value>
std::optional<Value> overlaid(const std::optional<Value>& first, const std::optional<Value>& second,
                              const std::optional<Value>& third) {
    std::optional<Value> result;
    for (const auto* part : {&first, &second, &third}) {
        if (!*part) {
            continue;
        }
        if (result) {
            overlay(*result, **part);
        } else {
            result = *part;
        }
    }
    return result;
}

// CV-2: a version number belongs to one version, so it is not inherited.
std::optional<Metadata> inheritable(const std::optional<Metadata>& metadata) {
    std::optional<Metadata> result = metadata;
    if (result && result->properties.erase(std::string(version_property)) > 0 &&
        *result == Metadata{}) {
        result.reset();
    }
    return result;
}

// LOOK-5: the version number is compared apart, and null equals empty.
Metadata comparable(const std::optional<Metadata>& metadata) {
    Metadata result = metadata.value_or(Metadata{});
    result.properties.erase(std::string(version_property));
    return result;
}

std::string references_text(const std::vector<Reference>& references) {
    std::string text = "[";
    for (const auto& reference : references) {
        text += text.size() > 1 ? ", " : "";
        text += to_text(reference);
    }
    return text + "]";
}

std::string cut(const std::string& text) {
    std::size_t size = std::min(text.size(), limits::old_schema_message_chars_max);
    while (size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;  // never inside a UTF-8 sequence
    }
    return text.substr(0, size);
}

// The contract's first text of 2.5.
Error invalid_schema(const SubjectName& subject, const Draft& draft, const std::string& details) {
    const std::string references = references_text(draft.references);
    const std::string metadata = draft.metadata ? to_text(to_json(*draft.metadata)) : "null";
    const std::string rules = draft.rule_set ? to_text(to_json(*draft.rule_set)) : "null";
    return make_error(
        ErrorCode::invalid_schema,
        fmt::format("Invalid schema {{subject={},version=0,id=-1,guid=null,schemaType={},"
                    "references={},metadata={},ruleSet={},schema={}}} with refs {} of type {}, "
                    "details: {}",
                    to_text(subject), to_string(draft.type), cut(references), cut(metadata),
                    cut(rules), cut(draft.text), cut(references), to_string(draft.type),
                    cut(details)));
}

// NORM-2.
void normalize_references(std::vector<Reference>& references) {
    const auto order = [](const Reference& reference) {
        return std::tie(reference.subject, reference.version, reference.name);
    };
    std::sort(references.begin(), references.end(),
              [&](const auto& left, const auto& right) { return order(left) < order(right); });
    references.erase(std::unique(references.begin(), references.end()), references.end());
}

Result<Candidate> parse_candidate(const Catalog& catalog, const SubjectName& subject,
                                  const Draft& draft, CandidateOptions options, Workbench& bench) {
    SYMBOLON_TRY(auto references, resolve_latest(catalog, subject.context, draft.references));
    if (options.normalize == compat::Normalize::yes) {
        normalize_references(references);
    }
    SYMBOLON_TRY(auto closure, collect_references(catalog, subject.context, draft.type, references,
                                                  options.targets, options.versions));
    auto sent = std::make_shared<SchemaContent>();
    sent->type = draft.type;
    sent->text = draft.text;
    sent->references = references;
    sent->guid = identity_of(sent->text, sent->references, std::nullopt, std::nullopt);
    SchemaSource source = make_source(std::move(sent), std::move(closure), options.strictness);
    SYMBOLON_TRY(const auto parsed, bench.parse(source, options.normalize));
    if (options.validate_fields == compat::ValidateFields::yes) {  // VAL-2
        SYMBOLON_CHECK(parsed->fields);
    }

    auto content = std::make_shared<SchemaContent>();
    content->type = draft.type;
    content->text = parsed->text;
    content->references = std::move(references);
    content->metadata = draft.metadata;
    content->rule_set = draft.rule_set;
    content->guid =
        identity_of(content->text, content->references, content->metadata, content->rule_set);
    return Candidate{std::move(content), std::move(source), parsed->canonical_bytes};
}

// CV-3: the version that the candidate's own property names; 0 where it can be no version.
std::optional<std::int32_t> find_named_version(const SchemaContent& content) {
    if (!content.metadata) {
        return std::nullopt;
    }
    const auto found = content.metadata->properties.find(std::string(version_property));
    if (found == content.metadata->properties.end()) {
        return std::nullopt;
    }
    const std::string& text = found->second;
    std::int32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && number > 0 ? number : 0;
}

class Matcher {
public:
    Matcher(const Catalog& catalog, const SubjectName& subject, const Candidate& candidate,
            const Wanted& wanted, Workbench& bench)
        : catalog_(catalog),
          subject_(subject),
          candidate_(candidate),
          wanted_(wanted),
          bench_(bench),
          rows_(catalog.find_versions(subject)),
          latest_(find_latest(rows_)),
          named_(find_named_version(*candidate.content)),
          metadata_(comparable(candidate.content->metadata)) {}

    std::optional<SubjectVersion> find() {
        if (rows_ == nullptr) {
            return std::nullopt;
        }
        const VersionRow* row = find_identical();
        row = row != nullptr ? row : find_equivalent();
        return row == nullptr ? std::nullopt : std::optional(to_subject_version(subject_, *row));
    }

private:
    bool is_wanted(const VersionRow& row) const {
        if (row.deleted && wanted_.view == View::live) {
            return false;
        }
        if (wanted_.version == -1 && &row != latest_) {
            return false;
        }
        return (wanted_.version <= 0 || row.version.value() == wanted_.version) &&
               (!wanted_.id || row.id == *wanted_.id) &&
               (!named_ || row.version.value() == *named_);
    }

    // LOOK-2, through the index of identities: the highest version wins.
    const VersionRow* find_identical() const {
        const VersionRow* best = nullptr;
        for (const SchemaId id : catalog_.ids_of(subject_.context, candidate_.content->guid)) {
            const SchemaSlot* slot = catalog_.find_schema(subject_.context, id);
            for (auto use = slot->uses.lower_bound({subject_.name, Version()});
                 use != slot->uses.end() && use->subject == subject_.name; ++use) {
                const VersionRow* row = catalog_.find_version(subject_, use->version);
                if (is_wanted(*row) && (best == nullptr || best->version < row->version)) {
                    best = row;
                }
            }
        }
        return best;
    }

    // LOOK-3. While the bench defers, every open question is asked before the answer is given up.
    const VersionRow* find_equivalent() {
        const auto found = std::find_if(rows_->rbegin(), rows_->rend(), [&](const auto& row) {
            return is_wanted(row) && is_equivalent(row.content);
        });
        return found == rows_->rend() ? nullptr : &*found;
    }

    bool is_equivalent(const ContentPtr& stored_content) {
        const SchemaContent& stored = *stored_content;
        const SchemaContent& ours = *candidate_.content;
        if (stored.type != ours.type || comparable(stored.metadata) != metadata_ ||
            stored.rule_set.value_or(RuleSet{}) != ours.rule_set.value_or(RuleSet{})) {
            return false;
        }
        if (stored.text == ours.text && stored.references == ours.references) {
            return true;
        }
        if (stored.references.empty() && ours.references.empty() &&
            bench_.surely_differs(candidate_.canonical_bytes, stored)) {
            return false;
        }
        const auto source = source_of(catalog_, subject_.context, stored_content);
        return source && bench_.equivalent(candidate_.source, *source).value_or(false);
    }

    const Catalog& catalog_;
    const SubjectName& subject_;
    const Candidate& candidate_;
    const Wanted& wanted_;
    Workbench& bench_;
    const VersionRows* rows_;
    const VersionRow* latest_;
    std::optional<std::int32_t> named_;
    Metadata metadata_;
};

}  // namespace

Result<Draft> parse_draft(const SchemaRequest& request) {
    Draft draft{SchemaType::avro, request.schema, request.references, request.metadata,
                request.rule_set};
    if (draft.rule_set && draft.rule_set->empty()) {
        draft.rule_set.reset();
    }
    if (draft.rule_set) {
        SYMBOLON_CHECK(check_rule_set(*draft.rule_set));
    }
    if (!request.schema_type.empty()) {  // CAN-6
        const auto type = find_schema_type(request.schema_type);
        if (!type) {
            return failure(make_error(ErrorCode::invalid_schema,
                                      "Invalid schema type " + request.schema_type));
        }
        draft.type = *type;
    }
    return draft;
}

Draft complete_draft(Draft draft, const VersionRow* latest, const Config& config) {
    if (latest != nullptr && draft.text.empty()) {
        draft.type = latest->content->type;
        draft.text = latest->content->text;
        draft.references = latest->content->references;
    }
    if (latest != nullptr && !draft.metadata) {
        draft.metadata = inheritable(latest->content->metadata);
    }
    if (latest != nullptr && !draft.rule_set) {
        draft.rule_set = latest->content->rule_set;
    }
    draft.metadata = overlaid(config.default_metadata, draft.metadata, config.override_metadata);
    draft.rule_set = overlaid(config.default_rule_set, draft.rule_set, config.override_rule_set);
    return draft;
}

compat::Policy policy_of(const Config& config) {
    // LOGICAL adds to STRICT what is not described, and is taken for it.
    return config.compatibility_policy == "LENIENT" ? compat::Policy::lenient
                                                    : compat::Policy::strict;
}

bool has_contract_defaults(const Config& config) {
    return config.default_metadata || config.override_metadata || config.default_rule_set ||
           config.override_rule_set;
}

std::optional<std::string> compatibility_group_of(const SchemaContent& content,
                                                  const Config& config) {
    const std::string property = config.compatibility_group.value_or("");
    if (property.empty() || !content.metadata) {
        return std::nullopt;
    }
    const auto found = content.metadata->properties.find(property);
    return found == content.metadata->properties.end() ? std::nullopt
                                                       : std::optional(found->second);
}

Result<Candidate> make_candidate(const Catalog& catalog, const SubjectName& subject,
                                 const Draft& draft, CandidateOptions options, Workbench& bench) {
    if (draft.text.empty()) {
        return failure(make_error(ErrorCode::invalid_schema, "Empty schema"));
    }
    auto candidate = parse_candidate(catalog, subject, draft, options, bench);
    if (!candidate && (candidate.error().code == ErrorCode::invalid_schema ||
                       candidate.error().code == ErrorCode::check_too_costly)) {
        return failure(invalid_schema(subject, draft, candidate.error().message));
    }
    return candidate;
}

std::optional<SubjectVersion> find_match(const Catalog& catalog, const SubjectName& subject,
                                         const Candidate& candidate, const Wanted& wanted,
                                         Workbench& bench) {
    return Matcher(catalog, subject, candidate, wanted, bench).find();
}

Result<SchemaSource> source_of(const Catalog& catalog, std::string_view context,
                               const ContentPtr& content) {
    SYMBOLON_TRY(auto closure, collect_references(catalog, context, content->type,
                                                  content->references, Targets::any));
    return make_source(content, std::move(closure), compat::Strictness::lenient);
}

}  // namespace symbolon
