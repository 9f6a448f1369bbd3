/* app/register.h - part of the door gf_app.h: the registers, one const table that load, dump, templates, history, checks
 * and the API share.
 *
 * A register is a CSV file, a table of the same name and a list of columns. The first column is its key (text).
 * Behind the columns listed here every register also has source, origin, author, version (LOAD_COMMON_NAMES), but for
 * entries, which are the ledger's own. Columns of type personal stand in the table <register>_personal, never in the
 * register's own. Everything here is static and const: any thread, no failure.
 */
#pragma once
#include "base/gf_base.h"

typedef enum gf_column_type {
    GF_COLUMN_KEY,        /* text, 1..96 bytes without blank, ; or |, unique in the register */
    GF_COLUMN_TEXT,       /* at most 20,000 bytes */
    GF_COLUMN_INT,        /* whole number >= 0 */
    GF_COLUMN_DECIMAL,    /* exact decimal, kept as its shortest text */
    GF_COLUMN_FEN,        /* whole number of fen >= 0 */
    GF_COLUMN_DATE,       /* one civil day */
    GF_COLUMN_PERIOD,     /* a date or loose period, kept as written */
    GF_COLUMN_BOUND,      /* exact, at_least, about */
    GF_COLUMN_CHOICE,     /* one word of arg, "lead|member|partner" */
    GF_COLUMN_CODE,       /* official place code: digits only, 2, 4, 6, 9 or 12 of them by level */
    GF_COLUMN_REF,        /* key in the register(s) named by arg; "units|places" takes either */
    GF_COLUMN_REFS,       /* several such keys joined by ; */
    GF_COLUMN_PERSONAL,   /* text about a person: own table, sealed */
    GF_COLUMN_FILE        /* documents only: a path inside the folder, stored by content */
} gf_column_type;

typedef struct gf_column {
    const char    *name;       /* in files, tables and JSON */
    gf_column_type type;
    bool           required;   /* an empty cell is refused */
    const char    *arg;        /* choices or registers; NULL elsewhere */
    const char    *example;    /* for the template; NULL or "" none */
    const char    *label_zh;
    const char    *label_en;
} gf_column;

typedef struct gf_register {
    const char      *name;
    const char      *label_zh;
    const char      *label_en;
    const gf_column *columns;        /* the first is the key */
    size_t           column_count;
} gf_register;

/* In the order in which they are loaded: what is referred to comes before what refers. */
extern const gf_register GF_REGISTERS[];
extern const size_t      GF_REGISTER_COUNT;

/* By its exact name; NULL when unknown. */
const gf_register *gf_register_find(gf_str name);
/* By its exact name, the common four not among them; NULL when unknown. */
const gf_column   *gf_register_column(const gf_register *reg, gf_str name);
