/* Every path of the interface: what it takes, where it runs, who may come in, and what it is for, in two languages.
 *
 * Three things are made from this one table: the server's routes, the check of every request, and the description. A
 * path that is not here does not exist, and a parameter that is not here is refused.
 */
#include "api/api.h"

#define LANG   { "lang", API_LANG, false, NULL, "语言：zh 或 en", "language: zh or en" }
#define PAGE_  { "limit", API_WHOLE, false, NULL, "每页条数，最多 200", "rows of a page, at most 200" }, { "cursor", API_TEXT, false, NULL, "上一页的 next", "next of the page before" }
#define END    { NULL }
#define PROGRAMME { "programme", API_TEXT, false, NULL, "项目群编号；演示数据自成一群，不与其他混列", "id of the programme; demo rows are one of their own and never stand among others" }

static const api_param SESSION_FIELDS[] = { { "user", API_TEXT, true, NULL, "登录名", "name to log in with" }, { "password", API_TEXT, true, NULL, "密码", "password" },
                                            { "totp", API_TEXT, false, NULL, "第二因素的六位数字", "six digits of the second factor" }, END };
static const api_param PASSWORD_FIELDS[] = { { "old", API_TEXT, true, NULL, "现在的密码", "password of now" }, { "new", API_TEXT, true, NULL, "新密码，至少 10 个字", "new password, 10 characters or more" }, END };
static const api_param CODE_FIELDS[] = { { "code", API_TEXT, true, NULL, "手机上的六位数字", "six digits on the phone" }, END };
static const api_param NO_FIELDS[] = { END };
static const api_param INVITATION_FIELDS[] = { { "token", API_TEXT, true, NULL, "一次性链接中的令牌", "token of the one-time link" }, { "password", API_TEXT, true, NULL, "自己的密码", "password of one's own" }, END };
static const api_param LIST_PARAMS[] = {
    PAGE_, { "sort", API_TEXT, false, NULL, "排序列，前面加 - 为倒序", "column to sort by; - in front turns it round" }, { "q", API_TEXT, false, NULL, "文字中含有", "text that stands in it" },
    { "within", API_TEXT, false, NULL, "某地点及其下级", "a place and those below it" }, PROGRAMME, { "count", API_FLAG, false, NULL, "1：同时给出总数", "1: tell how many there are" }, LANG, END };
static const api_param REASON_FIELDS[] = { { "reason", API_TEXT, true, NULL, "理由，写入证明", "the reason, which the certificate tells" }, END };
static const api_param COPY_FIELDS[] = { { "reason", API_TEXT, true, NULL, "理由，记入日志", "the reason, kept in the log" }, { "format", API_WORD, false, "json|pdf", "格式", "form" }, END };
static const api_param REVEAL_FIELDS[] = { { "fields", API_LIST, true, NULL, "要看的字段", "fields to see" }, { "reason", API_TEXT, true, NULL, "理由，记入日志", "the reason, kept in the log" }, END };
static const api_param SEARCH_PARAMS[] = { { "q", API_TEXT, true, NULL, "一个字或更多", "one character or more" }, { "limit", API_WHOLE, false, NULL, "最多几条", "at most so many" }, PROGRAMME, LANG, END };
static const api_param GROUP_PARAMS[] = { { "by", API_TEXT, true, NULL, "place,kind,month,year,date,fund,project,verb,stage,origin 中至多四个", "up to four of place, kind, month, year, date, fund, project, verb, stage, origin" },
                                          { "q", API_TEXT, false, NULL, "文字中含有", "text that stands in it" }, { "within", API_TEXT, false, NULL, "某地点及其下级", "a place and those below it" }, PROGRAMME, LANG, END };
static const api_param REPORT_PARAMS[] = { PROGRAMME, { "place", API_TEXT, false, NULL, "只报告某地点及其下级", "of a place and those below it alone" }, { "origin", API_TEXT, false, NULL, "来源，逗号分隔", "origins, with commas" },
                                           { "from", API_DAY, false, NULL, "起始日期", "first day" }, { "to", API_DAY, false, NULL, "截止日期", "last day" }, LANG, END };
static const api_param PRESS_PARAMS[] = { PROGRAMME, { "origin", API_TEXT, false, NULL, "来源，逗号分隔", "origins, with commas" }, LANG, END };
static const api_param STATEMENT_PARAMS[] = { PROGRAMME, { "scope", API_TEXT, false, NULL, "group、unit:编号、place:代码、fund:编号、project:编号", "group, unit:ID, place:CODE, fund:ID, project:ID" },
                                              { "on", API_DAY, false, NULL, "某日", "on a day" }, LANG, END };
static const api_param ON_PARAMS[] = { PROGRAMME, { "on", API_DAY, false, NULL, "某日", "on a day" }, LANG, END };
static const api_param ROSTER_PARAMS[] = { PROGRAMME, { "what", API_WORD, true, "pairings|assignments|gaps", "看什么", "what to see" }, { "on", API_DAY, false, NULL, "某日", "on a day" }, LANG, END };
static const api_param PROGRAMME_PARAMS[] = { PROGRAMME, LANG, END };
static const api_param FLOW_PARAMS[] = { PROGRAMME,
                                         { "kind", API_WORD, false, "cash|in_kind|loan|investment|result", "哪一类资金", "which kind of money" }, LANG, END };
static const api_param LAND_PARAMS[] = { { "programme", API_TEXT, false, NULL, "项目群编号", "id of the programme" }, { "within", API_TEXT, false, NULL, "某地点及其下级", "a place and those below it" }, LANG, END };
static const api_param SIGHT_PARAMS[] = { { "tower", API_TEXT, false, NULL, "铁塔编号：它看得见哪些图斑", "a tower: what it sees" }, { "parcel", API_TEXT, false, NULL, "图斑编号：哪些塔看得见它", "a parcel: who sees it" }, LANG, END };
static const api_param PROFILE_PARAMS[] = { { "tower", API_TEXT, true, NULL, "铁塔编号", "tower" }, { "lon", API_TEXT, true, NULL, "经度（WGS84）", "longitude (WGS84)" },
                                            { "lat", API_TEXT, true, NULL, "纬度（WGS84）", "latitude (WGS84)" }, LANG, END };
static const api_param SOLVE_FIELDS[] = { { "sizes", API_TEXT, true, NULL, "各管径的管段：{\"110.2\":[\"p1\"]}", "pipes by size: {\"110.2\":[\"p1\"]}" },
                                          { "to", API_TEXT, false, NULL, "纵剖面通到哪个节点", "the node that the profile leads to" }, END };
static const api_param DESIGN_FIELDS[] = { { "name", API_TEXT, true, NULL, "方案名称", "name of the design" }, { "role", API_WORD, true, "before|after|alternative", "性质", "role" },
                                           { "sizes", API_TEXT, true, NULL, "各管径的管段", "pipes by size" }, END };
static const api_param BUDGET_FIELDS[] = { { "design", API_TEXT, true, NULL, "方案编号", "design" }, { "version", API_WHOLE, true, NULL, "所看到的项目版本", "version of the project that was looked at" }, END };
static const api_param USER_FIELDS[] = { { "id", API_TEXT, true, NULL, "登录名", "name to log in with" }, { "name", API_TEXT, true, NULL, "姓名", "name" }, { "role", API_TEXT, false, NULL, "角色，由安全管理员给", "role, given by the security administrator" },
                                         { "scope", API_TEXT, false, NULL, "范围", "scope" }, { "units", API_LIST, false, NULL, "指定的单位", "chosen units" }, { "unit", API_TEXT, false, NULL, "所在单位", "own unit" },
                                         { "place", API_TEXT, false, NULL, "所在地点", "own place" }, END };
static const api_param CHANGE_USER_FIELDS[] = { { "name", API_TEXT, false, NULL, "姓名", "name" }, { "role", API_TEXT, false, NULL, "角色", "role" }, { "scope", API_TEXT, false, NULL, "范围", "scope" },
                                                { "units", API_LIST, false, NULL, "指定的单位", "chosen units" }, { "unit", API_TEXT, false, NULL, "所在单位", "own unit" }, { "place", API_TEXT, false, NULL, "所在地点", "own place" },
                                                { "state", API_WORD, false, "active|disabled", "启用或停用", "active or disabled" }, END };
static const api_param LOG_PARAMS[] = { { "limit", API_WHOLE, false, NULL, "条数", "lines" }, { "cursor", API_WHOLE, false, NULL, "上一页的 next", "next of the page before" }, { "actor", API_TEXT, false, NULL, "谁", "who" },
                                        { "action", API_TEXT, false, NULL, "做了什么", "what was done" }, { "from", API_DAY, false, NULL, "起始日期", "first day" }, { "to", API_DAY, false, NULL, "截止日期", "last day" },
                                        { "q", API_TEXT, false, NULL, "文字中含有", "text that stands in it" }, { "format", API_WORD, false, "json|csv", "格式", "form" }, LANG, END };
static const api_param IMPORT_PARAMS[] = { { "register", API_TEXT, true, NULL, "登记册", "register" }, { "dry", API_FLAG, false, NULL, "1：只检查", "1: check only" }, LANG, END };
static const api_param PLANT_SPAN[] = { { "from", API_DAY, true, NULL, "起始日期", "first day" }, { "to", API_DAY, true, NULL, "截止日期", "last day" }, LANG, END };
static const api_param READINGS_PARAMS[] = { { "stamp", API_WORD, false, "begin|middle|end", "一行的时刻是时段的开始、中间还是结束", "what a row's time is: begin, middle or end of its step" }, LANG, END };
static const api_param SETTLE_FIELDS[] = { { "month", API_TEXT, true, NULL, "月份，如 2025-05", "month: 2025-05" }, END };
static const api_param JOB_FIELDS[] = { { "kind", API_WORD, true, "report|statement|export|check|sights|land|size|water|village|plants", "做什么", "what to make" }, { "format", API_WORD, true, "md|pdf|xlsx|csv|iati|json|inp|geojson", "格式", "form" },
                                        { "register", API_TEXT, false, NULL, "登记册", "register" }, { "programme", API_TEXT, false, NULL, "项目群", "programme" }, { "origin", API_TEXT, false, NULL, "来源", "origins" },
                                        { "scope", API_TEXT, false, NULL, "资金范围；size、water：管网编号", "scope of money; size, water: a network" },
                                        { "on", API_DAY, false, NULL, "某日", "on a day" }, { "design", API_TEXT, false, NULL, "water：方案编号", "water: a design" },
                                        { "seed", API_WHOLE, false, NULL, "size：种子", "size: the seed" }, { "work", API_WHOLE, false, NULL, "size：计算次数，至多 500 万", "size: solves, at most 5 million" }, { "from", API_DAY, false, NULL, "起始日期", "first day" },
                                        { "to", API_DAY, false, NULL, "截止日期", "last day" }, { "lang", API_LANG, false, NULL, "语言", "language" },
                                        { "village", API_TEXT, false, NULL, "village：村级文件的文本，或存有它的文件编号", "village: the text of a village file, or the id of a document that holds one" },
                                        { "project", API_TEXT, false, NULL, "village：所属项目", "village: the project that it belongs to" },
                                        { "place", API_TEXT, false, NULL, "village：所在地点", "village: its place" }, END };

#define FAST  .lane = GF_HTTP_FAST
#define SLOW  .lane = GF_HTTP_SLOW
#define WRITE .lane = GF_HTTP_WRITE

const api_route API_ROUTES[] = {
    /* People */
    { "POST", "/api/v1/session", api_session_open, SLOW, API_OPEN, .body = API_JSON, .fields = SESSION_FIELDS, .schema = "Session", .group = "会话 Sessions", .zh = "登录；会话在 30 分钟无操作后结束", .en = "Log in; a session ends after 30 idle minutes" },
    { "GET", "/api/v1/session", api_session_get, FAST, API_SESSION, .schema = "Session", .group = "会话 Sessions", .zh = "我是谁、有什么权、写入用的 csrf", .en = "Who I am, what I may do, the csrf for writes" },
    { "DELETE", "/api/v1/session", api_session_close, WRITE, API_SESSION, .group = "会话 Sessions", .zh = "退出", .en = "Log out" },
    { "POST", "/api/v1/session/password", api_password, SLOW, API_SESSION, .body = API_JSON, .fields = PASSWORD_FIELDS, .group = "会话 Sessions", .zh = "改密码；其他会话随即结束", .en = "Change the password; all sessions end" },
    { "POST", "/api/v1/session/totp", api_totp_begin, WRITE, API_SESSION, .body = API_JSON, .fields = NO_FIELDS, .secret = true, .group = "会话 Sessions", .zh = "设立第二因素：得到密钥", .en = "Set up a second factor: get the secret" },
    { "PUT", "/api/v1/session/totp", api_totp_confirm, WRITE, API_SESSION, .body = API_JSON, .fields = CODE_FIELDS, .group = "会话 Sessions", .zh = "用手机上的数字确认第二因素", .en = "Confirm the second factor with a code of the phone" },
    { "POST", "/api/v1/invitation", api_invitation, SLOW, API_OPEN, .body = API_JSON, .fields = INVITATION_FIELDS, .group = "会话 Sessions", .zh = "用一次性链接设密码", .en = "Set a password by a one-time link" },
    { "GET", "/api/v1/demo-accounts", api_demo_accounts, FAST, API_OPEN, .group = "会话 Sessions", .zh = "演示账号；非演示时为空", .en = "Demo accounts; none unless the server runs as a demo" },
    { "GET", "/api/v1/users", api_users, FAST, API_SESSION, .group = "用户 Users", .zh = "用户", .en = "Users" },
    { "POST", "/api/v1/users", api_user_add, WRITE, API_SESSION, .body = API_JSON, .fields = USER_FIELDS, .secret = true, .group = "用户 Users", .zh = "新建账号（系统管理员）", .en = "Make an account (system administrator)" },
    { "PATCH", "/api/v1/users/{user}", api_user_change, WRITE, API_SESSION, .body = API_JSON, .fields = CHANGE_USER_FIELDS, .group = "用户 Users", .zh = "给角色、范围、停用（安全管理员）", .en = "Give role and scope, disable (security administrator)" },
    { "POST", "/api/v1/users/{user}/invitation", api_user_invite, WRITE, API_SESSION, .body = API_JSON, .fields = NO_FIELDS, .secret = true, .group = "用户 Users", .zh = "新的一次性链接", .en = "A new one-time link" },
    { "POST", "/api/v1/users/{user}/unlock", api_user_unlock, WRITE, API_SESSION, .body = API_JSON, .fields = NO_FIELDS, .group = "用户 Users", .zh = "解锁", .en = "Unlock" },
    { "GET", "/api/v1/logs/operations", api_log_operations, SLOW, API_SESSION, LOG_PARAMS, .group = "日志 Logs", .zh = "操作日志（审计管理员）", .en = "Log of operations (audit administrator)" },
    { "GET", "/api/v1/logs/logins", api_log_logins, SLOW, API_SESSION, LOG_PARAMS, .group = "日志 Logs", .zh = "登录日志", .en = "Log of logins" },
    /* Records */
    { "GET", "/api/v1/registers", api_registers, FAST, API_SESSION, .group = "记录 Records", .zh = "我可用的登记册及其列", .en = "The registers that I may use, with their columns" },
    { "GET", "/api/v1/records/{register}", api_list, FAST, API_SESSION, LIST_PARAMS, .any_param = true, .schema = "List", .group = "记录 Records", .zh = "列表：任何列都可作条件（列=值、列.from=、列.to=）", .en = "List: any column may be a condition (column=value, column.from=, column.to=)" },
    { "POST", "/api/v1/records/{register}", api_create, WRITE, API_SESSION, .body = API_RECORD, .schema = "Record", .group = "记录 Records", .zh = "新建一条；分录则记账", .en = "Create one; an entry is booked" },
    { "GET", "/api/v1/records/{register}/{id}/history", api_history, FAST, API_SESSION, .group = "记录 Records", .zh = "谁在何时改了什么", .en = "Who changed what, when" },
    { "POST", "/api/v1/records/{register}/{id}/reveal", api_reveal, WRITE, API_SESSION, .body = API_JSON, .fields = REVEAL_FIELDS, .secret = true, .group = "记录 Records", .zh = "查看个人字段，理由记入日志", .en = "See personal fields; the reason is kept in the log" },
    { "POST", "/api/v1/records/{register}/{id}/erase", api_erase, WRITE, API_SESSION, .body = API_JSON, .fields = REASON_FIELDS, .group = "记录 Records", .zh = "清除个人信息：栏目、历史、检索、密钥；出证明", .en = "Erase personal text: fields, history, search, key; a certificate says so" },
    { "POST", "/api/v1/records/{register}/{id}/own-copy", api_own_copy, WRITE, API_SESSION, .body = API_JSON, .fields = COPY_FIELDS, .secret = true, .group = "记录 Records", .zh = "给本人的个人信息副本", .en = "All that the books hold of a person, for that person" },
    { "GET", "/api/v1/records/{register}/{id}", api_get, FAST, API_SESSION, .schema = "Record", .group = "记录 Records", .zh = "一条记录；ETag 为其版本", .en = "One record; its ETag is its version" },
    { "PATCH", "/api/v1/records/{register}/{id}", api_change, WRITE, API_SESSION, .body = API_RECORD, .schema = "Record", .group = "记录 Records", .zh = "改几列；If-Match 写明改的是哪一版", .en = "Change some columns; If-Match says which version" },
    { "GET", "/api/v1/search", api_search, FAST, API_SESSION, SEARCH_PARAMS, .group = "记录 Records", .zh = "在所有可见记录中找", .en = "Search in all records that are seen" },
    { "POST", "/api/v1/documents", api_document_put, WRITE, API_SESSION, .body = API_BYTES, .body_bytes_max = (size_t)33 << 20, .group = "记录 Records", .zh = "上传文件内容", .en = "Upload the content of a document" },
    { "GET", "/api/v1/documents/{sha256}", api_document_get, FAST, API_SESSION, .group = "记录 Records", .zh = "下载文件内容", .en = "Download the content of a document" },
    /* Money and truth */
    { "GET", "/api/v1/money/groups", api_groups, FAST, API_SESSION, GROUP_PARAMS, .any_param = true, .schema = "Groups", .group = "资金与依据 Money and truth", .zh = "按地点、类别、月份等合计，写明到哪一号分录", .en = "Sums by place, kind, month ..., with the entry that they reach to" },
    { "GET", "/api/v1/statement", api_statement, FAST, API_SESSION, STATEMENT_PARAMS, .group = "资金与依据 Money and truth", .zh = "资金表", .en = "Statement" },
    { "GET", "/api/v1/ageing", api_ageing, SLOW, API_SESSION, ON_PARAMS, .group = "资金与依据 Money and truth", .zh = "到账未付的资金及天数", .en = "Money received and not paid, by age" },
    { "GET", "/api/v1/queue", api_queue, FAST, API_SESSION, ON_PARAMS, .group = "资金与依据 Money and truth", .zh = "排队的贷款", .en = "Loans waiting" },
    { "GET", "/api/v1/trace/{figure*}", api_trace, SLOW, API_SESSION, .group = "资金与依据 Money and truth", .zh = "一个数字的依据", .en = "What stands under a figure" },
    { "GET", "/api/v1/report", api_report, SLOW, API_SESSION, REPORT_PARAMS, .group = "资金与依据 Money and truth", .zh = "报告", .en = "Report" },
    { "GET", "/api/v1/report.md", api_report_markdown, SLOW, API_SESSION, REPORT_PARAMS, .group = "资金与依据 Money and truth", .zh = "报告，Markdown", .en = "Report as Markdown" },
    { "POST", "/api/v1/press", api_press, SLOW, API_SESSION, PRESS_PARAMS, .body = API_BYTES, .body_bytes_max = (size_t)2 << 20, .group = "资金与依据 Money and truth", .zh = "核对稿件中的每个数字", .en = "Hold every number of a text against the books" },
    /* Views */
    { "GET", "/api/v1/programmes", api_programmes, FAST, API_SESSION, .group = "全景 Views", .zh = "项目群", .en = "Programmes" },
    { "GET", "/api/v1/roster", api_roster, SLOW, API_SESSION, ROSTER_PARAMS, .group = "全景 Views", .zh = "某日的结对与派驻", .en = "Pairings and postings on a day" },
    { "GET", "/api/v1/cases", api_cases, SLOW, API_SESSION, ON_PARAMS, .group = "全景 Views", .zh = "工单及期限", .en = "Cases and when they are due" },
    { "GET", "/api/v1/cockpit", api_cockpit, SLOW, API_SESSION, PROGRAMME_PARAMS, .group = "全景 Views", .zh = "驾驶舱所需的一切", .en = "All that the cockpit shows" },
    { "GET", "/api/v1/flow", api_flow, SLOW, API_SESSION, FLOW_PARAMS, .group = "全景 Views", .zh = "资金从单位到地点、项目、资产", .en = "Money from unit to place, project and asset" },
    { "GET", "/api/v1/places/{code}/story", api_place_story, SLOW, API_SESSION, PROGRAMME_PARAMS, .group = "全景 Views", .zh = "一个地点的经过", .en = "The story of a place" },
    { "GET", "/api/v1/units/{id}/story", api_unit_story, SLOW, API_SESSION, PROGRAMME_PARAMS, .group = "全景 Views", .zh = "一个单位的经过", .en = "The story of a unit" },
    /* Farmland */
    { "GET", "/api/v1/land", api_land, SLOW, API_SESSION, LAND_PARAMS, .group = "耕地 Farmland", .zh = "耕地地图：铁塔、图斑、谁看得见、谁来管", .en = "The map of farmland: towers, parcels, who sees them, who answers" },
    { "GET", "/api/v1/land/sights", api_land_sights, FAST, API_SESSION, SIGHT_PARAMS, .group = "耕地 Farmland", .zh = "塔田对应：一座塔或一个图斑的对应关系", .en = "What one tower sees, or who sees one parcel" },
    { "GET", "/api/v1/land/profile", api_land_profile, SLOW, API_SESSION, PROFILE_PARAMS, .group = "耕地 Farmland", .zh = "从塔到一点的剖面，及看得见或看不见的原因", .en = "The profile from a tower to a point, and why it is seen or not" },
    { "GET", "/api/v1/land/view/{tower}", api_land_view, SLOW, API_SESSION, .group = "耕地 Farmland", .zh = "一座塔看得见的范围（GeoJSON）", .en = "The area that a tower sees (GeoJSON)" },
    /* Water */
    { "GET", "/api/v1/water/{network}", api_water, SLOW, API_SESSION, .group = "供水 Water", .zh = "一个管网：节点、管段、管径目录、各方案", .en = "A network: nodes, links, catalogue, designs" },
    { "POST", "/api/v1/water/{network}/solve", api_water_solve, SLOW, API_SESSION, .body = API_JSON, .fields = SOLVE_FIELDS, .group = "供水 Water",
      .zh = "给定管径时的水头、流量、造价、余量、最不利处和纵剖面", .en = "Heads, flows, cost, slack, the worst place and the profile with given sizes" },
    { "POST", "/api/v1/water/{network}/designs", api_water_keep, WRITE, API_SESSION, .body = API_JSON, .fields = DESIGN_FIELDS, .group = "供水 Water",
      .zh = "存为方案：造价与余量由程序核算", .en = "Keep as a design: cost and slack are worked out here" },
    { "POST", "/api/v1/water/{network}/budget", api_water_budget, WRITE, API_SESSION, .body = API_JSON, .fields = BUDGET_FIELDS, .group = "供水 Water",
      .zh = "以方案造价为项目预算", .en = "Take a design's cost as the project's budget" },
    { "GET", "/api/v1/water-village/norms", api_village_norms, FAST, API_SESSION, .group = "供水 Water",
      .zh = "村级供水设计的参数和单价：常用范围、出处、把握", .en = "Parameters and prices of a village's design: usual range, source, doubt" },
    { "GET", "/api/v1/water-village/{network}/{file}", api_village_file, FAST, API_SESSION, .group = "供水 Water",
      .zh = "村级设计的一个文件：village.json、report.pdf 等；看得见管网就看得见", .en = "A file of a village's design: village.json, report.pdf ...; who sees the network sees it" },
    /* Sun */
    { "GET", "/api/v1/solar", api_plants, FAST, API_SESSION, PROGRAMME_PARAMS, .group = "光伏 Solar", .zh = "光伏电站", .en = "PV plants" },
    { "GET", "/api/v1/solar/{plant}", api_plant, SLOW, API_SESSION, .group = "光伏 Solar", .zh = "一个电站：各月应发实发、性能比、电费、故障、读数批次、电价",
      .en = "A plant: expected and made by month, ratios, earnings, faults, batches of readings, tariffs" },
    { "GET", "/api/v1/solar/{plant}/days", api_plant_days, FAST, API_SESSION, PLANT_SPAN, .group = "光伏 Solar", .zh = "逐日电量", .en = "Energy by day" },
    { "GET", "/api/v1/solar/{plant}/course", api_plant_course, SLOW, API_SESSION, PLANT_SPAN, .group = "光伏 Solar", .zh = "几天内逐时段的实发与应发功率（至多 31 天）",
      .en = "Power read and expected, step by step, of 31 days at most" },
    { "POST", "/api/v1/solar/{plant}/readings", api_plant_readings, SLOW, API_SESSION, READINGS_PARAMS, .body = API_BYTES, .body_bytes_max = (size_t)33 << 20, .group = "光伏 Solar",
      .zh = "收入一份读数（CSV，列名带单位）：先全部核算一遍，读得通才收", .en = "Take in a table of readings (CSV, units in the names of columns): worked out first, kept when it can be read" },
    { "POST", "/api/v1/solar/{plant}/settle", api_plant_settle, WRITE, API_SESSION, .body = API_JSON, .fields = SETTLE_FIELDS, .group = "光伏 Solar",
      .zh = "结算一个月的电费：按自用、上网、补贴记入村账", .en = "Settle a month: self-use, feed-in and subsidy are booked into the village's own book" },
    /* Work */
    { "POST", "/api/v1/jobs", api_job_add, WRITE, API_SESSION, .body = API_JSON, .fields = JOB_FIELDS, .schema = "Job", .group = "作业 Work", .zh = "开始一项作业：报告、资金表、导出、核验账目", .en = "Begin a job: report, statement, export, proof of the books" },
    { "GET", "/api/v1/jobs", api_jobs, FAST, API_SESSION, .group = "作业 Work", .zh = "我的作业", .en = "My jobs" },
    { "GET", "/api/v1/jobs/{job}/result", api_job_result, FAST, API_SESSION, .group = "作业 Work", .zh = "下载结果", .en = "Download the result" },
    { "GET", "/api/v1/jobs/{job}", api_job_get, FAST, API_SESSION, .schema = "Job", .group = "作业 Work", .zh = "进展", .en = "How it stands" },
    { "DELETE", "/api/v1/jobs/{job}", api_job_cancel, SLOW, API_SESSION, .group = "作业 Work", .zh = "取消", .en = "Cancel" },
    { "POST", "/api/v1/imports", api_import, WRITE, API_SESSION, IMPORT_PARAMS, .body = API_BYTES, .body_bytes_max = (size_t)64 << 20, .schema = "Job", .group = "作业 Work", .zh = "导入 .xlsx 或 .csv（先检查：dry=1）；有错时结果是错误工作簿", .en = "Take in an .xlsx or .csv (dry=1: check first); where rows are refused the result is a workbook that shows them" },
    { "GET", "/api/v1/imports", api_imports, FAST, API_SESSION, .group = "作业 Work", .zh = "已导入的文件", .en = "Files that were taken in" },
    { "POST", "/api/v1/imports/{import}/undo", api_import_undo, SLOW, API_SESSION, .body = API_JSON, .fields = NO_FIELDS, .group = "作业 Work", .zh = "整批撤销", .en = "Take a whole import back" },
    { "GET", "/api/v1/templates/{file}", api_template, SLOW, API_SESSION, .group = "作业 Work", .zh = "登记册的 Excel 模板", .en = "The Excel template of a register" },
    { "GET", "/api/v1/events", api_events, FAST, API_SESSION, .group = "作业 Work", .zh = "实时消息（server-sent events）", .en = "Live news (server-sent events)" },
    { "GET", "/healthz", api_health, FAST, API_OPEN, .group = "运行 Running", .zh = "是否在运行", .en = "Is it running" },
    { "GET", "/metrics", api_metrics, FAST, API_OPEN, .group = "运行 Running", .zh = "计数（Prometheus），只给本机", .en = "Counters (Prometheus), for this machine only" },
    { "GET", "/api/openapi.json", api_openapi, FAST, API_OPEN, .group = "运行 Running", .zh = "本接口的描述（OpenAPI 3.1）", .en = "The description of this interface (OpenAPI 3.1)" },
    { "GET", "/api/docs", api_docs, FAST, API_OPEN, .group = "运行 Running", .zh = "本页", .en = "This page" },
    /* Pages */
    { "GET", "/iati/activities.xml", api_iati_activities, SLOW, API_OPEN, PROGRAMME_PARAMS, .group = "公开 Public", .zh = "IATI 2.03 活动", .en = "IATI 2.03 activities" },
    { "GET", "/iati/organisations.xml", api_iati_organisations, SLOW, API_OPEN, PROGRAMME_PARAMS, .group = "公开 Public", .zh = "IATI 2.03 组织", .en = "IATI 2.03 organisations" },
    { "GET", "/app/", api_office, FAST, API_OPEN, .any_param = true },
    { "GET", "/app", api_office_door, FAST, API_OPEN, .any_param = true },
    { "GET", "/app/{file*}", api_office_asset, FAST, API_OPEN, .any_param = true },
    { "GET", "/", api_public_home, SLOW, API_OPEN, PROGRAMME_PARAMS },
    { "GET", "/public/money", api_public_money, SLOW, API_OPEN, PROGRAMME_PARAMS },
    { "GET", "/public/results", api_public_results, SLOW, API_OPEN, PROGRAMME_PARAMS },
    { "GET", "/public/figure/{figure*}", api_public_figure, SLOW, API_OPEN, PROGRAMME_PARAMS },
    { "GET", "/public/{file}", api_public_file, FAST, API_OPEN },
};
const size_t API_ROUTE_COUNT = GF_COUNT(API_ROUTES);
