// Hostile files of a tree: the bytes are a symbolon.yaml, and a schema file of each type.
//
// What parses must be bounded; every name that is found must stand where it is said to be; every
// reference must lead to a file of the tree or to none.
#include "gate/tree/assemble_tree.hpp"
#include "gate/tree/glob.hpp"
#include "gate/tree/schema_names.hpp"
#include "gate/tree/tree_config.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symbolon;

void check(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_places(std::string_view text, const gate::SchemaNames& names) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    std::size_t line = 1;
    for (const gate::NameUse& use : names.uses) {
        check(!use.name.empty() && use.line >= line && use.line <= lines);
        check(use.column >= 1 && use.column <= text.size() + 1);
        line = use.line;
    }
}

/// A problem is told with its place; what is read can be used.
gate::TreeConfig read_config(std::string_view text) {
    auto config = gate::parse_tree_config(text, "symbolon.yaml");
    if (!config) {
        check(config.error().message.starts_with("symbolon.yaml:"));
        return {};
    }
    for (const gate::Waiver& waiver : config->rules.waivers) {
        check(gate::is_date(waiver.expires) && !waiver.reason.empty() && !waiver.rule.empty());
    }
    for (const gate::ConfigEntry& entry : config->entries) {
        const auto subject = gate::fill_subject(entry.subject, {"stem", "dir", "record"});
        check(subject.find("{stem}") == std::string::npos);
        check(!gate::is_plain_path(entry.pattern) ||
              gate::matches_glob(entry.pattern, entry.pattern));
    }
    return std::move(*config);
}

void check_tree(const gate::TreeConfig& config, std::string_view text) {
    std::vector<gate::SourceFile> files;
    for (const char* const path : {"a.avsc", "b.schema.json", "c.proto", "x/a.avsc", "x/c.proto"}) {
        const auto what = gate::classify(config, path, gate::Named::yes);
        check(what.kind == gate::FileKind::schema);
        files.push_back({path, path, path, what, std::string(text)});
    }
    const auto tree = gate::assemble_tree(config, std::move(files), gate::Extent::part);
    if (!tree) {
        check(!tree.error().message.empty());
        return;
    }
    for (std::size_t at = 0; at < tree->files.size(); ++at) {
        for (const gate::TreeReference& reference : tree->files[at].references) {
            check(!reference.name.empty());
            check(!reference.file ||
                  (*reference.file < tree->files.size() && *reference.file != at));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const SchemaType type : {SchemaType::avro, SchemaType::json, SchemaType::protobuf}) {
        check_places(text, gate::read_schema_names(type, text));
    }
    gate::looks_like_json_schema(text);
    check_tree(read_config(text), text);
    const std::size_t middle = text.find('\n');
    gate::matches_glob(text.substr(0, middle), text.substr(std::min(middle, text.size())));
    return 0;
}
