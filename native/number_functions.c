/* Reading numbers out of JSON text as a function of the module. */
#include "arguments.h"

#include <string.h>

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

PyMethodDef number_functions[] = {
    {"read_rows", read_rows, METH_VARARGS, read_rows_doc},
    {NULL, NULL, 0, NULL},
};
