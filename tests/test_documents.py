"""test_documents.py GONGFU: documents out. What is printed holds every amount of the report, and the same report gives the same bytes."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GONGFU = os.path.abspath(sys.argv[1])
PROGRAMMES = ("taishun", "taishun-demo")
KINDS = ("cash", "in_kind", "loan", "investment", "result")


class Checks:
    passed = failed = skipped = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {note}" if note and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)

    def skip(self, name, why):
        print(f"SKIP {name}: {why}")
        self.skipped += 1


def gongfu(db, *args, code=0):
    run = subprocess.run([GONGFU, *args, "--db", stores.address(db)], capture_output=True, check=False)
    if run.returncode != code:
        raise SystemExit(f"{args}: exit {run.returncode}, expected {code}\n{run.stderr.decode()[-2000:]}")
    return run.stdout


def grouped(text):
    whole, _, part = text.partition(".")
    return f"{int(whole):,}" + ("." + part if part else "")


def plain(value):
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_written(fen, bound, lang):
    """The amount as the office writes it, made here again from the integer of the JSON."""
    yuan = Decimal(fen) / 100
    if lang == "en":
        return {"at_least": "≥ ", "about": "≈ "}.get(bound, "") + grouped(plain(yuan))
    step, word = next(((s, w) for s, w in ((10**8, "亿元"), (10**4, "万元")) if yuan >= s), (1, "元"))
    return ("约" if bound == "about" else "") + plain(yuan / step) + ("余" if bound == "at_least" else "") + word


# ---- PDF ----

def pages_of(path):
    run = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return run.stdout.decode().rstrip("\f").split("\f")


def squeezed(text):
    return re.sub(r"\s+", "", text)


def amounts_in(checks, name, text, report, lang):
    flat = squeezed(text)
    missing = [m["figure"] for m in report["money"] if squeezed(as_written(m["amount_fen"], m["bound"], lang)) not in flat]
    checks.that(f"{name}: every amount of the report", report["money"] and not missing, str(missing[:5]))


def report_pdf(checks, db, folder, programme, lang):
    name = f"pdf {programme} {lang}"
    paths = [os.path.join(folder, f"{programme}-{lang}-{n}.pdf") for n in (1, 2)]
    for path in paths:
        gongfu(db, "report", "--programme", programme, "--lang", lang, "--format", "pdf", "--out", path)
    report = json.loads(gongfu(db, "report", "--programme", programme, "--lang", lang, "--json"))
    first, second = (open(path, "rb").read() for path in paths)
    checks.that(f"{name}: the same bytes twice", first == second and first.startswith(b"%PDF-"))
    checks.that(f"{name}: under 3 MB", len(first) < 3_000_000, str(len(first)))
    pages = pages_of(paths[0])
    word = "第{}页/共{}页" if lang == "zh" else "Page{}of{}"
    checks.that(f"{name}: each page has its number", len(pages) > 5 and all(word.format(i + 1, len(pages)) in squeezed(page) for i, page in enumerate(pages)))
    checks.that(f"{name}: and the head of the ledger", all(report["head_hash"][:16] in squeezed(page) for page in pages) and report["head_hash"] in squeezed(pages[0]))
    amounts_in(checks, name, "\n".join(pages), report, lang)
    flat = squeezed("\n".join(pages))
    lost = [c["title"] for c in report["chapters"] if squeezed(c["title"]) not in flat]
    checks.that(f"{name}: every chapter", not lost, str(lost[:3]))
    told = {f for c in report["chapters"] for p in c["paragraphs"] for f in p["figures"]}
    missing = [f for f in told if squeezed(f) not in flat]
    checks.that(f"{name}: every figure that a sentence names has its row", not missing, str(missing[:3]))
    head = ("号", "由来") if lang == "zh" else ("No.", "Made of")
    annex = [page for page in pages if len(re.findall(r"(?:fact|total|record|entry|indicator|count)\.[A-Za-z0-9]", page)) > 12]
    checks.that(f"{name}: the table's head on each of its pages", len(annex) > 2 and all(all(squeezed(h) in squeezed(page[:600]) for h in head) for page in annex[1:]), str(len(annex)))
    demo = "演示数据" if lang == "zh" else "Demodata:everyrecordisinvented"
    labelled = [demo in squeezed(page[:700]) for page in pages]
    checks.that(f"{name}: demo on each page or on none", all(labelled) if programme == "taishun-demo" else not any(labelled))


def statement_pdf(checks, db, folder):
    for scope, on in (("group", ""), ("unit:u-adbc", ""), ("place:330329", "2023-12-31"), ("taishun-demo/group", "2024-06-30")):
        options = ["--on", on] if on else []
        path = os.path.join(folder, "statement.pdf")
        gongfu(db, "statement", scope, *options, "--format", "pdf", "--out", path)
        answer = json.loads(gongfu(db, "statement", scope, *options, "--json"))
        flat = squeezed("\n".join(pages_of(path)))
        missing = [m["figure"] for m in answer["money"] if as_written(m["amount_fen"], m["bound"], "zh") not in flat]
        checks.that(f"statement {scope}: every amount, its day, a place to sign", answer["money"] and not missing and on in flat and all(w in flat for w in ("制表", "复核", "负责人", "第1页")), str(missing))


def pdf(checks, db, folder):
    if not shutil.which("pdftotext"):
        checks.skip("pdf", "no pdftotext on this machine (poppler-utils)")
        return
    for programme in PROGRAMMES:
        for lang in ("zh", "en"):
            report_pdf(checks, db, folder, programme, lang)
    statement_pdf(checks, db, folder)


# ---- XLSX ----

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cell_value(cell):
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iterfind(".//m:t", NS))
    value = cell.find("m:v", NS)
    return None if value is None else Decimal(value.text)


def column_of(reference):
    number = 0
    for letter in re.match(r"[A-Z]+", reference).group():
        number = number * 26 + ord(letter) - 64
    return number - 1


def workbook(data):
    """{sheet name: rows of values}, and the raw XML of each sheet, with the standard library alone."""
    book = zipfile.ZipFile(io.BytesIO(data))
    names = [s.get("name") for s in ET.fromstring(book.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", NS)]
    sheets, raw = {}, {}
    for number, name in enumerate(names, 1):
        raw[name] = book.read(f"xl/worksheets/sheet{number}.xml").decode()
        rows = []
        for row in ET.fromstring(raw[name]).iterfind("m:sheetData/m:row", NS):
            cells = {column_of(c.get("r")): cell_value(c) for c in row.iterfind("m:c", NS)}
            rows.append([cells.get(i) for i in range(max(cells) + 1)] if cells else [])
        sheets[name] = rows
    return sheets, raw


def report_xlsx(checks, db, programme, lang):
    name = f"xlsx {programme} {lang}"
    args = ("report", "--programme", programme, "--lang", lang)
    first, second = (gongfu(db, *args, "--format", "xlsx") for _ in range(2))
    report = json.loads(gongfu(db, *args, "--json"))
    checks.that(f"{name}: the same bytes twice", first == second)
    sheets, raw = workbook(first)
    checks.that(f"{name}: six sheets, heads that stay and filter", len(sheets) == 6 and all('state="frozen"' in x and "<autoFilter" in x for x in raw.values()))
    money, figures = sheets["资金明细" if lang == "zh" else "Money"], sheets["数字" if lang == "zh" else "Figures"]
    want = {m["figure"]: Decimal(m["amount_fen"]) / 100 for m in report["money"]}
    got = {row[7]: row[4] for row in money[1:]}
    checks.that(f"{name}: every amount in yuan, to the fen", want == got and all(isinstance(v, Decimal) for v in got.values()), str(set(want.items()) ^ set(got.items()))[:200])
    columns = sheets["五栏" if lang == "zh" else "Five columns"]
    cells = sorted(v for row in columns[1:] for v in row[3:] if v is not None)
    checks.that(f"{name}: the five columns hold them and nothing else", cells == sorted(want.values()) and all(len(row) <= 8 for row in columns))
    rows = {row[0]: row for row in figures[1:]}
    wrong = [k for k, f in report["figures"].items() if k not in rows or (f["value"] is not None and rows[k][2] != Decimal(str(f["value"]))) or rows[k][9] != f["derivation"]["op"]]
    checks.that(f"{name}: every figure with value and derivation", len(rows) == len(report["figures"]) and not wrong, str(wrong[:3]))
    texts = [p["text"] for c in report["chapters"] for p in c["paragraphs"]]
    checks.that(f"{name}: the chapters", [row[1] if len(row) > 1 else None for row in sheets["正文" if lang == "zh" else "Chapters"][1:]] == [t or None for t in texts])


def statement_xlsx(checks, db):
    answer = json.loads(gongfu(db, "statement", "group", "--json"))
    sheets, _ = workbook(gongfu(db, "statement", "group", "--format", "xlsx"))
    rows = {row[5]: row[2] for row in sheets["资金表"][1:]}
    checks.that("xlsx statement: its amounts", rows == {m["figure"]: Decimal(m["amount_fen"]) / 100 for m in answer["money"]})


def table_xlsx(checks, folder):
    """The writer of tables of any size: what a register may hold comes out as it was."""
    program, path = os.path.join(os.path.dirname(GONGFU), "bench", "xlsx_rows"), os.path.join(folder, "rows.xlsx")
    if not os.path.exists(program):
        checks.skip("xlsx table", "bench/xlsx_rows is not built")
        return
    subprocess.run([program, path, "2000", "12"], check=True, capture_output=True)
    with open(path, "rb") as file:
        sheets, _ = workbook(file.read())
    rows = sheets["表"]
    checks.that("xlsx table: 2000 rows under one head", len(rows) == 2001 and len(rows[0]) == 12)
    checks.that("xlsx table: 18 digits stay text", rows[1][1] == "330329199001010000" and rows[2000][6] == "330329199001011999")
    checks.that("xlsx table: fen become yuan", rows[1][0] == Decimal("1000.00") and rows[2][0] == Decimal("1000.07"))

    lines = ["=1+1\t12\t1.50\t100000000000000000\t-5", "007\tabc\t0.1234567890123456\t>=650000000\t~1", "甲" * 40000 + "\t1234567890123456\t2.02E+19\t999999999999999\t"]
    subprocess.run([program, path, "-", "twdff"], input="\n".join(lines).encode() + b"\n", check=True, capture_output=True)
    with open(path, "rb") as file:
        sheets, raw = workbook(file.read())
    rows = sheets["表_1____"]
    checks.that("xlsx table: no formula, no lost zero, exact text where a number would round",
                rows[1] == ["=1+1", 12, Decimal("1.5"), "1000000000000000", Decimal("-0.05")] and rows[2] == ["007", "abc", "0.1234567890123456", Decimal(6500000), Decimal("0.01")]
                and rows[3][1:] == ["1234567890123456", "2.02E+19", Decimal("9999999999999.99")] and "<f>" not in str(raw), str(rows[1:])[:300])
    checks.that("xlsx table: a text too long is cut and says so", "40000" in rows[3][0] and len(rows[3][0]) < 32767)


def xlsx(checks, db, folder):
    for programme in PROGRAMMES:
        for lang in ("zh", "en"):
            report_xlsx(checks, db, programme, lang)
    statement_xlsx(checks, db)
    table_xlsx(checks, folder)


# ---- IATI ----

def standing(db, folder, programme):
    """Transfers of standing entries that belong to a programme, read from a dump: [(entry, fen, kind, stage)]."""
    out = os.path.join(folder, "dump-" + programme)
    if not os.path.exists(out):
        gongfu(db, "dump", out)
    def rows(name):
        with open(os.path.join(out, name + ".csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    entries = rows("entries")
    gone = {r["reverses"] for r in entries if r["reverses"]}
    funds = {r["id"]: r["programme"] for r in rows("funds")}
    mine = [r for r in entries if (funds.get(r["fund"]) or ("taishun-demo" if r["origin"] == "demo" else "taishun")) == programme and not r["reverses"] and r["entry"] not in gone]
    return [(int(r["entry"]), int(r["amount_fen"]), r["kind"], r["stage_to"]) for r in mine]


def iati_money(checks, name, root, wanted):
    transactions = {int(t.get("ref")[6:]): Decimal(t.findtext("value")) for t in root.iter("transaction")}
    notes = {int(n): True for text in root.iter("narrative") for n in re.findall(r"entry\.(\d+)", text.text or "")}
    lost = [e for e, *_ in wanted if e not in transactions and e not in notes]
    wrong = [e for e, fen, *_ in wanted if e in transactions and transactions[e] != Decimal(fen) / 100]
    checks.that(f"{name}: each standing entry is a transaction or told why not, and no other", wanted and not lost and not wrong and set(transactions) | set(notes) == {e for e, *_ in wanted}, f"{lost} {wrong}")
    checks.that(f"{name}: an economic result is no transaction, nor what was applied for", not any(e in transactions for e, _, kind, stage in wanted if kind == "result" or stage == "applied"))
    top = [a for a in root.iter("iati-activity") if a.get("hierarchy") == "1"]
    checks.that(f"{name}: money at the lowest level only", len(top) == 1 and not list(top[0].iter("transaction")))


def iati_links(checks, name, root, organisations):
    ids = {a.findtext("iati-identifier") for a in root.iter("iati-activity")}
    links = {r.get("ref") for r in root.iter("related-activity")}
    checks.that(f"{name}: parents and children are in the file", len(ids) > 5 and links == ids)
    known = {o.findtext("organisation-identifier") for o in organisations.iter("iati-organisation")}
    used = {e.get("ref") for e in root.iter("participating-org")} | {e.get("ref") for e in root.iter("provider-org") if e.get("ref")}
    checks.that(f"{name}: every organisation is in the other file", used and used <= known, str(used - known))


def iati(checks, db, folder):
    schemas, shared = os.path.join(ROOT, "tests", "iati"), os.path.join(os.path.dirname(ROOT), "shared", "data", "iati")
    for programme in PROGRAMMES:
        name, outs = f"iati {programme}", [os.path.join(folder, f"iati-{programme}-{n}") for n in (1, 2)]
        for out in outs:
            gongfu(db, "report", "--programme", programme, "--format", "iati", "--out", out)
        roots, files = {}, {}
        for kind in ("activities", "organisations"):
            files[kind] = os.path.join(outs[0], kind + ".xml")
            with open(files[kind], "rb") as one, open(os.path.join(outs[1], kind + ".xml"), "rb") as two:
                text = one.read()
                checks.that(f"{name} {kind}: the same bytes twice", text == two.read())
            roots[kind] = ET.fromstring(text)
            if shutil.which("xmllint"):
                run = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", os.path.join(schemas, f"iati-{kind}-schema.xsd"), files[kind]], capture_output=True, check=False)
                checks.that(f"{name} {kind}: valid by the schema of 2.03", run.returncode == 0, run.stderr.decode()[-300:])
            else:
                checks.skip(f"{name} {kind}: schema", "no xmllint on this machine (libxml2-utils)")
        iati_money(checks, name, roots["activities"], standing(db, folder, programme))
        iati_links(checks, name, roots["activities"], roots["organisations"])
        private(checks, name, ET.tostring(roots["activities"], encoding="unicode") + ET.tostring(roots["organisations"], encoding="unicode"))
        if programme == "taishun-demo":
            checks.that(f"{name}: every title and id says demo", all("DEMO" in a.findtext("iati-identifier") and "虚构" in a.findtext("title/narrative") for a in roots["activities"].iter("iati-activity")))
        if os.path.exists(shared):
            run = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "iati_rules.py"), "--codelists", os.path.join(shared, "codelists"),
                                  os.path.join(shared, "rulesets", "standard.json"), *files.values()], capture_output=True, check=False)
            checks.that(f"{name}: clean by every rule of the ruleset, and every code in its list", run.returncode == 0 and b"asked" in run.stdout, (run.stdout + run.stderr).decode()[-400:])
        else:
            checks.skip(f"{name}: rules", "../shared is not there")
    broken = os.path.join(folder, "broken")
    os.makedirs(broken)
    with open(os.path.join(broken, "projects.csv"), "w", encoding="utf-8") as file:
        file.write("id,name,place,origin\npr-broken,坏\x01字 & <b>,330329,entered\n")
    other = os.path.join(folder, "broken.db")
    for path in (os.path.join(ROOT, "data", "taishun"), broken):
        gongfu(other, "load", path)
    run = subprocess.run([GONGFU, "report", "--format", "iati", "--out", os.path.join(folder, "refused"), "--json", "--db", stores.address(other)], capture_output=True, check=False)
    checks.that("iati: a character that XML may not hold is refused, with its place", run.returncode == 3 and b"U+0001" in run.stderr and b"pr-broken" in run.stderr, run.stderr.decode())


# ---- What no document may hold ----

def secrets():
    """Names, numbers and addresses of the demo's invented persons: they stand in for real ones."""
    found = set()
    for name, columns in (("persons", ("name", "id_number", "phone", "bank_card", "health")), ("households", ("head", "phone", "address", "bank_card")), ("household_members", ("name", "id_number", "health"))):
        with open(os.path.join(ROOT, "data", "demo", name + ".csv"), encoding="utf-8", newline="") as file:
            found |= {row[c] for row in csv.DictReader(file) for c in columns if row.get(c)}
    return found


def private(checks, name, text):
    told = [s for s in secrets() if len(s) > 1 and s in text]
    checks.that(f"{name}: no personal datum", secrets() and not told, str(told[:3]))


def formats(checks, db):
    for args in (("report", "--format", "doc"), ("statement", "group", "--format", "md")):
        run = subprocess.run([GONGFU, *args, "--json", "--db", stores.address(db)], capture_output=True, check=False)
        checks.that(f"{' '.join(args)}: refused, with what there is", run.returncode == 2 and not run.stdout and b"pdf" in run.stderr)


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        db = os.path.join(folder, "books.db")
        for name in ("calendar", "taishun", "demo"):
            gongfu(db, "load", os.path.join(ROOT, "data", name))
        formats(checks, db)
        pdf(checks, db, folder)
        xlsx(checks, db, folder)
        iati(checks, db, folder)
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
