/* The books of an invented province: three years of entries as a busy one writes them.
 *
 * A row is one transfer, two ledger lines. Mostly cash, some in kind, loans, investment and results; one entry in twenty has
 * several rows, one in two hundred takes an earlier one back word for word; some are known by their year alone, some as lower
 * bounds. A project has one fund and one village, as in life.
 */
#include "app/province_demo.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 4, KEPT = 512, DAY = 40, NAME = 48 };

typedef struct move { const char *verb, *before, *stage, *bound; char from[NAME], to[NAME]; int64_t amount; } move;
typedef struct entry { int64_t number; int rows, year; bool loose; const char *kind; char fund[NAME], project[NAME], village[PROVINCE_CODE]; move row[ROWS_MAX]; } entry;

typedef struct step { const char *verb, *stage; } step;
static const struct { const char *kind; int share, steps; step step[5]; } KINDS[] = {   /* of twenty */
    { "cash", 14, 5, { { "申报", "applied" }, { "审批", "approved" }, { "取得", "received" }, { "落实", "allocated" }, { "投入", "paid" } } },
    { "in_kind", 2, 1, { { "承担", "paid" } } },
    { "loan", 2, 3, { { "审批", "approved" }, { "提款", "drawn" }, { "还款", "repaid" } } },
    { "investment", 1, 1, { { "新增投资", "paid" } } },
    { "result", 1, 1, { { "取得", "received" } } },
};

static size_t draw_kind(province *p)
{
    int64_t drawn = province_draw(p, 20);
    size_t k = 0;
    for (; drawn >= KINDS[k].share; k++)
        drawn -= KINDS[k].share;
    return k;
}

static void put_unit(province *p, int county, char out[NAME]) { (void)snprintf(out, NAME, "pv-u-%02d-%02d", county + 1, (int)province_draw(p, PROVINCE_UNITS) + 1); }

static move draw_move(province *p, size_t kind, int county, const char *village)
{
    step s = KINDS[kind].step[province_draw(p, KINDS[kind].steps)];
    bool paid = strcmp(s.stage, "paid") == 0, received = strcmp(KINDS[kind].kind, "cash") == 0 && strcmp(s.stage, "received") == 0;
    move m = { .verb = s.verb, .before = paid && province_chance(p, 300) ? "received" : "", .stage = s.stage, .bound = "exact", .amount = 100 * (1 + province_draw(p, 5000000)) };
    if (province_chance(p, 800))
        put_unit(p, county, m.from);
    else
        (void)snprintf(m.from, NAME, "unstated");
    if (province_chance(p, 250))
        put_unit(p, county, m.to);
    else
        (void)snprintf(m.to, NAME, "%s", village);
    if (received && m.from[0] == 'p' && province_chance(p, 200))
        m.before = "received";
    if (strcmp(m.from, m.to) == 0 && strcmp(m.before, m.stage) == 0)
        (void)snprintf(m.to, NAME, "%s", village);
    if (province_chance(p, 100))
        m.bound = province_chance(p, 500) ? "at_least" : "about";
    return m;
}

static entry draw_entry(province *p, int64_t number, int rows)
{
    size_t kind = draw_kind(p);
    int county = (int)province_draw(p, PROVINCE_COUNTIES);
    int64_t project = province_draw(p, p->projects);
    entry e = { .number = number, .rows = rows, .year = 2021 + (int)province_draw(p, 3), .loose = province_chance(p, 50), .kind = KINDS[kind].kind };
    (void)snprintf(e.fund, NAME, "pv-f-%02d-%03d", county + 1, (int)(project % p->funds) + 1);
    (void)snprintf(e.project, NAME, "pv-pr-%02d-%04d", county + 1, (int)project + 1);
    province_village(p, county, project % (p->villages * PROVINCE_TOWNS), e.village);
    for (int i = 0; i < rows; i++) {
        e.row[i] = draw_move(p, kind, county, e.village);
        e.row[i].verb = e.row[0].verb;   /* one verb an entry; each row says its own stage */
    }
    return e;
}

/* `taken` = 0, or the entry that this one takes back. */
static void write_entry(province_table *t, const entry *e, int64_t number, const char *day, const char *voucher, int64_t taken)
{
    char reverses[NAME] = "";
    if (taken)
        (void)snprintf(reverses, NAME, "%lld", (long long)taken);
    for (int i = 0; i < e->rows; i++) {
        const move *m = &e->row[i];
        province_put(t, "%lld,%s,%.*d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%lld,%s,%s,%s,,demo,pv-%lld,%s,,\n", (long long)number, day, e->loose ? 4 : 0, e->loose ? e->year : 0, m->verb, e->kind, m->from, m->to,
                     e->fund, e->project, e->village, m->before, m->stage, (long long)m->amount, m->bound, taken ? "冲正" : "虚构的用途", voucher, (long long)number, reverses);
    }
}

static void write_books(province *p, entry kept[KEPT], province_table *t)
{
    size_t kept_count = 0;
    char day[DAY], voucher[NAME];
    int64_t number = 0, rows = 0, all = p->lines / 2;
    while (rows < all) {
        int wanted = province_chance(p, 50) ? 2 + (int)province_draw(p, ROWS_MAX - 1) : 1;
        wanted = wanted > all - rows ? (int)(all - rows) : wanted;
        number++;
        (void)snprintf(voucher, NAME, "%s%lld", province_chance(p, 800) ? "V" : "", (long long)number);
        if (voucher[0] != 'V')
            voucher[0] = '\0';
        if (kept_count == KEPT && province_chance(p, 5)) {
            size_t at = (size_t)province_draw(p, KEPT);
            if (kept[at].rows <= all - rows) {
                (void)snprintf(day, DAY, "2023-12-%02d", 1 + (int)province_draw(p, 31));
                write_entry(t, &kept[at], number, day, voucher, kept[at].number);
                rows += kept[at].rows;
                kept[at] = kept[--kept_count];
                continue;
            }
        }
        entry e = draw_entry(p, number, wanted);
        (void)snprintf(day, DAY, "%d-%02d-%02d", e.year, 1 + (int)province_draw(p, 12), 1 + (int)province_draw(p, 28));
        write_entry(t, &e, number, day, voucher, 0);
        rows += e.rows;
        if (kept_count < KEPT)
            kept[kept_count++] = e;
    }
    p->made->entries = number;
    p->made->lines = 2 * rows;
}

gf_status province_books(province *p, gf_error *err)
{
    province_table *t = NULL;
    entry *kept = calloc(KEPT, sizeof *kept);
    gf_status status = !kept ? gf_fail_memory(err) : province_open(p, "entries.csv",
                                     "entry,date,period,verb,kind,from_party,to_party,fund,project,place,stage_from,stage_to,amount_fen,bound,purpose,voucher,source,origin,key,reverses,unit,note", &t, err);
    if (status == GF_OK) {
        write_books(p, kept, t);
        status = province_close(t, err);
    }
    free(kept);
    return status;
}
