/* Jobs: numbers from outside, one that is cancelled while it waits, a stop, a result that is dropped. */
#include "unit/check.h"

#include "job/gf_job.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

enum { TOLD_MAX = 32 };

/* What `changed` has told, and a gate that a job waits at. */
typedef struct office {
    pthread_mutex_t lock;
    pthread_cond_t  moved;
    gf_job_view     told[TOLD_MAX];
    size_t          count, released;
    bool            open;
} office;

static gf_utc_ms now(void) { return 1000; }

static void tell(void *context, const gf_job_view *view)
{
    office *o = context;
    (void)pthread_mutex_lock(&o->lock);
    assert_true(o->count < TOLD_MAX);
    o->told[o->count++] = *view;
    (void)pthread_cond_broadcast(&o->moved);
    (void)pthread_mutex_unlock(&o->lock);
}

static gf_status wait_at_gate(gf_job *job, void *context, gf_error *err)
{
    office *o = context;
    gf_status status = GF_OK;
    (void)pthread_mutex_lock(&o->lock);
    while (!o->open && status == GF_OK) {
        (void)pthread_mutex_unlock(&o->lock);
        if (!gf_job_step(job, 0, 100))
            status = gf_job_cancelled(err);
        (void)sched_yield();
        (void)pthread_mutex_lock(&o->lock);
    }
    (void)pthread_mutex_unlock(&o->lock);
    gf_job_answer(job, GF_STR("{}"));
    return status == GF_OK ? gf_job_keep_text(job, "a.txt", GF_STR("text"), err) : status;
}

static void release(void *context) { ((office *)context)->released++; }

static size_t ends(const office *o, int64_t id, gf_job_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < o->count; i++)
        count += o->told[i].id == id && o->told[i].state == state;
    return count;
}

static void wait_for(office *o, int64_t id, gf_job_state state)
{
    (void)pthread_mutex_lock(&o->lock);
    while (ends(o, id, state) == 0)
        (void)pthread_cond_wait(&o->moved, &o->lock);
    (void)pthread_mutex_unlock(&o->lock);
}

static void open_gate(office *o)
{
    (void)pthread_mutex_lock(&o->lock);
    o->open = true;
    (void)pthread_mutex_unlock(&o->lock);
}

static gf_jobs *open_with(office *o)
{
    *o = (office){ .count = 0 };
    (void)pthread_mutex_init(&o->lock, NULL);
    (void)pthread_cond_init(&o->moved, NULL);
    const gf_jobs_options options = { .now = now, .changed = tell, .context = o };
    gf_jobs *jobs = gf_jobs_open(&options);
    assert_non_null(jobs);
    return jobs;
}

static int64_t add(gf_jobs *jobs, office *o, int64_t id)
{
    int64_t made = 0;
    const gf_job_order order = { "u", "kind", "label", wait_at_gate, o, release, id };
    assert_int_equal(gf_jobs_add(jobs, &order, &made, NULL), GF_OK);
    return made;
}

static void numbers_are_given_from_outside_or_here(void **state)
{
    (void)state;
    office o;
    gf_jobs *jobs = open_with(&o);
    open_gate(&o);
    assert_int_equal(add(jobs, &o, 0), 1);
    assert_int_equal(add(jobs, &o, 700), 700);
    assert_int_equal(add(jobs, &o, 0), 2);
    wait_for(&o, 700, GF_JOB_DONE);
    gf_jobs_close(jobs);
    assert_int_equal(o.released, 3);
}

static void one_cancelled_while_it_waits_is_told_once_and_never_runs(void **state)
{
    (void)state;
    office o;
    gf_jobs *jobs = open_with(&o);
    (void)add(jobs, &o, 1);
    wait_for(&o, 1, GF_JOB_RUNNING);
    (void)add(jobs, &o, 2);
    assert_int_equal(gf_jobs_cancel(jobs, "somebody else", 2, NULL), GF_ENOTFOUND);
    assert_int_equal(gf_jobs_cancel(jobs, "u", 2, NULL), GF_OK);
    assert_int_equal(gf_jobs_cancel(jobs, "u", 2, NULL), GF_OK);
    open_gate(&o);
    wait_for(&o, 1, GF_JOB_DONE);
    gf_jobs_close(jobs);
    assert_int_equal(ends(&o, 2, GF_JOB_CANCELLED), 1);
    assert_int_equal(ends(&o, 2, GF_JOB_RUNNING), 0);
}

static void a_stop_ends_what_runs_and_can_still_be_asked(void **state)
{
    (void)state;
    office o;
    gf_jobs *jobs = open_with(&o);
    gf_arena *arena = gf_arena_open(GF_MIB);
    gf_job_view view;
    (void)add(jobs, &o, 1);
    wait_for(&o, 1, GF_JOB_RUNNING);
    (void)add(jobs, &o, 2);
    gf_jobs_stop(jobs);
    assert_int_equal(gf_jobs_get(jobs, "u", 1, arena, &view, NULL), GF_OK);
    assert_int_equal(view.state, GF_JOB_CANCELLED);
    assert_int_equal(gf_jobs_get(jobs, "u", 2, arena, &view, NULL), GF_OK);
    assert_int_equal(view.state, GF_JOB_WAITING);
    int64_t id;
    const gf_job_order late = { "u", "kind", "label", wait_at_gate, &o, release, 0 };
    assert_int_equal(gf_jobs_add(jobs, &late, &id, NULL), GF_ELIMIT);
    gf_jobs_close(jobs);
    assert_int_equal(o.released, 3);
    gf_arena_close(arena);
}

static void a_result_that_is_dropped_is_gone_but_for_who_has_it_open(void **state)
{
    (void)state;
    office o;
    gf_jobs *jobs = open_with(&o);
    gf_arena *arena = gf_arena_open(GF_MIB);
    gf_job_view view;
    char name[GF_JOB_TEXT_BYTES], text[8] = "";
    int fd = -1, other = -1;
    (void)add(jobs, &o, 5);
    wait_for(&o, 5, GF_JOB_RUNNING);
    gf_jobs_drop_result(jobs, 5);  /* it has not ended: nothing is dropped */
    open_gate(&o);
    wait_for(&o, 5, GF_JOB_DONE);
    assert_int_equal(gf_jobs_result(jobs, "u", 5, &fd, name, NULL), GF_OK);
    gf_jobs_drop_result(jobs, 5);
    assert_int_equal(gf_jobs_result(jobs, "u", 5, &other, name, NULL), GF_ENOTFOUND);
    assert_int_equal(gf_jobs_get(jobs, "u", 5, arena, &view, NULL), GF_OK);
    assert_false(view.has_result);
    assert_int_equal(view.answer.len, 0);
    assert_int_equal(pread(fd, text, sizeof text, 0), 4);
    assert_memory_equal(text, "text", 4);
    (void)close(fd);
    gf_jobs_close(jobs);
    gf_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_given_from_outside_or_here),
        cmocka_unit_test(one_cancelled_while_it_waits_is_told_once_and_never_runs),
        cmocka_unit_test(a_stop_ends_what_runs_and_can_still_be_asked),
        cmocka_unit_test(a_result_that_is_dropped_is_gone_but_for_who_has_it_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
