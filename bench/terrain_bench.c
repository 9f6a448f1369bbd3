/* In-process timings of the terrain engine, the elevation loaded: what a server pays for a view.
 *
 * terrain_bench DEM.tif OBSERVERS.csv [FINE.tif]: the shared 90 m grid resampled bilinearly to 30 m (and written, for the
 * peers of bench_terrain.py, to FINE.tif); prints "name<TAB>value" lines for its table. Medians over the first towers.
 */
#define _POSIX_C_SOURCE 200809L
#include "file/gf_file.h"
#include "terrain/gf_terrain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { TOWERS_MAX = 1000, SINGLE = 31 };

typedef struct tower { double x_m, y_m, mast_m; } tower;

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static gf_str read_all(gf_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    gf_text text;
    gf_text_init(&text, arena);
    char part[65536];
    for (size_t got; file && (got = fread(part, 1, sizeof part, file)) > 0;)
        gf_text_add(&text, (gf_str){ part, got });
    if (file)
        (void)fclose(file);
    return gf_text_str(&text);
}

static void fail(const gf_error *err)
{
    (void)fprintf(stderr, "terrain_bench: %s: %s. %s\n", err->where, err->what, err->hint);
    exit(1);
}

/* `times` cells for each, between the old centres bilinear; the new centres never leave the old ones' hull by more than half a cell,
 * where the border cell is repeated. */
static float *finer(const gf_file_dem *dem, uint32_t times, gf_arena *arena)
{
    size_t rows = dem->rows * times, columns = dem->columns * times;
    float *out = gf_new(arena, float, rows * columns);
    for (size_t r = 0; out && r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            double y = fmin(fmax(((double)r + 0.5) / times - 0.5, 0), (double)dem->rows - 1), x = fmin(fmax(((double)c + 0.5) / times - 0.5, 0), (double)dem->columns - 1);
            size_t y0 = (size_t)y, x0 = (size_t)x, y1 = y0 + 1 < dem->rows ? y0 + 1 : y0, x1 = x0 + 1 < dem->columns ? x0 + 1 : x0;
            double fy = y - (double)y0, fx = x - (double)x0;
            const float *h = dem->height_m;
            double a = h[y0 * dem->columns + x0] * (1 - fx) + h[y0 * dem->columns + x1] * fx, b = h[y1 * dem->columns + x0] * (1 - fx) + h[y1 * dem->columns + x1] * fx;
            out[r * columns + c] = (float)(a * (1 - fy) + b * fy);
        }
    return out;
}

static size_t read_towers(gf_str text, tower *towers)
{
    size_t count = 0;
    gf_str line;
    (void)gf_str_cut(&text, '\n', &line);   /* id,x_4549,y_4549,lon_wgs84,lat_wgs84,ground_m,mast_m */
    while (count < TOWERS_MAX && gf_str_cut(&text, '\n', &line) && line.len) {
        double v[7] = { 0 };
        gf_str field;
        for (int i = 0; i < 7 && gf_str_cut(&line, ',', &field); i++) {
            char word[32];
            (void)snprintf(word, sizeof word, "%.*s", GF_STR_ARG(gf_str_slice(field, 0, sizeof word - 1)));
            v[i] = strtod(word, NULL);
        }
        towers[count++] = (tower){ v[1], v[2], v[6] };
    }
    return count;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void observers_of(const gf_terrain_grid *grid, const tower *towers, size_t count, double range_m, gf_terrain_observer *out)
{
    gf_error err;
    for (size_t i = 0; i < count; i++) {
        out[i] = GF_TERRAIN_OBSERVER_DEFAULT;
        out[i].mast_m = towers[i].mast_m;
        out[i].range_m = range_m;
        if (gf_terrain_cell_at(grid, towers[i].x_m, towers[i].y_m, &out[i].cell, &err) != GF_OK)
            fail(&err);
    }
}

static void time_single(const char *name, const gf_terrain_grid *grid, const gf_terrain_observer *observers, size_t count, size_t workers)
{
    double ms[SINGLE];
    uint64_t seen = 0, cells = 0;
    const gf_terrain_work work = { .workers = workers };
    for (size_t i = 0; i < count; i++) {
        gf_arena *arena = gf_arena_open((size_t)1 << 30);
        gf_terrain_view view;
        gf_error err;
        double begun = now_ms();
        if (gf_terrain_view_make(grid, GF_TERRAIN_AIR_DEFAULT, &observers[i], &work, arena, &view, &err) != GF_OK)
            fail(&err);
        ms[i] = now_ms() - begun;
        seen += view.seen;
        cells += view.seen + view.hidden + view.unknown;
        gf_arena_close(arena);
    }
    qsort(ms, count, sizeof *ms, by_size);
    printf("%s\t%.2f\n%s.max\t%.2f\n%s.cells\t%llu\n%s.seen_share\t%.4f\n", name, ms[count / 2], name, ms[count - 1], name, (unsigned long long)(cells / count), name,
           (double)seen / (double)cells);
}

/* Every cell of a view with margins against the line walked crossing by crossing. */
static void compare(const gf_terrain_grid *grid, const gf_terrain_observer *observers, size_t count)
{
    const gf_terrain_work work = { .workers = 2, .margin = true };
    size_t cells = 0, wrong = 0, wrong_margins = 0;
    double ms = 0;
    for (size_t i = 0; i < count; i++) {
        gf_arena *arena = gf_arena_open((size_t)1 << 30);
        gf_terrain_view view;
        gf_error err;
        double begun = now_ms();
        if (gf_terrain_view_make(grid, GF_TERRAIN_AIR_DEFAULT, &observers[i], &work, arena, &view, &err) != GF_OK)
            fail(&err);
        ms += now_ms() - begun;
        for (uint32_t k = 0; k < view.rows * view.columns; k++) {
            gf_terrain_line line;
            gf_terrain_cell to = { view.row0 + k / view.columns, view.column0 + k % view.columns };
            if (view.sight[k] == GF_TERRAIN_OUTSIDE)
                continue;
            gf_terrain_line_walk(grid, GF_TERRAIN_AIR_DEFAULT, observers[i].cell, observers[i].mast_m, to, observers[i].target_m, &line);
            cells++;
            wrong += view.sight[k] != line.sight ? 1 : 0;
            wrong_margins += line.sight != GF_TERRAIN_UNKNOWN && view.margin_m[k] != (float)line.margin_m ? 1 : 0;
        }
        gf_arena_close(arena);
    }
    printf("equal.cells\t%zu\nequal.wrong\t%zu\nequal.wrong_margins\t%zu\nmargin.2\t%.1f\n", cells, wrong, wrong_margins, ms / (double)count);
}

static void time_many(const gf_terrain_grid *grid, const gf_terrain_observer *observers, size_t count, size_t workers)
{
    gf_arena *arena = gf_arena_open((size_t)1 << 30);
    gf_terrain_bits *bits;
    gf_error err;
    const gf_terrain_work work = { .workers = workers };
    double begun = now_ms(), cpu_begun = cpu_ms();
    if (gf_terrain_bits_make(grid, GF_TERRAIN_AIR_DEFAULT, observers, count, &work, arena, &bits, &err) != GF_OK)
        fail(&err);
    double ms = now_ms() - begun, cpu = cpu_ms() - cpu_begun;
    uint64_t seen = 0;
    for (size_t i = 0; i < count; i++)
        seen += bits[i].seen_count;
    printf("many.%zu.ms\t%.0f\nmany.%zu.cpu_ms\t%.0f\nmany.seen\t%llu\nmany.kept_mb\t%.0f\n", workers, ms, workers, cpu, (unsigned long long)seen, (double)gf_arena_used(arena) / 1e6);
    gf_arena_close(arena);
}

typedef struct sheet { const float *height; size_t columns; } sheet;

static void give_row(void *context, size_t row, void *samples)
{
    const sheet *s = context;
    memcpy(samples, s->height + row * s->columns, s->columns * sizeof *s->height);
}

static void write_fine(const gf_terrain_grid *grid, int epsg, const char *path, gf_arena *arena)
{
    sheet s = { grid->height_m, grid->columns };
    const gf_file_raster raster = { .rows = grid->rows, .columns = grid->columns, .west = grid->west_m, .north = grid->north_m, .step_x = grid->cell_m,
                                    .step_y = grid->cell_m, .epsg = epsg, .sample = GF_FILE_FLOAT32, .nodata = -9999, .row = give_row, .context = &s };
    gf_text text;
    gf_error err;
    gf_text_init(&text, arena);
    if (gf_file_raster_tiff(&raster, &text, &err) != GF_OK)
        fail(&err);
    FILE *file = fopen(path, "wb");
    bool done = file && fwrite(text.data, 1, text.len, file) == text.len;
    if ((file && fclose(file) != 0) || !done)
        exit(1);
}

int main(int argc, char **argv)
{
    gf_arena *arena = gf_arena_open((size_t)2 << 30);
    gf_error err;
    gf_file_dem dem;
    static tower towers[TOWERS_MAX];
    static gf_terrain_observer observers[TOWERS_MAX];
    if (argc < 3 || argc > 4 || !arena)
        return 2;
    if (gf_file_dem_read(read_all(arena, argv[1]), gf_str_of("bench.tif"), NULL, arena, &dem, &err) != GF_OK)
        fail(&err);
    size_t count = read_towers(read_all(arena, argv[2]), towers);
    gf_terrain_grid grid;
    if (gf_terrain_grid_of((uint32_t)dem.rows * 3, (uint32_t)dem.columns * 3, dem.step_x / 3, finer(&dem, 3, arena), arena, &grid, &err) != GF_OK)
        fail(&err);
    grid.west_m = dem.west;
    grid.north_m = dem.north;
    observers_of(&grid, towers, count, 10000, observers);
    if (argc == 4)
        write_fine(&grid, dem.epsg, argv[3], arena);
    time_single("one.1", &grid, observers, SINGLE, 1);
    time_single("one.2", &grid, observers, SINGLE, 2);
    compare(&grid, observers, 5);
    observers_of(&grid, towers, 5, INFINITY, observers);
    time_single("whole.1", &grid, observers, 5, 1);
    time_single("whole.2", &grid, observers, 5, 2);
    observers_of(&grid, towers, count, 10000, observers);
    time_many(&grid, observers, count, 2);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("peak_mb\t%.0f\n", (double)usage.ru_maxrss / 1024);
    gf_arena_close(arena);
    return 0;
}
