/* Plain tables: rosters, queues, statements, ageing. As JSON, and for a terminal with tabs between, which other
 * programs read too.
 */
#include "report/gf_report.h"

void gf_report_table_json(const gf_app_table *table, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "title", table->title);
    gf_json_begin(&json, "columns", '[');
    for (size_t i = 0; i < table->column_count; i++)
        gf_json_str(&json, NULL, table->heads[i]);
    gf_json_end(&json, ']');
    gf_json_begin(&json, "rows", '[');
    for (size_t r = 0; r < table->row_count; r++) {
        gf_json_begin(&json, NULL, '[');
        for (size_t i = 0; i < table->column_count; i++)
            gf_json_str(&json, NULL, table->rows[r].cells[i]);
        gf_json_end(&json, ']');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_table_text(const gf_app_table *table, gf_text *out)
{
    gf_text_format(out, "%.*s\n", GF_STR_ARG(table->title));
    for (size_t i = 0; i < table->column_count; i++)
        gf_text_format(out, "%s%.*s", i ? "\t" : "", GF_STR_ARG(table->heads[i]));
    gf_text_add_char(out, '\n');
    for (size_t r = 0; r < table->row_count; r++) {
        for (size_t i = 0; i < table->column_count; i++)
            gf_text_format(out, "%s%.*s", i ? "\t" : "", GF_STR_ARG(table->rows[r].cells[i]));
        gf_text_add_char(out, '\n');
    }
}

/* ---- Statements ---- */

void gf_report_statement_json(const gf_app_statement *statement, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.statement/1");
    gf_json_str(&json, "scope", statement->scope);
    gf_json_str(&json, "label", statement->scope_label);
    gf_json_opt_str(&json, "on", statement->on);
    gf_json_begin(&json, "money", '[');
    for (size_t i = 0; i < statement->line_count; i++) {
        const gf_app_money *line = &statement->lines[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "kind", line->kind);
        gf_json_cstr(&json, "stage", line->stage);
        gf_json_int(&json, "amount_fen", line->amount);
        gf_json_cstr(&json, "bound", gf_figure_bound_name(line->bound));
        gf_json_str(&json, "figure", line->figure);
        if (statement->internal)
            gf_json_int(&json, "internal_fen", statement->internal[i]);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

static void write_fen(gf_text *out, gf_fen amount, gf_figure_bound bound, gf_str lang)
{
    gf_figure figure = { .unit = GF_STR_INIT("CNY"), .has_value = true, .value = gf_fen_to_yuan(amount), .bound = bound };
    gf_figure_write_value(out, &figure, lang);
}

void gf_report_statement_text(const gf_app_statement *statement, gf_str lang, gf_text *out)
{
    gf_text_format(out, "%.*s\n", GF_STR_ARG(statement->scope_label));
    for (size_t i = 0; i < statement->line_count; i++) {
        gf_text_format(out, "  %-12s%-12s", statement->lines[i].kind, statement->lines[i].stage ? statement->lines[i].stage : "");
        write_fen(out, statement->lines[i].amount, statement->lines[i].bound, lang);
        gf_text_add_char(out, '\n');
    }
}

void gf_report_ageing_json(const gf_app_aged *aged, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.ageing/1");
    gf_json_begin(&json, "rows", '[');
    for (size_t i = 0; i < count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "fund", aged[i].fund);
        gf_json_str(&json, "fund_name", aged[i].fund_name);
        gf_json_int(&json, "entry", aged[i].entry);
        gf_json_opt_str(&json, "received_on", aged[i].received_on);
        gf_json_int(&json, "received_fen", aged[i].received);
        gf_json_int(&json, "unpaid_fen", aged[i].unpaid);
        if (aged[i].days >= 0)
            gf_json_int(&json, "days", aged[i].days);
        else
            gf_json_null(&json, "days");
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_ageing_text(const gf_app_aged *aged, size_t count, gf_str lang, gf_text *out)
{
    for (size_t i = 0; i < count; i++) {
        gf_text_format(out, "%.*s\tentry.%lld\t%.*s\t", GF_STR_ARG(aged[i].fund_name.len ? aged[i].fund_name : aged[i].fund), (long long)aged[i].entry, GF_STR_ARG(aged[i].received_on));
        write_fen(out, aged[i].unpaid, GF_FIGURE_EXACT, lang);
        if (aged[i].days >= 0)
            gf_text_format(out, gf_str_is(lang, "en") ? "\t%lld days" : "\t%lld天", (long long)aged[i].days);
        gf_text_add_char(out, '\n');
    }
}
