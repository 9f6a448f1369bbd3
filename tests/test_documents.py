"""test_documents.py GONGFU: documents out. What is printed holds every amount of the report, and the same report gives the same bytes."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

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
    run = subprocess.run([GONGFU, *args, "--db", "sqlite:" + db], capture_output=True, check=False)
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


def formats(checks, db):
    for args in (("report", "--format", "doc"), ("statement", "group", "--format", "md")):
        run = subprocess.run([GONGFU, *args, "--json", "--db", "sqlite:" + db], capture_output=True, check=False)
        checks.that(f"{' '.join(args)}: refused, with what there is", run.returncode == 2 and not run.stdout and b"pdf" in run.stderr)


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        db = os.path.join(folder, "books.db")
        for name in ("calendar", "taishun", "demo"):
            gongfu(db, "load", os.path.join(ROOT, "data", name))
        formats(checks, db)
        pdf(checks, db, folder)
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
