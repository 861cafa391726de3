#!/usr/bin/env python3
"""Memory and time of decoding a large Avro container file: what is held is one block, not the file.

Usage: bench/codec/container_memory.py --tool build/bench/tests/interop/containers/symbolon_container_tool
                                       [--bytes 1073741824] [--codec null]

Makes a file of contact-centre events with our writer, decodes every record of it to JSON, and prints
the peak resident memory of the decoding process (getrusage). Fails above 64 MiB.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

MEMORY_BYTES_MAX = 64 << 20


def measure(tool, path):
    """What the tool printed, its peak memory in bytes, and the seconds that it took."""
    begun = time.monotonic()
    child = subprocess.Popen([tool, "measure", path], stdout=subprocess.PIPE)
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"decoding failed with {child.returncode}")
    return json.loads(printed), usage.ru_maxrss * 1024, time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tool", required=True)
    parser.add_argument("--bytes", type=int, default=1 << 30)
    parser.add_argument("--codec", default="null")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="symbolon-bench-") as folder:
        path = pathlib.Path(folder) / "events.avro"
        begun = time.monotonic()
        subprocess.run([options.tool, "make_large", path, options.codec, str(options.bytes)],
                       check=True)
        print(f"container file: {path.stat().st_size / 1e6:.0f} MB of {options.codec} blocks, "
              f"made in {time.monotonic() - begun:.1f} s")
        counts, memory, seconds = measure(options.tool, path)
        print(f"decoded to JSON: {counts['records']} records, {counts['json_bytes'] / 1e6:.0f} MB of "
              f"text in {seconds:.1f} s; peak memory {memory / 2**20:.1f} MiB")
    if memory > MEMORY_BYTES_MAX:
        sys.exit(f"more than {MEMORY_BYTES_MAX >> 20} MiB")


if __name__ == "__main__":
    main()
