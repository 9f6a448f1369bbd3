/* Files from Excel: taken in as a job, taken back whole, and the templates to begin with. A file of 100,000 rows takes
 * longer than a request may, so the bytes move into the job's own memory and the request is answered with its number.
 */
#include "api/servers.h"
#include "api/work.h"
#include "app/gf_app_land.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHOICES_MAX = 2000 };
static const size_t IMPORT_BYTES_MAX = (size_t)64 << 20;

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
    if (status != GF_OK)
        return status;
    status = gf_report_errors_open(path, imported, &book, err);
    gf_status rows = status == GF_OK ? gf_app_sheet_rows(io->name, io->bytes, take_error_row, book, err) : status;
    if (status == GF_OK)
        status = gf_report_errors_close(book, rows == GF_OK ? err : NULL);
    status = rows == GF_OK ? status : rows;
    if (status == GF_OK)
        return gf_job_keep_file(job, "errors.xlsx", path, err);
    (void)unlink(path);
    return status;
}

static gf_status run_import(gf_job *job, void *context, gf_error *err)
{
    import_order *io = context;
    const order *o = &io->base;
    gf_app_imported imported;
    gf_app *app = NULL;
    gf_text text;
    gf_app_actor actor = work_actor(o);
    gf_arena *keep = gf_arena_open((size_t)WORK_ARENA_MIB * GF_MIB);
    const gf_register *reg = gf_register_find(gf_str_of(o->reg));
    gf_status status = keep ? api_borrow(o->api, &o->api->writers, &app, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = gf_app_land_table(app, reg, keep, &io->name, &io->bytes, err);
    const gf_app_import_options options = { reg, io->name, io->bytes, io->dry, step_import, job };
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
    if (status == GF_OK && imported.id) {
        land_note_change(o->api, o->reg);
        plant_note_change(o->api, o->reg);
    }
    if (status == GF_OK && imported.id)
        servers_tell_change(o->api, o->reg);
    gf_arena_close(keep);
    return status;
}

gf_status api_import(api_call *call, gf_error *err)
{
    const gf_register *reg = gf_register_find(api_query(call, "register"));
    char label[WORK_TEXT * 2];
    gf_status status = reg ? gf_app_require(&call->session.actor, reg, GF_APP_READ | GF_APP_WRITE, err)
                           : gf_fail(err, GF_ENOTFOUND, "api.register", "/api/v1/registers lists them.", "there is no register \"%.*s\"", GF_STR_ARG(gf_str_slice(api_query(call, "register"), 0, 60)));
    import_order *io = status == GF_OK ? calloc(1, sizeof *io) : NULL;
    if (!io)
        return status == GF_OK ? gf_fail_memory(err) : status;
    io->arena = gf_arena_open(IMPORT_BYTES_MAX * 2);
    io->dry = api_query_flag(call, "dry");
    work_take_actor(call, &io->base);
    work_put(io->base.reg, gf_str_of(reg->name));
    io->name = io->arena ? gf_str_copy(io->arena, call->upload.name) : (gf_str){ NULL, 0 };
    io->bytes = io->arena ? gf_str_copy(io->arena, call->upload.bytes) : (gf_str){ NULL, 0 };
    if (!io->name.data || !io->bytes.data) {
        release_import(io);
        return gf_fail_memory(err);
    }
    (void)snprintf(label, sizeof label, "%s%s %.*s", io->dry ? "check " : "", reg->name, GF_STR_ARG(gf_str_slice(io->name, 0, 100)));
    gf_job_order job = { io->base.user, "import", label, run_import, io, release_import, 0 };
    return work_begin(call, &job, err);
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
    char path[GF_JOB_TEXT_BYTES], header[WORK_TEXT];
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
