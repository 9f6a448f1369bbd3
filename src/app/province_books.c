/* An invented province: three years of entries, in about the order of their dates.
 *
 * An entry follows from its number: its day, the project it is for, its rows. One of two hundred takes back an entry of the same two
 * hundred, which is then made again word for word; so no entry is taken back twice, and none is remembered. Two thirds of the folder's
 * bytes are here, so rows are put together without formats.
 */
#include "app/province.h"

#include <string.h>

enum { BLOCK = 200, ROWS_MOST = 4, JITTER_DAYS = 20, BACK_DAYS = 60, CODE_FUND = 2, CODE_PROJECT = 5 };

typedef enum role { UNSTATED, TREASURY, LEAD, SHARED, BANK, VILLAGE } role;

/* What a busy county books, in a hundred. A transfer never begins and ends in one account. */
static const struct { int weight; const char *kind, *verb, *before, *stage; role from, to; } MIX[] = {
    { 6, "cash", "申报", "", "applied", UNSTATED, LEAD },          { 6, "cash", "审批", "applied", "approved", UNSTATED, LEAD },
    { 4, "cash", "协调", "", "committed", SHARED, LEAD },          { 10, "cash", "取得", "approved", "received", UNSTATED, TREASURY },
    { 8, "cash", "取得", "", "received", SHARED, LEAD },           { 6, "cash", "划转", "received", "received", TREASURY, LEAD },
    { 10, "cash", "落实", "received", "allocated", LEAD, VILLAGE }, { 12, "cash", "投入", "allocated", "paid", LEAD, VILLAGE },
    { 10, "cash", "投入", "", "paid", LEAD, VILLAGE },             { 4, "cash", "验收", "paid", "accepted", VILLAGE, VILLAGE },
    { 8, "in_kind", "承担", "", "paid", LEAD, VILLAGE },           { 4, "loan", "审批", "", "approved", BANK, VILLAGE },
    { 3, "loan", "提款", "approved", "drawn", BANK, VILLAGE },     { 3, "loan", "还款", "drawn", "repaid", VILLAGE, BANK },
    { 3, "investment", "新增投资", "", "paid", UNSTATED, VILLAGE }, { 3, "result", "取得", "", "received", UNSTATED, VILLAGE },
};

/* Yuan: `least` to `least` + `spread` steps. */
static const struct { int weight; int64_t least, step, spread; } AMOUNTS[] = { { 50, 200, 50, 200 }, { 35, 10000, 1000, 190 }, { 14, 200000, 10000, 80 }, { 1, 1000000, 100000, 40 } };

/* ---- An entry by its number ---- */

typedef struct booking { int64_t number, day, project, purpose; int mix, rows, period; bool has_voucher, has_unit; province_dice dice; } booking;

static booking booking_at(const province_world *world, int64_t number)
{
    province_dice dice = province_throw(world->seed, DRAW_ENTRIES, number);
    booking out = { .number = number, .project = province_below(&dice, world->projects) };
    int64_t expected = world->rows * 10 / 11 + 1, left = province_below(&dice, 100);   /* 1.1 rows an entry */
    out.day = number * PROVINCE_DAYS / expected + province_below(&dice, 2 * JITTER_DAYS + 1) - JITTER_DAYS;
    out.day = out.day < 0 ? 0 : out.day >= PROVINCE_DAYS ? PROVINCE_DAYS - 1 : out.day;
    while (left >= MIX[out.mix].weight)
        left -= MIX[out.mix++].weight;
    out.rows = province_chance(&dice, 5) ? 2 + (int)province_below(&dice, ROWS_MOST - 1) : 1;
    out.period = province_chance(&dice, 5) ? 1 + (int)province_below(&dice, 2) : 0;
    out.purpose = province_below(&dice, PROVINCE_PURPOSES.count);
    out.has_voucher = province_chance(&dice, 80);
    out.has_unit = province_chance(&dice, 30);
    out.dice = dice;
    return out;
}

static int64_t draw_amount(province_dice *dice)
{
    int64_t left = province_below(dice, 100), fen = province_chance(dice, 20) ? province_below(dice, 100) : 0;
    size_t i = 0;
    while (left >= AMOUNTS[i].weight)
        left -= AMOUNTS[i++].weight;
    return (AMOUNTS[i].least + AMOUNTS[i].step * province_below(dice, AMOUNTS[i].spread)) * 100 + fen;
}

/* ---- A row ---- */

static void put_unit(int county, int unit, province_out *out)
{
    province_put(out, "pv-u-");
    province_put_number(out, county + 1, 2);
    province_put(out, "-");
    province_put_number(out, unit, 1);
}

static void put_party(role who, const province_project *p, const char *village, province_out *out)
{
    if (who == TREASURY || who == LEAD)
        put_unit(p->county, who == LEAD ? p->unit : 0, out);
    else
        province_put(out, who == VILLAGE ? village : who == UNSTATED ? "unstated" : who == BANK ? "pv-u-s1" : "pv-u-s");
    if (who == SHARED)
        province_put_number(out, p->county % PROVINCE_SHARED_UNITS, 1);
    province_put(out, ",");
}

static void put_cells(province_out *out, const char *const *cell, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        province_put(out, cell[i]);
        province_put(out, ",");
    }
}

/* Rows behind the first go to the projects beside the first one's, in the same county. */
static province_project project_of_row(const province_world *world, const booking *b, int row, int64_t *number)
{
    province_project first = province_project_at(world, b->project);
    *number = b->project;
    if (row == 0 || b->project + row >= world->projects)
        return first;
    province_project p = province_project_at(world, b->project + row);
    if (p.county != first.county)
        return first;
    *number = b->project + row;
    return p;
}

static void put_transfer(const province_world *world, const booking *b, int row, province_dice *dice, province_out *out)
{
    int64_t number;
    province_project p = project_of_row(world, b, row, &number);
    char village[PROVINCE_CODE_BYTES];
    const char *day = world->day[b->day];
    province_village_code(world, p.village, village);
    if (b->period) {   /* a month, or a whole year */
        char period[GF_DAY_BYTES];
        (void)snprintf(period, sizeof period, "%.*s", b->period == 1 ? 7 : 4, day);
        province_put(out, period);
    }
    province_put(out, ",");
    put_cells(out, (const char *const[]){ MIX[b->mix].verb, MIX[b->mix].kind }, 2);
    put_party(MIX[b->mix].from, &p, village, out);
    put_party(MIX[b->mix].to, &p, village, out);
    province_put(out, "pv-f-");
    province_put_number(out, p.county + 1, 2);
    province_put(out, "-");
    province_put_number(out, p.fund, CODE_FUND);
    province_put(out, ",pv-pr-");
    province_put_number(out, number, CODE_PROJECT);
    province_put(out, ",");
    put_cells(out, (const char *const[]){ village, MIX[b->mix].before, MIX[b->mix].stage }, 3);
    province_put_number(out, draw_amount(dice), 1);
    int64_t bound = province_below(dice, 100);
    province_put(out, bound < 90 ? ",exact," : bound < 97 ? ",about," : ",at_least,");
}

/* `taken` is the entry that this one takes back, or NULL: then its rows are b's own. */
static void put_entry(const province_world *world, const booking *b, const booking *taken, int rows, province_out *out)
{
    const booking *of = taken ? taken : b;
    province_dice dice = of->dice;
    province_project first = province_project_at(world, of->project);
    for (int row = 0; row < rows; row++) {
        province_put_number(out, b->number, 1);
        province_put(out, ",");
        put_cells(out, (const char *const[]){ world->day[b->day] }, 1);
        put_transfer(world, of, row, &dice, out);
        province_put(out, taken ? "冲正" : PROVINCE_PURPOSES.word[b->purpose]);
        province_put(out, ",");
        if (b->has_voucher) {
            province_put(out, "pv-v-");
            province_put_number(out, b->number, 7);
        }
        province_put(out, ",demo,pv-");
        province_put_number(out, b->number, 7);
        province_put(out, ",");
        if (taken)
            province_put_number(out, taken->number, 1);
        province_put(out, ",");
        if (b->has_unit)
            put_unit(first.county, first.unit, out);
        province_put_end(out);
    }
}

void province_entries(const province_world *world, province_out *out)
{
    int64_t left = world->rows;
    for (int64_t number = 1; left > 0 && province_goes_on(out); number++) {
        booking b = booking_at(world, number), taken;
        province_dice dice = province_throw(world->seed, DRAW_REVERSALS, number);
        bool back = false;
        if (number % BLOCK == 0) {
            taken = booking_at(world, number - 1 - province_below(&dice, BLOCK - 1));
            back = taken.rows <= left;
        }
        if (back) {
            b.day = taken.day + 1 + province_below(&dice, BACK_DAYS);
            b.day = b.day >= PROVINCE_DAYS ? PROVINCE_DAYS - 1 : b.day;
        }
        int rows = back ? taken.rows : b.rows;
        rows = rows < left ? rows : (int)left;
        put_entry(world, &b, back ? &taken : NULL, rows, out);
        left -= rows;
        out->entries++;
    }
}
