#include "api/dek/dek_registry.hpp"

#include <optional>
#include <utility>

namespace symbolon {

template <class Answer, class Rule>
Result<Answer> DekRegistry::write(const Rule& rule) {
    const std::int64_t now = registry_.settings().now();
    std::optional<Answer> answer;
    SYMBOLON_CHECK(registry_.write([&](const Catalog& catalog) -> Result<std::vector<Change>> {
        SYMBOLON_TRY(auto decision, rule(catalog, now));
        answer = std::move(decision.answer);
        return std::move(decision.changes);
    }));
    return *std::move(answer);
}

Result<KekPtr> DekRegistry::create_kek(const KekRequest& request) {
    return write<KekPtr>([&](const Catalog& catalog, std::int64_t now) {
        return decide_create_kek(catalog, request, now);
    });
}

Result<KekPtr> DekRegistry::update_kek(const std::string& name, const KekUpdate& update) {
    return write<KekPtr>([&](const Catalog& catalog, std::int64_t now) {
        return decide_update_kek(catalog, name, update, now);
    });
}

Status DekRegistry::delete_kek(const std::string& name, Deletion deletion) {
    SYMBOLON_CHECK(write<Done>([&](const Catalog& catalog, std::int64_t now) {
        return decide_delete_kek(catalog, name, deletion, now);
    }));
    return {};
}

Status DekRegistry::undelete_kek(const std::string& name) {
    SYMBOLON_CHECK(write<Done>([&](const Catalog& catalog, std::int64_t now) {
        return decide_undelete_kek(catalog, name, now);
    }));
    return {};
}

Result<DekPtr> DekRegistry::create_dek(const DekRequest& request) {
    return write<DekPtr>([&](const Catalog& catalog, std::int64_t now) {
        return decide_create_dek(catalog, request, now);
    });
}

Status DekRegistry::delete_deks(const DekChoice& choice, Deletion deletion) {
    SYMBOLON_CHECK(write<Done>([&](const Catalog& catalog, std::int64_t now) {
        return decide_delete_deks(catalog, choice, deletion, now);
    }));
    return {};
}

Status DekRegistry::undelete_deks(const DekChoice& choice) {
    SYMBOLON_CHECK(write<Done>([&](const Catalog& catalog, std::int64_t now) {
        return decide_undelete_deks(catalog, choice, now);
    }));
    return {};
}

}  // namespace symbolon
