/* Tables of towers in; who sees what out. */
#include "app/fields.h"

#include <math.h>
#include <string.h>

enum { TOWERS_MAX = 200000, COLUMNS_MAX = 128 };

typedef enum column {
    C_ID, C_X, C_Y, C_LON, C_LAT, C_MAST, C_RANGE, C_PAN_FROM, C_PAN_TO, C_PITCH_MIN, C_PITCH_MAX, C_FOCAL, C_PIXEL, C_COST, C_KIND, C_COUNT
} column;

static const char *const NAMES[C_COUNT] = {
    "id", "x", "y", "lon", "lat", "mast_m", "range_m", "pan_from_deg", "pan_to_deg", "pitch_min_deg", "pitch_max_deg", "focal_mm", "pixel_um", "cost", "kind",
};

typedef struct table {
    gf_file_csv  *csv;
    const char   *name;
    bool          candidates, degrees;
    size_t        at[C_COUNT];             /* SIZE_MAX where it is not there */
    double        target_m;
    gf_app_tower *towers;
    gf_app_spot  *spots;
    size_t        count, room;
} table;

static size_t read_memory(void *context, char *bytes, size_t room)
{
    gf_str *rest = context;
    size_t len = rest->len < room ? rest->len : room;
    memcpy(bytes, rest->data, len);
    *rest = gf_str_slice(*rest, len, rest->len);
    return len;
}

/* ---- Columns ---- */

static gf_status find_columns(table *t, const gf_str *head, size_t count, gf_error *err)
{
    for (size_t c = 0; c < C_COUNT; c++) {
        t->at[c] = SIZE_MAX;
        for (size_t i = 0; i < count && t->at[c] == SIZE_MAX; i++)
            t->at[c] = gf_str_is(gf_str_trim(head[i]), NAMES[c]) ? i : SIZE_MAX;
    }
    t->degrees = t->at[C_X] == SIZE_MAX;
    bool place = t->degrees ? t->at[C_LON] != SIZE_MAX && t->at[C_LAT] != SIZE_MAX : t->at[C_Y] != SIZE_MAX;
    if (t->at[C_ID] == SIZE_MAX || !place || t->at[C_MAST] == SIZE_MAX)
        return gf_fail(err, GF_EINPUT, "fields.columns", "The first line names the columns.", "the table needs the columns id, x and y (or lon and lat), mast_m");
    return GF_OK;
}

/* Empty is absent, and keeps what stands in `value`. */
static gf_status take(const table *t, const gf_str *fields, size_t count, column c, double *value, bool *there, gf_error *err)
{
    gf_str text = t->at[c] < count ? gf_str_trim(fields[t->at[c]]) : GF_STR("");
    *there = text.len > 0;
    if (text.len == 0 || fields_number(text, value))
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "fields.number", "", "%s is no number: \"%.*s\"", NAMES[c], GF_STR_ARG(gf_str_slice(text, 0, 30)));
}

static gf_status take_numbers(const table *t, const gf_str *fields, size_t count, gf_app_tower *tower, gf_app_spot *spot, gf_error *err)
{
    gf_terrain_observer *o = &tower->tower.observer;
    bool there[C_COUNT] = { false };
    double *const VALUES[C_COUNT] = {
        [C_X] = &spot->a, [C_Y] = &spot->b, [C_LON] = &spot->a, [C_LAT] = &spot->b, [C_MAST] = &o->mast_m, [C_RANGE] = &o->range_m,
        [C_PAN_FROM] = &o->pan_from_deg, [C_PAN_TO] = &o->pan_to_deg, [C_PITCH_MIN] = &o->pitch_min_deg, [C_PITCH_MAX] = &o->pitch_max_deg,
        [C_FOCAL] = &tower->tower.focal_mm, [C_PIXEL] = &tower->tower.pixel_um,
    };
    for (column c = C_X; c <= C_PIXEL; c++) {
        bool other = t->degrees ? c == C_X || c == C_Y : c == C_LON || c == C_LAT;
        gf_status status = other ? GF_OK : take(t, fields, count, c, VALUES[c], &there[c], err);
        if (status != GF_OK)
            return status;
    }
    bool place = t->degrees ? there[C_LON] && there[C_LAT] : there[C_X] && there[C_Y];
    if (!place || !there[C_MAST])
        return gf_fail(err, GF_EINPUT, "fields.number", "", "%s is missing", place ? "mast_m" : "the place");
    if (there[C_PAN_FROM] != there[C_PAN_TO])
        return gf_fail(err, GF_EINPUT, "fields.pan", "Give both, from clockwise to to; or neither.", "one end of the pan sector is missing");
    o->has_pan = there[C_PAN_FROM];
    o->has_pitch = there[C_PITCH_MIN] || there[C_PITCH_MAX];
    if (tower->tower.focal_mm < 0 || tower->tower.pixel_um < 0)
        return gf_fail(err, GF_EINPUT, "fields.number", "", "focal_mm and pixel_um are not negative");
    return GF_OK;
}

static gf_status take_candidate(const table *t, const gf_str *fields, size_t count, gf_app_tower *tower, gf_error *err)
{
    gf_str cost = t->at[C_COST] < count ? gf_str_trim(fields[t->at[C_COST]]) : GF_STR("");
    gf_str kind = t->at[C_KIND] < count ? gf_str_trim(fields[t->at[C_KIND]]) : GF_STR("");
    tower->has_cost = cost.len > 0;
    if (cost.len && (!gf_decimal_parse(cost, &tower->cost) || tower->cost.digits < 0 || tower->cost.scale > 2))
        return gf_fail(err, GF_EINPUT, "fields.cost", "Give it with at most two decimals.", "\"%.*s\" is no cost", GF_STR_ARG(gf_str_slice(cost, 0, 30)));
    if (kind.len && !gf_str_is(kind, "new") && !gf_str_is(kind, "upgrade"))
        return gf_fail(err, GF_EINPUT, "fields.kind", "Write new or upgrade.", "\"%.*s\" is no kind of site", GF_STR_ARG(gf_str_slice(kind, 0, 30)));
    tower->upgrade = gf_str_is(kind, "upgrade");
    return GF_OK;
}

/* ---- Rows ---- */

static bool grow(table *t, gf_arena *keep)
{
    size_t room = t->room ? 2 * t->room : 256;
    gf_app_tower *towers = gf_new(keep, gf_app_tower, room);
    gf_app_spot *spots = gf_new(keep, gf_app_spot, room);
    if (!towers || !spots)
        return false;
    if (t->count) {
        memcpy(towers, t->towers, t->count * sizeof *towers);
        memcpy(spots, t->spots, t->count * sizeof *spots);
    }
    t->towers = towers, t->spots = spots, t->room = room;
    return true;
}

static gf_status take_row(table *t, const gf_str *fields, size_t count, gf_arena *keep, gf_error *err)
{
    if (t->count == TOWERS_MAX)
        return gf_fail(err, GF_ELIMIT, "fields.many", "Split the table.", "there are more than %d towers", TOWERS_MAX);
    if (t->count == t->room && !grow(t, keep))
        return gf_fail_memory(err);
    gf_app_tower *tower = &t->towers[t->count];
    gf_app_spot *spot = &t->spots[t->count];
    *tower = (gf_app_tower){ .tower = { .observer = GF_TERRAIN_OBSERVER_DEFAULT }, .line = gf_file_csv_line(t->csv) };
    tower->tower.observer.target_m = t->target_m;
    tower->tower.observer.pitch_min_deg = -90;
    tower->tower.observer.pitch_max_deg = 90;
    spot->kind = t->degrees ? GF_APP_SPOT_LONLAT : GF_APP_SPOT_XY;
    tower->id = gf_str_copy(keep, t->at[C_ID] < count ? gf_str_trim(fields[t->at[C_ID]]) : GF_STR(""));
    if (!tower->id.data)
        return gf_fail_memory(err);
    if (tower->id.len == 0)
        return gf_fail(err, GF_EINPUT, "fields.id", "Give each tower its own.", "the id is missing");
    gf_status status = take_numbers(t, fields, count, tower, spot, err);
    if (status == GF_OK && t->candidates)
        status = take_candidate(t, fields, count, tower, err);
    t->count += status == GF_OK;
    return status;
}

static gf_status read_rows(table *t, gf_arena *keep, gf_error *err)
{
    const gf_str *fields;
    size_t count;
    gf_status status = gf_file_csv_next(t->csv, &fields, &count, err);
    if (status == GF_OK)
        status = find_columns(t, fields, count, err);
    while (status == GF_OK && (status = gf_file_csv_next(t->csv, &fields, &count, err)) == GF_OK && count) {
        status = take_row(t, fields, count, keep, err);
        if (status != GF_OK)
            (void)gf_fail_at(err, "%.60s:%zu", t->name, gf_file_csv_line(t->csv));
    }
    if (status == GF_OK && t->count == 0)
        status = gf_fail(err, GF_EINPUT, "fields.none", "", "the table has no row");
    return status;
}

/* ---- On the surface ---- */

static gf_status find_cells(const gf_app_surface *surface, table *t, gf_arena *keep, gf_error *err)
{
    size_t at = 0;
    gf_terrain_cell *cells = gf_new(keep, gf_terrain_cell, t->count);
    gf_status status = cells ? gf_app_spots_find(surface, t->spots, t->count, cells, &at, err) : gf_fail_memory(err);
    const gf_terrain_grid *g = &surface->grid;
    for (size_t i = 0; status == GF_OK && i < t->count; i++) {
        t->towers[i].tower.observer.cell = cells[i];
        if (isnan(g->height_m[(size_t)cells[i].row * g->columns + cells[i].column])) {
            status = gf_fail(err, GF_EINPUT, "terrain.observer", "Bring an elevation without this void.", "the ground under the tower is unknown");
            at = i;
        }
    }
    if (status != GF_OK)
        (void)gf_fail_at(err, "%.60s:%zu", t->name, cells ? t->towers[at].line : 0);
    return status;
}

gf_status fields_towers(const gf_app_surface *surface, const gf_app_table_file *file, bool candidates, double target_m, gf_arena *keep,
                        gf_app_tower **out, size_t *count, gf_error *err)
{
    table t = { .name = gf_str_cstr(keep, file->name), .candidates = candidates, .target_m = target_m };
    gf_str bytes = file->bytes;
    const gf_file_csv_options options = { .name = t.name, .fields_max = COLUMNS_MAX };
    gf_status status = t.name ? gf_file_csv_open(&options, read_memory, &bytes, &t.csv, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_rows(&t, keep, err);
    gf_file_csv_close(t.csv);
    if (status == GF_OK)
        status = find_cells(surface, &t, keep, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%.80s", t.name ? t.name : "");
        return status;
    }
    *out = t.towers;
    *count = t.count;
    return GF_OK;
}

bool fields_cancelled(void *options)
{
    const gf_app_fields_options *o = options;
    return o->progress && !o->progress(o->context, "views", 0, 0);
}

/* ---- The use case ---- */

gf_status gf_app_overlook(const gf_app_surface *surface, const gf_app_table_file *towers, const gf_app_parcels *parcels,
                          const gf_app_fields_options *options, gf_arena *keep, gf_app_overlooked *out, gf_error *err)
{
    gf_app_tower *rows = NULL;
    gf_app_overlooked made = { .unseen = 0 };
    gf_app_fields_options asked = *options;
    const gf_terrain_work work = { .workers = options->threads, .cancelled = fields_cancelled, .context = &asked };
    gf_status status = fields_towers(surface, towers, false, options->target_m, keep, &rows, &made.tower_count, err);
    gf_terrain_tower *eyes = status == GF_OK ? gf_new(keep, gf_terrain_tower, made.tower_count) : NULL;
    if (status == GF_OK && !eyes)
        status = gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < made.tower_count; i++)
        eyes[i] = rows[i].tower;
    if (status == GF_OK)
        status = gf_terrain_overlook_make(&surface->grid, GF_TERRAIN_AIR_DEFAULT, eyes, made.tower_count, &parcels->on_grid, &work, keep, &made.seen, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%.*s", GF_STR_ARG(gf_str_slice(towers->name, 0, 80)));
        return status;
    }
    for (size_t i = 0; i < parcels->count; i++) {
        const gf_terrain_parcel_seen *seen = &made.seen.parcels[i];
        bool unknown = seen->unknown_cells > 0 || parcels->on_grid.parcels[i].nodata_cells > 0;
        made.unknown += seen->seen_cells == 0 && unknown;
        made.unseen += seen->seen_cells == 0 && !unknown;
    }
    made.towers = rows;
    *out = made;
    return GF_OK;
}

/* ---- Tables ---- */

static void add_known(gf_text *out, const char *format, double value)
{
    gf_text_add_char(out, ',');
    if (!isnan(value))
        gf_text_format(out, format, value);
}

static void add_pairs(const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *o, gf_text *out)
{
    gf_text_add_c(out, "tower,parcel,seen_share,dist_m,pixel_m,incidence_deg,blocker_dist_m,x,y\n");
    for (size_t i = 0; i < o->seen.pair_count; i++) {
        const gf_terrain_pair *p = &o->seen.pairs[i];
        gf_file_csv_field(out, 0, o->towers[p->tower].id);
        gf_file_csv_field(out, 1, parcels->keys[p->parcel]);
        gf_text_format(out, ",%.6f,%.1f", (double)p->seen_cells / (double)parcels->on_grid.parcels[p->parcel].cells, p->dist_m);
        add_known(out, "%.4f", p->pixel_m);
        add_known(out, "%.2f", p->incidence_deg);
        add_known(out, "%.1f", p->blocker_dist_m);
        gf_text_format(out, ",%.3f,%.3f\n", gf_terrain_cell_x(&surface->grid, p->cell.column), gf_terrain_cell_y(&surface->grid, p->cell.row));
    }
}

static void add_parcels(const gf_app_parcels *parcels, const gf_app_overlooked *o, gf_text *out)
{
    gf_text_add_c(out, "parcel,area_m2,cells,nodata_share,seen_share,tower_count,best_tower,unknown_share,TBMJ\n");
    for (size_t i = 0; i < parcels->count; i++) {
        const gf_terrain_parcel *p = &parcels->on_grid.parcels[i];
        const gf_terrain_parcel_seen *seen = &o->seen.parcels[i];
        double cells = (double)p->cells;
        gf_file_csv_field(out, 0, parcels->keys[i]);
        gf_text_format(out, ",%.2f,%llu,%.6f,%.6f,%u", p->area_m2, (unsigned long long)p->cells, (double)p->nodata_cells / cells,
                       (double)seen->seen_cells / cells, (unsigned)seen->tower_count);
        gf_file_csv_field(out, 1, seen->best_tower == GF_TERRAIN_NO_TOWER ? GF_STR("") : o->towers[seen->best_tower].id);
        gf_text_format(out, ",%.6f", (double)seen->unknown_cells / cells);
        gf_file_csv_field(out, 1, parcels->tbmj[i]);
        gf_file_csv_end(out);
    }
}

void gf_app_overlook_csv(const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, gf_text *pairs,
                         gf_text *parcels_csv, gf_text *towers)
{
    add_pairs(surface, parcels, seen, pairs);
    add_parcels(parcels, seen, parcels_csv);
    gf_text_add_c(towers, "tower,seen_m2,parcel_count,nodata_share\n");
    for (size_t i = 0; i < seen->tower_count; i++) {
        const gf_terrain_tower_seen *t = &seen->seen.towers[i];
        gf_file_csv_field(towers, 0, seen->towers[i].id);
        gf_text_format(towers, ",%.2f,%zu,%.6f\n", t->seen_m2, t->parcel_count, t->nodata_share);
    }
}
