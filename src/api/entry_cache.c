/* Entries as JSON. An entry never changes once it is booked, so its text is written once and kept while there is room:
 * a list of the newest is then a matter of copying. Direct-mapped by number: neighbours never push each other out.
 */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 16, LOCKS = 64 };

typedef struct kept_entry { int64_t id; size_t len; char text[]; } kept_entry;

struct entry_cache { pthread_mutex_t locks[LOCKS]; kept_entry *slots[SLOTS]; size_t bytes, bytes_max; };

entry_cache *entry_cache_open(size_t bytes_max)
{
    entry_cache *c = calloc(1, sizeof *c);
    for (size_t i = 0; c && i < LOCKS; i++)
        (void)pthread_mutex_init(&c->locks[i], NULL);
    if (c)
        c->bytes_max = bytes_max;
    return c;
}

void entry_cache_close(entry_cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        free(c->slots[i]);
    for (size_t i = 0; i < LOCKS; i++)
        (void)pthread_mutex_destroy(&c->locks[i]);
    free(c);
}

static bool add_kept(entry_cache *c, int64_t id, gf_text *out)
{
    size_t slot = (size_t)id & (SLOTS - 1);
    (void)pthread_mutex_lock(&c->locks[slot % LOCKS]);
    const kept_entry *k = c->slots[slot];
    bool found = k && k->id == id;
    if (found)
        gf_text_add(out, (gf_str){ k->text, k->len });
    (void)pthread_mutex_unlock(&c->locks[slot % LOCKS]);
    return found;
}

static void hold(entry_cache *c, int64_t id, gf_str text)
{
    size_t slot = (size_t)id & (SLOTS - 1);
    kept_entry *k = malloc(sizeof *k + text.len);
    if (!k)
        return;
    *k = (kept_entry){ id, text.len };
    memcpy(k->text, text.data, text.len);
    (void)pthread_mutex_lock(&c->locks[slot % LOCKS]);
    kept_entry *old = c->slots[slot];
    size_t before = old ? old->len : 0;
    bool room = __atomic_load_n(&c->bytes, __ATOMIC_RELAXED) + text.len <= c->bytes_max + before;
    if (room) {
        c->slots[slot] = k;
        (void)__atomic_add_fetch(&c->bytes, text.len - before, __ATOMIC_RELAXED);
    }
    (void)pthread_mutex_unlock(&c->locks[slot % LOCKS]);
    free(room ? old : k);
}

gf_status entry_cache_add(entry_cache *c, gf_app *app, int64_t id, gf_arena *scratch, gf_text *out, gf_error *err)
{
    gf_app_entry entry;
    gf_text text;
    gf_json json;
    if (add_kept(c, id, out))
        return GF_OK;
    gf_status status = gf_app_entry_read(app, id, scratch, &entry, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, scratch);
    gf_json_init(&json, &text);
    gf_report_entry_json(&entry, &json, NULL);
    status = gf_text_done(&text, err);
    if (status != GF_OK)
        return status;
    hold(c, id, gf_text_str(&text));
    gf_text_add(out, gf_text_str(&text));
    return GF_OK;
}
