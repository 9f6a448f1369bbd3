"""iati_rules.py [--codelists DIR] [--today D] RULES.json FILE.xml...: holds IATI files against a ruleset, standard library only.
   iati_rules.py --cases DIR: holds this checker against examples with a known verdict (DIR/MANIFEST.csv). Exit 1 when something is broken.

Written from the ruleset language's own description. Where a path finds several dates, each is held, not the first alone. A
rule over identifiers of known organisations is asked only where the codelists are given.
"""
import argparse
import csv
import datetime
import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from decimal import Decimal, InvalidOperation

from xpath import Document, boolean, text_of

DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
INSTANT = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?")


class Lists:
    """Codes by list, from a folder with embedded/ and nonembedded/."""
    def __init__(self, folder):
        self.codes = {}
        for part in ("embedded", "nonembedded") if folder else ():
            for name in sorted(os.listdir(os.path.join(folder, part))):
                root = ET.parse(os.path.join(folder, part, name)).getroot()
                self.codes[root.get("name")] = {item.findtext("code") for item in root.iter("codelist-item")}
        self.agencies = self.codes.get("OrganisationRegistrationAgency", set())
        self.known = self.codes.get("OrganisationIdentifier", set()) | self.codes.get("IATIOrganisationIdentifier", set())


class Rules:
    def __init__(self, document, lists, today):
        self.document, self.lists, self.today = document, lists, today

    def all(self, node, case):
        return [n for path in case["paths"] for n in self.document.nodes(path, node)]

    def texts(self, node, case):
        return [text_of(n) for n in self.all(node, case)]

    def known(self, case, value):
        """Rules on the form of identifiers do not apply to organisations that the standard lists."""
        condition = case.get("idCondition")
        if condition == "NOT_EXISTING_ORG_ID":
            return value in self.lists.known
        return condition == "NOT_EXISTING_ORG_ID_PREFIX" and any(value.startswith(k + "-") for k in self.lists.known)

    # ---- how many ----
    def atleast_one(self, node, case):
        return len(self.all(node, case)) >= 1

    def no_more_than_one(self, node, case):
        return len(self.all(node, case)) <= 1

    def only_one_of(self, node, case):
        found = len(self.all(node, case))
        return found == 0 if any(self.document.nodes(path, node) for path in case["excluded"]) else found == 1

    only_one = no_more_than_one

    def dependent(self, node, case):
        found = [bool(self.document.nodes(path, node)) for path in case["paths"]]
        return all(found) or not any(found)

    def unique(self, node, case):
        found = self.texts(node, case)
        return len(found) == len(set(found))

    def one_or_all(self, node, case):
        if self.document.nodes(case["one"], node):
            return True
        wants = {"lang": ("descendant::narrative", "@xml:lang"), "sector": ("transaction", "sector")}
        if case["all"] in wants:
            every, has = wants[case["all"]]
            return all(self.document.nodes(has, n) for n in self.document.nodes(every, node))
        if case["all"] == "currency":
            return all(self.document.nodes("@currency", n) for name in ("value", "forecast", "loan-status") for n in self.document.nodes("descendant::" + name, node))
        return all(self.document.nodes(case["all"], n) for n in node)

    # ---- numbers ----
    def decimals(self, node, case):
        try:
            return [Decimal(t.strip()) for t in self.texts(node, case)]
        except InvalidOperation:
            return None

    def sum(self, node, case):
        found = self.decimals(node, case)
        return None if found == [] else found is not None and sum(found) == Decimal(str(case["sum"]))

    def strict_sum(self, node, case):
        found = self.decimals(node, case)
        return found is not None and sum(found) == Decimal(str(case["sum"]))

    def range(self, node, case):
        found = self.decimals(node, case)
        return found is not None and all(Decimal(str(case.get("min", v))) <= v <= Decimal(str(case.get("max", v))) for v in found)

    # ---- days ----
    def days(self, node, path):
        if path in ("NOW", "TODAY"):
            return [self.today]
        return [datetime.date(*map(int, m.groups())) for m in (DATE.match(text_of(n)) for n in self.document.nodes(path, node)) if m]

    def date_order(self, node, case):
        less, more = self.days(node, case["less"]), self.days(node, case["more"])
        return all(a <= b for a in less for b in more) if less and more else None

    def time_limit(self, node, case):
        def year_later(day):
            return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else datetime.date(day.year + 1, 3, 1)
        start, end = self.days(node, case["start"]), self.days(node, case["end"])
        return all(b <= year_later(a) for a, b in zip(start, end)) if start and end else None

    def date_now(self, node, case):
        now = datetime.datetime.combine(self.today + datetime.timedelta(days=1), datetime.time(), datetime.timezone.utc)
        for n in self.document.nodes(case["date"], node):
            m = INSTANT.match(text_of(n))
            if not m:
                return False
            zone = m.group(7) or "Z"
            offset = datetime.timedelta() if zone == "Z" else (1 if zone[0] == "+" else -1) * datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            if datetime.datetime(*map(int, m.groups()[:6]), tzinfo=datetime.timezone.utc) - offset >= now:
                return False
        return True

    def between_dates(self, node, case):
        dates, start, end = (self.days(node, case[k]) for k in ("date", "start", "end"))
        return all(start[0] <= d <= end[0] for d in dates) if dates and start and end else None

    # ---- text ----
    def regex_matches(self, node, case):
        return all(re.search(case["regex"], t) for t in self.texts(node, case) if not self.known(case, t))

    def regex_no_matches(self, node, case):
        return not any(re.search(case["regex"], t) for t in self.texts(node, case))

    def no_spaces(self, node, case):
        return all(t == t.strip() for t in self.texts(node, case))

    def no_percent(self, node, case):
        return all("%" not in t for t in self.texts(node, case))

    def startswith(self, node, case):
        wanted = case["prefix"] if "prefix" in case else [case["start"]]
        if wanted == ["ORG-ID-PREFIX"]:
            if not self.lists.agencies:
                return None
            starts = [a + "-" for a in self.lists.agencies]
        else:
            starts = [text_of(n) + case.get("separator", "") for path in wanted for n in self.document.nodes(path, node)]
        return all(any(t.startswith(s) for s in starts) for t in self.texts(node, case) if not self.known(case, t))

    # ---- rules made of rules ----
    def if_then(self, node, case):
        return boolean(self.document.value(case["then"], node)) if boolean(self.document.value(case["if"], node)) else None

    def evaluate(self, node, case):
        return all(boolean(self.document.value(e, node)) for e in case.get("eval", case.get("paths", [])))

    def loop(self, node, case):
        broken = []
        for value in sorted({text_of(n) for n in self.document.nodes(case["foreach"], node)}):
            broken += [b for name, sub in replaced(case["do"], value).items() for c in sub["cases"] for b in self.run(name, node, c)]
        return broken

    def run(self, name, node, case):
        """The cases that are broken: none when the rule holds or does not apply."""
        if "condition" in case and not boolean(self.document.value(case["condition"], node)):
            return []
        if not hasattr(self, name):
            raise ValueError(f"rule {name} is not known")
        result = getattr(self, name)(node, case)
        return result if isinstance(result, list) else [] if result is None or result else [(name, case)]


def replaced(value, by):
    if isinstance(value, str):
        return value.replace("$1", by)
    if isinstance(value, list):
        return [replaced(v, by) for v in value]
    return {k: replaced(v, by) for k, v in value.items()} if isinstance(value, dict) else value


def broken_rules(ruleset, root, lists, today):
    """(how often a rule was asked, [(id, severity, message, activity)])"""
    document = Document(root)
    rules, asked, broken = Rules(document, lists, today), 0, []
    for context, by_name in ruleset.items():
        for node in document.nodes(context):
            for name, cases in by_name.items():
                for case in cases["cases"]:
                    asked += 1
                    for rule, bad in rules.run(name, node, case):
                        info = bad.get("ruleInfo", {})
                        broken.append((info.get("id", rule), info.get("severity", "error"), info.get("message", json.dumps(bad, ensure_ascii=False)), identifier(document, node)))
    return asked, broken


def identifier(document, node):
    while id(node) in document.parent and node.tag not in ("iati-activity", "iati-organisation"):
        node = document.parent[id(node)]
    return (node.findtext("iati-identifier") or node.findtext("organisation-identifier") or "").strip()


def wrong_codes(folder, root, lists):
    """Codes that stand in none of their codelist, by the mapping of the standard."""
    document, wrong = Document(root), []
    for mapping in ET.parse(os.path.join(folder, "mapping.xml")).getroot():
        path, name, condition = mapping.findtext("path"), mapping.find("codelist").get("ref"), mapping.findtext("condition")
        owner, _, leaf = path.rpartition("/")
        for node in document.nodes("//*" if owner == "/" else owner) if name in lists.codes else ():
            if condition and not boolean(document.value(condition, node)):
                continue
            wrong += [(name, text_of(n), path) for n in document.nodes(leaf, node) if text_of(n) not in lists.codes[name]]
    return wrong


def run_cases(folder):
    passed = failed = 0
    with open(os.path.join(folder, "MANIFEST.csv"), encoding="utf-8") as file:
        rows = [r for r in csv.reader(file) if len(r) > 4 and r[4].startswith("ruleset-cases/")]
    for name, _, _, expected, rules, *_ in rows:
        with open(os.path.join(folder, rules), encoding="utf-8") as file:
            ruleset = json.load(file)
        _, broken = broken_rules(ruleset, ET.parse(os.path.join(folder, name)).getroot(), Lists(None), datetime.date.today())
        ok = (expected == "valid") == (not broken)
        print(f"{'ok  ' if ok else 'FAIL'} {os.path.basename(rules)} {os.path.basename(name)}: {expected}")
        passed, failed = passed + ok, failed + (not ok)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 0 if passed and not failed else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--codelists")
    parser.add_argument("--cases")
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.today())
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    if args.cases:
        return run_cases(args.cases)
    lists, trouble = Lists(args.codelists), 0
    with open(args.files[0], encoding="utf-8") as file:
        ruleset = json.load(file)
    for path in args.files[1:]:
        root = ET.parse(path).getroot()
        asked, broken = broken_rules(ruleset, root, lists, args.today)
        codes = wrong_codes(args.codelists, root, lists) if args.codelists else []
        for rule, severity, message, where in broken:
            print(f"{path}: {severity} {rule} {where}: {message}")
        for name, code, where in codes:
            print(f"{path}: code {code!r} is not in {name} ({where})")
        print(f"{path}: asked {asked} times, {len(broken)} broken, {len(codes)} codes wrong")
        trouble += len(broken) + len(codes)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
