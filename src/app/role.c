/* Roles: one table of what each may do with each class of registers, and which pages it sees. Default deny: what does
 * not stand here is refused. Three administrators stand apart from the books and from each other.
 */
#include "app/access.h"

#include <string.h>

typedef enum register_class { OPEN, WORDS, WORK, MONEY_, PEOPLE, CASES, WATER, CLASS_COUNT } register_class;

/* OPEN: the frame that everybody needs to read anything: not tied to a scope. */
static const struct { const char *name; register_class class; } CLASSES[] = {
    { "sources", OPEN },       { "places", OPEN },        { "units", OPEN },          { "positions", OPEN },      { "programmes", OPEN },
    { "groups", OPEN },        { "members", OPEN },       { "holidays", OPEN },       { "facts", WORDS },         { "statements", WORDS },
    { "documents", WORDS },    { "pairings", WORK },      { "assignments", WORK },    { "projects", WORK },       { "project_stages", WORK },
    { "project_conditions", WORK }, { "assets", WORK },   { "asset_upkeep", WORK },   { "systems", WORK },        { "activities", WORK },
    { "agreements", WORK },    { "agreement_actions", WORK }, { "donations", WORK },  { "employment", WORK },     { "contracts", WORK },
    { "matches", WORK },       { "awards", WORK },        { "publications", WORK },   { "research", WORK },       { "indicators", WORK },
    { "observations", WORK },  { "investments", MONEY_ }, { "funds", MONEY_ },        { "entries", MONEY_ },      { "loan_policies", MONEY_ },
    { "loans", MONEY_ },       { "persons", PEOPLE },     { "households", PEOPLE },   { "household_members", PEOPLE }, { "visits", PEOPLE },
    { "measures", PEOPLE },    { "cases", CASES },        { "case_steps", CASES },   { "towers", WORK },         { "cameras", WORK },        { "presets", WORK },
    { "parcels", WORK },       { "wardens", WORK },       { "water_networks", WATER }, { "water_designs", WATER },
    { "plants", WORK },        { "plant_tariffs", WORK }, { "plant_readings", WORK }, { "plant_faults", WORK },
    { "erasures", PEOPLE },    { "retentions", PEOPLE },
};

#define PAGES_ALL "home;people;money;projects;land;water;solar;households;indicators;cases;documents;report;press;exchange"

static const struct { const char *role, *rights[CLASS_COUNT], *areas; } RIGHTS[] = {
    /*                   OPEN   WORDS  WORK   MONEY  PEOPLE  CASES  WATER */
    { "office",         { "rwx", "rwx", "rwx", "rwx", "rwvx", "rwx", "rwx" }, PAGES_ALL },
    { "finance",        { "r",   "rwx", "rx",  "rwx", "",     "r", "rx" },   "home;people;money;projects;land;water;solar;indicators;documents;report;press;exchange" },
    { "unit",           { "r",   "rw",  "rwx", "rwx", "rwvx", "rw", "rx" },  PAGES_ALL },
    { "village",        { "r",   "rw",  "rw",  "r",   "rwv",  "rw", "r" },  "home;people;money;projects;land;water;solar;households;indicators;cases;documents" },
    { "warden",         { "r",   "r",   "r",   "",    "",     "rw", "" },  "home;land;cases" },
    { "engineer",       { "r",   "rw",  "rw",  "",    "",     "rw", "rwx" },  "home;projects;land;water;solar;indicators;cases;documents" },
    { "teacher",        { "r",   "rw",  "rw",  "",    "",     "", "" },    "home;people;projects;documents" },
    { "viewer",         { "r",   "r",   "r",   "r",   "",     "r", "r" },   "home;people;money;projects;land;water;solar;indicators;documents;report;press" },
    { "system_admin",   { "r",   "",    "",    "",    "",     "", "" },    "users;jobs" },
    { "security_admin", { "r",   "",    "",    "",    "",     "", "" },    "users;logins" },
    { "audit_admin",    { "r",   "",    "",    "",    "",     "", "" },    "logs;logins" },
    { "cli",            { "rwvx", "rwvx", "rwvx", "rwvx", "rwvx", "rwvx", "rwvx" }, PAGES_ALL ";users;logs;logins;jobs" },
};

const gf_app_role GF_APP_ROLES[] = {
    { "office", "团组办公室", "group office", "all", true },        { "finance", "财务", "finance", "all", false },
    { "unit", "成员单位", "member unit", "unit", false },           { "village", "村镇干部", "village cadre", "below", false },
    { "warden", "田长", "field chief", "below", false },            { "engineer", "工程师", "engineer", "units", false },
    { "teacher", "教师", "teacher", "own", false },                 { "viewer", "查阅者", "viewer", "all", false },
    { "system_admin", "系统管理员", "system administrator", "own", true },
    { "security_admin", "安全管理员", "security administrator", "own", true },
    { "audit_admin", "审计管理员", "audit administrator", "own", true },
};
const size_t GF_APP_ROLE_COUNT = GF_COUNT(GF_APP_ROLES);

const gf_app_actor GF_APP_ACTOR_CLI = { .user = GF_STR_INIT("cli"), .name = GF_STR_INIT("cli"), .role = GF_STR_INIT("cli"), .scope = GF_STR_INIT("all"),
                                        .unit = GF_STR_INIT(""), .place = GF_STR_INIT(""), .address = GF_STR_INIT("") };

static register_class class_of(const gf_register *reg)
{
    for (size_t i = 0; i < GF_COUNT(CLASSES); i++)
        if (strcmp(CLASSES[i].name, reg->name) == 0)
            return CLASSES[i].class;
    return CLASS_COUNT;  /* a register that nobody thought of: nobody sees it */
}

bool access_is_open(const gf_register *reg) { return class_of(reg) == OPEN; }

static size_t row_of(gf_str role)
{
    size_t i = 0;
    while (i < GF_COUNT(RIGHTS) && !gf_str_is(role, RIGHTS[i].role))
        i++;
    return i;
}

unsigned gf_app_rights(const gf_app_actor *actor, const gf_register *reg)
{
    static const struct { char letter; unsigned right; } LETTERS[] = { { 'r', GF_APP_READ }, { 'w', GF_APP_WRITE }, { 'v', GF_APP_REVEAL }, { 'x', GF_APP_EXPORT } };
    size_t row = row_of(actor->role);
    register_class class = class_of(reg);
    unsigned rights = 0;
    if (row == GF_COUNT(RIGHTS) || class == CLASS_COUNT || actor->must_enrol)
        return 0;
    for (size_t i = 0; i < GF_COUNT(LETTERS); i++)
        if (strchr(RIGHTS[row].rights[class], LETTERS[i].letter))
            rights |= LETTERS[i].right;
    /* A pairing opens a village: who sees only a part must not open more of it. */
    return access_hangs_on(reg) && !gf_str_is(actor->scope, "all") ? rights & ~(unsigned)GF_APP_WRITE : rights;
}

const char *gf_app_areas(const gf_app_actor *actor)
{
    size_t row = row_of(actor->role);
    return row == GF_COUNT(RIGHTS) || actor->must_enrol ? "" : RIGHTS[row].areas;
}

bool gf_app_has_area(const gf_app_actor *actor, const char *area)
{
    gf_str rest = gf_str_of(gf_app_areas(actor)), one;
    while (gf_str_cut(&rest, ';', &one))
        if (gf_str_is(one, area))
            return true;
    return false;
}

static gf_status refuse_role(const gf_app_actor *actor, const char *what, gf_error *err)
{
    if (actor->must_enrol)
        return gf_fail(err, GF_EDENIED, "access.enrol", "Set up the second factor in your account first.", "the role %.*s needs a second factor", GF_STR_ARG(actor->role));
    return gf_fail(err, GF_EDENIED, "access.role", "Ask the security administrator when your work needs it.", "the role %.*s may not %s", GF_STR_ARG(actor->role), what);
}

gf_status gf_app_require(const gf_app_actor *actor, const gf_register *reg, unsigned rights, gf_error *err)
{
    static const struct { unsigned right; const char *word; } WORDS_[] = { { GF_APP_READ, "read" }, { GF_APP_WRITE, "write" }, { GF_APP_REVEAL, "reveal fields of" }, { GF_APP_EXPORT, "export" } };
    unsigned has = gf_app_rights(actor, reg);
    char what[80];
    for (size_t i = 0; i < GF_COUNT(WORDS_); i++)
        if ((rights & WORDS_[i].right) && !(has & WORDS_[i].right)) {
            (void)snprintf(what, sizeof what, "%s %s", WORDS_[i].word, reg->name);
            return refuse_role(actor, what, err);
        }
    return GF_OK;
}

gf_status gf_app_require_area(const gf_app_actor *actor, const char *area, gf_error *err)
{
    char what[80];
    if (gf_app_has_area(actor, area))
        return GF_OK;
    (void)snprintf(what, sizeof what, "open %s", area);
    return refuse_role(actor, what, err);
}

gf_status gf_app_require_all(const gf_app_actor *actor, gf_error *err)
{
    if (gf_str_is(actor->scope, "all") && !actor->must_enrol)
        return GF_OK;
    return gf_fail(err, GF_EDENIED, "access.scope", "Ask for your own unit or place instead.", "the scope %.*s does not take in the whole programme", GF_STR_ARG(actor->scope));
}
