#!/usr/bin/env bash
# The second step of action.yml: runs `symbolon check`, and ends as it does. The report stands in the log,
# findings as annotations and in the step's summary, and as SARIF in a file.
set -uo pipefail

paths=()
while IFS= read -r line; do
    if [[ -n $line ]]; then paths+=("$line"); fi
done <<<"${CHECK_PATH:-.}"

options=()
if [[ -n "${CHECK_AGAINST:-}" ]]; then options+=("--against=$CHECK_AGAINST"); fi
if [[ -n "${CHECK_LEVEL:-}" ]]; then options+=("--level=$CHECK_LEVEL"); fi
if [[ -n "${CHECK_CONFIG:-}" ]]; then options+=("--config=$CHECK_CONFIG"); fi
sarif=${CHECK_SARIF_FILE:-symbolon.sarif}
annotations=$(mktemp "${RUNNER_TEMP:-/tmp}/symbolon.XXXXXX") || exit 1
trap 'rm -f "$annotations"' EXIT
rm -f "$sarif" # one of an earlier run would speak for this one

# The report repeats what stands in the schemas; none of it may be a command to the runner.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '::stop-commands::%s\n' "$token"
"$CHECK_BINARY" check --format=text "--format=github-actions=$annotations" "--format=sarif=$sarif" \
    ${options[@]+"${options[@]}"} -- "${paths[@]}" 2>&1
status=$?
printf '\n::%s::\n' "$token"
cat "$annotations"

printf 'exit-status=%s\n' "$status" >>"$GITHUB_OUTPUT"
if [[ -f $sarif ]]; then printf 'sarif-file=%s\n' "$sarif" >>"$GITHUB_OUTPUT"; fi
exit "$status"
