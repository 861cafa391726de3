#include "api/schema_page.hpp"

namespace symbolon {

std::size_t SchemaPage::skip(const std::vector<SubjectRow>& rows) {
    if (filter_.matches) {
        return 0;
    }
    std::size_t at = 0;
    for (; at < rows.size(); ++at) {
        const SubjectRow& row = rows[at];
        const std::size_t all =
            row.live_versions + (query_.view == View::live ? 0U : row.deleted_versions);
        const std::size_t shown = filter_.latest_only ? 1 : all;
        if (shown > before_) {
            break;
        }
        before_ -= shown;
    }
    return at;
}

bool SchemaPage::is_shown(const VersionRow& row) const {
    return query_.view != View::live || !row.deleted;
}

void SchemaPage::add(const SubjectName& subject, const VersionRow& row) {
    if (is_full() || (filter_.matches && !filter_.matches(*row.content))) {
        return;
    }
    if (before_ > 0) {
        --before_;
        return;
    }
    versions_.push_back(to_subject_version(subject, row));
}

void SchemaPage::take_subject(const Catalog& catalog, const SubjectName& subject) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (rows == nullptr) {
        return;
    }
    const VersionRow* last = nullptr;
    for (const VersionRow& row : *rows) {
        if (!is_shown(row)) {
            continue;
        }
        last = &row;
        if (!filter_.latest_only) {
            add(subject, row);
        }
    }
    if (filter_.latest_only && last != nullptr) {
        add(subject, *last);
    }
}

void SchemaPage::take(const Catalog& catalog, const std::vector<SubjectRow>& rows,
                      std::size_t first) {
    for (std::size_t at = first; at < rows.size() && !is_full(); ++at) {
        take_subject(catalog, parse_subject(rows[at].subject));
    }
}

}  // namespace symbolon
