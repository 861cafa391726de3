#include "client/codec/protobuf_groups.hpp"

#include "core/limits.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/status.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstddef>
#include <unordered_set>
#include <vector>

namespace symbolon::client {

namespace {

namespace gp = google::protobuf;
using Wire = gp::internal::WireFormatLite;

constexpr std::string_view any_name = "google.protobuf.Any";
constexpr int any_type_url = 1;
constexpr int any_value = 2;

void append_varint(std::string& out, std::size_t number) {
    for (; number > 0x7F; number >>= 7U) {
        out += static_cast<char>((number & 0x7FU) | 0x80U);
    }
    out += static_cast<char>(number);
}

class GroupRewriter {
public:
    GroupRewriter(std::string_view bytes, GroupForm to)
        : bytes_(bytes),
          in_(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size())),
          to_(to) {}

    /// Up to the end of the message or group that was begun.
    void append_message(const gp::Descriptor& type, std::string& out) {
        const gp::Descriptor* held = nullptr;
        while (true) {
            const int begin = in_.CurrentPosition();
            const std::uint32_t tag = in_.ReadTag();
            const auto wire = Wire::GetTagWireType(tag);
            if (tag == 0 || wire == Wire::WIRETYPE_END_GROUP) {
                return;
            }
            const gp::FieldDescriptor* const field =
                type.FindFieldByNumber(Wire::GetTagFieldNumber(tag));
            const bool is_any = field != nullptr && type.full_name() == any_name;
            const gp::Descriptor* below = field == nullptr ? nullptr : field->message_type();
            below = is_any && field->number() == any_value ? held : below;
            if (below != nullptr && is_entered(*field, wire)) {
                append_part(*field, *below, wire, out);
                continue;
            }
            if (!Wire::SkipField(&in_, tag)) {
                return;
            }
            const std::string_view whole = from(begin);
            out += whole;
            if (is_any && field->number() == any_type_url) {
                const std::string name(whole.substr(whole.rfind('/') + 1));
                held = type.file()->pool()->FindMessageTypeByName(name);
            }
        }
    }

private:
    // Limit: what an Any holds is as it was sent, and of values that come twice only one was
    // scanned.
    bool is_entered(const gp::FieldDescriptor& field, Wire::WireType wire) const {
        const bool is_group = field.type() == gp::FieldDescriptor::TYPE_GROUP;
        return depth_ < limits::protobuf_depth_max &&
               wire == (is_group && to_ == GroupForm::message ? Wire::WIRETYPE_START_GROUP
                                                              : Wire::WIRETYPE_LENGTH_DELIMITED);
    }

    std::string_view from(int begin) const {
        return bytes_.substr(static_cast<std::size_t>(begin),
                             static_cast<std::size_t>(in_.CurrentPosition() - begin));
    }

    void append_part(const gp::FieldDescriptor& field, const gp::Descriptor& type,
                     Wire::WireType wire, std::string& out) {
        std::string content;
        ++depth_;
        if (wire == Wire::WIRETYPE_LENGTH_DELIMITED) {
            const auto before = in_.ReadLengthAndPushLimit();
            append_message(type, content);
            in_.PopLimit(before);
        } else {
            append_message(type, content);
        }
        --depth_;
        if (field.type() == gp::FieldDescriptor::TYPE_GROUP && to_ == GroupForm::group) {
            append_varint(out, Wire::MakeTag(field.number(), Wire::WIRETYPE_START_GROUP));
            out += content;
            append_varint(out, Wire::MakeTag(field.number(), Wire::WIRETYPE_END_GROUP));
            return;
        }
        append_varint(out, Wire::MakeTag(field.number(), Wire::WIRETYPE_LENGTH_DELIMITED));
        append_varint(out, content.size());
        out += content;
    }

    const std::string_view bytes_;
    gp::io::CodedInputStream in_;
    const GroupForm to_;
    std::size_t depth_ = 0;
};

class GroupsAsMessages final : public gp::util::TypeResolver {
public:
    GroupsAsMessages(const std::string& prefix, const gp::DescriptorPool& pool)
        : types_(gp::util::NewTypeResolverForDescriptorPool(prefix, &pool)) {}

    gp::util::Status ResolveMessageType(const std::string& url, gp::Type* type) override {
        const auto status = types_->ResolveMessageType(url, type);
        for (gp::Field& field : *type->mutable_fields()) {
            if (field.kind() == gp::Field::TYPE_GROUP) {
                field.set_kind(gp::Field::TYPE_MESSAGE);
            }
        }
        return status;
    }
    gp::util::Status ResolveEnumType(const std::string& url, gp::Enum* type) override {
        return types_->ResolveEnumType(url, type);
    }

private:
    const std::unique_ptr<gp::util::TypeResolver> types_;
};

}  // namespace

bool may_have_groups(const gp::Descriptor& type) {
    std::unordered_set<const gp::Descriptor*> seen;
    std::vector<const gp::Descriptor*> open{&type};
    while (!open.empty()) {
        const gp::Descriptor& next = *open.back();
        open.pop_back();
        if (!seen.insert(&next).second) {
            continue;
        }
        if (next.full_name() == any_name) {
            return true;
        }
        for (int at = 0; at < next.field_count(); ++at) {
            if (next.field(at)->type() == gp::FieldDescriptor::TYPE_GROUP) {
                return true;
            }
            if (const auto* below = next.field(at)->message_type()) {
                open.push_back(below);
            }
        }
    }
    return false;
}

std::string rewrite_groups(std::string_view bytes, const gp::Descriptor& type, GroupForm to) {
    std::string out;
    GroupRewriter(bytes, to).append_message(type, out);
    return out;
}

std::unique_ptr<gp::util::TypeResolver> resolve_groups_as_messages(const std::string& prefix,
                                                                   const gp::DescriptorPool& pool) {
    return std::make_unique<GroupsAsMessages>(prefix, pool);
}

}  // namespace symbolon::client
