/* Jobs: documents and exports that take longer than an answer may. A job opens the books itself: it runs when the
 * request that ordered it is long answered.
 */
#include "api/api.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOB_ARENA_MIB = 1024, JOBS_SHOWN = 50, TEXT = 128, EXPORT_PAGE = 200, CHOICES_MAX = 2000 };
static const size_t IMPORT_BYTES_MAX = (size_t)64 << 20;

/* What was ordered, in memory of its own. */
typedef struct order {
    api_state   *api;
    char         kind[TEXT], format[TEXT], reg[TEXT], programme[TEXT], origin[TEXT], scope[TEXT], on[TEXT], from[TEXT], to[TEXT], lang[TEXT];
    char         user[TEXT], name[TEXT], role[TEXT], actor_scope[TEXT], unit[TEXT], place[TEXT], address[TEXT];
    bool         demo;
} order;

typedef struct making { const order *o; gf_job *job; gf_app *app; gf_app_actor actor; gf_arena *arena; gf_text text; } making;

static gf_str str(const char *text) { return gf_str_of(text); }

/* ---- Making ---- */

static gf_status make_report(making *m, gf_error *err)
{
    gf_app_reported reported;
    gf_app_iati iati;
    const gf_app_report_options options = { str(m->o->programme), str(m->o->origin), str(m->o->from), str(m->o->to), str(m->o->lang), &m->actor };
    const char *format = m->o->format;
    char name[TEXT + 16];
    gf_status status = gf_app_require_area(&m->actor, "report", err);
    if (status == GF_OK)
        status = gf_app_require_all(&m->actor, err);
    if (status != GF_OK)
        return status;
    if (strcmp(format, "iati") == 0) {
        status = gf_app_iati_read(m->app, &options, m->arena, &iati, err);
        if (status == GF_OK)
            status = gf_report_iati_activities(&iati, &m->text, err);
        return status == GF_OK ? gf_job_keep_text(m->job, "activities.xml", gf_text_str(&m->text), err) : status;
    }
    status = gf_app_report(m->app, &options, m->arena, &reported, err);
    if (status != GF_OK)
        return status;
    if (strcmp(format, "pdf") == 0)
        status = gf_report_report_pdf(&reported, &m->text, err);
    else if (strcmp(format, "xlsx") == 0)
        status = gf_report_report_xlsx(&reported, &m->text, err);
    else if (strcmp(format, "md") == 0)
        gf_report_report_markdown(&reported, &m->text);
    else
        return gf_fail(err, GF_EUSAGE, "job.format", "md, pdf, xlsx or iati.", "a report is not made as %s", format);
    (void)snprintf(name, sizeof name, "report-%.*s.%s", GF_STR_ARG(gf_str_slice(reported.programme, 0, 60)), format);
    return status == GF_OK ? gf_job_keep_text(m->job, name, gf_text_str(&m->text), err) : status;
}

static gf_status make_statement(making *m, gf_error *err)
{
    gf_app_statement statement;
    gf_str scope = m->o->scope[0] ? str(m->o->scope) : GF_STR("group");
    char name[TEXT + 32];
    gf_status status = gf_app_require_scope(m->app, &m->actor, scope, m->arena, err);
    if (status == GF_OK)
        scope = gf_app_scope_of(m->app, str(m->o->programme), scope, m->arena);
    if (status == GF_OK)
        status = gf_app_state(m->app, scope, str(m->o->on), m->arena, &statement, err);
    if (status != GF_OK)
        return status;
    if (strcmp(m->o->format, "pdf") == 0)
        status = gf_report_statement_pdf(&statement, str(m->o->lang), &m->text, err);
    else if (strcmp(m->o->format, "xlsx") == 0)
        status = gf_report_statement_xlsx(&statement, str(m->o->lang), &m->text, err);
    else
        return gf_fail(err, GF_EUSAGE, "job.format", "pdf or xlsx.", "a statement is not made as %s", m->o->format);
    (void)snprintf(name, sizeof name, "statement-%.*s.%s", GF_STR_ARG(gf_str_slice(scope, 0, 60)), m->o->format);
    for (char *c = name; *c; c++)
        *c = *c == ':' || *c == '/' ? '-' : *c;
    return status == GF_OK ? gf_job_keep_text(m->job, name, gf_text_str(&m->text), err) : status;
}

/* ---- Exports: a register as a table, as the actor sees it, page by page ---- */

typedef struct export_out { bool xlsx; gf_report_xlsx *book; gf_text *csv; size_t columns; } export_out;

static gf_report_cell cell_kind(gf_column_type type)
{
    return type == GF_COLUMN_INT ? GF_REPORT_WHOLE : type == GF_COLUMN_FEN ? GF_REPORT_FEN : type == GF_COLUMN_DECIMAL ? GF_REPORT_DECIMAL : GF_REPORT_TEXT;
}

/* Text that a spreadsheet would run as a formula is put in as text. */
static void add_csv_row(gf_text *out, const gf_str *cells, size_t count)
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
    add_csv_row(out->csv, cells, out->columns);
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
        columns[out->columns++] = (gf_report_xlsx_column){ str(ENTRY_COLUMNS[i]), strcmp(ENTRY_COLUMNS[i], "amount_fen") == 0 ? GF_REPORT_FEN : GF_REPORT_TEXT, 0 };
    for (size_t i = 0; !entries && i < reg->column_count; i++)
        columns[out->columns++] = (gf_report_xlsx_column){ str(reg->columns[i].name), cell_kind(reg->columns[i].type), 0 };
    for (size_t i = 0; !entries && i < GF_APP_COMMON_COUNT; i++)
        columns[out->columns++] = (gf_report_xlsx_column){ str(COMMON[i]), GF_REPORT_TEXT, 0 };
    for (size_t i = 0; i < out->columns; i++)
        heads[i] = columns[i].head;
    (void)m;
    if (out->xlsx)
        return gf_report_xlsx_head(out->book, str(reg->name), columns, out->columns, err);
    gf_text_add_c(out->csv, "\xEF\xBB\xBF");
    add_csv_row(out->csv, heads, out->columns);
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
        const gf_str cells[] = { str(number), e.date, r->period, e.verb, r->kind, r->from_party, r->to_party, r->fund, r->project, r->place, r->stage_from, r->stage_to, str(amount),
                                 str(gf_figure_bound_name(r->bound)), e.purpose, e.voucher, e.source, e.origin, e.key, e.reverses ? str(reverses) : str(""), e.unit, e.note };
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
        gf_app_list_ask ask = { .reg = reg, .limit = EXPORT_PAGE, .cursor = str(cursor), .programme = str(m->o->programme), .want_count = cursor[0] == '\0' };
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

static gf_status make_export(making *m, gf_error *err)
{
    const gf_register *reg = gf_register_find(str(m->o->reg));
    char path[GF_JOB_TEXT_BYTES] = "", name[TEXT + 16];
    gf_text csv;
    export_out out = { .xlsx = strcmp(m->o->format, "xlsx") == 0, .csv = &csv };
    gf_text_init(&csv, m->arena);
    if (!reg)
        return gf_fail(err, GF_ENOTFOUND, "api.register", "/api/v1/registers lists them.", "there is no register \"%s\"", m->o->reg);
    gf_status status = gf_app_require(&m->actor, reg, GF_APP_READ | GF_APP_EXPORT, err);
    if (status == GF_OK && !out.xlsx && strcmp(m->o->format, "csv") != 0)
        status = gf_fail(err, GF_EUSAGE, "job.format", "xlsx or csv.", "a register is not exported as %s", m->o->format);
    if (status == GF_OK)
        status = gf_app_log_alone(m->app, &m->actor, "export", str(reg->name), (gf_str){ "", 0 }, err);
    if (status == GF_OK && out.xlsx)
        status = gf_job_temp_path(path, err);
    const gf_report_xlsx_options options = { .path = path, .title = str(reg->label_zh), .large = true };
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
    return status == GF_OK ? gf_job_keep_file(m->job, name, path, err) : status;
}

static const struct { const char *kind; gf_status (*make)(making *, gf_error *); } KINDS[] = { { "report", make_report }, { "statement", make_statement }, { "export", make_export } };

static gf_app_actor actor_of_order(const order *o)
{
    return (gf_app_actor){ .user = str(o->user), .name = str(o->name), .role = str(o->role), .scope = str(o->actor_scope), .unit = str(o->unit), .place = str(o->place), .address = str(o->address),
                           .demo = o->demo };
}

static gf_status run_order(gf_job *job, void *context, gf_error *err)
{
    order *o = context;
    making m = { .o = o, .job = job, .arena = gf_arena_open((size_t)JOB_ARENA_MIB * GF_MIB) };
    m.actor = actor_of_order(o);
    gf_status status = m.arena ? api_borrow(o->api, &o->api->writers, &m.app, err) : gf_fail_memory(err);
    if (m.arena)
        gf_text_init(&m.text, m.arena);
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(KINDS); i++)
        if (strcmp(KINDS[i].kind, o->kind) == 0) {
            status = KINDS[i].make(&m, err);
            break;
        }
    api_return(o->api, &o->api->writers, m.app);
    gf_arena_close(m.arena);
    return status;
}

/* ---- Ordering ---- */

static void put(char out[TEXT], gf_str value) { (void)snprintf(out, TEXT, "%.*s", GF_STR_ARG(value)); }

static void take_actor(const api_call *call, order *o)
{
    const gf_app_actor *a = &call->session.actor;
    const struct { char *to; gf_str from; } WHO[] = { { o->user, a->user }, { o->name, a->name }, { o->role, a->role }, { o->actor_scope, a->scope }, { o->unit, a->unit }, { o->place, a->place },
                                                      { o->address, a->address } };
    for (size_t i = 0; i < GF_COUNT(WHO); i++)
        put(WHO[i].to, WHO[i].from);
    o->api = call->api;
    o->demo = a->demo;
}

static void write_job(gf_json *json, const gf_job_view *view)
{
    char at[GF_UTC_BYTES], link[80];
    gf_json_begin(json, NULL, '{');
    gf_json_int(json, "id", view->id);
    gf_json_cstr(json, "kind", view->kind);
    gf_json_cstr(json, "label", view->label);
    gf_json_cstr(json, "state", gf_job_state_name(view->state));
    gf_json_int(json, "done", view->done);
    gf_json_int(json, "total", view->total);
    if (view->started)
        gf_json_str(json, "started_utc", (gf_str){ at, gf_utc_format(view->started, at) });
    else
        gf_json_null(json, "started_utc");
    if (view->state == GF_JOB_FAILED)
        gf_json_error(json, "error", &view->error);
    else
        gf_json_null(json, "error");
    (void)snprintf(link, sizeof link, "/api/v1/jobs/%lld/result", (long long)view->id);
    gf_json_cstr(json, "result", view->has_result ? link : NULL);
    gf_json_cstr(json, "file_name", view->has_result ? view->file_name : NULL);
    if (view->answer.len) {
        gf_text_add_c(json->out, ",\"answer\":");
        gf_text_add(json->out, view->answer);
    } else
        gf_json_null(json, "answer");
    gf_json_end(json, '}');
}

static gf_status send_job(api_call *call, int64_t id, int code, gf_error *err)
{
    gf_job_view view;
    gf_json json;
    gf_text text = api_text(call);
    gf_status status = gf_jobs_get(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), id, call->arena, &view, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&json, &text);
    write_job(&json, &view);
    status = api_send_text(call, &text, err);
    call->out->status = status == GF_OK ? code : 0;
    return status;
}

gf_status api_job_add(api_call *call, gf_error *err)
{
    order *o = calloc(1, sizeof *o);
    int64_t id;
    char label[TEXT * 6];
    if (!o)
        return gf_fail_memory(err);
    const struct { char *to; const char *name; } FIELDS[] = { { o->kind, "kind" }, { o->format, "format" }, { o->reg, "register" }, { o->programme, "programme" }, { o->origin, "origin" },
                                                              { o->scope, "scope" }, { o->on, "on" }, { o->from, "from" }, { o->to, "to" }, { o->lang, "lang" } };
    for (size_t i = 0; i < GF_COUNT(FIELDS); i++)
        put(FIELDS[i].to, api_field(call, FIELDS[i].name));
    if (!o->lang[0])
        put(o->lang, call->lang);
    take_actor(call, o);
    (void)snprintf(label, sizeof label, "%s %s %s%s%s", o->kind, o->format, o->reg, o->scope, o->programme);
    const gf_job_order job = { o->user, o->kind, label, run_order, o, free };
    gf_status status = gf_jobs_add(call->api->jobs, &job, &id, err);  /* frees the order when it fails */
    return status == GF_OK ? send_job(call, id, 202, err) : status;
}

static int64_t job_of(const api_call *call)
{
    int64_t id;
    return gf_str_to_int(call->request->params[0], &id) ? id : 0;
}

gf_status api_jobs(api_call *call, gf_error *err)
{
    gf_json json;
    gf_text text = api_text(call);
    gf_job_view *views = gf_new(call->arena, gf_job_view, JOBS_SHOWN);
    if (!views)
        return gf_fail_memory(err);
    size_t count = gf_jobs_list(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), call->arena, views, JOBS_SHOWN);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "jobs", '[');
    for (size_t i = 0; i < count; i++)
        write_job(&json, &views[i]);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

gf_status api_job_get(api_call *call, gf_error *err) { return send_job(call, job_of(call), 200, err); }

gf_status api_job_cancel(api_call *call, gf_error *err)
{
    gf_status status = gf_jobs_cancel(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), job_of(call), err);
    return status == GF_OK ? api_no_content(call) : status;
}

gf_status api_job_result(api_call *call, gf_error *err)
{
    static const struct { const char *ending, *type; } TYPES[] = {
        { ".pdf", "application/pdf" }, { ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }, { ".csv", "text/csv; charset=utf-8" },
        { ".xml", "application/xml" }, { ".md", "text/markdown; charset=utf-8" },
    };
    char name[GF_JOB_TEXT_BYTES], header[GF_JOB_TEXT_BYTES + 40];
    gf_status status = gf_jobs_result(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), job_of(call), &call->out->fd, name, err);
    if (status != GF_OK)
        return status;
    call->out->type = "application/octet-stream";
    for (size_t i = 0; i < GF_COUNT(TYPES); i++)
        if (gf_str_ends(gf_str_of(name), gf_str_of(TYPES[i].ending)))
            call->out->type = TYPES[i].type;
    (void)snprintf(header, sizeof header, "attachment; filename=\"%s\"", name);
    (void)gf_http_add_header(call->request, call->out, "Content-Disposition", gf_str_of(header));
    return GF_OK;
}

/* ---- Files from Excel ---- */

typedef struct import_order { order base; gf_arena *arena; gf_str bytes, name; bool dry; } import_order;

static void release_import(void *context)
{
    import_order *io = context;
    gf_arena_close(io->arena);
    free(io);
}

static bool step_import(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)stage;
    return gf_job_step(context, done, total);
}

static bool take_error_row(void *context, int64_t row, const gf_str *cells, size_t count) { return gf_report_errors_row(context, row, cells, count); }

/* The copy with what is wrong in it, as the result of the job. */
static gf_status keep_errors(gf_job *job, const import_order *io, const gf_app_imported *imported, gf_error *err)
{
    char path[GF_JOB_TEXT_BYTES];
    gf_report_errors *book = NULL;
    gf_status status = gf_job_temp_path(path, err);
    if (status == GF_OK)
        status = gf_report_errors_open(path, imported, &book, err);
    if (status != GF_OK)
        return status;
    gf_status rows = gf_app_sheet_rows(io->name, io->bytes, take_error_row, book, err);
    status = gf_report_errors_close(book, rows == GF_OK ? err : NULL);
    status = rows == GF_OK ? status : rows;
    return status == GF_OK ? gf_job_keep_file(job, "errors.xlsx", path, err) : status;
}

static gf_status run_import(gf_job *job, void *context, gf_error *err)
{
    import_order *io = context;
    const order *o = &io->base;
    gf_app_imported imported;
    gf_app *app = NULL;
    gf_text text;
    gf_app_actor actor = actor_of_order(o);
    gf_arena *keep = gf_arena_open((size_t)JOB_ARENA_MIB * GF_MIB);
    const gf_app_import_options options = { gf_register_find(str(o->reg)), io->name, io->bytes, io->dry, step_import, job };
    gf_status status = keep ? api_borrow(o->api, &o->api->writers, &app, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = gf_app_import(app, &actor, &options, keep, &imported, err);
    api_return(o->api, &o->api->writers, app);
    if (status == GF_OK && imported.error_count)
        status = keep_errors(job, io, &imported, err);
    if (status == GF_OK) {
        gf_text_init(&text, keep);
        gf_report_imported_json(&imported, &text);
        gf_job_answer(job, gf_text_str(&text));
        (void)gf_job_step(job, imported.rows, imported.rows);
    }
    if (status == GF_OK && imported.id)
        gf_http_publish(o->api->server, GF_STR("changed"), str(o->reg), (gf_str){ "", 0 }, GF_STR("{}"));
    gf_arena_close(keep);
    return status;
}

gf_status api_import(api_call *call, gf_error *err)
{
    const gf_register *reg = gf_register_find(api_query(call, "register"));
    int64_t id;
    char label[TEXT * 2];
    gf_status status = reg ? gf_app_require(&call->session.actor, reg, GF_APP_READ | GF_APP_WRITE, err)
                           : gf_fail(err, GF_ENOTFOUND, "api.register", "/api/v1/registers lists them.", "there is no register \"%.*s\"", GF_STR_ARG(gf_str_slice(api_query(call, "register"), 0, 60)));
    if (status == GF_OK)
        status = gf_app_require_all(&call->session.actor, err);
    import_order *io = status == GF_OK ? calloc(1, sizeof *io) : NULL;
    if (!io)
        return status == GF_OK ? gf_fail_memory(err) : status;
    io->arena = gf_arena_open(IMPORT_BYTES_MAX * 2);
    io->dry = api_query_flag(call, "dry");
    take_actor(call, &io->base);
    put(io->base.reg, gf_str_of(reg->name));
    io->name = io->arena ? gf_str_copy(io->arena, call->upload.name) : (gf_str){ NULL, 0 };
    io->bytes = io->arena ? gf_str_copy(io->arena, call->upload.bytes) : (gf_str){ NULL, 0 };
    if (!io->name.data || !io->bytes.data) {
        release_import(io);
        return gf_fail_memory(err);
    }
    (void)snprintf(label, sizeof label, "%s%s %.*s", io->dry ? "check " : "", reg->name, GF_STR_ARG(gf_str_slice(io->name, 0, 100)));
    const gf_job_order job = { io->base.user, "import", label, run_import, io, release_import };
    status = gf_jobs_add(call->api->jobs, &job, &id, err);
    return status == GF_OK ? send_job(call, id, 202, err) : status;
}

gf_status api_imports(api_call *call, gf_error *err)
{
    gf_app_import_line *lines;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = gf_app_imports(call->app, &call->session.actor, call->arena, &lines, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_imports_json(lines, count, &text);
    return api_send_text(call, &text, err);
}

gf_status api_import_undo(api_call *call, gf_error *err)
{
    int64_t id;
    if (!gf_str_to_int(call->request->params[0], &id))
        return gf_fail(err, GF_ENOTFOUND, "undo.none", "The list of imports has their numbers.", "there is no such import");
    gf_status status = gf_app_import_undo(call->app, &call->session.actor, id, err);
    return status == GF_OK ? api_no_content(call) : status;
}

gf_status api_template(api_call *call, gf_error *err)
{
    gf_str name = call->request->params[0];
    bool xlsx = gf_str_ends(name, GF_STR(".xlsx"));
    const gf_register *reg = xlsx ? gf_register_find(gf_str_slice(name, 0, name.len - 5)) : NULL;
    char path[GF_JOB_TEXT_BYTES], header[TEXT];
    gf_status status = reg ? gf_app_require(&call->session.actor, reg, GF_APP_READ | GF_APP_WRITE, err)
                           : gf_fail(err, GF_ENOTFOUND, "api.register", "Ask for NAME.xlsx.", "there is no such template");
    if (status == GF_OK)
        status = gf_job_temp_path(path, err);
    gf_report_choices *choices = gf_new(call->arena, gf_report_choices, reg ? reg->column_count : 1);
    for (size_t i = 0; status == GF_OK && choices && i < reg->column_count; i++) {
        if (reg->columns[i].type != GF_COLUMN_REF)
            continue;
        gf_app_choice *rows = gf_new(call->arena, gf_app_choice, CHOICES_MAX);
        size_t count = 0;
        status = rows ? gf_app_choices(call->app, &call->session.actor, &reg->columns[i], call->arena, rows, CHOICES_MAX, &count, err) : gf_fail_memory(err);
        choices[i] = (gf_report_choices){ rows, count };
    }
    if (status == GF_OK)
        status = gf_report_template_xlsx(reg, choices, path, err);
    if (status != GF_OK)
        return status;
    call->out->fd = open(path, O_RDONLY | O_CLOEXEC);
    (void)unlink(path);
    call->out->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    (void)snprintf(header, sizeof header, "attachment; filename=\"%s.xlsx\"", reg->name);
    (void)gf_http_add_header(call->request, call->out, "Content-Disposition", gf_str_of(header));
    return call->out->fd > 0 ? GF_OK : gf_fail(err, GF_EIO, "template.read", "", "the template cannot be read back");
}
