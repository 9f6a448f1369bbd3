/* One number and what stands under it, as a tree of nested lists that needs no script to be read. At most two hundred
 * children of a node are shown, the rest counted, and twelve levels.
 */
#include "report/public.h"

#include <string.h>

enum { CHILDREN_SHOWN = 200, DEPTH_SHOWN = 12 };

#define ADD(page, text) gf_text_add_c((page)->out, (text))

static const char *node_word(const char *node, bool zh)
{
    static const report_word WORDS[] = { { "sum", "合计", "sum" }, { "difference", "相减", "difference" }, { "ratio", "相除", "ratio" }, { "count", "计数", "count" },
                                         { "entry", "分录", "entry" }, { "observation", "观测", "observation" }, { "document", "文件", "document" }, { "statement", "原话", "words" },
                                         { "none", "无依据", "no basis" } };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (strcmp(node, WORDS[i].name) == 0)
            return zh ? WORDS[i].zh : WORDS[i].en;
    return node;
}

static void add_some(public_page *page, const char *open, gf_str text, const char *close)
{
    if (text.len == 0)
        return;
    ADD(page, open);
    html_text(page->out, text);
    ADD(page, close);
}

static void add_node_line(public_page *page, const gf_app_node *node)
{
    gf_text_format(page->out, "<span class=\"kind %s\">%s</span> ", node->node, node_word(node->node, page->zh));
    if (node->has_value) {
        gf_text value;
        gf_figure figure = { .unit = node->unit, .has_value = true, .value = node->value, .bound = node->bound };
        gf_text_init(&value, page->out->arena);
        gf_figure_write_value(&value, &figure, page->lang);
        add_some(page, "<b class=\"value\">", gf_text_str(&value), "</b> ");
    }
    add_some(page, "<span>", node->label, "</span> ");
    add_some(page, "<small>", node->date, "</small>");
    add_some(page, "<q lang=\"zh-CN\">", node->phrase, "</q>");
    add_some(page, "<small class=\"src\">", node->source, "</small>");
    add_some(page, "<code class=\"hash\">sha256 ", node->sha256, "</code>");
    if (!node->sha256.len && strcmp(node->node, "none") != 0)
        add_some(page, "<code class=\"id\">", node->id, "</code>");
}

static void add_node(public_page *page, const gf_app_node *node, int depth)
{
    size_t count = 0, hidden = 0;
    ADD(page, "<li><div class=\"node\">");
    add_node_line(page, node);
    ADD(page, "</div>");
    for (const gf_app_node *child = node->first_child; child && depth < DEPTH_SHOWN; child = child->next) {
        if (count == 0)
            ADD(page, "<ul>");
        if (count++ < CHILDREN_SHOWN)
            add_node(page, child, depth + 1);
        else
            hidden++;
    }
    if (hidden)
        gf_text_format(page->out, page->zh ? "<li class=\"more\">……另有 %zu 项</li>" : "<li class=\"more\">… and %zu more</li>", hidden);
    ADD(page, count ? "</ul></li>" : "</li>");
}

static void add_details(public_page *page, const gf_figure *figure)
{
    const struct { const char *zh, *en; gf_str value; } ROWS[] = {
        { "谁", "Who", figure->who }, { "哪里", "Where", figure->where }, { "期间", "Period", figure->period }, { "编号", "Id", figure->id } };
    ADD(page, "<dl class=\"about\">");
    for (size_t i = 0; i < GF_COUNT(ROWS); i++)
        if (ROWS[i].value.len) {
            gf_text_format(page->out, "<dt>%s</dt><dd>", page->zh ? ROWS[i].zh : ROWS[i].en);
            html_text(page->out, ROWS[i].value);
            ADD(page, "</dd>");
        }
    ADD(page, "</dl>");
}

static void add_verdict(public_page *page, const gf_app_traced *traced)
{
    if (!traced->has_recomputed)
        return;
    if (traced->equal)
        page_say(page, "<p class=\"equal\">刚才又算了一遍：相等。</p>", "<p class=\"equal\">Computed again just now: equal.</p>");
    else
        page_say(page, "<p class=\"equal bad\">刚才又算了一遍：不相等。</p>", "<p class=\"equal bad\">Computed again just now: NOT equal.</p>");
}

void gf_report_public_figure(const gf_app_published *published, const gf_app_traced *traced, gf_text *out)
{
    public_page page = { .out = out, .published = published, .lang = published->reported.lang, .zh = report_in_zh(published->reported.lang) };
    const gf_figure *figure = &traced->figure;
    const report_basis *basis = &REPORT_BASIS[figure->basis];
    gf_text value;
    gf_text_init(&value, out->arena);
    gf_figure_write_value(&value, figure, page.lang);
    page_begin(&page, "/public/money", gf_text_str(&value));
    ADD(&page, "<section class=\"sheet\"><p class=\"lead\">");
    html_text(out, figure->label);
    ADD(&page, "</p><h1 class=\"big\">");
    html_text(out, gf_text_str(&value));
    ADD(&page, "</h1><p class=\"basis\">");
    page_sign(&page, figure->basis);
    gf_text_format(out, " %s</p>", page.zh ? basis->zh_means : basis->en_means);
    add_details(&page, figure);
    page_say(&page, "<h2>由什么得来</h2>", "<h2>What it is made of</h2>");
    ADD(&page, "<ul class=\"tree\">");
    if (traced->tree)
        add_node(&page, traced->tree, 0);
    ADD(&page, "</ul>");
    add_verdict(&page, traced);
    ADD(&page, "</section>\n");
    page_end(&page);
}
