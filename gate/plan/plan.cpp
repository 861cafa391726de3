#include "gate/plan/plan.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace symbolon::gate {

namespace {

// Lines, so that a review shows a schema as its file does.
Json to_lines(const std::string& text) {
    Json lines = Json::array();
    std::size_t start = 0;
    for (;;) {
        const auto end = text.find('\n', start);
        lines.push_back(text.substr(start, end == std::string::npos ? end : end - start));
        if (end == std::string::npos) {
            return lines;
        }
        start = end + 1;
    }
}

Json to_json(const SubjectState& state) {
    Json json{{"latest", nullptr}, {"config", nullptr}, {"mode", nullptr}};
    if (state.latest) {
        json["latest"] = {{"version", state.latest->version.value()},
                          {"id", state.latest->id.value()}};
        if (!state.latest->guid.empty()) {
            json["latest"]["guid"] = state.latest->guid;
        }
        if (!state.latest->text_sha256.empty()) {
            json["latest"]["textSha256"] = state.latest->text_sha256;
        }
    }
    if (state.config) {
        json["config"] = *state.config;
    }
    if (state.mode) {
        json["mode"] = *state.mode;
    }
    return json;
}

Json to_json(const PlannedSchema& schema) {
    Json json{{"schemaType", std::string(to_string(schema.type))}, {"text", to_lines(schema.text)}};
    for (const Reference& reference : schema.references) {
        Json item{{"name", reference.name}, {"subject", reference.subject}};
        if (reference.version != 0) {
            item["version"] = reference.version;
        }
        json["references"].push_back(std::move(item));
    }
    return json;
}

Json to_json(const PlannedChange& change) {
    Json json{{"action", std::string(to_string(action_of(change)))},
              {"subject", change.subject},
              {"before", to_json(change.before)}};
    if (!change.file.empty()) {
        json["file"] = change.file;
    }
    if (Json config = to_config_changes(change); !config.is_null()) {
        json["config"] = std::move(config);
    }
    if (change.mode) {
        json["mode"] = *change.mode;
    }
    if (change.schema) {
        json["schema"] = to_json(*change.schema);
    }
    return json;
}

tl::unexpected<Error> file_failure(const std::string& path, const char* what, int problem) {
    return failure(make_error(
        ErrorCode::malformed_request,
        fmt::format("{} cannot be {}: {}", path, what, std::generic_category().message(problem))));
}

enum class Sync { no, yes };

// Zero, or the number of what went wrong.
int write_text(const std::string& text, const std::string& path, const char* how, Sync sync) {
    std::FILE* const file = std::fopen(path.c_str(), how);
    if (file == nullptr) {
        return errno;
    }
    errno = 0;
    const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size() &&
                            std::fflush(file) == 0 &&
                            (sync == Sync::no || ::fsync(::fileno(file)) == 0);
    const int problem = is_written ? 0 : errno;
    if (std::fclose(file) != 0 && is_written) {
        return errno;
    }
    return is_written || problem != 0 ? problem : EIO;
}

}  // namespace

PlanAction action_of(const PlannedChange& change) {
    if (change.is_deleted) {
        return PlanAction::remove;
    }
    return change.before.latest || !change.schema ? PlanAction::update : PlanAction::create;
}

std::string_view to_string(PlanAction action) {
    switch (action) {
        case PlanAction::create:
            return "create";
        case PlanAction::update:
            return "update";
        case PlanAction::remove:
            break;
    }
    return "delete";
}

Json to_config_changes(const PlannedChange& change) {
    Json config;
    if (change.level) {
        config["compatibility"] = std::string(compat::to_string(*change.level));
    }
    if (change.normalize) {
        config["normalize"] = *change.normalize;
    }
    return config;
}

Json to_json(const Plan& plan) {
    Json json{{"symbolonPlan", 1},
              {"registry", plan.registry},
              {"tree", plan.tree},
              {"normalize", plan.normalize},
              {"changes", Json::array()}};
    for (const PlannedChange& change : plan.changes) {
        json["changes"].push_back(to_json(change));
    }
    return json;
}

std::string to_text(const Plan& plan) {
    return to_json(plan).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Status write_plan_file(const Plan& plan, const std::string& path) {
    const std::string text = to_text(plan);
    std::error_code unknown;
    const auto status = std::filesystem::status(path, unknown);
    // Why: a device or a pipe (/dev/stdout, /dev/null) is written to; a rename would replace it.
    const bool is_stream =
        std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
    if (is_stream) {
        const int problem = write_text(text, path, "we", Sync::no);
        return problem == 0 ? Status() : file_failure(path, "written", problem);
    }
    // A link stays one: what it leads to is replaced.
    const auto target = std::filesystem::canonical(path, unknown);
    const std::string wanted = unknown ? path : target.string();
    const std::string fresh = fmt::format("{}.{}.new", wanted, ::getpid());
    int problem = write_text(text, fresh, "wxe", Sync::yes);
    if (problem == 0 && std::rename(fresh.c_str(), wanted.c_str()) != 0) {
        problem = errno;
    }
    if (problem != 0) {
        if (problem != EEXIST) {
            static_cast<void>(std::remove(fresh.c_str()));
        }
        return file_failure(path, "written", problem);
    }
    return {};
}

Result<Plan> read_plan_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return file_failure(path, "read", errno);
    }
    std::string text;
    text.resize(limits::plan_file_bytes_max + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (file.fail() && !file.eof())) {
        return file_failure(path, "read", EISDIR);
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    auto plan = parse_plan(text);
    if (!plan) {
        plan.error().message = fmt::format("{}: {}", path, plan.error().message);
    }
    return plan;
}

}  // namespace symbolon::gate
