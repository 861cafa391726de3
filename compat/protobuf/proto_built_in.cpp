#include "compat/protobuf/proto_built_in.hpp"

#include "compat/protobuf/proto_descriptor.hpp"
#include "compat/protobuf/proto_parse.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

namespace {

class BuiltIns {
public:
    BuiltIns() {
        files_ = read_library_files();
        for (const auto& [path, text] : built_in_texts()) {
            if (auto file = parse_proto_text(text)) {
                files_.push_back({std::string(path), std::move(*file)});
            }
        }
        for (const BuiltInFile& file : files_) {
            add_file(file);
        }
    }

    const std::vector<BuiltInFile>& files() const { return files_; }
    const BuiltInName* find(const std::string& full_name) const {
        const auto found = names_.find(full_name);
        return found == names_.end() ? nullptr : &found->second;
    }

private:
    void add_file(const BuiltInFile& owner) {
        const ProtoFile& file = owner.file;
        for (const auto& message : file.messages) {
            add_message(owner, file.package, message);
        }
        for (const auto& enumeration : file.enums) {
            add(owner, file.package, enumeration.name,
                {nullptr, &enumeration, nullptr, built_in_file});
        }
        for (const auto& extend : file.extends) {
            for (const auto& field : extend.fields) {
                add(owner, file.package, field.name, {nullptr, nullptr, &field, built_in_file});
            }
        }
    }
    void add_message(const BuiltInFile& owner, std::string_view scope,
                     const ProtoMessage& message) {
        add(owner, scope, message.name, {&message, nullptr, nullptr, built_in_file});
        const std::string inner = join_names(scope, message.name);
        for (const auto& nested : message.messages) {
            add_message(owner, inner, nested);
        }
        for (const auto& nested : message.enums) {
            add(owner, inner, nested.name, {nullptr, &nested, nullptr, built_in_file});
        }
    }
    void add(const BuiltInFile& owner, std::string_view scope, std::string_view name,
             ProtoName what) {
        names_.emplace(join_names(scope, name), BuiltInName{what, owner.path, owner.file.package});
    }

    std::vector<BuiltInFile> files_;
    std::unordered_map<std::string, BuiltInName> names_;
};

const BuiltIns& built_ins() {
    static const BuiltIns all;
    return all;
}

}  // namespace

std::span<const BuiltInFile> built_in_files() {
    return built_ins().files();
}

const BuiltInName* find_built_in_name(const std::string& full_name) {
    return built_ins().find(full_name);
}

bool may_be_built_in(std::string_view name) {
    const std::string_view first = name.substr(0, name.find('.'));
    return first == "google" || first == "confluent";
}

}  // namespace symbolon::compat::protobuf
