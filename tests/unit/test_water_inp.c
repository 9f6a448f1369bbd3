/* EPANET's INP format: what each line means, what real files carry, what is refused, and that writing loses nothing.
 * Expected numbers are the file's own times the unit, or the rule of EPANET's manual that is named. */
#include "check.h"
#include "water/gf_water.h"

#include <stdlib.h>
#include <string.h>

#define FOOT 0.3048

typedef struct reading { gf_water_net net; gf_water_note *notes; size_t note_count; gf_error err; gf_status status; } reading;

static reading read_bytes(gf_arena *arena, gf_str bytes)
{
    reading got = { .status = GF_OK };
    got.status = gf_water_inp_parse(bytes, "f.inp", arena, &got.net, &got.notes, &got.note_count, &got.err);
    return got;
}

static reading read_text(gf_arena *arena, const char *text) { return read_bytes(arena, gf_str_of(text)); }

/* Two junctions, a reservoir, a tank and three pipes, and what the test says. */
static const char *with(gf_arena *arena, const char *more)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_add_c(&text, "[JUNCTIONS]\n J1 10 1 day\n J2 20 2 ;the school\n[RESERVOIRS]\n R 100\n[TANKS]\n T 50 3 1 6 10 0\n"
                         "[PIPES]\n P1 R J1 1000 300 130 0 Open\n P2 J1 J2 500 200 120 1.5 Closed\n P3 J2 T 400 150 110 CV\n"
                         "[PATTERNS]\n day 0.5 1\n day 1.5\n[OPTIONS]\n UNITS LPS\n");
    gf_text_add_c(&text, more);
    gf_text_add_c(&text, "\n[END]\n");
    return gf_text_str(&text).data;
}

static const gf_water_node *node(const gf_water_net *net, const char *id) { return &net->nodes[gf_water_find_node(net, gf_str_of(id))]; }
static const gf_water_link *link_of(const gf_water_net *net, const char *id) { return &net->links[gf_water_find_link(net, gf_str_of(id))]; }

static reading accept(gf_arena *arena, const char *more)
{
    reading got = read_text(arena, with(arena, more));
    if (got.status != GF_OK)
        fail_msg("refused: %s %s", got.err.where, got.err.what);
    return got;
}

static void assert_near(double got, double expected)
{
    double slack = 1e-12 * (expected < 0 ? -expected : expected) + 1e-18;
    if (!(got - expected <= slack && expected - got <= slack))
        fail_msg("%.17g is not %.17g", got, expected);
}

/* ---- Meaning ---- */

static void metric_values_become_si(void **state)
{
    reading got = accept(*state, "");
    const gf_water_net *net = &got.net;
    assert_int_equal(net->node_count, 4);
    assert_int_equal(net->link_count, 3);
    assert_near(node(net, "J1")->elevation_m, 10);
    /* 1 L/s by EPANET's own factor: 1 / 28.317 ft3/s */
    assert_near(net->demands[node(net, "J1")->demand_first].base_m3s, FOOT * FOOT * FOOT / 28.317);
    assert_near(link_of(net, "P1")->diameter_m, 0.3);
    assert_near(link_of(net, "P2")->minor_loss, 1.5);
    assert_int_equal(link_of(net, "P2")->status, GF_WATER_CLOSED);
    assert_int_equal(link_of(net, "P3")->kind, GF_WATER_PIPE_CHECKED);
    assert_near(node(net, "T")->level_m, 3);
    assert_text(node(net, "J2")->note, "the school");
    assert_int_equal(net->patterns[0].count, 3);   /* over two lines */
    assert_near(net->patterns[0].factors[2], 1.5);
}

static void american_values_become_si(void **state)
{
    reading got = read_text(*state, "[JUNCTIONS]\nJ 100 10\n[RESERVOIRS]\nR 200\n[PIPES]\nP R J 1000 12 100\n[EMITTERS]\nJ 2\n[END]\n");
    assert_int_equal(got.status, GF_OK);
    assert_near(node(&got.net, "J")->elevation_m, 100 * FOOT);
    assert_near(link_of(&got.net, "P")->length_m, 304.8);
    assert_near(link_of(&got.net, "P")->diameter_m, FOOT);
    assert_near(got.net.demands[0].base_m3s, 10 * FOOT * FOOT * FOOT / 448.831);
    /* 2 gpm at one psi, exponent 1/2; one psi is 1 / 0.4333 ft of water */
    double emitter = node(&got.net, "J")->emitter;
    assert_near(emitter * emitter * (FOOT / 0.4333), 4 * (FOOT * FOOT * FOOT / 448.831) * (FOOT * FOOT * FOOT / 448.831));
}

/* The manual: a viscosity above 1e-3 is relative to water at 20 C, which is 1.1e-5 ft2/s here. */
static void viscosity_is_a_multiple_or_itself(void **state)
{
    assert_near(accept(*state, " VISCOSITY 1.5\n").net.options.viscosity_m2s, 1.5 * 1.1e-5 * FOOT * FOOT);
    assert_near(accept(*state, " VISCOSITY 1.3e-6\n").net.options.viscosity_m2s, 1.3e-6);
}

static void options_are_read_in_any_case_by_their_leading_letters(void **state)
{
    reading got = accept(*state, " headloss d-w\n Pressure kPa\n Specific Gravity 1.2\n trials 40\n Accuracy 0.0001\n Unbalanced Continue 7\n"
                                 " Pattern day\n Demand Multiplier 2\n Emitter Exponent 0.6\n DEMAND MODEL PDA\n minimum pressure 10\n required pressure 90\n"
                                 " Pressure Exponent 0.7\n HEADERROR 0.01\n FLOWCHANGE 0.5\n CHECKFREQ 3\n MAXCHECK 12\n DAMPLIMIT 0.1\n BACKFLOW ALLOWED no\n"
                                 " QUALITY Chlorine mg/L\n MAP a.map\n TOLERANCE 0.01\n");
    const gf_water_options *o = &got.net.options;
    double kpa = FOOT / (0.4333 * 6.895 * 1.2);
    assert_int_equal(o->headloss, GF_WATER_DARCY_WEISBACH);
    assert_near(got.net.links[0].roughness, 0.130);   /* mm */
    assert_int_equal(o->trials_max, 40);
    assert_int_equal(o->unbalanced, GF_WATER_CONTINUE);
    assert_int_equal(o->unbalanced_extra, 7);
    assert_int_equal(o->demand_pattern, 0);
    assert_near(o->demand_factor, 2);
    assert_near(o->emitter_exponent, 0.6);
    assert_int_equal(o->demand_model, GF_WATER_PRESSURE_DRIVEN);
    assert_near(o->pressure_min_m, 10 * kpa);
    assert_near(o->pressure_required_m, 90 * kpa);
    assert_near(o->pressure_exponent, 0.7);
    assert_near(o->head_error_m, 0.01);
    assert_int_equal(o->check_every, 3);
    assert_int_equal(o->check_until, 12);
    assert_near(o->damp_limit, 0.1);
    assert_false(o->emitter_backflow);
    assert_text(o->quality, "Chlorine mg/L");
    assert_text(got.net.kept[0].section, "OPTIONS");
    assert_text(got.net.kept[0].text, "MAP a.map\nTOLERANCE 0.01");
}

/* EPANET: demands without a pattern follow pattern "1" when there is one and the options name no other. */
static void the_default_pattern_is_1(void **state)
{
    assert_int_equal(accept(*state, "").net.options.demand_pattern, GF_WATER_NONE);
    assert_int_equal(accept(*state, "[PATTERNS]\n1 1 2\n").net.options.demand_pattern, 1);
    reading none = accept(*state, " PATTERN nobody\n[PATTERNS]\n1 1 2\n");
    assert_int_equal(none.net.options.demand_pattern, GF_WATER_NONE);
    assert_int_equal(none.note_count, 1);
}

/* EPANET: steps left out follow from others; a step is at most the pattern's and the report's. */
static void times_have_units_and_follow_each_other(void **state)
{
    reading got = accept(*state, "[TIMES]\n DURATION 2 days\n HYDRAULIC TIMESTEP 90 min\n PATTERN TIMESTEP 1:00\n REPORT TIMESTEP 0:30\n"
                                 " START CLOCKTIME 1:30 pm\n PATTERN START 1.5\n Statistic None\n");
    const gf_water_options *o = &got.net.options;
    assert_int_equal(o->duration_s, 2 * 86400);
    assert_int_equal(o->step_s, 1800);
    assert_int_equal(o->rule_step_s, 180);
    assert_int_equal(o->quality_step_s, 180);
    assert_int_equal(o->clock_start_s, 13 * 3600 + 1800);
    assert_int_equal(o->pattern_start_s, 5400);
    assert_text(o->statistic, "None");
    assert_int_equal(accept(*state, "[TIMES]\n START CLOCKTIME 12 AM\n").net.options.clock_start_s, 0);
    assert_int_equal(accept(*state, "[TIMES]\n START CLOCKTIME 12 PM\n").net.options.clock_start_s, 12 * 3600);
}

static void demands_replace_the_junction_s_own(void **state)
{
    reading got = accept(*state, "[DEMANDS]\n J1 3 day ;houses\n J2 5\n J1 4 ;cattle\n MULTIPLY 2\n");
    const gf_water_node *j1 = node(&got.net, "J1"), *j2 = node(&got.net, "J2");
    assert_int_equal(j1->demand_count, 2);
    assert_near(got.net.demands[j1->demand_first].base_m3s, 3 * got.net.units.flow_m3s);
    assert_text(got.net.demands[j1->demand_first].category, "houses");
    assert_text(got.net.demands[j1->demand_first + 1].category, "cattle");
    assert_int_equal(got.net.demands[j1->demand_first + 1].pattern, GF_WATER_NONE);
    assert_int_equal(j2->demand_count, 1);
    assert_near(got.net.demands[j2->demand_first].base_m3s, 5 * got.net.units.flow_m3s);
    assert_near(got.net.options.demand_factor, 2);   /* a line of EPANET 1 */
}

static void pumps_are_read_by_words_and_as_in_epanet_1(void **state)
{
    reading got = accept(*state, "[CURVES]\n;PUMP: the old one\n c 0 60\n c 5 50\n c 10 30\n"
                                 "[PUMPS]\n A J1 J2 HEAD c SPEED 1.2 PATTERN day\n B J1 J2 POWER 5\n C J1 J2 4.52\n D J1 J2 40 10\n c J1 J2 60 50 5 30 10\n"
                                 "[STATUS]\n A Closed\n[ENERGY]\n GLOBAL EFFIC 60\n PUMP B PRICE 0.7\n PUMP B EFFIC c\n PUMP A PRICE 0\n");
    const gf_water_net *net = &got.net;
    assert_text(net->curves[link_of(net, "A")->curve].kind, "PUMP");
    assert_text(net->curves[link_of(net, "A")->curve].note, "the old one");
    assert_int_equal(link_of(net, "A")->status, GF_WATER_CLOSED);
    assert_near(link_of(net, "A")->setting, 1);       /* what it gets when it is opened */
    assert_near(link_of(net, "B")->power_w, 5000);    /* kW, converted once */
    assert_near(link_of(net, "B")->price, 0.7);
    assert_true(link_of(net, "A")->price < 0);        /* 0 is "not told" */
    assert_near(net->options.pump_efficiency, 0.6);
    assert_near(link_of(net, "C")->power_w, 4520);
    const gf_water_curve *one = &net->curves[link_of(net, "D")->curve], *three = &net->curves[link_of(net, "c")->curve];
    assert_int_equal(one->count, 1);
    assert_near(one->x[0], 10);                       /* head, then flow, on the line */
    assert_near(one->y[0], 40);
    assert_text(three->id, "c-1");                    /* a curve "c" was there */
    assert_near(three->x[2], 10);
    assert_near(three->y[2], 30);
    assert_int_equal(got.note_count, 3);
}

static void valves_have_settings_in_their_unit(void **state)
{
    reading got = accept(*state, "[JUNCTIONS]\nA 0\nB 0\nC 0\nD 0\n[CURVES]\ng 0 0\ng 10 5\n[VALVES]\n V1 J1 A 100 PRV 30\n V2 J2 B 100 FCV 5\n"
                                 " V3 J2 C 100 GPV g\n V4 C D 100 TCV 12 0.3\n V5 B D 100 PBV 7\n[STATUS]\n V4 OPEN\n V1 25\n V5 CLOSED\n");
    const gf_water_net *net = &got.net;
    assert_near(link_of(net, "V1")->setting, 25);
    assert_int_equal(link_of(net, "V1")->status, GF_WATER_ACTIVE);
    assert_near(link_of(net, "V2")->setting, 5 * net->units.flow_m3s);
    assert_int_equal(link_of(net, "V3")->status, GF_WATER_OPEN);
    assert_int_equal(link_of(net, "V3")->curve, 0);
    assert_near(link_of(net, "V4")->setting, 12);
    assert_int_equal(link_of(net, "V4")->status, GF_WATER_OPEN);
    assert_int_equal(link_of(net, "V5")->status, GF_WATER_CLOSED);
}

static void controls_have_three_forms(void **state)
{
    reading got = accept(*state, "[CONTROLS]\n LINK P2 OPEN IF NODE T BELOW 2\n LINK P2 CLOSED AT TIME 5:30\n link P2 0 at clocktime 6 PM\n"
                                 " LINK P2 1 IF NODE J1 ABOVE 12.5 DISABLED\n");
    const gf_water_control *c = got.net.controls;
    assert_int_equal(got.net.control_count, 4);
    assert_int_equal(c[0].kind, GF_WATER_BELOW);
    assert_near(c[0].value_m, 2);
    assert_int_equal(c[1].kind, GF_WATER_AT_TIME);
    assert_int_equal(c[1].time_s, 19800);
    assert_int_equal(c[2].kind, GF_WATER_AT_CLOCK);
    assert_int_equal(c[2].time_s, 18 * 3600);
    assert_true(c[2].sets_status && c[2].status == GF_WATER_CLOSED);   /* a pipe has no setting */
    assert_true(c[3].status == GF_WATER_OPEN && c[3].disabled);
    assert_near(c[3].value_m, 12.5);
}

static void rules_have_premises_and_two_lists_of_actions(void **state)
{
    reading got = accept(*state, "[RULES]\nRULE 1\nIF TANK T LEVEL BELOW 1.5\nOR SYSTEM CLOCKTIME >= 6:15 PM\nAND LINK P1 FLOW > 2\nAND PIPE P2 STATUS IS CLOSED\n"
                                 "THEN PIPE P2 STATUS IS OPEN\nAND PIPE P1 STATUS = CLOSED\nELSE PIPE P2 STATUS IS CLOSED\nPRIORITY 3\n"
                                 "RULE 2\nIF JUNC J1 PRESSURE <> 20\nAND RESERV R HEAD <= 90\nAND TANK T FILLTIME ABOVE 2\nTHEN LINK P2 SETTING IS 0\n");
    const gf_water_rule *one = &got.net.rules[0], *two = &got.net.rules[1];
    assert_int_equal(one->premise_count, 4);
    assert_true(one->premises[1].or_else);
    assert_int_equal(one->premises[1].variable, GF_WATER_VAR_CLOCK);
    assert_near(one->premises[1].value, 18 * 3600 + 900);
    assert_near(one->premises[2].value, 2 * got.net.units.flow_m3s);
    assert_int_equal(one->premises[3].status, GF_WATER_CLOSED);
    assert_int_equal(one->then_count, 2);
    assert_int_equal(one->otherwise_count, 1);
    assert_near(one->priority, 3);
    assert_int_equal(two->premises[0].relation, GF_WATER_NE);
    assert_near(two->premises[2].value, 7200);
    assert_true(two->then[0].sets_status && two->then[0].status == GF_WATER_CLOSED);
}

static void tanks_may_spill_and_have_a_curve(void **state)
{
    reading got = accept(*state, "[CURVES]\nv 0 0\nv 8 400\n[TANKS]\n U 10 1 0 5 12 0 v\n W 10 1 0 5 12 3 * YES\n[PIPES]\n a U J1 1 100 100\n b W J1 1 100 100\n");
    assert_int_equal(node(&got.net, "U")->volume_curve, 0);
    assert_true(node(&got.net, "W")->overflows);
    assert_near(node(&got.net, "W")->volume_min_m3, 3);
    assert_int_equal(node(&got.net, "W")->volume_curve, GF_WATER_NONE);
}

static void a_range_of_links_is_set_by_number_or_by_order(void **state)
{
    reading got = accept(*state, "[PIPES]\n 7 J1 J2 1 1 1\n 9 J1 J2 1 1 1\n 12 J1 J2 1 1 1\n[STATUS]\n 7 10 CLOSED\n P1 P1z Closed\n");
    assert_int_equal(link_of(&got.net, "9")->status, GF_WATER_CLOSED);
    assert_int_equal(link_of(&got.net, "12")->status, GF_WATER_OPEN);
    assert_int_equal(link_of(&got.net, "P1")->status, GF_WATER_CLOSED);
}

/* ---- What real files carry ---- */

static void a_reservoir_among_the_tanks_is_a_reservoir(void **state)
{
    reading got = accept(*state, "[TANKS]\n Q 80\n S 70 2 0 5 0\n[PIPES]\n q Q J1 10 100 100\n s S J1 10 100 100\n");
    assert_int_equal(node(&got.net, "Q")->kind, GF_WATER_RESERVOIR);
    assert_near(node(&got.net, "S")->elevation_m, 72);   /* no diameter: its water stands at 70 + 2 */
    assert_int_equal(got.note_count, 2);
    assert_int_equal(got.notes[0].line, 18);
}

static void what_is_not_there_cannot_be_placed_or_tagged(void **state)
{
    reading got = accept(*state, "[COORDINATES]\nJ1 1 2\nX 1 2\n[VERTICES]\nP1 1 2\nP1 3 4\nY 1 2\n[TAGS]\nNODE J1 here\nLINK Z there\n");
    assert_int_equal(got.note_count, 3);
    assert_true(node(&got.net, "J1")->placed);
    assert_int_equal(link_of(&got.net, "P1")->vertex_count, 2);
    assert_near(got.net.vertices[link_of(&got.net, "P1")->vertex_first + 1].y, 4);
    assert_text(node(&got.net, "J1")->tag, "here");
}

static const char SMALL[] = "[TITLE]\r\nvillage\r\n[JUNC]\r\nA\t5\t1\r\n[RESERVOIRS]\r\nR 9\r\n[PIPE]\r\nP R A 10 50 100\r\n[OPTIONS]\r\nunits si\r\n";

static void line_ends_tabs_short_heads_and_a_missing_end_are_read(void **state)
{
    reading got = read_text(*state, SMALL);
    assert_int_equal(got.status, GF_OK);
    assert_text(got.net.title, "village");
    assert_int_equal(got.net.options.flow_unit, GF_WATER_LPS);
    assert_int_equal(got.note_count, 2);   /* SI, no [END] */
    char mac[sizeof SMALL];
    size_t len = 0;
    for (size_t i = 0; i < sizeof SMALL - 1; i++)
        if (SMALL[i] != '\n')
            mac[len++] = SMALL[i];
    got = read_bytes(*state, (gf_str){ mac, len });
    assert_int_equal(got.status, GF_OK);
    assert_int_equal(got.net.node_count, 2);
}

static void marks_and_nul_bytes_are_passed_over(void **state)
{
    static const char bytes[] = "\xEF\xBB\xBF[JUNCTIONS]\nA 5 1\0\0\0\n[RESERVOIRS]\nR 9\n[PIPES]\nP R A 10 50 100\n[END]\n\0\0\0";
    reading got = read_bytes(*state, (gf_str){ bytes, sizeof bytes - 1 });
    assert_int_equal(got.status, GF_OK);
    assert_int_equal(got.note_count, 1);
    assert_text(got.notes[0].text, "6 NUL bytes are read as blanks");
}

/* "村" is B4 E5 in GBK; "é" is E9 in Latin-1, where "és" would be a rare character of GBK. */
static void old_encodings_become_utf_8(void **state)
{
    gf_arena *arena = *state;
    const char *rest = "[JUNCTIONS]\n%s 5 1\n[RESERVOIRS]\nR 9\n[PIPES]\nP R %s 10 50 100\n[END]\n";
    gf_text gbk, latin;
    gf_text_init(&gbk, arena);
    gf_text_init(&latin, arena);
    gf_text_format(&gbk, rest, "\xB4\xE5", "\xB4\xE5");
    gf_text_format(&latin, rest, "R\xE9seau", "R\xE9seau");
    reading got = read_bytes(arena, gf_text_str(&gbk));
    assert_int_equal(got.status, GF_OK);
    assert_text(got.net.nodes[0].id, "村");
    got = read_bytes(arena, gf_text_str(&latin));
    assert_int_equal(got.status, GF_OK);
    assert_text(got.net.nodes[0].id, "Réseau");
    assert_int_equal(got.note_count, 1);
}

static void long_lines_and_ids_are_read_whole(void **state)
{
    gf_arena *arena = *state;
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_add_c(&text, "[PATTERNS]\n week");
    for (int i = 0; i < 400; i++)
        gf_text_format(&text, " %d.25", i);
    gf_text_add_c(&text, "\n[JUNCTIONS]\n a-junction-with-a-name-of-more-than-31-bytes 1\n[PIPES]\n x J1 a-junction-with-a-name-of-more-than-31-bytes 1 1 1\n");
    reading got = accept(arena, gf_text_str(&text).data);
    assert_int_equal(got.net.patterns[1].count, 400);
    assert_near(got.net.patterns[1].factors[399], 399.25);
    assert_int_equal(got.note_count, 4);   /* bytes of the line, at both turns; its factors; the id */
}

static void sections_may_stand_in_any_order(void **state)
{
    reading got = read_text(*state, "[PIPES]\nP R A 10 50 100\n[OPTIONS]\nUNITS CMH\n[RESERVOIRS]\nR 9\n[JUNCTIONS]\nA 5 1\n[END]\nbehind the end\n[NOTHING]\n");
    assert_int_equal(got.status, GF_OK);
    assert_near(got.net.links[0].diameter_m, 0.05);
}

static void sections_of_quality_are_kept(void **state)
{
    reading got = accept(*state, "[QUALITY]\n J1 0.5 ;mg\n\n J2  1\n\n[LEAKAGE]\n P1 1 2\n[REPORT]\n STATUS NO\n");
    assert_int_equal(got.net.kept_count, 3);
    assert_text(got.net.kept[0].text, " J1 0.5 ;mg\n\n J2  1");
    assert_int_equal(got.note_count, 1);   /* LEAKAGE is not computed */
}

/* ---- What is refused ---- */

static const struct { const char *more, *code, *where, *word; } REFUSED[] = {
    { "[PIPES]\nX J1 J9 1 1 1\n", "water.inp.node", "f.inp:18", "J9" },
    { "[CONTROLS]\nLINK Q OPEN AT TIME 1\n", "water.inp.link", "f.inp:18", "Q" },
    { "[CONTROLS]\nLINK P2 OPEN IF NODE Q ABOVE 1\n", "water.inp.node", "f.inp:18", "Q" },
    { "[RULES]\nRULE 1\nIF NODE Q LEVEL > 1\n", "water.inp.node", "f.inp:19", "Q" },
    { "[RULES]\nRULE 1\nTHEN LINK P2 STATUS IS OPEN\n", "water.inp.rule", "f.inp:19", "THEN" },
    { "[RULES]\nRULE 1\nIF NODE J1 FLOW > 1\n", "water.inp.rule", "f.inp:19", "FLOW" },
    { "[JUNCTIONS]\nT 1\n", "water.inp.twice", "f.inp:7", "T" },
    { "[PUMPS]\nP1 J1 J2 POWER 1\n", "water.inp.twice", "f.inp:18", "P1" },
    { "[PIPES]\nX J1 J2 0 1 1\n", "water.inp.range", "f.inp:18", "length" },
    { "[PIPES]\nX J1 J2 1 -5 1\n", "water.inp.range", "f.inp:18", "diameter" },
    { "[PIPES]\nX J1 J2 1 1 0\n", "water.inp.range", "f.inp:18", "roughness" },
    { "[PIPES]\nX J1 J1 1 1 1\n", "water.inp.self", "f.inp:18", "J1" },
    { "[PIPES]\nX J1 J2 1\n", "water.inp.short", "f.inp:18", "4 items" },
    { "[PIPES]\nX J1 J2 1e99 1 1\n", "water.inp.number", "f.inp:18", "1e99" },
    { "[PIPES]\nX J1 J2 nan 1 1\n", "water.inp.number", "f.inp:18", "nan" },
    { "[PIPES]\nX J1 J2 0x10 1 1\n", "water.inp.number", "f.inp:18", "0x10" },
    { "[JUNCTIONS]\nX ten\n", "water.inp.number", "f.inp:18", "ten" },
    { "[JUNCTIONS]\nX 1 1 nobody\n", "water.inp.pattern", "f.inp:18", "nobody" },
    { "[PUMPS]\nX J1 J2 HEAD nobody\n", "water.inp.curve", "f.inp:18", "nobody" },
    { "[PUMPS]\nX J1 J2 SPEED 1\n", "water.inp.pump", "f.inp:18", "neither" },
    { "[CURVES]\nc 1 5\nc 1 4\n", "water.inp.rising", "f.inp:19", "rise" },
    { "[CURVES]\nc 1 5\nc 2 6\n[PUMPS]\nX J1 J2 HEAD c\n", "water.inp.head_curve", "f.inp:21", "'c'" },
    { "[TANKS]\nX 1 9 1 6 10\n[PIPES]\nY X J1 1 1 1\n", "water.inp.tank", "f.inp:18", "outside" },
    { "[TANKS]\nX 1 2 1 6\n", "water.inp.short", "f.inp:18", "tank" },
    { "[JUNCTIONS]\nX 1\nY 1\n", "water.inp.unlinked", "f.inp:18", "others" },
    { "[TIMES]\nDURATION soon\n", "water.inp.time", "f.inp:18", "soon" },
    { "[TIMES]\nSTART CLOCKTIME 20 PM\n", "water.inp.time", "f.inp:18", "20 PM" },
    { "[TIMES]\nDURATION -1\n", "water.inp.time", "f.inp:18", "-1" },
    { " COLOUR red\n", "water.inp.word", "f.inp:17", "COLOUR" },
    { " HEADLOSS X-Y\n", "water.inp.word", "f.inp:17", "X-Y" },
    { " SPECIFIC GRAVITY 0\n", "water.inp.range", "f.inp:17", "0" },
    { " MINIMUM PRESSURE 5\n REQUIRED PRESSURE 5\n", "water.inp.range", "f.inp:18", "REQUIRED" },
    { " QUALITY TRACE nobody\n", "water.inp.node", "f.inp:17", "nobody" },
    { "[STATUS]\nP3 OPEN\n", "water.inp.status", "f.inp:18", "P3" },
    { "[VALVES]\nX J1 R 100 PRV 30\n", "water.inp.valve", "f.inp:18", "fixed" },
    { "[VALVES]\nX J1 J2 100 PRV 30\nY J1 J2 100 PRV 20\n", "water.inp.valve", "f.inp:19", "'Y'" },
    { "[VALVES]\nX J1 J2 100 PCV 30\n", "water.inp.word", "f.inp:18", "2.3" },
    { "[MYSTERY]\nx\n", "water.inp.section", "f.inp:17", "MYSTERY" },
};

static void wrong_files_are_refused_with_a_place_and_a_sentence(void **state)
{
    for (size_t i = 0; i < GF_COUNT(REFUSED); i++) {
        gf_arena *arena = *state;
        const char *text = with(arena, REFUSED[i].more);
        size_t used = gf_arena_used(arena);
        reading got = read_text(arena, text);
        if (got.status != GF_EINPUT || strcmp(got.err.code, REFUSED[i].code) != 0 || !strstr(got.err.what, REFUSED[i].word) || !got.err.hint[0])
            fail_msg("%s: %s %s %s", REFUSED[i].more, got.status == GF_OK ? "accepted" : got.err.code, got.err.where, got.err.what);
        assert_string_equal(got.err.where, REFUSED[i].where);
        assert_int_equal(gf_arena_used(arena), used);   /* nothing is left behind */
    }
}

static void places_of_failures_are_lines_of_the_file(void **state)
{
    const char *text = with(*state, "[PIPES]\nX J1 J9 1 1 1\n");
    reading got = read_text(*state, text);
    size_t line = 1;
    for (const char *at = text; at < strstr(text, "X J1 J9"); at++)
        line += *at == '\n';
    assert_int_equal(strtoul(got.err.where + 6, NULL, 10), line);
}

static void a_long_path_leaves_room_for_the_line(void **state)
{
    gf_water_net net;
    gf_error err;
    char path[300];
    memset(path, 'd', sizeof path);
    strcpy(path + 200, "/a/network.inp");
    assert_int_equal(gf_water_inp_parse(GF_STR("[JUNCTIONS]\nA x\n"), path, *state, &net, NULL, NULL, &err), GF_EINPUT);
    assert_string_equal(err.where, "a/network.inp:2");
}

static void garbage_and_networks_without_a_source_are_refused(void **state)
{
    assert_string_equal(read_bytes(*state, GF_STR("\x7f" "ELF\x02\x01\0\0\xff\xfe garbage")).err.code, "water.inp.none");
    assert_string_equal(read_text(*state, "").err.code, "water.inp.none");
    assert_string_equal(read_text(*state, "[JUNCTIONS]\nA 1\nB 1\n[PIPES]\nP A B 1 1 1\n").err.code, "water.inp.source");
    assert_string_equal(read_text(*state, "[RESERVOIRS]\nA 1\n").err.code, "water.inp.few");
}

static void a_million_pipes_are_too_many(void **state)
{
    (void)state;
    enum { PIPES = 1000000 };
    gf_arena *arena = gf_arena_open(400 * GF_MIB);
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_add_c(&text, "[JUNCTIONS]\nA 1\n[RESERVOIRS]\nR 1\n[PIPES]\n");
    for (int i = 0; i < PIPES; i++)
        gf_text_format(&text, "%d A R 1 1 1\n", i);
    reading got = read_bytes(arena, gf_text_str(&text));
    assert_int_equal(got.status, GF_ELIMIT);
    assert_string_equal(got.err.code, "water.inp.limit");
    gf_arena_close(arena);
}

static void memory_that_ends_is_told(void **state)
{
    const char *text = with(*state, "[CONTROLS]\nLINK P2 OPEN AT TIME 1\n");
    gf_status status = GF_ENOMEM;
    for (size_t bytes = 16; status != GF_OK; bytes += 512) {
        gf_arena *small = gf_arena_open(bytes);
        gf_water_net net;
        gf_error err;
        status = gf_water_inp_parse(gf_str_of(text), "f.inp", small, &net, NULL, NULL, &err);
        assert_true(status == GF_OK || status == GF_ENOMEM);
        gf_arena_close(small);
        assert_true(bytes < GF_MIB);
    }
}

/* ---- Writing ---- */

static bool same_str(gf_str a, gf_str b) { return gf_str_eq(a, b); }

static bool same_nodes(const gf_water_net *a, const gf_water_net *b)
{
    for (uint32_t i = 0; i < a->node_count; i++) {
        const gf_water_node *x = &a->nodes[i], *y = &b->nodes[i];
        if (!same_str(x->id, y->id) || x->kind != y->kind || x->elevation_m != y->elevation_m || x->demand_first != y->demand_first ||
            x->demand_count != y->demand_count || x->emitter != y->emitter || x->pattern != y->pattern || x->level_m != y->level_m ||
            x->level_min_m != y->level_min_m || x->level_max_m != y->level_max_m || x->diameter_m != y->diameter_m ||
            x->volume_min_m3 != y->volume_min_m3 || x->volume_curve != y->volume_curve || x->overflows != y->overflows || x->placed != y->placed ||
            x->x != y->x || x->y != y->y || !same_str(x->note, y->note) || !same_str(x->tag, y->tag))
            return false;
    }
    for (uint32_t i = 0; i < a->demand_count; i++)
        if (a->demands[i].base_m3s != b->demands[i].base_m3s || a->demands[i].pattern != b->demands[i].pattern ||
            !same_str(a->demands[i].category, b->demands[i].category))
            return false;
    return true;
}

static bool same_links(const gf_water_net *a, const gf_water_net *b)
{
    for (uint32_t i = 0; i < a->link_count; i++) {
        const gf_water_link *x = &a->links[i], *y = &b->links[i];
        if (!same_str(x->id, y->id) || x->kind != y->kind || x->from != y->from || x->to != y->to || x->status != y->status ||
            x->length_m != y->length_m || x->diameter_m != y->diameter_m || x->roughness != y->roughness || x->minor_loss != y->minor_loss ||
            x->setting != y->setting || x->curve != y->curve || x->power_w != y->power_w || x->speed_pattern != y->speed_pattern ||
            x->efficiency_curve != y->efficiency_curve || x->price_pattern != y->price_pattern || x->price != y->price ||
            x->vertex_first != y->vertex_first || x->vertex_count != y->vertex_count || !same_str(x->note, y->note) || !same_str(x->tag, y->tag))
            return false;
    }
    for (uint32_t i = 0; i < a->vertex_count; i++)
        if (a->vertices[i].x != b->vertices[i].x || a->vertices[i].y != b->vertices[i].y)
            return false;
    return true;
}

static bool same_numbers(const double *a, const double *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool same_series(const gf_water_net *a, const gf_water_net *b)
{
    for (uint32_t i = 0; i < a->pattern_count; i++) {
        const gf_water_pattern *x = &a->patterns[i], *y = &b->patterns[i];
        if (!same_str(x->id, y->id) || x->count != y->count || !same_str(x->note, y->note) || !same_numbers(x->factors, y->factors, x->count))
            return false;
    }
    for (uint32_t i = 0; i < a->curve_count; i++) {
        const gf_water_curve *x = &a->curves[i], *y = &b->curves[i];
        if (!same_str(x->id, y->id) || x->count != y->count || !same_str(x->kind, y->kind) || !same_str(x->note, y->note) ||
            !same_numbers(x->x, y->x, x->count) || !same_numbers(x->y, y->y, x->count))
            return false;
    }
    return true;
}

static bool same_actions(const gf_water_action *a, const gf_water_action *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i].link != b[i].link || a[i].sets_status != b[i].sets_status || a[i].status != b[i].status || a[i].setting != b[i].setting)
            return false;
    return true;
}

static bool same_rules(const gf_water_net *a, const gf_water_net *b)
{
    for (uint32_t i = 0; i < a->control_count; i++) {
        const gf_water_control *x = &a->controls[i], *y = &b->controls[i];
        if (x->link != y->link || x->sets_status != y->sets_status || x->status != y->status || x->setting != y->setting || x->kind != y->kind ||
            x->node != y->node || x->value_m != y->value_m || x->time_s != y->time_s || x->disabled != y->disabled)
            return false;
    }
    for (uint32_t i = 0; i < a->rule_count; i++) {
        const gf_water_rule *x = &a->rules[i], *y = &b->rules[i];
        if (!same_str(x->id, y->id) || x->premise_count != y->premise_count || x->then_count != y->then_count ||
            x->otherwise_count != y->otherwise_count || x->priority != y->priority || x->disabled != y->disabled ||
            !same_actions(x->then, y->then, x->then_count) || !same_actions(x->otherwise, y->otherwise, x->otherwise_count))
            return false;
        for (uint32_t k = 0; k < x->premise_count; k++) {
            const gf_water_premise *p = &x->premises[k], *q = &y->premises[k];
            if (p->or_else != q->or_else || p->object != q->object || p->index != q->index || p->variable != q->variable ||
                p->relation != q->relation || p->status != q->status || p->value != q->value)
                return false;
        }
    }
    return true;
}

static bool same_options(const gf_water_options *a, const gf_water_options *b)
{
    return a->flow_unit == b->flow_unit && a->pressure_unit == b->pressure_unit && a->headloss == b->headloss && a->viscosity_m2s == b->viscosity_m2s &&
           a->specific_gravity == b->specific_gravity && a->accuracy == b->accuracy && a->head_error_m == b->head_error_m &&
           a->flow_change_m3s == b->flow_change_m3s && a->trials_max == b->trials_max && a->unbalanced == b->unbalanced &&
           a->unbalanced_extra == b->unbalanced_extra && a->demand_pattern == b->demand_pattern && a->demand_factor == b->demand_factor &&
           a->emitter_exponent == b->emitter_exponent && a->emitter_backflow == b->emitter_backflow && a->demand_model == b->demand_model &&
           a->pressure_min_m == b->pressure_min_m && a->pressure_required_m == b->pressure_required_m && a->pressure_exponent == b->pressure_exponent &&
           a->check_every == b->check_every && a->check_until == b->check_until && a->damp_limit == b->damp_limit &&
           a->pump_efficiency == b->pump_efficiency && a->energy_price == b->energy_price && a->demand_charge == b->demand_charge &&
           a->price_pattern == b->price_pattern && a->duration_s == b->duration_s && a->step_s == b->step_s &&
           a->quality_step_s == b->quality_step_s && a->rule_step_s == b->rule_step_s && a->pattern_step_s == b->pattern_step_s &&
           a->pattern_start_s == b->pattern_start_s && a->report_step_s == b->report_step_s && a->report_start_s == b->report_start_s &&
           a->clock_start_s == b->clock_start_s && same_str(a->statistic, b->statistic) && same_str(a->quality, b->quality);
}

static bool same_kept(const gf_water_net *a, const gf_water_net *b)
{
    for (uint32_t i = 0; i < a->kept_count; i++)
        if (!same_str(a->kept[i].section, b->kept[i].section) || !same_str(a->kept[i].text, b->kept[i].text))
            return false;
    return same_str(a->title, b->title);
}

static const char *difference(const gf_water_net *a, const gf_water_net *b)
{
    if (a->node_count != b->node_count || a->link_count != b->link_count || a->demand_count != b->demand_count || a->vertex_count != b->vertex_count ||
        a->pattern_count != b->pattern_count || a->curve_count != b->curve_count || a->control_count != b->control_count ||
        a->rule_count != b->rule_count || a->kept_count != b->kept_count)
        return "counts";
    return !same_nodes(a, b)                         ? "nodes"
           : !same_links(a, b)                       ? "links"
           : !same_series(a, b)                      ? "series"
           : !same_rules(a, b)                       ? "controls or rules"
           : !same_options(&a->options, &b->options) ? "options"
           : !same_kept(a, b)                        ? "kept texts"
                                                     : NULL;
}

static void assert_comes_back(gf_arena *arena, const gf_water_net *net)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_water_inp_write(net, &text);
    assert_int_equal(gf_text_done(&text, NULL), GF_OK);
    reading again = read_bytes(arena, gf_text_str(&text));
    if (again.status != GF_OK)
        fail_msg("%s %s\n%s", again.err.where, again.err.what, gf_text_str(&text).data);
    const char *what = difference(net, &again.net);
    if (what)
        fail_msg("%s differ\n%s", what, gf_text_str(&text).data);
}

static void every_section_comes_back(void **state)
{
    reading got = accept(*state,
        " HEADLOSS D-W\n PRESSURE KPA\n VISCOSITY 1.31\n SPECIFIC GRAVITY 1.03\n DEMAND MODEL PDA\n MINIMUM PRESSURE 7\n UNBALANCED CONTINUE 10\n MAP x\n"
        " QUALITY AGE\n BACKFLOW ALLOWED NO\n[TITLE]\na village\n\n of two lines\n[JUNCTIONS]\nA 0 0 day\n\"B 2\" 0 ;with a blank\nC 1\nD 2\n"
        "[CURVES]\n;PUMP: old\nc 10 50\nv 0 0 VOLUME\nv 9 99.5\n[TANKS]\nU 1 2 1 6 10 3 v\nW 1 2 1 6 10 3 * YES ;spills\nQ 12 day\n"
        "[PIPES]\nu U A 1 1 1\nw W A 1 1 1\nq Q A 1 1 1\nd D C 1 2 3 Closed\n[PUMPS]\nO J1 J2 40 10\nE J1 J2 HEAD c SPEED 0.8 PATTERN day\nF J1 J2 POWER 3.3\n"
        "[VALVES]\nX A \"B 2\" 100 PRV 300 0.2\nY \"B 2\" C 80 TCV 5\nZ C D 70 GPV v ;curve\n[STATUS]\nE CLOSED\nY CLOSED\nX 250\n"
        "[DEMANDS]\nA 1.1 day ;houses\nA 2.2 ;cattle\nC 3\n[EMITTERS]\nA 0.3\n[ENERGY]\nGLOBAL PRICE 0.6\nGLOBAL PATTERN day\nPUMP F EFFIC v\nPUMP F PRICE 0.9\n"
        "PUMP E PATTERN day\nDEMAND CHARGE 12\n[CONTROLS]\nLINK X 200 IF NODE U ABOVE 3\nLINK P1 CLOSED AT TIME 5:33:01\nLINK E 0.7 AT CLOCKTIME 7:07\n"
        "LINK P1 OPEN IF NODE A BELOW 100 DISABLED\n[RULES]\nRULE one\nIF TANK U LEVEL > 5\nOR SYSTEM TIME = 16.367\nTHEN PUMP E SETTING = 0.9\nELSE LINK X SETTING IS 111\n"
        "AND LINK P1 STATUS IS OPEN\nPRIORITY 2.5\nDISABLED\n[TIMES]\nDURATION 1:02:03\nSTATISTIC RANGE\n[TAGS]\nNODE A tag\nLINK X \"two words\"\n"
        "[COORDINATES]\nA 120.123456789012 27.5\n[VERTICES]\nP1 1 2\nP1 3 4\n[QUALITY]\nA 1\n[LABELS]\n1 2 \"Text; here\"\n[LEAKAGE]\nP1 1 2\n");
    assert_comes_back(*state, &got.net);
}

static uint64_t random_state;
static uint32_t below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

/* A number of up to 12 digits. */
static void add_number(gf_text *text)
{
    static const uint32_t SIZES[] = { 10, 1000, 100000, 1000000 };
    gf_text_format(text, " %u.%0*u", 1 + below(SIZES[below(4)]), 1 + (int)below(5), below(10));
}

static void add_nodes(gf_text *text, uint32_t nodes, const char *const *patterns)
{
    gf_text_add_c(text, "[JUNCTIONS]\n");
    for (uint32_t i = 0; i < nodes; i++) {
        gf_text_format(text, " n%u", i);
        add_number(text);
        add_number(text);
        gf_text_format(text, "%s%s\n", patterns[below(3)], below(4) ? "" : " ;说明");
    }
    gf_text_add_c(text, "[RESERVOIRS]\n R 50\n[DEMANDS]\n");
    for (uint32_t i = 0; i < nodes; i++) {
        gf_text_format(text, " n%u", below(nodes));
        add_number(text);
        gf_text_format(text, "%s ;%s\n", patterns[below(3)], below(2) ? "houses" : "");
    }
    gf_text_add_c(text, "[COORDINATES]\n");
    for (uint32_t i = 0; i < nodes; i += 1 + below(2)) {
        gf_text_format(text, " n%u", i);
        add_number(text);
        add_number(text);
        gf_text_add_char(text, '\n');
    }
}

static void add_links(gf_text *text, uint32_t nodes)
{
    static const char *const STATUS[] = { "Open", "Closed", "CV" };
    gf_text_add_c(text, "[PIPES]\n s R n0 1 1 1\n");
    for (uint32_t i = 1; i < nodes; i++) {
        gf_text_format(text, " p%u n%u n%u", i, below(i), i);
        for (int k = 0; k < 4; k++)
            add_number(text);
        gf_text_format(text, " %s\n", STATUS[below(3)]);
    }
    gf_text_add_c(text, "[PUMPS]\n pump n0 n1 POWER");
    add_number(text);
    gf_text_add_c(text, "\n[VALVES]\n prv n0 n1 100 PRV");
    add_number(text);
    gf_text_add_c(text, "\n tcv n0 n1 100 TCV");
    add_number(text);
    gf_text_add_c(text, "\n[EMITTERS]\n n1");
    add_number(text);
    gf_text_add_c(text, "\n[CONTROLS]\n LINK prv");
    add_number(text);
    gf_text_format(text, " IF NODE n0 %s", below(2) ? "ABOVE" : "BELOW");
    add_number(text);
    gf_text_format(text, "\n LINK pump OPEN AT CLOCKTIME %u:%02u:%02u\n LINK pump CLOSED AT TIME", below(24), below(60), below(60));
    gf_text_format(text, " %u.%03u\n[RULES]\nRULE r\nIF NODE n1 PRESSURE >", below(200), below(1000));
    add_number(text);
    gf_text_format(text, "\nAND SYSTEM TIME < %u.%03u\nTHEN LINK prv SETTING =", below(200), below(1000));
    add_number(text);
    gf_text_add_char(text, '\n');
}

/* Numbers of up to 12 digits come back to the same double, in every unit. */
static void generated_networks_come_back(void **state)
{
    (void)state;
    enum { NETWORKS = 300 };
    static const char *const UNITS[] = { "CFS", "GPM", "MGD", "IMGD", "AFD", "LPS", "LPM", "MLD", "CMH", "CMD", "CMS" };
    static const char *const PRESSURES[] = { "PSI", "KPA", "METERS", "BAR", "FEET" };
    static const char *const LOSSES[] = { "H-W", "D-W", "C-M" };
    static const char *const PATTERNS[] = { "", " 1", " night" };
    for (uint32_t turn = 0; turn < NETWORKS; turn++) {
        gf_arena *arena = gf_arena_open(64 * GF_MIB);
        gf_text text;
        random_state = turn;
        gf_text_init(&text, arena);
        uint32_t nodes = 2 + below(30);
        gf_text_format(&text, "[OPTIONS]\n UNITS %s\n PRESSURE %s\n HEADLOSS %s\n SPECIFIC GRAVITY 1.%u\n EMITTER EXPONENT 0.%u\n VISCOSITY 1.%u\n",
                       UNITS[below(11)], PRESSURES[below(5)], LOSSES[below(3)], below(100), 1 + below(99), below(1000));
        gf_text_add_c(&text, "[PATTERNS]\n;\n 1 1 0.5\n;at night\n night 0 0 1.25\n");
        add_nodes(&text, nodes, PATTERNS);
        add_links(&text, nodes);
        reading got = read_bytes(arena, gf_text_str(&text));
        if (got.status != GF_OK)
            fail_msg("%s %s\n%s", got.err.where, got.err.what, gf_text_str(&text).data);
        assert_comes_back(arena, &got.net);
        gf_arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(metric_values_become_si),
        TEST(american_values_become_si),
        TEST(viscosity_is_a_multiple_or_itself),
        TEST(options_are_read_in_any_case_by_their_leading_letters),
        TEST(the_default_pattern_is_1),
        TEST(times_have_units_and_follow_each_other),
        TEST(demands_replace_the_junction_s_own),
        TEST(pumps_are_read_by_words_and_as_in_epanet_1),
        TEST(valves_have_settings_in_their_unit),
        TEST(controls_have_three_forms),
        TEST(rules_have_premises_and_two_lists_of_actions),
        TEST(tanks_may_spill_and_have_a_curve),
        TEST(a_range_of_links_is_set_by_number_or_by_order),
        TEST(a_reservoir_among_the_tanks_is_a_reservoir),
        TEST(what_is_not_there_cannot_be_placed_or_tagged),
        TEST(line_ends_tabs_short_heads_and_a_missing_end_are_read),
        TEST(marks_and_nul_bytes_are_passed_over),
        TEST(old_encodings_become_utf_8),
        TEST(long_lines_and_ids_are_read_whole),
        TEST(sections_may_stand_in_any_order),
        TEST(sections_of_quality_are_kept),
        TEST(wrong_files_are_refused_with_a_place_and_a_sentence),
        TEST(places_of_failures_are_lines_of_the_file),
        TEST(a_long_path_leaves_room_for_the_line),
        TEST(garbage_and_networks_without_a_source_are_refused),
        TEST(a_million_pipes_are_too_many),
        TEST(memory_that_ends_is_told),
        TEST(every_section_comes_back),
        TEST(generated_networks_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
