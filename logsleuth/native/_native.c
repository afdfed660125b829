/* The module `logsleuth.native._native`; what its functions do stands above each of them. */
#include "native.h"

static PyMethodDef functions[] = {
    {"lines", native_lines, METH_VARARGS, NULL},
    {"plain", native_plain, METH_VARARGS, NULL},
    {"followed", native_followed, METH_VARARGS, NULL},
    {"find_any", native_find_any, METH_VARARGS, NULL},
    {"skip_spaces", native_skip_spaces, METH_VARARGS, NULL},
    {"numbers", native_numbers, METH_VARARGS, NULL},
    {"behind_word", native_behind_word, METH_VARARGS, NULL},
    {"stamps", native_stamps, METH_VARARGS, NULL},
    {"digits", native_digits, METH_O, NULL},
    {"compose", native_compose, METH_VARARGS, NULL},
    {"kinds", native_kinds, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "_native", .m_size = 0, .m_methods = functions};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&module);
}
