/* powercut.c - the program on a disk that forgets: an SQLite VFS that writes down, beside each file, what has been written since the last
 * sync and what stood there before. After the process was killed, powercut.py takes back, keeps in part or tears what was never synced:
 * what a power cut does, and kill -9 does not.
 *
 * Linked into a second program beside the real one; nothing of it is in the product. Two files of the environment steer it:
 *   GONGFU_CUT_FAULT   a file whose first letter is read before each step: f = no room to grow, e = a sync fails and what it was to keep
 *                      is lost, w = a write fails, r = mounted read-only; absent or empty: all is well
 *   GONGFU_CUT_AFTER   a number: the process ends, as if killed, at that write or sync
 *
 * The log of PATH is PATH.cut, records one after the other: kind (W T S F), then for W and T offset, length, the old size, the old bytes'
 * length, old bytes, and for W the new bytes; all numbers 64 bits of this machine.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 64, BYTES_MAX = 1 << 20 };

typedef struct cut_log { char path[1024]; int fd; int failed; } cut_log;   /* failed: a sync was refused since the log was emptied */
typedef struct cut_file { sqlite3_file base; cut_log *log; sqlite3_file *real; } cut_file;

static sqlite3_vfs *real_vfs;
static cut_log logs[FILES_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;   /* a log and its file change together */
static long steps_left;
static const char *fault_path;

static cut_file *of(sqlite3_file *file) { return (cut_file *)file; }

static char fault(void)
{
    char letter = 0;
    int fd = fault_path ? open(fault_path, O_RDONLY) : -1;
    if (fd >= 0) {
        if (read(fd, &letter, 1) != 1)
            letter = 0;
        (void)close(fd);
    }
    return letter;
}

static void count_step(void)
{
    if (steps_left > 0 && --steps_left == 0)
        _exit(137);
}

/* ---- The log ---- */

static cut_log *find_log(const char *path)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        cut_log *l = &logs[i];
        if (l->path[0] && strcmp(l->path, path) == 0)
            return l;
        if (l->path[0])
            continue;
        (void)snprintf(l->path, sizeof l->path, "%s", path);
        char name[1100];
        (void)snprintf(name, sizeof name, "%s.cut", path);
        l->fd = open(name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        return l->fd >= 0 ? l : NULL;
    }
    return NULL;
}

static void put(cut_log *l, const void *bytes, size_t count)
{
    if (write(l->fd, bytes, count) != (ssize_t)count)
        abort();                         /* a log with a hole proves nothing */
}

static void note(cut_file *f, char kind, const void *fresh, int64_t count, int64_t at)
{
    static unsigned char record[2 * BYTES_MAX + 64];
    sqlite3_int64 size = 0;
    int64_t old = 0;
    (void)f->real->pMethods->xFileSize(f->real, &size);
    int64_t end = kind == 'T' ? size : at + count;
    old = at < size ? (end < size ? end : size) - at : 0;
    if (old > BYTES_MAX || count > BYTES_MAX)
        abort();
    const int64_t head[4] = { at, count, size, old };
    record[0] = (unsigned char)kind;
    memcpy(record + 1, head, sizeof head);
    size_t used = 1 + sizeof head;
    if (old)
        (void)f->real->pMethods->xRead(f->real, record + used, (int)old, at);
    used += (size_t)old;
    if (kind == 'W')
        memcpy(record + used, fresh, (size_t)count);
    put(f->log, record, used + (kind == 'W' ? (size_t)count : 0));
}

/* ---- Methods of a file ---- */

static int cut_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    cut_file *f = of(file);
    sqlite3_int64 size = 0;
    char now = fault();
    (void)f->real->pMethods->xFileSize(f->real, &size);
    if (now == 'f' && at + count > size)
        return SQLITE_FULL;
    if (now == 'w' || now == 'r')
        return SQLITE_IOERR_WRITE;
    if (!f->log)
        return f->real->pMethods->xWrite(f->real, bytes, count, at);
    (void)pthread_mutex_lock(&lock);
    count_step();
    note(f, 'W', bytes, count, at);
    int code = f->real->pMethods->xWrite(f->real, bytes, count, at);
    (void)pthread_mutex_unlock(&lock);
    return code;
}

static int cut_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    cut_file *f = of(file);
    sqlite3_int64 now = 0;
    if (fault() == 'r')
        return SQLITE_IOERR_TRUNCATE;
    if (!f->log)
        return f->real->pMethods->xTruncate(f->real, size);
    (void)pthread_mutex_lock(&lock);
    count_step();
    (void)f->real->pMethods->xFileSize(f->real, &now);
    for (; now > size + BYTES_MAX; now -= BYTES_MAX) {   /* in pieces that the log can hold, from the end */
        note(f, 'T', NULL, 0, now - BYTES_MAX);
        (void)f->real->pMethods->xTruncate(f->real, now - BYTES_MAX);
    }
    note(f, 'T', NULL, 0, size);
    int code = f->real->pMethods->xTruncate(f->real, size);
    (void)pthread_mutex_unlock(&lock);
    return code;
}

static int cut_sync(sqlite3_file *file, int flags)
{
    cut_file *f = of(file);
    if (!f->log)
        return f->real->pMethods->xSync(f->real, flags);
    (void)pthread_mutex_lock(&lock);
    count_step();
    int code = SQLITE_OK;
    if (fault() == 'e') {                /* as Linux does it: the pages count as clean from now on, and are not on the disk */
        put(f->log, "F", 1);
        f->log->failed = 1;
        code = SQLITE_IOERR_FSYNC;
    } else if (f->log->failed) {
        put(f->log, "S", 1);
    } else if (ftruncate(f->log->fd, 0) != 0) {
        abort();
    }
    (void)pthread_mutex_unlock(&lock);
    return code;
}

static int cut_close(sqlite3_file *file) { return of(file)->real->pMethods->xClose(of(file)->real); }
static int cut_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at) { return of(file)->real->pMethods->xRead(of(file)->real, bytes, count, at); }
static int cut_size(sqlite3_file *file, sqlite3_int64 *size) { return of(file)->real->pMethods->xFileSize(of(file)->real, size); }
static int cut_lock(sqlite3_file *file, int level) { return of(file)->real->pMethods->xLock(of(file)->real, level); }
static int cut_unlock(sqlite3_file *file, int level) { return of(file)->real->pMethods->xUnlock(of(file)->real, level); }
static int cut_check_lock(sqlite3_file *file, int *out) { return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, out); }
static int cut_control(sqlite3_file *file, int op, void *arg) { return of(file)->real->pMethods->xFileControl(of(file)->real, op, arg); }
static int cut_sector(sqlite3_file *file) { return of(file)->real->pMethods->xSectorSize(of(file)->real); }
static int cut_device(sqlite3_file *file) { return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real); }
static int cut_shm_map(sqlite3_file *file, int page, int bytes, int extend, void volatile **out) { return of(file)->real->pMethods->xShmMap(of(file)->real, page, bytes, extend, out); }
static int cut_shm_lock(sqlite3_file *file, int offset, int count, int flags) { return of(file)->real->pMethods->xShmLock(of(file)->real, offset, count, flags); }
static void cut_shm_barrier(sqlite3_file *file) { of(file)->real->pMethods->xShmBarrier(of(file)->real); }
static int cut_shm_unmap(sqlite3_file *file, int remove) { return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove); }

/* Version 2: no memory map of the file itself, whose writes would go unseen. */
static const sqlite3_io_methods METHODS = { 2, cut_close, cut_read, cut_write, cut_truncate, cut_sync, cut_size, cut_lock, cut_unlock, cut_check_lock, cut_control, cut_sector, cut_device,
                                            cut_shm_map, cut_shm_lock, cut_shm_barrier, cut_shm_unmap };

static int cut_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    cut_file *f = of(file);
    (void)vfs;
    *f = (cut_file){ .real = (sqlite3_file *)(f + 1) };
    int code = real_vfs->xOpen(real_vfs, name, f->real, flags, out);
    if (code != SQLITE_OK)
        return code;
    (void)pthread_mutex_lock(&lock);
    f->log = name && !(flags & (SQLITE_OPEN_DELETEONCLOSE | SQLITE_OPEN_READONLY)) ? find_log(name) : NULL;
    (void)pthread_mutex_unlock(&lock);
    f->base.pMethods = &METHODS;
    return SQLITE_OK;
}

/* What is deleted is gone: folders are taken for synced. */
static int cut_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)pthread_mutex_lock(&lock);
    cut_log *l = find_log(name);
    int cleared = l ? ftruncate(l->fd, 0) : -1;
    if (l)
        l->failed = 0;
    (void)pthread_mutex_unlock(&lock);
    return cleared == 0 ? real_vfs->xDelete(real_vfs, name, sync) : SQLITE_IOERR_DELETE;
}

__attribute__((constructor)) static void install(void)
{
    static sqlite3_vfs vfs;
    const char *after = getenv("GONGFU_CUT_AFTER");
    steps_left = after ? atol(after) : 0;
    fault_path = getenv("GONGFU_CUT_FAULT");
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "powercut";
    vfs.szOsFile = (int)sizeof(cut_file) + real_vfs->szOsFile;
    vfs.xOpen = cut_open;
    vfs.xDelete = cut_delete;
    (void)sqlite3_vfs_register(&vfs, 1);
}
