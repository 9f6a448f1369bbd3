/* [CONTROLS] and [RULES]. */
#include "water/inp.h"

static const char *const STATUS_WORDS[] = { "CLOSED", "OPEN", "ACTIVE" };

static void put_action(inp_writer *w, uint32_t link, bool sets_status, gf_water_status status, double setting)
{
    if (sets_status)
        inp_put_word(w, STATUS_WORDS[status]);
    else
        inp_put_number(w, setting, inp_setting_unit(w->net, w->net->links[link].kind));
}

static void put_condition(inp_writer *w, const gf_water_control *c)
{
    const gf_water_net *net = w->net;
    if (c->kind == GF_WATER_AT_TIME || c->kind == GF_WATER_AT_CLOCK) {
        gf_text_add_c(w->out, c->kind == GF_WATER_AT_TIME ? " AT TIME" : " AT CLOCKTIME");
        inp_put_moment(w, c->time_s);
        return;
    }
    gf_text_add_c(w->out, " IF NODE");
    inp_put_id(w, net->nodes[c->node].id, 0);
    gf_text_add_c(w->out, c->kind == GF_WATER_ABOVE ? " ABOVE" : " BELOW");
    inp_put_number(w, c->value_m, net->nodes[c->node].kind == GF_WATER_JUNCTION ? net->units.pressure_m : net->units.length_m);
}

void inp_write_controls(inp_writer *w)
{
    for (uint32_t i = 0; i < w->net->control_count; i++) {
        const gf_water_control *c = &w->net->controls[i];
        if (i == 0)
            inp_put_head(w, INP_CONTROLS, NULL);
        gf_text_add_c(w->out, " LINK");
        inp_put_id(w, w->net->links[c->link].id, 0);
        put_action(w, c->link, c->sets_status, c->status, c->setting);
        put_condition(w, c);
        gf_text_add_c(w->out, c->disabled ? " DISABLED" : "");
        inp_put_end(w, GF_STR(""));
    }
}

/* ---- Rules ---- */

typedef enum value_kind { FLOW, LENGTH, PRESSURE, HOURS, CLOCK, SETTING, STATUS } value_kind;
static const struct { const char *word; value_kind kind; } VARIABLES[] = {
    [GF_WATER_VAR_DEMAND] = { "DEMAND", FLOW },       [GF_WATER_VAR_HEAD] = { "HEAD", LENGTH },
    [GF_WATER_VAR_PRESSURE] = { "PRESSURE", PRESSURE }, [GF_WATER_VAR_LEVEL] = { "LEVEL", LENGTH },
    [GF_WATER_VAR_FILL_TIME] = { "FILLTIME", HOURS }, [GF_WATER_VAR_DRAIN_TIME] = { "DRAINTIME", HOURS },
    [GF_WATER_VAR_FLOW] = { "FLOW", FLOW },           [GF_WATER_VAR_STATUS] = { "STATUS", STATUS },
    [GF_WATER_VAR_SETTING] = { "SETTING", SETTING },  [GF_WATER_VAR_POWER] = { "POWER", CLOCK },
    [GF_WATER_VAR_TIME] = { "TIME", CLOCK },          [GF_WATER_VAR_CLOCK] = { "CLOCKTIME", CLOCK },
};

static void put_compared(inp_writer *w, const gf_water_premise *p)
{
    const gf_water_units *u = &w->net->units;
    switch (VARIABLES[p->variable].kind) {
    case FLOW: inp_put_number(w, p->value, u->flow_m3s); break;
    case LENGTH: inp_put_number(w, p->value, u->length_m); break;
    case PRESSURE: inp_put_number(w, p->value, u->pressure_m); break;
    case HOURS: inp_put_number(w, p->value, 3600); break;
    case CLOCK: inp_put_moment(w, (int64_t)p->value); break;
    case SETTING: inp_put_number(w, p->value, inp_setting_unit(w->net, w->net->links[p->index].kind)); break;
    case STATUS: inp_put_word(w, STATUS_WORDS[p->status]); break;
    }
}

static void put_premise(inp_writer *w, const gf_water_premise *p, bool first)
{
    static const char *const RELATIONS[] = { "=", "<>", "<=", ">=", "<", ">" };
    const gf_water_net *net = w->net;
    gf_text_add_c(w->out, first ? "IF" : p->or_else ? "OR" : "AND");
    gf_text_add_c(w->out, p->object == GF_WATER_OF_SYSTEM ? " SYSTEM" : p->object == GF_WATER_OF_NODE ? " NODE" : " LINK");
    if (p->object != GF_WATER_OF_SYSTEM)
        inp_put_id(w, p->object == GF_WATER_OF_NODE ? net->nodes[p->index].id : net->links[p->index].id, 0);
    gf_text_format(w->out, " %s %s", VARIABLES[p->variable].word, RELATIONS[p->relation]);
    put_compared(w, p);
    inp_put_end(w, GF_STR(""));
}

static void put_actions(inp_writer *w, const char *first, const gf_water_action *actions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        gf_text_add_c(w->out, i ? "AND" : first);
        gf_text_add_c(w->out, " LINK");
        inp_put_id(w, w->net->links[actions[i].link].id, 0);
        gf_text_add_c(w->out, actions[i].sets_status ? " STATUS =" : " SETTING =");
        put_action(w, actions[i].link, actions[i].sets_status, actions[i].status, actions[i].setting);
        inp_put_end(w, GF_STR(""));
    }
}

void inp_write_rules(inp_writer *w)
{
    for (uint32_t i = 0; i < w->net->rule_count; i++) {
        const gf_water_rule *rule = &w->net->rules[i];
        if (i == 0)
            inp_put_head(w, INP_RULES, NULL);
        gf_text_add_c(w->out, "RULE");
        inp_put_id(w, rule->id, 0);
        inp_put_end(w, GF_STR(""));
        for (uint32_t k = 0; k < rule->premise_count; k++)
            put_premise(w, &rule->premises[k], k == 0);
        put_actions(w, "THEN", rule->then, rule->then_count);
        put_actions(w, "ELSE", rule->otherwise, rule->otherwise_count);
        if (rule->priority != 0) {
            gf_text_add_c(w->out, "PRIORITY");
            inp_put_number(w, rule->priority, 1);
            inp_put_end(w, GF_STR(""));
        }
        gf_text_add_c(w->out, rule->disabled ? "DISABLED\n\n" : "\n");
    }
}
