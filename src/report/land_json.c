/* The map of farmland as JSON: towers, parcels with what is seen of them, wardens; one sight; one profile. */
#include "report/gf_report.h"

#include <math.h>

static void share(gf_json *json, const char *key, int64_t of_ten_thousand)
{
    if (of_ten_thousand < 0)
        gf_json_null(json, key);
    else
        gf_json_real(json, key, (double)of_ten_thousand / 10000, 4);
}

static void whole(gf_json *json, const char *key, int64_t value)
{
    if (value < 0)
        gf_json_null(json, key);
    else
        gf_json_int(json, key, value);
}

static void write_tower(gf_json *json, const gf_app_land_tower *t)
{
    gf_json_begin(json, NULL, '{');
    gf_json_str(json, "id", t->id);
    gf_json_str(json, "name", t->name);
    gf_json_str(json, "place", t->place);
    gf_json_str(json, "state", t->state);
    gf_json_opt_str(json, "project", t->project);
    gf_json_str(json, "origin", t->origin);
    gf_json_real(json, "lon", t->lon, 6);
    gf_json_real(json, "lat", t->lat, 6);
    gf_json_real(json, "mast_m", t->mast_m, 1);
    whole(json, "parcels", t->parcels);
    gf_json_begin(json, "cameras", '[');
    for (size_t i = 0; i < t->camera_count; i++) {
        const gf_app_land_camera *c = &t->cameras[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "id", c->id);
        gf_json_str(json, "name", c->name);
        if (c->has_range)
            gf_json_real(json, "range_m", c->range_m, 0);
        if (c->has_pan) {
            gf_json_real(json, "pan_from_deg", c->pan_from_deg, 1);
            gf_json_real(json, "pan_to_deg", c->pan_to_deg, 1);
        }
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

static void write_parcel(gf_json *json, const gf_app_land_parcel *p)
{
    gf_decimal area;
    gf_json_begin(json, NULL, '{');
    gf_json_str(json, "id", p->id);
    gf_json_str(json, "number", p->number);
    gf_json_str(json, "place", p->place);
    gf_json_str(json, "place_name", p->place_name);
    gf_json_str(json, "land_code", p->land_code);
    gf_json_str(json, "land_name", p->land_name);
    if (gf_decimal_parse(p->area_m2, &area))
        gf_json_decimal(json, "area_m2", area);
    else
        gf_json_null(json, "area_m2");
    gf_json_str(json, "shape", p->shape);
    gf_json_str(json, "origin", p->origin);
    share(json, "seen", p->seen);
    share(json, "before", p->before);
    share(json, "nodata", p->nodata);
    whole(json, "towers", p->towers);
    gf_json_opt_str(json, "best", p->best);
    gf_json_bool(json, "answered", p->answered);
    gf_json_begin(json, "wardens", '[');
    for (size_t i = 0; i < p->warden_count; i++)
        gf_json_str(json, NULL, p->wardens[i]);
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

static void write_warden(gf_json *json, const gf_app_land_warden *w)
{
    gf_json_begin(json, NULL, '{');
    gf_json_str(json, "id", w->id);
    gf_json_str(json, "person", w->person);
    gf_json_str(json, "post", w->post);
    gf_json_str(json, "level", w->level);
    gf_json_str(json, "place", w->place);
    gf_json_str(json, "place_name", w->place_name);
    gf_json_str(json, "period", w->period);
    gf_json_end(json, '}');
}

static void write_run(gf_json *json, const gf_app_land *land)
{
    char at[GF_UTC_BYTES];
    if (!land->computed) {
        gf_json_null(json, "run");
        return;
    }
    gf_json_begin(json, "run", '{');
    gf_json_str(json, "at_utc", (gf_str){ at, gf_utc_format(land->at, at) });
    gf_json_bool(json, "fresh", land->fresh);
    gf_json_int(json, "epsg", land->epsg);
    gf_json_real(json, "cell_m", land->cell_m, 3);
    gf_json_end(json, '}');
}

void gf_report_land_json(const gf_app_land *land, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    write_run(&json, land);
    gf_json_bool(&json, "more", land->more);
    gf_json_begin(&json, "sums", '{');
    for (size_t i = 0; i < GF_COUNT(land->sums); i++) {
        gf_json_begin(&json, land->sums[i].what, '{');
        gf_json_int(&json, "parcels", land->sums[i].parcels);
        gf_json_int(&json, "area_m2", land->sums[i].area_m2);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, '}');
    gf_json_begin(&json, "towers", '[');
    for (size_t i = 0; i < land->tower_count; i++)
        write_tower(&json, &land->towers[i]);
    gf_json_end(&json, ']');
    gf_json_begin(&json, "wardens", '[');
    for (size_t i = 0; i < land->warden_count; i++)
        write_warden(&json, &land->wardens[i]);
    gf_json_end(&json, ']');
    gf_json_begin(&json, "parcels", '[');
    for (size_t i = 0; i < land->parcel_count; i++)
        write_parcel(&json, &land->parcels[i]);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

void gf_report_land_sights_json(const gf_app_land_sight *sights, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "sights", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_land_sight *s = &sights[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "tower", s->tower);
        gf_json_str(&json, "parcel", s->parcel);
        share(&json, "seen", s->seen);
        whole(&json, "dist_m", s->dist_m);
        if (s->pixel_mm < 0)
            gf_json_null(&json, "pixel_m");
        else
            gf_json_real(&json, "pixel_m", (double)s->pixel_mm / 1000, 3);
        if (s->incidence_ddeg < 0)
            gf_json_null(&json, "incidence_deg");
        else
            gf_json_real(&json, "incidence_deg", (double)s->incidence_ddeg / 10, 1);
        whole(&json, "blocker_dist_m", s->blocker_m);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

static void write_numbers(gf_json *json, const char *key, const double *values, size_t count)
{
    gf_json_begin(json, key, '[');
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            gf_json_real(json, NULL, values[i], 1);
        else
            gf_json_null(json, NULL);
    gf_json_end(json, ']');
}

void gf_report_land_profile_json(const gf_app_land_profile *p, gf_text *out)
{
    static const char *const SIGHTS[] = { [GF_TERRAIN_HIDDEN] = "hidden", [GF_TERRAIN_SEEN] = "seen", [GF_TERRAIN_UNKNOWN] = "unknown" };
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "sight", SIGHTS[p->line.sight]);
    gf_json_real(&json, "dist_m", p->line.dist_m, 1);
    if (p->line.has_blocker) {
        gf_json_real(&json, "margin_m", p->line.margin_m, 1);
        gf_json_real(&json, "blocker_dist_m", p->line.blocker_dist_m, 1);
    } else {
        gf_json_null(&json, "margin_m");
        gf_json_null(&json, "blocker_dist_m");
    }
    write_numbers(&json, "eye_target_m", (const double[]){ p->eye_m, p->target_m }, 2);
    write_numbers(&json, "at_m", p->dist_m, p->count);
    write_numbers(&json, "ground_m", p->ground_m, p->count);
    write_numbers(&json, "sight_m", p->sight_m, p->count);
    gf_json_end(&json, '}');
}
