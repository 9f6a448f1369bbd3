/* Archives of rows made into stores: of the schema that they are of, then brought up to this program's, in one transaction. The archive is proven
 * before anything is made, and again while it is read; the ledger's head is compared with the manifest's.
 */
#include "app/backup.h"
#include "app/ledger.h"
#include "store/gf_store_archive.h"

#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4200 };

/* Indexes are made at the end: a key that stands twice is told there. */
static gf_status finish(gf_store *store, bool older, gf_error *err)
{
    gf_error said = { .status = GF_OK };
    gf_status status = older ? gf_store_raise(store, &said) : GF_OK;
    if (status == GF_OK)
        status = gf_store_commit(store, &said);
    else
        gf_store_rollback(store);
    if (status == GF_OK)
        return GF_OK;
    return gf_fail(err, status == GF_ECONFLICT ? GF_EINPUT : status, "archive.rows", "Take another backup.", "rows of the archive do not fit: %.150s", said.what);
}

static gf_status fill(gf_store *store, const char *archive, gf_store_archived *seen, gf_error *err)
{
    gf_status status = gf_store_begin(store, err);
    if (status != GF_OK)
        return status;
    status = gf_store_fill_archive(store, archive, seen, err);
    if (status == GF_OK)
        return finish(store, seen->schema < gf_store_schema_latest(), err);
    gf_store_rollback(store);
    return status;
}

static gf_status make(const char *archive, gf_str address, gf_store_archived *seen, gf_error *err)
{
    gf_store *store = NULL;
    gf_status status = gf_store_prove_archive(archive, seen, err);
    if (status == GF_OK)
        status = backup_compare_manifest(archive, seen->sha256, (gf_str){ "", 0 }, err);
    if (status == GF_OK && seen->schema > gf_store_schema_latest())
        return gf_fail(err, GF_ECONFLICT, "store.newer", "Use the newer program.", "the archive has schema %d, this program knows %d", seen->schema, gf_store_schema_latest());
    const gf_store_options options = { .address = address, .create = true, .bulk = true, .schema = seen->schema };
    if (status == GF_OK)
        status = gf_store_open(&options, &store, err);
    if (status == GF_OK)
        status = fill(store, archive, seen, err);
    gf_store_close(store);
    return status;
}

static gf_status compare_head(gf_app *app, const char *archive, gf_error *err)
{
    char hex[GF_HASH_HEX_BYTES];
    int64_t entry;
    gf_status status = ledger_head(app, &entry, hex, err);
    return status == GF_OK ? backup_compare_manifest(archive, "", gf_str_of(hex), err) : status;
}

static void count_problem(void *context, const gf_store_problem *problem)
{
    (void)problem;
    ++*(size_t *)context;
}

static gf_status look_through(const char *archive, gf_str address, gf_utc_ms (*now)(void), gf_error *err)
{
    const gf_app_options options = { .db = address, .now = now };  /* one that may write leaves no log beside it */
    gf_app *app = NULL;
    size_t problems = 0;
    gf_status status = gf_app_open(&options, &app, err);
    if (status == GF_OK)
        status = compare_head(app, archive, err);
    if (status == GF_OK)
        status = gf_store_skim(app->store, count_problem, &problems, err);
    if (status == GF_OK && problems)
        status = gf_fail(err, GF_EIO, "restore.damaged", "Look at the disk.", "the restored store has %zu damaged places", problems);
    gf_app_close(app);
    return status;
}

static void remove_store(const char *path)
{
    static const char *const PARTS[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < GF_COUNT(PARTS); i++) {
        char name[PATH_BYTES];
        (void)snprintf(name, sizeof name, "%s%s", path, PARTS[i]);
        (void)unlink(name);
    }
}

gf_status backup_make_store(const char *archive, const char *path, gf_utc_ms (*now)(void), gf_error *err)
{
    char address[PATH_BYTES];
    gf_store_archived seen = { .schema = 0 };
    (void)snprintf(address, sizeof address, "sqlite:%s", path);
    gf_status status = make(archive, gf_str_of(address), &seen, err);
    if (status == GF_OK)
        status = look_through(archive, gf_str_of(address), now, err);
    if (status != GF_OK)
        remove_store(path);
    return status;
}

/* The target as any program opens it: all its books, then the head. */
static gf_status prove_server(const char *archive, const gf_app_options *options, gf_arena *keep, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_checked checked;
    gf_status status = gf_app_open(options, &app, err);
    if (status == GF_OK)
        status = gf_app_check(app, (gf_str){ "", 0 }, keep, &checked, err);
    if (status == GF_OK && !checked.ok)
        status = gf_fail(err, GF_EINPUT, "restore.check", "gongfu check tells what.", "the restored store does not check: %zu findings", checked.problem_count);
    if (status == GF_OK)
        status = compare_head(app, archive, err);
    gf_app_close(app);
    return status;
}

/* What is no archive is a store in a file: all its rows are moved. */
gf_status gf_app_restore_server(gf_str db, const char *backup, gf_str key_file, gf_utc_ms (*now)(void), gf_arena *keep, gf_error *err)
{
    const gf_app_options options = { .db = db, .read_only = true, .now = now, .key_file = key_file };
    char from[PATH_BYTES];
    gf_app_moved moved;
    gf_store_archived seen = { .schema = 0 };
    (void)snprintf(from, sizeof from, "sqlite:%s", backup);
    if (!gf_store_is_archive(backup))
        return gf_app_move(gf_str_of(from), db, key_file, now, keep, &moved, err);
    gf_status status = make(backup, db, &seen, err);
    return status == GF_OK ? prove_server(backup, &options, keep, err) : status;
}
