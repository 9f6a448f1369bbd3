/* SIGHUP: what can change while requests run is taken up anew, and the log says what was and what waits for a restart.
 *
 * Certificate and key are read out of their files, which whoever renews them writes over. The nightly backup and the paths come
 * out of the settings, where they were given. A certificate that does not fit, or settings that cannot be read, leave all as it is.
 */
#include "api/api.h"

#include <string.h>

enum { KEEP_MIB = 8 };

static bool same_backup(const gf_app_backup_folder *a, const gf_app_backup_folder *b)
{
    return gf_str_eq(a->path, b->path) && gf_str_eq(a->key_file, b->key_file) && a->keep_days == b->keep_days && a->keep_weeks == b->keep_weeks && a->keep_months == b->keep_months;
}

/* What only a start can settle. */
static bool waits_for_restart(const gf_api_options *now, const gf_api_options *wanted)
{
    return !gf_str_eq(now->db, wanted->db) || !gf_str_eq(now->key_file, wanted->key_file) || !gf_str_eq(now->listen, wanted->listen) ||
           now->behind_proxy != wanted->behind_proxy || now->demo != wanted->demo || (now->tls_key.len == 0) != (wanted->tls_key.len == 0);
}

/* The keeper may be at work on a backup: it takes the folder when its turn comes. */
static void hand_over(api_state *api, gf_arena *keep, const gf_app_backup_folder *backup)
{
    (void)pthread_mutex_lock(&api->lock);
    gf_arena *unread = api->next_backup.keep;
    api->next_backup.keep = keep;
    api->next_backup.backup = *backup;
    api->next_backup.due = true;
    (void)pthread_cond_signal(&api->wake);
    (void)pthread_mutex_unlock(&api->lock);
    gf_arena_close(unread);
}

void reload_take_backup(api_state *api)
{
    (void)pthread_mutex_lock(&api->lock);
    bool due = api->next_backup.due;
    gf_arena *keep = api->next_backup.keep;
    const gf_app_backup_folder backup = api->next_backup.backup;
    api->next_backup.due = false;
    api->next_backup.keep = NULL;
    (void)pthread_mutex_unlock(&api->lock);
    if (!due)
        return;
    if (!same_backup(&api->options.backup, &backup))
        api->backed_up = 0;  /* another folder may lack this night's */
    api->options.backup = backup;
    gf_arena_close(api->backup_keep);
    api->backup_keep = keep;
}

static gf_status take_certificate(api_state *api, const gf_api_options *wanted, gf_error *err)
{
    const char *certificate = NULL, *key = NULL;
    gf_arena *scratch = gf_arena_open((size_t)KEEP_MIB * GF_MIB);
    gf_status status = scratch ? serve_read_pem(scratch, wanted->tls_certificate, &certificate, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = serve_read_pem(scratch, wanted->tls_key, &key, err);
    if (status == GF_OK)
        status = gf_http_take_certificate(api->server, certificate, key, err);
    gf_arena_close(scratch);
    return status;
}

void reload(api_state *api)
{
    gf_error err = { .status = GF_OK, .code = "" };
    gf_api_options wanted = { .tls_certificate = api->options.tls_certificate, .tls_key = api->options.tls_key };
    gf_arena *keep = gf_arena_open((size_t)KEEP_MIB * GF_MIB);
    bool tls = api->options.tls_key.len > 0, reads = api->options.reread != NULL;
    gf_status status = keep ? GF_OK : gf_fail_memory(&err);
    if (status == GF_OK && reads)
        status = api->options.reread(api->options.reread_context, keep, &wanted, &err);
    bool waits = status == GF_OK && reads && waits_for_restart(&api->options, &wanted), renews = status == GF_OK && tls && wanted.tls_key.len;
    if (renews)
        status = take_certificate(api, &wanted, &err);
    if (status == GF_OK && reads) {
        hand_over(api, keep, &wanted.backup);
        keep = NULL;
    }
    gf_arena_close(keep);
    gate_forget_all(api->gate);
    bool done = status == GF_OK;
    gf_log_line(!done ? "error" : waits ? "warn" : "info", "reload", "certificate=%d settings=%d waits_for_restart=%d code=%s", done && renews, done && reads, waits, err.code);
}
