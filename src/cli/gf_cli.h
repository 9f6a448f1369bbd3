/* cli/gf_cli.h - the command line: one table of commands, one file for each group of them.
 *
 * A command translates words into a call of app and its answer into text or JSON; it holds no rule. Failures are told
 * once, here. `serve` belongs to a room that the command line must not know: main.c hands it in.
 * Who may run it on the machine may do everything: it acts as GF_APP_ACTOR_CLI.
 */
#pragma once
#include "base/gf_base.h"

typedef struct gf_cli_serve {
    gf_str db, key_file, listen, tls_certificate, tls_key;   /* "" where not given */
    bool   behind_proxy, demo;
} gf_cli_serve;

typedef struct gf_cli_doors {
    gf_status (*serve)(const gf_cli_serve *serve, gf_error *err);   /* returns when it has been stopped */
} gf_cli_doors;

/* Run one command; returns the exit code of the contracts (gf_status_exit_code). Answers go to standard output, a failure as
 * one sentence, or as JSON with --json, to standard error. Sets the handlers of SIGINT, which cancels, and SIGPIPE: once in
 * a process, from its main thread. */
int gf_cli_main(int argc, char **argv, const gf_cli_doors *doors);
