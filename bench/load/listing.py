"""Measures the listing for screens over many subjects, beside GET /subjects of the same server."""

import http.client
import json
import pathlib
import subprocess
import time

HERE = pathlib.Path(__file__).parent
SUBJECTS = 100_000
REQUESTS = 200
REGISTER_SECONDS_MAX = 180
PAGES = (
    ("by name, first page", "/catalog/subjects"),
    ("by name, last page", f"/catalog/subjects?offset={SUBJECTS - 50}"),
    ("newest first", "/catalog/subjects?sort=time&order=desc"),
    ("most versions first, 1,000 rows", "/catalog/subjects?sort=versions&order=desc&limit=1000"),
    ("a word", "/catalog/subjects?q=invoice"),
    ("three words", "/catalog/subjects?q=customer+amount+event4"),
    ("one letter", "/catalog/subjects?q=e"),
    ("a prefix, by id", "/catalog/subjects?subjectPrefix=order&sort=id"),
    ("a prefix in any context", "/catalog/subjects?subjectPrefix=:*:order"),
    ("a type that is not there", "/catalog/subjects?type=PROTOBUF"),
)
BASELINES = (
    ("GET /subjects?limit=50", "/subjects?limit=50"),
    ("GET /subjects, all", "/subjects"),
    ("GET /schemas?limit=1000", "/schemas?limit=1000"),
)


def answer_times(connection, path, requests):
    """Milliseconds from request to whole answer, sorted; and the last body."""
    times, body = [], b""
    for _ in range(requests):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"GET {path} was answered with {answer.status}: {body[:300]!r}")
    return sorted(times), body


def measure_page(connection, title, path, requests):
    answer_times(connection, path, 5)
    times, body = answer_times(connection, path, requests)
    return {"title": title, "path": path, "p50_ms": times[len(times) // 2],
            "p99_ms": times[len(times) * 99 // 100], "answer_bytes": len(body)}


def subjects_of(connection):
    connection.request("GET", "/catalog/subjects?limit=1")
    return json.loads(connection.getresponse().read())["total"]


def register_subjects(server, connection):
    """Lets wrk register SUBJECTS subjects; how many a second that were."""
    command = ["wrk", "-t2", "-c32", f"-d{REGISTER_SECONDS_MAX}s", "-s", str(HERE / "subjects.lua"),
               f"http://127.0.0.1:{server.port}", "--", str(SUBJECTS)]
    began = time.perf_counter()
    wrk = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while subjects_of(connection) < SUBJECTS:
            if wrk.poll() is not None:
                raise RuntimeError("registering the subjects took too long")
            time.sleep(0.2)
    finally:
        wrk.kill()
        wrk.wait()
    return SUBJECTS / (time.perf_counter() - began)


def wait_for_words(connection):
    """Seconds until a search knows every schema."""
    began = time.perf_counter()
    while True:
        connection.request("GET", "/catalog/subjects?q=event&limit=1")
        if json.loads(connection.getresponse().read())["complete"]:
            return time.perf_counter() - began
        time.sleep(0.05)


def measure_listing(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    result = {"subjects": SUBJECTS, "registered_per_second": register_subjects(server, connection)}
    result["words_behind_seconds"] = wait_for_words(connection)
    result["resident_before_mb"] = server.resident_mb()
    result["pages"] = [measure_page(connection, *page, REQUESTS) for page in PAGES]
    result["resident_after_mb"] = server.resident_mb()
    result["baselines"] = [measure_page(connection, *page, REQUESTS // 10) for page in BASELINES]
    return result


def print_listing(result, row):
    print(f"\nGET /catalog/subjects over {result['subjects']:,} subjects, one client, {REQUESTS} "
          "requests each (aim: 20 ms)")
    row("", "p50 / p99", "bytes of answer")
    for page in result["pages"] + result["baselines"]:
        row(page["title"], f"{page['p50_ms']:.2f} / {page['p99_ms']:.2f} ms",
            f"{page['answer_bytes']:,}")
    row("resident before and after the pages",
        f"{result['resident_before_mb']:.0f} / {result['resident_after_mb']:.0f} MB")
    row("registered meanwhile", f"{result['registered_per_second']:,.0f}/s",
        f"words read {result['words_behind_seconds']:.1f} s later")
