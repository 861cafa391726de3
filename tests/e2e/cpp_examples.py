#!/usr/bin/env python3
"""A C++ program against the installed library: installs a build, builds examples/cpp against what was installed,
and runs its programs with the real server and a Kafka cluster.

Also compares the programs that docs/clients.md quotes with examples/cpp.

Usage: cpp_examples.py [--binary build/release/symbolon] [--mock build/dev/tests/support/symbolon_mock_kafka]
                       [unittest's own arguments]

What is installed is the build in whose folder the binary lies.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, main  # noqa: E402
from program import FolderTest  # noqa: E402
from server_process import ServerProcess  # noqa: E402

GENESYS = ROOT / "examples" / "genesys"


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300,
                          **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} answered {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


class InstalledLibrary(FolderTest):
    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-installed-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        cls.prefix = cls.place / "prefix"
        run("cmake", "--install", OPTIONS.binary.parent, "--prefix", cls.prefix)
        cls.programs = cls.place / "examples"
        launcher = shutil.which("ccache")
        run("cmake", "-S", ROOT / "examples" / "cpp", "-B", cls.programs, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={cls.prefix}",
            *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []))
        run("cmake", "--build", cls.programs)

    def start_registry(self):
        """The address of the installed program, which knows the events' schema."""
        server = ServerProcess(self.prefix / "bin" / "symbolon", "memory:")
        self.addCleanup(server.close)
        server.wait_until_listening().register("interactions-value", (GENESYS / "interaction_event.avsc").read_text())
        return server.url

    def test_events_go_through_producer_and_consumer_unchanged(self):
        brokers = self.kafka("interactions")
        address = self.start_registry()
        events = (GENESYS / "interaction_events.jsonl").read_text()
        run(self.programs / "producer", address, brokers, "interactions", input=events)
        printed = run(self.programs / "consumer", address, brokers, "interactions")
        records = [json.loads(line) for line in printed.splitlines()]
        self.assertEqual([record["decoded_payload"] for record in records],
                         [json.loads(line) for line in events.splitlines()])
        self.assertEqual({(record["schema_id"], record["schema_version"]) for record in records},
                         {(1, None)})  # an id names no version

    def test_an_event_that_does_not_fit_is_refused_and_the_next_is_sent(self):
        brokers = self.kafka("interactions")
        address = self.start_registry()
        done = subprocess.run([self.programs / "producer", address, brokers, "interactions"],
                              input='{"timestamp":"soon"}\n{"timestamp":7}\n', text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("/timestamp", done.stderr)
        printed = run(self.programs / "consumer", address, brokers, "interactions")
        self.assertEqual([json.loads(line)["decoded_payload"]["timestamp"]
                          for line in printed.splitlines()], [7])

    def test_compat_alone_is_found_where_the_clients_libraries_are_not(self):
        project = self.write(
            "CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(alone LANGUAGES CXX)\n"
            "find_package(symbolon REQUIRED COMPONENTS ${WANTED})\n"
            f"add_executable(alone {ROOT}/examples/cpp/is_compatible.cpp)\n"
            "target_link_libraries(alone PRIVATE symbolon::compat)\n").parent
        absent = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON"
                  for name in ("CURL", "ZLIB", "Snappy", "prometheus-cpp", "yaml-cpp")]
        words = ["cmake", "-S", project, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}"]
        run(*words, "-B", project / "build", "-DWANTED=compat", *absent)
        for wanted, more in (("client", absent), ("nonsense", [])):
            done = subprocess.run([*map(str, words), "-B", str(project / wanted), f"-DWANTED={wanted}", *more],
                                  capture_output=True, text=True, timeout=300)
            self.assertNotEqual(done.returncode, 0, wanted)
        self.assertIn("no component nonsense", " ".join(done.stderr.split()))

    def test_the_examples_are_installed_with_it(self):
        installed = self.prefix / "share" / "doc" / "symbolon" / "examples"
        for name in ("genesys/interaction_event.avsc", "genesys/events/interaction_started.json",
                     "cpp/consumer.cpp"):
            self.assertEqual((installed / name).read_bytes(), (ROOT / "examples" / name).read_bytes())

    def test_compat_alone_tells_whether_data_can_be_read(self):
        program = self.programs / "is_compatible"
        old = GENESYS / "interaction_event.avsc"
        self.assertEqual(run(program, GENESYS / "interaction_event_with_channel.avsc", old),
                         "compatible\n")
        done = subprocess.run([program, GENESYS / "interaction_event_with_score.avsc", old],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (1, "incompatible\n"))


class Manual(unittest.TestCase):
    def test_the_manual_quotes_the_programs_that_are_built(self):
        text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
        quoted = re.findall(r"(?ms)^```cpp\n(.*?)^```", text)
        for name in ("producer.cpp", "consumer.cpp"):
            program = (ROOT / "examples" / "cpp" / name).read_text(encoding="utf-8")
            self.assertIn(program, quoted, f"docs/clients.md does not quote examples/cpp/{name} as it is")


if __name__ == "__main__":
    main(processes=1, mock=ROOT / "build/dev/tests/support/symbolon_mock_kafka")
