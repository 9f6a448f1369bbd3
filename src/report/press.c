/* The press check as JSON by the contract, and as a list for a terminal, in the order of the text, each with line and
 * column: so an editor can jump from one to the next.
 */
#include "report/gf_report.h"

static void write_token(gf_json *json, const gf_figure_press_token *checked)
{
    const gf_figure_token *token = &checked->token;
    bool figure = checked->verdict != GF_FIGURE_NOT_A_FIGURE;
    gf_json_begin(json, NULL, '{');
    gf_json_int(json, "line", (int64_t)token->line);
    gf_json_int(json, "column", (int64_t)token->column);
    gf_json_str(json, "text", token->text);
    gf_json_str(json, "unit", token->unit);
    if (!figure)
        gf_json_null(json, "value");
    else if (token->iso.len)
        gf_json_str(json, "value", token->iso);
    else
        gf_json_decimal(json, "value", token->value);
    gf_json_opt_str(json, "value_unit", figure ? token->value_unit : (gf_str){ "", 0 });
    gf_json_cstr(json, "bound", figure ? gf_figure_bound_name(token->bound) : NULL);
    gf_json_opt_str(json, "period", checked->period);
    gf_json_cstr(json, "verdict", gf_figure_verdict_name(checked->verdict));
    gf_json_opt_str(json, "figure", checked->figure);
    gf_json_begin(json, "facts", '[');
    gf_str rest = checked->facts, fact;
    while (gf_str_cut(&rest, ';', &fact))
        gf_json_str(json, NULL, fact);
    gf_json_end(json, ']');
    gf_json_opt_str(json, "ours", checked->ours);
    gf_json_str(json, "reason", checked->reason);
    gf_json_end(json, '}');
}

void gf_report_press_json(const gf_app_pressed *pressed, gf_str file, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.press/1");
    gf_json_str(&json, "file", file);
    gf_json_str(&json, "sha256", pressed->sha256);
    gf_json_str(&json, "programme", pressed->programme);
    gf_json_begin(&json, "tokens", '[');
    for (size_t i = 0; i < pressed->token_count; i++)
        write_token(&json, &pressed->tokens[i]);
    gf_json_end(&json, ']');
    gf_json_begin(&json, "summary", '{');
    gf_json_int(&json, "tokens", (int64_t)pressed->token_count);
    for (int verdict = GF_FIGURE_FOUND; verdict <= GF_FIGURE_NOT_A_FIGURE; verdict++)
        gf_json_int(&json, gf_figure_verdict_name((gf_figure_verdict)verdict), pressed->counts[verdict]);
    gf_json_end(&json, '}');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_press_text(const gf_app_pressed *pressed, gf_str file, gf_str lang, gf_text *out)
{
    static const char *const MARKS[] = { "✓", "“”", "≠", "?", "·" };
    for (size_t i = 0; i < pressed->token_count; i++) {
        const gf_figure_press_token *t = &pressed->tokens[i];
        if (t->verdict == GF_FIGURE_NOT_A_FIGURE)
            continue;
        gf_text_format(out, "%.*s:%zu:%zu %s %s%.*s  %s  %.*s  %.*s\n", GF_STR_ARG(file), t->token.line, t->token.column, MARKS[t->verdict], "", GF_STR_ARG(t->token.text),
                       gf_figure_verdict_name(t->verdict), GF_STR_ARG(t->figure), GF_STR_ARG(t->reason));
    }
    gf_text_format(out, gf_str_is(lang, "en") ? "%zu numbers: %lld found, %lld stated only, %lld different, %lld without basis, %lld no figures\n"
                                              : "共%zu个数:有据%lld,仅有说法%lld,不符%lld,无据%lld,非数字%lld\n",
                   pressed->token_count, (long long)pressed->counts[0], (long long)pressed->counts[1], (long long)pressed->counts[2], (long long)pressed->counts[3], (long long)pressed->counts[4]);
}
