"""test_pages.py GONGFU: the public pages in a real Chromium with scripts switched off: both languages, three widths, dark,
every figure opens to what it stands on, nothing about a person or a household, no request to a stranger.

Pictures go to build/screens.
"""
import gzip
import os
import re
import shutil
import sys
import tempfile
import urllib.parse

from browser import Browser
import stores
from test_serve import ROOT, Checks, Server

SCREENS = os.path.join(ROOT, "build", "screens")
WIDTHS = [(1440, 1000), (1024, 900), (390, 844)]
PAGES = {"/": ["h1", ".columns .column", ".pairs li"], "/public/money": [".column .fig", "table tbody tr"], "/public/results": [".indicator", ".said li"]}
SCRIPT_BYTES_MAX = 60_000


def address(base, path, lang, programme=""):
    query = urllib.parse.urlencode({name: value for name, value in (("programme", programme), ("lang", lang if lang == "en" else "")) if value})
    return base.rstrip("/") + path + ("?" + query if query else "")


def look(browser, checks, base, lang, width, height, dark=False):
    for path, parts in PAGES.items():
        name = f"{path}, {lang}, {width} px{', dark' if dark else ''}"
        checks.that(f"{name}: stands", browser.open(address(base, path, lang), width, height, dark))
        missing = [part for part in parts if not browser.run(f"document.querySelectorAll({part!r}).length")]
        checks.that(f"{name}: has its parts", not missing, str(missing))
        checks.that(f"{name}: nothing is wider than the page", browser.run("document.documentElement.scrollWidth <= window.innerWidth"), str(browser.run("document.documentElement.scrollWidth")))
        checks.that(f"{name}: language of the page", browser.run("document.documentElement.lang") == ("zh-CN" if lang == "zh" else "en"))
        browser.shot(os.path.join(SCREENS, f"public{path.replace('/public', '').replace('/', '-').rstrip('-')}-{lang}-{width}{'-dark' if dark else ''}.png"))


def five_columns_stay_apart(browser, checks, base):
    browser.open(address(base, "/", "zh"), 1440, 1000)
    checks.that("five columns", browser.run("document.querySelectorAll('.column').length") == 5)
    checks.that("the sentence that says why", (browser.run("document.querySelector('.never').textContent") or "").startswith("五栏是五种不同的东西，从不相加"))
    signs = browser.run("[...document.querySelectorAll('.legend .sign i')].map((s) => s.textContent).join(' ')").split()
    checks.that("four signs, all different", len(signs) == 4 and len(set(signs)) == 4, str(signs))
    amounts = browser.run("[...document.querySelectorAll('.column[data-kind=cash] .fig')].map((f) => f.textContent).join('|')")
    checks.that("bounds stay what they are", "650余万元" in amounts and "700余万元" in amounts and "300万元" in amounts, amounts)


def every_figure(browser, server, checks, base, programme):
    """Each link of a figure leads to a page with the same value, its basis, and something under it."""
    links = set()
    for path in PAGES:
        browser.open(address(base, path, "zh", programme), 1440, 1000)
        links |= set(browser.run("[...document.querySelectorAll('a.fig')].map((a) => a.getAttribute('href')).join(' ')").split())
    opened, wrong = 0, []
    for link in sorted(links):
        answer, data = server.raw("GET", link)
        page = data.decode()
        good = answer.status == 200 and 'class="sign" data-basis="' in page and '<ul class="tree"><li>' in page and "equal bad" not in page
        opened += good
        wrong += [] if good else [link]
    checks.that(f"{programme or 'usual programme'}: each of {len(links)} figures opens", len(links) > 20 and opened == len(links), str(wrong[:5]))


def a_figure_by_hand(browser, checks, base):
    browser.open(address(base, "/", "zh"), 390, 844)
    box = browser.run("(() => { const a = document.querySelector('.column[data-kind=cash] a.fig'); a.scrollIntoView({ block: 'center' }); const b = a.getBoundingClientRect();"
                      " return [b.left + b.width / 2, b.top + b.height / 2, a.firstChild.textContent]; })()")
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
    checks.that("a tap on a number opens its page", browser.until("location.pathname.startsWith('/public/figure/') && document.readyState === 'complete'"))
    checks.that("which shows the number", browser.until(f"(document.querySelector('h1.big') || {{}}).textContent === {box[2]!r}"), str(browser.run("(document.querySelector('h1.big') || {}).textContent")))
    browser.shot(os.path.join(SCREENS, "public-figure-zh-390.png"))


def demo_says_so(browser, checks, base):
    for lang, word in (("zh", "虚构"), ("en", "invented")):
        browser.open(address(base, "/", lang, "taishun-demo"), 1440, 1000)
        checks.that(f"the demo programme says that it is invented, {lang}", word in (browser.run("(document.querySelector('.demo') || {}).textContent") or ""))
    browser.open(address(base, "/", "zh"), 1440, 1000)
    checks.that("the real one does not", not browser.run("!!document.querySelector('.demo')"))


def nobody_is_named(server, checks, base):
    """No household, no person: neither their ids nor any text of their registers, on any page or figure."""
    secrets = [row[0] for table in ("persons", "households") for row in stores.execute(server.db, f"SELECT id FROM {table}")]
    pages = ""
    for programme in ("", "taishun-demo"):
        for lang in ("zh", "en"):
            for path in PAGES:
                pages += server.raw("GET", address("", path, lang, programme))[1].decode()
    found = [secret for secret in secrets if re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", pages)]
    checks.that(f"none of {len(secrets)} persons and households is on a public page", len(secrets) > 5 and not found, str(found[:5]))


def weight(server, checks):
    scripts = styles = 0
    for path in PAGES:
        page = server.raw("GET", path)[1].decode()
        scripts += sum(len(gzip.compress(server.raw("GET", source)[1])) for source in re.findall(r'<script[^>]*src="([^"]+)"', page))
        scripts += sum(len(gzip.compress(inside.encode())) for inside in re.findall(r"<script[^>]*>(.+?)</script>", page, re.S))
        styles = max(styles, *(len(gzip.compress(server.raw("GET", source)[1])) for source in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)))
    checks.that(f"scripts of the public pages: {scripts} bytes, below {SCRIPT_BYTES_MAX}", scripts < SCRIPT_BYTES_MAX)
    checks.that(f"their style sheet: {styles} bytes", 0 < styles < SCRIPT_BYTES_MAX)


def main():
    gongfu = os.path.abspath(sys.argv[1])
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        print("SKIP pages: no Chromium on this machine")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    os.makedirs(SCREENS, exist_ok=True)
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        server, browser = Server(gongfu, folder), Browser()
        base = server.address
        try:
            browser.without_scripts()
            for lang in ("zh", "en"):
                for width, height in WIDTHS:
                    look(browser, checks, base, lang, width, height)
            look(browser, checks, base, "zh", 1440, 1000, dark=True)
            five_columns_stay_apart(browser, checks, base)
            every_figure(browser, server, checks, base, "")
            every_figure(browser, server, checks, base, "taishun-demo")
            a_figure_by_hand(browser, checks, base)
            demo_says_so(browser, checks, base)
            nobody_is_named(server, checks, base)
            weight(server, checks)
            strangers = [url for url in browser.asked() if not url.startswith((base, "about:", "data:"))]
            checks.that("no request leaves the host", not strangers, str(strangers[:3]))
            checks.that("no complaint in the console", not browser.complaints(), str(browser.complaints()[:3]))
        finally:
            browser.close()
            server.stop()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
