/* doors.h - what main.c hands the command line that it must not know: cameras and networks from the room link. */
#pragma once
#include "cli/gf_cli.h"

/* A video file or a camera as a source of app. Fails as gf_link_cameras_open() and gf_link_source_open(). */
gf_status doors_open_camera(const gf_cli_camera *ask, gf_app_watch_source *out, gf_error *err);
/* A detector's network. Fails as gf_link_detector_open(). */
gf_status doors_open_network(gf_str model, gf_cli_network *out, gf_error *err);
