/* Taking hold of arrays and letting them go. */
#include "arguments.h"

#include <string.h>

Py_ssize_t length_of(const Argument *argument)
{
    return argument->view.len / argument->item_size;
}

void release(Argument *arguments, int n)
{
    for (int i = 0; i < n; i++)
        PyBuffer_Release(&arguments[i].view);
}

int acquire(Argument *arguments, int n)
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

PyObject *refuse(Argument *arguments, int n, const char *message)
{
    release(arguments, n);
    PyErr_SetString(PyExc_ValueError, message);
    return NULL;
}
