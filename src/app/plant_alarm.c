/* Alarms: what a run found becomes cases that a person closes, each fault once.
 *
 * Faults of one kind that lie close together are one alarm: of one inverter where the plant itself is ill, of the whole plant where
 * its sensors or its clock are, for the remedy is one visit. An alarm that stands already, open or closed, takes in what lies
 * next to it: nobody is called twice for the same. Clipping is a share, not a fault.
 */
#include "app/plant.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { ALARMS_MAX = 2000, ID_BYTES = 96, NAME_BYTES = 160, DAY_MS = 86400000 };

/* together_days: how far apart two may lie and still be one. */
typedef struct manner { const char *zh, *en; bool alarm, of_inverter; int together_days; } manner;
static const manner MANNERS[GF_SOLAR_FAULT_KINDS] = {
    [GF_SOLAR_FAULT_STALE] = { "读数不变", "readings stand still", true, false, 30 },
    [GF_SOLAR_FAULT_OUTLIER] = { "孤立异常值", "single values that cannot be", true, false, 30 },
    [GF_SOLAR_FAULT_NIGHT] = { "夜间出力", "power at night", true, false, 30 },
    [GF_SOLAR_FAULT_GAP] = { "白天缺读数", "no readings by day", true, false, 7 },
    [GF_SOLAR_FAULT_DEAD] = { "逆变器无出力", "inverter gives nothing", true, true, 7 },
    [GF_SOLAR_FAULT_STRING] = { "组串缺失", "a string is missing", true, true, 14 },
    [GF_SOLAR_FAULT_CLIPPING] = { "削峰", "clipping", false, true, 0 },
    [GF_SOLAR_FAULT_SNOW] = { "积雪", "snow on the modules", true, false, 7 },
    [GF_SOLAR_FAULT_SOILING] = { "积灰", "dirt on the modules", true, false, 14 },
    [GF_SOLAR_FAULT_LOW] = { "发电量低于往常", "less than usual", true, true, 14 },
    [GF_SOLAR_FAULT_CLOSURE] = { "辐照三分量不闭合", "irradiances do not add up", true, false, 14 },
    [GF_SOLAR_FAULT_CLOCK] = { "时钟偏移", "the clock is off", true, false, 14 },
};

typedef struct alarm {
    gf_solar_fault_kind kind;
    gf_str    inverter;
    gf_utc_ms first, last;
    double    value, expected, lost_wh;
    gf_str    id;                        /* of the record; "" = it is to be opened */
} alarm;

typedef struct opening {
    gf_app *app;
    const gf_app_actor *actor;
    const plant_open *plant;
    gf_arena *arena;
    alarm  *alarms;                      /* those that stand, then the new ones */
    size_t  count, standing;
} opening;

/* ---- One alarm of many faults ---- */

static bool kind_of(gf_str name, gf_solar_fault_kind *out)
{
    for (int k = 0; k < GF_SOLAR_FAULT_KINDS; k++)
        if (gf_str_is(name, gf_solar_fault_name((gf_solar_fault_kind)k))) {
            *out = (gf_solar_fault_kind)k;
            return true;
        }
    return false;
}

static gf_status read_standing(opening *o, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(o->app->store, "plant_alarms_of");
    gf_stmt_str(stmt, 1, o->plant->id);
    while (o->count < ALARMS_MAX / 2 && gf_stmt_row(stmt)) {
        alarm a = { .id = gf_row_copy(stmt, 0, o->arena), .inverter = gf_row_copy(stmt, 2, o->arena) };
        if (kind_of(gf_row_str(stmt, 1), &a.kind) && gf_utc_parse(gf_row_str(stmt, 3), &a.first) && gf_utc_parse(gf_row_str(stmt, 4), &a.last))
            o->alarms[o->count++] = a;
    }
    gf_stmt_end(stmt);
    o->standing = o->count;
    return gf_store_ok(o->app->store, err);
}

static alarm *find_alarm(opening *o, const gf_solar_fault *f, gf_str inverter, gf_utc_ms first, gf_utc_ms last)
{
    gf_utc_ms apart = (gf_utc_ms)MANNERS[f->kind].together_days * DAY_MS;
    for (size_t i = 0; i < o->count; i++) {
        alarm *a = &o->alarms[i];
        if (a->kind == f->kind && gf_str_eq(a->inverter, inverter) && first <= a->last + apart && last >= a->first - apart)
            return a;
    }
    return NULL;
}

/* The alarm of a fault: one that is there, widened when it is new, or a new one. NULL when there are too many. */
static alarm *take_fault(opening *o, const gf_solar_fault *f, gf_str inverter, gf_utc_ms first, gf_utc_ms last)
{
    alarm *a = find_alarm(o, f, inverter, first, last);
    if (!a && o->count < ALARMS_MAX) {
        a = &o->alarms[o->count++];
        *a = (alarm){ .kind = f->kind, .inverter = inverter, .first = first, .last = last, .value = f->value, .expected = f->expected };
    }
    if (a && a->id.len == 0) {
        a->last = last > a->last ? last : a->last;
        a->first = first < a->first ? first : a->first;
        a->lost_wh += f->lost_wh;
    }
    return a;
}

/* ---- As records ---- */

static gf_str text_of(gf_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
static gf_str text_of(gf_arena *arena, const char *format, ...)
{
    gf_text text;
    va_list args;
    char bytes[NAME_BYTES * 2];
    va_start(args, format);
    (void)vsnprintf(bytes, sizeof bytes, format, args);
    va_end(args);
    gf_text_init(&text, arena);
    gf_text_add_c(&text, bytes);
    return gf_text_str(&text);
}

static gf_str day_text(const opening *o, gf_utc_ms at)
{
    char text[GF_DAY_BYTES];
    return gf_str_copy(o->arena, (gf_str){ text, gf_day_format(gf_utc_day(at, o->plant->plant.zone_minutes), text) });
}

/* "pv-1.dead.2025-04-13", with a number behind it where that is taken. */
static gf_str free_id(const opening *o, const alarm *a, gf_error *err)
{
    record unused;
    for (int i = 1; i < ALARMS_MAX; i++) {
        char number[16] = "";
        if (i > 1)
            (void)snprintf(number, sizeof number, ".%d", i);
        gf_str id = text_of(o->arena, "%.*s.%s.%.*s%s", GF_STR_ARG(gf_str_slice(o->plant->id, 0, ID_BYTES - 40)), gf_solar_fault_name(a->kind), GF_STR_ARG(day_text(o, a->first)), number);
        if (record_read(o->app, "plant_faults", id, o->arena, &unused, NULL) != GF_OK && record_read(o->app, "cases", id, o->arena, &unused, NULL) != GF_OK)
            return id;
    }
    (void)gf_fail(err, GF_ELIMIT, "solar.alarms", "", "too many alarms began on one day");
    return (gf_str){ "", 0 };
}

typedef struct cell { const char *column; gf_str value; } cell;

static gf_status create(const opening *o, const char *register_name, const cell *list, size_t count, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(register_name));
    cells c = { .keep = o->arena };
    gf_app_record made;
    for (size_t i = 0; i < count; i++)
        cells_put(&c, reg, list[i].column, list[i].value);
    cells_put_invented(&c, reg, gf_str_is(o->plant->row.origin, "demo"));
    return gf_app_record_create(o->app, o->actor, reg, c.value, o->arena, &made, err);
}

/* Watts whole, ratios to three places. */
static gf_str number_of(const opening *o, double value) { return isfinite(value) ? text_of(o->arena, "%.*f", fabs(value) < 100 ? 3 : 0, value) : (gf_str){ "", 0 }; }

static gf_str instant_of(const opening *o, gf_utc_ms at)
{
    char text[GF_UTC_BYTES];
    return gf_str_copy(o->arena, (gf_str){ text, gf_utc_format(at, text) });
}

static gf_str batches_of(const opening *o, const alarm *a)
{
    gf_text text;
    const gf_period days = { gf_utc_day(a->first, o->plant->plant.zone_minutes), gf_utc_day(a->last, o->plant->plant.zone_minutes) };
    gf_text_init(&text, o->arena);
    for (size_t i = 0; i < o->plant->batch_count; i++) {
        if (!plant_batch_touches(&o->plant->batches[i], days))
            continue;
        if (text.len)
            gf_text_add_char(&text, ';');
        gf_text_add(&text, o->plant->batches[i].id);
    }
    return gf_text_str(&text);
}

static gf_status open_one(opening *o, alarm *a, gf_error *err)
{
    const record *row = &o->plant->row;
    const manner *m = &MANNERS[a->kind];
    gf_str id = free_id(o, a, err), first = day_text(o, a->first), last = day_text(o, a->last), reporter = record_value(row, "reporter");
    gf_str today = day_text(o, o->app->now()), name = text_of(o->arena, "光伏站：%.*s%s%s（%.*s）", GF_STR_ARG(gf_str_slice(a->inverter, 0, 60)), a->inverter.len ? " " : "", m->zh, GF_STR_ARG(first));
    gf_str name_en = text_of(o->arena, "PV: %.*s%s%s (%.*s)", GF_STR_ARG(gf_str_slice(a->inverter, 0, 60)), a->inverter.len ? ": " : "", m->en, GF_STR_ARG(first));
    if (id.len == 0)
        return GF_ELIMIT;
    const cell of_case[] = { { "id", id }, { "name", name }, { "name_en", name_en }, { "kind", GF_STR("alarm") }, { "place", record_value(row, "place") }, { "asset", record_value(row, "asset") },
                             { "opened", today }, { "opener", reporter }, { "assignee", record_value(row, "keeper") } };
    const cell of_step[] = { { "id", text_of(o->arena, "%.*s.found", GF_STR_ARG(id)) }, { "case", id }, { "date", today }, { "stage", GF_STR("found") }, { "actor", reporter } };
    const cell of_fault[] = { { "id", id }, { "name", name }, { "name_en", name_en }, { "plant", o->plant->id }, { "case", id }, { "kind", gf_str_of(gf_solar_fault_name(a->kind)) },
                              { "inverter", a->inverter }, { "first_day", first }, { "last_day", last }, { "first_utc", instant_of(o, a->first) }, { "last_utc", instant_of(o, a->last) },
                              { "value", number_of(o, a->value) }, { "expected", number_of(o, a->expected) }, { "lost_kwh", a->lost_wh > 0 ? text_of(o->arena, "%.1f", a->lost_wh / 1000) : (gf_str){ "", 0 } },
                              { "readings", batches_of(o, a) } };
    gf_status status = create(o, "cases", of_case, GF_COUNT(of_case), err);
    if (status == GF_OK)
        status = create(o, "case_steps", of_step, GF_COUNT(of_step), err);
    if (status == GF_OK)
        status = create(o, "plant_faults", of_fault, GF_COUNT(of_fault), err);
    a->id = id;
    return status;
}

gf_status plant_open_alarms(gf_app *app, const gf_app_actor *actor, const plant_open *p, const plant_work *work, gf_arena *arena, gf_str *fault_of, int64_t *opened, gf_error *err)
{
    const gf_solar_found *found = &work->checked.found;
    opening o = { .app = app, .actor = actor, .plant = p, .arena = arena, .alarms = gf_new(arena, alarm, ALARMS_MAX) };
    alarm **of = gf_new(arena, alarm *, found->count + 1);
    gf_status status = o.alarms && of ? read_standing(&o, err) : gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < found->count; i++) {
        const gf_solar_fault *f = &found->faults[i];
        const manner *m = &MANNERS[f->kind];
        gf_str inverter = m->of_inverter && f->inverter != UINT32_MAX ? work->checked.plant.inverters[f->inverter].name : (gf_str){ "", 0 };
        if (m->alarm)
            of[i] = take_fault(&o, f, inverter, p->series.weather[f->first].at, p->series.weather[f->last].at);
    }
    bool named = record_value(&p->row, "reporter").len > 0;   /* nobody's name, nobody's case */
    for (size_t i = o.standing; status == GF_OK && named && i < o.count; i++, ++*opened)
        status = open_one(&o, &o.alarms[i], err);
    for (size_t i = 0; status == GF_OK && i < found->count; i++)
        fault_of[i] = of[i] ? of[i]->id : (gf_str){ "", 0 };
    return status;
}
