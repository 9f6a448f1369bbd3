/* file/tiff_memory.h - inside the room only: libtiff over bytes in memory, silent, with its allocations bounded. */
#pragma once
#include "base/gf_base.h"

#include <tiffio.h>

typedef struct tiff_memory {
    const unsigned char *bytes;      /* what is read; NULL while writing */
    unsigned char       *made;       /* what is written: malloc, freed by tiff_memory_done() */
    uint64_t             len, room, at;
    char                 said[120];  /* the first complaint of libtiff */
} tiff_memory;

TIFF *tiff_memory_open(tiff_memory *memory, const char *mode);     /* "r", "w", "w8"; NULL when it is no TIFF */
void  tiff_memory_done(tiff_memory *memory);
