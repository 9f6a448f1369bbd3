/* The registers of a paired-assistance programme, in loading order: what is referred to stands first.
 *
 * A new register is one block here and one table in sql/schema: load, dump, templates, history, checks, counts and
 * traces follow from it. tests/unit/test_registers.c holds this table against the schema.
 */
#include "app/register.h"

/* One row per column: name, type, needed, choices or registers, example, 中文, English. */
#define KEY(example)                   { "id", GF_COLUMN_KEY, true, NULL, example, "编号", "id" }
#define TEXT(name, example, zh, en)    { name, GF_COLUMN_TEXT, false, NULL, example, zh, en }
#define NEED(name, example, zh, en)    { name, GF_COLUMN_TEXT, true, NULL, example, zh, en }
#define WHOLE(name, example, zh, en)   { name, GF_COLUMN_INT, false, NULL, example, zh, en }
#define NUMBER(name, example, zh, en)  { name, GF_COLUMN_DECIMAL, false, NULL, example, zh, en }
#define MONEY(name, example, zh, en)   { name, GF_COLUMN_FEN, false, NULL, example, zh, en }
#define DAY(name, example, zh, en)     { name, GF_COLUMN_DATE, false, NULL, example, zh, en }
#define SPAN(name, example, zh, en)    { name, GF_COLUMN_PERIOD, false, NULL, example, zh, en }
#define CHOICE(name, words, zh, en)    { name, GF_COLUMN_CHOICE, false, words, "", zh, en }
#define REF(name, to, example, zh, en) { name, GF_COLUMN_REF, false, to, example, zh, en }
#define NREF(name, to, example, zh, en) { name, GF_COLUMN_REF, true, to, example, zh, en }
#define REFS(name, to, example, zh, en) { name, GF_COLUMN_REFS, false, to, example, zh, en }
#define SECRET(name, zh, en)           { name, GF_COLUMN_PERSONAL, false, NULL, "", zh, en }

#define NAME       NEED("name", "红色古道越野赛", "名称", "name"), TEXT("name_en", "", "英文名称", "name in English")
#define UNITS      REFS("units", "units", "u-sport", "单位", "units")
#define UNIT       REF("unit", "units", "u-sport", "单位", "unit")
#define PLACE      REF("place", "places", "330329102", "地点", "place")
#define PERIOD     SPAN("period", "2021-07/2023-12", "期间", "period")
#define QUANTITY   NUMBER("quantity", "5", "数量", "quantity"), TEXT("quantity_unit", "project", "计量单位", "unit of quantity"), \
                   { "bound", GF_COLUMN_BOUND, false, NULL, "exact", "界", "bound" }
#define NOTE       TEXT("note", "", "说明", "note")

static const gf_column FACTS[] = {
    KEY("F001"), WHOLE("line", "13", "行", "line"), WHOLE("char", "92", "字", "character"),
    TEXT("speaker", "浙江网信网", "说话人", "speaker"), NEED("phrase", "投入结对帮扶资金500万元", "原话", "words"),
    UNITS, PLACE, TEXT("subject", "", "对象", "subject"), NUMBER("value", "5000000", "数值", "value"), TEXT("unit", "CNY", "计量单位", "unit of measure"),
    { "bound", GF_COLUMN_BOUND, false, NULL, "exact", "界", "bound" }, PERIOD, TEXT("what", "", "英文大意", "what, in English"),
    CHOICE("open", "yes|no", "有未说明之处", "leaves something open"), NOTE, TEXT("note_en", "", "英文说明", "note in English"),
};
static const gf_column SOURCES[] = {
    KEY("s-article"), NAME, TEXT("publisher", "浙江网信网", "发布者", "publisher"), TEXT("kind", "article", "类别", "kind"),
    TEXT("published", "2023-12-27T17:41:17", "发布时间", "published"), NOTE,
};
static const gf_column DOCUMENTS[] = {
    KEY("d-voucher-1"), NAME, TEXT("kind", "voucher", "类别", "kind"), TEXT("issuer", "泰顺县财政局", "出具者", "issuer"),
    DAY("date", "2024-03-01", "日期", "date"), { "file", GF_COLUMN_FILE, false, NULL, "documents/voucher-1.txt", "文件", "file" },
    TEXT("sha256", "", "内容哈希", "content hash"), WHOLE("bytes", "", "字节数", "bytes"), TEXT("media_type", "", "类型", "media type"), NOTE,
};
static const gf_column PLACES[] = {
    { "code", GF_COLUMN_KEY, true, NULL, "330329102", "代码", "code" }, NAME,
    { "level", GF_COLUMN_CHOICE, true, "province|city|county|town|village|site", "town", "级别", "level" },
    REF("parent", "places", "330329", "上级", "parent"), TEXT("aliases", "", "别名", "other names"), NOTE,
};
static const gf_column POSITIONS[] = {
    KEY("330329102-1"), NREF("place", "places", "330329102", "地点", "place"), TEXT("what", "township seat", "何处", "what the point is"),
    NUMBER("lon", "119.85", "经度", "longitude"), NUMBER("lat", "27.65", "纬度", "latitude"),
    { "match", GF_COLUMN_CHOICE, true, "name|near|doubtful", "name", "可信", "match" }, NUMBER("error_m", "1000", "误差米", "error, m"),
    TEXT("crs_found", "WGS84", "原坐标系", "coordinate system found"), NUMBER("lon_found", "", "原经度", "longitude found"),
    NUMBER("lat_found", "", "原纬度", "latitude found"), TEXT("position_source", "GeoNames", "出处", "source of the position"),
    TEXT("source_id", "", "出处编号", "id at the source"), TEXT("licence", "CC BY 4.0", "许可", "licence"), NOTE,
};
static const gf_column UNITS_[] = {
    KEY("u-sport"), NAME, TEXT("short_name", "省体育局", "简称", "short name"), TEXT("aliases", "省体育局驻村工作组", "别名", "other names"),
    TEXT("kind", "department", "类别", "kind"), TEXT("credit_code", "", "统一社会信用代码", "credit code"),
    REF("parent", "units", "", "上级单位", "parent"), NOTE,
};
static const gf_column PROGRAMMES[] = {
    KEY("taishun"), NAME, REF("lead", "units", "u-wangxin", "组长单位", "lead unit"), PLACE, PERIOD,
    TEXT("zone", "Asia/Shanghai", "时区", "zone"), NOTE,
};
static const gf_column GROUPS[] = {
    KEY("g-taishun"), REF("programme", "programmes", "taishun", "项目群", "programme"), NAME, REF("lead", "units", "", "组长单位", "lead unit"),
    PERIOD, QUANTITY, NOTE,
};
static const gf_column MEMBERS[] = {
    KEY("m-sport"), REF("group", "groups", "g-taishun", "团组", "group"), UNIT,
    CHOICE("role", "lead|member|partner", "角色", "role"), WHOLE("block", "1", "段", "block"),
    TEXT("block_title", "", "段名", "title of the block"), TEXT("block_title_en", "", "英文段名", "title in English"), PERIOD, NOTE,
};
static const gf_column STATEMENTS[] = {
    KEY("st-1"), NAME, TEXT("speaker", "浙江网信网", "说话人", "speaker"), UNITS, PLACE, PERIOD, NOTE,
};
static const gf_column PAIRINGS[] = {
    KEY("p-sport"), NREF("unit", "units", "u-sport", "单位", "unit"), NREF("place", "places", "330329102", "地点", "place"),
    CHOICE("role", "lead|member|partner", "角色", "role"), PERIOD, NOTE,
};
static const gf_column PERSONS[] = {
    KEY("pe-1"), TEXT("role", "校长", "身份", "role"), UNIT, PLACE, SECRET("name", "姓名", "name"), SECRET("id_number", "身份证号", "ID number"),
    SECRET("phone", "电话", "phone"), SECRET("bank_card", "银行卡", "bank card"), SECRET("health", "健康", "health"), QUANTITY, NOTE,
};
static const gf_column ASSIGNMENTS[] = {
    KEY("a-1"), REF("person", "persons", "", "人", "person"), UNIT, PLACE, NEED("post", "驻村第一书记", "职务", "post"),
    TEXT("post_en", "first secretary", "英文职务", "post in English"), PERIOD, QUANTITY,
    REF("handover_to", "assignments", "", "交接给", "handed over to"), DAY("handover_date", "", "交接日期", "date of hand-over"),
    TEXT("handover_items", "", "交接事项", "what was handed over"), NOTE,
};
static const gf_column HOUSEHOLDS[] = {
    KEY("h-1"), NAME, REF("place", "places", "", "地点", "place"), UNITS, TEXT("category", "低收入农户", "类别", "category"),
    DAY("registered", "2024-01-15", "建档日期", "registered"), SECRET("head", "户主", "head"), SECRET("phone", "电话", "phone"),
    SECRET("address", "住址", "address"), SECRET("bank_card", "银行卡", "bank card"), PERIOD, QUANTITY, NOTE,
};
static const gf_column HOUSEHOLD_MEMBERS[] = {
    KEY("hm-1"), NREF("household", "households", "h-1", "农户", "household"), TEXT("relation", "户主", "关系", "relation"),
    WHOLE("birth_year", "1950", "出生年", "year of birth"), SECRET("name", "姓名", "name"), SECRET("id_number", "身份证号", "ID number"),
    SECRET("health", "健康", "health"), NOTE,
};
static const gf_column PROJECTS[] = {
    KEY("pr-1"), NAME, UNITS, PLACE, CHOICE("stage", "proposed|approved|contracted|building|accepted|handed_over", "阶段", "stage"),
    PERIOD, QUANTITY, MONEY("budget_fen", "", "预算（分）", "budget, fen"), NOTE,
};
static const gf_column PROJECT_STAGES[] = {
    KEY("ps-1"), NREF("project", "projects", "pr-1", "项目", "project"),
    { "stage", GF_COLUMN_CHOICE, true, "proposed|approved|contracted|building|accepted|handed_over", "accepted", "阶段", "stage" },
    SPAN("date", "2024-06-30", "日期", "date"), REF("document", "documents", "", "文件", "document"), TEXT("accepted_by", "", "验收人", "accepted by"), NOTE,
};
static const gf_column PROJECT_CONDITIONS[] = {
    KEY("pc-1"), NREF("project", "projects", "pr-1", "项目", "project"), CHOICE("kind", "land|money|permit|other", "类别", "kind"),
    CHOICE("state", "open|sought|met", "状态", "state"), DAY("date", "", "日期", "date"), REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column FUNDS[] = {
    KEY("f-chili"), NAME, REF("programme", "programmes", "taishun", "项目群", "programme"), REF("owner", "units", "", "管理单位", "owner"),
    TEXT("purpose", "辣椒育苗种植基地", "用途", "purpose"), PLACE, PERIOD, NOTE,
};
static const gf_column ASSETS[] = {
    KEY("as-1"), NAME, REF("owner", "units|places", "", "权属", "owner"), PLACE, REF("project", "projects", "", "项目", "project"), UNITS,
    DAY("built", "", "建成日期", "built"), QUANTITY, NUMBER("capacity", "120", "能力", "capacity"), TEXT("capacity_unit", "kW", "能力单位", "unit of capacity"),
    TEXT("keeper", "", "管护人", "keeper"), NOTE,
};
static const gf_column ASSET_UPKEEP[] = {
    KEY("au-1"), NREF("asset", "assets", "as-1", "资产", "asset"), SPAN("period", "2024-05", "期间", "period"), TEXT("work", "", "内容", "work"),
    REF("keeper", "units|places", "", "管护人", "keeper"), REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column SYSTEMS[] = {
    KEY("sy-1"), NAME, UNITS, PLACE, TEXT("kind", "", "类别", "kind"), PERIOD, QUANTITY, NOTE,
};
static const gf_column VISITS[] = {
    KEY("v-1"), NAME, UNITS, PLACE, REF("household", "households", "", "农户", "household"), SPAN("period", "2024-02-05", "日期", "date"),
    TEXT("occasion", "春节慰问", "事由", "occasion"), TEXT("seen", "", "所见", "what was seen"), TEXT("agreed", "", "所议", "what was agreed"), QUANTITY, NOTE,
};
static const gf_column MEASURES[] = {
    KEY("me-1"), NAME, UNITS, PLACE, REF("household", "households", "", "农户", "household"), TEXT("kind", "产业", "类别", "kind"), PERIOD, QUANTITY, NOTE,
};
static const gf_column ACTIVITIES[] = {
    KEY("ac-1"), NAME, UNITS, PLACE, TEXT("kind", "event", "类别", "kind"), PERIOD, QUANTITY, NOTE,
};
static const gf_column AGREEMENTS[] = {
    KEY("ag-1"), NAME, UNITS, PLACE, CHOICE("kind", "agreement|meeting|visit|ceremony", "类别", "kind"), PERIOD, QUANTITY,
    REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column AGREEMENT_ACTIONS[] = {
    KEY("aa-1"), NREF("agreement", "agreements", "ag-1", "协议", "agreement"), NEED("action", "", "事项", "action"),
    REF("unit", "units", "", "责任单位", "responsible unit"), DAY("due", "", "期限", "due"), CHOICE("state", "open|done|dropped", "状态", "state"), NOTE,
};
static const gf_column DONATIONS[] = {
    KEY("do-1"), NAME, UNITS, PLACE, REF("giver", "units", "", "捐赠人", "giver"), TEXT("receiver", "", "受赠人", "receiver"), PERIOD, QUANTITY,
    MONEY("value_fen", "", "价值（分）", "value, fen"), TEXT("valuer", "", "估价人", "valuer"), REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column EMPLOYMENT[] = {
    KEY("em-1"), NAME, UNITS, PLACE, REF("project", "projects", "", "项目", "project"), PERIOD, QUANTITY,
    NUMBER("person_months", "", "人月", "person-months"), NOTE,
};
static const gf_column CONTRACTS[] = {
    KEY("co-1"), NAME, PLACE, REF("asset", "assets", "", "资产", "asset"), TEXT("operator", "", "经营者", "operator"), PERIOD,
    NUMBER("share_percent", "30", "分成百分比", "income share, %"), MONEY("rent_fen", "", "年租金（分）", "rent per year, fen"),
    REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column MATCHES[] = {
    KEY("ma-1"), NAME, UNITS, PLACE, TEXT("enterprise", "", "企业", "enterprise"), CHOICE("stage", "found|contacted|visited|signed|landed|dropped", "阶段", "stage"),
    PERIOD, QUANTITY, NOTE,
};
static const gf_column INVESTMENTS[] = {
    KEY("in-1"), NAME, UNITS, PLACE, TEXT("investor", "", "投资方", "investor"), CHOICE("stage", "talks|signed|building|running|dropped", "阶段", "stage"),
    PERIOD, MONEY("amount_fen", "", "金额（分）", "amount, fen"), { "bound", GF_COLUMN_BOUND, false, NULL, "", "界", "bound" }, NOTE,
};
static const gf_column LOAN_POLICIES[] = {
    KEY("lp-1"), NAME, REF("bank", "units", "u-adbc", "银行", "bank"), PLACE, TEXT("order_by", "priority;applied", "排序", "order of the queue"),
    TEXT("rate", "优惠利率", "利率", "rate"), PERIOD, QUANTITY, NOTE,
};
static const gf_column LOANS[] = {
    KEY("lo-1"), NAME, REF("bank", "units", "u-adbc", "银行", "bank"), REF("borrower", "units|places", "", "借款人", "borrower"), PLACE,
    TEXT("uses", "四好公路;土地整治", "用途", "uses"), WHOLE("priority", "1", "优先级", "priority"), DAY("applied", "", "申请日期", "applied"),
    CHOICE("state", "applied|approved|drawn|repaid|refused", "状态", "state"), NUMBER("rate_percent", "", "年利率", "rate, % a year"),
    MONEY("quota_fen", "", "额度（分）", "quota, fen"), MONEY("approved_fen", "", "批准（分）", "approved, fen"),
    { "bound", GF_COLUMN_BOUND, false, NULL, "", "界", "bound" }, PERIOD, NUMBER("quantity", "", "数量", "quantity"),
    TEXT("quantity_unit", "", "计量单位", "unit of quantity"), NOTE,
};
static const gf_column AWARDS[] = {
    KEY("aw-1"), NAME, TEXT("issuer", "泰顺县", "授予者", "issuer"), UNITS, PLACE, PERIOD, QUANTITY, REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column PUBLICATIONS[] = { KEY("pu-1"), NAME, UNITS, PLACE, TEXT("kind", "", "类别", "kind"), PERIOD, QUANTITY, NOTE };
static const gf_column RESEARCH[] = { KEY("re-1"), NAME, UNITS, PLACE, TEXT("partner", "", "合作者", "partner"), PERIOD, QUANTITY, NOTE };
static const gf_column ENTRIES[] = {
    { "entry", GF_COLUMN_KEY, true, NULL, "1", "分录", "entry" }, DAY("date", "2024-03-01", "日期", "date"), PERIOD,
    TEXT("verb", "取得", "动词", "verb"), { "kind", GF_COLUMN_CHOICE, true, "cash|in_kind|loan|investment|result", "cash", "种类", "kind" },
    TEXT("from_party", "unstated", "付方", "from"), TEXT("to_party", "u-sport", "收方", "to"), REF("fund", "funds", "", "资金", "fund"),
    REF("project", "projects", "", "项目", "project"), PLACE, TEXT("stage_from", "", "原阶段", "stage before"),
    TEXT("stage_to", "received", "阶段", "stage"), { "amount_fen", GF_COLUMN_FEN, true, NULL, "300000000", "金额（分）", "amount, fen" },
    { "bound", GF_COLUMN_BOUND, false, NULL, "exact", "界", "bound" }, TEXT("purpose", "", "用途", "purpose"),
    TEXT("voucher", "", "凭证", "voucher"), TEXT("source", "", "依据", "source"), TEXT("origin", "entered", "来源", "origin"),
    NEED("key", "2024-001", "幂等键", "idempotency key"), TEXT("reverses", "", "冲销", "reverses"),
    REF("unit", "units", "", "经办单位", "acting unit"), NOTE,
};
static const gf_column INDICATORS[] = {
    KEY("i-income"), NAME, PLACE, UNITS, TEXT("unit", "CNY", "计量单位", "unit of measure"), CHOICE("reads", "observations|entries", "读自", "reads"),
    SPAN("baseline_period", "2018", "基期", "baseline period"), NUMBER("target", "", "目标", "target"),
    SPAN("target_period", "", "目标期", "target period"), NOTE,
};
static const gf_column OBSERVATIONS[] = {
    KEY("57"), NREF("indicator", "indicators", "i-income", "指标", "indicator"), PLACE, SPAN("period", "2023", "期间", "period"),
    NUMBER("value", "700000", "数值", "value"), TEXT("unit", "CNY", "计量单位", "unit of measure"), { "bound", GF_COLUMN_BOUND, false, NULL, "exact", "界", "bound" },
    TEXT("method", "村账", "方法", "method"), CHOICE("provisional", "yes|no", "暂定", "provisional"), REF("document", "documents", "", "文件", "document"), NOTE,
};
static const gf_column CASES[] = {
    KEY("c-1"), NAME, { "kind", GF_COLUMN_CHOICE, true, "alarm|field|risk", "risk", "类别", "kind" }, PLACE,
    REF("household", "households", "", "农户", "household"), REF("asset", "assets", "", "资产", "asset"),
    { "opened", GF_COLUMN_DATE, true, NULL, "2024-05-06", "立案日期", "opened" },
    { "opener", GF_COLUMN_REF, true, "persons|units", "", "立案人", "opener" }, REF("assignee", "persons|units", "", "承办人", "assignee"), NOTE,
};
static const gf_column CASE_STEPS[] = {
    KEY("cs-1"), NREF("case", "cases", "c-1", "工单", "case"), { "date", GF_COLUMN_DATE, true, NULL, "2024-05-07", "日期", "date" },
    NEED("stage", "assigned", "阶段", "stage"), { "actor", GF_COLUMN_REF, true, "persons|units", "", "经手人", "actor" },
    REF("proof", "documents", "", "证明", "proof"), NOTE,
};
/* Farmland and who looks after it: towers see parcels (computed, never entered), wardens answer for them. */
static const gf_column TOWERS[] = {
    KEY("tw-1"), NAME, PLACE, { "lon", GF_COLUMN_DECIMAL, true, NULL, "119.7376", "经度", "longitude" }, { "lat", GF_COLUMN_DECIMAL, true, NULL, "27.5111", "纬度", "latitude" },
    { "mast_m", GF_COLUMN_DECIMAL, true, NULL, "40", "塔高米", "mast, m" }, { "state", GF_COLUMN_CHOICE, true, "standing|upgrade|planned", "standing", "状态", "state" },
    REF("project", "projects", "", "项目", "project"), MONEY("cost_fen", "", "造价分", "cost, fen"), NOTE,
};
static const gf_column CAMERAS[] = {
    KEY("cam-1"), NAME, NREF("tower", "towers", "tw-1", "铁塔", "tower"), NUMBER("height_m", "38", "离地米", "above ground, m"), NUMBER("range_m", "5000", "有效距离米", "range, m"),
    NUMBER("pan_from_deg", "0", "方位起", "pan from, deg"), NUMBER("pan_to_deg", "360", "方位止", "pan to, deg"), NUMBER("pitch_min_deg", "-60", "俯仰下限", "pitch from, deg"),
    NUMBER("pitch_max_deg", "10", "俯仰上限", "pitch to, deg"), NUMBER("focal_mm", "120", "焦距毫米", "focal length, mm"), NUMBER("pixel_um", "2.9", "像元微米", "pixel, um"),
    WHOLE("width_px", "1920", "画面宽像素", "picture width, px"), NOTE,
};
static const gf_column PRESETS[] = {
    KEY("pre-1"), NAME, NREF("camera", "cameras", "cam-1", "摄像机", "camera"), NUMBER("heading_deg", "45", "方位", "heading, deg"), NUMBER("tilt_deg", "-8", "俯仰", "tilt, deg"),
    NUMBER("roll_deg", "0", "滚转", "roll, deg"), NUMBER("focal_mm", "120", "焦距毫米", "focal length, mm"), NOTE,
};
/* Field names of the national layer stand beside: BSM is the key, TBBH number, DLBM land_code, DLMC land_name, TBMJ area_m2. */
static const gf_column PARCELS[] = {
    KEY("330329105223000001"), TEXT("number", "0017", "图斑编号", "parcel number"), PLACE, TEXT("land_code", "0101", "地类编码", "land class code"),
    TEXT("land_name", "水田", "地类名称", "land class"), NUMBER("area_m2", "1234.56", "图斑面积平方米", "area, m2"),
    { "shape", GF_COLUMN_TEXT, true, NULL, "POLYGON((119.7376 27.5111,119.7380 27.5111,119.7380 27.5115,119.7376 27.5111))", "边界", "outline" }, NOTE,
};
static const gf_column WARDENS[] = {
    KEY("wd-1"), NREF("person", "persons", "pe-1", "田长", "warden"), { "level", GF_COLUMN_CHOICE, true, "county|town|village", "village", "级别", "level" }, PLACE,
    REFS("parcels", "parcels", "", "图斑", "parcels"), PERIOD, REF("handover_to", "wardens", "", "交接给", "handed over to"), NOTE,
};
/* Water networks: INP text and brief are documents; a design says which size every pipe gets, and what that costs. */
static const gf_column WATER_NETWORKS[] = {
    KEY("wn-1"), NAME, REF("project", "projects", "pr-1", "项目", "project"), PLACE, NREF("network", "documents", "d-inp", "管网文件", "network file (INP)"),
    NREF("problem", "documents", "d-brief", "任务书文件", "brief (JSON)"), TEXT("crs", "EPSG:4549", "坐标系", "coordinate system"),
    REF("budget", "water_designs", "", "已作预算的方案", "design taken as budget"), NOTE,
};
static const gf_column WATER_DESIGNS[] = {
    KEY("wd-1"), NAME, NREF("network", "water_networks", "wn-1", "管网", "network"), { "role", GF_COLUMN_CHOICE, true, "before|after|alternative", "after", "性质", "role" },
    NEED("sizes", "{\"110.2\":[\"p1\",\"p2\"]}", "各管径的管段", "pipes by size"), MONEY("cost_fen", "", "造价（分）", "cost, fen"),
    MONEY("bound_fen", "", "造价下界（分）", "no design is cheaper than, fen"), CHOICE("feasible", "yes|no", "满足要求", "keeps every limit"),
    TEXT("worst", "min_head v01", "最不利处", "worst place"), NUMBER("slack", "0.056", "最小余量", "least slack"), WHOLE("seed", "1", "种子", "seed"),
    WHOLE("work", "400000", "计算次数", "work"), DAY("made_on", "", "设计日期", "made on"), NOTE,
};
/* PV plants: description and readings are documents; what they made and lost is computed from them, never entered. */
static const gf_column PLANTS[] = {
    KEY("pv-1"), NAME, NREF("asset", "assets", "as-1", "资产", "asset"), PLACE, NREF("plant", "documents", "d-plant", "电站说明文件", "description (JSON)"),
    { "use", GF_COLUMN_CHOICE, true, "all_fed_in|surplus", "surplus", "并网方式", "way of use" }, REF("fund", "funds", "f-book", "入账资金", "purse of its income"),
    REF("project", "projects", "pr-1", "项目", "project"), REF("reporter", "persons|units", "u-adbc", "以谁的名义立案", "in whose name alarms are opened"),
    REF("keeper", "persons|units", "", "管护人", "keeper"), NOTE,
};
static const gf_column PLANT_TARIFFS[] = {
    KEY("pt-1"), NREF("plant", "plants", "pv-1", "电站", "plant"), { "part", GF_COLUMN_CHOICE, true, "self_use|feed_in|subsidy", "feed_in", "电价部分", "part" },
    { "begins", GF_COLUMN_DATE, true, NULL, "2024-01-01", "起", "begins" }, DAY("ends", "", "止", "ends"),
    { "price_yuan_kwh", GF_COLUMN_DECIMAL, true, NULL, "0.4153", "每千瓦时元", "yuan a kWh" }, REF("payer", "units|places", "", "付费方", "payer"),
    REF("document", "documents", "", "依据文件", "document"), NOTE,
};
static const gf_column PLANT_READINGS[] = {
    KEY("pr-1"), NREF("plant", "plants", "pv-1", "电站", "plant"), NREF("document", "documents", "d-readings", "读数文件", "file of readings (CSV)"),
    { "received", GF_COLUMN_DATE, true, NULL, "2024-02-01", "收到日期", "received" }, { "stamp", GF_COLUMN_CHOICE, false, "begin|middle|end", "begin", "时刻含义", "what a row's time is" }, NOTE,
};
static const gf_column PLANT_FAULTS[] = {
    KEY("pf-1"), NAME, NREF("plant", "plants", "pv-1", "电站", "plant"), NREF("case", "cases", "c-1", "工单", "case"), NEED("kind", "dead", "故障类别", "kind"),
    TEXT("inverter", "N1", "逆变器", "inverter"), { "first_day", GF_COLUMN_DATE, true, NULL, "2024-04-13", "首日", "first day" }, { "last_day", GF_COLUMN_DATE, true, NULL, "2024-04-16", "末日", "last day" },
    NEED("first_utc", "2024-04-13T02:45:00Z", "首条读数", "first reading"), NEED("last_utc", "2024-04-16T18:45:00Z", "末条读数", "last reading"),
    NUMBER("value", "", "读数", "value"), NUMBER("expected", "", "应为", "expected"), NUMBER("lost_kwh", "", "少发千瓦时", "lost, kWh"),
    REFS("readings", "plant_readings", "", "读数批次", "readings"), NOTE,
};
static const gf_column ERASURES[] = {
    KEY("er-1"), NEED("register", "persons", "登记册", "register"), NEED("record", "pe-1", "记录", "record"), DAY("date", "2024-05-06", "日期", "date"),
    NEED("fields", "name;phone", "已清除的栏目", "fields erased"), WHOLE("texts", "4", "已清除的文字数", "texts erased"), NEED("reason", "本人要求", "理由", "reason"), UNIT, PLACE, NOTE,
};
static const gf_column RETENTIONS[] = {
    { "id", GF_COLUMN_KEY, true, NULL, "persons", "登记册", "register" }, { "months", GF_COLUMN_INT, true, NULL, "36", "最后变动后保留月数", "months kept after the last change" },
    REF("document", "documents", "", "依据文件", "document that says so"), NOTE,
};
static const gf_column HOLIDAYS[] = {
    { "date", GF_COLUMN_KEY, true, NULL, "2024-10-01", "日期", "date" },
    { "kind", GF_COLUMN_CHOICE, true, "holiday|workday", "holiday", "类别", "kind" }, TEXT("name", "国庆节", "节日", "festival"),
};

#define REGISTER(name, columns, zh, en) { name, zh, en, columns, GF_COUNT(columns) }

const gf_register GF_REGISTERS[] = {
    REGISTER("sources", SOURCES, "来源", "sources"),
    REGISTER("places", PLACES, "地点", "places"),
    REGISTER("units", UNITS_, "单位", "units"),
    REGISTER("facts", FACTS, "事实", "facts"),
    REGISTER("documents", DOCUMENTS, "文件", "documents"),
    REGISTER("positions", POSITIONS, "坐标", "positions"),
    REGISTER("programmes", PROGRAMMES, "帮扶项目群", "programmes"),
    REGISTER("groups", GROUPS, "团组", "groups"),
    REGISTER("members", MEMBERS, "成员单位", "members"),
    REGISTER("statements", STATEMENTS, "说法", "statements"),
    REGISTER("pairings", PAIRINGS, "结对", "pairings"),
    REGISTER("persons", PERSONS, "人员", "persons"),
    REGISTER("assignments", ASSIGNMENTS, "派驻", "assignments"),
    REGISTER("households", HOUSEHOLDS, "农户", "households"),
    REGISTER("household_members", HOUSEHOLD_MEMBERS, "家庭成员", "household members"),
    REGISTER("projects", PROJECTS, "项目", "projects"),
    REGISTER("project_stages", PROJECT_STAGES, "项目阶段", "project stages"),
    REGISTER("project_conditions", PROJECT_CONDITIONS, "项目条件", "project conditions"),
    REGISTER("funds", FUNDS, "资金", "funds"),
    REGISTER("assets", ASSETS, "资产", "assets"),
    REGISTER("asset_upkeep", ASSET_UPKEEP, "资产管护", "asset upkeep"),
    REGISTER("systems", SYSTEMS, "系统", "systems"),
    REGISTER("visits", VISITS, "走访", "visits"),
    REGISTER("measures", MEASURES, "帮扶措施", "measures"),
    REGISTER("activities", ACTIVITIES, "活动", "activities"),
    REGISTER("agreements", AGREEMENTS, "协议与会议", "agreements and meetings"),
    REGISTER("agreement_actions", AGREEMENT_ACTIONS, "议定事项", "agreed actions"),
    REGISTER("donations", DONATIONS, "捐赠", "donations"),
    REGISTER("employment", EMPLOYMENT, "就业", "employment"),
    REGISTER("contracts", CONTRACTS, "经营合同", "operating contracts"),
    REGISTER("matches", MATCHES, "企业对接", "enterprise matches"),
    REGISTER("investments", INVESTMENTS, "招商投资", "investments"),
    REGISTER("loan_policies", LOAN_POLICIES, "贷款政策", "loan policies"),
    REGISTER("loans", LOANS, "贷款", "loans"),
    REGISTER("awards", AWARDS, "荣誉", "awards"),
    REGISTER("publications", PUBLICATIONS, "宣传与论文", "publications"),
    REGISTER("research", RESEARCH, "研究", "research"),
    REGISTER("entries", ENTRIES, "分录", "entries"),
    REGISTER("indicators", INDICATORS, "指标", "indicators"),
    REGISTER("observations", OBSERVATIONS, "观测", "observations"),
    REGISTER("cases", CASES, "工单", "cases"),
    REGISTER("case_steps", CASE_STEPS, "工单步骤", "case steps"),
    REGISTER("towers", TOWERS, "铁塔", "towers"),
    REGISTER("cameras", CAMERAS, "摄像机", "cameras"),
    REGISTER("presets", PRESETS, "预置位", "presets"),
    REGISTER("parcels", PARCELS, "图斑", "parcels"),
    REGISTER("wardens", WARDENS, "田长", "wardens"),
    REGISTER("water_networks", WATER_NETWORKS, "供水管网", "water networks"),
    REGISTER("water_designs", WATER_DESIGNS, "供水方案", "water designs"),
    REGISTER("plants", PLANTS, "光伏电站", "PV plants"),
    REGISTER("plant_tariffs", PLANT_TARIFFS, "电价", "tariffs of plants"),
    REGISTER("plant_readings", PLANT_READINGS, "电站读数", "readings of plants"),
    REGISTER("plant_faults", PLANT_FAULTS, "电站故障", "faults of plants"),
    REGISTER("erasures", ERASURES, "个人信息清除证明", "certificates of erasure"),
    REGISTER("retentions", RETENTIONS, "个人信息保留期限", "retention of personal data"),
    REGISTER("holidays", HOLIDAYS, "节假日", "holidays"),
};
const size_t GF_REGISTER_COUNT = GF_COUNT(GF_REGISTERS);

const gf_register *gf_register_find(gf_str name)
{
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++)
        if (gf_str_is(name, GF_REGISTERS[i].name))
            return &GF_REGISTERS[i];
    return NULL;
}

const gf_column *gf_register_column(const gf_register *reg, gf_str name)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (gf_str_is(name, reg->columns[i].name))
            return &reg->columns[i];
    return NULL;
}
