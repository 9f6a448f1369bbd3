/* The rule of sight by hand, views against lines in every cell, turned grids, voids. */
#include "unit/check.h"
#include "unit/ground.h"

#include <stdlib.h>
#include <string.h>

static const gf_terrain_air VACUUM = { .k = 0, .radius_m = 6371000 };

static bool is_proof(void) { return getenv("GONGFU_PROOF") != NULL; }
#define near_to(got, expected, tolerance) assert_true(fabs((got) - (expected)) <= (tolerance))

static gf_terrain_grid grid_of(gf_arena *arena, uint32_t rows, uint32_t columns, double cell_m, const float *height)
{
    gf_terrain_grid grid;
    assert_int_equal(gf_terrain_grid_of(rows, columns, cell_m, height, arena, &grid, NULL), GF_OK);
    return grid;
}

static gf_terrain_line walk(const gf_terrain_grid *grid, gf_terrain_air air, uint32_t r0, uint32_t c0, double mast_m, uint32_t r1, uint32_t c1, double target_m)
{
    gf_terrain_line line;
    gf_terrain_line_walk(grid, air, (gf_terrain_cell){ r0, c0 }, mast_m, (gf_terrain_cell){ r1, c1 }, target_m, &line);
    return line;
}

/* ---- Lines ---- */

/* One row of cells of 100 m: 0 0 5 0 0. From 10 m to the ground at 400 m the line passes the hill (200 m) at 5 m: its
 * slope is (5 - 10) / 200 = -0.025, the target's (0 - 10) / 400 = -0.025: just seen, margin 0. One more metre hides it by 4 * 1/2 m. */
static void a_target_just_over_a_hill_is_seen(void **state)
{
    float row[] = { 0, 0, 5, 0, 0 };
    gf_terrain_grid grid = grid_of(*state, 1, 5, 100, row);
    gf_terrain_line line = walk(&grid, VACUUM, 0, 0, 10, 0, 4, 0);
    assert_int_equal(line.sight, GF_TERRAIN_SEEN);
    near_to(line.margin_m, 0, 1e-12);
    near_to(line.blocker_dist_m, 200, 1e-9);
    row[2] = 6;
    line = walk(&grid, VACUUM, 0, 0, 10, 0, 4, 0);
    assert_int_equal(line.sight, GF_TERRAIN_HIDDEN);
    near_to(line.margin_m, -2, 1e-12);   /* (-0.025 - (6 - 10) / 200) * 400 */
}

/* Flat ground, eye 2 m, target 0 m at 10 km, k 0.87: the ground at d is lowered by 0.87 d^2 / 12742000. Half way the line is
 * at 1 - half of the target's drop; the ground's slope is greatest where 2/d = k'd, d = sqrt(2 / k') = 5412.1 m. */
static void the_earth_hides_what_is_far_on_flat_ground(void **state)
{
    enum { COUNT = 101 };
    float *row = gf_new(*state, float, COUNT);
    gf_terrain_grid grid = grid_of(*state, 1, COUNT, 100, row);
    gf_terrain_line line = walk(&grid, GF_TERRAIN_AIR_DEFAULT, 0, 0, 2, 0, 100, 0);
    double k = 0.87 / 12742000, slope_target = -2.0 / 10000 - k * 10000, slope_most = -2.0 / 5400 - k * 5400;
    assert_int_equal(line.sight, GF_TERRAIN_HIDDEN);
    near_to(line.blocker_dist_m, 5400, 1e-6);
    near_to(line.margin_m, (slope_target - slope_most) * 10000, 1e-9);
    assert_int_equal(walk(&grid, GF_TERRAIN_AIR_DEFAULT, 0, 0, 2, 0, 54, 0).sight, GF_TERRAIN_SEEN);
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 2, 0, 100, 0).sight, GF_TERRAIN_SEEN);
}

/* From (0,0) to row 1, column 2 the line crosses column 1 half way between the cells (0,1) and (1,1): their mean counts. */
static void ground_between_two_cells_is_their_mean(void **state)
{
    float cells[] = { 0, 8, 0, 0, 4, 0 };
    gf_terrain_grid grid = grid_of(*state, 2, 3, 10, cells);
    gf_terrain_line line = walk(&grid, VACUUM, 0, 0, 5, 1, 2, 5);
    assert_int_equal(line.sight, GF_TERRAIN_HIDDEN);
    near_to(line.blocker_dist_m, sqrt(125), 1e-9);
    near_to(line.margin_m, -2, 1e-12);   /* the line is level at 5 m, the mean is 6 m, half way: (5 - 6) / 0.5 */
}

static void a_neighbour_is_always_seen(void **state)
{
    float cells[] = { 0, 0, 0, 0, 900, 0, 0, 0, 0 };
    gf_terrain_grid grid = grid_of(*state, 3, 3, 10, cells);
    for (uint32_t i = 0; i < 9; i++) {
        gf_terrain_line line = walk(&grid, VACUUM, 1, 1, 0, i / 3, i % 3, 0);
        assert_int_equal(line.sight, GF_TERRAIN_SEEN);
        assert_false(line.has_blocker);
    }
}

static void a_void_on_the_way_is_unknown_unless_known_ground_hides(void **state)
{
    float row[] = { 0, 0, NAN, 0, 0, 0 };
    gf_terrain_grid grid = grid_of(*state, 1, 6, 100, row);
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 10, 0, 1, 0).sight, GF_TERRAIN_SEEN);       /* before it */
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 10, 0, 2, 0).sight, GF_TERRAIN_UNKNOWN);    /* on it */
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 10, 0, 5, 0).sight, GF_TERRAIN_UNKNOWN);    /* behind it */
    row[4] = 50;
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 10, 0, 5, 0).sight, GF_TERRAIN_HIDDEN);     /* behind it and a hill */
    row[4] = 0, row[1] = 50;
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 10, 0, 5, 0).sight, GF_TERRAIN_HIDDEN);
}

/* A void beside the line does not count where the line passes exactly through the other cell. */
static void a_void_that_weighs_nothing_does_not_matter(void **state)
{
    float cells[] = { 0, NAN, 0, 0, 0, NAN, 0, NAN, 0 };   /* the diagonal is known */
    gf_terrain_grid grid = grid_of(*state, 3, 3, 10, cells);
    assert_int_equal(walk(&grid, VACUUM, 0, 0, 1, 2, 2, 0).sight, GF_TERRAIN_SEEN);
}

/* ---- Views against lines ---- */

typedef struct question { gf_terrain_air air; gf_terrain_observer observer; bool margin; size_t workers; } question;

static gf_terrain_view ask(gf_arena *arena, const gf_terrain_grid *grid, const question *q)
{
    gf_terrain_view view;
    const gf_terrain_work work = { .workers = q->workers, .margin = q->margin };
    assert_int_equal(gf_terrain_view_make(grid, q->air, &q->observer, &work, arena, &view, NULL), GF_OK);
    return view;
}

static gf_terrain_sight sight_of(const gf_terrain_view *view, uint32_t row, uint32_t column)
{
    if (row < view->row0 || column < view->column0 || row - view->row0 >= view->rows || column - view->column0 >= view->columns)
        return GF_TERRAIN_OUTSIDE;
    return view->sight[(size_t)(row - view->row0) * view->columns + (column - view->column0)];
}

/* Written anew from the header's words, with angles where the engine has cross products. -1: too near to an edge to say. */
static int is_asked_for(const gf_terrain_grid *grid, const question *q, uint32_t row, uint32_t column)
{
    const gf_terrain_observer *o = &q->observer;
    double x = (double)column - o->cell.column, y = (double)o->cell.row - row, dist_m = grid->cell_m * sqrt(x * x + y * y);
    double h = (double)grid->height_m[(size_t)row * grid->columns + column], eye = (double)grid->height_m[(size_t)o->cell.row * grid->columns + o->cell.column] + o->mast_m;
    if (x == 0 && y == 0)
        return 1;
    if (fabs(dist_m - o->range_m) < 1e-7)
        return -1;
    if (dist_m > o->range_m)
        return 0;
    if (o->has_pan) {
        double turn = fmod(atan2(x, y) * 180 / 3.14159265358979323846 - o->pan_from_deg + 1080, 360), wide = fmod(o->pan_to_deg - o->pan_from_deg + 720, 360);
        if (turn < 1e-7 || turn > 360 - 1e-7 || fabs(turn - wide) < 1e-7)
            return -1;
        if (turn > wide)
            return 0;
    }
    if (o->has_pitch && !isnan(h)) {
        double deg = atan((h + o->target_m - q->air.k * dist_m * dist_m / (2 * q->air.radius_m) - eye) / dist_m) * 180 / 3.14159265358979323846;
        if (fabs(deg - o->pitch_min_deg) < 1e-7 || fabs(deg - o->pitch_max_deg) < 1e-7)
            return -1;
        if (deg < o->pitch_min_deg || deg > o->pitch_max_deg)
            return 0;
    }
    return 1;
}

static void check_cells(gf_arena *arena, const gf_terrain_grid *grid, const question *q)
{
    gf_terrain_view view = ask(arena, grid, q);
    uint64_t counted[4] = { 0 };
    for (uint32_t r = 0; r < grid->rows; r++)
        for (uint32_t c = 0; c < grid->columns; c++) {
            gf_terrain_line line;
            gf_terrain_line_walk(grid, q->air, q->observer.cell, q->observer.mast_m, (gf_terrain_cell){ r, c }, q->observer.target_m, &line);
            gf_terrain_sight got = sight_of(&view, r, c);
            int asked = is_asked_for(grid, q, r, c);
            if (asked == 1 || (asked == -1 && got != GF_TERRAIN_OUTSIDE))
                assert_int_equal(got, line.sight);
            else if (asked == 0)
                assert_int_equal(got, GF_TERRAIN_OUTSIDE);
            counted[got == GF_TERRAIN_OUTSIDE ? 3 : got]++;
            if (!q->margin || got == GF_TERRAIN_OUTSIDE)
                continue;
            float margin_m = view.margin_m[(size_t)(r - view.row0) * view.columns + (c - view.column0)];
            if (got == GF_TERRAIN_UNKNOWN)
                assert_true(isnan(margin_m));
            else
                assert_true(margin_m == (float)line.margin_m);
        }
    assert_int_equal(view.hidden, counted[GF_TERRAIN_HIDDEN]);
    assert_int_equal(view.seen, counted[GF_TERRAIN_SEEN]);
    assert_int_equal(view.unknown, counted[GF_TERRAIN_UNKNOWN]);
}

static question any_question(dice *d, const gf_terrain_grid *grid)
{
    question q = { .air = GF_TERRAIN_AIR_DEFAULT, .observer = GF_TERRAIN_OBSERVER_DEFAULT };
    do
        q.observer.cell = (gf_terrain_cell){ roll_below(d, grid->rows), roll_below(d, grid->columns) };
    while (isnan(grid->height_m[(size_t)q.observer.cell.row * grid->columns + q.observer.cell.column]));
    q.observer.mast_m = roll(d) < 0.1 ? 0 : roll(d) * 60;
    q.observer.target_m = roll(d) < 0.5 ? 1.5 : roll(d) * 20;
    q.observer.range_m = roll(d) < 0.5 ? (double)INFINITY : roll(d) * grid->cell_m * grid->columns;
    q.observer.has_pan = roll(d) < 0.4;
    q.observer.pan_from_deg = floor(roll(d) * 72) * 5;
    q.observer.pan_to_deg = floor(roll(d) * 72) * 5;
    q.observer.has_pitch = roll(d) < 0.3;
    q.observer.pitch_min_deg = -20 * roll(d);
    q.observer.pitch_max_deg = q.observer.pitch_min_deg + 30 * roll(d);
    q.margin = roll(d) < 0.4;
    q.workers = 1 + roll_below(d, 3);
    if (roll(d) < 0.3)
        q.air.k = 0;
    return q;
}

static void a_view_is_the_line_in_every_cell(void **state)
{
    dice d = { 20250329 };
    for (int turn = 0; turn < (is_proof() ? 3000 : 60); turn++) {
        gf_arena *arena = gf_arena_open(64 * GF_MIB);
        uint32_t rows = 1 + roll_below(&d, 110), columns = 1 + roll_below(&d, 150);
        double cell_m = roll(&d) < 0.5 ? 30 : 12.5;
        float *height = make_ground(arena, &d, rows, columns, roll(&d) * 300, roll(&d) < 0.3);
        if (roll(&d) < 0.5)
            make_voids(&d, rows, columns, roll(&d) * 0.01, height);
        if (rows * columns > 20 || !isnan(height[0])) {
            height[0] = isnan(height[0]) ? 0 : height[0];   /* one known cell at least */
            gf_terrain_grid grid = grid_of(arena, rows, columns, cell_m, height);
            question q = any_question(&d, &grid);
            check_cells(arena, &grid, &q);
        }
        gf_arena_close(arena);
    }
    (void)state;
}

/* ---- Turned grids ---- */

/* Move 0 ... 7: bit 0 mirrors columns, bit 1 mirrors rows, bit 2 exchanges them. */
static gf_terrain_cell moved(int move, uint32_t rows, uint32_t columns, gf_terrain_cell at)
{
    uint32_t r = move & 2 ? rows - 1 - at.row : at.row, c = move & 1 ? columns - 1 - at.column : at.column;
    return move & 4 ? (gf_terrain_cell){ c, r } : (gf_terrain_cell){ r, c };
}

/* A direction as the same move turns it: exchanging rows and columns sends east to south. */
static double moved_deg(int move, double deg)
{
    deg = move & 1 ? -deg : deg;
    deg = move & 2 ? 180 - deg : deg;
    return fmod((move & 4 ? 270 - deg : deg) + 720, 360);
}

static question moved_question(int move, const gf_terrain_grid *grid, question q)
{
    bool mirrored = ((move & 1) + (move >> 1 & 1) + (move >> 2 & 1)) % 2 == 1;
    double from = moved_deg(move, q.observer.pan_from_deg), to = moved_deg(move, q.observer.pan_to_deg);
    q.observer.cell = moved(move, grid->rows, grid->columns, q.observer.cell);
    q.observer.pan_from_deg = mirrored ? to : from;
    q.observer.pan_to_deg = mirrored ? from : to;
    return q;
}

static void a_turned_grid_gives_exactly_turned_answers(void **state)
{
    dice d = { 4490 };
    for (int turn = 0; turn < (is_proof() ? 500 : 12); turn++) {
        gf_arena *arena = gf_arena_open(256 * GF_MIB);
        uint32_t rows = 20 + roll_below(&d, 90), columns = 20 + roll_below(&d, 90);
        float *height = make_ground(arena, &d, rows, columns, 200, turn % 2);
        make_voids(&d, rows, columns, turn % 3 ? 0 : 0.003, height);
        height[0] = 0;
        gf_terrain_grid grid = grid_of(arena, rows, columns, 30, height);
        question q = any_question(&d, &grid);
        q.margin = true;
        gf_terrain_view view = ask(arena, &grid, &q);
        for (int move = 1; move < 8; move++) {
            uint32_t high = move & 4 ? columns : rows, wide = move & 4 ? rows : columns;
            float *turned = gf_new(arena, float, (size_t)rows * columns);
            for (uint32_t i = 0; i < rows * columns; i++) {
                gf_terrain_cell to = moved(move, rows, columns, (gf_terrain_cell){ i / columns, i % columns });
                turned[(size_t)to.row * wide + to.column] = height[i];
            }
            gf_terrain_grid other = grid_of(arena, high, wide, 30, turned);
            question other_q = moved_question(move, &grid, q);
            gf_terrain_view other_view = ask(arena, &other, &other_q);
            for (uint32_t i = 0; i < rows * columns; i++) {
                gf_terrain_cell from = { i / columns, i % columns }, to = moved(move, rows, columns, from);
                gf_terrain_sight expected = sight_of(&view, from.row, from.column);
                assert_int_equal(sight_of(&other_view, to.row, to.column), expected);
                if (expected == GF_TERRAIN_OUTSIDE)
                    continue;
                const float *a = &view.margin_m[(size_t)(from.row - view.row0) * view.columns + (from.column - view.column0)];
                const float *b = &other_view.margin_m[(size_t)(to.row - other_view.row0) * other_view.columns + (to.column - other_view.column0)];
                assert_true(*a == *b || (isnan(*a) && isnan(*b)));
            }
        }
        gf_arena_close(arena);
    }
    (void)state;
}

/* ---- Many ---- */

typedef struct heard { size_t next; const gf_terrain_view *views; const gf_terrain_observer *observers; size_t stop_at; } heard;

static gf_status hear(void *context, size_t index, const gf_terrain_view *view, gf_error *err)
{
    heard *h = context;
    if (index != h->next++)
        return gf_fail(err, GF_EINPUT, "test.order", "", "out of order");
    if (index == h->stop_at)
        return gf_fail(err, GF_ENO, "test.stop", "", "enough");
    const gf_terrain_view *own = &h->views[index];
    bool same = own->rows == view->rows && own->columns == view->columns && own->row0 == view->row0 && own->column0 == view->column0 &&
                memcmp(own->sight, view->sight, (size_t)own->rows * own->columns) == 0;
    return same ? GF_OK : gf_fail(err, GF_EINPUT, "test.other", "", "another view");
}

static bool give_up(void *context) { return ++*(int *)context > 20; }

static void many_views_are_the_single_ones(void **state)
{
    enum { COUNT = 24, SIDE = 130 };
    dice d = { 330329 };
    float *height = make_ground(*state, &d, SIDE, SIDE, 200, false);
    make_voids(&d, SIDE, SIDE, 0.001, height);
    gf_terrain_grid grid = grid_of(*state, SIDE, SIDE, 30, height);
    gf_terrain_observer observers[COUNT];
    gf_terrain_view views[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        question q = any_question(&d, &grid);
        q.air = GF_TERRAIN_AIR_DEFAULT;
        q.margin = false;
        observers[i] = q.observer;
        views[i] = ask(*state, &grid, &q);
    }
    for (size_t workers = 1; workers <= 4; workers++) {
        const gf_terrain_work work = { .workers = workers };
        heard h = { .views = views, .stop_at = COUNT };
        assert_int_equal(gf_terrain_view_each(&grid, GF_TERRAIN_AIR_DEFAULT, observers, COUNT, &work, hear, &h, NULL), GF_OK);
        assert_int_equal(h.next, COUNT);
        h = (heard){ .views = views, .stop_at = 5 };
        gf_error err;
        assert_int_equal(gf_terrain_view_each(&grid, GF_TERRAIN_AIR_DEFAULT, observers, COUNT, &work, hear, &h, &err), GF_ENO);
        assert_int_equal(h.next, 6);
        gf_terrain_bits *bits;
        assert_int_equal(gf_terrain_bits_make(&grid, GF_TERRAIN_AIR_DEFAULT, observers, COUNT, &work, *state, &bits, NULL), GF_OK);
        for (size_t i = 0; i < COUNT; i++)
            for (uint32_t cell = 0; cell < SIDE * SIDE; cell++) {
                gf_terrain_sight sight = sight_of(&views[i], cell / SIDE, cell % SIDE);
                assert_int_equal(gf_terrain_bits_has(&bits[i], bits[i].seen, cell / SIDE, cell % SIDE), sight == GF_TERRAIN_SEEN);
                if (bits[i].unknown)
                    assert_int_equal(gf_terrain_bits_has(&bits[i], bits[i].unknown, cell / SIDE, cell % SIDE), sight == GF_TERRAIN_UNKNOWN);
                else
                    assert_int_not_equal(sight, GF_TERRAIN_UNKNOWN);
            }
        int asked = 0;
        const gf_terrain_work short_work = { .workers = workers, .cancelled = workers == 1 ? give_up : NULL, .context = &asked };
        if (workers == 1)
            assert_int_equal(gf_terrain_bits_make(&grid, GF_TERRAIN_AIR_DEFAULT, observers, COUNT, &short_work, *state, &bits, NULL), GF_ECANCELLED);
    }
}

static void an_observer_that_cannot_be_is_refused(void **state)
{
    float cells[] = { 0, 1, NAN, 3 };
    gf_terrain_grid grid = grid_of(*state, 2, 2, 30, cells);
    static const struct { gf_terrain_observer o; } BAD[] = {
        { { .cell = { 2, 0 }, .mast_m = 30, .range_m = 100 } },          { { .cell = { 1, 0 }, .mast_m = 30, .range_m = 100 } },
        { { .cell = { 0, 0 }, .mast_m = -1, .range_m = 100 } },          { { .cell = { 0, 0 }, .mast_m = NAN, .range_m = 100 } },
        { { .cell = { 0, 0 }, .mast_m = 30, .range_m = 0 } },            { { .cell = { 0, 0 }, .mast_m = 30, .range_m = NAN } },
        { { .cell = { 0, 0 }, .mast_m = 30, .range_m = 9, .has_pitch = true, .pitch_min_deg = 5, .pitch_max_deg = 1 } },
        { { .cell = { 0, 0 }, .mast_m = 30, .range_m = 9, .has_pan = true, .pan_from_deg = NAN } },
    };
    gf_error err;
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_terrain_view view = { .rows = 77 };
        assert_int_equal(gf_terrain_view_make(&grid, VACUUM, &BAD[i].o, NULL, *state, &view, &err), GF_EINPUT);
        assert_string_equal(err.code, "terrain.observer");
        assert_int_equal(view.rows, 77);
    }
}

/* ---- Outlines ---- */

static gf_status outline_of(gf_arena *keep, const gf_terrain_view *view, gf_terrain_outline *outline)
{
    gf_arena *scratch = gf_arena_open(64 * GF_MIB);
    gf_status status = gf_terrain_outline_make(view, GF_TERRAIN_SEEN, keep, scratch, outline, NULL);
    gf_arena_close(scratch);
    return status;
}

/* Twice the area, counter-clockwise positive with north up; no corner twice; every side along one axis. */
static int64_t ring_area(const gf_terrain_ring *ring, uint32_t *marks, uint32_t mark, uint32_t wide)
{
    int64_t twice = 0;
    for (size_t i = 0; i < ring->count; i++) {
        gf_terrain_corner a = ring->corner[i], b = ring->corner[(i + 1) % ring->count];
        assert_true((a.row == b.row) != (a.column == b.column));
        assert_true(labs((long)a.row - (long)b.row) + labs((long)a.column - (long)b.column) <= 16);
        assert_int_not_equal(marks[(size_t)a.row * wide + a.column], mark);
        marks[(size_t)a.row * wide + a.column] = mark;
        twice += (int64_t)b.column * a.row - (int64_t)a.column * b.row;
    }
    return twice;
}

/* Cells to the right of a vertical side change from outside to inside: the sides of all rings together paint the set. */
static void paint(const gf_terrain_ring *ring, uint32_t columns, uint8_t *inside)
{
    for (size_t i = 0; i < ring->count; i++) {
        gf_terrain_corner a = ring->corner[i], b = ring->corner[(i + 1) % ring->count];
        for (uint32_t r = a.row < b.row ? a.row : b.row; a.column == b.column && r < (a.row < b.row ? b.row : a.row); r++)
            for (uint32_t c = a.column; c < columns; c++)
                inside[(size_t)r * columns + c] ^= 1;
    }
}

static void outlines_hold_exactly_the_cells(void **state)
{
    dice d = { 7946 };
    for (int turn = 0; turn < (is_proof() ? 2000 : 200); turn++) {
        gf_arena *arena = gf_arena_open(64 * GF_MIB);
        uint32_t rows = 1 + roll_below(&d, 40), columns = 1 + roll_below(&d, 40), mark = 0;
        gf_terrain_view view = { .row0 = 0, .column0 = 0, .rows = rows, .columns = columns, .sight = gf_new(arena, uint8_t, (size_t)rows * columns) };
        double share = roll(&d);
        int64_t cells = 0, twice = 0;
        for (size_t i = 0; i < (size_t)rows * columns; i++)
            cells += view.sight[i] = roll(&d) < share;
        gf_terrain_outline outline;
        assert_int_equal(outline_of(arena, &view, &outline), GF_OK);
        uint8_t *inside = gf_new(arena, uint8_t, (size_t)rows * columns);
        uint32_t *marks = gf_new(arena, uint32_t, (size_t)(rows + 1) * (columns + 1));
        for (size_t i = 0; i < outline.count; i++)
            for (size_t r = 0; r < outline.polygons[i].count; r++) {
                int64_t area = ring_area(&outline.polygons[i].rings[r], marks, ++mark, columns + 1);
                assert_true(r == 0 ? area > 0 : area < 0);
                paint(&outline.polygons[i].rings[r], columns, inside);
                twice += area;
            }
        assert_int_equal(twice, 2 * cells);
        assert_memory_equal(inside, view.sight, (size_t)rows * columns);
        gf_arena_close(arena);
    }
    (void)state;
}

/* A frame of cells around one that is not: one polygon, one hole of four corners; two cells that meet at a corner: two polygons. */
static void a_hole_is_a_hole_and_a_corner_joins_nothing(void **state)
{
    uint8_t frame[] = { 1, 1, 1, 1, 0, 1, 1, 1, 1 }, pair[] = { 1, 0, 0, 1 };
    gf_terrain_view view = { .row0 = 5, .column0 = 7, .rows = 3, .columns = 3, .sight = frame };
    gf_terrain_outline outline;
    assert_int_equal(outline_of(*state, &view, &outline), GF_OK);
    assert_int_equal(outline.count, 1);
    assert_int_equal(outline.polygons[0].count, 2);
    assert_int_equal(outline.polygons[0].rings[1].count, 4);
    for (size_t i = 0; i < 4; i++) {
        gf_terrain_corner c = outline.polygons[0].rings[1].corner[i];
        assert_true((c.row == 6 || c.row == 7) && (c.column == 8 || c.column == 9));
    }
    view = (gf_terrain_view){ .rows = 2, .columns = 2, .sight = pair };
    assert_int_equal(outline_of(*state, &view, &outline), GF_OK);
    assert_int_equal(outline.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_target_just_over_a_hill_is_seen), TEST(the_earth_hides_what_is_far_on_flat_ground), TEST(ground_between_two_cells_is_their_mean),
        TEST(a_neighbour_is_always_seen), TEST(a_void_on_the_way_is_unknown_unless_known_ground_hides),
        TEST(a_void_that_weighs_nothing_does_not_matter), TEST(a_view_is_the_line_in_every_cell), TEST(a_turned_grid_gives_exactly_turned_answers),
        TEST(many_views_are_the_single_ones), TEST(an_observer_that_cannot_be_is_refused),
        TEST(outlines_hold_exactly_the_cells), TEST(a_hole_is_a_hole_and_a_corner_joins_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
