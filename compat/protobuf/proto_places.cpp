#include "compat/protobuf/proto_places.hpp"

#include "compat/protobuf/proto_parse.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace symbolon::compat::protobuf {

namespace {

/// What a step of a path can stand on; exactly one is set, or none in the file itself.
struct PlaceNode {
    const ProtoMessage* message = nullptr;
    const ProtoOneof* oneof = nullptr;
    const ProtoEnum* enumeration = nullptr;
    Place place{};
};

class PlaceWalk {
public:
    PlaceWalk(const ProtoFile& file, std::uint64_t& steps) : file_(file), steps_(steps) {}

    std::optional<PlaceNode> step(const PlaceNode& from, std::string_view name) {
        name_ = name;
        number_ = -1;
        std::from_chars(name.data(), name.data() + name.size(), number_);
        if (from.oneof != nullptr) {
            return in_fields(from.oneof->fields, from.oneof->groups);
        }
        if (from.enumeration != nullptr) {
            return in_constants(*from.enumeration);
        }
        return from.message != nullptr ? in_message(*from.message) : in_file(from);
    }

private:
    template <class Named>
    const Named* find_named(const std::vector<Named>& all) {
        steps_ += all.size();
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const Named& at) { return at.name == name_; });
        return found == all.end() ? nullptr : &*found;
    }
    template <class Numbered>
    const Numbered* find_numbered(const std::vector<Numbered>& all) {
        const Numbered* found = find_named(all);
        for (auto at = all.rbegin(); found == nullptr && at != all.rend(); ++at) {
            found = at->number == number_ ? &*at : nullptr;
        }
        return found;
    }

    std::optional<PlaceNode> in_fields(const std::vector<ProtoField>& fields,
                                       const std::vector<ProtoGroup>& groups) {
        if (const ProtoField* field = find_numbered(fields)) {
            return PlaceNode{.place = field->place};
        }
        steps_ += groups.size();
        for (const ProtoGroup& group : groups) {
            if (group.body.name == name_ || group.field.number == number_) {
                return PlaceNode{.message = &group.body, .place = group.body.place};
            }
        }
        return std::nullopt;
    }
    std::optional<PlaceNode> in_constants(const ProtoEnum& enumeration) {
        const ProtoConstant* constant = find_numbered(enumeration.constants);
        return constant == nullptr ? std::nullopt
                                   : std::optional(PlaceNode{.place = constant->place});
    }
    std::optional<PlaceNode> in_types(const std::vector<ProtoMessage>& messages,
                                      const std::vector<ProtoEnum>& enums) {
        if (const ProtoMessage* message = find_named(messages)) {
            return PlaceNode{.message = message, .place = message->place};
        }
        const ProtoEnum* found = find_named(enums);
        return found == nullptr
                   ? std::nullopt
                   : std::optional(PlaceNode{.enumeration = found, .place = found->place});
    }
    std::optional<PlaceNode> in_message(const ProtoMessage& message) {
        if (const ProtoOneof* oneof = find_named(message.oneofs)) {
            return PlaceNode{.oneof = oneof, .place = oneof->place};
        }
        auto found = in_fields(message.fields, message.groups);
        return found ? found : in_types(message.messages, message.enums);
    }
    std::optional<PlaceNode> in_file(const PlaceNode& from) {
        if (from.place.line != 0) {
            return std::nullopt;  // a field: nothing is below it
        }
        auto found = in_types(file_.messages, file_.enums);
        if (!found && name_ == "package" && file_.package_place.line != 0) {
            return PlaceNode{.place = file_.package_place};
        }
        return found;
    }

    const ProtoFile& file_;
    std::uint64_t& steps_;
    std::string_view name_;
    std::int32_t number_ = -1;
};

}  // namespace

std::optional<ProtoPlaces> ProtoPlaces::read(std::string_view text) {
    auto file = parse_proto_text(text);
    return file ? std::optional(ProtoPlaces(text, std::move(*file))) : std::nullopt;
}

ProtoPlaces::ProtoPlaces(std::string_view text, ProtoFile file)
    : text_(text), file_(std::move(file)) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n') {
            line_starts_.push_back(at + 1);
        }
    }
}

std::optional<TextPlace> ProtoPlaces::find(std::string_view path) {
    if (steps_ > limits::locate_steps_max) {
        return std::nullopt;
    }
    path.remove_prefix(path.starts_with('#') ? 1 : 0);
    TextPlace found;
    PlaceNode node;
    for (PlaceWalk walk(file_, steps_); path.size() > 1;) {
        path.remove_prefix(1);
        const std::string_view name = path.substr(0, path.find('/'));
        const auto below = walk.step(node, name);
        if (!below) {
            break;
        }
        node = *below;
        found.path += "/" + std::string(name);
        path.remove_prefix(name.size());
    }
    if (found.path.empty()) {
        found.path = "/";
        return found;
    }
    found.line = node.place.line;
    found.column = 1 + characters_before(node.place);
    return found;
}

// Places count UTF-16 units, of which a character has one or two.
std::size_t ProtoPlaces::characters_before(Place place) {
    if (place.line == 0 || place.line > line_starts_.size()) {
        return 0;
    }
    std::size_t characters = 0;
    std::size_t units = 1;
    for (std::size_t at = line_starts_[place.line - 1]; at < text_.size() && units < place.column;
         ++at) {
        const auto byte = static_cast<unsigned char>(text_[at]);
        if ((byte & 0xC0U) != 0x80U) {
            units += byte >= 0xF0U ? 2 : 1;
            ++characters;
        }
    }
    steps_ += characters / 8;
    return characters;
}

}  // namespace symbolon::compat::protobuf
