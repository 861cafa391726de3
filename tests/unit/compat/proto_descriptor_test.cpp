#include "compat/protobuf/proto_descriptor.hpp"

#include "compat/compat.hpp"
#include "compat/protobuf/proto_print.hpp"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/strutil.h>
#include <gtest/gtest.h>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

std::string text_of(const gp::FileDescriptorProto& file) {
    std::string base64;
    gp::Base64Escape(file.SerializePartialAsString(), &base64);
    const auto tree = parse_base64_descriptor(base64);
    return tree ? print_proto(*tree, OptionOrder::default_last).value_or("too long") : "refused";
}

gp::FileDescriptorProto file_with_message(const std::string& name) {
    gp::FileDescriptorProto file;
    file.set_name("default");
    file.add_message_type()->set_name(name);
    return file;
}

}  // namespace

TEST(ProtoDescriptor, BecomesText) {
    auto file = file_with_message("M");
    auto& field = *file.mutable_message_type(0)->add_field();
    field.set_name("b");
    field.set_number(1);
    field.set_label(gp::FieldDescriptorProto::LABEL_OPTIONAL);
    field.set_type(gp::FieldDescriptorProto::TYPE_BYTES);
    field.set_default_value("\\377\"");
    EXPECT_EQ(text_of(file),
              "\nmessage M {\n  optional bytes b = 1 [default = \"\\377\\\"\"];\n}\n");
}

TEST(ProtoDescriptor, ADefaultThatIsNoNumberComesBackAsText) {
    auto file = file_with_message("M");
    auto& field = *file.mutable_message_type(0)->add_field();
    field.set_name("s");
    field.set_number(1);
    field.set_label(gp::FieldDescriptorProto::LABEL_OPTIONAL);
    field.set_type(gp::FieldDescriptorProto::TYPE_SINT64);
    field.set_default_value("7");
    EXPECT_EQ(text_of(file), "\nmessage M {\n  optional sint64 s = 1 [default = 7];\n}\n");
    field.set_default_value("A B");
    EXPECT_EQ(text_of(file), "\nmessage M {\n  optional sint64 s = 1 [default = \"A B\"];\n}\n");
}

TEST(ProtoDescriptor, WithNamesThatAreNoneIsRefused) {
    EXPECT_EQ(text_of(file_with_message("")), "refused");
    EXPECT_EQ(text_of(file_with_message("M {} message N")), "refused");
    EXPECT_EQ(text_of(file_with_message("\xFF")), "refused");
    EXPECT_EQ(text_of(file_with_message("M /* x */")), "refused");
}

TEST(ProtoDescriptor, NestedTooDeepIsRefused) {
    auto file = file_with_message("M");
    gp::DescriptorProto* message = file.mutable_message_type(0);
    for (int at = 0; at < 150; ++at) {
        message = message->add_nested_type();
        message->set_name("M");
    }
    EXPECT_EQ(text_of(file), "refused");
}

TEST(ProtoDescriptor, BytesThatAreNoneAreRefused) {
    EXPECT_FALSE(parse_base64_descriptor("").has_value());
    EXPECT_FALSE(parse_base64_descriptor("AAAA").has_value());
    EXPECT_FALSE(parse_base64_descriptor("!").has_value());
}

TEST(ProtoDescriptor, UnknownOptionsAreDropped) {
    auto file = file_with_message("M");
    auto* options = file.mutable_message_type(0)->mutable_options();
    options->set_deprecated(true);
    options->mutable_unknown_fields()->AddVarint(50'000, 1);
    EXPECT_EQ(text_of(file), "\nmessage M {\n  option deprecated = true;\n}\n");
}

}  // namespace symbolon::compat::protobuf
