/* app/gf_app_province.h - an invented province as a folder of tables that `gongfu load` takes: 26 counties, their villages, units,
 * projects, households, persons and three years of a busy ledger.
 *
 * For trying out and measuring. Every row is of origin demo, every name says that it is invented, place codes begin with 99, which no
 * province of China has, and ids with "pv-", so it stands beside real books without touching them. The same seed and size give the same
 * bytes on every machine. Written straight to files: memory does not grow with the size.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_APP_PROVINCE_LINES = 5000000, GF_APP_PROVINCE_LINES_LEAST = 10000, GF_APP_PROVINCE_LINES_MOST = 10000000, GF_APP_PROVINCE_FILES = 32 };

typedef struct gf_app_province_options {
    const char *folder;              /* made when it is not there; else it must be empty */
    uint64_t    seed;
    int64_t     lines;               /* ledger lines, two for each row of entries.csv: even, GF_APP_PROVINCE_LINES_LEAST to _MOST. At
                                      * GF_APP_PROVINCE_LINES there are 496,000 households, 760,000 persons and 5000 villages; these
                                      * shrink and grow with it, the counties stay 26 with two villages or more */
    bool      (*cancelled)(void);    /* may be NULL */
} gf_app_province_options;

typedef struct gf_app_province_file { const char *name; int64_t rows, bytes; } gf_app_province_file;   /* a register; rows without the header */

typedef struct gf_app_province_made {
    gf_app_province_file files[GF_APP_PROVINCE_FILES];
    size_t               file_count;
    int64_t              lines, entries, bytes;   /* of the ledger: lines and entries; bytes of all files */
} gf_app_province_made;

/* Write the folder. Files that were written stand there when it fails.
 *
 * GF_EUSAGE     "province.lines": out of bounds, or odd
 * GF_ECONFLICT  "province.folder": the folder holds something
 * GF_EIO        a file cannot be written
 * GF_ECANCELLED options->cancelled said so
 */
gf_status gf_app_province_write(const gf_app_province_options *options, gf_app_province_made *out, gf_error *err);
