/* What came of a watch: how long it could see, how the frames lay, what was found, what it cost. */
#include "report/gf_report_watch.h"

static const char *const COSTS[GF_APP_WATCH_COST_COUNT] = { "decode", "gate", "register", "change", "slow", "detect", "write" };

static void add_watch(gf_json *j, const gf_app_watch_result *r, gf_str source)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", "gongfu.watch/1");
    gf_json_str(j, "source", source);
    gf_json_int(j, "width", r->width);
    gf_json_int(j, "height", r->height);
    gf_json_int(j, "frames", (int64_t)r->frames);
    gf_json_cstr(j, "parameters_sha256", r->parameters_sha256);
    if (r->detector_file) {
        gf_json_begin(j, "detector", '{');
        gf_json_cstr(j, "file", r->detector_file);
        gf_json_cstr(j, "sha256", r->detector_sha256);
        gf_json_end(j, '}');
    } else
        gf_json_null(j, "detector");
    gf_json_begin(j, "states", '{');
    for (int i = 0; i < GF_VISION_STATE_COUNT; i++)
        gf_json_int(j, gf_vision_state_name((gf_vision_state)i), (int64_t)r->states[i]);
    gf_json_end(j, '}');
    gf_json_begin(j, "registration", '{');
    gf_json_int(j, "accepted", (int64_t)r->accepted);
    gf_json_int(j, "rejected", (int64_t)r->rejected);
    gf_json_end(j, '}');
    gf_json_int(j, "events", (int64_t)r->events);
    gf_json_begin(j, "cpu_ms", '{');
    for (int i = 0; i < GF_APP_WATCH_COST_COUNT; i++)
        gf_json_real(j, COSTS[i], r->cpu_ms[i], 3);
    gf_json_real(j, "total", r->cpu_ms_total, 3);
    gf_json_end(j, '}');
    gf_json_real(j, "rss_mb_max", r->rss_mb_max, 1);
    gf_json_end(j, '}');
}

void gf_report_watch_json(const gf_app_watch_result *r, gf_str source, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    add_watch(&json, r, source);
    gf_text_add_char(out, '\n');
}

static void add_failed(gf_json *j, const gf_error *err, gf_str source)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", "gongfu.watch/1");
    gf_json_str(j, "source", source);
    gf_json_begin(j, "error", '{');
    gf_json_cstr(j, "code", err->code);
    gf_json_cstr(j, "what", err->what);
    gf_json_cstr(j, "hint", err->hint);
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

void gf_report_watch_many_json(const gf_app_watch_one *all, const char *const *sources, size_t count, gf_text *out)
{
    gf_json json;
    double cpu_ms = 0, most_mb = 0;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.watch_many/1");
    gf_json_begin(&json, "sources", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_watch_result *r = &all[i].result;
        if (all[i].status == GF_OK)
            add_watch(&json, r, gf_str_of(sources[i]));
        else
            add_failed(&json, &all[i].err, gf_str_of(sources[i]));
        cpu_ms += all[i].status == GF_OK ? r->cpu_ms_total * (double)r->frames : 0;
        most_mb = r->rss_mb_max > most_mb ? r->rss_mb_max : most_mb;
    }
    gf_json_end(&json, ']');
    gf_json_real(&json, "cpu_s", cpu_ms / 1000, 3);
    gf_json_real(&json, "rss_mb_max", most_mb, 1);
    gf_json_real(&json, "rss_mb_each", most_mb / (double)count, 1);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_watch_text(const gf_app_watch_result *r, gf_str lang, gf_text *out)
{
    bool en = gf_str_is(lang, "en");
    gf_text_format(out, en ? "%llu frames of %d x %d; %s\n" : "%llu 帧,%d × %d;%s\n", (unsigned long long)r->frames, r->width, r->height,
                   r->detector_file ? r->detector_file : en ? "no detector" : "没有检测器");
    for (int i = 0; i < GF_VISION_STATE_COUNT; i++)
        if (r->states[i])
            gf_text_format(out, "  %-8s %llu\n", gf_vision_state_name((gf_vision_state)i), (unsigned long long)r->states[i]);
    gf_text_format(out, en ? "pose: %llu accepted, %llu rejected\n" : "位姿:采纳 %llu,拒绝 %llu\n", (unsigned long long)r->accepted, (unsigned long long)r->rejected);
    gf_text_format(out, en ? "found: %llu that moved, %llu that stay, %llu changes of state\n" : "发现:移动 %llu,留下 %llu,状态变化 %llu\n",
                   (unsigned long long)r->events_of[GF_VISION_MOTION], (unsigned long long)r->events_of[GF_VISION_LASTING_CHANGE], (unsigned long long)r->events_of[GF_VISION_STATE_CHANGE]);
    if (r->detector_file)
        gf_text_format(out, en ? "detector: %llu looks, %llu things seen three times\n" : "检测器:看 %llu 次,三次以上看到的 %llu 处\n", (unsigned long long)r->looks, (unsigned long long)r->detections);
    gf_text_format(out, en ? "%.2f ms of processor a frame, %.0f MB\n" : "每帧处理器时间 %.2f 毫秒,内存 %.0f MB\n", r->cpu_ms_total, r->rss_mb_max);
}

void gf_report_watch_sampled_json(const gf_app_watch_sampled *made, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.watch.samples/1");
    gf_json_int(&json, "samples", (int64_t)made->samples);
    gf_json_int(&json, "unclear", (int64_t)made->unclear);
    gf_json_int(&json, "without_pose", (int64_t)made->without_pose);
    gf_json_int(&json, "without_frame", (int64_t)made->without_frame);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}
