"""bench_import.py GONGFU [ROWS]: an .xlsx of 100,000 visits into the register and out again. Markdown on standard output."""
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile

COLUMNS = ["id", "name", "units", "place", "period", "occasion", "seen", "agreed", "quantity", "quantity_unit", "note"]


def workbook(path, rows):
    """A workbook with inline strings, written by hand."""
    def cell(ref, value):
        return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'
    letters = [chr(65 + i) for i in range(len(COLUMNS))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        book.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b'<?xml version="1.0"?><worksheet><sheetData><row r="1">')
            sheet.write("".join(cell(f"{letters[i]}1", name) for i, name in enumerate(COLUMNS)).encode())
            sheet.write(b"</row>")
            for n in range(rows):
                values = [f"v-{n:06d}", f"走访第{n}户", "u-sport", "330329102", f"2024-{n % 12 + 1:02d}-05", "春节慰问", "屋顶已修好", "下月送种子", str(n % 7 + 1), "次", ""]
                sheet.write((f'<row r="{n + 2}">' + "".join(cell(f"{letters[i]}{n + 2}", v) for i, v in enumerate(values) if v) + "</row>").encode())
            sheet.write(b"</sheetData></worksheet>")


def main():
    gongfu, rows = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    print(f"## Files from Excel (`bench/bench_import.py`): {rows:,} rows × {len(COLUMNS)} columns\n\n| step | seconds | goal | memory |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        db, path = "sqlite:" + os.path.join(folder, "t.db"), os.path.join(folder, "v.xlsx")
        subprocess.run([gongfu, "load", os.path.join(root, "data", "taishun"), "--db", db], check=True, capture_output=True)
        workbook(path, rows)
        for name, goal, command in (("check (dry run)", "", ["import", path, "--register", "visits", "--dry-run"]), ("import", "< 10", ["import", path, "--register", "visits"]),
                                    ("import again: nothing to do", "", ["import", path, "--register", "visits"]), ("undo", "", ["import", "undo", "1"])):
            begun = time.perf_counter()
            subprocess.run([gongfu, *command, "--db", db], check=True, capture_output=True)
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"| {name} | {time.perf_counter() - begun:.1f} | {goal} | {peak:.0f} MB (highest so far) |", flush=True)
        code = subprocess.run([gongfu, "check", "--db", db], capture_output=True, check=False).returncode
        print(f"\nCheck behind it: exit {code}.")


main()
