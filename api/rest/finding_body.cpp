#include "api/rest/finding_body.hpp"

#include "compat/locate.hpp"
#include "core/limits.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::rest {

namespace {

/// One Locator for each text that findings speak of.
class Locators {
public:
    std::optional<compat::TextPlace> find(const ContentPtr& schema, std::string_view path) {
        if (schema == nullptr) {
            return std::nullopt;
        }
        auto entry = locators_.find(schema.get());
        if (entry == locators_.end()) {
            text_bytes_ += schema->text.size();
            if (text_bytes_ > 4 * limits::located_text_bytes_max) {
                return std::nullopt;
            }
            entry =
                locators_.emplace(schema.get(), compat::Locator(schema->type, schema->text)).first;
        }
        return entry->second.find(path);
    }

private:
    std::map<const SchemaContent*, compat::Locator> locators_;
    std::size_t text_bytes_ = 0;
};

struct SideNames {
    const char* path;
    const char* line;
    const char* column;
};

void add_place(Json& json, const SideNames& names, std::string_view path,
               const std::optional<compat::TextPlace>& place) {
    json[names.path] = path;
    if (place) {
        json[names.line] = place->line;
        json[names.column] = place->column;
    }
}

Json to_json(const ReportedFinding& reported, Locators& locators) {
    const compat::Finding& finding = reported.finding;
    const bool backward = reported.direction == compat::Direction::backward;
    const ContentPtr& reader = backward ? reported.new_schema : reported.old_schema;
    const ContentPtr& writer = backward ? reported.old_schema : reported.new_schema;
    Json json{{"kind", compat::to_string(finding.kind)},
              {"direction", backward ? "backward" : "forward"},
              {"message", compat::to_sentence(finding, reported.direction)},
              {"hint", compat::to_hint(finding, reported.direction)},
              {"detail", finding.message}};
    const std::string_view reader_path = compat::reader_place(finding);
    const std::string_view writer_path = compat::writer_place(finding);
    add_place(json, {"readerPath", "readerLine", "readerColumn"}, reader_path,
              locators.find(reader, reader_path));
    const auto writer_place = locators.find(writer, writer_path);
    // Where the check does not know the writer's place, the nearest that the text has is taken.
    const bool is_guess = finding.writer_path.empty() && writer_place;
    add_place(json, {"writerPath", "writerLine", "writerColumn"},
              is_guess ? std::string_view(writer_place->path) : writer_path, writer_place);
    if (finding.counter_example) {
        json["counterExample"] = {{"datum", finding.counter_example->datum},
                                  {"reading", finding.counter_example->reading}};
    } else {
        json["counterExample"] = nullptr;
    }
    if (reported.old_version) {
        json["oldVersion"] = reported.old_version->value();
    }
    if (reported.referrer) {
        json["referrer"] = {{"subject", to_text(reported.referrer->subject)},
                            {"version", reported.referrer->version.value()}};
    }
    return json;
}

}  // namespace

Json to_json(const std::vector<ReportedFinding>& findings) {
    Locators locators;
    Json json = Json::array();
    for (const ReportedFinding& finding : findings) {
        json.push_back(to_json(finding, locators));
    }
    return json;
}

}  // namespace symbolon::rest
