/* Values as an office writes them: 万 and 亿 for yuan in Chinese, grouped digits in English; the bound stays in the
 * words.
 *
 * Nothing is rounded on the way: 万 or 亿 is used only where dividing and multiplying back gives the value again. One
 * table tells the word of each unit; it is scanned, once for a value.
 */
#include "figure/gf_figure.h"

#include <string.h>

/* Base units and the words that stand behind a number. 多 and 余 go between number and word. */
static const struct { const char *unit, *zh, *en; } WORDS[] = {
    { "household", "户", "households" }, { "household_per_year", "户/年", "households a year" }, { "person", "人", "people" },
    { "village", "个村", "villages" }, { "town", "个乡镇", "towns" }, { "county", "个县", "counties" }, { "place", "地", "places" },
    { "site", "个", "sites" }, { "henhouse", "座", "henhouses" }, { "building", "座", "buildings" }, { "kW", "千瓦", "kW" },
    { "kWh", "千瓦时", "kWh" }, { "m2", "平方米", "m²" }, { "m", "米", "m" }, { "kg", "公斤", "kg" }, { "mu", "亩", "mu" },
    { "times", "倍", "times" }, { "percent", "%", "%" }, { "percent_point", "个百分点", "percentage points" },
    { "year", "年", "years" }, { "month", "个月", "months" }, { "day", "天", "days" }, { "hour", "小时", "hours" },
    { "calendar_year", "年", "" }, { "date", "", "" },
    { "star", "星", "stars" }, { "batch", "批", "batch" }, { "edition", "届", "editions" }, { "event", "项", "events" },
    { "enterprise", "家企业", "enterprises" }, { "project", "个项目", "projects" }, { "organisation", "个机构", "organisations" },
    { "industry", "个产业", "industries" }, { "unit", "个单位", "units" }, { "field", "个领域", "fields" }, { "measure", "项", "measures" },
    { "form", "种", "forms" }, { "activity", "项活动", "activities" }, { "kind", "类", "kinds" }, { "use", "类用途", "uses" },
    { "technology", "类技术", "technologies" }, { "research_project", "项课题", "research projects" }, { "session", "场", "sessions" },
    { "school", "所学校", "schools" }, { "lesson", "节课", "lessons" }, { "animal", "只", "animals" }, { "plant", "株", "plants" }, { "km", "公里", "km" },
    { "ha", "公顷", "ha" }, { "t", "吨", "t" }, { "jin", "斤", "jin" }, { "km2", "平方公里", "km²" }, { "book", "册", "books" }, { "device", "台", "devices" },
    { "article", "篇", "articles" }, { "person_time", "人次", "attendances" }, { "household_time", "户次", "visits" }, { "job", "个岗位", "jobs" }, { "USD", "美元", "USD" },
    { "phase", "期", "phases" }, { "level", "级", "levels" }, { "aspect", "个方面", "aspects" }, { "MW", "兆瓦", "MW" }, { "week", "周", "weeks" }, { "piece", "件", "pieces" },
    { "item", "个", "" }, { "occasion", "次", "occasions" }, { "ordinal", "", "" }, { "degree", "°", "degrees" }, { "tower", "座塔", "towers" }, { "byte", "字节", "bytes" },
    { "mm", "毫米", "mm" }, { "um", "微米", "µm" }, { "pixel", "像素", "pixels" }, { "person_month", "人月", "person-months" },
};

static bool is_zh(gf_str lang) { return !gf_str_is(lang, "en"); }

static const char *word_of(gf_str unit, bool zh)
{
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_is(unit, WORDS[i].unit))
            return zh ? WORDS[i].zh : WORDS[i].en;
    return NULL;
}

static bool scale_down(gf_decimal value, int64_t by, unsigned places, gf_decimal *out)
{
    gf_decimal divisor = { by, 0 }, back;
    return gf_decimal_div(value, divisor, places, out) && gf_decimal_mul_int(*out, by, &back) && gf_decimal_cmp(back, value) == 0;
}

static void add_decimal(gf_text *out, gf_decimal value)
{
    char text[GF_DECIMAL_BYTES];
    size_t len = gf_decimal_format(value, text);
    gf_text_add(out, (gf_str){ text, len });
}

/* 1234567.5 as 1,234,567.5 */
static void add_grouped(gf_text *out, gf_decimal value)
{
    char text[GF_DECIMAL_BYTES];
    gf_str digits = { text, gf_decimal_format(value, text) };
    size_t point = gf_str_find(digits, GF_STR(".")), start = value.digits < 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (i > start && i < point && (point - i) % 3 == 0)
            gf_text_add_char(out, ',');
        gf_text_add_char(out, digits.data[i]);
    }
}

static void add_yuan_zh(gf_text *out, gf_decimal value, const char *more)
{
    static const struct { int64_t by; const char *word; } STEPS[] = { { 100000000, "亿元" }, { 10000, "万元" } };
    gf_decimal absolute = value, shown;
    absolute.digits = absolute.digits < 0 ? -absolute.digits : absolute.digits;
    for (size_t i = 0; i < GF_COUNT(STEPS); i++) {
        gf_decimal step = { STEPS[i].by, 0 };
        if (gf_decimal_cmp(absolute, step) >= 0 && scale_down(value, STEPS[i].by, 6, &shown)) {
            add_decimal(out, shown);
            gf_text_add_c(out, more);
            gf_text_add_c(out, STEPS[i].word);
            return;
        }
    }
    add_decimal(out, value);
    gf_text_add_c(out, more);
    gf_text_add_c(out, "元");
}

static void add_zh(gf_text *out, const gf_figure *figure)
{
    const char *more = figure->bound == GF_FIGURE_AT_LEAST ? "余" : "";
    if (figure->bound == GF_FIGURE_ABOUT)
        gf_text_add_c(out, "约");
    if (gf_str_is(figure->unit, "CNY")) {
        add_yuan_zh(out, figure->value, more);
        return;
    }
    const char *word = word_of(figure->unit, true);
    gf_decimal ten = { 10, 0 };
    if (*more && gf_decimal_cmp(figure->value, ten) < 0) {  /* 4余个 is no Chinese */
        gf_text_add_c(out, "至少");
        more = "";
    }
    add_decimal(out, figure->value);
    gf_text_add_c(out, more);
    if (word)
        gf_text_add_c(out, word);
    else
        gf_text_add(out, figure->unit);
}

static void add_en(gf_text *out, const gf_figure *figure)
{
    if (figure->bound == GF_FIGURE_ABOUT)
        gf_text_add_c(out, "about ");
    bool money = gf_str_is(figure->unit, "CNY"), year = gf_str_is(figure->unit, "calendar_year");
    if (money)
        gf_text_add_c(out, "CNY ");
    if (year)
        add_decimal(out, figure->value);
    else
        add_grouped(out, figure->value);
    const char *word = money ? "" : word_of(figure->unit, false);
    gf_str unit = word ? gf_str_of(word) : figure->unit;
    if (unit.len && !gf_str_is(unit, "%"))
        gf_text_add_char(out, ' ');
    gf_text_add(out, unit);
    if (figure->bound == GF_FIGURE_AT_LEAST)
        gf_text_add_c(out, " or more");
}

void gf_figure_write_value(gf_text *out, const gf_figure *figure, gf_str lang)
{
    if (!figure->has_value)
        gf_text_add_c(out, is_zh(lang) ? "未说明" : "not stated");
    else if (is_zh(lang))
        add_zh(out, figure);
    else
        add_en(out, figure);
}
