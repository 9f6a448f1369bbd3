/* Three lines over the true length of pipe: what the water could rise to, what it rises to at peak hour, and the ground. */
#include "report/village_profile.h"
#include "report/words.h"

#include <math.h>

const char *const PROFILE_COLOUR[PROFILE_LINES] = { "#9a9a9a", "#1f5fa8", "#6b4a2b" };

static profile_axis axis_of(double low, double high)
{
    double step = pow(10, floor(log10(fmax(high - low, 1) / 2)));
    while ((high - low) / step > 8)
        step *= (high - low) / step > 20 ? 5 : 2;
    return (profile_axis){ floor(low / step) * step, ceil(high / step) * step, step };
}

bool profile_lay_out(const gf_village_plan *plan, gf_arena *arena, double x, double y, double width, double height, profile_plot *out)
{
    *out = (profile_plot){ .x = x, .y = y, .width = width, .height = height };
    if (gf_app_village_profile(plan, arena, &out->points, &out->count, NULL) != GF_OK || out->count < 2)
        return false;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < out->count; i++)
        for (int line = 0; line < PROFILE_LINES; line++) {
            double value = profile_value(&out->points[i], (profile_line)line);
            low = fmin(low, value);
            high = fmax(high, value);
        }
    if (!isfinite(low) || !isfinite(high))
        return false;
    out->along = axis_of(0, out->points[out->count - 1].at_m);
    out->along.high = fmax(out->points[out->count - 1].at_m, 1);
    out->up = axis_of(low, high);
    return true;
}

double profile_x(const profile_plot *p, double at_m) { return p->x + p->width * (at_m - p->along.low) / (p->along.high - p->along.low); }
double profile_y(const profile_plot *p, double height_m) { return p->y + p->height * (p->up.high - height_m) / (p->up.high - p->up.low); }

double profile_value(const gf_village_profile_point *point, profile_line line)
{
    return line == PROFILE_STILL ? point->still_m : line == PROFILE_HEAD ? point->head_m : point->ground_m;
}

const char *profile_word(profile_line line, gf_str lang)
{
    static const char *const ZH[] = { "静水头", "高峰水头", "地面" }, *const EN[] = { "still head", "head at peak hour", "ground" };
    return report_in_zh(lang) ? ZH[line] : EN[line];
}

const char *village_unit(const char *unit, bool zh)
{
    bool counted = (unsigned char)unit[0] >= 0x80;
    return zh || !counted ? unit : "no.";
}

/* ---- SVG ---- */

static void svg_text(gf_text *out, double x, double y, const char *anchor, const char *format, double value)
{
    gf_text_format(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    gf_text_format(out, format, value);
    gf_text_add_c(out, "</text>\n");
}

static void svg_axes(const profile_plot *p, gf_text *out)
{
    for (double v = p->up.low; v <= p->up.high + p->up.step / 2; v += p->up.step) {
        gf_text_format(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", p->x, p->x + p->width, profile_y(p, v), profile_y(p, v));
        svg_text(out, p->x - 6, profile_y(p, v) + 4, "end", "%.0f", v);
    }
    for (double v = 0; v <= p->along.high; v += p->along.step) {
        gf_text_format(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eee\"/>\n", profile_x(p, v), profile_x(p, v), p->y, p->y + p->height);
        svg_text(out, profile_x(p, v), p->y + p->height + 18, "middle", "%.0f m", v);
    }
}

void gf_report_village_profile_svg(const gf_village_plan *plan, gf_str lang, gf_text *out)
{
    profile_plot p;
    gf_text_add_c(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000\" height=\"420\" viewBox=\"0 0 1000 420\" font-family=\"Noto Sans CJK SC,sans-serif\" font-size=\"12\" "
                       "fill=\"#333\">\n<rect width=\"1000\" height=\"420\" fill=\"#fff\"/>\n");
    if (profile_lay_out(plan, out->arena, 70, 50, 910, 320, &p)) {
        svg_axes(&p, out);
        for (int line = 0; line < PROFILE_LINES; line++) {
            gf_text_format(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" points=\"", PROFILE_COLOUR[line], line == PROFILE_STILL ? "1\" stroke-dasharray=\"6 4" : "2");
            for (size_t i = 0; i < p.count; i++)
                gf_text_format(out, "%.1f,%.1f ", profile_x(&p, p.points[i].at_m), profile_y(&p, profile_value(&p.points[i], (profile_line)line)));
            gf_text_format(out, "\"/>\n<text x=\"%d\" y=\"30\" style=\"fill:%s\">%s</text>\n", 70 + 200 * line, PROFILE_COLOUR[line], profile_word((profile_line)line, lang));
        }
    }
    gf_text_add_c(out, "</svg>\n");
}
