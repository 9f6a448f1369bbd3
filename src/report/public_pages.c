/* Overview, money and results: who helps whom, five columns that are never added, indicators and what was said. */
#include "report/public.h"

#include <string.h>

enum { FACTS_SHOWN = 400 };

#define ADD(page, text) gf_text_add_c((page)->out, (text))

static public_page open_page(const gf_app_published *published, gf_text *out)
{
    return (public_page){ .out = out, .published = published, .lang = published->reported.lang, .zh = report_in_zh(published->reported.lang) };
}

/* ---- Five columns ---- */

static void add_amount(public_page *page, const gf_app_money *money)
{
    gf_text amount;
    gf_text_init(&amount, page->out->arena);
    report_amount(&amount, money->amount, money->bound, page->lang);
    page_figure(page, money->figure, gf_text_str(&amount));
}

static gf_fen greatest_of(const gf_app_reported *r, const char *kind)
{
    gf_fen greatest = 0;
    for (size_t i = 0; i < r->money_count; i++)
        if (gf_str_is(r->money[i].scope, "group") && strcmp(r->money[i].kind, kind) == 0 && r->money[i].amount > greatest)
            greatest = r->money[i].amount;
    return greatest;
}

/* A bar of 0 to 100 in attributes of SVG: no style attribute is needed. */
static void add_bar(public_page *page, gf_fen amount, gf_fen greatest)
{
    int64_t tenths = greatest > 0 && amount > 0 ? (int64_t)((double)amount / (double)greatest * 1000) : 0;  /* a length on the screen, no amount */
    gf_text_format(page->out, "<svg class=\"meter\" viewBox=\"0 0 100 3\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"rail\" width=\"100\" height=\"3\"/><rect width=\"%lld.%lld\" height=\"3\"/></svg>",
                   (long long)(tenths / 10), (long long)(tenths % 10));
}

static size_t add_stages(public_page *page, const char *kind)
{
    const gf_app_reported *r = &page->published->reported;
    gf_fen greatest = greatest_of(r, kind);
    size_t rows = 0;
    for (size_t s = 0; s <= REPORT_STAGES; s++) {
        const char *stage = s < REPORT_STAGES ? REPORT_STAGE[s].name : NULL;
        const gf_app_money *money = report_money(r, GF_STR("group"), kind, stage);
        if (!money)
            continue;
        gf_text_format(page->out, "<div class=\"row\"><dt>%s</dt><dd>", report_stage_word(stage, page->lang));
        add_amount(page, money);
        ADD(page, "</dd>");
        add_bar(page, money->amount, greatest);
        ADD(page, "</div>");
        rows++;
    }
    return rows;
}

static void add_columns(public_page *page)
{
    static const report_word MEANS[REPORT_KINDS] = { { "cash", "帮扶与财政资金", "assistance and budget money" }, { "in_kind", "设计、物资、劳务", "design, goods, work" },
                                                     { "loan", "银行的钱，要还", "the bank's money, to be repaid" }, { "investment", "企业自己的钱", "the enterprise's own money" },
                                                     { "result", "村集体与农户的收入", "income of villages and households" } };
    ADD(page, "<div class=\"columns\">");
    for (size_t k = 0; k < REPORT_KINDS; k++) {
        gf_text_format(page->out, "<section class=\"column\" data-kind=\"%s\"><h3>%s<small>%s</small></h3><dl>", REPORT_KIND[k].name, report_word_in(&REPORT_KIND[k], page->lang), report_word_in(&MEANS[k], page->lang));
        if (add_stages(page, REPORT_KIND[k].name) == 0)
            page_say(page, "<div class=\"row none\"><dt>书中没有</dt><dd>—</dd></div>", "<div class=\"row none\"><dt>not on record</dt><dd>—</dd></div>");
        ADD(page, "</dl></section>");
    }
    ADD(page, "</div>\n");
    page_say(page, "<p class=\"never\">五栏是五种不同的东西，从不相加。各阶段分别计数；没有写出的阶段是未知，不是零。条的长短只在同一栏内可比。</p>\n",
             "<p class=\"never\">Five columns are five different things and are never added. Stages are counted apart; a stage that is not shown is unknown, not zero. Bars compare within one column only. Amounts in CNY.</p>\n");
}

/* ---- Overview ---- */

/* Terraced hills and a covered bridge, as the county has them. */
static void add_picture(public_page *page)
{
    ADD(page, "<svg class=\"hills\" viewBox=\"0 0 1200 220\" preserveAspectRatio=\"xMidYMax slice\" aria-hidden=\"true\">"
              "<path class=\"h1\" d=\"M0 120 Q150 30 320 96 T640 70 T940 92 T1200 48 V220 H0Z\"/><path class=\"h2\" d=\"M0 158 Q190 84 400 140 T790 122 T1200 110 V220 H0Z\"/>"
              "<path class=\"t\" d=\"M560 150 q120 -26 250 -6 M590 164 q110 -22 210 -4 M70 168 q120 -34 240 -8 M110 182 q90 -22 170 -5\"/>"
              "<g class=\"b\"><path d=\"M905 186 q95 -92 190 0 h-16 q-79 -70 -158 0Z\"/><path d=\"M884 150 h232 v8 h-232Z\"/><path d=\"M900 132 h6 v18 h-6Z M940 128 h6 v22 h-6Z M980 124 h6 v26 h-6Z M1014 124 h6 v26 h-6Z M1054 128 h6 v22 h-6Z M1094 132 h6 v18 h-6Z\"/>"
              "<path d=\"M872 134 q60 -6 84 -20 q44 -14 88 0 q24 14 84 20 l-10 -12 q-50 -6 -74 -20 q-44 -16 -88 0 q-24 14 -74 20Z\"/></g>"
              "<path class=\"h3\" d=\"M0 192 Q260 160 560 190 T1200 182 V220 H0Z\"/></svg>");
}

static void add_hero(public_page *page)
{
    const gf_app_published *p = page->published;
    ADD(page, "<section class=\"hero\"><div class=\"words\"><p class=\"over\">");
    page_say(page, "结对帮扶 · 资金与成效公开", "Paired assistance · money and results in the open");
    ADD(page, "</p><h1>");
    html_text(page->out, p->reported.programme_name);
    ADD(page, "</h1><dl class=\"facts\">");
    const struct { const char *zh, *en; gf_str value; } FACTS[] = { { "在哪里", "Where", p->place }, { "组长单位", "Lead unit", p->lead }, { "期间", "Term", p->term } };
    for (size_t i = 0; i < GF_COUNT(FACTS); i++) {
        gf_text_format(page->out, "<div><dt>%s</dt><dd>", page->zh ? FACTS[i].zh : FACTS[i].en);
        html_text(page->out, FACTS[i].value.len ? FACTS[i].value : GF_STR("—"));
        ADD(page, "</dd></div>");
    }
    ADD(page, "</dl></div>");
    add_picture(page);
    ADD(page, "</section>\n");
}

static void add_pairings(public_page *page)
{
    const gf_app_published *p = page->published;
    if (p->pairing_count == 0)
        return;
    page_say(page, "<section><h2>谁帮谁</h2><ul class=\"pairs\">", "<section><h2>Who helps whom</h2><ul class=\"pairs\">");
    for (size_t i = 0; i < p->pairing_count; i++) {
        const gf_app_pairing *pair = &p->pairings[i];
        ADD(page, "<li><span class=\"unit\">");
        html_text(page->out, pair->unit);
        if (gf_str_is(pair->role, "lead"))
            page_say(page, " <em>组长</em>", " <em>lead</em>");
        ADD(page, "</span><span class=\"to\" aria-hidden=\"true\">→</span><span class=\"place\"><b>");
        html_text(page->out, pair->place);
        ADD(page, "</b>");
        if (pair->town.len) {
            ADD(page, "<small>");
            html_text(page->out, pair->town);
            ADD(page, "</small>");
        }
        ADD(page, "</span><small class=\"when\">");
        html_text(page->out, pair->period);
        ADD(page, "</small></li>");
    }
    ADD(page, "</ul></section>\n");
}

void gf_report_public_home(const gf_app_published *published, gf_text *out)
{
    public_page page = open_page(published, out);
    page_begin(&page, "/", published->reported.programme_name);
    add_hero(&page);
    page_say(&page, "<section><h2>五栏资金</h2>", "<section><h2>Five columns of money</h2>");
    add_columns(&page);
    ADD(&page, "</section>\n");
    add_pairings(&page);
    page_say(&page, "<section><h2>每个数字都有依据的记号</h2>", "<section><h2>Every number carries the sign of its basis</h2>");
    page_legend(&page);
    ADD(&page, "</section>\n");
    page_end(&page);
}

/* ---- Money ---- */

static void add_scope_row(public_page *page, gf_str scope, gf_str lead, const char *stage)
{
    const gf_app_reported *r = &page->published->reported;
    bool any = false;
    for (size_t k = 0; k < REPORT_KINDS; k++)
        any = any || report_money(r, scope, REPORT_KIND[k].name, stage);
    if (!any)
        return;
    ADD(page, "<tr><th scope=\"row\">");
    html_text(page->out, lead);
    gf_text_format(page->out, "</th><td data-label=\"%s\">%s</td>", page->zh ? "阶段" : "stage", report_stage_word(stage, page->lang));
    for (size_t k = 0; k < REPORT_KINDS; k++) {
        const gf_app_money *money = report_money(r, scope, REPORT_KIND[k].name, stage);
        gf_text_format(page->out, "<td class=\"n%s\" data-label=\"%s\">", money ? "" : " no", report_word_in(&REPORT_KIND[k], page->lang));
        if (money)
            add_amount(page, money);
        else
            ADD(page, "—");
        ADD(page, "</td>");
    }
    ADD(page, "</tr>");
}

static void add_scopes(public_page *page, const char *prefix, const char *zh, const char *en)
{
    const gf_app_reported *r = &page->published->reported;
    bool opened = false;
    for (size_t i = 0; i < r->money_count; i++) {
        const gf_app_money *money = &r->money[i];
        if (!gf_str_starts(money->scope, gf_str_of(prefix)) || (i && gf_str_eq(money->scope, r->money[i - 1].scope)))
            continue;
        if (!opened) {
            gf_text_format(page->out, "<section><h2>%s</h2><div class=\"wide\"><table><thead><tr><th scope=\"col\"></th><th scope=\"col\">%s</th>", page->zh ? zh : en, page->zh ? "阶段" : "stage");
            for (size_t k = 0; k < REPORT_KINDS; k++)
                gf_text_format(page->out, "<th scope=\"col\" class=\"n\">%s</th>", report_word_in(&REPORT_KIND[k], page->lang));
            ADD(page, "</tr></thead><tbody>");
            opened = true;
        }
        for (size_t s = 0; s <= REPORT_STAGES; s++)
            add_scope_row(page, money->scope, money->scope_label.len ? money->scope_label : money->scope, s < REPORT_STAGES ? REPORT_STAGE[s].name : NULL);
    }
    if (opened)
        ADD(page, "</tbody></table></div></section>\n");
}

void gf_report_public_money(const gf_app_published *published, gf_text *out)
{
    public_page page = open_page(published, out);
    page_begin(&page, "/public/money", page.zh ? GF_STR("资金") : GF_STR("Money"));
    page_say(&page, "<h1>资金</h1><p class=\"lead\">", "<h1>Money</h1><p class=\"lead\">");
    html_text(out, published->reported.programme_name);
    ADD(&page, "</p>\n<section>");
    add_columns(&page);
    ADD(&page, "</section>\n");
    add_scopes(&page, "unit:", "按单位", "By unit");
    add_scopes(&page, "place:", "按地点（含下级）", "By place, with what lies in it");
    add_scopes(&page, "project:", "按项目", "By project");
    page_say(&page, "<p class=\"never\">同一笔钱从单位、地点、项目各看一次，所以表与表、行与行之间都不相加。</p>\n", "<p class=\"never\">The same money is seen from its unit, its place and its project, so neither tables nor rows are added.</p>\n");
    page_end(&page);
}

/* ---- Results ---- */

static double as_double(gf_decimal value)
{
    double out = (double)value.digits;
    for (unsigned i = 0; i < value.scale; i++)
        out /= 10;
    return out;
}

/* Baseline and actual as two bars on one scale, where both are known. */
static void add_change_bars(public_page *page, const gf_app_indicator *indicator)
{
    const gf_app_derived *before = report_figure_of(&page->published->reported, indicator->baseline), *now = report_figure_of(&page->published->reported, indicator->actual);
    if (!before || !now || !before->figure.has_value || !now->figure.has_value || before->figure.value.digits < 0 || now->figure.value.digits < 0)
        return;
    double a = as_double(before->figure.value), b = as_double(now->figure.value), most = a > b ? a : b;
    if (most <= 0)
        return;
    gf_text_format(page->out, "<svg class=\"two\" viewBox=\"0 0 100 9\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"was\" width=\"%.1f\" height=\"3.6\"/><rect y=\"5\" width=\"%.1f\" height=\"3.6\"/></svg>",
                   a / most * 100, b / most * 100);
}

static void add_indicator(public_page *page, const gf_app_indicator *indicator)
{
    bool known = indicator->actual.len || indicator->baseline.len || indicator->target.len;
    gf_text_format(page->out, "<li class=\"indicator%s\"><h3>", known ? "" : " empty");
    html_text(page->out, indicator->name);
    ADD(page, "</h3><p class=\"flow\">");
    if (indicator->baseline.len) {
        page_value(page, indicator->baseline);
        ADD(page, " <span class=\"arrow\">→</span> ");
    }
    if (indicator->actual.len)
        page_value(page, indicator->actual);
    else
        page_say(page, "<span class=\"no\">没有数值</span>", "<span class=\"no\">no value on record</span>");
    ADD(page, "</p>");
    add_change_bars(page, indicator);
    const struct { const char *zh, *en; gf_str id; } MORE[] = { { "变化", "Change", indicator->change }, { "目标", "Target", indicator->target } };
    for (size_t i = 0; i < GF_COUNT(MORE); i++)
        if (MORE[i].id.len) {
            gf_text_format(page->out, "<p class=\"small\">%s ", page->zh ? MORE[i].zh : MORE[i].en);
            page_value(page, MORE[i].id);
            ADD(page, "</p>");
        }
    ADD(page, "</li>");
}

static bool is_count(const gf_figure *figure, const char *prefix) { return gf_str_starts(figure->id, gf_str_of(prefix)) && figure->has_value; }

static void add_counts(public_page *page)
{
    const gf_app_reported *r = &page->published->reported;
    size_t shown = 0;
    for (size_t i = 0; i < r->figure_count; i++) {
        const gf_figure *figure = &r->figures[i].figure;
        if (!is_count(figure, "count."))
            continue;
        if (shown++ == 0)
            page_say(page, "<section><h2>在册数</h2><ul class=\"said\">", "<section><h2>Counted on record</h2><ul class=\"said\">");
        ADD(page, "<li><span class=\"many\">");
        page_value(page, figure->id);
        ADD(page, "</span><q>");
        html_text(page->out, figure->label);
        ADD(page, "</q></li>");
    }
    if (shown)
        ADD(page, "</ul></section>\n");
}

/* What was said with a number in it, word by word; money stands in its own columns. */
static void add_facts(public_page *page)
{
    const gf_app_reported *r = &page->published->reported;
    size_t shown = 0;
    for (size_t i = 0; i < r->figure_count && shown < FACTS_SHOWN; i++) {
        const gf_figure *figure = &r->figures[i].figure;
        if (!is_count(figure, "fact.") || gf_str_is(figure->unit, "CNY"))
            continue;
        if (shown++ == 0)
            page_say(page, "<section><h2>说法里的数</h2><p class=\"lead\">原话在册；点开可见出处。</p><ul class=\"said\">",
                     "<section><h2>Numbers that were stated</h2><p class=\"lead\">The words are on record, in Chinese; each opens to its source.</p><ul class=\"said\">");
        ADD(page, "<li><span class=\"many\">");
        page_value(page, figure->id);
        ADD(page, "</span><q lang=\"zh-CN\">");
        html_text(page->out, figure->label);
        ADD(page, "</q>");
        if (figure->who.len) {
            ADD(page, "<small>");
            html_text(page->out, figure->who);
            ADD(page, "</small>");
        }
        ADD(page, "</li>");
    }
    if (shown)
        ADD(page, "</ul></section>\n");
}

void gf_report_public_results(const gf_app_published *published, gf_text *out)
{
    public_page page = open_page(published, out);
    page_begin(&page, "/public/results", page.zh ? GF_STR("成效") : GF_STR("Results"));
    page_say(&page, "<h1>成效</h1><p class=\"lead\">", "<h1>Results</h1><p class=\"lead\">");
    html_text(out, published->reported.programme_name);
    ADD(&page, "</p>\n");
    if (published->reported.indicator_count) {
        page_say(&page, "<section><h2>指标</h2><ul class=\"indicators\">", "<section><h2>Indicators</h2><ul class=\"indicators\">");
        for (int known = 1; known >= 0; known--)  /* what has a value first */
            for (size_t i = 0; i < published->reported.indicator_count; i++)
                if ((published->reported.indicators[i].actual.len > 0) == (known == 1))
                    add_indicator(&page, &published->reported.indicators[i]);
        ADD(&page, "</ul></section>\n");
    }
    add_counts(&page);
    add_facts(&page);
    page_say(&page, "<section><h2>记号</h2>", "<section><h2>Signs</h2>");
    page_legend(&page);
    ADD(&page, "</section>\n");
    page_end(&page);
}
