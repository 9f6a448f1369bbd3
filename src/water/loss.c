/* Friction and minor losses of many pipes at once, with their slopes.
 *
 * The loops take four pipes at a time in vectors of the compiler, so that the logarithm and the power that every law needs cost
 * a few nanoseconds: they are series of their own, exact to some 1e-15. No fused multiplication is used: the same bits come out
 * with and without AVX2.
 *   Hazen-Williams  h = 4.727 C^-1.852 d^-4.871 L q^1.852      (feet, cubic feet per second; EPANET 2.2 manual, table 3.1)
 *   Darcy-Weisbach  h = f L q^2 / (2 g d A^2), g = 32.2; f by Swamee & Jain for Re >= 4000, Dunlop's cubic down to 2000,
 *                   64 / Re below
 *   Chezy-Manning   h = (4 n / (1.49 pi d^2))^2 (d/4)^-1.333 L q^2
 */
#include "water/solver.h"
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif
#define INLINE static inline __attribute__((always_inline))

typedef double   reals __attribute__((vector_size(32)));
typedef uint64_t words __attribute__((vector_size(32)));

#define HW_EXPONENT 1.852
#define GRAVITY_FTS2 32.2
#define TURBULENT (1000 * PI)           /* of w = Re * pi / 4: Re 4000 */
#define LAMINAR (500 * PI)              /* Re 2000 */

INLINE reals load(const double *p) { reals v; memcpy(&v, p, sizeof v); return v; }
INLINE void  store(double *p, reals v) { memcpy(p, &v, sizeof v); }
INLINE reals choose(words mask, reals a, reals b) { return (reals)(((words)a & mask) | ((words)b & ~mask)); }
INLINE reals magnitude(reals v) { return (reals)((words)v & 0x7fffffffffffffffull); }

/* Binary logarithm of positive numbers, 0 counting as 2^-1023: m in [sqrt(1/2), sqrt(2)) by atanh((m - 1) / (m + 1)). */
INLINE reals log2_of(reals x)
{
    const double c = 2.885390081777926814719849362;     /* 2 / ln 2 */
    words bits = (words)x, exponent = bits >> 52;
    reals m = (reals)((bits & 0x000fffffffffffffull) | 0x3ff0000000000000ull);
    words high = (words)(m > 1.4142135623730951);
    m = choose(high, m * 0.5, m);
    exponent -= high;                                   /* a true lane is -1 */
    reals e = (reals)(exponent | 0x4330000000000000ull) - (4503599627370496.0 + 1023.0);
    reals t = (m - 1.0) / (m + 1.0), u = t * t;
    reals sum = u * (1.0 / 19) + 1.0 / 17;
    sum = sum * u + 1.0 / 15;
    sum = sum * u + 1.0 / 13;
    sum = sum * u + 1.0 / 11;
    sum = sum * u + 1.0 / 9;
    sum = sum * u + 1.0 / 7;
    sum = sum * u + 1.0 / 5;
    sum = sum * u + 1.0 / 3;
    return e + c * (t + t * u * sum);
}

/* 2^y for |y| < 1000: the whole part into the exponent, the rest by the series of exp. */
INLINE reals exp2_of(reals y)
{
    const double magic = 6755399441055744.0;            /* 1.5 * 2^52: the sum's last bits are the whole number */
    reals whole = y + magic;
    words k = (words)whole;
    reals x = (y - (whole - magic)) * 0.693147180559945309417232;
    reals sum = x * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
    sum = sum * x + 1.0 / 39916800.0;
    sum = sum * x + 1.0 / 3628800.0;
    sum = sum * x + 1.0 / 362880.0;
    sum = sum * x + 1.0 / 40320.0;
    sum = sum * x + 1.0 / 5040.0;
    sum = sum * x + 1.0 / 720.0;
    sum = sum * x + 1.0 / 120.0;
    sum = sum * x + 1.0 / 24.0;
    sum = sum * x + 1.0 / 6.0;
    sum = sum * x + 0.5;
    sum = sum * x * x + x + 1.0;
    return (reals)((words)sum + (k << 52));
}

INLINE reals signed_by(reals value, reals flow) { return (reals)((words)value | ((words)flow & 0x8000000000000000ull)); }

WIDE static void losses_hazen_williams(const double *flow, const double *resist, const double *minor, double *loss, double *grad, size_t count)
{
    for (size_t i = 0; i < count; i += PIPE_LANES) {
        reals q = load(flow + i), a = magnitude(q), m = load(minor + i);
        reals g = HW_EXPONENT * load(resist + i) * exp2_of((HW_EXPONENT - 1) * log2_of(a));
        words low = (words)(g < GRADIENT_LOW);
        reals linear = a * 0.0 + GRADIENT_LOW / HW_EXPONENT;
        reals h = choose(low, linear * a, g * a * (1 / HW_EXPONENT));
        g = choose(low, linear, g);
        h += m * a * a;
        g += 2.0 * m * a;
        store(loss + i, signed_by(h, q));
        store(grad + i, g);
    }
}

WIDE static void losses_manning(const double *flow, const double *resist, const double *minor, double *loss, double *grad, size_t count)
{
    for (size_t i = 0; i < count; i += PIPE_LANES) {
        reals q = load(flow + i), a = magnitude(q), m = load(minor + i), g = 2.0 * load(resist + i) * a;
        words low = (words)(g < GRADIENT_LOW);
        reals linear = a * 0.0 + GRADIENT_LOW / 2;
        reals h = choose(low, linear * a, g * a * 0.5);
        g = choose(low, linear, g);
        h += m * a * a;
        g += 2.0 * m * a;
        store(loss + i, signed_by(h, q));
        store(grad + i, g);
    }
}

/* Swamee & Jain: 1/sqrt(f) = -2 log10(rough / 3.7 + 5.74 / Re^0.9), written in w = Re * pi / 4. */
#define SWAMEE 4.61841319859066668690       /* 5.74 (pi/4)^0.9 */
#define DECADE (-8.685889638065036553e-01)  /* -2 / ln 10 */
#define LN2 0.693147180559945309417232

/* Between Re 2000 and 4000: the cubic that meets both laws with their slopes. */
static void transition(double w, double rough, double visc, double *friction, double *slope)
{
    double at4000 = 5.74 / pow(4000, 0.9);
    double y2 = rough / 3.7 + at4000, y3 = DECADE * log(y2), fa = 1 / (y3 * y3);
    double fb = (2 + 1.8 * DECADE * at4000 / (y2 * y3)) * fa, r = w / LAMINAR;
    double x1 = 7 * fa - fb, x2 = 0.128 - 17 * fa + 2.5 * fb, x3 = -0.128 + 13 * fa - 2 * fb, x4 = 0.032 - 3 * fa + 0.5 * fb;
    *friction = x1 + r * (x2 + r * (x3 + r * x4));
    *slope = (x2 + r * (2 * x3 + 3 * r * x4)) / (visc * LAMINAR);
}

static void slow_pipe(double flow, double resist, double minor, double rough, double visc, double *loss, double *grad)
{
    double q = fabs(flow), w = q / visc;
    if (w <= LAMINAR) {
        double r = 16 * PI * visc * resist;
        *loss = flow * (r + minor * q);
        *grad = r + 2 * minor * q;
        return;
    }
    double friction, slope;
    transition(w, rough, visc, &friction, &slope);
    *loss = (friction * resist + minor) * q * flow;
    *grad = 2 * (friction * resist + minor) * q + slope * resist * q * q;
}

WIDE static void losses_darcy_weisbach(const double *flow, const double *resist, const double *minor, const double *rough, const double *visc,
                                       double *loss, double *grad, size_t count)
{
    for (size_t i = 0; i < count; i += PIPE_LANES) {
        reals q = load(flow + i), a = magnitude(q), r = load(resist + i), m = load(minor + i), w = a / load(visc + i);
        reals y1 = SWAMEE * exp2_of(-0.9 * log2_of(w)), y2 = load(rough + i) * (1 / 3.7) + y1;
        reals y3 = (DECADE * LN2) * log2_of(y2), f = 1.0 / (y3 * y3);
        reals all = (f * r + m) * a;
        store(loss + i, signed_by(all * a, q));
        store(grad + i, 2.0 * all + (1.8 * DECADE) * f * r * y1 * a / (y2 * y3));
        words slow = (words)(w < TURBULENT);
        if (slow[0] | slow[1] | slow[2] | slow[3])
            for (size_t k = i; k < i + PIPE_LANES; k++)
                if (slow[k - i]) slow_pipe(flow[k], resist[k], minor[k], rough[k], visc[k], &loss[k], &grad[k]);
    }
}

/* base * d^exponent of slots [0, count) */
WIDE static void resistances(const double *base, const double *d_ft, double exponent, double *resist, size_t count)
{
    for (size_t i = 0; i < count; i += PIPE_LANES) store(resist + i, load(base + i) * exp2_of(exponent * log2_of(load(d_ft + i))));
}

/* Darcy-Weisbach: the resistance without friction, and what friction asks of the diameter. */
static void resist_darcy(gf_water_solver *s, uint32_t slot)
{
    const gf_water_link *pipe = &s->net->links[s->slot_link[slot]];
    double d = s->diameter[s->slot_link[slot]], d_ft = d / FOOT_M, area = PI * d_ft * d_ft / 4;
    if (!(d > 0)) return;           /* not laid: shut, its losses are not asked for */
    s->slot_resist[slot] = pipe->length_m / FOOT_M / (2 * GRAVITY_FTS2) / d_ft / (area * area) * FOOT_M / (CFS_M3S * CFS_M3S);
    s->slot_rough[slot] = pipe->roughness / d;
    s->slot_visc[slot] = s->options.viscosity_m2s * d;
}

/* Resistances of the slots whose diameters were changed: all at once when they are many, by fours of slots when they are few. */
static void update_resistances(gf_water_solver *s)
{
    double exponent = s->options.headloss == GF_WATER_HAZEN_WILLIAMS ? -4.871 : -5.333;
    if (s->options.headloss == GF_WATER_DARCY_WEISBACH) {
        for (uint32_t i = 0; i < s->changed_count; i++) resist_darcy(s, s->changed[i]);
    } else if (s->changed_count >= s->slot_padded / PIPE_LANES) {
        resistances(s->slot_base, s->slot_d_ft, exponent, s->slot_resist, s->slot_padded);
    } else {
        for (uint32_t i = 0; i < s->changed_count; i++) {
            uint32_t four = s->changed[i] / PIPE_LANES * PIPE_LANES;
            resistances(s->slot_base + four, s->slot_d_ft + four, exponent, s->slot_resist + four, PIPE_LANES);
        }
    }
    s->changed_count = 0;
}

void solver_resist(gf_water_solver *s, uint32_t slot)
{
    double d = s->diameter[s->slot_link[slot]];
    if (d > 0) s->slot_d_ft[slot] = d / FOOT_M;
    s->slot_minor[slot] = s->minor[s->slot_link[slot]];
    if (s->changed_count == s->slot_padded) update_resistances(s);
    s->changed[s->changed_count++] = slot;
}

void solver_pipe_losses(gf_water_solver *s, uint32_t first, uint32_t count)
{
    if (s->changed_count > 0) update_resistances(s);
    const double *flow = s->slot_flow + first, *resist = s->slot_resist + first, *minor = s->slot_minor + first;
    double *loss = s->slot_loss + first, *grad = s->slot_grad + first;
    switch (s->options.headloss) {
    case GF_WATER_HAZEN_WILLIAMS: losses_hazen_williams(flow, resist, minor, loss, grad, count); break;
    case GF_WATER_CHEZY_MANNING: losses_manning(flow, resist, minor, loss, grad, count); break;
    case GF_WATER_DARCY_WEISBACH:
        losses_darcy_weisbach(flow, resist, minor, s->slot_rough + first, s->slot_visc + first, loss, grad, count);
        break;
    }
}
