/* Kernel sums and innermost balls as functions of the module: checks every buffer, then calls plain C. */
#include "arguments.h"

#include "sums_and_balls.h"

PyDoc_STRVAR(log_kernel_sums_doc,
             "log_kernel_sums(cells, n_features, factor, queries, logs, path)\n"
             "--\n\nWrite log(sum over packed rows of exp(-factor * squared distance)) for each query into logs.");

static PyObject *py_log_kernel_sums(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *cells, *queries, *logs;
    int n_features;
    double factor;
    const char *path_name;
    if (!PyArg_ParseTuple(args, "OidOOz:log_kernel_sums", &cells, &n_features, &factor, &queries, &logs, &path_name))
        return NULL;
    const int path = path_named(path_name);
    if (path < 0)
        return PyErr_Format(PyExc_ValueError, "this processor has no '%s' path", path_name);
    Argument a[] = {ARGUMENT(cells, FLOAT64, 0), ARGUMENT(queries, FLOAT64, 0), ARGUMENT(logs, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    const int64_t n_queries = length_of(&a[2]);
    if (n_features < 1 || length_of(&a[0]) % ((int64_t)n_features * GROUP) != 0
        || length_of(&a[1]) != n_queries * n_features)
        return refuse(a, n, "cells, queries and logs do not fit each other");
    const int64_t n_groups = length_of(&a[0]) / ((int64_t)n_features * GROUP);
    Py_BEGIN_ALLOW_THREADS
    log_kernel_sums(distances_on((ScoringPath)path), a[0].view.buf, n_groups, n_features, factor, a[1].view.buf,
                    n_queries, a[2].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(mean_innermost_values_doc,
             "mean_innermost_values(cells, n_sets, n_features, square_radii, values, queries, means, path)\n"
             "--\n\nWrite the mean over sets of the value of the first ball that holds each query, 1 where\n"
             "none does, into means. Slots without a ball have a negative radius.");

static PyObject *py_mean_innermost_values(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *cells, *square_radii, *values, *queries, *means;
    int n_sets, n_features;
    const char *path_name;
    if (!PyArg_ParseTuple(args, "OiiOOOOz:mean_innermost_values", &cells, &n_sets, &n_features, &square_radii, &values,
                          &queries, &means, &path_name))
        return NULL;
    const int path = path_named(path_name);
    if (path < 0)
        return PyErr_Format(PyExc_ValueError, "this processor has no '%s' path", path_name);
    Argument a[] = {ARGUMENT(cells, FLOAT64, 0), ARGUMENT(square_radii, FLOAT64, 0), ARGUMENT(values, FLOAT64, 0),
                    ARGUMENT(queries, FLOAT64, 0), ARGUMENT(means, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    const int64_t n_slots = length_of(&a[1]), n_queries = length_of(&a[4]);
    if (n_features < 1 || n_sets < 1 || n_slots % ((int64_t)n_sets * GROUP) != 0 || length_of(&a[2]) != n_slots
        || length_of(&a[0]) != n_slots * n_features || length_of(&a[3]) != n_queries * n_features
        || n_slots / n_sets > INT32_MAX)
        return refuse(a, n, "the arrays of the balls, queries and means do not fit each other");
    const int32_t n_groups = (int32_t)(n_slots / n_sets / GROUP);
    Py_BEGIN_ALLOW_THREADS
    mean_innermost_values(distances_on((ScoringPath)path), a[0].view.buf, n_sets, n_groups, n_features, a[1].view.buf,
                          a[2].view.buf, a[3].view.buf, n_queries, a[4].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    Py_RETURN_NONE;
}

PyMethodDef distance_functions[] = {
    {"log_kernel_sums", py_log_kernel_sums, METH_VARARGS, log_kernel_sums_doc},
    {"mean_innermost_values", py_mean_innermost_values, METH_VARARGS, mean_innermost_values_doc},
    {NULL, NULL, 0, NULL},
};
