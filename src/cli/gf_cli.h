/* cli/gf_cli.h - the command line: one table of commands, one file for each group of them.
 *
 * A command translates words into a call of app and its answer into text or JSON; it holds no rule. Failures are told
 * once, here. `serve` belongs to a room that the command line must not know: main.c hands it in.
 * Who may run it on the machine may do everything: it acts as GF_APP_ACTOR_CLI.
 */
#pragma once
#include "app/gf_app_watch.h"
#include "base/gf_base.h"

typedef struct gf_cli_serve {
    gf_str db, key_file, listen, tls_certificate, tls_key;   /* "" where not given */
    bool   behind_proxy, demo;
    gf_app_backup_folder backup;        /* path "" = no nightly backup */
    gf_str settings;                    /* the file of --settings */
    /* NULL without one. *out is `given` with all that the file names in place of it; `keep` owns the texts. GF_ENOTFOUND, GF_EUSAGE. */
    gf_status (*reread)(const struct gf_cli_serve *given, gf_arena *keep, struct gf_cli_serve *out, gf_error *err);
} gf_cli_serve;

/* A video file's path or a camera's address, and how it is to be read. */
typedef struct gf_cli_camera {
    gf_str    address;
    int       width;                     /* scale down to this width; 0 = as it comes */
    double    fps_max;                   /* 0 = every picture */
    bool      key_only;
    gf_utc_ms start;                     /* of a file's first picture */
    bool    (*cancelled)(void);
} gf_cli_camera;

/* A detector's network: floats in, floats out. */
typedef struct gf_cli_network {
    void      *context;
    gf_status (*run)(void *context, const float *input, float *output, gf_error *err);
    size_t     input_floats, output_floats;
    void     (*close)(void *context);
} gf_cli_network;

typedef struct gf_cli_doors {
    gf_status (*serve)(const gf_cli_serve *serve, gf_error *err);   /* returns when it has been stopped */
    gf_status (*open_camera)(const gf_cli_camera *ask, gf_app_watch_source *out, gf_error *err);
    gf_status (*open_network)(gf_str model, gf_cli_network *out, gf_error *err);
} gf_cli_doors;

/* Run one command; returns the exit code of the contracts (gf_status_exit_code). Answers go to standard output, a failure as
 * one sentence, or as JSON with --json, to standard error. Sets the handlers of SIGINT, which cancels, and SIGPIPE: once in
 * a process, from its main thread. */
int gf_cli_main(int argc, char **argv, const gf_cli_doors *doors);
