/* Every word of the interface: [中文, English]. One table, both languages side by side, so that none can be missing.
 * Words of the domain are those of docs/glossary.md; the server's own sentences and data are shown as they come.
 */
export const WORDS = {
  frame: {
    site: ["共富 gongfu", "gongfu 共富"], brand: ["共富", "gongfu"], sub: ["泰顺结对帮扶", "Paired assistance, Taishun"], skip: ["跳到正文", "Skip to the text"], menu: ["菜单", "Menu"], fold: ["收起菜单", "Fold the menu"], unfold: ["展开菜单", "Unfold the menu"],
    trail: ["位置", "Where you are"], programme: ["项目群", "Programme"], demoTail: ["（演示）", " (demo)"], demo: ["演示数据：本项目群的全部记录均为虚构，不作任何依据。", "Demo data: every record of this programme is invented and proves nothing."],
    search: ["搜索全部登记册", "Search every register"], searchHint: ["搜索 ( / )", "Search ( / )"], noneFound: ["没有找到“{q}”", "Nothing found for '{q}'"], otherLang: ["EN：切换到英文", "中：switch to Chinese"], dark: ["深色", "Dark colours"], light: ["浅色", "Light colours"],
    large: ["大字", "Large text"], normal: ["标准字号", "Normal text"], me: ["我的账户：{name}", "My account: {name}"], account: ["我的账户", "My account"], out: ["退出登录", "Log out"],
  },
  nav: {
    see: ["看全局", "See"], work: ["办业务", "Work"], tell: ["讲清楚", "Tell"], keep: ["管系统", "Keep"], home: ["总览", "Overview"], people: ["结对与派驻", "Pairings and people"], units: ["单位", "Units"], places: ["村镇", "Places"], projects: ["项目", "Projects"], money: ["资金分录", "Entries"],
    statement: ["资金报表", "Statements"], ageing: ["账龄", "Ageing"], loans: ["贷款排队", "Loan queue"], investments: ["招商投资", "Investments"], households: ["农户与走访", "Households, visits"], indicators: ["指标", "Indicators"], cases: ["工单", "Cases"], documents: ["文件", "Documents"], report: ["报告", "Report"],
    press: ["稿件核对", "Press check"], exchange: ["导入导出", "Import, export"], registers: ["登记册", "Registers"], users: ["用户", "Users"], roles: ["角色与权限", "Roles and rights"], logs: ["日志", "Logs"], jobs: ["任务", "Jobs"],
  },
  do: {
    again: ["重试", "Try again"], all: ["全部", "All"], asPicture: ["看图", "Show as picture"], asTable: ["以表格显示", "Show as table"], back: ["返回", "Back"], cancel: ["取消", "Cancel"], less: ["收起", "Show less"], more: ["再显示 {n} 条", "Show {n} more"], save: ["保存", "Save"], sort: ["点击排序", "Click to sort"], type: ["输入以查找", "Type to find"],
    next: ["下一页", "Next"], previous: ["上一页", "Previous"], add: ["新增", "Add"], edit: ["修改", "Edit"], clear: ["清除筛选", "Clear filters"], export: ["导出", "Export"], copy: ["复制", "Copy"], close: ["关闭", "Close"], download: ["下载", "Download"],
    pickDay: ["选日期", "Pick a day"], today: ["今天", "Today"], yearBefore: ["上一年", "A year back"], yearAfter: ["下一年", "A year on"],
  },
  say: { colon: ["：", ": "], stop: ["、", ", "], nothing: ["没有记录", "Nothing on record"], reading: ["读取中…", "Reading…"], saved: ["已保存", "Saved"], unknown: ["未载明：未知，不是零", "not told: unknown, not zero"], unstated: ["未载明", "not stated"], wait: ["请稍候…", "One moment…"], yes: ["是", "yes"], no: ["否", "no"], inAll: ["共", ""], rows: ["条", "in all"], copied: ["已复制", "Copied"] },
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
  trace: {
    open: ["看依据", "Where it comes from"], title: ["这个数从哪里来", "Where this figure comes from"], who: ["主体", "who"], where: ["地点", "where"], period: ["期间", "period"], id: ["编号", "id"], equal: ["由以下依据重算，结果相等。", "Recomputed from what stands below: equal."], unequal: ["由以下依据重算，结果不相等！", "Recomputed from what stands below: NOT equal!"], under: ["依据", "What stands under it"], more: ["还有 {n} 项", "{n} more"] },
  role: { office: ["团组办公室", "Group office"], finance: ["财务", "Finance"], unit: ["成员单位", "Member unit"], village: ["村干部", "Village cadre"], warden: ["田长", "Field chief"], engineer: ["工程师", "Engineer"], teacher: ["教师", "Teacher"], viewer: ["查看者", "Viewer"], system_admin: ["系统管理员", "System administrator"], security_admin: ["安全管理员", "Security administrator"], audit_admin: ["审计管理员", "Audit administrator"] },
  roleAbout: {
    office: ["看全部资金与承诺，写报告，回答“怎么知道的”。", "Sees every yuan and promise, writes the report, answers 'how do you know?'"], finance: ["记账、冲销、对账，查账龄与报表。", "Books, reverses and reconciles; reads ageing and statements."], unit: ["记录本单位的走访、付款、项目。", "Records the visits, payments and projects of its own unit."], village: ["本村的人、事、物与工单。", "The people, things and cases of the own village."], warden: ["收到田块工单，现场核实，凭证据办结。", "Receives field cases, checks on the spot, closes with proof."],
    engineer: ["资产、系统与管护。", "Assets, systems and their upkeep."], teacher: ["学校、课程与公开内容。", "Schools, lessons and public matters."], viewer: ["只看，不改，不看个人信息。", "Reads; changes nothing; sees no personal field."], system_admin: ["用户、任务、备份；不看业务数据。", "Users, jobs, backups; no business data."], security_admin: ["角色与权限、解锁。", "Roles, rights, unlocking."], audit_admin: ["操作与登录日志。", "The logs of operations and log-ins."],
  },
  scope: { all: ["全部", "everything"], units: ["指定单位", "chosen units"], unit: ["本单位", "own unit"], below: ["本级及下级", "own place and below"], own: ["本人记录", "own records"] },
  home: {
    numbers: ["主要数字", "Main numbers"], lead: ["期间 {period} · 数据截至 {on} · 点任一数字，看它从何而来。", "Term {period} · as of {on} · click any number to see where it comes from."], report: ["写报告", "Write the report"], tally_members: ["成员单位", "Member units"], tally_pairings: ["结对", "Pairings"], tally_projects: ["项目", "Projects"], tally_activities: ["活动", "Activities"], tally_visits: ["走访", "Visits"],
    basis: ["本项目群 {n} 个数字的依据", "What the {n} figures of this programme stand on"], map: ["结对在哪里，做了什么", "Where the pairings are, and what happens there"], mapLead: ["{n} 个村镇有结对或活动，其中 {open} 个还没有坐标，列在旁边。圆越大，事越多。", "{n} places with pairings or work; {open} have no recorded position and stand in the list. The larger the disc, the more happens."], byTown: ["按乡镇列出", "By town"],
    money: ["资金五栏", "Five columns of money"], moneyLead: ["五栏分列，从不相加：现金能花，实物不能当钱花，贷款要归还，企业投资属于企业，经济成果属于村里。“—”是未载明，不是零。", "Side by side and never added: cash can be spent, goods cannot, loans are paid back, an investment is the enterprise's own, results are the village's. A dash is not told, not zero."],
    flow: ["资金流向", "Where the money went"], flowLead: ["单位 → 村镇 → 项目 → 资产，一次看一类；点任一条带看分录。", "Unit → place → project → asset, one kind at a time; click a band for its entries."], noFlow: ["这一类没有资金流向。", "No money of this kind has moved."], flowLabel: ["{kind}的流向图，{n} 条", "Flow of {kind}: {n} bands"],
    stages: ["项目进度", "Projects by stage"], board: ["项目看板", "Project board"], indicatorsLead: ["基期、目标、实际与变化。", "Baseline, target, actual and change."], evidence: ["还没有依据的数字", "Figures without evidence"], evidenceLead: ["只有说法或什么都没有：补一份凭证即可改变。", "Only stated, or nothing at all: one voucher would change that."], allProven: ["全部数字都有文件或凭证。", "Every figure has a document or a voucher."],
    cases: ["在办工单", "Open cases"], casesLead: ["立案人不得办结。", "Who opened a case does not close it."], noCases: ["没有在办工单。", "No case is open."],
  },
  map: { label: ["{name}地图，{n} 个位置", "Map of {name}, {n} positions"],
    relief: ["地形：SRTM；东经 {lon}° 以东无高程数据", "Relief: SRTM; no heights east of {lon}° E"], closer: ["放大", "Closer"], farther: ["缩小", "Farther"], whole: ["看全县", "Whole county"], paired: ["有结对", "paired"], active: ["有活动", "active"], near: ["位置仅为近似", "position is near only"], nearShort: ["近似", "near"], sure: ["有", "recorded"], none: ["无坐标", "no position"], noneLong: ["还没有登记坐标", "no position is recorded yet"], position: ["位置", "Position"] },
  word: {
    source: ["依据", "Source"], state: ["状态", "State"], hash: ["校验码", "Hash"], register: ["登记册", "Register"], units: ["单位", "Units"], case: ["工单", "Case"], stage: ["阶段", "Stage"], document: ["文件", "Document"], sort: ["类别", "Kind"], date: ["日期", "Date"], origin: ["来源", "Origin"], file: ["文件", "File"], author: ["经手人", "By"], seen: ["所见", "Seen"], agreed: ["所议", "Agreed"], household: ["农户", "Household"], category: ["类别", "Category"], head: ["户主", "Head"], phone: ["电话", "Phone"], registered: ["建档", "Registered"], quantity: ["数量", "Quantity"], visit: ["走访", "Visit"], measure: ["帮扶措施", "Measure"], period: ["期间", "Period"], yuan: ["元", "yuan"], value: ["数值", "Value"], method: ["方法", "Method"], fund: ["资金", "Fund"], entry: ["分录", "Entry"], onDay: ["截至", "On"], verb: ["动作", "Verb"], purpose: ["用途", "Purpose"], actingUnit: ["经办单位", "Acting unit"], voucher: ["凭证", "Voucher"], note: ["说明", "Note"], key: ["幂等键", "Key"], name: ["名称", "Name"], enterprise: ["企业", "Enterprise"], loan: ["贷款", "Loan"], borrower: ["借款人", "Borrower"], priority: ["优先级", "Priority"], applied: ["申请日期", "Applied"], quota: ["额度", "Quota"], approved: ["批准", "Approved"], bound: ["界", "Bound"], stageFrom: ["原阶段", "Stage before"], stageTo: ["到达阶段", "Stage reached"], scope: ["口径", "Scope"], role: ["角色", "Role"], post: ["职务", "Post"], pairedPlaces: ["结对村镇", "Paired places"], shortName: ["简称", "Short name"], parent: ["上级", "Above it"], assets: ["资产", "Assets"], level: ["级别", "Level"], aliases: ["别名", "Other names"], code: ["代码", "Code"], budget: ["预算", "Budget"],
    place: ["地点", "Place"], town: ["乡镇", "Town"], unit: ["单位", "Unit"], project: ["项目", "Project"], asset: ["资产", "Asset"], pairedUnits: ["结对单位", "Paired units"], from: ["付方", "From"], to: ["收方", "To"], amount: ["金额", "Amount"], entries: ["分录", "Entries"], kind: ["种类", "Kind"], indicator: ["指标", "Indicator"], baseline: ["基期", "Baseline"], target: ["目标", "Target"], actual: ["实际", "Actual"], change: ["变化", "Change"], reach: ["完成", "Reached"],
  },
  ckind: { alarm: ["告警", "alarm"], field: ["田块", "field"], risk: ["风险", "risk"] },
  cstage: { found: ["发现", "found"], assigned: ["派办", "assigned"], checked: ["核实", "checked"], resolved: ["处置", "resolved"], closed: ["办结", "closed"], reviewed: ["复核", "reviewed"], handled: ["处理", "handled"], looked_again: ["回看", "looked again"], passed_on: ["移交", "passed on"], clue: ["线索", "clue"], noticed: ["公示", "noticed"], town_review: ["乡镇审核", "town review"], decided: ["认定", "decided"], helped: ["帮扶", "helped"], removal: ["消除", "removal"] },
  choice: { exact: ["确数", "exact"], at_least: ["至少（余）", "at least"], about: ["约", "about"], yes: ["是", "yes"], no: ["否", "no"] },
  form: {
    changedMeanwhile: ["有人刚刚修改了这条记录；保存时会让您比较两个版本。", "Somebody has just changed this record; on saving you will see both versions."],
    needed: ["必填", "needed"], whole: ["请填整数", "a whole number, please"], number: ["请填数字，例如 12.5", "a number, please, e.g. 12.5"], money: ["请填金额，例如 120000、12.5万", "an amount in yuan, please, e.g. 120000"], period: ["例如 2024、2024-03、2024-03-05/2024-06", "e.g. 2024, 2024-03, 2024-03-05/2024-06"], moneyHint: ["单位为元，可写“12.5万”", "in yuan"], periodHint: ["可只写年或年月，范围用“/”", "a year or a month is enough; ranges with '/'"], look: ["有几项还需要修改，见下面红字。", "A few fields need another look: see the red lines."],
    conflict: ["在您修改期间，{who} 已保存了另一个版本。两个值都在下面，请逐项选择。", "While you were editing, {who} saved another version. Both values stand below: choose for each field."], conflictTable: ["两个版本的差别", "The two versions"], field: ["字段", "Field"], theirs: ["{who} 的值", "Value of {who}"], mine: ["{who}（您）的值", "Your value ({who})"], take: ["选择", "Choice"], takeTheirs: ["用对方的", "Take theirs"], settle: ["按现在的选择保存", "Save what is chosen"], changed: ["改动 {n} 项", "{n} changed"],
  },
  reveal: { do: ["查看个人信息", "Reveal"], no: ["您的角色不能查看个人信息。", "Your role may not reveal personal fields."], title: ["查看个人信息", "Reveal personal fields"], about: ["个人信息加密保存。查看会写入操作日志，含您的姓名、时间和以下理由。", "Personal fields are sealed. Revealing is written to the log with your name, the time and the reason below."], reason: ["理由", "Reason"], example: ["例如：核对慰问金发放的银行卡", "e.g. checking the bank card for a payment"], logged: ["已记入日志", "Logged"], hide: ["重新遮盖", "Mask again"] },
  history: {
    title: ["修改历史", "History"], version: ["第 {n} 版 · {who}", "version {n} · {who}"], none: ["还没有修改记录", "No changes yet"], create: ["新建", "created"], change: ["修改", "changed"], remove: ["删除", "removed"] },
  people: {
    handover: ["交接给", "Handed over to"], lead: ["谁和哪里结对，谁在那里驻过，哪里有空档。虚线端表示日期只知大概。", "Who is paired with whom, who was posted where, where a gap was. A dashed end is a date known only roughly."], by: ["按", "By"], by_place: ["按地点", "By place"], by_unit: ["按单位", "By unit"], registerPairings: ["结对登记册", "Register of pairings"], pairings: ["结对", "Pairings"], pairingsLead: ["红：牵头，绿：成员，蓝：协作", "red: lead, green: member, blue: partner"], posts: ["派驻", "Posts"], postsLead: ["驻村第一书记、农村工作指导员等", "first secretaries, instructors and others"], gaps: ["空档与重叠", "Gaps and overlaps"], gapsLead: ["无人在岗的日子与两人同岗的日子", "days with nobody and days with two"], noGaps: ["没有空档，也没有重叠。", "No gap and no overlap."], block: ["报告分段", "Block of the report"], unitsLead: ["团组成员与往来单位。", "Members of the group and the others."], members: ["团组成员", "Members of the group"], allUnits: ["全部单位", "All units"], noTerm: ["期间未载明", "term not told"], onDay: ["今天", "today"] },
  job: {
    what: ["任务", "Job"], started: ["开始", "Started"], progress: ["进度", "Progress"], lead: ["报告、报表、导入和导出在后台运行；可以离开本页。", "Reports, statements, imports and exports run behind; you may leave this page."], refresh: ["刷新", "Refresh"], none: ["还没有任务。", "No job yet."], kind_report: ["报告", "Report"], kind_statement: ["报表", "Statement"], kind_export: ["导出", "Export"], kind_import: ["导入", "Import"], running: ["正在运行 {n} 个任务", "{n} jobs running"] },
  list: {
    search: ["搜索", "Search"], searchHint: ["名称、说明…", "name, note…"], any: ["全部", "any"], from: ["从", "From"], to: ["到", "To"], filters: ["筛选", "Filters"], noneSuch: ["没有符合条件的记录。", "Nothing matches what was chosen."],
  },
  story: {
    show: ["显示", "Show"], paired: ["{who}结对", "Paired with {who}"], undated: ["日期未载明", "Undated"], figure: ["依据", "opens"], title: ["做过的事", "What it did"], people: ["人", "People"], money: ["钱", "Money"], projects: ["项目", "Projects"], assets: ["资产", "Assets"], life: ["活动", "Events"], results: ["成效", "Results"],
  },
  account: {
    passwordChanged: ["密码已修改", "The password is changed"], secondOn: ["第二因素已启用", "The second factor is on"], lead: ["密码、第二因素与显示方式。", "Password, second factor, and how this browser shows things."], refused: ["您的角色看不到那个页面。", "Your role does not see that page."], mustEnrol: ["您的角色需要第二因素：请先在下面启用，再继续。", "Your role needs a second factor: enrol below, then go on."], until: ["登录有效至", "Session until"], show: ["显示", "Display"], language: ["语言", "Language"], colours: ["颜色", "Colours"], theme_auto: ["跟随系统", "as the system"], theme_light: ["浅色", "light"], theme_dark: ["深色", "dark"], keys: ["快捷键：/ 搜索；g 后按 h 总览、p 项目、m 资金、c 工单、r 报告、v 村镇、u 单位。", "Keys: / searches; g then h overview, p projects, m money, c cases, r report, v places, u units."], password: ["修改密码", "Change the password"], old: ["现在的密码", "Present password"], change: ["修改密码", "Change it"], second: ["第二因素", "Second factor"], secondLead: ["登录时除密码外再输入验证器上的六位数字。办公室和管理员角色必须启用。", "Six digits of an authenticator besides the password. The office and the administrators need it."], enrol: ["启用第二因素", "Enrol a second factor"], step1: ["在验证器应用中选择“手动输入密钥”，填入：", "In your authenticator choose 'enter a key' and type:"], uri: ["完整地址（otpauth）", "Whole address (otpauth)"], step2: ["输入应用显示的六位数字", "The six digits that it shows"], confirm: ["确认启用", "Confirm"],
  },
  users: {
    role: ["角色", "Role"], scope: ["数据范围", "Data scope"], do: ["操作", "Actions"], for: ["职责", "What it is for"], second: ["第二因素", "Second factor"], optional: ["可选", "optional"], rolesLead: ["每个角色做什么、看多远。默认不给，给的都列在这里。", "What each role does and how far it sees. Nothing is given by default; what is given stands here."], you: ["您", "you"], scopes: ["数据范围", "Data scopes"], scopesLead: ["角色决定能做什么，范围决定看到哪些记录。", "The role decides what may be done, the scope which records are seen."], mine: ["我的权限", "My rights"], unlocked: ["已解锁", "Unlocked"], user: ["用户", "User"], last: ["上次登录", "Last log-in"], lead: ["每人一个账户。新账户通过一次性链接设置密码，没有人看得到别人的密码。", "One account a person. A new one sets its password by a link that works once; nobody sees another's password."], add: ["新增用户", "Add a user"], locked: ["已锁定", "locked"], invite: ["重发邀请", "Invite again"], unlock: ["解锁", "Unlock"], linkLead: ["把这个一次性链接交给本人。它只显示这一次。", "Hand this one-time link to the person. It is shown this once."], id: ["用户名（小写字母、数字）", "User name (a–z, 0–9)"], name: ["姓名", "Name"],
  },
  ustate: {
    active: ["启用", "active"], invited: ["待激活", "invited"], disabled: ["停用", "disabled"],
  },
  right: {
    r: ["看", "Read"], w: ["写", "Write"], v: ["查看个人信息", "Reveal"], x: ["导出", "Export"],
  },
  jstate: {
    waiting: ["等待", "waiting"], running: ["运行中", "running"], done: ["完成", "done"], failed: ["失败", "failed"], cancelled: ["已取消", "cancelled"],
  },
  logs: {
    at: ["时间", "Time"], actor: ["谁", "Who"], action: ["动作", "Action"], object: ["对象", "Object"], outcome: ["结果", "Outcome"], address: ["地址", "Address"], lead: ["每一行都含前一行的校验码：少一行、改一字都看得出来。", "Each line holds the hash of the one before: a line taken out or a letter changed would show."], operations: ["操作日志", "Operations"], logins: ["登录日志", "Log-ins"],
  },
  cases: {
    step: ["下一步：{stage}", "Next: {stage}"], rule: ["立案人不得办结；办结须附证明。", "Who opened a case does not close it; closing needs a proof."], steps: ["办理经过", "What was done"], proof: ["证明", "Proof"], noStep: ["还没有办理步骤。", "No step yet."], opened: ["立案", "Opened"], assignee: ["承办人", "Assignee"], due: ["期限", "Due"], opener: ["立案人", "Opener"], lead: ["告警、田块、风险，三类工单一个收件箱，按期限排列。", "Alarms, fields and risks in one inbox, by due day."], open: ["立案", "Open a case"], late: ["超期", "late"], all: ["全部工单", "All cases"],
  },
  register: {
    record: ["登记内容", "Record"], template: ["模板", "Template"], none: ["没有登记册“{name}”", "There is no register '{name}'"], lead: ["全部登记册。每条记录都有来源、经手人和修改历史。", "Every register. Each record has its source, its author and its history."],  theme_who: ["谁", "Who"], theme_where: ["哪里", "Where"], theme_folk: ["农户", "Households"], theme_work: ["做什么", "What is done"], theme_purse: ["钱", "Money"], theme_fruit: ["成效", "Results"], theme_proof: ["依据", "Evidence"], theme_care: ["工单与日历", "Cases and calendar"], theme_other: ["其他", "Others"],
  },
  documents: {
    issuer: ["出具者", "Issuer"], size: ["大小", "Size"], state: ["文件", "File"], lead: ["数字下面的纸：凭证、验收单、纪要、照片。文件按内容校验码认定，只有名称的文件算说法。", "The papers under figures: vouchers, acceptances, minutes, photographs. A file is known by the hash of its content; a mere name counts as a statement."], drop: ["把文件拖到这里，或点击选择", "Drop a file here, or click to choose"], dropHint: ["PDF、图片、表格；上传后填写名称和出具者", "PDF, pictures, tables; name and issuer follow"], nameOnly: ["只有名称", "name only"],
    preview: ["内容", "Content"], noPreview: ["这种文件不能在页面里看，请下载。", "This kind of file is not shown in the page: take it away."], gone: ["文件内容读不到。", "The content of the file cannot be read."],
  },
  dkind: {
    register: ["登记表", "register"], book: ["村账", "book"], acceptance: ["验收单", "acceptance"], contract: ["合同", "contract"], reading: ["抄表", "reading"], proof: ["证明", "proof"], agreement: ["协议", "agreement"], upkeep: ["管护记录", "upkeep"], valuation: ["评估", "valuation"], deliverable: ["成果", "deliverable"], photo: ["照片", "photograph"], minutes: ["纪要", "minutes"], voucher: ["凭证", "voucher"],
  },
  ukind: {
    department: ["部门", "department"], university: ["高校", "university"], group: ["团组", "group"], school: ["学校", "school"], bank: ["银行", "bank"], media: ["媒体", "media"], company: ["企业", "company"], district: ["市区", "district"], research: ["科研", "research"],
  },
  level: {
    province: ["省", "province"], city: ["市", "city"], county: ["县", "county"], town: ["乡镇", "town"], village: ["村", "village"], site: ["点", "site"],
  },
  lstage: {
    applied: ["已申请", "applied"], approved: ["已批准", "approved"], drawn: ["已发放", "drawn"], repaid: ["已归还", "repaid"], refused: ["未批准", "refused"], talks: ["洽谈", "talks"], signed: ["签约", "signed"], building: ["在建", "building"], running: ["运营", "running"], dropped: ["终止", "dropped"], found: ["发现", "found"], contacted: ["联系", "contacted"], visited: ["考察", "visited"], landed: ["落地", "landed"], met: ["已具备", "met"], sought: ["争取中", "sought"], open: ["未具备", "open"], land: ["土地", "land"], money: ["资金", "money"], permit: ["许可", "permit"], other: ["其他", "other"], agreement: ["协议", "agreement"], meeting: ["会议", "meeting"], visit: ["走访", "visit"], ceremony: ["仪式", "ceremony"], done: ["已完成", "done"], observations: ["观测", "observations"], entries: ["分录", "entries"], name: ["按名称", "name"], near: ["近似", "near"], doubtful: ["存疑", "doubtful"], holiday: ["假日", "holiday"], workday: ["调休上班", "workday"],
  },
  istage: {
    talks: ["洽谈", "Talks"], signed: ["签约", "Signed"], building: ["在建", "Building"], running: ["运营", "Running"], dropped: ["终止", "Dropped"], found: ["发现", "Found"], contacted: ["联系", "Contacted"], visited: ["考察", "Visited"], landed: ["落地", "Landed"], open: ["阶段未载明", "Stage not told"],
  },
  condition: {
    land: ["土地", "Land"], money: ["资金", "Money"], permit: ["许可", "Permit"], other: ["其他", "Other"],
  },
  cstate: {
    open: ["未具备", "open"], sought: ["争取中", "sought"], met: ["已具备", "met"],
  },
  mscope: {
    group: ["团组", "Group"], unit: ["单位", "Unit"], place: ["地点", "Place"], fund: ["资金", "Fund"], project: ["项目", "Project"], outside: ["团组之外", "Outside the group"],
  },
  verdict: {
    found: ["有据", "found"], stated_only: ["仅有说法", "stated only"], different: ["不符", "different"], without_basis: ["无据", "without basis"], not_a_figure: ["不是数字", "not a figure"],
  },
  exchange: {
    row: ["行", "Row"], column: ["列", "Column"], what: ["问题", "What is wrong"], hint: ["怎么改", "What to do"], added: ["新增", "added"], changed: ["修改", "changed"], unchanged: ["未变", "unchanged"], refused: ["退回", "refused"], rows: ["行数", "rows"], lead: ["Excel 进，Excel 出。先试导入，不入库；有错按行列指出，改好再传。", "Excel in, Excel out. First a trial that books nothing; mistakes are told by row and column."], in: ["导入", "Import"], step1: ["选登记册，取模板", "Choose a register, take its template"], step2: ["把填好的表放进来，先试导入", "Put the filled table in: a trial first"], drop: ["把 .xlsx 或 .csv 拖到这里", "Drop an .xlsx or .csv here"], dropHint: ["CSV 可为 UTF-8 或 GB18030", "CSV in UTF-8 or GB18030"], step3: ["看结果，再入库", "Read the answer, then book"], reading: ["已读 {done} / {total} 行", "{done} of {total} rows"], trialDone: ["试导入完成，尚未入库", "trial done, nothing booked yet"], booked: ["已入库", "booked"], bookNow: ["确认入库", "Book it"], errorBook: ["下载错误表，改好再传", "Take the error workbook"], nothingYet: ["还没有选择文件。", "No file yet."], errors: ["错误清单", "Mistakes"], out: ["导出", "Export"], outLead: ["按您的权限和数据范围导出；个人信息保持遮盖。", "Within your rights and scope; personal fields stay masked."], format: ["格式", "Format"], done: ["已导入", "Imports so far"], doneLead: ["整批导入可以撤销，只要其后没有人改过。", "A whole import can be undone, as long as nobody changed its rows since."], undone: ["已撤销", "undone"], undoSure: ["确定撤销整批", "Undo all of it"], undo: ["撤销", "Undo"],
  },
  households: {
    addVisit: ["记一次走访", "Record a visit"], households: ["农户", "Households"], visits: ["走访", "Visits"], measures: ["帮扶措施", "Measures"], sealed: ["加密字段", "Sealed fields"], members: ["家庭成员", "Members"], lead: ["姓名、电话、住址、银行卡加密保存，列表中遮盖；查看须写明理由，并记入日志。", "Names, phones, addresses and cards are sealed and masked in lists; a reveal needs a reason and is logged."],
  },
  indicators: {
    observe: ["记一次观测", "Record an observation"], observations: ["观测值", "Observations"], fromEntries: ["读自分录", "read from entries"], fromObservations: ["读自观测", "read from observations"], seeEntries: ["本指标读自分录，没有观测；数值见总览和报告。", "This indicator reads entries and has no observations; its values stand in the overview and the report."], lead: ["基期、目标、实际、变化；每个值都打得开。", "Baseline, target, actual, change; every value opens."], onlyKnown: ["只看有数的", "only those with values"],
  },
  money: {
    receivedOn: ["到账日", "Received on"], received: ["到账", "Received"], unpaid: ["未用", "Unpaid"], days: ["已放", "Waiting"], ageingLead: ["到账而未投入的钱，放了多久。", "Money received and not yet paid, and for how long."], noneWaiting: ["没有闲置资金。", "No money is waiting."], dayCount: ["{n} 天", "{n} days"], reversed: ["已冲销", "Reversed"], entry: ["分录 № {n}", "Entry № {n}"], isReversal: ["冲销分录", "a reversal"], wasReversed: ["已被冲销", "reversed"], reverse: ["冲销", "Reverse"], reversesEntry: ["本分录冲销 № {n}", "This entry reverses № {n}"], reversedBy: ["已由 № {n} 冲销", "Reversed by № {n}"], transfers: ["转移", "Transfers"], about: ["分录内容", "About it"], noVoucher: ["未附凭证", "no voucher"], seal: ["封存", "Seal"], sealLead: ["分录只增不改：每条的校验码都含前一条。", "Entries are never changed: the hash of each covers the one before."], reverseLead: ["将新记一条方向相反的分录，№ {n} 保持原样。请写明理由。", "A new entry in the opposite direction will be booked; № {n} stays as it is. Say why."], investLead: ["企业自己的钱，从洽谈到运营；不计入团组资金。", "The enterprises' own money, from talks to running works; never counted as the group's."], noAmount: ["金额未载明", "amount not told"], matches: ["企业对接", "Matches with enterprises"], loansLead: ["贷款按政策排队，批准额不是发放额。", "Loans queue by the policy; approved is not drawn."], rank: ["次序", "Rank"], bank: ["银行", "Bank"], policies: ["贷款政策", "Loan policies"], queue: ["待审批的队列", "The queue"], noQueue: ["没有排队的贷款。", "Nobody waits."], allLoans: ["全部贷款", "All loans"], lead: ["每一笔钱一条分录，只增不改，错了就冲销。", "One entry for every movement, never changed; a mistake is reversed."], book: ["记一笔", "Book an entry"], totals: ["所选分录按种类与阶段合计", "What is shown, by kind and stage"],
    totalsGroup: ["团组各阶段合计：内部划转只算一次，五类从不相加", "The group by kind and stage: moves inside it count once, kinds are never added"],
    totalsScope: ["所选口径的各阶段合计", "The chosen scope, by kind and stage"], needParty: ["付方或收方至少填一个；文中没说的选“未载明”。", "Name the giver or the taker; choose 'not stated' for what is left open."], bookLead: ["一条分录含一笔或多笔转移，同一种类。保存后不能修改。", "One entry of one or more transfers of one kind. Once saved it does not change."], voucherHint: ["没有凭证的分录只算说法", "without a voucher it counts as stated only"], transfer: ["转移 {n}", "Transfer {n}"], dropTransfer: ["去掉这笔", "Take it out"], addTransfer: ["再加一笔转移", "Add a transfer"], sum: ["合计", "Sum"], never: ["保存后只能冲销，不能修改。重复提交只记一次。", "Once booked it can be reversed, not changed. Sending twice books once."], statementLead: ["某一口径在某一天的资金状况，各阶段分列。", "How the money of a scope stood on a day, stage by stage."], allTime: ["未选日期：全部期间", "no day chosen: all time"], chooseScope: ["请选择口径对象。", "Choose whose money it is."], matrix: ["阶段 × 种类", "Stage by kind"], internal: ["其中团组内部划转：{kind}·{stage} {money}，不重复计算。", "Between units of the group: {kind}, {stage}, {money}; counted once."],
  },
  places: {
    photos: ["照片", "Photographs"], numbers: ["主要数字", "Main numbers"], onMap: ["在县里的位置", "Where it lies"], noPairing: ["本项目群没有与它结对的单位。", "No unit of this programme is paired with it."], story: ["这里的变化", "Its story over time"], storyLead: ["人、钱、项目、资产、成效，按时间排列。", "People, money, projects, assets and results, in order."], noStory: ["还没有记录。", "Nothing is recorded yet."], inside: ["下辖", "Inside it"], lead: ["县、乡镇、村。先列有结对或活动的，再列全部。", "County, towns, villages: first those where something happens, then all."], active: ["有结对或活动", "Where something happens"], all: ["全部地点", "All places"],
  },
  projects: {
    acceptedBy: ["验收人：{who}", "accepted by {who}"], about: ["项目", "About it"], budget: ["预算与支出", "Budget and spending"], paid: ["现金已投入", "Cash paid"], addStage: ["登记阶段", "Record a stage"], spending: ["累计投入与预算", "Spending against the budget"], soFar: ["累计 {money}", "{money} so far"], share: ["已投入预算的 {n}%", "{n}% of the budget is paid"], left: ["尚余 {money}", "{money} left"], over: ["超出 {money}", "{money} over"], conditions: ["前置条件", "Conditions"], stages: ["阶段与验收", "Stages and acceptance"], entries: ["资金分录", "Entries"], became: ["形成的资产", "What it became"], lead: ["从谋划到移交；条件、验收、预算与支出都在项目页。", "From proposal to hand-over; conditions, acceptance, budget and spending stand on each page."], view: ["视图", "View"], board: ["看板", "Board"], list: ["列表", "List"],
  },
  press: {
    number: ["数字", "Number"], verdict: ["结论", "Verdict"], ours: ["账上", "Ours"], reason: ["说明", "Reason"], at: ["位置", "Place"], lineColumn: ["{line} 行 {column} 字", "line {line}, {column}"], lead: ["粘贴一篇稿件，每个数字都与账上核对。", "Paste a text: each of its numbers is held against the books."], text: ["待核对的文字", "Text to check"], hint: ["例如：某单位为某村协调资金……万元", "Paste a paragraph with numbers"], check: ["核对", "Check"], file: ["从文本文件", "From a text file"], private: ["文字只送到本服务器，不保存。", "It goes to this server only and is not kept."], trouble: ["{n} 个数字与账不符或无据。", "{n} numbers differ from the books or have no basis."], noTrouble: ["没有与账不符或无据的数字。", "No number differs from the books or lacks a basis."], marked: ["标注后的文字", "The text, marked"], numbers: ["数字清单", "The numbers"], open: ["打开", "open"], none: ["这一类没有数字。", "No number of this kind."],
  },
  report: {
    lead: ["选期间、来源和语言；点任一数字看依据；需要哪种格式就取哪种。", "Choose span, origins and language; click any number; take it away in the form you need."], language: ["报告语言", "Language of the report"], origins: ["只用这些来源", "Only these origins"], contents: ["目录", "Contents"], asOf: ["截至 {on}", "as of {on}"], head: ["账本链头：分录 {n}，校验码", "Head of the ledger: entry {n}, hash"],
  },
} as const;
