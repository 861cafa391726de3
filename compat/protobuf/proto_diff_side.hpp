// One of the two schemas that are compared, and where in it the comparison is: for lookups and for
// people.
//
// Example:  side.place_of(field)  == "/Outer/Inner/field", or "/Outer/choice/field" in a oneof
// Units:    places are names joined by "/"; "/" is all of the file
// Threads:  one at a time
// Source:   protobuf-compat.md 4 and 5
// Tested by tests/unit/compat/proto_places_test.cpp
#pragma once

#include "compat/protobuf/proto_kind.hpp"
#include "compat/protobuf/proto_schema.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::compat::protobuf {

class DiffSide {
public:
    explicit DiffSide(const ProtoFiles& schema_files)
        : files(schema_files), scope(schema_files.root.package) {}

    const ProtoFiles& files;
    std::string scope;  ///< the full name of the message that is compared, or the package

    struct Mark {
        std::size_t scope_bytes;
        std::size_t place_bytes;
    };
    /// Goes into a nested message; `leave` with what it returned comes back.
    Mark enter(std::string_view name) {
        const Mark mark{scope.size(), place_.size()};
        scope += scope.empty() ? "" : ".";
        scope += name;
        if (imported_.empty()) {
            place_ += '/';
            place_ += name;
        }
        return mark;
    }
    void leave(Mark mark) {
        scope.resize(mark.scope_bytes);
        place_.resize(mark.place_bytes);
    }

    struct Before {
        std::string scope;
        std::string place;
        std::string imported;
    };
    /// Goes to the message that is the type of `field`. The text knows only types of its own; what
    /// is in another file is placed at the field by which the text was left.
    Before follow(const FoundName& target, const PlacedField& field) {
        Before before{scope, place_, imported_};
        std::string local(target.local_name());
        if (target.what.file == 0) {
            std::replace(local.begin(), local.end(), '.', '/');
            place_ = "/" + local;
            imported_.clear();
        } else {
            place_ = place_of(field);
            imported_ = std::move(local);
        }
        scope = target.full_name;
        return before;
    }
    void come_back(Before before) {
        scope = std::move(before.scope);
        place_ = std::move(before.place);
        imported_ = std::move(before.imported);
    }

    /// The place of the message that is compared.
    std::string place() const { return place_.empty() ? "/" : place_; }
    std::string place_of(std::string_view name) const {
        return imported_.empty() ? place_ + "/" + std::string(name) : place_;
    }
    std::string place_of(const PlacedField& field) const {
        if (!imported_.empty()) {
            return place_;
        }
        const std::string oneof = field.oneof == nullptr ? "" : "/" + field.oneof->name;
        return place_ + oneof + "/" + field.field->name;
    }
    /// The message of another file that is compared; empty in the text's own messages.
    const std::string& imported() const { return imported_; }

private:
    std::string place_;
    std::string imported_;
};

}  // namespace symbolon::compat::protobuf
