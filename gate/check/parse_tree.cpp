#include "core/limits.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/check/parallel.hpp"
#include "gate/check/parse_file.hpp"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <utility>

namespace symbolon::gate {

namespace {

std::size_t bytes_of(const std::vector<compat::NamedText>& texts) {
    std::size_t bytes = 0;
    for (const compat::NamedText& text : texts) {
        bytes += text.text.size();
    }
    return bytes;
}

ParsedFile to_parsed_file(const TreeFile& file, TreeReading reading) {
    ParsedFile parsed;
    parsed.schema = std::move(reading.schema);
    parsed.reference_texts = std::move(reading.resolved.texts);
    for (DirectReference& direct : reading.resolved.direct) {
        parsed.references.push_back(std::move(direct.reference));
    }
    parsed.problems = std::move(reading.resolved.problems);
    const auto text =
        parsed.problems.empty() ? nullptr : std::make_shared<const std::string>(file.text);
    for (GateFinding& problem : parsed.problems) {
        problem.text = text;
    }
    return parsed;
}

}  // namespace

Result<std::vector<ParsedFile>> parse_tree(const SchemaTree& tree, Baseline* baseline,
                                           std::size_t jobs) {
    LatestVersions latest(tree, baseline);
    std::vector<ParsedFile> files(tree.files.size());
    std::atomic<std::size_t> bytes = 0;
    const auto parse_one = [&](std::size_t at) -> Status {
        SYMBOLON_TRY(auto reading, read_tree_file(tree, at, latest));
        bytes += bytes_of(reading.resolved.texts);
        if (bytes > limits::tree_reference_bytes_max) {
            return failure(make_error(
                ErrorCode::malformed_request,
                fmt::format("The references of {}, each written out where it is needed, are "
                            "longer than {} bytes together; take fewer files at a time",
                            tree.name, limits::tree_reference_bytes_max)));
        }
        files[at] = to_parsed_file(tree.files[at], std::move(reading));
        return {};
    };
    SYMBOLON_CHECK(for_each_index(files.size(), jobs, parse_one));
    return files;
}

}  // namespace symbolon::gate
