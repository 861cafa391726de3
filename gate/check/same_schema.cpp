#include "gate/check/same_schema.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string_view>

namespace symbolon::gate {

namespace {

using Texts = std::vector<compat::NamedText>;
using IndexByName = std::map<std::string_view, std::size_t>;

IndexByName index_of(const Texts& texts) {
    IndexByName index;
    for (std::size_t at = 0; at < texts.size(); ++at) {
        index.emplace(texts[at].name, at);
    }
    return index;
}

bool same_canonical(const compat::ParsedSchema& left, const compat::ParsedSchema& right,
                    compat::Normalize normalize) {
    const auto ours = left.canonical_text(normalize);
    const auto theirs = right.canonical_text(normalize);
    return ours && theirs && *ours == *theirs;
}

/// One text of each side, each with those before it.
bool same_text_at(SchemaType type, const Texts& ours, std::size_t at, const Texts& theirs,
                  std::size_t other) {
    if (ours[at].text == theirs[other].text) {
        return true;
    }
    const auto left = compat::parse_schema(type, ours[at].text, std::span(ours).first(at),
                                           compat::Strictness::lenient);
    const auto right = compat::parse_schema(
        type, theirs[other].text, std::span(theirs).first(other), compat::Strictness::lenient);
    return left && right && same_canonical(**left, **right, compat::Normalize::no);
}

bool same_references(SchemaType type, const Texts& ours, const Texts& theirs) {
    const IndexByName mine = index_of(ours);
    const IndexByName others = index_of(theirs);
    return mine.size() == others.size() &&
           std::all_of(mine.begin(), mine.end(), [&](const auto& entry) {
               const auto other = others.find(entry.first);
               return other != others.end() &&
                      same_text_at(type, ours, entry.second, theirs, other->second);
           });
}

}  // namespace

bool is_same_text(SchemaType type, const std::string& text, const Texts& texts,
                  const BaseVersion& latest) {
    if (latest.type != type || latest.text != text ||
        latest.reference_texts.size() != texts.size()) {
        return false;
    }
    const IndexByName others = index_of(latest.reference_texts);
    return std::all_of(texts.begin(), texts.end(), [&](const compat::NamedText& ours) {
        const auto other = others.find(ours.name);
        return other != others.end() && latest.reference_texts[other->second].text == ours.text;
    });
}

bool is_same_schema(const compat::ParsedSchema& candidate, const Texts& texts,
                    const BaseVersion& latest, const compat::ParsedSchema& parsed_latest,
                    compat::Normalize normalize) {
    if (candidate.type() != parsed_latest.type()) {
        return false;
    }
    // Avro's equality looks into what is referred to.
    if (candidate.type() == SchemaType::avro && candidate.equivalent_to(parsed_latest)) {
        return true;
    }
    return same_canonical(candidate, parsed_latest, normalize) &&
           same_references(candidate.type(), texts, latest.reference_texts);
}

}  // namespace symbolon::gate
