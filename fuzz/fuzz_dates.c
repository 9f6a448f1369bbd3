/* Dates, periods, instants, decimals: what is accepted spans something, and comes back from its own writing. */
#include "base/gf_base.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_str text = { (const char *)bytes, len };
    gf_period period;
    gf_utc_ms instant, again;
    gf_decimal value, back;
    char shown[GF_UTC_BYTES], number[GF_DECIMAL_BYTES];
    if (gf_period_parse(text, &period, NULL) == GF_OK && period.first > period.last)
        abort();
    if (gf_utc_parse(text, &instant) && (!gf_utc_parse((gf_str){ shown, gf_utc_format(instant, shown) }, &again) || again != instant))
        abort();
    if (gf_decimal_parse(text, &value) && (!gf_decimal_parse((gf_str){ number, gf_decimal_format(value, number) }, &back) || gf_decimal_cmp(value, back) != 0))
        abort();
    return 0;
}
