/* tests/unit/check.h - cmocka with its includes in the order it wants them, and an arena for each test. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/gf_base.h"

static inline int open_arena(void **state) { return (*state = gf_arena_open(64 * GF_MIB)) ? 0 : -1; }
static inline int close_arena(void **state) { gf_arena_close(*state); return 0; }
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
#define assert_text(text, expected) assert_true(gf_str_is((text), (expected)))
