/* One view: asked by place, answered as rasters and outlines. */
#include "app/gf_app_terrain.h"
#include "file/gf_file.h"
#include "geo/gf_geo.h"

#include <math.h>
#include <string.h>

static const float NO_MARGIN = -9999;
static const size_t SCRATCH_BYTES_MAX = (size_t)8 << 30;

gf_status gf_app_view(const gf_app_surface *surface, const gf_app_view_options *options, gf_arena *keep, gf_terrain_view *out, gf_error *err)
{
    gf_terrain_observer observer = options->observer;
    const gf_terrain_work work = { .workers = options->workers, .margin = options->margin, .cancelled = options->cancelled, .context = options->context };
    size_t failed;
    gf_status status = gf_app_spots_find(surface, &options->spot, 1, &observer.cell, &failed, err);
    return status == GF_OK ? gf_terrain_view_make(&surface->grid, GF_TERRAIN_AIR_DEFAULT, &observer, &work, keep, out, err) : status;
}

/* ---- Rasters ---- */

typedef struct sheet { const gf_terrain_grid *grid; const gf_terrain_view *view; } sheet;

static bool meets(const sheet *s, size_t row) { return row >= s->view->row0 && row - s->view->row0 < s->view->rows; }

static void sight_row(void *context, size_t row, void *samples)
{
    const sheet *s = context;
    memset(samples, GF_TERRAIN_OUTSIDE, s->grid->columns);
    if (meets(s, row))
        memcpy((uint8_t *)samples + s->view->column0, s->view->sight + (row - s->view->row0) * s->view->columns, s->view->columns);
}

static void margin_row(void *context, size_t row, void *samples)
{
    const sheet *s = context;
    float *to = samples;
    for (size_t c = 0; c < s->grid->columns; c++)
        to[c] = NO_MARGIN;
    if (!meets(s, row))
        return;
    const float *from = s->view->margin_m + (row - s->view->row0) * s->view->columns;
    for (size_t c = 0; c < s->view->columns; c++)
        to[s->view->column0 + c] = isfinite(from[c]) ? from[c] : NO_MARGIN;
}

static gf_file_raster raster_of(sheet *s, gf_file_sample sample)
{
    const gf_terrain_grid *g = s->grid;
    return (gf_file_raster){ .rows = g->rows, .columns = g->columns, .west = g->west_m, .north = g->north_m, .step_x = g->cell_m, .step_y = g->cell_m,
                             .epsg = g->epsg, .sample = sample, .nodata = sample == GF_FILE_UINT8 ? GF_TERRAIN_OUTSIDE : (double)NO_MARGIN,
                             .row = sample == GF_FILE_UINT8 ? sight_row : margin_row, .context = s };
}

gf_status gf_app_view_tiff(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_error *err)
{
    sheet s = { &surface->grid, view };
    gf_file_raster raster = raster_of(&s, GF_FILE_UINT8);
    return gf_file_raster_tiff(&raster, out, err);
}

gf_status gf_app_view_margin_tiff(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_error *err)
{
    sheet s = { &surface->grid, view };
    gf_file_raster raster = raster_of(&s, GF_FILE_FLOAT32);
    return gf_file_raster_tiff(&raster, out, err);
}

gf_status gf_app_view_png(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_text *world, gf_error *err)
{
    uint32_t palette[256] = { [GF_TERRAIN_HIDDEN] = 0x3C3C3C60, [GF_TERRAIN_SEEN] = 0x2E9E4BB0, [GF_TERRAIN_UNKNOWN] = 0xE0A100B0 };   /* the rest is clear */
    sheet s = { &surface->grid, view };
    gf_file_raster raster = raster_of(&s, GF_FILE_UINT8);
    return gf_file_raster_png(&raster, palette, out, world, err);
}

/* ---- Outlines ---- */

typedef struct drawer {
    const gf_app_surface *surface;
    const gf_terrain_view *view;
    gf_geo   *way;                /* from the grid to WGS84 */
    gf_arena *keep, *scratch;     /* of one outline; of its making and of one ring */
    gf_text  *out;
} drawer;

static const struct { gf_terrain_sight sight; const char *name, *zh, *en, *colour; } SHOWN[] = {
    { GF_TERRAIN_SEEN, "seen", "可见", "seen", "b04b9e2e" }, { GF_TERRAIN_UNKNOWN, "unknown", "未知(无高程)", "unknown (no elevation)", "b000a1e0" },
};

/* A ring's corners in degrees, closed by its first one. */
static gf_status to_degrees(const drawer *d, const gf_terrain_ring *ring, gf_geo_point **out, gf_error *err)
{
    const gf_terrain_grid *g = &d->surface->grid;
    gf_geo_point *points = gf_new(d->scratch, gf_geo_point, ring->count + 1);
    if (!points)
        return gf_fail_memory(err);
    for (size_t i = 0; i <= ring->count; i++) {
        gf_terrain_corner c = ring->corner[i % ring->count];
        points[i] = (gf_geo_point){ g->west_m + c.column * g->cell_m, g->north_m - c.row * g->cell_m };
    }
    *out = points;
    return gf_geo_forward(d->way, points, ring->count + 1, err);
}

typedef void ring_fn(const drawer *d, const gf_geo_point *points, size_t count, size_t ring_index);

static void json_ring(const drawer *d, const gf_geo_point *points, size_t count, size_t ring_index)
{
    gf_text_add_c(d->out, ring_index ? ",[" : "[");
    for (size_t i = 0; i < count; i++)
        gf_text_format(d->out, "%s[%.8f,%.8f]", i ? "," : "", points[i].x, points[i].y);
    gf_text_add_char(d->out, ']');
}

static void kml_ring(const drawer *d, const gf_geo_point *points, size_t count, size_t ring_index)
{
    const char *side = ring_index ? "innerBoundaryIs" : "outerBoundaryIs";
    gf_text_format(d->out, "<%s><LinearRing><coordinates>", side);
    for (size_t i = 0; i < count; i++)
        gf_text_format(d->out, "%s%.8f,%.8f", i ? " " : "", points[i].x, points[i].y);
    gf_text_format(d->out, "</coordinates></LinearRing></%s>", side);
}

static gf_status draw(const drawer *d, gf_terrain_sight sight, const char *open, const char *between, const char *close, ring_fn *ring, gf_error *err)
{
    gf_terrain_outline outline;
    gf_status status = gf_terrain_outline_make(d->view, sight, d->keep, d->scratch, &outline, err);
    for (size_t i = 0; status == GF_OK && i < outline.count; i++) {
        gf_text_add_c(d->out, i ? between : "");
        gf_text_add_c(d->out, open);
        for (size_t r = 0; status == GF_OK && r < outline.polygons[i].count; r++) {
            gf_mark mark = gf_arena_mark(d->scratch);
            gf_geo_point *points = NULL;
            status = to_degrees(d, &outline.polygons[i].rings[r], &points, err);
            if (status == GF_OK)
                ring(d, points, outline.polygons[i].rings[r].count + 1, r);
            gf_arena_rewind(d->scratch, mark);
        }
        gf_text_add_c(d->out, close);
    }
    return status;
}

static gf_status open_drawer(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, drawer *d, gf_error *err)
{
    *d = (drawer){ .surface = surface, .view = view, .out = out, .keep = gf_arena_open(SCRATCH_BYTES_MAX), .scratch = gf_arena_open(SCRATCH_BYTES_MAX) };
    return d->keep && d->scratch ? gf_geo_open(surface->grid.epsg, GF_GEO_WGS84, &d->way, err) : gf_fail_memory(err);
}

static void close_drawer(drawer *d)
{
    gf_geo_close(d->way);
    gf_arena_close(d->keep);
    gf_arena_close(d->scratch);
}

static uint64_t cells_of(const gf_terrain_view *view, gf_terrain_sight sight) { return sight == GF_TERRAIN_SEEN ? view->seen : view->unknown; }

gf_status gf_app_view_geojson(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_error *err)
{
    drawer d;
    double cell_m = surface->grid.cell_m;
    gf_status status = open_drawer(surface, view, out, &d, err);
    gf_text_add_c(out, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(SHOWN); i++) {
        uint64_t cells = cells_of(view, SHOWN[i].sight);
        gf_text_format(out, "%s{\"type\":\"Feature\",\"properties\":{\"sight\":\"%s\",\"cells\":%llu,\"km2\":%.6f},\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[",
                       i ? "," : "", SHOWN[i].name, (unsigned long long)cells, (double)cells * cell_m * cell_m / 1e6);
        status = draw(&d, SHOWN[i].sight, "[", ",", "]", json_ring, err);
        gf_text_add_c(out, "]}}");
    }
    gf_text_add_c(out, "]}\n");
    close_drawer(&d);
    return status == GF_OK ? gf_text_done(out, err) : status;
}

gf_status gf_app_view_kml(const gf_app_surface *surface, const gf_terrain_view *view, gf_str lang, gf_text *out, gf_error *err)
{
    drawer d;
    gf_status status = open_drawer(surface, view, out, &d, err);
    gf_text_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n");
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(SHOWN); i++) {
        if (!cells_of(view, SHOWN[i].sight))
            continue;   /* a MultiGeometry may not be empty for every reader */
        gf_text_format(out, "<Placemark><name>%s</name><Style><LineStyle><color>%s</color></LineStyle><PolyStyle><color>%s</color></PolyStyle></Style><MultiGeometry>\n",
                       gf_str_is(lang, "en") ? SHOWN[i].en : SHOWN[i].zh, SHOWN[i].colour, SHOWN[i].colour);
        status = draw(&d, SHOWN[i].sight, "<Polygon>", "\n", "</Polygon>", kml_ring, err);
        gf_text_add_c(out, "</MultiGeometry></Placemark>\n");
    }
    gf_text_add_c(out, "</Document></kml>\n");
    close_drawer(&d);
    return status == GF_OK ? gf_text_done(out, err) : status;
}
