/* Lines, and searches from many places at once. */
#include "native.h"

enum { ODD = 1, NUL = 2, CARRIAGE = 4 };

/* What some text holds beside printable ASCII, tabs and line feeds: any such byte is ODD. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default"))) /* as many bytes at once as the processor can compare */
#endif
static int kinds_in(const u8 *text, Py_ssize_t size)
{
    u8 odd = 0, nul = 0, carriage = 0;
    for (Py_ssize_t k = 0; k < size; k++) {
        u8 byte = text[k];
        odd |= (u8)((u8)(byte - 32) > 94 && byte != '\n' && byte != '\t');
        nul |= (u8)(byte == 0);
        carriage |= (u8)(byte == '\r');
    }
    return odd * ODD | nul * NUL | carriage * CARRIAGE;
}

/* lines(data, size) -> (starts, stops, feeds, has NUL, has CR, is plain): the lines of the first `size` bytes, as bytes
 * of int64; plain text is what the next function calls so. */
PyObject *native_lines(PyObject *self, PyObject *args)
{
    PyObject *data, *made = NULL;
    Py_ssize_t size;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "On", &data, &size))
        return NULL;
    const u8 *text = taken(&held, data, 0, 0, 0);
    if (!text)
        return NULL;
    if (size < 0 || size > last_size(&held)) {
        release(&held);
        return outside();
    }
    size_t room = (size_t)size / 64 + 64, count = 0;
    i64 *stops = malloc(room * sizeof *stops);
    int kinds = 0, feed = 0;
    Py_BEGIN_ALLOW_THREADS
    for (const u8 *at = text; stops && at < text + size; count++) {
        const u8 *end = memchr(at, '\n', (size_t)(text + size - at));
        if (count == room) {
            i64 *more = realloc(stops, 2 * room * sizeof *stops);
            if (!more)
                free(stops);
            stops = more, room *= 2;
            if (!more)
                break;
        }
        feed = end != NULL;
        stops[count] = feed ? end - text : size;
        at = feed ? end + 1 : text + size;
    }
    kinds = kinds_in(text, size);
    Py_END_ALLOW_THREADS
    PyObject *starts = stops ? PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)(count * sizeof *stops)) : PyErr_NoMemory();
    if (starts) {
        i64 *start = (i64 *)PyByteArray_AS_STRING(starts);
        for (size_t row = 0; row < count; row++)
            start[row] = row ? stops[row - 1] + 1 : 0;
        made = PyByteArray_FromStringAndSize((const char *)stops, (Py_ssize_t)(count * sizeof *stops));
    }
    free(stops);
    release(&held);
    if (made)
        return Py_BuildValue("NNniii", starts, made, (Py_ssize_t)count - (size && !feed), kinds & NUL, kinds & CARRIAGE,
                             !(kinds & ODD));
    Py_XDECREF(starts);
    return NULL;
}

/* plain(data, low, high): nothing in [low, high) but printable ASCII, tabs and line feeds. */
PyObject *native_plain(PyObject *self, PyObject *args)
{
    PyObject *data;
    Py_ssize_t low, high;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "Onn", &data, &low, &high))
        return NULL;
    const u8 *text = taken(&held, data, 0, 0, 0);
    int odd = !text;
    if (text && (low < 0 || high > last_size(&held)))
        text = (const u8 *)outside();
    if (text) {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t at = low; at < high && !odd;) {
            Py_ssize_t end = high - at < 4096 ? high : at + 4096;
            odd = kinds_in(text + at, end - at) & ODD, at = end;
        }
        Py_END_ALLOW_THREADS
    }
    release(&held);
    return text ? PyBool_FromLong(!odd) : NULL;
}

static const u8 *next_mark(const u8 *at, const u8 *end, const char *mark, Py_ssize_t width)
{
#ifdef __GLIBC__
    return memmem(at, (size_t)(end - at), mark, (size_t)width);
#else
    for (; end - at >= width && (at = memchr(at, mark[0], (size_t)(end - at - width + 1))); at++)
        if (!memcmp(at, mark, (size_t)width))
            return at;
    return NULL;
#endif
}

/* followed(data, mark, bytes): whether `mark` stands anywhere with one of some bytes behind it. */
PyObject *native_followed(PyObject *self, PyObject *args)
{
    PyObject *data;
    const char *mark, *bytes;
    Py_ssize_t width, count;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "Oy#y#", &data, &mark, &width, &bytes, &count))
        return NULL;
    const u8 *text = taken(&held, data, 0, 0, 0);
    if (!text || !width) {
        release(&held);
        return text ? outside() : NULL;
    }
    int found = 0;
    Py_BEGIN_ALLOW_THREADS
    const u8 *at = text, *end = text + last_size(&held);
    while (!found && (at = next_mark(at, end, mark, width)) && at + width < end) {
        found = memchr(bytes, at[width], (size_t)count) != NULL;
        at++;
    }
    Py_END_ALLOW_THREADS
    release(&held);
    return PyBool_FromLong(found);
}

/* find_any(data, start, stop, wanted, found): see formats/vector.py. */
PyObject *native_find_any(PyObject *self, PyObject *args)
{
    PyObject *data, *begin, *end, *out;
    const char *wanted;
    Py_ssize_t many;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOOy#O", &data, &begin, &end, &wanted, &many, &out))
        return NULL;
    i64 size;
    const u8 *text = log_bytes(&held, data, &size);
    i64 *found = text ? taken(&held, out, 1, 0, 0) : NULL;
    Py_ssize_t count = found ? last_size(&held) / 8 : 0;
    const i64 *start = found ? taken(&held, begin, 0, 8, count) : NULL;
    const i64 *stop = start ? taken(&held, end, 0, 8, count) : NULL;
    if (!stop) {
        release(&held);
        return NULL;
    }
    u8 table[256] = {0};
    for (Py_ssize_t k = 0; k < many; k++)
        table[(u8)wanted[k]] = 1;
    Py_ssize_t row = 0;
    Py_BEGIN_ALLOW_THREADS
    for (; row < count; row++) {
        i64 at = start[row], last = stop[row];
        if (at < last) {
            if (at < 0 || last > size)
                break;
            if (many == 1) {
                const u8 *place = memchr(text + at, (u8)wanted[0], (size_t)(last - at));
                last = place ? place - text : last;
            } else {
                while (at < last && !table[text[at]])
                    at++;
                last = at;
            }
        }
        found[row] = last;
    }
    Py_END_ALLOW_THREADS
    release(&held);
    if (row < count)
        return outside();
    Py_RETURN_NONE;
}

/* skip_spaces(data, at, stop, most): moves each `at` behind up to so many blanks; see formats/body.py. */
PyObject *native_skip_spaces(PyObject *self, PyObject *args)
{
    PyObject *data, *places, *end;
    Py_ssize_t most;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOOn", &data, &places, &end, &most))
        return NULL;
    i64 size;
    const u8 *text = log_bytes(&held, data, &size);
    i64 *at = text ? taken(&held, places, 1, 0, 0) : NULL;
    Py_ssize_t count = at ? last_size(&held) / 8 : 0;
    const i64 *stop = at ? taken(&held, end, 0, 8, count) : NULL;
    if (!stop) {
        release(&held);
        return NULL;
    }
    Py_ssize_t row = 0;
    Py_BEGIN_ALLOW_THREADS
    for (; row < count; row++) {
        i64 from = at[row], last = stop[row] - from > most ? from + most : stop[row];
        if (from < last && (from < 0 || last > size))
            break;
        while (from < last && text[from] == ' ')
            from++;
        at[row] = from;
    }
    Py_END_ALLOW_THREADS
    release(&held);
    if (row < count)
        return outside();
    Py_RETURN_NONE;
}

/* numbers(data, at, values, ends): the decimal digits at each place, at most eight; see formats/body.py. */
PyObject *native_numbers(PyObject *self, PyObject *args)
{
    PyObject *data, *places, *values, *behind;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOOO", &data, &places, &values, &behind))
        return NULL;
    i64 size;
    const u8 *text = log_bytes(&held, data, &size);
    i64 *value = text ? taken(&held, values, 1, 0, 0) : NULL;
    Py_ssize_t count = value ? last_size(&held) / 8 : 0, row = 0;
    i64 *end = value ? taken(&held, behind, 1, 8, count) : NULL;
    const i64 *at = end ? taken(&held, places, 0, 8, count) : NULL;
    if (!at) {
        release(&held);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    for (; row < count; row++) {
        i64 from = at[row], number = 0, width = 0;
        if (from < 0 || from > size - 8)
            break;
        for (unsigned digit; width < 8 && (digit = (unsigned)text[from + width] - '0') <= 9; width++)
            number = number * 10 + digit;
        value[row] = width ? number : -1, end[row] = from + width;
    }
    Py_END_ALLOW_THREADS
    release(&held);
    if (row < count)
        return outside();
    Py_RETURN_NONE;
}

/* behind_word(data, start, stop, word, out) -> whether a blank and then `word` stand at `start` in every row; `out` is
 * the place behind them and up to one more blank. */
PyObject *native_behind_word(PyObject *self, PyObject *args)
{
    PyObject *data, *begin, *end, *places;
    const char *word;
    Py_ssize_t width;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOOy#O", &data, &begin, &end, &word, &width, &places))
        return NULL;
    i64 size;
    const u8 *text = log_bytes(&held, data, &size);
    i64 *out = text ? taken(&held, places, 1, 0, 0) : NULL;
    Py_ssize_t count = out ? last_size(&held) / 8 : 0, row = 0;
    const i64 *start = out ? taken(&held, begin, 0, 8, count) : NULL;
    const i64 *stop = start ? taken(&held, end, 0, 8, count) : NULL;
    if (!stop) {
        release(&held);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    for (; row < count; row++) {
        i64 at = start[row] + 1;
        if (start[row] < 0 || stop[row] > size || at > stop[row] - width || text[at - 1] != ' ' ||
            memcmp(text + at, word, (size_t)width))
            break;
        at += width;
        out[row] = at + (at < stop[row] && text[at] == ' ');
    }
    Py_END_ALLOW_THREADS
    release(&held);
    return PyBool_FromLong(row == count);
}
