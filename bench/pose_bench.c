/* pose_bench DEM.tif: monoplotting in process. A camera 40 m above the highest ground of the middle looks down on all
 * sides; 1,000 pixels at random, median of 31 runs; what comes back from ground to pixel. Prints "name<TAB>value". */
#define _POSIX_C_SOURCE 200809L
#include "file/gf_file.h"
#include "terrain/gf_terrain_pose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIXELS = 1000, RUNS = 31, FILE_BYTES_MAX = 256 << 20 };

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static gf_str read_all(gf_arena *arena, const char *path)
{
    char *data = gf_new(arena, char, FILE_BYTES_MAX);
    FILE *file = fopen(path, "rb");
    size_t len = data && file ? fread(data, 1, FILE_BYTES_MAX, file) : 0;
    if (file)
        (void)fclose(file);
    return (gf_str){ data, len };
}

static int by_value(const void *a, const void *b) { return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b); }

/* The highest cell of the middle tenth. */
static gf_terrain_cell highest(const gf_terrain_grid *g)
{
    gf_terrain_cell best = { g->rows / 2, g->columns / 2 };
    for (uint32_t r = g->rows * 45 / 100; r < g->rows * 55 / 100; r++)
        for (uint32_t c = g->columns * 45 / 100; c < g->columns * 55 / 100; c++)
            if (g->height_m[(size_t)r * g->columns + c] > g->height_m[(size_t)best.row * g->columns + best.column])
                best = (gf_terrain_cell){ r, c };
    return best;
}

int main(int argc, char **argv)
{
    gf_arena *arena = gf_arena_open((size_t)2 << 30);
    gf_file_dem dem;
    gf_terrain_grid g;
    gf_error err;
    static gf_terrain_pixel pixels[PIXELS];
    static gf_terrain_ground ground[PIXELS];
    double ms[RUNS], worst_m = 0, far_m = 0;
    size_t met = 0;
    if (argc != 2 || !arena || gf_file_dem_read(read_all(arena, argv[1]), gf_str_of("bench.tif"), NULL, arena, &dem, &err) != GF_OK ||
        gf_terrain_grid_of((uint32_t)dem.rows, (uint32_t)dem.columns, dem.step_x, dem.height_m, arena, &g, &err) != GF_OK)
        return 1;
    gf_terrain_cell at = highest(&g);
    gf_terrain_pose pose = { gf_terrain_cell_x(&g, at.column), gf_terrain_cell_y(&g, at.row), 40 + (double)g.height_m[(size_t)at.row * g.columns + at.column], 0, -3, 0,
                             1500, 960, 540 };
    srand(1);
    for (size_t i = 0; i < PIXELS; i++)
        pixels[i] = (gf_terrain_pixel){ rand() % 1920, 440 + rand() % 640 };   /* from the horizon down */
    for (int run = 0; run < RUNS; run++) {
        pose.heading_deg = run * 360.0 / RUNS;
        double begun = now_ms();
        gf_terrain_pixels_to_ground(&g, GF_TERRAIN_AIR_DEFAULT, &pose, 10000, pixels, PIXELS, ground);
        ms[run] = now_ms() - begun;
        for (size_t i = 0; i < PIXELS; i++) {
            gf_terrain_pixel back;
            if (ground[i].kind != GF_TERRAIN_GROUND || !gf_terrain_point_to_pixel(GF_TERRAIN_AIR_DEFAULT, &pose, ground[i].x_m, ground[i].y_m, ground[i].height_m, &back))
                continue;
            gf_terrain_ground again;
            gf_terrain_pixels_to_ground(&g, GF_TERRAIN_AIR_DEFAULT, &pose, 10000, &back, 1, &again);
            double off_m = again.kind == GF_TERRAIN_GROUND ? hypot(again.x_m - ground[i].x_m, again.y_m - ground[i].y_m) : INFINITY;
            worst_m = off_m > worst_m ? off_m : worst_m;
            far_m = ground[i].dist_m > far_m ? ground[i].dist_m : far_m;
            met++;
        }
    }
    qsort(ms, RUNS, sizeof *ms, by_value);
    printf("pixels.ms\t%.2f\npixels.ms_max\t%.2f\npixels.met\t%zu\npixels.far_m\t%.0f\nback.worst_m\t%.4f\n", ms[RUNS / 2], ms[RUNS - 1], met, far_m, worst_m);
    gf_arena_close(arena);
    return 0;
}
