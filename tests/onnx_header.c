/* onnx_header: are the places of src/link/onnx_slots.h those of the real header? tests/test_detect.py compiles and runs it
 * where scripts/detector.sh has put that header. */
#include "link/onnx_slots.h"

#include <onnxruntime_c_api.h>
#include <stddef.h>
#include <stdio.h>

#define PLACE(name) { #name, offsetof(OrtApi, name) / sizeof(void *), ONNX_##name }
typedef struct place { const char *name; size_t real, ours; } place;
static const place PLACES[] = {
    PLACE(GetErrorMessage), PLACE(CreateEnv), PLACE(CreateSessionFromArray), PLACE(Run), PLACE(CreateSessionOptions), PLACE(SetSessionGraphOptimizationLevel),
    PLACE(SetIntraOpNumThreads), PLACE(SetInterOpNumThreads), PLACE(SessionGetInputCount), PLACE(SessionGetOutputCount), PLACE(SessionGetInputTypeInfo),
    PLACE(SessionGetOutputTypeInfo), PLACE(SessionGetInputName), PLACE(SessionGetOutputName), PLACE(CreateTensorWithDataAsOrtValue), PLACE(CastTypeInfoToTensorInfo),
    PLACE(GetTensorElementType), PLACE(GetDimensionsCount), PLACE(GetDimensions), PLACE(CreateCpuMemoryInfo), PLACE(AllocatorFree), PLACE(GetAllocatorWithDefaultOptions),
    PLACE(ReleaseEnv), PLACE(ReleaseStatus), PLACE(ReleaseMemoryInfo), PLACE(ReleaseSession), PLACE(ReleaseValue), PLACE(ReleaseTypeInfo), PLACE(ReleaseSessionOptions),
    { "ORT_LOGGING_LEVEL_FATAL", ORT_LOGGING_LEVEL_FATAL, ONNX_LOG_FATAL }, { "ORT_ENABLE_ALL", ORT_ENABLE_ALL, ONNX_OPTIMIZE_ALL },
    { "ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, ONNX_FLOAT }, { "OrtArenaAllocator", OrtArenaAllocator, ONNX_ALLOCATOR_ARENA },
    { "OrtMemTypeDefault", OrtMemTypeDefault, ONNX_MEMORY_DEFAULT },
};

int main(void)
{
    size_t failed = 0;
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++)
        if (PLACES[i].real != PLACES[i].ours) {
            (void)printf("FAIL %s: place %zu in the header, %zu here\n", PLACES[i].name, PLACES[i].real, PLACES[i].ours);
            failed++;
        }
    (void)printf("%zu passed, %zu failed\n", sizeof PLACES / sizeof PLACES[0] - failed, failed);
    return failed != 0;
}
