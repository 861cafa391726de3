// The files that every schema can import without registering them.
//
// Those of google/protobuf come from libprotobuf; the others are written here from their field
// names and numbers.
//
// Threads:  any thread; made at the first use
// Source:   protobuf-compat.md 2
// Tested by tests/unit/compat/proto_built_in_test.cpp
#pragma once

#include "compat/protobuf/proto_names.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <span>
#include <string>
#include <string_view>

namespace symbolon::compat::protobuf {

struct BuiltInFile {
    std::string path;
    ProtoFile file;
};
std::span<const BuiltInFile> built_in_files();

struct BuiltInName {
    ProtoName what;
    std::string_view path;
    std::string_view package;
};
/// nullptr when no built-in file has this full name.
const BuiltInName* find_built_in_name(const std::string& full_name);

/// False when no built-in name begins with the first part of `name`.
bool may_be_built_in(std::string_view name);

/// Paths and texts of the files that do not come from libprotobuf.
struct BuiltInText {
    std::string_view path;
    std::string_view text;
};
std::span<const BuiltInText> built_in_texts();

}  // namespace symbolon::compat::protobuf
