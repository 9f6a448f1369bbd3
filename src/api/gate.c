/* Sessions in memory. What was looked up less than a second ago is believed; so a revoked token dies within a second,
 * also when another program revoked it. When somebody was last here is written to the store now and then, not each time.
 */
#include "api/api.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, PROBES = 8, TOKEN_BYTES = 64, TEXT_BYTES = 100, BELIEVED_MS = 1000 };

typedef struct kept_session {
    char      token[TOKEN_BYTES], mark[GF_HASH_HEX_BYTES], csrf[TOKEN_BYTES];
    char      user[TEXT_BYTES], name[TEXT_BYTES], role[TEXT_BYTES], scope[TEXT_BYTES], unit[TEXT_BYTES], place[TEXT_BYTES];
    bool      demo, must_enrol, totp, is_token;
    gf_utc_ms checked, seen, touched, until;
} kept_session;

static_assert((SLOTS & (SLOTS - 1)) == 0 && PROBES < SLOTS, "slots are found by a mask");

struct gate { pthread_rwlock_t lock; kept_session *slots[SLOTS]; size_t count; };

gate *gate_open(void)
{
    gate *g = calloc(1, sizeof *g);
    if (g)
        (void)pthread_rwlock_init(&g->lock, NULL);
    return g;
}

void gate_close(gate *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        free(g->slots[i]);
    (void)pthread_rwlock_destroy(&g->lock);
    free(g);
}

/* Readers under the shared lock set it while others look: the one field that changes without the writer's lock. */
static gf_utc_ms seen_of(const kept_session *k) { return __atomic_load_n(&k->seen, __ATOMIC_RELAXED); }

static kept_session **slot_of(gate *g, gf_str token, bool for_writing)
{
    size_t home = gf_str_hash(token) & (SLOTS - 1);
    kept_session **oldest = &g->slots[home];
    for (size_t i = 0; i < PROBES; i++) {
        kept_session **slot = &g->slots[(home + i) & (SLOTS - 1)];
        if (*slot && gf_str_is(token, (*slot)->token))
            return slot;
        if (!*slot)
            oldest = slot;
        else if (*oldest && seen_of(*slot) < seen_of(*oldest))
            oldest = slot;
    }
    return for_writing ? oldest : NULL;
}

static gf_str copy(gf_arena *keep, const char *text) { return gf_str_copy(keep, gf_str_of(text)); }

static void give(const kept_session *k, gf_arena *keep, gf_app_session *out)
{
    *out = (gf_app_session){ .token = copy(keep, k->mark), .csrf = copy(keep, k->csrf), .seen = seen_of(k), .until = k->until, .is_token = k->is_token,
                             .actor = { .user = copy(keep, k->user), .name = copy(keep, k->name), .role = copy(keep, k->role), .scope = copy(keep, k->scope), .unit = copy(keep, k->unit),
                                        .place = copy(keep, k->place), .demo = k->demo, .must_enrol = k->must_enrol, .totp = k->totp } };
}

static bool find_fresh(gate *g, gf_str token, gf_utc_ms now, gf_arena *keep, gf_app_session *out)
{
    (void)pthread_rwlock_rdlock(&g->lock);
    kept_session **slot = slot_of(g, token, false);
    bool fresh = slot && now - (*slot)->checked < BELIEVED_MS && now >= (*slot)->checked;
    if (fresh) {
        __atomic_store_n(&(*slot)->seen, now, __ATOMIC_RELAXED);
        give(*slot, keep, out);
    }
    (void)pthread_rwlock_unlock(&g->lock);
    return fresh;
}

static void set_text(char *out, size_t room, gf_str text) { (void)snprintf(out, room, "%.*s", GF_STR_ARG(text)); }

static void hold(gate *g, gf_str token, const gf_app_session *s, gf_utc_ms now)
{
    const gf_app_actor *a = &s->actor;
    assert(token.len < TOKEN_BYTES);  /* one that was cut would answer for another */
    (void)pthread_rwlock_wrlock(&g->lock);
    kept_session **slot = slot_of(g, token, true), *k = *slot;
    if (!k && (k = calloc(1, sizeof *k)) != NULL)
        g->count++;
    if (k) {
        gf_utc_ms touched = gf_str_is(token, k->token) ? k->touched : s->seen;
        *k = (kept_session){ .demo = a->demo, .must_enrol = a->must_enrol, .totp = a->totp, .is_token = s->is_token, .checked = now, .seen = now, .touched = touched, .until = s->until };
        set_text(k->token, sizeof k->token, token);
        set_text(k->mark, sizeof k->mark, s->token);
        set_text(k->csrf, sizeof k->csrf, s->csrf);
        const struct { char *to; gf_str from; } TEXTS[] = { { k->user, a->user }, { k->name, a->name }, { k->role, a->role }, { k->scope, a->scope }, { k->unit, a->unit }, { k->place, a->place } };
        for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
            set_text(TEXTS[i].to, TEXT_BYTES, TEXTS[i].from);
    }
    *slot = k;
    (void)pthread_rwlock_unlock(&g->lock);
}

static void forget(gate *g, gf_str token)
{
    (void)pthread_rwlock_wrlock(&g->lock);
    kept_session **slot = slot_of(g, token, false);
    if (slot) {
        assert(*slot && g->count > 0);
        free(*slot);
        *slot = NULL;
        g->count--;
    }
    (void)pthread_rwlock_unlock(&g->lock);
}

/* When this process saw the session last: the store may be up to a minute behind. */
static gf_utc_ms seen_here(gate *g, gf_str token)
{
    (void)pthread_rwlock_rdlock(&g->lock);
    kept_session **slot = slot_of(g, token, false);
    gf_utc_ms seen = slot ? seen_of(*slot) : 0;
    (void)pthread_rwlock_unlock(&g->lock);
    return seen;
}

gf_status gate_find(gate *g, gf_app *app, gf_str token, gf_arena *keep, gf_app_session *out, gf_error *err)
{
    gf_utc_ms now = gf_utc_now_ms();
    if (token.len >= TOKEN_BYTES)
        return gf_fail(err, GF_EDENIED, "session.none", "Log in again.", "there is no such session");
    if (find_fresh(g, token, now, keep, out))
        return GF_OK;
    gf_status status = gf_app_session_find(app, token, seen_here(g, token), keep, out, err);
    if (status == GF_OK)
        hold(g, token, out, now);
    else if (status == GF_EDENIED)
        forget(g, token);
    return status;
}

void gate_forget_all(gate *g)
{
    (void)pthread_rwlock_wrlock(&g->lock);
    for (size_t i = 0; i < SLOTS; i++)
        if (g->slots[i])
            g->slots[i]->checked = 0;
    (void)pthread_rwlock_unlock(&g->lock);
}

void gate_touch_all(gate *g, gf_app *app)
{
    (void)pthread_rwlock_wrlock(&g->lock);
    for (size_t i = 0; i < SLOTS; i++) {
        kept_session *k = g->slots[i];
        if (!k || k->seen <= k->touched)
            continue;
        if (gf_app_session_touch(app, gf_str_of(k->mark), k->seen, NULL) == GF_OK)
            k->touched = k->seen;
    }
    (void)pthread_rwlock_unlock(&g->lock);
}

size_t gate_count(gate *g)
{
    (void)pthread_rwlock_rdlock(&g->lock);
    size_t count = g->count;
    (void)pthread_rwlock_unlock(&g->lock);
    return count;
}
