/* link/source.h - a source's inside: what its thread and its askers share. Inside the room only. */
#pragma once
#include "link/camera_module.h"
#include "link/mailbox.h"
#include "link/ring.h"

#include <stdatomic.h>

struct gf_link_source {
    const camera_module *module;
    gf_link_options      options;
    char                *address;       /* as the module opens it: may hold a password */
    char                 shown[96];     /* the same without */
    bool                 live, rtsp;
    atomic_bool          stop;
    pthread_t            thread;
    bool                 started;
    mailbox              mail;
    pthread_mutex_t      lock;          /* of ring and stats */
    ring                 ring;
    gf_link_stats        stats;
};

/* The thread: a gf_link_source. */
void *source_run(void *context);
