/* From pixels to regions: majority in a window by running sums, labels by union-find over runs of rows.
 * Masks hold 0 and 255 only.
 *
 * Both take constant time a pixel whatever the window or the shape.
 */
#include "vision/vision.h"

#include <string.h>

/* Sums over columns are carried from row to row, sums over rows slide. `room` holds one row of uint16. */
void majority(const uint8_t *from, int width, int height, int radius, uint8_t *to, uint16_t *room)
{
    if (radius <= 0) {
        memcpy(to, from, (size_t)width * (size_t)height);
        return;
    }
    memset(room, 0, (size_t)width * sizeof *room);
    for (int y = 0; y < radius && y < height; y++)
        for (int x = 0; x < width; x++)
            room[x] = (uint16_t)(room[x] + (from[y * width + x] & 1));
    for (int y = 0; y < height; y++) {
        const uint8_t *in = y + radius < height ? from + (ptrdiff_t)(y + radius) * width : NULL, *out = y - radius - 1 >= 0 ? from + (ptrdiff_t)(y - radius - 1) * width : NULL;
        for (int x = 0; in && x < width; x++)
            room[x] = (uint16_t)(room[x] + (in[x] & 1));
        for (int x = 0; out && x < width; x++)
            room[x] = (uint16_t)(room[x] - (out[x] & 1));
        int rows = (y + radius < height ? y + radius : height - 1) - (y - radius > 0 ? y - radius : 0) + 1;
        int sum = 0, columns = 0;
        for (int x = 0; x < radius && x < width; x++, columns++)
            sum += room[x];
        for (int x = 0; x < width; x++) {
            if (x + radius < width) {
                sum += room[x + radius];
                columns++;
            }
            if (x - radius - 1 >= 0) {
                sum -= room[x - radius - 1];
                columns--;
            }
            to[y * width + x] = 2 * sum > rows * columns ? 255 : 0;
        }
    }
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static uint32_t join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = root_of(parent, a);
    b = root_of(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
    return a < b ? a : b;
}

/* The first pixel at or behind x that is set, or not; a word of zeros or of ones is passed over at once. */
static int find_set(const uint8_t *row, int x, int width, bool set)
{
    const uint64_t skipped = set ? 0 : 0xffffffffffffffffu;
    for (uint64_t word; x + 8 <= width; x += 8) {
        memcpy(&word, row + x, sizeof word);
        if (word != skipped)
            break;
    }
    while (x < width && (row[x] != 0) != set)
        x++;
    return x;
}

/* A row is a list of runs; a run takes the label of the runs above that it touches, corners too. Zeroes between runs are written as well. */
static uint32_t label_row(const uint8_t *row, int width, const uint32_t *above, uint32_t *label, uint32_t *parent, uint32_t next)
{
    int x = 0;
    while (x < width) {
        int begin = find_set(row, x, width, true), end = begin < width ? find_set(row, begin, width, false) : width;
        memset(label + x, 0, (size_t)(begin - x) * sizeof *label);
        uint32_t own = 0;
        for (int i = begin > 0 ? begin - 1 : 0; above && begin < width && i < (end < width ? end + 1 : width); i++)
            if (above[i] && above[i] != own)
                own = own ? join(parent, own, above[i]) : above[i];
        if (!own && begin < width) {
            parent[next] = next;
            own = next++;
        }
        for (int i = begin; i < end; i++)
            label[i] = own;
        x = end;
    }
    return next;
}

static uint32_t label_pixels(const uint8_t *mask, int width, int height, uint32_t *label, uint32_t *parent)
{
    uint32_t next = 1;
    for (int y = 0; y < height; y++) {
        ptrdiff_t row = (ptrdiff_t)y * width;
        next = label_row(mask + row, width, y ? label + row - width : NULL, label + row, parent, next);
    }
    return next;
}

/* Measure one run of a region; `strong` may be NULL. */
static void add_run(region *r, const uint8_t *strong, int begin, int end, int y)
{
    r->left = begin < r->left ? begin : r->left;
    r->right = end > r->right ? end : r->right;
    r->top = y < r->top ? y : r->top;
    r->bottom = y + 1 > r->bottom ? y + 1 : r->bottom;
    r->area += (uint32_t)(end - begin);
    for (int x = begin; strong && x < end; x++)
        r->strong += strong[x] != 0;
}

uint32_t label_regions(const uint8_t *mask, const uint8_t *strong, int width, int height, uint32_t *label, uint32_t *parent, region *regions, uint32_t most)
{
    uint32_t provisional = label_pixels(mask, width, height, label, parent), count = 1;
    /* Roots come before what hangs on them, so one pass numbers them. A label's new number replaces its parent, marked by the top bit. */
    const uint32_t DONE = 0x80000000u;
    for (uint32_t i = 1; i < provisional; i++) {
        if (parent[i] != i) {
            uint32_t up = parent[i];
            while (!(parent[up] & DONE))
                up = parent[up];
            parent[i] = parent[up];
        } else {
            parent[i] = DONE | (count < most ? count : 0);
            if (count < most)
                regions[count++] = (region){ width, height, 0, 0, 0, 0 };
        }
    }
    for (int y = 0; y < height; y++) {
        ptrdiff_t row = (ptrdiff_t)y * width;
        for (int begin = find_set(mask + row, 0, width, true), end; begin < width; begin = find_set(mask + row, end, width, true)) {
            end = find_set(mask + row, begin, width, false);
            uint32_t own = parent[label[row + begin]] & ~DONE;
            for (int x = begin; x < end; x++)
                label[row + x] = own;
            if (own)
                add_run(&regions[own], strong ? strong + row : NULL, begin, end, y);
        }
    }
    return count;
}
