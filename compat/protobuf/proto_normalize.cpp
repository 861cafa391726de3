#include "compat/protobuf/proto_normalize.hpp"

#include "compat/protobuf/proto_options.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

void sort_names(std::vector<std::string>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

void sort_fields(std::vector<ProtoField>& fields) {
    std::stable_sort(fields.begin(), fields.end(), [](const auto& left, const auto& right) {
        return left.number < right.number;
    });
}

// One value in each statement: numbers by their start, then names.
void split_reserved(std::vector<ProtoReserved>& statements) {
    std::vector<ProtoRange> ranges;
    std::vector<std::string> names;
    for (const ProtoReserved& statement : statements) {
        ranges.insert(ranges.end(), statement.ranges.begin(), statement.ranges.end());
        names.insert(names.end(), statement.names.begin(), statement.names.end());
    }
    std::stable_sort(ranges.begin(), ranges.end(), [](const auto& left, const auto& right) {
        return std::tie(left.first, left.last) < std::tie(right.first, right.last);
    });
    std::stable_sort(names.begin(), names.end());
    statements.clear();
    for (ProtoRange& range : ranges) {
        range.one_number = range.first == range.last;
        statements.push_back({{range}, {}});
    }
    for (std::string& name : names) {
        statements.push_back({{}, {std::move(name)}});
    }
}

void split_extensions(std::vector<ProtoExtensions>& statements) {
    std::vector<ProtoExtensions> split;
    for (const ProtoExtensions& statement : statements) {
        for (ProtoRange range : statement.ranges) {
            range.one_number = range.first == range.last;
            split.push_back({{range}, statement.options});
        }
    }
    std::stable_sort(split.begin(), split.end(), [](const auto& left, const auto& right) {
        return std::tie(left.ranges[0].first, left.ranges[0].last) <
               std::tie(right.ranges[0].first, right.ranges[0].last);
    });
    statements = std::move(split);
}

class ProtoNormalizer {
public:
    explicit ProtoNormalizer(const ProtoFiles& files) : names_(files.names), file_(files.root) {}

    Result<ProtoFile> run() {
        if (file_.syntax == Syntax::proto2) {
            file_.syntax = Syntax::unwritten;
        }
        sort_names(file_.imports);
        sort_names(file_.public_imports);
        options(file_.options, file_.package);
        for (ProtoMessage& message : file_.messages) {
            this->message(message, join_names(file_.package, message.name));
        }
        for (ProtoEnum& enumeration : file_.enums) {
            this->enumeration(enumeration, join_names(file_.package, enumeration.name));
        }
        extends(file_.extends, file_.package);
        for (ProtoService& service : file_.services) {
            this->service(service);
        }
        std::erase_if(file_.messages, is_map_entry);
        if (problem_) {
            return failure(*problem_);
        }
        return std::move(file_);
    }

private:
    void fail(const std::string& text, ErrorCode code = ErrorCode::invalid_schema) {
        if (!problem_) {
            problem_ = make_error(code, text);
        }
    }
    bool stopped() {
        if (steps_ > limits::check_steps_max || written_ > limits::schema_text_bytes_max) {
            fail("The names of the schema are too costly to resolve", ErrorCode::check_too_costly);
        }
        return problem_.has_value();
    }

    std::optional<FoundName> find_type(std::string_view scope, std::string_view name) {
        auto found = names_.find(scope, name, ProtoNames::Wanted::type, steps_);
        written_ += found ? found->full_name.size() : 0;
        return found;
    }

    void options(ProtoOptions& options, std::string_view scope) {
        if (!options.empty() && !stopped()) {
            normalize_options(options, scope, names_, steps_);
        }
    }

    void type_name(std::string& name, std::string_view scope) {
        if (stopped()) {
            return;
        }
        if (const auto found = find_type(scope, name)) {
            name = "." + found->full_name;
        } else {
            fail("Could not resolve type: " + name);
        }
    }

    std::string map_value_name(std::string_view name, std::string_view scope) {
        if (scalar_group_of(name) != ScalarGroup::none) {
            return std::string(name);
        }
        const auto found = find_type(scope, name);
        return found ? "." + found->full_name : std::string(name);
    }

    // A field whose type is a message with `option map_entry` becomes a map.
    bool rewrite_map_entry(ProtoField& field, const FoundName& found) {
        if (found.what.message == nullptr || !is_map_entry(*found.what.message)) {
            return false;
        }
        std::string key;
        std::string value;
        for (const ProtoField& part : found.what.message->fields) {
            if (part.name == "key") {
                key = part.type;
            } else if (part.name == "value") {
                value = map_value_name(part.type, found.full_name);
            }
        }
        if (key.empty() || value.empty()) {
            return false;
        }
        field.type = "map<" + key + ", " + value + ">";
        field.label = Label::none;
        return true;
    }

    void field_type(ProtoField& field, std::string_view scope) {
        if (stopped() || scalar_group_of(field.type) != ScalarGroup::none) {
            return;
        }
        if (const auto types = find_map_types(field.type)) {
            if (!can_be_map_key(types->key)) {
                fail("map key must be non-byte, non-floating point scalar: " +
                     std::string(types->key));
            }
            field.type =
                "map<" + std::string(types->key) + ", " + map_value_name(types->value, scope) + ">";
            return;
        }
        const auto found = find_type(scope, field.type);
        if (!found) {
            fail("Could not resolve type: " + field.type);
        } else if (!rewrite_map_entry(field, *found)) {
            field.type = "." + found->full_name;
        }
    }

    void fields(std::vector<ProtoField>& fields, std::string_view scope) {
        for (ProtoField& field : fields) {
            field_type(field, scope);
            options(field.options, scope);
        }
        sort_fields(fields);
    }

    void groups(std::vector<ProtoGroup>& groups, std::string_view scope) {
        for (ProtoGroup& group : groups) {
            options(group.field.options, scope);
            message(group.body, join_names(scope, group.body.name));
        }
        std::stable_sort(groups.begin(), groups.end(), [](const auto& left, const auto& right) {
            return left.field.number < right.field.number;
        });
    }

    void oneofs(std::vector<ProtoOneof>& oneofs, std::string_view scope) {
        if (oneofs.empty()) {
            return;
        }
        for (ProtoOneof& oneof : oneofs) {
            options(oneof.options, scope);
            fields(oneof.fields, scope);
            groups(oneof.groups, scope);
        }
        std::erase_if(
            oneofs, [](const auto& oneof) { return oneof.fields.empty() && oneof.groups.empty(); });
        const auto first_number = [](const ProtoOneof& oneof) {
            return oneof.fields.empty() ? oneof.groups.front().field.number
                                        : oneof.fields.front().number;
        };
        std::stable_sort(oneofs.begin(), oneofs.end(), [&](const auto& left, const auto& right) {
            return first_number(left) < first_number(right);
        });
        if (oneofs.empty()) {
            oneofs.emplace_back();  // Parity: the empty line before them stays.
        }
    }

    void message(ProtoMessage& message, const std::string& scope) {
        split_reserved(message.reserved);
        options(message.options, scope);
        fields(message.fields, scope);
        oneofs(message.oneofs, scope);
        groups(message.groups, scope);
        split_extensions(message.extensions);
        extends(message.extends, scope);
        for (ProtoMessage& nested : message.messages) {
            this->message(nested, join_names(scope, nested.name));
        }
        for (ProtoEnum& nested : message.enums) {
            enumeration(nested, join_names(scope, nested.name));
        }
        std::erase_if(message.messages, is_map_entry);
    }

    void enumeration(ProtoEnum& enumeration, const std::string& scope) {
        split_reserved(enumeration.reserved);
        options(enumeration.options, scope);
        for (ProtoConstant& constant : enumeration.constants) {
            options(constant.options, scope);
        }
        std::stable_sort(enumeration.constants.begin(), enumeration.constants.end(),
                         [](const auto& left, const auto& right) {
                             return std::tie(left.number, left.name) <
                                    std::tie(right.number, right.name);
                         });
    }

    // Blocks for one target are joined at the place of the first.
    void extends(std::vector<ProtoExtend>& extends, std::string_view scope) {
        std::vector<ProtoExtend> joined;
        std::map<std::string, std::size_t> places;
        for (ProtoExtend& extend : extends) {
            type_name(extend.type, scope);
            fields(extend.fields, scope);
            groups(extend.groups, scope);
            const auto [place, added] = places.emplace(extend.type, joined.size());
            if (added) {
                joined.push_back(std::move(extend));
                continue;
            }
            ProtoExtend& earlier = joined[place->second];
            std::move(extend.fields.begin(), extend.fields.end(),
                      std::back_inserter(earlier.fields));
            std::move(extend.groups.begin(), extend.groups.end(),
                      std::back_inserter(earlier.groups));
        }
        for (ProtoExtend& extend : joined) {
            sort_fields(extend.fields);
        }
        extends = std::move(joined);
    }

    void service(ProtoService& service) {
        const std::string scope = join_names(file_.package, service.name);
        options(service.options, scope);
        for (ProtoMethod& method : service.methods) {
            type_name(method.request, scope);
            type_name(method.response, scope);
            options(method.options, scope);
        }
    }

    const ProtoNames& names_;
    ProtoFile file_;
    std::uint64_t steps_ = 0;
    std::size_t written_ = 0;  ///< bytes of full names
    std::optional<Error> problem_;
};

}  // namespace

Result<ProtoFile> normalize_proto(const ProtoFiles& files) {
    return ProtoNormalizer(files).run();
}

}  // namespace symbolon::compat::protobuf
