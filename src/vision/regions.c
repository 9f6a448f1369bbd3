/* From pixels to regions: majority in a window by running sums, labels by union-find over runs of rows.
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

static uint32_t label_pixels(const uint8_t *mask, int width, int height, uint32_t *label, uint32_t *parent)
{
    uint32_t next = 1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            ptrdiff_t i = (ptrdiff_t)y * width + x;
            label[i] = 0;
            if (!mask[i])
                continue;
            const uint32_t above[4] = { x > 0 ? label[i - 1] : 0, y > 0 ? label[i - width] : 0, y > 0 && x > 0 ? label[i - width - 1] : 0,
                                        y > 0 && x < width - 1 ? label[i - width + 1] : 0 };
            for (int k = 0; k < 4; k++)
                if (above[k])
                    label[i] = label[i] && label[i] != above[k] ? join(parent, label[i], above[k]) : above[k];
            if (!label[i]) {
                parent[next] = next;
                label[i] = next++;
            }
        }
    return next;
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
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            ptrdiff_t i = (ptrdiff_t)y * width + x;
            if (!label[i])
                continue;
            label[i] = parent[label[i]] & ~DONE;
            if (!label[i])
                continue;
            region *r = &regions[label[i]];
            r->left = x < r->left ? x : r->left;
            r->right = x + 1 > r->right ? x + 1 : r->right;
            r->top = y < r->top ? y : r->top;
            r->bottom = y + 1 > r->bottom ? y + 1 : r->bottom;
            r->area++;
            r->strong += strong && strong[i] ? 1 : 0;
        }
    return count;
}
