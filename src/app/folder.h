/* app/folder.h - inside the room only: files of a folder, opened so that no path leads out of it. */
#pragma once
#include "base/gf_base.h"

/* Open a file for reading by its path below the open folder `dirfd`: every step without following links. The caller closes
 * *fd. GF_EDENIED for absolute paths, "..", links and what is no plain file; GF_ENOTFOUND; GF_EIO. */
gf_status folder_open_file(int dirfd, gf_str path, int *fd, gf_error *err);
/* Read a whole file of at most bytes_max bytes; terminated behind its end. A file that shrinks meanwhile comes as short as
 * it is. GF_ELIMIT beyond the bound; GF_EIO. */
gf_status folder_read_all(int fd, int64_t bytes_max, gf_arena *keep, gf_str *out, gf_error *err);
/* Names in a folder that end with `suffix`, hidden ones left out, sorted by bytes; at most 4096. GF_EIO. */
gf_status folder_list(int dirfd, const char *suffix, gf_arena *keep, gf_str **names, size_t *count, gf_error *err);
/* Write a whole new file below the folder and bring it to disk; one that is there is never touched. GF_EIO, and then part
 * of the file may stand there. */
gf_status folder_write_file(int dirfd, const char *name, gf_str content, gf_error *err);
