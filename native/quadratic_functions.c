/* Quadratic forms as a function of the module. */
#include "arguments.h"

#include <string.h>

#include "quadratic.h"

#define FEW_ROWS 4 /* below, the portable path wins: vector paths always do the work of a full group */

PyDoc_STRVAR(squared_lengths_doc,
             "squared_lengths(rows, n_features, centre, triangle, lengths, path)\n"
             "--\n\nWrite |R (x - centre)|^2 for each row x into lengths; triangle is the upper triangle of R,\n"
             "row by row. What is not finite, or overflows, gives a length that is not finite.\n"
             "path: one of instruction_sets(), or None to choose.");

/* Return whether there is such a path here; no name is the widest one, or the portable one for few rows. */
static int find_path(const char *name, int64_t n_rows, ScoringPath *path)
{
    static const char *const names[] = {"scalar", "avx2", "avx512"}; /* in the order of ScoringPath */
    const int widest = (int)widest_path();
    *path = n_rows < FEW_ROWS ? PATH_SCALAR : (ScoringPath)widest;
    for (int i = 0; name && i <= widest; i++)
        if (strcmp(name, names[i]) == 0) {
            *path = (ScoringPath)i;
            return 1;
        }
    return name == NULL;
}

static PyObject *squared_lengths_of_rows(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *centre, *triangle, *lengths;
    int n_features;
    const char *path_name;
    ScoringPath path;
    if (!PyArg_ParseTuple(args, "OiOOOz:squared_lengths", &rows, &n_features, &centre, &triangle, &lengths,
                          &path_name))
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT64, 0), ARGUMENT(centre, FLOAT64, 0), ARGUMENT(triangle, FLOAT64, 0),
                    ARGUMENT(lengths, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    const int64_t n_rows = length_of(&a[3]);
    if (n_features < 1 || n_features > MAX_QUADRATIC_FEATURES || length_of(&a[0]) != n_rows * n_features)
        return refuse(a, n, "rows and lengths differ in length, or n_features is out of range");
    if (length_of(&a[1]) != n_features || length_of(&a[2]) != n_features * (n_features + 1) / 2)
        return refuse(a, n, "centre or triangle has the wrong length");
    if (!find_path(path_name, n_rows, &path))
        return refuse(a, n, "this processor has no such path");
    Py_BEGIN_ALLOW_THREADS
    squared_lengths(path, a[0].view.buf, n_rows, n_features, a[1].view.buf, a[2].view.buf, a[3].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    Py_RETURN_NONE;
}

PyMethodDef quadratic_functions[] = {
    {"squared_lengths", squared_lengths_of_rows, METH_VARARGS, squared_lengths_doc},
    {NULL, NULL, 0, NULL},
};
