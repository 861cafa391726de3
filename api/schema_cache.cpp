#include "api/schema_cache.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace symbolon {

namespace {

void append_guid(std::string& key, const Guid& guid) {
    key.append(guid.bytes.begin(), guid.bytes.end());
}

// Why: the size of a tree cannot be asked for. Measured Avro trees take 4.4 kB, or six times their
// text where that is more; JSON Schemas' trees up to fourteen times, Protobuf files of many small
// messages twelve to thirteen times (one wide message takes four, empty messages and lists of
// digits twenty-nine). The key and the bookkeeping make up the rest. A validator tells its size
// itself, when there is one.
std::size_t estimated_cost(const SchemaSource& source) {
    const std::size_t tree_bytes_per_text_byte = source.content->type == SchemaType::avro ? 6 : 14;
    constexpr std::size_t smallest_tree_bytes = 5'000;
    std::size_t text_bytes = source.content->text.size();
    for (const auto& reference : source.closure) {
        text_bytes += reference.content->text.size();
    }
    return text_bytes * tree_bytes_per_text_byte + 2 * source.key.size() + smallest_tree_bytes;
}

// Which of the schema's own references a text is; one reached through others has no subject.
compat::NamedText named_text_of(const NamedContent& content,
                                const std::vector<Reference>& references) {
    compat::NamedText text{content.name, content.content->text};
    const auto found = std::find_if(references.begin(), references.end(),
                                    [&](const auto& own) { return own.name == content.name; });
    if (found != references.end()) {
        text.subject = found->subject;
        text.version = found->version;
    }
    return text;
}

}  // namespace

SchemaSource make_source(ContentPtr content, Closure closure, compat::Strictness strictness) {
    std::string key;
    key += static_cast<char>('0' + static_cast<int>(content->type));
    key += strictness == compat::Strictness::strict ? 's' : 'l';
    append_guid(key, content->guid);
    for (const auto& reference : closure) {
        key += std::to_string(reference.name.size());
        key += ':';
        key += reference.name;
        append_guid(key, reference.content->guid);
    }
    return {std::move(content), std::move(closure), strictness, std::move(key)};
}

Result<compat::SchemaPtr> parse_source(const SchemaSource& source) {
    std::vector<compat::NamedText> references;
    references.reserve(source.closure.size());
    for (const auto& reference : source.closure) {
        references.push_back(named_text_of(reference, source.content->references));
    }
    return compat::parse_schema(source.content->type, source.content->text, references,
                                source.strictness);
}

Result<compat::SchemaPtr> SchemaCache::parse(const SchemaSource& source) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(source.key);
        if (found != places_.end()) {
            items_.splice(items_.begin(), items_, found->second);
            return found->second->schema;
        }
    }
    SYMBOLON_TRY(auto schema, parse_source(source));
    const std::size_t cost = estimated_cost(source);
    // What would push everything else out is not kept.
    if (cost > cost_bytes_max_ / 2 || source.strictness == compat::Strictness::strict) {
        return schema;
    }
    const std::lock_guard lock(mutex_);
    if (places_.count(source.key) == 0) {
        items_.push_front({source.key, schema, cost});
        places_.emplace(source.key, items_.begin());
        cost_bytes_ += cost;
        let_go_of_what_is_too_much();
    }
    return schema;
}

void SchemaCache::tell_validator(const SchemaSource& source, compat::Formats formats,
                                 std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(source.key);
    if (found == places_.end()) {
        return;
    }
    std::size_t& told = found->second->validator_bytes[static_cast<std::size_t>(formats)];
    if (told != 0) {
        return;
    }
    told = bytes;
    found->second->cost_bytes += bytes;
    cost_bytes_ += bytes;
    if (found->second->cost_bytes > cost_bytes_max_ / 2) {  // As in parse().
        items_.splice(items_.end(), items_, found->second);
        cost_bytes_ -= items_.back().cost_bytes;
        items_.pop_back();
        places_.erase(found);
        return;
    }
    let_go_of_what_is_too_much();
}

void SchemaCache::let_go_of_what_is_too_much() {
    while (cost_bytes_ > cost_bytes_max_) {
        cost_bytes_ -= items_.back().cost_bytes;
        places_.erase(items_.back().key);
        items_.pop_back();
    }
}

std::optional<std::size_t> SchemaCache::find_canonical_bytes(const SchemaContent& content) {
    const std::lock_guard lock(mutex_);
    const auto found = canonical_bytes_.find(content.guid);
    return found == canonical_bytes_.end() || found->second.type != content.type
               ? std::nullopt
               : std::optional(found->second.bytes);
}

void SchemaCache::tell_canonical_bytes(const SchemaContent& content, std::size_t bytes) {
    // About 50 bytes each; forgetting all at once costs one more pass of parsing.
    constexpr std::size_t remembered_max = 20'000;
    const std::lock_guard lock(mutex_);
    if (canonical_bytes_.size() >= remembered_max) {
        canonical_bytes_.clear();
    }
    canonical_bytes_.insert_or_assign(content.guid, CanonicalBytes{content.type, bytes});
}

}  // namespace symbolon
