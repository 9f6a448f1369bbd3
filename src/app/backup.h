/* app/backup.h - inside the room only: what restoring a file and restoring an archive of rows share. */
#pragma once
#include "app/app.h"

/* The manifest beside the backup, if there is one, names this hash ("": it is taken now) and this head ("": not asked). GF_EINPUT. */
gf_status backup_compare_manifest(const char *backup, const char *known, gf_str head, gf_error *err);
/* An archive of rows made into a store at `path`, proven: nothing stands there when it fails. */
gf_status backup_make_store(const char *archive, const char *path, gf_utc_ms (*now)(void), gf_error *err);
