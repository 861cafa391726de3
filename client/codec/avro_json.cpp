#include "client/codec/avro_json.hpp"

#include "client/codec/avro_logical.hpp"
#include "client/codec/bytes_text.hpp"
#include "client/codec/datum_error.hpp"
#include "compat/avro/avro_datum.hpp"
#include "compat/json_text/json_numbers.hpp"
#include "compat/json_text/json_text.hpp"
#include "core/base64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

using compat::avro::AvroNode;

/// Appends one value. Recursion is as deep as the value, which was bounded where it was made.
class JsonAppender {
public:
    JsonAppender(std::string& out, const AvroJsonOptions& options, std::size_t size_max)
        : out_(out),
          options_(options),
          is_tagged_(options.form == AvroJsonForm::avro_encoding),
          size_max_(size_max) {}

    /// Nothing more is appended then, and what there is counts for nothing.
    bool is_full() const { return out_.size() > size_max_; }

    void append(const AvroNode& node, AvroView value) {
        if (is_full()) {
            return;
        }
        if (node.logical != compat::avro::LogicalType::none && !is_tagged_ &&
            options_.logical == LogicalForm::readable && append_logical(out_, node, value)) {
            return;
        }
        switch (node.kind) {
            case AvroKind::null:
                out_ += "null";
                break;
            case AvroKind::boolean:
                out_ += value.as_boolean() ? "true" : "false";
                break;
            case AvroKind::int32:
            case AvroKind::int64:
                fmt::format_to(std::back_inserter(out_), "{}", value.as_integer());
                break;
            case AvroKind::float32:
            case AvroKind::float64:
                append_number(node.kind, value.as_real());
                break;
            case AvroKind::bytes:
            case AvroKind::fixed:
                append_bytes(value.text());
                break;
            case AvroKind::string:
                append_text(value.text());
                break;
            case AvroKind::enumeration:
                compat::append_quoted(out_, node.definition->symbols[value.index()]);
                break;
            case AvroKind::record:
                append_record(node, value);
                break;
            case AvroKind::array:
                append_items(*node.item, value);
                break;
            case AvroKind::map:
                append_entries(*node.item, value);
                break;
            case AvroKind::union_of:
                append_branch(*node.branches[value.index()], value.first());
                break;
            case AvroKind::unresolved:
                append(*node.item, value);
        }
    }

private:
    void append_number(AvroKind kind, double real) {
        const bool finite = std::isfinite(real);
        out_ += finite ? "" : "\"";
        if (kind == AvroKind::float32) {
            compat::append_float(out_, static_cast<float>(real));
        } else {
            compat::append_double(out_, real);
        }
        out_ += finite ? "" : "\"";
    }

    void append_bytes(std::string_view bytes) {
        if (is_tagged_ || options_.bytes == BytesForm::avro_text) {
            append_quoted_bytes(out_, bytes);
            return;
        }
        out_ += '"';
        out_ += to_base64(bytes);
        out_ += '"';
    }

    // Avro's strings are UTF-8 by the book; where one is not, JSON must be all the same.
    void append_text(std::string_view text) {
        if (compat::find_bad_utf8(text) == std::string_view::npos) {
            compat::append_quoted(out_, text);
            return;
        }
        std::string mended;
        while (!text.empty()) {
            const std::size_t good = std::min(compat::find_bad_utf8(text), text.size());
            mended += text.substr(0, good);
            mended += good < text.size() ? "\xEF\xBF\xBD" : "";
            text.remove_prefix(std::min(good + 1, text.size()));
        }
        compat::append_quoted(out_, mended);
    }

    void append_record(const AvroNode& node, AvroView value) {
        char before = '{';
        AvroView part = value;
        for (const compat::avro::AvroField& field : node.definition->fields) {
            if (is_full()) {
                return;
            }
            part = before == '{' ? value.first() : part.next();
            out_ += before;
            before = ',';
            compat::append_quoted(out_, field.name);
            out_ += ':';
            append(*field.type, part);
        }
        out_ += before == '{' ? "{}" : "}";
    }

    void append_items(const AvroNode& item, AvroView value) {
        out_ += '[';
        AvroView part = value;
        for (std::uint32_t at = 0; at < value.count() && !is_full(); ++at) {
            out_ += at > 0 ? "," : "";
            part = at == 0 ? value.first() : part.next();
            append(item, part);
        }
        out_ += ']';
    }

    void append_entries(const AvroNode& item, AvroView value) {
        const std::vector<bool> overridden = find_overridden(value);
        out_ += '{';
        AvroView part = value;
        bool is_first = true;
        for (std::uint32_t at = 0; at < value.count() && !is_full(); ++at) {
            part = at == 0 ? value.first() : part.next();
            const std::string_view key = part.text();
            part = part.next();
            if (!overridden.empty() && overridden[at]) {
                continue;
            }
            out_ += is_first ? "" : ",";
            is_first = false;
            append_text(key);
            out_ += ':';
            append(item, part);
        }
        out_ += '}';
    }

    /// Entries whose key comes again: the last one counts, as in any map. Empty: there are none.
    std::vector<bool> find_overridden(AvroView map) {
        std::vector<bool> overridden;
        keys_.clear();
        AvroView part = map;
        for (std::uint32_t at = 0; map.count() > 1 && at < map.count(); ++at) {
            part = at == 0 ? map.first() : part.next();
            keys_.emplace_back(part.text(), at);
            part = part.next();
        }
        std::sort(keys_.begin(), keys_.end());
        for (std::size_t at = 1; at < keys_.size(); ++at) {
            if (keys_[at - 1].first == keys_[at].first) {
                overridden.resize(map.count());
                overridden[keys_[at - 1].second] = true;
            }
        }
        return overridden;
    }

    void append_branch(const AvroNode& branch, AvroView value) {
        const bool is_wrapped = is_tagged_ && branch.kind != AvroKind::null;
        if (is_wrapped) {
            out_ += '{';
            compat::append_quoted(out_, compat::avro::branch_name(branch));
            out_ += ':';
        }
        append(branch, value);
        out_ += is_wrapped ? "}" : "";
    }

    std::string& out_;
    const AvroJsonOptions& options_;
    const bool is_tagged_;
    const std::size_t size_max_;
    std::vector<std::pair<std::string_view, std::uint32_t>> keys_{};  ///< of one map, for a moment
};

}  // namespace

void append_json(std::string& out, const AvroNode& schema, AvroView value,
                 const AvroJsonOptions& options) {
    JsonAppender(out, options, std::numeric_limits<std::size_t>::max()).append(schema, value);
}

Status append_json(std::string& out, const AvroNode& schema, AvroView value,
                   const AvroJsonOptions& options, std::size_t bytes_max) {
    const std::size_t begin = out.size();
    constexpr std::size_t size_max = std::numeric_limits<std::size_t>::max();
    JsonAppender appender(out, options, begin + std::min(bytes_max, size_max - begin));
    appender.append(schema, value);
    if (!appender.is_full()) {
        return {};
    }
    out.resize(begin);
    return failure(make_datum_error(
        fmt::format("as JSON the datum takes more than {} bytes", bytes_max), std::nullopt, {}));
}

}  // namespace symbolon::client
