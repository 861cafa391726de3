#!/usr/bin/env python3
"""Checks the house rules that no compiler checks, and says for each finding what to do.

Usage: tests/tidy/tidy.py [DIRECTORY]      (default: the checkout that this file stands in)

Each check is a function from a Tree (path -> text) to findings; tidy_test.py shows for each one that
it fails on a bad example. Tested by tests/tidy/tidy_test.py.
"""

import pathlib
import posixpath
import re
import subprocess
import sys

LINE_CHARS_MAX = 100
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500

# Which rooms a room may include (docs/architecture.md). The longest matching prefix is a file's room.
CLIENT_PARTS = ("client/http", "client/metrics", "client/kafka", "client/codec", "client/wire",
                "client/registry_client", "client/payload", "client/sink", "compat", "core")
ARROWS = {
    "core": {"core"},
    "compat": {"compat", "core"},
    "storage": {"storage", "core"},
    "api": {"api", "compat", "storage", "core"},
    "api/rest": {"api/rest", "api", "compat", "core"},
    "server": {"server", "api/rest", "api", "compat", "storage", "core"},
    "client/http": {"client/http", "core"},
    "client/metrics": {"client/metrics", "core"},
    "client/kafka": {"client/kafka", "core"},
    "client/codec": {"client/codec", "compat", "core"},
    "client/wire": {"client/wire", "core"},
    "client/registry_client": {"client/registry_client", "client/http", "compat", "core"},
    "client/payload": {"client/payload", "client/codec", "client/wire", "client/registry_client",
                       "compat", "core"},
    "client/sink": {"client/sink", "client/codec", "client/http", "client/kafka", "core"},
    "client/decoder": {"client/decoder", *CLIENT_PARTS},
    "client/producer": {"client/producer", *CLIENT_PARTS},
    "client/gateway": {"client/gateway", *CLIENT_PARTS},
    "gate": {"gate", *CLIENT_PARTS},
    "cli": {"cli", "gate", "client/decoder", "client/producer", "client/gateway", *CLIENT_PARTS,
            "server", "api/rest", "api", "storage"},
}

# Libraries that stay behind one door: include prefix -> path prefixes that may use it.
CONTAINED = {
    "boost/beast": ("server/http_server_", "tests/"),
    "boost/asio": ("server/http_server_", "tests/"),
    "sqlite3.h": ("storage/sqlite/", "tests/"),
    "google/protobuf": ("compat/protobuf/proto_descriptor", "compat/protobuf/proto_pool",
                        "compat/protobuf/proto_sample", "client/codec/protobuf_", "compat/protobuf/proto_counter_example",
                        "tests/", "bench/"),
    "curl/": ("client/http/http_client_curl", "tests/"),
    "librdkafka/": ("client/kafka/", "tests/"),
    "zlib.h": ("client/codec/avro_container_", "tests/"),
    "snappy": ("client/codec/avro_container_", "tests/"),
    "zstd.h": ("client/codec/avro_container_", "tests/"),
    "nlohmann/": ("core/json.", "tests/"),
}

CPP = (".cpp", ".hpp")
ERRORS_FILE = "core/error.hpp"
ROUTES_FILE = "api/rest/routes.cpp"
CONTRACT_FILE = "openapi.yaml"
# The one operation that the server's room answers, since counters are its own.
SERVER_OPERATIONS = {("get", "/metrics"): "getMetrics"}


class Tree(dict):
    """Path -> text of every file under version control; `paths` also names those that are not text."""

    @property
    def paths(self):
        return set(self)

    def cpp(self):
        return {path: text for path, text in self.items() if path.endswith(CPP)}

    def rooms(self):
        """The C++ files of the rooms: the program without tests and benches."""
        return {path: text for path, text in self.cpp().items() if room_of(path)}


def room_of(path):
    """The room that a path belongs to, or None."""
    names = [room for room in ARROWS if path.startswith(room + "/")]
    return max(names, key=len, default=None)


def without_comments(text):
    """The C++ text with comments blanked out; line numbers and strings stay."""
    token = re.compile(
        r'R"(?P<tag>[^ ()\\\n]{0,16})\(.*?\)(?P=tag)"'
        r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL)

    def blank(found):
        piece = found.group()
        return re.sub(r"[^\n]", " ", piece) if piece.startswith("/") else piece

    return token.sub(blank, text)


def without_strings(text):
    """The C++ text with comments, strings and character literals blanked out."""
    token = re.compile(
        r'R"(?P<tag>[^ ()\\\n]{0,16})\(.*?\)(?P=tag)"'
        r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
    return token.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), without_comments(text))


def numbered(text):
    return enumerate(text.splitlines(), start=1)


def check_include_arrows(tree):
    """Rooms include only the rooms below them, with root-relative paths."""
    for path, text in tree.cpp().items():
        room = room_of(path)
        for line, content in numbered(without_comments(text)):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', content)
            if not found:
                continue
            target = found.group(1)
            if target.endswith(".inc"):
                continue  # generated by the build
            if target not in tree.paths:
                yield f'{path}:{line}: "{target}" is not a file; includes are relative to the root'
                continue
            other = room_of(target)
            if room and other is None:
                yield f"{path}:{line}: a room must not include {target}"
            elif room and other not in ARROWS[room]:
                yield f"{path}:{line}: {room} must not know {other} (docs/architecture.md)"


def check_contained_libraries(tree):
    """A library with one door is included behind that door only."""
    for path, text in tree.cpp().items():
        for line, content in numbered(without_comments(text)):
            found = re.match(r"\s*#\s*include\s+[<\"]([^>\"]+)[>\"]", content)
            if not found:
                continue
            for prefix, places in CONTAINED.items():
                if found.group(1).startswith(prefix) and not path.startswith(places):
                    yield f"{path}:{line}: <{found.group(1)}> belongs in {places[0]}* only"


def check_json_parser(tree):
    """Text becomes a JSON value in one place, which bounds it."""
    for path, text in tree.rooms().items():
        if path == "core/json.cpp":
            continue
        for line, content in numbered(without_strings(text)):
            if re.search(r"\b(?:Json|json|nlohmann::\w+)::(?:parse|accept|sax_parse)\s*\(", content):
                yield f"{path}:{line}: use parse_json of core/json.hpp"


def check_printing(tree):
    """fmt::print throws where a descriptor is full or closed, and the program with it."""
    for path, text in tree.rooms().items():
        for line, content in numbered(without_strings(text)):
            if re.search(r"\bfmt::print(?:ln)?\s*\(", content):
                yield f"{path}:{line}: use print_to of core/print_to.hpp"


def check_wire_numbers(tree):
    """Error numbers of the wire stand in the error table and in the contract only."""
    for path, text in tree.rooms().items():
        if path == ERRORS_FILE:
            continue
        for line, content in numbered(without_comments(text)):
            found = re.search(r"(?<![\w'.])[45]\d{4}(?![\w'.])", content)
            if found:
                yield f"{path}:{line}: {found.group()} belongs in {ERRORS_FILE}; use its ErrorCode"


def routes_of(text):
    """(method, path) -> operationId, from the route table."""
    row = re.compile(r'Method::(\w+)\s*,\s*"([^"]*)"\s*,[^"}]*"(\w+)"')
    names = {"del": "delete", "delete_": "delete"}  # `delete` alone is a C++ keyword
    return {(names.get(method, method), path): name
            for method, path, name in row.findall(without_comments(text))}


def operations_of(text):
    """(method, path) -> operationId, from openapi.yaml as we write it: two spaces a level."""
    operations = {}
    inside, path, method = False, None, None
    for _, line in numbered(text):
        if re.match(r"\S", line):
            inside = line.startswith("paths:")
        if not inside:
            continue
        if found := re.match(r"  ['\"]?(/[^'\":\s]*(?::[^'\":\s]+)*)['\"]?:\s*$", line):
            path, method = found.group(1), None
        elif found := re.match(r"    (get|put|post|delete|head|patch):", line):
            method = found.group(1)
        elif found := re.match(r"      operationId:\s*['\"]?(\w+)", line):
            operations[(method, path)] = found.group(1)
    return operations


def check_routes(tree):
    """Every route is in the contract under the same operationId, and the other way round."""
    if ROUTES_FILE not in tree or CONTRACT_FILE not in tree:
        return
    routes, operations = routes_of(tree[ROUTES_FILE]), operations_of(tree[CONTRACT_FILE])
    if not routes:
        yield f"{ROUTES_FILE}:1: no row of the route table was recognised"
    routes |= {key: name for key, name in SERVER_OPERATIONS.items() if key in operations}
    for key in sorted(set(routes) | set(operations)):
        method, path = key
        if key not in operations:
            yield f"{ROUTES_FILE}:1: {method.upper()} {path} is not in {CONTRACT_FILE}"
        elif key not in routes:
            yield f"{CONTRACT_FILE}:1: {method.upper()} {path} is not in {ROUTES_FILE}"
        elif routes[key] != operations[key]:
            yield (f"{CONTRACT_FILE}:1: {method.upper()} {path} is {operations[key]} here and "
                   f"{routes[key]} in {ROUTES_FILE}")


def check_error_rows(tree):
    """The five-digit numbers of the error table and of the contract are the same."""
    if ERRORS_FILE not in tree or CONTRACT_FILE not in tree:
        return
    number = re.compile(r"(?<![\w.])[45]\d{4}(?![\w.])")
    rows = set(number.findall(without_comments(tree[ERRORS_FILE])))
    contract = set(number.findall(tree[CONTRACT_FILE]))
    for missing in sorted(rows - contract):
        yield f"{CONTRACT_FILE}:1: error {missing} of {ERRORS_FILE} is not described"
    for missing in sorted(contract - rows):
        yield f"{CONTRACT_FILE}:1: error {missing} has no row in {ERRORS_FILE}"


def built_files(tree):
    """What the CMakeLists.txt files name, as paths from the root."""
    built = set()
    for path, text in tree.items():
        directory, _, name = path.rpartition("/")
        if name != "CMakeLists.txt":
            continue
        for word in re.split(r'[\s()"]+', re.sub(r"#[^\n]*", "", text)):
            word, from_root = re.subn(r"^\$\{(?:PROJECT|CMAKE)_SOURCE_DIR\}/", "", word)
            word = word.replace("${CMAKE_CURRENT_SOURCE_DIR}/", "")
            built.add(posixpath.normpath(word if from_root else posixpath.join(directory, word)))
            # A program that a function makes from the name of its door or topic.
            for kind in ("fuzz", "bench"):
                built.add(posixpath.join(directory, f"{kind}_{word}.cpp"))
                built.add(posixpath.join(directory, f"{word}.cpp") if word.startswith(kind) else "")
    return built


def check_everything_is_built(tree):
    """Every .cpp is named in some CMakeLists.txt."""
    built = built_files(tree)
    for path in tree.cpp():
        if path.endswith(".cpp") and path not in built:
            yield f"{path}:1: no CMakeLists.txt lists this file"


def check_header_comment(tree):
    """A header opens with a comment that says what it is for, then #pragma once."""
    for path, text in tree.cpp().items():
        if not path.endswith(".hpp"):
            continue
        lines = text.splitlines()
        if not lines or not re.match(r"// \S.*", lines[0]):
            yield f"{path}:1: a header opens with a comment that says what it is for"
            continue
        after = next((line for line in lines if not line.startswith("//")), "")
        if after != "#pragma once":
            yield f"{path}:1: #pragma once comes right after the opening comment"


def check_comment_fields(tree):
    """In a header's opening comment each field begins a line of its own."""
    field = r"(?:(?:Example|Errors|Units|Threads|Limits|Source):|Tested by)(?=\s|$)|Tested$"
    for path, text in tree.cpp().items():
        if not path.endswith(".hpp"):
            continue
        for line, content in numbered(text):
            if not content.startswith("//"):
                break
            found = re.search(rf"//.*\S\s+({field})", content)
            if found:
                yield f"{path}:{line}: \"{found.group(1)}\" begins a line of its own"


def check_tested_by(tree):
    """What a comment names as its test exists."""
    for path, text in tree.items():
        if not path.endswith(CPP):
            continue
        for line, content in numbered(text):
            found = re.match(r"\s*// Tested by (\S+)", content)
            if not found:
                continue
            name = found.group(1).rstrip(".,;")
            if "/" in name and name not in tree.paths:
                yield f"{path}:{line}: {name} does not exist"


def check_line_length(tree):
    """Lines of C++ and CMake have at most 100 characters."""
    for path, text in tree.items():
        if not path.endswith(CPP + (".cmake", "CMakeLists.txt")):
            continue
        for line, content in numbered(text):
            if len(content) > LINE_CHARS_MAX:
                yield f"{path}:{line}: {len(content)} characters, at most {LINE_CHARS_MAX}"


def functions_of(text):
    """(first line, last line) of every function body outside other functions."""
    functions, stack = [], []
    header, line, opened_at = "", 1, 1
    in_function = 0
    for char in blank_directives(without_strings(text)):
        if char == "\n":
            line += 1
        if char == "{":
            kind = "other"
            words = re.sub(r"template\s*<[^{};]*?>\s*(?=\w|::|\[)", "", header).strip()
            if re.match(r"(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b", words):
                kind = "scope"
            elif not in_function and ")" in words:
                kind = "function"
            stack.append((kind, opened_at if kind == "function" else line, line, header))
            in_function += kind == "function"
            header = ""
        elif char == "}":
            if stack:
                kind, first, brace_line, before = stack.pop()
                in_function -= kind == "function"
                if kind == "function" and not in_function:
                    functions.append((first, line))
                # `: member_{value}` is part of what comes before the body.
                header = before if brace_line == line and kind != "scope" else ""
        elif char == ";":
            header = ""
        else:
            if not header.strip() and not char.isspace():
                opened_at = line
            header += char
    return functions


def blank_directives(text):
    """Preprocessor lines, with their continuations, blanked out."""
    return re.sub(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",
                  lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def check_long_functions(tree):
    """A function of more than 70 lines says why in a `Long:` comment."""
    for path, text in tree.cpp().items():
        lines = text.splitlines()
        for first, last in functions_of(text):
            length = last - first + 1
            if length <= FUNCTION_LINES_MAX:
                continue
            start = first - 1
            while start > 0 and lines[start - 1].lstrip().startswith("//"):
                start -= 1
            if not any("// Long: " in line or "/// Long: " in line for line in lines[start:last]):
                yield (f"{path}:{first}: a function of {length} lines; split it, or say why not "
                       "(// Long: reason)")


def check_long_files(tree):
    """A file of more than 500 lines says why in a `Long:` comment."""
    for path, text in tree.items():
        if not path.endswith(CPP + (".py",)) or path.startswith("tests/tidy/"):
            continue
        length = len(text.splitlines())
        if length > FILE_LINES_MAX and not re.search(r"(?m)^\s*(?://|#) Long: \S", text):
            yield f"{path}:1: a file of {length} lines; split it, or say why not (Long: reason)"


def check_forbidden_words(tree):
    """Unfinished work names its issue."""
    words = "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"])
    for path, text in tree.items():
        if not path.endswith(CPP + (".py", ".sh", ".js", ".mjs", ".cmake", "CMakeLists.txt", "dev")):
            continue
        for line, content in numbered(text):
            found = re.search(rf"\b({words})\b(?!\(#\d+\))", content)
            if found:
                yield f"{path}:{line}: {found.group(1)} names no issue; write {found.group(1)}(#n)"


def check_nolint(tree):
    """A suppression names the check and the reason."""
    for path, text in tree.cpp().items():
        for line, content in numbered(text):
            found = re.search(r"NOLINT(?:NEXTLINE|BEGIN|END)?(\([\w.,\- ]+\))?(.*)", content)
            if not found or "NOLINTEND" in found.group():
                continue
            if not found.group(1) or len(found.group(2).strip(" :*/")) < 5:
                yield f"{path}:{line}: NOLINT(check): reason"


def check_links(tree):
    """A relative link in a document leads to something."""
    directories = {path.rpartition("/")[0] for path in tree}
    for path, text in tree.items():
        if not path.endswith(".md"):
            continue
        for line, content in numbered(text):
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", content):
                if re.match(r"[a-z]+:", target):
                    continue
                place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                if place not in tree and place not in directories:
                    yield f"{path}:{line}: the link to {target} leads nowhere"


CHECKS = [value for name, value in sorted(globals().items()) if name.startswith("check_")]


def read_tree(root):
    """The files that git knows or would add; binary files are left out."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=True).stdout
    tree = Tree()
    for name in listing.decode().split("\0"):
        path = root / name
        if not name or not path.is_file():
            continue
        try:
            tree[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return tree


def findings_of(tree):
    return [finding for check in CHECKS for finding in check(tree)]


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[2]).resolve()
    tree = read_tree(root)
    findings = findings_of(tree)
    for finding in findings:
        print(finding)
    print(f"tidy: {len(findings)} findings of {len(CHECKS)} checks in {len(tree)} files")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
