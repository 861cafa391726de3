// Which id a schema gets: the one asked for, the one its content has already, or the next.
//
// Errors:   operation_not_permitted when the id asked for belongs to other content, or none is left
// Units:    ids are of one context
// Threads:  pure
// Source:   REST contract 4.1, REG-12, ID-4, ID-5, ID-7, MODE-6
// Tested by tests/unit/api/registration_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "core/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// Ids that a write gives out before they are in the catalogue.
using GivenIds = std::map<SchemaId, ContentPtr>;
/// Those of `changes`, which may be nullptr, in `context`.
GivenIds ids_given_in(const std::vector<Change>* changes, std::string_view context);

/// The highest id handed out in `context`, `given` included; 0 when none was.
SchemaId highest_id(const Catalog& catalog, std::string_view context, const GivenIds& given);

Result<SchemaId> choose_id(const Catalog& catalog, const std::string& context,
                           const SchemaContent& content, std::optional<SchemaId> wanted,
                           const GivenIds& given);

}  // namespace symbolon
