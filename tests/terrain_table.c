/* terrain_table [--dem F] FILE…: sight lines against a table that says what they are. Each row is one check: visible as it
 * says (1, 0, unknown), margin_m within 0.01 m, blocker_dist_m as far as it is printed. Without --dem the elevation is the
 * file beside the table that is called taishun_west_90m_epsg4549.tif or hills.tif. Last line: N passed, N failed.
 */
#include "app/gf_app_terrain.h"
#include "file/gf_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MARGIN_M = 0.01, BLOCKER_M = 0.051;
static const char *const BESIDE[] = { "taishun_west_90m_epsg4549.tif", "hills.tif" };

typedef struct counts { size_t passed, failed; } counts;

static bool read_all(gf_arena *arena, const char *path, gf_str *out)
{
    FILE *file = fopen(path, "rb");
    gf_text text;
    char part[65536];
    gf_text_init(&text, arena);
    for (size_t got; file && (got = fread(part, 1, sizeof part, file)) > 0;)
        gf_text_add(&text, (gf_str){ part, got });
    bool done = file && !ferror(file);
    if (file)
        (void)fclose(file);
    *out = gf_text_str(&text);
    return done && gf_text_done(&text, NULL) == GF_OK;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool find_dem(gf_arena *arena, const char *dem, const char *table, gf_str *bytes, gf_str *name)
{
    *name = gf_str_of(dem ? name_of(dem) : "");
    if (dem)
        return read_all(arena, dem, bytes);
    for (size_t i = 0; i < GF_COUNT(BESIDE); i++) {
        gf_text path;
        gf_text_init(&path, arena);
        gf_text_format(&path, "%.*s%s", (int)(name_of(table) - table), table, BESIDE[i]);
        *name = gf_str_of(BESIDE[i]);
        if (read_all(arena, gf_text_str(&path).data, bytes))
            return true;
    }
    return false;
}

/* ---- What the table says ---- */

typedef struct expected { gf_str id, visible, margin, blocker; } expected;
typedef struct expectations { gf_str rest; gf_file_csv *csv; size_t at[4]; } expectations;

static size_t read_memory(void *context, char *bytes, size_t room)
{
    gf_str *rest = context;
    size_t len = rest->len < room ? rest->len : room;
    memcpy(bytes, rest->data, len);
    *rest = gf_str_slice(*rest, len, rest->len);
    return len;
}

static gf_status open_table(gf_str csv, expectations *e, gf_error *err)
{
    static const char *const NAMES[4] = { "id", "visible", "margin_m", "blocker_dist_m" };
    const gf_file_csv_options options = { .name = "table" };
    const gf_str *fields;
    size_t count, found = 0;
    *e = (expectations){ .rest = csv };
    gf_status status = gf_file_csv_open(&options, read_memory, &e->rest, &e->csv, err);
    if (status == GF_OK)
        status = gf_file_csv_next(e->csv, &fields, &count, err);
    for (size_t n = 0; status == GF_OK && n < 4; n++)
        for (size_t i = 0; i < count; i++)
            if (gf_str_is(fields[i], NAMES[n])) {
                e->at[n] = i;
                found++;
                break;
            }
    return status == GF_OK && found < 4 ? gf_fail(err, GF_EINPUT, "table.columns", "", "the table lacks visible, margin_m or blocker_dist_m") : status;
}

static bool near_to(gf_str text, double value, double tolerance)
{
    char word[40];
    (void)snprintf(word, sizeof word, "%.*s", GF_STR_ARG(gf_str_slice(text, 0, sizeof word - 1)));
    return fabs(strtod(word, NULL) - value) <= tolerance;
}

static bool agrees(const expected *e, const gf_terrain_line *l)
{
    const char *sight = l->sight == GF_TERRAIN_SEEN ? "1" : l->sight == GF_TERRAIN_HIDDEN ? "0" : "unknown";
    bool has = l->has_blocker && l->sight != GF_TERRAIN_UNKNOWN;
    return gf_str_is(e->visible, sight) && (e->margin.len ? has && near_to(e->margin, l->margin_m, MARGIN_M) : !has) &&
           (e->blocker.len ? has && near_to(e->blocker, l->blocker_dist_m, BLOCKER_M) : !has);
}

static gf_status check_rows(gf_str csv, const gf_app_lined *lined, counts *c, gf_error *err)
{
    expectations e;
    const gf_str *f;
    size_t count;
    gf_status status = open_table(csv, &e, err);
    for (size_t i = 0; status == GF_OK && (status = gf_file_csv_next(e.csv, &f, &count, err)) == GF_OK && count && i < lined->count; i++) {
        const gf_terrain_line *l = &lined->pairs[i].line;
        gf_str v[4];
        for (size_t n = 0; n < 4; n++)
            v[n] = e.at[n] < count ? f[e.at[n]] : GF_STR("");
        const expected x = { v[0], v[1], v[2], v[3] };
        if (gf_str_eq(x.id, lined->pairs[i].id) && agrees(&x, l)) {
            c->passed++;
            continue;
        }
        c->failed++;
        printf("FAIL line %.*s: expected %.*s %.*s %.*s, got %d %.4f %.1f\n", GF_STR_ARG(x.id), GF_STR_ARG(x.visible), GF_STR_ARG(x.margin), GF_STR_ARG(x.blocker),
               (int)l->sight, l->margin_m, l->blocker_dist_m);
    }
    gf_file_csv_close(e.csv);
    return status;
}

static gf_status check_table(const char *dem, const char *path, counts *c, gf_error *err)
{
    gf_arena *keep = gf_arena_open((size_t)2 << 30), *scratch = gf_arena_open((size_t)2 << 30);
    gf_app_dem_file file;
    gf_str csv;
    gf_app_surface surface;
    gf_app_lined lined;
    gf_status status = GF_OK;
    if (!read_all(keep, path, &csv))
        status = gf_fail(err, GF_ENOTFOUND, "table.none", "", "%s cannot be read", path);
    else if (!find_dem(keep, dem, path, &file.bytes, &file.name))
        status = gf_fail(err, GF_ENOTFOUND, "table.dem", "Write --dem F.", "there is no elevation beside %s", path);
    const gf_app_surface_options options = { .files = &file, .count = 1 };
    if (status == GF_OK)
        status = gf_app_surface_read(&options, keep, scratch, &surface, err);
    if (status == GF_OK)
        status = gf_app_lines(&surface, gf_str_of(name_of(path)), csv, NULL, NULL, keep, &lined, err);
    if (status == GF_OK)
        status = check_rows(csv, &lined, c, err);
    gf_arena_close(keep);
    gf_arena_close(scratch);
    return status;
}

int main(int argc, char **argv)
{
    counts c = { 0, 0 };
    const char *dem = NULL;
    for (int i = 1; i < argc; i++) {
        gf_error err = { .status = GF_OK };
        if (strcmp(argv[i], "--dem") == 0 && i + 1 < argc) {
            dem = argv[++i];
            continue;
        }
        if (check_table(dem, argv[i], &c, &err) != GF_OK) {
            printf("FAIL %s: %s: %s\n", argv[i], err.where, err.what);
            c.failed++;
        }
    }
    printf("%zu passed, %zu failed\n", c.passed, c.failed);
    return c.failed == 0 && c.passed > 0 ? 0 : 1;
}
