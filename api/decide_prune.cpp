#include "api/decide.hpp"
#include "core/limits.hpp"

#include <utility>

namespace symbolon {

Result<Decision<std::vector<SubjectVersion>>> decide_prune(const Catalog& catalog,
                                                           const RegistrySettings& settings,
                                                           std::int64_t now) {
    Decision<std::vector<SubjectVersion>> decision{list_expired(catalog, settings, now), {}};
    // The order makes every beginning of the list safe to remove alone.
    if (decision.answer.size() > limits::prune_versions_max) {
        decision.answer.resize(limits::prune_versions_max);
    }
    Removal removal(catalog);
    for (const SubjectVersion& item : decision.answer) {
        removal.remove_version(item.subject, *catalog.find_version(item.subject, item.version));
    }
    decision.changes = removal.take();
    return decision;
}

}  // namespace symbolon
