/* ONNX Runtime's C interface, called through its table by place (onnx_slots.h).
 *
 * Each function has its own type below, written from the documentation of the interface; a place and its type stand together
 * in the macro CALL, so that a wrong pairing is seen where it is made. Session options: one thread inside an operator
 * and one between them - two were slower than one on small networks - and every optimisation of the graph.
 */
#include "link/gf_link_detect.h"

#include "link/module.h"
#include "link/onnx_slots.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef void onnx_status;   /* the library's own objects, never looked into */
typedef void onnx_object;
typedef void (*onnx_fn)(void);
typedef struct onnx_base { const onnx_fn *(*get_api)(uint32_t version); const char *(*version)(void); } onnx_base;

enum { FLOATS_MAX = 1 << 26, NAME_MAX_BYTES = 256 };

struct gf_link_detector {
    void          *handle;
    const onnx_fn *api;
    char           version[32];
    onnx_object   *env, *options, *session, *memory;
    gf_link_shape  input, output;
    char           input_name[NAME_MAX_BYTES], output_name[NAME_MAX_BYTES];
};

typedef const char  *error_message_fn(const onnx_status *status);
typedef void         release_fn(onnx_object *object);
typedef onnx_status *create_env_fn(int severity, const char *name, onnx_object **out);
typedef onnx_status *create_fn(onnx_object **out);
typedef onnx_status *set_int_fn(onnx_object *options, int value);
typedef onnx_status *create_session_fn(const onnx_object *env, const void *bytes, size_t len, const onnx_object *options, onnx_object **out);
typedef onnx_status *count_fn(const onnx_object *object, size_t *out);
typedef onnx_status *type_info_fn(const onnx_object *session, size_t index, onnx_object **out);
typedef onnx_status *cast_fn(const onnx_object *info, const onnx_object **out);
typedef onnx_status *element_fn(const onnx_object *info, int *out);
typedef onnx_status *sides_fn(const onnx_object *info, int64_t *out, size_t count);
typedef onnx_status *name_fn(const onnx_object *session, size_t index, onnx_object *allocator, char **out);
typedef onnx_status *free_fn(onnx_object *allocator, void *bytes);
typedef onnx_status *memory_info_fn(int allocator, int kind, onnx_object **out);
typedef onnx_status *tensor_fn(const onnx_object *memory, void *data, size_t bytes, const int64_t *sides, size_t count, int type, onnx_object **out);
typedef onnx_status *run_fn(onnx_object *session, const onnx_object *options, const char *const *input_names, const onnx_object *const *inputs, size_t input_count,
                            const char *const *output_names, size_t output_count, onnx_object **outputs);

#define CALL(d, slot, type) ((type *)(d)->api[slot])

/* Turn the library's status into ours, and free it. */
static gf_status ask(const gf_link_detector *d, onnx_status *said, gf_status status, const char *code, const char *what, gf_error *err)
{
    if (!said)
        return GF_OK;
    gf_status got = gf_fail(err, status, code, "", "%s: %.150s", what, CALL(d, ONNX_GetErrorMessage, error_message_fn)(said));
    for (char *c = err ? err->what : ""; *c; c++)
        *c = *c == '\n' || *c == '\r' ? ' ' : *c;   /* one line, whatever the library says */
    CALL(d, ONNX_ReleaseStatus, release_fn)(said);
    return got;
}

static gf_status load_library(const char *folder, gf_link_detector *d, gf_error *err)
{
    char why[200];
    bool found;
    d->handle = module_load(folder, "libonnxruntime.so.1", folder == NULL, &found, why);
    if (!d->handle)
        return gf_fail(err, found ? GF_EINPUT : GF_ENOTFOUND, "link.detector", "make detector fetches ONNX Runtime; without it everything else works.",
                       found ? "no detector: libonnxruntime.so.1 does not load: %s" : "no detector: libonnxruntime.so.1 is not here%.0s", why);
    const onnx_base *(*base)(void);
    *(void **)&base = dlsym(d->handle, "OrtGetApiBase");   /* POSIX's own way round ISO C's rule on function pointers */
    d->api = base ? base()->get_api(ONNX_API_VERSION) : NULL;
    if (!d->api)
        return gf_fail(err, GF_EINPUT, "link.detector", "make detector fetches a version that fits.", "no detector: this libonnxruntime.so.1 is older than version 1.%u", ONNX_API_VERSION);
    (void)snprintf(d->version, sizeof d->version, "%s", base()->version());
    return GF_OK;
}

static gf_status read_shape(const gf_link_detector *d, const onnx_object *type, gf_link_shape *out, gf_error *err)
{
    const onnx_object *info = NULL;
    int element = 0;
    gf_status status = ask(d, CALL(d, ONNX_CastTypeInfoToTensorInfo, cast_fn)(type, &info), GF_EINPUT, "link.model", "no tensor", err);
    if (!status && info)
        status = ask(d, CALL(d, ONNX_GetTensorElementType, element_fn)(info, &element), GF_EINPUT, "link.model", "no element type", err);
    if (!status && info)
        status = ask(d, CALL(d, ONNX_GetDimensionsCount, count_fn)(info, &out->count), GF_EINPUT, "link.model", "no shape", err);
    if (status)
        return status;
    if (!info || element != ONNX_FLOAT || out->count == 0 || out->count > GF_LINK_SHAPE_MAX)
        return gf_fail(err, GF_EINPUT, "link.model", "Export the model with 32-bit floats.", "the model's input or output is no array of floats of up to %d sides", GF_LINK_SHAPE_MAX);
    status = ask(d, CALL(d, ONNX_GetDimensions, sides_fn)(info, out->side, out->count), GF_EINPUT, "link.model", "no shape", err);
    if (status)
        return status;
    out->floats = 1;
    for (size_t i = 0; i < out->count; i++) {
        if (out->side[i] <= 0)
            return gf_fail(err, GF_EINPUT, "link.model", "Export the model with fixed sides, a batch of 1 among them.", "side %zu of the model's input or output is not fixed", i + 1);
        if (out->side[i] > FLOATS_MAX || (out->floats *= (size_t)out->side[i]) > FLOATS_MAX)
            return gf_fail(err, GF_ELIMIT, "link.model", "", "the model's input or output has more than %d floats", FLOATS_MAX);
    }
    return GF_OK;
}

static gf_status read_name(const gf_link_detector *d, onnx_slot slot, char out[NAME_MAX_BYTES], gf_error *err)
{
    onnx_object *allocator = NULL;
    char *name = NULL;
    gf_status status = ask(d, CALL(d, ONNX_GetAllocatorWithDefaultOptions, create_fn)(&allocator), GF_ENOMEM, "link.detector", "no allocator", err);
    if (!status)
        status = ask(d, CALL(d, slot, name_fn)(d->session, 0, allocator, &name), GF_EINPUT, "link.model", "no name", err);
    if (status)
        return status;
    if (strlen(name) < NAME_MAX_BYTES)
        memcpy(out, name, strlen(name) + 1);
    else
        status = gf_fail(err, GF_EINPUT, "link.model", "", "a name in the model has more than %d bytes", NAME_MAX_BYTES - 1);
    gf_status freed = ask(d, CALL(d, ONNX_AllocatorFree, free_fn)(allocator, name), GF_EINPUT, "link.detector", "cannot free a name", err);
    return status ? status : freed;
}

typedef struct end { onnx_slot count, type, name; } end;
static const end INPUT = { ONNX_SessionGetInputCount, ONNX_SessionGetInputTypeInfo, ONNX_SessionGetInputName };
static const end OUTPUT = { ONNX_SessionGetOutputCount, ONNX_SessionGetOutputTypeInfo, ONNX_SessionGetOutputName };

static gf_status read_end(const gf_link_detector *d, const end *e, gf_link_shape *shape, char name[NAME_MAX_BYTES], gf_error *err)
{
    size_t count = 0;
    onnx_object *type = NULL;
    gf_status status = ask(d, CALL(d, e->count, count_fn)(d->session, &count), GF_EINPUT, "link.model", "no count", err);
    if (!status && count != 1)
        return gf_fail(err, GF_EINPUT, "link.model", "Export the model with one input and one output.", "the model has %zu inputs or outputs", count);
    if (!status)
        status = ask(d, CALL(d, e->type, type_info_fn)(d->session, 0, &type), GF_EINPUT, "link.model", "no type", err);
    if (status)
        return status;
    status = read_shape(d, type, shape, err);
    CALL(d, ONNX_ReleaseTypeInfo, release_fn)(type);
    return status ? status : read_name(d, e->name, name, err);
}

static gf_status open_session(gf_link_detector *d, const void *model, size_t bytes, gf_error *err)
{
    gf_status status = ask(d, CALL(d, ONNX_CreateEnv, create_env_fn)(ONNX_LOG_FATAL, "gongfu", &d->env), GF_EUNSOLVED, "link.detector", "no environment", err);
    if (!status)
        status = ask(d, CALL(d, ONNX_CreateSessionOptions, create_fn)(&d->options), GF_EUNSOLVED, "link.detector", "no options", err);
    if (!status)
        status = ask(d, CALL(d, ONNX_SetIntraOpNumThreads, set_int_fn)(d->options, 1), GF_EUNSOLVED, "link.detector", "no option", err);
    if (!status)
        status = ask(d, CALL(d, ONNX_SetInterOpNumThreads, set_int_fn)(d->options, 1), GF_EUNSOLVED, "link.detector", "no option", err);
    if (!status)
        status = ask(d, CALL(d, ONNX_SetSessionGraphOptimizationLevel, set_int_fn)(d->options, ONNX_OPTIMIZE_ALL), GF_EUNSOLVED, "link.detector", "no option", err);
    if (!status)
        status = ask(d, CALL(d, ONNX_CreateCpuMemoryInfo, memory_info_fn)(ONNX_ALLOCATOR_ARENA, ONNX_MEMORY_DEFAULT, &d->memory), GF_EUNSOLVED, "link.detector", "no memory", err);
    return status ? status : ask(d, CALL(d, ONNX_CreateSessionFromArray, create_session_fn)(d->env, model, bytes, d->options, &d->session), GF_EINPUT, "link.model", "the model cannot be used", err);
}

gf_status gf_link_detector_open(const char *folder, const void *model, size_t bytes, gf_link_detector **out, gf_error *err)
{
    if (bytes == 0 || bytes > GF_LINK_MODEL_BYTES_MAX)
        return gf_fail(err, bytes ? GF_ELIMIT : GF_EINPUT, "link.model", "", "a model has from 1 to %d bytes", GF_LINK_MODEL_BYTES_MAX);
    gf_link_detector *d = calloc(1, sizeof *d);
    if (!d)
        return gf_fail_memory(err);
    gf_status status = load_library(folder, d, err);
    if (!status)
        status = open_session(d, model, bytes, err);
    if (!status)
        status = read_end(d, &INPUT, &d->input, d->input_name, err);
    if (!status)
        status = read_end(d, &OUTPUT, &d->output, d->output_name, err);
    if (status)
        return gf_link_detector_close(d), status;
    *out = d;
    return GF_OK;
}

void gf_link_detector_close(gf_link_detector *d)
{
    if (!d)
        return;
    if (d->session)
        CALL(d, ONNX_ReleaseSession, release_fn)(d->session);
    if (d->memory)
        CALL(d, ONNX_ReleaseMemoryInfo, release_fn)(d->memory);
    if (d->options)
        CALL(d, ONNX_ReleaseSessionOptions, release_fn)(d->options);
    if (d->env)
        CALL(d, ONNX_ReleaseEnv, release_fn)(d->env);
    if (d->handle)
        (void)dlclose(d->handle);
    free(d);
}

const gf_link_shape *gf_link_detector_input(const gf_link_detector *d) { return &d->input; }
const gf_link_shape *gf_link_detector_output(const gf_link_detector *d) { return &d->output; }
const char *gf_link_detector_version(const gf_link_detector *d) { return d->version; }

static gf_status wrap(const gf_link_detector *d, const float *data, const gf_link_shape *shape, onnx_object **out, gf_error *err)
{
    return ask(d, CALL(d, ONNX_CreateTensorWithDataAsOrtValue, tensor_fn)(d->memory, (void *)data, shape->floats * sizeof *data, shape->side, shape->count, ONNX_FLOAT, out),
               GF_EUNSOLVED, "link.detector", "no tensor", err);
}

gf_status gf_link_detector_run(void *detector, const float *input, float *output, gf_error *err)
{
    const gf_link_detector *d = detector;
    const char *const in_name = d->input_name, *const out_name = d->output_name;
    onnx_object *in = NULL, *result = NULL;
    gf_status status = wrap(d, input, &d->input, &in, err);
    if (!status)
        status = wrap(d, output, &d->output, &result, err);   /* computed straight into the caller's floats */
    if (!status)
        status = ask(d, CALL(d, ONNX_Run, run_fn)(d->session, NULL, &in_name, (const onnx_object *const *)&in, 1, &out_name, 1, &result), GF_EUNSOLVED, "link.detector", "the model does not compute", err);
    if (in)
        CALL(d, ONNX_ReleaseValue, release_fn)(in);
    if (result)
        CALL(d, ONNX_ReleaseValue, release_fn)(result);
    return status;
}
