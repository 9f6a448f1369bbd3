// The report, the trees under its figures, and the press check. No framework: two views and one dialog.
// The server is asked again for each view; what it answers is written with textContent only, never as markup.
"use strict";

const BASES = ["derived", "documented", "stated", "none"];
const VERDICTS = { found: "✓", stated_only: "◇", different: "≠", without_basis: "?", not_a_figure: "·" };
const TROUBLE = ["different", "without_basis"];
const CHILDREN_SHOWN = 30;  // of one node; the rest opens in steps, so that a total over a year stays readable

const query = new URLSearchParams(location.search);
const state = { lang: pickLanguage(), programme: query.get("programme") || "", report: null, turn: 0, opening: 0 };
const $ = (id) => document.getElementById(id);
const w = () => WORDS[state.lang];

// ---- small things ----

// Storage may be forbidden by the browser: the choice then lasts as long as the page.
function remembered() {
  try { return localStorage.getItem("lang"); } catch (error) { return null; }
}

function remember(lang) {
  try { localStorage.setItem("lang", lang); } catch (error) { /* not kept */ }
}

function pickLanguage() {
  const asked = query.get("lang") || remembered();
  return asked === "en" ? "en" : "zh";
}

function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error([body.where, body.detail, body.hint].filter(Boolean).join(" "));
  return body;
}

function failure(error, retry) {
  const words = w();
  return el("p", { class: "failed", role: "alert" }, `${words.failed}${words.colon}${error.message} `, el("button", { class: "plain", type: "button", onclick: retry }, words.again));
}

// ---- values ----

function writeNumber(value) {
  const [whole, part] = String(value).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
}

const SIZES = { zh: [[1e8, "亿元"], [1e4, "万元"], [1, "元"]], en: [[1e9, " billion"], [1e6, " million"], [1, ""]] };

function writeMoney(figure) {
  const zh = state.lang === "zh";
  const [by, word] = SIZES[state.lang].find(([size]) => Math.abs(figure.value) >= size) || SIZES[state.lang][2];
  const shown = String(Number((figure.value / by).toFixed(8)));  // whole fen of a billion need eight places
  if (zh) return (figure.bound === "about" ? "约" : "") + shown + (figure.bound === "at_least" ? "余" : "") + word;
  return (figure.bound === "about" ? "about " : figure.bound === "at_least" ? "over " : "") + "CNY " + writeNumber(shown) + word;
}

function writeValue(figure) {
  if (figure.value === null || figure.value === undefined) return "—";
  if (typeof figure.value === "string") return figure.value;
  if (figure.unit === "CNY") return writeMoney(figure);
  const words = UNITS[figure.unit] || [figure.unit || "", figure.unit || ""];
  const more = figure.bound === "at_least", about = figure.bound === "about", few = more && figure.value < 10;
  if (state.lang === "zh") return (about ? "约" : few ? "至少" : "") + figure.value + (more && !few ? "余" : "") + words[0];
  return (about ? "about " : more ? "at least " : "") + writeNumber(figure.value) + (words[1] ? " " + words[1] : "");
}

// ---- figures and their trees ----

// A link, not a button: it breaks like the text around it (no line begins with 。), and its address can be copied.
function opener(name, id, props, open, ...children) {
  const href = id ? "#figure=" + encodeURIComponent(id) : "#press";
  return el("a", { class: name, href, "aria-haspopup": "dialog", ...props, onclick: (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // a new window, as with any link
    event.preventDefault();
    open();
  } }, ...children);
}

function figureLink(id, text) {
  const figure = state.report.figures[id];
  const basis = figure ? figure.basis : "none";
  const shown = text || (figure ? writeValue(figure) : "—");
  return opener("fig", id, { "data-figure": id, "data-basis": basis, title: w()[basis], "aria-label": `${shown}${w().stop}${w()[basis]}` }, () => openFigure(id), el("span", {}, shown));
}

function childrenView(children) {
  const list = el("ul", {}, ...children.slice(0, CHILDREN_SHOWN).map((child) => nodeView(child)));
  let shown = CHILDREN_SHOWN;
  if (children.length <= shown) return list;
  const more = el("button", { class: "plain", type: "button" });
  const label = () => { more.textContent = `${w().more} ${Math.min(CHILDREN_SHOWN, children.length - shown)} / ${children.length - shown}`; };
  more.addEventListener("click", () => {
    list.lastChild.before(...children.slice(shown, shown + CHILDREN_SHOWN).map((child) => nodeView(child)));
    shown += CHILDREN_SHOWN;
    if (shown >= children.length) list.lastChild.remove();
    else label();
  });
  label();
  list.append(el("li", {}, more));
  return list;
}

// `told`: id and label already stand above, as for the root.
function nodeView(node, told) {
  const words = w(), said = node.node === "statement", children = node.children || [];
  const small = [said ? node.label : null, node.source, node.date, told ? null : node.id].filter(Boolean).join(" · ");
  const item = el("li", {}, el("div", { class: "node" },
    el("span", { class: "kind " + node.node }, words.node[node.node] || node.node),
    node.value !== null && node.value !== undefined && !said ? el("span", { class: "value" }, writeValue(node) + " ") : null,
    said || told ? null : el("span", {}, node.label || ""),
    node.phrase ? el("q", {}, node.phrase) : null,
    small ? el("span", { class: "src" }, small) : null,
    node.sha256 ? el("code", { class: "hash" }, "SHA-256 " + node.sha256) : null));
  if (children.length) item.append(childrenView(children));
  return item;
}

function tracedView(traced) {
  const words = w(), figure = traced.figure;
  const rows = [[words.who, figure.who], [words.where, figure.where], [words.period, figure.period], [words.origin, words.origins[figure.origin] || figure.origin], [words.id, figure.id]];
  return [
    el("div", { class: "big" }, writeValue(figure)),
    el("p", { class: "mark-line" }, el("i", { class: "shape", "data-basis": figure.basis }), el("b", {}, words[figure.basis]), " " + words.about[figure.basis]),
    el("dl", { class: "facts" }, ...rows.filter((row) => row[1]).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("h3", {}, words.tree),
    el("ul", { class: "tree" }, nodeView(traced.tree, true)),
    traced.recomputed.value === null ? null : el("p", { class: "equal" + (traced.recomputed.equal ? "" : " bad") }, (traced.recomputed.equal ? "✓ " + words.equal : "✗ " + words.unequal)),
  ].filter(Boolean);
}

// Opens the tree of a figure; `lead` stands above it (the verdict on a number of a text), and may stand alone.
async function openFigure(id, lead) {
  const dialog = $("proof"), words = w(), opening = ++state.opening;
  $("proof-title").textContent = id ? words.loading : words.press;
  $("proof-body").replaceChildren(...(lead ? [lead] : []));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  if (!id) return;
  history.replaceState(null, "", "#figure=" + encodeURIComponent(id));
  try {
    const traced = await ask(`/api/v1/trace/${encodeURIComponent(id)}?lang=${state.lang}`);
    if (opening !== state.opening) return;
    $("proof-title").textContent = traced.figure.label || id;
    $("proof-body").append(...tracedView(traced));
  } catch (error) {
    if (opening !== state.opening) return;
    $("proof-title").textContent = words.failed;
    $("proof-body").append(failure(error, () => openFigure(id, lead)));
  }
}

// The event of closing comes late: by then the next figure may be open.
function closeFigure() {
  if ($("proof").open) return;
  state.opening++;
  history.replaceState(null, "", $("view-press").hidden ? "#report" : "#press");
}

// ---- report ----

// All columns show the same stages in the same rows, so that an eye can go across; a dash is a stage that is not told.
function moneyColumns(report) {
  const words = w(), rows = report.money.filter((m) => m.scope === "group");
  const stages = Object.keys(words.stage).filter((stage) => rows.some((m) => m.stage === stage));
  const column = (kind) => {
    const own = rows.filter((m) => m.kind === kind);
    const cells = stages.map((stage) => {
      const told = own.find((m) => m.stage === stage);
      return el("div", { class: told ? "row" : "row unknown" }, el("dt", {}, words.stage[stage]),
        told ? el("dd", {}, figureLink(told.figure)) : el("dd", { title: words.unknown }, el("span", { "aria-hidden": "true" }, "—"), el("span", { class: "hidden" }, words.unknown)));
    });
    return el("section", { class: "column", "data-kind": kind }, el("h3", {}, words.kind[kind], el("small", {}, words.gloss[kind])),
      el("dl", {}, ...cells), own.length ? null : el("p", { class: "none" }, words.noMoney));
  };
  const grid = el("div", { class: "columns" }, ...Object.keys(words.kind).map(column));
  grid.style.setProperty("--rows", stages.length + 1);
  return grid;
}

function partsOf(paragraph) {
  return paragraph.parts && paragraph.parts.length ? paragraph.parts.map((part) => ({ ...part })) : [{ text: paragraph.text }, ...paragraph.figures.flatMap((figure) => [{ text: " " }, { text: "", figure }])];
}

// Takes what `pattern` finds at the head of the parts off them and gives its first group.
function takeHead(parts, pattern) {
  const found = parts.length && !parts[0].figure ? pattern.exec(parts[0].text) : null;
  if (!found) return null;
  parts[0].text = parts[0].text.slice(found[0].length);
  return found[1];
}

const UNIT_HEAD = /^[【[](?!演示|Demo)([^】\]]+)[】\]]\s*/;
const LABEL_HEAD = /^([\u4e00-\u9fff]{2,5}|[A-Z][a-z]+(?: [a-z]+){0,2})[:：]\s*/;

function paragraphView(paragraph) {
  const parts = partsOf(paragraph);
  const unit = takeHead(parts, UNIT_HEAD), label = unit ? null : takeHead(parts, LABEL_HEAD);
  const run = parts.map((part) => (part.figure ? figureLink(part.figure, part.text) : part.text));
  if (label) return [el("p", { class: "item" }, el("b", {}, label, el("span", { class: "hidden" }, w().colon)), el("span", {}, ...run))];
  return [unit ? el("h3", {}, unit) : null, el("p", {}, ...run)].filter(Boolean);
}

function indicatorView(report, indicator) {
  const words = w(), of = (id) => (id ? report.figures[id] : null);
  const actual = of(indicator.actual), baseline = of(indicator.baseline);
  const told = actual && actual.value !== null;
  const flow = [baseline ? figureLink(indicator.baseline) : null, baseline ? el("span", { class: "arrow", "aria-label": words.actual }, " → ") : null, told ? figureLink(indicator.actual) : null];
  const small = (name, id) => (id ? el("p", { class: "small" }, name + " ", figureLink(id)) : null);
  const period = [baseline && baseline.period, told && actual.period].filter(Boolean).join(" → ");
  return el("div", { class: "indicator" + (told ? "" : " empty") }, el("h3", {}, indicator.name), told ? el("p", { class: "flow" }, ...flow) : el("p", { class: "small" }, words.noData),
    small(words.change, indicator.change), small(words.target, indicator.target), period ? el("p", { class: "small" }, period) : null);
}

function indicatorsView(report) {
  const told = (i) => (i.actual && report.figures[i.actual] && report.figures[i.actual].value !== null ? 0 : 1);
  const sorted = [...report.indicators].sort((a, b) => told(a) - told(b));
  return el("section", { class: "chapter", id: "c-indicators" }, el("h2", {}, w().indicators), el("div", { class: "indicators" }, ...sorted.map((i) => indicatorView(report, i))));
}

function chapterView(chapter) {
  return el("section", { class: "chapter", id: "c-" + chapter.id }, el("h2", {}, chapter.title), ...chapter.paragraphs.flatMap(paragraphView));
}

function legendView(report) {
  const words = w();
  return el("ul", { class: "legend", "aria-label": words.marks }, ...BASES.map((basis) => el("li", {},
    el("i", { class: "shape", "data-basis": basis }), el("b", {}, words[basis]), el("span", { class: "many" }, String(report.marks[basis])), el("small", {}, words.about[basis]))));
}

function heroView(report) {
  const words = w();
  const origins = report.origins.map((origin) => words.origins[origin] || origin).join(words.stop);
  const facts = [`${words.term} ${report.from || "…"} — ${report.to || "…"}`, `${words.asOf} ${report.as_of}`, `${words.sources}${words.colon}${origins}`];
  return el("div", { class: "hero" }, el("h1", {}, report.programme_name), el("p", { class: "term" }, ...facts.map((fact) => el("span", {}, fact))), el("p", { class: "hint" }, words.hint), legendView(report));
}

function contentsView(entries) {
  const links = entries.map(([id, title]) => el("a", { href: "#" + id }, title));
  const box = el("details", { class: "toc" }, el("summary", {}, w().contents), el("nav", { "aria-label": w().contents }, ...links));
  box.open = matchMedia("(min-width: 821px)").matches;
  return box;
}

function reportView(report) {
  const chapters = report.chapters.filter((c) => c.id !== "money");  // the columns say it
  const sections = chapters.map((c) => ["c-" + c.id, c.title, chapterView(c)]);
  const open = chapters.findIndex((c) => c.id === "open");
  if (report.indicators.length) sections.splice(open < 0 ? sections.length : open, 0, ["c-indicators", w().indicators, indicatorsView(report)]);
  return [heroView(report), moneyColumns(report), el("p", { class: "never" }, w().never),
    el("div", { class: "body" }, contentsView(sections), el("div", {}, ...sections.map((s) => s[2])))];
}

function footView(report) {
  const words = w();
  return [el("p", {}, words.headNote), el("p", {}, `${words.head} ${report.head_entry} · ${words.seal} `, el("code", {}, report.head_hash || "—"))];
}

async function showReport() {
  const turn = ++state.turn;
  $("report").setAttribute("aria-busy", "true");
  if (!state.report) $("report").replaceChildren(el("p", { class: "waiting" }, w().loading));
  try {
    const report = await ask(`/api/v1/report?programme=${encodeURIComponent(state.programme)}&lang=${state.lang}`);
    if (turn !== state.turn) return;  // a later choice has overtaken this one
    state.report = report;
    $("report").replaceChildren(...reportView(report));
    $("foot").replaceChildren(...footView(report));
    $("demo").hidden = !report.origins.includes("demo");
    document.title = `${report.programme_name} · ${w().site}`;
  } catch (error) {
    if (turn === state.turn) $("report").replaceChildren(failure(error, showReport));
  } finally {
    if (turn === state.turn) $("report").removeAttribute("aria-busy");
  }
}

// ---- press check ----

function verdictView(token) {
  const words = w();
  return el("div", { class: "verdict" }, el("p", {}, el("span", { class: "count " + token.verdict }, `${VERDICTS[token.verdict]} ${words[token.verdict]}`), el("b", {}, ` ${token.text}${token.unit || ""}`)),
    el("dl", { class: "facts" }, el("dt", {}, words.reason), el("dd", {}, token.reason), ...(token.ours ? [el("dt", {}, words.ours), el("dd", {}, token.ours)] : [])));
}

function tokenLink(token, shown) {
  const words = w();
  return opener("mark " + token.verdict, token.figure, { "data-sign": VERDICTS[token.verdict], title: `${words[token.verdict]}${words.colon}${token.reason}`,
    "aria-label": `${shown}${words.stop}${words[token.verdict]}` }, () => openFigure(token.figure, verdictView(token)), shown);
}

// The text again, each number a link. Columns count code points; the unit that follows a number belongs to its mark.
function markText(text, tokens) {
  const byLine = new Map();
  for (const token of tokens) byLine.set(token.line, [...(byLine.get(token.line) || []), token]);
  return text.split("\n").flatMap((line, index) => {
    const codes = [...line], out = [], here = byLine.get(index + 1) || [];
    let at = 0;
    here.forEach((token, i) => {
      const end = token.column - 1 + [...token.text].length, next = i + 1 < here.length ? here[i + 1].column - 1 : codes.length;
      const unit = [...(token.unit || "")], stop = end + unit.length;
      const shown = unit.length && stop <= next && codes.slice(end, stop).join("") === token.unit ? stop : end;
      out.push(codes.slice(at, token.column - 1).join(""), tokenLink(token, codes.slice(token.column - 1, shown).join("")));
      at = shown;
    });
    return [...out, codes.slice(at).join("") + "\n"];
  });
}

function troubleView(tokens) {
  const words = w(), bad = tokens.filter((token) => TROUBLE.includes(token.verdict));
  if (!bad.length) return el("p", { class: "fine" }, "✓ " + words.noTrouble);
  return el("section", {}, el("h2", {}, `${words.trouble} ${bad.length}`), el("ol", { class: "trouble" }, ...bad.map((token) => el("li", {},
    el("span", { class: "count " + token.verdict }, `${VERDICTS[token.verdict]} ${words[token.verdict]}`), el("b", {}, `${token.text}${token.unit || ""}`),
    el("span", {}, token.reason), el("small", {}, words.at(token.line, token.column))))));
}

// A count leads to the next mark of its verdict.
function countButton(verdict, count) {
  let at = 0;
  return el("button", { class: "count " + verdict, type: "button", disabled: count ? null : "", onclick: () => {
    const marks = document.querySelectorAll(`#checked .mark.${verdict}`);
    marks[at++ % marks.length].focus();
  } }, `${VERDICTS[verdict]} ${w()[verdict]} ${count}`);
}

async function checkPress() {
  const words = w(), text = $("text").value.replace(/\r\n?/g, "\n");
  $("checked").replaceChildren();
  $("trouble").replaceChildren();
  if (!text.trim()) { $("counts").textContent = words.pressEmpty; $("text").focus(); return; }
  $("counts").textContent = words.loading;
  try {
    const answer = await ask(`/api/v1/press?lang=${state.lang}&programme=${encodeURIComponent(state.programme)}`, { method: "POST", headers: { "Content-Type": "text/plain; charset=utf-8" }, body: text });
    if (!answer.tokens.length) { $("counts").textContent = words.noNumber; return; }
    $("counts").replaceChildren(...Object.keys(VERDICTS).map((verdict) => countButton(verdict, answer.summary[verdict])));
    $("trouble").replaceChildren(troubleView(answer.tokens));
    $("checked").replaceChildren(...markText(text, answer.tokens));
  } catch (error) {
    $("counts").replaceChildren(failure(error, checkPress));
  }
}

// ---- frame ----

const TABS = ["report", "press"];

function showTab(name) {
  for (const tab of TABS) {
    const on = tab === name;
    $("tab-" + tab).setAttribute("aria-selected", String(on));
    $("tab-" + tab).tabIndex = on ? 0 : -1;
    $("view-" + tab).hidden = !on;
  }
}

function chooseTab(name) {
  showTab(name);
  history.replaceState(null, "", "#" + name);
  scrollTo(0, 0);
}

function applyWords() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = w()[node.dataset.t];
  $("lang").textContent = w().lang;
  $("lang").lang = state.lang === "zh" ? "en" : "zh-CN";
  $("text").placeholder = w().pressHint;
  $("close").setAttribute("aria-label", w().close);
}

// The address always leads back to what is on the screen.
function keepAddress() {
  const now = new URLSearchParams({ lang: state.lang });
  if (state.programme) now.set("programme", state.programme);
  history.replaceState(null, "", "?" + now + location.hash);
}

async function listProgrammes() {
  try {
    const list = await ask(`/api/v1/programmes?lang=${state.lang}`);
    $("programme").replaceChildren(...list.rows.map(([id, name]) => el("option", { value: id }, name)));
    if (!list.rows.some(([id]) => id === state.programme)) state.programme = list.rows.length ? list.rows[0][0] : "";
    $("programme").value = state.programme;
  } catch (error) { /* the report tells what is wrong */ }
}

async function showAll() {
  applyWords();
  await listProgrammes();
  await showReport();
}

function listen() {
  for (const tab of TABS) $("tab-" + tab).addEventListener("click", () => chooseTab(tab));
  $("tab-report").parentNode.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = $("view-press").hidden ? "press" : "report";
    chooseTab(other);
    $("tab-" + other).focus();
  });
  $("lang").addEventListener("click", () => {
    state.lang = state.lang === "zh" ? "en" : "zh";
    remember(state.lang);
    keepAddress();
    showAll();
    if ($("checked").hasChildNodes()) checkPress();
    else $("counts").replaceChildren();
  });
  $("programme").addEventListener("change", () => {
    state.programme = $("programme").value;
    keepAddress();
    showReport();
    if ($("checked").hasChildNodes()) checkPress();
  });
  $("close").addEventListener("click", () => $("proof").close());
  $("proof").addEventListener("close", closeFigure);
  $("proof").addEventListener("click", (event) => { if (event.target === $("proof")) $("proof").close(); });
  $("go").addEventListener("click", checkPress);
  $("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) checkPress(); });
}

async function start() {
  const hash = location.hash;
  listen();
  showTab(hash === "#press" ? "press" : "report");
  await showAll();
  if (hash.startsWith("#figure=")) {
    try { openFigure(decodeURIComponent(hash.slice("#figure=".length))); } catch (error) { /* a broken address opens nothing */ }
  }
}

start();
