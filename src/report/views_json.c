/* The first pages as JSON: cockpit, flow, story. One answer holds all that a page shows, so that a slow line pays for
 * one turn; figures come by id and stand once, however often they are shown.
 */
#include "report/json_inside.h"

#include <string.h>

enum { UNPROVEN_MAX = 60 };

static void write_pairings(gf_json *json, const gf_app_cockpit *c, gf_str place)
{
    gf_json_begin(json, "pairings", '[');
    for (size_t i = 0; i < c->pairing_count; i++) {
        const gf_app_paired *p = &c->pairings[i];
        if (!gf_str_eq(p->place, place))
            continue;
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "unit", p->unit);
        gf_json_str(json, "unit_name", p->unit_name);
        gf_json_str(json, "role", p->role);
        gf_json_str(json, "period", p->period);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void write_places(gf_json *json, const gf_app_cockpit *c)
{
    gf_json_begin(json, "places", '[');
    for (size_t i = 0; i < c->place_count; i++) {
        const gf_app_seat *s = &c->places[i];
        gf_decimal lon, lat;
        bool known = gf_decimal_parse(s->lon, &lon) && gf_decimal_parse(s->lat, &lat);
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "code", s->code);
        gf_json_str(json, "name", s->name);
        gf_json_str(json, "level", s->level);
        gf_json_str(json, "parent", s->parent);
        if (known) {
            gf_json_decimal(json, "lon", lon);
            gf_json_decimal(json, "lat", lat);
        } else {
            gf_json_null(json, "lon");
            gf_json_null(json, "lat");
        }
        gf_json_opt_str(json, "match", s->match);
        gf_json_bool(json, "below", c->by_county);
        gf_json_int(json, "projects", s->projects);
        gf_json_int(json, "activities", s->activities);
        gf_json_int(json, "visits", s->visits);
        gf_json_int(json, "assets", s->assets);
        write_pairings(json, c, s->code);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void write_money(gf_json *json, const gf_app_cockpit *c)
{
    gf_json_begin(json, "money", '[');
    for (size_t i = 0; i < c->money_count; i++) {
        const gf_app_money *m = &c->money[i];
        gf_json_begin(json, NULL, '{');
        gf_json_cstr(json, "kind", m->kind);
        gf_json_cstr(json, "stage", m->stage);
        gf_json_int(json, "amount_fen", m->amount);
        gf_json_cstr(json, "bound", gf_figure_bound_name(m->bound));
        gf_json_str(json, "figure", m->figure);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

/* What is only told, and what nobody even told: the work that is left. */
static void write_unproven(gf_json *json, const gf_app_reported *r)
{
    size_t count = 0;
    gf_json_begin(json, "without_evidence", '[');
    for (gf_figure_basis basis = GF_FIGURE_NONE; r && basis <= GF_FIGURE_STATED; basis++)
        for (size_t i = 0; i < r->figure_count && count < UNPROVEN_MAX; i++) {
            const gf_figure *f = &r->figures[i].figure;
            if (f->basis != basis)
                continue;
            count++;
            gf_json_begin(json, NULL, '{');
            gf_json_str(json, "figure", f->id);
            gf_json_str(json, "label", f->label);
            if (f->has_value)
                gf_json_decimal(json, "value", f->value);
            else
                gf_json_null(json, "value");
            gf_json_str(json, "unit", f->unit);
            gf_json_cstr(json, "bound", gf_figure_bound_name(f->bound));
            gf_json_cstr(json, "basis", gf_figure_basis_name(f->basis));
            gf_json_end(json, '}');
        }
    gf_json_end(json, ']');
}

static void write_basis(gf_json *json, const gf_app_reported *r)
{
    gf_json_begin(json, "basis", '{');
    for (int basis = GF_FIGURE_DERIVED; r && basis >= GF_FIGURE_NONE; basis--)
        gf_json_int(json, gf_figure_basis_name((gf_figure_basis)basis), r->marks[basis]);
    gf_json_end(json, '}');
}

static void write_cases(gf_json *json, const gf_app_table *t)
{
    static const char *const KEYS[] = { "id", "kind", "name", "place", "stage", "assignee", "due" };
    gf_json_begin(json, "cases", '[');
    for (size_t i = 0; i < t->row_count; i++) {
        gf_json_begin(json, NULL, '{');
        for (size_t k = 0; k < t->column_count && k < GF_COUNT(KEYS); k++)
            gf_json_str(json, KEYS[k], t->rows[i].cells[k]);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

/* Names that were joined for reading, apart again. */
static void write_names(gf_json *json, const char *key, gf_str joined)
{
    static const gf_str MARKS[] = { GF_STR_INIT("\xE3\x80\x81"), GF_STR_INIT(", ") };  /* the Chinese enumeration comma */
    gf_json_begin(json, key, '[');
    while (joined.len) {
        size_t at = joined.len, skip = 0;
        for (size_t i = 0; i < GF_COUNT(MARKS); i++) {
            size_t found = gf_str_find(joined, MARKS[i]);
            skip = found < at ? MARKS[i].len : skip;
            at = found < at ? found : at;
        }
        gf_json_str(json, NULL, gf_str_slice(joined, 0, at));
        joined = gf_str_slice(joined, at + skip, joined.len);
    }
    gf_json_end(json, ']');
}

void gf_report_cockpit_json(const gf_app_cockpit *c, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "programme", '{');
    gf_json_str(&json, "id", c->programme);
    gf_json_str(&json, "name", c->name);
    gf_json_str(&json, "place", c->place);
    gf_json_str(&json, "period", c->period);
    gf_json_str(&json, "origin", c->origin);
    gf_json_end(&json, '}');
    gf_json_str(&json, "scope", c->scope);
    gf_json_opt_str(&json, "as_of", c->reported ? c->reported->as_of : (gf_str){ "", 0 });
    write_places(&json, c);
    write_money(&json, c);
    gf_json_begin(&json, "tallies", '[');
    for (size_t i = 0; i < c->tally_count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "register", c->tallies[i].reg);
        gf_json_int(&json, "count", c->tallies[i].count);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_begin(&json, "stages", '[');
    for (size_t i = 0; i < c->stage_count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "stage", c->stages[i].stage);
        gf_json_int(&json, "count", c->stages[i].count);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    write_basis(&json, c->reported);
    write_unproven(&json, c->reported);
    write_cases(&json, &c->cases);
    if (c->reported) {
        report_indicators(&json, c->reported);
        report_figures(&json, c->reported);
    } else {
        gf_json_begin(&json, "indicators", '[');
        gf_json_end(&json, ']');
        gf_json_begin(&json, "figures", '{');
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, '}');
}

void gf_report_flow_json(const gf_app_flow *f, gf_text *out)
{
    gf_json json;
    char figure[40];
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "kind", f->kind);
    gf_json_begin(&json, "nodes", '[');
    for (size_t i = 0; i < f->node_count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "id", f->nodes[i].id);
        gf_json_str(&json, "label", f->nodes[i].label);
        gf_json_cstr(&json, "column", f->nodes[i].column);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_begin(&json, "links", '[');
    for (size_t i = 0; i < f->link_count; i++) {
        const gf_app_flow_link *l = &f->links[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "from", l->from);
        gf_json_str(&json, "to", l->to);
        gf_json_str(&json, "kind", f->kind);
        gf_json_str(&json, "stage", l->stage);
        gf_json_int(&json, "amount_fen", l->amount);
        gf_json_cstr(&json, "bound", l->about ? "about" : l->at_least ? "at_least" : "exact");
        gf_json_int(&json, "rows", l->rows);
        (void)snprintf(figure, sizeof figure, "entry.%lld", (long long)l->first_entry);
        if (l->figure.len)
            gf_json_str(&json, "figure", l->figure);
        else
            gf_json_cstr(&json, "figure", l->rows == 1 ? figure : NULL);
        gf_json_int(&json, "first_entry", l->first_entry);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

void gf_report_story_json(const gf_app_story *s, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "id", s->id);
    gf_json_str(&json, "name", s->name);
    gf_json_begin(&json, "events", '[');
    for (size_t i = 0; i < s->event_count; i++) {
        const gf_app_event *e = &s->events[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "period", e->period);
        gf_json_cstr(&json, "register", e->reg);
        gf_json_str(&json, "id", e->id);
        gf_json_str(&json, "label", e->label);
        gf_json_str(&json, "detail", e->detail);
        write_names(&json, "units", e->units);
        gf_json_str(&json, "place", e->place);
        gf_json_str(&json, "origin", e->origin);
        gf_json_opt_str(&json, "figure", e->figure);
        gf_json_opt_str(&json, "kind", e->kind);
        if (e->has_amount)
            gf_json_int(&json, "amount_fen", e->amount);
        else
            gf_json_null(&json, "amount_fen");
        gf_json_opt_str(&json, "value", e->value);
        gf_json_opt_str(&json, "unit", e->unit);
        gf_json_cstr(&json, "bound", e->has_amount || e->value.len ? gf_figure_bound_name(e->bound) : NULL);
        gf_json_opt_str(&json, "stage", e->stage);
        gf_json_cstr(&json, "basis", gf_figure_basis_name(e->basis));
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}
