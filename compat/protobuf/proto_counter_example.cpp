#include "compat/protobuf/proto_counter_example.hpp"

#include "compat/protobuf/proto_kind.hpp"
#include "compat/protobuf/proto_pool.hpp"
#include "compat/protobuf/proto_sample.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

std::vector<std::string> names_in(std::string_view path) {
    std::vector<std::string> names;
    path.remove_prefix(path.starts_with('#') ? 1 : 0);
    while (path.size() > 1) {
        path.remove_prefix(1);
        const std::string_view name = path.substr(0, path.find('/'));
        names.emplace_back(name);
        path.remove_prefix(name.size());
    }
    return names;
}

/// The message of the schema's own file that the first `count` names lead to.
std::optional<FoundName> find_root_message(const ProtoFiles& files,
                                           const std::vector<std::string>& names,
                                           std::size_t count) {
    const std::string full = join_names(
        files.root.package,
        fmt::format("{}", fmt::join(names.begin(),
                                    names.begin() + static_cast<std::ptrdiff_t>(count), ".")));
    std::uint64_t steps = 0;
    auto found = files.names.find("", "." + full, ProtoNames::Wanted::type, steps);
    const bool own = count > 0 && found && found->what.message != nullptr && found->what.file == 0;
    return own ? std::move(found) : std::nullopt;
}

std::string_view local_name_of(const gp::Descriptor& message) {
    const std::string_view name = message.full_name();
    const std::size_t package = message.file()->package().size();
    return package == 0 ? name : name.substr(package + 1);
}

/// Writes data with one schema and reads them with another.
class Trial {
public:
    Trial(ProtoPool& writer, ProtoPool& reader)
        : writer_(writer), written_(writer.new_message()), read_(reader.new_message()) {}

    gp::Message& written() { return *written_; }
    const gp::Message& read() const { return *read_; }

    /// False when no writer writes this. Then `parsed` tells how the reading went.
    bool run() {
        if (!fill_required(*written_) || !written_->IsInitialized()) {
            return false;
        }
        std::string bytes;
        if (!written_->SerializeToString(&bytes)) {
            return false;
        }
        parsed_ = read_->ParsePartialFromString(bytes);
        return true;
    }
    bool parsed() const { return parsed_; }

    /// nullopt when libprotobuf has no JSON for it.
    std::optional<CounterExample> told(const std::string& reading) const {
        gp::util::JsonPrintOptions options;
        options.preserve_proto_field_names = true;
        CounterExample example;
        if (!gp::util::MessageToJsonString(*written_, &example.datum, options).ok()) {
            return std::nullopt;
        }
        example.reading =
            fmt::format("Read as {}, {}.", local_name_of(*writer_.message()), reading);
        return example;
    }

private:
    ProtoPool& writer_;
    std::unique_ptr<gp::Message> written_;
    std::unique_ptr<gp::Message> read_;
    bool parsed_ = false;
};

class CounterExampleSearch {
public:
    CounterExampleSearch(const Finding& finding, const ProtoFiles& reader, const ProtoFiles& writer)
        : finding_(finding), reader_files_(reader), writer_files_(writer) {}

    std::optional<CounterExample> run() {
        std::vector<std::string> names = names_in(finding_.path);
        if (names.empty()) {
            return std::nullopt;
        }
        switch (finding_.kind) {
            case FindingKind::message_removed:
                return show_missing_message(names);
            case FindingKind::multiple_fields_moved_to_oneof:
            case FindingKind::field_moved_to_existing_oneof:
                member_ = names.back();
                names.pop_back();
                break;
            default: {
                const std::string& last = names.back();
                std::from_chars(last.data(), last.data() + last.size(), number_);
                names.pop_back();
            }
        }
        if (auto example = show_in(names)) {
            return example;
        }
        if (names.size() < 2 || !member_.empty()) {
            return std::nullopt;
        }
        names.pop_back();  // the last was a oneof's name
        return show_in(names);
    }

private:
    // --- where

    // Places of members of the schema's own messages say so; others are shown at the field by which
    // the text is left.
    std::optional<CounterExample> show_in(const std::vector<std::string>& message) {
        if (is_own(message)) {
            return show_from(message, message.size(), message);
        }
        const std::vector<std::string> names = names_in(finding_.writer_path);
        for (const std::size_t around : {1U, 2U}) {  // of a field, and of a field of a oneof
            if (names.size() > around) {
                if (auto example = show_from(names, names.size() - around, message)) {
                    return example;
                }
            }
        }
        return std::nullopt;
    }

    // True when the finding is placed at a member of this message of the schema's own.
    bool is_own(const std::vector<std::string>& message) const {
        const std::string place = fmt::format("/{}", fmt::join(message, "/"));
        const auto is_at = [&](std::string_view path, std::string_view member) {
            return path == place + std::string(member);
        };
        if (!member_.empty()) {
            return finding_.reader_path.starts_with(fmt::format("{}/{}/", place, member_));
        }
        const auto ours = find_root_message(writer_files_, message, message.size());
        const auto theirs = find_root_message(reader_files_, message, message.size());
        return ours && theirs && is_at(finding_.writer_path, member_place(*ours->what.message)) &&
               is_at(finding_.reader_path, member_place(*theirs->what.message));
    }
    // The field of the finding's number as places name it; nothing if there is none.
    std::string member_place(const ProtoMessage& message) const {
        const std::vector<PlacedField> fields = fields_by_number(message);
        const PlacedField* field = find_number(fields, number_);
        if (field == nullptr) {
            return "";
        }
        const std::string oneof = field->oneof == nullptr ? "" : "/" + field->oneof->name;
        return oneof + "/" + field->field->name;
    }

    // From the message that `root` begins with to one whose local name is `target`.
    std::optional<CounterExample> show_from(const std::vector<std::string>& root, std::size_t count,
                                            const std::vector<std::string>& target) {
        const auto ours = find_root_message(writer_files_, root, count);
        const auto theirs = find_root_message(reader_files_, root, count);
        if (!ours || !theirs) {
            return std::nullopt;
        }
        writer_ = ProtoPool::build(writer_files_, *ours);
        reader_ = ProtoPool::build(reader_files_, *theirs);
        if (writer_ == nullptr || reader_ == nullptr) {
            return std::nullopt;
        }
        const bool away = root != target;
        return find_chain(fmt::format("{}", fmt::join(target, ".")), away ? 1 : 0) ? show()
                                                                                   : std::nullopt;
    }

    // The shortest way to a pair of messages of this name, by fields that both have.
    bool find_chain(const std::string& target, std::size_t steps_min) {
        struct Stop {
            const gp::Descriptor* ours;
            const gp::Descriptor* theirs;
            FieldChain chain;
        };
        std::vector<Stop> queue{{writer_->message(), reader_->message(), {}}};
        std::set<std::pair<const gp::Descriptor*, const gp::Descriptor*>> seen;
        for (std::size_t at = 0; at < queue.size(); ++at) {
            const Stop stop = queue[at];  // the queue grows
            if (stop.chain.size() >= steps_min && local_name_of(*stop.ours) == target &&
                local_name_of(*stop.theirs) == target) {
                chain_ = stop.chain;
                writer_message_ = stop.ours;
                reader_message_ = stop.theirs;
                return true;
            }
            if (stop.chain.size() >= limits::counter_example_depth_max / 2 ||
                queue.size() > limits::counter_example_types_max) {
                continue;
            }
            for (int field = 0; field < stop.ours->field_count(); ++field) {
                const gp::FieldDescriptor* ours = stop.ours->field(field);
                const gp::FieldDescriptor* theirs = stop.theirs->FindFieldByNumber(ours->number());
                if (theirs == nullptr || ours->message_type() == nullptr ||
                    theirs->message_type() == nullptr ||
                    !seen.insert({ours->message_type(), theirs->message_type()}).second) {
                    continue;
                }
                FieldChain chain = stop.chain;
                chain.push_back(ours);
                queue.push_back({ours->message_type(), theirs->message_type(), std::move(chain)});
            }
        }
        return false;
    }

    // --- what

    std::optional<CounterExample> show() {
        const gp::FieldDescriptor* ours = writer_message_->FindFieldByNumber(number_);
        switch (finding_.kind) {
            case FindingKind::multiple_fields_moved_to_oneof:
            case FindingKind::field_moved_to_existing_oneof:
                return show_oneof();
            case FindingKind::required_field_added:
                return show_absence();
            case FindingKind::field_numeric_label_changed:
                if (auto example = show_absence()) {
                    return example;
                }
                return ours == nullptr ? std::nullopt : show_field(*ours);
            case FindingKind::field_kind_changed:
            case FindingKind::field_scalar_kind_changed:
            case FindingKind::field_named_type_changed:
            case FindingKind::required_field_removed:
            case FindingKind::oneof_field_removed:
                return ours == nullptr ? std::nullopt : show_field(*ours);
            default:
                return std::nullopt;
        }
    }

    std::string name_of(const gp::FieldDescriptor& field) const {
        std::string name;
        for (const gp::FieldDescriptor* step : chain_) {
            name += step->name() + ".";
        }
        return fmt::format("\"{}{}\" ({})", name, field.name(), field.number());
    }

    // A message of the reader's that misses a field that the reader requires.
    std::optional<CounterExample> show_absence() {
        const gp::FieldDescriptor* theirs = reader_message_->FindFieldByNumber(number_);
        if (theirs == nullptr || !theirs->is_required()) {
            return std::nullopt;
        }
        Trial trial(*writer_, *reader_);
        make_below(chain_, trial.written());
        if (!trial.run() || !trial.parsed()) {
            return std::nullopt;
        }
        const gp::Message* holder = find_below(chain_, trial.read());
        if (holder == nullptr || holds(*holder, *theirs)) {
            return std::nullopt;
        }
        return trial.told(
            fmt::format("it is refused: the required field {} is missing", name_of(*theirs)));
    }

    std::optional<CounterExample> show_field(const gp::FieldDescriptor& ours) {
        for (const Sample& sample : samples_of(ours, reader_message_)) {
            Trial trial(*writer_, *reader_);
            if (!write_sample(sample, chain_, trial.written()) || !trial.run()) {
                continue;
            }
            auto reading = trial.parsed() ? reading_of(ours, trial) : failure_of(ours, trial);
            if (reading) {
                if (trial.parsed() && !trial.read().IsInitialized()) {
                    *reading += "; required fields are missing then, so it is refused";
                }
                if (auto example = trial.told(*reading)) {
                    return example;
                }
            }
        }
        return std::nullopt;
    }

    std::optional<std::string> reading_of(const gp::FieldDescriptor& ours, Trial& trial) const {
        const gp::Message* written = find_below(chain_, trial.written());
        const gp::Message* read = find_below(chain_, trial.read());
        if (written == nullptr || read == nullptr) {
            return std::nullopt;
        }
        const gp::FieldDescriptor* theirs = reader_message_->FindFieldByNumber(ours.number());
        switch (compare_field(*written, ours, *read)) {
            case FieldReading::same:
                return std::nullopt;
            case FieldReading::lost:
                return theirs == nullptr
                           ? fmt::format("the field {} is lost: the reader has no field {}",
                                         name_of(ours), ours.number())
                           : fmt::format(
                                 "the field {} is lost: it was written as {} and is read as {}",
                                 name_of(ours), text_of_type(ours), text_of_type(*theirs));
            case FieldReading::other:
                return fmt::format("the field {}, written as {} {}, is read as {} {}",
                                   name_of(ours), text_of_type(ours), text_of_value(*written, ours),
                                   text_of_type(*theirs), text_of_value(*read, *theirs));
        }
        return std::nullopt;
    }

    // Reading failed. It is this field's doing if it succeeds without it.
    std::optional<std::string> failure_of(const gp::FieldDescriptor& ours, Trial& trial) const {
        const gp::FieldDescriptor* theirs = reader_message_->FindFieldByNumber(ours.number());
        Trial without(*writer_, *reader_);
        without.written().CopyFrom(trial.written());
        gp::Message* holder = make_below(chain_, without.written());
        holder->GetReflection()->ClearField(holder, &ours);
        const std::string rest = without.written().SerializePartialAsString();
        const auto read = reader_->new_message();
        if (theirs == nullptr || !read->ParsePartialFromString(rest)) {
            return std::nullopt;
        }
        return fmt::format("it is refused: the field {} was written as {} and cannot be read as {}",
                           name_of(ours), text_of_type(ours), text_of_type(*theirs));
    }

    // Two fields that the reader keeps one of.
    std::optional<CounterExample> show_oneof() {
        const gp::OneofDescriptor* oneof = reader_message_->FindOneofByName(member_);
        std::size_t tried = 0;
        for (int left = 0; oneof != nullptr && left < oneof->field_count(); ++left) {
            for (int right = left + 1; right < oneof->field_count(); ++right) {
                if (++tried > limits::counter_example_samples_max) {
                    return std::nullopt;
                }
                const auto* first =
                    writer_message_->FindFieldByNumber(oneof->field(left)->number());
                const auto* second =
                    writer_message_->FindFieldByNumber(oneof->field(right)->number());
                if (first == nullptr || second == nullptr) {
                    continue;
                }
                if (auto example = show_both(*first, *second, oneof->name())) {
                    return example;
                }
            }
        }
        return std::nullopt;
    }

    std::optional<CounterExample> show_both(const gp::FieldDescriptor& first,
                                            const gp::FieldDescriptor& second,
                                            const std::string& oneof) {
        Trial trial(*writer_, *reader_);
        for (const gp::FieldDescriptor* field : {&first, &second}) {
            const std::vector<Sample> samples = samples_of(*field, reader_message_);
            if (samples.empty() || !write_sample(samples.front(), chain_, trial.written())) {
                return std::nullopt;
            }
        }
        if (!trial.run() || !trial.parsed()) {
            return std::nullopt;
        }
        const gp::Message* written = find_below(chain_, trial.written());
        const gp::Message* read = find_below(chain_, trial.read());
        const auto kept = [&](const gp::FieldDescriptor& field) {
            return holds(*read, *reader_message_->FindFieldByNumber(field.number()));
        };
        if (written == nullptr || read == nullptr || !holds(*written, first) ||
            !holds(*written, second) || kept(first) == kept(second)) {
            return std::nullopt;
        }
        return trial.told(fmt::format(
            "of the fields {} and {} only {} is left: the reader keeps "
            "one field of the oneof \"{}\"",
            name_of(first), name_of(second), name_of(kept(first) ? first : second), oneof));
    }

    // A message that moved into an imported file of the same package is still there.
    bool reader_knows(const std::vector<std::string>& names) const {
        const std::string full =
            join_names(reader_files_.root.package, fmt::format("{}", fmt::join(names, ".")));
        std::uint64_t steps = 0;
        return reader_files_.names.find("", "." + full, ProtoNames::Wanted::type, steps)
            .has_value();
    }

    std::optional<CounterExample> show_missing_message(const std::vector<std::string>& names) {
        const auto ours = find_root_message(writer_files_, names, names.size());
        const std::string place = fmt::format("/{}", fmt::join(names, "/"));
        if (!ours || finding_.writer_path != place || reader_knows(names)) {
            return std::nullopt;
        }
        writer_ = ProtoPool::build(writer_files_, *ours);
        if (writer_ == nullptr) {
            return std::nullopt;
        }
        Trial trial(*writer_, *writer_);
        if (writer_->message()->field_count() > 0) {
            const auto samples = samples_of(*writer_->message()->field(0), nullptr);
            if (samples.empty() || !write_sample(samples.front(), {}, trial.written())) {
                return std::nullopt;
            }
        }
        if (!trial.run() || !trial.parsed()) {
            return std::nullopt;
        }
        auto example = trial.told("");
        if (example) {
            example->reading = fmt::format("The reader has no message {} to read it with.",
                                           local_name_of(*writer_->message()));
        }
        return example;
    }

    const Finding& finding_;
    const ProtoFiles& reader_files_;
    const ProtoFiles& writer_files_;
    std::int32_t number_ = 0;
    std::string member_;  ///< the name of a oneof
    std::unique_ptr<ProtoPool> writer_;
    std::unique_ptr<ProtoPool> reader_;
    FieldChain chain_;  ///< from the pools' messages to those of the finding
    const gp::Descriptor* writer_message_ = nullptr;
    const gp::Descriptor* reader_message_ = nullptr;
};

}  // namespace

std::optional<CounterExample> build_counter_example(const Finding& finding,
                                                    const ProtoFiles& reader,
                                                    const ProtoFiles& writer) {
    return CounterExampleSearch(finding, reader, writer).run();
}

}  // namespace symbolon::compat::protobuf
