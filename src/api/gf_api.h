/* api/gf_api.h - the pages and the JSON interface: translates requests into calls of app. Holds no rule.
 *
 * What is served stands in one table (routes.c), described at /api/openapi.json and checked against it. Readers share
 * nothing but the store; writes go one after another through one thread, several to a sync of the disk.
 */
#pragma once
#include "app/gf_app.h"

/* Borrowed until gf_api_serve() returns. */
typedef struct gf_api_options {
    gf_str db;                       /* "sqlite:PATH" or "postgres://..."; must exist, with this program's schema */
    gf_str key_file;                 /* of the master key; "" = beside the store */
    gf_str listen;                   /* "127.0.0.1:8080", IPv4; port 0 takes a free one */
    bool   behind_proxy, demo;       /* demo: demo accounts exist, may log in, and are shown on the login page */
    gf_str tls_certificate, tls_key; /* paths of PEM files; both or neither */
    gf_app_backup_folder backup;     /* one a night, behind two o'clock in China; path "" = none */
    /* For SIGHUP: the options as they are written now, texts in `keep`; NULL = they are written nowhere. */
    gf_status (*reread)(const void *context, gf_arena *keep, struct gf_api_options *out, gf_error *err);
    const void *reread_context;
} gf_api_options;

/* Serve until SIGINT or SIGTERM; blocks both and SIGHUP for the calling thread, and prints the address as the first line of standard
 * output when it listens. What was asked before the signal is still answered; running jobs are asked to stop.
 * SIGHUP takes up anew: certificate and key, out of their files; the nightly backup and the paths of these files, out of
 * `reread`. All else waits for a restart, and the log says so. What cannot be taken leaves all as it was.
 *
 * GF_ENOTFOUND  no store there, or a PEM file that cannot be read
 * GF_ECONFLICT  the store is older or newer than this program; the port is taken
 * GF_EUSAGE, GF_EDENIED, GF_EINPUT, GF_EIO  as gf_http_open() and gf_app_open()
 */
gf_status gf_api_serve(const gf_api_options *options, gf_error *err);
