/* Loading at run time. RTLD_NODELETE: the libraries behind a module keep threads' data and exit handlers, which do not
 * survive being unloaded; a module that is closed and opened again is the same one. */
#define _GNU_SOURCE   /* RTLD_NODELETE */
#include "link/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

static bool program_folder(char out[PATH_ROOM])
{
    ssize_t got = readlink("/proc/self/exe", out, PATH_ROOM - 1);
    if (got <= 0)
        return false;
    out[got] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static void *load(const char *path, char why[200])
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const char *said = handle ? NULL : dlerror();
    if (!handle)
        (void)snprintf(why, 200, "%s", said ? said : "unknown");
    return handle;
}

static void *try_in(const char *folder, const char *name, bool *found, char why[200])
{
    char path[PATH_ROOM];
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (len < 0 || (size_t)len >= sizeof path || access(path, R_OK) != 0)
        return NULL;
    *found = true;
    return load(path, why);
}

void *module_load(const char *folder, const char *name, bool system, bool *found, char why[200])
{
    char beside[PATH_ROOM];
    void *handle;
    *found = false;
    why[0] = '\0';
    if (folder)
        return try_in(folder, name, found, why);
    if (program_folder(beside)) {
        if ((handle = try_in(beside, name, found, why)) || *found)
            return handle;   /* one that is there and broken is told, not replaced by another */
        char *slash = strrchr(beside, '/');
        if (slash)
            *slash = '\0';
        if ((handle = try_in(beside, name, found, why)) || *found)
            return handle;
    }
    if ((handle = try_in(GONGFU_MODULES, name, found, why)) || *found)
        return handle;
    return system ? load(name, why) : NULL;
}
