/* The words of the report: an opening, the money, a chapter for each block of units and for each village, and what has
 * no evidence. Sentences are short and made from records; each number in them is a figure that opens.
 */
#include "app/access.h"
#include "app/report_inside.h"

#include <string.h>

enum { ENTRIES_TOLD = 60, ROWS_TOLD = 200, LEDGER_TOLD_ENTRIES = 20000 };

#define SAY(job, zh, en, ...) report_say((job), report_zh(job) ? (zh) : (en), __VA_ARGS__)

static void tell(report_job *job, const char *zh, const char *en) { report_say(job, "%s", report_zh(job) ? zh : en); }

/* All rows that chapters speak of, read once. */
typedef struct told { const char *reg, *zh, *en, *unit_column; record *rows; size_t count; } told;

static const told TOLD_TEMPLATE[] = {
    { "assignments", "派驻", "Posted", "unit", NULL, 0 },        { "projects", "项目", "Projects", "units", NULL, 0 },
    { "assets", "资产", "Assets", "units", NULL, 0 },            { "systems", "系统", "Systems", "units", NULL, 0 },
    { "measures", "措施", "Measures", "units", NULL, 0 },        { "activities", "活动", "Activities", "units", NULL, 0 },
    { "visits", "走访", "Visits", "units", NULL, 0 },            { "households", "农户", "Households", "units", NULL, 0 },
    { "employment", "就业", "Employment", "units", NULL, 0 },    { "donations", "捐赠", "Donations", "units", NULL, 0 },
    { "agreements", "协议与会议", "Agreements and meetings", "units", NULL, 0 }, { "matches", "企业对接", "Enterprises matched", "units", NULL, 0 },
    { "investments", "招商投资", "Investments", "units", NULL, 0 }, { "loans", "贷款", "Loans", "bank", NULL, 0 },
    { "loan_policies", "贷款政策", "Loan policy", "bank", NULL, 0 }, { "research", "研究", "Research", "units", NULL, 0 },
    { "publications", "宣传与论文", "Publications", "units", NULL, 0 }, { "awards", "荣誉", "Awards", "units", NULL, 0 },
};
enum { TOLD_COUNT = GF_COUNT(TOLD_TEMPLATE) };

typedef struct chapters { report_job *job; told told[TOLD_COUNT]; record *pairings; size_t pairing_count; } chapters;

/* ---- Figures of records ---- */

/* The figure that stands for a record's quantity: its fact when one carries the same number, else the record's own. */
static gf_str quantity_figure(const chapters *c, const record *rec)
{
    gf_decimal value;
    gf_str unit, rest = rec->source, fact;
    gf_figure_bound bound;
    if (!record_quantity(rec, &value, &unit, &bound))
        return (gf_str){ "", 0 };
    while (gf_str_cut(&rest, ';', &fact)) {
        gf_str id = figure_text(c->job->keep, "fact.%.*s", GF_STR_ARG(fact));
        const gf_app_derived *known = report_know(c->job, id);
        if (known && known->figure.has_value && gf_decimal_cmp(known->figure.value, value) == 0)
            return id;
    }
    return figure_text(c->job->keep, "record.%s.%.*s", rec->reg->name, GF_STR_ARG(record_key(rec)));
}

static void say_record(chapters *c, const record *rec)
{
    report_job *job = c->job;
    bool assignment = strcmp(rec->reg->name, "assignments") == 0;
    gf_str en = record_value(rec, "post_en"), name = !assignment ? report_name(job, rec) : report_zh(job) || !en.len ? record_value(rec, "post") : en;
    report_say(job, "%.*s", GF_STR_ARG(name));
    gf_str id = quantity_figure(c, rec);
    if (id.len) {
        tell(job, "（", " (");
        report_figure(job, id);
        tell(job, "）", ")");
    }
}

/* ---- Money of entries ---- */

/* The figure that an entry is told by: its fact when it has just one, else the entry. */
static gf_str entry_figure(const chapters *c, int64_t id, gf_str source)
{
    if (source.len && !memchr(source.data, ';', source.len)) {
        gf_str fact = figure_text(c->job->keep, "fact.%.*s", GF_STR_ARG(source));
        if (report_know(c->job, fact))
            return fact;
    }
    return figure_text(c->job->keep, "entry.%lld", (long long)id);
}

typedef struct told_entry { int64_t id; gf_str verb, purpose, source, kind; } told_entry;

/* One sentence over the entries that a statement selects; a long list gives way to its totals. */
static void say_entries(chapters *c, const char *statement, gf_str key)
{
    told_entry rows[ENTRIES_TOLD];
    size_t count = 0;
    report_job *job = c->job;
    gf_stmt *stmt = gf_store_named(job->app->store, statement);
    gf_stmt_str(stmt, 1, key);
    while (count < ENTRIES_TOLD && gf_stmt_row(stmt))
        if (record_wanted(job->origins, gf_row_str(stmt, 5)))
            rows[count++] = (told_entry){ gf_row_int(stmt, 0), gf_row_copy(stmt, 1, job->keep), gf_row_copy(stmt, 2, job->keep), gf_row_copy(stmt, 3, job->keep),
                                          gf_row_copy(stmt, 4, job->keep) };
    gf_stmt_end(stmt);
    if (count == 0 || count == ENTRIES_TOLD)
        return;
    for (size_t i = 0; i < count; i++) {
        SAY(job, "%s%.*s%s%.*s", "%s%.*s%s%.*s ", i ? (report_zh(job) ? "；" : "; ") : report_zh(job) ? "资金：" : "Money: ", GF_STR_ARG(rows[i].verb),
            rows[i].purpose.len && rows[i].verb.len ? (report_zh(job) ? "" : " ") : "", GF_STR_ARG(rows[i].purpose));
        report_figure(job, entry_figure(c, rows[i].id, rows[i].source));
        if (!gf_str_is(rows[i].kind, "cash"))
            SAY(job, "（%s）", " (%s)", gf_str_is(rows[i].kind, "in_kind") ? (report_zh(job) ? "实物" : "in kind")
                                         : gf_str_is(rows[i].kind, "loan") ? (report_zh(job) ? "贷款" : "loan")
                                         : gf_str_is(rows[i].kind, "investment") ? (report_zh(job) ? "企业投资" : "enterprise investment")
                                                                                 : (report_zh(job) ? "经济成果" : "economic result"));
    }
    tell(job, "。", ".");
}

/* In a large ledger a unit or place is told by its totals, which are kept, not by its entries. */
static void say_totals(chapters *c, const char *prefix, gf_str id)
{
    report_job *job = c->job;
    gf_str scope = figure_text(job->keep, "%s%.*s", prefix, GF_STR_ARG(id));
    size_t said = 0, count = job->out->money_count;
    for (size_t i = 0; i < count && job->status == GF_OK; i++) {
        gf_app_money money = job->out->money[i];
        if (!gf_str_eq(money.scope, scope))
            continue;
        SAY(job, "%s%s·%s", "%s%s, %s ", said++ ? (report_zh(job) ? "；" : "; ") : report_zh(job) ? "资金：" : "Money: ", money.kind, money.stage ? money.stage : "");
        report_figure(job, money.figure);
    }
    if (said)
        tell(job, "。", ".");
}

static void say_money(chapters *c, const char *statement, const char *prefix, gf_str id)
{
    if (c->job->out->head_entry > LEDGER_TOLD_ENTRIES)
        say_totals(c, prefix, id);
    else
        say_entries(c, statement, id);
}

/* ---- Rows of registers ---- */

static void say_rows(chapters *c, const told *kind, const char *column, gf_str id)
{
    report_job *job = c->job;
    size_t said = 0;
    for (size_t i = 0; i < kind->count; i++) {
        const record *rec = &kind->rows[i];
        if (!record_list_has(record_value(rec, column), id) || !report_wants(job, rec) || ++said > ROWS_TOLD)
            continue;
        if (said == 1)
            SAY(job, "%s：", "%s: ", report_zh(job) ? kind->zh : kind->en);
        else
            tell(job, "、", "; ");
        say_record(c, rec);
    }
    if (said)
        tell(job, "。", ". ");
}

/* ---- Opening ---- */

static void write_opening(chapters *c)
{
    report_job *job = c->job;
    gf_app_reported *out = job->out;
    record programme, *members, *groups;
    size_t member_count = 0, group_count = 0;
    if (record_read(job->app, "programmes", job->programme, job->keep, &programme, NULL) != GF_OK ||
        record_all(job->app, "members", job->keep, &members, &member_count, NULL) != GF_OK ||
        record_all(job->app, "groups", job->keep, &groups, &group_count, NULL) != GF_OK)
        return;
    gf_str day = out->to.len ? out->to : out->as_of;
    bool demo = gf_str_is(programme.origin, "demo");
    report_chapter(job, GF_STR("summary"), GF_STR("group"), report_zh(job) ? GF_STR("总体情况") : GF_STR("Overview"));
    if (demo)
        tell(job, "【演示数据】本项目群的全部记录均为虚构。", "[Demo] Every record of this programme is invented. ");
    SAY(job, "%.*s，组长单位%.*s，期间%.*s。成员单位", "%.*s; lead unit %.*s; term %.*s. Member units: ", GF_STR_ARG(out->programme_name),
        GF_STR_ARG(figure_unit_names(job->app, record_value(&programme, "lead"), job->lang, job->keep)), GF_STR_ARG(record_value(&programme, "period")));
    const char *filter = demo ? ".origin=demo" : "";
    report_figure(job, figure_text(job->keep, "count.members%s@%.*s", filter, GF_STR_ARG(day)));
    tell(job, "，在册结对", "; pairings on record: ");
    report_figure(job, figure_text(job->keep, "count.pairings%s@%.*s", filter, GF_STR_ARG(day)));
    tell(job, "。", ".");
    for (size_t i = 0; i < group_count; i++) {
        if (!gf_str_eq(record_value(&groups[i], "programme"), job->programme) || !quantity_figure(c, &groups[i]).len)
            continue;
        tell(job, "所称结对帮促村", " Villages claimed: ");
        report_figure(job, quantity_figure(c, &groups[i]));
        gf_str note = report_zh(job) ? record_value(&groups[i], "note") : (gf_str){ "", 0 };
        if (note.len)
            report_say(job, "（%.*s）", GF_STR_ARG(note));
        tell(job, "。", ".");
    }
    report_end_paragraph(job);
}

static const gf_app_money *find_money(const gf_app_reported *out, gf_str scope, const char *kind, const char *stage)
{
    for (size_t i = 0; i < out->money_count; i++)
        if (gf_str_eq(out->money[i].scope, scope) && strcmp(out->money[i].kind, kind) == 0 && out->money[i].stage && strcmp(out->money[i].stage, stage) == 0)
            return &out->money[i];
    return NULL;
}

static void write_money(chapters *c)
{
    static const struct { const char *kind, *zh, *en; } KINDS[] = {
        { "cash", "现金", "Cash" }, { "in_kind", "实物", "In kind" }, { "loan", "贷款", "Loans" },
        { "investment", "企业投资", "Enterprise investment" }, { "result", "经济成果", "Economic results" },
    };
    static const struct { const char *stage, *zh; } STAGES[] = {
        { "applied", "申报" }, { "approved", "审批" }, { "committed", "协调" }, { "received", "取得" }, { "allocated", "落实" },
        { "paid", "投入" }, { "accepted", "验收" }, { "drawn", "发放" }, { "repaid", "归还" },
    };
    report_job *job = c->job;
    gf_str scope = job->out->scope;
    report_chapter(job, GF_STR("money"), scope, report_zh(job) ? GF_STR("资金") : GF_STR("Money"));
    tell(job, "现金、实物、贷款、企业投资和经济成果是五种不同的东西，分列五栏，从不相加；各阶段分别计数，前一阶段未载明的为未知，不是零。", "Cash, work in kind, loans, enterprise investment and economic results are five different things: five columns, never added. " "Stages are counted apart; a stage that is not told is unknown, not zero.");
    report_end_paragraph(job);
    for (size_t k = 0; k < GF_COUNT(KINDS); k++) {
        size_t said = 0;
        for (size_t t = 0; t < GF_COUNT(STAGES) && job->status == GF_OK; t++) {
            const gf_app_money *money = find_money(job->out, scope, KINDS[k].kind, STAGES[t].stage);
            if (!money)
                continue;
            if (said++)
                tell(job, "，", ", ");
            else
                SAY(job, "%s：", "%s: ", report_zh(job) ? KINDS[k].zh : KINDS[k].en);
            SAY(job, "%s", "%s ", report_zh(job) ? STAGES[t].zh : STAGES[t].stage);
            report_figure(job, money->figure);
        }
        if (said)
            tell(job, "。", ".");
        report_end_paragraph(job);
    }
}

/* ---- Units ---- */

static void say_pairings(chapters *c, gf_str unit)
{
    report_job *job = c->job;
    for (size_t i = 0; i < c->pairing_count; i++) {
        const record *pairing = &c->pairings[i];
        if (!gf_str_eq(record_value(pairing, "unit"), unit) || !report_wants(job, pairing))
            continue;
        SAY(job, "结对%.*s", "Paired with %.*s", GF_STR_ARG(figure_place_name(job->app, record_value(pairing, "place"), job->keep)));
        gf_str note = record_value(pairing, "note"), period = record_value(pairing, "period");
        if (period.len)
            SAY(job, "（%.*s）", " (%.*s)", GF_STR_ARG(period));
        if (note.len && report_zh(job))
            report_say(job, "，%.*s", GF_STR_ARG(note));
        tell(job, "。", ". ");
    }
}

static void write_unit(chapters *c, gf_str unit)
{
    report_job *job = c->job;
    record found;
    gf_str name = record_read(job->app, "units", unit, job->keep, &found, NULL) == GF_OK ? report_name(job, &found) : unit;
    SAY(job, "【%.*s】", "[%.*s] ", GF_STR_ARG(name));
    say_pairings(c, unit);
    say_money(c, "told_entries_of_unit", "unit:", unit);
    report_end_paragraph(job);
    for (size_t i = 0; i < TOLD_COUNT && job->status == GF_OK; i++) {
        say_rows(c, &c->told[i], c->told[i].unit_column, unit);
        report_end_paragraph(job);
    }
}

static void write_blocks(chapters *c)
{
    report_job *job = c->job;
    record *members;
    size_t count;
    gf_status status = record_all(job->app, "members", job->keep, &members, &count, job->err);
    if (status != GF_OK) {
        job->status = status;
        return;
    }
    for (int block = 0; block <= 64; block++) {
        char number[8];
        (void)snprintf(number, sizeof number, "%d", block);
        bool opened = false;
        for (size_t i = 0; i < count && job->status == GF_OK; i++) {
            gf_str of = record_value(&members[i], "block");
            if (!(gf_str_is(of, number) || (block == 0 && of.len == 0)) || !report_wants(job, &members[i]))
                continue;
            gf_str en = record_value(&members[i], "block_title_en"), zh = record_value(&members[i], "block_title");
            gf_str title = !report_zh(job) && en.len ? en : zh.len ? zh : report_zh(job) ? GF_STR("成员单位") : GF_STR("Member units");
            if (!opened)
                report_chapter(job, figure_text(job->keep, "block-%d", block), GF_STR("group"), title);
            opened = true;
            write_unit(c, record_value(&members[i], "unit"));
        }
    }
}

/* ---- Villages ---- */

static void say_indicators(chapters *c, gf_str place)
{
    report_job *job = c->job;
    for (size_t i = 0; i < job->out->indicator_count && job->status == GF_OK; i++) {
        gf_app_indicator indicator = job->out->indicators[i];
        if (!gf_str_eq(indicator.place, place) || !indicator.actual.len)
            continue;
        SAY(job, "%.*s：", "%.*s: ", GF_STR_ARG(indicator.name));
        if (indicator.baseline.len) {
            report_figure(job, indicator.baseline);
            tell(job, " → ", " → ");
        }
        report_figure(job, indicator.actual);
        if (indicator.change.len) {
            tell(job, "，变化", ", change ");
            report_figure(job, indicator.change);
        }
        tell(job, "。", ".");
        report_end_paragraph(job);
    }
}

static void write_place(chapters *c, gf_str place)
{
    report_job *job = c->job;
    gf_str name = figure_place_name(job->app, place, job->keep);
    report_chapter(job, figure_text(job->keep, "place-%.*s", GF_STR_ARG(place)), figure_text(job->keep, "place:%.*s", GF_STR_ARG(place)), name);
    SAY(job, "%.*s由", "%.*s is paired with ", GF_STR_ARG(name));
    size_t said = 0;
    for (size_t i = 0; i < c->pairing_count; i++)
        if (gf_str_eq(record_value(&c->pairings[i], "place"), place) && report_wants(job, &c->pairings[i]))
            SAY(job, "%s%.*s", "%s%.*s", said++ ? (report_zh(job) ? "、" : ", ") : "",
                GF_STR_ARG(figure_unit_names(job->app, record_value(&c->pairings[i], "unit"), job->lang, job->keep)));
    tell(job, "结对帮扶。", ". ");
    say_money(c, "told_entries_of_place", "place:", place);
    report_end_paragraph(job);
    for (size_t i = 0; i < TOLD_COUNT && job->status == GF_OK; i++) {
        say_rows(c, &c->told[i], "place", place);
        report_end_paragraph(job);
    }
    say_indicators(c, place);
}

static void write_places(chapters *c)
{
    report_job *job = c->job;
    for (size_t i = 0; i < c->pairing_count && job->status == GF_OK; i++) {
        gf_str place = record_value(&c->pairings[i], "place");
        bool seen = !report_wants(job, &c->pairings[i]);
        for (size_t k = 0; k < i; k++)
            seen = seen || gf_str_eq(record_value(&c->pairings[k], "place"), place);
        if (!seen)
            write_place(c, place);
    }
}

/* ---- What has no evidence ---- */

static void write_open(chapters *c)
{
    report_job *job = c->job;
    record *facts;
    size_t count, said = 0;
    gf_status status = record_all(job->app, "facts", job->keep, &facts, &count, job->err);
    if (status != GF_OK) {
        job->status = status;
        return;
    }
    report_chapter(job, GF_STR("open"), GF_STR("group"), report_zh(job) ? GF_STR("尚无依据、尚未说明的事项") : GF_STR("Without evidence, or left open"));
    tell(job, "下列说法没有给出数额、数量、日期、地点、基数或出处，报告不为其补数。", "These statements leave amount, number, date, place, base or source open; the report fills in nothing.");
    report_end_paragraph(job);
    for (size_t i = 0; i < count && job->status == GF_OK && said < ROWS_TOLD; i++) {
        gf_str en = record_value(&facts[i], "note_en"), note = report_zh(job) || !en.len ? record_value(&facts[i], "note") : en;
        gf_str what = record_value(&facts[i], "what"), phrase = record_value(&facts[i], "phrase");
        bool open_fact = gf_str_is(record_value(&facts[i], "open"), "yes");
        if (!open_fact || !record_wanted(job->origins, facts[i].origin))
            continue;
        said++;
        SAY(job, "“%.*s”：", "%.*s: ", GF_STR_ARG(gf_str_slice(report_zh(job) || !what.len ? phrase : what, 0, 600)));
        gf_decimal value;
        if (gf_decimal_parse(record_value(&facts[i], "value"), &value)) {
            report_figure(job, figure_text(job->keep, "fact.%.*s", GF_STR_ARG(record_key(&facts[i]))));
            tell(job, "；", "; ");
        }
        SAY(job, "%.*s。", "%.*s.", GF_STR_ARG(note));
        report_end_paragraph(job);
    }
}

/* ---- One place, a province ---- */

static void write_place_opening(chapters *c)
{
    report_job *job = c->job;
    gf_str name = figure_place_name(job->app, job->place, job->keep);
    report_chapter(job, GF_STR("summary"), job->out->scope, name);
    SAY(job, "%.*s的资金、结对、项目与指标；所属项目群：%.*s。", "%.*s: its money, pairings, projects and indicators; of the programme %.*s.", GF_STR_ARG(name), GF_STR_ARG(job->out->programme_name));
    gf_str prefix = job->prefix.len ? job->prefix : figure_text(job->keep, "%.*s/", GF_STR_ARG(job->programme));
    tell(job, "项目", " Projects: ");
    report_figure(job, figure_text(job->keep, "count.%.*sprojects.within=%.*s@all", GF_STR_ARG(prefix), GF_STR_ARG(job->place)));
    tell(job, "。", ".");
    report_end_paragraph(job);
}

/* Of a province: each county by its money and indicators; what its villages did stands in the county's own report. */
static void write_counties(chapters *c)
{
    report_job *job = c->job;
    static const gf_str PLACE = GF_STR_INIT("place:");
    for (size_t i = 0; i < job->out->money_count && job->status == GF_OK; i++) {
        gf_str scope = job->out->money[i].scope, label = job->out->money[i].scope_label;
        if (!gf_str_starts(scope, PLACE) || (i && gf_str_eq(job->out->money[i - 1].scope, scope)))
            continue;
        gf_str code = gf_str_slice(scope, PLACE.len, scope.len);
        report_chapter(job, figure_text(job->keep, "place-%.*s", GF_STR_ARG(code)), scope, label);
        say_totals(c, "place:", code);
        report_end_paragraph(job);
        say_indicators(c, code);
    }
}

/* Rows at places inside; of a register with more of them none, for nobody reads thousands of names. */
static gf_status read_inside(report_job *job, told *kind)
{
    enum { INSIDE_MOST = 3000 };
    gf_status status = record_inside(job->app, kind->reg, job->place, INSIDE_MOST + 1, job->keep, &kind->rows, &kind->count, job->err);
    kind->count = kind->count > INSIDE_MOST ? 0 : kind->count;
    return status;
}

/* Rows of the other side are not even read: beside a real county an invented province may stand in the same books. */
static gf_status read_side(report_job *job, const char *reg, record **rows, size_t *count)
{
    bool demo = record_wanted(job->origins, GF_STR("demo")), alone = !demo || !memchr(job->origins.data, ',', job->origins.len);
    return alone ? record_side(job->app, reg, demo, job->keep, rows, count, job->err) : record_all(job->app, reg, job->keep, rows, count, job->err);
}

static gf_status read_told(chapters *c)
{
    report_job *job = c->job;
    gf_status status = GF_OK;
    for (size_t i = 0; !job->brief && !job->by_county && i < TOLD_COUNT && status == GF_OK; i++)
        if (access_may_read(job->reader, c->told[i].reg))
            status = job->place.len ? read_inside(job, &c->told[i]) : read_side(job, c->told[i].reg, &c->told[i].rows, &c->told[i].count);
    if (status == GF_OK && !job->brief && !job->by_county)
        status = job->place.len ? record_inside(job->app, "pairings", job->place, SIZE_MAX, job->keep, &c->pairings, &c->pairing_count, job->err)
                                : read_side(job, "pairings", &c->pairings, &c->pairing_count);
    return status;
}

static void write_of_place(chapters *c)
{
    write_place_opening(c);
    write_money(c);
    write_places(c);
}

void report_write_chapters(report_job *job)
{
    chapters c = { .job = job };
    memcpy(c.told, TOLD_TEMPLATE, sizeof c.told);
    job->status = job->status == GF_OK ? read_told(&c) : job->status;
    if (job->status != GF_OK)
        return;
    if (job->place.len) {
        write_of_place(&c);
        return;
    }
    write_opening(&c);
    write_money(&c);
    if (!job->brief) {
        write_blocks(&c);
        if (job->by_county)
            write_counties(&c);
        else
            write_places(&c);
    }
    write_open(&c);
}
