#include "cli/commands.hpp"
#include "cli/completion_words.hpp"
#include "cli/profiles.hpp"
#include "cli/registry_options.hpp"
#include "core/print_to.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

/// How long a registry is waited for.
constexpr std::int64_t completion_wait_ms = 1'000;

// The scripts ask the program itself what may come next: its answer is a line "files" or "words",
// then a line for each word with its help after a tab. Nothing of it is ever evaluated.

/// Why: bash hands out words cut at = and :, and puts the answer in place of the last piece.
constexpr std::string_view bash_script =
    R"(# Completion of symbolon for bash: source <(symbolon completion bash)
_symbolon() {
    local program=${COMP_WORDS[0]} line=${COMP_LINE-} words=() at piece answer word
    command -v -- "$program" >/dev/null 2>&1 || program=symbolon
    for ((at = 0; at <= COMP_CWORD; at++)); do
        piece=${COMP_WORDS[at]}
        if ((at > 0)) && [[ -n $line && -n $piece && $line == "$piece"* ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            words+=("$piece")
        fi
        while [[ $line == [[:space:]]* ]]; do line=${line#?}; done
        line=${line#"$piece"}
    done
    local last=${words[${#words[@]} - 1]} prefix
    piece=${COMP_WORDS[COMP_CWORD]}
    if [[ $piece == [=:] ]]; then prefix=$last; else prefix=${last%"$piece"}; fi
    COMPREPLY=()
    mapfile -t answer < <("$program" __complete "${words[@]:1}" 2>/dev/null)
    if [[ ${answer[0]-} == files ]]; then
        compopt -o default 2>/dev/null
    fi
    for word in "${answer[@]:1}"; do
        word=${word%%$'\t'*}
        printf -v word %q "${word#"$prefix"}"
        COMPREPLY+=("$word")
    done
}
complete -F _symbolon symbolon
)";

constexpr std::string_view zsh_script = R"(#compdef symbolon
# Completion of symbolon for zsh: source <(symbolon completion zsh), or as _symbolon in $fpath
_symbolon() {
    local program=${(Q)words[1]} line word
    local -a answer candidates shown
    (( $+commands[$program] )) || [[ -x $program ]] || program=symbolon
    answer=("${(@f)$($program __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${(@)answer[2,-1]}"; do
        word=${line%%$'\t'*}
        candidates+=("$word")
        if [[ $line == *$'\t'* ]]; then
            shown+=("$word  -- ${line#*$'\t'}")
        else
            shown+=("$word")
        fi
    done
    if (( $#candidates )); then
        compadd -l -d shown -a candidates
    fi
    if [[ $answer[1] == files ]]; then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        _files
    fi
}
if [[ $funcstack[1] == _symbolon ]]; then
    _symbolon "$@"
else
    compdef _symbolon symbolon
fi
)";

constexpr std::string_view fish_script =
    R"(# Completion of symbolon for fish: symbolon completion fish | source
function __symbolon_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program $words[1]
    command -q -- $program; or set program symbolon
    set -l answer ($program __complete $words[2..-1] $last 2>/dev/null)
    if test (count $answer) -gt 1
        printf '%s\n' $answer[2..-1]
    end
    if test "$answer[1]" = files
        __fish_complete_path (string replace -r -- '^--[^=]*=' '' $last)
    end
end
complete -c symbolon -f -a '(__symbolon_complete)'
)";

/// Subjects of the registry that the words of a call name, or none.
std::vector<std::string> find_subjects_of(const std::vector<std::string>& words,
                                          const std::string& prefix) {
    CLI::App app;
    RegistryFlags flags;
    add_registry_flags(app, flags);
    app.allow_extras();
    app.set_help_flag();
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError&) {
        return {};
    }
    flags.timeout_ms = std::min(flags.timeout_ms.value_or(completion_wait_ms), completion_wait_ms);
    const auto connection = connect_registry(flags);
    if (!connection) {
        return {};
    }
    auto subjects = (*connection)->admin->list_subjects(prefix);
    return subjects ? std::move(*subjects) : std::vector<std::string>();
}

std::vector<std::string> find_profile_names() {
    std::vector<std::string> names;
    if (const auto profiles = load_profiles(profiles_file()); profiles) {
        for (const auto& [name, layer] : profiles->by_name) {
            names.push_back(name);
        }
    }
    return names;
}

}  // namespace

int print_completion(const CLI::App& app, const std::vector<std::string>& words) {
    const auto made = complete_words(app, words, {find_subjects_of, find_profile_names});
    print_to(stdout, "{}", to_lines(made));
    return 0;
}

void add_completion_command(CLI::App& app) {
    auto* const command = app.add_subcommand(
        "completion", "Prints a script by which a shell completes commands, flags and subjects.");
    command->require_subcommand(1);
    command->footer("Example: symbolon completion bash > /etc/bash_completion.d/symbolon");
    const auto add = [&](const std::string& shell, const std::string& help, std::string_view script,
                         const std::string& example) {
        auto* const part = command->add_subcommand(shell, help);
        part->callback([script] { print_to(stdout, "{}", script); });
        part->footer(
            "Subjects are asked of the registry that the flags before them, the "
            "environment or the\nprofile name, for a second at most.\nExample: " +
            example);
    };
    add("bash", "For bash 4.4 or later.", bash_script, "source <(symbolon completion bash)");
    add("zsh", "For zsh 5.8 or later.", zsh_script,
        "symbolon completion zsh > \"${fpath[1]}/_symbolon\"");
    add("fish", "For fish 3.1 or later.", fish_script,
        "symbolon completion fish > ~/.config/fish/completions/symbolon.fish");
}

}  // namespace symbolon::cli
