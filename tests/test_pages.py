"""test_pages.py GONGFU: the page in a real Chromium: both languages, three widths, every figure opens, the press check marks.

Pictures go to build/screens.
"""
import os
import shutil
import sys
import tempfile

from browser import Browser
from test_serve import ROOT, Checks, Server

SCREENS = os.path.join(ROOT, "build", "screens")
WIDTHS = [(1440, 1000), (1024, 900), (390, 844)]
TEXT = "省体育局驻村工作组助推泰顺县百丈镇发展,取得帮扶资金300万元。\\n省体育局在百丈镇取得帮扶资金310万元。\\n另有9000米彩虹步道建成,5G信号覆盖全村。"
OPEN = "document.getElementById('proof').open"


def look(browser, checks, base, lang, width, height):
    name = f"{lang}, {width} px"
    checks.that(f"{name}: the report stands", browser.open(f"{base}?lang={lang}", width, height))
    checks.that(f"{name}: nothing is wider than the page", browser.run("document.documentElement.scrollWidth <= window.innerWidth"), str(browser.run("document.documentElement.scrollWidth")))
    checks.that(f"{name}: five columns", browser.run("document.querySelectorAll('.column').length") == 5)
    checks.that(f"{name}: language of the page", browser.run("document.documentElement.lang") == ("zh-CN" if lang == "zh" else "en"))
    browser.shot(os.path.join(SCREENS, f"report-{lang}-{width}.png"))
    browser.run("document.querySelector('.column .fig').click()")
    checks.that(f"{name}: a figure opens its tree", browser.until(f"{OPEN} && document.querySelectorAll('#proof .node').length > 1"))
    checks.that(f"{name}: recomputed and equal", browser.run("document.querySelector('.equal') && !document.querySelector('.equal.bad')"))
    browser.shot(os.path.join(SCREENS, f"proof-{lang}-{width}.png"))
    browser.key("Escape", 27)
    checks.that(f"{name}: Escape closes it", browser.until(f"!{OPEN}"))


def every_figure(browser, checks, base, programme):
    browser.open(base + "?lang=zh", 1440, 1000)
    if programme:
        browser.run(f"const s = document.getElementById('programme'); s.value = '{programme}'; s.dispatchEvent(new Event('change'))")
        checks.that("demo says that it is invented", browser.until("!document.getElementById('demo').hidden") and "虚构" in browser.run("document.getElementById('demo').textContent"))
        browser.shot(os.path.join(SCREENS, "report-demo-1440.png"))
    count = browser.run("document.querySelectorAll('.fig').length")
    opened = browser.run("""(async () => {
        let opened = 0;
        const seen = new Set();
        for (const button of document.querySelectorAll('.fig')) {
            if (seen.has(button.dataset.figure)) { opened++; continue; }
            seen.add(button.dataset.figure);
            button.click();
            for (let i = 0; i < 400 && !document.querySelector('#proof .node'); i++) await new Promise((done) => setTimeout(done, 10));
            opened += document.querySelectorAll('#proof .node').length > 0 && !document.querySelector('.equal.bad');
            document.getElementById('proof').close();
            document.getElementById('proof-body').replaceChildren();
        }
        return opened; })()""")
    checks.that(f"{programme or 'taishun'}: each of {count} numbers opens", count > 50 and opened == count, f"{opened} of {count}")


def press(browser, checks, base, width, height):
    browser.open(base + "?lang=zh", width, height)
    browser.run("document.getElementById('tab-press').click()")
    browser.run(f"document.getElementById('text').value = '{TEXT}'; document.getElementById('go').click()")
    checks.that(f"{width} px: numbers are marked", browser.until("document.querySelectorAll('.mark').length === 4"), str(browser.run("document.querySelectorAll('.mark').length")))
    verdicts = browser.run("[...document.querySelectorAll('.mark')].map((m) => m.classList[1]).join()")
    checks.that(f"{width} px: with their verdicts", verdicts == "stated_only,different,without_basis,not_a_figure", verdicts)
    checks.that(f"{width} px: the text is whole", browser.run("document.getElementById('checked').textContent.includes('取得帮扶资金310万元')"))
    browser.shot(os.path.join(SCREENS, f"press-{width}.png"))
    checks.that(f"{width} px: a unit belongs to its mark", browser.run("document.querySelectorAll('.mark')[1].textContent") == "310万元")
    checks.that(f"{width} px: what needs a hand is listed", browser.run("document.querySelectorAll('.trouble li').length") == 2)
    browser.run("document.querySelector('button.count.different').click()")
    checks.that(f"{width} px: a count leads to its mark", browser.run("document.activeElement.classList.contains('mark') && document.activeElement.classList.contains('different')"))
    browser.run("document.querySelectorAll('.mark')[1].click()")
    checks.that(f"{width} px: a mark tells why and opens ours", browser.until("!!document.querySelector('#proof .node') && document.querySelector('#proof-body').textContent.includes('300万元')"))


def by_keyboard(browser, checks, base):
    browser.open(base + "?lang=zh", 1024, 900)
    browser.run("document.querySelector('.column .fig').focus()")
    browser.key("Enter", 13)
    checks.that("Enter opens a figure", browser.until(f"{OPEN} && !!document.querySelector('#proof .node')"))
    browser.key("Escape", 27)
    checks.that("and the focus comes back", browser.until(f"!{OPEN} && document.activeElement.classList.contains('fig')"))
    browser.run("document.getElementById('tab-report').focus()")
    browser.key("ArrowRight", 39)
    checks.that("arrows change the tab", browser.until("document.activeElement.id === 'tab-press' && !document.getElementById('view-press').hidden"))


def addresses(browser, checks, base):
    """What is on the screen has an address; a shared one opens the same figure in the same language."""
    browser.open(base + "?lang=en&programme=taishun-demo", 1440, 1000)
    checks.that("an address names a programme", browser.run("document.getElementById('programme').value") == "taishun-demo" and not browser.run("document.getElementById('demo').hidden"))
    figure = browser.run("document.querySelector('.fig').dataset.figure")
    browser.run("document.querySelector('.fig').click()")
    checks.that("an open figure is in the address", browser.until("location.hash.startsWith('#figure=')"))
    address = browser.run("location.href")
    browser.call("Page.navigate", url="about:blank")  # else only the part behind # would change
    browser.open(address, 1440, 1000)
    checks.that("the address opens the figure again", browser.until(f"{OPEN} && !!document.querySelector('#proof .node')") and figure in browser.run("document.getElementById('proof-body').textContent"))
    browser.run("document.getElementById('close').click(); document.getElementById('lang').click()")
    checks.that("the other language keeps the programme", browser.until("document.documentElement.lang === 'zh-CN' && location.search.includes('lang=zh') && document.querySelector('h1').textContent.includes('演示')"))


def five_columns_stay_apart(browser, checks, base):
    """Every column shows the same stages, a dash where one is not told, and no number of the page is a sum across kinds."""
    browser.open(base + "?lang=zh", 1440, 1000)
    stages = browser.run("[...document.querySelectorAll('.column')].map((c) => [...c.querySelectorAll('dt')].map((d) => d.textContent).join()).join('|')").split("|")
    checks.that("five columns, the same rows", len(stages) == 5 and len(set(stages)) == 1 and stages[0], str(stages))
    checks.that("rows stand on one line", browser.run("[...document.querySelectorAll('.column')].every((c) => Math.abs(c.querySelectorAll('.row')[2].getBoundingClientRect().top - document.querySelectorAll('.column .row')[2].getBoundingClientRect().top) < 1)"))
    checks.that("a stage that is not told is a dash", browser.run("[...document.querySelectorAll('.column .unknown dd')].every((d) => d.textContent.startsWith('—') && !d.querySelector('.fig'))"))
    checks.that("the sentence that says why", browser.run("document.querySelector('.never').textContent").startswith("五栏分列，从不相加"))
    signs = browser.run("[...document.querySelectorAll('.legend .shape')].map((s) => getComputedStyle(s, '::before').content).join(' ')").split()
    checks.that("four signs, all different", len(signs) == 4 and len(set(signs)) == 4, str(signs))


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
            for lang in ("zh", "en"):
                for width, height in WIDTHS:
                    look(browser, checks, base, lang, width, height)
            every_figure(browser, checks, base, "")
            every_figure(browser, checks, base, "taishun-demo")
            press(browser, checks, base, 1440, 1000)
            press(browser, checks, base, 390, 844)
            by_keyboard(browser, checks, base)
            addresses(browser, checks, base)
            five_columns_stay_apart(browser, checks, base)
            browser.open(base + "?lang=zh", 1440, 1000, dark=True)
            browser.shot(os.path.join(SCREENS, "report-dark-1440.png"))
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
