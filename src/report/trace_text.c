/* A trace as an indented list for a terminal: one node a line, what it adds behind its name. */
#include "report/gf_report.h"

static void write_node(const gf_app_node *node, int depth, gf_str lang, gf_text *out)
{
    gf_text_format(out, "%*s%s %.*s", depth * 2, "", node->node, GF_STR_ARG(node->id));
    if (node->has_value) {
        gf_figure figure = { .unit = node->unit, .has_value = true, .value = node->value, .bound = node->bound };
        gf_text_add_c(out, "  ");
        gf_figure_write_value(out, &figure, lang);
    }
    const gf_str said[] = { node->label, node->date, node->phrase, node->source };
    for (size_t i = 0; i < GF_COUNT(said); i++)
        if (said[i].len)
            gf_text_format(out, i == 2 ? "  “%.*s”" : "  %.*s", GF_STR_ARG(said[i]));
    gf_text_add_char(out, '\n');
    for (const gf_app_node *child = node->first_child; child; child = child->next)
        write_node(child, depth + 1, lang, out);
}

void gf_report_trace_text(const gf_app_traced *traced, gf_str lang, gf_text *out)
{
    const gf_figure *figure = &traced->figure;
    gf_text_format(out, "%.*s  ", GF_STR_ARG(figure->id));
    gf_figure_write_value(out, figure, lang);
    gf_text_format(out, "  [%s]  %.*s\n", gf_figure_basis_name(figure->basis), GF_STR_ARG(figure->label));
    write_node(traced->tree, 1, lang, out);
    if (traced->has_recomputed)
        gf_text_add_c(out, gf_str_is(lang, "en") ? (traced->equal ? "recomputed: equal\n" : "recomputed: NOT equal\n") : traced->equal ? "重算:相等\n" : "重算:不相等\n");
}
