/* A folder that somebody hands us may hold links to anywhere: each part of a path is opened by itself, links refused.
 *
 * openat with O_NOFOLLOW step by step, instead of resolving the path and comparing: nothing can be put in between.
 * What is opened is looked at by its descriptor, so a pipe or a device is refused and not waited for.
 */
#define _DEFAULT_SOURCE  /* O_NOFOLLOW and O_DIRECTORY in older C libraries */
#include "app/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 4096, PATH_PART_MAX = 255 };

static gf_status fail_open(gf_str path, int error, gf_error *err)
{
    gf_str shown = gf_str_slice(path, 0, 100);
    if (error == ENOENT)
        return gf_fail(err, GF_ENOTFOUND, "file.none", "Check the name and the folder.", "there is no file \"%.*s\"", GF_STR_ARG(shown));
    if (error == ELOOP || error == ENOTDIR)
        return gf_fail(err, GF_EDENIED, "file.link", "Put a copy of the file into the folder instead of a link.",
                       "\"%.*s\" is a link or leads through one", GF_STR_ARG(shown));
    return gf_fail(err, GF_EIO, "file.open", "See that the file may be read.", "\"%.*s\" cannot be opened: %s", GF_STR_ARG(shown),
                   strerror(error));
}

static gf_status check_plain(int fd, gf_str path, gf_error *err)
{
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        return GF_OK;
    return gf_fail(err, GF_EDENIED, "file.kind", "Only plain files are read.", "\"%.*s\" is no plain file",
                   GF_STR_ARG(gf_str_slice(path, 0, 100)));
}

gf_status folder_open_file(int dirfd, gf_str path, int *fd, gf_error *err)
{
    gf_str rest = path, part;
    int at = dirfd;
    gf_status status = path.len && path.data[0] != '/' ? GF_OK
                     : gf_fail(err, GF_EDENIED, "file.path", "Write the path from the folder on.", "\"%.*s\" is not a path inside the folder",
                               GF_STR_ARG(gf_str_slice(path, 0, 100)));
    while (status == GF_OK && gf_str_cut(&rest, '/', &part)) {
        char name[PATH_PART_MAX + 1];
        if (part.len == 0 || part.len > PATH_PART_MAX || gf_str_is(part, "..") || memchr(part.data, '\0', part.len)) {
            status = gf_fail(err, GF_EDENIED, "file.path", "Write the path from the folder on, without \"..\".",
                             "\"%.*s\" is not a path inside the folder", GF_STR_ARG(gf_str_slice(path, 0, 100)));
            break;
        }
        memcpy(name, part.data, part.len);
        name[part.len] = '\0';
        int next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (rest.len ? O_DIRECTORY : O_NONBLOCK));
        int error = errno;
        if (at != dirfd)
            (void)close(at);
        at = next;
        if (next < 0)
            status = fail_open(path, error, err);
    }
    if (status == GF_OK)
        status = check_plain(at, path, err);
    if (status == GF_OK)
        *fd = at;
    else if (at >= 0 && at != dirfd)
        (void)close(at);
    return status;
}

gf_status folder_read_all(int fd, int64_t bytes_max, gf_arena *keep, gf_str *out, gf_error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return gf_fail(err, GF_EIO, "file.read", "", "the file cannot be read: %s", strerror(errno));
    if (info.st_size > bytes_max)
        return gf_fail(err, GF_ELIMIT, "file.large", "Make it smaller, or raise the limit.", "the file has %lld bytes, at most %lld are taken",
                       (long long)info.st_size, (long long)bytes_max);
    size_t room = (size_t)info.st_size, len = 0;
    char *bytes = gf_new(keep, char, room + 1);
    if (!bytes)
        return gf_fail_memory(err);
    while (len < room) {
        ssize_t got = read(fd, bytes + len, room - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return gf_fail(err, GF_EIO, "file.read", "", "the file cannot be read: %s", strerror(errno));
        if (got == 0)
            break;
        len += (size_t)got;
    }
    *out = (gf_str){ bytes, len };
    return GF_OK;
}

static int by_bytes(const void *a, const void *b) { return gf_str_cmp(*(const gf_str *)a, *(const gf_str *)b); }

gf_status folder_list(int dirfd, const char *suffix, gf_arena *keep, gf_str **names, size_t *count, gf_error *err)
{
    int copy = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    *count = 0;
    *names = gf_new(keep, gf_str, NAMES_MAX);
    if (!dir || !*names) {
        if (copy >= 0 && !dir)
            (void)close(copy);
        return *names ? gf_fail(err, GF_EIO, "folder.open", "", "the folder cannot be read: %s", strerror(errno)) : gf_fail_memory(err);
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL && *count < NAMES_MAX;)
        if (gf_str_ends(gf_str_of(entry->d_name), gf_str_of(suffix)) && entry->d_name[0] != '.')
            (*names)[(*count)++] = gf_str_copy(keep, gf_str_of(entry->d_name));
    (void)closedir(dir);
    qsort(*names, *count, sizeof **names, by_bytes);
    return GF_OK;
}

gf_status folder_write_file(int dirfd, const char *name, gf_str content, gf_error *err)
{
    int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    size_t done = 0;
    while (fd >= 0 && done < content.len) {
        ssize_t wrote = write(fd, content.data + done, content.len - done);
        if (wrote < 0 && errno != EINTR)
            break;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    int error = errno;
    bool ok = fd >= 0 && done == content.len && fsync(fd) == 0;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    return ok ? GF_OK : gf_fail(err, GF_EIO, "file.write", "See that the folder may be written and has room.", "%s cannot be written: %s",
                                name, strerror(error));
}
