/* The map of farmland as an actor sees it: towers, parcels with what the newest run says of them, wardens.
 *
 * Whether the run still holds is told by the hash of what went into it: versions of towers, cameras and parcels, and the
 * elevation. A warden answers for the parcels that he lists, or else for all of his place: codes of places begin with
 * those of the places above them, so "below" is a prefix.
 */
#include "app/land.h"

#include "app/browse.h"
#include "app/side.h"

#include <stdlib.h>
#include <string.h>

enum { TOWERS_MAX = 5000, WARDENS_MAX = 5000, CAMERAS_MAX = 20000, SIGHTS_MAX = 20000, PLACE_LEVELS_MAX = 12 };

/* ---- Numbers out of text columns ---- */

double land_number(gf_str text, double fallback)
{
    gf_decimal value;
    if (text.len == 0 || !gf_decimal_parse(text, &value))
        return fallback;
    double number = (double)value.digits;
    for (unsigned i = 0; i < value.scale; i++)
        number /= 10;
    return number;
}

/* ---- Does the run still hold? ---- */

static void hash_rows(gf_app *app, const char *statement, gf_text *all)
{
    gf_stmt *stmt = gf_store_named(app->store, statement);
    while (gf_stmt_row(stmt)) {
        gf_text_add(all, gf_row_str(stmt, 0));
        gf_text_add_char(all, '\n');
    }
}

gf_status land_input(gf_app *app, gf_arena *scratch, char out[GF_HASH_HEX_BYTES], gf_error *err)
{
    static const char *const PARTS[] = { "land_input_towers", "land_input_cameras", "land_input_parcels" };
    uint8_t hash[GF_HASH_BYTES];
    gf_text all;
    gf_str ground;
    gf_text_init(&all, scratch);
    gf_status status = gf_app_ground_key(app, scratch, &ground, err);
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(PARTS); i++) {
        gf_text_format(&all, "%s\n", PARTS[i]);
        hash_rows(app, PARTS[i], &all);
    }
    if (status != GF_OK)
        return status;
    gf_text_add(&all, ground);
    status = gf_text_done(&all, err);
    if (status == GF_OK && !gf_hash_bytes(GF_HASH_SHA256, gf_text_str(&all).data, gf_text_str(&all).len, hash))
        return gf_fail_memory(err);
    gf_hex_format(hash, sizeof hash, out);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

gf_status land_run_read(gf_app *app, gf_arena *scratch, gf_app_land *out, gf_error *err)
{
    char input[GF_HASH_HEX_BYTES];
    gf_status status = land_input(app, scratch, input, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = gf_store_named(app->store, "land_run");
    out->computed = gf_stmt_row(stmt);
    if (out->computed) {
        out->at = gf_row_int(stmt, 0);
        out->fresh = gf_str_is(gf_row_str(stmt, 1), input);
        out->epsg = (int)gf_row_int(stmt, 2);
        out->cell_m = (double)gf_row_int(stmt, 3) / 1000;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static bool any(gf_app *app, const char *statement)
{
    gf_stmt *stmt = gf_store_named(app->store, statement);
    bool found = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return found;
}

bool gf_app_land_is_stale(gf_app *app, gf_arena *scratch)
{
    gf_app_land land = { .computed = false };
    bool possible = any(app, "land_input_towers") && any(app, "land_input_parcels") && any(app, "land_elevation");
    bool read = possible && land_run_read(app, scratch, &land, NULL) == GF_OK;
    (void)gf_store_ok(app->store, NULL);  /* whatever was latched: not knowing is not stale */
    return read && !(land.computed && land.fresh);
}

/* ---- Rows that the actor sees ---- */

/* Which rows of a register: what is read of them, what is joined, which column must have which value, in which order. */
typedef struct rows_ask { const char *reg, *what, *join, *where, *order; gf_str value; } rows_ask;

/* Of those that the actor sees and that stand on this side: bound and ready. `where` holds two ? for the value, or is NULL. */
static gf_stmt *seen(gf_app *app, const gf_app_actor *actor, const side *s, const rows_ask *ask, gf_arena *keep)
{
    const gf_register *table = gf_register_find(gf_str_of(ask->reg));
    browse_params params = { .count = 0 };
    gf_text sql;
    gf_text_init(&sql, keep);
    gf_text_format(&sql, "SELECT %s FROM \"%s\" r %s WHERE ", ask->what, ask->reg, ask->join);
    browse_text(&params, actor->user);
    access_where(&sql, actor, table, "r");
    side_where(&sql, &params, s, table, "r");
    if (ask->where && ask->value.len) {
        gf_text_format(&sql, " AND %s", ask->where);
        for (const char *at = strchr(ask->where, '?'); at; at = strchr(at + 1, '?'))
            browse_text(&params, ask->value);
    }
    gf_text_format(&sql, " ORDER BY %s", ask->order);
    return browse_bind(app, &sql, &params);
}

static gf_app_land_tower *find_tower(gf_app_land *land, gf_str id)
{
    for (size_t low = 0, high = land->tower_count; low < high;) {
        size_t middle = (low + high) / 2;
        int order = gf_str_cmp(id, land->towers[middle].id);
        if (order == 0)
            return &land->towers[middle];
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

static gf_status read_cameras(gf_app *app, gf_arena *keep, gf_app_land *out, gf_error *err)
{
    gf_app_land_camera *all = gf_new(keep, gf_app_land_camera, CAMERAS_MAX);
    size_t count = 0;
    if (!all)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "land_camera_list");  /* by tower: those of one stand together */
    while (gf_stmt_row(stmt) && count < CAMERAS_MAX) {
        gf_app_land_tower *tower = find_tower(out, gf_row_str(stmt, 2));
        gf_str range = gf_row_str(stmt, 3), from = gf_row_str(stmt, 4), to = gf_row_str(stmt, 5);
        if (!tower)
            continue;
        tower->cameras = tower->camera_count++ ? tower->cameras : &all[count];
        all[count++] = (gf_app_land_camera){ .id = gf_row_copy(stmt, 0, keep), .name = gf_row_copy(stmt, 1, keep), .has_range = range.len > 0, .range_m = land_number(range, 0),
                                             .has_pan = from.len && to.len, .pan_from_deg = land_number(from, 0), .pan_to_deg = land_number(to, 360) };
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static gf_status read_towers(gf_app *app, const gf_app_actor *actor, const side *s, gf_arena *keep, gf_app_land *out, gf_error *err)
{
    out->towers = gf_new(keep, gf_app_land_tower, TOWERS_MAX);
    if (!out->towers)
        return gf_fail_memory(err);
    const rows_ask ask = { "towers", "r.id, r.name, r.place, r.state, r.project, r.origin, r.lon, r.lat, r.mast_m", "", NULL, "r.id", { "", 0 } };
    gf_stmt *stmt = seen(app, actor, s, &ask, keep);
    while (gf_stmt_row(stmt) && out->tower_count < TOWERS_MAX) {
        gf_app_land_tower *t = &out->towers[out->tower_count++];
        gf_str *const texts[] = { &t->id, &t->name, &t->place, &t->state, &t->project, &t->origin };
        for (size_t i = 0; i < GF_COUNT(texts); i++)
            *texts[i] = gf_row_copy(stmt, (int)i, keep);
        t->lon = land_number(gf_row_str(stmt, 6), 0);
        t->lat = land_number(gf_row_str(stmt, 7), 0);
        t->mast_m = land_number(gf_row_str(stmt, 8), 0);
        t->parcels = out->computed ? 0 : -1;
    }
    gf_stmt_end(stmt);
    stmt = gf_store_named(app->store, "land_tower_parcels");
    while (gf_stmt_row(stmt)) {
        gf_app_land_tower *tower = find_tower(out, gf_row_str(stmt, 0));
        if (tower)
            tower->parcels = gf_row_int(stmt, 1);
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    return status == GF_OK ? read_cameras(app, keep, out, err) : status;
}

/* ---- Wardens ---- */

typedef struct duty { gf_str place, parcels; } duty;   /* by index of the warden */

static gf_status read_wardens(gf_app *app, const gf_app_actor *actor, const side *s, gf_arena *keep, gf_app_land *out, duty **duties, gf_error *err)
{
    out->wardens = gf_new(keep, gf_app_land_warden, WARDENS_MAX);
    *duties = gf_new(keep, duty, WARDENS_MAX);
    if (!out->wardens || !*duties)
        return gf_fail_memory(err);
    const rows_ask ask = { "wardens", "r.id, r.person, coalesce(p.role, ''), r.level, r.place, coalesce(l.name, ''), r.period, r.parcels",
                           "LEFT JOIN persons p ON p.id = r.person LEFT JOIN places l ON l.code = r.place", NULL, "r.place, r.id", { "", 0 } };
    gf_stmt *stmt = seen(app, actor, s, &ask, keep);
    while (gf_stmt_row(stmt) && out->warden_count < WARDENS_MAX) {
        gf_app_land_warden *w = &out->wardens[out->warden_count];
        gf_str *const texts[] = { &w->id, &w->person, &w->post, &w->level, &w->place, &w->place_name, &w->period, &(*duties)[out->warden_count].parcels };
        for (size_t i = 0; i < GF_COUNT(texts); i++)
            *texts[i] = gf_row_copy(stmt, (int)i, keep);
        (*duties)[out->warden_count++].place = w->place;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static bool answers(const duty *d, const gf_app_land_parcel *parcel, gf_str place)
{
    return d->parcels.len ? record_list_has(d->parcels, parcel->id) : d->place.len && gf_str_starts(place, d->place);
}

static gf_status set_wardens(const gf_app_land *land, const duty *duties, gf_str place, gf_arena *keep, gf_app_land_parcel *parcel, gf_error *err)
{
    for (size_t i = 0; i < land->warden_count; i++) {
        if (!answers(&duties[i], parcel, place))
            continue;
        if (!parcel->wardens)
            parcel->wardens = gf_new(keep, gf_str, PLACE_LEVELS_MAX);
        if (!parcel->wardens)
            return gf_fail_memory(err);
        if (parcel->warden_count < PLACE_LEVELS_MAX)
            parcel->wardens[parcel->warden_count++] = land->wardens[i].id;
        parcel->answered = parcel->answered || !gf_str_is(land->wardens[i].level, "county");
    }
    return GF_OK;
}

/* ---- Parcels ---- */

static void add_to_sums(gf_app_land *land, const gf_app_land_parcel *p)
{
    const bool counts[] = { true, p->seen > 0, p->before > 0, p->seen == 0 && p->nodata < 10000, p->nodata == 10000, !p->answered };
    int64_t area = (int64_t)(land_number(p->area_m2, 0) + 0.5);
    for (size_t i = 0; i < GF_COUNT(counts); i++)
        if (counts[i]) {
            land->sums[i].parcels++;
            land->sums[i].area_m2 += area;
        }
}

static gf_status read_parcels(gf_app *app, const gf_app_actor *actor, const side *s, gf_str within, const duty *duties, gf_arena *keep, gf_app_land *out, gf_error *err)
{
    gf_status status = GF_OK;
    out->parcels = gf_new(keep, gf_app_land_parcel, GF_APP_LAND_PARCELS_MAX);
    if (!out->parcels)
        return gf_fail_memory(err);
    const rows_ask ask = { "parcels",
                         "r.id, r.number, r.place, coalesce(l.name, ''), r.land_code, r.land_name, r.area_m2, r.shape, r.origin, coalesce(v.best, ''), "
                         "coalesce(v.seen, -1), coalesce(v.before, -1), coalesce(v.nodata, -1), coalesce(v.towers, -1)",
                         "LEFT JOIN places l ON l.code = r.place LEFT JOIN sight_parcel v ON v.parcel = r.id", "substr(r.place, 1, length(?)) = ?", "r.id", within };
    gf_stmt *stmt = seen(app, actor, s, &ask, keep);
    while (status == GF_OK && gf_stmt_row(stmt)) {
        out->more = out->parcel_count == GF_APP_LAND_PARCELS_MAX;
        if (out->more)
            break;
        gf_app_land_parcel *p = &out->parcels[out->parcel_count++];
        gf_str *const texts[] = { &p->id, &p->number, &p->place, &p->place_name, &p->land_code, &p->land_name, &p->area_m2, &p->shape, &p->origin, &p->best };
        int64_t *const numbers[] = { &p->seen, &p->before, &p->nodata, &p->towers };
        for (size_t i = 0; i < GF_COUNT(texts); i++)
            *texts[i] = gf_row_copy(stmt, (int)i, keep);
        for (size_t i = 0; i < GF_COUNT(numbers); i++)
            *numbers[i] = gf_row_int(stmt, (int)(GF_COUNT(texts) + i));
        status = set_wardens(out, duties, p->place, keep, p, err);
        add_to_sums(out, p);
    }
    gf_stmt_end(stmt);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

gf_status gf_app_land_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str within, gf_arena *keep, gf_app_land *out, gf_error *err)
{
    static const char *const WHAT[] = { "all", "seen", "before", "unseen", "unknown", "unanswered" };
    side s;
    duty *duties;
    *out = (gf_app_land){ .computed = false };
    for (size_t i = 0; i < GF_COUNT(WHAT); i++)
        out->sums[i].what = WHAT[i];
    gf_status status = gf_app_require(actor, gf_register_find(GF_STR("parcels")), GF_APP_READ, err);
    if (status == GF_OK)
        status = side_of(app, programme, &s, err);
    if (status == GF_OK)
        status = land_run_read(app, keep, out, err);
    if (status == GF_OK)
        status = read_towers(app, actor, &s, keep, out, err);
    if (status == GF_OK)
        status = read_wardens(app, actor, &s, keep, out, &duties, err);
    return status == GF_OK ? read_parcels(app, actor, &s, within, duties, keep, out, err) : status;
}

/* ---- One tower, one parcel ---- */

gf_status gf_app_land_sights(gf_app *app, const gf_app_actor *actor, gf_str tower, gf_str parcel, gf_arena *keep, gf_app_land_sight **out, size_t *count, gf_error *err)
{
    bool of_tower = tower.len > 0;
    *count = 0;
    if (of_tower == (parcel.len > 0))
        return gf_fail(err, GF_EUSAGE, "land.sights", "Write tower=ID or parcel=ID.", "give a tower or a parcel");
    gf_status status = access_require_record(app, actor, gf_register_find(of_tower ? GF_STR("towers") : GF_STR("parcels")), of_tower ? tower : parcel, keep, err);
    *out = status == GF_OK ? gf_new(keep, gf_app_land_sight, SIGHTS_MAX) : NULL;
    if (!*out)
        return status == GF_OK ? gf_fail_memory(err) : status;
    static const char WHAT[] = "v.tower, v.parcel, v.seen, v.dist_m, v.pixel_mm, v.incidence_ddeg, v.blocker_m";
    const side both = { .programme = { "", 0 } };
    const rows_ask parcels = { "parcels", WHAT, "JOIN sight v ON v.parcel = r.id", "v.tower = ?", "v.parcel", tower };
    const rows_ask towers = { "towers", WHAT, "JOIN sight v ON v.tower = r.id", "v.parcel = ?", "v.seen DESC, v.dist_m, v.tower", parcel };
    gf_stmt *stmt = seen(app, actor, &both, of_tower ? &parcels : &towers, keep);
    while (gf_stmt_row(stmt) && *count < SIGHTS_MAX)
        (*out)[(*count)++] = (gf_app_land_sight){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep), gf_row_int(stmt, 2), gf_row_int(stmt, 3), gf_row_int(stmt, 4), gf_row_int(stmt, 5),
                                                  gf_row_int(stmt, 6) };
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}
