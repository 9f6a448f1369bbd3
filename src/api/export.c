/* A register as a table, as the actor sees it, page by page. The pages are those of the lists, so that the condition
 * of what is seen stands in one place; the export is logged before its first row. A workbook waits on disk, so its
 * memory does not grow; CSV is gathered whole, in the job's arena.
 */
#include "api/work.h"

#include <string.h>
#include <unistd.h>

enum { EXPORT_PAGE = 200 };

typedef struct export_out { bool xlsx; gf_report_xlsx *book; gf_text *csv; size_t columns; } export_out;

static gf_report_cell cell_kind(gf_column_type type)
{
    return type == GF_COLUMN_INT ? GF_REPORT_WHOLE : type == GF_COLUMN_FEN ? GF_REPORT_FEN : type == GF_COLUMN_DECIMAL ? GF_REPORT_DECIMAL : GF_REPORT_TEXT;
}

/* Text that a spreadsheet would run as a formula is put in as text. */
void work_csv_row(gf_text *out, const gf_str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gf_decimal number;
        bool formula = cells[i].len && strchr("=+-@\t\r", cells[i].data[0]) && !gf_decimal_parse(cells[i], &number);
        gf_text_add_c(out, i ? ",\"" : "\"");
        gf_text_add_c(out, formula ? "'" : "");
        for (size_t k = 0; k < cells[i].len; k++) {
            if (cells[i].data[k] == '"')
                gf_text_add_char(out, '"');
            gf_text_add_char(out, cells[i].data[k]);
        }
        gf_text_add_char(out, '"');
    }
    gf_text_add_c(out, "\r\n");
}

static gf_status put_row(export_out *out, const gf_str *cells, gf_error *err)
{
    if (out->xlsx)
        return gf_report_xlsx_row(out->book, cells, err);
    work_csv_row(out->csv, cells, out->columns);
    return gf_text_done(out->csv, err);
}

static const char *const ENTRY_COLUMNS[] = { "entry", "date", "period", "verb", "kind", "from_party", "to_party", "fund", "project", "place", "stage_from", "stage_to", "amount_fen", "bound",
                                             "purpose", "voucher", "source", "origin", "key", "reverses", "unit", "note" };

static gf_status put_head(making *m, const gf_register *reg, export_out *out, gf_error *err)
{
    static const char *const COMMON[GF_APP_COMMON_COUNT] = { "source", "origin", "author", "version" };
    gf_report_xlsx_column columns[80];
    gf_str heads[80];
    bool entries = strcmp(reg->name, "entries") == 0;
    out->columns = 0;
    for (size_t i = 0; entries && i < GF_COUNT(ENTRY_COLUMNS); i++)
        columns[out->columns++] = (gf_report_xlsx_column){ gf_str_of(ENTRY_COLUMNS[i]), strcmp(ENTRY_COLUMNS[i], "amount_fen") == 0 ? GF_REPORT_FEN : GF_REPORT_TEXT, 0 };
    for (size_t i = 0; !entries && i < reg->column_count; i++)
        columns[out->columns++] = (gf_report_xlsx_column){ gf_str_of(reg->columns[i].name), cell_kind(reg->columns[i].type), 0 };
    for (size_t i = 0; !entries && i < GF_APP_COMMON_COUNT; i++)
        columns[out->columns++] = (gf_report_xlsx_column){ gf_str_of(COMMON[i]), GF_REPORT_TEXT, 0 };
    for (size_t i = 0; i < out->columns; i++)
        heads[i] = columns[i].head;
    (void)m;
    if (out->xlsx)
        return gf_report_xlsx_head(out->book, gf_str_of(reg->name), columns, out->columns, err);
    gf_text_add_c(out->csv, "\xEF\xBB\xBF");
    work_csv_row(out->csv, heads, out->columns);
    return GF_OK;
}

static gf_status put_entry(making *m, int64_t id, export_out *out, gf_error *err)
{
    gf_app_entry e;
    char number[24], reverses[24], amount[24];
    gf_status status = gf_app_entry_read(m->app, id, m->arena, &e, err);
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    (void)snprintf(reverses, sizeof reverses, "%lld", status == GF_OK ? (long long)e.reverses : 0);
    for (size_t i = 0; status == GF_OK && i < e.row_count; i++) {
        const gf_app_entry_row *r = &e.rows[i];
        (void)snprintf(amount, sizeof amount, "%lld", (long long)r->amount);
        const gf_str cells[] = { gf_str_of(number), e.date, r->period, e.verb, r->kind, r->from_party, r->to_party, r->fund, r->project, r->place, r->stage_from, r->stage_to, gf_str_of(amount),
                                 gf_str_of(gf_figure_bound_name(r->bound)), e.purpose, e.voucher, e.source, e.origin, e.key, e.reverses ? gf_str_of(reverses) : gf_str_of(""), e.unit, e.note };
        status = put_row(out, cells, err);
    }
    return status;
}

static gf_status export_entries(making *m, gf_app_list_ask *ask, export_out *out, gf_str *next, int64_t *done, int64_t *total, gf_error *err)
{
    gf_app_entry_list list;
    gf_status status = gf_app_list_entries(m->app, &m->actor, ask, m->arena, &list, err);
    for (size_t i = 0; status == GF_OK && i < list.count; i++)
        status = put_entry(m, list.ids[i], out, err);
    if (status != GF_OK)
        return status;
    *done += (int64_t)list.count;
    *total = list.total >= 0 ? list.total : *total;
    *next = list.next;
    return GF_OK;
}

static gf_status export_records(making *m, gf_app_list_ask *ask, export_out *out, gf_str *next, int64_t *done, int64_t *total, gf_error *err)
{
    gf_app_list list;
    gf_status status = gf_app_list_records(m->app, &m->actor, ask, m->arena, &list, err);
    for (size_t i = 0; status == GF_OK && i < list.count; i++)
        status = put_row(out, list.records[i].cells, err);
    if (status != GF_OK)
        return status;
    *done += (int64_t)list.count;
    *total = list.total >= 0 ? list.total : *total;
    *next = list.next;
    return GF_OK;
}

static gf_status export_pages(making *m, const gf_register *reg, export_out *out, gf_error *err)
{
    bool entries = strcmp(reg->name, "entries") == 0;
    char cursor[8200] = "";
    int64_t done = 0, total = 0;
    gf_status status = GF_OK;
    do {
        gf_mark mark = gf_arena_mark(m->arena);
        gf_app_list_ask ask = { .reg = reg, .limit = EXPORT_PAGE, .cursor = gf_str_of(cursor), .programme = gf_str_of(m->o->programme), .want_count = cursor[0] == '\0' };
        gf_str next = { "", 0 };
        status = entries ? export_entries(m, &ask, out, &next, &done, &total, err) : export_records(m, &ask, out, &next, &done, &total, err);
        (void)snprintf(cursor, sizeof cursor, "%.*s", GF_STR_ARG(next));
        if (out->xlsx)
            gf_arena_rewind(m->arena, mark);
        gf_app_settle(m->app);
        if (status == GF_OK && !gf_job_step(m->job, done, total))
            status = gf_job_cancelled(err);
    } while (status == GF_OK && cursor[0]);
    return status;
}

gf_status work_export(making *m, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(m->o->reg));
    char path[GF_JOB_TEXT_BYTES] = "", name[WORK_TEXT + 16];
    gf_text csv;
    export_out out = { .xlsx = strcmp(m->o->format, "xlsx") == 0, .csv = &csv };
    gf_text_init(&csv, m->arena);
    if (!reg)
        return gf_fail(err, GF_ENOTFOUND, "api.register", "/api/v1/registers lists them.", "there is no register \"%s\"", m->o->reg);
    gf_status status = gf_app_require(&m->actor, reg, GF_APP_READ | GF_APP_EXPORT, err);
    if (status == GF_OK && !out.xlsx && strcmp(m->o->format, "csv") != 0)
        status = gf_fail(err, GF_EUSAGE, "job.format", "xlsx or csv.", "a register is not exported as %s", m->o->format);
    if (status == GF_OK)
        status = gf_app_log_alone(m->app, &m->actor, "export", gf_str_of(reg->name), (gf_str){ "", 0 }, err);
    if (status == GF_OK && out.xlsx)
        status = gf_job_temp_path(path, err);
    const gf_report_xlsx_options options = { .path = path, .title = gf_str_of(reg->label_zh), .large = true };
    if (status == GF_OK && out.xlsx)
        status = gf_report_xlsx_open(&options, &out.book, err);
    if (status == GF_OK)
        status = put_head(m, reg, &out, err);
    if (status == GF_OK)
        status = export_pages(m, reg, &out, err);
    (void)snprintf(name, sizeof name, "%s.%s", reg->name, m->o->format);
    if (!out.xlsx)
        return status == GF_OK ? gf_job_keep_text(m->job, name, gf_text_str(&csv), err) : status;
    if (status == GF_OK)
        status = gf_report_xlsx_close(out.book, err);
    else
        gf_report_xlsx_drop(out.book);
    if (status != GF_OK && path[0])
        (void)unlink(path);
    return status == GF_OK ? gf_job_keep_file(m->job, name, path, err) : status;
}
