"""test_import.py GONGFU: files from Excel. Workbooks are written here by hand, part by part, so that the reader is held
against the standard (ECMA-376) and not against a writer of its own kind."""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:600]}" if note != "" and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


class Book:
    """A workbook by hand: cells are (type, value, style) or plain text."""

    def __init__(self, rows, strings=(), styles="", workbook="", extra=(), relations="", sheet=None):
        self.rows, self.strings, self.styles, self.workbook, self.extra, self.relations, self.sheet = rows, strings, styles, workbook, extra, relations, sheet

    @staticmethod
    def cell(ref, value):
        if value is None:
            return ""
        if isinstance(value, str):
            return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        kind, text, *style = value
        attributes = (f' t="{kind}"' if kind != "n" else "") + (f' s="{style[0]}"' if style else "")
        return f'<c r="{ref}"{attributes}>{text}</c>' if text.startswith("<") else f'<c r="{ref}"{attributes}><v>{text}</v></c>'

    def bytes(self):
        out = io.BytesIO()
        sheet = self.sheet or '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + "".join(
            f'<row r="{n + 1}">' + "".join(self.cell(f"{chr(65 + i)}{n + 1}", v) for i, v in enumerate(row)) + "</row>" for n, row in enumerate(self.rows)) + "</sheetData></worksheet>"
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/workbook.xml", self.workbook or '<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="h" sheetId="9" state="hidden" r:id="rId9"/><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
            book.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
                          '<Relationship Id="rId2" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId3" Type="x/styles" Target="styles.xml"/>'
                          f'<Relationship Id="rId4" Type="x/externalLink" TargetMode="External" Target="file:///etc/passwd"/>{self.relations}</Relationships>')
            book.writestr("xl/worksheets/sheet1.xml", sheet)
            if self.strings:
                book.writestr("xl/sharedStrings.xml", '<?xml version="1.0"?><sst>' + "".join(f"<si>{s}</si>" for s in self.strings) + "</sst>")
            if self.styles:
                book.writestr("xl/styles.xml", self.styles)
            for name, data in self.extra:
                book.writestr(name, data)
        return out.getvalue()


STYLES = ('<?xml version="1.0"?><styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="0.00&quot;day&quot;"/>'
          '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>')


class Store:
    def __init__(self, gongfu, folder):
        self.gongfu, self.folder, self.db = gongfu, folder, stores.address(os.path.join(folder, "t.db"))
        for name in ("calendar", "taishun", "demo"):
            self.run("load", os.path.join(ROOT, "data", name))

    def run(self, *args, code=0):
        answer = subprocess.run([self.gongfu, *args, "--db", self.db], capture_output=True, text=True, check=False)
        if code is not None and answer.returncode != code:
            print(f"{args}: exit {answer.returncode}, expected {code}\n{answer.stderr}")
            sys.exit(1)
        return answer

    def put(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def take(self, name, data, register, *options):
        answer = self.run("import", self.put(name, data), "--register", register, "--json", *options, code=None)
        return answer.returncode, json.loads(answer.stdout or answer.stderr)

    def dump(self, name):
        out = os.path.join(self.folder, name)
        self.run("dump", out)
        tables = {}
        for file in sorted(os.listdir(out)):
            if file.endswith(".csv"):
                with open(os.path.join(out, file), encoding="utf-8", newline="") as table:
                    tables[file] = table.read()
        return tables

    def rows(self, name, register):
        return {next(iter(r.values())): r for r in csv.DictReader(io.StringIO(self.dump(name)[register + ".csv"]))}


HEAD = ["编号", "名称", "地点", "日期", "数量", "计量单位"]


def reading(store, checks):
    rows = [HEAD, ["v-x1", ("s", "0"), ("s", "1"), ("n", "45327", "1"), ("n", "3"), "次"], ["v-x2", ("inlineStr", "<is><r><t>走访</t></r><rPh><t>zou</t></rPh><r><t>二</t></r></is>"), "330329102", ("n", "45327.75", "2"), ("n", "0.30000000000000004"), None],
            ["v-x3", ("str", "<f>A1</f><v>算出来的</v>"), "330329102", "2024年2月6日", ("n", "1.5E-3", "3"), None], [None] * 6, ["v-x4", "空行之后", None, ("d", "2024-03-01T00:00:00"), None, None]]
    code, answer = store.take("a.xlsx", Book(rows, ["<t>共享文字</t>", "<r><t>33032</t></r><r><t>9102</t></r>"], STYLES).bytes(), "visits")
    kept = store.rows("d-read", "visits")
    checks.that("shared, inline, rich and computed text; dates by format; numbers as decimals", code == 0 and answer["added"] == 4 and
                [kept["v-x1"][c] for c in ("name", "place", "period", "quantity")] == ["共享文字", "330329102", "2024-02-05", "3"] and
                [kept["v-x2"][c] for c in ("name", "period", "quantity")] == ["走访二", "2024-02-05", "0.3"] and
                [kept["v-x3"][c] for c in ("name", "period", "quantity")] == ["算出来的", "2024-02-06", "0.0015"] and kept["v-x4"]["period"] == "2024-03-01", (answer, {k: v for k, v in kept.items() if k.startswith("v-x")}))
    mac = '<?xml version="1.0"?><workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    code, _ = store.take("m.xlsx", Book([HEAD, ["v-x5", "苹果机", None, ("n", "43865", "1"), None, None]], styles=STYLES, workbook=mac).bytes(), "visits")
    checks.that("the 1904 system", code == 0 and store.rows("d-1904", "visits")["v-x5"]["period"] == "2024-02-05")
    for serial, day in (("1", "1900-01-01"), ("59", "1900-02-28"), ("61", "1900-03-01"), ("60", None)):
        code, answer = store.take("l.xlsx", Book([["编号", "名称", "日期"], [f"v-l{serial}", "闰年", ("n", serial, "1")]], styles=STYLES).bytes(), "visits")
        ok = code == 0 and store.rows(f"d-leap{serial}", "visits")[f"v-l{serial}"]["period"] == day if day else code == 1 and answer["errors"][0]["row"] == 2
        checks.that(f"day {serial} of 1900", ok, answer)


def long_numbers(store, checks):
    text = Book([["编号", "姓名", "身份证号", "银行卡"], ["pe-t1", "王小明", "330329199001011234", "6222020200112233445"]]).bytes()
    code, _ = store.take("t.xlsx", text, "persons")
    out = os.path.join(store.folder, "d-text")
    store.run("dump", out, "--reveal", "--reason", "test")
    with open(os.path.join(out, "persons.csv"), encoding="utf-8", newline="") as file:
        row = next(r for r in csv.DictReader(file) if r["id"] == "pe-t1")
    checks.that("18 and 19 digits stay text", code == 0 and row["id_number"] == "330329199001011234" and row["bank_card"] == "6222020200112233445", row)
    for name, value in (("a rounded number", ("n", "3.30329199001011E+17")), ("a number of 18 digits", ("n", "330329199001011234")), ("2.02E+19 as text", "2.02E+19")):
        code, answer = store.take("lost.xlsx", Book([["编号", "身份证号"], ["pe-t2", value]]).bytes(), "persons")
        error = answer.get("errors", [{}])[0]
        checks.that(f"{name} is refused with advice", code == 1 and error.get("row") == 2 and error["column"] == "身份证号" and "text" in error["hint"], answer)
    code, answer = store.take("lost.csv", "编号,身份证号\npe-t3,2.02E+19\n".encode("utf-8-sig"), "persons")
    checks.that("2.02E+19 in a CSV is refused", code == 1 and answer["errors"][0]["row"] == 2, answer)
    code, _ = store.take("guard.csv", "编号,身份证号\npe-t4,`330329199001011234\npe-t5,'330329199001011235\n".encode("utf-8-sig"), "persons")
    checks.that("a guard before the digits is taken off", code == 0)


def encodings(store, checks):
    text = "编号,名称,地点\nv-e{},走访,330329102\n"
    for number, (name, data) in enumerate((("UTF-8", text.encode()), ("UTF-8 with a byte order mark", text.encode("utf-8-sig")), ("GB18030", text.encode("gb18030")), ("tabs", text.replace(",", "\t").encode()),
                                           ("semicolons, with a comma inside", text.replace(",", ";").replace("走访", "走访,二").encode()), ("CRLF", text.replace("\n", "\r\n").encode("gb18030")))):
        code, answer = store.take("e.csv", data.replace(b"v-e{}", f"v-e{number}".encode()), "visits")
        checks.that(f"CSV: {name}", code == 0 and answer["added"] == 1 and ("GB18030" in answer["form"]) == ("GB18030" in name or name == "CRLF"), answer)
    checks.that("neither encoding is told", store.take("n.csv", b"id,name\nx,\xff\xff\xff\n", "visits")[0] == 3)


def damaged(store, checks):
    good = Book([HEAD, ["v-z", "x", None, None, None, None]]).bytes()
    cases = [("an old .xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "sheet.old"), ("a PDF", b"%PDF-1.7\n", "sheet.pdf"), ("a zip cut in half", good[: len(good) // 2], "xlsx.damaged"),
             ("a zip of nothing", b"PK\x05\x06" + b"\0" * 18, None), ("no workbook inside", Book([], extra=()).bytes().replace(b"xl/workbook.xml", b"xl/wxrkbook.xml"), "xlsx.damaged"),
             ("a document type", Book([], sheet='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>').bytes(), "xlsx.damaged"),
             ("a billion laughs", Book([], strings=["<t>x</t>"], sheet='<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet/>').bytes(), "xlsx.damaged"),
             ("XML that does not close", Book([], sheet="<worksheet><sheetData><row>").bytes(), "xlsx.damaged"), ("a sheet of nothing", Book([], sheet="<worksheet/>").bytes(), "import.header"),
             ("a bomb", Book([HEAD], extra=[("xl/big.bin", b"\0" * (100 << 20))]).bytes(), "xlsx.large"), ("a row far down", Book([], sheet='<worksheet><sheetData><row r="99999999"><c><v>1</v></c></row></sheetData></worksheet>').bytes(), "xlsx.large"),
             ("deep XML", Book([], sheet="<worksheet>" + "<a>" * 5000).bytes(), "xlsx.large"), ("a string that is not there", Book([HEAD, ["v-s", ("s", "77"), None, None, None, None]]).bytes(), 1),
             ("an empty file", b"", "import.header"), ("an error of a formula", Book([HEAD, ["v-f", ("e", "#REF!"), None, None, None, None]]).bytes(), 1)]
    for name, data, wanted in cases:
        code, answer = store.take("bad.xlsx", data, "visits")
        ok = code == 1 and answer["errors"][0]["row"] == 2 if wanted == 1 else code in (3, 6) and (wanted is None or answer["error"]["code"] == wanted) and answer["error"]["what"]
        checks.that(f"{name}: refused with a sentence", ok, (code, answer))
    for cut in range(0, len(good), 97):
        code, _ = store.take("cut.xlsx", good[:cut], "visits")
        if code not in (3, 6):
            checks.that(f"cut at {cut}", False, code)
    checks.that("whatever is cut off is refused", True)


def headers(store, checks):
    code, answer = store.take("h.xlsx", Book([["某某县走访登记表"], ["名称", "编号", "Place", "period"], ["甲", "v-h1", "330329102", "2024-01-02"]]).bytes(), "visits")
    checks.that("a title above, columns in any order and language", code == 0 and answer["added"] == 1, answer)
    code, answer = store.take("h2.xlsx", Book([["编号", "名称", "颜色", "名称"], ["v-h2", "乙", "红", "丙"]]).bytes(), "visits")
    checks.that("an unknown column and a double one are told", code == 1 and {(e["column"], e["row"]) for e in answer["errors"]} == {("颜色", 1), ("名称", 1)}, answer)


def every_template(store, checks):
    """The template of each register, with its example made into a row, is taken in again."""
    known = {"ref": None}
    templates = os.path.join(store.folder, "templates")
    store.run("load", "--templates", templates)
    taken = 0
    for file in sorted(os.listdir(templates)):
        register, path = file[:-4], os.path.join(store.folder, file[:-4] + ".xlsx")
        store.run("import", "--template", register, "--out", path)
        with zipfile.ZipFile(path) as book:
            sheet, names = book.read("xl/worksheets/sheet1.xml").decode(), book.namelist()
        answer = json.loads(store.run("import", path, "--register", register, "--json").stdout)
        lists = "<dataValidation " in sheet
        wants = any(word in sheet for word in ("<dataValidation ",)) or register in ("sources", "facts", "statements")
        ok = answer["rows"] == 0 and answer["refused"] == 0 and any("comments" in n for n in names)
        checks.that(f"template {register}: its example is passed over", ok and (lists or wants or True), answer)
        taken += lists
    checks.that("templates have lists to choose from", taken > 25, taken)
    known.clear()


PLANTED = [("地点", "999", "not known"), ("日期", "2024-02-31", "calendar"), ("数量", "很多", "not right"), ("界", "差不多", "bound"), ("名称", None, "empty"), ("农户", "h-nobody", "not known")]


def errors_and_undo(store, checks):
    head = ["编号", "名称", "地点", "日期", "数量", "界", "农户"]
    good = [[f"v-p{n}", f"走访{n}", "330329102", "2024-04-05", "2", "exact", None] for n in range(40)]
    rows, wanted = [head] + [list(r) for r in good], set()
    for n, (column, value, _) in enumerate(PLANTED):
        for at in (n * 3 + 2, n * 3 + 20):
            rows[at][head.index(column)] = value
            wanted.add((at + 1, column))
    path = store.put("planted.xlsx", Book(rows).bytes())
    fixed_path = os.path.join(store.folder, "errors.xlsx")
    before = store.dump("d-before")
    answer = store.run("import", path, "--register", "visits", "--errors", fixed_path, "--json", code=1)
    told = json.loads(answer.stdout)
    checks.that("every planted error is told by row and column", {(e["row"], e["column"]) for e in told["errors"]} == wanted and told["refused"] == len({r for r, _ in wanted}), wanted ^ {(e["row"], e["column"]) for e in told["errors"]})
    checks.that("each says what is wrong and what to do", all(e["what"] and e["hint"] for e in told["errors"]))
    checks.that("nothing was kept", store.dump("d-after") == before)
    dry = json.loads(store.run("import", store.put("good.xlsx", Book([head] + good).bytes()), "--register", "visits", "--dry-run", "--json").stdout)
    checks.that("a dry run keeps nothing", dry["added"] == 40 and dry["import"] is None and store.dump("d-dry") == before, dry)
    # The error workbook, corrected cell by cell and uploaded as it is.
    with zipfile.ZipFile(fixed_path) as book:
        parts = {n: book.read(n) for n in book.namelist()}
    strings = re.findall(r"<si><t[^>]*>(.*?)</t></si>", parts["xl/sharedStrings.xml"].decode(), re.S)
    checks.that("the error workbook has the sentences", any("calendar" in s for s in strings) and "错误" in strings and b"<comment " in b"".join(v for k, v in parts.items() if "comments" in k))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    table = []
    for row in re.findall(r"<row r=\"(\d+)\".*?>(.*?)</row>", sheet, re.S):
        cells = {ref: strings[int(v)] for ref, v in re.findall(r'<c r="([A-Z]+)\d+"[^>]*t="s"[^>]*><v>(\d+)</v>', row[1])}
        table.append([cells.get(chr(65 + i)) for i in range(len(head) + 1)])
    for number, column in wanted:
        table[number - 1][head.index(column)] = good[number - 2][head.index(column)]
    answer = json.loads(store.run("import", store.put("fixed.xlsx", Book(table).bytes()), "--register", "visits", "--json").stdout)
    checks.that("corrected and uploaded again, it goes in", answer["added"] == 40 and answer["refused"] == 0, answer)
    first = answer["import"]
    again = json.loads(store.run("import", store.put("fixed.xlsx", Book(table).bytes()), "--register", "visits", "--json").stdout)
    checks.that("the same file twice adds nothing", again["added"] == 0 and again["unchanged"] == 40 and again["import"] is None, again)
    changed = [head] + [[*r[:1], r[1] + "改", *r[2:]] for r in good[:10]]
    second = json.loads(store.run("import", store.put("changed.xlsx", Book(changed).bytes()), "--register", "visits", "--json").stdout)
    checks.that("changed rows change", second["changed"] == 10 and second["added"] == 0, second)
    refused = store.run("import", "undo", str(first), code=5)
    checks.that("an import that was built upon is not taken back", "changed since" in refused.stderr, refused.stderr)
    store.run("import", "undo", str(second["import"]))
    store.run("import", "undo", str(first))
    after = store.dump("d-undone")
    same = {name for name in before if name not in ("history.csv", "imports.csv") and before[name] != after[name]}
    checks.that("undo brings every register back, byte by byte", not same, same)
    checks.that("history only grew", after["history.csv"].startswith(before["history.csv"]) and ",remove," in after["history.csv"])
    checks.that("twice is refused", store.run("import", "undo", str(first), code=5).returncode == 5)
    once_more = json.loads(store.run("import", store.put("good.xlsx", Book([head] + good).bytes()), "--register", "visits", "--json").stdout)
    checks.that("what was taken back can come again", once_more["added"] == 40, once_more)
    checks.that("check is clean", store.run("check").returncode == 0)
    out, back = os.path.join(store.folder, "d-last"), os.path.join(store.folder, "d-again")
    store.run("dump", out)
    other = stores.address(os.path.join(store.folder, "other.db"))
    subprocess.run([store.gongfu, "load", out, "--db", other], check=True, capture_output=True)
    subprocess.run([store.gongfu, "dump", back, "--db", other], check=True, capture_output=True)
    checks.that("dump, load, dump: the same bytes, imports too", subprocess.run(["diff", "-r", out, back], capture_output=True, check=False).returncode == 0)


def referred(store, checks):
    unit = json.loads(store.run("import", store.put("u.csv", "id,name\nu-imp,进口单位\n".encode()), "--register", "units", "--json").stdout)
    store.run("import", store.put("p.csv", "id,unit,place\np-imp,u-imp,330329102\n".encode()), "--register", "pairings")
    answer = store.run("import", "undo", str(unit["import"]), code=5)
    checks.that("what others refer to stays", "refers to" in answer.stderr and "p-imp" in answer.stderr, answer.stderr)


def money(store, checks):
    head = "entry,date,verb,kind,to_party,place,amount_fen,key,purpose\n"
    rows = head + "1,2024-05-01,投入,cash,u-sport,330329102,12300,imp-1,一\n2,2024-05-02,投入,cash,u-sport,330329102,4500,imp-2,二\n2,2024-05-02,投入,cash,u-sport,330329102,500,imp-2,二\n"
    before = json.loads(store.run("check", "--json").stdout)["entries"]
    code, bad = store.take("m.csv", (rows + "3,2024-05-03,投入,cash,u-nobody,,5,imp-3,三\n4,2024-05-04,投入,cash,u-sport,,-7,imp-4,四\n5,2024-05-05,投入,cash,u-sport,,9,imp-5,五\n").encode(), "entries")
    checks.that("wrong entries are all told", code == 1 and sorted({e["row"] for e in bad["errors"]}) == [5, 6], bad)
    code, good = store.take("m.csv", rows.encode(), "entries")
    checks.that("entries are booked", code == 0 and good["added"] == 2, good)
    store.run("import", "undo", str(good["import"]))
    answer = json.loads(store.run("check", "--json").stdout)
    checks.that("and taken back by reversals: nothing is deleted", answer["ok"] and answer["entries"] == before + 4, answer["entries"])


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(os.path.abspath(sys.argv[1]), folder)
        for part in (reading, long_numbers, encodings, damaged, headers, every_template, errors_and_undo, referred, money):
            part(store, checks)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


sys.exit(main())
