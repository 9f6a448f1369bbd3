/* water/inp.h - inside the room only: what the parts of the INP reader and writer share.
 *
 * The reader decodes the bytes once into `keep` (UTF-8, LF), finds the sections, and then goes through them in the order of
 * who names whom: options, patterns, curves, nodes, links, the rest. So a file may have its sections in any order, every id
 * is known when it is named, and every number is converted when it is read. Texts of the network are pieces of the decoded
 * file. Sizes are counted first, arrays made once; ids stand in hash tables: the time is linear in the file.
 */
#pragma once
#include "water/gf_water.h"

enum {
    INP_ITEMS_MAX = 48,           /* of a line; EPANET reads 40. Longer lines of factors are cut by who reads them */
    INP_BLOCKS_MAX = 4096,        /* section heads of a file */
    INP_PROBES_MAX = 512,         /* a table half full needs some 30: beyond, the ids were made to collide */
    INP_NOTES_MAX = 200,          /* told one by one; of those behind it, the number */
    INP_RANGES_MAX = 1000,        /* lines "link1 link2 OPEN" of [STATUS]: each looks at all links */
    INP_LINE_BYTES_EPANET = 1023, /* longer ones EPANET cuts */
    INP_ID_BYTES_EPANET = 31
};

/* In the order in which they are written. */
typedef enum inp_section {
    INP_TITLE, INP_JUNCTIONS, INP_RESERVOIRS, INP_TANKS, INP_PIPES, INP_PUMPS, INP_VALVES, INP_TAGS, INP_DEMANDS, INP_STATUS,
    INP_PATTERNS, INP_CURVES, INP_CONTROLS, INP_RULES, INP_ENERGY, INP_EMITTERS, INP_QUALITY, INP_SOURCES, INP_REACTIONS, INP_MIXING,
    INP_TIMES, INP_REPORT, INP_OPTIONS, INP_COORDINATES, INP_VERTICES, INP_LABELS, INP_BACKDROP, INP_ROUGHNESS, INP_LEAKAGE, INP_END,
    INP_SECTION_COUNT
} inp_section;

const char *inp_section_name(inp_section section);   /* "JUNCTIONS" */

/* ---- Ids: a hash table with open addressing, made for a known number ---- */

typedef struct inp_id_slot { uint64_t hash; gf_str id; int32_t index; } inp_id_slot;
typedef struct inp_ids { inp_id_slot *slots; uint64_t mask; } inp_ids;
typedef enum inp_id_answer { INP_ID_NEW, INP_ID_TWICE, INP_ID_CROWDED } inp_id_answer;

bool          inp_ids_open(inp_ids *ids, gf_arena *arena, uint32_t count_max);
inp_id_answer inp_ids_add(inp_ids *ids, gf_str id, int32_t index);
int32_t       inp_ids_find(const inp_ids *ids, gf_str id);   /* GF_WATER_NONE */

/* ---- The reader ---- */

typedef struct inp_block { inp_section section; uint32_t start, end, line; } inp_block;   /* text behind a head; line of its first */
typedef struct inp_own_demand { uint32_t node; bool replaced; gf_water_demand demand; } inp_own_demand;
typedef struct inp_own_vertex { uint32_t link; gf_water_point point; } inp_own_vertex;

typedef struct inp_reader {
    const char     *name;
    gf_arena       *keep, *scratch;
    gf_water_net   *net;
    gf_error       *err;
    gf_str          text;
    inp_block      *blocks;
    uint32_t        block_count;
    uint32_t        lines[INP_SECTION_COUNT];  /* that say something */
    uint32_t        over_line;                 /* where a section first says more than GF_WATER_ITEMS_MAX things; 0: nowhere */

    uint32_t        line;                      /* the line at hand, from 1 */
    gf_str          said, comment, above;      /* before and behind its ';', and the comment line just above it */
    gf_str          items[INP_ITEMS_MAX];
    uint32_t        item_count;

    inp_ids         nodes, links, patterns, curves;
    uint32_t       *node_lines, *link_lines;   /* where each was told */
    uint8_t        *valve_marks;               /* of a node: valves that may not meet another one there */
    uint32_t        factor_count, point_count;
    double         *factors, *points_x, *points_y;
    inp_own_demand *demands;                   /* the first ones are of the junctions in their order */
    uint32_t        demand_count;
    inp_own_vertex *vertices;
    uint32_t        vertex_count, range_count;
    gf_water_premise *premises;                /* of all rules, and their actions */
    gf_water_action  *actions;
    uint32_t        premise_count, action_count, rule_part;
    gf_str          demand_pattern;            /* as named by the options */
    uint32_t        demand_pattern_line, trace_line, required_line;
    gf_str          trace;                     /* node whose water is followed */
    bool            pressure_told;
    gf_text         other_options;             /* lines kept as they are */

    gf_water_note  *notes;
    uint32_t        note_count, note_more;
} inp_reader;

typedef gf_status inp_line_fn(inp_reader *r);

/* inp_decode.c: any bytes to UTF-8 text with LF, in keep, ended by LF and NUL. */
gf_status inp_decode(inp_reader *r, gf_str bytes);

/* inp_line.c */
gf_status inp_find_blocks(inp_reader *r);
gf_status inp_each_line(inp_reader *r, inp_section section, inp_line_fn *read);   /* of the lines that say something */
bool      inp_cut_item(gf_str *rest, gf_str *item);
gf_status inp_fail(inp_reader *r, const char *code, const char *hint, const char *format, ...) __attribute__((format(printf, 4, 5)));
void      inp_note(inp_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
gf_status inp_need(inp_reader *r, uint32_t count, const char *form);              /* so many items, in this form */
gf_status inp_add_id(inp_reader *r, inp_ids *ids, gf_str id, uint32_t index, const char *kind);
gf_status inp_node_at(inp_reader *r, uint32_t item, uint32_t *index);
gf_status inp_link_at(inp_reader *r, uint32_t item, uint32_t *index);
gf_status inp_pattern_at(inp_reader *r, uint32_t item, int32_t *index);
gf_status inp_curve_at(inp_reader *r, uint32_t item, int32_t *index);

/* inp_words.c: what an item says. */
bool      inp_says(gf_str item, const char *word);                                /* begins with the word, in any case */
int       inp_word_of(gf_str item, const char *const *words);                     /* of a list that ends with NULL; -1 */
bool      inp_to_number(gf_str item, double *out);                                /* finite decimal */
bool      inp_to_hours(gf_str value, gf_str unit, double *hours);                  /* "1:30", "90" "MIN", "1:30" "PM"; bare: hours */
#define INP_TIME_HINT "Write hours (1.5), a clock (1:30) or a unit (90 MIN, 6 AM)."
gf_status inp_number_at(inp_reader *r, uint32_t item, const char *what, double *out);
gf_status inp_positive_at(inp_reader *r, uint32_t item, const char *what, double *out);
gf_status inp_not_negative_at(inp_reader *r, uint32_t item, const char *what, double *out);

/* inp_options.c, inp_times.c */
inp_line_fn inp_read_option, inp_read_time, inp_read_energy;
gf_status inp_finish_options(inp_reader *r);
gf_status inp_finish_times(inp_reader *r);

/* inp_series.c */
inp_line_fn inp_count_pattern, inp_read_pattern, inp_count_curve, inp_read_curve;
gf_status inp_make_patterns(inp_reader *r);
gf_status inp_make_curves(inp_reader *r);

/* inp_nodes.c */
inp_line_fn inp_read_junction, inp_read_reservoir, inp_note_reservoir, inp_read_tank, inp_read_demand, inp_read_emitter, inp_read_coordinate, inp_read_tag;
gf_status inp_finish_demands(inp_reader *r);

/* inp_links.c, inp_pumps.c */
inp_line_fn inp_read_pipe, inp_read_pump, inp_read_valve, inp_read_status, inp_read_vertex;
gf_status inp_begin_link(inp_reader *r, const char *kind, gf_water_link **link);
void      inp_set_pump(gf_water_link *pump, double speed);
gf_status inp_finish_vertices(inp_reader *r);

/* inp_rules.c */
inp_line_fn inp_read_control, inp_read_rule;
gf_status inp_finish_rules(inp_reader *r);

/* inp_check.c: what only the whole network shows. */
gf_status inp_check(inp_reader *r);
gf_status inp_check_valve(inp_reader *r, const gf_water_link *valve);

/* How much of SI one unit of a setting is: metres of pressure, m3/s, or 1. */
double    inp_setting_unit(const gf_water_net *net, gf_water_link_kind kind);
/* Of an emitter: m3/s at one metre, for one flow unit at one psi (US files) or metre (metric ones). */
double    inp_emitter_unit(const gf_water_net *net);
/* Of a roughness. */
double    inp_roughness_unit(const gf_water_net *net);
/* A viscosity above this is a multiple of that of water at 20 C (the default of the options), else it stands in m2/s or ft2/s. */
#define INP_VISCOSITY_MULTIPLE_ABOVE 1e-3

/* ---- The writer ---- */

typedef struct inp_writer { const gf_water_net *net; gf_text *out; } inp_writer;

void inp_put_number(inp_writer *w, double value, double unit);   /* with a blank before it; the shortest that reads back */
void inp_put_id(inp_writer *w, gf_str id, int width);            /* with a blank before and quotes where it needs them */
void inp_put_word(inp_writer *w, const char *word);
void inp_put_note(inp_writer *w, gf_str note);                   /* as it is, on one line */
void inp_put_end(inp_writer *w, gf_str note);                    /* ;note, LF */
void inp_put_time(inp_writer *w, int64_t seconds);               /* h:mm, h:mm:ss */
void inp_put_moment(inp_writer *w, int64_t seconds);             /* the same where hours are cut to seconds, else hours */
void inp_put_head(inp_writer *w, inp_section section, const char *columns);
void inp_write_settings(inp_writer *w);                          /* energy, times, options */
void inp_write_controls(inp_writer *w);
void inp_write_rules(inp_writer *w);
