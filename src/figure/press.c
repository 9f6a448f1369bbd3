/* The press check: each number of a text is held against what the books hold.
 *
 * Everything known becomes claims: a value with unit and bound, the years of its words, who, where, when. A number
 * agrees with a claim when value, unit and bound are equal, nothing that its sentence names contradicts the claim, and
 * something (a party, a place, a year, the words) ties them together. If none agrees, the claim whose words are most
 * like the sentence tells what we hold instead. "Like" counts shared pairs of characters, digits left out; pairs are
 * indexed, and pairs that stand in very many claims are passed over, so that a token costs a bounded amount of work.
 *
 * Who and where come from the sentence; a sentence that names nobody inherits those named before it in its paragraph.
 */
#include "figure/press_inside.h"

#include <stdlib.h>
#include <string.h>

enum { HITS_MAX = 4096, FACTS_MAX = 8, EQUAL_MAX = 256 };
static const double ALIKE_TIED = 0.40;       /* words alone tie a number to a claim of equal value */
static const double ALIKE_SPEAKS = 0.45;     /* the sentence speaks of what the claim holds */
static const double ALIKE_SPEAKS_NAMED = 0.20;   /* the same with a party or place named */
static const double ALIKE_NEAR = 0.15;       /* as good as the best */
static const double READING_RANK = 0.7;

/* ---- Who and where ---- */

static bool is_named(const named *list, gf_str id)
{
    for (size_t i = 0; i < list->count; i++)
        if (gf_str_eq(list->ids[i], id))
            return true;
    return false;
}

static void add_named(named *list, gf_str id)
{
    if (list->count < PRESS_NAMED_MAX && !is_named(list, id))
        list->ids[list->count++] = id;
}

static bool share_name(const named *a, const named *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (is_named(b, a->ids[i]))
            return true;
    return false;
}

/* 1 named, -1 others are named instead, 0 nothing to say. */
static int judge_who(const press *p, const spot *s, const gf_figure_known *known)
{
    gf_str rest = known->who, id;
    bool units = false;
    while (gf_str_cut(&rest, ';', &id)) {
        if (press_is_place(p, id))
            continue;
        units = true;
        if (is_named(&s->who, id))
            return 1;
    }
    return units && s->who.count ? -1 : 0;
}

static int judge_where(const press *p, const spot *s, const gf_figure_known *known)
{
    gf_str place = known->where;
    int verdict = 0;
    if (place.len == 0 || s->where.count == 0)
        return 0;
    if (is_named(&s->where, place))
        return 1;
    for (size_t i = 0; i < s->where.count; i++) {
        if (!press_lies_in(p, s->where.ids[i], place) && !press_lies_in(p, place, s->where.ids[i]))
            return -1;
        verdict = 1;
    }
    return verdict;
}

static int judge_year(const spot *s, const gf_figure_known *known)
{
    gf_day first, last;
    if (s->year == 0 || !known->has_period || !gf_day_make(s->year, 1, 1, &first) || !gf_day_make(s->year, 12, 31, &last))
        return 0;
    return gf_period_overlaps(known->period, (gf_period){ first, last }) ? 1 : -1;
}


static bool contradicts(const fit *f) { return f->who < 0 || f->where < 0 || f->year < 0; }

/* ---- Verdicts ---- */

static const char *say(const press *p, const char *zh, const char *en) { return p->zh ? zh : en; }

static gf_str value_text(const press *p, const claim *c)
{
    gf_text text;
    gf_figure figure = { .unit = c->unit, .has_value = true, .value = c->value, .bound = c->bound };
    if (c->iso.len)
        return c->iso;
    gf_text_init(&text, p->keep);
    gf_figure_write_value(&text, &figure, p->zh ? GF_STR("zh") : GF_STR("en"));
    return gf_text_str(&text);
}

static fit judge(const press *p, const spot *s, const claim *c)
{
    return (fit){ judge_who(p, s, c->known), judge_where(p, s, c->known), judge_year(s, c->known), press_alike(p, s, c->words) };
}

static bool is_dated(const gf_figure_token *t) { return t->kind == GF_FIGURE_TOKEN_YEAR || t->kind == GF_FIGURE_TOKEN_DATE; }

static bool same_value(const gf_figure_token *t, const claim *c)
{
    if (t->iso.len || c->iso.len)
        return gf_str_eq(t->iso, c->iso);
    return gf_decimal_cmp(t->value, c->value) == 0 && gf_str_eq(t->value_unit, c->unit) && (is_dated(t) || t->bound == c->bound);
}

static bool is_tied(const gf_figure_token *t, const claim *c, const fit *f)
{
    if (t->kind == GF_FIGURE_TOKEN_INDEFINITE)  /* "a" is a number only where a reading says so */
        return c->known->has_value && f->alike >= 0.6 && gf_decimal_cmp(c->known->value, t->value) == 0;
    if (is_dated(t))
        return f->alike >= ALIKE_SPEAKS_NAMED && (f->who > 0 || f->where > 0 || f->alike >= ALIKE_TIED);
    return f->who > 0 || f->where > 0 || f->year > 0 || f->alike >= ALIKE_TIED;
}

/* rank: likeness, and a reading of the whole fact before a number that its words hold besides. */
typedef struct agreed { uint32_t claim; double alike, rank; bool independent; } agreed;

static int by_likeness(const void *a, const void *b)
{
    const agreed *x = a, *y = b;
    if (x->independent != y->independent && x->rank + ALIKE_NEAR >= y->rank && y->rank + ALIKE_NEAR >= x->rank)
        return x->independent ? -1 : 1;
    return x->rank != y->rank ? (x->rank > y->rank ? -1 : 1) : (x->claim > y->claim) - (x->claim < y->claim);
}

static bool is_reading(const claim *c)
{
    return c->known->has_value && gf_decimal_cmp(c->known->value, c->value) == 0 && gf_str_eq(c->known->unit, c->unit);
}

/* Claims of equal value that nothing contradicts, the likeliest first. */
static size_t find_agreed(const press *p, const spot *s, agreed *out)
{
    size_t count = 0;
    const gf_figure_token *t = s->token;
    for (uint32_t i = t->iso.len ? 0 : p->equal[press_equal_slot(p, t->value, t->value_unit)]; i && count < EQUAL_MAX; i = p->claims[i].next_equal) {
        const claim *c = &p->claims[i];
        fit f = same_value(t, c) ? judge(p, s, c) : (fit){ .who = -1 };
        if (!contradicts(&f) && is_tied(t, c, &f))
            out[count++] = (agreed){ i, f.alike, f.alike + (is_reading(c) ? READING_RANK : 0), c->known->independent };
    }
    for (size_t b = 0; t->iso.len && b < s->best_count; b++) {
        const words *w = &p->words[s->best[b]];
        for (uint32_t i = w->first_claim; i < w->first_claim + w->claim_count && count < EQUAL_MAX; i++)
            if (same_value(t, &p->claims[i]))
                out[count++] = (agreed){ i, s->alike[b], s->alike[b], p->claims[i].known->independent };
    }
    qsort(out, count, sizeof *out, by_likeness);
    return count;
}

static gf_str join_facts(const press *p, const agreed *list, size_t count)
{
    gf_text text;
    gf_text_init(&text, p->keep);
    for (size_t i = 0; i < count && i < FACTS_MAX; i++) {
        gf_str facts = p->claims[list[i].claim].known->facts;
        if (facts.len == 0 || gf_str_has(gf_text_str(&text), facts))
            continue;
        if (text.len)
            gf_text_add_char(&text, ';');
        gf_text_add(&text, facts);
    }
    return gf_text_str(&text);
}

static gf_str keep_text(const press *p, const char *format, const char *middle)
{
    char text[400];
    (void)snprintf(text, sizeof text, format, middle);
    return gf_str_copy(p->keep, gf_str_of(text));
}

/* A span of time is never spoken of by a sum of money, nor either by a count. */
typedef enum unit_class { UNIT_COUNT, UNIT_MONEY, UNIT_TIME } unit_class;

static unit_class class_of(gf_str unit)
{
    static const char *const TIMES[] = { "year", "month", "week", "day", "hour", "minute" };
    for (size_t i = 0; i < GF_COUNT(TIMES); i++)
        if (gf_str_is(unit, TIMES[i]))
            return UNIT_TIME;
    return gf_str_is(unit, "CNY") || gf_str_is(unit, "USD") ? UNIT_MONEY : UNIT_COUNT;
}

/* The claim that the sentence speaks of though the number does not agree; 0 when there is none. */
static uint32_t spoken_of(const press *p, const spot *s, double *likeness)
{
    const gf_figure_token *t = s->token;
    for (int same_unit = 1; same_unit >= 0; same_unit--)
        for (size_t b = 0; b < s->best_count; b++) {
            const words *w = &p->words[s->best[b]];
            for (uint32_t i = w->first_claim; i < w->first_claim + w->claim_count; i++) {
                const claim *c = &p->claims[i];
                bool dated = is_dated(t), claim_dated = gf_str_is(c->unit, "calendar_year") || c->iso.len;
                if (dated != claim_dated || class_of(c->unit) != class_of(t->value_unit) || (same_unit && !gf_str_eq(c->unit, t->value_unit)))
                    continue;
                fit f = judge(p, s, c);
                bool named_too = f.who > 0 || f.where > 0;
                if (s->alike[b] >= ALIKE_SPEAKS || (same_unit && named_too && s->alike[b] >= ALIKE_SPEAKS_NAMED)) {
                    *likeness = s->alike[b];
                    return i;
                }
            }
        }
    return 0;
}

static const char *why_different(const press *p, const spot *s, const claim *c)
{
    fit f = judge(p, s, c);
    if (!same_value(s->token, c)) {
        bool number = s->token->iso.len || gf_decimal_cmp(s->token->value, c->value) != 0;
        bool unit = !gf_str_eq(s->token->value_unit, c->unit);
        return number ? say(p, "数值与账上的%s不同", "the books hold %s") : unit ? say(p, "单位不同:账上是%s", "the unit differs: the books hold %s")
                                                                          : say(p, "界不同:账上是%s", "the bound differs: the books hold %s");
    }
    return f.who < 0 ? say(p, "账上的%s属于另一单位", "%s belongs to another unit in the books") : f.where < 0 ? say(p, "账上的%s属于另一地点", "%s belongs to another place in the books")
                                                                                        : say(p, "账上的%s属于另一年份", "%s belongs to another year in the books");
}

static void set_agreed(const press *p, const agreed *list, size_t count, gf_figure_press_token *out)
{
    const claim *c = &p->claims[list[0].claim];
    size_t near = 1;
    while (near < count && list[near].rank + ALIKE_NEAR >= list[0].rank)
        near++;
    out->verdict = c->known->independent ? GF_FIGURE_FOUND : GF_FIGURE_STATED_ONLY;
    out->figure = c->known->id;
    out->facts = join_facts(p, list, near);
    out->ours = is_dated(&out->token) && !gf_str_is(c->unit, "calendar_year") && !c->iso.len ? out->token.text : value_text(p, c);
    out->reason = keep_text(p, c->known->independent ? say(p, "与账上有凭据的数一致:%s", "agrees with a figure that has a proof: %s") : say(p, "只有说法,没有第二个依据:%s", "somebody said so, nothing else stands under it: %s"),
                            gf_str_cstr(p->keep, out->ours));
}

static void set_different(const press *p, const spot *s, uint32_t index, gf_figure_press_token *out)
{
    const claim *c = &p->claims[index];
    out->verdict = GF_FIGURE_DIFFERENT;
    out->figure = c->known->id;
    out->facts = c->known->facts;
    out->ours = value_text(p, c);
    out->reason = keep_text(p, why_different(p, s, c), gf_str_cstr(p->keep, out->ours));
}

/* A claim of equal value that something named contradicts: it is ours, of another party, place or year. */
static uint32_t contradicted(const press *p, const spot *s)
{
    const gf_figure_token *t = s->token;
    for (uint32_t i = t->iso.len ? 0 : p->equal[press_equal_slot(p, t->value, t->value_unit)]; i; i = p->claims[i].next_equal)
        if (same_value(t, &p->claims[i]) && press_alike(p, s, p->claims[i].words) >= ALIKE_SPEAKS)
            return i;
    return 0;
}

/* A year nobody's words name is still ours when a figure of that party and place has it for its period. */
static uint32_t year_of_period(const press *p, const spot *s)
{
    gf_day first, last;
    if (s->token->kind != GF_FIGURE_TOKEN_YEAR || !gf_day_make((int)s->token->value.digits, 1, 1, &first) || !gf_day_make((int)s->token->value.digits, 12, 31, &last))
        return 0;
    for (size_t b = 0; b < s->best_count; b++) {
        const words *w = &p->words[s->best[b]];
        if (w->claim_count == 0 || s->alike[b] < ALIKE_SPEAKS_NAMED)
            continue;
        const claim *c = &p->claims[w->first_claim];
        fit f = judge(p, s, c);
        if (c->known->has_period && gf_period_overlaps(c->known->period, (gf_period){ first, last }) && f.who >= 0 && f.where >= 0 && (f.who > 0 || f.where > 0))
            return w->first_claim;
    }
    return 0;
}

static void decide(press *p, spot *s, gf_figure_press_token *out)
{
    agreed *list = gf_new(p->scratch, agreed, EQUAL_MAX);
    double likeness = 0;
    press_find_alike(p, s);
    size_t count = list ? find_agreed(p, s, list) : 0;
    bool a = count == 0 && s->token->kind == GF_FIGURE_TOKEN_INDEFINITE;
    uint32_t other = spoken_of(p, s, &likeness);
    if (a && !(other && likeness >= ALIKE_SPEAKS && gf_str_eq(p->claims[other].unit, s->token->value_unit))) {
        out->verdict = GF_FIGURE_NOT_A_FIGURE;
        out->reason = gf_str_of(say(p, "“一”在这里只是泛指", "“a”, not a number"));
        return;
    }
    uint32_t foreign = count ? 0 : contradicted(p, s), period = count || other || foreign ? 0 : year_of_period(p, s);
    bool outweighed = count && other && list[0].alike + 0.5 < likeness && !same_value(s->token, &p->claims[other]);
    if (count && !outweighed)
        set_agreed(p, list, count, out);
    else if (period)
        set_agreed(p, &(agreed){ period, 0, 0, false }, 1, out);
    else if (foreign || other)
        set_different(p, s, foreign ? foreign : other, out);
    else {
        out->verdict = GF_FIGURE_WITHOUT_BASIS;
        out->reason = gf_str_of(say(p, "账上没有与此有关的数", "nothing we hold is about this"));
    }
}

/* ---- Sentences ---- */

static bool ends_sentence(uint32_t code) { return code == 0x3002 || code == 0xFF1B || code == ';' || code == 0xFF01 || code == 0xFF1F || code == '!' || code == '?'; }

static void look_around(const press *p, const text_line *line, const name_hit *hits, size_t hit_count, size_t at, spot *s)
{
    size_t from = at, to = at;
    while (from > 0 && !ends_sentence(line->code[from - 1]))
        from--;
    while (to < line->count && !ends_sentence(line->code[to]))
        to++;
    s->sentence = line_slice(line, p->text, from, to);
    named before_who = { .count = 0 }, before_where = { .count = 0 };
    s->who.count = s->where.count = 0;
    for (size_t i = 0; i < hit_count; i++) {
        bool unit = hits[i].name->kind == GF_FIGURE_NAME_UNIT, inside = hits[i].from >= from && hits[i].from < to;
        if (inside)
            add_named(unit ? &s->who : &s->where, hits[i].name->id);
        else if (hits[i].from < from)
            add_named(unit ? &before_who : &before_where, hits[i].name->id);
    }
    /* A sentence about somebody new does not stand where the others stood. */
    if (s->where.count == 0 && (s->who.count == 0 || share_name(&s->who, &before_who)))
        s->where = before_where;
    if (s->who.count == 0)
        s->who = before_who;
    size_t low = at > PRESS_WINDOW_CODES && at - PRESS_WINDOW_CODES > from ? at - PRESS_WINDOW_CODES : from, high = at + PRESS_WINDOW_CODES < to ? at + PRESS_WINDOW_CODES : to;
    s->pair_count = press_pairs(line->code + low, high - low, s->pairs);
    s->year = 0;
}

/* The last year before the token in its sentence governs it. */
static int governing_year(const gf_figure_token *tokens, size_t at, gf_str text)
{
    for (size_t i = at; i-- > 0 && tokens[i].line == tokens[at].line;) {
        gf_str between = gf_str_slice(text, tokens[i].end, tokens[at].start);
        if (gf_str_has(between, GF_STR("。")) || gf_str_has(between, GF_STR(";")) || gf_str_has(between, GF_STR("；")))
            return 0;
        if (tokens[i].kind == GF_FIGURE_TOKEN_YEAR)
            return (int)tokens[i].value.digits;
    }
    return 0;
}

static const char *why_no_figure(const press *p, gf_figure_token_kind kind)
{
    return kind == GF_FIGURE_TOKEN_CLOCK ? say(p, "钟点", "a time of day") : kind == GF_FIGURE_TOKEN_FILE_NAME ? say(p, "文件名", "a file name") : say(p, "名称的一部分", "part of a name");
}

static gf_status press_line(press *p, gf_str line_text, const gf_figure_token *tokens, size_t first, size_t last, gf_figure_press_token *out, gf_error *err)
{
    text_line line;
    gf_arena_rewind(p->scratch, (gf_mark){ NULL, 0 });
    name_hit *hits = gf_new(p->scratch, name_hit, HITS_MAX);
    spot *s = gf_new(p->scratch, spot, 1);
    if (!hits || !s || !line_make(line_text, (size_t)(line_text.data - p->text.data), p->scratch, &line))
        return gf_fail_memory(err);
    size_t hit_count = name_index_find(p->index, &line, hits, HITS_MAX);
    for (size_t i = first; i < last; i++) {
        const gf_figure_token *t = &tokens[i];
        out[i] = (gf_figure_press_token){ .token = *t };
        if (t->kind == GF_FIGURE_TOKEN_CLOCK || t->kind == GF_FIGURE_TOKEN_FILE_NAME || t->kind == GF_FIGURE_TOKEN_NAME_PART) {
            out[i].verdict = GF_FIGURE_NOT_A_FIGURE;
            out[i].reason = gf_str_of(why_no_figure(p, t->kind));
            continue;
        }
        gf_mark mark = gf_arena_mark(p->scratch);
        s->token = t;
        look_around(p, &line, hits, hit_count, t->column - 1, s);
        s->year = is_dated(t) ? 0 : governing_year(tokens, i, p->text);
        if (s->year) {
            char year[8];
            (void)snprintf(year, sizeof year, "%d", s->year % 10000);
            out[i].period = gf_str_copy(p->keep, gf_str_of(year));
        }
        decide(p, s, &out[i]);
        gf_arena_rewind(p->scratch, mark);
    }
    return GF_OK;
}

/* ---- All of it ---- */

static gf_status press_lines(press *p, const gf_figure_token *tokens, size_t count, gf_figure_press_token *out, gf_error *err)
{
    gf_str rest = p->text;
    gf_status status = GF_OK;
    for (size_t number = 1, first = 0; status == GF_OK && rest.len && first < count; number++) {
        size_t end = gf_str_find(rest, GF_STR("\n")), last = first;
        while (last < count && tokens[last].line == number)
            last++;
        if (last > first)
            status = press_line(p, gf_str_slice(rest, 0, end), tokens, first, last, out, err);
        first = last;
        rest = gf_str_slice(rest, end + 1, rest.len);
    }
    return status;
}

gf_status gf_figure_press(gf_str text, const gf_figure_press_books *books, gf_arena *keep, gf_figure_press_token **out,
                          size_t *count, gf_error *err)
{
    static const size_t SCRATCH_BYTES_MAX = (size_t)1 << 30;
    press p = { .books = books, .keep = keep, .text = text, .zh = !gf_str_is(books->lang, "en"), .scratch = gf_arena_open(SCRATCH_BYTES_MAX) };
    gf_figure_token *tokens = NULL;
    gf_status status = p.scratch ? gf_figure_scan(text, books->names, books->name_count, keep, &tokens, count, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = press_prepare(&p, err);
    if (status == GF_OK) {
        *out = gf_new(keep, gf_figure_press_token, *count + 1);
        status = *out ? press_lines(&p, tokens, *count, *out, err) : gf_fail_memory(err);
    }
    gf_arena_close(p.scratch);
    return status;
}
