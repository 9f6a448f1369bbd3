/* watch_score --truth DIR --masks DIR: masks against what was marked by hand, pixel by pixel.
 *
 * For every PNG of the truth there must be a mask whose name ends in the same number (gt000470.png, in000470.png). Of the truth 85 (outside
 * the region of interest) and 170 (unknown) are left out, 50 (hard shadow) is background, 255 is motion. Sums over all frames, then
 * precision, recall and their harmonic mean. Last line: P 0.942 R 0.834 F 0.885. Exit 1 when a mask is missing or of another size.
 */
#include "file/gf_file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { MOTION = 255, OUTSIDE = 85, UNKNOWN = 170, PIXELS_MAX = 1 << 26, PATH_BYTES = 4096 };

typedef struct sums { uint64_t hit, alarm, miss, frames, failed; } sums;

static bool read_picture(gf_arena *arena, const char *path, gf_file_picture *out)
{
    FILE *file = fopen(path, "rb");
    gf_text text;
    gf_error err = { .what = "it cannot be opened" };
    char part[65536];
    gf_text_init(&text, arena);
    for (size_t got; file && (got = fread(part, 1, sizeof part, file)) > 0;)
        gf_text_add(&text, (gf_str){ part, got });
    bool done = file && !ferror(file);
    if (file)
        (void)fclose(file);
    done = done && gf_file_picture_read(gf_text_str(&text), PIXELS_MAX, arena, out, &err) == GF_OK;
    if (!done)
        (void)fprintf(stderr, "%s: %s\n", path, err.what);
    return done;
}

/* The digits before the extension; 0 where there are none. */
static size_t number_of(const char *name, const char **from)
{
    const char *dot = strrchr(name, '.'), *at = dot ? dot : name + strlen(name);
    const char *end = at;
    while (at > name && at[-1] >= '0' && at[-1] <= '9')
        at--;
    *from = at;
    return (size_t)(end - at);
}

static bool find_mask(const char *folder, const char *truth, char *path)
{
    const char *number, *other;
    size_t len = number_of(truth, &number);
    DIR *dir = opendir(folder);
    bool found = false;
    for (struct dirent *entry; dir && len && !found && (entry = readdir(dir)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        found = dot && strcmp(dot, ".png") == 0 && number_of(entry->d_name, &other) == len && memcmp(other, number, len) == 0;
        if (found)
            (void)snprintf(path, PATH_BYTES, "%s/%s", folder, entry->d_name);
    }
    if (dir)
        (void)closedir(dir);
    return found;
}

static void score_frame(const gf_file_picture *truth, const gf_file_picture *mask, sums *s)
{
    for (size_t i = 0; i < truth->width * truth->height; i++) {
        uint8_t label = truth->y[i];
        if (label == OUTSIDE || label == UNKNOWN)
            continue;
        bool on = mask->y[i] >= 128;
        s->hit += label == MOTION && on;
        s->miss += label == MOTION && !on;
        s->alarm += label != MOTION && on;
    }
    s->frames++;
}

static void score_one(gf_arena *arena, const char *truths, const char *masks, const char *name, sums *s)
{
    char path[PATH_BYTES];
    gf_file_picture truth, mask;
    gf_mark mark = gf_arena_mark(arena);
    (void)snprintf(path, sizeof path, "%s/%s", truths, name);
    bool there = read_picture(arena, path, &truth);
    bool masked = there && find_mask(masks, name, path);
    if (there && !masked)
        (void)fprintf(stderr, "%s: no mask in %s\n", name, masks);
    masked = masked && read_picture(arena, path, &mask);
    if (masked && mask.width == truth.width && mask.height == truth.height)
        score_frame(&truth, &mask, s);
    else
        s->failed++;
    gf_arena_rewind(arena, mark);
}

int main(int argc, char **argv)
{
    const char *truths = NULL, *masks = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        truths = strcmp(argv[i], "--truth") == 0 ? argv[i + 1] : truths;
        masks = strcmp(argv[i], "--masks") == 0 ? argv[i + 1] : masks;
    }
    DIR *dir = truths && masks ? opendir(truths) : NULL;
    gf_arena *arena = gf_arena_open((size_t)1 << 30);
    if (!dir || !arena) {
        (void)fprintf(stderr, "watch_score --truth DIR --masks DIR\n");
        gf_arena_close(arena);
        return 2;
    }
    sums s = { 0 };
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot && strcmp(dot, ".png") == 0)
            score_one(arena, truths, masks, entry->d_name, &s);
    }
    (void)closedir(dir);
    gf_arena_close(arena);
    if (s.failed || !s.frames) {
        (void)fprintf(stderr, "%llu of %llu frames could not be scored\n", (unsigned long long)s.failed, (unsigned long long)(s.failed + s.frames));
        return 1;
    }
    double precision = s.hit + s.alarm ? (double)s.hit / (double)(s.hit + s.alarm) : 0, recall = s.hit + s.miss ? (double)s.hit / (double)(s.hit + s.miss) : 0;
    printf("P %.3f R %.3f F %.3f\n", precision, recall, precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0);
    return 0;
}
