/* app/watch.h - inside the room only: files of a watch. */
#pragma once
#include "app/gf_app_watch.h"

/* Write a whole file, replacing one that is there; not brought to disk, for a mask can be made again. GF_EIO. */
gf_status watch_write(const char *folder, const char *name, gf_str content, gf_error *err);
/* Make a folder unless it is there. GF_EIO. */
gf_status watch_make_folder(const char *folder, gf_error *err);
