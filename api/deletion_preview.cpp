#include "api/deletion_preview.hpp"

#include "core/limits.hpp"

#include <utility>

namespace symbolon {

namespace {

std::vector<VersionRow> rows_of_subject(const VersionRows& rows, Deletion deletion) {
    std::vector<VersionRow> concerned;
    for (const VersionRow& row : rows) {
        if (deletion == Deletion::permanent || !row.deleted) {
            concerned.push_back(row);
        }
    }
    return concerned;
}

PreviewedVersion preview_version(const Catalog& catalog, const SubjectName& subject,
                                 const VersionRow& row) {
    PreviewedVersion preview{to_subject_version(subject, row), {}, 0};
    const auto* referrers = catalog.find_referrers({subject, row.version});
    if (referrers == nullptr) {
        return preview;
    }
    preview.referrer_count = referrers->size();
    for (const VersionName& referrer : *referrers) {
        if (preview.referrers.size() >= limits::preview_referrers_max) {
            break;
        }
        if (const auto* found = catalog.find_version(referrer.subject, referrer.version)) {
            preview.referrers.push_back(to_subject_version(referrer.subject, *found));
        }
    }
    return preview;
}

template <class Answer>
std::optional<Error> refusal_of(const Result<Decision<Answer>>& decision) {
    return decision ? std::nullopt : std::optional(decision.error());
}

}  // namespace

Result<DeletionPreview> preview_deletion(const Catalog& catalog, const SubjectName& subject,
                                         const std::optional<VersionChoice>& choice,
                                         const DeletionTerms& terms, Page page) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (rows == nullptr) {
        return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
    }
    DeletionPreview preview;
    std::vector<VersionRow> concerned;
    if (choice) {
        const VersionRow* row =
            choice->number ? catalog.find_version(subject, *choice->number) : find_latest(rows);
        if (row == nullptr) {
            return failure(make_error(ErrorCode::version_not_found,
                                      choice->number ? choice->number->value() : -1));
        }
        concerned.push_back(*row);
        preview.refusal = refusal_of(decide_delete_version(catalog, subject, *choice, terms));
    } else {
        concerned = rows_of_subject(*rows, terms.deletion);
        preview.refusal = refusal_of(decide_delete_subject(catalog, subject, terms));
    }
    preview.total = concerned.size();
    for (const VersionRow& row : take_page(std::move(concerned), page, limits::page_items_max)) {
        preview.versions.push_back(preview_version(catalog, subject, row));
    }
    return preview;
}

}  // namespace symbolon
