/* The isolation forest as functions of the module: checks every buffer, releases the interpreter lock, calls plain C. */
#include "arguments.h"

#include <string.h>

#include "forest.h"

#define FEW_ROWS 6 /* below, the serial walk wins: vector walks always do the work of a full register */

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

PyMethodDef forest_functions[] = {
    {"grow_forest", grow_forest, METH_VARARGS, grow_forest_doc},
    {"lay_out_forest", lay_out_forest, METH_VARARGS, lay_out_forest_doc},
    {"score_forest", score_forest, METH_VARARGS, score_forest_doc},
    {"instruction_sets", instruction_sets, METH_NOARGS, instruction_sets_doc},
    {NULL, NULL, 0, NULL},
};
