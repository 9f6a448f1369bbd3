/* app/province_demo.h - inside the room only: what the two files of the invented province share. */
#pragma once
#include "app/gf_app_province.h"

enum { PROVINCE_COUNTIES = 26, PROVINCE_TOWNS = 12, PROVINCE_UNITS = 11, PROVINCE_CODE = 40 };

typedef struct province {
    uint64_t state, names;               /* splitmix64; where the names of heads begin */
    int64_t  lines;
    int64_t  villages, projects, funds;  /* of a town; of a county */
    int      dirfd;
    gf_app_province *made;
} province;

/* A table as it is written: through a buffer, the first failure kept for province_close(). */
typedef struct province_table { int fd; size_t used; bool failed; char bytes[1 << 16]; } province_table;

gf_status province_open(const province *p, const char *name, const char *header, province_table **out, gf_error *err);
void      province_put(province_table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* GF_EIO when not all of it is on disk. NULL is GF_OK; frees the table. */
gf_status province_close(province_table *t, gf_error *err);

/* A whole number below `below`, which is at least 1. */
int64_t province_draw(province *p, int64_t below);
bool    province_chance(province *p, int64_t in_thousand);

/* Codes of the counties' villages, counted through all towns of the county. */
void province_village(const province *p, int county, int64_t village, char out[PROVINCE_CODE]);

/* entries.csv. */
gf_status province_books(province *p, gf_error *err);
