"""test_access.py GONGFU: nobody sees what is not his. Every role × every scope walks every path of the interface.

A small world is made at random, in which every record carries a mark of its own in its words, and every personal field a
text that stands nowhere else. What each user may see is worked out here a second time, from the tables and the rules of
docs/access.md, not from the program. Then every list, count, page, single reading, sum, search, history, export, event
and view is asked for as every user: lists must hold exactly the rows of the oracle; no other answer may carry the mark of
a record that is not seen, or a personal text that was not revealed.
"""
import collections
import csv
import http.client
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

import stores

ROLES = ["office", "finance", "unit", "village", "warden", "engineer", "teacher", "viewer", "system_admin", "security_admin", "audit_admin"]
SCOPES = ["all", "units", "unit", "below", "own"]
OPEN = "sources places units positions programmes groups members holidays".split()
WORDS = "facts statements documents".split()
MONEY = "investments funds entries loan_policies loans".split()
PEOPLE = "persons households household_members visits measures erasures retentions".split()
CASES = "cases case_steps".split()
WATER = "water_networks water_designs".split()
#           open   words  work   money  people  cases  water
RIGHTS = {
    "office": ("rwx", "rwx", "rwx", "rwx", "rwvx", "rwx", "rwx"), "finance": ("r", "rwx", "rx", "rwx", "", "r", "rx"), "unit": ("r", "rw", "rwx", "rwx", "rwvx", "rw", "rx"),
    "village": ("r", "rw", "rw", "r", "rwv", "rw", "r"), "warden": ("r", "r", "r", "", "", "rw", ""), "engineer": ("r", "rw", "rw", "", "", "rw", "rwx"),
    "teacher": ("r", "rw", "rw", "", "", "", ""), "viewer": ("r", "r", "r", "r", "", "r", "r"), "system_admin": ("r", "", "", "", "", "", ""),
    "security_admin": ("r", "", "", "", "", "", ""), "audit_admin": ("r", "", "", "", "", "", ""),
}
NO_PARENT = "documents facts sources statements persons assignments".split() + OPEN
PER_REGISTER = 7


def rights(role, register, scope="all"):
    """A pairing opens a village, so only who sees everything makes one."""
    if register in ("units", "places", "pairings") and scope != "all":
        return rights(role, register).replace("w", "")
    row = RIGHTS[role]
    for i, names in enumerate((OPEN, WORDS, None, MONEY, PEOPLE, CASES, WATER)):
        if names and register in names:
            return row[i]
    return row[2]


class Tally:
    passed = failed = 0

    def note(self, ok, name, detail=""):
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)
        if not ok and self.failed < 40:
            print(f"FAIL {name}: {str(detail)[:400]}")


# ---- The world

class World:
    """Rows by register as the CSV files hold them, and who is tied to what."""

    def __init__(self, registers, rng):
        self.registers, self.rng = registers, rng
        self.rows, self.secrets = collections.OrderedDict(), {}
        self.make()

    def make(self):
        places = [("990101", "county", "")] + [(f"990101{t}", "town", "990101") for t in (101, 102, 103)]
        places += [(f"990101{t}{v}", "village", f"990101{t}") for t in (101, 102, 103) for v in (201, 202)]
        self.rows["places"] = [{"code": c, "name": f"地方{c}", "level": level, "parent": parent, "origin": "entered"} for c, level, parent in places]
        self.rows["units"] = [{"id": f"u-{i}", "name": f"单位{i}", "parent": "u-0" if i in (4, 5) else "", "origin": "entered"} for i in range(6)]
        self.rows["sources"] = [{"id": "s-1", "name": "来源", "origin": "entered"}]
        self.rows["programmes"] = [{"id": "pg", "name": "项目群", "lead": "u-0", "place": "990101", "period": "2021/2026", "origin": "entered"}]
        self.rows["groups"] = [{"id": "g-1", "programme": "pg", "name": "团组", "origin": "entered"}]
        self.rows["members"] = [{"id": f"m-{i}", "group": "g-1", "unit": f"u-{i}", "role": "member", "origin": "entered"} for i in range(4)]
        for register in self.registers:
            if register["name"] not in self.rows and register["name"] not in ("entries", "case_steps", "positions"):
                self.rows[register["name"]] = [self.row(register, i) for i in range(PER_REGISTER)]
        self.rows["pairings"] = [{"id": f"p-{u}", "unit": f"u-{u}", "place": place, "role": "member", "note": f"mk-pairings-p-{u}.", "origin": "entered"}
                                 for u, place in ((1, "990101101"), (2, "990101102201"), (3, "990101103"))]
        for i, row in enumerate(self.rows["cases"]):
            row["kind"], row["opened"], row["opener"] = "alarm", "2026-01-05", self.rows["units"][i % 6]["id"]
        self.rows["case_steps"] = [{"id": f"cs-{i}", "case": row["id"], "date": "2026-01-05", "stage": "found", "actor": row["opener"], "note": f"mk-case_steps-cs-{i}.", "origin": "entered"}
                                   for i, row in enumerate(self.rows["cases"])]
        self.rows["entries"] = [self.entry(i) for i in range(60)]

    def any_of(self, names, empty=0.35):
        pool = [list(row.values())[0] for name in names for row in self.rows.get(name, [])]
        return self.rng.choice(pool) if pool and self.rng.random() > empty else ""

    def row(self, register, i):
        name, row = register["name"], {}
        key = f"{name[:3]}-{i}"
        for column in register["columns"]:
            kind, label, value = column["type"], column["name"], ""
            if kind == "key":
                value = key if name != "holidays" else f"2027-01-{i + 1:02d}"
            elif kind == "text":
                value = f"mk-{name}-{key}." if column["required"] or label in ("note", "post", "work", "action", "seen") else ""
            elif kind == "int" and column["required"]:
                value = "12"
            elif kind == "decimal":
                value = "27.5" if column["required"] else ""
            elif kind == "choice":
                value = self.rng.choice(column["choices"])
            elif kind == "personal":
                value = f"秘{self.rng.choice('赵钱孙李周吴郑王')}{self.rng.randint(10**11, 10**12)}"
                self.secrets[value] = (name, key, label)
            elif kind == "ref":
                value = self.any_of(column["refers"], 0 if column["required"] else 0.35)
            elif kind == "refs":
                value = ";".join(sorted({v for v in (self.any_of(column["refers"]), self.any_of(column["refers"])) if v}))
            elif kind == "date" and column["required"]:
                value = "2026-01-05"
            elif kind == "period" and label == "period":
                value = "2024-03"
            row[label] = value
        row["origin"] = "entered"
        row.pop("file", None)
        row["sha256"] = ""
        if name != "documents":
            row.pop("sha256")
        if "credit_code" in row:
            row["credit_code"] = ""
        if name == "projects":
            row["stage"] = "building"
        if name == "loan_policies":
            row["order_by"] = ""
        return row

    def entry(self, i):
        village = self.rng.choice([p["code"] for p in self.rows["places"] if p["level"] == "village"] + [""])
        return {"entry": str(i + 1), "date": f"2025-{i % 12 + 1:02d}-10", "verb": "投入", "kind": "cash", "from_party": self.rng.choice(["", f"u-{self.rng.randint(0, 5)}"]),
                "to_party": self.rng.choice([f"u-{self.rng.randint(0, 5)}", village or "990101"]), "place": village, "amount_fen": str(self.rng.randint(100, 99999)), "stage_to": "paid",
                "purpose": f"mk-entries-{i + 1}.", "origin": "entered", "key": f"k-{i + 1}", "unit": self.rng.choice(["", "u-1", "u-2"])}

    def write(self, folder):
        for name, rows in self.rows.items():
            columns = list(dict.fromkeys(c for row in rows for c in row))
            with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, columns, lineterminator="\n")
                table.writeheader()
                table.writerows(rows)


# ---- Who may see what, a second time

class Oracle:
    def __init__(self, world):
        self.world = world
        self.columns = {r["name"]: r["columns"] for r in world.registers}
        self.key = {r["name"]: r["key"] for r in world.registers}
        self.index = {name: {row[self.key_of(name)]: row for row in rows} for name, rows in world.rows.items() if name != "entries"}

    def key_of(self, name):
        return {"places": "code", "holidays": "date"}.get(name, "id")

    def below(self, start, register, key):
        found, grew = set(start), True
        while grew:
            more = {row[key] for row in self.world.rows[register] if row["parent"] in found} - found
            grew, found = bool(more), found | more
        return found

    def reach(self, user):
        scope = user["scope"]
        units = set(user["units"]) if scope == "units" else {user["unit"]} - {""} if scope == "unit" else self.below({user["unit"]} - {""}, "units", "id") if scope == "below" else set()
        places = {p["place"] for p in self.world.rows["pairings"] if p["unit"] in units} if scope in ("units", "unit") else {user["place"]} - {""} if scope == "below" else set()
        return units, self.below(places, "places", "code")

    def tied(self, register, row, units, places, depth=0):
        for column in self.columns[register]:
            value = row.get(column["name"], "")
            if column["type"] not in ("ref", "refs") or not value:
                continue
            ids = value.split(";")
            if "units" in column["refers"] and units & set(ids):
                return True
            if "places" in column["refers"] and column["type"] == "ref" and value in places:
                return True
            if len(column["refers"]) == 1 and column["type"] == "ref" and depth < 3:
                parent = column["refers"][0]
                if parent not in NO_PARENT and parent not in ("units", "places", register) and value in self.index[parent] and self.tied(parent, self.index[parent][value], units, places, depth + 1):
                    return True
        return False

    def seen(self, user, register):
        """Keys that the user's lists must hold, or None when the register itself is refused."""
        if "r" not in rights(user["role"], register):
            return None
        rows = self.world.rows.get(register, [])
        if user["scope"] == "all" or register in OPEN:
            return {row["entry"] for row in rows} if register == "entries" else set(self.index.get(register, {}))
        units, places = self.reach(user)
        if register == "entries":
            return {row["entry"] for row in rows if row["unit"] in units or {row["from_party"], row["to_party"]} & (units | places) or row["place"] in places} if user["scope"] != "own" else set()
        return {key for key, row in self.index[register].items() if user["scope"] != "own" and self.tied(register, row, units, places)}


# ---- Asking

class Client:
    def __init__(self, port, token):
        self.connection, self.token = http.client.HTTPConnection("127.0.0.1", port, timeout=60), token

    def ask(self, method, path, body=None, **headers):
        headers = {"Authorization": f"Bearer {self.token}"} | headers if self.token else headers
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, body=json.dumps(body).encode() if body is not None else None, headers=headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if data.startswith(b"PK\x03\x04"):  # a workbook: what its parts say
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        return answer.status, data.decode("utf-8", "replace")


def pages(client, path):
    keys, cursor = [], ""
    while cursor is not None:
        status, text = client.ask("GET", path + ("&" if "?" in path else "?") + f"limit=9&cursor={cursor}")
        if status != 200:
            return status, text
        answer = json.loads(text)
        keys += answer["records"]
        cursor = answer["next"]
    return 200, keys


class Walk:
    def __init__(self, tally, oracle, port, openapi):
        self.tally, self.oracle, self.port, self.openapi = tally, oracle, port, openapi
        self.secrets = re.compile("|".join(map(re.escape, oracle.world.secrets)))
        self.marks = re.compile(r"mk-([a-z_]+)-([a-z0-9_-]+)\.")

    def clean(self, user, seen, what, text):
        """No mark of a record that is not seen, and no personal text at all."""
        self.tally.note(not self.secrets.search(text), f"{what}: no personal text", self.secrets.findall(text)[:2])
        strange = [(r, k) for r, k in set(self.marks.findall(text)) if r not in OPEN and k not in (seen[r] or ())]
        self.tally.note(not strange, f"{what}: no strange record", strange[:3])

    def lists(self, user, client, seen):
        for register, keys in seen.items():
            name = f"{user['id']} {register}"
            status, rows = pages(client, f"/api/v1/records/{register}")
            if keys is None:
                self.tally.note(status == 403, f"{name}: refused", status)
                self.tally.note(client.ask("GET", f"/api/v1/trace/count.pg/{register}@all")[0] == 403, f"{name}: its count is refused")
                continue
            field = "entry" if register == "entries" else self.oracle.key[register]
            self.tally.note(status == 200 and {str(r[field]) for r in rows} == keys and len(rows) == len(keys), f"{name}: exactly its rows",
                            (status, sorted({str(r[field]) for r in rows} ^ keys)[:5] if status == 200 else rows))
            self.tally.note(not self.secrets.search(json.dumps(rows, ensure_ascii=False)), f"{name}: masked")
            _, text = client.ask("GET", f"/api/v1/records/{register}?limit=1&count=1")
            self.tally.note(json.loads(text).get("count") == len(keys), f"{name}: counted", text[:100])
            self.counted(user, client, seen, register, len(keys))
            _, text = client.ask("GET", f"/api/v1/records/{register}?q=mk-&limit=200&sort={field}")
            self.clean(user, seen, f"{name}: words", text)

    def counted(self, user, client, seen, register, count):
        """The figure over a list opens, counts just what the list holds, and names nothing else."""
        _, text = client.ask("GET", f"/api/v1/records/{register}?limit=1&count=1&programme=pg")
        wanted = json.loads(text).get("count")
        status, text = client.ask("GET", f"/api/v1/trace/count.pg/{register}@all")
        figure = json.loads(text).get("figure", {})
        self.tally.note(status == 200 and figure["value"] == wanted <= count, f"{user['id']} count of {register}: that of its list", (status, wanted, count, text[:200]))
        self.clean(user, seen, f"{user['id']} count of {register}", text)

    def singles(self, user, client, seen, rng):
        for register, keys in seen.items():
            every = {row["entry"] for row in self.oracle.world.rows["entries"]} if register == "entries" else set(self.oracle.index.get(register, {}))
            hidden = sorted(every - (keys or set()))
            for key in rng.sample(hidden, min(2, len(hidden))):
                path = f"/api/v1/records/{register}/{urllib.parse.quote(key)}"
                for method, tail, body in (("GET", "", None), ("GET", "/history", None), ("POST", "/reveal", {"fields": ["name"], "reason": "测试用"}), ("PATCH", "", {"note": "x"})):
                    status, text = client.ask(method, path + tail, body, **({"If-Match": '"1"'} if method == "PATCH" else {}))
                    self.tally.note(status in (403, 404, 400), f"{user['id']} {method} {path}{tail}: hidden", (status, text))
                    self.clean(user, seen, f"{user['id']} {method} {path}{tail}", text)
            for key in rng.sample(sorted(keys or ()), min(1, len(keys or ()))):
                status, text = client.ask("GET", f"/api/v1/records/{register}/{urllib.parse.quote(key)}")
                self.tally.note(status == 200 and not self.secrets.search(text), f"{user['id']} {register}/{key}: seen and masked", (status, text))

    def reveals(self, user, client, seen):
        for secret, (register, key, field) in list(self.oracle.world.secrets.items())[::3]:
            body, once = {"fields": [field], "reason": "核对身份"}, {"Idempotency-Key": f"reveal-{key}-{field}"}
            status, text = client.ask("POST", f"/api/v1/records/{register}/{key}/reveal", body, **once)
            may = "v" in rights(user["role"], register) and key in (seen[register] or ())
            self.tally.note((status == 200 and secret in text) if may else (status in (403, 404) and secret not in text), f"{user['id']} reveal {register}/{key}", (may, status, text))
            status, text = client.ask("POST", f"/api/v1/records/{register}/{key}/reveal", body, **once)
            self.tally.note(not may or (status == 409 and secret not in text), f"{user['id']} reveal {register}/{key} again: done once, not kept", (status, text))

    def searches(self, user, client, seen):
        for secret, (register, key, field) in list(self.oracle.world.secrets.items())[::4]:
            _, text = client.ask("GET", f"/api/v1/search?q={urllib.parse.quote(secret)}")
            found = {(f["register"], f["id"]) for f in json.loads(text).get("found", [])}
            searchable = field in ("name", "head", "id_number", "phone", "bank_card")
            may = "v" in rights(user["role"], register) and key in (seen[register] or ()) and field in ("name", "head")
            self.tally.note(not found or ((register, key) in found and may), f"{user['id']} search {register}/{key}.{field}: only who may", found)
            self.tally.note(not (may and searchable) or (register, key) in found, f"{user['id']} search {register}/{key}.{field}: found", text)
            self.tally.note(not self.secrets.search(text.replace(secret, "")) and secret not in text, f"{user['id']} search: masked", text)
        for word in ("mk", "单位", "项目"):
            _, text = client.ask("GET", f"/api/v1/search?q={urllib.parse.quote(word)}&limit=100")
            strange = [f for f in json.loads(text).get("found", []) if f["id"] not in (seen[f["register"]] or ())]
            self.tally.note(not strange, f"{user['id']} search {word}: only seen", strange[:3])

    def sums(self, user, client, seen):
        status, text = client.ask("GET", "/api/v1/money/groups?by=place,kind")
        if seen["entries"] is None:
            self.tally.note(status == 403, f"{user['id']} sums: refused", text)
            return
        mine = collections.Counter()
        for row in self.oracle.world.rows["entries"]:
            if row["entry"] in seen["entries"]:
                mine[row["place"], row["kind"]] += int(row["amount_fen"])
        got = {(g["place"], g["kind"]): g["amount_fen"] for g in json.loads(text)["groups"]}
        self.tally.note(got == dict(mine), f"{user['id']} sums: of its own entries", set(got.items()) ^ set(mine.items()))

    def exports(self, user, client, seen, registers):
        for register in registers:
            status, text = client.ask("POST", "/api/v1/jobs", {"kind": "export", "format": "csv", "register": register})
            job = json.loads(text).get("id")
            for _ in range(200):
                _, text = client.ask("GET", f"/api/v1/jobs/{job}")
                view = json.loads(text)
                if view.get("state") in ("done", "failed", "cancelled"):
                    break
                time.sleep(0.01)
            may = "x" in rights(user["role"], register) and "r" in rights(user["role"], register)
            self.tally.note(view["state"] == ("done" if may else "failed"), f"{user['id']} export {register}", view)
            if view["state"] == "done":
                _, text = client.ask("GET", f"/api/v1/jobs/{job}/result")
                rows = list(csv.DictReader(text.lstrip("\ufeff").splitlines()))
                field = "entry" if register == "entries" else self.oracle.key[register]
                self.tally.note({r[field] for r in rows} == seen[register] and not self.secrets.search(text), f"{user['id']} export {register}: exactly its rows", len(rows))

    def paths(self, user, client, seen):
        """Every other GET of the description, with ids of every kind put in."""
        fill = {"figure": ["total.group.cash.paid@all", "total.unit:u-1.cash.paid@all", "total.place:990101101201.cash.paid@all", "entry.3", "entry.17", "count.visits@2026-01-01", "record.projects.pro-1",
                           "fact.fac-1", "obs.obs-1", "doc.doc-2", "count.units@2026-01-01", "count.pg/entries.kind=cash,date.from=2025-03-01@all",
                           "count.pg/persons.q=mk@all", "count.pg/cases.open=yes@all", "count.pg/cases.late=yes,kind=alarm@2026-06-01", "count.pg/parcels.sight=open+unseen@all",
                           "count.pg/parcels.seen_by=tow-1@all", "sum.pg/entries#amount_fen.kind=cash,stage=paid@all", "sum.pg/parcels#area_m2.answer=county@all", "entry.3#1",
                           "record.projects.pro-1#budget_fen", "record.water_designs.wat-1#cost_fen", "record.parcels.par-1#area_m2", "record.cases.cas-1#opened", "record.households.hou-1#registered", "record.households.hou-1#phone",
                           "sight.par-1#seen", "sight.par-1#towers", "sight.par-1@tow-1#dist_m", "ratio.entry.3|entry.17", "difference.record.projects.pro-1#budget_fen|total.project:pro-1.cash.paid@all",
                           "ratio.count.pg/visits@all|count.pg/visits@all", "age.entries.3#date@2026-01-01", "age.cases.cas-1#opened@2026-02-01", "unpaid.3@2026-01-01", "rank.loa-1@all",
                           "import.1#added", "internal.cash.paid@all", "energy.pla-1.generated@2025", "light.pla-1@2025-05", "pr.pla-1.corrected@2025-05", "earning.pla-1.feed_in@2025-05", "record.plant_tariffs.pla-1#price_yuan_kwh"], "code": ["990101", "990101101201"], "id": ["u-1", "u-3"], "sha256": ["0" * 64], "job": ["1"], "user": ["x"], "network": ["wat-0", "wat-1", "wat-2"], "plant": ["pla-0", "pla-1", "pla-2"], "tower": ["tow-1"], "file": ["households.xlsx", "assets.xlsx"]}
        for path, item in self.openapi["paths"].items():
            if "get" not in item or "/records/" in path or "security" in item["get"] or path.endswith("/events"):
                continue
            names = re.findall(r"\{(\w+)\}", path)
            for value in fill[names[0]] if names else [""]:
                ask = path.replace("{%s}" % names[0], urllib.parse.quote(value, safe="")) if names else path
                query = {p["name"]: {"what": "pairings", "q": "mk", "by": "place,kind"}.get(p["name"], "1") for p in item["get"]["parameters"] if p["in"] == "query" and p.get("required")}
                status, text = client.ask("GET", ask + ("?" + urllib.parse.urlencode(query) if query else ""))
                self.tally.note(status < 500, f"{user['id']} GET {ask}: no fault", (status, text))
                if path == "/api/v1/solar" and status == 200:
                    self.tally.note({one["id"] for one in json.loads(text)["plants"]} == (seen["plants"] or set()), f"{user['id']} GET {ask}: exactly its plants", text)
                if names == ["plant"] and "days" not in path and "course" not in path:
                    self.tally.note((status == 200) == (value in (seen["plants"] or ())), f"{user['id']} GET {ask}: seen or not as in the list", (status, text))
                self.clean(user, seen, f"{user['id']} GET {ask}", text)


    def job(self, client, order):
        """The state of a job when it has ended, and its result as text."""
        status, text = client.ask("POST", "/api/v1/jobs", order)
        view = json.loads(text)
        for _ in range(400):
            if status != 202 or view.get("state") in ("done", "failed", "cancelled"):
                break
            time.sleep(0.01)
            view = json.loads(client.ask("GET", f"/api/v1/jobs/{view['id']}")[1])
        result = client.ask("GET", f"/api/v1/jobs/{view['id']}/result")[1] if view.get("state") == "done" else ""
        return view.get("state"), result + json.dumps(view, ensure_ascii=False)

    def writes(self, user, client, seen):
        """Every other method of the description: refused without the right, and never telling more than a list does."""
        for path, item in self.openapi["paths"].items():
            for method in item:
                if method == "get" or "security" in item[method] or "/session" in path or path == "/api/v1/jobs":
                    continue
                ask = re.sub(r"\{\w+\}", "1", path) + ("?register=projects" if path == "/api/v1/imports" else "")
                body = {"id": "somebody", "name": "x"} if path == "/api/v1/users" and user["role"] not in ("system_admin", "security_admin") else {}
                status, text = client.ask(method.upper(), ask, body, **({"If-Match": '"1"'} if method == "patch" else {}))
                self.tally.note(400 <= status < 500 or (status < 300 and path in ("/api/v1/press", "/api/v1/documents", "/api/v1/imports")), f"{user['id']} {method} {ask}: refused", (status, text))
                self.clean(user, seen, f"{user['id']} {method} {ask}", text)
                register = re.fullmatch(r"/api/v1/records/([a-z_]+)", path)
                if register and "w" not in rights(user["role"], register[1], user["scope"]):
                    self.tally.note(status == 403, f"{user['id']} {method} {ask}: 403", (status, text))
                if path.startswith("/api/v1/users") and user["role"] not in ("system_admin", "security_admin"):
                    self.tally.note(status == 403, f"{user['id']} {method} {ask}: 403", (status, text))

    def outside(self, user, client):
        """A record about a unit and a place that are not the user's is not taken in; own records may be about anything."""
        units, places = self.oracle.reach(user)
        strange_unit = sorted({row["id"] for row in self.oracle.world.rows["units"]} - units)
        strange_place = sorted({row["code"] for row in self.oracle.world.rows["places"]} - places)
        if user["scope"] in ("all", "own") or "w" not in rights(user["role"], "activities") or not strange_unit or not strange_place:
            return
        status, text = client.ask("POST", "/api/v1/records/activities", {"id": f"out-{user['id']}", "name": "x", "units": strange_unit[0], "place": strange_place[0]})
        self.tally.note(status == 403, f"{user['id']}: a record outside is refused", (status, text))

    def documents(self, user, client, seen):
        """Reports, statements and papers hold what the lists hold."""
        for scope in ("group", "unit:u-1", "unit:u-4", "place:990101102201", "place:990101103"):
            state, text = self.job(client, {"kind": "statement", "format": "xlsx", "scope": scope})
            self.clean(user, seen, f"{user['id']} statement of {scope}", text)
            if user["scope"] != "all" and scope == "group":
                self.tally.note(state == "failed", f"{user['id']} statement of the group: refused", text[:200])
        for order in ({"kind": "report", "format": "md"}, {"kind": "report", "format": "iati"}, {"kind": "check", "format": "json"}):
            state, text = self.job(client, order)
            self.clean(user, seen, f"{user['id']} {order['kind']} as {order['format']}", text)
            self.tally.note(user["scope"] == "all" or state == "failed" or (order["kind"] == "check" and user["role"] == "audit_admin"), f"{user['id']} {order}: refused", text[:200])
        for number, (sha256, key) in enumerate(self.papers.items()):
            status, text = client.ask("GET", f"/api/v1/documents/{sha256}")
            may = key in (seen["documents"] or ())
            self.tally.note((status, f"paper {number}" in text) == ((200, True) if may else (404 if "r" in rights(user["role"], "documents") else 403, False)), f"{user['id']} paper of {key}", (may, status, text[:80]))


def users():
    for role in ROLES:
        for scope in SCOPES:
            yield {"id": f"{role.replace('_', '-')}-{scope}", "role": role, "scope": scope, "units": ["u-1", "u-3"] if scope == "units" else [], "unit": {"unit": "u-2", "below": "u-0"}.get(scope, ""),
                   "place": "990101102" if scope == "below" else ""}


def set_up(gongfu, folder):
    """A store with one office user, and the server's own list of registers."""
    db = stores.address(os.path.join(folder, "t.db"))
    def run(*args):
        answer = subprocess.run([gongfu, *args, "--db", db], capture_output=True, text=True)
        if answer.returncode:
            sys.exit(f"{args}: {answer.stderr}")
        return answer.stdout
    return db, run


def serve(gongfu, db):
    child = subprocess.Popen([gongfu, "serve", "--db", db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return child, int(child.stdout.readline().rsplit(":", 1)[1].strip("/\n"))


def token_of(run, path, user):
    run("user", "add", user["id"], "--role", user["role"], "--scope", user["scope"], "--unit", user["unit"], "--units", ",".join(user["units"]), "--place", user["place"])
    stores.execute(stores.address(path), f"UPDATE user_account SET state = 'active' WHERE id = '{user['id']}'")
    return run("token", "add", user["id"]).strip()


def registers_of(gongfu, folder):
    db, run = set_up(gongfu, folder)
    os.makedirs(os.path.join(folder, "seed"))
    with open(os.path.join(folder, "seed", "units.csv"), "w", encoding="utf-8") as file:
        file.write("id,name\nu-0,单位0\n")
    run("load", os.path.join(folder, "seed"))
    token = token_of(run, os.path.join(folder, "t.db"), {"id": "asker", "role": "office", "scope": "all", "unit": "", "units": [], "place": ""})
    child, port = serve(gongfu, db)
    client = Client(port, token)
    answer = json.loads(client.ask("GET", "/api/v1/registers")[1])["registers"]
    openapi = json.loads(client.ask("GET", "/api/openapi.json")[1])
    child.terminate()
    child.wait()
    return answer, openapi


def papers(office, tally, keys):
    """Contents for the first documents: hash -> key of the record that names it."""
    found = {}
    for number, key in enumerate(keys):
        office.connection.request("POST", "/api/v1/documents", body=f"paper {number}".encode(), headers={"Authorization": f"Bearer {office.token}", "Content-Type": "text/plain", "X-File-Name": f"{key}.txt"})
        sha256 = json.loads(office.connection.getresponse().read())["sha256"]
        record = json.loads(office.ask("GET", f"/api/v1/records/documents/{key}")[1])
        status, text = office.ask("PATCH", f"/api/v1/records/documents/{key}", {"sha256": sha256}, **{"If-Match": f'"{record["version"]}"'})
        tally.note(status == 200, f"paper {number} stands behind {key}", text)
        found[sha256] = key
    return found


def nobody_opens_more(port, tokens, tally):
    """Who sees only a part can not pair his unit with another village, and so read its households."""
    unit = Client(port, tokens["unit-unit"])
    status, text = unit.ask("POST", "/api/v1/records/pairings", {"id": "mine", "unit": "u-2", "place": "990101103202", "role": "member"})
    tally.note(status == 403, "a unit pairs itself with no village", (status, text))
    status, text = unit.ask("PATCH", "/api/v1/records/pairings/p-2", {"place": "990101103202"}, **{"If-Match": '"1"'})
    tally.note(status == 403, "nor moves its pairing to another", (status, text))


def files_of_a_part(port, tokens, tally):
    """A member unit takes in a file of its own rows; a row of somebody else is told by its number, and nothing is kept."""
    unit, other, office = Client(port, tokens["unit-unit"]), Client(port, tokens["village-below"]), Client(port, tokens["office-all"])

    def take(client, register, text):
        client.connection.request("POST", f"/api/v1/imports?register={register}", body=text.encode(), headers={"Authorization": f"Bearer {client.token}", "X-File-Name": "rows.csv"})
        job = json.loads(client.connection.getresponse().read())
        while job.get("state") in ("waiting", "running"):
            time.sleep(0.01)
            job = json.loads(client.ask("GET", f"/api/v1/jobs/{job['id']}")[1])
        return job.get("answer") or job
    answer = take(unit, "activities", "id,name,units,place\nfile-1,自己的,u-2,\nfile-2,别人的,u-0,990101103202\n")
    tally.note(answer.get("refused") == 1 and [e["row"] for e in answer["errors"]] == [3] and not answer["import"], "a row outside the scope is refused by its number", answer)
    hidden = next(row for row in json.loads(office.ask("GET", "/api/v1/records/activities?limit=200")[1])["records"] if unit.ask("GET", f"/api/v1/records/activities/{row['id']}")[0] == 404)
    answer = take(unit, "activities", f"id,name,units\n{hidden['id']},夺过来,u-2\n")
    tally.note(answer.get("refused") == 1 and "taken" in answer["errors"][0]["what"], "a row that is not seen is not changed", answer)
    answer = take(unit, "activities", "id,name,units,place\nfile-1,自己的,u-2,\nfile-3,也是自己的,u-2,\n")
    tally.note(answer.get("added") == 2 and answer["import"], "a file of own rows is taken in", answer)
    entries = "entry,date,verb,kind,from_party,to_party,amount_fen,stage_to,key\n"
    outside = take(unit, "entries", entries + "1,2026-01-01,投入,cash,u-0,u-1,100,paid,file-e1\n")
    tally.note(outside.get("refused") == 1, "an entry between others is refused", outside)
    inside = take(unit, "entries", entries + "1,2026-01-01,投入,cash,u-2,u-1,100,paid,file-e2\n")
    tally.note(inside.get("added") == 1, "an own entry is booked", inside)
    for name, client, found in (("another", other, 404), ("who took it in", unit, 204)):
        for taken in (answer, inside):
            status, text = client.ask("POST", f"/api/v1/imports/{taken['import']}/undo", {})
            tally.note(status == found, f"{name} takes import {taken['import']} back: {found}", (status, text))
    status, text = unit.ask("GET", "/api/v1/records/activities/file-1")
    tally.note(status == 404, "and it is gone", text)


INP = """[JUNCTIONS]
 v1 10 1
 v2 5 2
[RESERVOIRS]
 S 50
[PIPES]
 p1 S v1 100 100 140 0 Open
 p2 v1 v2 200 100 140 0 Open
[OPTIONS]
 Units LPS
 Headloss H-W
[END]
"""
BRIEF = {"name": "two", "network": "two.inp", "decision_links": "all", "diameter_unit": "mm", "length_unit": "m", "head_unit": "m", "currency": "CNY",
         "catalogue": [{"diameter": 55.4, "unit_cost": 31}, {"diameter": 110.2, "unit_cost": 97}], "pressure_head_min_default": 12}
SMALL, LARGE = '{"55.4":["p1","p2"]}', '{"110.2":["p1"],"55.4":["p2"]}'


def networks(port, tokens, tally, oracle):
    """A network of a village is opened, solved, kept and exported by who sees the village and may; by nobody else."""
    office, village = Client(port, tokens["office-all"]), "990101102201"
    for key, content in (("net-inp", INP), ("net-brief", json.dumps(BRIEF))):
        office.connection.request("POST", "/api/v1/documents", body=content.encode(), headers={"Authorization": f"Bearer {office.token}", "Content-Type": "text/plain", "X-File-Name": key})
        sha256 = json.loads(office.connection.getresponse().read())["sha256"]
        status, text = office.ask("POST", "/api/v1/records/documents", {"id": key, "name": key, "sha256": sha256})
        tally.note(status == 201, f"{key} stands in the books", text)
    status, text = office.ask("POST", "/api/v1/records/water_networks", {"id": "net", "name": "管网", "place": village, "network": "net-inp", "problem": "net-brief"})
    tally.note(status == 201, "the network stands in the books", text)
    for user in users():
        client, (units, places), may = Client(port, tokens[user["id"]]), oracle.reach(user), rights(user["role"], "water_designs")
        sees = "r" in may and (user["scope"] == "all" or (user["scope"] != "own" and village in places))
        denied, name = (404 if "r" in may else 403), user["id"]
        status, text = client.ask("GET", "/api/v1/water/net")
        tally.note(status == (200 if sees else denied), f"{name}: opens the network", (status, sees, text[:200]))
        status, text = client.ask("POST", "/api/v1/water/net/solve", {"sizes": SMALL})
        tally.note(status == (200 if sees else denied), f"{name}: solves it", (status, sees, text[:200]))
        if sees:  # 100 m and 200 m at 31 yuan, by hand
            tally.note(json.loads(text)["cost_fen"] == 300 * 3100, f"{name}: its cost", text[:200])
        status, text = client.ask("POST", "/api/v1/water/net/designs", {"name": name, "role": "alternative", "sizes": LARGE})
        tally.note(status == (201 if sees and "w" in may else 403 if "w" not in may else 404), f"{name}: keeps a design", (status, sees, may, text[:200]))
        status, text = client.ask("POST", "/api/v1/water/net/budget", {"design": "net-1", "version": 1})
        tally.note(status == (422 if sees and "w" in may else 403 if "w" not in may else 404), f"{name}: no project, no budget", (status, text[:200]))
        for order, right in (({"kind": "water", "format": "inp", "scope": "net", "design": "net-1"}, "x"), ({"kind": "size", "format": "json", "scope": "net", "work": 100}, "w")):
            status, text = client.ask("POST", "/api/v1/jobs", order)
            job = json.loads(text)
            while job.get("state") in ("waiting", "running"):
                time.sleep(0.005)
                job = json.loads(client.ask("GET", f"/api/v1/jobs/{job['id']}")[1])
            tally.note(job.get("state") == ("done" if sees and right in may else "failed"), f"{name}: job {order['kind']}", (sees, may, job))
    for sizes, why in (('{"55.4":["p1"]}', "a pipe without a size"), ('{"55.4":["p1","p2","p2"]}', "a pipe twice"), ('{"60":["p1","p2"]}', "a size of no catalogue"), ('{"55.4":["p1","p9"]}', "a pipe that is none"), ("[", "no JSON")):
        status, text = office.ask("POST", "/api/v1/water/net/solve", {"sizes": sizes})
        tally.note(status == 422 and json.loads(text)["code"] == "water.sizes", f"refused: {why}", (status, text[:200]))


def hearing(port, tokens, tally):
    """Who may not read a register does not hear that it changed: every role listens while the office writes."""
    streams = {}
    for role in ROLES:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {tokens[role.replace('_', '-') + '-all']}"})
        streams[role] = connection.getresponse()
    office = Client(port, tokens["office-all"])
    written = {"sources": {"id": "s-new", "name": "x"}, "activities": {"id": "act-new", "name": "x", "units": "u-1"}, "visits": {"id": "vis-new", "name": "x", "units": "u-1", "place": "990101101"},
               "funds": {"id": "fun-new", "name": "x"}, "facts": {"id": "fac-new", "phrase": "x"}, "units": {"id": "u-new", "name": "x"}}
    for name, body in written.items():
        status, text = office.ask("POST", f"/api/v1/records/{name}", body)
        tally.note(status == 201, f"office writes {name}", text)
    for role, stream in streams.items():
        heard, last = set(), "units"  # the last is open to all: behind it nothing more comes
        while last not in heard:
            line = stream.readline().decode()
            if not line:
                break
            heard |= set(re.findall(r'"register":"(\w+)"', line))
        may = {name for name in written if "r" in rights(role, name)}
        tally.note(heard == may, f"{role} hears of {sorted(may)}", sorted(heard))
        stream.close()


def main():
    gongfu, rng, tally = os.path.abspath(sys.argv[1]), random.Random(7), Tally()
    sample = None if os.environ.get("GONGFU_PROOF") else 2
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as folder:
        registers, openapi = registers_of(gongfu, first)
        world = World(registers, rng)
        oracle = Oracle(world)
        db, run = set_up(gongfu, folder)
        os.makedirs(os.path.join(folder, "world"))
        world.write(os.path.join(folder, "world"))
        run("load", os.path.join(folder, "world"))
        tokens = {user["id"]: token_of(run, os.path.join(folder, "t.db"), user) for user in users()}
        child, port = serve(gongfu, db)
        walk = Walk(tally, oracle, port, openapi)
        walk.papers = papers(Client(port, tokens["office-all"]), tally, sorted(oracle.index["documents"]))
        for number, user in enumerate(users()):
            client, seen = Client(port, tokens[user["id"]]), {r["name"]: oracle.seen(user, r["name"]) for r in registers if r["name"] != "positions"}
            walk.lists(user, client, seen)
            walk.singles(user, client, seen, rng)
            walk.sums(user, client, seen)
            walk.searches(user, client, seen)
            walk.paths(user, client, seen)
            walk.reveals(user, client, seen)
            walk.writes(user, client, seen)
            walk.outside(user, client)
            walk.documents(user, client, seen)
            names = [r["name"] for r in registers if r["name"] not in ("positions",)]
            walk.exports(user, client, seen, names if sample is None else rng.sample(names, sample) + ["households", "entries"])
        nobody_opens_more(port, tokens, tally)
        files_of_a_part(port, tokens, tally)
        hearing(port, tokens, tally)
        networks(port, tokens, tally, oracle)
        nobody = Client(port, "")
        for path, item in openapi["paths"].items():
            for method, operation in item.items():
                if "security" in operation:
                    continue
                status, text = nobody.ask(method.upper(), re.sub(r"\{\w+\}", "1", path), {} if "requestBody" in operation else None)
                tally.note(status == 401, f"nobody {method} {path}: 401", (status, text))
        # The log of operations holds every reveal with its reason, and no personal text.
        auditor = Client(port, tokens["audit-admin-own"])
        status, text = auditor.ask("GET", "/api/v1/logs/operations?action=reveal&limit=1000")
        tally.note(status == 200 and "核对身份" in text and not walk.secrets.search(text), "reveals are logged with their reason", text[:200])
        child.terminate()
        tally.note(child.wait() == 0, "the server ends in peace")
        raw = stores.all_bytes(os.path.join(folder, "t.db")).decode("utf-8", "replace")
        tally.note(len(raw) > 100000 and not walk.secrets.search(raw), "no personal text in what the store holds")
        code = subprocess.run([gongfu, "check", "--db", db], capture_output=True, text=True)
        tally.note(code.returncode == 0, "check is clean behind it", code.stdout)
    print(f"{tally.passed} passed, {tally.failed} failed, 0 skipped")
    return 1 if tally.failed else 0


sys.exit(main())
