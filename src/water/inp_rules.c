/* [CONTROLS] and [RULES]. What they set stands in the unit of the link's setting; what they compare, in SI. */
#include "water/inp.h"


static const char *const STATUSES[] = { "CLOSED", "OPEN", "ACTIVE", NULL };   /* in the order of gf_water_status */

static gf_status cannot_set(inp_reader *r, const gf_water_link *link, const char *what)
{
    return inp_fail(r, "water.inp.status", "Let the line act on another link, or take it out.", "'%.*s' is %s",
                    GF_STR_ARG(gf_str_slice(link->id, 0, 60)), what);
}

/* OPEN, CLOSED, or a number: of a pipe it opens or closes, of a pump 0 closes. */
static gf_status read_action(inp_reader *r, uint32_t item, gf_water_action *action)
{
    const gf_water_link *link = &r->net->links[action->link];
    int word = inp_word_of(r->items[item], STATUSES);
    double number = 0;
    if (link->kind == GF_WATER_PIPE_CHECKED)
        return cannot_set(r, link, "a pipe with a check valve, which nothing else opens or closes");
    action->sets_status = word >= 0;
    action->status = word >= 0 ? (gf_water_status)word : GF_WATER_OPEN;
    if (word >= 0)
        return GF_OK;
    if (link->kind == GF_WATER_GPV)
        return cannot_set(r, link, "a valve with a curve, which can only be OPEN or CLOSED");
    bool free_sign = link->kind != GF_WATER_PIPE && link->kind != GF_WATER_PUMP && r->rule_part == 0;
    gf_status status = free_sign ? inp_number_at(r, item, "the setting", &number) : inp_not_negative_at(r, item, "the setting", &number);
    action->sets_status = link->kind == GF_WATER_PIPE || (link->kind == GF_WATER_PUMP && number == 0);
    if (action->sets_status)
        action->status = number == 0 ? GF_WATER_CLOSED : GF_WATER_OPEN;
    else
        action->setting = number * inp_setting_unit(r->net, link->kind);
    return status;
}

/* ---- Controls ---- */

static gf_status read_control_time(inp_reader *r, gf_water_control *control)
{
    enum { DAY_S = 86400 };
    gf_str unit = r->item_count > 6 ? r->items[6] : GF_STR("");
    control->kind = inp_says(r->items[4], "TIME") ? GF_WATER_AT_TIME : GF_WATER_AT_CLOCK;
    double hours;
    if (!inp_to_hours(r->items[5], unit, &hours))
        return inp_fail(r, "water.inp.time", INP_TIME_HINT, "'%.*s %.*s' is not a time", GF_STR_ARG(gf_str_slice(r->items[5], 0, 40)),
                        GF_STR_ARG(gf_str_slice(unit, 0, 40)));
    control->time_s = (int64_t)(3600 * hours);
    if (control->kind == GF_WATER_AT_CLOCK)
        control->time_s %= DAY_S;
    return GF_OK;
}

static gf_status read_control_level(inp_reader *r, gf_water_control *control)
{
    double value;
    gf_status status = inp_need(r, 8, "LINK id OPEN IF NODE id ABOVE 5");
    if (status != GF_OK || (status = inp_node_at(r, 5, &control->node)) != GF_OK)
        return status;
    bool above = inp_says(r->items[6], "ABOVE");
    if (!above && !inp_says(r->items[6], "BELOW"))
        return inp_fail(r, "water.inp.word", "Write ABOVE or BELOW.", "'%.*s' does not compare", GF_STR_ARG(gf_str_slice(r->items[6], 0, 60)));
    control->kind = above ? GF_WATER_ABOVE : GF_WATER_BELOW;
    status = inp_number_at(r, 7, "the level or pressure", &value);
    bool junction = r->net->nodes[control->node].kind == GF_WATER_JUNCTION;
    control->value_m = status == GF_OK ? value * (junction ? r->net->units.pressure_m : r->net->units.length_m) : 0;
    return status;
}

gf_status inp_read_control(inp_reader *r)
{
    gf_water_control control = { 0 };
    gf_water_action action = { 0 };
    gf_status status = inp_need(r, 6, "LINK id OPEN IF NODE id ABOVE 5, or LINK id CLOSED AT TIME 6:00");
    if (status != GF_OK)
        return status;
    control.disabled = inp_says(r->items[r->item_count - 1], "DISABLED");
    r->item_count -= control.disabled;
    r->rule_part = 0;
    if ((status = inp_need(r, 6, "LINK id CLOSED AT TIME 6:00")) != GF_OK || (status = inp_link_at(r, 1, &action.link)) != GF_OK ||
        (status = read_action(r, 2, &action)) != GF_OK)
        return status;
    control.link = action.link, control.sets_status = action.sets_status, control.status = action.status, control.setting = action.setting;
    bool timed = inp_says(r->items[4], "TIME") || inp_says(r->items[4], "CLOCKTIME");
    status = timed ? read_control_time(r, &control) : read_control_level(r, &control);
    if (status == GF_OK)
        r->net->controls[r->net->control_count++] = control;
    return status;
}

/* ---- Rules ---- */

enum { PART_NONE, PART_RULE, PART_IF, PART_THEN, PART_ELSE, PART_PRIORITY };

static const char *const OBJECTS[] = { "NODE", "JUNC", "RESER", "TANK", "LINK", "PIPE", "PUMP", "VALVE", "SYSTEM", NULL };
enum { FIRST_LINK = 4, SYSTEM = 8 };

/* What can be asked of what, and in which unit. */
typedef enum rule_unit { FLOW, LENGTH, PRESSURE, HOURS, CLOCK, SETTING, STATUS } rule_unit;
static const struct { const char *word; gf_water_rule_variable variable; rule_unit unit; bool of_node, of_link, of_system; } VARIABLES[] = {
    { "DEMAND", GF_WATER_VAR_DEMAND, FLOW, true, false, true },       { "HEAD", GF_WATER_VAR_HEAD, LENGTH, true, false, false },
    { "GRADE", GF_WATER_VAR_HEAD, LENGTH, true, false, false },       { "LEVEL", GF_WATER_VAR_LEVEL, LENGTH, true, false, false },
    { "PRESSURE", GF_WATER_VAR_PRESSURE, PRESSURE, true, false, false }, { "FLOW", GF_WATER_VAR_FLOW, FLOW, false, true, false },
    { "STATUS", GF_WATER_VAR_STATUS, STATUS, false, true, false },    { "SETTING", GF_WATER_VAR_SETTING, SETTING, false, true, false },
    { "TIME", GF_WATER_VAR_TIME, CLOCK, false, false, true },         { "CLOCKTIME", GF_WATER_VAR_CLOCK, CLOCK, false, false, true },
    { "FILLTIME", GF_WATER_VAR_FILL_TIME, HOURS, true, false, false }, { "DRAINTIME", GF_WATER_VAR_DRAIN_TIME, HOURS, true, false, false },
};

static gf_status bad_rule(inp_reader *r, const char *hint)
{
    return inp_fail(r, "water.inp.rule", hint, "the rule's line '%.*s' is not understood", GF_STR_ARG(gf_str_trim(gf_str_slice(r->said, 0, 80))));
}

static gf_status find_variable(inp_reader *r, uint32_t item, gf_water_premise *p, rule_unit *unit)
{
    for (size_t i = 0; i < GF_COUNT(VARIABLES); i++)
        if (inp_says(r->items[item], VARIABLES[i].word)) {
            bool fits = p->object == GF_WATER_OF_NODE   ? VARIABLES[i].of_node
                        : p->object == GF_WATER_OF_LINK ? VARIABLES[i].of_link
                                                        : VARIABLES[i].of_system;
            p->variable = VARIABLES[i].variable;
            *unit = VARIABLES[i].unit;
            if (*unit == HOURS && r->net->nodes[p->index].kind == GF_WATER_JUNCTION)
                fits = false;
            if (fits)
                return GF_OK;
        }
    return inp_fail(
        r, "water.inp.rule",
        "Nodes have DEMAND, HEAD, PRESSURE, LEVEL, tanks FILLTIME and DRAINTIME; links FLOW, STATUS, SETTING; SYSTEM DEMAND, TIME, CLOCKTIME.",
        "a rule cannot ask for '%.*s' there", GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
}

static gf_status find_object(inp_reader *r, gf_water_premise *p)
{
    int object = inp_word_of(r->items[1], OBJECTS);
    if (object < 0)
        return inp_fail(r, "water.inp.rule", "Write NODE, JUNCTION, RESERVOIR, TANK, LINK, PIPE, PUMP, VALVE or SYSTEM.",
                        "a rule cannot speak of '%.*s'", GF_STR_ARG(gf_str_slice(r->items[1], 0, 60)));
    p->object = object == SYSTEM ? GF_WATER_OF_SYSTEM : object >= FIRST_LINK ? GF_WATER_OF_LINK : GF_WATER_OF_NODE;
    if (object == SYSTEM)
        return GF_OK;
    return object >= FIRST_LINK ? inp_link_at(r, 2, &p->index) : inp_node_at(r, 2, &p->index);
}

static gf_status find_relation(inp_reader *r, uint32_t item, gf_water_rule_relation *relation)
{
    static const char *const RELATIONS[] = { "=", "<>", "<=", ">=", "<", ">", "IS", "NOT", "BELOW", "ABOVE", NULL };
    static const gf_water_rule_relation MEANINGS[] = { GF_WATER_EQ, GF_WATER_NE, GF_WATER_LE, GF_WATER_GE, GF_WATER_LT,
                                                       GF_WATER_GT, GF_WATER_EQ, GF_WATER_NE, GF_WATER_LT, GF_WATER_GT };
    int found = inp_word_of(r->items[item], RELATIONS);
    if (found < 0)
        return bad_rule(r, "Compare with =, <>, <, >, <=, >=, IS, NOT, BELOW or ABOVE.");
    *relation = MEANINGS[found];
    return GF_OK;
}

/* Of one unit of what is compared, in SI. */
static double unit_of(const inp_reader *r, const gf_water_premise *p, rule_unit unit)
{
    const gf_water_units *u = &r->net->units;
    switch (unit) {
    case FLOW: return u->flow_m3s;
    case LENGTH: return u->length_m;
    case PRESSURE: return u->pressure_m;
    case HOURS: return 3600;
    case SETTING: return inp_setting_unit(r->net, r->net->links[p->index].kind);
    case CLOCK: case STATUS: break;
    }
    return 1;
}

static gf_status read_compared(inp_reader *r, uint32_t item, rule_unit unit, gf_water_premise *p)
{
    double hours;
    int word = inp_word_of(r->items[r->item_count - 1], STATUSES);
    if (unit == CLOCK) {
        gf_str of = r->item_count > item + 1 ? r->items[item + 1] : GF_STR("");
        bool read = inp_to_hours(r->items[item], of, &hours);
        p->value = read ? (double)(int64_t)(hours * 3600) : 0;
        return read ? GF_OK : bad_rule(r, INP_TIME_HINT);
    }
    if (unit == STATUS || word >= 0) {
        p->variable = GF_WATER_VAR_STATUS;
        p->status = word >= 0 ? (gf_water_status)word : GF_WATER_CLOSED;
        bool asks = word >= 0 && p->object == GF_WATER_OF_LINK && (p->relation == GF_WATER_EQ || p->relation == GF_WATER_NE);
        return asks ? GF_OK : bad_rule(r, "Ask a link whether its STATUS IS or is NOT OPEN, CLOSED or ACTIVE.");
    }
    gf_status status = inp_number_at(r, r->item_count - 1, "the value", &p->value);
    p->value *= unit_of(r, p, unit);
    return status;
}

static gf_status read_premise(inp_reader *r, bool or_else)
{
    gf_water_premise p = { .or_else = or_else };
    rule_unit unit = STATUS;
    gf_status status;
    if (r->item_count != 5 && r->item_count != 6)
        return bad_rule(r, "Write: IF TANK id LEVEL BELOW 3, or IF SYSTEM CLOCKTIME >= 6 AM");
    if ((status = find_object(r, &p)) != GF_OK)
        return status;
    uint32_t variable = p.object == GF_WATER_OF_SYSTEM ? 2 : 3;
    if (r->item_count < variable + 3)
        return bad_rule(r, "Write: IF TANK id LEVEL BELOW 3");
    if ((status = find_variable(r, variable, &p, &unit)) != GF_OK || (status = find_relation(r, variable + 1, &p.relation)) != GF_OK ||
        (status = read_compared(r, variable + 2, unit, &p)) != GF_OK)
        return status;
    r->premises[r->premise_count++] = p;
    r->net->rules[r->net->rule_count - 1].premise_count++;
    return GF_OK;
}

static gf_status read_rule_action(inp_reader *r)
{
    gf_water_rule *rule = &r->net->rules[r->net->rule_count - 1];
    gf_water_action action = { 0 };
    gf_status status;
    if (r->item_count != 6)
        return bad_rule(r, "Write: THEN PUMP id STATUS IS OPEN, or THEN VALVE id SETTING IS 30");
    if ((status = inp_link_at(r, 2, &action.link)) != GF_OK || (status = read_action(r, 5, &action)) != GF_OK)
        return status;
    r->actions[r->action_count++] = action;
    if (r->rule_part == PART_THEN)
        rule->then_count++;
    else
        rule->otherwise_count++;
    return GF_OK;
}

static gf_status check_complete(inp_reader *r)
{
    const gf_water_net *net = r->net;
    if (r->rule_part == PART_NONE || net->rules[net->rule_count - 1].then_count)
        return GF_OK;
    return inp_fail(r, "water.inp.rule", "Give the rule before this line an IF and a THEN.", "rule '%.*s' is not complete",
                    GF_STR_ARG(gf_str_slice(net->rules[net->rule_count - 1].id, 0, 60)));
}

static gf_status begin_rule(inp_reader *r)
{
    gf_water_net *net = r->net;
    gf_status status = check_complete(r);
    if (status != GF_OK || (status = inp_need(r, 2, "RULE id")) != GF_OK)
        return status;
    if (r->item_count > 2)
        inp_note(r, "what stands behind the name of rule '%.*s' is passed over", GF_STR_ARG(gf_str_slice(r->items[1], 0, 60)));
    net->rules[net->rule_count++] = (gf_water_rule){
        .id = r->items[1], .premises = r->premises + r->premise_count, .then = r->actions + r->action_count,
    };
    r->rule_part = PART_RULE;
    return GF_OK;
}

static gf_status read_and(inp_reader *r) { return r->rule_part == PART_IF ? read_premise(r, false) : read_rule_action(r); }
static gf_status read_or(inp_reader *r) { return read_premise(r, true); }
static gf_status read_if(inp_reader *r) { r->rule_part = PART_IF; return read_premise(r, false); }
static gf_status read_then(inp_reader *r) { r->rule_part = PART_THEN; return read_rule_action(r); }

static gf_status read_else(inp_reader *r)
{
    r->rule_part = PART_ELSE;
    r->net->rules[r->net->rule_count - 1].otherwise = r->actions + r->action_count;
    return read_rule_action(r);
}

static gf_status read_priority(inp_reader *r)
{
    r->rule_part = PART_PRIORITY;
    gf_status status = inp_need(r, 2, "PRIORITY 3");
    return status == GF_OK ? inp_number_at(r, 1, "the priority", &r->net->rules[r->net->rule_count - 1].priority) : status;
}

static gf_status read_disabled(inp_reader *r)
{
    r->net->rules[r->net->rule_count - 1].disabled = true;
    return GF_OK;
}

#define AFTER(part) (1u << (part))
static const struct { const char *word; inp_line_fn *read; uint32_t after; } CLAUSES[] = {
    { "RULE", begin_rule, AFTER(PART_NONE) | AFTER(PART_THEN) | AFTER(PART_ELSE) | AFTER(PART_PRIORITY) | AFTER(PART_RULE) | AFTER(PART_IF) },
    { "IF", read_if, AFTER(PART_RULE) },
    { "AND", read_and, AFTER(PART_IF) | AFTER(PART_THEN) | AFTER(PART_ELSE) },
    { "OR", read_or, AFTER(PART_IF) },
    { "THEN", read_then, AFTER(PART_IF) },
    { "ELSE", read_else, AFTER(PART_THEN) },
    { "PRIO", read_priority, AFTER(PART_THEN) | AFTER(PART_ELSE) },
    { "DISABLED", read_disabled, AFTER(PART_THEN) | AFTER(PART_ELSE) | AFTER(PART_PRIORITY) },
};

gf_status inp_read_rule(inp_reader *r)
{
    for (size_t i = 0; i < GF_COUNT(CLAUSES); i++)
        if (inp_says(r->items[0], CLAUSES[i].word)) {
            if (CLAUSES[i].after & AFTER(r->rule_part))
                return CLAUSES[i].read(r);
            return bad_rule(r, "A rule is RULE, IF with AND and OR, THEN with AND, ELSE with AND, PRIORITY, in this order.");
        }
    return bad_rule(r, "Begin it with RULE, IF, AND, OR, THEN, ELSE or PRIORITY.");
}

gf_status inp_finish_rules(inp_reader *r) { return check_complete(r); }
