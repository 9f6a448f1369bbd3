"""test_openapi.py GONGFU [COUNT]: random requests made from the server's own description, valid ones and broken ones.

Whatever comes in: never a 5xx, never a hang, an answer that is JSON where it says so, and that fits its schema. A request
that the description forbids is refused with a problem document. The description itself is held against the rules of
OpenAPI 3.1: every reference resolves, every {name} of a path is a parameter.
"""
import csv
import http.client
import json
import os
import random
import re
import string
import subprocess
import sys
import tempfile
import urllib.parse

import stores

SECONDS = 20
STREAMS = ("/api/v1/events",)


class Tally:
    passed = failed = 0

    def note(self, ok, name, detail=""):
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)
        if not ok and self.failed < 30:
            print(f"FAIL {name}: {str(detail)[:500]}")


# ---- The description

def check_description(api, tally):
    tally.note(api["openapi"] == "3.1.0" and api["info"]["title"] and api["info"]["version"], "it is OpenAPI 3.1.0")
    text = json.dumps(api)
    for ref in sorted(set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', text))):
        tally.note(ref in api["components"]["schemas"], f"{ref} resolves")
    for path, item in api["paths"].items():
        for method, operation in item.items():
            names = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            tally.note(names == set(re.findall(r"\{(\w+)\}", path)), f"{method} {path}: its path parameters", names)
            tally.note(operation.get("summary") and operation.get("responses"), f"{method} {path}: words and responses")
    for name, schema in api["components"]["schemas"].items():
        tally.note("type" in schema, f"schema {name} has a type")


def fits(value, schema, api, where="$"):
    """The first place at which a value does not fit, or None. The part of JSON Schema that the description uses."""
    if "$ref" in schema:
        return fits(value, api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], api, where)
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    wanted = schema.get("type")
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any((isinstance(value, int) and not isinstance(value, bool)) if k == "integer" else isinstance(value, kinds[k]) for k in wanted):
        return f"{where}: {value!r} is no {wanted}"
    if isinstance(value, str):
        if "enum" in schema and value not in schema["enum"]:
            return f"{where}: {value!r} is not among {schema['enum']}"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{where}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                return f"{where}: {key} is missing"
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                wrong = fits(inner, schema["properties"][key], api, f"{where}.{key}")
                if wrong:
                    return wrong
            elif schema.get("additionalProperties") is False:
                return f"{where}: {key} is not described"
    if isinstance(value, list) and "items" in schema:
        for i, inner in enumerate(value):
            wrong = fits(inner, schema["items"], api, f"{where}[{i}]")
            if wrong:
                return wrong
    return None


# ---- Values

ODD = ["", " ", "0", "-1", "1e308", "NaN", "null", "true", "[]", "{}", "' OR 1=1 --", "../../etc/passwd", "%00", "\u0000", "\ufeff", "泰顺", "𣘚", "a" * 5000, "2024-02-31", "9" * 40, ";|", "=cmd()", "<script>",
       "..", ".", "/", "\\", "\r\nX: y", "\ud800"]


class Maker:
    def __init__(self, api, rng, keys):
        self.api, self.rng, self.keys = api, rng, keys

    def text(self):
        return "".join(self.rng.choice(string.ascii_letters + string.digits + "-泰顺茶") for _ in range(self.rng.randint(0, 12)))

    def value(self, schema, name=""):
        rng = self.rng
        if "$ref" in schema:
            return self.value(self.api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        if "allOf" in schema:  # one shape, and what of it is required
            shape = self.api["components"]["schemas"][schema["allOf"][0]["$ref"].rsplit("/", 1)[1]]
            return self.value({**shape, **schema["allOf"][1]})
        kind = schema.get("type", "string")
        kind = rng.choice(kind) if isinstance(kind, list) else kind
        if "enum" in schema:
            return rng.choice(schema["enum"])
        if kind == "integer":
            return rng.choice([0, 1, 5, 25, 200, 10**6, 2**53])
        if kind == "null":
            return None
        if kind == "array":
            return [self.value(schema.get("items", {})) for _ in range(rng.randint(0, 3))]
        if kind == "object":
            properties = schema.get("properties", {})
            return {k: self.value(v, k) for k, v in properties.items() if k in schema.get("required", []) or rng.random() < 0.3}
        if "pattern" in schema:
            return rng.choice([v for v in ("", "2024-03-01", "12.5", "3", "2024") if re.search(schema["pattern"], v)])
        if name in self.keys and rng.random() < 0.7:
            return rng.choice(self.keys[name])
        return rng.choice(["2024-03", "u-sport", "330329", "taishun", "group", "cash", "x", self.text()])

    def request(self, path, method, operation):
        """A request that the description allows."""
        fill, query, headers = path, [], {}
        for p in operation["parameters"]:
            if p["in"] == "path":
                fill = fill.replace("{%s}" % p["name"], urllib.parse.quote(str(self.rng.choice(self.keys.get("/records/" + path.split("/")[4] if "/records/" in path else p["name"], ["1", "x"]))), safe=""))
            elif p["in"] == "query" and (p.get("required") or self.rng.random() < 0.3):
                query.append((p["name"], str(self.value(p["schema"], p["name"]))))
            elif p["in"] == "header" and (p.get("required") or self.rng.random() < 0.2):
                headers[p["name"]] = '"1"' if p["name"] == "If-Match" else self.text() or "k"
        body = None
        if "requestBody" in operation:
            kind, content = next(iter(operation["requestBody"]["content"].items()))
            headers["Content-Type"] = kind
            body = json.dumps(self.value(content["schema"]), ensure_ascii=False).encode() if kind == "application/json" else os.urandom(self.rng.randint(0, 300))
        return [method, fill, query, headers, body]

    def broken(self, request):
        """The same, with something in it that nobody should send."""
        method, path, query, headers, body = request
        rng = self.rng
        for _ in range(rng.randint(1, 3)):
            what = rng.randrange(8)
            if what == 0:
                query = query + [(rng.choice(["nonsense", "limit", "sort", "cursor", "lang", "q", "on"]), rng.choice(ODD))]
            elif what == 1 and query:
                query = query + [rng.choice(query)]
            elif what == 2 and body:
                body = body[:rng.randint(0, len(body))]
            elif what == 3:
                body = rng.choice([b"{", b"[]", b"null", b'{"a":1e999}', b'{"a":"\\ud800"}', b"\xff\xfe", b"{}" * 3, b"[" * 3000, b'{"a":{"a":' * 400, json.dumps({rng.choice(["id", "name", "key", "rows", "user"]): rng.choice(ODD[:20])}).encode()])
                headers = headers | {"Content-Type": rng.choice(["application/json", "text/plain", "multipart/form-data; boundary=x", "application/json; charset=gbk"])}
            elif what == 4:
                path = path + rng.choice(["/", "/../", "/%2e%2e", "?", "//", "/%zz", "/" + urllib.parse.quote(rng.choice(ODD[:20]))])
            elif what == 5:
                headers = headers | {rng.choice(["If-Match", "If-None-Match", "Idempotency-Key", "Cookie", "X-CSRF-Token", "Accept-Encoding", "Range", "Last-Event-ID", "X-File-Name"]):
                                     rng.choice([v for v in ODD if v.isascii() and v.isprintable() and len(v) < 200] + ["gongfu_session=x; gongfu_session=y"])}
            elif what == 6:
                method = rng.choice(["get", "post", "put", "patch", "delete", "head", "options", "trace", "BREW"])
            else:
                segment = path.rsplit("/", 1)
                path = segment[0] + "/" + urllib.parse.quote(rng.choice(ODD[:-1]), safe="")
        return [method, path, query, headers, body]


def send(port, token, request):
    method, path, query, headers, body = request
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    target = path + ("?" + urllib.parse.urlencode(query, errors="surrogatepass") if query else "")
    try:
        connection.putrequest(method.upper(), target, skip_accept_encoding=True)
        for name, value in (headers | ({"Authorization": f"Bearer {token}"} if token else {})).items():
            connection.putheader(name, value.encode("utf-8", "replace"))
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        text = b"" if answer.getheader("Content-Type", "").startswith("text/event-stream") else answer.read()
        return answer.status, answer.getheader("Content-Type", ""), text
    finally:
        connection.close()


def water_sizes(root):
    with open(os.path.join(root, "data", "demo", "water_designs.csv"), encoding="utf-8") as file:
        return [row["sizes"] for row in csv.DictReader(file)]


def main():
    gongfu, rng, tally = os.path.abspath(sys.argv[1]), random.Random(5), Tally()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100000 if os.environ.get("GONGFU_PROOF") else 12000
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.db")
        db = stores.address(path)
        for data in ("calendar", "taishun", "demo"):
            subprocess.run([gongfu, "load", os.path.join(root, "data", data), "--db", db], check=True, capture_output=True)
        tokens = []
        for role in ("office", "system_admin", "security_admin", "audit_admin"):
            name = "t-" + role.replace("_", "-")
            subprocess.run([gongfu, "user", "add", name, "--role", role, "--scope", "all", "--db", db], check=True, capture_output=True)
            stores.execute(db, "UPDATE user_account SET state = 'active'")
            tokens.append(subprocess.run([gongfu, "token", "add", name, "--db", db], check=True, capture_output=True, text=True).stdout.strip())
        subprocess.run([gongfu, "user", "add", "victim", "--role", "viewer", "--db", db], check=True, capture_output=True)
        child = subprocess.Popen([gongfu, "serve", "--db", db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=open(os.path.join(folder, "log"), "w"), text=True)
        port = int(child.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        api = json.loads(send(port, "", ["get", "/api/openapi.json", [], {}, None])[2])
        check_description(api, tally)
        keys = {"id": ["u-sport", "pr-f075", "demo-pe-1", "1", "v-x"], "figure": ["fact.F074", "entry.1", "total.group.cash.paid@all", "nonsense"], "code": ["330329", "330329102"], "job": ["1", "2", "99"],
                "user": ["victim", "nobody"], "sha256": ["0" * 64], "scope": ["group", "unit:u-sport", "place:330329", "fund:x"], "by": ["place,kind", "kind", "month,kind"], "what": ["pairings", "gaps"],
                "programme": ["taishun", "taishun-demo", "none"], "network": ["demo-wn-tree", "demo-wn-loop", "none"], "design": ["demo-wd-loop-after", "demo-wd-tree-before", "x"],
                "to": ["v07", "S", "nowhere"], "sizes": water_sizes(root) + ["{}", '{"16":["p1"]}', "["], "register": ["units", "entries", "none"], "q": ["泰顺", "王", "茶叶 基地"]}
        maker = Maker(api, rng, keys)
        for register in [p.split("/")[4] for p in api["paths"] if re.fullmatch(r"/api/v1/records/\w+", p)]:
            rows = json.loads(send(port, tokens[0], ["get", f"/api/v1/records/{register}?limit=5", [], {}, None])[2]).get("records", [])
            keys["/records/" + register] = [str(next(iter(row.values()))) for row in rows] or ["x"]
        operations = [(p, m, o) for p, item in api["paths"].items() for m, o in item.items() if p not in STREAMS]
        statuses = {}
        for number in range(count):
            where, method, operation = operations[number % len(operations)] if number < len(operations) * 2 else rng.choice(operations)
            request = maker.request(where, method, operation)
            bad = rng.random() < 0.5
            if bad:
                request = maker.broken(request)
            try:
                status, kind, body = send(port, rng.choice(tokens + [""]) if rng.random() < 0.7 else tokens[0], request)
            except (OSError, http.client.HTTPException, ValueError, UnicodeError) as failure:
                alive = child.poll() is None and send(port, "", ["get", "/healthz", [], {}, None])[0] == 200
                tally.note(alive and not isinstance(failure, TimeoutError), f"{request[0]} {request[1]}: an answer", failure)
                continue
            statuses[status] = statuses.get(status, 0) + 1
            name = f"{'broken' if bad else 'valid'} {request[0]} {request[1]}"
            tally.note(status < 500, f"{name}: no fault", (status, request, body[:300]))
            if kind.startswith("application/problem+json"):
                wrong = fits(json.loads(body), {"$ref": "#/components/schemas/Problem"}, api) if body else None
                tally.note(status >= 400 and not wrong, f"{name}: a problem that fits", wrong)
            elif not bad and 200 <= status < 300 and kind.startswith("application/json"):
                content = operation["responses"]["2XX"].get("content", {}).get("application/json", {})
                wrong = fits(json.loads(body), content["schema"], api) if "schema" in content else (json.loads(body) and None)
                tally.note(not wrong, f"{name}: fits its schema", wrong)
        for query, why in ((["limit=x"], "a word for a number"), (["limit=1&limit=2"], "twice"), (["nonsense=1"], "an unknown column"), (["cursor=zz"], "a cursor that is none"), (["lang=fr"], "a language")):
            status, kind, body = send(port, tokens[0], ["get", "/api/v1/records/units?" + query[0], [], {}, None])
            tally.note(status == 400 and kind.startswith("application/problem+json"), f"refused: {why}", (status, body[:200]))
        child.terminate()
        tally.note(child.wait(timeout=30) == 0, "the server ends in peace")
        check = subprocess.run([gongfu, "check", "--db", db], capture_output=True, text=True)
        tally.note(check.returncode == 0, "check is clean behind it", check.stdout[-600:])
        with open(os.path.join(folder, "log"), encoding="utf-8") as log:
            tally.note(not re.search("Sanitizer|runtime error", log.read()), "no sanitizer spoke")
    print("statuses " + ", ".join(f"{k}: {v}" for k, v in sorted(statuses.items())))
    print(f"{tally.passed} passed, {tally.failed} failed, 0 skipped")
    return 1 if tally.failed else 0


sys.exit(main())
