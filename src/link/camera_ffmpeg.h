/* link/camera_ffmpeg.h - inside the module gongfu-camera.so only. */
#pragma once
#include "link/camera_module.h"

/* Fill `err` with libav's words for `code` behind `what`. GF_ENOMEM when that is what it says. */
gf_status camera_fail(gf_error *err, gf_status status, const char *code, const char *hint, const char *what, int av_code);

gf_status camera_clip(const char *path, const char *container, const camera_head *head, const camera_packet *packets, size_t count, gf_error *err);
