/* SQL is written once, in what SQLite and PostgreSQL both read. Two things differ in form alone and are turned here: how
 * parameters are numbered, and the words below in migrations. Whatever else one of them refuses is not written at all.
 */
#include "store/pg_text.h"

#include <stdlib.h>
#include <string.h>

enum { PARAMETERS_MAX = 512 };

/* In migrations only. STRICT and WITHOUT ROWID say what PostgreSQL does anyway; its INTEGER would hold 32 bits. */
static const struct { const char *common, *postgres; } WORDS[] = {
    { "STRICT, WITHOUT ROWID", "" },
    { "STRICT", "" },
    { "INTEGER", "BIGINT" },
    { "BLOB", "BYTEA" },
    { "group_concat", "string_agg" },
};

static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/* The end of what begins at `at` and is not to be touched: a string, a quoted name, a comment; `at` itself when it is none. */
static size_t skip_quoted(gf_str sql, size_t at)
{
    char open = sql.data[at];
    if (open == '\'' || open == '"') {
        size_t end = at + 1;
        while (end < sql.len && sql.data[end] != open)
            end++;
        return end < sql.len ? end + 1 : end;  /* a doubled quote begins another one: the same */
    }
    if (open == '-' && at + 1 < sql.len && sql.data[at + 1] == '-') {
        while (at < sql.len && sql.data[at] != '\n')
            at++;
    }
    return at;
}

typedef struct names { gf_str name[PARAMETERS_MAX]; int count; } names;

/* The number of a parameter; 0 when there are too many. A ? has the empty name and is always a new one. */
static int number_of(names *known, gf_str name)
{
    for (int i = 0; name.len && i < known->count; i++)
        if (gf_str_eq(known->name[i], name))
            return i + 1;
    if (known->count == PARAMETERS_MAX)
        return 0;
    known->name[known->count++] = name;
    return known->count;
}

char *pg_text_statement(gf_str sql, int *count)
{
    char *out = malloc(sql.len * 5 + 1);  /* the longest turn is ? into $512 */
    names *known = calloc(1, sizeof *known);
    size_t used = 0;
    for (size_t at = 0; out && known && at < sql.len;) {
        size_t end = skip_quoted(sql, at);
        bool named = end == at && sql.data[at] == ':' && (at == 0 || sql.data[at - 1] != ':') && at + 1 < sql.len && is_word(sql.data[at + 1]);
        if (end == at && (named || sql.data[at] == '?')) {
            for (end = at + 1; named && end < sql.len && is_word(sql.data[end]);)
                end++;
            used += (size_t)snprintf(out + used, 6, "$%d", number_of(known, gf_str_slice(sql, at + 1, end)));
        } else {
            end = end == at ? at + 1 : end;
            memcpy(out + used, sql.data + at, end - at);
            used += end - at;
        }
        at = end;
    }
    if (out && known)
        out[used] = '\0';
    *count = known ? known->count : 0;
    if (!known) {
        free(out);
        out = NULL;
    }
    free(known);
    return out;
}

char *pg_text_migration(const char *text)
{
    gf_str sql = gf_str_of(text);
    char *out = malloc(sql.len + 1);  /* no word grows */
    size_t used = 0;
    for (size_t at = 0; out && at < sql.len;) {
        size_t end = skip_quoted(sql, at);
        const char *put = sql.data + at;
        size_t put_len = end - at;
        if (end == at) {
            end = at + 1;
            put_len = 1;
            bool begins = is_word(*put) && (at == 0 || !is_word(put[-1]));
            for (size_t i = 0; begins && i < GF_COUNT(WORDS); i++) {
                size_t len = strlen(WORDS[i].common);
                if (strncmp(put, WORDS[i].common, len) != 0 || is_word(put[len]))
                    continue;
                end = at + len;
                put = WORDS[i].postgres;
                put_len = strlen(put);
                break;
            }
        }
        memcpy(out + used, put, put_len);
        used += put_len;
        at = end;
    }
    if (out)
        out[used] = '\0';
    return out;
}
