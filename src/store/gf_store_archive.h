/* store/gf_store_archive.h - a leaf of the room's door: backups of a server, which are archives of rows.
 *
 * What gf_store_copy() of a store on a server makes is no store: it holds every row of every table as the server gives it, and no index. It is read
 * through and filled into an empty store of either engine. It names the schema that it is of; an older one than the program's is filled into a store
 * of that schema, which is then brought up to date (gf_store_options.schema, gf_store_raise()).
 */
#pragma once
#include "store/gf_store.h"

typedef struct gf_store_archived {
    int     schema;
    int64_t tables, rows, bytes;
    char    sha256[GF_HASH_HEX_BYTES];   /* of the whole file */
} gf_store_archived;

/* By its first bytes; false also when it cannot be read. */
bool      gf_store_is_archive(const char *path);
/* Read from end to end: every frame, count, shape and kind, UTF-8, and the hash that it carries of itself.
 * GF_EINPUT it is damaged, or none · GF_EIO it cannot be read. */
gf_status gf_store_prove_archive(const char *path, gf_store_archived *out, gf_error *err);
/* All its rows into the empty tables of `to`, which is inside a transaction and of the archive's schema; proven again on the way.
 *
 * GF_ECONFLICT  `to` has rows, or another schema
 * GF_EINPUT     it is damaged, or its tables are not those of its schema, or a row that the store refuses
 */
gf_status gf_store_fill_archive(gf_store *to, const char *path, gf_store_archived *out, gf_error *err);
/* Where an archive is best cut in pieces, so that what has not changed gives the same pieces as before: offsets in rising order, without 0 and
 * without its end. Only heads of frames are looked at: of a damaged file come as many as there are. */
gf_status gf_store_archive_cuts(const char *path, gf_arena *keep, int64_t **out, size_t *count, gf_error *err);
