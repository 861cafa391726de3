#include "compat/protobuf/proto_validate.hpp"

#include "compat/protobuf/proto_built_in.hpp"
#include "compat/protobuf/proto_normalize.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace symbolon::compat::protobuf {

namespace {

/// The files of a schema and what each can see: itself, its imports, and what those import in
/// public.
class VisibleFiles {
public:
    explicit VisibleFiles(const ProtoFiles& files) {
        for (const ProtoReference& reference : files.references) {
            by_path_.emplace(reference.path, &reference.file);
        }
        for (const BuiltInFile& built_in : built_in_files()) {
            by_path_.emplace(built_in.path, &built_in.file);
        }
        add(files.root.imports);
        add(files.root.public_imports);
        ours_.insert(&files.root);
    }

    bool sees(const ProtoFiles& files, const FoundName& found) const {
        if (found.what.file == built_in_file) {
            const BuiltInName* name = find_built_in_name(found.full_name);
            const auto file =
                name == nullptr ? by_path_.end() : by_path_.find(std::string(name->path));
            return file != by_path_.end() && ours_.count(file->second) != 0;
        }
        return found.what.file == 0 ||
               ours_.count(&files.references[found.what.file - 1].file) != 0;
    }

private:
    // Depth: each file is entered once, and a chain of files is as long as references may be.
    void add(const std::vector<std::string>& paths) {
        for (const std::string& path : paths) {
            const auto file = by_path_.find(path);
            if (file != by_path_.end() && ours_.insert(file->second).second) {
                add(file->second->public_imports);
            }
        }
    }

    std::map<std::string, const ProtoFile*> by_path_;
    std::set<const ProtoFile*> ours_;
};

class ProtoValidator {
public:
    explicit ProtoValidator(const ProtoFiles& files) : files_(files), visible_(files) {}

    Status run() {
        for (const ProtoMessage& message : files_.root.messages) {
            this->message(message, join_names(files_.root.package, message.name));
        }
        for (const ProtoEnum& enumeration : files_.root.enums) {
            this->enumeration(enumeration, join_names(files_.root.package, enumeration.name));
        }
        for (const ProtoExtend& extend : files_.root.extends) {
            for (const ProtoField& field : extend.fields) {
                this->field(field, files_.root.package);
            }
        }
        if (steps_ > limits::check_steps_max) {
            return failure(
                make_error(ErrorCode::check_too_costly, "The schema is too costly to validate"));
        }
        if (!problem_.empty()) {
            return failure(make_error(ErrorCode::invalid_schema,
                                      "Invalid protobuf schema definition: " + problem_));
        }
        return {};
    }

private:
    bool stopped() const { return !problem_.empty() || steps_ > limits::check_steps_max; }
    void fail(std::string problem) {
        if (problem_.empty()) {
            problem_ = std::move(problem);
        }
    }

    void message(const ProtoMessage& message, const std::string& full) {
        std::map<std::int32_t, std::string_view> numbers;
        std::set<std::string_view> names;
        const auto check = [&](const ProtoField& field) {
            const std::string place = join_names(full, field.name);
            if (!names.insert(field.name).second) {
                fail(fmt::format("{}: \"{}\" is already defined in \"{}\".", place, field.name,
                                 full));
            }
            const auto [earlier, added] = numbers.emplace(field.number, field.name);
            if (field.number <= 0) {
                fail(place + ": Field numbers must be positive integers.");
            } else if (!added) {
                fail(fmt::format(
                    "{}: Field number {} has already been used in \"{}\" by field \"{}\".", place,
                    field.number, full, earlier->second));
            }
        };
        for (const ProtoOneof& oneof : message.oneofs) {
            for (const ProtoField& field : oneof.fields) {
                check(field);
                oneof_field(field, full);
            }
        }
        for (const ProtoField& field : message.fields) {
            check(field);
            this->field(field, full);
        }
        for (const ProtoExtend& extend : message.extends) {
            for (const ProtoField& field : extend.fields) {
                this->field(field, full);
            }
        }
        for (const ProtoMessage& nested : message.messages) {
            nested_name(nested.name, full, names);
            this->message(nested, join_names(full, nested.name));
        }
        for (const ProtoEnum& nested : message.enums) {
            nested_name(nested.name, full, names);
            enumeration(nested, join_names(full, nested.name));
        }
    }

    void nested_name(std::string_view name, const std::string& full,
                     std::set<std::string_view>& names) {
        if (!names.insert(name).second) {
            fail(fmt::format("{}: \"{}\" is already defined in \"{}\".", join_names(full, name),
                             name, full));
        }
    }

    void enumeration(const ProtoEnum& enumeration, const std::string& full) {
        if (enumeration.constants.empty()) {
            fail(full + ": Enums must contain at least one value.");
        }
    }

    void oneof_field(const ProtoField& field, const std::string& scope) {
        if (find_map_types(field.type)) {
            undefined(join_names(scope, field.name), field.type);
        } else {
            this->field(field, scope);
        }
    }

    void field(const ProtoField& field, const std::string& scope) {
        const std::string place = join_names(scope, field.name);
        if (const auto map = find_map_types(field.type)) {
            type(place + "Entry.value", map->value, scope);
        } else {
            type(place, field.type, scope);
        }
    }

    void type(const std::string& place, std::string_view name, std::string_view scope) {
        if (stopped() || scalar_group_of(name) != ScalarGroup::none) {
            return;
        }
        const auto found = files_.names.find(scope, name, ProtoNames::Wanted::type, steps_);
        if (!found || !visible_.sees(files_, *found)) {
            undefined(place, name);
        }
    }

    void undefined(const std::string& place, std::string_view name) {
        fail(fmt::format("{}: \"{}\" is not defined.", place, name));
    }

    const ProtoFiles& files_;
    const VisibleFiles visible_;
    std::uint64_t steps_ = 0;
    std::string problem_;
};

}  // namespace

Status validate_proto(const ProtoFiles& files) {
    SYMBOLON_CHECK(normalize_proto(files));  // every name resolves
    return ProtoValidator(files).run();
}

}  // namespace symbolon::compat::protobuf
