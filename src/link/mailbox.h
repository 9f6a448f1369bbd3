/* link/mailbox.h - pictures on their way from a source's thread to their taker. Inside the room only. */
#pragma once
#include "link/camera_module.h"

#include <pthread.h>

enum { MAILBOX_MAX = 16 };

typedef enum slot_state { SLOT_FREE, SLOT_WRITING, SLOT_WAITING, SLOT_TAKEN } slot_state;
typedef struct slot {
    uint8_t      *bytes;
    size_t        room;
    slot_state    state;
    uint64_t      turn;
    camera_planes planes;
    gf_link_frame frame;
} slot;

typedef struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t  news, room;
    slot            slot[MAILBOX_MAX + 2];   /* one is being written, one is with the taker */
    uint32_t        waiting_max, waiting;
    uint64_t        turn, dropped;
    bool            lossless, stopped, over;
    gf_status       status;                  /* of the end: GF_OK, or why the source was given up */
    gf_error        error;
} mailbox;

bool  mailbox_open(mailbox *m, uint32_t waiting_max, bool lossless);
void  mailbox_close(mailbox *m);
/* A slot for a picture of this size. Lossless: waits for the taker; else the oldest that waits is dropped for it. NULL when
 * stopped, or without memory (*memory false). */
slot *mailbox_begin(mailbox *m, int width, int height, bool *memory);
void  mailbox_post(mailbox *m, slot *s, const gf_link_frame *about);
void  mailbox_giveup(mailbox *m, slot *s);
/* Nothing more will come; what waits can still be taken. */
void  mailbox_end(mailbox *m, gf_status status, const gf_error *error);
/* Wake everybody, for good. */
void  mailbox_stop(mailbox *m);
gf_status mailbox_take(mailbox *m, uint32_t wait_ms, gf_link_news *news, gf_link_frame *out, gf_error *err);
/* Sleep until stopped, at most so long; true when stopped. */
bool  mailbox_rest(mailbox *m, uint32_t wait_ms);
