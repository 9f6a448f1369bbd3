/* What the keeper looks at beside the books: room on the disk, and whether the clock can be believed. A warning is a line of the log and a
 * number among the metrics; nothing is refused because of it.
 */
#include "api/api.h"

#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

enum { AGAIN_MS = 3600000, JUMP_MS = 5000, BEHIND_MS = 60000, ROOM_SHARE = 20 };
static const int64_t ROOM_LEAST = INT64_C(1) << 30;

static gf_utc_ms steady_ms(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? (gf_utc_ms)t.tv_sec * 1000 + t.tv_nsec / 1000000 : 0;
}

/* Of the disk that the store lies on; a server's is its own keeper's. */
static void look_at_disk(api_state *api, gf_utc_ms now)
{
    static const gf_str FILES = GF_STR_INIT("sqlite:");
    machine_health *h = &api->health;
    char path[4096];
    struct statvfs disk;
    if (!gf_str_starts(api->options.db, FILES))
        return;
    (void)snprintf(path, sizeof path, "%.*s", GF_STR_ARG(gf_str_slice(api->options.db, FILES.len, api->options.db.len)));
    if (statvfs(path, &disk) != 0)
        return;
    int64_t room = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize, all = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
    __atomic_store_n(&h->room_bytes, room, __ATOMIC_RELAXED);
    __atomic_store_n(&h->has_room, true, __ATOMIC_RELEASE);
    bool low = room < ROOM_LEAST || room < all / ROOM_SHARE;
    if (low && now - h->warned >= AGAIN_MS) {
        h->warned = now;
        gf_log_line("warn", "disk", "free_mb=%lld", (long long)(room >> 20));
    }
}

/* A clock that was set moves against one that never is; one that is behind writes what sorts before what is there. */
static void look_at_clock(api_state *api, gf_app *app, gf_utc_ms now)
{
    machine_health *h = &api->health;
    gf_utc_ms steady = steady_ms(), apart = now - steady;
    if (h->looked && (apart - h->apart > JUMP_MS || h->apart - apart > JUMP_MS)) {
        (void)__atomic_add_fetch(&h->jumps, 1, __ATOMIC_RELAXED);
        gf_log_line("warn", "clock", "jumped_s=%lld", (long long)((apart - h->apart) / 1000));
    }
    gf_utc_ms newest = h->looked ? 0 : gf_app_newest_instant(app);
    if (newest > now + BEHIND_MS)
        gf_log_line("warn", "clock", "behind_the_books_s=%lld", (long long)((newest - now) / 1000));
    h->apart = apart;
    h->looked = true;
}

void health_look(api_state *api, gf_app *app)
{
    gf_utc_ms now = gf_utc_now_ms();
    look_at_disk(api, now);
    look_at_clock(api, app, now);
}

void health_write(const api_state *api, gf_text *out)
{
    if (__atomic_load_n(&api->health.has_room, __ATOMIC_ACQUIRE))
        gf_text_format(out, "# TYPE gongfu_disk_free_bytes gauge\ngongfu_disk_free_bytes %lld\n", (long long)__atomic_load_n(&api->health.room_bytes, __ATOMIC_RELAXED));
    gf_text_format(out, "# TYPE gongfu_clock_jumps_total counter\ngongfu_clock_jumps_total %lld\n", (long long)__atomic_load_n(&api->health.jumps, __ATOMIC_RELAXED));
}
