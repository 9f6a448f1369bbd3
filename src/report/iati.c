/* IATI 2.03 activities and organisations, elements in the order of the schema. What each holds: docs/iati.md.
 *
 * Written by hand through iati_xml.c: the schema wants one order and few elements, and a library would bring a tree.
 * All instants in the file are the day that it is made of, so the same books give the same bytes.
 */
#include "report/iati_xml.h"

#define NONE ((gf_str){ "", 0 })

static gf_str code_of(const char *code) { return gf_str_of(code); }

/* ---- Parts of an activity ---- */

static void write_org(xml_text *xml, const char *element, const gf_app_iati_org *org)
{
    xml_words(xml, element, XML_ATTRIBUTES({ "ref", org->ref }, { "role", code_of(org->role) }, { "type", code_of(org->type) }), org->name);
}

/* provider-org and receiver-org take no role. */
static void write_party(xml_text *xml, const char *element, const gf_app_iati_org *org)
{
    if (org->name.zh.len)
        xml_words(xml, element, XML_ATTRIBUTES({ "ref", org->ref }, { "type", code_of(org->type) }), org->name);
}

static void write_reporter(xml_text *xml, const gf_app_iati_org *org)
{
    xml_words(xml, "reporting-org", XML_ATTRIBUTES({ "ref", org->ref }, { "type", code_of(org->type) }), org->name);
}

static void write_descriptions(xml_text *xml, const gf_app_iati_activity *activity)
{
    xml_words(xml, "description", XML_ATTRIBUTES({ "type", GF_STR("1") }), activity->about);
    if (activity->note_count == 0)
        return;
    xml_begin(xml, "description", XML_ATTRIBUTES({ "type", GF_STR("4") }));
    for (size_t i = 0; i < activity->note_count; i++)
        xml_narratives(xml, activity->notes[i]);
    xml_end(xml, "description");
}

static void write_place(xml_text *xml, const gf_app_iati_place *place)
{
    xml_begin(xml, "location", XML_ATTRIBUTES({ "ref", place->code }));
    xml_empty(xml, "location-reach", XML_ATTRIBUTES({ "code", GF_STR("1") }));
    if (place->geonames.len)
        xml_empty(xml, "location-id", XML_ATTRIBUTES({ "vocabulary", GF_STR("G1") }, { "code", place->geonames }));
    xml_words(xml, "name", NULL, 0, (gf_app_words){ place->name, NONE });
    if (place->lat.len) {
        gf_text pos;
        gf_text_init(&pos, xml->out->arena);
        gf_text_format(&pos, "%.*s %.*s", GF_STR_ARG(place->lat), GF_STR_ARG(place->lon));
        xml_begin(xml, "point", XML_ATTRIBUTES({ "srsName", GF_STR("http://www.opengis.net/def/crs/EPSG/0/4326") }));
        xml_leaf(xml, "pos", NULL, 0, gf_text_str(&pos));
        xml_end(xml, "point");
        xml_empty(xml, "exactness", XML_ATTRIBUTES({ "code", code_of(place->exactness) }));
    }
    xml_end(xml, "location");
}

static void write_value(xml_text *xml, gf_fen fen, gf_str day)
{
    char number[GF_DECIMAL_BYTES];
    gf_str yuan = { number, gf_decimal_format(gf_fen_to_yuan(fen), number) };
    xml_leaf(xml, "value", XML_ATTRIBUTES({ "currency", GF_STR("CNY") }, { "value-date", day }), yuan);
}

static void write_budget(xml_text *xml, const gf_app_iati_activity *activity)
{
    if (activity->budget_from.len == 0)
        return;
    xml_begin(xml, "budget", XML_ATTRIBUTES({ "type", GF_STR("1") }, { "status", code_of(activity->budget_status) }));
    xml_empty(xml, "period-start", XML_ATTRIBUTES({ "iso-date", activity->budget_from }));
    xml_empty(xml, "period-end", XML_ATTRIBUTES({ "iso-date", activity->budget_to }));
    write_value(xml, activity->budget, activity->budget_from);
    xml_end(xml, "budget");
}

static void write_money(xml_text *xml, const gf_app_iati_money *money)
{
    gf_text ref;
    gf_text_init(&ref, xml->out->arena);
    gf_text_format(&ref, "entry.%lld", (long long)money->entry);
    xml_begin(xml, "transaction", XML_ATTRIBUTES({ "ref", gf_text_str(&ref) }, { "humanitarian", GF_STR("0") }));
    xml_empty(xml, "transaction-type", XML_ATTRIBUTES({ "code", code_of(money->type) }));
    xml_empty(xml, "transaction-date", XML_ATTRIBUTES({ "iso-date", money->day }));
    write_value(xml, money->amount, money->day);
    xml_words(xml, "description", NULL, 0, money->said);
    write_party(xml, "provider-org", &money->provider);
    write_party(xml, "receiver-org", &money->receiver);
    if (money->finance)
        xml_empty(xml, "finance-type", XML_ATTRIBUTES({ "code", code_of(money->finance) }));
    xml_end(xml, "transaction");
}

/* ---- Results ---- */

static void write_measured(xml_text *xml, const char *element, const gf_app_iati_value *value)
{
    xml_begin(xml, element, XML_ATTRIBUTES({ "value", value->value }));
    xml_words(xml, "comment", NULL, 0, value->note);
    xml_end(xml, element);
}

static void write_period(xml_text *xml, const gf_app_iati_value *target, const gf_app_iati_value *actual)
{
    const gf_app_iati_value *of = actual ? actual : target;
    xml_begin(xml, "period", NULL, 0);
    xml_empty(xml, "period-start", XML_ATTRIBUTES({ "iso-date", of->from }));
    xml_empty(xml, "period-end", XML_ATTRIBUTES({ "iso-date", of->to }));
    if (target)
        write_measured(xml, "target", target);
    if (actual)
        write_measured(xml, "actual", actual);
    xml_end(xml, "period");
}

/* Target and actual share a period where they are of the same days. */
static void write_periods(xml_text *xml, const gf_app_iati_result *result)
{
    const gf_app_iati_value *target = result->target.value.len ? &result->target : NULL, *actual = result->actual.value.len ? &result->actual : NULL;
    if (target && actual && gf_str_eq(target->from, actual->from) && gf_str_eq(target->to, actual->to)) {
        write_period(xml, target, actual);
        return;
    }
    if (target)
        write_period(xml, target, NULL);
    if (actual)
        write_period(xml, NULL, actual);
}

static void write_result(xml_text *xml, const gf_app_iati_result *result)
{
    xml_begin(xml, "result", XML_ATTRIBUTES({ "type", GF_STR("9") }, { "aggregation-status", GF_STR("0") }));
    xml_words(xml, "title", NULL, 0, result->name);
    xml_begin(xml, "indicator", XML_ATTRIBUTES({ "measure", code_of(result->measure) }, { "aggregation-status", GF_STR("0") }));
    xml_words(xml, "title", NULL, 0, result->name);
    if (result->baseline.value.len) {
        xml_begin(xml, "baseline", XML_ATTRIBUTES({ "year", result->baseline.year }, { "iso-date", result->baseline.from }, { "value", result->baseline.value }));
        xml_words(xml, "comment", NULL, 0, result->baseline.note);
        xml_end(xml, "baseline");
    }
    write_periods(xml, result);
    xml_end(xml, "indicator");
    xml_end(xml, "result");
}

/* ---- Activities ---- */

static void write_links(xml_text *xml, const gf_app_iati *iati, const gf_app_iati_activity *activity)
{
    if (activity->parent.len)
        xml_empty(xml, "related-activity", XML_ATTRIBUTES({ "ref", activity->parent }, { "type", GF_STR("1") }));
    for (size_t i = 0; !activity->parent.len && i < iati->activity_count; i++)
        if (iati->activities[i].parent.len)
            xml_empty(xml, "related-activity", XML_ATTRIBUTES({ "ref", iati->activities[i].id }, { "type", GF_STR("2") }));
}

static void write_head(xml_text *xml, const gf_app_iati *iati, const gf_app_iati_activity *activity)
{
    xml_leaf(xml, "iati-identifier", NULL, 0, activity->id);
    write_reporter(xml, &iati->reporter);
    xml_words(xml, "title", NULL, 0, activity->title);
    write_descriptions(xml, activity);
    for (size_t i = 0; i < activity->org_count; i++)
        write_org(xml, "participating-org", &activity->orgs[i]);
    xml_empty(xml, "activity-status", XML_ATTRIBUTES({ "code", code_of(activity->status) }));
    for (size_t i = 0; i < activity->date_count; i++)
        xml_words(xml, "activity-date", XML_ATTRIBUTES({ "iso-date", activity->dates[i].day }, { "type", code_of(activity->dates[i].type) }), activity->dates[i].note);
    xml_empty(xml, "recipient-country", XML_ATTRIBUTES({ "code", GF_STR("CN") }));
    for (size_t i = 0; i < activity->place_count; i++)
        write_place(xml, &activity->places[i]);
    xml_empty(xml, "sector", XML_ATTRIBUTES({ "vocabulary", GF_STR("1") }, { "code", GF_STR("43040") }));
}

static gf_str instant(xml_text *xml, const gf_app_iati *iati)
{
    gf_text text;
    gf_text_init(&text, xml->out->arena);
    gf_text_format(&text, "%.*sT00:00:00+08:00", GF_STR_ARG(iati->as_of));
    return gf_text_str(&text);
}

static void write_activity(xml_text *xml, const gf_app_iati *iati, const gf_app_iati_activity *activity, gf_str now)
{
    xml->at = activity->id;
    xml_begin(xml, "iati-activity", XML_ATTRIBUTES({ "xml:lang", GF_STR("zh") }, { "default-currency", GF_STR("CNY") }, { "last-updated-datetime", now }, { "humanitarian", GF_STR("0") },
              { "hierarchy", activity->parent.len ? GF_STR("2") : GF_STR("1") }));
    write_head(xml, iati, activity);
    write_budget(xml, activity);
    for (size_t i = 0; i < activity->money_count; i++)
        write_money(xml, &activity->money[i]);
    write_links(xml, iati, activity);
    for (size_t i = 0; i < activity->result_count; i++)
        write_result(xml, &activity->results[i]);
    xml_end(xml, "iati-activity");
}

static gf_status finish(const xml_text *xml, gf_error *err) { return xml->status == GF_OK ? gf_text_done(xml->out, err) : xml->status; }

static void open_document(xml_text *xml, gf_text *out, gf_error *err)
{
    *xml = (xml_text){ .out = out, .err = err };
    gf_text_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

gf_status gf_report_iati_activities(const gf_app_iati *iati, gf_text *out, gf_error *err)
{
    xml_text xml;
    open_document(&xml, out, err);
    gf_str now = instant(&xml, iati);
    xml_begin(&xml, "iati-activities", XML_ATTRIBUTES({ "version", GF_STR("2.03") }, { "generated-datetime", now }));
    for (size_t i = 0; i < iati->activity_count && xml.status == GF_OK; i++)
        write_activity(&xml, iati, &iati->activities[i], now);
    xml_end(&xml, "iati-activities");
    return finish(&xml, err);
}

/* ---- Organisations ---- */

gf_status gf_report_iati_organisations(const gf_app_iati *iati, gf_text *out, gf_error *err)
{
    xml_text xml;
    open_document(&xml, out, err);
    gf_str now = instant(&xml, iati);
    xml_begin(&xml, "iati-organisations", XML_ATTRIBUTES({ "version", GF_STR("2.03") }, { "generated-datetime", now }));
    for (size_t i = 0; i < iati->org_count && xml.status == GF_OK; i++) {
        const gf_app_iati_org *org = &iati->orgs[i];
        xml.at = org->ref;
        xml_begin(&xml, "iati-organisation", XML_ATTRIBUTES({ "xml:lang", GF_STR("zh") }, { "default-currency", GF_STR("CNY") }, { "last-updated-datetime", now }));
        xml_leaf(&xml, "organisation-identifier", NULL, 0, org->ref);
        xml_words(&xml, "name", NULL, 0, org->name);
        write_reporter(&xml, &iati->reporter);
        xml_end(&xml, "iati-organisation");
    }
    xml_end(&xml, "iati-organisations");
    return finish(&xml, err);
}
