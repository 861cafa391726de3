// Data of a message, made so that a fault in reading them shows, and what a reader made of them.
//
// Threads:  one at a time
// Limits:   counter_example_samples_max, counter_example_depth_max
// Source:   Protocol Buffers, "Encoding"
// Tested by tests/unit/compat/proto_counter_example_test.cpp
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstddef>
#include <string>
#include <vector>

namespace symbolon::compat::protobuf {

/// Fields that lead from a message to one within it.
using FieldChain = std::vector<const google::protobuf::FieldDescriptor*>;

/// One scalar field within a message and which of its telling values it gets.
struct SampleValue {
    FieldChain chain;  ///< the last is the scalar, unless `pick` is no_scalar
    std::size_t pick = 0;

    static constexpr std::size_t no_scalar = static_cast<std::size_t>(-1);
};
struct Sample {
    std::vector<SampleValue> values;
    bool twice = false;  ///< the first value's field gets a second element
};

/// Data for one field of a message; those that are most likely read otherwise come first.
/// `reader` is the message that reads, or nullptr.
std::vector<Sample> samples_of(const google::protobuf::FieldDescriptor& field,
                               const google::protobuf::Descriptor* reader);

/// Writes the sample into a message below `chain`; false when that cannot be.
bool write_sample(const Sample& sample, const FieldChain& chain, google::protobuf::Message& root);
/// The message below `chain`, made if need be.
google::protobuf::Message* make_below(const FieldChain& chain, google::protobuf::Message& root);
/// The message that the reader has below the same numbers; nullptr when there is none.
const google::protobuf::Message* find_below(const FieldChain& chain,
                                            const google::protobuf::Message& root);
/// Gives values to all required fields; false when there are too many or they never end.
bool fill_required(google::protobuf::Message& message);

enum class FieldReading { same, other, lost };
/// What has become of the field in a message that was read.
FieldReading compare_field(const google::protobuf::Message& written,
                           const google::protobuf::FieldDescriptor& field,
                           const google::protobuf::Message& read);
bool holds(const google::protobuf::Message& message,
           const google::protobuf::FieldDescriptor& field);
/// The field's value on one line, not too long.
std::string text_of_value(const google::protobuf::Message& message,
                          const google::protobuf::FieldDescriptor& field);
/// "repeated int32", "map<string, Inner>".
std::string text_of_type(const google::protobuf::FieldDescriptor& field);

}  // namespace symbolon::compat::protobuf
