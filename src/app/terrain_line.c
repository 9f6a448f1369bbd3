/* A table of pairs in, a table of answers out. */
#include "app/gf_app_terrain.h"
#include "file/gf_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = 5000000, PROGRESS_EVERY = 256 };

typedef enum column { C_ID, C_OBS_H, C_TGT_H, C_OBS_A, C_OBS_B, C_TGT_A, C_TGT_B, C_COUNT } column;

static const struct { gf_app_spot_kind kind; const char *name[C_COUNT]; } FORMS[] = {
    { GF_APP_SPOT_CELL, { "id", "obs_h_m", "tgt_h_m", "obs_row", "obs_col", "tgt_row", "tgt_col" } },
    { GF_APP_SPOT_XY, { "id", "obs_h_m", "tgt_h_m", "obs_x", "obs_y", "tgt_x", "tgt_y" } },
    { GF_APP_SPOT_LONLAT, { "id", "obs_h_m", "tgt_h_m", "obs_lon", "obs_lat", "tgt_lon", "tgt_lat" } },
};

typedef struct table {
    gf_file_csv *csv;
    gf_str name;
    gf_app_spot_kind kind;
    size_t at[C_COUNT];                /* place of each column */
    gf_app_pair *pairs;
    gf_app_spot *spots;                /* two a pair */
    size_t *lines;                     /* of the file, by pair */
    size_t count, room;
} table;

static size_t read_memory(void *context, char *bytes, size_t room)
{
    gf_str *rest = context;
    size_t len = rest->len < room ? rest->len : room;
    memcpy(bytes, rest->data, len);
    *rest = gf_str_slice(*rest, len, rest->len);
    return len;
}

static bool find_columns(table *t, const gf_str *head, size_t count)
{
    for (size_t form = 0; form < GF_COUNT(FORMS); form++) {
        size_t found = 0;
        for (size_t c = 0; c < C_COUNT; c++)
            for (size_t i = 0; i < count; i++)
                if (gf_str_is(gf_str_trim(head[i]), FORMS[form].name[c])) {
                    t->at[c] = i;
                    found++;
                    break;
                }
        if (found == C_COUNT) {
            t->kind = FORMS[form].kind;
            return true;
        }
    }
    return false;
}

static bool number_of(gf_str text, double *out)
{
    char word[48], *end;
    text = gf_str_trim(text);
    if (text.len == 0 || text.len >= sizeof word)
        return false;
    memcpy(word, text.data, text.len);
    word[text.len] = '\0';
    *out = strtod(word, &end);
    return *end == '\0' && isfinite(*out);
}

static bool grow(table *t, gf_arena *keep, gf_arena *scratch)
{
    size_t room = t->room ? 2 * t->room : 1024;
    gf_app_pair *pairs = gf_new(keep, gf_app_pair, room);
    gf_app_spot *spots = gf_new(scratch, gf_app_spot, 2 * room);
    size_t *lines = gf_new(scratch, size_t, room);
    if (!pairs || !spots || !lines)
        return false;
    if (t->count) {
        memcpy(pairs, t->pairs, t->count * sizeof *pairs);
        memcpy(spots, t->spots, 2 * t->count * sizeof *spots);
        memcpy(lines, t->lines, t->count * sizeof *lines);
    }
    t->pairs = pairs, t->spots = spots, t->lines = lines, t->room = room;
    return true;
}

static gf_status take_pair(table *t, const gf_str *fields, size_t count, gf_arena *keep, gf_arena *scratch, gf_error *err)
{
    double v[C_COUNT];
    if (t->count == PAIRS_MAX)
        return gf_fail(err, GF_ELIMIT, "line.many", "Split the table.", "there are more than %d pairs", PAIRS_MAX);
    for (size_t c = C_OBS_H; c < C_COUNT; c++)
        if (t->at[c] >= count || !number_of(fields[t->at[c]], &v[c]))
            return gf_fail(err, GF_EINPUT, "line.number", "", "column %s holds no number", FORMS[t->kind].name[c]);
    if (v[C_OBS_H] < 0 || v[C_TGT_H] < 0 || v[C_OBS_H] > 10000 || v[C_TGT_H] > 10000)
        return gf_fail(err, GF_EINPUT, "line.height", "Heights stand above the ground, in metres.", "a height of %g or %g m is none above the ground", v[C_OBS_H], v[C_TGT_H]);
    if (t->count == t->room && !grow(t, keep, scratch))
        return gf_fail_memory(err);
    gf_str id = gf_str_copy(keep, t->at[C_ID] < count ? fields[t->at[C_ID]] : GF_STR(""));
    if (!id.data)
        return gf_fail_memory(err);
    t->pairs[t->count] = (gf_app_pair){ .id = id, .mast_m = v[C_OBS_H], .target_m = v[C_TGT_H] };
    t->spots[2 * t->count] = (gf_app_spot){ t->kind, v[C_OBS_A], v[C_OBS_B] };
    t->spots[2 * t->count + 1] = (gf_app_spot){ t->kind, v[C_TGT_A], v[C_TGT_B] };
    t->lines[t->count++] = gf_file_csv_line(t->csv);
    return GF_OK;
}

static gf_status read_table(table *t, gf_arena *keep, gf_arena *scratch, gf_error *err)
{
    const gf_str *fields;
    size_t count;
    gf_status status = gf_file_csv_next(t->csv, &fields, &count, err);
    if (status == GF_OK && !find_columns(t, fields, count))
        status = gf_fail(err, GF_EINPUT, "line.columns", "Or with obs_x, obs_y, tgt_x, tgt_y, or obs_lon, obs_lat, tgt_lon, tgt_lat.",
                         "the table needs the columns id, obs_row, obs_col, obs_h_m, tgt_row, tgt_col, tgt_h_m");
    while (status == GF_OK && (status = gf_file_csv_next(t->csv, &fields, &count, err)) == GF_OK && count) {
        status = take_pair(t, fields, count, keep, scratch, err);
        if (status != GF_OK)
            (void)gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(t->name), gf_file_csv_line(t->csv));
    }
    return status;
}

static gf_status find_cells(const gf_app_surface *surface, table *t, gf_arena *scratch, gf_error *err)
{
    size_t failed = 0;
    gf_terrain_cell *cells = gf_new(scratch, gf_terrain_cell, 2 * t->count + 1);
    gf_status status = cells ? gf_app_spots_find(surface, t->spots, 2 * t->count, cells, &failed, err) : gf_fail_memory(err);
    if (status != GF_OK)
        return cells ? (gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(t->name), t->lines[failed / 2]), status) : status;
    for (size_t i = 0; i < t->count; i++) {
        t->pairs[i].from = cells[2 * i];
        t->pairs[i].to = cells[2 * i + 1];
    }
    return GF_OK;
}

static gf_status walk_all(const gf_app_surface *surface, table *t, gf_app_progress_fn *progress, void *context, gf_app_lined *out, gf_error *err)
{
    gf_app_lined made = { .pairs = t->pairs, .count = t->count };
    for (size_t i = 0; i < t->count; i++) {
        gf_app_pair *p = &t->pairs[i];
        if (progress && i % PROGRESS_EVERY == 0 && !progress(context, "lines", (int64_t)i, (int64_t)t->count))
            return gf_fail(err, GF_ECANCELLED, "line.cancelled", "", "cancelled after %zu of %zu lines", i, t->count);
        gf_terrain_line_walk(&surface->grid, GF_TERRAIN_AIR_DEFAULT, p->from, p->mast_m, p->to, p->target_m, &p->line);
        made.seen += p->line.sight == GF_TERRAIN_SEEN ? 1 : 0;
        made.hidden += p->line.sight == GF_TERRAIN_HIDDEN ? 1 : 0;
        made.unknown += p->line.sight == GF_TERRAIN_UNKNOWN ? 1 : 0;
    }
    *out = made;
    return GF_OK;
}

gf_status gf_app_lines(const gf_app_surface *surface, gf_str name, gf_str csv, gf_app_progress_fn *progress, void *context, gf_arena *keep,
                       gf_app_lined *out, gf_error *err)
{
    table t = { .name = gf_str_slice(name, 0, 60) };
    gf_arena *scratch = gf_arena_open((size_t)2 << 30);
    const char *shown = scratch ? gf_str_cstr(scratch, t.name) : NULL;
    const gf_file_csv_options options = { .name = shown };
    gf_status status = shown ? gf_file_csv_open(&options, read_memory, &csv, &t.csv, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_table(&t, keep, scratch, err);
    gf_file_csv_close(t.csv);
    if (status == GF_OK)
        status = find_cells(surface, &t, scratch, err);
    gf_arena_close(scratch);
    return status == GF_OK ? walk_all(surface, &t, progress, context, out, err) : status;
}

void gf_app_lines_csv(const gf_app_lined *lined, gf_text *out)
{
    gf_text_add_c(out, "id,visible,margin_m,blocker_dist_m\n");
    for (size_t i = 0; i < lined->count; i++) {
        const gf_terrain_line *l = &lined->pairs[i].line;
        gf_file_csv_field(out, 0, lined->pairs[i].id);
        gf_text_add_c(out, l->sight == GF_TERRAIN_UNKNOWN ? ",unknown" : l->sight == GF_TERRAIN_SEEN ? ",1" : ",0");
        if (l->sight != GF_TERRAIN_UNKNOWN && l->has_blocker)
            gf_text_format(out, ",%.4f,%.1f\n", l->margin_m, l->blocker_dist_m);
        else
            gf_text_add_c(out, ",,\n");
    }
}
