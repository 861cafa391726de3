#!/usr/bin/env bash
# Runs unmodified clients from npm and PyPI against a symbolon binary, on a file that is thrown away.
# Fails when a client fails, and also when a package registry cannot be reached: a test that was not
# run has not passed.
#
# Usage: tests/interop/run.sh BINARY        (needs node, npm and python3-venv; ./dev test --interop has them)
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
binary=$(readlink -f "${1:?usage: run.sh BINARY}")
work=$(cd "$here/../.." && pwd)/build/interop
python=/usr/bin/python3

# Behind a proxy with a certificate of its own, the machine's list of authorities is the right one.
if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
    export npm_config_cafile=${npm_config_cafile:-/etc/ssl/certs/ca-certificates.crt}
    export PIP_CERT=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
fi

three_times() {
    local attempt
    for attempt in 1 2 3; do
        if "$@"; then return 0; fi
        echo "attempt $attempt of 3 failed: $*" >&2
        sleep $((attempt * 3))
    done
    return 1
}

mkdir -p "$work"
rm -rf "$work/tests"
mkdir "$work/tests"
cp "$here"/npm/*.mjs "$work/tests/"

# What was installed for the same lock file is kept.
install_npm() {
    local lock=$here/npm/package-lock.json
    if cmp -s "$lock" "$work/npm/installed-lock.json"; then return 0; fi
    rm -rf "$work/npm"
    mkdir -p "$work/npm"
    cp "$here/npm/package.json" "$lock" "$work/npm/"
    (cd "$work/npm" && three_times npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$lock" "$work/npm/installed-lock.json"
}
install_pypi() {
    local wanted=$here/pypi/requirements.txt
    if cmp -s "$wanted" "$work/pypi/installed.txt"; then return 0; fi
    rm -rf "$work/pypi"
    "$python" -m venv "$work/pypi"
    three_times "$work/pypi/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$work/pypi/installed.txt"
}
install_npm || { echo "the packages from npm could not be installed" >&2; exit 1; }
install_pypi || { echo "the packages from PyPI could not be installed" >&2; exit 1; }
ln -sfn "$work/npm/node_modules" "$work/tests/node_modules"

data=$(mktemp -d)
server=''
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
    if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$data"
}
trap cleanup EXIT

# Every suite gets a server of its own.
start_server() {
    local name=$1
    "$binary" serve --listen http://127.0.0.1:0 --store "sqlite:$data/$name.db" \
        >"$data/$name.log" 2>"$data/$name.errors" &
    server=$!
    SYMBOLON_URL=''
    for _ in $(seq 300); do
        SYMBOLON_URL=$(sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' "$data/$name.log" | head -n 1)
        if [[ -n $SYMBOLON_URL ]]; then break; fi
        sleep 0.1
    done
    [[ -n $SYMBOLON_URL ]] || { cat "$data/$name.errors" >&2; return 1; }
    export SYMBOLON_URL
}

result=0
run_suite() {
    local name=$1
    shift
    start_server "$name"
    echo "=== $name"
    if ! "$@"; then
        result=1
        tail -n 40 "$data/$name.errors" >&2
    fi
    kill "$server"
    wait "$server" || { echo "the server did not end well" >&2; result=1; }
    server=''
}

echo "node $(node --version), $("$work/pypi/bin/python" --version)"
run_suite confluentinc-schemaregistry node --test "$work/tests/confluent_test.mjs"
run_suite kafkajs node --test "$work/tests/kafkajs_test.mjs"
run_suite confluent-kafka "$work/pypi/bin/python" -B "$here/pypi/confluent_kafka_test.py"
exit "$result"
