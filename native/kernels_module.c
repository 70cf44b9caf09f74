/* The extension module `_kernels`: one table of functions for each subject, without numpy's headers. */
#include "arguments.h"

static int add_functions(PyObject *module)
{
    PyMethodDef *const subjects[] = {
        distance_functions,
        extended_functions,
        forest_functions,
        neighbour_functions,
        quadratic_functions,
        table_functions,
    };
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (PyModule_AddFunctions(module, subjects[i]) < 0)
            return -1;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_functions}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "Compiled kernels; use them through kernels/.", 0, NULL,
    slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModuleDef_Init(&definition);
}
