/* Reading numbers and cells out of text as functions of the module `_native`. */
#include "arguments.h"

#include <string.h>

#include "cells.h"
#include "numbers.h"

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

static double careful_number_meanwhile(const char *text, int64_t length)
{
    PyGILState_STATE state = PyGILState_Ensure();
    double number = careful_number(text, length);
    PyErr_Clear(); /* a number too large is no number here either */
    PyGILState_Release(state);
    return number;
}

PyDoc_STRVAR(read_cells_doc,
             "read_cells(text, marks, words, is_text, numbers, columns, ends, kept)\n"
             "--\n\nRead whole lines of unquoted cells. marks: the delimiter and the decimal point.\n"
             "words: what means \"missing\", each with a line break after it.  is_text: (n_columns,).\n"
             "numbers: (number columns, rows that fit), NaN where missing.  columns: (number columns,), what each is:\n"
             "0 has fractions, 1 whole numbers only, 2 nothing; 4 more where cells are missing, 8 where some of these have\n"
             "blanks around them.\n"
             "ends: (text columns, rows that fit + 1), where cells end in kept, (text columns, at least len(text)).\n"
             "Return the number of rows, -1 if they are not plainly that.");

static PyObject *read_cells_of(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *text, *marks, *words, *is_text, *numbers, *columns, *ends, *kept;
    if (!PyArg_ParseTuple(args, "OOOOOOOO:read_cells", &text, &marks, &words, &is_text, &numbers, &columns, &ends, &kept))
        return NULL;
    Argument a[] = {ARGUMENT(text, UINT8, 0),    ARGUMENT(marks, UINT8, 0),   ARGUMENT(words, UINT8, 0),
                    ARGUMENT(is_text, UINT8, 0), ARGUMENT(numbers, FLOAT64, 1), ARGUMENT(columns, UINT8, 1),
                    ARGUMENT(ends, INT32, 1),    ARGUMENT(kept, UINT8, 1)};
    const int n = (int)(sizeof a / sizeof *a);
    if (!acquire(a, n))
        return NULL;
    int64_t length = length_of(&a[0]), n_columns = length_of(&a[3]), n_texts = 0;
    const uint8_t *texts = a[3].view.buf;
    for (int64_t column = 0; column < n_columns; column++)
        n_texts += texts[column] != 0;
    int64_t n_numbers = n_columns - n_texts;
    int64_t capacity = n_numbers ? length_of(&a[4]) / n_numbers : length_of(&a[6]) / (n_texts ? n_texts : 1) - 1;
    if (length_of(&a[1]) != 2 || !n_columns || capacity < 0 || length > INT32_MAX || length_of(&a[5]) < n_numbers
        || length_of(&a[6]) < n_texts * (capacity + 1) || length_of(&a[7]) < n_texts * length)
        return refuse(a, n, "the arrays do not fit the columns");
    const char *both = a[1].view.buf;
    CellPlan plan = {.is_text = texts, .n_columns = n_columns, .delimiter = both[0], .point = both[1],
                     .words = a[2].view.buf, .words_length = length_of(&a[2]), .slow = careful_number_meanwhile};
    Cells cells = {.capacity = capacity, .numbers = a[4].view.buf, .columns = a[5].view.buf, .ends = a[6].view.buf,
                   .text = a[7].view.buf, .text_capacity = length};
    int64_t n_rows;
    Py_BEGIN_ALLOW_THREADS
    n_rows = read_cells(a[0].view.buf, length, &plan, &cells);
    Py_END_ALLOW_THREADS
    release(a, n);
    return PyLong_FromLongLong(n_rows);
}

PyDoc_STRVAR(count_lines_doc, "count_lines(text)\n--\n\nReturn the number of line breaks.");

static PyObject *count_lines_of(PyObject *module, PyObject *text)
{
    (void)module;
    Argument a[] = {ARGUMENT(text, UINT8, 0)};
    if (!acquire(a, 1))
        return NULL;
    int64_t n;
    Py_BEGIN_ALLOW_THREADS
    n = count_lines(a[0].view.buf, length_of(&a[0]));
    Py_END_ALLOW_THREADS
    release(a, 1);
    return PyLong_FromLongLong(n);
}

PyMethodDef text_functions[] = {
    {"count_lines", count_lines_of, METH_O, count_lines_doc},
    {"read_rows", read_rows, METH_VARARGS, read_rows_doc},
    {"read_cells", read_cells_of, METH_VARARGS, read_cells_doc},
    {NULL, NULL, 0, NULL},
};
