/* Backups by blocks: the copy of a store cut into pieces of at most 256 KiB, each kept once under the name of its content. A nightly backup writes
 * what has changed since the last; every snapshot is whole by itself, and the oldest may go without the others noticing. A store in a file is cut every
 * 256 KiB, for its pages stay where they are; an archive of rows also where its tables and frames begin, for in it everything moves.
 *
 *   FOLDER/blocks/ab/ab12...   a piece, as it is or sealed; its name is SHA-256 of it, or BLAKE2b under the key, so that nobody without
 *                              the key can ask whether a piece is in there
 *   FOLDER/snapshots/NAME      text: what it is, then the names of its pieces in order
 *
 * The copy is made beside the store, not in the folder, which may lie on a disk of others. Everything is on disk before the snapshot is.
 */
#define _GNU_SOURCE  /* syncfs */
#include "app/folder.h"
#include "app/keys.h"
#include "store/gf_store_archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 << 10, NAME_BYTES = GF_HASH_HEX_BYTES, PATH_ROOM = 4096, SNAPSHOT_BYTES_MAX = 256 << 20 };
static const char SCHEMA[] = "gongfu.backup_snapshot/1";

typedef struct vault {
    int         root;                    /* the folder, open */
    bool        sealed;
    gf_seal_key key;
    char        key_name[9];
    uint8_t    *plain, *room;            /* a block, and the same sealed */
} vault;

/* ---- The folder ---- */

static gf_status bad_folder(gf_str path, gf_error *err)
{
    return gf_fail(err, GF_EIO, "backup.folder", "See that the folder may be written.", "%.*s: %s", GF_STR_ARG(gf_str_slice(path, 0, 200)), strerror(errno));
}

static gf_status take_key(const gf_app_backup_folder *folder, bool make, vault *v, gf_arena *keep, gf_error *err)
{
    const char *path = gf_str_cstr(keep, folder->key_file);
    struct stat info;
    v->sealed = folder->key_file.len > 0;
    if (!v->sealed)
        return GF_OK;
    if (!path)
        return gf_fail_memory(err);
    if (make && stat(path, &info) != 0) {
        gf_seal_make_key(&v->key);
        gf_status status = keys_write_file(path, &v->key, err);
        if (status != GF_OK)
            return status;
    } else if (!keys_read_file(path, &v->key))
        return gf_fail(err, GF_EDENIED, "backup.key", "Name the key file of this folder, mode 0600.", "%s holds no key that may be used", path);
    gf_seal_key_name(&v->key, v->key_name);
    return GF_OK;
}

static void vault_close(vault *v)
{
    gf_seal_wipe(&v->key);
    free(v->plain);
    free(v->room);
    if (v->root >= 0)
        (void)close(v->root);
}

static gf_status vault_open(const gf_app_backup_folder *folder, bool make, vault *v, gf_arena *keep, gf_error *err)
{
    *v = (vault){ .root = -1, .plain = malloc(BLOCK_BYTES), .room = malloc(BLOCK_BYTES + GF_SEAL_BYTES_MORE) };
    const char *path = gf_str_cstr(keep, folder->path);
    if (!v->plain || !v->room || !path)
        return gf_fail_memory(err);
    if (make && mkdir(path, 0700) != 0 && errno != EEXIST)
        return bad_folder(folder->path, err);
    v->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (v->root < 0)
        return gf_fail(err, GF_ENOTFOUND, "backup.none", "Make one with: gongfu backup into DIR", "there is no folder of backups at %.*s", GF_STR_ARG(gf_str_slice(folder->path, 0, 200)));
    if (make && ((mkdirat(v->root, "blocks", 0700) != 0 && errno != EEXIST) || (mkdirat(v->root, "snapshots", 0700) != 0 && errno != EEXIST)))
        return bad_folder(folder->path, err);
    return take_key(folder, make, v, keep, err);
}

/* ---- Blocks ---- */

static bool name_block(const vault *v, size_t len, char out[NAME_BYTES])
{
    uint8_t id[GF_SEAL_MARK_BYTES];
    bool named = true;
    if (v->sealed)
        gf_seal_bytes_mark(&v->key, v->plain, len, id);
    else
        named = gf_hash_bytes(GF_HASH_SHA256, v->plain, len, id);
    if (named)
        gf_hex_format(id, sizeof id, out);
    return named;
}

static void block_path(const char *name, char out[NAME_BYTES + 16]) { (void)snprintf(out, NAME_BYTES + 16, "blocks/%.2s/%s", name, name); }

static ssize_t read_all(int fd, uint8_t *bytes, size_t len)
{
    size_t got = 0;
    while (got < len) {
        ssize_t one = read(fd, bytes + got, len - got);
        if (one < 0 && errno == EINTR)
            continue;
        if (one < 0)
            return -1;
        if (one == 0)
            break;
        got += (size_t)one;
    }
    return (ssize_t)got;
}

/* The block in v->plain, unless the folder has it. It gets its name when it is whole. */
static bool put_block(vault *v, const char *name, size_t len, gf_app_backed_into *out)
{
    char path[NAME_BYTES + 16], making[NAME_BYTES + 32], shelf[16];
    struct stat info;
    block_path(name, path);
    if (fstatat(v->root, path, &info, 0) == 0)
        return true;
    (void)snprintf(shelf, sizeof shelf, "blocks/%.2s", name);
    (void)snprintf(making, sizeof making, "blocks/making-%ld", (long)getpid());
    if (mkdirat(v->root, shelf, 0700) != 0 && errno != EEXIST)
        return false;
    if (v->sealed)
        gf_seal_bytes(&v->key, name, NAME_BYTES - 1, v->plain, len, v->room);
    size_t bytes = v->sealed ? len + GF_SEAL_BYTES_MORE : len;
    int fd = openat(v->root, making, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && gf_write_all(fd, v->sealed ? v->room : v->plain, bytes);
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    out->blocks_new++;
    out->bytes_new += (int64_t)bytes;
    return ok && renameat(v->root, making, v->root, path) == 0;
}

/* A block into v->plain: what its name says, or not at all. */
static bool get_block(vault *v, const char *name, size_t *len)
{
    char path[NAME_BYTES + 16], own[NAME_BYTES];
    block_path(name, path);
    int fd = openat(v->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got = fd >= 0 ? read_all(fd, v->sealed ? v->room : v->plain, BLOCK_BYTES + (v->sealed ? GF_SEAL_BYTES_MORE : 0)) : -1;
    if (fd >= 0)
        (void)close(fd);
    if (got < 0 || (v->sealed && !gf_seal_open_bytes(&v->key, name, NAME_BYTES - 1, v->room, (size_t)got, v->plain)))
        return false;
    *len = (size_t)got - (v->sealed ? GF_SEAL_BYTES_MORE : 0);
    return name_block(v, *len, own) && strcmp(own, name) == 0;
}

/* ---- Snapshots ---- */

static gf_str head_of(const vault *v, const gf_app_snapshot *s, gf_arena *keep, gf_text *text)
{
    gf_text_init(text, keep);
    gf_text_format(text, "%s\nbytes %lld\nsha256 %.*s\nhead_entry %lld\nhead_hash %.*s\nkey %s\nblocks %lld\n", SCHEMA, (long long)s->bytes, GF_STR_ARG(s->sha256), (long long)s->head_entry,
                   GF_STR_ARG(s->head_hash), v->sealed ? v->key_name : "-", (long long)s->blocks);
    return gf_text_str(text);
}

static bool take_line(gf_str *rest, const char *word, gf_str *out)
{
    gf_str line, wanted = gf_str_of(word);
    if (!gf_str_cut(rest, '\n', &line) || !gf_str_starts(line, wanted) || line.len <= wanted.len || line.data[wanted.len] != ' ')
        return false;
    *out = gf_str_slice(line, wanted.len + 1, line.len);
    return true;
}

/* The instant in a name, where - stands for the : of an hour; 0 when it is none. */
static gf_utc_ms made_of(gf_str name)
{
    char text[GF_UTC_BYTES];
    gf_utc_ms at = 0;
    int len = snprintf(text, sizeof text, "%.*s", GF_STR_ARG(gf_str_slice(name, 0, sizeof text - 1)));
    for (int i = 10; i < len; i++)
        text[i] = text[i] == '-' ? ':' : text[i];
    return gf_utc_parse((gf_str){ text, (size_t)len }, &at) ? at : 0;
}

/* *names is what stands behind the head: a name a line. */
static gf_status read_snapshot(const vault *v, gf_str name, gf_arena *keep, gf_app_snapshot *out, gf_str *names, gf_str *key, gf_error *err)
{
    char path[PATH_ROOM];
    gf_str text, line, bytes, entry, blocks;
    (void)snprintf(path, sizeof path, "snapshots/%.*s", GF_STR_ARG(name));
    int fd = gf_str_has(name, GF_STR("/")) ? -1 : openat(v->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return gf_fail(err, GF_ENOTFOUND, "backup.snapshot", "gongfu backup list DIR shows them.", "there is no backup \"%.*s\" in the folder", GF_STR_ARG(gf_str_slice(name, 0, 80)));
    gf_status status = folder_read_all(fd, SNAPSHOT_BYTES_MAX, keep, &text, err);
    (void)close(fd);
    if (status != GF_OK)
        return status;
    *out = (gf_app_snapshot){ .name = name, .made = made_of(name) };
    bool ok = gf_str_cut(&text, '\n', &line) && gf_str_is(line, SCHEMA) && take_line(&text, "bytes", &bytes) && gf_str_to_int(bytes, &out->bytes) && take_line(&text, "sha256", &out->sha256) &&
              take_line(&text, "head_entry", &entry) && gf_str_to_int(entry, &out->head_entry) && take_line(&text, "head_hash", &out->head_hash) && take_line(&text, "key", key) &&
              take_line(&text, "blocks", &blocks) && gf_str_to_int(blocks, &out->blocks) && out->blocks >= 0 && text.len == (size_t)out->blocks * NAME_BYTES;
    out->sealed = !gf_str_is(*key, "-");
    *names = text;
    return ok ? GF_OK : gf_fail(err, GF_EINPUT, "backup.snapshot", "Take another backup.", "%.*s is damaged", GF_STR_ARG(gf_str_slice(name, 0, 80)));
}

static gf_status list_snapshots(const vault *v, gf_arena *keep, gf_str **names, size_t *count, gf_error *err)
{
    int fd = openat(v->root, "snapshots", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *count = 0;
    if (fd < 0)
        return GF_OK;
    gf_status status = folder_list(fd, "Z", keep, names, count, err);
    (void)close(fd);
    return status;
}

/* ---- In ---- */

typedef struct cuts { int64_t *at; size_t count, next; } cuts;

static gf_status find_cuts(const char *copy, gf_arena *keep, cuts *out, gf_error *err)
{
    *out = (cuts){ .count = 0 };
    return gf_store_is_archive(copy) ? gf_store_archive_cuts(copy, keep, &out->at, &out->count, err) : GF_OK;
}

/* How long the piece is that begins here. */
static size_t piece_bytes(cuts *c, int64_t at)
{
    while (c->next < c->count && c->at[c->next] <= at)
        c->next++;
    int64_t left = c->next < c->count ? c->at[c->next] - at : BLOCK_BYTES;
    return left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
}

static gf_status cut_up(vault *v, const char *copy, cuts *c, gf_text *names, gf_app_backed_into *out, gf_error *err)
{
    char name[NAME_BYTES];
    ssize_t got;
    int fd = open(copy, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0;
    for (int64_t at = 0; ok && (got = read_all(fd, v->plain, piece_bytes(c, at))) != 0; at += got) {
        ok = got > 0 && name_block(v, (size_t)got, name) && put_block(v, name, (size_t)got, out);
        gf_text_add_c(names, name);
        gf_text_add_char(names, '\n');
        out->snapshot.blocks++;
    }
    if (fd >= 0)
        (void)close(fd);
    ok = ok && syncfs(v->root) == 0;
    return ok ? gf_text_done(names, err) : gf_fail(err, GF_EIO, "backup.block", "See that the folder's disk has room; no backup was made, and the older ones stand.", "a block cannot be written: %s", strerror(errno));
}

/* Every block of a new snapshot reads back as what its name says: so does the whole. */
static bool reads_back(vault *v, gf_str names)
{
    char name[NAME_BYTES];
    gf_str line;
    size_t len;
    bool ok = true;
    while (ok && gf_str_cut(&names, '\n', &line) && line.len == NAME_BYTES - 1) {
        (void)snprintf(name, sizeof name, "%.*s", GF_STR_ARG(line));
        ok = get_block(v, name, &len);
    }
    return ok;
}

/* All blocks of a snapshot into a file, in order. True when the whole has the hash of what was backed up. */
static bool put_together(vault *v, gf_str names, gf_str sha256, int fd)
{
    char name[NAME_BYTES], hex[GF_HASH_HEX_BYTES];
    uint8_t digest[GF_HASH_BYTES];
    gf_str line;
    size_t len;
    gf_hash *hash = gf_hash_open(GF_HASH_SHA256);
    bool ok = hash && gf_hash_start(hash);
    while (ok && gf_str_cut(&names, '\n', &line) && line.len == NAME_BYTES - 1) {
        (void)snprintf(name, sizeof name, "%.*s", GF_STR_ARG(line));
        ok = get_block(v, name, &len) && gf_hash_add(hash, v->plain, len) && gf_write_all(fd, v->plain, len);
    }
    ok = ok && gf_hash_finish(hash, digest);
    gf_hash_close(hash);
    if (ok)
        gf_hex_format(digest, sizeof digest, hex);
    return ok && gf_str_is(sha256, hex);
}

static gf_status name_snapshot(vault *v, gf_utc_ms now, gf_str names, gf_arena *keep, gf_app_backed_into *out, gf_error *err)
{
    char when[GF_UTC_BYTES], name[48], path[PATH_ROOM], making[64];
    gf_text head, all;
    gf_text_init(&all, keep);
    (void)gf_utc_format(now - now % 1000, when);   /* "2026-11-25T02:00:00Z": names sort by time, so thousandths are always there */
    int len = snprintf(name, sizeof name, "%.19s.%03dZ", when, (int)(now % 1000));
    for (int i = 0; i < len; i++)
        name[i] = name[i] == ':' ? '-' : name[i];
    out->snapshot.name = gf_str_copy(keep, (gf_str){ name, (size_t)len });
    gf_text_add(&all, head_of(v, &out->snapshot, keep, &head));
    gf_text_add(&all, names);
    gf_status status = gf_text_done(&all, err);
    (void)snprintf(making, sizeof making, "snapshots/making-%ld", (long)getpid());
    (void)snprintf(path, sizeof path, "snapshots/%.*s", GF_STR_ARG(out->snapshot.name));
    (void)unlinkat(v->root, making, 0);
    if (status == GF_OK)
        status = folder_write_file(v->root, making, gf_text_str(&all), err);
    if (status == GF_OK && (renameat(v->root, making, v->root, path) != 0 || syncfs(v->root) != 0))
        status = gf_fail(err, GF_EIO, "backup.snapshot", "See that the folder may be written.", "the snapshot cannot be named: %s", strerror(errno));
    return status;
}

/* ---- Out with the old ---- */

/* "2026-11-25T02-00-00.000Z": day, week or month of it. Weeks begin on Monday: 1970-01-01 was a Thursday. */
typedef enum span { SPAN_DAY, SPAN_WEEK, SPAN_MONTH } span;
static int64_t span_of(gf_str name, span which)
{
    gf_period period;
    int year, month, mday;
    if (gf_period_parse(gf_str_slice(name, 0, 10), &period, NULL) != GF_OK)
        return -1;
    gf_day_split(period.first, &year, &month, &mday);
    return which == SPAN_DAY ? period.first : which == SPAN_WEEK ? (period.first + 3) / 7 : year * 12 + month;
}

/* The newest of each of the last `most` spans stays. */
static void mark_kept(const gf_str *names, size_t count, span which, int most, bool *kept)
{
    int64_t last = -2;
    for (size_t i = count; i-- > 0 && most > 0;) {
        int64_t now = span_of(names[i], which);
        if (now != last) {
            kept[i] = true;
            most--;
        }
        last = now;
    }
}

static int compare_names(const void *a, const void *b) { return memcmp(*(const char *const *)a, *(const char *const *)b, NAME_BYTES - 1); }

/* Blocks that no snapshot names. */
static void sweep(vault *v, const char **wanted, size_t count, int64_t *dropped)
{
    qsort(wanted, count, sizeof *wanted, compare_names);
    for (int shelf = 0; shelf < 256; shelf++) {
        char path[16];
        (void)snprintf(path, sizeof path, "blocks/%02x", shelf);
        int fd = openat(v->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
        for (struct dirent *entry; dir && (entry = readdir(dir));) {
            const char *name = entry->d_name;
            if (strlen(name) != NAME_BYTES - 1 || bsearch(&name, wanted, count, sizeof *wanted, compare_names))
                continue;
            *dropped += unlinkat(fd, name, 0) == 0;
        }
        if (dir)
            (void)closedir(dir);
        else if (fd >= 0)
            (void)close(fd);
    }
}

/* A snapshot that does not read is kept, and then no block goes: it may be in there. */
static gf_status drop_old(vault *v, const gf_app_backup_folder *folder, gf_arena *keep, gf_app_backed_into *out, gf_error *err)
{
    gf_str *names;
    size_t count, total = 0, used = 0;
    gf_status status = list_snapshots(v, keep, &names, &count, err);
    bool *kept = gf_new(keep, bool, count + 1);
    gf_str *lists = gf_new(keep, gf_str, count + 1);
    if (status != GF_OK || !kept || !lists)
        return status == GF_OK ? gf_fail_memory(err) : status;
    mark_kept(names, count, SPAN_DAY, folder->keep_days, kept);
    mark_kept(names, count, SPAN_WEEK, folder->keep_weeks, kept);
    mark_kept(names, count, SPAN_MONTH, folder->keep_months, kept);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        gf_app_snapshot s;
        gf_str key;
        if (kept[i] || i + 1 == count)
            status = read_snapshot(v, names[i], keep, &s, &lists[i], &key, err);
        total += status == GF_OK ? lists[i].len / NAME_BYTES : 0;
    }
    const char **wanted = status == GF_OK ? gf_new(keep, const char *, total + 1) : NULL;
    if (!wanted)
        return status == GF_OK ? gf_fail_memory(err) : status;
    for (size_t i = 0; i < count; i++) {
        char path[PATH_ROOM];
        for (size_t at = 0; at + NAME_BYTES <= lists[i].len; at += NAME_BYTES)
            wanted[used++] = lists[i].data + at;
        (void)snprintf(path, sizeof path, "snapshots/%.*s", GF_STR_ARG(names[i]));
        if (!kept[i] && i + 1 < count)
            out->snapshots_dropped += unlinkat(v->root, path, 0) == 0;
    }
    if (out->snapshots_dropped)
        sweep(v, wanted, used, &out->blocks_dropped);
    return GF_OK;
}

/* ---- The doors ---- */

/* The key that the folder's newest backup was made with: a folder has one. */
static gf_status check_key(vault *v, gf_arena *keep, gf_error *err)
{
    gf_str *names, list, key;
    size_t count;
    gf_app_snapshot s;
    gf_status status = list_snapshots(v, keep, &names, &count, err);
    if (status == GF_OK && count)
        status = read_snapshot(v, names[count - 1], keep, &s, &list, &key, err);
    if (status == GF_OK && count && !gf_str_is(key, v->sealed ? v->key_name : "-"))
        status = gf_fail(err, GF_EDENIED, "backup.key", s.sealed ? "Name the key file of this folder." : "Take another folder for sealed backups.", "the folder's backups were made with another key (%.*s)",
                         GF_STR_ARG(key));
    return status;
}

static void copy_path(gf_app *app, char out[PATH_ROOM])
{
    gf_str address = gf_store_address(app->store);
    const char *room = getenv("TMPDIR");
    if (gf_store_is_file(address) && !gf_str_ends(address, GF_STR(":memory:")))
        (void)snprintf(out, PATH_ROOM, "%.*s.backing-up-%ld", GF_STR_ARG(gf_str_slice(address, strlen("sqlite:"), address.len)), (long)getpid());
    else
        (void)snprintf(out, PATH_ROOM, "%s/gongfu-backing-up-%ld", room ? room : "/tmp", (long)getpid());
}

gf_status gf_app_backup_into(gf_app *app, const gf_app_backup_folder *folder, gf_arena *keep, gf_app_backed_into *out, gf_error *err)
{
    char copy[PATH_ROOM], manifest[PATH_ROOM + 32];
    vault v;
    gf_app_backed_up made;
    gf_text names;
    cuts where;
    *out = (gf_app_backed_into){ .blocks_new = 0 };
    copy_path(app, copy);
    (void)snprintf(manifest, sizeof manifest, "%s.manifest.json", copy);
    gf_status status = vault_open(folder, true, &v, keep, err);
    if (status == GF_OK)
        status = check_key(&v, keep, err);
    (void)unlink(copy);
    if (status == GF_OK)
        status = gf_app_backup(app, copy, keep, &made, err);
    gf_text_init(&names, keep);
    if (status == GF_OK) {
        out->snapshot = (gf_app_snapshot){ .sha256 = made.sha256, .head_hash = made.head_hash, .bytes = made.bytes, .head_entry = made.head_entry, .sealed = v.sealed };
        status = find_cuts(copy, keep, &where, err);
    }
    if (status == GF_OK)
        status = cut_up(&v, copy, &where, &names, out, err);
    (void)unlink(copy);
    (void)unlink(manifest);
    if (status == GF_OK && !reads_back(&v, gf_text_str(&names)))
        status = gf_fail(err, GF_EIO, "backup.verify", "Look at the folder's disk; no backup was made, and the older ones stand.", "the blocks do not read back as they were written");
    if (status == GF_OK)
        status = name_snapshot(&v, app->now(), gf_text_str(&names), keep, out, err);
    if (status == GF_OK && (folder->keep_days || folder->keep_weeks || folder->keep_months))
        status = drop_old(&v, folder, keep, out, err);
    vault_close(&v);
    return status;
}

gf_status gf_app_backup_list(gf_str path, gf_arena *keep, gf_app_snapshot **out, size_t *count, gf_error *err)
{
    vault v;
    gf_str *names, list, key;
    const gf_app_backup_folder folder = { .path = path };
    *count = 0;
    gf_status status = vault_open(&folder, false, &v, keep, err);
    size_t found = 0;
    if (status == GF_OK)
        status = list_snapshots(&v, keep, &names, &found, err);
    *out = status == GF_OK ? gf_new(keep, gf_app_snapshot, found + 1) : NULL;
    if (status == GF_OK && !*out)
        status = gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < found; i++)
        status = read_snapshot(&v, names[i], keep, &(*out)[(*count)++], &list, &key, err);
    vault_close(&v);
    return status;
}

static gf_status fetch(vault *v, gf_str name, const char *path, gf_arena *keep, gf_app_snapshot *out, gf_error *err)
{
    gf_str *all, names, key;
    size_t count;
    gf_status status = list_snapshots(v, keep, &all, &count, err);
    if (status == GF_OK && count == 0)
        status = gf_fail(err, GF_ENOTFOUND, "backup.none", "Make one with: gongfu backup into DIR", "the folder holds no backup");
    if (status == GF_OK)
        status = read_snapshot(v, name.len ? name : all[count - 1], keep, out, &names, &key, err);
    if (status == GF_OK && !gf_str_is(key, v->sealed ? v->key_name : "-"))
        status = gf_fail(err, GF_EDENIED, "backup.key", out->sealed ? "Name its key file with --key." : "Leave --key out.", "the backup was %s", out->sealed ? "sealed by another key" : "not sealed");
    if (status != GF_OK)
        return status;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return gf_fail(err, GF_EIO, "backup.fetch", "See that the folder may be written.", "%s: %s", path, strerror(errno));
    bool whole = put_together(v, names, out->sha256, fd) && fsync(fd) == 0;
    whole = close(fd) == 0 && whole;
    if (whole)
        return GF_OK;
    (void)unlink(path);
    return gf_fail(err, GF_EINPUT, "backup.damaged", "Take another backup.", "a block of %.*s is missing or damaged", GF_STR_ARG(out->name));
}

gf_status gf_app_backup_fetch(const gf_app_backup_folder *folder, gf_str name, const char *path, gf_arena *keep, gf_app_snapshot *out, gf_error *err)
{
    vault v;
    gf_status status = vault_open(folder, false, &v, keep, err);
    if (status == GF_OK)
        status = fetch(&v, name, path, keep, out, err);
    vault_close(&v);
    return status;
}
