"""The cases of tests/conformance/rest: found, and run against a registry that may hold anything else.

Example:
    cases, variables = load_cases(folder)
    results = run_against_binary(cases, variables, binary, "memory:", Runner(), jobs=4)

A case is a script (http_script.py). Its file name begins with the numbers of its rules, joined by `+`:
`reg/REG-13_a_lower_deleted_twin_disappears.http`. Every run gives it variables of its own:

    {{c}}    a context that nobody else uses, such as .t1f0c; its ids begin at 1
    {{s}}    the subject `s` in it, such as :.t1f0c:s; also {{t}}
    {{u}}    a text that nobody else uses, such as t1f0c, for subjects of the default context

and those of avro.vars, json.vars or protobuf.vars. A case that uses one of the latter is about schemas
of any type: it runs once for each, and where that is not Avro, each `{"schema": ` of its requests
becomes `{"schemaType": "JSON", "schema": `. Lines in its head say more:

    # needs: an empty server                    it changes what is global
    # needs: a server with --mode-mutability false
    # types: JSON PROTOBUF                      it is about these types; others of its rule's cases are
    #                                           about the rest
    # only: AVRO, which alone has defaults      and nothing of its kind is true of other types

Tested by tests/support/rest_conformance_test.py.
"""

import concurrent.futures
import contextlib
import dataclasses
import json
import pathlib
import re
import secrets
import tempfile

from http_script import Connection, Failed, head_of, substitute
from server_process import NotListening, ServerProcess

RULE = re.compile(r"[A-Z]+(?:-[A-Z]+)?-?[A-Z]?\d+")
EMPTY = "an empty server"
OPTIONS = "a server with "
TYPES = ("AVRO", "JSON", "PROTOBUF")
START_SECONDS = 60


@dataclasses.dataclass
class Case:
    path: pathlib.Path
    name: str
    text: str
    rules: list
    needs: str
    types: tuple = ()    # what it is about; none: not about schemas of a type
    excused: bool = False  # the rule means nothing for other types
    type: str = ""       # what it runs with; none: it uses no variables of a type


@dataclasses.dataclass
class Result:
    case: Case
    steps: int = 0
    failures: list = dataclasses.field(default_factory=list)
    skipped: bool = False


def family_of(rule):
    """The folder of a rule's cases: REG-13 is in reg, CTX-P1 in ctx-p."""
    return re.sub(r"\d+$", "", rule).rstrip("-").lower()


def load_rules(path):
    """Number -> wording, from rules.txt."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith("#")]
    return dict(line.split(maxsplit=1) for line in lines)


def load_variables(path):
    """Name -> value, of a file of `name value` lines."""
    found = re.findall(r"^(\w+) (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: value.replace("\\n", "\n").replace("\\t", "\t") for name, value in found}


def with_type(text, schema_type):
    """The script with the type in its requests' schemas; no type means Avro."""
    if schema_type == TYPES[0]:
        return text
    steps = re.split(r"(?m)^(?=###)", text)
    for at, step in enumerate(steps):
        request, status, answer = step.partition("\nHTTP ")
        lines = [line if '"schemaType"' in line else
                 line.replace('{"schema": ', f'{{"schemaType": "{schema_type}", "schema": ')
                 for line in request.split("\n")]
        steps[at] = "\n".join(lines) + status + answer
    return "".join(steps)


def load_cases(folder):
    """The cases, each once for every type that it runs with, and type -> variables."""
    variables = {one: load_variables(folder / f"{one.lower()}.vars") for one in TYPES}
    typed = re.compile(r"\{\{(?:\w+:)?(?:" + "|".join(variables[TYPES[0]]) + r")\}\}")
    cases = []
    for path in sorted(folder.glob("*/*.http")):
        text = path.read_text(encoding="utf-8")
        numbers = path.name.split("_", 1)[0]
        rules = RULE.findall(numbers) if re.fullmatch(rf"{RULE.pattern}(\+{RULE.pattern})*",
                                                      numbers) else []
        head = head_of(text)
        only = head.get("only", "").split(",", 1)[0]
        named = tuple((head.get("types") or only).split())
        one = Case(path, f"{path.parent.name}/{path.name}", text, rules, head.get("needs", ""),
                   named, bool(only))
        if typed.search(text):
            types = named or TYPES
            cases += [dataclasses.replace(one, name=f"{one.name} [{each}]", types=types, type=each,
                                          text=with_type(text, each)) for each in types]
        else:
            cases.append(one)
    return cases, variables


def own_variables(variables):
    unique = "t" + secrets.token_hex(5)
    own = {"u": unique, "c": "." + unique}
    for name in ("s", "t"):
        own[name] = f":.{unique}:{name}"
    for name, value in variables.items():
        own[name] = substitute(value, own)
    return own


def run_case(case, url, runner, variables):
    passed, failures = runner.run_script(url, case.name, case.text,
                                         own_variables(variables.get(case.type, {})),
                                         stop_at_first=True)
    return Result(case, passed, failures)


# --- a server of our own --------------------------------------------------------------------------


@contextlib.contextmanager
def own_server(binary, store, options=()):
    """The URL of a server that is started for this and must end well."""
    with tempfile.TemporaryDirectory(prefix="symbolon-rest-") as folder:
        url = store if store == "memory:" else f"sqlite:{folder}/symbolon.db"
        try:
            with ServerProcess(binary, url, options, cwd=folder,
                               start_seconds_max=START_SECONDS) as server:
                yield f"http://127.0.0.1:{server.port}"
                code = server.stop(START_SECONDS)
                if code != 0:
                    raise Failed(f"the server ended with {code}:\n{server.text()[-4_000:]}")
        except NotListening as error:
            raise Failed(f"the server did not start: {error}") from None


def run_alone(case, binary, store, runner, variables):
    options = case.needs.removeprefix(OPTIONS).split() if case.needs.startswith(OPTIONS) else []
    result = Result(case)
    try:
        with own_server(binary, store, options) as url:
            result = run_case(case, url, runner, variables)
    except Failed as failure:
        result.failures.append(f"{case.name}: {failure}")
    return result


def run_against_binary(cases, variables, binary, store, runner, jobs):
    """Cases without needs share one server; each of the others gets its own."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        alone = [pool.submit(run_alone, case, binary, store, runner, variables)
                 for case in cases if case.needs]
        shared = [case for case in cases if not case.needs]
        results = []
        try:
            with own_server(binary, store) as url:
                # What one case reads twice must not change between: then they go one by one.
                with concurrent.futures.ThreadPoolExecutor(1 if runner.heads else jobs) as ours:
                    results += ours.map(lambda case: run_case(case, url, runner, variables), shared)
        except Failed as failure:
            results.append(Result(Case(pathlib.Path(), "server", "", [], ""), 0, [str(failure)]))
        return results + [future.result() for future in alone]


# --- a server that is there -----------------------------------------------------------------------


def ask(connection, method, target):
    answer = connection.ask(method, target, [], "")
    return json.loads(answer.body) if answer.body else None


def wipe(url):
    """Takes away what a case left on a server that is ours alone."""
    connection = Connection(url)
    with contextlib.closing(connection):
        for scope in ("/mode/:.__GLOBAL:", "/mode", "/config/:.__GLOBAL:", "/config"):
            ask(connection, "DELETE", scope + "?recursive=true")
        # Referrers go before what they refer to; a second round meets the latter.
        for _ in range(4):
            for permanent in ("", "?permanent=true"):
                for subject in ask(connection, "GET", "/subjects?deleted=true"):
                    target = substitute("/subjects/{{uri:name}}", {"name": subject})
                    ask(connection, "DELETE", target + permanent)
        for context in ask(connection, "GET", "/contexts"):
            if context != ".":
                ask(connection, "DELETE", "/contexts/" + context)


def is_empty(url):
    connection = Connection(url)
    with contextlib.closing(connection):
        return ask(connection, "GET", "/subjects?deleted=true") == []


def surprises(url):
    """What is set on the server that would make cases fail that are right."""
    wanted = {"/config": ("compatibilityLevel", "BACKWARD"), "/mode": ("mode", "READWRITE")}
    connection = Connection(url)
    with contextlib.closing(connection):
        for route, (name, value) in wanted.items():
            # A context that nobody has shows what holds in a case's own one.
            for scope in ("", "/:.t" + secrets.token_hex(5) + ":"):
                found = ask(connection, "GET", f"{route}{scope}?defaultToGlobal=true").get(name)
                if found != value:
                    yield f"GET {route}{scope}?defaultToGlobal=true says {name} {found}, not {value}"


def run_against_url(cases, variables, url, runner, jobs, empty):
    """Cases that need an empty server run one after the other, and only when it is ours alone."""
    results = []
    for case in cases:
        if case.needs == EMPTY and empty:
            results.append(run_case(case, url, runner, variables))
            wipe(url)
        elif case.needs:
            results.append(Result(case, skipped=True))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return results + list(pool.map(lambda case: run_case(case, url, runner, variables),
                                       [case for case in cases if not case.needs]))
