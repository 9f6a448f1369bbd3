#include "solar/gf_solar_plant.h"
#include "solar/inside.h"
void gf_solar_mark_stale(const double *value, size_t count, bool *flag)
{
    enum { RUN_MIN = 6 };
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && value[end] == value[i]; end++)
            ;
        for (size_t k = i; k < end; k++)
            flag[k] = end - i >= RUN_MIN && value[i] != 0;
    }
}
