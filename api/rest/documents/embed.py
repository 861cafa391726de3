#!/usr/bin/env python3
"""Writes openapi.yaml, the same as JSON, and the page /docs as a C++ source.

Usage: api/rest/documents/embed.py openapi.yaml OUT.cpp      (CMake does it when either has changed)

Needs Debian's python3-yaml. Tested by tests/tidy/openapi_test.py and tests/e2e/scripts/docs.http.
"""

import base64
import hashlib
import json
import pathlib
import sys

import yaml

from page import Page, SCRIPT, STYLE

# Some compilers bound a literal's length; a piece well below stays legible in a debugger, too.
PIECE_BYTES = 8_000


def literal(data):
    """Bytes as C++ string literals, one a line of the source text where that fits."""
    pieces = [data[at:at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)] or [b""]
    return "\n".join('    "' + "".join(escaped(byte) for byte in piece) + '"' for piece in pieces)


def escaped(byte):
    if byte in (0x22, 0x5C):
        return "\\" + chr(byte)
    if byte == 0x3F:
        return "\\?"  # no trigraph
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def source_of(text):
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def policy():
    """What the page may do: show its own style and run its own script, and nothing else."""
    return ("default-src 'none'; "
            f"style-src {source_of(STYLE)}; script-src {source_of(SCRIPT)}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


def main():
    contract, out = map(pathlib.Path, sys.argv[1:3])
    text = contract.read_bytes()
    document = yaml.safe_load(text)
    # `default=str` is for dates that YAML finds in examples.
    as_json = json.dumps(document, ensure_ascii=False, default=str).encode("utf-8")
    page = Page(document).render().encode("utf-8")
    parts = (("openapi_yaml", text), ("openapi_json", as_json), ("docs_page", page),
             ("docs_policy", policy().encode("ascii")))
    functions = "\n\n".join(
        f"std::string_view {name}() {{\n    static constexpr std::string_view text(\n"
        f"{literal(data)},\n        {len(data)});\n    return text;\n}}" for name, data in parts)
    out.write_text('#include "api/rest/documents.hpp"\n\nnamespace symbolon::rest {\n\n'
                   f"{functions}\n\n}}  // namespace symbolon::rest\n", encoding="ascii")


if __name__ == "__main__":
    main()
