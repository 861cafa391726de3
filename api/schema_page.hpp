// Gathers the page of GET /schemas from subjects that come in order, some at a time.
//
// Example:  page.take(catalog, rows, page.skip(rows)); page.take_versions();
// Threads:  one at a time; take under Registry::read
// Source:   REST contract 3.3 (H1)
// Tested by tests/unit/api/schema_page_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/registry.hpp"
#include "api/subject_listing.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace symbolon {

class SchemaPage {
public:
    /// Both outlive the page.
    SchemaPage(const SubjectQuery& query, const SchemaFilter& filter)
        : query_(query), filter_(filter), before_(query.offset) {}

    bool is_full() const { return versions_.size() >= query_.limit; }
    /// The first of `rows` that the page may begin in; those before it are counted.
    std::size_t skip(const std::vector<SubjectRow>& rows);
    /// Takes the versions of `rows` from the one at `first` on, until the page is full.
    void take(const Catalog& catalog, const std::vector<SubjectRow>& rows, std::size_t first);
    std::vector<SubjectVersion> take_versions() { return std::move(versions_); }

private:
    bool is_shown(const VersionRow& row) const;
    void take_subject(const Catalog& catalog, const SubjectName& subject);
    void add(const SubjectName& subject, const VersionRow& row);

    const SubjectQuery& query_;
    const SchemaFilter& filter_;
    std::size_t before_;  ///< versions still to be left out
    std::vector<SubjectVersion> versions_;
};

}  // namespace symbolon
