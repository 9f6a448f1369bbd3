/* Samples: what people said about findings, in the form that trainers read. */
#include "vision/gf_vision_detect.h"

#include <math.h>

static const double CROP_MARGIN_PX = 16;

const char *gf_vision_verdict_name(gf_vision_verdict verdict)
{
    static const char *const NAMES[GF_VISION_VERDICT_COUNT] = { "true", "false", "permitted", "unclear" };
    return (unsigned)verdict < GF_VISION_VERDICT_COUNT ? NAMES[verdict] : "unclear";
}

/* One axis of a square crop: whole even pixels around the middle, moved inside the picture. */
static void crop_axis(double from, double length, double side, int picture, double *begin, double *size)
{
    const double whole = picture - picture % 2, wide = fmin(ceil(side / 2) * 2, whole);
    double low = floor((from + length / 2 - wide / 2) / 2) * 2;
    low = low < 0 ? 0 : low;
    low = low + wide > whole ? whole - wide : low;
    *begin = low;
    *size = wide;
}

gf_vision_detect_rect gf_vision_sample_crop(const gf_vision_detect_rect *box, double margin, int width, int height)
{
    const double longer = fmax(box->width, box->height), side = longer + 2 * fmax(longer * margin, CROP_MARGIN_PX) + 2;
    gf_vision_detect_rect crop;
    crop_axis(box->x, box->width, side, width, &crop.x, &crop.width);
    crop_axis(box->y, box->height, side, height, &crop.y, &crop.height);
    return crop;
}

static uint8_t byte_of(double colour) { return (uint8_t)(colour < 0 ? 0 : colour > 255 ? 255 : colour + 0.5); }

void gf_vision_sample_pixels(const gf_vision_detect_image *image, const gf_vision_detect_rect *crop, uint8_t *rgb)
{
    const double scale = image->full_range ? 1 : 255.0 / 219, from = image->full_range ? 0 : 16, chroma = image->full_range ? 1 : 255.0 / 224;
    for (int y = (int)crop->y; y < (int)(crop->y + crop->height); y++)
        for (int x = (int)crop->x; x < (int)(crop->x + crop->width); x++, rgb += 3) {
            const ptrdiff_t at = (ptrdiff_t)(y / 2) * image->uv_stride + x / 2;
            const double light = (image->y[(ptrdiff_t)y * image->y_stride + x] - from) * scale, cb = (image->u[at] - 128) * chroma, cr = (image->v[at] - 128) * chroma;
            rgb[0] = byte_of(light + 1.402 * cr);
            rgb[1] = byte_of(light - 0.344136286 * cb - 0.714136286 * cr);
            rgb[2] = byte_of(light + 1.772 * cb);
        }
}

static gf_status check(const gf_vision_sample *s, gf_error *err)
{
    const gf_vision_detect_rect *b = &s->box, *c = &s->crop;
    const double slack = 1;   /* of a picture with an odd side, the last row is in no crop */
    if (s->verdict == GF_VISION_VERDICT_UNCLEAR || (unsigned)s->verdict >= GF_VISION_VERDICT_COUNT)
        return gf_fail(err, GF_EINPUT, "sample.verdict", "Leave it out.", "an unclear verdict teaches nothing");
    if (!(b->width > 0 && b->height > 0 && b->x >= c->x - slack && b->y >= c->y - slack && b->x + b->width <= c->x + c->width + slack && b->y + b->height <= c->y + c->height + slack))
        return gf_fail(err, GF_EINPUT, "sample.box", "", "the box is not within the crop");
    return GF_OK;
}

gf_status gf_vision_sample_label(const gf_vision_sample *s, gf_text *out, gf_error *err)
{
    const gf_vision_detect_rect *b = &s->box, *c = &s->crop;
    gf_status status = check(s, err);
    if (status || s->verdict == GF_VISION_VERDICT_FALSE || s->class_name.len == 0)
        return status;
    const double left = fmax(b->x - c->x, 0) / c->width, right = fmin(b->x + b->width - c->x, c->width) / c->width;
    const double top = fmax(b->y - c->y, 0) / c->height, bottom = fmin(b->y + b->height - c->y, c->height) / c->height;
    gf_text_format(out, "%u %.6f %.6f %.6f %.6f\n", s->class_index, (left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
    return gf_text_done(out, err);
}

static void write_rect(gf_json *json, const char *key, const gf_vision_detect_rect *r)
{
    gf_json_begin(json, key, '[');
    gf_json_real(json, NULL, r->x, 2);
    gf_json_real(json, NULL, r->y, 2);
    gf_json_real(json, NULL, r->width, 2);
    gf_json_real(json, NULL, r->height, 2);
    gf_json_end(json, ']');
}

gf_status gf_vision_sample_manifest(const gf_vision_sample *s, gf_text *out, gf_error *err)
{
    const gf_str class_name = { s->class_name.data, s->verdict == GF_VISION_VERDICT_FALSE ? 0 : s->class_name.len };
    char at[GF_UTC_BYTES];
    gf_json json;
    gf_status status = check(s, err);
    if (status)
        return status;
    if (s->at)
        (void)gf_utc_format(s->at, at);
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.watch.sample/1");
    gf_json_str(&json, "picture", s->picture);
    gf_json_cstr(&json, "verdict", gf_vision_verdict_name(s->verdict));
    gf_json_opt_str(&json, "class", class_name);
    write_rect(&json, "box_px", &s->box);
    write_rect(&json, "crop_px", &s->crop);
    gf_json_cstr(&json, "time_utc", s->at ? at : NULL);
    gf_json_opt_str(&json, "by", s->by);
    gf_json_opt_str(&json, "parcel", s->parcel);
    gf_json_opt_str(&json, "weather", s->weather);
    gf_json_opt_str(&json, "preset", s->preset);
    gf_json_opt_str(&json, "case", s->case_id);
    gf_json_opt_str(&json, "model_sha256", s->model_sha256);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
    return gf_text_done(out, err);
}
