/* Bringing columns to their scale as a function of the module `_native`. */
#include "arguments.h"

#include <string.h>

#include "scaling.h"

PyDoc_STRVAR(scale_into_doc,
             "scale_into(values, center, spread, low, high, knee, missing, out)\n"
             "--\n\nMap values as RobustScale does into out, float32 or float64, which may be a column of a matrix.");

static PyObject *scale_into(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *values, *out;
    Scale scale;
    if (!PyArg_ParseTuple(args, "OddddddO:scale_into", &values, &scale.center, &scale.spread, &scale.low, &scale.high,
                          &scale.knee, &scale.missing, &out))
        return NULL;
    Argument a[] = {ARGUMENT(values, FLOAT64, 0)};
    if (!acquire(a, 1))
        return NULL;
    Py_buffer column;
    if (PyObject_GetBuffer(out, &column, PyBUF_STRIDES | PyBUF_FORMAT | PyBUF_WRITABLE) < 0) {
        release(a, 1);
        return NULL;
    }
    int64_t n = length_of(&a[0]);
    int is_float32 = column.format && strcmp(column.format, "f") == 0;
    int is_float64 = column.format && strcmp(column.format, "d") == 0;
    int fits = column.ndim == 1 && column.shape[0] == n && (is_float32 || is_float64)
               && (size_t)column.buf % (size_t)column.itemsize == 0 && column.strides[0] % column.itemsize == 0;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS
        (is_float32 ? scale_float32 : scale_float64)(a[0].view.buf, n, &scale, column.buf, column.strides[0]);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&column);
    if (!fits)
        return refuse(a, 1, "out does not fit the values");
    release(a, 1);
    Py_RETURN_NONE;
}

PyMethodDef scaling_functions[] = {
    {"scale_into", scale_into, METH_VARARGS, scale_into_doc},
    {NULL, NULL, 0, NULL},
};
