/* Indicators as results of the programme, with the values that the report shows: baseline, target and actual, each with
 * its own period. An indicator of which nothing is known is left out. */
#include "app/iati_inside.h"

static const gf_app_derived *find(const gf_app_reported *reported, gf_str id)
{
    for (size_t i = 0; id.len && i < reported->figure_count; i++)
        if (gf_str_eq(reported->figures[i].figure.id, id))
            return &reported->figures[i];
    return NULL;
}

static gf_app_iati_value value_of(iati_job *job, const gf_app_reported *reported, gf_str id)
{
    static const char *const ZH[] = { "", "；至少", "；约数" }, *const EN[] = { "", "; at least", "; about" };
    gf_app_iati_value out = { .value = { "", 0 } };
    const gf_app_derived *derived = find(reported, id);
    gf_period span;
    char number[GF_DECIMAL_BYTES];
    int year, month, day;
    if (!derived || !derived->figure.has_value || gf_period_parse(derived->figure.period, &span, NULL) != GF_OK || span.last == INT32_MAX)
        return out;
    gf_day_split(span.first, &year, &month, &day);
    out.year = figure_text(job->keep, "%d", year);
    out.from = iati_day(job, span.first);
    out.to = iati_day(job, span.last);
    out.value = gf_str_copy(job->keep, (gf_str){ number, gf_decimal_format(derived->figure.value, number) });
    gf_figure_bound bound = derived->figure.bound;
    out.note = (gf_app_words){ figure_text(job->keep, "期间%.*s%s；依据：%s", GF_STR_ARG(derived->figure.period), ZH[bound], gf_figure_basis_name(derived->figure.basis)),
                               figure_text(job->keep, "period %.*s%s; basis: %s", GF_STR_ARG(derived->figure.period), EN[bound], gf_figure_basis_name(derived->figure.basis)) };
    return out;
}

static void add_result(iati_job *job, gf_app_iati_activity *activity, const gf_app_reported *reported, const gf_app_indicator *indicator)
{
    gf_app_iati_result result = { .id = indicator->id, .measure = gf_str_is(indicator->unit, "%") ? "2" : "1",
                                  .baseline = value_of(job, reported, indicator->baseline), .target = value_of(job, reported, indicator->target),
                                  .actual = value_of(job, reported, indicator->actual) };
    if (!result.actual.value.len && !result.target.value.len && !result.baseline.value.len)
        return;
    record row;
    if (record_read(job->app, "indicators", indicator->id, job->keep, &row, NULL) == GF_OK) {
        gf_str en = record_value(&row, "name_en"), unit = indicator->unit;
        const char *open = unit.len ? " (" : "", *close = unit.len ? ")" : "";
        result.name.zh = figure_text(job->keep, "%.*s%s%.*s%s", GF_STR_ARG(record_value(&row, "name")), open, GF_STR_ARG(unit), close);
        result.name.en = en.len ? figure_text(job->keep, "%.*s%s%.*s%s", GF_STR_ARG(en), open, GF_STR_ARG(unit), close) : en;
    }
    gf_app_iati_result *slot = IATI_PUSH(job, activity->results, activity->result_count, &activity->result_room);
    if (slot)
        *slot = result;
}

void iati_gather_results(iati_job *job, const gf_app_report_options *options)
{
    gf_app_reported reported;
    if (job->status == GF_OK)
        job->status = report_make(job->app, options, job->keep, &reported, job->err);
    for (size_t i = 0; job->status == GF_OK && i < reported.indicator_count; i++)
        add_result(job, &job->out->activities[0], &reported, &reported.indicators[i]);
}
