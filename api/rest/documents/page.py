"""openapi.yaml as one HTML page: operations by tag, their parameters, bodies and answers, and the
shapes behind them. Everything is in the page; the script only filters.

Example:  Page(yaml.safe_load(text)).render()
Tested by tests/tidy/openapi_test.py
"""

import html
import json
import re

METHODS = ("get", "put", "post", "delete")
JSON_TYPE = "application/json"

STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1c2024; --dim: #5b6570; --line: #dfe3e8;
  --soft: #f5f7f9; --link: #0b5cad; --get: #0b6e4f; --put: #8a5a00; --post: #0b5cad; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --text: #e6e9ec; --dim: #9aa5b1;
  --line: #2d343b; --soft: #1d2226; --link: #7cb7ff; --get: #5fd0a5; --put: #e5b454; --post: #7cb7ff;
  --delete: #ff8a80; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; display: grid; grid-template-columns: 19rem minmax(0, 1fr); background: var(--back);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem;
  border-right: 1px solid var(--line); font-size: .875rem; }
nav h2 { margin: 1rem 0 .25rem; font-size: .75rem; text-transform: uppercase; color: var(--dim); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .125rem 0; color: inherit; text-decoration: none;
  overflow-wrap: anywhere; }
nav a:hover, nav a:focus { text-decoration: underline; }
main { padding: 1rem 2rem 4rem; max-width: 60rem; }
input { width: 100%; padding: .5rem; font: inherit; color: inherit; background: var(--soft);
  border: 1px solid var(--line); border-radius: .375rem; }
h1 { margin: 0; } h2 { margin: 3rem 0 1rem; } h3 { margin: 0; font-size: 1.0625rem; }
h4 { margin: 1rem 0 .25rem; font-size: .875rem; color: var(--dim); }
section.item { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
section.item:target { border-color: var(--link); }
a { color: var(--link); }
code, pre { font: .8125rem/1.5 ui-monospace, monospace; background: var(--soft); }
code { padding: .0625rem .25rem; border-radius: .25rem; overflow-wrap: anywhere; }
pre { padding: .75rem; border-radius: .375rem; overflow-x: auto; margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 600; }
td p { margin: 0 0 .25rem; }
.method { font: 700 .75rem/1.5 ui-monospace, monospace; text-transform: uppercase; }
.get { color: var(--get); } .put { color: var(--put); }
.post { color: var(--post); } .delete { color: var(--delete); }
.path { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.dim { color: var(--dim); font-weight: 400; }
details > summary { cursor: pointer; color: var(--dim); font-size: .875rem; }
[hidden] { display: none; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto;
  border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } }
@media print { nav { display: none; } body { display: block; } }
"""

SCRIPT = """
const box = document.querySelector("input");
const items = [...document.querySelectorAll("[data-item]")].map((item) =>
  ({ item, text: item.textContent.toLowerCase(),
     link: document.querySelector(`nav a[href="#${CSS.escape(item.id)}"]`) }));
const filter = () => {
  const words = box.value.toLowerCase().split(" ").filter(Boolean);
  for (const { item, text, link } of items) {
    const hidden = !words.every((word) => text.includes(word));
    item.hidden = hidden;
    if (link) link.parentElement.hidden = hidden;
  }
  for (const group of document.querySelectorAll("[data-group]"))
    group.hidden = !group.querySelector("[data-item]:not([hidden]), li:not([hidden])");
};
box.parentElement.hidden = false;
box.addEventListener("input", filter);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== box) { event.preventDefault(); box.focus(); }
});
"""


def escape(text):
    return html.escape(str(text), quote=True)


def inline(text):
    """Code and strong words of a line of Markdown."""
    text = escape(text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)


def prose(text):
    """Paragraphs and lists of the little Markdown that openapi.yaml uses."""
    out = []
    for block in re.split(r"\n\s*\n", (text or "").strip()):
        lines = [line.strip() for line in block.split("\n")]
        if all(line.startswith("- ") for line in lines if line) and lines != [""]:
            out.append("<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>")
        elif block.strip():
            out.append(f"<p>{inline(' '.join(lines))}</p>")
    return "".join(out)


def anchor(kind, name):
    return f"{kind}-{re.sub(r'[^A-Za-z0-9_-]', '-', name)}"


class Page:
    def __init__(self, document):
        self.document = document

    def render(self):
        info = self.document["info"]
        groups = self.operation_groups()
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(info['title'])}: HTTP interface</title>"
            f"<style>{STYLE}</style></head><body>{self.navigation(groups)}"
            f"<main><h1>{escape(info['title'])} {escape(info['version'])}</h1>"
            f"<p>{inline(info.get('summary', ''))} This page as "
            '<a href="openapi.yaml">openapi.yaml</a> or <a href="openapi.json">JSON</a>.</p>'
            f"{prose(info.get('description'))}"
            + "".join(self.group(tag, operations) for tag, operations in groups)
            + '<div data-group><h2 id="shapes">Shapes</h2>'
            + "".join(self.shape(name, schema) for name, schema in self.schemas().items())
            + f"</div></main><script>{SCRIPT}</script></body></html>\n")

    # --- parts of the page

    def operation_groups(self):
        """(tag, [(method, path, operation)]) in the order of the document's tags."""
        groups = {tag["name"]: [] for tag in self.document.get("tags", [])}
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    tag = operation.get("tags", ["other"])[0]
                    groups.setdefault(tag, []).append((method, path, operation))
        return [(tag, operations) for tag, operations in groups.items() if operations]

    def navigation(self, groups):
        lists = "".join(
            f"<div data-group><h2>{escape(tag)}</h2><ul>" + "".join(
                f'<li><a href="#{anchor("op", operation["operationId"])}">'
                f'<span class="method {method}">{method}</span> '
                f"{escape(path)}</a></li>" for method, path, operation in operations) + "</ul></div>"
            for tag, operations in groups)
        shapes = "".join(f'<li><a href="#{anchor("shape", name)}">{escape(name)}</a></li>'
                         for name in self.schemas())
        return ('<nav aria-label="Contents"><label hidden>Filter <span class="dim">(/)</span>'
                f'<input type="search" autocomplete="off"></label>{lists}'
                f"<div data-group><h2>shapes</h2><ul>{shapes}</ul></div></nav>")

    def group(self, tag, operations):
        return (f"<div data-group><h2>{escape(tag)}</h2>"
                + "".join(self.operation(*each) for each in operations) + "</div>")

    def operation(self, method, path, operation):
        name = operation["operationId"]
        parts = [
            f'<section class="item" data-item id="{anchor("op", name)}">'
            f'<h3><span class="method {method}">{method}</span> '
            f'<span class="path">{escape(path)}</span></h3>'
            f"<p>{inline(operation.get('summary', ''))} "
            f'<span class="dim">{escape(name)}</span></p>'
            f"{prose(operation.get('description'))}"]
        if operation.get("parameters"):
            parts.append(self.parameters(operation["parameters"]))
        if "requestBody" in operation:
            body = self.follow(operation["requestBody"])
            parts.append("<h4>Request</h4>" + prose(body.get("description"))
                         + self.content(body["content"]))
        parts.append(self.responses(operation["responses"]))
        return "".join(parts) + "</section>"

    def parameters(self, parameters):
        rows = []
        for each in map(self.follow, parameters):
            schema = each.get("schema", {})
            notes = [each["in"]] + (["required"] if each.get("required") else [])
            if "default" in schema:
                notes.append(f"default {json.dumps(schema['default'])}")
            if "example" in each:
                notes.append(f"such as {json.dumps(each['example'])}")
            rows.append(f"<tr><td><code>{escape(each['name'])}</code></td>"
                        f"<td>{self.type_of(schema)}</td><td>{prose(each.get('description'))}"
                        f'<span class="dim">{escape(", ".join(notes))}</span></td></tr>')
        return ("<h4>Parameters</h4><table><tr><th>Name</th><th>Type</th><th>Meaning</th></tr>"
                + "".join(rows) + "</table>")

    def responses(self, responses):
        good = [code for code in responses if code < "300"]
        bad = [code for code in responses if code >= "300"]
        out = ""
        for code in good:
            response = self.follow(responses[code])
            out += (f"<h4>{escape(code)}</h4>{prose(response.get('description'))}"
                    + self.content(response.get("content", {})))
        rows = "".join(
            f"<tr><td>{escape(code)}</td><td>{self.error_codes(self.follow(responses[code]))}</td>"
            f"<td>{prose(self.follow(responses[code]).get('description'))}</td></tr>"
            for code in bad)
        return out + ("<details><summary>Refusals</summary><table><tr><th>Status</th>"
                      f"<th>error_code</th><th>Meaning</th></tr>{rows}</table></details>"
                      if rows else "")

    def error_codes(self, response):
        content = response.get("content", {})
        schema = next(iter(content.values()), {}).get("schema", {})
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        codes = self.follow(schema).get("properties", {}).get("error_code", {}).get("enum", [])
        text = ", ".join(map(str, codes))
        return f'<a href="#{anchor("shape", name)}">{escape(text)}</a>' if name else escape(text)

    def content(self, content):
        """The media types that share a shape are told in one line, with one example."""
        shapes = {}
        for media_type, media in content.items():
            key = json.dumps(media.get("schema"), sort_keys=True)
            shapes.setdefault(key, []).append((media_type, media))
        out = ""
        for kinds in shapes.values():
            media = kinds[0][1]
            names = ", ".join(f"<code>{escape(name)}</code>" for name, _ in kinds)
            out += (f"<p>{self.type_of(media.get('schema', {}))} "
                    f'<span class="dim">as</span> {names}</p>')
            example = next((found for _, each in kinds
                            if (found := self.example_of(each)) is not None), None)
            if example is not None:
                text = example if isinstance(example, str) else json.dumps(
                    example, indent=2, ensure_ascii=False)
                out += f"<pre>{escape(text)}</pre>"
        return out

    def shape(self, name, schema):
        body = prose(schema.get("description")) + f"<p>{self.type_of(schema)}</p>"
        body += self.properties(schema)
        example = self.example_of_schema(schema)
        if example is not None:
            body += f"<pre>{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>"
        return (f'<section class="item" data-item id="{anchor("shape", name)}">'
                f"<h3>{escape(name)}</h3>{body}</section>")

    def properties(self, schema):
        rows = "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{self.type_of(each)}</td>"
            f"<td>{prose(each.get('description', self.follow(each).get('description', '')))}"
            + ('<span class="dim">always there</span>' if name in schema.get("required", [])
               else "") + "</td></tr>"
            for name, each in schema.get("properties", {}).items())
        return (f"<table><tr><th>Member</th><th>Type</th><th>Meaning</th></tr>{rows}</table>"
                if rows else "")

    # --- schemas

    def schemas(self):
        return self.document.get("components", {}).get("schemas", {})

    def follow(self, value):
        if "$ref" not in value:
            return value
        found = self.document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def example_of(self, media):
        if "example" in media:
            return media["example"]
        return self.example_of_schema(media.get("schema", {}))

    def example_of_schema(self, schema, depth=0):
        """The example that the schema has, or one made of its items' example."""
        schema = self.follow(schema)
        if schema.get("examples"):
            return schema["examples"][0]
        if "example" in schema:
            return schema["example"]
        if schema.get("type") == "array" and "items" in schema and depth < 3:
            item = self.example_of_schema(schema["items"], depth + 1)
            return None if item is None else [item]
        return [] if schema.get("type") == "array" else None

    def type_of(self, schema):
        """A schema in a few words, with links to shapes that have a name."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            return f'<a href="#{anchor("shape", name)}">{escape(name)}</a>'
        for word, joint in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
            if word in schema:
                return joint.join(self.type_of(each) for each in schema[word])
        if "const" in schema:
            return f"<code>{escape(json.dumps(schema['const']))}</code>"
        if "enum" in schema:
            return " ".join(f"<code>{escape(json.dumps(each))}</code>" for each in schema["enum"])
        kind = schema.get("type", "any")
        if kind == "array" or kind == ["array", "null"]:
            return f"array of {self.type_of(schema.get('items', {}))}"
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return f"object of {self.type_of(schema['additionalProperties'])}"
        return escape(" or ".join(kind) if isinstance(kind, list) else kind)
