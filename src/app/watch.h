/* app/watch.h - inside the room only: a watch while it runs, and the files that it writes. */
#pragma once
#include "app/gf_app_watch.h"

#include <stdio.h>

enum { WATCH_SIGHTS_MAX = 128 };

/* One thing that the detector sees again and again, in pixels of the reference. */
typedef struct watch_sight {
    gf_vision_detect_rect at;
    uint32_t  class_index;
    uint32_t  hits, misses;              /* looks that showed it; looks in a row that did not */
    double    score_sum;
    uint64_t  frame_first, frame_last;
    gf_utc_ms at_first, at_last;
    bool      told;                      /* it has been an event of its own */
} watch_sight;

typedef struct watch_run {
    const gf_app_watch_source *source;
    const gf_app_watch_options *o;
    gf_app_watch_result r;
    gf_vision_watch *watch;
    gf_arena *scratch;
    FILE *events, *poses;
    uint8_t *open_cells;                 /* of the preset's map; NULL without one */
    gf_vision_fit last;                  /* of the newest frame */
    watch_sight sights[WATCH_SIGHTS_MAX];
    size_t    sight_count;
    gf_utc_ms looked;                    /* when the detector last did */
    bool      has_looked;
    gf_utc_ms shown;                     /* when the live picture was last written, by the steady clock */
    uint64_t  spent_ns[GF_APP_WATCH_COST_COUNT];
} watch_run;

/* ---- watch_event.c ---- */

/* Findings of a step as lines of events; `frame` NULL: at the end, there is no picture any more. */
gf_status watch_write_findings(watch_run *w, const gf_vision_frame *frame, const gf_vision_step *step, gf_error *err);
/* A sight of the detector as a line. */
gf_status watch_write_sight(watch_run *w, const gf_vision_frame *frame, const watch_sight *sight, gf_error *err);

/* ---- watch_live.c ---- */

/* A frame as a PNG file's bytes, at most `width_most` wide, painted over where the preset's shield is closed; whole when `pose` is NULL: nothing that is
 * not known to be open leaves. The watch has a preset. */
gf_status watch_paint(watch_run *w, const gf_vision_frame *frame, const gf_vision_pose *pose, int width_most, gf_text *png, gf_error *err);
/* The live picture when it is due: of a frame that does not lie on the reference one grey. */
gf_status watch_show(watch_run *w, const gf_vision_frame *frame, const gf_vision_step *step, gf_error *err);

/* ---- watch_detect.c ---- */

/* A look of the detector when one is due and the frame lies on the reference. */
gf_status watch_look(watch_run *w, const gf_vision_frame *frame, const gf_vision_step *step, gf_error *err);
/* The sight that bears a finding out, NULL = none. */
const watch_sight *watch_witness(const watch_run *w, const gf_vision_finding *finding);

/* ---- watch_folder.c ---- */

/* Write a whole file, replacing one that is there; not brought to disk, for a mask can be made again. GF_EIO. */
gf_status watch_write(const char *folder, const char *name, gf_str content, gf_error *err);
/* Make a folder unless it is there. GF_EIO. */
gf_status watch_make_folder(const char *folder, gf_error *err);
