/* The extension module `_kernels`: checks every buffer, releases the interpreter lock, calls the plain C kernels.

   Written against the stable ABI of Python 3.11, so one build serves all later versions, and without numpy's headers:
   arrays come in through the buffer protocol. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string.h>

#include "forest.h"
#include "numbers.h"

#define FEW_ROWS 6 /* below, the serial walk wins: vector walks always do the work of a full register */

typedef struct {
    PyObject *source;
    const char *name;
    const char *formats; /* accepted one-letter struct formats; int32 is 'i' or 'l' depending on the platform */
    Py_ssize_t item_size;
    int writable;
    Py_buffer view;
} Argument;

static Py_ssize_t length_of(const Argument *argument)
{
    return argument->view.len / argument->item_size;
}

static void release(Argument *arguments, int n)
{
    for (int i = 0; i < n; i++)
        PyBuffer_Release(&arguments[i].view);
}

/* Take hold of all buffers or of none. Sets an exception and returns 0 if one has the wrong type or layout. */
static int acquire(Argument *arguments, int n)
{
    for (int i = 0; i < n; i++) {
        Argument *argument = &arguments[i];
        int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (argument->writable ? PyBUF_WRITABLE : 0);
        if (PyObject_GetBuffer(argument->source, &argument->view, flags) < 0) {
            release(arguments, i);
            return 0;
        }
        const char *format = argument->view.format;
        int is_aligned = (size_t)argument->view.buf % (size_t)argument->item_size == 0;
        if (!format || !format[0] || format[1] || !strchr(argument->formats, format[0])
            || argument->view.itemsize != argument->item_size || !is_aligned) {
            PyErr_Format(PyExc_TypeError, "%s has elements of format '%s'; '%s', aligned, is needed", argument->name,
                         format ? format : "B", argument->formats);
            release(arguments, i + 1);
            return 0;
        }
    }
    return 1;
}

#define FLOAT32 "f", 4
#define FLOAT64 "d", 8
#define INT32 "il", 4
#define UINT32 "IL", 4
#define UINT64 "LQ", 8
#define UINT8 "B", 1
#define ARGUMENT(object, type, is_output) {object, #object, type, is_output, {0}}

/* Release the buffers and return NULL with a ValueError. */
static PyObject *refuse(Argument *arguments, int n, const char *message)
{
    release(arguments, n);
    PyErr_SetString(PyExc_ValueError, message);
    return NULL;
}

PyDoc_STRVAR(grow_forest_doc,
             "grow_forest(rows, n_features, max_samples, depth_limit, seeds,\n"
             "            feature, threshold, leaf_size, tree_nodes)\n"
             "--\n\nGrow one isolation tree per seed into the last four arrays; return (n_nodes, n_inner).");

static PyObject *grow_forest(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *seeds, *feature, *threshold, *leaf_size, *tree_nodes;
    int n_features, max_samples, depth_limit;
    if (!PyArg_ParseTuple(args, "OiiiOOOOO:grow_forest", &rows, &n_features, &max_samples, &depth_limit, &seeds,
                          &feature, &threshold, &leaf_size, &tree_nodes))
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT32, 0),      ARGUMENT(seeds, UINT64, 0),    ARGUMENT(feature, INT32, 1),
                    ARGUMENT(threshold, FLOAT32, 1), ARGUMENT(leaf_size, INT32, 1), ARGUMENT(tree_nodes, INT32, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    if (n_features < 1 || n_features > MAX_FEATURES || length_of(&a[0]) % n_features != 0)
        return refuse(a, n, "rows is not a whole number of rows");
    int64_t n_rows = length_of(&a[0]) / n_features;
    if (max_samples < 1 || max_samples > n_rows || depth_limit < 0 || depth_limit > MAX_DEPTH)
        return refuse(a, n, "max_samples or depth_limit is out of range");
    if (length_of(&a[3]) != length_of(&a[2]) || length_of(&a[4]) != length_of(&a[2])
        || length_of(&a[5]) != length_of(&a[1]))
        return refuse(a, n, "the output arrays differ in length");
    GrownTrees trees = {.feature = a[2].view.buf, .threshold = a[3].view.buf, .leaf_size = a[4].view.buf,
                        .node_capacity = length_of(&a[2])};
    const uint64_t *tree_seeds = a[1].view.buf;
    int32_t *nodes_of = a[5].view.buf;
    GrowResult result = GROW_OK;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t tree = 0; tree < length_of(&a[1]) && result == GROW_OK; tree++) {
        int64_t before = trees.n_nodes;
        result = grow_tree(a[0].view.buf, n_rows, n_features, max_samples, depth_limit, tree_seeds[tree], &trees);
        nodes_of[tree] = (int32_t)(trees.n_nodes - before);
    }
    Py_END_ALLOW_THREADS
    if (result == GROW_NO_ROOM)
        return refuse(a, n, "the output arrays are too short");
    release(a, n);
    if (result == GROW_OUT_OF_MEMORY)
        return PyErr_NoMemory();
    return Py_BuildValue("LL", (long long)trees.n_nodes, (long long)trees.n_inner);
}

/* Lay all trees out; arguments are those of lay_out_forest, their types and the output lengths checked. */
static int lay_out_trees(const Argument *a, int n_features, int depth)
{
    const int32_t *stored_feature = a[0].view.buf, *leaf_size = a[2].view.buf, *nodes_of = a[3].view.buf;
    const float *stored_threshold = a[1].view.buf;
    int32_t *feature = a[5].view.buf;
    float *threshold = a[6].view.buf;
    uint32_t *leaf = a[7].view.buf;
    int64_t node = 0, inner = 0, leaves = 0;
    for (Py_ssize_t tree = 0; tree < length_of(&a[3]); tree++) {
        int64_t n_nodes = nodes_of[tree], n_inner = n_nodes / 2, n_leaves = n_inner + 1;
        Py_ssize_t slot = tree << depth;
        if (n_nodes < 1 || n_nodes > length_of(&a[0]) - node || n_inner > length_of(&a[1]) - inner
            || n_leaves > length_of(&a[2]) - leaves)
            return 0;
        if (!lay_out_tree(stored_feature + node, n_nodes, stored_threshold + inner, n_inner, leaf_size + leaves,
                          n_leaves, a[4].view.buf, (int32_t)(length_of(&a[4]) - 1), n_features, depth,
                          feature + slot, threshold + slot, leaf + slot))
            return 0;
        node += n_nodes;
        inner += n_inner;
        leaves += n_leaves;
    }
    return node == length_of(&a[0]) && inner == length_of(&a[1]) && leaves == length_of(&a[2]);
}

PyDoc_STRVAR(lay_out_forest_doc,
             "lay_out_forest(stored_feature, stored_threshold, leaf_size, tree_nodes, correction, n_features, depth,\n"
             "               feature, threshold, leaf)\n"
             "--\n\nComplete stored trees to heaps of one depth, into the last three arrays,\n"
             "2**depth slots per tree.");

static PyObject *lay_out_forest(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *stored_feature, *stored_threshold, *leaf_size, *tree_nodes, *correction, *feature, *threshold, *leaf;
    int n_features, depth;
    if (!PyArg_ParseTuple(args, "OOOOOiiOOO:lay_out_forest", &stored_feature, &stored_threshold, &leaf_size,
                          &tree_nodes, &correction, &n_features, &depth, &feature, &threshold, &leaf))
        return NULL;
    Argument a[] = {ARGUMENT(stored_feature, INT32, 0), ARGUMENT(stored_threshold, FLOAT32, 0),
                    ARGUMENT(leaf_size, INT32, 0),      ARGUMENT(tree_nodes, INT32, 0),
                    ARGUMENT(correction, UINT32, 0),    ARGUMENT(feature, INT32, 1),
                    ARGUMENT(threshold, FLOAT32, 1),    ARGUMENT(leaf, UINT32, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    if (depth < MIN_DEPTH || depth > MAX_DEPTH || n_features < 1 || n_features > MAX_FEATURES || length_of(&a[4]) < 1)
        return refuse(a, n, "depth, n_features or correction is out of range");
    for (int out = 5; out < 8; out++)
        if (length_of(&a[out]) != length_of(&a[3]) << depth)
            return refuse(a, n, "an output array has the wrong length");
    int is_sound;
    Py_BEGIN_ALLOW_THREADS
    is_sound = lay_out_trees(a, n_features, depth);
    Py_END_ALLOW_THREADS
    if (!is_sound)
        return refuse(a, n, "the stored trees are malformed");
    release(a, n);
    Py_RETURN_NONE;
}

/* In the order of ScoringPath. */
static const char *const path_names[] = {"scalar", "avx2", "avx512"};

PyDoc_STRVAR(score_forest_doc,
             "score_forest(rows, n_features, feature, threshold, leaf, depth, scale, scores, path)\n"
             "--\n\nWrite 2**(-scale * sum of path lengths) for each row into scores; return False, and\n"
             "scores without meaning, if a value in rows is not a finite number.\n\n"
             "path: one of instruction_sets(), or None to choose. The features of the laid-out\n"
             "forest are trusted to be below n_features: lay_out_forest makes no others.");

static PyObject *score_forest(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *feature, *threshold, *leaf, *scores;
    int n_features, depth;
    double scale;
    const char *path_name;
    if (!PyArg_ParseTuple(args, "OiOOOidOz:score_forest", &rows, &n_features, &feature, &threshold, &leaf, &depth,
                          &scale, &scores, &path_name))
        return NULL;
    int widest = (int)widest_path(), path = -1;
    for (int i = 0; path_name && i <= widest; i++)
        if (strcmp(path_name, path_names[i]) == 0)
            path = i;
    if (path_name && path < 0)
        return PyErr_Format(PyExc_ValueError, "this processor has no '%s' path", path_name);
    Argument a[] = {ARGUMENT(rows, FLOAT32, 0), ARGUMENT(feature, INT32, 0), ARGUMENT(threshold, FLOAT32, 0),
                    ARGUMENT(leaf, UINT32, 0), ARGUMENT(scores, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    int64_t n_rows = length_of(&a[4]);
    if (n_features < 1 || n_features > MAX_FEATURES || length_of(&a[0]) != n_rows * n_features)
        return refuse(a, n, "rows and scores differ in length");
    if (depth < MIN_DEPTH || depth > MAX_DEPTH || length_of(&a[1]) % ((Py_ssize_t)1 << depth) != 0
        || length_of(&a[2]) != length_of(&a[1]) || length_of(&a[3]) != length_of(&a[1]))
        return refuse(a, n, "the laid-out forest has the wrong shape");
    LaidOutForest forest = {a[1].view.buf, a[2].view.buf, a[3].view.buf, (int32_t)(length_of(&a[1]) >> depth),
                            n_features, depth};
    if (!path_name)
        path = n_rows < FEW_ROWS ? PATH_SCALAR : widest;
    int all_finite;
    Py_BEGIN_ALLOW_THREADS
    all_finite = score_rows((ScoringPath)path, &forest, a[0].view.buf, n_rows, scale, a[4].view.buf);
    Py_END_ALLOW_THREADS
    release(a, n);
    return PyBool_FromLong(all_finite);
}

static double careful_number(const char *text, int64_t length)
{
    char copy[LONGEST_NUMBER + 1] = {0};
    memcpy(copy, text, (size_t)length);
    return PyOS_string_to_double(copy, NULL, NULL);
}

PyDoc_STRVAR(read_rows_doc,
             "read_rows(text, values, columns)\n"
             "--\n\nRead the rows of numbers under the key \"rows\" of a JSON object into values, NaN for null,\n"
             "and what each column is into columns: 0 has fractions, 1 whole numbers only, 2 nothing.\n"
             "Return (start, end, n_rows, n_columns), or None if they are not plainly rows of numbers.");

static PyObject *read_rows(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *text, *values, *columns;
    if (!PyArg_ParseTuple(args, "OOO:read_rows", &text, &values, &columns))
        return NULL;
    Argument a[] = {ARGUMENT(text, UINT8, 0), ARGUMENT(values, FLOAT64, 1), ARGUMENT(columns, UINT8, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    NumberRows rows = {.values = a[1].view.buf, .capacity = length_of(&a[1]), .columns = a[2].view.buf,
                       .most_columns = length_of(&a[2])};
    int is_plain = read_number_rows(a[0].view.buf, length_of(&a[0]), careful_number, &rows);
    release(a, n);
    if (PyErr_Occurred())
        return NULL;
    if (!is_plain)
        Py_RETURN_NONE;
    return Py_BuildValue("nnnn", (Py_ssize_t)rows.start, (Py_ssize_t)rows.end, (Py_ssize_t)rows.n_rows,
                         (Py_ssize_t)rows.n_columns);
}

PyDoc_STRVAR(instruction_sets_doc,
             "instruction_sets()\n--\n\nReturn the names of the paths this processor can walk, widest first.");

static PyObject *instruction_sets(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    int widest = (int)widest_path();
    PyObject *names = PyTuple_New(widest + 1);
    for (int i = 0; names && i <= widest; i++) {
        PyObject *name = PyUnicode_FromString(path_names[widest - i]);
        if (!name || PyTuple_SetItem(names, i, name) < 0)
            Py_CLEAR(names);
    }
    return names;
}

static PyMethodDef methods[] = {
    {"grow_forest", grow_forest, METH_VARARGS, grow_forest_doc},
    {"lay_out_forest", lay_out_forest, METH_VARARGS, lay_out_forest_doc},
    {"score_forest", score_forest, METH_VARARGS, score_forest_doc},
    {"read_rows", read_rows, METH_VARARGS, read_rows_doc},
    {"instruction_sets", instruction_sets, METH_NOARGS, instruction_sets_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "Compiled kernels; use them through kernels.py and json_rows.py.", 0, methods,
    NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModuleDef_Init(&definition);
}
