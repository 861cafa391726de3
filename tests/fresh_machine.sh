#!/usr/bin/env bash
# Proves that an empty Debian 12 needs nothing but `./dev`: makes one in DIRECTORY with debootstrap,
# clones this checkout into it, and times `./dev run` to its first answer and `./dev test` (with --ci:
# `.ci/run` instead). Needs root, debootstrap and about 6 GB. DIRECTORY must not exist; it is left behind.
#
# Usage: sudo tests/fresh_machine.sh DIRECTORY [--ci]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

target=${1:?usage: fresh_machine.sh DIRECTORY [--ci]}
what=${2:---test}
[[ $(id -u) == 0 ]] || { echo "this needs root" >&2; exit 2; }
[[ ! -e $target ]] || { echo "$target exists; name a new directory" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "please install debootstrap" >&2; exit 2; }

unmount() {
    local place
    for place in dev/shm dev/pts dev proc; do
        if mountpoint -q "$target/$place"; then umount -l "$target/$place"; fi
    done
}
server=''
cleanup() {
    if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi
    unmount
}
trap cleanup EXIT

# `exec`, so that a signal to this process reaches the command.
enter=(chroot "$target" env -i HOME=/root LANG=C TERM=dumb
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"}
    ${no_proxy:+no_proxy="$no_proxy"} bash -c 'cd /root/symbolon && exec "$@"' inside)

# The mirror and the network settings are this machine's; the packages are an empty machine's.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null |
    grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
begun=$SECONDS
debootstrap --variant=minbase --include=git,ca-certificates bookworm "$target" \
    "${mirror:-http://deb.debian.org/debian}" >"$target.debootstrap.log" 2>&1 ||
    { tail -n 20 "$target.debootstrap.log" >&2; exit 1; }
echo "empty Debian 12: $((SECONDS - begun)) s"

if [[ -f /etc/apt/sources.list.d/debian.sources ]]; then
    cp /etc/apt/sources.list.d/debian.sources "$target/etc/apt/sources.list.d/"
    rm -f "$target/etc/apt/sources.list"
fi
for setting in /etc/apt/apt.conf.d/*; do
    if grep -qs 'Acquire::' "$setting"; then cp "$setting" "$target/etc/apt/apt.conf.d/"; fi
done
cp /etc/resolv.conf "$target/etc/resolv.conf"
if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    cp /usr/local/share/ca-certificates/*.crt "$target/usr/local/share/ca-certificates/"
    chroot "$target" update-ca-certificates >/dev/null 2>&1
fi

git clone -q --no-hardlinks "$root" "$target/root/symbolon"
vectors=${SYMBOLON_VECTORS:-$root/../shared/vectors}
if [[ -d $vectors ]]; then
    mkdir -p "$target/root/shared"
    cp -r "$vectors" "$target/root/shared/vectors"
fi
mount -t proc proc "$target/proc"
mount --bind /dev "$target/dev"
mount -t devpts devpts "$target/dev/pts" -o ptmxmode=0666,newinstance
mount -t tmpfs tmpfs "$target/dev/shm"

if [[ $what == --ci ]]; then
    begun=$SECONDS
    "${enter[@]}" ./.ci/run
    echo ".ci/run: $((SECONDS - begun)) s"
    exit 0
fi

begun=$SECONDS
"${enter[@]}" ./dev run --listen http://127.0.0.1:0 >"$target.run.log" 2>&1 &
server=$!
port=''
until port=$(sed -n 's/.*listening on http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$target.run.log" | head -n 1) &&
    [[ -n $port ]]; do
    kill -0 "$server" 2>/dev/null || { tail -n 40 "$target.run.log" >&2; exit 1; }
    sleep 0.2
done
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /subjects HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
head -n 1 <&3 | grep -q ' 200' || { echo "the first answer was no 200" >&2; exit 1; }
exec 3>&-
echo "./dev run to its first answer: $((SECONDS - begun)) s"
kill "$server"
wait "$server" || { echo "the server did not end well" >&2; exit 1; }
server=''

begun=$SECONDS
"${enter[@]}" ./dev test
echo "./dev test: $((SECONDS - begun)) s"
