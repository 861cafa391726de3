#include "cli/explain_report.hpp"

#include "cli/terminal.hpp"
#include "core/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::cli {
namespace {

using client::Explanation;

/// Messages come from anywhere; what they hold must not steer a terminal.
void append_row(std::string& out, std::string_view name, std::string_view text) {
    out += fmt::format("{:<13}{}\n", fmt::format("{}:", name), printable(text));
}

std::string guid_of(const Explanation& found) {
    if (found.schema != nullptr && !found.schema->guid.empty()) {
        return found.schema->guid;
    }
    return found.framed ? found.framed->guid : std::string();
}

std::optional<SchemaId> id_of(const Explanation& found) {
    if (found.schema != nullptr && found.schema->id.value() > 0) {
        return found.schema->id;
    }
    return found.framed ? found.framed->id : std::nullopt;
}

void append_schema(std::string& out, const Explanation& found,
                   const std::vector<ExplainedSubject>& subjects) {
    if (const auto id = id_of(found)) {
        append_row(out, "schema id", fmt::format("{}", id->value()));
    }
    if (const std::string guid = guid_of(found); !guid.empty()) {
        append_row(out, "guid", guid);
    }
    if (found.framed && found.framed->fingerprint) {
        append_row(out, "fingerprint", fmt::format("{:016x}", *found.framed->fingerprint));
    }
    if (found.framed && !found.framed->event_type.empty()) {
        append_row(out, "event type", found.framed->event_type);
    }
    for (const ExplainedSubject& each : subjects) {
        append_row(out, "subject",
                   fmt::format("{} version {}", each.subject, each.version.value()));
    }
    if (found.schema != nullptr) {
        append_row(out, "schema type", to_string(found.schema->type));
    }
    if (!found.container_codec.empty()) {
        append_row(out, "codec", found.container_codec);
        append_row(out, "schema", found.container_schema);
    }
}

/// The bytes that offsets count in.
std::string_view bytes_of(const Explanation& found, std::string_view bytes) {
    return found.framing == client::Framing::envelope && found.framed ? found.framed->body : bytes;
}

void append_error(std::string& out, const Explanation& found, std::string_view bytes) {
    const auto& what = *found.error;
    append_row(out, "error",
               what.fault ? fmt::format("{}: {}", to_string(*what.fault), what.error.message)
                          : what.error.message);
    if (!what.field.empty()) {
        append_row(out, "field", what.field);
    }
    if (what.offset && found.framed) {
        append_row(out, "stopped at", fmt::format("offset {}", *what.offset));
        out += client::dump_around(bytes_of(found, bytes), *what.offset);
    }
    if (!what.hint.empty()) {
        append_row(out, "hint", what.hint);
    }
}

std::string to_json_text(std::string_view text) {
    return symbolon::to_text(Json(text));
}

std::string subjects_json(const std::vector<ExplainedSubject>& subjects) {
    std::string out;
    for (const ExplainedSubject& each : subjects) {
        out += fmt::format("{}{{\"subject\":{},\"version\":{}}}", out.empty() ? "" : ",",
                           to_json_text(each.subject), each.version.value());
    }
    return "[" + out + "]";
}

std::string error_json(const client::ExplainedError& what) {
    std::string out = fmt::format("{{\"message\":{}", to_json_text(what.error.message));
    if (what.fault) {
        out += fmt::format(",\"reason\":{}", to_json_text(to_string(*what.fault)));
    }
    if (what.offset) {
        out += fmt::format(",\"offset\":{}", *what.offset);
    }
    if (!what.field.empty()) {
        out += fmt::format(",\"field\":{}", to_json_text(what.field));
    }
    if (!what.hint.empty()) {
        out += fmt::format(",\"hint\":{}", to_json_text(what.hint));
    }
    return out + "}";
}

}  // namespace

std::string to_report(const Explanation& found, const std::vector<ExplainedSubject>& subjects,
                      std::string_view bytes, ReportForm form) {
    std::string out;
    append_row(out, "framing", fmt::format("{} ({})", to_string(found.framing), found.reason));
    append_schema(out, found, subjects);
    if (found.framed) {
        const bool in_text = found.framing == client::Framing::envelope;
        append_row(out, "body",
                   fmt::format("{} bytes {}", found.framed->body.size(),
                               in_text ? std::string("in detail.avro_payload")
                                       : fmt::format("from offset {}", found.framed->body_offset)));
    }
    for (const std::string& record : found.records) {
        if (form == ReportForm::indented) {
            out += fmt::format("value:\n{}\n", printable_json(client::indent_json(record)));
        } else {
            append_row(out, "value", printable_json(record));
        }
    }
    if (found.has_more_records) {
        append_row(out, "more", fmt::format("records follow the first {}", found.records.size()));
    }
    if (found.error) {
        append_error(out, found, bytes);
    }
    if (!found.note.empty()) {
        append_row(out, "note", found.note);
    }
    return out;
}

std::string to_json_report(const Explanation& found,
                           const std::vector<ExplainedSubject>& subjects) {
    std::string out = fmt::format("{{\"framing\":{},\"framing_reason\":{},\"bytes\":{}",
                                  to_json_text(to_string(found.framing)),
                                  to_json_text(found.reason), found.bytes);
    if (const auto id = id_of(found)) {
        out += fmt::format(",\"schema_id\":{}", id->value());
    }
    if (const std::string guid = guid_of(found); !guid.empty()) {
        out += fmt::format(",\"guid\":{}", to_json_text(guid));
    }
    if (found.framed && found.framed->fingerprint) {
        out += fmt::format(",\"fingerprint\":\"{:016x}\"", *found.framed->fingerprint);
    }
    if (found.schema != nullptr) {
        out += fmt::format(",\"schema_type\":{}", to_json_text(to_string(found.schema->type)));
    }
    if (!subjects.empty()) {
        out += fmt::format(",\"subjects\":{}", subjects_json(subjects));
    }
    if (found.framed && !found.framed->event_type.empty()) {
        out += fmt::format(",\"event_type\":{}", to_json_text(found.framed->event_type));
    }
    if (found.framed) {
        out += fmt::format(",\"body_offset\":{},\"body_bytes\":{}", found.framed->body_offset,
                           found.framed->body.size());
    }
    if (!found.container_codec.empty()) {
        out += fmt::format(",\"codec\":{},\"records\":[{}],\"has_more_records\":{}",
                           to_json_text(found.container_codec), fmt::join(found.records, ","),
                           found.has_more_records);
    } else if (!found.records.empty()) {
        out += fmt::format(",\"value\":{}", found.records.front());
    }
    if (found.error) {
        out += fmt::format(",\"error\":{}", error_json(*found.error));
    }
    if (!found.note.empty()) {
        out += fmt::format(",\"note\":{}", to_json_text(found.note));
    }
    return out + "}\n";
}

}  // namespace symbolon::cli
