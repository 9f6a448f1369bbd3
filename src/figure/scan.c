/* Number tokens of a text, left to right, line by line.
 *
 * At each place the readers of one table are tried in turn: file name, date, clock, Arabic number, 唯一 and 首,
 * 第 with an ordinal, Chinese numeral. A numeral inside a name is no number; 一 before a measure word usually says "a".
 */
#include "figure/line.h"

#include <string.h>

enum { TOKENS_FIRST = 64, BOUND_LOOK_BEHIND = 3, YEAR_LOOK_BEHIND = 8, QUOTED_NAME_MAX = 5, HITS_MAX = 4096 };

typedef struct scan {
    gf_str           whole;
    text_line        line;
    size_t           number;         /* of the line, from 1 */
    gf_arena        *keep;
    gf_figure_token *tokens;
    size_t           count, room;
    bool             failed;
} scan;

/* A reader looks at `at`, adds a token and returns where to go on; `at` itself when there is nothing for it. */
typedef size_t reader_fn(scan *s, size_t at);

static gf_figure_token *add_token(scan *s, size_t from, size_t to, gf_figure_token_kind kind)
{
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : TOKENS_FIRST;
        gf_figure_token *larger = gf_new(s->keep, gf_figure_token, room);
        if (!larger) {
            s->failed = true;
            return NULL;
        }
        if (s->count)
            memcpy(larger, s->tokens, s->count * sizeof *larger);
        s->tokens = larger;
        s->room = room;
    }
    gf_figure_token *token = &s->tokens[s->count++];
    *token = (gf_figure_token){ .line = s->number, .column = from + 1, .start = s->line.at[from], .end = s->line.at[to], .unit_end = s->line.at[to], .kind = kind };
    token->text = line_slice(&s->line, s->whole, from, to);
    token->unit = (gf_str){ token->text.data + token->text.len, 0 };
    return token;
}

static uint32_t code_at(const scan *s, size_t at) { return at < s->line.count ? s->line.code[at] : 0; }

static bool is_latin(uint32_t code) { return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'); }

/* ---- Bounds ---- */

static const struct { const char *word; gf_figure_bound bound; } BEFORE[] = {
    { "不少于", GF_FIGURE_AT_LEAST }, { "至少", GF_FIGURE_AT_LEAST }, { "超过", GF_FIGURE_AT_LEAST }, { "突破", GF_FIGURE_AT_LEAST }, { "高于", GF_FIGURE_AT_LEAST },
    { "逾", GF_FIGURE_AT_LEAST }, { "超", GF_FIGURE_AT_LEAST }, { "大约", GF_FIGURE_ABOUT }, { "约为", GF_FIGURE_ABOUT }, { "接近", GF_FIGURE_ABOUT }, { "将近", GF_FIGURE_ABOUT },
    { "约", GF_FIGURE_ABOUT }, { "近", GF_FIGURE_ABOUT }, { "more than ", GF_FIGURE_AT_LEAST }, { "over ", GF_FIGURE_AT_LEAST }, { "at least ", GF_FIGURE_AT_LEAST },
    { "about ", GF_FIGURE_ABOUT }, { "nearly ", GF_FIGURE_ABOUT }, { "some ", GF_FIGURE_ABOUT }, { "around ", GF_FIGURE_ABOUT },
};
static const struct { const char *word; gf_figure_bound bound; } BETWEEN[] = { { "余", GF_FIGURE_AT_LEAST }, { "多", GF_FIGURE_AT_LEAST }, { "来", GF_FIGURE_ABOUT }, { "+", GF_FIGURE_AT_LEAST } };
static const struct { const char *word; gf_figure_bound bound; } BEHIND[] = { { "以上", GF_FIGURE_AT_LEAST }, { "左右", GF_FIGURE_ABOUT }, { "上下", GF_FIGURE_ABOUT } };

static gf_figure_bound bound_before(const scan *s, size_t at)
{
    for (size_t i = 0; i < GF_COUNT(BEFORE); i++) {
        size_t length = gf_utf8_count(gf_str_of(BEFORE[i].word));
        /* 附近 and 最近 are places and times, not bounds */
        if (at >= length && line_has(&s->line, at - length, BEFORE[i].word) && !(at > length && (code_at(s, at - length - 1) == 0x6700 || code_at(s, at - length - 1) == 0x9644)))
            return BEFORE[i].bound;
    }
    return GF_FIGURE_EXACT;
}

/* Skip a bound word between number and unit. */
static size_t bound_between(const scan *s, size_t at, gf_figure_bound *bound)
{
    for (size_t i = 0; i < GF_COUNT(BETWEEN); i++)
        if (line_has(&s->line, at, BETWEEN[i].word)) {
            *bound = gf_figure_looser(*bound, BETWEEN[i].bound);
            return at + 1;
        }
    return at;
}

static void bound_behind(const scan *s, const unit_hit *unit, gf_figure_bound *bound)
{
    for (size_t i = 0; i < GF_COUNT(BEHIND); i++)
        if (line_has(&s->line, unit->to, BEHIND[i].word))
            *bound = gf_figure_looser(*bound, BEHIND[i].bound);
    if (unit->at_least || (unit->time && line_has(&s->line, unit->to, "多")))
        *bound = gf_figure_looser(*bound, GF_FIGURE_AT_LEAST);
}

static bool said_yearly(const scan *s, size_t at)
{
    for (size_t back = 1; back <= YEAR_LOOK_BEHIND && back <= at; back++) {
        if (line_clause_ends(&s->line, at - back))
            return false;
        if (line_has(&s->line, at - back, "每年") || line_has(&s->line, at - back, "年均"))
            return true;
    }
    return false;
}

/* CNY 3,000,000 and ¥300: the currency stands in front. */
static bool is_currency_before(const scan *s, size_t at)
{
    static const char *const WORDS[] = { "CNY ", "RMB ", "CNY", "RMB", "¥", "\xEF\xBF\xA5" };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++) {
        size_t length = gf_utf8_count(gf_str_of(WORDS[i]));
        if (at >= length && line_has(&s->line, at - length, WORDS[i]))
            return true;
    }
    return false;
}

/* ---- Number with unit ---- */

/* Finish a figure whose number is [from, to) with this value: bound words, magnitude, unit. */
static size_t finish_figure(scan *s, size_t from, size_t to, gf_decimal value, gf_figure_token_kind kind)
{
    gf_figure_bound bound = bound_before(s, from);
    size_t unit_from = bound_between(s, to, &bound);
    unit_hit unit;
    bool has_unit = unit_find(&s->line, unit_from, &unit);
    gf_figure_token *token = add_token(s, from, to, kind);
    if (!token)
        return to;
    token->value = value;
    if (!unit.unit && is_currency_before(s, from)) {
        unit.unit = "CNY";
        has_unit = true;
    }
    if (has_unit) {
        bound_behind(s, &unit, &bound);
        token->unit = line_slice(&s->line, s->whole, unit_from, unit.to);
        token->unit_end = s->line.at[unit.to];
        if (unit.unit && kind != GF_FIGURE_TOKEN_INDEFINITE)
            unit.unit = said_yearly(s, from) ? unit_per_year(unit.unit) : unit.unit;
        token->value_unit = gf_str_of(unit.unit);
        if (!gf_decimal_mul_int(value, unit.factor, &token->value))
            token->value = value;
        /* 两年半 */
        if (unit.time && line_has(&s->line, unit.to, "半"))
            (void)gf_decimal_add(token->value, (gf_decimal){ 5, 1 }, &token->value);
    }
    token->bound = bound;
    return to;
}

/* ---- File names, dates, clocks ---- */

static bool is_name_code(uint32_t code) { return is_latin(code) || (code >= '0' && code <= '9') || code == '_' || code == '-' || code == '.'; }

static size_t read_file_name(scan *s, size_t at)
{
    static const char *const ENDINGS[] = { ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".mp4", ".mp3", ".txt", ".csv", ".zip", ".html", ".htm" };
    size_t end = at;
    bool digit = false;
    if (at > 0 && is_name_code(code_at(s, at - 1)))
        return at;
    for (; end < s->line.count && is_name_code(s->line.code[end]); end++)
        digit = digit || numeral_is_arabic(s->line.code[end]);
    if (!digit)
        return at;
    gf_str word = line_slice(&s->line, s->whole, at, end);
    for (size_t i = 0; i < GF_COUNT(ENDINGS); i++)
        if (gf_str_ends(word, gf_str_of(ENDINGS[i]))) {
            (void)add_token(s, at, end, GF_FIGURE_TOKEN_FILE_NAME);
            return end;
        }
    return at;
}

static bool take_digits(const scan *s, size_t *at, size_t least, size_t most, int *out)
{
    size_t length = 0;
    for (*out = 0; length < most && numeral_is_arabic(code_at(s, *at)); (*at)++, length++)
        *out = *out * 10 + numeral_digit(code_at(s, *at));
    return length >= least && !numeral_is_arabic(code_at(s, *at));
}

static size_t finish_date(scan *s, size_t from, size_t to, int year, int month, int day)
{
    gf_figure_token *token = add_token(s, from, to, GF_FIGURE_TOKEN_DATE);
    char iso[16];
    if (token) {
        int length = day ? snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day) : snprintf(iso, sizeof iso, "%04d-%02d", year, month);
        token->iso = gf_str_copy(s->keep, (gf_str){ iso, length > 0 && length < (int)sizeof iso ? (size_t)length : 0 });
        token->value_unit = GF_STR("date");
    }
    return to;
}

/* 2023-12-27, 2023/12/27, 2023年12月27日, 2023年12月 */
static size_t read_date(scan *s, size_t at)
{
    int year, month, day;
    size_t i = at;
    gf_day unused;
    if (!take_digits(s, &i, 4, 4, &year))
        return at;
    uint32_t mark = code_at(s, i++);
    bool chinese = mark == 0x5E74 /* 年 */;
    if ((mark != '-' && mark != '/' && mark != '.' && !chinese) || !take_digits(s, &i, 1, 2, &month) || month < 1 || month > 12)
        return at;
    if (chinese && code_at(s, i) == 0x6708 /* 月 */) {
        size_t behind = ++i;
        if (!take_digits(s, &i, 1, 2, &day) || (code_at(s, i) != 0x65E5 && code_at(s, i) != 0x53F7))
            return finish_date(s, at, behind, year, month, 0);
        i++;
    } else if (chinese || code_at(s, i) != mark || (i++, !take_digits(s, &i, 1, 2, &day)))
        return at;
    return gf_day_make(year, month, day, &unused) ? finish_date(s, at, i, year, month, day) : at;
}

static size_t read_clock(scan *s, size_t at)
{
    int part, parts = 0;
    size_t i = at;
    if (at > 0 && numeral_is_arabic(code_at(s, at - 1)))
        return at;
    while (take_digits(s, &i, parts ? 2 : 1, 2, &part) && part < 60) {
        parts++;
        if (code_at(s, i) != ':' || parts == 3)
            break;
        i++;
    }
    if (parts < 2)
        return at;
    (void)add_token(s, at, i, GF_FIGURE_TOKEN_CLOCK);
    return i;
}

/* ---- Arabic numbers ---- */

static bool is_year_value(gf_decimal value, size_t digits) { return value.scale == 0 && digits == 4 && value.digits >= 1900 && value.digits <= 2099; }

/* Digits with separators and a point; false when they do not fit an exact number. */
static bool take_number(const scan *s, size_t *at, gf_decimal *out, size_t *digits)
{
    char text[40];
    size_t length = 0, i = *at;
    *digits = 0;
    for (; length + 1 < sizeof text; i++) {
        uint32_t code = code_at(s, i);
        bool group = (code == ',' || code == 0xFF0C) && *digits && numeral_is_arabic(code_at(s, i + 1)) && numeral_is_arabic(code_at(s, i + 2)) &&
                     numeral_is_arabic(code_at(s, i + 3)) && !numeral_is_arabic(code_at(s, i + 4)) && code == ',';
        bool point = (code == '.' || code == 0xFF0E) && *digits && numeral_is_arabic(code_at(s, i + 1)) && !memchr(text, '.', length);
        if (numeral_is_arabic(code)) {
            text[length++] = (char)('0' + numeral_digit(code));
            *digits += 1;
        } else if (point)
            text[length++] = '.';
        else if (!group)
            break;
    }
    *at = i;
    return gf_decimal_parse((gf_str){ text, length }, out);
}

/* Letters right behind the digits make them part of a name (5G), unless the letters are a unit. */
static bool is_part_of_word(const scan *s, size_t from, size_t to)
{
    unit_hit unit;
    if (is_currency_before(s, from))
        return false;
    if (from > 0 && is_latin(code_at(s, from - 1)))
        return true;
    if (from > 1 && code_at(s, from - 1) == '-' && is_latin(code_at(s, from - 2)))
        return true;
    return is_latin(code_at(s, to)) && !(unit_find(&s->line, to, &unit) && !is_latin(code_at(s, unit.to)));
}

static size_t read_arabic(scan *s, size_t at)
{
    gf_decimal value;
    size_t to = at, digits;
    if (!numeral_is_arabic(code_at(s, at)))
        return at;
    bool exact = take_number(s, &to, &value, &digits);
    if (!exact || is_part_of_word(s, at, to)) {
        (void)add_token(s, at, to, GF_FIGURE_TOKEN_NAME_PART);
        return to;
    }
    unit_hit unit;
    bool has_unit = unit_find(&s->line, to, &unit) || is_currency_before(s, at);
    bool year_word = code_at(s, to) == 0x5E74 /* 年 */;
    if (is_year_value(value, digits) && (year_word || !has_unit)) {
        gf_figure_token *token = add_token(s, at, to, GF_FIGURE_TOKEN_YEAR);
        if (token) {
            token->value = value;
            token->value_unit = GF_STR("calendar_year");
            token->unit = line_slice(&s->line, s->whole, to, to + year_word);
            token->unit_end = s->line.at[to + year_word];
        }
        return to;
    }
    return finish_figure(s, at, to, value, GF_FIGURE_TOKEN_FIGURE);
}

/* ---- Chinese numerals ---- */

/* 唯一, 首批, 首个 ... */
static size_t read_first(scan *s, size_t at)
{
    static const char *const MEASURES[] = { "批", "届", "个", "次", "家", "座", "条", "场", "期", "部", "例", "支", "所", "项", "款" };
    if (line_has(&s->line, at, "唯一")) {
        gf_figure_token *token = add_token(s, at, at + 2, GF_FIGURE_TOKEN_FIGURE);
        const char *unit = unit_of_noun(&s->line, at + 2);
        if (token) {
            token->value = (gf_decimal){ 1, 0 };
            token->value_unit = gf_str_of(unit ? unit : "item");
        }
        return at + 2;
    }
    if (code_at(s, at) != 0x9996 /* 首 */)
        return at;
    for (size_t i = 0; i < GF_COUNT(MEASURES); i++)
        if (line_has(&s->line, at + 1, MEASURES[i]))
            return finish_figure(s, at, at + 1, (gf_decimal){ 1, 0 }, GF_FIGURE_TOKEN_ORDINAL);
    return at;
}

static size_t numeral_end(const scan *s, size_t at)
{
    while (at < s->line.count && numeral_is_chinese(s->line.code[at]) && !s->line.in_name[at])
        at++;
    return at;
}

static size_t read_ordinal(scan *s, size_t at)
{
    static const char *const POSTS[] = { "书记", "时间", "线", "责任", "产业", "手", "产" };
    int64_t value = 0;
    if (code_at(s, at) != 0x7B2C /* 第 */)
        return at;
    size_t to = numeral_end(s, at + 1);
    if (to == at + 1 || !numeral_chinese(s->line.code, at + 1, to, &value))
        return at;
    for (size_t i = 0; i < GF_COUNT(POSTS); i++)
        if (line_has(&s->line, to, POSTS[i])) {
            (void)add_token(s, at, to, GF_FIGURE_TOKEN_NAME_PART);
            return to;
        }
    return finish_figure(s, at, to, (gf_decimal){ value, 0 }, GF_FIGURE_TOKEN_ORDINAL);
}

static bool opens_quote(uint32_t code) { return code == 0x201C || code == 0x2018 || code == 0x300C || code == '"'; }
static bool closes_quote(uint32_t code) { return code == 0x201D || code == 0x2019 || code == 0x300D || code == '"'; }

/* “五古”, “四好”: a short word in quotes that begins with a numeral is a name. */
static bool is_quoted_name(const scan *s, size_t from, size_t to)
{
    if (from == 0 || !opens_quote(code_at(s, from - 1)))
        return false;
    unit_hit unit;
    for (size_t i = to; i < s->line.count && i <= from + QUOTED_NAME_MAX; i++)
        if (closes_quote(code_at(s, i)))
            return !(unit_find(&s->line, to, &unit) && unit.to < i);
    return false;
}

/* Fixed words that begin like a count: 一体, 一些, 三农 ... a measure word follows some of them by chance. */
static bool is_fixed_word(const scan *s, size_t from, size_t to)
{
    static const char *const WORDS[] = { "一度", "一级", "一期", "一人一", "一户一", "一村一", "一家一", "一对一", "一件事", "一个个", "一次性", "三级书记", "一级一", "十分", "一年一度", "一地一", "一县一", "一镇一" };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (line_has(&s->line, from, WORDS[i]) && (to == from + 1 || to == from + gf_utf8_count(gf_str_of(WORDS[i]))))
            return true;
    return false;
}

/* 万 and 亿 at the end of a numeral belong to the unit when a unit follows: 三万元 is 三 and 万元. */
static size_t give_back_magnitude(const scan *s, size_t from, size_t to)
{
    while (to > from + 1 && (code_at(s, to - 1) == 0x4E07 || code_at(s, to - 1) == 0x4EBF))
        to--;
    return to;
}

static size_t read_percent(scan *s, size_t at)
{
    static const char HEAD[] = "百分之";
    int64_t value;
    size_t head = line_match(&s->line, at, HEAD), to = head ? numeral_end(s, at + head) : at;
    if (!head || to == at + head || !numeral_chinese(s->line.code, at + head, to, &value))
        return at;
    gf_figure_token *token = add_token(s, at, to, GF_FIGURE_TOKEN_FIGURE);
    if (token) {
        token->value = (gf_decimal){ value, 0 };
        token->value_unit = GF_STR("percent");
        token->bound = bound_before(s, at);
    }
    return to;
}

static size_t read_chinese_year(scan *s, size_t at, size_t to, int64_t value)
{
    if (to - at != 4 || value < 1900 || value > 2099 || code_at(s, to) != 0x5E74)
        return at;
    for (size_t i = at; i < to; i++)
        if (numeral_digit(code_at(s, i)) < 0)
            return at;
    gf_figure_token *token = add_token(s, at, to, GF_FIGURE_TOKEN_YEAR);
    if (token) {
        token->value = (gf_decimal){ value, 0 };
        token->value_unit = GF_STR("calendar_year");
        token->unit = line_slice(&s->line, s->whole, to, to + 1);
        token->unit_end = s->line.at[to + 1];
    }
    return to;
}

static size_t read_chinese(scan *s, size_t at)
{
    int64_t value;
    gf_figure_bound unused = GF_FIGURE_EXACT;
    unit_hit unit;
    size_t to = s->line.in_name[at] ? at : numeral_end(s, at);
    if (to == at)
        return at;
    if (is_quoted_name(s, at, to)) {
        (void)add_token(s, at, to, GF_FIGURE_TOKEN_NAME_PART);
        return to;
    }
    bool bare_power = numeral_digit(code_at(s, at)) < 0 && code_at(s, at) != 0x5341 && to == at + 1;  /* 百, 千, 万 alone: 千家万户 */
    size_t end = give_back_magnitude(s, at, to), behind = bound_between(s, end, &unused);
    if (!numeral_chinese(s->line.code, at, end, &value) || is_fixed_word(s, at, end) || (bare_power && behind == end))
        return to;
    size_t year = read_chinese_year(s, at, end, value);
    if (year != at)
        return year;
    if (!unit_find(&s->line, behind, &unit) || !unit.unit)
        return to;
    bool one = value == 1 && end == at + 1 && !unit.time;  /* 一年 is a span, 一个 says "a" */
    return finish_figure(s, at, end, (gf_decimal){ value, 0 }, one ? GF_FIGURE_TOKEN_INDEFINITE : GF_FIGURE_TOKEN_FIGURE);
}

/* ---- Lines ---- */

static void scan_line(scan *s)
{
    static reader_fn *const READERS[] = { read_file_name, read_date, read_clock, read_arabic, read_first, read_ordinal, read_percent, read_chinese };
    for (size_t at = 0; at < s->line.count && !s->failed;) {
        size_t next = at;
        bool masked = s->line.in_name[at] && !numeral_is_arabic(s->line.code[at]);
        for (size_t i = 0; next == at && !masked && i < GF_COUNT(READERS); i++)
            next = READERS[i](s, at);
        at = next > at ? next : at + 1;
    }
}

gf_status gf_figure_scan(gf_str text, const gf_figure_name *names, size_t name_count, gf_arena *keep, gf_figure_token **out,
                         size_t *count, gf_error *err)
{
    scan s = { .whole = text, .keep = keep };
    if (text.len > GF_FIGURE_TEXT_BYTES_MAX)
        return gf_fail(err, GF_ELIMIT, "press.large", "Split the text.", "the text has more than %d bytes", GF_FIGURE_TEXT_BYTES_MAX);
    name_index *index = name_index_make(names, name_count, keep);
    size_t hit_room = name_count ? HITS_MAX : 1;  /* a short phrase is scanned without names, very often */
    name_hit *hits = gf_new(keep, name_hit, hit_room);
    if (!index || !hits)
        return gf_fail_memory(err);
    gf_str rest = text, line;
    while (rest.len && !s.failed) {
        size_t end = gf_str_find(rest, GF_STR("\n"));
        line = gf_str_slice(rest, 0, end);
        s.number++;
        if (!line_make(line, (size_t)(line.data - text.data), keep, &s.line))
            return gf_fail_memory(err);
        (void)name_index_find(index, &s.line, hits, hit_room);
        scan_line(&s);
        rest = gf_str_slice(rest, end + 1, rest.len);
    }
    if (s.failed)
        return gf_fail_memory(err);
    *out = s.tokens;
    *count = s.count;
    return GF_OK;
}
