/* Many sources in one process: the libraries, the detector's network and its buffers exist once, however many cameras there are.
 *
 * A thread for each source, which waits for its camera most of the time; the machine's scheduler is the queue. A detector is looked through by
 * one at a time (gf_app_watch_eye.turn).
 */
#include "app/watch.h"

static void *watch_one(void *context)
{
    gf_app_watch_one *one = context;
    one->status = gf_app_watch_run(&one->source, &one->options, &one->result, &one->err);
    return NULL;
}

gf_status gf_app_watch_many(gf_app_watch_one *all, size_t count, gf_error *err)
{
    pthread_t threads[GF_APP_WATCH_SOURCES_MAX];
    bool begun[GF_APP_WATCH_SOURCES_MAX];
    if (count > GF_APP_WATCH_SOURCES_MAX)
        return gf_fail(err, GF_ELIMIT, "watch.many", "Watch them in several calls.", "more than %d sources", GF_APP_WATCH_SOURCES_MAX);
    for (size_t i = 0; i < count; i++) {
        begun[i] = pthread_create(&threads[i], NULL, watch_one, &all[i]) == 0;
        if (!begun[i])   /* its own failure: the others may never end */
            all[i].status = gf_fail(&all[i].err, GF_EIO, "watch.many", "Close other programs, or watch fewer.", "a thread cannot be started for this source");
    }
    for (size_t i = 0; i < count; i++)
        if (begun[i])
            (void)pthread_join(threads[i], NULL);
    return GF_OK;
}
