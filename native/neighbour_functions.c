/* Nearest neighbours as functions of the module: checks every buffer, releases the interpreter lock, calls plain C. */
#include "arguments.h"

#include "neighbours.h"

/* Rows and columns that squares of them can still be counted for. */
#define MOST_ROWS INT32_MAX
#define MOST_COLUMNS (1 << 20)

/* Return the rows of an array, -1 where it does not hold whole rows. */
static int64_t rows_of(const Argument *argument, int n_features)
{
    if (n_features < 1 || n_features > MOST_COLUMNS || length_of(argument) % n_features != 0)
        return -1;
    return length_of(argument) / n_features;
}

static int are_tree_lengths(const Argument *cells, const Argument *order, const Argument *boxes, int64_t n_rows,
                            int n_features, int depth)
{
    if (n_rows < 1 || n_rows > MOST_ROWS || depth < 0 || depth > DEEPEST || n_rows >> depth < 1)
        return 0;
    const int64_t n_slots = (groups_per_leaf(n_rows, depth) * GROUP) << depth;
    return length_of(order) == n_slots && length_of(cells) == n_slots * n_features
           && length_of(boxes) == ((int64_t)4 << depth) * padded(n_features);
}

static RowTree tree_of(const Argument *cells, const Argument *order, const Argument *boxes, int64_t n_rows,
                       int n_features, int depth)
{
    return (RowTree){cells->view.buf, order->view.buf, boxes->view.buf,
                     n_features,      depth,           (int32_t)groups_per_leaf(n_rows, depth)};
}

PyDoc_STRVAR(build_row_tree_doc, "build_row_tree(rows, n_features, depth, cells, order, boxes)\n"
                                 "--\n\nHalve rows `depth` times, into the last three arrays.");

static PyObject *build_row_tree(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *cells, *order, *boxes;
    int n_features, depth;
    if (!PyArg_ParseTuple(args, "OiiOOO:build_row_tree", &rows, &n_features, &depth, &cells, &order, &boxes))
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT64, 0), ARGUMENT(cells, FLOAT64, 1), ARGUMENT(order, INT32, 1),
                    ARGUMENT(boxes, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    const int64_t n_rows = rows_of(&a[0], n_features);
    if (!are_tree_lengths(&a[1], &a[2], &a[3], n_rows, n_features, depth))
        return refuse(a, n, "the arrays of the tree have the wrong lengths");
    const RowTree tree = tree_of(&a[1], &a[2], &a[3], n_rows, n_features, depth);
    int has_memory;
    Py_BEGIN_ALLOW_THREADS
    has_memory = build_tree(a[0].view.buf, n_rows, &tree);
    Py_END_ALLOW_THREADS
    release(a, n);
    if (!has_memory)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(pack_row_tiles_doc,
             "pack_row_tiles(rows, centre, scale, tiles, half_squares, lengths)\n"
             "--\n\nWrite rows as the filter sees them, in tiles of 32, into the last three arrays.");

/* Check the buffers rows, centre, tiles, half_squares, lengths at a. */
static int are_tile_lengths(const Argument *a)
{
    const int64_t n_features = length_of(&a[1]);
    const int64_t n_rows = n_features > MOST_COLUMNS ? -1 : rows_of(&a[0], (int)n_features);
    const int64_t n_tiles = (n_rows + TILE - 1) / TILE;
    return n_rows >= 1 && n_rows <= MOST_ROWS && length_of(&a[2]) == n_tiles * TILE * n_features
           && length_of(&a[3]) == n_tiles * TILE && length_of(&a[4]) == n_tiles;
}

static FilteredRows filtered_rows(const Argument *a, double scale)
{
    const int64_t n_features = length_of(&a[1]);
    return (FilteredRows){a[0].view.buf, a[1].view.buf, scale,           a[2].view.buf,
                          a[3].view.buf, a[4].view.buf, length_of(&a[0]) / n_features, (int32_t)n_features};
}

static PyObject *pack_row_tiles(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *centre, *tiles, *half_squares, *lengths;
    double scale;
    if (!PyArg_ParseTuple(args, "OOdOOO:pack_row_tiles", &rows, &centre, &scale, &tiles, &half_squares, &lengths))
        return NULL;
    Argument a[] = {ARGUMENT(rows, FLOAT64, 0), ARGUMENT(centre, FLOAT64, 0), ARGUMENT(tiles, FLOAT32, 1),
                    ARGUMENT(half_squares, FLOAT32, 1), ARGUMENT(lengths, FLOAT64, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    if (!are_tile_lengths(a))
        return refuse(a, n, "the arrays of the tiles have the wrong lengths");
    const FilteredRows filtered = filtered_rows(a, scale);
    Py_BEGIN_ALLOW_THREADS
    pack_tiles(&filtered);
    Py_END_ALLOW_THREADS
    release(a, n);
    Py_RETURN_NONE;
}

/* Read what is asked out of the buffers queries, excluded, squares, neighbours at a; returns 0 if they do not fit. */
static int read_question(const Argument *a, int64_t n_rows, int n_features, NeighbourQuery *asked)
{
    const int64_t n_queries = rows_of(&a[0], n_features), n_excluded = length_of(&a[1]);
    if (n_queries < 0 || (n_excluded != 0 && n_excluded != n_queries) || length_of(&a[2]) != length_of(&a[3]))
        return 0;
    asked->queries = a[0].view.buf;
    asked->excluded = n_excluded ? a[1].view.buf : NULL;
    asked->n_queries = n_queries;
    asked->squares = a[2].view.buf;
    asked->neighbours = a[3].view.buf;
    const int64_t most = n_rows - (n_excluded != 0);
    return asked->n_neighbors >= 1 && asked->n_neighbors <= most
           && length_of(&a[2]) == asked->n_queries * asked->n_neighbors;
}

PyDoc_STRVAR(search_row_tree_doc,
             "search_row_tree(cells, order, boxes, n_rows, n_features, depth, slack,\n"
             "                queries, excluded, n_neighbors, squares, neighbours, path)\n"
             "--\n\nWrite the nearest rows of each query, nearest first, into squares and neighbours;\n"
             "return how many leaves were looked at.\n\n"
             "excluded: a row for each query that does not count, -1 for none; or empty.\n"
             "The order is trusted: build_row_tree makes no other.");

static PyObject *search_row_tree(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *cells, *order, *boxes, *queries, *excluded, *squares, *neighbours;
    int n_features, depth;
    long long n_rows, n_neighbors;
    double slack;
    const char *path_name;
    if (!PyArg_ParseTuple(args, "OOOLiidOOLOOz:search_row_tree", &cells, &order, &boxes, &n_rows, &n_features, &depth,
                          &slack, &queries, &excluded, &n_neighbors, &squares, &neighbours, &path_name))
        return NULL;
    const int path = path_named(path_name);
    if (path < 0)
        return PyErr_Format(PyExc_ValueError, "this processor has no '%s' path", path_name);
    Argument a[] = {ARGUMENT(cells, FLOAT64, 0),   ARGUMENT(order, INT32, 0),    ARGUMENT(boxes, FLOAT64, 0),
                    ARGUMENT(queries, FLOAT64, 0), ARGUMENT(excluded, INT32, 0), ARGUMENT(squares, FLOAT64, 1),
                    ARGUMENT(neighbours, INT32, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    NeighbourQuery asked = {.n_neighbors = n_neighbors};
    if (n_features < 1 || n_features > MOST_COLUMNS
        || !are_tree_lengths(&a[0], &a[1], &a[2], n_rows, n_features, depth) || !(slack >= 1)
        || !read_question(&a[3], n_rows, n_features, &asked))
        return refuse(a, n, "the arrays have the wrong lengths, or n_neighbors or slack is out of range");
    const RowTree tree = tree_of(&a[0], &a[1], &a[2], n_rows, n_features, depth);
    int64_t n_scanned;
    Py_BEGIN_ALLOW_THREADS
    n_scanned = search_tree(distances_on((ScoringPath)path), &tree, &asked, slack);
    Py_END_ALLOW_THREADS
    release(a, n);
    return n_scanned < 0 ? PyErr_NoMemory() : PyLong_FromLongLong(n_scanned);
}

PyDoc_STRVAR(search_row_tiles_doc,
             "search_row_tiles(rows, centre, scale, tiles, half_squares, lengths,\n"
             "                 queries, excluded, n_neighbors, squares, neighbours, path)\n"
             "--\n\nWrite the nearest rows of each query, nearest first, into squares and neighbours.\n\n"
             "excluded: a row for each query that does not count, -1 for none; or empty.\n"
             "The tiles are trusted: pack_row_tiles makes no others.");

static PyObject *search_row_tiles(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *rows, *centre, *tiles, *half_squares, *lengths, *queries, *excluded, *squares, *neighbours;
    long long n_neighbors;
    double scale;
    const char *path_name;
    if (!PyArg_ParseTuple(args, "OOdOOOOOLOOz:search_row_tiles", &rows, &centre, &scale, &tiles, &half_squares,
                          &lengths, &queries, &excluded, &n_neighbors, &squares, &neighbours, &path_name))
        return NULL;
    const int path = path_named(path_name);
    if (path < 0)
        return PyErr_Format(PyExc_ValueError, "this processor has no '%s' path", path_name);
    Argument a[] = {ARGUMENT(rows, FLOAT64, 0),         ARGUMENT(centre, FLOAT64, 0),  ARGUMENT(tiles, FLOAT32, 0),
                    ARGUMENT(half_squares, FLOAT32, 0), ARGUMENT(lengths, FLOAT64, 0), ARGUMENT(queries, FLOAT64, 0),
                    ARGUMENT(excluded, INT32, 0),       ARGUMENT(squares, FLOAT64, 1), ARGUMENT(neighbours, INT32, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    NeighbourQuery asked = {.n_neighbors = n_neighbors};
    const int64_t n_features = length_of(&a[1]);
    if (!are_tile_lengths(a)
        || !read_question(&a[5], length_of(&a[0]) / n_features, (int)n_features, &asked))
        return refuse(a, n, "the arrays have the wrong lengths, or n_neighbors is out of range");
    const FilteredRows filtered = filtered_rows(a, scale);
    int has_memory;
    Py_BEGIN_ALLOW_THREADS
    has_memory = search_rows(distances_on((ScoringPath)path), &filtered, &asked);
    Py_END_ALLOW_THREADS
    release(a, n);
    if (!has_memory)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

PyMethodDef neighbour_functions[] = {
    {"build_row_tree", build_row_tree, METH_VARARGS, build_row_tree_doc},
    {"search_row_tree", search_row_tree, METH_VARARGS, search_row_tree_doc},
    {"pack_row_tiles", pack_row_tiles, METH_VARARGS, pack_row_tiles_doc},
    {"search_row_tiles", search_row_tiles, METH_VARARGS, search_row_tiles_doc},
    {NULL, NULL, 0, NULL},
};
