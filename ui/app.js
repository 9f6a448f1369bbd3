// The report, the trees under its figures, and the press check. No framework: three views and one dialog.
"use strict";

const WORDS = {
  zh: { skip: "跳到正文", report: "报告", press: "稿件核对", programme: "项目群", demo: "演示数据:本项目群的全部记录均为虚构", pressTitle: "稿件核对",
    pressLead: "粘贴一段文字,逐个数字与账上核对:有凭据、只有说法、与账不符,还是没有依据。", pressPaste: "待核对的文字", pressGo: "核对", lang: "English", term: "期间", asOf: "截至",
    never: "五栏是五种不同的东西,从不相加。前一阶段未载明的,是未知,不是零。", noMoney: "没有记录", indicators: "指标", baseline: "基期", target: "目标", actual: "实际", change: "变化", noData: "没有数据",
    derived: "可重算", documented: "有文件", stated: "只有说法", none: "无依据", kind: { cash: "现金", in_kind: "实物", loan: "贷款", investment: "企业投资", result: "经济成果" },
    stage: { applied: "申报", approved: "审批", committed: "协调", received: "取得", allocated: "落实", paid: "投入", accepted: "验收", drawn: "发放", repaid: "归还" },
    node: { sum: "合计", difference: "差", ratio: "比", count: "计数", entry: "分录", observation: "记录", document: "文件", statement: "说法", none: "没有依据" },
    who: "主体", where: "地点", period: "期间", basis: "依据", origin: "来源", id: "编号", equal: "由以上依据重算,结果相等", unequal: "重算结果不相等", loading: "读取中…", failed: "读取失败", head: "账本链头:分录",
    found: "有据", stated_only: "仅有说法", different: "不符", without_basis: "无据", not_a_figure: "不是数字", ours: "账上", reason: "说明", open: "打开依据", exact: "", at_least: "不少于", about: "约",
    origins: { article: "报道", entered: "录入", imported: "导入", sensor: "设备", demo: "演示" }, marks: "本报告的数字", example: "" },
  en: { skip: "Skip to the text", report: "Report", press: "Press check", programme: "Programme", demo: "Demo data: every record of this programme is invented", pressTitle: "Press check",
    pressLead: "Paste a text: each of its numbers is held against the books. Proven, only stated, different, or without basis.", pressPaste: "Text to check", pressGo: "Check", lang: "中文", term: "Term", asOf: "as of",
    never: "Five columns are five different things and are never added. A stage that is not told is unknown, not zero.", noMoney: "nothing on record", indicators: "Indicators", baseline: "baseline", target: "target", actual: "actual",
    change: "change", noData: "no data", derived: "derived", documented: "documented", stated: "stated", none: "no basis", kind: { cash: "Cash", in_kind: "In kind", loan: "Loans", investment: "Enterprise investment", result: "Economic results" },
    stage: { applied: "applied", approved: "approved", committed: "committed", received: "received", allocated: "allocated", paid: "paid", accepted: "accepted", drawn: "drawn", repaid: "repaid" },
    node: { sum: "sum", difference: "difference", ratio: "ratio", count: "count", entry: "entry", observation: "record", document: "document", statement: "statement", none: "nothing" },
    who: "who", where: "where", period: "period", basis: "basis", origin: "origin", id: "id", equal: "Recomputed from what stands above: equal", unequal: "Recomputed: NOT equal", loading: "Loading…", failed: "Could not be read", head: "Head of the ledger: entry",
    found: "proven", stated_only: "only stated", different: "different", without_basis: "without basis", not_a_figure: "no figure", ours: "ours", reason: "why", open: "open the proof", exact: "", at_least: "at least", about: "about",
    origins: { article: "article", entered: "entered", imported: "imported", sensor: "sensor", demo: "demo" }, marks: "Figures of this report", example: "" },
};
const SIGNS = { derived: "✓", documented: "▤", stated: "“", none: "○" };
const VERDICT_SIGNS = { found: "✓", stated_only: "“", different: "≠", without_basis: "?", not_a_figure: "" };

const state = { lang: new URLSearchParams(location.search).get("lang") === "en" ? "en" : localStorage.getItem("lang") || "zh", programme: "", report: null };
const $ = (id) => document.getElementById(id);
const w = () => WORDS[state.lang];

function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error([body.where, body.detail, body.hint].filter(Boolean).join(" "));
  return body;
}

const UNITS = { household: ["户", "households"], household_per_year: ["户/年", "households a year"], person: ["人", "people"], village: ["个村", "villages"], town: ["个乡镇", "towns"], county: ["个县", "counties"], place: ["地", "places"], site: ["个", "sites"],
  henhouse: ["座", "henhouses"], building: ["座", "buildings"], kW: ["千瓦", "kW"], kWh: ["千瓦时", "kWh"], m2: ["平方米", "m²"], times: ["倍", "times"], percent: ["%", "%"], year: ["年", "years"], star: ["星", "stars"], batch: ["批", "batch"],
  edition: ["届", "editions"], event: ["项", "events"], enterprise: ["家企业", "enterprises"], project: ["个项目", "projects"], organisation: ["个机构", "organisations"], industry: ["个产业", "industries"], unit: ["个单位", "units"],
  field: ["个领域", "fields"], measure: ["项", "measures"], form: ["种", "forms"], activity: ["项活动", "activities"], kind: ["类", "kinds"], use: ["类用途", "uses"], technology: ["类技术", "technologies"], research_project: ["项课题", "research projects"], item: ["个", ""], school: ["所学校", "schools"],
  lesson: ["节课", "lessons"], session: ["场", "sessions"], occasion: ["次", "times"], book: ["册", "books"], mu: ["亩", "mu"], km: ["公里", "km"], job: ["个岗位", "jobs"], month: ["个月", "months"], day: ["天", "days"] };

function writeNumber(value) {
  const [whole, part] = String(value).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
}

function writeValue(figure) {
  if (figure.value === null || figure.value === undefined) return "—";
  if (typeof figure.value === "string") return figure.value;
  const more = figure.bound === "at_least", about = figure.bound === "about", zh = state.lang === "zh";
  if (figure.unit === "CNY" || figure.value_unit === "CNY") {
    if (!zh) return (about ? "about " : "") + "CNY " + writeNumber(figure.value) + (more ? " or more" : "");
    const size = Math.abs(figure.value), [by, word] = size >= 1e8 ? [1e8, "亿元"] : size >= 1e4 ? [1e4, "万元"] : [1, "元"];
    const shown = String(Number((figure.value / by).toFixed(6)));
    return (about ? "约" : "") + shown + (more ? "余" : "") + word;
  }
  const words = UNITS[figure.unit] || [figure.unit || "", figure.unit || ""];
  const few = more && figure.value < 10;
  return zh ? (about ? "约" : few ? "至少" : "") + figure.value + (more && !few ? "余" : "") + words[0] : (about ? "about " : "") + writeNumber(figure.value) + " " + words[1] + (more ? " or more" : "");
}

// ---- figures ----

function figureButton(id, text) {
  const figure = state.report.figures[id];
  const basis = figure ? figure.basis : "none";
  return el("button", { class: "fig", type: "button", "data-figure": id, "data-basis": basis, "data-sign": SIGNS[basis], title: w()[basis], onclick: () => openFigure(id) }, text || (figure ? writeValue(figure) : "—"));
}

function nodeView(node) {
  const words = w();
  const children = node.children || [];
  const item = el("li", {}, el("div", { class: "node" },
    el("span", { class: "kind " + node.node }, words.node[node.node] || node.node),
    node.value !== null && node.node !== "statement" ? el("span", { class: "value" }, writeValue(node) + " ") : null,
    el("span", {}, node.node === "statement" ? "" : node.label || ""),
    node.phrase ? el("q", {}, node.phrase) : null,
    el("span", { class: "src" }, [node.node === "statement" ? node.label : null, node.source, node.date, node.id, node.sha256 ? "SHA-256 " + node.sha256 : null].filter(Boolean).join(" · "))));
  if (children.length) item.append(el("ul", {}, ...children.map(nodeView)));
  return item;
}

async function openFigure(id, lead) {
  const dialog = $("proof"), words = w();
  $("proof-title").textContent = words.loading;
  $("proof-body").replaceChildren(...(lead ? [lead] : []));
  if (!dialog.open) dialog.showModal();
  if (!id) { $("proof-title").textContent = words.press; return; }
  try {
    const traced = await ask(`/api/v1/trace/${encodeURIComponent(id)}?lang=${state.lang}`);
    const figure = traced.figure;
    $("proof-title").textContent = figure.label || id;
    const rows = [[words.basis, `${SIGNS[figure.basis]} ${words[figure.basis]}`], [words.who, figure.who], [words.where, figure.where], [words.period, figure.period], [words.origin, words.origins[figure.origin] || figure.origin], [words.id, figure.id]];
    $("proof-body").append(
      el("div", { class: "big" }, writeValue(figure)),
      el("dl", { class: "facts" }, ...rows.filter((r) => r[1]).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      el("ul", { class: "tree" }, nodeView(traced.tree)),
      traced.recomputed.value === null ? "" : el("p", { class: "equal" + (traced.recomputed.equal ? "" : " bad") }, traced.recomputed.equal ? "✓ " + words.equal : "✗ " + words.unequal));
  } catch (error) {
    $("proof-title").textContent = words.failed;
    $("proof-body").append(el("p", { class: "failed" }, error.message));
  }
}

// ---- report ----

function moneyColumns(report) {
  const words = w();
  return el("div", { class: "columns" }, ...Object.keys(words.kind).map((kind) => {
    const rows = report.money.filter((m) => m.scope === "group" && m.kind === kind);
    const order = Object.keys(words.stage);
    rows.sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
    return el("section", { class: "column", "data-kind": kind },
      el("h3", {}, words.kind[kind]),
      rows.length ? el("dl", {}, ...rows.map((m) => el("div", { class: "row" }, el("dt", {}, words.stage[m.stage] || "—"), el("dd", {}, figureButton(m.figure))))) : el("p", { class: "none" }, words.noMoney));
  }));
}

function paragraphView(paragraph) {
  const parts = paragraph.parts && paragraph.parts.length ? paragraph.parts : [{ text: paragraph.text }];
  const unit = /^[【[]/.test(paragraph.text) && !/^[【[](演示|Demo)/.test(paragraph.text);
  return el("p", { class: unit ? "unit" : "" }, ...parts.map((part) => (part.figure ? figureButton(part.figure, part.text) : part.text)));
}

function indicatorsView(report) {
  const words = w();
  const cards = report.indicators.map((i) => {
    const flow = [i.baseline && figureButton(i.baseline), i.baseline && i.actual ? " → " : null, i.actual && figureButton(i.actual)].filter(Boolean);
    return el("div", { class: "indicator" }, el("h3", {}, i.name),
      i.actual && report.figures[i.actual] && report.figures[i.actual].value !== null ? el("p", { class: "flow" }, ...flow) : el("p", { class: "small" }, words.noData),
      i.change ? el("p", { class: "small" }, words.change + " ", figureButton(i.change)) : null,
      i.target ? el("p", { class: "small" }, words.target + " ", figureButton(i.target)) : null,
      i.actual && report.figures[i.actual] ? el("p", { class: "small" }, [i.baseline && report.figures[i.baseline] ? report.figures[i.baseline].period : null, report.figures[i.actual].period].filter(Boolean).join(" → ")) : null);
  });
  return el("section", { class: "chapter", id: "c-indicators" }, el("h2", {}, words.indicators), el("div", { class: "indicators" }, ...cards));
}

function chapterView(chapter) {
  return el("section", { class: "chapter", id: "c-" + chapter.id }, el("h2", {}, chapter.title), ...chapter.paragraphs.map(paragraphView));
}

function reportView(report) {
  const words = w();
  const marks = ["derived", "documented", "stated", "none"].map((b) => el("li", {}, `${SIGNS[b]} ${words[b]} `, el("b", {}, String(report.marks[b]))));
  const chapters = report.chapters.filter((c) => c.id !== "money");
  const views = chapters.map(chapterView);
  const open = chapters.findIndex((c) => c.id === "open");
  if (report.indicators.length) views.splice(open < 0 ? views.length : open, 0, indicatorsView(report));
  const toc = [...chapters.map((c) => ["c-" + c.id, c.title]), ...(report.indicators.length ? [["c-indicators", words.indicators]] : [])];
  return [
    el("div", { class: "hero" }, el("h1", {}, report.programme_name), el("p", { class: "term" }, `${words.term} ${report.from || "…"} — ${report.to || "…"} · ${words.asOf} ${report.as_of}`), el("ul", { class: "legend", "aria-label": words.marks }, ...marks)),
    moneyColumns(report), el("p", { class: "never" }, words.never),
    el("div", { class: "body" }, el("nav", { class: "toc" }, ...toc.map(([id, title]) => el("a", { href: "#" + id }, title))), el("div", {}, ...views)),
  ];
}

async function showReport() {
  const words = w();
  $("report").replaceChildren(el("p", {}, words.loading));
  try {
    state.report = await ask(`/api/v1/report?programme=${encodeURIComponent(state.programme)}&lang=${state.lang}`);
    $("report").replaceChildren(...reportView(state.report));
    $("foot").replaceChildren(`${words.head} ${state.report.head_entry} · `, el("code", {}, state.report.head_hash));
    $("demo").hidden = !state.report.origins.includes("demo");
  } catch (error) {
    $("report").replaceChildren(el("p", { class: "failed" }, `${words.failed}: ${error.message}`));
  }
}

// ---- press check ----

function tokenButton(token) {
  const words = w();
  const lead = el("div", {}, el("p", {}, el("span", { class: "count " + token.verdict }, `${VERDICT_SIGNS[token.verdict]} ${words[token.verdict]}`), ` ${token.text}${token.unit}`),
    el("dl", { class: "facts" }, el("dt", {}, words.reason), el("dd", {}, token.reason), ...(token.ours ? [el("dt", {}, words.ours), el("dd", {}, token.ours)] : [])));
  return el("button", { class: "mark " + token.verdict, type: "button", "data-sign": VERDICT_SIGNS[token.verdict], title: `${words[token.verdict]}: ${token.reason}`, onclick: () => openFigure(token.figure, lead) }, token.text);
}

function markText(text, tokens) {
  const byLine = new Map();
  for (const token of tokens) byLine.set(token.line, [...(byLine.get(token.line) || []), token]);
  const out = [];
  text.split("\n").forEach((line, index) => {
    const codes = [...line];
    let at = 0;
    for (const token of byLine.get(index + 1) || []) {
      out.push(codes.slice(at, token.column - 1).join(""), tokenButton(token));
      at = token.column - 1 + [...token.text].length;
    }
    out.push(codes.slice(at).join("") + "\n");
  });
  return out;
}

async function checkPress() {
  const words = w(), text = $("text").value;
  $("counts").textContent = words.loading;
  try {
    const answer = await ask(`/api/v1/press?lang=${state.lang}&programme=${encodeURIComponent(state.programme)}`, { method: "POST", headers: { "Content-Type": "text/plain; charset=utf-8" }, body: text });
    $("counts").replaceChildren(...Object.keys(VERDICT_SIGNS).map((v) => el("span", { class: "count " + v }, `${VERDICT_SIGNS[v]} ${words[v]} ${answer.summary[v]}`)));
    $("checked").replaceChildren(...markText(text, answer.tokens));
  } catch (error) {
    $("counts").textContent = `${words.failed}: ${error.message}`;
  }
}

// ---- frame ----

function showTab(name) {
  for (const tab of ["report", "press"]) {
    $("tab-" + tab).setAttribute("aria-selected", String(tab === name));
    $("view-" + tab).hidden = tab !== name;
  }
}

function applyWords() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = w()[node.dataset.t];
  $("lang").textContent = w().lang;
}

async function start() {
  applyWords();
  showTab(location.hash === "#press" ? "press" : "report");
  $("tab-report").addEventListener("click", () => { showTab("report"); history.replaceState(null, "", "#report"); });
  $("tab-press").addEventListener("click", () => { showTab("press"); history.replaceState(null, "", "#press"); });
  $("lang").addEventListener("click", () => { state.lang = state.lang === "zh" ? "en" : "zh"; localStorage.setItem("lang", state.lang); applyWords(); showReport(); $("checked").replaceChildren(); $("counts").replaceChildren(); });
  $("close").addEventListener("click", () => $("proof").close());
  $("proof").addEventListener("click", (event) => { if (event.target === $("proof")) $("proof").close(); });
  $("go").addEventListener("click", checkPress);
  $("programme").addEventListener("change", () => { state.programme = $("programme").value; showReport(); });
  try {
    const list = await ask(`/api/v1/programmes?lang=${state.lang}`);
    $("programme").replaceChildren(...list.rows.map(([id, name]) => el("option", { value: id }, name)));
    state.programme = list.rows.length ? list.rows[0][0] : "";
  } catch (error) { /* the report below says what is wrong */ }
  await showReport();
}

start();
