/* Number tokens: any text; tokens lie in the text, in order, apart, and their words are those of the text. */
#include "figure/gf_figure.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const gf_figure_name NAMES[] = { { GF_STR_INIT("百丈镇"), GF_FIGURE_NAME_PLACE, GF_STR_INIT("t"), GF_STR_INIT("") }, { GF_STR_INIT("省体育局"), GF_FIGURE_NAME_UNIT, GF_STR_INIT("u"), GF_STR_INIT("") } };
    static const gf_figure_known KNOWN[] = { { .id = GF_STR_INIT("fact.A"), .facts = GF_STR_INIT("A"), .has_value = true, .value = { 3000000, 0 }, .unit = GF_STR_INIT("CNY"), .who = GF_STR_INIT("u"),
                                               .where = GF_STR_INIT("t"), .phrase = GF_STR_INIT("取得帮扶资金300万元") } };
    gf_str text = { (const char *)bytes, len };
    gf_arena *arena = gf_arena_open(512 * GF_MIB);
    gf_figure_press_token *tokens;
    size_t count = 0, before = 0;
    gf_figure_press_books books = { KNOWN, 1, NAMES, 2, GF_STR_INIT("zh") };
    if (gf_figure_press(text, &books, arena, &tokens, &count, NULL) != GF_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        const gf_figure_token *t = &tokens[i].token;
        if (t->start < before || t->end <= t->start || t->end > len || t->unit_end < t->end || t->unit_end > len || t->line == 0 || t->column == 0)
            abort();
        before = t->end;
    }
    gf_arena_close(arena);
    return 0;
}
