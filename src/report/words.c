/* The words of kinds, stages and bases: one table each, so that Markdown, PDF, workbook and page say the same. And the
 * few questions to a report that all of them ask.
 */
#include "report/words.h"

#include <string.h>

const report_word REPORT_KIND[REPORT_KINDS] = {
    { "cash", "现金", "cash" }, { "in_kind", "实物", "in kind" }, { "loan", "贷款", "loans" },
    { "investment", "企业投资", "enterprise investment" }, { "result", "经济成果", "economic results" },
};

const report_word REPORT_STAGE[REPORT_STAGES] = {
    { "applied", "申报", "applied" },   { "approved", "审批", "approved" }, { "committed", "协调", "committed" },
    { "received", "取得", "received" }, { "allocated", "落实", "allocated" }, { "paid", "投入", "paid" },
    { "accepted", "验收", "accepted" }, { "drawn", "发放", "drawn" },       { "repaid", "归还", "repaid" },
};

const report_basis REPORT_BASIS[4] = {
    [GF_FIGURE_NONE] = { "○", "无依据", "none", "书中没有任何依据", "nothing stands under it", "#b5391f" },
    [GF_FIGURE_STATED] = { "◇", "说法", "stated", "有人这样说过，原话在册", "somebody said so; the words are on record", "#8a6414" },
    [GF_FIGURE_DOCUMENTED] = { "■", "文件", "documented", "有凭证或文件", "a voucher or document carries it", "#2b5f88" },
    [GF_FIGURE_DERIVED] = { "●", "可重算", "derived", "由在册文件逐项重算得出", "computed again from documents on record", "#1f5a46" },
};

bool report_in_zh(gf_str lang) { return !gf_str_is(lang, "en"); }

const char *report_word_in(const report_word *word, gf_str lang) { return report_in_zh(lang) ? word->zh : word->en; }

const char *report_stage_word(const char *stage, gf_str lang)
{
    for (size_t i = 0; stage && i < REPORT_STAGES; i++)
        if (strcmp(stage, REPORT_STAGE[i].name) == 0)
            return report_word_in(&REPORT_STAGE[i], lang);
    return "—";
}

bool report_is_demo(const gf_app_reported *reported)
{
    for (size_t i = 0; i < reported->origin_count; i++)
        if (gf_str_is(reported->origins[i], "demo"))
            return true;
    return false;
}

const gf_app_money *report_money(const gf_app_reported *reported, gf_str scope, const char *kind, const char *stage)
{
    for (size_t i = 0; i < reported->money_count; i++) {
        const gf_app_money *money = &reported->money[i];
        bool same_stage = stage ? money->stage && strcmp(money->stage, stage) == 0 : !money->stage;
        if (same_stage && gf_str_eq(money->scope, scope) && strcmp(money->kind, kind) == 0)
            return money;
    }
    return NULL;
}

const gf_app_derived *report_figure_of(const gf_app_reported *reported, gf_str id)
{
    size_t low = 0, high = reported->figure_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = gf_str_cmp(reported->figures[middle].figure.id, id);
        if (order == 0)
            return &reported->figures[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void add_grouped_yuan(gf_text *out, gf_fen amount)
{
    char text[GF_DECIMAL_BYTES];
    gf_str digits = { text, gf_decimal_format(gf_fen_to_yuan(amount), text) };
    size_t point = gf_str_find(digits, GF_STR(".")), start = amount < 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (i > start && i < point && (point - i) % 3 == 0)
            gf_text_add_char(out, ',');
        gf_text_add_char(out, digits.data[i]);
    }
}

void report_amount(gf_text *out, gf_fen amount, gf_figure_bound bound, gf_str lang)
{
    if (report_in_zh(lang)) {
        gf_figure figure = { .unit = GF_STR_INIT("CNY"), .has_value = true, .value = gf_fen_to_yuan(amount), .bound = bound };
        gf_figure_write_value(out, &figure, lang);
        return;
    }
    gf_text_add_c(out, bound == GF_FIGURE_AT_LEAST ? "≥ " : bound == GF_FIGURE_ABOUT ? "≈ " : "");
    add_grouped_yuan(out, amount);
}
