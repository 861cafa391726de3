#!/usr/bin/env python3
"""Drives the real binary through the scripts in scripts/ and holds every answer to openapi.yaml.

Usage: tests/e2e/run.py --binary build/release/symbolon [--store memory:|sqlite:] [--only TEXT]

Every script gets a server of its own on a free port, with a fresh store; several run at a time. Each
GET is repeated as HEAD. At the end every operation of openapi.yaml must have been answered with its
success status. Exit code 1 when anything failed. Needs Debian's python3-yaml and python3-jsonschema.

A script is a list of steps:

    ### A sentence that is true when the step passes
    @point {"type":"fixed","name":"Point","size":8}          sets a variable (the rest of the line)
    POST /subjects/s/versions?normalize=false
    Accept: application/json                                 headers, if any

    {"schema": {{json:point}}}                               body, if any, behind an empty line

    HTTP 200                                                 the expected status
    Content-Type: application/json                           expected headers, if any
    {"id": 1, "guid": "<any>", "references": "<absent>"}     expected body, if any
    @guid <- guid                                            takes a value out of the answer

{{name}} stands for a variable, {{json:name}} for it as a JSON string, {{uri:name}} percent-encoded.
An expected object may leave members out; an array may not. Behind a line `exactly`, objects may not
either. Texts with a meaning: <any>, <absent>, <number>, <contains:TEXT>, <matches:EXPRESSION>. A body
`empty` means none, `text: …` the very bytes. A body gets the contract's media type unless the step has
a Content-Type; `Content-Type: none` sends none. Lines that begin with `# ` are comments.
"""

import argparse
import concurrent.futures
import dataclasses
import http.client
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent
CONTRACT = HERE.parent.parent / "openapi.yaml"
MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
START_SECONDS = 60
ANSWER_SECONDS = 60
SHOWN_BODY_CHARS = 1_500


class Failed(Exception):
    """A step that did not go as its script says; the text is for people."""


# --- scripts --------------------------------------------------------------------------------------


@dataclasses.dataclass
class Step:
    line: int
    title: str
    variables: list
    method: str = ""
    target: str = ""
    headers: list = dataclasses.field(default_factory=list)
    body: str = ""
    status: int = 0
    expected_headers: list = dataclasses.field(default_factory=list)
    expected: str = ""
    captures: list = dataclasses.field(default_factory=list)


HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?(.*)")


def parse_step(line, title, lines):
    step = Step(line, title, [])
    rest = [text for text in lines if not text.startswith("# ")]
    while rest and (not rest[0].strip() or rest[0].startswith("@")):
        text = rest.pop(0)
        if text.startswith("@"):
            name, _, value = text[1:].partition(" ")
            step.variables.append((name, value.strip()))
    if not rest:
        raise Failed(f"line {line}: the step has no request")
    step.method, _, step.target = rest.pop(0).partition(" ")
    while rest and (found := HEADER.fullmatch(rest[0])):
        step.headers.append(found.groups())
        rest.pop(0)
    at = next((at for at, text in enumerate(rest) if text.startswith("HTTP ")), None)
    if at is None:
        raise Failed(f"line {line}: the step expects no status")
    step.body = "\n".join(rest[:at]).strip()
    step.status = int(rest[at].split()[1])
    rest = rest[at + 1:]
    while rest and (found := HEADER.fullmatch(rest[0])) and not rest[0].startswith("text: "):
        step.expected_headers.append(found.groups())
        rest.pop(0)
    for text in rest:
        if found := re.fullmatch(r"@(\w+) <- ?(\S*)", text):
            step.captures.append(found.groups())
    step.expected = "\n".join(text for text in rest if not text.startswith("@")).strip()
    return step


def parse_script(text):
    steps, title, begin, lines = [], None, 0, []
    for number, line in enumerate(text.split("\n") + ["### "], 1):
        if line.startswith("###"):
            if title is not None:
                steps.append(parse_step(begin, title, lines))
            title, begin, lines = line[3:].strip(), number, []
        else:
            lines.append(line)
    return steps


def substitute(text, variables):
    def value_of(found):
        form, name = found.group(1), found.group(2)
        if name not in variables:
            raise Failed(f"there is no variable {name}")
        value = variables[name]
        plain = value if isinstance(value, str) else json.dumps(value)
        return {None: plain, "json:": json.dumps(plain),
                "uri:": urllib.parse.quote(plain, safe="")}[form]
    return re.sub(r"\{\{(json:|uri:)?(\w+)\}\}", value_of, text)


# --- expectations ---------------------------------------------------------------------------------


def differences(expected, found, place, exactly):
    """Why `found` is not what the script expects: a list of sentences."""
    if isinstance(expected, str) and expected.startswith("<") and expected.endswith(">"):
        kind, _, argument = expected[1:-1].partition(":")
        matched = {
            "any": lambda: True,
            "number": lambda: isinstance(found, (int, float)) and not isinstance(found, bool),
            "contains": lambda: isinstance(found, str) and argument in found,
            "matches": lambda: isinstance(found, str) and re.search(argument, found) is not None,
        }.get(kind)
        if matched:
            return [] if matched() else [f"{place}: expected {expected}, found {json.dumps(found)}"]
    if isinstance(expected, dict) and isinstance(found, dict):
        result = []
        for name, value in expected.items():
            if value == "<absent>":
                if name in found:
                    result.append(f"{place}.{name}: expected nothing, found "
                                  f"{json.dumps(found[name])}")
            elif name not in found:
                result.append(f"{place}.{name}: is missing, expected {json.dumps(value)}")
            else:
                result += differences(value, found[name], f"{place}.{name}", exactly)
        if exactly:
            result += [f"{place}.{name}: unexpected {json.dumps(found[name])}"
                       for name in found if name not in expected]
        return result
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [text for at, (one, other) in enumerate(zip(expected, found))
                for text in differences(one, other, f"{place}[{at}]", exactly)]
    if type(expected) is type(found) and expected == found:
        return []
    return [f"{place}: expected {json.dumps(expected)}", f"{place}: found    {json.dumps(found)}"]


def body_differences(expected, body):
    if not expected:
        return []
    if expected == "empty":
        return [] if not body else ["the body is not empty"]
    if expected.startswith("text: "):
        text = expected[6:]
        return [] if body.decode() == text else [f"expected text: {text}"]
    exactly = expected.startswith("exactly")
    value = json.loads(expected.removeprefix("exactly"))
    return differences(value, parse_body(body), "$", exactly)


def parse_body(body):
    try:
        return json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise Failed(f"the body is not JSON: {error}") from None


# --- the contract ---------------------------------------------------------------------------------


class Contract:
    """openapi.yaml: which operation a request asks for, and whether an answer has its shape."""

    def __init__(self, path):
        self.document = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.resolver = jsonschema.RefResolver.from_schema(self.document)
        self.resolver_lock = threading.Lock()  # a resolver remembers where it is
        self.operations = {
            operation["operationId"]: operation
            for item in self.document["paths"].values() for operation in item.values()}
        self.paths = [([part for part in path.split("/") if part], item)
                      for path, item in self.document["paths"].items()]

    def follow(self, value):
        if "$ref" not in value:
            return value
        found = self.document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def find_operation(self, method, target):
        path = urllib.parse.urlsplit(target).path if not target.startswith("//") else target
        parts = [urllib.parse.unquote(part) for part in path.split("/")[1:]]
        slash = bool(parts) and parts[-1] == ""
        parts = parts[:-1] if slash else parts
        if parts[:1] == ["contexts"] and (len(parts) > 2 or
                                          (len(parts) == 2 and slash and method != "DELETE")):
            parts = parts[2:]
        for template, item in self.paths:
            if len(template) == len(parts) and all(
                    one.startswith("{") or one == other for one, other in zip(template, parts)):
                method = "GET" if method == "HEAD" else method
                return item.get(method.lower())
        return None

    def check_schema(self, schema, value, what):
        validator = jsonschema.Draft202012Validator(schema, resolver=self.resolver)
        with self.resolver_lock:
            found = list(validator.iter_errors(value))
        errors = [f"{what} breaks openapi.yaml at ${''.join(f'[{p!r}]' for p in error.path)}: "
                  f"{error.message[:400]}" for error in found]
        if errors:
            raise Failed("\n".join(errors))

    def check_request(self, operation, body):
        if operation and body and "requestBody" in operation:
            media = self.follow(operation["requestBody"])["content"][MEDIA_TYPE]
            self.check_schema(media["schema"], json.loads(body), "the request")

    def check_answer(self, operation, answer):
        status = str(answer.status)
        if operation and status in operation["responses"]:
            response = self.follow(operation["responses"][status])
        elif status in ("405", "408", "413", "431") or (status == "404" and not operation):
            response = self.document["components"]["responses"]["Error" + status]
        else:
            name = operation["operationId"] if operation else "an unknown path"
            raise Failed(f"openapi.yaml has no status {status} for {name}")
        for name in response.get("headers", {}):
            if name != "Retry-After" and not answer.headers.get(name):
                raise Failed(f"the header {name} is missing")
        content = response.get("content")
        media_type = answer.headers.get("Content-Type")
        if not content:
            if answer.body or media_type:
                raise Failed("openapi.yaml says that there is no body")
            return
        if (media_type or "").split(";")[0] not in content:
            raise Failed(f"openapi.yaml does not know Content-Type {media_type} here")
        if not response.get("x-raw-text"):
            schema = content[media_type]["schema"]
            self.check_schema(schema, parse_body(answer.body), "the answer")


# --- the server -----------------------------------------------------------------------------------


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Server:
    """One `symbolon serve` on a free port, and one connection to it."""

    def __init__(self, binary, store, directory):
        url = store if store == "memory:" else f"sqlite:{directory}/symbolon.db"
        self.errors = open(pathlib.Path(directory) / "stderr", "w+", encoding="utf-8",
                           errors="replace")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "http://127.0.0.1:0", "--store", url],
            stdout=subprocess.PIPE, stderr=self.errors, cwd=directory, text=True)
        watchdog = threading.Timer(START_SECONDS, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                break
        else:
            raise Failed(f"the server did not start:\n{self.complaints()}")
        watchdog.cancel()
        # Whatever else it prints must not fill the pipe.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                     timeout=ANSWER_SECONDS)

    def complaints(self):
        self.errors.flush()
        self.errors.seek(0)
        return self.errors.read()[-4_000:]

    def ask(self, method, target, headers, body):
        self.connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            self.connection.putheader(name, value)
        data = body.encode("utf-8")
        if data or method in ("POST", "PUT"):
            self.connection.putheader("Content-Length", str(len(data)))
        self.connection.endheaders(data or None)
        response = self.connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = "none, it had to be killed"
        if code != 0:
            raise Failed(f"the server ended with {code}:\n{self.complaints()}")


# --- running --------------------------------------------------------------------------------------


class Runner:
    def __init__(self, binary, store, contract):
        self.binary, self.store, self.contract = binary, store, contract
        self.answered = set()  # operationIds that were answered with a success

    def run_script(self, path):
        """Number of steps that passed, and the failures as texts."""
        variables, passed, failures = {}, 0, []
        try:
            steps = parse_script(path.read_text(encoding="utf-8"))
            with tempfile.TemporaryDirectory(prefix="symbolon-e2e-") as directory:
                server = Server(self.binary, self.store, directory)
                try:
                    for step in steps:
                        try:
                            self.run_step(server, step, variables)
                            passed += 1
                        except Failed as failure:
                            failures.append(f"{path.name}:{step.line}: {step.title}\n{failure}")
                finally:
                    server.stop()
        except (Failed, OSError, http.client.HTTPException, ValueError) as failure:
            failures.append(f"{path.name}: {type(failure).__name__}: {failure}")
        return passed, failures

    def run_step(self, server, step, variables):
        for name, value in step.variables:
            variables[name] = substitute(value, variables)
        target = substitute(step.target, variables)
        body = substitute(step.body, variables)
        headers = [(name, substitute(value, variables)) for name, value in step.headers]
        if body and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", MEDIA_TYPE))
        headers = [header for header in headers if header != ("Content-Type", "none")]
        answer = server.ask(step.method, target, headers, body)
        try:
            self.check_step(step, target, body, answer, variables)
            if step.method == "GET":
                self.check_head(server, target, headers, answer)
        except Failed as failure:
            shown = answer.body.decode("utf-8", "replace")[:SHOWN_BODY_CHARS]
            raise Failed(f"    {step.method} {target}\n    {body[:SHOWN_BODY_CHARS]}\n"
                         f"    answered {answer.status}: {shown}\n" +
                         "\n".join("  ! " + line for line in str(failure).split("\n"))) from None

    def check_step(self, step, target, body, answer, variables):
        operation = self.contract.find_operation(step.method, target)
        if answer.status != step.status:
            raise Failed(f"expected status {step.status}")
        if operation and answer.status < 300:
            self.contract.check_request(operation, body)
            self.answered.add(operation["operationId"])
        self.contract.check_answer(operation, answer)
        for name, value in step.expected_headers:
            found = answer.headers.get(name)
            if value == "<absent>":
                texts = [] if found is None else [f"{name}: expected none, found {found}"]
            else:
                texts = differences(substitute(value, variables), found, name, False)
            if texts:
                raise Failed("\n".join(texts))
        texts = body_differences(substitute(step.expected, variables), answer.body)
        if texts:
            raise Failed("\n".join(texts))
        for name, place in step.captures:
            value = parse_body(answer.body)
            for part in filter(None, place.split(".")):
                value = value[int(part) if part.isdigit() else part]
            variables[name] = value

    @staticmethod
    def check_head(server, target, headers, got):
        head = server.ask("HEAD", target, headers, "")
        if head.body:
            raise Failed("HEAD has a body")
        own = ("X-Request-ID", "Date", "Content-Length" if target.startswith("/metrics") else "")
        wanted, found = ({name.lower(): value for name, value in headers_of.items()
                          if name not in own} for headers_of in (got.headers, head.headers))
        if (got.status, wanted) != (head.status, found):
            raise Failed(f"HEAD differs from GET: {head.status} {found} instead of "
                         f"{got.status} {wanted}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--store", choices=("memory:", "sqlite:"), default="memory:")
    parser.add_argument("--only", help="run the scripts with this text in their names")
    parser.add_argument("--jobs", type=int, default=4)
    options = parser.parse_args()

    contract = Contract(CONTRACT)
    runner = Runner(pathlib.Path(options.binary).resolve(), options.store, contract)
    scripts = sorted((HERE / "scripts").glob("*.http"))
    if options.only:
        scripts = [path for path in scripts if options.only in path.name]
    passed, failures = 0, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for steps, failed in pool.map(runner.run_script, scripts):
            passed += steps
            failures += failed
    if not options.only:
        failures += [f"openapi.yaml: {name} was never answered with a success"
                     for name in sorted(set(contract.operations) - runner.answered)]
    for failure in failures:
        print(failure, end="\n\n")
    print(f"e2e {options.store} {passed} steps of {len(scripts)} scripts passed, "
          f"{len(failures)} failures, {len(runner.answered)} of {len(contract.operations)} "
          "operations answered")
    return 1 if failures or not scripts else 0


if __name__ == "__main__":
    sys.exit(main())
