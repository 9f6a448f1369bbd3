/* Master key, persons' keys, and what is sealed with them.
 *
 * The file of the master key is written once, whole, readable by its owner only. A new master key (rotation) is first
 * written beside it as FILE.new, then every wrapped key is wrapped again in one transaction, then the file is renamed:
 * whoever finds the store wrapped by FILE.new's key finishes the renaming.
 */
#define _DEFAULT_SOURCE  /* fsync of a folder: O_DIRECTORY in older C libraries */
#include "app/keys.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, PLACE_BYTES = 400 };

struct keys {
    gf_seal_key master, search, subject;
    bool        has_master, has_search;
    char        subject_of[PLACE_BYTES];     /* whose key `subject` is; "" = nobody's */
    uint64_t    undone;                      /* gf_store_undone() when subject and search were read or made */
    uint64_t    current_in;                  /* the transaction in which the master key was seen to be the store's */
};

void keys_drop(gf_app *app)
{
    if (!app->keys)
        return;
    gf_seal_wipe(&app->keys->master);
    gf_seal_wipe(&app->keys->search);
    gf_seal_wipe(&app->keys->subject);
    free(app->keys);
    app->keys = NULL;
}

/* ---- The file ---- */

static bool in_memory(const gf_app *app) { return gf_str_ends(gf_store_address(app->store), GF_STR(":memory:")); }

/* Beside a server's store there is no place for a file: the key's must be named. */
static bool has_place(const gf_app *app) { return app->key_file.len || gf_store_is_file(gf_store_address(app->store)); }

/* "" when no file can be meant, which is no path of anything. */
static const char *key_path(const gf_app *app, const char *suffix, char out[PATH_BYTES])
{
    gf_str path = gf_store_address(app->store);
    path = gf_str_slice(path, strlen("sqlite:"), path.len);
    if (app->key_file.len)
        (void)snprintf(out, PATH_BYTES, "%.*s%s", GF_STR_ARG(app->key_file), suffix);
    else if (!has_place(app))
        out[0] = '\0';
    else
        (void)snprintf(out, PATH_BYTES, "%.*s.key%s", GF_STR_ARG(path), suffix);
    return out;
}

/* 64 hexadecimal digits and a line's end, in a file that only its owner may read. */
bool keys_read_file(const char *path, gf_seal_key *out)
{
    char text[2 * GF_SEAL_KEY_BYTES];
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && fstat(fd, &info) == 0 && (info.st_mode & 077) == 0 && read(fd, text, sizeof text) == (ssize_t)sizeof text &&
              gf_hex_parse((gf_str){ text, sizeof text }, out->bytes, sizeof out->bytes);
    if (fd >= 0)
        (void)close(fd);
    memset(text, 0, sizeof text);
    return ok;
}

gf_status keys_write_file(const char *path, const gf_seal_key *key, gf_error *err)
{
    char text[2 * GF_SEAL_KEY_BYTES + 2];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    gf_hex_format(key->bytes, sizeof key->bytes, text);
    text[2 * GF_SEAL_KEY_BYTES] = '\n';
    bool ok = fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1 && fsync(fd) == 0;
    int cause = errno;
    memset(text, 0, sizeof text);
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    return ok ? GF_OK : gf_fail(err, GF_EIO, "keys.write", "See that the folder may be written, or name a file with GONGFU_KEY_FILE.", "the key file %s cannot be written: %s", path, strerror(cause));
}

/* ---- The master key ---- */

/* The name of the key that the store's keys are wrapped by; "" when nothing is sealed yet. */
static void wrapped_by(gf_app *app, char out[9])
{
    out[0] = '\0';
    gf_stmt *stmt = gf_store_named(app->store, "any_wrapped_key");
    if (gf_stmt_row(stmt))
        (void)snprintf(out, 9, "%.*s", GF_STR_ARG(gf_str_slice(gf_row_str(stmt, 0), 0, 8)));
    gf_stmt_end(stmt);
}

static bool is_named(const gf_seal_key *key, const char *name)
{
    char own[9];
    gf_seal_key_name(key, own);
    return strcmp(own, name) == 0;
}

/* The file, or the one that a rotation left beside it, whichever the store is wrapped by. */
static bool find_master(gf_app *app, const char *wanted, gf_seal_key *out)
{
    char path[PATH_BYTES], newer[PATH_BYTES];
    if (keys_read_file(key_path(app, "", path), out) && (!wanted[0] || is_named(out, wanted)))
        return true;
    if (!wanted[0] || !keys_read_file(key_path(app, ".new", newer), out) || !is_named(out, wanted))
        return false;
    (void)rename(newer, path);  /* when it cannot be renamed it is found here again */
    return true;
}

static struct keys *hold(gf_app *app)
{
    if (!app->keys)
        app->keys = calloc(1, sizeof *app->keys);
    return app->keys;
}

/* Another process may have rotated the key: what was held opens nothing any more, and must wrap nothing. */
static bool is_current(gf_app *app)
{
    char wanted[9];
    uint64_t turn = gf_store_turn(app->store);
    if (turn && app->keys->current_in == turn)
        return true;  /* who writes holds the one right to: nobody rotates meanwhile */
    wrapped_by(app, wanted);
    bool current = in_memory(app) || !wanted[0] || is_named(&app->keys->master, wanted);
    app->keys->current_in = current && app->keys->has_master ? turn : 0;
    return current;
}

static void forget(struct keys *k)
{
    gf_seal_wipe(&k->master);
    gf_seal_wipe(&k->search);
    gf_seal_wipe(&k->subject);
    *k = (struct keys){ .has_master = false };
}

/* A key that was made in a transaction that was taken back is in no store: what it seals nobody opens. */
static void drop_undone(gf_app *app)
{
    struct keys *k = app->keys;
    uint64_t undone = gf_store_undone(app->store);
    if (k->undone == undone)
        return;
    k->undone = undone;
    k->has_search = false;
    k->subject_of[0] = '\0';
    gf_seal_wipe(&k->search);
    gf_seal_wipe(&k->subject);
}

bool keys_at_hand(gf_app *app)
{
    char wanted[9];
    struct keys *k = hold(app);
    if (k)
        drop_undone(app);
    if (k && !k->has_master && !in_memory(app)) {
        wrapped_by(app, wanted);
        k->has_master = find_master(app, wanted, &k->master);
    }
    return k && k->has_master;
}

gf_status keys_need(gf_app *app, gf_error *err)
{
    char wanted[9], path[PATH_BYTES];
    if (keys_at_hand(app) && !is_current(app))
        forget(app->keys);
    if (keys_at_hand(app))
        return GF_OK;
    struct keys *k = app->keys;
    if (!k)
        return gf_fail_memory(err);
    if (!has_place(app))
        return gf_fail(err, GF_EUSAGE, "keys.where", "Set GONGFU_KEY_FILE to a file that only this program's user may read; every server of this store needs the same.",
                       "personal fields need a master key, and a store on a server has no file beside it");
    wrapped_by(app, wanted);
    struct stat info;
    if (wanted[0] || (!in_memory(app) && stat(key_path(app, "", path), &info) == 0))
        return gf_fail(err, GF_EIO, "keys.none", "Put the key file back, mode 0600, or name it with GONGFU_KEY_FILE; without it personal fields stay closed.",
                       "the master key of this store (%s) is not in %s", wanted[0] ? wanted : "any", key_path(app, "", path));
    gf_seal_make_key(&k->master);
    gf_status status = in_memory(app) ? GF_OK : keys_write_file(key_path(app, "", path), &k->master, err);
    k->has_master = status == GF_OK;
    return status;
}

/* ---- Persons' keys ---- */

/* REGISTER/RECORD/FIELD, put together by hand: a check asks for millions. */
static gf_str place_of(const gf_register *reg, gf_str record, const char *field, char out[PLACE_BYTES])
{
    const gf_str parts[] = { gf_str_of(reg->name), GF_STR("/"), gf_str_slice(record, 0, 200), GF_STR("/"), gf_str_of(field) };
    size_t len = 0;
    for (size_t i = 0; i < GF_COUNT(parts); i++) {
        assert(len + parts[i].len < PLACE_BYTES);  /* a place that was cut would be two fields' */
        memcpy(out + len, parts[i].data, parts[i].len);
        len += parts[i].len;
    }
    return (gf_str){ out, len };
}

/* The person's key in app->keys->subject; false when there is none, or when it does not open. */
static bool read_subject(gf_app *app, const gf_register *reg, gf_str record, gf_arena *scratch)
{
    struct keys *k = app->keys;
    assert(k && k->has_master);  /* every caller has asked keys_at_hand() or keys_need() */
    char place[PLACE_BYTES];
    gf_str whose = place_of(reg, record, "", place);
    if (gf_str_is(whose, k->subject_of))
        return true;
    k->subject_of[0] = '\0';
    gf_stmt *stmt = gf_store_named(app->store, "subject_key_get");
    gf_stmt_str(stmt, 1, gf_str_of(reg->name));
    gf_stmt_str(stmt, 2, record);
    bool found = gf_stmt_row(stmt) && gf_seal_unwrap(&k->master, whose, gf_row_str(stmt, 0), scratch, &k->subject);
    gf_stmt_end(stmt);
    if (found)
        (void)snprintf(k->subject_of, sizeof k->subject_of, "%.*s", GF_STR_ARG(whose));
    return found;
}

void keys_take(gf_app *app, const gf_register *reg, gf_str record, gf_str wrapped, gf_arena *scratch)
{
    char place[PLACE_BYTES];
    gf_str whose = place_of(reg, record, "", place);
    struct keys *k = app->keys;
    if (!keys_at_hand(app) || wrapped.len == 0 || gf_str_is(whose, k->subject_of))
        return;
    k->subject_of[0] = '\0';
    if (gf_seal_unwrap(&k->master, whose, wrapped, scratch, &k->subject))
        (void)snprintf(k->subject_of, sizeof k->subject_of, "%.*s", GF_STR_ARG(whose));
}

/* A key that does not open may have been wrapped anew since the master key was read. */
static bool find_subject(gf_app *app, const gf_register *reg, gf_str record, gf_arena *scratch)
{
    if (read_subject(app, reg, record, scratch))
        return true;
    if (is_current(app))
        return false;
    forget(app->keys);
    return keys_at_hand(app) && read_subject(app, reg, record, scratch);
}

static gf_status make_subject(gf_app *app, const gf_register *reg, gf_str record, const char *how, gf_arena *scratch, gf_error *err)
{
    struct keys *k = app->keys;
    assert(k && k->has_master);
    char place[PLACE_BYTES];
    gf_str whose = place_of(reg, record, "", place);
    gf_seal_make_key(&k->subject);
    gf_str wrapped = gf_seal_wrap(&k->master, whose, &k->subject, scratch);
    if (!wrapped.data)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, how);
    gf_stmt_str(stmt, 1, gf_str_of(reg->name));
    gf_stmt_str(stmt, 2, record);
    gf_stmt_str(stmt, 3, wrapped);
    (void)gf_stmt_run(stmt);
    (void)snprintf(k->subject_of, sizeof k->subject_of, "%.*s", GF_STR_ARG(whose));
    return gf_store_ok(app->store, err);
}

gf_status keys_make(gf_app *app, const gf_register *reg, gf_str record, gf_arena *scratch, gf_error *err)
{
    gf_status status = keys_need(app, err);
    return status == GF_OK ? make_subject(app, reg, record, "subject_key_add", scratch, err) : status;
}

gf_status keys_seal(gf_app *app, const gf_register *reg, gf_str record, const char *field, gf_str plain, gf_arena *keep, gf_str *out, gf_error *err)
{
    char place[PLACE_BYTES];
    *out = (gf_str){ "", 0 };
    if (plain.len == 0)
        return GF_OK;
    gf_status status = keys_need(app, err);
    if (status == GF_OK && !find_subject(app, reg, record, keep))
        status = make_subject(app, reg, record, "subject_key_put", keep, err);
    if (status != GF_OK)
        return status;
    *out = gf_seal_text(&app->keys->subject, place_of(reg, record, field, place), plain, keep);
    return out->data ? GF_OK : gf_fail_memory(err);
}

bool keys_open(gf_app *app, const gf_register *reg, gf_str record, const char *field, gf_str sealed, gf_arena *keep, gf_str *out)
{
    char place[PLACE_BYTES];
    *out = (gf_str){ "", 0 };
    if (sealed.len == 0)
        return true;
    return keys_at_hand(app) && find_subject(app, reg, record, keep) && gf_seal_open_text(&app->keys->subject, place_of(reg, record, field, place), sealed, keep, out);
}

gf_status keys_seal_own(gf_app *app, gf_str place, gf_str plain, gf_arena *keep, gf_str *out, gf_error *err)
{
    gf_status status = keys_need(app, err);
    if (status != GF_OK)
        return status;
    *out = gf_seal_text(&app->keys->master, place, plain, keep);
    return out->data ? GF_OK : gf_fail_memory(err);
}

bool keys_open_own(gf_app *app, gf_str place, gf_str sealed, gf_arena *keep, gf_str *out)
{
    if (!keys_at_hand(app))
        return false;
    if (!is_current(app))
        forget(app->keys);
    return keys_at_hand(app) && gf_seal_open_text(&app->keys->master, place, sealed, keep, out);
}

/* ---- Words ---- */

static gf_status need_search(gf_app *app, gf_error *err)
{
    static const gf_str PLACE = GF_STR_INIT("store/search");
    struct keys *k = hold(app);
    if (k)
        drop_undone(app);
    if (k && k->has_search)
        return GF_OK;
    gf_status status = keys_need(app, err);
    if (status != GF_OK)
        return status;
    gf_arena *scratch = gf_arena_open(1 << 16);
    gf_stmt *stmt = gf_store_named(app->store, "store_key_get");
    gf_stmt_str(stmt, 1, GF_STR("search"));
    bool there = scratch && gf_stmt_row(stmt);
    k->has_search = there && gf_seal_unwrap(&k->master, PLACE, gf_row_str(stmt, 0), scratch, &k->search);
    gf_stmt_end(stmt);
    if (!there && scratch) {
        gf_seal_make_key(&k->search);
        gf_str wrapped = gf_seal_wrap(&k->master, PLACE, &k->search, scratch);
        if (!wrapped.data)
            return gf_arena_close(scratch), gf_fail_memory(err);
        gf_stmt *put = gf_store_named(app->store, "store_key_put");
        gf_stmt_str(put, 1, GF_STR("search"));
        gf_stmt_str(put, 2, wrapped);
        k->has_search = gf_stmt_run(put);
        status = gf_store_ok(app->store, err);
    }
    gf_arena_close(scratch);
    if (status == GF_OK && !k->has_search)
        status = gf_fail(err, GF_EIO, "keys.search", "Put the right key file back.", "the search key of this store does not open");
    return status;
}

gf_status keys_word(gf_app *app, gf_str word, int64_t *out, gf_error *err)
{
    gf_status status = need_search(app, err);
    if (status == GF_OK)
        *out = gf_seal_word(&app->keys->search, word);
    return status;
}

bool keys_can_search(gf_app *app)
{
    gf_stmt *stmt = gf_store_named(app->store, "store_key_get");
    gf_stmt_str(stmt, 1, GF_STR("search"));
    bool there = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return there && keys_at_hand(app) && need_search(app, NULL) == GF_OK;
}

bool keys_for(gf_app *app, gf_str purpose, gf_seal_key *out)
{
    static_assert((int)GF_SEAL_MARK_BYTES == (int)GF_SEAL_KEY_BYTES, "a mark is as long as a key");
    if (!keys_can_search(app))
        return false;
    gf_seal_bytes_mark(&app->keys->search, purpose.data, purpose.len, out->bytes);
    return true;
}

/* ---- Masks ---- */

typedef struct mask_rule { const char *field; size_t head, tail; } mask_rule;
static const mask_rule MASKS[] = {
    { "name", 1, 0 }, { "head", 1, 0 }, { "id_number", 4, 4 }, { "phone", 3, 4 }, { "bank_card", 0, 4 }, { "address", 0, 0 }, { "health", 0, 0 },
};

gf_str keys_mask(const char *field, gf_str plain, gf_arena *keep)
{
    mask_rule rule = { field, 0, 0 };
    for (size_t i = 0; i < GF_COUNT(MASKS); i++)
        if (strcmp(MASKS[i].field, field) == 0)
            rule = MASKS[i];
    size_t count = gf_utf8_count(plain), at = 0;
    bool open_ends = count > rule.head + rule.tail;  /* a text that would be shown whole shows nothing */
    gf_text text;
    gf_text_init(&text, keep);
    uint32_t code;
    while (gf_utf8_next(&plain, &code)) {
        bool shown = open_ends && (at < rule.head || at >= count - rule.tail);
        if (shown)
            gf_text_add_code(&text, code);
        else if (rule.head + rule.tail > 0 || at < 3)
            gf_text_add_char(&text, '*');
        at++;
    }
    return gf_text_str(&text);
}

/* ---- Stores of an older schema ---- */

static gf_status reseal_field(gf_app *app, const gf_register *reg, const gf_column *column, gf_arena *scratch, gf_error *err)
{
    char sql[300];
    gf_status status = GF_OK;
    for (;;) {  /* one row at a time: the statement that finds must not run while rows change under it */
        gf_arena_rewind(scratch, (gf_mark){ NULL, 0 });
        (void)snprintf(sql, sizeof sql, "SELECT \"%s\", \"%s\" FROM \"%s_personal\" WHERE \"%s\" <> '' AND substr(\"%s\", 1, 7) <> 'sealed:' LIMIT 1",
                       reg->columns[0].name, column->name, reg->name, column->name, column->name);
        gf_stmt *find = gf_store_text(app->store, sql);
        bool more = gf_stmt_row(find);
        gf_str key = more ? gf_row_copy(find, 0, scratch) : (gf_str){ "", 0 }, plain = more ? gf_row_copy(find, 1, scratch) : key, sealed;
        gf_stmt_end(find);
        if (!more)
            return gf_store_ok(app->store, err);
        status = keys_seal(app, reg, key, column->name, plain, scratch, &sealed, err);
        if (status != GF_OK)
            return status;
        (void)snprintf(sql, sizeof sql, "UPDATE \"%s_personal\" SET \"%s\" = ? WHERE \"%s\" = ?", reg->name, column->name, reg->columns[0].name);
        gf_stmt *put = gf_store_text(app->store, sql);
        gf_stmt_str(put, 1, sealed);
        gf_stmt_str(put, 2, key);
        if (!gf_stmt_run(put))
            return gf_store_ok(app->store, err);
    }
}

static gf_status reseal_history(gf_app *app, gf_arena *scratch, gf_error *err)
{
    gf_status status = GF_OK;
    for (;;) {
        gf_arena_rewind(scratch, (gf_mark){ NULL, 0 });
        gf_stmt *find = gf_store_named(app->store, "history_personal_open");
        bool more = gf_stmt_row(find);
        int64_t id = more ? gf_row_int(find, 0) : 0;
        gf_str part[5] = { { "", 0 } };
        for (int i = 0; more && i < 5; i++)
            part[i] = gf_row_copy(find, i + 1, scratch);
        gf_stmt_end(find);
        const gf_register *reg = more ? gf_register_find(part[0]) : NULL;
        if (!reg)
            return gf_store_ok(app->store, err);
        const char *field = gf_str_cstr(scratch, part[2]);
        for (int i = 3; status == GF_OK && i < 5; i++)
            if (!gf_seal_is_sealed(part[i]))
                status = keys_seal(app, reg, part[1], field, part[i], scratch, &part[i], err);
        if (status != GF_OK)
            return status;
        gf_stmt *put = gf_store_named(app->store, "history_personal_set");
        gf_stmt_int(put, 1, id);
        gf_stmt_str(put, 2, part[3]);
        gf_stmt_str(put, 3, part[4]);
        if (!gf_stmt_run(put))
            return gf_store_ok(app->store, err);
    }
}

gf_status keys_seal_all(gf_app *app, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(16 * GF_MIB);
    gf_status status = scratch ? GF_OK : gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < GF_REGISTER_COUNT; i++)
        for (size_t k = 0; status == GF_OK && k < GF_REGISTERS[i].column_count; k++)
            if (GF_REGISTERS[i].columns[k].type == GF_COLUMN_PERSONAL)
                status = reseal_field(app, &GF_REGISTERS[i], &GF_REGISTERS[i].columns[k], scratch, err);
    if (status == GF_OK)
        status = reseal_history(app, scratch, err);
    gf_arena_close(scratch);
    return status;
}

/* ---- Rotation ---- */

static gf_status rewrap(gf_app *app, const gf_seal_key *to, gf_arena *scratch, int64_t *count, gf_error *err)
{
    gf_stmt *all = gf_store_named(app->store, "wrapped_keys");
    size_t room = 0, n = 0;
    gf_str (*rows)[3] = NULL;
    while (gf_stmt_row(all)) {  /* read first, write then */
        if (n == room) {
            gf_str (*larger)[3] = gf_arena_alloc(scratch, room ? room * 2 : 64, sizeof *larger);
            if (!larger)
                return gf_stmt_end(all), gf_fail_memory(err);
            if (n)
                memcpy(larger, rows, n * sizeof *larger);
            rows = larger;
            room = room ? room * 2 : 64;
        }
        for (int i = 0; i < 3; i++)
            rows[n][i] = gf_row_copy(all, i, scratch);
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        gf_mark mark = gf_arena_mark(scratch);
        char place[PLACE_BYTES];
        gf_seal_key key;
        bool store = rows[i][0].len == 0;
        const gf_register *reg = gf_register_find(rows[i][0]);
        gf_str where = store ? GF_STR("store/search") : reg ? place_of(reg, rows[i][1], "", place) : (gf_str){ "", 0 };
        if (!gf_seal_unwrap(&app->keys->master, where, rows[i][2], scratch, &key))
            return gf_fail(err, GF_EIO, "keys.open", "Put the right key file back.", "the key of %.*s does not open", GF_STR_ARG(where));
        gf_str wrapped = gf_seal_wrap(to, where, &key, scratch);
        gf_seal_wipe(&key);
        if (!wrapped.data)
            return gf_fail_memory(err);  /* an empty key would lose the person */
        gf_stmt *put = gf_store_named(app->store, store ? "store_key_put" : "subject_key_put");
        int at = 0;
        if (!store)
            gf_stmt_str(put, ++at, rows[i][0]);
        gf_stmt_str(put, ++at, rows[i][1]);
        gf_stmt_str(put, ++at, wrapped);
        (void)gf_stmt_run(put);
        gf_arena_rewind(scratch, mark);
    }
    *count = (int64_t)n;
    return gf_store_ok(app->store, err);
}

/* One second factor; what did not open before does not open after. */
static gf_status reseal_one(gf_app *app, const gf_seal_key *to, gf_str id, gf_str kept, gf_arena *scratch, gf_error *err)
{
    bool open_mark = gf_str_starts(kept, GF_STR("?"));
    gf_str plain;
    gf_text place, both;
    gf_text_init(&place, scratch);
    gf_text_format(&place, "totp/%.*s", GF_STR_ARG(id));
    if (!gf_seal_open_text(&app->keys->master, gf_text_str(&place), gf_str_slice(kept, open_mark, kept.len), scratch, &plain))
        return GF_OK;
    gf_str sealed = gf_seal_text(to, gf_text_str(&place), plain, scratch);
    if (!sealed.data)
        return gf_fail_memory(err);
    gf_text_init(&both, scratch);
    gf_text_add_c(&both, open_mark ? "?" : "");
    gf_text_add(&both, sealed);
    gf_stmt *put = gf_store_named(app->store, "user_totp_set");
    gf_stmt_str(put, 1, gf_text_str(&both));
    gf_stmt_str(put, 2, id);
    (void)gf_stmt_run(put);
    gf_status status = gf_text_done(&both, err);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

/* The second factors of users are sealed by the master key itself. Read first, write then. */
static gf_status reseal_totp(gf_app *app, const gf_seal_key *to, gf_arena *scratch, gf_error *err)
{
    typedef struct factor { struct factor *next; gf_str id, kept; } factor;
    factor *first = NULL;
    gf_status status = GF_OK;
    gf_stmt *all = gf_store_named(app->store, "user_totp_all");
    while (status == GF_OK && gf_stmt_row(all)) {
        factor *f = gf_new(scratch, factor, 1);
        if (f) {
            *f = (factor){ first, gf_row_copy(all, 0, scratch), gf_row_copy(all, 1, scratch) };
            first = f;
        } else
            status = gf_fail_memory(err);
    }
    gf_stmt_end(all);
    for (; status == GF_OK && first; first = first->next)
        status = reseal_one(app, to, first->id, first->kept, scratch, err);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

/* A server that met the store before may have finished the renaming. */
static bool is_in_place(const char *path, const gf_seal_key *key)
{
    char name[9];
    gf_seal_key found;
    gf_seal_key_name(key, name);
    bool placed = keys_read_file(path, &found) && is_named(&found, name);
    gf_seal_wipe(&found);
    return placed;
}

gf_status gf_app_rotate_key(gf_app *app, int64_t *count, gf_error *err)
{
    char path[PATH_BYTES], newer[PATH_BYTES];
    gf_seal_key next;
    gf_arena *scratch = gf_arena_open(512 * GF_MIB);
    gf_status status = scratch ? keys_need(app, err) : gf_fail_memory(err);
    (void)unlink(key_path(app, ".new", newer));  /* of a rotation that did not come to its end: the store is not wrapped by it */
    gf_seal_make_key(&next);
    if (status == GF_OK)
        status = keys_write_file(newer, &next, err);
    if (status == GF_OK)
        status = gf_store_begin(app->store, err);
    if (status == GF_OK) {
        status = rewrap(app, &next, scratch, count, err);
        if (status == GF_OK)
            status = reseal_totp(app, &next, scratch, err);
        if (status == GF_OK)
            status = gf_app_log(app, &GF_APP_ACTOR_CLI, "key.rotate", (gf_str){ "", 0 }, "done", (gf_str){ "", 0 }, err);
        if (status == GF_OK)
            status = gf_store_commit(app->store, err);
        else
            gf_store_rollback(app->store);
    }
    if (status == GF_OK && rename(newer, key_path(app, "", path)) != 0 && !is_in_place(path, &next))
        status = gf_fail(err, GF_EIO, "keys.write", "Rename it by hand: the store is wrapped by the new key.", "%s cannot be renamed: %s", newer, strerror(errno));
    gf_seal_wipe(&next);
    keys_drop(app);
    gf_arena_close(scratch);
    return status;
}
