/* app/app.h - inside the room only: the open books, and helpers that several use cases share. */
#pragma once
#include "app/gf_app.h"
#include "store/gf_store.h"

typedef struct ledger ledger;
typedef struct ledger_partials ledger_partials;
struct keys;

/* How many entries there are up to one of them: of all, of demo, of the others. */
struct counted { int64_t entry, count; };

/* What does not change while one moment of the store is read, and is asked for under every figure of a report. */
typedef struct app_moment {
    bool        on, has_head, has_usual;
    int64_t     head;
    char        head_hex[GF_HASH_HEX_BYTES], usual[100], programme[100], scope[120], label[400];   /* "" = not asked yet; texts that do not fit are asked again */
    const char *origins;        /* of `programme` */
    bool        label_zh;       /* `label` is what `scope` is called */
} app_moment;

struct gf_app {
    gf_store    *store;
    gf_arena    *arena;        /* lives as long as the app: author, address, ledger tables */
    gf_str       author;       /* of what is written now: the open part's user, or as opened */
    gf_utc_ms  (*now)(void);   /* never NULL */
    gf_hash_kind ledger_hash;  /* as kept in the store's settings */
    ledger      *ledger;       /* accounts and running totals in memory while posting; NULL until used */
    bool         ledger_touched; /* posted to since the part began */
    struct keys *keys;         /* master key and what was opened with it; NULL until used */
    gf_str       key_file;     /* "" = beside the store */
    gf_hash     *log_hash;     /* of the logs' chains; NULL until used */
    int64_t      moved;        /* gf_store_moved() when the ledger in memory was last right */
    app_moment   moment;       /* on between app_begin_read() and app_end_read() */
    struct counted counted[3];
    ledger_partials *partials; /* what lies in months that the last odd span cuts; NULL until used */
};

/* One moment of the store for all that an answer reads, whoever writes meanwhile: begin, read, end. Not inside another
 * transaction; statements asked for before are gone. */
gf_status app_begin_read(gf_app *app, gf_error *err);
/* Gives `status`, or the failure that the store latched; the latch is cleared. Owed after every app_begin_read() that
 * gave GF_OK. */
gf_status app_end_read(gf_app *app, gf_status status, gf_error *err);

/* A row of the table setting; the empty text when there is none. */
gf_str    app_setting(gf_app *app, const char *name, gf_arena *keep);
/* Sets or replaces one; a transaction of its own unless one is open. */
gf_status app_set_setting(gf_app *app, const char *name, gf_str value, gf_error *err);
