/* The extension module `_native` beside the readers of data: numbers and cells out of text, columns to their scale. */
#include "arguments.h"

static int add_functions(PyObject *module)
{
    return PyModule_AddFunctions(module, text_functions) < 0 ? -1 : PyModule_AddFunctions(module, scaling_functions);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_functions}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Compiled steps of reading data; compiled.py finds them.", 0, NULL, slots,
    NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
