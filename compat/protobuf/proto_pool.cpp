#include "compat/protobuf/proto_pool.hpp"

#include "compat/protobuf/proto_built_in.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

/// Takes what libprotobuf finds wrong, which would go to stderr otherwise; keeps the first.
class FirstProblem : public gp::DescriptorPool::ErrorCollector {
public:
    void AddError(const std::string& /*file*/, const std::string& element,
                  const gp::Message* /*descriptor*/, ErrorLocation /*location*/,
                  const std::string& message) override {
        if (text.empty()) {
            text = element + ": " + message;
        }
    }
    std::string text;
};

gp::FieldDescriptorProto::Type pool_scalar_type(std::string_view word) {
    for (int at = 1; at <= gp::FieldDescriptor::MAX_TYPE; ++at) {
        if (word == gp::FieldDescriptor::TypeName(static_cast<gp::FieldDescriptor::Type>(at))) {
            return static_cast<gp::FieldDescriptorProto::Type>(at);
        }
    }
    return gp::FieldDescriptorProto::TYPE_BYTES;
}

// libprotobuf insists on this name.
std::string pool_entry_name(std::string_view field) {
    std::string name;
    bool upper = true;
    for (const char letter : field) {
        if (letter != '_') {
            name += upper ? to_upper_ascii(letter) : letter;
        }
        upper = letter == '_';
    }
    return name + "Entry";
}

/// What people put into an Any although no field has it as its type.
constexpr std::array well_known_types{
    std::string_view("google.protobuf.Timestamp"),
    std::string_view("google.protobuf.Duration"),
    std::string_view("google.protobuf.Empty"),
    std::string_view("google.protobuf.FieldMask"),
    std::string_view("google.protobuf.Struct"),
    std::string_view("google.protobuf.Value"),
    std::string_view("google.protobuf.ListValue"),
    std::string_view("google.protobuf.DoubleValue"),
    std::string_view("google.protobuf.FloatValue"),
    std::string_view("google.protobuf.Int64Value"),
    std::string_view("google.protobuf.UInt64Value"),
    std::string_view("google.protobuf.Int32Value"),
    std::string_view("google.protobuf.UInt32Value"),
    std::string_view("google.protobuf.BoolValue"),
    std::string_view("google.protobuf.StringValue"),
    std::string_view("google.protobuf.BytesValue"),
};

class PoolWriter {
public:
    PoolWriter(const ProtoFiles& files, const ProtoPoolBounds& bounds)
        : files_(files), bounds_(bounds) {}

    /// False when something in reach is not known, or too much is.
    bool collect(const FoundName& root) {
        want(root);
        collect_queue();
        if (bounds_.reach == ProtoReach::what_any_holds && has_any_) {
            want_all();
            collect_queue();
        }
        return !failed_;
    }

    /// The files in an order in which they can be built; empty when they depend on each other.
    std::vector<gp::FileDescriptorProto> write() {
        for (const auto& [path, file] : used_) {
            write_file(path, *file);
        }
        std::vector<gp::FileDescriptorProto> ordered;
        std::set<std::string> done;
        for (bool progress = true; progress && !written_.empty();) {
            progress = false;
            for (auto at = written_.begin(); at != written_.end();) {
                const auto& needed = at->second.dependency();
                if (std::all_of(needed.begin(), needed.end(),
                                [&](const auto& path) { return done.count(path) != 0; })) {
                    done.insert(at->first);
                    ordered.push_back(std::move(at->second));
                    at = written_.erase(at);
                    progress = true;
                } else {
                    ++at;
                }
            }
        }
        return written_.empty() && !failed_ ? std::move(ordered)
                                            : std::vector<gp::FileDescriptorProto>();
    }

private:
    struct Owner {
        std::string path;
        const ProtoFile* file = nullptr;
    };
    Owner owner_of(const FoundName& name) {
        const std::uint32_t file = name.what.file;
        if (file == 0) {
            return {"/root", &files_.root};
        }
        if (file != built_in_file) {
            return {fmt::format("/{}", file), &files_.references[file - 1].file};
        }
        const BuiltInName* found = find_built_in_name(name.full_name);
        for (const BuiltInFile& built_in : built_in_files()) {
            if (found != nullptr && built_in.path == found->path) {
                return {built_in.path, &built_in.file};
            }
        }
        failed_ = true;
        return {"/root", &files_.root};
    }

    void collect_queue() {
        for (; collected_ < queue_.size() && !failed_; ++collected_) {
            const FoundName name = queue_[collected_];  // the queue grows
            collect_types(*name.what.message, name);
        }
    }

    void want_all() {
        want_messages(files_.root.messages, 0, files_.root.package);
        std::uint32_t number = 0;
        for (const ProtoReference& reference : files_.references) {
            want_messages(reference.file.messages, ++number, reference.file.package);
        }
        for (const std::string_view name : well_known_types) {
            const auto found = files_.names.find({}, name, ProtoNames::Wanted::type, steps_);
            if (found) {
                want(*found);
            }
        }
    }
    void want_messages(const std::vector<ProtoMessage>& messages, std::uint32_t file,
                       const std::string& scope) {
        for (const ProtoMessage& message : messages) {
            if (!is_map_entry(message) && !failed_) {
                FoundName name;
                name.what.message = &message;
                name.what.file = file;
                name.full_name = join_names(scope, message.name);
                want(name);
                want_messages(message.messages, file, name.full_name);
            }
        }
    }

    void want(const FoundName& name) {
        has_any_ = has_any_ || name.full_name == "google.protobuf.Any";
        const void* key = name.what.message != nullptr
                              ? static_cast<const void*>(name.what.message)
                              : static_cast<const void*>(name.what.enumeration);
        if (key == nullptr || !wanted_.insert(key).second) {
            return;
        }
        failed_ = failed_ || wanted_.size() > bounds_.types_max;
        const Owner owner = owner_of(name);
        used_.emplace(owner.path, owner.file);
        if (name.what.message != nullptr) {
            queue_.push_back(name);
        } else {
            count(name.what.enumeration->constants.size());
        }
    }
    void count(std::size_t members) {
        members_ += members;
        failed_ = failed_ || members_ > bounds_.members_max;
    }

    std::optional<FoundName> find(std::string_view type, std::string_view scope) {
        auto found = files_.names.find(scope, type, ProtoNames::Wanted::type, steps_);
        failed_ = failed_ || !found || steps_ > limits::check_steps_max;
        return found;
    }

    void collect_type(std::string_view type, std::string_view scope) {
        if (const auto types = find_map_types(type)) {
            collect_type(types->value, scope);
        } else if (scalar_group_of(type) == ScalarGroup::none && !failed_) {
            if (const auto found = find(type, scope)) {
                want(*found);
            }
        }
    }
    void collect_groups(const std::vector<ProtoGroup>& groups, const FoundName& owner) {
        for (const ProtoGroup& group : groups) {
            FoundName body = owner;
            body.what.message = &group.body;
            body.full_name = join_names(owner.full_name, group.body.name);
            want(body);
        }
    }
    void collect_types(const ProtoMessage& message, const FoundName& name) {
        count(message.fields.size());
        for (const ProtoField& field : message.fields) {
            collect_type(field.type, name.full_name);
        }
        collect_groups(message.groups, name);
        for (const ProtoOneof& oneof : message.oneofs) {
            count(oneof.fields.size());
            for (const ProtoField& field : oneof.fields) {
                collect_type(field.type, name.full_name);
            }
            collect_groups(oneof.groups, name);
        }
    }

    void write_file(const std::string& path, const ProtoFile& file) {
        gp::FileDescriptorProto out;
        out.set_name(path);
        out.set_package(file.package);
        proto3_ = file.syntax == Syntax::proto3;
        out.set_syntax(proto3_ ? "proto3" : "proto2");
        path_ = path;
        needed_.clear();
        write_types(file.messages, file.enums, file.package, out, *out.mutable_message_type());
        for (const std::string& needed : needed_) {
            out.add_dependency(needed);
        }
        written_.emplace(path, std::move(out));
    }

    template <class Out>
    void write_types(const std::vector<ProtoMessage>& messages, const std::vector<ProtoEnum>& enums,
                     const std::string& scope, Out& out,
                     gp::RepeatedPtrField<gp::DescriptorProto>& nested) {
        for (const ProtoMessage& message : messages) {
            write_message(message, scope, nested);
        }
        for (const ProtoEnum& enumeration : enums) {
            if (wanted_.count(&enumeration) != 0) {
                write_enum(enumeration, *out.add_enum_type());
            }
        }
    }

    // Depth: that of the text, protobuf_depth_max. What holds nothing wanted is left out.
    void write_message(const ProtoMessage& message, const std::string& outer,
                       gp::RepeatedPtrField<gp::DescriptorProto>& siblings) {
        const std::string scope = join_names(outer, message.name);
        const bool wanted = wanted_.count(&message) != 0;
        gp::DescriptorProto out;
        out.set_name(message.name);
        if (is_map_entry(message)) {
            out.mutable_options()->set_map_entry(true);
        }
        if (wanted) {
            write_members(message, scope, out);
        }
        write_types(message.messages, message.enums, scope, out, *out.mutable_nested_type());
        if (wanted || out.nested_type_size() > 0 || out.enum_type_size() > 0) {
            *siblings.Add() = std::move(out);
        }
    }

    void write_members(const ProtoMessage& message, const std::string& scope,
                       gp::DescriptorProto& out) {
        for (const ProtoOneof& oneof : message.oneofs) {
            if (oneof.fields.empty() && oneof.groups.empty()) {
                continue;
            }
            const int index = out.oneof_decl_size();
            out.add_oneof_decl()->set_name(oneof.name);
            for (const ProtoField& field : oneof.fields) {
                write_field(field, scope, out).set_oneof_index(index);
            }
            for (const ProtoGroup& group : oneof.groups) {
                write_group(group, scope, out).set_oneof_index(index);
            }
        }
        for (const ProtoGroup& group : message.groups) {
            write_group(group, scope, out);
        }
        std::vector<gp::FieldDescriptorProto*> with_presence;
        for (const ProtoField& field : message.fields) {
            gp::FieldDescriptorProto& written = write_field(field, scope, out);
            if (proto3_ && field.label == Label::optional) {
                with_presence.push_back(&written);
            }
        }
        for (gp::FieldDescriptorProto* field : with_presence) {
            field->set_proto3_optional(true);
            field->set_oneof_index(out.oneof_decl_size());
            out.add_oneof_decl()->set_name("_" + field->name());
        }
    }

    gp::FieldDescriptorProto& write_group(const ProtoGroup& group, const std::string& scope,
                                          gp::DescriptorProto& out) {
        gp::FieldDescriptorProto& field = *out.add_field();
        field.set_name(to_lower_ascii(group.field.name));
        field.set_number(group.field.number);
        field.set_label(written_label(group.field.label));
        field.set_type(gp::FieldDescriptorProto::TYPE_GROUP);
        field.set_type_name("." + join_names(scope, group.body.name));
        write_message(group.body, scope, *out.mutable_nested_type());
        return field;
    }

    static gp::FieldDescriptorProto::Label written_label(Label label) {
        return label == Label::repeated   ? gp::FieldDescriptorProto::LABEL_REPEATED
               : label == Label::required ? gp::FieldDescriptorProto::LABEL_REQUIRED
                                          : gp::FieldDescriptorProto::LABEL_OPTIONAL;
    }

    gp::FieldDescriptorProto& write_field(const ProtoField& field, const std::string& scope,
                                          gp::DescriptorProto& owner) {
        gp::FieldDescriptorProto& out = *owner.add_field();
        out.set_name(field.name);
        out.set_number(field.number);
        out.set_label(written_label(field.label));
        for (const ProtoOption& option : field.options) {
            if (!option.custom && option.name == "json_name") {
                out.set_json_name(option.value.text);
            }
        }
        if (const auto types = find_map_types(field.type)) {
            write_map(field, *types, scope, owner, out);
            return out;
        }
        write_type(field.type, scope, out);
        const bool packable = field.label == Label::repeated && out.type_name().empty() &&
                              scalar_group_of(field.type) != ScalarGroup::bytes;
        for (const ProtoOption& option : field.options) {
            if (packable && !option.custom && option.name == "packed") {
                out.mutable_options()->set_packed(option.value.text == "true");
            }
        }
        return out;
    }

    void write_map(const ProtoField& field, const MapTypes& types, const std::string& scope,
                   gp::DescriptorProto& owner, gp::FieldDescriptorProto& out) {
        gp::DescriptorProto& entry = *owner.add_nested_type();
        entry.set_name(pool_entry_name(field.name));
        entry.mutable_options()->set_map_entry(true);
        out.set_label(gp::FieldDescriptorProto::LABEL_REPEATED);
        out.set_type(gp::FieldDescriptorProto::TYPE_MESSAGE);
        out.set_type_name("." + join_names(scope, entry.name()));
        int number = 0;
        for (const auto& [name, type] :
             {std::pair("key", types.key), std::pair("value", types.value)}) {
            gp::FieldDescriptorProto& part = *entry.add_field();
            part.set_name(name);
            part.set_number(++number);
            part.set_label(gp::FieldDescriptorProto::LABEL_OPTIONAL);
            write_type(type, scope, part);
        }
    }

    void write_type(std::string_view type, const std::string& scope,
                    gp::FieldDescriptorProto& out) {
        if (scalar_group_of(type) != ScalarGroup::none) {
            out.set_type(pool_scalar_type(type));
            return;
        }
        const auto found = find(type, scope);
        if (!found) {
            return;
        }
        out.set_type(found->what.enumeration != nullptr ? gp::FieldDescriptorProto::TYPE_ENUM
                                                        : gp::FieldDescriptorProto::TYPE_MESSAGE);
        out.set_type_name("." + found->full_name);
        if (const std::string path = owner_of(*found).path; path != path_) {
            needed_.insert(path);
        }
    }

    static void write_enum(const ProtoEnum& enumeration, gp::EnumDescriptorProto& out) {
        out.set_name(enumeration.name);
        std::set<std::int32_t> numbers;
        for (const ProtoConstant& constant : enumeration.constants) {
            gp::EnumValueDescriptorProto& value = *out.add_value();
            value.set_name(constant.name);
            value.set_number(constant.number);
            if (!numbers.insert(constant.number).second) {
                out.mutable_options()->set_allow_alias(true);
            }
        }
    }

    const ProtoFiles& files_;
    const ProtoPoolBounds bounds_;
    std::vector<FoundName> queue_;
    std::size_t collected_ = 0;  ///< of the queue
    bool has_any_ = false;
    std::set<const void*> wanted_;  ///< messages and enums
    std::map<std::string, const ProtoFile*> used_;
    std::map<std::string, gp::FileDescriptorProto> written_;
    std::size_t members_ = 0;
    std::uint64_t steps_ = 0;
    bool failed_ = false;
    // While one file is written:
    std::string path_;
    std::set<std::string> needed_;
    bool proto3_ = false;
};

}  // namespace

std::unique_ptr<ProtoPool> ProtoPool::build(const ProtoFiles& files, const FoundName& message,
                                            const ProtoPoolBounds& bounds, std::string* problem) {
    std::string ignored;
    std::string& why = problem == nullptr ? ignored : *problem;
    PoolWriter writer(files, bounds);
    if (message.what.message == nullptr || !writer.collect(message)) {
        why = "it reaches a type that is not known, or too many";
        return nullptr;
    }
    const auto written = writer.write();
    if (written.empty()) {
        why = "its files depend on each other";
        return nullptr;
    }
    auto pool = std::make_unique<ProtoPool>();
    FirstProblem first;
    for (const gp::FileDescriptorProto& file : written) {
        if (pool->pool_.BuildFileCollectingErrors(file, &first) == nullptr) {
            why = first.text;
            return nullptr;
        }
    }
    pool->message_ = pool->pool_.FindMessageTypeByName(message.full_name);
    return pool->message_ == nullptr ? nullptr : std::move(pool);
}

}  // namespace symbolon::compat::protobuf
