#include "client/codec/protobuf_scan.hpp"

#include "client/codec/datum_error.hpp"
#include "compat/json_text/json_text.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

namespace gp = google::protobuf;
using Field = gp::FieldDescriptor;

enum WireType : std::uint32_t { varint, fixed64, bytes, group_start, group_end, fixed32 };

constexpr std::size_t varint_bytes_max = 10;
// What a value takes in memory beside its bytes, and in JSON beside its name, rounded up.
constexpr std::size_t scalar_cost = 48;
constexpr std::size_t element_cost = 8;
constexpr std::size_t entry_cost = 128;

class Scan {
public:
    Scan(std::string_view whole, const MessageSizes& sizes) : whole_(whole), sizes_(sizes) {}

    /// Depth: protobuf_depth_max. `group`: the number whose end is awaited, 0 for none.
    /// `type` nullptr: nothing is known about what comes.
    bool message(std::size_t& at, std::size_t end, const gp::Descriptor* type,
                 std::uint32_t group) {
        if (path_.size() >= limits::protobuf_depth_max) {
            return fail(at, fmt::format("messages are nested deeper than {} levels",
                                        limits::protobuf_depth_max));
        }
        const std::size_t begin = at;
        AnyParts any;
        while (at < end) {
            const std::size_t place = at;
            std::uint64_t tag = 0;
            if (!read_varint(at, end, tag)) {
                return fail(place, "a field's number is cut off or too long");
            }
            const auto number = static_cast<std::uint32_t>(tag >> 3U);
            if (tag > 0xFFFF'FFFFU || number == 0) {
                return fail(place, fmt::format("{} is no field's number", tag >> 3U));
            }
            const auto wire = static_cast<std::uint32_t>(tag & 7U);
            if (wire == group_end) {
                return number == group || fail(place, "a group ends that did not begin");
            }
            const Field* field =
                type == nullptr ? nullptr : type->FindFieldByNumber(static_cast<int>(number));
            path_.push_back({field, number});
            if (!value(at, end, wire, any)) {
                return false;
            }
            path_.pop_back();
        }
        if (group != 0) {
            return fail(end, "a group does not end");
        }
        return type == nullptr || type->full_name() != "google.protobuf.Any" ||
               scan_any(begin, *type, any);
    }

    Error error() const { return *error_; }

private:
    struct Step {
        const Field* field;
        std::uint32_t number;
    };
    /// Of a google.protobuf.Any: both are known at its end only.
    struct AnyParts {
        std::string_view type_url;
        std::string_view value;
    };

    std::string path() const {
        std::string text;
        for (const Step& step : path_) {
            text += '/';
            text += step.field == nullptr ? fmt::format("{}", step.number) : step.field->name();
        }
        return shorten_path(text);
    }
    bool fail(std::size_t offset, std::string_view what) {
        if (!error_) {
            const std::string field = path();
            const std::string in = field.empty() ? field : ", in " + field;
            error_ = make_datum_error(
                fmt::format("{} at offset {} of the message{}", what, offset, in), offset, field);
        }
        return false;
    }

    bool read_varint(std::size_t& at, std::size_t end, std::uint64_t& out) const {
        out = 0;
        for (std::size_t count = 0; count < varint_bytes_max && at < end; ++count) {
            const auto byte = static_cast<unsigned char>(whole_[at++]);
            out |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * count);
            if ((byte & 0x80U) == 0) {
                return true;
            }
        }
        return false;
    }

    bool spend(std::size_t at, std::size_t cost) {
        cost_ += cost;
        return cost_ <= limits::protobuf_memory_bytes_max ||
               fail(at, fmt::format("reading the message would take more than {} bytes",
                                    limits::protobuf_memory_bytes_max));
    }
    std::size_t name_cost() const {
        const Field* field = path_.back().field;
        return field == nullptr ? 0 : field->json_name().size();
    }

    bool value(std::size_t& at, std::size_t end, std::uint32_t wire, AnyParts& any) {
        const std::size_t place = at;
        if (!spend(place, scalar_cost + name_cost())) {
            return false;
        }
        std::uint64_t number = 0;
        switch (wire) {
            case varint:
                return read_varint(at, end, number) ||
                       fail(place, "a number is cut off or longer than ten bytes");
            case fixed64:
                return skip(at, end, 8);
            case fixed32:
                return skip(at, end, 4);
            case bytes:
                return text(at, end, any);
            case group_start: {
                const Step& step = path_.back();
                const bool known = step.field != nullptr && step.field->type() == Field::TYPE_GROUP;
                const gp::Descriptor* type = known ? step.field->message_type() : nullptr;
                return spend(place, size_of(type)) && message(at, end, type, step.number);
            }
            default:
                return fail(place, fmt::format("there is no wire type {}", wire));
        }
    }

    bool skip(std::size_t& at, std::size_t end, std::size_t size) {
        if (end - at < size) {
            return fail(at, fmt::format("{} bytes are wanted, and {} are left", size, end - at));
        }
        at += size;
        return true;
    }

    std::size_t size_of(const gp::Descriptor* type) const {
        const auto found = sizes_.find(type);
        return found == sizes_.end() ? scalar_cost : found->second;
    }

    bool text(std::size_t& at, std::size_t end, AnyParts& any) {
        const std::size_t place = at;
        std::uint64_t size = 0;
        if (!read_varint(at, end, size)) {
            return fail(place, "a length is cut off or too long");
        }
        if (size > end - at) {
            return fail(place,
                        fmt::format("{} bytes are announced, and {} are left", size, end - at));
        }
        std::size_t inside = at;
        at += static_cast<std::size_t>(size);
        const Field* field = path_.back().field;
        const std::string_view content = whole_.substr(inside, static_cast<std::size_t>(size));
        if (field == nullptr) {
            return spend(place, content.size());
        }
        if (field->type() == Field::TYPE_MESSAGE) {
            return spend(place,
                         size_of(field->message_type()) + (field->is_map() ? entry_cost : 0)) &&
                   message(inside, at, field->message_type(), 0);
        }
        if (field->type() == Field::TYPE_STRING || field->type() == Field::TYPE_BYTES) {
            (field->number() == 1 ? any.type_url : any.value) = content;
            return string(inside, content, *field);
        }
        return field->is_packable() ? packed(inside, at, *field) : spend(place, content.size());
    }

    bool string(std::size_t place, std::string_view content, const Field& field) {
        if (field.type() == Field::TYPE_STRING) {
            if (const std::size_t bad = compat::find_bad_utf8(content);
                bad != std::string_view::npos) {
                return fail(place + bad, "the text is not UTF-8");
            }
        }
        return spend(place, 2 * content.size());
    }

    bool packed(std::size_t at, std::size_t end, const Field& field) {
        const std::size_t begin = at;
        std::size_t count = 0;
        const std::size_t width = width_of(field);
        for (; at < end; ++count) {
            std::uint64_t number = 0;
            if (width != 0 ? !skip(at, end, width) : !read_varint(at, end, number)) {
                return fail(begin, "a packed number is cut off or longer than ten bytes");
            }
        }
        return spend(begin, count * element_cost * 4);
    }
    /// Bytes of each packed number; 0: varints.
    static std::size_t width_of(const Field& field) {
        switch (field.type()) {
            case Field::TYPE_FIXED64:
            case Field::TYPE_SFIXED64:
            case Field::TYPE_DOUBLE:
                return 8;
            case Field::TYPE_FIXED32:
            case Field::TYPE_SFIXED32:
            case Field::TYPE_FLOAT:
                return 4;
            default:
                return 0;
        }
    }

    // Why: libprotobuf writes what is in an Any as JSON without counting how deep Anys are nested.
    bool scan_any(std::size_t begin, const gp::Descriptor& any_type, const AnyParts& any) {
        if (any.type_url.empty()) {
            return true;
        }
        const std::size_t slash = any.type_url.rfind('/');
        const std::string name(any.type_url.substr(slash + 1));  // npos + 1 is 0
        const gp::Descriptor* type = any_type.file()->pool()->FindMessageTypeByName(name);
        if (type == nullptr) {
            return fail(begin, fmt::format("a google.protobuf.Any holds \"{}\", which is no "
                                           "message of the schema or its references",
                                           name.substr(0, limits::quoted_bytes_max)));
        }
        auto at =
            any.value.empty() ? begin : static_cast<std::size_t>(any.value.data() - whole_.data());
        path_.push_back({any_type.FindFieldByNumber(2), 2});
        const bool good = message(at, at + any.value.size(), type, 0);
        if (good) {
            path_.pop_back();
        }
        return good;
    }

    const std::string_view whole_;
    const MessageSizes& sizes_;
    std::vector<Step> path_;
    std::size_t cost_ = 0;
    std::optional<Error> error_;
};

}  // namespace

Status scan_message(std::string_view bytes, const gp::Descriptor& type, const MessageSizes& sizes) {
    Scan scan(bytes, sizes);
    std::size_t at = 0;
    return scan.message(at, bytes.size(), &type, 0) ? Status() : Status(failure(scan.error()));
}

}  // namespace symbolon::client
