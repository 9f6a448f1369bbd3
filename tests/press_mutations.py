"""Altered copies of a text: each figure in turn is changed, and the press check must notice.

press_mutations.py GONGFU [--all]: loads data/taishun into a store of its own, checks the article, then more than 300
copies of it: a digit raised or lowered by one, 万 for 亿, 余 added or dropped, a year moved, a measure word changed, a
village or organisation exchanged at every mention in its paragraph. A copy is caught when the edited number (or, for a
year or a name, a figure that it governs) comes out different or without_basis; at least 99 % must be. Numbers that the
edit does not govern must keep their verdict.
"""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

import stores

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
ARTICLE = os.path.join(SHARED, "source", "000_9c942900e60ca39d.txt")
TOKENS = os.path.join(SHARED, "data", "taishun", "tokens.csv")
TROUBLE = ("different", "without_basis")
GOAL = 0.99


def press(gongfu, db, text):
    run = subprocess.run([gongfu, "press", "-", "--programme", "taishun", "--json", "--db", db], input=text.encode(), capture_output=True, check=False)
    if run.returncode not in (0, 1):
        raise SystemExit(run.stderr.decode())
    return json.loads(run.stdout)["tokens"]


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same_verdicts(before, after, edited_line, governed, shift):
    """Tokens outside the governed ones keep their verdict; returns those that do not."""
    def key(token, column_shift):
        return token["line"], token["column"] + (column_shift if token["line"] == edited_line else 0)
    now = {(t["line"], t["column"]): t["verdict"] for t in after}
    broken = []
    for token in before:
        if (token["line"], token["column"]) in governed:
            continue
        places = [key(token, 0), key(token, shift)]
        if not any(now.get(place) == token["verdict"] for place in places):
            broken.append(token)
    return broken


class Copies:
    """Makes the copies: (what, text, edited line, expected columns or None for any governed, governed set, shift)."""

    def __init__(self, text, tokens, expected):
        self.lines = text.split("\n")
        self.tokens = tokens
        self.expected = {(int(e["line"]), int(e["column"])): e for e in expected}

    def with_edit(self, line, column, old, new):
        source = self.lines[line - 1]
        assert source[column - 1:column - 1 + len(old)] == old, (line, column, old)
        lines = list(self.lines)
        lines[line - 1] = source[:column - 1] + new + source[column - 1 + len(old):]
        return "\n".join(lines), len(new) - len(old)

    def figures(self):
        for token in self.tokens:
            row = self.expected.get((token["line"], token["column"]))
            if not row or row["verdict"] == "not_a_figure" or row["text"] in ("首", "唯一"):
                continue
            if row["verdict"] != "stated_only":
                continue
            yield token, row

    def governed_by_year(self, token):
        """Figures behind a year in its sentence, up to the next year."""
        text = self.lines[token["line"] - 1]
        behind = {(token["line"], token["column"])}
        for other in self.tokens:
            if other["line"] == token["line"] and other["column"] > token["column"]:
                between = text[token["column"] - 1:other["column"] - 1]
                if "。" in between or ";" in between:
                    break
                behind.add((other["line"], other["column"]))
        return behind

    def digits(self):
        for token, row in self.figures():
            if row["kind"] == "date":
                continue
            place = (token["line"], token["column"])
            for at, digit in enumerate(token["text"]):
                chinese = "零一二三四五六七八九"
                table = "0123456789" if digit.isdigit() and digit.isascii() else chinese
                shown = "二" if digit == "两" else digit
                if shown not in table:
                    continue
                for step in (-1, 1):
                    value = table.index(shown) + step
                    if value < 0 or value > 9 or (at == 0 and value == 0):
                        continue
                    new = token["text"][:at] + table[value] + token["text"][at + 1:]
                    text, shift = self.with_edit(token["line"], token["column"], token["text"], new)
                    governed = self.governed_by_year(token) if row["kind"] == "year" else {place}
                    yield f"digit {token['text']}→{new} at {place}", text, token["line"], governed, shift

    def magnitudes(self):
        for token, row in self.figures():
            for old, new in (("万", "亿"), ("亿", "万")):
                if not token["unit"].startswith(old):
                    continue
                source = self.lines[token["line"] - 1]
                column = source.index(token["unit"], token["column"] - 1) + 1
                text, shift = self.with_edit(token["line"], column, old, new)
                yield f"{token['text']}{token['unit']}: {old}→{new}", text, token["line"], {(token["line"], token["column"])}, shift

    def bounds(self):
        for token, row in self.figures():
            if row["kind"] != "figure" or float(row["value"]) < 10:
                continue
            place = (token["line"], token["column"])
            source, end = self.lines[token["line"] - 1], token["column"] - 1 + len(token["text"])
            if source[end] in "余多":
                text, shift = self.with_edit(token["line"], end + 1, source[end], "")
                yield f"{token['text']}: bound dropped", text, token["line"], {place}, shift
            elif row["bound"] == "exact" and row["unit"]:
                text, shift = self.with_edit(token["line"], end + 1, "", "余")
                yield f"{token['text']}: 余 added", text, token["line"], {place}, shift

    def measures(self):
        change = {"户": "人", "人": "户", "座": "户", "家": "户", "名": "户", "千瓦": "亩", "平方米": "亩", "倍": "年"}
        for token, row in self.figures():
            if row["kind"] != "figure" or token["unit"] not in change:
                continue
            source = self.lines[token["line"] - 1]
            column = source.index(token["unit"], token["column"] - 1) + 1
            text, shift = self.with_edit(token["line"], column, token["unit"], change[token["unit"]])
            yield f"{token['text']}{token['unit']}→{change[token['unit']]}", text, token["line"], {(token["line"], token["column"])}, shift

    def names(self, facts):
        """Exchange a village or unit by another one; governed are the figures of facts with that who or where."""
        villages = ["玉岩村", "村尾村", "台边村", "百福岩村", "新庄村", "卢梨村", "葛垟村", "月湖村", "峰门村", "百丈镇"]
        units = ["省委网信办", "省体育局", "中国计量大学", "浙江外国语学院", "温州职业技术学院", "中国电建集团华东勘测设计院", "中国铁塔浙江分公司", "省农业发展银行", "滨江区", "鹿城区"]
        forms = {"省农业发展银行": ["农发行浙江省分行"], "中国电建集团华东勘测设计院": ["中国电建集团华东勘测设计院", "华东勘测设计院"]}
        for pool, column in ((villages, "where"), (units, "who")):
            for number, line in enumerate(self.lines, 1):
                for name in pool:
                    if name not in line:
                        continue
                    mine = {f["id"] for f in facts if int(f["line"]) == number and any(form in f[column] for form in forms.get(name, [name]))
                            and (column == "where" or ";" not in f["who"])}
                    governed = {(t["line"], t["column"]) for t in self.tokens if t["line"] == number and self.expected.get((t["line"], t["column"]), {}).get("fact") in mine
                                and self.expected[(t["line"], t["column"])]["verdict"] == "stated_only"}
                    joint = {(t["line"], t["column"]) for t in self.tokens if t["line"] == number}
                    for other in pool:
                        if other == name or other in line or not governed:
                            continue
                        lines = list(self.lines)
                        lines[number - 1] = line.replace(name, other)
                        yield f"{name}→{other} in line {number}", "\n".join(lines), number, joint, governed


def main():
    gongfu = sys.argv[1]
    if not os.path.exists(ARTICLE):
        print("SKIP press_mutations: ../shared is not there")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        db = stores.address(os.path.join(folder, "press.db"))
        subprocess.run([gongfu, "load", os.path.join(ROOT, "data", "taishun"), "--db", db, "--json"], check=True, capture_output=True)
        with open(ARTICLE, encoding="utf-8", newline="") as file:
            text = file.read()
        expected = read_csv(TOKENS)
        tokens = press(gongfu, db, text)
        copies = Copies(text, tokens, expected)
        made = caught = quiet = 0
        problems = []
        edits = [copies.digits(), copies.magnitudes(), copies.bounds(), copies.measures()]
        for what, altered, line, governed, shift in (edit for kind in edits for edit in kind):
            after = press(gongfu, db, altered)
            made += 1
            near = {t["verdict"] for t in after if any(t["line"] == g[0] and t["column"] in (g[1], g[1] + shift) for g in governed)}
            if near & set(TROUBLE):
                caught += 1
            else:
                problems.append(f"not caught: {what}")
            broken = same_verdicts(tokens, after, line, governed, shift)
            quiet += not broken
            problems += [f"{what}: {b['text']} at {b['line']}:{b['column']} changed its verdict" for b in broken]
        facts = read_csv(os.path.join(SHARED, "data", "taishun", "facts.csv"))
        for what, altered, line, joint, governed in copies.names(facts):
            after = press(gongfu, db, altered)
            made += 1
            in_line = [t for t in after if t["line"] == line]
            before = [t for t in tokens if t["line"] == line]
            hit = any(a["verdict"] in TROUBLE and b["text"] == a["text"] and (b["line"], b["column"]) in governed for a, b in zip(in_line, before))
            caught += hit
            if not hit:
                problems.append(f"not caught: {what}")
            broken = same_verdicts(tokens, after, line, joint, 0)
            broken += [b for a, b in zip(in_line, before) if (b["line"], b["column"]) not in governed and a["verdict"] != b["verdict"]]
            quiet += not broken
            problems += [f"{what}: {b['text']} at {b['line']}:{b['column']} changed its verdict" for b in broken]
        print(f"copies {made}, caught {caught} ({caught / made:.2%}), others kept in {quiet}")
        for problem in problems[:40]:
            print("  " + problem)
        checks = [("at least 300 copies", made >= 300), ("99 % caught", caught >= GOAL * made), ("others keep their verdict", quiet == made)]
        for name, ok in checks:
            print(("ok   " if ok else "FAIL ") + name)
            passed += ok
            failed += not ok
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
