/* Every word of the interface: [中文, English]. One table, both languages side by side, so that none can be missing.
 * Words of the domain are those of docs/glossary.md; the server's own sentences and data are shown as they come.
 */
export const WORDS = {
  frame: {
    site: ["共富 gongfu", "gongfu 共富"], brand: ["共富", "gongfu"], sub: ["泰顺结对帮扶", "Paired assistance, Taishun"], skip: ["跳到正文", "Skip to the text"], menu: ["菜单", "Menu"], fold: ["收起菜单", "Fold the menu"], unfold: ["展开菜单", "Unfold the menu"],
    trail: ["位置", "Where you are"], programme: ["项目群", "Programme"], demoTail: ["（演示）", " (demo)"], demo: ["演示数据：本项目群的全部记录均为虚构，不作任何依据。", "Demo data: every record of this programme is invented and proves nothing."],
    search: ["搜索全部登记册", "Search every register"], searchHint: ["搜索 ( / )", "Search ( / )"], noneFound: ["没有找到“{q}”", "Nothing found for “{q}”"], otherLang: ["EN：切换到英文", "中：switch to Chinese"], dark: ["深色", "Dark colours"], light: ["浅色", "Light colours"],
    large: ["大字", "Large text"], normal: ["标准字号", "Normal text"], me: ["我的账户：{name}", "My account: {name}"], account: ["我的账户", "My account"], out: ["退出登录", "Log out"],
  },
  nav: {
    see: ["看全局", "See"], work: ["办业务", "Work"], tell: ["讲清楚", "Tell"], keep: ["管系统", "Keep"], home: ["总览", "Overview"], people: ["结对与派驻", "Pairings and people"], units: ["单位", "Units"], places: ["村镇", "Places"], projects: ["项目", "Projects"], money: ["资金分录", "Entries"],
    statement: ["资金报表", "Statements"], ageing: ["账龄", "Ageing"], loans: ["贷款排队", "Loan queue"], investments: ["招商投资", "Investments"], households: ["农户与走访", "Households, visits"], indicators: ["指标", "Indicators"], cases: ["工单", "Cases"], documents: ["文件", "Documents"], report: ["报告", "Report"],
    press: ["稿件核对", "Press check"], exchange: ["导入导出", "Import, export"], registers: ["登记册", "Registers"], users: ["用户", "Users"], roles: ["角色与权限", "Roles and rights"], logs: ["日志", "Logs"], jobs: ["任务", "Jobs"],
  },
  do: {
    again: ["重试", "Try again"], all: ["全部", "All"], asPicture: ["看图", "Show as picture"], asTable: ["以表格显示", "Show as table"], back: ["返回", "Back"], cancel: ["取消", "Cancel"], less: ["收起", "Show less"], more: ["再显示 {n} 条", "Show {n} more"], save: ["保存", "Save"], sort: ["点击排序", "Click to sort"], type: ["输入以查找", "Type to find"],
    next: ["下一页", "Next"], previous: ["上一页", "Previous"], add: ["新增", "Add"], edit: ["修改", "Edit"], open: ["打开", "Open"], filter: ["筛选", "Filter"], clear: ["清除筛选", "Clear filters"], export: ["导出", "Export"], copy: ["复制", "Copy"], close: ["关闭", "Close"], download: ["下载", "Download"],
  },
  say: { colon: ["：", ": "], stop: ["、", ", "], nothing: ["没有记录", "Nothing on record"], reading: ["读取中…", "Reading…"], saved: ["已保存", "Saved"], unknown: ["未载明：未知，不是零", "not told: unknown, not zero"], unstated: ["未载明", "not stated"], wait: ["请稍候…", "One moment…"], yes: ["是", "yes"], no: ["否", "no"], of: ["共 {n} 条", "{n} in all"], copied: ["已复制", "Copied"], done: ["已完成", "Done"] },
  fault: {
    unknown: ["请求没有成功（状态 {status}）。", "The request did not succeed (status {status})."], http_offline: ["连不上服务器。请检查网络后重试。", "The server cannot be reached. Check the network and try again."],
    login_refused: ["用户名或密码不对。", "The user name or the password is wrong."], login_locked: ["连续五次登录失败，账户已锁定十分钟。", "Five log-ins failed: the account is locked for ten minutes."], login_totp: ["动态码不对，请输入验证器上最新的六位数字。", "The code is wrong: enter the newest six digits of your authenticator."],
  },
  door: {
    login: ["登录", "Log in"], lead: ["办公界面，供团组各单位与乡镇、村使用。", "The office pages, for the units of the group, the towns and the villages."], user: ["用户名", "User name"], password: ["密码", "Password"], code: ["动态码", "One-time code"], codeHint: ["验证器应用上的六位数字。", "The six digits of your authenticator."], enter: ["登录", "Log in"],
    expired: ["登录已过期，请重新登录；登录后回到原来的页面。", "Your session has ended. Log in again; you will come back to the same page."], demo: ["演示账户", "Demo accounts"], demoLead: ["每个角色一个，点一下即登录。演示模式之外不会出现。", "One for each role: one click logs in. They exist in demo mode only."], public: ["公开页面", "Public pages"],
    word: ["每一笔钱、每一句话，都能点开来看。", "Every yuan and every promise can be opened."], promise1: ["每个数字都打得开：凭证、记录、原话", "Every figure opens: vouchers, records, words"], promise2: ["五类资金分列，从不相加，只增不改", "Five kinds of money, never added, never rewritten"], promise3: ["填一次，各处可报", "Filled once, reported many times"],
    invited: ["设置您的密码", "Choose your password"], invitedLead: ["此链接只能使用一次。", "This link works once."], noToken: ["链接不完整：请从邀请中复制完整地址。", "The link is incomplete: copy the whole address from the invitation."], newPassword: ["新密码", "New password"], again: ["再输入一次", "Once more"], short: ["至少 {n} 个字符。", "At least {n} characters."], unlike: ["两次输入不一致。", "The two do not match."],
    ready: ["密码已设置", "Your password is set"], readyLead: ["现在可以登录了。", "You can log in now."], toLogin: ["去登录", "Go to log-in"], notFound: ["没有这个页面", "There is no such page"], notFoundLead: ["地址可能写错，或者页面已经移走。", "The address may be wrong, or the page has moved."], home: ["回到首页", "Back to the start"],
  },
  basis: { derived: ["可重算", "derived"], documented: ["有文件", "documented"], stated: ["只有说法", "stated"], none: ["无依据", "no basis"] },
  basisAbout: { derived: ["由凭证、读数或登记逐笔算得。", "Computed from vouchers, readings or registers."], documented: ["有另一方的文件为据。", "A document of another party stands under it."], stated: ["有人这样说，附原话；还没有第二个依据。", "Somebody said so, in the words below; there is no second source yet."], none: ["还没有任何依据。", "Nothing stands under it yet."] },
  origin: { article: ["报道", "article"], entered: ["录入", "entered"], imported: ["导入", "imported"], sensor: ["设备", "sensor"], demo: ["演示", "demo"] },
  kind: { cash: ["现金", "Cash"], in_kind: ["实物", "In kind"], loan: ["贷款", "Loans"], investment: ["企业投资", "Investment"], result: ["经济成果", "Results"] },
  kindAbout: { cash: ["钱款，可支用", "money that can be spent"], in_kind: ["物资、设计与工程", "goods, design and works"], loan: ["须归还", "to be paid back"], investment: ["企业自己的投入", "of enterprises, their own"], result: ["村里自己的收入", "income of the village"] },
  stage: { applied: ["申报", "applied"], approved: ["审批", "approved"], committed: ["协调", "committed"], received: ["取得", "received"], allocated: ["落实", "allocated"], paid: ["投入", "paid"], accepted: ["验收", "accepted"], drawn: ["发放", "drawn"], repaid: ["归还", "repaid"] },
  pstage: { proposed: ["谋划", "proposed"], approved: ["批准", "approved"], contracted: ["签约", "contracted"], building: ["在建", "building"], accepted: ["验收", "accepted"], handed_over: ["移交", "handed over"], open: ["未载明", "not told"] },
  pairing: { lead: ["牵头", "lead"], member: ["成员", "member"], partner: ["协作", "partner"] },
  treeNode: { sum: ["合计", "sum"], difference: ["差", "difference"], ratio: ["比", "ratio"], count: ["计数", "count"], entry: ["分录", "entry"], observation: ["记录", "record"], document: ["文件", "document"], statement: ["说法", "statement"], none: ["无依据", "nothing"] },
  trace: { title: ["这个数从哪里来", "Where this figure comes from"], who: ["主体", "who"], where: ["地点", "where"], period: ["期间", "period"], id: ["编号", "id"], equal: ["由以下依据重算，结果相等。", "Recomputed from what stands below: equal."], unequal: ["由以下依据重算，结果不相等！", "Recomputed from what stands below: NOT equal!"], under: ["依据", "What stands under it"], more: ["还有 {n} 项", "{n} more"] },
  role: { office: ["团组办公室", "Group office"], finance: ["财务", "Finance"], unit: ["成员单位", "Member unit"], village: ["村干部", "Village cadre"], warden: ["田长", "Field chief"], engineer: ["工程师", "Engineer"], teacher: ["教师", "Teacher"], viewer: ["查看者", "Viewer"], system_admin: ["系统管理员", "System administrator"], security_admin: ["安全管理员", "Security administrator"], audit_admin: ["审计管理员", "Audit administrator"] },
  roleAbout: {
    office: ["看全部资金与承诺，写报告，回答“怎么知道的”。", "Sees every yuan and promise, writes the report, answers “how do you know?”"], finance: ["记账、冲销、对账，查账龄与报表。", "Books, reverses and reconciles; reads ageing and statements."], unit: ["记录本单位的走访、付款、项目。", "Records the visits, payments and projects of its own unit."], village: ["本村的人、事、物与工单。", "The people, things and cases of the own village."], warden: ["收到田块工单，现场核实，凭证据办结。", "Receives field cases, checks on the spot, closes with proof."],
    engineer: ["资产、系统与管护。", "Assets, systems and their upkeep."], teacher: ["学校、课程与公开内容。", "Schools, lessons and public matters."], viewer: ["只看，不改，不看个人信息。", "Reads; changes nothing; sees no personal field."], system_admin: ["用户、任务、备份；不看业务数据。", "Users, jobs, backups; no business data."], security_admin: ["角色与权限、解锁。", "Roles, rights, unlocking."], audit_admin: ["操作与登录日志。", "The logs of operations and log-ins."],
  },
  scope: { all: ["全部", "everything"], units: ["指定单位", "chosen units"], unit: ["本单位", "own unit"], below: ["本级及下级", "own place and below"], own: ["本人记录", "own records"] },
  home: {
    lead: ["期间 {period} · 数据截至 {on} · 点任一数字，看它从何而来。", "Term {period} · as of {on} · click any number to see where it comes from."], report: ["写报告", "Write the report"], tally_units: ["参与单位", "Units"], tally_places: ["结对村镇", "Paired places"], tally_projects: ["项目", "Projects"], tally_activities: ["活动", "Activities"], tally_visits: ["走访", "Visits"],
    basis: ["本项目群 {n} 个数字的依据", "What the {n} figures of this programme stand on"], map: ["结对在哪里，做了什么", "Where the pairings are, and what happens there"], mapLead: ["{n} 个村镇有结对或活动，其中 {open} 个还没有坐标，列在旁边。圆越大，事越多。", "{n} places with pairings or work; {open} have no recorded position and stand in the list. The larger the disc, the more happens."], byTown: ["按乡镇列出", "By town"],
    money: ["资金五栏", "Five columns of money"], moneyLead: ["五栏分列，从不相加：现金能花，实物不能当钱花，贷款要归还，企业投资属于企业，经济成果属于村里。“—”是未载明，不是零。", "Side by side and never added: cash can be spent, goods cannot, loans are paid back, an investment is the enterprise’s own, results are the village’s. A dash is not told, not zero."],
    flow: ["资金流向", "Where the money went"], flowLead: ["单位 → 村镇 → 项目 → 资产，一次看一类；点任一条带看分录。", "Unit → place → project → asset, one kind at a time; click a band for its entries."], noFlow: ["这一类没有资金流向。", "No money of this kind has moved."], flowLabel: ["{kind}的流向图，{n} 条", "Flow of {kind}: {n} bands"],
    stages: ["项目进度", "Projects by stage"], board: ["项目看板", "Project board"], indicatorsLead: ["基期、目标、实际与变化。", "Baseline, target, actual and change."], evidence: ["还没有依据的数字", "Figures without evidence"], evidenceLead: ["只有说法或什么都没有：补一份凭证即可改变。", "Only stated, or nothing at all: one voucher would change that."], allProven: ["全部数字都有文件或凭证。", "Every figure has a document or a voucher."],
    cases: ["在办工单", "Open cases"], casesLead: ["立案人不得办结。", "Who opened a case does not close it."], noCases: ["没有在办工单。", "No case is open."],
  },
  map: { label: ["泰顺县地图，{n} 个位置", "Map of Taishun county, {n} positions"], closer: ["放大", "Closer"], farther: ["缩小", "Farther"], whole: ["看全县", "Whole county"], paired: ["有结对", "paired"], active: ["有活动", "active"], near: ["位置仅为近似", "position is near only"], nearShort: ["近似", "near"], sure: ["有", "recorded"], none: ["无坐标", "no position"], noneLong: ["还没有登记坐标", "no position is recorded yet"], position: ["位置", "Position"] },
  word: {
    place: ["地点", "Place"], town: ["乡镇", "Town"], unit: ["单位", "Unit"], project: ["项目", "Project"], asset: ["资产", "Asset"], pairedUnits: ["结对单位", "Paired units"], from: ["付方", "From"], to: ["收方", "To"], amount: ["金额", "Amount"], entries: ["分录", "Entries"], kind: ["种类", "Kind"], indicator: ["指标", "Indicator"], baseline: ["基期", "Baseline"], target: ["目标", "Target"], actual: ["实际", "Actual"], change: ["变化", "Change"], reach: ["完成", "Reached"],
  },
  ckind: { alarm: ["告警", "alarm"], field: ["田块", "field"], risk: ["风险", "risk"] },
  cstage: { found: ["发现", "found"], assigned: ["派办", "assigned"], checked: ["核实", "checked"], resolved: ["处置", "resolved"], closed: ["办结", "closed"], reviewed: ["复核", "reviewed"], handled: ["处理", "handled"], looked_again: ["回看", "looked again"], passed_on: ["移交", "passed on"], clue: ["线索", "clue"], noticed: ["公示", "noticed"], town_review: ["乡镇审核", "town review"], decided: ["认定", "decided"], helped: ["帮扶", "helped"], removal: ["消除", "removal"] },
  choice: { exact: ["确数", "exact"], at_least: ["至少（余）", "at least"], about: ["约", "about"], yes: ["是", "yes"], no: ["否", "no"] },
  form: {
    needed: ["必填", "needed"], whole: ["请填整数", "a whole number, please"], number: ["请填数字，例如 12.5", "a number, please, e.g. 12.5"], money: ["请填金额，例如 120000、12.5万", "an amount in yuan, please, e.g. 120000"], period: ["例如 2024、2024-03、2024-03-05/2024-06", "e.g. 2024, 2024-03, 2024-03-05/2024-06"], moneyHint: ["单位为元，可写“12.5万”", "in yuan"], periodHint: ["可只写年或年月，范围用“/”", "a year or a month is enough; ranges with “/”"], look: ["有几项还需要修改，见下面红字。", "A few fields need another look: see the red lines."],
    conflict: ["在您修改期间，{who} 已保存了另一个版本。两个值都在下面，请逐项选择。", "While you were editing, {who} saved another version. Both values stand below: choose for each field."], conflictTable: ["两个版本的差别", "The two versions"], field: ["字段", "Field"], theirs: ["{who} 的值", "Value of {who}"], mine: ["{who}（您）的值", "Your value ({who})"], take: ["选择", "Choice"], takeTheirs: ["用对方的", "Take theirs"], settle: ["按现在的选择保存", "Save what is chosen"], changed: ["改动 {n} 项", "{n} changed"],
  },
  reveal: { do: ["查看个人信息", "Reveal"], no: ["您的角色不能查看个人信息。", "Your role may not reveal personal fields."], title: ["查看个人信息", "Reveal personal fields"], about: ["个人信息加密保存。查看会写入操作日志，含您的姓名、时间和以下理由。", "Personal fields are sealed. Revealing is written to the log with your name, the time and the reason below."], reason: ["理由", "Reason"], example: ["例如：核对慰问金发放的银行卡", "e.g. checking the bank card for a payment"], logged: ["已记入日志", "Logged"], hide: ["重新遮盖", "Mask again"] },
  history: { none: ["还没有修改记录", "No changes yet"], create: ["新建", "created"], change: ["修改", "changed"], remove: ["删除", "removed"] },
  people: { noTerm: ["期间未载明", "term not told"], onDay: ["今天", "today"] },
  job: { running: ["正在运行 {n} 个任务", "{n} jobs running"] },
} as const;
