/* Documents that take longer than an answer may: reports, statements, and the proof of the books. Rights are asked on
 * the job's thread, when it runs, of who ordered it; that somebody took a report or statement out is logged before it
 * is made.
 */
#include "api/work.h"

#include <string.h>

/* Who took which paper out of the books is kept. */
static gf_status log_taken(making *m, const char *what, gf_str of, gf_error *err)
{
    char object[WORK_TEXT * 2];
    (void)snprintf(object, sizeof object, "%s/%.*s", what, GF_STR_ARG(of));
    return gf_app_log_alone(m->app, &m->actor, "export", gf_str_of(object), gf_str_of(m->o->format), err);
}

gf_status work_report(making *m, gf_error *err)
{
    gf_app_reported reported;
    gf_app_iati iati;
    const gf_app_report_options options = { gf_str_of(m->o->programme), gf_str_of(m->o->origin), gf_str_of(m->o->from), gf_str_of(m->o->to), gf_str_of(m->o->lang), &m->actor };
    const char *format = m->o->format;
    char name[WORK_TEXT + 16];
    gf_status status = gf_app_require_area(&m->actor, "report", err);
    if (status == GF_OK)
        status = gf_app_require_all(&m->actor, err);
    if (status == GF_OK)
        status = log_taken(m, "report", options.programme, err);
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

gf_status work_statement(making *m, gf_error *err)
{
    gf_app_statement statement;
    gf_str scope = m->o->scope[0] ? gf_str_of(m->o->scope) : GF_STR("group");
    char name[WORK_TEXT + 32];
    gf_status status = gf_app_require_scope(m->app, &m->actor, scope, m->arena, err);
    if (status == GF_OK)
        scope = gf_app_scope_of(m->app, gf_str_of(m->o->programme), scope, m->arena);
    if (status == GF_OK)
        status = log_taken(m, "statement", scope, err);
    if (status == GF_OK)
        status = gf_app_state(m->app, scope, gf_str_of(m->o->on), m->arena, &statement, err);
    if (status != GF_OK)
        return status;
    if (strcmp(m->o->format, "pdf") == 0)
        status = gf_report_statement_pdf(&statement, gf_str_of(m->o->lang), &m->text, err);
    else if (strcmp(m->o->format, "xlsx") == 0)
        status = gf_report_statement_xlsx(&statement, gf_str_of(m->o->lang), &m->text, err);
    else
        return gf_fail(err, GF_EUSAGE, "job.format", "pdf or xlsx.", "a statement is not made as %s", m->o->format);
    (void)snprintf(name, sizeof name, "statement-%.*s.%s", GF_STR_ARG(gf_str_slice(scope, 0, 60)), m->o->format);
    for (char *c = name; *c; c++)
        *c = *c == ':' || *c == '/' ? '-' : *c;
    return status == GF_OK ? gf_job_keep_text(m->job, name, gf_text_str(&m->text), err) : status;
}

/* Every proof of `gongfu check`, over the whole store: who sees all of the books, or keeps the logs. */
gf_status work_check(making *m, gf_error *err)
{
    gf_app_checked checked;
    bool auditor = gf_app_has_area(&m->actor, "logs");
    gf_status status = auditor ? GF_OK : gf_app_require_area(&m->actor, "report", err);
    if (status == GF_OK && !auditor)
        status = gf_app_require_all(&m->actor, err);
    if (status == GF_OK && strcmp(m->o->format, "json") != 0)
        status = gf_fail(err, GF_EUSAGE, "job.format", "json.", "a check is not told as %s", m->o->format);
    if (status == GF_OK)
        status = gf_app_check(m->app, gf_str_of(""), m->arena, &checked, err);
    if (status != GF_OK)
        return status;
    gf_report_check_json(&checked, &m->text);
    return gf_job_keep_text(m->job, "check.json", gf_text_str(&m->text), err);
}
