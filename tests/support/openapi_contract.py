"""openapi.yaml as a judge: which operation a request asks for, and whether an answer has its shape.

Example:
    contract = Contract(pathlib.Path("openapi.yaml"))
    operation = contract.find_operation("GET", "/subjects")
    contract.check_answer(operation, answer)     # raises Failed with what is wrong

Needs Debian's python3-yaml and python3-jsonschema. Tested by tests/e2e/run.py, which uses it.
"""

import json
import threading
import urllib.parse

import jsonschema
import yaml

from http_script import MEDIA_TYPE, Failed, parse_body


class Contract:
    """openapi.yaml: which operation a request asks for, and whether an answer has its shape."""

    def __init__(self, path):
        self.document = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.resolver = jsonschema.RefResolver.from_schema(self.document)
        self.resolver_lock = threading.Lock()  # a resolver remembers where it is
        self.operations = {
            operation["operationId"]: operation
            for item in self.document["paths"].values() for operation in item.values()}
        self.answerable = {name for name, operation in self.operations.items()
                           if not operation.get("x-always-refused", False)}
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
