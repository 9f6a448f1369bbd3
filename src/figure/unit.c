/* Measure words and nouns: what a number counts. 个, 项, 座 and their like say little; the noun further on decides.
 *
 * Three tables, scanned in order: powers, measure words (longest first where one begins with another), nouns (the
 * telling ones first). The noun is looked for inside the clause only, at most 24 characters on.
 */
#include "figure/line.h"

#include <string.h>

enum { NOUN_REACH = 24 };

/* Longest first where one begins with another. unit NULL: the noun behind decides; `unit` then is what it is without one. */
static const struct { const char *word, *unit; bool by_noun, time; } MEASURES[] = {
    { "个百分点", "percent_point", false, false }, { "个年头", "year", false, true }, { "个月", "month", false, true }, { "个小时", "hour", false, true },
    { "平方米", "m2", false, false }, { "平方公里", "km2", false, false }, { "立方米", "m3", false, false }, { "千瓦时", "kWh", false, false }, { "千瓦", "kW", false, false },
    { "兆瓦", "MW", false, false }, { "公里", "km", false, false }, { "千米", "km", false, false }, { "公顷", "ha", false, false }, { "公斤", "kg", false, false },
    { "千克", "kg", false, false }, { "美元", "USD", false, false }, { "元", "CNY", false, false }, { "人次", "person_time", false, false }, { "人民币", "CNY", false, false },
    { "户次", "household_time", false, false }, { "户", "household", false, false }, { "星级", "star", false, false }, { "星", "star", false, false },
    { "周年", "year", false, true }, { "年", "year", false, true }, { "小时", "hour", false, true }, { "分钟", "minute", false, true }, { "天", "day", false, true },
    { "周", "week", false, true }, { "倍", "times", false, false }, { "批次", "batch", false, false }, { "批", "batch", false, false }, { "届", "edition", false, false },
    { "亩", "mu", false, false }, { "吨", "t", false, false }, { "斤", "jin", false, false }, { "米", "m", false, false }, { "度", "kWh", false, false },
    { "名", "person", true, false }, { "位", "person", true, false }, { "人", "person", false, false }, { "家", "enterprise", true, false }, { "座", "building", true, false },
    { "地", "place", false, false }, { "县", "county", false, false }, { "村", "village", false, false }, { "镇", "town", false, false }, { "乡", "town", false, false },
    { "场次", "session", false, false }, { "场", "session", true, false }, { "次", "occasion", false, false }, { "期", "phase", false, false }, { "篇", "article", false, false },
    { "项", "item", true, false }, { "条", "item", true, false }, { "所", "school", true, false }, { "个", "item", true, false }, { "类", "kind", true, false },
    { "种", "form", true, false }, { "只", "animal", false, false }, { "头", "animal", false, false }, { "羽", "animal", false, false }, { "株", "plant", false, false },
    { "棵", "plant", false, false }, { "件", "piece", true, false }, { "份", "copy", true, false }, { "台", "device", true, false }, { "套", "set", true, false },
    { "辆", "vehicle", false, false }, { "盏", "lamp", false, false }, { "间", "room", true, false }, { "栋", "building", true, false }, { "幢", "building", true, false },
    { "本", "book", false, false }, { "册", "book", false, false }, { "支", "team", true, false }, { "对", "pair", false, false }, { "部", "item", true, false },
    { "处", "site", true, false }, { "节", "lesson", false, false }, { "堂", "lesson", false, false }, { "门", "course", false, false }, { "款", "product", false, false },
    { "级", "level", false, false }, { "例", "item", true, false }, { "则", "item", true, false }, { "岁", "year_old", false, false },
    { "kWh", "kWh", false, false }, { "kW", "kW", false, false }, { "KW", "kW", false, false }, { "MW", "MW", false, false }, { "km", "km", false, false }, { "kg", "kg", false, false },
    { "m²", "m2", false, false }, { "㎡", "m2", false, false }, { "ha", "ha", false, false }, { "%", "percent", false, false }, { "％", "percent", false, false },
    { " kWh", "kWh", false, false }, { " kW", "kW", false, false }, { " MW", "MW", false, false }, { " km", "km", false, false }, { " kg", "kg", false, false },
    { " ha", "ha", false, false }, { " mu", "mu", false, false }, { " m²", "m2", false, false }, { " households", "household", false, false }, { " people", "person", false, false }, { " persons", "person", false, false }, { " villages", "village", false, false },
    { " projects", "project", false, false }, { " enterprises", "enterprise", false, false }, { " companies", "enterprise", false, false }, { " years", "year", false, true },
    { " yuan", "CNY", false, false }, { " RMB", "CNY", false, false }, { " CNY", "CNY", false, false }, { " jobs", "person", false, false }, { " sites", "site", false, false },
    { " henhouses", "henhouse", false, false }, { " units", "unit", false, false }, { " times", "times", false, false }, { " percent", "percent", false, false },
};

static const struct { const char *word; int64_t factor; } MAGNITUDES[] = {
    { "万亿", INT64_C(1000000000000) }, { "千万", 10000000 }, { "百万", 1000000 }, { "十万", 100000 }, { "万", 10000 }, { "亿", 100000000 },
    { " million", 1000000 }, { " billion", 1000000000 }, { " thousand", 1000 },
};

/* Nouns that say what is counted, the telling ones before the general ones. */
static const struct { const char *noun, *unit; } NOUNS[] = {
    { "基站", "site" }, { "站点", "site" }, { "鸡舍", "henhouse" }, { "研究机构", "organisation" }, { "机构", "organisation" }, { "合作社", "organisation" },
    { "企业", "enterprise" }, { "公司", "enterprise" }, { "工厂", "enterprise" }, { "产业", "industry" }, { "课题", "research_project" }, { "挑战赛", "event" },
    { "赛事", "event" }, { "比赛", "event" }, { "活动", "activity" }, { "单位", "unit" }, { "成员", "unit" }, { "项目", "project" }, { "工程", "project" },
    { "学校", "school" }, { "小学", "school" }, { "学生", "person" }, { "儿童", "person" }, { "村民", "person" }, { "干部", "person" }, { "专家", "person" }, { "教师", "person" },
    { "老人", "person" }, { "党员", "person" }, { "农户", "household" }, { "家庭", "household" }, { "贫困户", "household" }, { "领域", "field" }, { "方面", "field" },
    { "乡镇", "town" }, { "街道", "town" }, { "行政村", "village" }, { "自然村", "village" }, { "帮促村", "village" }, { "社区", "village" }, { "县(市", "county" },
    { "村", "village" }, { "县", "county" }, { "镇", "town" }, { "户", "household" }, { "岗位", "job" }, { "楼", "building" }, { "桥", "bridge" }, { "大棚", "greenhouse" },
    { "电站", "plant" }, { "书院", "building" }, { "展馆", "building" }, { "纪念馆", "building" },
};

/* 村 of 乡村, 农村, 村民 ... counts no village. */
static bool stands_alone(const text_line *line, size_t at, const char *noun)
{
    if (strcmp(noun, "村") != 0)
        return true;
    bool before = at > 0 && (line->code[at - 1] == 0x4E61 /* 乡 */ || line->code[at - 1] == 0x519C /* 农 */);
    bool behind = line_has(line, at + 1, "民") || line_has(line, at + 1, "集体") || line_has(line, at + 1, "委") || line_has(line, at + 1, "振兴");
    return !before && !behind;
}

const char *unit_of_noun(const text_line *line, size_t from)
{
    size_t end = from;
    while (!line_clause_ends(line, end) && end < from + NOUN_REACH)
        end++;
    for (size_t n = 0; n < GF_COUNT(NOUNS); n++)
        for (size_t at = from; at < end; at++)
            if (line_has(line, at, NOUNS[n].noun) && stands_alone(line, at, NOUNS[n].noun))
                return NOUNS[n].unit;
    return NULL;
}

/* 鸡舍6座: the noun may stand right before the number. */
static const char *unit_of_noun_before(const text_line *line, size_t number_from)
{
    for (size_t n = 0; n < GF_COUNT(NOUNS); n++) {
        size_t length = gf_utf8_count(gf_str_of(NOUNS[n].noun));
        if (length > 1 && number_from >= length && line_has(line, number_from - length, NOUNS[n].noun))
            return NOUNS[n].unit;
    }
    return NULL;
}

/* Where the number in front of a unit begins: bound words and digits back. */
static size_t number_start(const text_line *line, size_t unit_from)
{
    size_t at = unit_from;
    while (at > 0 && (numeral_is_arabic(line->code[at - 1]) || numeral_is_chinese(line->code[at - 1]) || line->code[at - 1] == '.' || line->code[at - 1] == 0x4F59 || line->code[at - 1] == 0x591A))
        at--;
    return at;
}

/* The measure word at out->to, behind a number whose unit begins at `from`. */
static bool find_measure(const text_line *line, size_t from, unit_hit *out)
{
    for (size_t i = 0; i < GF_COUNT(MEASURES); i++) {
        size_t length = line_match(line, out->to, MEASURES[i].word);
        if (!length)
            continue;
        out->to += length;
        out->time = MEASURES[i].time;
        const char *by_noun = MEASURES[i].by_noun ? unit_of_noun(line, out->to) : NULL;
        if (MEASURES[i].by_noun && !by_noun)
            by_noun = unit_of_noun_before(line, number_start(line, from));
        out->unit = by_noun ? by_noun : MEASURES[i].unit;
        return true;
    }
    return false;
}

bool unit_find(const text_line *line, size_t from, unit_hit *out)
{
    *out = (unit_hit){ .to = from, .unit = NULL, .factor = 1 };
    for (size_t i = 0; i < GF_COUNT(MAGNITUDES); i++) {
        size_t length = line_match(line, from, MAGNITUDES[i].word);
        if (length) {
            out->factor = MAGNITUDES[i].factor;
            out->to = from + length;
            break;
        }
    }
    if (find_measure(line, from, out))
        return true;
    bool bound = out->factor > 1 && (line_has(line, out->to, "余") || line_has(line, out->to, "多"));
    size_t magnitude_to = out->to;
    out->to += bound;
    out->at_least = bound && find_measure(line, from, out);
    if (!out->at_least)
        out->to = magnitude_to;
    return out->factor > 1;
}

const char *unit_per_year(const char *unit)
{
    static const struct { const char *unit, *per_year; } YEARLY[] = {
        { "household", "household_per_year" }, { "person", "person_per_year" }, { "occasion", "occasion_per_year" }, { "session", "session_per_year" },
    };
    for (size_t i = 0; i < GF_COUNT(YEARLY); i++)
        if (strcmp(unit, YEARLY[i].unit) == 0)
            return YEARLY[i].per_year;
    return unit;
}
