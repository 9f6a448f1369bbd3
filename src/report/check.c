/* What check, load and backup found, as JSON and as lines for a terminal. The JSON of a check is also an anchor: kept
 * elsewhere, it is what a later check is held against.
 */
#include "report/gf_report.h"

static bool is_zh(gf_str lang) { return !gf_str_is(lang, "en"); }

void gf_report_loaded_json(const gf_app_loaded *loaded, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_int(&json, "loaded", loaded->loaded);
    gf_json_begin(&json, "by_register", '{');
    for (size_t i = 0; i < loaded->register_count; i++)
        gf_json_int(&json, loaded->by_register[i].name, loaded->by_register[i].count);
    gf_json_end(&json, '}');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_loaded_text(const gf_app_loaded *loaded, gf_str lang, gf_text *out)
{
    for (size_t i = 0; i < loaded->register_count; i++)
        if (loaded->by_register[i].count)
            gf_text_format(out, "  %-20s %lld\n", loaded->by_register[i].name, (long long)loaded->by_register[i].count);
    gf_text_format(out, is_zh(lang) ? "载入 %lld 条\n" : "%lld records loaded\n", (long long)loaded->loaded);
}

/* ---- Check ---- */

static void write_anchor(gf_json *json, const gf_app_checked *checked)
{
    if (!checked->has_anchor) {
        gf_json_null(json, "anchor");
        return;
    }
    gf_json_begin(json, "anchor", '{');
    gf_json_str(json, "hash", checked->anchor_hash);
    gf_json_int(json, "entry", checked->anchor_entry);
    gf_json_bool(json, "match", checked->anchor_match);
    gf_json_end(json, '}');
}

static void write_problem(gf_json *json, const gf_app_problem *problem)
{
    gf_json_begin(json, NULL, '{');
    gf_json_cstr(json, "test", problem->test);
    if (problem->entry)
        gf_json_int(json, "entry", problem->entry);
    else
        gf_json_null(json, "entry");
    gf_json_opt_str(json, "record", problem->record);
    gf_json_opt_str(json, "field", problem->field);
    gf_json_str(json, "expected", problem->expected);
    gf_json_str(json, "found", problem->found);
    gf_json_str(json, "what", problem->what);
    gf_json_end(json, '}');
}

void gf_report_check_json(const gf_app_checked *checked, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.check/1");
    gf_json_bool(&json, "ok", checked->ok);
    gf_json_str(&json, "store", checked->store);
    gf_json_int(&json, "schema_version", checked->schema_version);
    gf_json_int(&json, "entries", checked->entries);
    gf_json_int(&json, "lines", checked->lines);
    gf_json_int(&json, "head_entry", checked->head_entry);
    gf_json_str(&json, "head_hash", checked->head_hash);
    write_anchor(&json, checked);
    gf_json_real(&json, "seconds", checked->seconds, 3);
    gf_json_begin(&json, "tests", '[');
    for (size_t i = 0; i < checked->test_count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "name", checked->tests[i].name);
        gf_json_bool(&json, "ok", checked->tests[i].ok);
        gf_json_int(&json, "counted", checked->tests[i].counted);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_begin(&json, "problems", '[');
    for (size_t i = 0; i < checked->problem_count; i++)
        write_problem(&json, &checked->problems[i]);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_check_text(const gf_app_checked *checked, gf_str lang, gf_text *out)
{
    for (size_t i = 0; i < checked->test_count; i++)
        gf_text_format(out, "%s %-12s %lld\n", checked->tests[i].ok ? "✓" : "✗", checked->tests[i].name, (long long)checked->tests[i].counted);
    for (size_t i = 0; i < checked->problem_count; i++) {
        const gf_app_problem *p = &checked->problems[i];
        gf_text_format(out, "  %s", p->test);
        if (p->entry)
            gf_text_format(out, " entry.%lld", (long long)p->entry);
        gf_text_format(out, " %.*s %.*s: %.*s\n", GF_STR_ARG(p->record), GF_STR_ARG(p->field), GF_STR_ARG(p->what));
    }
    gf_text_format(out, is_zh(lang) ? "%s  分录 %lld,明细 %lld,链头 %.*s\n" : "%s  %lld entries, %lld lines, head %.*s\n", checked->ok ? (is_zh(lang) ? "无误" : "clean") : (is_zh(lang) ? "有问题" : "problems"),
                   (long long)checked->entries, (long long)checked->lines, GF_STR_ARG(checked->head_hash));
}

void gf_report_moved_json(const gf_app_moved *moved, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "from", moved->from);
    gf_json_str(&json, "to", moved->to);
    gf_json_int(&json, "rows", moved->rows);
    gf_json_int(&json, "head_entry", moved->head_entry);
    gf_json_str(&json, "head_hash", moved->head_hash);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_backed_up_json(const gf_app_backed_up *backed_up, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "path", backed_up->path);
    gf_json_str(&json, "sha256", backed_up->sha256);
    gf_json_int(&json, "bytes", backed_up->bytes);
    gf_json_int(&json, "head_entry", backed_up->head_entry);
    gf_json_str(&json, "head_hash", backed_up->head_hash);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

static void add_snapshot(gf_json *json, const char *key, const gf_app_snapshot *s)
{
    gf_json_begin(json, key, '{');
    gf_json_str(json, "name", s->name);
    gf_json_int(json, "bytes", s->bytes);
    gf_json_str(json, "sha256", s->sha256);
    gf_json_int(json, "head_entry", s->head_entry);
    gf_json_str(json, "head_hash", s->head_hash);
    gf_json_int(json, "blocks", s->blocks);
    gf_json_bool(json, "sealed", s->sealed);
    gf_json_end(json, '}');
}

void gf_report_backed_into_json(const gf_app_backed_into *done, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.backed_into/1");
    add_snapshot(&json, "snapshot", &done->snapshot);
    gf_json_int(&json, "blocks_new", done->blocks_new);
    gf_json_int(&json, "bytes_new", done->bytes_new);
    gf_json_int(&json, "snapshots_dropped", done->snapshots_dropped);
    gf_json_int(&json, "blocks_dropped", done->blocks_dropped);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_snapshots_json(const gf_app_snapshot *all, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "snapshots", '[');
    for (size_t i = 0; i < count; i++)
        add_snapshot(&json, NULL, &all[i]);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_restored_json(const gf_app_restored *restored, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_bool(&json, "restored", true);
    gf_json_int(&json, "erased_again", restored->erased_again);
    gf_json_bool(&json, "certificates_read", restored->certificates_read);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}
