/* A folder of pictures as a source, and the plain files that a watch writes. */
#define _DEFAULT_SOURCE  /* O_NOFOLLOW in older C libraries */
#include "app/watch.h"
#include "file/gf_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 256 << 20, PIXELS_MAX = 64 << 20 };
static const size_t FRAME_BYTES_MAX = (size_t)1 << 30;

typedef struct folder_source {
    gf_arena *frame;                     /* of the picture at hand */
    int dirfd;
    gf_str *names;
    size_t count, next;
    double fps;
    gf_utc_ms start;
    size_t width, height;
} folder_source;

static bool is_picture(const char *name)
{
    static const char *const ENDS[] = { ".jpg", ".jpeg", ".png", ".bmp" };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && name[0] != '.' && i < GF_COUNT(ENDS); i++)
        if (strcasecmp(dot, ENDS[i]) == 0)
            return true;
    return false;
}

static int by_bytes(const void *a, const void *b) { return gf_str_cmp(*(const gf_str *)a, *(const gf_str *)b); }

static gf_status list_names(folder_source *s, DIR *dir, const char *folder, gf_arena *keep, gf_error *err)
{
    size_t room = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        room += is_picture(entry->d_name);
    if (room == 0)
        return gf_fail(err, GF_ENOTFOUND, "watch.folder", "Give a folder of JPEG, PNG or BMP files.", "%s has no picture", folder);
    if (room > GF_APP_WATCH_FILES_MAX)
        return gf_fail(err, GF_ELIMIT, "watch.folder", "Split the folder.", "%s has more than %d pictures", folder, (int)GF_APP_WATCH_FILES_MAX);
    s->names = gf_new(keep, gf_str, room);
    if (!s->names)
        return gf_fail_memory(err);
    rewinddir(dir);
    for (struct dirent *entry; s->count < room && (entry = readdir(dir)) != NULL;)
        if (is_picture(entry->d_name)) {
            s->names[s->count] = gf_str_copy(keep, gf_str_of(entry->d_name));
            if (!s->names[s->count++].data)
                return gf_fail_memory(err);
        }
    qsort(s->names, s->count, sizeof *s->names, by_bytes);
    return GF_OK;
}

static gf_status read_bytes(const folder_source *s, const char *name, gf_str *out, gf_error *err)
{
    struct stat info;
    int fd = openat(s->dirfd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_BYTES_MAX) {
        if (fd >= 0)
            (void)close(fd);
        return gf_fail(err, GF_EIO, "watch.file", "See that it is a plain file, may be read, and is no larger than 256 MiB.", "%s cannot be read", name);
    }
    char *bytes = gf_new(s->frame, char, (size_t)info.st_size + 1);
    size_t len = 0;
    for (ssize_t got = 1; bytes && got > 0 && len < (size_t)info.st_size; len += got > 0 ? (size_t)got : 0)
        got = read(fd, bytes + len, (size_t)info.st_size - len);
    (void)close(fd);
    *out = (gf_str){ bytes, len };
    return bytes ? GF_OK : gf_fail_memory(err);
}

static gf_status next_picture(void *context, gf_vision_frame *frame, gf_str *name, bool *there, gf_error *err)
{
    folder_source *s = context;
    gf_file_picture p;
    gf_str bytes;
    *there = s->next < s->count;
    if (!*there)
        return GF_OK;
    *name = s->names[s->next];
    gf_arena_rewind(s->frame, (gf_mark){ 0 });
    gf_status status = read_bytes(s, name->data, &bytes, err);
    if (status == GF_OK)
        status = gf_file_picture_read(bytes, PIXELS_MAX, s->frame, &p, err);
    if (status == GF_OK && s->next && (p.width != s->width || p.height != s->height))
        status = gf_fail(err, GF_EINPUT, "watch.size", "Give each camera's pictures a folder of their own.", "a picture of %zu x %zu pixels among those of %zu x %zu", p.width, p.height,
                         s->width, s->height);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%s", name->data);
        return status;
    }
    s->width = p.width;
    s->height = p.height;
    *frame = (gf_vision_frame){ (int)p.width, (int)p.height, p.y, p.u, p.v, (int)p.width, ((int)p.width + 1) / 2, s->start + (gf_utc_ms)llround(1000.0 * (double)s->next / s->fps), s->next };
    s->next++;
    return GF_OK;
}

static void close_folder(void *context)
{
    folder_source *s = context;
    if (s->dirfd >= 0)
        (void)close(s->dirfd);
    gf_arena_close(s->frame);
}

gf_status gf_app_watch_folder(const char *folder, double fps, gf_utc_ms start, gf_arena *keep, gf_app_watch_source *out, gf_error *err)
{
    if (!(fps > 0 && fps <= 1000))
        return gf_fail(err, GF_EUSAGE, "watch.fps", "Write --fps 25.", "%g frames a second cannot be", fps);
    folder_source *s = gf_new(keep, folder_source, 1);
    if (!s)
        return gf_fail_memory(err);
    *s = (folder_source){ .dirfd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .fps = fps, .start = start };
    int copy = s->dirfd >= 0 ? openat(s->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    gf_status status = dir ? GF_OK : gf_fail(err, GF_ENOTFOUND, "watch.folder", "Check the name.", "%s cannot be opened: %s", folder, strerror(errno));
    if (!dir && copy >= 0)
        (void)close(copy);
    if (dir)
        status = list_names(s, dir, folder, keep, err);
    if (dir)
        (void)closedir(dir);
    if (status == GF_OK && !(s->frame = gf_arena_open(FRAME_BYTES_MAX)))
        status = gf_fail_memory(err);
    if (status != GF_OK) {
        close_folder(s);
        return status;
    }
    *out = (gf_app_watch_source){ s, next_picture, close_folder };
    return GF_OK;
}

/* ---- Files out ---- */

gf_status watch_make_folder(const char *folder, gf_error *err)
{
    if (mkdir(folder, 0755) == 0 || errno == EEXIST)
        return GF_OK;
    return gf_fail(err, GF_EIO, "watch.out", "See that the folder above exists and may be written.", "%s cannot be made: %s", folder, strerror(errno));
}

gf_status watch_write(const char *folder, const char *name, gf_str content, gf_error *err)
{
    int dirfd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = dirfd >= 0 ? openat(dirfd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644) : -1;
    size_t done = 0;
    while (fd >= 0 && done < content.len) {
        ssize_t wrote = write(fd, content.data + done, content.len - done);
        if (wrote < 0 && errno != EINTR)
            break;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    bool ok = fd >= 0 && done == content.len;
    int error = errno;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (dirfd >= 0)
        (void)close(dirfd);
    return ok ? GF_OK : gf_fail(err, GF_EIO, "watch.write", "See that the folder may be written and has room.", "%s/%s cannot be written: %s", folder, name, strerror(error));
}
