/* Answers about a whole province, kept for a second: hundreds of people open the same first page, and what it says costs tens of
 * milliseconds to add up. Who opens it within that second sees what the one before him saw.
 *
 * Only answers that do not hang on the person: of who sees everything, by role. A few slots, found by scanning; the oldest goes.
 */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 16, KEY_BYTES = 300, BYTES_MAX = 4 << 20, KEPT_MS = 1000 };

typedef struct slot { char key[KEY_BYTES]; gf_utc_ms made_utc_ms; char *bytes; size_t len; } slot;
struct lately { pthread_mutex_t lock; slot slots[SLOTS]; };

lately *lately_open(void)
{
    lately *l = calloc(1, sizeof *l);
    if (l)
        (void)pthread_mutex_init(&l->lock, NULL);
    return l;
}

void lately_close(lately *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        free(l->slots[i].bytes);
    (void)pthread_mutex_destroy(&l->lock);
    free(l);
}

bool lately_add(lately *l, const char *key, gf_utc_ms now, gf_text *out)
{
    bool found = false;
    (void)pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < SLOTS && !found; i++) {
        const slot *s = &l->slots[i];
        found = s->bytes && strcmp(s->key, key) == 0 && now >= s->made_utc_ms && now - s->made_utc_ms < KEPT_MS;
        if (found)
            gf_text_add(out, (gf_str){ s->bytes, s->len });
    }
    (void)pthread_mutex_unlock(&l->lock);
    return found;
}

/* The slot of the same key, else the oldest. */
static slot *slot_for(lately *l, const char *key)
{
    slot *best = &l->slots[0];
    for (size_t i = 0; i < SLOTS; i++) {
        if (strcmp(l->slots[i].key, key) == 0)
            return &l->slots[i];
        if (l->slots[i].made_utc_ms < best->made_utc_ms)
            best = &l->slots[i];
    }
    return best;
}

void lately_keep(lately *l, const char *key, gf_utc_ms asked_utc_ms, gf_str answer)
{
    if (answer.len == 0 || answer.len > BYTES_MAX || strlen(key) >= KEY_BYTES)
        return;
    char *copy = malloc(answer.len);
    if (!copy)
        return;
    memcpy(copy, answer.data, answer.len);
    (void)pthread_mutex_lock(&l->lock);
    slot *s = slot_for(l, key);
    free(s->bytes);
    (void)snprintf(s->key, sizeof s->key, "%s", key);
    s->bytes = copy;
    s->len = answer.len;
    s->made_utc_ms = asked_utc_ms;
    (void)pthread_mutex_unlock(&l->lock);
}
