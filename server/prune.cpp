#include "server/prune.hpp"

#include "api/registry.hpp"
#include "api/retention.hpp"
#include "core/print_to.hpp"
#include "storage/open_store.hpp"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace symbolon::server {
namespace {

void print_versions(const std::vector<SubjectVersion>& versions, std::FILE* out) {
    for (const SubjectVersion& version : versions) {
        print_to(out, "{}\t{}\t{}\t{}\n", to_text(version.subject), version.version.value(),
                 version.id.value(), to_string(version.content->type));
    }
}

Result<std::size_t> list(const Registry& registry, std::FILE* out) {
    const auto expired = registry.read([&](const Catalog& catalog) {
        return list_expired(catalog, registry.settings(), registry.settings().now());
    });
    print_versions(expired, out);
    return expired.size();
}

Result<std::size_t> remove(Registry& registry, std::FILE* out) {
    std::size_t removed = 0;
    while (true) {
        SYMBOLON_TRY(const auto versions, registry.prune());
        if (versions.empty()) {
            return removed;
        }
        print_versions(versions, out);
        removed += versions.size();
    }
}

}  // namespace

Status prune(std::string_view store_url, PruneDepth depth, std::FILE* out) {
    const bool lists = depth == PruneDepth::list;
    SYMBOLON_TRY(auto opened, lists ? storage::open_snapshot(store_url)
                                    : storage::open_existing_store(store_url));
    SYMBOLON_TRY(const auto registry,
                 Registry::open(std::shared_ptr<storage::Store>(std::move(opened)), {}));
    SYMBOLON_TRY(const std::size_t count, lists ? list(*registry, out) : remove(*registry, out));
    print_to(stderr, "{} {} {}\n", count, count == 1 ? "version" : "versions",
             lists ? "outside both windows, nothing deleted" : "deleted permanently");
    return {};
}

}  // namespace symbolon::server
