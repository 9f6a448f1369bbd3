// Every word of the page in both languages; punctuation too belongs to a language.
"use strict";

const WORDS = {
  zh: {
    skip: "跳到正文", report: "报告", press: "稿件核对", programme: "项目群", lang: "English", site: "共富 gongfu", contents: "目录", more: "再显示",
    demo: "演示数据（虚构）：本项目群的全部记录均为虚构，不作任何依据", term: "期间", asOf: "截至", sources: "来源", stop: "、", colon: "：",
    hint: "点任一数字，看它从何而来。", marks: "数字的依据",
    derived: "可重算", documented: "有文件", stated: "只有说法", none: "无依据",
    about: { derived: "由凭证、读数或登记逐笔算得", documented: "有另一方的文件为据", stated: "有人这样说，附原话", none: "还没有任何依据" },
    never: "五栏分列，从不相加：现金能花，实物不能当钱花，贷款要归还，企业投资属于企业，经济成果属于村里；加在一起的数不代表任何一样东西。"
      + "“—”表示该阶段未载明，是未知，不是零。",
    unknown: "未载明：未知，不是零", noMoney: "没有记录",
    indicators: "指标", baseline: "基期", target: "目标", actual: "实际", change: "变化", noData: "没有数据",
    kind: { cash: "现金", in_kind: "实物", loan: "贷款", investment: "企业投资", result: "经济成果" },
    gloss: { cash: "钱款", in_kind: "物资、设计与工程", loan: "须归还", investment: "企业自己的投入", result: "村里自己的收入" },
    stage: { applied: "申报", approved: "审批", committed: "协调", received: "取得", allocated: "落实", paid: "投入", accepted: "验收", drawn: "发放", repaid: "归还" },
    node: { sum: "合计", difference: "差", ratio: "比", count: "计数", entry: "分录", observation: "记录", document: "文件", statement: "说法", none: "没有依据" },
    who: "主体", where: "地点", period: "期间", basis: "依据", origin: "来源", id: "编号", close: "关闭", tree: "依据",
    equal: "由以上依据重算，结果相等", unequal: "由以上依据重算，结果不相等", loading: "读取中…", failed: "读取失败", again: "重试",
    head: "账本链头：分录", headNote: "本页全部数字出自此链头所锁定的账本。", seal: "校验",
    origins: { article: "报道", entered: "录入", imported: "导入", sensor: "设备", demo: "演示" },
    pressLead: "粘贴一段文字，每个数字都与账上核对：有据、仅有说法、与账不符，还是无据。文字只送到本机，不保存。",
    pressPaste: "待核对的文字", pressHint: "例如：某单位为某村协调资金……万元", pressGo: "核对", pressEmpty: "请先粘贴文字。", noNumber: "这段文字里没有数字。",
    found: "有据", stated_only: "仅有说法", different: "不符", without_basis: "无据", not_a_figure: "不是数字",
    trouble: "需要处理", noTrouble: "没有与账不符或无据的数字。", at: (line, column) => `第${line}行第${column}列`, ours: "账上", reason: "说明",
  },
  en: {
    skip: "Skip to the text", report: "Report", press: "Press check", programme: "Programme", lang: "中文", site: "gongfu 共富", contents: "Contents", more: "Show more:",
    demo: "Demo data (invented): every record of this programme is made up and proves nothing", term: "Term", asOf: "as of", sources: "sources", stop: ", ", colon: ": ",
    hint: "Click any number to see where it comes from.", marks: "What the numbers stand on",
    derived: "derived", documented: "documented", stated: "stated", none: "no basis",
    about: { derived: "computed from vouchers, readings or registers", documented: "a document of another party", stated: "somebody's words, quoted", none: "nothing under it yet" },
    never: "The five columns stand side by side and are never added: cash can be spent, goods and work cannot, loans are paid back, an investment belongs to "
      + "the enterprise, and results belong to the village. Their sum would be the amount of nothing. A dash is a stage that is not told: unknown, not zero.",
    unknown: "not told: unknown, not zero", noMoney: "nothing on record",
    indicators: "Indicators", baseline: "baseline", target: "target", actual: "actual", change: "change", noData: "no data",
    kind: { cash: "Cash", in_kind: "In kind", loan: "Loans", investment: "Investment", result: "Results" },
    gloss: { cash: "money", in_kind: "goods, design, works", loan: "to be paid back", investment: "of enterprises, their own", result: "income of the village" },
    stage: { applied: "applied", approved: "approved", committed: "committed", received: "received", allocated: "allocated", paid: "paid", accepted: "accepted", drawn: "drawn", repaid: "repaid" },
    node: { sum: "sum", difference: "difference", ratio: "ratio", count: "count", entry: "entry", observation: "record", document: "document", statement: "statement", none: "nothing" },
    who: "who", where: "where", period: "period", basis: "basis", origin: "origin", id: "id", close: "Close", tree: "What stands under it",
    equal: "Recomputed from what stands above: equal", unequal: "Recomputed from what stands above: NOT equal", loading: "Loading…", failed: "Could not be read", again: "Try again",
    head: "Head of the ledger: entry", headNote: "All numbers of this page come from the books that this head seals.", seal: "seal",
    origins: { article: "article", entered: "entered", imported: "imported", sensor: "sensor", demo: "demo" },
    pressLead: "Paste a text: each of its numbers is held against the books — proven, only stated, different, or without basis. It goes to this machine only and is not kept.",
    pressPaste: "Text to check", pressHint: "Paste a paragraph with numbers", pressGo: "Check", pressEmpty: "Paste a text first.", noNumber: "There is no number in this text.",
    found: "proven", stated_only: "only stated", different: "different", without_basis: "without basis", not_a_figure: "no figure",
    trouble: "To be looked at", noTrouble: "No number is different or without basis.", at: (line, column) => `line ${line}, column ${column}`, ours: "ours", reason: "why",
  },
};

// Units as a reader writes them behind a number: [zh, en].
const UNITS = {
  household: ["户", "households"], household_per_year: ["户/年", "households a year"], person: ["人", "people"], village: ["个村", "villages"], town: ["个乡镇", "towns"],
  county: ["个县", "counties"], place: ["地", "places"], site: ["个", "sites"], henhouse: ["座", "henhouses"], building: ["座", "buildings"], kW: ["千瓦", "kW"], kWh: ["千瓦时", "kWh"],
  m2: ["平方米", "m²"], times: ["倍", "times"], percent: ["%", "%"], year: ["年", "years"], star: ["星", "stars"], batch: ["批", "batch"], edition: ["届", "editions"],
  event: ["项", "events"], enterprise: ["家企业", "enterprises"], project: ["个项目", "projects"], organisation: ["个机构", "organisations"], industry: ["个产业", "industries"],
  unit: ["个单位", "units"], field: ["个领域", "fields"], measure: ["项", "measures"], form: ["种", "forms"], activity: ["项活动", "activities"], kind: ["类", "kinds"],
  use: ["类用途", "uses"], technology: ["类技术", "technologies"], research_project: ["项课题", "research projects"], item: ["个", ""], school: ["所学校", "schools"],
  lesson: ["节课", "lessons"], session: ["场", "sessions"], occasion: ["次", "times"], book: ["册", "books"], mu: ["亩", "mu"], km: ["公里", "km"], job: ["个岗位", "jobs"],
  month: ["个月", "months"], day: ["天", "days"],
};
