/* Sums of look-ups as functions of the module: checks every buffer, releases the interpreter lock, calls plain C. */
#include "arguments.h"

#include <string.h>

#include "tables.h"

/* Which compilation to run: -1 and a ValueError for a path this processor has not. */
static int is_wide_path(const char *path)
{
    if (!path)
        return has_wide_path();
    if (strcmp(path, "scalar") == 0)
        return 0;
    if (strcmp(path, "avx2") == 0 && has_wide_path())
        return 1;
    PyErr_Format(PyExc_ValueError, "this processor has no '%s' path", path);
    return -1;
}

PyDoc_STRVAR(score_tails_doc,
             "score_tails(rows, n_features, half_centre, scale, first, start, knots, lines, takes_first, n_sides, scores,\n"
             "            path)\n"
             "--\n\nWrite each row's sum of surprise into scores; return False, and scores without meaning, if a value\n"
             "in rows is not a finite number. The numbers in first and start are trusted: tail_lines.py makes them.");

static PyObject *tails(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *half_centre, *scale, *first, *start, *knots, *lines, *takes_first, *scores;
    int n_features, n_sides;
    const char *path;
    if (!PyArg_ParseTuple(args, "OiOOOOOOOiOz:score_tails", &rows, &n_features, &half_centre, &scale, &first, &start,
                          &knots, &lines, &takes_first, &n_sides, &scores, &path))
        return NULL;
    int is_wide = is_wide_path(path);
    if (is_wide < 0)
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT64, 0),    ARGUMENT(half_centre, FLOAT64, 0), ARGUMENT(scale, FLOAT64, 0),
                    ARGUMENT(first, UINT16, 0),    ARGUMENT(start, INT64, 0),         ARGUMENT(knots, FLOAT64, 0),
                    ARGUMENT(lines, FLOAT64, 0),   ARGUMENT(takes_first, BOOL, 0),    ARGUMENT(scores, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    int64_t n_rows = length_of(&a[8]);
    if (n_features < 1 || length_of(&a[0]) != n_rows * n_features)
        return refuse(a, n, "rows and scores differ in length");
    if (n_sides < 1 || n_sides > 2 || length_of(&a[1]) != n_features || length_of(&a[2]) != n_features
        || length_of(&a[3]) != (Py_ssize_t)n_features * (2 * HALF_CELLS + 1) || length_of(&a[4]) != n_features
        || length_of(&a[6]) != length_of(&a[5]) * (1 + 3 * n_sides) || length_of(&a[7]) != n_features)
        return refuse(a, n, "the tables have the wrong shape");
    TailLines tables = {n_features,      n_sides,         a[1].view.buf,   a[2].view.buf,  a[3].view.buf,
                        a[4].view.buf,   a[5].view.buf,   a[6].view.buf,   a[7].view.buf};
    int is_finite;
    Py_BEGIN_ALLOW_THREADS
    is_finite = score_tails(is_wide, &tables, a[0].view.buf, n_rows, a[8].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    return PyBool_FromLong(is_finite);
}

PyDoc_STRVAR(score_histograms_doc,
             "score_histograms(rows, n_features, columns, weights, low, high, n_bins, start, heights, scores, path)\n"
             "--\n\nWrite each row's sum of heights into scores; return False, and scores without meaning, if a value\n"
             "in rows is not a finite number. The numbers in columns, n_bins and start are trusted:\n"
             "direction_histograms.py checks them.");

static PyObject *histograms(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *columns, *weights, *low, *high, *n_bins, *start, *heights, *scores;
    int n_features;
    const char *path;
    if (!PyArg_ParseTuple(args, "OiOOOOOOOOz:score_histograms", &rows, &n_features, &columns, &weights, &low, &high,
                          &n_bins, &start, &heights, &scores, &path))
        return NULL;
    int is_wide = is_wide_path(path);
    if (is_wide < 0)
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT64, 0),    ARGUMENT(columns, INT32, 0), ARGUMENT(weights, FLOAT64, 0),
                    ARGUMENT(low, FLOAT64, 0),     ARGUMENT(high, FLOAT64, 0),  ARGUMENT(n_bins, INT32, 0),
                    ARGUMENT(start, INT64, 0),     ARGUMENT(heights, FLOAT64, 0), ARGUMENT(scores, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    int64_t n_rows = length_of(&a[8]);
    Py_ssize_t n_tables = length_of(&a[3]);
    if (n_features < 1 || length_of(&a[0]) != n_rows * n_features)
        return refuse(a, n, "rows and scores differ in length");
    if (n_tables < 1 || n_tables > INT32_MAX || length_of(&a[1]) < n_tables || length_of(&a[1]) % n_tables != 0
        || length_of(&a[2]) != length_of(&a[1]) || length_of(&a[4]) != n_tables || length_of(&a[5]) != n_tables
        || length_of(&a[6]) != n_tables)
        return refuse(a, n, "the tables have the wrong shape");
    Histograms all = {n_features, (int32_t)n_tables, (int32_t)(length_of(&a[1]) / n_tables), a[1].view.buf,
                      a[2].view.buf, a[3].view.buf, a[4].view.buf, a[5].view.buf, a[6].view.buf, a[7].view.buf};
    int is_finite;
    Py_BEGIN_ALLOW_THREADS
    is_finite = score_histograms(is_wide, &all, a[0].view.buf, n_rows, a[8].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    return PyBool_FromLong(is_finite);
}

PyMethodDef table_functions[] = {
    {"score_tails", tails, METH_VARARGS, score_tails_doc},
    {"score_histograms", histograms, METH_VARARGS, score_histograms_doc},
    {NULL, NULL, 0, NULL},
};
