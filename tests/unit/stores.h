/* tests/unit/stores.h - an empty store of the engine that the tests are run on: SQLite, or with GONGFU_TEST_DB=postgres the
 * server of tests/pg_server.py, whose socket lies in $GONGFU_TEST_PG.
 */
#pragma once
#include "unit/check.h"

#include "store/gf_store.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STORE_ADDRESS_BYTES = 512 };

static inline bool on_postgres(void)
{
    const char *engine = getenv("GONGFU_TEST_DB");
    return engine && strcmp(engine, "postgres") == 0;
}

/* Some SQL on a database of the server, as its owner. */
static inline void pg_owner(const char *database, const char *sql)
{
    char info[STORE_ADDRESS_BYTES];
    (void)snprintf(info, sizeof info, "host=%s user=gongfu dbname=%s", getenv("GONGFU_TEST_PG"), database);
    PGconn *conn = PQconnectdb(info);
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

/* Writes the address of a store that is not there yet; options of createdb behind the name. */
static inline gf_str fresh_store_with(char out[STORE_ADDRESS_BYTES], const char *options)
{
    static int count;
    count++;
    if (on_postgres()) {
        char name[80], sql[200];
        (void)snprintf(name, sizeof name, "u_%ld_%d", (long)getpid(), count);
        (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 %s", name, options);
        pg_owner("postgres", sql);
        (void)snprintf(out, STORE_ADDRESS_BYTES, "postgresql://gongfu@/%s?host=%s", name, getenv("GONGFU_TEST_PG"));
    } else {
        const char *folder = getenv("TMPDIR");
        (void)snprintf(out, STORE_ADDRESS_BYTES, "sqlite:%s/gongfu-unit-%ld-%d.db", folder ? folder : "/tmp", (long)getpid(), count);
    }
    return gf_str_of(out);
}

static inline gf_str fresh_store(char out[STORE_ADDRESS_BYTES]) { return fresh_store_with(out, ""); }

static inline void drop_store(const char *address)
{
    char sql[200];
    if (on_postgres()) {
        gf_str name = gf_str_of(strrchr(address, '@') + 2);
        (void)snprintf(sql, sizeof sql, "DROP DATABASE %.*s WITH (FORCE)", GF_STR_ARG(gf_str_slice(name, 0, gf_str_find(name, GF_STR("?")))));
        pg_owner("postgres", sql);
        return;
    }
    static const char *const PARTS[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < 3; i++) {
        char path[STORE_ADDRESS_BYTES + 8];
        (void)snprintf(path, sizeof path, "%s%s", address + strlen("sqlite:"), PARTS[i]);
        (void)unlink(path);
    }
}

static inline gf_store *open_store(const char *address)
{
    gf_store *store = NULL;
    gf_error err = { .what = "" };
    const gf_store_options options = { .address = gf_str_of(address), .create = true };
    if (gf_store_open(&options, &store, &err) != GF_OK)
        fail_msg("%s: %s", address, err.what);
    return store;
}
