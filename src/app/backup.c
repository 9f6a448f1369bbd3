/* Copies of a store that are read back, and restoring.
 *
 * A copy counts only when it has been opened, read through by the engine and by ours, and hashed; the manifest beside
 * it says what it was. What a server's store is copied to is an archive of rows, which the store room proves while it is written. Restoring reads
 * the backup through first and makes the new store beside the old one: until the two renames at the end nothing is touched. A backup reads the
 * store once and the copy twice. Which kind a backup is its first bytes tell.
 */
#define _DEFAULT_SOURCE
#include "app/folder.h"
#include "app/backup.h"
#include "app/ledger.h"
#include "store/gf_store_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, CHUNK_BYTES = 1 << 20 };

static void count_problem(void *context, const gf_store_problem *problem)
{
    (void)problem;
    ++*(size_t *)context;
}

static gf_status hash_file(const char *path, char hex[GF_HASH_HEX_BYTES], int64_t *bytes, gf_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    gf_hash *hash = gf_hash_open(GF_HASH_SHA256);
    char *chunk = malloc(CHUNK_BYTES);
    uint8_t digest[GF_HASH_BYTES];
    ssize_t got = 0;
    bool ok = fd >= 0 && hash && chunk && gf_hash_start(hash);
    for (*bytes = 0; ok && (got = read(fd, chunk, CHUNK_BYTES)) > 0; *bytes += got)
        ok = gf_hash_add(hash, chunk, (size_t)got);
    ok = ok && got == 0 && gf_hash_finish(hash, digest);
    if (ok)
        gf_hex_format(digest, sizeof digest, hex);
    gf_hash_close(hash);
    free(chunk);
    if (fd >= 0)
        (void)close(fd);
    return ok ? GF_OK : gf_fail(err, GF_EIO, "backup.read", "", "%s cannot be read back", path);
}

/* Open the copy as a store of its own and read it through. */
static gf_status verify_copy(gf_app *app, const char *path, gf_app_backed_up *out, gf_arena *keep, gf_error *err)
{
    char address[PATH_BYTES + 8], hex[GF_HASH_HEX_BYTES];
    (void)snprintf(address, sizeof address, "sqlite:%s", path);
    gf_app *copy = NULL;
    gf_app_options options = { .db = gf_str_of(address), .read_only = true, .now = app->now };
    size_t problems = 0;
    gf_status status = gf_app_open(&options, &copy, err);
    if (status == GF_OK)
        status = gf_store_skim(copy->store, count_problem, &problems, err);
    if (status == GF_OK && problems)
        status = gf_fail(err, GF_EIO, "backup.verify", "Look at the disk, and run gongfu check on the store itself.", "the copy has %zu damaged places", problems);
    if (status == GF_OK)
        status = ledger_head(copy, &out->head_entry, hex, err);
    if (status == GF_OK)
        out->head_hash = gf_str_copy(keep, gf_str_of(hex));
    gf_app_close(copy);
    return status;
}

static gf_status write_manifest(gf_app *app, const gf_app_backed_up *done, gf_arena *keep, gf_error *err)
{
    char name[PATH_BYTES + 32], when[GF_UTC_BYTES];
    gf_text text;
    gf_json json;
    gf_text_init(&text, keep);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.backup/1");
    gf_json_str(&json, "made", (gf_str){ when, gf_utc_format(app->now(), when) });
    gf_json_int(&json, "bytes", done->bytes);
    gf_json_str(&json, "sha256", done->sha256);
    gf_json_int(&json, "head_entry", done->head_entry);
    gf_json_str(&json, "head_hash", done->head_hash);
    gf_json_end(&json, '}');
    gf_text_add_char(&text, '\n');
    (void)snprintf(name, sizeof name, "%.*s.manifest.json", GF_STR_ARG(done->path));
    (void)unlink(name);
    return folder_write_file(AT_FDCWD, name, gf_text_str(&text), err);
}

/* The hash is taken while the copy is read through: both read the same pages. */
typedef struct hasher { const char *path; char hex[GF_HASH_HEX_BYTES]; int64_t bytes; gf_status status; gf_error err; } hasher;

static void *hash_beside(void *context)
{
    hasher *h = context;
    h->status = hash_file(h->path, h->hex, &h->bytes, &h->err);
    return NULL;
}

static gf_status verify_and_hash(gf_app *app, const char *path, gf_app_backed_up *out, gf_arena *keep, gf_error *err)
{
    pthread_t thread;
    hasher h = { .path = path };
    bool beside = pthread_create(&thread, NULL, hash_beside, &h) == 0;
    gf_status status = verify_copy(app, path, out, keep, err);
    if (beside)
        (void)pthread_join(thread, NULL);
    else
        (void)hash_beside(&h);
    if (status == GF_OK && h.status != GF_OK) {
        status = h.status;
        if (err)
            *err = h.err;
    }
    out->bytes = h.bytes;
    out->sha256 = gf_str_copy(keep, gf_str_of(h.hex));
    return status;
}

/* The head is of the moment that is copied. */
static gf_status copy_rows(gf_app *app, gf_app_backed_up *out, gf_arena *keep, gf_error *err)
{
    char hex[GF_HASH_HEX_BYTES];
    gf_store_copied copied;
    gf_status status = ledger_head(app, &out->head_entry, hex, err);
    if (status == GF_OK)
        status = gf_store_copy(app->store, out->path, &copied, err);
    if (status != GF_OK)
        return status;
    out->head_hash = gf_str_copy(keep, gf_str_of(hex));
    out->sha256 = gf_str_copy(keep, gf_str_of(copied.sha256));
    out->bytes = copied.bytes;
    return GF_OK;
}

static gf_status copy_server(gf_app *app, gf_app_backed_up *out, gf_arena *keep, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, copy_rows(app, out, keep, err), err) : status;
}

static gf_status copy_file(gf_app *app, const char *path, gf_app_backed_up *out, gf_arena *keep, gf_error *err)
{
    gf_store_copied copied;
    gf_status status = gf_store_copy(app->store, out->path, &copied, err);
    if (status != GF_OK)
        return status;
    status = verify_and_hash(app, path, out, keep, err);
    if (status != GF_OK)
        (void)unlink(path);
    return status;
}

gf_status gf_app_backup(gf_app *app, const char *path, gf_arena *keep, gf_app_backed_up *out, gf_error *err)
{
    *out = (gf_app_backed_up){ .path = gf_str_copy(keep, gf_str_of(path)) };
    gf_status status = gf_store_is_file(gf_store_address(app->store)) ? copy_file(app, path, out, keep, err) : copy_server(app, out, keep, err);
    if (status != GF_OK)
        return status;
    status = write_manifest(app, out, keep, err);
    if (status != GF_OK)
        (void)unlink(path);
    return status;
}

/* ---- Restore ---- */

static gf_utc_ms no_clock(void) { return 0; }

/* `hex` is the backup's hash, or "" when it was not taken yet; `head` the head of its ledger, or "". Both must stand in the manifest. */
gf_status backup_compare_manifest(const char *backup, const char *known, gf_str head, gf_error *err)
{
    char name[PATH_BYTES + 32], hex[GF_HASH_HEX_BYTES];
    int64_t bytes;
    (void)snprintf(hex, sizeof hex, "%s", known);
    (void)snprintf(name, sizeof name, "%s.manifest.json", backup);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return GF_OK;  /* a copy made by other means: it is still read through */
    gf_arena *arena = gf_arena_open(GF_MIB);
    gf_str text = { "", 0 };
    gf_status status = arena ? folder_read_all(fd, GF_MIB / 2, arena, &text, err) : gf_fail_memory(err);
    (void)close(fd);
    if (status == GF_OK && !hex[0])
        status = hash_file(backup, hex, &bytes, err);
    if (status == GF_OK && (!gf_str_has(text, gf_str_of(hex)) || (head.len && !gf_str_has(text, head))))
        status = gf_fail(err, GF_EINPUT, "restore.manifest", "Take another backup.", "%s is not the file that its manifest names", backup);
    gf_arena_close(arena);
    return status;
}

static gf_status try_backup(const char *backup, gf_error *err)
{
    char address[PATH_BYTES + 8];
    (void)snprintf(address, sizeof address, "sqlite:%s", backup);
    gf_app *copy = NULL;
    size_t problems = 0;
    gf_app_options options = { .db = gf_str_of(address), .read_only = true, .now = no_clock };
    gf_status status = backup_compare_manifest(backup, "", (gf_str){ "", 0 }, err);
    if (status == GF_OK)
        status = gf_app_open(&options, &copy, err);
    if (status == GF_OK)
        status = gf_store_verify(copy->store, count_problem, &problems, err);
    if (status == GF_OK && problems)
        status = gf_fail(err, GF_EINPUT, "restore.damaged", "Take another backup.", "the backup has %zu damaged places", problems);
    gf_app_close(copy);
    return status;
}

static gf_status copy_store(const char *backup, gf_str path, gf_error *err)
{
    char address[PATH_BYTES + 8];
    (void)snprintf(address, sizeof address, "sqlite:%s", backup);
    gf_store *store = NULL;
    gf_store_options options = { .address = gf_str_of(address), .read_only = true };
    gf_store_copied copied;
    gf_status status = gf_store_open(&options, &store, err);
    if (status == GF_OK)
        status = gf_store_copy(store, path, &copied, err);
    gf_store_close(store);
    return status;
}

/* The store that was put aside knows who was erased since the backup was made. */
static gf_status erase_again(gf_app *fresh, gf_app *old, gf_app_restored *out, gf_error *err)
{
    gf_status status = gf_app_batch_begin(fresh, err);
    if (status != GF_OK)
        return status;
    status = gf_app_part_begin(fresh, &GF_APP_ACTOR_CLI, err);
    if (status == GF_OK)
        status = gf_app_part_end(fresh, &GF_APP_ACTOR_CLI, gf_app_erase_again(fresh, old, &out->erased_again, err), err);
    gf_status kept = gf_app_batch_end(fresh, status == GF_OK ? err : NULL);
    status = status == GF_OK ? kept : status;
    return status == GF_OK && out->erased_again ? gf_app_erase_settle(fresh, err) : status;
}

static gf_status honour_certificates(gf_str db, const char *kept, gf_str key_file, gf_utc_ms (*now)(void), gf_app_restored *out, gf_error *err)
{
    char address[PATH_BYTES + 48];
    (void)snprintf(address, sizeof address, "sqlite:%s", kept);
    gf_app *old = NULL, *fresh = NULL;
    gf_app_options aside = { .db = gf_str_of(address), .read_only = true, .now = now }, placed = { .db = db, .create = true, .key_file = key_file, .now = now };
    out->certificates_read = gf_app_open(&aside, &old, NULL) == GF_OK;
    if (!out->certificates_read)
        return GF_OK;  /* of an older schema, damaged, or not there: the answer says that nobody could be asked */
    gf_status status = gf_app_open(&placed, &fresh, err);
    if (status == GF_OK)
        status = erase_again(fresh, old, out, err);
    gf_app_close(fresh);
    gf_app_close(old);
    return status;
}

gf_status gf_app_restore(gf_str db, const char *backup_path, gf_str key_file, gf_utc_ms (*now)(void), gf_app_restored *out, gf_error *err)
{
    char path[PATH_BYTES], kept[PATH_BYTES + 32], fresh[PATH_BYTES + 32];
    struct stat info;
    static const gf_str PREFIX = GF_STR_INIT("sqlite:");
    if (!gf_str_starts(db, PREFIX) || db.len >= sizeof path)
        return gf_fail(err, GF_EUSAGE, "restore.address", "Into a server: gongfu move --from sqlite:FILE --to postgres://...", "only a SQLite store is replaced by a file");
    (void)snprintf(path, sizeof path, "%.*s", GF_STR_ARG(gf_str_slice(db, PREFIX.len, db.len)));
    (void)snprintf(kept, sizeof kept, "%s.before-restore", path);
    (void)snprintf(fresh, sizeof fresh, "%s.restoring-%ld", path, (long)getpid());
    if (stat(kept, &info) == 0)
        return gf_fail(err, GF_ECONFLICT, "restore.kept", "Move it away first.", "%s stands there from an earlier restore", kept);
    gf_status status = gf_store_is_archive(backup_path) ? backup_make_store(backup_path, fresh, now, err) : try_backup(backup_path, err);
    if (status == GF_OK && !gf_store_is_archive(backup_path))
        status = copy_store(backup_path, gf_str_of(fresh), err);
    if (status != GF_OK)
        return status;
    /* What is still in the old store's journal goes with it. A crash in between leaves no store in place, never half of two. */
    static const char *const PARTS[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < GF_COUNT(PARTS); i++) {
        char from[PATH_BYTES + 8], to[PATH_BYTES + 48];
        (void)snprintf(from, sizeof from, "%s%s", path, PARTS[i]);
        (void)snprintf(to, sizeof to, "%s%s", kept, PARTS[i]);
        if (stat(from, &info) == 0 && rename(from, to) != 0)
            return gf_fail(err, GF_EIO, "restore.rename", "The restored store stands beside it.", "%s cannot be put aside: %s", from, strerror(errno));
    }
    if (rename(fresh, path) != 0)
        return gf_fail(err, GF_EIO, "restore.rename", "The restored store stands beside it.", "%s cannot be put in place: %s", path, strerror(errno));
    *out = (gf_app_restored){ .erased_again = 0 };
    return honour_certificates(db, kept, key_file, now, out, err);
}
