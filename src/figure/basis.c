/* Words for basis, bound and verdict, and how they combine: the weakest link decides. Both enums are in the order of
 * their strength, so the weaker and the looser of two are a comparison.
 */
#include "figure/gf_figure.h"

static const char *const BASIS_NAMES[] = { "none", "stated", "documented", "derived" };
static const char *const BOUND_NAMES[] = { "exact", "at_least", "about" };
static const char *const VERDICT_NAMES[] = { "found", "stated_only", "different", "without_basis", "not_a_figure" };

const char *gf_figure_basis_name(gf_figure_basis basis) { return BASIS_NAMES[basis]; }
const char *gf_figure_bound_name(gf_figure_bound bound) { return BOUND_NAMES[bound]; }
const char *gf_figure_verdict_name(gf_figure_verdict verdict) { return VERDICT_NAMES[verdict]; }

bool gf_figure_bound_parse(gf_str name, gf_figure_bound *out)
{
    *out = GF_FIGURE_EXACT;
    if (name.len == 0)
        return true;
    for (size_t i = 0; i < GF_COUNT(BOUND_NAMES); i++)
        if (gf_str_is(name, BOUND_NAMES[i])) {
            *out = (gf_figure_bound)i;
            return true;
        }
    return false;
}

gf_figure_basis gf_figure_weaker(gf_figure_basis a, gf_figure_basis b) { return a < b ? a : b; }
gf_figure_bound gf_figure_looser(gf_figure_bound a, gf_figure_bound b) { return a > b ? a : b; }
