/* One line to standard error per event, logfmt: a service manager adds the rest. No levels to set, no files, no
 * rotation: what is kept for good stands in the logs of the store.
 */
#include "base/gf_base.h"

#include <stdarg.h>

enum { DETAIL_BYTES = 512 };

void gf_log_line(const char *level, const char *what, const char *format, ...)
{
    char detail[DETAIL_BYTES], when[GF_UTC_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    gf_utc_format(gf_utc_now_ms(), when);
    (void)fprintf(stderr, "time=%s level=%s event=%s %s\n", when, level, what, detail);
}
