"""Scripts of HTTP requests and what must come back; tests/e2e and tests/conformance/rest are made of them.

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

{{name}} stands for a variable, {{json:name}} for it as a JSON string, {{inner:name}} for what is between
that string's quotes, {{uri:name}} percent-encoded.
An expected object may leave members out; an array may not. Lines that begin with `# ` are comments.
One word before the expected body says how it is meant:

    exactly {...}      objects may not have other members
    unordered [...]    the members in any order
    includes [...]     these members, among others
    excludes [...]     none of these members
    text: ...          the very bytes
    empty              no body

Texts with a meaning: <any>, <absent>, <number>, <above:NUMBER>, <contains:TEXT>, <lacks:TEXT>,
<matches:EXPRESSION>. A body gets the contract's media type unless the step has a Content-Type;
`Content-Type: none` sends none.

A request `64 x POST /subjects/...` is sent 64 times at once, each on a connection of its own, with
{{n}} from 1 to 64. Every answer must be the expected one; `@distinct id version` says of which
members no two answers may have the same value, `@same id` of which all must.

Tested by the scripts, and by tests/support/http_script_test.py.
"""

import concurrent.futures
import dataclasses
import http.client
import json
import re
import threading
import urllib.parse

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
ANSWER_SECONDS = 60
SHOWN_BODY_CHARS = 1_500
COPIES_MAX = 256


class Failed(Exception):
    """A step that did not go as its script says; the text is for people."""


# --- scripts --------------------------------------------------------------------------------------


@dataclasses.dataclass
class Step:
    line: int
    title: str
    variables: list
    copies: int = 1
    method: str = ""
    target: str = ""
    headers: list = dataclasses.field(default_factory=list)
    body: str = ""
    status: int = 0
    expected_headers: list = dataclasses.field(default_factory=list)
    expected: str = ""
    captures: list = dataclasses.field(default_factory=list)
    comparisons: list = dataclasses.field(default_factory=list)


HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?(.*)")
REQUEST = re.compile(r"(?:(\d+) x )?([A-Z]+) (\S.*)")


def parse_step(line, title, lines):
    step = Step(line, title, [])
    rest = [text for text in lines if not text.startswith("# ")]
    while rest and (not rest[0].strip() or rest[0].startswith("@")):
        text = rest.pop(0)
        if text.startswith("@"):
            name, _, value = text[1:].partition(" ")
            step.variables.append((name, value.strip()))
    request = REQUEST.fullmatch(rest.pop(0)) if rest else None
    if not request:
        raise Failed(f"line {line}: the step has no request")
    step.copies, step.method, step.target = int(request[1] or 1), request[2], request[3]
    if not 1 <= step.copies <= COPIES_MAX:
        raise Failed(f"line {line}: at most {COPIES_MAX} requests at once")
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
        elif found := re.fullmatch(r"@(distinct|same) (.+)", text):
            step.comparisons += [(found[1], name) for name in found[2].split()]
        elif text.startswith("@"):
            raise Failed(f"line {line}: {text} means nothing")
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


def head_of(text):
    """The lines before the first step: name -> value of each `# name: value`."""
    head = text.split("###", 1)[0]
    return dict(re.findall(r"^# (\w+): (.+)$", head, re.MULTILINE))


def substitute(text, variables):
    def value_of(found):
        form, name = found.group(1), found.group(2)
        if name not in variables:
            raise Failed(f"there is no variable {name}")
        value = variables[name]
        plain = value if isinstance(value, str) else json.dumps(value)
        return {None: plain, "json:": json.dumps(plain),
                "inner:": json.dumps(plain)[1:-1], "uri:": urllib.parse.quote(plain, safe="")}[form]
    return re.sub(r"\{\{(json:|inner:|uri:)?(\w+)\}\}", value_of, text)


# --- expectations ---------------------------------------------------------------------------------


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def differences(expected, found, place, exactly):
    """Why `found` is not what the script expects: a list of sentences."""
    if isinstance(expected, str) and expected.startswith("<") and expected.endswith(">"):
        kind, _, argument = expected[1:-1].partition(":")
        matched = {
            "any": lambda: True,
            "number": lambda: is_number(found),
            "above": lambda: is_number(found) and found > float(argument),
            "contains": lambda: isinstance(found, str) and argument in found,
            "lacks": lambda: isinstance(found, str) and argument not in found,
            "matches": lambda: isinstance(found, str) and re.search(argument, found) is not None,
        }.get(kind)
        if matched:
            return [] if matched() else [f"{place}: expected {expected}, found {json.dumps(found)}"]
    if isinstance(expected, dict) and isinstance(found, dict):
        return differences_of_objects(expected, found, place, exactly)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [text for at, (one, other) in enumerate(zip(expected, found))
                for text in differences(one, other, f"{place}[{at}]", exactly)]
    if type(expected) is type(found) and expected == found:
        return []
    return [f"{place}: expected {json.dumps(expected)}", f"{place}: found    {json.dumps(found)}"]


def differences_of_objects(expected, found, place, exactly):
    result = []
    for name, value in expected.items():
        if value == "<absent>":
            if name in found:
                result.append(f"{place}.{name}: expected nothing, found {json.dumps(found[name])}")
        elif name not in found:
            result.append(f"{place}.{name}: is missing, expected {json.dumps(value)}")
        else:
            result += differences(value, found[name], f"{place}.{name}", exactly)
    if exactly:
        result += [f"{place}.{name}: unexpected {json.dumps(found[name])}"
                   for name in found if name not in expected]
    return result


def membership_differences(how, expected, found):
    """For arrays whose order or whose other members do not matter."""
    if not isinstance(found, list):
        return [f"$: expected an array, found {json.dumps(found)}"]
    rest, result = list(found), []
    for one in expected:
        at = next((at for at, other in enumerate(rest) if not differences(one, other, "$", False)),
                  None)
        if how == "excludes" and at is not None:
            result.append(f"$: {json.dumps(rest[at])} should not be there")
        elif how != "excludes" and at is None:
            result.append(f"$: {json.dumps(one)} is missing in {json.dumps(rest)}")
        elif how != "excludes":
            rest.pop(at)
    if how == "unordered" and rest:
        result.append(f"$: unexpected {json.dumps(rest)}")
    return result


def body_differences(expected, body):
    if not expected:
        return []
    if expected == "empty":
        return [] if not body else ["the body is not empty"]
    if expected.startswith("text: "):
        text = expected[6:]
        return [] if body.decode() == text else [f"expected text: {text}"]
    word, _, rest = expected.partition(" ")
    if word in ("unordered", "includes", "excludes"):
        return membership_differences(word, json.loads(rest), parse_body(body))
    exactly = word == "exactly"
    return differences(json.loads(rest if exactly else expected), parse_body(body), "$", exactly)


def parse_body(body):
    try:
        return json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise Failed(f"the body is not JSON: {error}") from None


# --- running --------------------------------------------------------------------------------------


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Connection:
    """One keep-alive connection to a registry; one thread at a time."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        kind = (http.client.HTTPSConnection if parts.scheme == "https"
                else http.client.HTTPConnection)
        self.base = parts.path.rstrip("/")
        self.http = kind(parts.hostname, parts.port, timeout=ANSWER_SECONDS)

    def ask(self, method, target, headers, body):
        """Sends the target as it stands: no library tidies up slashes, dots or escapes."""
        self.http.putrequest(method, self.base + target, skip_accept_encoding=True)
        for name, value in headers:
            self.http.putheader(name, value)
        data = body.encode("utf-8")
        if data or method in ("POST", "PUT"):
            self.http.putheader("Content-Length", str(len(data)))
        self.http.endheaders(data or None)
        response = self.http.getresponse()
        return Answer(response.status, response.headers, response.read())

    def close(self):
        self.http.close()


class Runner:
    """Runs scripts; with a contract, every answer is held to it as well.

    Members: answered, the operationIds of the contract that were answered with a success.
    """

    def __init__(self, contract=None, heads=False):
        self.contract, self.heads = contract, heads
        self.answered = set()

    def run_script(self, url, name, text, variables, stop_at_first=False):
        """Number of steps that passed, and the failures as texts."""
        passed, failures, connection = 0, [], Connection(url)
        try:
            for step in parse_script(text):
                try:
                    self.run_step(connection, url, step, variables)
                    passed += 1
                except Failed as failure:
                    failures.append(f"{name}:{step.line}: {step.title}\n{failure}")
                    if stop_at_first:
                        break
        except (Failed, OSError, http.client.HTTPException, ValueError) as failure:
            failures.append(f"{name}: {type(failure).__name__}: {failure}")
        finally:
            connection.close()
        return passed, failures

    def run_step(self, connection, url, step, variables):
        for name, value in step.variables:
            variables[name] = substitute(value, variables)
        if step.copies == 1:
            answers = [self.run_once(connection, step, variables)]
        else:
            answers = self.run_at_once(url, step, variables)
        for word, name in step.comparisons:
            values = [json.dumps(parse_body(answer.body).get(name)) for answer in answers]
            if word == "distinct" and len(set(values)) != len(values):
                raise Failed(f"{name} is the same in two answers: {sorted(values)}")
            if word == "same" and len(set(values)) != 1:
                raise Failed(f"{name} is not the same in all answers: {sorted(set(values))}")

    def run_at_once(self, url, step, variables):
        gate = threading.Barrier(step.copies)

        def run_one(number):
            connection = Connection(url)
            try:
                connection.http.connect()
                gate.wait(ANSWER_SECONDS)
                return self.run_once(connection, step, {**variables, "n": str(number)})
            except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
                raise Failed(f"request {number} has no answer: {type(error).__name__}: "
                             f"{error}") from None
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(step.copies) as pool:
            return list(pool.map(run_one, range(1, step.copies + 1)))

    def run_once(self, connection, step, variables):
        target = substitute(step.target, variables)
        body = substitute(step.body, variables)
        headers = [(name, substitute(value, variables)) for name, value in step.headers]
        if body and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", MEDIA_TYPE))
        headers = [header for header in headers if header != ("Content-Type", "none")]
        answer = connection.ask(step.method, target, headers, body)
        try:
            self.check_step(step, target, body, answer, variables)
            if self.heads and step.method == "GET":
                self.check_head(connection, target, headers, answer)
        except Failed as failure:
            shown = answer.body.decode("utf-8", "replace")[:SHOWN_BODY_CHARS]
            raise Failed(f"    {step.method} {target}\n    {body[:SHOWN_BODY_CHARS]}\n"
                         f"    answered {answer.status}: {shown}\n" +
                         "\n".join("  ! " + line for line in str(failure).split("\n"))) from None
        return answer

    def check_step(self, step, target, body, answer, variables):
        if answer.status != step.status:
            raise Failed(f"expected status {step.status}")
        if self.contract:
            operation = self.contract.find_operation(step.method, target)
            if operation and answer.status < 300:
                self.contract.check_request(operation, body)
                self.answered.add(operation["operationId"])
            self.contract.check_answer(operation, answer)
        texts = body_differences(substitute(step.expected, variables), answer.body)
        for name, value in step.expected_headers:
            found = answer.headers.get(name)
            if value == "<absent>":
                texts += [] if found is None else [f"{name}: expected none, found {found}"]
            else:
                texts += differences(substitute(value, variables), found, name, False)
        if texts:
            raise Failed("\n".join(texts))
        for name, place in step.captures:
            value = parse_body(answer.body)
            for part in filter(None, place.split(".")):
                try:
                    value = value[int(part) if part.isdigit() else part]
                except (KeyError, IndexError, TypeError):
                    raise Failed(f"there is no {place} to take") from None
            variables[name] = value

    @staticmethod
    def check_head(connection, target, headers, got):
        head = connection.ask("HEAD", target, headers, "")
        if head.body:
            raise Failed("HEAD has a body")
        own = ("x-request-id", "date", "content-length" if target.startswith("/metrics") else "")
        wanted, found = ({name.lower(): value for name, value in headers_of.items()
                          if name.lower() not in own}
                         for headers_of in (got.headers, head.headers))
        if (got.status, wanted) != (head.status, found):
            raise Failed(f"HEAD differs from GET: {head.status} {found} instead of "
                         f"{got.status} {wanted}")
