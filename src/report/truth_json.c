/* The answers about truth as JSON: trace, report and press check, in the forms of the contracts (schema .../1). Keys
 * are never renamed inside a schema's number; what is not known is null, never left out and never zero.
 */
#include "report/json_inside.h"
#include "report/words.h"

static void end_document(gf_json *json, gf_text *out)
{
    gf_json_end(json, '}');
    gf_text_add_char(out, '\n');
}

static void write_value(gf_json *json, bool has_value, gf_decimal value)
{
    if (has_value)
        gf_json_decimal(json, "value", value);
    else
        gf_json_null(json, "value");
}

static void write_bound(gf_json *json, bool has_value, gf_figure_bound bound)
{
    gf_json_cstr(json, "bound", has_value ? gf_figure_bound_name(bound) : NULL);
}

/* ---- Trace ---- */

static void write_node(gf_json *json, const char *key, const gf_app_node *node)
{
    gf_json_begin(json, key, '{');
    gf_json_cstr(json, "node", node->node);
    gf_json_opt_str(json, "id", node->id);
    gf_json_opt_str(json, "label", node->label);
    write_value(json, node->has_value, node->value);
    gf_json_opt_str(json, "unit", node->unit);
    write_bound(json, node->has_value, node->bound);
    gf_json_opt_str(json, "date", node->date);
    gf_json_opt_str(json, "source", node->source);
    gf_json_opt_str(json, "phrase", node->phrase);
    gf_json_opt_str(json, "sha256", node->sha256);
    gf_json_begin(json, "children", '[');
    for (const gf_app_node *child = node->first_child; child; child = child->next)
        write_node(json, NULL, child);
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

static void write_figure(gf_json *json, const char *key, const gf_figure *figure)
{
    gf_json_begin(json, key, '{');
    gf_json_str(json, "id", figure->id);
    gf_json_str(json, "label", figure->label);
    write_value(json, figure->has_value, figure->value);
    gf_json_opt_str(json, "unit", figure->unit);
    write_bound(json, figure->has_value, figure->bound);
    gf_json_opt_str(json, "period", figure->period);
    gf_json_opt_str(json, "who", figure->who);
    gf_json_opt_str(json, "where", figure->where);
    gf_json_cstr(json, "basis", gf_figure_basis_name(figure->basis));
    gf_json_opt_str(json, "origin", figure->origin);
    gf_json_end(json, '}');
}

void gf_report_trace_json(const gf_app_traced *traced, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.trace/1");
    write_figure(&json, "figure", &traced->figure);
    write_node(&json, "tree", traced->tree);
    gf_json_begin(&json, "recomputed", '{');
    write_value(&json, traced->has_recomputed, traced->recomputed);
    gf_json_bool(&json, "equal", traced->equal);
    gf_json_end(&json, '}');
    end_document(&json, out);
}

/* ---- Report ---- */

static void write_money(gf_json *json, const gf_app_reported *reported)
{
    gf_json_begin(json, "money", '[');
    for (size_t i = 0; i < reported->money_count; i++) {
        const gf_app_money *money = &reported->money[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "scope", money->scope);
        gf_json_str(json, "label", money->scope_label);
        gf_json_cstr(json, "kind", money->kind);
        gf_json_cstr(json, "stage", money->stage);
        gf_json_int(json, "amount_fen", money->amount);
        gf_json_cstr(json, "bound", gf_figure_bound_name(money->bound));
        gf_json_str(json, "figure", money->figure);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

void report_indicators(gf_json *json, const gf_app_reported *reported)
{
    gf_json_begin(json, "indicators", '[');
    for (size_t i = 0; i < reported->indicator_count; i++) {
        const gf_app_indicator *indicator = &reported->indicators[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "id", indicator->id);
        gf_json_str(json, "name", indicator->name);
        gf_json_opt_str(json, "place", indicator->place);
        gf_json_opt_str(json, "unit", indicator->unit);
        gf_json_opt_str(json, "baseline", indicator->baseline);
        gf_json_opt_str(json, "target", indicator->target);
        gf_json_opt_str(json, "actual", indicator->actual);
        gf_json_opt_str(json, "change", indicator->change);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

/* The text without marks, and beside it the same text in parts, so that a page can make each figure a button. */
static void write_paragraph(gf_json *json, const gf_app_reported *reported, const gf_app_paragraph *paragraph)
{
    gf_json_begin(json, NULL, '{');
    gf_json_str(json, "text", paragraph->text);
    gf_json_begin(json, "figures", '[');
    for (size_t i = 0; i < paragraph->figure_count; i++)
        gf_json_str(json, NULL, paragraph->figures[i]);
    gf_json_end(json, ']');
    gf_json_begin(json, "parts", '[');
    for (size_t i = 0; i < paragraph->part_count; i++) {
        const gf_app_part *part = &paragraph->parts[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "text", part->text);
        if (part->figure.len) {
            const gf_app_derived *known = report_figure_of(reported, part->figure);
            gf_json_str(json, "figure", part->figure);
            gf_json_cstr(json, "basis", known ? gf_figure_basis_name(known->figure.basis) : NULL);
        }
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

static void write_chapters(gf_json *json, const gf_app_reported *reported)
{
    gf_json_begin(json, "chapters", '[');
    for (size_t i = 0; i < reported->chapter_count; i++) {
        const gf_app_chapter *chapter = &reported->chapters[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "id", chapter->id);
        gf_json_str(json, "scope", chapter->scope);
        gf_json_str(json, "title", chapter->title);
        gf_json_begin(json, "paragraphs", '[');
        for (size_t p = 0; p < chapter->paragraph_count; p++)
            write_paragraph(json, reported, &chapter->paragraphs[p]);
        gf_json_end(json, ']');
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void write_derivation(gf_json *json, const gf_app_derived *derived)
{
    gf_json_begin(json, "derivation", '{');
    gf_json_cstr(json, "op", derived->op);
    gf_json_begin(json, "inputs", '[');
    for (size_t i = 0; i < derived->input_count; i++)
        gf_json_str(json, NULL, derived->inputs[i]);
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

void report_figures(gf_json *json, const gf_app_reported *reported)
{
    gf_json_begin(json, "figures", '{');
    for (size_t i = 0; i < reported->figure_count; i++) {
        const gf_app_derived *derived = &reported->figures[i];
        const gf_figure *figure = &derived->figure;
        gf_json_begin(json, derived->key, '{');
        gf_json_str(json, "label", figure->label);
        write_value(json, figure->has_value, figure->value);
        gf_json_opt_str(json, "unit", figure->unit);
        write_bound(json, figure->has_value, figure->bound);
        gf_json_opt_str(json, "period", figure->period);
        gf_json_cstr(json, "basis", gf_figure_basis_name(figure->basis));
        gf_json_opt_str(json, "origin", figure->origin);
        write_derivation(json, derived);
        gf_json_end(json, '}');
    }
    gf_json_end(json, '}');
}

void gf_report_report_json(const gf_app_reported *reported, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.report/1");
    gf_json_str(&json, "programme", reported->programme);
    gf_json_str(&json, "programme_name", reported->programme_name);
    gf_json_str(&json, "lang", reported->lang);
    gf_json_str(&json, "scope", reported->scope);
    gf_json_opt_str(&json, "from", reported->from);
    gf_json_opt_str(&json, "to", reported->to);
    gf_json_str(&json, "as_of", reported->as_of);
    gf_json_begin(&json, "origins", '[');
    for (size_t i = 0; i < reported->origin_count; i++)
        gf_json_str(&json, NULL, reported->origins[i]);
    gf_json_end(&json, ']');
    gf_json_int(&json, "head_entry", reported->head_entry);
    gf_json_str(&json, "head_hash", reported->head_hash);
    write_money(&json, reported);
    report_indicators(&json, reported);
    write_chapters(&json, reported);
    report_figures(&json, reported);
    gf_json_begin(&json, "marks", '{');
    for (int basis = GF_FIGURE_DERIVED; basis >= GF_FIGURE_NONE; basis--)
        gf_json_int(&json, gf_figure_basis_name((gf_figure_basis)basis), reported->marks[basis]);
    gf_json_end(&json, '}');
    end_document(&json, out);
}
