/* What a plant's energy earns, and how a month is settled into the village's own book.
 *
 * A part is the sum over days of energy times the tariff in force, exact, rounded to whole fen once: a month settled in one go
 * and its days added up by hand agree. A settlement is a document (days, tariffs, hashes of the readings) and an entry of kind
 * result for each part, whose voucher it is. Entries never change: readings that were corrected later lead to a reversal and a new
 * entry under the next key, "solar/<plant>/<month>/<part>/2".
 */
#include "app/plant.h"

#include <string.h>

enum { TARIFFS_MAX = 500, SETTLED_MAX = 1000, KEY_BYTES = 200, MONTH_DAYS_MAX = 31 };

static const struct { const char *name, *zh, *en; } PARTS[GF_APP_PLANT_PARTS] = {
    { "self_use", "自用电费", "used in the village" }, { "feed_in", "上网电费", "fed into the grid" }, { "subsidy", "发电补贴", "subsidy" },
};

const char *gf_app_plant_part_name(gf_app_plant_part part) { return PARTS[part].name; }

bool plant_day_is_whole(const gf_app_plant_day *d) { return d->steps_read == d->steps && d->left_out_wh == 0; }

int64_t plant_part_wh(const gf_app_plant_day *d, gf_app_plant_part part)
{
    return part == GF_APP_PLANT_SELF_USE ? d->self_use_wh : part == GF_APP_PLANT_FEED_IN ? d->fed_in_wh : d->generated_wh;
}

gf_status plant_read_tariffs(gf_app *app, gf_str id, gf_arena *keep, gf_app_plant_tariff **out, size_t *count, gf_error *err)
{
    *out = gf_new(keep, gf_app_plant_tariff, TARIFFS_MAX);
    *count = 0;
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "plant_tariffs_of");
    gf_stmt_str(stmt, 1, id);
    while (*count < TARIFFS_MAX && gf_stmt_row(stmt))
        (*out)[(*count)++] = (gf_app_plant_tariff){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep), gf_row_copy(stmt, 4, keep),
                                                    gf_row_copy(stmt, 5, keep), gf_row_copy(stmt, 6, keep) };
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

/* ---- One part of one month ---- */

static bool in_force(const gf_app_plant_tariff *t, gf_app_plant_part part, gf_day day)
{
    gf_period from = { INT32_MAX, INT32_MAX }, to = { INT32_MAX, INT32_MAX };
    bool begun = gf_period_parse(t->begins, &from, NULL) == GF_OK && from.first <= day;
    bool over = t->ends.len && gf_period_parse(t->ends, &to, NULL) == GF_OK && to.last < day;
    return gf_str_is(t->part, PARTS[part].name) && begun && !over;
}

/* The one that began last; NULL where there is none. */
static const gf_app_plant_tariff *tariff_of(const gf_app_plant_tariff *tariffs, size_t count, gf_app_plant_part part, gf_day day)
{
    const gf_app_plant_tariff *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (in_force(&tariffs[i], part, day))
            found = &tariffs[i];
    return found;
}

static bool has_part(const gf_app_plant_tariff *tariffs, size_t count, gf_app_plant_part part)
{
    for (size_t i = 0; i < count; i++)
        if (gf_str_is(tariffs[i].part, PARTS[part].name))
            return true;
    return false;
}

/* Yuan by kWh times Wh: a tenth of a fen. */
static bool add_day(const gf_app_plant_tariff *t, int64_t wh, gf_decimal *sum)
{
    gf_decimal price, worth;
    return gf_decimal_parse(t->price, &price) && gf_decimal_mul_int(price, wh, &worth) && gf_decimal_add(*sum, worth, sum);
}

static int days_of_month(int year, int month)
{
    gf_day first, next;
    return gf_day_make(year, month, 1, &first) && gf_day_make(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1, &next) ? (int)(next - first) : 0;
}

static bool is_in_month(gf_day day, int year, int month)
{
    int y, m, mday;
    gf_day_split(day, &y, &m, &mday);
    return y == year && m == month;
}

static gf_status add_up(const gf_app_plant_tariff *tariffs, size_t tariff_count, const gf_app_plant_day *days, size_t day_count, int year, int month, gf_app_plant_part part,
                        gf_app_plant_earning *out, gf_error *err)
{
    gf_decimal sum = { 0, 0 }, fen;
    const gf_decimal ten = { 10, 0 };
    int seen = 0;
    out->bound = GF_FIGURE_EXACT;
    out->priced = has_part(tariffs, tariff_count, part);
    for (size_t i = 0; i < day_count; i++) {
        const gf_app_plant_day *d = &days[i];
        int64_t wh = is_in_month(d->day, year, month) ? plant_part_wh(d, part) : 0;
        if (!is_in_month(d->day, year, month))
            continue;
        seen++;
        if (wh < 0 || !plant_day_is_whole(d))
            out->bound = GF_FIGURE_AT_LEAST;
        if (wh <= 0)
            continue;
        const gf_app_plant_tariff *t = tariff_of(tariffs, tariff_count, part, d->day);
        out->wh += wh;
        out->priced = out->priced && t;
        if (t && !add_day(t, wh, &sum))
            return gf_fail(err, GF_ELIMIT, "solar.tariff", "Write the price in yuan for a kWh: 0.4153.", "the price \"%.*s\" is none, or the sum passes what can be counted", GF_STR_ARG(gf_str_slice(t->price, 0, 30)));
    }
    if (seen < days_of_month(year, month))
        out->bound = GF_FIGURE_AT_LEAST;
    if (!gf_decimal_div(sum, ten, 0, &fen))
        return gf_fail(err, GF_ELIMIT, "solar.tariff", "", "the sum passes what can be counted");
    out->amount = fen.digits;
    return GF_OK;
}

/* ---- What is booked ---- */

static gf_str key_of(gf_str id, int year, int month, gf_app_plant_part part, int turn, gf_arena *keep)
{
    char text[KEY_BYTES], number[16] = "";
    if (turn > 1)
        (void)snprintf(number, sizeof number, "/%d", turn);
    int len = snprintf(text, sizeof text, "solar/%.*s/%04d-%02d/%s%s", GF_STR_ARG(gf_str_slice(id, 0, 96)), year, month, PARTS[part].name, number);
    return gf_str_copy(keep, (gf_str){ text, (size_t)len });
}

static gf_status find_booked(gf_app *app, gf_str id, int year, int month, gf_app_plant_part part, gf_arena *keep, gf_app_plant_earning *out, gf_error *err)
{
    for (int turn = 1; turn < SETTLED_MAX; turn++) {
        gf_str key = key_of(id, year, month, part, turn, keep);
        gf_stmt *stmt = gf_store_named(app->store, "plant_entry_by_key");
        gf_stmt_str(stmt, 1, key);
        bool there = gf_stmt_row(stmt);
        if (there) {
            out->entry = gf_row_int(stmt, 0);
            out->voucher = gf_row_copy(stmt, 1, keep);
            out->reversed = gf_row_int(stmt, 2);
        }
        gf_stmt_end(stmt);
        if (!there) {
            if (out->entry == 0 || out->reversed)
                out->key = key;
            break;
        }
        out->key = key;
    }
    gf_status status = gf_store_ok(app->store, err);
    if (status == GF_OK && out->entry) {
        gf_app_entry entry;
        status = gf_app_entry_read(app, out->entry, keep, &entry, err);
        for (size_t i = 0; status == GF_OK && i < entry.row_count; i++)
            out->booked += entry.rows[i].amount;
    }
    return status;
}

gf_status plant_earn(gf_app *app, gf_str id, const gf_app_plant_tariff *tariffs, size_t tariff_count, const gf_app_plant_day *days, size_t day_count, int year, int month,
                     gf_arena *keep, gf_app_plant_earning out[GF_APP_PLANT_PARTS], gf_error *err)
{
    for (int part = 0; part < GF_APP_PLANT_PARTS; part++) {
        out[part] = (gf_app_plant_earning){ .wh = 0 };
        gf_status status = add_up(tariffs, tariff_count, days, day_count, year, month, (gf_app_plant_part)part, &out[part], err);
        if (status == GF_OK)
            status = find_booked(app, id, year, month, (gf_app_plant_part)part, keep, &out[part], err);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

/* ---- Settling ---- */

typedef struct settling {
    gf_app *app;
    const gf_app_actor *actor;
    gf_arena *keep;
    record  plant;
    gf_str  id, month_text, document;
    int     year, month;
    gf_app_plant_tariff *tariffs;
    size_t  tariff_count;
    gf_app_plant_day *days;
    size_t  day_count;
    gf_app_plant_batch *batches;
    size_t  batch_count;
    gf_app_plant_earning part[GF_APP_PLANT_PARTS];
} settling;

static gf_status check_month(const settling *s, gf_error *err)
{
    int mday = 0, y, m;
    if (s->day_count)
        gf_day_split(s->days[s->day_count - 1].day, &y, &m, &mday);
    if (mday < days_of_month(s->year, s->month) || s->day_count == 0)
        return gf_fail(err, GF_EINPUT, "solar.month", "Take in the readings up to its last day first.", "the readings do not reach the end of %.*s", GF_STR_ARG(s->month_text));
    if (record_value(&s->plant, "place").len == 0)
        return gf_fail(err, GF_EINPUT, "solar.book", "Name the place in the plant's record.", "the plant names no place whose book the income belongs to");
    for (int part = 0; part < GF_APP_PLANT_PARTS; part++)
        if (has_part(s->tariffs, s->tariff_count, (gf_app_plant_part)part) && !s->part[part].priced)
            return gf_fail(err, GF_EINPUT, "solar.tariff", "Enter the tariff for all days of the month.", "there are days of %.*s without a price for \"%s\"", GF_STR_ARG(s->month_text), PARTS[part].name);
    return GF_OK;
}

static gf_status read_all(settling *s, gf_error *err)
{
    gf_app_plant run = { .at = 0 };
    gf_day first;
    if (!gf_day_make(s->year, s->month, 1, &first))
        return gf_fail(err, GF_EUSAGE, "solar.month", "Write 2025-05.", "there is no such month");
    gf_status status = access_require_record(s->app, s->actor, gf_register_find(GF_STR("plants")), s->id, s->keep, err);
    if (status == GF_OK)
        status = gf_app_require(s->actor, gf_register_find(GF_STR("entries")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = record_read(s->app, "plants", s->id, s->keep, &s->plant, err);
    if (status == GF_OK)
        status = plant_run_read(s->app, s->id, s->keep, &run, err);
    if (status == GF_OK && (!run.line.computed || !run.line.fresh || run.line.problem.len))
        return gf_fail(err, GF_ECONFLICT, "solar.stale", "Wait a moment, or put right what the plant's page says.", "the newest readings have not been worked out");
    if (status == GF_OK)
        status = plant_read_tariffs(s->app, s->id, s->keep, &s->tariffs, &s->tariff_count, err);
    if (status == GF_OK)
        status = plant_read_batches(s->app, s->id, s->keep, &s->batches, &s->batch_count, err);
    if (status == GF_OK)
        status = plant_days_read(s->app, s->id, first, first + days_of_month(s->year, s->month) - 1, plant_is_surplus(&s->plant), s->keep, &s->days, &s->day_count, err);
    if (status == GF_OK)
        status = plant_earn(s->app, s->id, s->tariffs, s->tariff_count, s->days, s->day_count, s->year, s->month, s->keep, s->part, err);
    return status == GF_OK ? check_month(s, err) : status;
}

static bool is_due(const gf_app_plant_earning *e) { return e->priced && e->amount > 0 && (e->entry == 0 || e->reversed || e->booked != e->amount); }

static void write_part(const settling *s, gf_app_plant_part part, gf_json *json)
{
    const gf_app_plant_earning *e = &s->part[part];
    gf_json_begin(json, NULL, '{');
    gf_json_cstr(json, "part", PARTS[part].name);
    gf_json_int(json, "wh", e->wh);
    gf_json_int(json, "amount_fen", e->amount);
    gf_json_cstr(json, "bound", gf_figure_bound_name(e->bound));
    gf_json_begin(json, "tariffs", '[');
    for (size_t i = 0; i < s->tariff_count; i++) {
        const gf_app_plant_tariff *t = &s->tariffs[i];
        if (!gf_str_is(t->part, PARTS[part].name))
            continue;
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "id", t->id);
        gf_json_str(json, "begins", t->begins);
        gf_json_opt_str(json, "ends", t->ends);
        gf_json_str(json, "price_yuan_kwh", t->price);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

static void write_days(const settling *s, gf_json *json)
{
    gf_json_begin(json, "days", '[');
    for (size_t i = 0; i < s->day_count; i++) {
        const gf_app_plant_day *d = &s->days[i];
        char day[GF_DAY_BYTES];
        const struct { const char *name; int64_t value; } CELLS[] = { { "generated_wh", d->generated_wh }, { "fed_in_wh", d->fed_in_wh }, { "self_use_wh", d->self_use_wh },
                                                                      { "left_out_wh", d->left_out_wh }, { "daylight_steps", d->steps }, { "steps_read", d->steps_read } };
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "day", (gf_str){ day, gf_day_format(d->day, day) });
        for (size_t k = 0; k < GF_COUNT(CELLS); k++)
            if (CELLS[k].value >= 0)
                gf_json_int(json, CELLS[k].name, CELLS[k].value);
            else
                gf_json_null(json, CELLS[k].name);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void write_readings(const settling *s, gf_json *json)
{
    gf_json_begin(json, "readings", '[');
    for (size_t i = 0; i < s->batch_count; i++) {
        record document;
        const gf_period days = { s->days[0].day, s->days[s->day_count - 1].day };
        if (!plant_batch_touches(&s->batches[i], days))
            continue;
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "id", s->batches[i].id);
        gf_json_str(json, "document", s->batches[i].document);
        if (record_read(s->app, "documents", s->batches[i].document, s->keep, &document, NULL) == GF_OK)
            gf_json_str(json, "sha256", record_value(&document, "sha256"));
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void write_settlement(const settling *s, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.solar.settlement/1");
    gf_json_str(&json, "plant", s->id);
    gf_json_str(&json, "name", record_value(&s->plant, "name"));
    gf_json_str(&json, "month", s->month_text);
    gf_json_begin(&json, "parts", '[');
    for (int part = 0; part < GF_APP_PLANT_PARTS; part++)
        if (s->part[part].priced)
            write_part(s, (gf_app_plant_part)part, &json);
    gf_json_end(&json, ']');
    write_days(s, &json);
    write_readings(s, &json);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

static gf_str joined(gf_arena *keep, gf_str a, const char *b, gf_str c, int turn)
{
    gf_text text;
    gf_text_init(&text, keep);
    gf_text_format(&text, "%.*s%s%.*s", GF_STR_ARG(a), b, GF_STR_ARG(c));
    if (turn > 1)
        gf_text_format(&text, ".%d", turn);
    return gf_text_str(&text);
}

static gf_status keep_document(settling *s, gf_error *err)
{
    const gf_register *reg = gf_register_find(GF_STR("documents"));
    cells c = { .keep = s->keep };
    gf_text json;
    gf_app_content content;
    gf_app_record made;
    record unused;
    int turn = 1;
    gf_text_init(&json, s->keep);
    write_settlement(s, &json);
    gf_status status = gf_text_done(&json, err);
    do
        s->document = joined(s->keep, s->id, ".settlement.", s->month_text, turn++);
    while (turn < SETTLED_MAX && record_read(s->app, "documents", s->document, s->keep, &unused, NULL) == GF_OK);
    if (status == GF_OK)
        status = gf_app_content_put(s->app, s->actor, joined(s->keep, s->document, ".json", (gf_str){ "", 0 }, 1), gf_text_str(&json), s->keep, &content, err);
    if (status != GF_OK)
        return status;
    cells_put(&c, reg, "id", s->document);
    cells_put(&c, reg, "name", joined(s->keep, record_value(&s->plant, "name"), " 电费结算 ", s->month_text, 1));
    cells_put(&c, reg, "kind", GF_STR("settlement"));
    cells_put(&c, reg, "sha256", content.sha256);
    cells_put_today(s->app, &c, reg, "date");
    cells_put_invented(&c, reg, gf_str_is(s->plant.origin, "demo"));
    return gf_app_record_create(s->app, s->actor, reg, c.value, s->keep, &made, err);
}

static gf_status take_back(const settling *s, const gf_app_plant_earning *e, int64_t *reversal, gf_error *err)
{
    gf_app_entry entry;
    bool fresh;
    gf_status status = gf_app_entry_read(s->app, e->entry, s->keep, &entry, err);
    if (status != GF_OK)
        return status;
    entry.key = joined(s->keep, e->key, "/reversed", (gf_str){ "", 0 }, 1);
    entry.verb = GF_STR("冲销");
    entry.reverses = e->entry;
    return gf_app_entry_post(s->app, s->actor, &entry, reversal, &fresh, err);
}

static gf_str payer_of(const settling *s, gf_app_plant_part part)
{
    const gf_app_plant_tariff *t = tariff_of(s->tariffs, s->tariff_count, part, s->days[s->day_count - 1].day);
    return t && t->payer.len ? t->payer : GF_STR("unstated");
}

static gf_status book(settling *s, gf_app_plant_part part, gf_app_plant_settled *out, gf_error *err)
{
    gf_app_plant_earning *e = &s->part[part];
    gf_app_plant_earning after = { .wh = 0 };
    bool fresh;
    gf_status status = GF_OK;
    if (e->entry && !e->reversed)
        status = take_back(s, e, &out->reversal[part], err);
    if (status == GF_OK)
        status = find_booked(s->app, s->id, s->year, s->month, part, s->keep, &after, err);
    if (status != GF_OK)
        return status;
    gf_app_entry_row row = { .period = s->month_text, .kind = GF_STR("result"), .from_party = payer_of(s, part), .to_party = record_value(&s->plant, "place"),
                             .fund = record_value(&s->plant, "fund"), .project = record_value(&s->plant, "project"), .place = record_value(&s->plant, "place"),
                             .stage_to = GF_STR("received"), .amount = e->amount, .bound = e->bound };
    const gf_app_entry entry = { .key = after.key, .date = cells_today(s->app, s->keep), .verb = part == GF_APP_PLANT_SUBSIDY ? GF_STR("补贴收入") : GF_STR("电费收入"),
                                 .purpose = joined(s->keep, gf_str_of(PARTS[part].zh), " ", s->month_text, 1), .voucher = s->document,
                                 .origin = gf_str_is(s->plant.origin, "demo") ? GF_STR("demo") : GF_STR("entered"), .rows = &row, .row_count = 1 };
    return gf_app_entry_post(s->app, s->actor, &entry, &out->entry[part], &fresh, err);
}

gf_status gf_app_plant_settle(gf_app *app, const gf_app_actor *actor, gf_str id, int year, int month, gf_arena *keep, gf_app_plant_settled *out, gf_error *err)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%04d-%02d", year % 10000, month % 100);
    settling s = { .app = app, .actor = actor, .keep = keep, .id = id, .year = year, .month = month, .month_text = gf_str_copy(keep, (gf_str){ text, (size_t)len }) };
    *out = (gf_app_plant_settled){ .booked = 0 };
    gf_status status = read_all(&s, err);
    for (int part = 0; status == GF_OK && part < GF_APP_PLANT_PARTS; part++) {
        out->booked += is_due(&s.part[part]);
        out->unchanged += s.part[part].priced && s.part[part].amount > 0 && !is_due(&s.part[part]);
    }
    if (status == GF_OK && out->booked)
        status = keep_document(&s, err);
    out->document = s.document;
    for (int part = 0; status == GF_OK && part < GF_APP_PLANT_PARTS; part++)
        if (is_due(&s.part[part]))
            status = book(&s, (gf_app_plant_part)part, out, err);
    return status;
}
