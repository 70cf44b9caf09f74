/* What the functions of the modules `_kernels` and `_native` share: arrays that come in through the buffer protocol, and the tables of
   functions. Written against the stable ABI of Python 3.11, so one build serves all later versions. */
#ifndef PYNOMALY_ARGUMENTS_H
#define PYNOMALY_ARGUMENTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject *source;
    const char *name;
    const char *formats; /* accepted one-letter struct formats; int32 is 'i' or 'l' depending on the platform */
    Py_ssize_t item_size;
    int writable;
    Py_buffer view;
} Argument;

/* Take hold of all buffers or of none. Sets an exception and returns 0 if one has the wrong type or layout. */
int acquire(Argument *arguments, int n);

void release(Argument *arguments, int n);

/* Release the buffers and return NULL with a ValueError. */
PyObject *refuse(Argument *arguments, int n, const char *message);

Py_ssize_t length_of(const Argument *argument);

#define FLOAT32 "f", 4
#define FLOAT64 "d", 8
#define INT32 "il", 4
#define INT64 "lq", 8
#define UINT16 "H", 2
#define UINT32 "IL", 4
#define UINT64 "LQ", 8
#define UINT8 "B", 1
#define BOOL "?", 1
#define ARGUMENT(object, type, is_output) {object, #object, type, is_output, {0}}

/* The functions of each subject, ended by an empty entry. */
extern PyMethodDef distance_functions[];
extern PyMethodDef extended_functions[];
extern PyMethodDef forest_functions[];
extern PyMethodDef neighbour_functions[];
extern PyMethodDef quadratic_functions[];
extern PyMethodDef scaling_functions[];
extern PyMethodDef table_functions[];
extern PyMethodDef text_functions[];

#endif
