#include "cli/setting_scope.hpp"

#include "cli/registry_command.hpp"

#include <fmt/format.h>

namespace symbolon::cli {

void add_scope_flags(CLI::App& command, ScopeFlags& flags) {
    command.add_flag("--global", flags.global,
                     "The scope of everything that has no setting of its own.");
    add_context_flag(command, flags.context)
        ->description("This context: of all its subjects, or with a SUBJECT of that one in it.");
}

Result<std::vector<SettingScope>> read_scopes(const ScopeFlags& flags, UnsaidScope unsaid) {
    if (flags.global && (!flags.subject.empty() || !flags.context.empty())) {
        return usage_failure("--global excludes SUBJECT and --context");
    }
    if (unsaid == UnsaidScope::is_an_error && !flags.global && flags.subject.empty() &&
        flags.context.empty()) {
        return usage_failure("Which scope? Give SUBJECT, --context CONTEXT or --global");
    }
    SYMBOLON_TRY(const auto subject, subject_in_context(flags.context, flags.subject));
    std::vector<SettingScope> scopes;
    const std::string context(context_of(subject));
    if (!flags.subject.empty() && subject != context) {
        scopes.push_back({subject, "subject"});
    }
    if (!context.empty()) {
        scopes.push_back({context, "context " + context.substr(1, context.size() - 2)});
    }
    scopes.push_back({"", "global"});
    return scopes;
}

std::string scope_title(const SettingScope& scope) {
    return scope.label == "subject" ? scope.name
           : scope.name.empty()     ? "everything (global)"
                                    : scope.label;
}

}  // namespace symbolon::cli
