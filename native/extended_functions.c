/* The extended isolation forest as functions of the module: checks every buffer, releases the interpreter lock, calls
   plain C. */
#include "arguments.h"

#include "extended_forest.h"
#include "forest.h"

/* Whether four arrays hold whole trees; they come in the order of the struct. */
static int has_the_shape(const Argument *arrays, int n_features, int n_components, int depth)
{
    Py_ssize_t n_slots = length_of(&arrays[2]);
    return n_features >= 1 && n_features <= MAX_FEATURES && n_components >= 1 && n_components <= n_features && depth >= 1
           && depth <= MAX_DEPTH && n_slots % ((Py_ssize_t)1 << depth) == 0 && length_of(&arrays[3]) == n_slots
           && length_of(&arrays[0]) == n_slots * n_components && length_of(&arrays[1]) == n_slots * n_components;
}

static ExtendedForest forest_of(const Argument *arrays, int n_features, int n_components, int depth)
{
    return (ExtendedForest){arrays[0].view.buf, arrays[1].view.buf, arrays[2].view.buf, arrays[3].view.buf,
                            (int32_t)(length_of(&arrays[2]) >> depth), n_features, n_components, depth};
}

PyDoc_STRVAR(grow_extended_doc,
             "grow_extended(rows, n_features, max_samples, seeds, correction, n_components, depth,\n"
             "              feature, weight, offset, leaf)\n"
             "--\n\nGrow one tree of hyperplanes per seed into the last four arrays, which hold zeros.");

static PyObject *grow(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *seeds, *correction, *feature, *weight, *offset, *leaf;
    int n_features, max_samples, n_components, depth;
    if (!PyArg_ParseTuple(args, "OiiOOiiOOOO:grow_extended", &rows, &n_features, &max_samples, &seeds, &correction,
                          &n_components, &depth, &feature, &weight, &offset, &leaf))
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT32, 0),   ARGUMENT(seeds, UINT64, 0),   ARGUMENT(correction, UINT32, 0),
                    ARGUMENT(feature, INT32, 1),  ARGUMENT(weight, FLOAT32, 1), ARGUMENT(offset, FLOAT32, 1),
                    ARGUMENT(leaf, UINT32, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    if (!has_the_shape(a + 3, n_features, n_components, depth) || length_of(&a[1]) << depth != length_of(&a[5]))
        return refuse(a, n, "the forest has the wrong shape");
    int64_t n_rows = length_of(&a[0]) / n_features;
    if (length_of(&a[0]) % n_features != 0 || max_samples < 1 || max_samples > n_rows
        || length_of(&a[2]) <= max_samples)
        return refuse(a, n, "rows, max_samples or correction is out of range");
    ExtendedForest forest = forest_of(a + 3, n_features, n_components, depth);
    int is_grown;
    Py_BEGIN_ALLOW_THREADS
    is_grown = grow_extended(&forest, a[0].view.buf, n_rows, max_samples, a[1].view.buf, a[2].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    if (!is_grown)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(score_extended_doc,
             "score_extended(rows, n_features, n_components, depth, feature, weight, offset, leaf, scale, scores)\n"
             "--\n\nWrite 2**(-scale * sum of path lengths) for each row into scores; return False, and scores without\n"
             "meaning, if a value in rows is not a finite number. The features are trusted to be below n_features:\n"
             "extended_isolation_forest.py checks them.");

static PyObject *score(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *feature, *weight, *offset, *leaf, *scores;
    int n_features, n_components, depth;
    double scale;
    if (!PyArg_ParseTuple(args, "OiiiOOOOdO:score_extended", &rows, &n_features, &n_components, &depth, &feature,
                          &weight, &offset, &leaf, &scale, &scores))
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT32, 0),   ARGUMENT(feature, INT32, 0), ARGUMENT(weight, FLOAT32, 0),
                    ARGUMENT(offset, FLOAT32, 0), ARGUMENT(leaf, UINT32, 0),   ARGUMENT(scores, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    int64_t n_rows = length_of(&a[5]);
    if (!has_the_shape(a + 1, n_features, n_components, depth) || length_of(&a[0]) != n_rows * n_features)
        return refuse(a, n, "the forest or the rows have the wrong shape");
    ExtendedForest forest = forest_of(a + 1, n_features, n_components, depth);
    int is_finite;
    Py_BEGIN_ALLOW_THREADS
    is_finite = score_extended(&forest, a[0].view.buf, n_rows, scale, a[5].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    return PyBool_FromLong(is_finite);
}

PyMethodDef extended_functions[] = {
    {"grow_extended", grow, METH_VARARGS, grow_extended_doc},
    {"score_extended", score, METH_VARARGS, score_extended_doc},
    {NULL, NULL, 0, NULL},
};
