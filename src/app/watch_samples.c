/* Training samples: what people said about a watch's findings, cut out of the frames that show them.
 *
 * The frame is found by its number, the box is brought from the reference into the frame by that frame's own pose, and what lies outside the
 * preset's parcels is painted over before anything is cut: a sample leaves the house.
 */
#include "app/watch.h"
#include "file/gf_file.h"
#include "vision/gf_vision_privacy.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 65536, EVENTS_MAX = 200000, CLASSES_MAX = 256, SAMPLE_BYTES = 64 << 20 };
static const double MARGIN = 0.5;

typedef struct event {
    int64_t  id;
    uint64_t frame;
    double   box[4];                     /* left, top, width, height in the reference */
    int      width, height;              /* of the picture that was watched */
    gf_utc_ms at;
    gf_str   preset, parcel, class_name, by;
    bool     has_box, judged;
    gf_vision_verdict verdict;
} event;

typedef struct pose_row { uint64_t frame; bool accepted; gf_vision_pose pose; } pose_row;

typedef struct maker {
    const gf_app_watch_samples *ask;
    gf_arena *arena, *scratch;
    event    *events;
    pose_row *poses;
    size_t    event_count, pose_count, reached;   /* reached: the pose that the source has come to */
    gf_str    classes[CLASSES_MAX];
    size_t    class_count;
    uint8_t  *open_cells;
    FILE     *manifest;
    gf_app_watch_sampled *out;
} maker;

/* ---- Lines ---- */

static gf_status bad_line(const char *file, size_t line, const char *what, gf_error *err)
{
    (void)gf_fail(err, GF_EINPUT, "sample.line", "docs/watch.md shows the lines.", "%s", what);
    return gf_fail_at(err, "%s:%zu", file, line);
}

static gf_str word_of(const json_t *object, const char *key, gf_arena *keep) { return gf_str_copy(keep, gf_str_of(json_string_value(json_object_get(object, key)))); }

typedef gf_status line_fn(maker *m, const json_t *object, size_t line, gf_error *err);

static gf_status each_line(maker *m, gf_str text, const char *file, line_fn *take, gf_error *err)
{
    gf_str one;
    size_t line = 0;
    gf_status status = GF_OK;
    while (status == GF_OK && gf_str_cut(&text, '\n', &one)) {
        line++;
        one = gf_str_trim(one);
        if (one.len == 0)
            continue;
        json_t *object = one.len <= LINE_BYTES_MAX ? json_loadb(one.data, one.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
        status = json_is_object(object) ? take(m, object, line, err) : bad_line(file, line, "this line is no JSON object", err);
        json_decref(object);
    }
    return status;
}

static gf_status take_event(maker *m, const json_t *object, size_t line, gf_error *err)
{
    const json_t *id = json_object_get(object, "id"), *box = json_object_get(object, "box_px"), *frame = json_object_get(object, "frame_box");
    if (!json_is_integer(id))
        return bad_line("events", line, "an event has no id", err);
    if (m->event_count == EVENTS_MAX)
        return gf_fail(err, GF_ELIMIT, "sample.events", "Split the file.", "more than %d events", EVENTS_MAX);
    event *e = &m->events[m->event_count++];
    *e = (event){ .id = json_integer_value(id), .preset = word_of(object, "preset", m->arena), .parcel = word_of(object, "parcel", m->arena) };
    gf_str at = gf_str_of(json_string_value(json_object_get(object, "time_utc")));
    if (at.len && !gf_utc_parse(at, &e->at))
        return bad_line("events", line, "time_utc is no instant", err);
    if (!json_is_array(box))
        return GF_OK;
    for (size_t i = 0; i < 4; i++)
        e->box[i] = json_number_value(json_array_get(box, i));
    const json_t *size = json_object_get(object, "picture_px");
    e->width = (int)json_integer_value(json_array_get(size, 0));
    e->height = (int)json_integer_value(json_array_get(size, 1));
    e->has_box = json_array_size(box) == 4 && json_is_integer(frame) && json_integer_value(frame) >= 0 && e->box[2] > 0 && e->box[3] > 0;
    e->frame = (uint64_t)json_integer_value(frame);
    return e->has_box ? GF_OK : bad_line("events", line, "box_px or frame_box cannot be read: take the events of this version's watch", err);
}

static size_t class_index(maker *m, gf_str name)
{
    size_t i = 0;
    while (i < m->class_count && !gf_str_eq(m->classes[i], name))
        i++;
    if (i == m->class_count && i < CLASSES_MAX)
        m->classes[m->class_count++] = name;
    return i;
}

static gf_status take_verdict(maker *m, const json_t *object, size_t line, gf_error *err)
{
    gf_str said = gf_str_of(json_string_value(json_object_get(object, "verdict")));
    const json_t *id = json_object_get(object, "event");
    size_t at = 0;
    int verdict = 0;
    while (verdict < GF_VISION_VERDICT_COUNT && !gf_str_is(said, gf_vision_verdict_name((gf_vision_verdict)verdict)))
        verdict++;
    if (verdict == GF_VISION_VERDICT_COUNT)
        return bad_line("verdicts", line, "verdict is not true, false, permitted or unclear", err);
    while (at < m->event_count && !(json_is_integer(id) && m->events[at].id == json_integer_value(id)))
        at++;
    if (at == m->event_count)
        return bad_line("verdicts", line, "there is no such event", err);
    event *e = &m->events[at];
    if (!e->has_box)
        return bad_line("verdicts", line, "the event has no box: nothing can be cut out", err);
    e->judged = true;
    e->verdict = (gf_vision_verdict)verdict;
    e->class_name = word_of(object, "class", m->arena);
    e->by = word_of(object, "by", m->arena);
    if (e->class_name.len && class_index(m, e->class_name) == CLASSES_MAX)
        return bad_line("verdicts", line, "more than 256 classes", err);
    return e->by.len ? GF_OK : bad_line("verdicts", line, "by is missing: who said so, an id", err);
}

static double number_in(gf_str cell)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.*s", GF_STR_ARG(gf_str_slice(cell, 0, sizeof text - 1)));
    return strtod(text, NULL);
}

/* frame,accepted,dx_px,dy_px,rotation_deg,scale under its head. */
static gf_status take_poses(maker *m, gf_str text, gf_error *err)
{
    gf_str one, cell[6];
    size_t line = 0, room = 0;
    for (size_t i = 0; i < text.len; i++)
        room += text.data[i] == '\n';
    m->poses = gf_new(m->arena, pose_row, room + 1);
    if (!m->poses)
        return gf_fail_memory(err);
    while (gf_str_cut(&text, '\n', &one)) {
        int64_t frame;
        size_t count = 0;
        line++;
        if (line == 1 || gf_str_trim(one).len == 0)
            continue;
        while (count < 6 && gf_str_cut(&one, ',', &cell[count]))
            count++;
        if (count < 2 || !gf_str_to_int(cell[0], &frame) || frame < 0)
            return bad_line("poses", line, "this line is no pose", err);
        pose_row *p = &m->poses[m->pose_count++];
        *p = (pose_row){ .frame = (uint64_t)frame, .accepted = count == 6 && gf_str_is(cell[1], "1") };
        if (p->accepted)
            p->pose = (gf_vision_pose){ number_in(cell[2]), number_in(cell[3]), number_in(cell[4]) / 57.29577951308232, number_in(cell[5]) };
    }
    return GF_OK;
}

/* A frame that the watch did not see: the source is read in another way now, and a pose would be another frame's. */
static gf_status check_frame(maker *m, const gf_vision_frame *f, gf_error *err)
{
    while (m->reached < m->pose_count && m->poses[m->reached].frame < f->number)   /* both in order */
        m->reached++;
    bool seen = m->reached < m->pose_count && m->poses[m->reached].frame == f->number;
    for (size_t k = 0; seen && k < m->event_count; k++)
        seen = !m->events[k].judged || (m->events[k].width == f->width && m->events[k].height == f->height);
    return seen ? GF_OK : gf_fail(err, GF_EINPUT, "sample.source", "Give the same source with the same --rate, --width and --keys.", "frame %llu (%d x %d) is not one that the watch saw",
                                               (unsigned long long)f->number, f->width, f->height);
}

static const gf_vision_pose *pose_of(const maker *m, uint64_t frame)
{
    for (size_t i = 0; i < m->pose_count; i++)
        if (m->poses[i].frame == frame)
            return m->poses[i].accepted && m->poses[i].pose.scale > 0 ? &m->poses[i].pose : NULL;
    return NULL;
}

/* ---- One sample ---- */

/* The box as the frame shows it: its corners brought back, and no farther than the picture. */
static gf_vision_detect_rect box_in_frame(const event *e, const gf_vision_pose *pose, int width, int height)
{
    const gf_vision_pose back = gf_vision_pose_inverse(pose);
    double west = INFINITY, east = -INFINITY, north = INFINITY, south = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double x, y;
        gf_vision_pose_apply(&back, width, height, e->box[0] + (i & 1) * e->box[2], e->box[1] + (i >> 1) * e->box[3], &x, &y);
        west = fmin(west, x);
        east = fmax(east, x);
        north = fmin(north, y);
        south = fmax(south, y);
    }
    west = fmax(west, 0);
    north = fmax(north, 0);
    return (gf_vision_detect_rect){ west, north, fmin(east, width) - west, fmin(south, height) - north };
}

static void copy_plane(uint8_t *to, const uint8_t *from, int width, int height, int stride)
{
    for (int row = 0; row < height; row++)
        memcpy(to + (size_t)row * (size_t)width, from + (size_t)row * (size_t)stride, (size_t)width);
}

static gf_status write_sample(maker *m, const gf_vision_detect_image *image, const event *e, const gf_vision_sample *sample, gf_error *err)
{
    gf_text png, label, line, name;
    size_t width = (size_t)sample->crop.width, height = (size_t)sample->crop.height;
    uint8_t *rgb = gf_new(m->scratch, uint8_t, width * height * 3);
    gf_text *const all[] = { &png, &label, &line, &name };
    for (size_t i = 0; i < GF_COUNT(all); i++)
        gf_text_init(all[i], m->scratch);
    if (!rgb)
        return gf_fail_memory(err);
    gf_vision_sample_pixels(image, &sample->crop, rgb);
    gf_text_format(&name, "labels/event%06lld.txt", (long long)e->id);
    gf_status status = gf_file_picture_write_rgb(rgb, width, height, &png, err);
    if (status == GF_OK)
        status = gf_vision_sample_label(sample, &label, err);
    if (status == GF_OK)
        status = gf_vision_sample_manifest(sample, &line, err);
    if (status == GF_OK)
        status = watch_write(m->ask->out, sample->picture.data, gf_text_str(&png), err);
    if (status == GF_OK)
        status = watch_write(m->ask->out, gf_text_str(&name).data, gf_text_str(&label), err);
    if (status == GF_OK && fwrite(gf_text_str(&line).data, 1, gf_text_str(&line).len, m->manifest) != gf_text_str(&line).len)
        status = gf_fail(err, GF_EIO, "sample.write", "See that the disk has room.", "the manifest cannot be written");
    m->out->samples += status == GF_OK;
    return status;
}

/* A copy of the frame, for it is painted. */
static gf_status cut_out(maker *m, const gf_vision_frame *f, const event *e, gf_error *err)
{
    const gf_app_preset_view *v = m->ask->ground;
    const gf_vision_pose *pose = pose_of(m, e->frame);
    int half_width = (f->width + 1) / 2, half_height = (f->height + 1) / 2;
    size_t luma = (size_t)f->width * (size_t)f->height, chroma = (size_t)half_width * (size_t)half_height;
    if (!pose) {
        m->out->without_pose++;
        return GF_OK;
    }
    uint8_t *y = gf_new(m->scratch, uint8_t, luma), *u = gf_new(m->scratch, uint8_t, chroma), *c = gf_new(m->scratch, uint8_t, chroma);
    if (!y || !u || !c)
        return gf_fail_memory(err);
    copy_plane(y, f->y, f->width, f->height, f->y_stride);
    copy_plane(u, f->u, half_width, half_height, f->uv_stride);
    copy_plane(c, f->v, half_width, half_height, f->uv_stride);
    if (!m->ask->whole) {
        const gf_vision_shield shield = { f->width, f->height, v->columns, v->rows, m->open_cells };
        (void)gf_vision_shield_paint(&shield, pose, f->width, f->height, f->width, f->height, y, f->width, u, c, half_width);
    }
    const gf_vision_detect_image image = { f->width, f->height, y, u, c, f->width, half_width, !m->ask->source->studio_range || !*m->ask->source->studio_range };
    gf_text name;
    gf_text_init(&name, m->scratch);
    gf_text_format(&name, "images/event%06lld.png", (long long)e->id);
    gf_vision_sample sample = { .picture = gf_text_str(&name), .box = box_in_frame(e, pose, f->width, f->height), .verdict = e->verdict, .class_name = e->class_name, .class_index = (uint32_t)class_index(m, e->class_name),
                                .at = e->at, .by = e->by, .parcel = e->parcel, .preset = e->preset };
    if (!(sample.box.width >= 1 && sample.box.height >= 1)) {
        m->out->without_pose++;
        return GF_OK;
    }
    sample.crop = gf_vision_sample_crop(&sample.box, MARGIN, f->width, f->height);
    return write_sample(m, &image, e, &sample, err);
}

static gf_status walk(maker *m, gf_error *err)
{
    gf_vision_frame frame;
    gf_str name;
    bool there = true;
    gf_status status = GF_OK;
    while (status == GF_OK && there) {
        status = m->ask->source->next(m->ask->source->context, &frame, &name, &there, err);
        if (status == GF_OK && there)
            status = check_frame(m, &frame, err);
        for (size_t i = 0; status == GF_OK && there && i < m->event_count; i++) {
            event *e = &m->events[i];
            if (!e->judged || e->frame != frame.number || e->verdict == GF_VISION_VERDICT_UNCLEAR)
                continue;
            gf_mark mark = gf_arena_mark(m->scratch);
            status = cut_out(m, &frame, e, err);
            gf_arena_rewind(m->scratch, mark);
            e->judged = false;   /* done */
        }
    }
    for (size_t i = 0; i < m->event_count; i++) {
        m->out->unclear += m->events[i].judged && m->events[i].verdict == GF_VISION_VERDICT_UNCLEAR;
        m->out->without_frame += m->events[i].judged && m->events[i].verdict != GF_VISION_VERDICT_UNCLEAR;
    }
    return status;
}

/* ---- The folder ---- */

static gf_status open_folder(maker *m, gf_error *err)
{
    gf_text path;
    static const char *const PARTS[] = { "", "/images", "/labels" };
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(PARTS); i++) {
        gf_text_init(&path, m->arena);
        gf_text_format(&path, "%s%s", m->ask->out, PARTS[i]);
        status = watch_make_folder(gf_text_str(&path).data, err);
    }
    gf_text_init(&path, m->arena);
    gf_text_format(&path, "%s/manifest.jsonl", m->ask->out);
    m->manifest = status == GF_OK ? fopen(gf_text_str(&path).data, "wxe") : NULL;
    if (status == GF_OK && !m->manifest)
        status = gf_fail(err, GF_ECONFLICT, "sample.out", "Name a new folder.", "%s holds samples already, or cannot be written", m->ask->out);
    return status;
}

static gf_status write_classes(maker *m, gf_error *err)
{
    gf_text text;
    gf_text_init(&text, m->arena);
    for (size_t i = 0; i < m->class_count; i++)
        gf_text_format(&text, "%.*s\n", GF_STR_ARG(m->classes[i]));
    return watch_write(m->ask->out, "classes.txt", gf_text_str(&text), err);
}

gf_status gf_app_watch_samples_make(const gf_app_watch_samples *ask, gf_app_watch_sampled *out, gf_error *err)
{
    maker *m = calloc(1, sizeof *m);
    *out = (gf_app_watch_sampled){ .samples = 0 };
    if (!m)
        return gf_fail_memory(err);
    *m = (maker){ .ask = ask, .arena = gf_arena_open((size_t)SAMPLE_BYTES * 4), .scratch = gf_arena_open((size_t)SAMPLE_BYTES * 4), .out = out };
    m->events = m->arena ? gf_new(m->arena, event, EVENTS_MAX) : NULL;
    gf_status status = m->events && m->scratch ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK && !ask->ground && !ask->whole)
        status = gf_fail(err, GF_EUSAGE, "sample.ground", "Add --preset P.json --dem F --parcels P, or --whole when the pictures may leave as they are.", "without a preset nothing is known that may be shown");
    if (status == GF_OK && ask->ground)
        status = gf_app_preset_open_cells(ask->ground, ask->margin_px, m->arena, &m->open_cells, err);
    if (status == GF_OK)
        status = each_line(m, ask->events, "events", take_event, err);
    if (status == GF_OK)
        status = each_line(m, ask->verdicts, "verdicts", take_verdict, err);
    if (status == GF_OK)
        status = take_poses(m, ask->poses, err);
    if (status == GF_OK)
        status = open_folder(m, err);
    if (status == GF_OK)
        status = walk(m, err);
    if (status == GF_OK)
        status = write_classes(m, err);
    if (m->manifest && fclose(m->manifest) != 0 && status == GF_OK)
        status = gf_fail(err, GF_EIO, "sample.write", "See that the disk has room.", "the manifest cannot be written");
    gf_arena_close(m->arena);
    gf_arena_close(m->scratch);
    free(m);
    return status;
}
