/* The words of a text: pairs of characters. FTS5's trigram finds nothing for two Chinese characters, and most names have two or
 * three; a pair index finds them, and its hashes can be keyed, which personal names need. Ids are found by how they begin:
 * pairs of digits would name every record. Open text is hashed without a key, personal text with the store's search key.
 */
#include "app/search_inside.h"

#include "app/keys.h"

#include <string.h>

enum { WORD_BYTES = 64 };

static const char *const READ[] = { "name", "name_en", "short_name", "aliases", "phrase", "post", "title" };
static const char *const NUMBERS[] = { "id_number", "phone", "bank_card" };

static bool is_in(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

bool search_is_number(const gf_column *column) { return is_in(column->name, NUMBERS, GF_COUNT(NUMBERS)); }
bool search_is_personal(const gf_column *column) { return column->type == GF_COLUMN_PERSONAL; }

bool search_reads(const gf_column *column)
{
    if (search_is_personal(column))
        return search_is_number(column) || strcmp(column->name, "name") == 0 || strcmp(column->name, "head") == 0;
    return column->type == GF_COLUMN_KEY || is_in(column->name, READ, GF_COUNT(READ));
}

/* ---- Pairs ---- */

void search_add_gram(search_grams *list, gf_str word)
{
    int64_t gram = (int64_t)gf_str_hash(word);
    if (list->status == GF_OK && list->keyed)
        list->status = keys_word(list->app, word, &gram, list->err);
    for (size_t i = 0; i < list->count; i++)
        if (list->gram[i] == gram)
            return;
    if (list->count < SEARCH_GRAMS_MAX)
        list->gram[list->count++] = gram;
}

uint32_t search_fold(uint32_t code) { return code >= 'A' && code <= 'Z' ? code + 32 : code; }
static bool     is_gap(uint32_t code) { return code <= ' ' || code == 0x3000 || code == ';' || code == ',' || code == 0xFF0C || code == 0x3001; }

static size_t put_code(char *out, uint32_t code)
{
    if (code < 0x80)
        return out[0] = (char)code, 1;
    if (code < 0x800)
        return out[0] = (char)(0xC0 | code >> 6), out[1] = (char)(0x80 | (code & 0x3F)), 2;
    if (code < 0x10000)
        return out[0] = (char)(0xE0 | code >> 12), out[1] = (char)(0x80 | (code >> 6 & 0x3F)), out[2] = (char)(0x80 | (code & 0x3F)), 3;
    return out[0] = (char)(0xF0 | code >> 18), out[1] = (char)(0x80 | (code >> 12 & 0x3F)), out[2] = (char)(0x80 | (code >> 6 & 0x3F)), out[3] = (char)(0x80 | (code & 0x3F)), 4;
}

/* All pairs of a text, and its first character marked with ^: a family name alone can be asked for. */
void search_add_text(search_grams *list, gf_str text)
{
    uint32_t before = 0, code;
    bool first = true;
    while (gf_utf8_next(&text, &code)) {
        char pair[WORD_BYTES];
        code = search_fold(code);
        if (is_gap(code)) {
            before = 0;
            continue;
        }
        size_t len = before ? put_code(pair, before) : 0;
        len += put_code(pair + len, code);
        if (before)
            search_add_gram(list, (gf_str){ pair, len });
        if (first) {
            pair[0] = '^';
            search_add_gram(list, (gf_str){ pair, 1 + put_code(pair + 1, code) });
        }
        first = false;
        before = code;
    }
}

void search_add_number(search_grams *list, gf_str text)
{
    char word[WORD_BYTES];
    int len = snprintf(word, sizeof word, "=%.*s", GF_STR_ARG(gf_str_slice(text, 0, WORD_BYTES - 2)));
    search_add_gram(list, (gf_str){ word, (size_t)len });
}
