#include "compat/avro/avro_equal.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace symbolon::compat::avro {

namespace {

enum class Depth { structure, everything };

bool equal_properties(std::span<const JsonNode* const> left,
                      std::span<const JsonNode* const> right) {
    if (left.size() != right.size()) {
        return false;
    }
    const auto sorted = [](std::span<const JsonNode* const> properties) {
        std::vector<const JsonNode*> out(properties.begin(), properties.end());
        std::sort(out.begin(), out.end(),
                  [](const JsonNode* one, const JsonNode* other) { return one->key < other->key; });
        return out;
    };
    const auto ours = sorted(left);
    const auto theirs = sorted(right);
    return std::equal(ours.begin(), ours.end(), theirs.begin(),
                      [](const JsonNode* one, const JsonNode* other) {
                          return one->key == other->key && equal_json(*one, *other);
                      });
}

bool equal_defaults(const JsonNode* left, const JsonNode* right) {
    if (left == nullptr || right == nullptr) {
        return left == right;
    }
    return equal_json(*left, *right);
}

// Aliases are sets: their order is no difference. REQUIRES: no repetitions on either side.
template <class Alias>
bool equal_aliases(std::span<const Alias> left, std::span<const Alias> right) {
    if (left.size() != right.size()) {
        return false;
    }
    std::vector<Alias> ours(left.begin(), left.end());
    std::vector<Alias> theirs(right.begin(), right.end());
    std::sort(ours.begin(), ours.end());
    std::sort(theirs.begin(), theirs.end());
    return ours == theirs;
}

// Equality is one conjunction, so pairs can wait in a list: no recursion, whatever the depth.
class Equality {
public:
    explicit Equality(Depth depth) : depth_(depth) {}

    bool holds(const AvroNode& left, const AvroNode& right) {
        waiting_.emplace_back(&left, &right);
        while (!waiting_.empty()) {
            const auto [ours, theirs] = waiting_.back();
            waiting_.pop_back();
            if (ours != theirs && !equal_here(*ours, *theirs)) {
                return false;
            }
        }
        return true;
    }

private:
    bool equal_here(const AvroNode& left, const AvroNode& right) {
        if (left.kind != right.kind || left.kind == AvroKind::unresolved ||
            !equal_properties(left.properties, right.properties)) {
            return false;
        }
        if (is_named(left.kind)) {
            return equal_named(left, right);
        }
        if (left.item != nullptr) {
            waiting_.emplace_back(left.item, right.item);
        }
        if (left.branches.size() != right.branches.size()) {
            return false;
        }
        for (std::size_t at = 0; at < left.branches.size(); ++at) {
            waiting_.emplace_back(left.branches[at], right.branches[at]);
        }
        return true;
    }

    bool equal_named(const AvroNode& left, const AvroNode& right) {
        const AvroDefinition& ours = *left.definition;
        const AvroDefinition& theirs = *right.definition;
        if (ours.name != theirs.name || ours.size != theirs.size ||
            ours.fields.size() != theirs.fields.size() ||
            !std::equal(ours.symbols.begin(), ours.symbols.end(), theirs.symbols.begin(),
                        theirs.symbols.end())) {
            return false;
        }
        if (depth_ == Depth::everything &&
            (ours.doc != theirs.doc || ours.default_symbol != theirs.default_symbol ||
             !equal_aliases(ours.aliases, theirs.aliases))) {
            return false;
        }
        if (left.kind == AvroKind::record && !seen_.emplace(&left, &right).second) {
            return true;
        }
        for (std::size_t at = 0; at < ours.fields.size(); ++at) {
            if (!equal_fields(ours.fields[at], theirs.fields[at])) {
                return false;
            }
        }
        return true;
    }

    bool equal_fields(const AvroField& left, const AvroField& right) {
        waiting_.emplace_back(left.type, right.type);
        const bool equal = left.name == right.name && left.order == right.order &&
                           equal_defaults(left.default_value, right.default_value) &&
                           equal_properties(left.properties, right.properties);
        return equal && (depth_ == Depth::structure ||
                         (left.doc == right.doc && equal_aliases(left.aliases, right.aliases)));
    }

    using Pair = std::pair<const AvroNode*, const AvroNode*>;
    struct PairHash {
        std::size_t operator()(const Pair& pair) const {
            return std::hash<const void*>{}(pair.first) * 0x9E3779B97F4A7C15ULL ^
                   std::hash<const void*>{}(pair.second);
        }
    };

    Depth depth_;
    std::vector<Pair> waiting_;
    std::unordered_set<Pair, PairHash> seen_;
};

}  // namespace

bool equal_definitions(const AvroNode& left, const AvroNode& right) {
    return Equality(Depth::structure).holds(left, right);
}

bool equal_in_all(const AvroNode& left, const AvroNode& right) {
    return Equality(Depth::everything).holds(left, right);
}

}  // namespace symbolon::compat::avro
