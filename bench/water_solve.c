/* water_solve FILE.inp… [--runs N]: warm re-solves after every pipe got another diameter, ours and EPANET's in one run.
 *
 * Both get the same random diameters (0.8 to 1.25 times the file's, one draw for each re-solve), accuracy 1e-5, flows kept from
 * the solution before. EPANET is the shared library named by $GONGFU_EPANET_LIB; without it only ours is timed. Prints medians
 * and the largest difference of heads over all re-solves.
 */
#include "water/gf_water_solve.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 1000, EN_DIAMETER = 0, EN_HEAD = 10, EN_ACCURACY = 1, EN_NODECOUNT = 0 };

typedef struct epanet {
    void *library, *project;
    int (*create)(void **), (*open)(void *, const char *, const char *, const char *), (*open_h)(void *), (*init_h)(void *, int);
    int (*run_h)(void *, long *), (*set_link)(void *, int, int, double), (*get_node)(void *, int, int, double *);
    int (*set_option)(void *, int, double), (*close)(void *), (*find_node)(void *, const char *, int *), (*find_link)(void *, const char *, int *);
} epanet;

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, rising);
    return values[count / 2];
}

static uint64_t draw(uint64_t *seed)        /* splitmix64 */
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static bool load_epanet(epanet *e)
{
    const char *path = getenv("GONGFU_EPANET_LIB");
    if (!path || !(e->library = dlopen(path, RTLD_NOW))) return false;
    struct { const char *name; void *at; } names[] = {
        { "EN_createproject", &e->create }, { "EN_open", &e->open }, { "EN_openH", &e->open_h }, { "EN_initH", &e->init_h },
        { "EN_runH", &e->run_h }, { "EN_setlinkvalue", &e->set_link }, { "EN_getnodevalue", &e->get_node }, { "EN_setoption", &e->set_option },
        { "EN_close", &e->close }, { "EN_getnodeindex", &e->find_node }, { "EN_getlinkindex", &e->find_link },
    };
    for (size_t i = 0; i < GF_COUNT(names); i++) {
        void *symbol = dlsym(e->library, names[i].name);
        if (!symbol) return false;
        memcpy(names[i].at, &symbol, sizeof symbol);
    }
    return true;
}

static bool open_epanet(epanet *e, const char *path)
{
    return e->create(&e->project) == 0 && e->open(e->project, path, "/dev/null", "") <= 6 && e->set_option(e->project, EN_ACCURACY, 1e-5) == 0
        && e->open_h(e->project) == 0 && e->init_h(e->project, 10) == 0;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *len = 0;
    for (size_t got = 1; file && got > 0; *len += got) {
        bytes = realloc(bytes, *len + 65536);
        got = bytes ? fread(bytes + *len, 1, 65536, file) : 0;
    }
    if (file) (void)fclose(file);
    return bytes;
}

static int bench(const char *path, size_t runs, epanet *peer)
{
    gf_arena *arena = gf_arena_open((size_t)4 << 30);
    size_t len;
    char *bytes = read_file(path, &len);
    gf_water_net net;
    gf_water_solver *solver;
    gf_error err = { 0 };
    if (!bytes || gf_water_inp_parse((gf_str){ bytes, len }, path, arena, &net, NULL, NULL, &err) != GF_OK
        || gf_water_solver_make(&net, &(gf_water_solve_options){ .accuracy = 1e-5 }, arena, &solver, &err) != GF_OK) {
        (void)fprintf(stderr, "%s: %s: %s\n", path, err.where, err.what);
        return 1;
    }
    bool both = peer->library && open_epanet(peer, path);
    double *ours = gf_new(arena, double, runs), *theirs = gf_new(arena, double, runs), *diameter = gf_new(arena, double, net.link_count), worst = 0;
    int *node = gf_new(arena, int, net.node_count), *link = gf_new(arena, int, net.link_count);
    for (uint32_t i = 0; both && i < net.node_count; i++) (void)peer->find_node(peer->project, gf_str_cstr(arena, net.nodes[i].id), &node[i]);
    for (uint32_t i = 0; both && i < net.link_count; i++) (void)peer->find_link(peer->project, gf_str_cstr(arena, net.links[i].id), &link[i]);
    (void)gf_water_solve(solver, NULL, &err);
    long at;
    if (both) (void)peer->run_h(peer->project, &at);
    uint64_t seed = 1, iterations = 0, unsolved = 0;
    for (size_t run = 0; run < runs; run++) {
        for (uint32_t i = 0; i < net.link_count; i++) diameter[i] = net.links[i].diameter_m * (0.8 + 0.45 * (double)(draw(&seed) >> 11) * 0x1p-53);
        gf_water_quality quality;
        double begun = now_us();
        for (uint32_t i = 0; i < net.link_count; i++)
            if (net.links[i].kind <= GF_WATER_PIPE_CHECKED) gf_water_set_diameter(solver, i, diameter[i]);
        unsolved += gf_water_solve(solver, &quality, &err) != GF_OK;
        ours[run] = now_us() - begun;
        iterations += quality.iterations;
        if (!both) continue;
        begun = now_us();
        for (uint32_t i = 0; i < net.link_count; i++)
            if (net.links[i].kind <= GF_WATER_PIPE_CHECKED) (void)peer->set_link(peer->project, link[i], EN_DIAMETER, diameter[i] / net.units.diameter_m);
        (void)peer->run_h(peer->project, &at);
        theirs[run] = now_us() - begun;
        const double *head = gf_water_state_of(solver).head_m;
        for (uint32_t i = 0; i < net.node_count; i++) {
            double h;
            (void)peer->get_node(peer->project, node[i], EN_HEAD, &h);
            worst = fmax(worst, fabs(h * net.units.length_m - head[i]));
        }
    }
    const char *slash = strrchr(path, '/');
    double mine = median(ours, runs), other = both ? median(theirs, runs) : 0;
    printf("| %s | %u / %u | %.1f |", slash ? slash + 1 : path, net.node_count, net.link_count, mine);
    if (both) printf(" %.1f | %.2f | %.1e |", other, mine / other, worst);
    printf(" %.1f | %llu |\n", (double)iterations / (double)runs, (unsigned long long)unsolved);
    if (both) (void)peer->close(peer->project);
    free(bytes);
    gf_arena_close(arena);
    return 0;
}

int main(int argc, char **argv)
{
    epanet peer = { 0 };
    size_t runs = RUNS;
    int failed = 0;
    bool both = load_epanet(&peer);
    if (!both) peer.library = NULL;
    printf(both ? "| network | nodes / links | ours, us | EPANET, us | ratio | heads differ at most, m | turns | unsolved |\n|---|---|---|---|---|---|---|---|\n"
                : "| network | nodes / links | ours, us | turns | unsolved |\n|---|---|---|---|---|\n");
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--runs") == 0 && i + 1 < argc) runs = (size_t)strtoul(argv[++i], NULL, 10);
        else failed |= bench(argv[i], runs, &peer);
    }
    return failed;
}
