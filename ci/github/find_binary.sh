#!/usr/bin/env bash
# The first step of action.yml: writes binary=PATH to $GITHUB_OUTPUT. Takes $SYMBOLON_BINARY, or symbolon
# from PATH, or builds it from the action's own sources, which asks for Debian 12.
set -euo pipefail

say_error() { printf '::error title=symbolon::%s\n' "$1"; }

give() {
    printf 'binary=%s\n' "$1" >>"$GITHUB_OUTPUT"
    "$1" --version
    exit 0
}

if [[ -n "${SYMBOLON_BINARY:-}" ]]; then
    if [[ ! -x $SYMBOLON_BINARY || -d $SYMBOLON_BINARY ]]; then
        say_error "the input binary names nothing that can be run; give the path of a symbolon binary"
        exit 1
    fi
    give "$(readlink -f "$SYMBOLON_BINARY")"
fi
if found=$(command -v symbolon); then give "$found"; fi

release_file=${OS_RELEASE_FILE:-/etc/os-release}
# shellcheck source=/dev/null
distribution=$(. "$release_file" 2>/dev/null && printf '%s %s' "${ID:-}" "${VERSION_ID:-}") || distribution=''
if [[ $distribution != "debian 12" ]]; then
    say_error "symbolon is not in PATH, and building it needs Debian 12 (container: debian:12); or give the input binary"
    exit 1
fi
echo "building symbolon from $GITHUB_ACTION_PATH"
"$GITHUB_ACTION_PATH/dev" build release
give "$GITHUB_ACTION_PATH/build/release/symbolon"
