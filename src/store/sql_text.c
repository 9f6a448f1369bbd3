/* Statements are found by a scan of the embedded text, each name once per open store: then the prepared statement is
 * kept. The files are compiled in, so that a program and its SQL cannot be of different versions.
 */
#include "store/sql_text.h"

#include <stdlib.h>
#include <string.h>

extern const gf_embedded gf_embedded_sql[];
extern const size_t      gf_embedded_sql_count;

static const char *base_name(const gf_embedded *file)
{
    const char *slash = strrchr(file->name, '/');
    return slash ? slash + 1 : file->name;
}

static bool is_migration(const gf_embedded *file) { return strstr(file->name, "schema/") != NULL; }

const char *gf_sql_migration(int version)
{
    for (size_t i = 0; i < gf_embedded_sql_count; i++) {
        const gf_embedded *file = &gf_embedded_sql[i];
        if (is_migration(file) && strtol(base_name(file), NULL, 10) == version)
            return (const char *)file->bytes;
    }
    return NULL;
}

int gf_sql_migration_count(void)
{
    int count = 0;
    while (gf_sql_migration(count + 1))
        count++;
    return count;
}

/* The statement `name` inside one file. */
static gf_str find_in(gf_str text, gf_str name)
{
    static const gf_str HEAD = GF_STR_INIT("-- name: ");
    while (text.len) {
        size_t at = gf_str_find(text, HEAD);
        text = gf_str_slice(text, at + HEAD.len, text.len);
        size_t line = gf_str_find(text, GF_STR("\n"));
        bool mine = gf_str_eq(gf_str_trim(gf_str_slice(text, 0, line)), name);
        text = gf_str_slice(text, line, text.len);
        if (mine)
            return gf_str_trim(gf_str_slice(text, 0, gf_str_find(text, HEAD)));
    }
    return (gf_str){ "", 0 };
}

gf_str gf_sql_named(const char *name)
{
    for (size_t i = 0; i < gf_embedded_sql_count; i++) {
        const gf_embedded *file = &gf_embedded_sql[i];
        if (is_migration(file))
            continue;
        gf_str found = find_in((gf_str){ (const char *)file->bytes, file->len }, gf_str_of(name));
        if (found.len)
            return found;
    }
    return (gf_str){ "", 0 };
}
