/* A finding as a line of JSON: what, when, where in the reference, where on the ground, and who bears it out.
 *
 * A finding has no class unless a detector gave one, no place on the ground unless the camera's pose on the ground is known, and no time
 * unless the source has one: absent is null, never a guess. Its place is the ground under the middle of the lower edge of its box, for that
 * is where a thing stands.
 */
#include "app/watch.h"

#include <math.h>
#include <string.h>

enum { PICTURE_NAME_BYTES = 40 };

static const char *const KINDS[] = { "motion", "lasting_change", "state" };

/* What a line says, whoever found it. */
typedef struct told {
    const char *type, *state, *class_name, *witnesses[3];
    size_t    witness_count;
    uint64_t  frame_first, frame_last, frame_box;   /* frame_box: that shows the thing in its box */
    gf_utc_ms at;
    bool      has_box;
    double    left, top, width, height, area_px, score, pose_error_px;   /* pose_error_px < 0: none */
    char      picture[PICTURE_NAME_BYTES];
} told;

static void add_opt_real(gf_json *j, const char *key, double value, int decimals)
{
    if (isfinite(value))
        gf_json_real(j, key, value, decimals);
    else
        gf_json_null(j, key);
}

/* ---- Where ---- */

static void add_parcel(gf_json *j, const gf_app_preset_view *v, const gf_app_preset_spot *s)
{
    if (s->parcel == GF_APP_PRESET_NONE)
        gf_json_null(j, "parcel");
    else
        gf_json_str(j, "parcel", v->parcels->keys[s->parcel]);
    gf_json_begin(j, "candidates", '[');
    for (size_t i = 0; i < s->candidate_count; i++)
        gf_json_str(j, NULL, v->parcels->keys[s->candidates[i]]);
    gf_json_end(j, ']');
    add_opt_real(j, "lon", s->lon, 7);
    add_opt_real(j, "lat", s->lat, 7);
    add_opt_real(j, "pose_error_m", s->pose_error_m, 1);
}

static gf_status add_place(gf_json *j, const watch_run *w, const told *t, gf_error *err)
{
    gf_app_preset_spot spot = { .lon = NAN, .lat = NAN, .pose_error_m = NAN, .parcel = GF_APP_PRESET_NONE };
    const gf_app_preset_view *v = w->o->ground;
    if (v && t->has_box) {
        double scale = (double)v->width / w->r.width;
        gf_status status = gf_app_preset_find(v, (t->left + t->width / 2) * scale, (t->top + t->height) * scale, (t->pose_error_px >= 0 ? t->pose_error_px : 0) * scale, &spot, err);
        if (status != GF_OK)
            return status;
    }
    add_parcel(j, v, &spot);
    return GF_OK;
}

/* ---- The line ---- */

static void add_time(gf_json *j, const watch_run *w, gf_utc_ms instant)
{
    char at[GF_UTC_BYTES];
    if (w->o->timed)
        (void)gf_utc_format(instant, at);
    gf_json_cstr(j, "time_utc", w->o->timed ? at : NULL);
}

static void add_box(gf_json *j, const told *t)
{
    const double BOX[4] = { t->left, t->top, t->width, t->height };
    if (!t->has_box) {
        gf_json_null(j, "box_px");
        gf_json_null(j, "area_px");
        gf_json_null(j, "frame_box");
        return;
    }
    gf_json_begin(j, "box_px", '[');
    for (size_t i = 0; i < 4; i++)
        gf_json_int(j, NULL, (int64_t)lround(BOX[i]));
    gf_json_end(j, ']');
    gf_json_int(j, "area_px", (int64_t)lround(t->area_px));
    gf_json_int(j, "frame_box", (int64_t)t->frame_box);
}

static gf_status add_line(gf_json *j, watch_run *w, const told *t, gf_error *err)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", "gongfu.watch.event/1");
    gf_json_int(j, "id", (int64_t)w->r.events);
    gf_json_cstr(j, "type", t->type);
    gf_json_cstr(j, "state", t->state);
    gf_json_opt_str(j, "preset", w->o->preset);
    gf_json_int(j, "frame_first", (int64_t)t->frame_first);
    gf_json_int(j, "frame_last", (int64_t)t->frame_last);
    add_time(j, w, t->at);
    add_box(j, t);
    gf_json_real(j, "score", t->score, 3);
    gf_json_cstr(j, "class", t->class_name);
    gf_json_begin(j, "picture_px", '[');
    gf_json_int(j, NULL, w->r.width);
    gf_json_int(j, NULL, w->r.height);
    gf_json_end(j, ']');
    gf_json_begin(j, "witnesses", '[');
    for (size_t i = 0; i < t->witness_count; i++)
        gf_json_cstr(j, NULL, t->witnesses[i]);
    gf_json_end(j, ']');
    gf_status status = add_place(j, w, t, err);
    if (t->pose_error_px >= 0)
        gf_json_real(j, "pose_error_px", t->pose_error_px, 2);
    else
        gf_json_null(j, "pose_error_px");
    gf_json_begin(j, "pictures", '[');
    if (t->picture[0])
        gf_json_cstr(j, NULL, t->picture);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    return status;
}

/* ---- The picture ---- */

/* Without a preset nothing is known to be open: no picture is kept. */
static gf_status keep_picture(watch_run *w, const gf_vision_frame *frame, told *t, gf_error *err)
{
    gf_text png;
    if (!w->o->pictures || !frame || !w->o->ground || !t->has_box || !w->last.accepted)
        return GF_OK;
    gf_text_init(&png, w->scratch);
    gf_status status = watch_paint(w, frame, &w->last.pose, frame->width, &png, err);
    (void)snprintf(t->picture, sizeof t->picture, "event%06llu.png", (unsigned long long)w->r.events);
    return status == GF_OK ? watch_write(w->o->pictures, t->picture, gf_text_str(&png), err) : status;
}

/* ---- All of it ---- */

static gf_status write_told(watch_run *w, const gf_vision_frame *frame, told *t, gf_error *err)
{
    gf_text text;
    gf_json json;
    gf_mark mark = gf_arena_mark(w->scratch);
    w->r.events++;
    gf_text_init(&text, w->scratch);
    gf_json_init(&json, &text);
    gf_status status = keep_picture(w, frame, t, err);
    if (status == GF_OK)
        status = add_line(&json, w, t, err);
    gf_text_add_char(&text, '\n');
    if (status == GF_OK)
        status = gf_text_done(&text, err);
    if (status == GF_OK && w->events)
        (void)fwrite(gf_text_str(&text).data, 1, gf_text_str(&text).len, w->events);  /* failures are asked for when it is closed */
    gf_arena_rewind(w->scratch, mark);
    return status;
}

gf_status watch_write_findings(watch_run *w, const gf_vision_frame *frame, const gf_vision_step *step, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; i < step->finding_count && status == GF_OK; i++) {
        const gf_vision_finding *f = &step->findings[i];
        bool is_state = f->kind == GF_VISION_STATE_CHANGE;
        const watch_sight *witness = is_state ? NULL : watch_witness(w, f);
        told t = { .type = KINDS[f->kind], .state = is_state ? gf_vision_state_name(f->state) : NULL, .frame_first = f->frame_first, .frame_last = f->frame_last, .frame_box = f->kind == GF_VISION_MOTION ? f->frame_box : f->frame_last, .at = f->at_first, .has_box = !is_state,
                   .left = f->left, .top = f->top, .width = f->width, .height = f->height, .area_px = f->area_px, .score = f->score,
                   .pose_error_px = is_state || f->pose_error_px >= 0 || !w->last.accepted ? f->pose_error_px : w->last.residual_px };
        if (!is_state)
            t.witnesses[t.witness_count++] = KINDS[f->kind];
        if (witness) {
            t.witnesses[t.witness_count++] = "detector";
            t.class_name = w->o->eye->detector->model.class[witness->class_index].name;
        }
        w->r.events_of[f->kind]++;
        status = write_told(w, frame, &t, err);
    }
    return status;
}

gf_status watch_write_sight(watch_run *w, const gf_vision_frame *frame, const watch_sight *s, gf_error *err)
{
    told t = { .type = "detection", .class_name = w->o->eye->detector->model.class[s->class_index].name, .witnesses = { "detector" }, .witness_count = 1, .frame_first = s->frame_first, .frame_last = s->frame_last, .frame_box = s->frame_last,
               .at = s->at_first, .has_box = true, .left = s->at.x, .top = s->at.y, .width = s->at.width, .height = s->at.height, .area_px = s->at.width * s->at.height,
               .score = s->score_sum / s->hits, .pose_error_px = w->last.accepted ? w->last.residual_px : -1 };
    w->r.detections++;
    return write_told(w, frame, &t, err);
}
