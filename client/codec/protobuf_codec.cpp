#include "client/codec/protobuf_codec.hpp"

#include "client/codec/datum_error.hpp"
#include "client/codec/protobuf_groups.hpp"
#include "client/codec/protobuf_scan.hpp"
#include "compat/json_text/json_text.hpp"
#include "compat/protobuf/proto_pool.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

namespace gp = google::protobuf;
namespace proto = compat::protobuf;

constexpr std::string_view url_prefix = "type.googleapis.com";

/// Appends to a text, up to a size.
class BoundedOutput final : public gp::io::ZeroCopyOutputStream {
public:
    explicit BoundedOutput(std::string& out) : out_(out), begin_(out.size()) {}

    bool Next(void** data, int* size) override {
        constexpr std::size_t chunk = 16U << 10U;
        const std::size_t old = out_.size();
        if (old - begin_ >= limits::protobuf_memory_bytes_max) {
            full_ = true;
            return false;
        }
        out_.resize(old + chunk);
        *data = out_.data() + old;
        *size = static_cast<int>(chunk);
        return true;
    }
    void BackUp(int count) override { out_.resize(out_.size() - static_cast<std::size_t>(count)); }
    int64_t ByteCount() const override { return static_cast<int64_t>(out_.size() - begin_); }
    bool full() const { return full_; }

private:
    std::string& out_;
    const std::size_t begin_;
    bool full_ = false;
};

/// Which file the indexes count in, and its number among the names.
std::pair<const proto::ProtoFile*, std::uint32_t> counted_file(const proto::ProtoFiles& files) {
    const proto::ProtoFile& main = files.main_file();
    for (std::size_t at = 0; at < files.references.size(); ++at) {
        if (&files.references[at].file == &main) {
            return {&main, static_cast<std::uint32_t>(at + 1)};
        }
    }
    return {&files.root, 0};
}

std::string to_text(std::span<const std::int32_t> indexes) {
    return fmt::format("[{}]", fmt::join(indexes, ", "));
}

Result<proto::FoundName> find_message(const proto::ProtoFiles& files,
                                      std::span<const std::int32_t> indexes) {
    const auto [file, number] = counted_file(files);
    proto::FoundName found;
    found.what.file = number;
    found.full_name = file->package;
    found.package_bytes = file->package.size();
    const std::vector<proto::ProtoMessage>* messages = &file->messages;
    for (const std::int32_t index : indexes) {
        std::vector<const proto::ProtoMessage*> counted;
        for (const proto::ProtoMessage& message : *messages) {
            if (!proto::is_map_entry(message)) {
                counted.push_back(&message);
            }
        }
        if (index < 0 || static_cast<std::size_t>(index) >= counted.size()) {
            return failure(make_datum_error(
                fmt::format(
                    "the message indexes {} lead nowhere: {} has {} messages", to_text(indexes),
                    found.what.message == nullptr ? "the schema" : found.full_name, counted.size()),
                0, "message indexes"));
        }
        found.what.message = counted[static_cast<std::size_t>(index)];
        found.full_name = proto::join_names(found.full_name, found.what.message->name);
        messages = &found.what.message->messages;
    }
    if (found.what.message == nullptr) {
        return failure(make_datum_error("there are no message indexes", 0, "message indexes"));
    }
    return found;
}

void collect_sizes(const gp::Message& prototype, gp::MessageFactory& factory, MessageSizes& sizes) {
    std::vector<const gp::Descriptor*> open{prototype.GetDescriptor()};
    while (!open.empty()) {
        const gp::Descriptor* const type = open.back();
        open.pop_back();
        if (!sizes.emplace(type, 0).second) {
            continue;
        }
        sizes[type] = factory.GetPrototype(type)->SpaceUsedLong();
        for (int at = 0; at < type->field_count(); ++at) {
            if (const auto* below = type->field(at)->message_type()) {
                open.push_back(below);
            }
        }
    }
}

/// The reason; a place in front of it that is empty is left out.
std::string_view text_of(const gp::util::Status& status) {
    const std::string_view text(status.message().data(), status.message().size());
    return text.starts_with(": ") ? text.substr(2) : text;
}

Error not_json(std::string_view reason) {
    return make_datum_error(fmt::format("the message has no JSON form: {}", reason), std::nullopt,
                            {});
}

}  // namespace

struct ProtobufCodec::Parts {
    compat::SchemaPtr schema;
    std::unique_ptr<proto::ProtoPool> pool;
    std::unique_ptr<gp::util::TypeResolver> resolver;
    std::unique_ptr<gp::Message> prototype;
    MessageSizes sizes;
    std::string name;
    std::string type_url;
    bool has_groups = false;  ///< perhaps

    /// The bytes as libprotobuf would write them, which has each field once and in its place.
    Result<std::string> read(std::string_view bytes) const {
        if (bytes.size() > limits::datum_bytes_max) {
            return failure(make_datum_error(fmt::format("the message has {} bytes, and {} are read",
                                                        bytes.size(), limits::datum_bytes_max),
                                            limits::datum_bytes_max, {}));
        }
        SYMBOLON_CHECK(scan_message(bytes, *prototype->GetDescriptor(), sizes));
        const gp::LogSilencer silence;  // what it says goes to stderr otherwise
        const std::unique_ptr<gp::Message> message(prototype->New());
        if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
            return failure(make_datum_error(
                fmt::format("libprotobuf cannot read the bytes as {}", name), std::nullopt, {}));
        }
        if (!message->IsInitialized()) {
            std::vector<std::string> missing;
            message->FindInitializationErrors(&missing);
            std::string field = missing.empty() ? std::string() : missing.front();
            return failure(make_datum_error(fmt::format("the required field {} is missing", field),
                                            bytes.size(), field));
        }
        message->DiscardUnknownFields();
        return message->SerializePartialAsString();
    }
};

ProtobufCodec::ProtobufCodec(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ProtobufCodec::~ProtobufCodec() = default;

const std::string& ProtobufCodec::message_name() const {
    return parts_->name;
}

Result<std::shared_ptr<const ProtobufCodec>> ProtobufCodec::compile(
    const compat::SchemaPtr& schema, std::span<const std::int32_t> indexes) {
    assert(schema->type() == SchemaType::protobuf);
    const auto& files = static_cast<const proto::ProtoSchema&>(*schema).files();
    SYMBOLON_TRY(const proto::FoundName found, find_message(files, indexes));
    auto parts = std::make_unique<Parts>();
    std::string problem;
    proto::ProtoPoolBounds bounds{limits::protobuf_pool_types_max,
                                  limits::protobuf_pool_members_max,
                                  proto::ProtoReach::what_any_holds};
    parts->pool = proto::ProtoPool::build(files, found, bounds);
    if (parts->pool == nullptr) {
        // What only an Any would lead to may be at fault.
        bounds.reach = proto::ProtoReach::fields;
        parts->pool = proto::ProtoPool::build(files, found, bounds, &problem);
    }
    if (parts->pool == nullptr) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("the schema's message {} cannot be built: {}", found.full_name, problem)));
    }
    parts->schema = schema;
    parts->name = found.full_name;
    parts->type_url = fmt::format("{}/{}", url_prefix, found.full_name);
    parts->prototype = parts->pool->new_message();
    parts->resolver = resolve_groups_as_messages(std::string(url_prefix),
                                                 *parts->pool->message()->file()->pool());
    parts->has_groups = may_have_groups(*parts->pool->message());
    collect_sizes(*parts->prototype, *parts->prototype->GetReflection()->GetMessageFactory(),
                  parts->sizes);
    return std::make_shared<const ProtobufCodec>(std::move(parts));
}

Status ProtobufCodec::append_json(std::string_view bytes, std::string& out) const {
    SYMBOLON_TRY(std::string canonical, parts_->read(bytes));
    if (parts_->has_groups) {
        canonical = rewrite_groups(canonical, *parts_->pool->message(), GroupForm::message);
    }
    const std::size_t begin = out.size();
    gp::io::ArrayInputStream input(canonical.data(), static_cast<int>(canonical.size()));
    gp::util::Status written;
    bool full = false;
    {
        BoundedOutput output(out);
        const gp::LogSilencer silence;
        written = gp::util::BinaryToJsonStream(parts_->resolver.get(), parts_->type_url, &input,
                                               &output, {});
        full = output.full();
    }
    if (!written.ok() || full) {
        out.resize(begin);
        return failure(full ? not_json(fmt::format("it would take more than {} bytes",
                                                   limits::protobuf_memory_bytes_max))
                            : not_json(text_of(written)));
    }
    // Why: the message's texts were looked at before, but not the schema's names.
    if (compat::find_bad_utf8(std::string_view(out).substr(begin)) != std::string_view::npos) {
        out.resize(begin);
        return failure(not_json("the schema gives a field a json_name that is not UTF-8"));
    }
    return {};
}

Result<std::string> ProtobufCodec::encode_json(std::string_view json_text) const {
    if (json_text.size() > limits::datum_json_bytes_max) {
        return failure(make_datum_error(fmt::format("the text has {} bytes, and {} are read",
                                                    json_text.size(), limits::datum_json_bytes_max),
                                        std::nullopt, {}));
    }
    const std::size_t begin = json_text.find_first_not_of(" \t\r\n");
    std::string bytes;
    const gp::LogSilencer silence;
    const gp::util::Status read = gp::util::JsonToBinaryString(
        parts_->resolver.get(), parts_->type_url,
        gp::StringPiece(json_text.data(), json_text.size()), &bytes, {});
    if (!read.ok() || begin == std::string_view::npos) {
        return failure(make_datum_error(fmt::format("the JSON text is no {}: {}", parts_->name,
                                                    read.ok() ? "it is empty" : text_of(read)),
                                        std::nullopt, {}));
    }
    if (parts_->has_groups) {
        bytes = rewrite_groups(bytes, *parts_->pool->message(), GroupForm::group);
    }
    return parts_->read(bytes);
}

}  // namespace symbolon::client
