/* The frame of the public pages. No script, no style attribute (the content policy forbids it), no request but for one
 * style sheet and one icon; every number is a link to what stands under it. */
#include "report/public.h"

static const struct { const char *path, *zh, *en; } PAGES[] = { { "/", "总览", "Overview" }, { "/public/money", "资金", "Money" }, { "/public/results", "成效", "Results" } };

void html_text(gf_text *out, gf_str plain)
{
    uint32_t code;
    while (gf_utf8_next(&plain, &code)) {
        const char *escaped = code == '&' ? "&amp;" : code == '<' ? "&lt;" : code == '>' ? "&gt;" : code == '"' ? "&quot;" : code == '\'' ? "&#39;" : NULL;
        if (escaped)
            gf_text_add_c(out, escaped);
        else
            gf_text_add_code(out, code < 0x20 && code != '\n' ? 0xFFFD : code);
    }
}

/* For a path or query: everything but letters, digits and a few marks as %XX. */
static void add_encoded(gf_text *out, gf_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            gf_text_add_char(out, (char)c);
        else
            gf_text_format(out, "%%%02X", c);
    }
}

void page_say(public_page *page, const char *zh, const char *en) { gf_text_add_c(page->out, page->zh ? zh : en); }

static void add_query(public_page *page, bool zh)
{
    const gf_app_published *p = page->published;
    bool programme = p && !p->usual;
    if (zh && !programme)
        return;
    gf_text_add_char(page->out, '?');
    if (programme) {
        gf_text_add_c(page->out, "programme=");
        add_encoded(page->out, p->reported.programme);
    }
    if (!zh)
        gf_text_add_c(page->out, programme ? "&amp;lang=en" : "lang=en");
}

void page_href(public_page *page, const char *path)
{
    gf_text_format(page->out, "href=\"%s", path);
    add_query(page, page->zh);
    gf_text_add_char(page->out, '"');
}

/* ---- Figures ---- */

void page_sign(public_page *page, gf_figure_basis basis)
{
    const report_basis *word = &REPORT_BASIS[basis];
    gf_text_format(page->out, "<span class=\"sign\" data-basis=\"%s\"><i aria-hidden=\"true\">%s</i> %s</span>", gf_figure_basis_name(basis), word->sign, page->zh ? word->zh : word->en);
}

void page_figure(public_page *page, gf_str id, gf_str written)
{
    const gf_app_derived *derived = id.len ? report_figure_of(&page->published->reported, id) : NULL;
    if (!derived) {
        html_text(page->out, written);
        return;
    }
    const report_basis *word = &REPORT_BASIS[derived->figure.basis];
    gf_text_format(page->out, "<a class=\"fig\" data-basis=\"%s\" href=\"/public/figure/", gf_figure_basis_name(derived->figure.basis));
    add_encoded(page->out, id);
    add_query(page, page->zh);
    gf_text_add_c(page->out, "\">");
    html_text(page->out, written);
    gf_text_format(page->out, "<i aria-hidden=\"true\">%s</i><span class=\"vh\"> (%s)</span></a>", word->sign, page->zh ? word->zh : word->en);
}

void page_value(public_page *page, gf_str id)
{
    const gf_app_derived *derived = id.len ? report_figure_of(&page->published->reported, id) : NULL;
    gf_text value;
    if (!derived) {
        gf_text_add_c(page->out, "<span class=\"no\">—</span>");
        return;
    }
    gf_text_init(&value, page->out->arena);
    gf_figure_write_value(&value, &derived->figure, page->lang);
    page_figure(page, id, gf_text_str(&value));
}

void page_legend(public_page *page)
{
    gf_text_add_c(page->out, "<ul class=\"legend\">");
    for (int basis = GF_FIGURE_DERIVED; basis >= GF_FIGURE_NONE; basis--) {
        gf_text_add_c(page->out, "<li>");
        page_sign(page, (gf_figure_basis)basis);
        gf_text_format(page->out, "<b>%lld</b><small>%s</small></li>", (long long)page->published->reported.marks[basis], page->zh ? REPORT_BASIS[basis].zh_means : REPORT_BASIS[basis].en_means);
    }
    gf_text_add_c(page->out, "</ul>\n");
}

/* ---- Frame ---- */

static void add_nav(public_page *page)
{
    gf_text_add_c(page->out, "<header class=\"bar\"><div class=\"in\"><a class=\"brand\" ");
    page_href(page, "/");
    gf_text_add_c(page->out, "><img src=\"/public/icon.svg\" alt=\"\" width=\"30\" height=\"30\">");
    page_say(page, "共富", "gongfu");
    gf_text_add_c(page->out, "</a><nav aria-label=\"");
    page_say(page, "页面", "pages");
    gf_text_add_c(page->out, "\">");
    for (size_t i = 0; i < GF_COUNT(PAGES); i++) {
        gf_text_add_c(page->out, "<a ");
        page_href(page, PAGES[i].path);
        gf_text_format(page->out, "%s>%s</a>", gf_str_is(gf_str_of(PAGES[i].path), page->path) ? " aria-current=\"page\"" : "", page->zh ? PAGES[i].zh : PAGES[i].en);
    }
    gf_text_format(page->out, "</nav><a class=\"lang\" hreflang=\"%s\" lang=\"%s\" href=\"", page->zh ? "en" : "zh-CN", page->zh ? "en" : "zh-CN");
    gf_text_add_c(page->out, page->path);
    add_query(page, !page->zh);
    gf_text_format(page->out, "\">%s</a></div></header>\n", page->zh ? "English" : "中文");
}

void page_begin(public_page *page, const char *path, gf_str title)
{
    page->path = path;
    page->zh = report_in_zh(page->lang);
    gf_text_format(page->out, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", page->zh ? "zh-CN" : "en");
    html_text(page->out, title);
    gf_text_add_c(page->out, page->zh ? " · 共富" : " · gongfu");
    gf_text_add_c(page->out, "</title><meta name=\"color-scheme\" content=\"light dark\"><link rel=\"stylesheet\" href=\"/public/public.css\"><link rel=\"icon\" href=\"/public/icon.svg\"></head>\n<body>"
                             "<a class=\"skip\" href=\"#main\">");
    page_say(page, "跳到正文", "Skip to the text");
    gf_text_add_c(page->out, "</a>\n");
    add_nav(page);
    if (page->published && page->published->demo) {
        gf_text_add_c(page->out, "<p class=\"demo\" role=\"note\">");
        page_say(page, "演示数据：本项目群的全部记录均为虚构", "Demo data: every record of this programme is invented");
        gf_text_add_c(page->out, "</p>\n");
    }
    gf_text_add_c(page->out, "<main id=\"main\">\n");
}

void page_end(public_page *page)
{
    gf_text_add_c(page->out, "</main>\n<footer class=\"foot\">");
    if (page->published) {
        const gf_app_reported *r = &page->published->reported;
        gf_text_format(page->out, page->zh ? "<p>截至 %.*s　账本链头：分录 %lld <code>%.*s</code></p>" : "<p>As of %.*s. Head of the ledger: entry %lld <code>%.*s</code></p>", GF_STR_ARG(r->as_of),
                       (long long)r->head_entry, GF_STR_ARG(r->head_hash));
    }
    page_say(page, "<p>每个数字都可点开，直到原话、文件或分录。不含任何个人与农户的信息。</p>", "<p>Every number opens, down to words, documents and entries. Nothing here is about a single person or household.</p>");
    gf_text_add_c(page->out, "</footer></body></html>\n");
}

void gf_report_public_missing(gf_str lang, gf_text *out)
{
    public_page page = { .out = out, .lang = lang };
    page_begin(&page, "/", report_in_zh(lang) ? GF_STR("没有这一页") : GF_STR("No such page"));
    page_say(&page, "<section class=\"sheet\"><h1>没有这一页</h1><p>这里没有公开的内容。</p><p><a ", "<section class=\"sheet\"><h1>No such page</h1><p>Nothing public stands here.</p><p><a ");
    page_href(&page, "/");
    page_say(&page, ">回到总览</a></p></section>\n", ">Back to the overview</a></p></section>\n");
    page_end(&page);
}
