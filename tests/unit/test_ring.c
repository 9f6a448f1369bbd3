/* The ring of packets, held against a plain list of everything that was put in. */
#include "unit/check.h"
#include "link/ring.h"

#include <stdlib.h>
#include <string.h>

static uint32_t draw(uint32_t *seed) { return *seed = *seed * 1664525u + 1013904223u, *seed >> 8; }

static uint8_t byte_of(size_t packet, size_t i) { return (uint8_t)(packet * 31 + i * 7); }

static void put(ring *r, size_t number, size_t len, bool key, int64_t dts_us, gf_utc_ms at)
{
    uint8_t bytes[4096];
    for (size_t i = 0; i < len; i++)
        bytes[i] = byte_of(number, i);
    ring_put(r, &(camera_packet){ bytes, len, dts_us, dts_us, key }, at);
}

static const camera_head HEAD = { .codec = 27, .width = 640, .height = 360, .name = "h264" };

static void open_ring(ring *r, size_t bytes, uint32_t seconds)
{
    assert_true(ring_open(r, bytes, seconds));
    ring_head(r, &HEAD);
}

/* 20,000 packets of 1 to 3,000 bytes through 10,000 bytes: what comes out is the newest run, byte by byte, and no more than fits. */
static void what_comes_out_is_what_went_in(void **state)
{
    (void)state;
    ring r;
    uint32_t seed = 7;
    open_ring(&r, 10000, 3600);
    for (size_t n = 0; n < 20000; n++) {
        put(&r, n, 1 + draw(&seed) % 3000, true, (int64_t)n * 40000, (gf_utc_ms)n * 40);
        camera_packet *list;
        size_t count;
        camera_head head;
        gf_link_clip clip;
        uint64_t bytes, ms;
        if (n % 7)
            continue;
        assert_int_equal(ring_clip(&r, 0, INT64_MAX, &list, &count, &head, &clip, NULL), GF_OK);
        ring_size(&r, &bytes, &ms);
        assert_true(bytes <= 10000 && bytes == clip.bytes && count >= 1);
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < list[i].len; k++)
                assert_int_equal(list[i].bytes[k], byte_of(n + 1 - count + i, k));
        free(list);
    }
    ring_close(&r);
}

/* Keys at 0, 1 and 2 s; a clip from 1.5 s begins with the key of 1 s. */
static void a_clip_begins_with_the_key_frame_before(void **state)
{
    (void)state;
    ring r;
    camera_packet *list;
    size_t count;
    camera_head head;
    gf_link_clip clip;
    open_ring(&r, 100000, 60);
    for (size_t n = 0; n < 75; n++)
        put(&r, n, 10, n % 25 == 0, (int64_t)n * 40000, 5000 + (gf_utc_ms)n * 40);
    assert_int_equal(ring_clip(&r, 6500, 6900, &list, &count, &head, &clip, NULL), GF_OK);
    assert_true(list[0].key);
    assert_int_equal(clip.first, 6000);
    assert_int_equal(clip.last, 6880);
    assert_int_equal(count, 23);
    assert_int_equal(head.width, 640);
    free(list);
    assert_int_equal(ring_clip(&r, 1000, 2000, &list, &count, &head, &clip, NULL), GF_ENOTFOUND);
    ring_close(&r);
}

/* Stamps that stand still, jump by hours, run backwards or overflow come out rising. */
static void stamps_that_lie_come_out_rising(void **state)
{
    (void)state;
    const int64_t lies[] = { 0, 0, 40000, 39000, INT64_MAX, INT64_MAX - 1, -40000, CAMERA_NO_STAMP, 7200000000, INT64_MIN + 1, 0, 40000 };
    ring r;
    camera_packet *list;
    size_t count;
    camera_head head;
    gf_link_clip clip;
    open_ring(&r, 100000, 60);
    for (size_t n = 0; n < GF_COUNT(lies) * 3; n++)
        put(&r, n, 10, true, lies[n % GF_COUNT(lies)], 1000000 + (gf_utc_ms)n * 40);
    assert_int_equal(ring_clip(&r, 0, INT64_MAX, &list, &count, &head, &clip, NULL), GF_OK);
    assert_int_equal(count, GF_COUNT(lies) * 3);
    for (size_t i = 1; i < count; i++)
        assert_true(list[i].dts_us > list[i - 1].dts_us && list[i].dts_us - list[i - 1].dts_us <= 10000000 && list[i].pts_us >= list[i].dts_us);
    free(list);
    ring_close(&r);
}

/* The size is seen with the third key frame: a clip from before ends in front of it and has the size of before. */
static void a_clip_never_crosses_a_change_of_size(void **state)
{
    (void)state;
    ring r;
    camera_packet *list;
    size_t count;
    camera_head head;
    gf_link_clip clip;
    open_ring(&r, 100000, 60);
    for (size_t n = 0; n < 60; n++) {
        put(&r, n, 10, n % 20 == 0, (int64_t)n * 40000, (gf_utc_ms)n * 40);
        ring_resize(&r, n >= 42 ? 320 : 640, n >= 42 ? 180 : 360);
    }
    assert_int_equal(ring_clip(&r, 0, INT64_MAX, &list, &count, &head, &clip, NULL), GF_OK);
    assert_int_equal(count, 40);
    assert_int_equal(head.width, 640);
    free(list);
    assert_int_equal(ring_clip(&r, 1700, INT64_MAX, &list, &count, &head, &clip, NULL), GF_OK);
    assert_int_equal(count, 20);
    assert_int_equal(head.width, 320);
    free(list);
    ring_close(&r);
}

static void a_packet_larger_than_the_ring_is_not_kept(void **state)
{
    (void)state;
    ring r;
    uint64_t bytes, ms;
    open_ring(&r, 1000, 60);
    put(&r, 0, 900, true, 0, 0);
    put(&r, 1, 1001, false, 40000, 40);
    ring_size(&r, &bytes, &ms);
    assert_int_equal(bytes, 0);
    put(&r, 2, 1000, true, 80000, 80);
    ring_size(&r, &bytes, &ms);
    assert_int_equal(bytes, 1000);
    ring_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_comes_out_is_what_went_in), TEST(a_clip_begins_with_the_key_frame_before), TEST(stamps_that_lie_come_out_rising),
        TEST(a_clip_never_crosses_a_change_of_size), TEST(a_packet_larger_than_the_ring_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
