/* An observer and its window: what is asked, where it lies, which directions belong to it.
 *
 * The pan sector is tested with cross products, never with angles: the sine and cosine of an edge are folded from the first
 * half quadrant, so that turned sectors have exactly turned edges. */
#include "terrain/sweep.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
static const double HEIGHT_MAX_M = 10000;

static gf_status fail(gf_error *err, const char *hint, const char *what, double a, double b)
{
    return gf_fail(err, GF_EINPUT, "terrain.observer", hint, what, a, b);
}

gf_status view_check(const gf_terrain_grid *grid, const gf_terrain_observer *o, gf_error *err)
{
    if (o->cell.row >= grid->rows || o->cell.column >= grid->columns)
        return fail(err, "", "row %.0f, column %.0f is off the elevation", o->cell.row, o->cell.column);
    if (isnan(grid->height_m[(size_t)o->cell.row * grid->columns + o->cell.column]))
        return fail(err, "Move it to the next cell with data, or bring an elevation without this void.",
                    "the ground under the observer (row %.0f, column %.0f) is unknown", o->cell.row, o->cell.column);
    if (!(o->mast_m >= 0 && o->mast_m <= HEIGHT_MAX_M && o->target_m >= 0 && o->target_m <= HEIGHT_MAX_M))
        return fail(err, "Heights stand above the ground, in metres.", "a mast of %g m or a target of %g m is no height above the ground", o->mast_m, o->target_m);
    if (!(o->range_m > 0))
        return fail(err, "Give it in metres.", "a range of %g m is none", o->range_m, 0);
    if (o->has_pan && !(fabs(o->pan_from_deg) <= 720 && fabs(o->pan_to_deg) <= 720))
        return fail(err, "Give azimuths from 0 to 360.", "a sector from %g to %g degrees is none", o->pan_from_deg, o->pan_to_deg);
    if (o->has_pitch && !(o->pitch_min_deg >= -90 && o->pitch_max_deg <= 90 && o->pitch_min_deg <= o->pitch_max_deg))
        return fail(err, "Give the lower one first, from -90 to 90.", "a pitch from %g to %g degrees is none", o->pitch_min_deg, o->pitch_max_deg);
    return GF_OK;
}

/* Sine and cosine of degrees, exact at the quarters and folded so that eighths of a circle mirror each other. */
static void direction(double deg, double *x, double *y)
{
    double turned = fmod(deg, 360);
    turned = turned < 0 ? turned + 360 : turned;
    int quarter = (int)(turned / 90) & 3;
    double rest = turned - 90.0 * quarter, low = rest > 45 ? 90 - rest : rest;
    double s = low == 45 ? sqrt(0.5) : sin(low * PI / 180), c = low == 45 ? sqrt(0.5) : cos(low * PI / 180);
    double along = rest > 45 ? s : c, right = rest > 45 ? c : s;
    const double xs[4] = { right, along, -right, -along }, ys[4] = { along, -right, -along, right };
    *x = xs[quarter];
    *y = ys[quarter];
}

static double slope_of(double pitch_deg) { return pitch_deg <= -90 ? -INFINITY : pitch_deg >= 90 ? INFINITY : tan(pitch_deg * PI / 180); }

void view_prepare(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observer, view_plan *plan)
{
    double cells = observer->range_m / grid->cell_m;
    double wide_deg = fmod(observer->pan_to_deg - observer->pan_from_deg, 360);
    *plan = (view_plan){ .grid = grid, .observer = *observer, .bend_m = sight_bend(air, grid->cell_m, 1), .range2 = cells * cells,
                         .pitch_min = slope_of(observer->pitch_min_deg), .pitch_max = slope_of(observer->pitch_max_deg) };
    plan->eye_m = (double)grid->height_m[(size_t)observer->cell.row * grid->columns + observer->cell.column] + observer->mast_m;
    wide_deg = wide_deg < 0 ? wide_deg + 360 : wide_deg;
    plan->whole_circle = !observer->has_pan || fabs(observer->pan_to_deg - observer->pan_from_deg) >= 360;
    plan->over_half = wide_deg > 180;
    direction(observer->pan_from_deg, &plan->from_x, &plan->from_y);
    direction(observer->pan_to_deg, &plan->to_x, &plan->to_y);
}

void view_window(const view_plan *plan, gf_terrain_view *view)
{
    const gf_terrain_grid *g = plan->grid;
    gf_terrain_cell at = plan->observer.cell;
    double cells = floor(fmin(plan->observer.range_m / g->cell_m, 1e9));
    uint32_t up = cells < at.row ? (uint32_t)cells : at.row, left = cells < at.column ? (uint32_t)cells : at.column;
    uint32_t below = g->rows - 1 - at.row, beside = g->columns - 1 - at.column;
    *view = (gf_terrain_view){ .row0 = at.row - up, .column0 = at.column - left };
    view->rows = up + 1 + (cells < below ? (uint32_t)cells : below);
    view->columns = left + 1 + (cells < beside ? (uint32_t)cells : beside);
}

void view_clear(const view_plan *plan, gf_terrain_view *view)
{
    size_t cells = (size_t)view->rows * view->columns;
    size_t own = (size_t)(plan->observer.cell.row - view->row0) * view->columns + (plan->observer.cell.column - view->column0);
    memset(view->sight, GF_TERRAIN_OUTSIDE, cells);
    view->sight[own] = GF_TERRAIN_SEEN;
    for (size_t i = 0; view->margin_m && i < cells; i++)
        view->margin_m[i] = NAN;
    if (view->margin_m)
        view->margin_m[own] = INFINITY;
}

void view_count(gf_terrain_view *view)
{
    uint64_t counts[256] = { 0 };
    for (size_t i = 0; i < (size_t)view->rows * view->columns; i++)
        counts[view->sight[i]]++;
    view->hidden = counts[GF_TERRAIN_HIDDEN];
    view->seen = counts[GF_TERRAIN_SEEN];
    view->unknown = counts[GF_TERRAIN_UNKNOWN];
    view->outside = counts[GF_TERRAIN_OUTSIDE];
}

size_t view_reach(const gf_terrain_view *view) { return view->rows > view->columns ? view->rows : view->columns; }
