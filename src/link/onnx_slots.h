/* link/onnx_slots.h - the few places of ONNX Runtime's function table that are called here.
 *
 * The table's order is its binary interface: functions are only ever added behind the last, and a library hands out the table
 * of any version up to its own. So the places are facts that hold for every library since version ONNX_API_VERSION, and
 * the program needs no header to be built. tests/onnx_header.c compares them with the real header where it is
 * (scripts/detector.sh).
 */
#pragma once

#define ONNX_API_VERSION 11u

typedef enum onnx_slot {
    ONNX_GetErrorMessage = 2,
    ONNX_CreateEnv = 3,
    ONNX_CreateSessionFromArray = 8,
    ONNX_Run = 9,
    ONNX_CreateSessionOptions = 10,
    ONNX_SetSessionGraphOptimizationLevel = 23,
    ONNX_SetIntraOpNumThreads = 24,
    ONNX_SetInterOpNumThreads = 25,
    ONNX_SessionGetInputCount = 30,
    ONNX_SessionGetOutputCount = 31,
    ONNX_SessionGetInputTypeInfo = 33,
    ONNX_SessionGetOutputTypeInfo = 34,
    ONNX_SessionGetInputName = 36,
    ONNX_SessionGetOutputName = 37,
    ONNX_CreateTensorWithDataAsOrtValue = 49,
    ONNX_CastTypeInfoToTensorInfo = 55,
    ONNX_GetTensorElementType = 60,
    ONNX_GetDimensionsCount = 61,
    ONNX_GetDimensions = 62,
    ONNX_CreateCpuMemoryInfo = 69,
    ONNX_AllocatorFree = 76,
    ONNX_GetAllocatorWithDefaultOptions = 78,
    ONNX_ReleaseEnv = 92,
    ONNX_ReleaseStatus = 93,
    ONNX_ReleaseMemoryInfo = 94,
    ONNX_ReleaseSession = 95,
    ONNX_ReleaseValue = 96,
    ONNX_ReleaseTypeInfo = 98,
    ONNX_ReleaseSessionOptions = 100
} onnx_slot;

/* Values of its enumerations. */
enum { ONNX_LOG_FATAL = 4, ONNX_OPTIMIZE_ALL = 99, ONNX_FLOAT = 1, ONNX_ALLOCATOR_ARENA = 1, ONNX_MEMORY_DEFAULT = 0 };
