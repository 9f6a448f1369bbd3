/* libtiff reads and writes through functions; here they move bytes in memory. Handlers for errors and warnings hang on the
 * handle, so that nothing is global and nothing reaches standard error. */
#include "file/tiff_memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const tmsize_t ALLOC_BYTES_MAX = (tmsize_t)256 << 20;

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t size)
{
    tiff_memory *m = handle;
    uint64_t left = m->at < m->len ? m->len - m->at : 0, take = (uint64_t)size < left ? (uint64_t)size : left;
    if (take)
        memcpy(out, (m->bytes ? m->bytes : m->made) + m->at, take);
    m->at += take;
    return (tmsize_t)take;
}

static bool make_room(tiff_memory *m, uint64_t needed)
{
    uint64_t room = m->room ? m->room : 65536;
    while (room < needed)
        room *= 2;
    unsigned char *made = room == m->room ? m->made : realloc(m->made, room);
    if (!made)
        return false;
    m->made = made;
    m->room = room;
    return true;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t size)
{
    tiff_memory *m = handle;
    if (m->bytes || !make_room(m, m->at + (uint64_t)size))
        return 0;
    if (m->at > m->len)
        memset(m->made + m->len, 0, m->at - m->len);
    memcpy(m->made + m->at, bytes, (size_t)size);
    m->at += (uint64_t)size;
    m->len = m->at > m->len ? m->at : m->len;
    return size;
}

static toff_t seek_to(thandle_t handle, toff_t offset, int whence)
{
    tiff_memory *m = handle;
    m->at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? m->at + offset : m->len + offset;
    return m->at;
}

static int close_nothing(thandle_t handle) { (void)handle; return 0; }
static toff_t tell_size(thandle_t handle) { return ((tiff_memory *)handle)->len; }

static int lend(thandle_t handle, void **base, toff_t *size)
{
    tiff_memory *m = handle;
    *base = (void *)(uintptr_t)m->bytes;   /* libtiff only reads what it has mapped */
    *size = m->len;
    return m->bytes ? 1 : 0;
}

static void take_back(thandle_t handle, void *base, toff_t size) { (void)handle; (void)base; (void)size; }

static int hear_error(TIFF *tiff, void *data, const char *module, const char *format, va_list list)
{
    tiff_memory *m = data;
    (void)tiff;
    (void)module;
    if (!m->said[0])
        (void)vsnprintf(m->said, sizeof m->said, format, list);
    return 1;
}

static int hear_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list list)
{
    (void)tiff; (void)data; (void)module; (void)format; (void)list;
    return 1;
}

TIFF *tiff_memory_open(tiff_memory *memory, const char *mode)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOC_BYTES_MAX);
    TIFFOpenOptionsSetErrorHandlerExtR(options, hear_error, memory);
    TIFFOpenOptionsSetWarningHandlerExtR(options, hear_warning, memory);
    TIFF *tiff = TIFFClientOpenExt("memory", mode, memory, read_bytes, write_bytes, seek_to, close_nothing, tell_size, lend, take_back, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

void tiff_memory_done(tiff_memory *memory)
{
    free(memory->made);
    *memory = (tiff_memory){ .bytes = NULL };
}
