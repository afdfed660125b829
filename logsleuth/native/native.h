/* Loops over the bytes of logs that cost most in NumPy. For each there is a way without this file, with the same
 * result (tests/native compares them): see __init__.py.
 *
 * All work is done on buffers that the caller hands over (the buffer protocol): bytes of a log, and columns, which are
 * contiguous arrays of one item a row. Nothing is trusted: a column is checked for its length when it is taken, a
 * position in a log before it is read at, and the room in an output before it is written to; what lies outside is an
 * IndexError. Loops run without the interpreter's lock.
 */
#ifndef LOGSLEUTH_NATIVE_H
#define LOGSLEUTH_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i64;
typedef uint8_t u8;

#define SECOND INT64_C(1000000000)
#define DAY INT64_C(86400)

static inline PyObject *outside(void)
{
    PyErr_SetString(PyExc_IndexError, "a position outside of its buffer");
    return NULL;
}

/* Buffers that are held as long as a call lasts. */
enum { MOST_HELD = 16 };
typedef struct {
    Py_buffer views[MOST_HELD];
    int count;
} Held;

static inline void release(Held *held)
{
    while (held->count)
        PyBuffer_Release(&held->views[--held->count]);
}

/* The bytes of an object; with `items`, which must be so many of `size` bytes each. NULL with an exception set. */
static inline void *taken(Held *held, PyObject *object, int writable, Py_ssize_t size, Py_ssize_t items)
{
    static char nothing[8];
    Py_buffer *view = &held->views[held->count];
    if (held->count == MOST_HELD) {
        PyErr_SetString(PyExc_ValueError, "too many buffers");
        return NULL;
    }
    if (PyObject_GetBuffer(object, view, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE))
        return NULL;
    held->count++;
    if (size && (view->itemsize != size || view->len != size * items)) {
        PyErr_SetString(PyExc_ValueError, "a column of the wrong length or kind");
        return NULL;
    }
    return view->buf ? view->buf : nothing;
}

/* The bytes of a log: an object's own, or those under a view of it as one word at each place (vector.words). */
static inline const u8 *log_bytes(Held *held, PyObject *object, i64 *size)
{
    Py_buffer *view = &held->views[held->count];
    if (held->count == MOST_HELD || PyObject_GetBuffer(object, view, PyBUF_STRIDED_RO))
        return NULL;
    held->count++;
    int words = view->ndim == 1 && view->itemsize == 8 && view->strides[0] == 1;
    if (!words && (view->ndim != 1 || view->itemsize != 1 || view->strides[0] != 1)) {
        PyErr_SetString(PyExc_ValueError, "not the bytes of a log");
        return NULL;
    }
    *size = view->shape[0] + (words && view->shape[0] ? 7 : 0);
    return view->buf ? view->buf : (const u8 *)"";
}

static inline Py_ssize_t last_size(const Held *held)
{
    return held->views[held->count - 1].len;
}

PyObject *native_lines(PyObject *self, PyObject *args);
PyObject *native_plain(PyObject *self, PyObject *args);
PyObject *native_followed(PyObject *self, PyObject *args);
PyObject *native_find_any(PyObject *self, PyObject *args);
PyObject *native_skip_spaces(PyObject *self, PyObject *args);
PyObject *native_numbers(PyObject *self, PyObject *args);
PyObject *native_behind_word(PyObject *self, PyObject *args);
PyObject *native_stamps(PyObject *self, PyObject *args);
PyObject *native_digits(PyObject *self, PyObject *object);
PyObject *native_compose(PyObject *self, PyObject *args);
PyObject *native_kinds(PyObject *self, PyObject *args);

#endif
