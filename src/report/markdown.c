/* The report in Markdown, as an office would send it: chapters, five columns of money, indicators, footnotes to
 * proofs.
 *
 * Figures are numbered as they are first named, and each has one footnote however often it stands in the text: the
 * note names the figure's id, with which anybody can open it.
 */
#include "report/words.h"

static bool is_zh(const gf_app_reported *r) { return gf_str_is(r->lang, "zh"); }

typedef struct notes { const gf_app_reported *reported; gf_str *ids; size_t count, room; gf_text *out; } notes;

/* The number of a figure's footnote; figures are numbered as they come. Past the room they go without. */
static size_t note_of(notes *n, gf_str figure)
{
    for (size_t i = 0; i < n->count; i++)
        if (gf_str_eq(n->ids[i], figure))
            return i + 1;
    if (n->count == n->room)
        return 0;
    n->ids[n->count++] = figure;
    return n->count;
}

static void add_note(notes *n, gf_str figure)
{
    size_t number = note_of(n, figure);
    if (number)
        gf_text_format(n->out, "[^%zu]", number);
}

static void add_cell(notes *n, gf_str id)
{
    const gf_app_derived *d = id.len ? report_figure_of(n->reported, id) : NULL;
    if (!d) {
        gf_text_add_c(n->out, "—");
        return;
    }
    gf_figure_write_value(n->out, &d->figure, n->reported->lang);
    add_note(n, id);
}

/* ---- Money: five columns side by side, a row for each stage ---- */

static gf_str money_figure(const gf_app_reported *r, gf_str scope, const char *kind, const char *stage)
{
    const gf_app_money *money = report_money(r, scope, kind, stage);
    return money ? money->figure : (gf_str){ "", 0 };
}

static void add_money(notes *n)
{
    const gf_app_reported *r = n->reported;
    gf_text_add_c(n->out, is_zh(r) ? "\n| 阶段 |" : "\n| stage |");
    for (size_t k = 0; k < REPORT_KINDS; k++)
        gf_text_format(n->out, " %s |", report_word_in(&REPORT_KIND[k], r->lang));
    gf_text_add_c(n->out, "\n|---|---:|---:|---:|---:|---:|\n");
    for (size_t s = 0; s < REPORT_STAGES; s++) {
        bool any = false;
        for (size_t k = 0; k < REPORT_KINDS; k++)
            any = any || money_figure(r, r->scope, REPORT_KIND[k].name, REPORT_STAGE[s].name).len;
        if (!any)
            continue;
        gf_text_format(n->out, "| %s |", is_zh(r) ? REPORT_STAGE[s].zh : REPORT_STAGE[s].name);
        for (size_t k = 0; k < REPORT_KINDS; k++) {
            gf_text_add_char(n->out, ' ');
            add_cell(n, money_figure(r, r->scope, REPORT_KIND[k].name, REPORT_STAGE[s].name));
            gf_text_add_c(n->out, " |");
        }
        gf_text_add_char(n->out, '\n');
    }
}

static void add_indicators(notes *n)
{
    const gf_app_reported *r = n->reported;
    if (r->indicator_count == 0)
        return;
    gf_text_add_c(n->out, is_zh(r) ? "\n## 指标\n\n| 指标 | 基期 | 目标 | 实际 | 变化 |\n|---|---:|---:|---:|---:|\n" : "\n## Indicators\n\n| indicator | baseline | target | actual | change |\n|---|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < r->indicator_count; i++) {
        gf_text_format(n->out, "| %.*s |", GF_STR_ARG(r->indicators[i].name));
        const gf_str cells[] = { r->indicators[i].baseline, r->indicators[i].target, r->indicators[i].actual, r->indicators[i].change };
        for (size_t k = 0; k < GF_COUNT(cells); k++) {
            gf_text_add_char(n->out, ' ');
            add_cell(n, cells[k]);
            gf_text_add_c(n->out, " |");
        }
        gf_text_add_char(n->out, '\n');
    }
}

/* ---- Chapters ---- */

static void add_chapter(notes *n, const gf_app_chapter *chapter)
{
    gf_text_format(n->out, "\n## %.*s\n", GF_STR_ARG(chapter->title));
    for (size_t p = 0; p < chapter->paragraph_count; p++) {
        gf_text_add_char(n->out, '\n');
        for (size_t i = 0; i < chapter->paragraphs[p].part_count; i++) {
            const gf_app_part *part = &chapter->paragraphs[p].parts[i];
            gf_text_add(n->out, part->text);
            if (part->figure.len)
                add_note(n, part->figure);
        }
        gf_text_add_char(n->out, '\n');
    }
    if (gf_str_is(chapter->id, "money"))
        add_money(n);
}

static void add_footnotes(notes *n)
{
    const gf_app_reported *r = n->reported;
    enum { INPUTS_SHOWN = 8 };
    gf_text_add_char(n->out, '\n');
    for (size_t i = 0; i < n->count; i++) {
        const gf_app_derived *d = report_figure_of(r, n->ids[i]);
        if (!d)
            continue;
        gf_text_format(n->out, "[^%zu]: `%.*s` %s · %s", i + 1, GF_STR_ARG(d->figure.id), is_zh(r) ? REPORT_BASIS[d->figure.basis].zh : REPORT_BASIS[d->figure.basis].en, d->op);
        for (size_t k = 0; k < d->input_count && k < INPUTS_SHOWN; k++)
            gf_text_format(n->out, " %.*s", GF_STR_ARG(d->inputs[k]));
        if (d->input_count > INPUTS_SHOWN)
            gf_text_format(n->out, " … (%zu)", d->input_count);
        if (d->figure.period.len)
            gf_text_format(n->out, " · %.*s", GF_STR_ARG(d->figure.period));
        gf_text_add_char(n->out, '\n');
    }
}

void gf_report_report_markdown(const gf_app_reported *r, gf_text *out)
{
    gf_str *ids = gf_new(out->arena, gf_str, r->figure_count + 1);
    notes n = { r, ids, 0, ids ? r->figure_count : 0, out };
    gf_text_format(out, "# %.*s\n\n", GF_STR_ARG(r->programme_name));
    gf_text_format(out, is_zh(r) ? "期间 %.*s 至 %.*s · 截至 %.*s\n" : "%.*s to %.*s · as of %.*s\n", GF_STR_ARG(r->from), GF_STR_ARG(r->to), GF_STR_ARG(r->as_of));
    for (size_t i = 0; i < r->chapter_count; i++) {
        if (gf_str_is(r->chapters[i].id, "open"))
            add_indicators(&n);
        add_chapter(&n, &r->chapters[i]);
    }
    gf_text_format(out, is_zh(r) ? "\n---\n\n依据:可重算 %lld、文件 %lld、说法 %lld、无依据 %lld。账本链头:分录 %lld,`%.*s`。\n"
                                 : "\n---\n\nBasis: derived %lld, documented %lld, stated %lld, none %lld. Head of the ledger: entry %lld, `%.*s`.\n",
                   (long long)r->marks[GF_FIGURE_DERIVED], (long long)r->marks[GF_FIGURE_DOCUMENTED], (long long)r->marks[GF_FIGURE_STATED], (long long)r->marks[GF_FIGURE_NONE],
                   (long long)r->head_entry, GF_STR_ARG(r->head_hash));
    add_footnotes(&n);
}
