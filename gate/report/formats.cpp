#include "gate/report/formats.hpp"

#include "core/limits.hpp"
#include "gate/report/renderers.hpp"

#include <array>

namespace symbolon::gate {

namespace {

// In the order of Format.
constexpr std::array<std::string_view, 7> names_of_formats{
    "text", "json", "junit", "sarif", "github-actions", "gitlab-code-quality", "markdown"};
static_assert(names_of_formats.size() == static_cast<std::size_t>(Format::markdown) + 1);

}  // namespace

std::span<const std::string_view> format_names() {
    return names_of_formats;
}

std::optional<Format> find_format(std::string_view name) {
    for (std::size_t at = 0; at < names_of_formats.size(); ++at) {
        if (names_of_formats[at] == name) {
            return static_cast<Format>(at);
        }
    }
    return std::nullopt;
}

std::string render(const GateReport& report, Format format, const RenderOptions& options) {
    switch (format) {
        case Format::text:
            return render_text(report, options);
        case Format::json:
            return render_json(report);
        case Format::junit:
            return render_junit(report);
        case Format::sarif:
            return render_sarif(report, options);
        case Format::github_actions:
            return render_github_actions(report);
        case Format::gitlab_code_quality:
            return render_gitlab_code_quality(report);
        case Format::markdown:
            return render_markdown(report, limits::comment_bytes_max);
    }
    return {};
}

}  // namespace symbolon::gate
