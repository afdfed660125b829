/* Lines of an output, put together from pieces of the logs: see render/entries/woven.py. */
#include "native.h"

#define UNKNOWN INT64_MIN /* a time that cannot be told */

/* What a token puts into each line (render/entries/woven.py makes them). */
enum { TEXT = 't', SPAN = 's', INSTANT = 'i', NUMBER = 'n' };

typedef struct {
    const char *at;
    Py_ssize_t size;
} Text;

typedef struct {
    int kind;
    Held held;
    const i64 *one, *other; /* a span's bounds; instants and offsets in minutes; numbers */
    const u8 *marked;       /* of a span, the rows in which bytes are replaced; NULL for none */
    int digits, shared;     /* of an instant: of its fraction; one offset holds for all rows */
    Text before, after, missing;
    Text old;               /* of a span: what is replaced; a CR before a line feed is dropped with it */
    Text fresh[8];          /* by what, each */
    u8 number[256];         /* of a byte: which of those, from 1 */
} Token;

typedef struct {
    const u8 *text;
    Py_ssize_t size, rows;
    i64 base; /* number of its first row, all parts' rows laid end to end */
    Token *tokens;
    Py_ssize_t count;
    Held held;
} Part;

static int read_text(PyObject *object, Text *text)
{
    char *at;
    if (PyBytes_AsStringAndSize(object, &at, &text->size))
        return 0;
    text->at = at;
    return 1;
}

/* A token as Python has it: a tuple that begins with its kind. */
static int read_token(PyObject *tuple, Part *part, Token *token)
{
    PyObject *one = NULL, *other = NULL, *marked = NULL, *before = NULL, *after = NULL, *missing = NULL, *fresh = NULL;
    PyObject *old = NULL;
    memset(token, 0, sizeof *token);
    if (!PyTuple_Check(tuple)) {
        PyErr_SetString(PyExc_TypeError, "a token is a tuple");
        return 0;
    }
    if (!PyArg_ParseTuple(tuple, "C|OOOOOO", &token->kind, &one, &other, &before, &after, &missing, &marked))
        return 0;
    if (token->kind == TEXT)
        return one && read_text(one, &token->before);
    if (token->kind == SPAN && marked) {
        /* ('s', at, end, missing, old, fresh, marked) */
        old = after, fresh = missing, missing = before;
        if (!(token->one = taken(&token->held, one, 0, 8, part->rows)) ||
            !(token->other = taken(&token->held, other, 0, 8, part->rows)) || !read_text(missing, &token->missing))
            return 0;
        if (marked == Py_None)
            return 1;
        if (!(token->marked = taken(&token->held, marked, 0, 1, part->rows)) || !read_text(old, &token->old))
            return 0;
        if (!PyTuple_Check(fresh) || PyTuple_GET_SIZE(fresh) != token->old.size || token->old.size > 8) {
            PyErr_SetString(PyExc_ValueError, "at most eight bytes can be replaced, each by its own text");
            return 0;
        }
        for (Py_ssize_t k = 0; k < token->old.size; k++) {
            if (!read_text(PyTuple_GET_ITEM(fresh, k), &token->fresh[k]))
                return 0;
            token->number[(u8)token->old.at[k]] = (u8)(k + 1);
        }
        return 1;
    }
    if (token->kind == INSTANT && marked) {
        /* ('i', instants, offsets, before, after, missing, digits) */
        token->digits = (int)PyLong_AsLong(marked);
        if (PyErr_Occurred() || !(token->one = taken(&token->held, one, 0, 8, part->rows)) ||
            !(token->other = taken(&token->held, other, 0, 0, 0)))
            return 0;
        token->shared = last_size(&token->held) == 8;
        if (!token->shared && last_size(&token->held) != 8 * part->rows) {
            outside();
            return 0;
        }
        return read_text(before, &token->before) && read_text(after, &token->after) &&
               read_text(missing, &token->missing);
    }
    if (token->kind == NUMBER && after) {
        /* ('n', numbers, before, after, missing) */
        missing = after, after = before, before = other;
        return (token->one = taken(&token->held, one, 0, 8, part->rows)) && read_text(before, &token->before) &&
               read_text(after, &token->after) && read_text(missing, &token->missing);
    }
    PyErr_SetString(PyExc_ValueError, "an unknown kind of token");
    return 0;
}

static int put(u8 **at, const u8 *limit, const void *text, Py_ssize_t size)
{
    if (limit - *at < size)
        return 0;
    memcpy(*at, text, (size_t)size);
    *at += size;
    return 1;
}

static void put_two(u8 *at, i64 value)
{
    unsigned small = (unsigned)value;
    at[0] = (u8)('0' + small / 10), at[1] = (u8)('0' + small % 10);
}

/* digits(instants) -> how many digits their fractions of a second need: 0, 3, 6 or 9. */
PyObject *native_digits(PyObject *self, PyObject *object)
{
    Held held = {.count = 0};
    const i64 *instants = taken(&held, object, 0, 0, 0);
    Py_ssize_t count = instants ? last_size(&held) / 8 : 0;
    int needed = 0;
    for (Py_ssize_t row = 0; row < count && needed < 9; row++) {
        i64 instant = instants[row];
        if (instant != UNKNOWN && instant % SECOND)
            while (instant % (needed == 0 ? SECOND : needed == 3 ? 1000000 : needed == 6 ? 1000 : 1))
                needed += 3;
    }
    release(&held);
    return instants ? PyLong_FromLong(needed) : NULL;
}

/* The day that was written last, which the next line mostly shares. */
typedef struct {
    i64 day;
    u8 text[11];
} Day;

/* `2008-12-17T`: the Gregorian calendar by eras of 400 years that begin in March, so that leap days end a year. */
static void set_day(Day *day, i64 number)
{
    i64 since = number + 719468, era = (since >= 0 ? since : since - 146096) / 146097, left = since - era * 146097;
    i64 year = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    i64 of_year = left - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    i64 of_month = of_year - (153 * month + 2) / 5 + 1;
    month += month < 10 ? 3 : -9;
    year += era * 400 + (month <= 2);
    day->day = number;
    put_two(day->text, year / 100 % 100), put_two(day->text + 2, year % 100), day->text[4] = '-';
    put_two(day->text + 5, month), day->text[7] = '-', put_two(day->text + 8, of_month), day->text[10] = 'T';
}

static int put_instant(u8 **at, const u8 *limit, const Token *token, Py_ssize_t row, Day *day)
{
    i64 instant = token->one[row], minutes = token->other[token->shared ? 0 : row];
    if (instant == UNKNOWN)
        return put(at, limit, token->missing.at, token->missing.size);
    i64 second = instant / SECOND, fraction = instant % SECOND;
    if (fraction < 0)
        fraction += SECOND, second--;
    second += minutes * 60;
    i64 number = second / DAY, left = second % DAY;
    if (left < 0)
        left += DAY, number--;
    if (number != day->day)
        set_day(day, number);
    u8 text[40], *end = text + 19;
    memcpy(text, day->text, 11);
    unsigned of_day = (unsigned)left;
    put_two(text + 11, of_day / 3600), text[13] = ':', put_two(text + 14, of_day / 60 % 60), text[16] = ':';
    put_two(text + 17, of_day % 60);
    if (token->digits) {
        int digits = token->digits > 6 ? 9 : token->digits > 3 ? 6 : 3;
        uint32_t left_over = (uint32_t)fraction / (digits == 3 ? 1000000 : digits == 6 ? 1000 : 1);
        *end = '.';
        for (int k = digits; k; k--, left_over /= 10)
            end[k] = (u8)('0' + left_over % 10);
        end += digits + 1;
    }
    i64 ahead = minutes < 0 ? -minutes : minutes;
    *end++ = minutes < 0 ? '-' : '+';
    put_two(end, ahead / 60 % 100), end[2] = ':', put_two(end + 3, ahead % 60), end += 5;
    return put(at, limit, token->before.at, token->before.size) && put(at, limit, text, end - text) &&
           put(at, limit, token->after.at, token->after.size);
}

static int put_number(u8 **at, const u8 *limit, const Token *token, Py_ssize_t row)
{
    i64 value = token->one[row];
    if (value < -1)
        return 1;
    if (value < 0)
        return put(at, limit, token->missing.at, token->missing.size);
    u8 text[20], *begin = text + 20;
    do
        *--begin = (u8)('0' + value % 10);
    while (value /= 10);
    return put(at, limit, token->before.at, token->before.size) && put(at, limit, begin, text + 20 - begin) &&
           put(at, limit, token->after.at, token->after.size);
}

static int put_replaced(u8 **at, const u8 *limit, const Token *token, const u8 *text, const u8 *end)
{
    int breaks = token->number['\n'];
    for (const u8 *from = text; from < end;) {
        const u8 *next = from;
        while (next < end && !token->number[*next])
            next++;
        const Py_ssize_t more = next - from;
        if (!put(at, limit, from, breaks && more && next < end && *next == '\n' && next[-1] == '\r' ? more - 1 : more))
            return 0;
        if (next < end) {
            const Text *fresh = &token->fresh[token->number[*next] - 1];
            if (!put(at, limit, fresh->at, fresh->size))
                return 0;
        }
        from = next + 1;
    }
    return 1;
}

enum { DONE, FULL, BAD };

static int put_row(u8 **at, const u8 *limit, const Part *part, Py_ssize_t row, Day *day)
{
    for (Py_ssize_t k = 0; k < part->count; k++) {
        const Token *token = &part->tokens[k];
        int good;
        if (token->kind == TEXT) {
            good = put(at, limit, token->before.at, token->before.size);
        } else if (token->kind == SPAN) {
            i64 from = token->one[row], end = token->other[row];
            if (from >= end) {
                good = put(at, limit, token->missing.at, token->missing.size);
            } else {
                if (from < 0 || end > part->size)
                    return BAD;
                good = token->marked && token->marked[row]
                           ? put_replaced(at, limit, token, part->text + from, part->text + end)
                           : put(at, limit, part->text + from, end - from);
            }
        } else {
            good = token->kind == INSTANT ? put_instant(at, limit, token, row, day)
                                          : put_number(at, limit, token, row);
        }
        if (!good)
            return FULL;
    }
    return DONE;
}

/* compose(parts, order, out) -> bytes written, -1 where `out` is too small. Each part is (bytes of a log, number of
 * rows, tokens); its rows' lines are made of the tokens. `order` says which of all parts' rows, laid end to end, stands
 * at each place of the output; None: they stand there as they are. */
PyObject *native_compose(PyObject *self, PyObject *args)
{
    PyObject *list, *sequence, *target;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "O!OO", &PyList_Type, &list, &sequence, &target))
        return NULL;
    Py_ssize_t many = PyList_GET_SIZE(list), total = 0, written = -1;
    Part *parts = PyMem_Calloc((size_t)many + 1, sizeof *parts);
    uint32_t *owner = NULL;
    const i64 *order = NULL;
    u8 *out = taken(&held, target, 1, 0, 0);
    int state = BAD;
    if (!parts)
        PyErr_NoMemory();
    if (!parts || !out)
        goto end;
    Py_ssize_t room = last_size(&held);
    for (Py_ssize_t p = 0; p < many; p++) {
        PyObject *data, *tokens;
        Part *part = &parts[p];
        if (!PyArg_ParseTuple(PyList_GET_ITEM(list, p), "OnO!", &data, &part->rows, &PyTuple_Type, &tokens) ||
            !(part->text = taken(&part->held, data, 0, 0, 0)))
            goto end;
        part->size = last_size(&part->held), part->base = total;
        part->tokens = PyMem_Calloc((size_t)PyTuple_GET_SIZE(tokens) + 1, sizeof *part->tokens);
        if (!part->tokens || part->rows < 0 || part->rows > INT32_MAX) {
            PyErr_NoMemory();
            goto end;
        }
        for (; part->count < PyTuple_GET_SIZE(tokens); part->count++)
            if (!read_token(PyTuple_GET_ITEM(tokens, part->count), part, &part->tokens[part->count])) {
                part->count++;
                goto end;
            }
        total += part->rows;
    }
    if (sequence != Py_None && !(order = taken(&held, sequence, 0, 8, total)))
        goto end;
    if (!(owner = PyMem_Malloc((size_t)total * sizeof *owner + 1))) {
        PyErr_NoMemory();
        goto end;
    }
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t p = 0, row = 0; p < many; p++)
        for (Py_ssize_t last = row + parts[p].rows; row < last; row++)
            owner[row] = (uint32_t)p;
    Day day = {.day = INT64_MIN};
    u8 *at = out;
    state = DONE;
    for (Py_ssize_t k = 0; k < total && state == DONE; k++) {
        i64 row = order ? order[k] : k;
        state = row < 0 || row >= total ? BAD
                                        : put_row(&at, out + room, &parts[owner[row]],
                                                  (Py_ssize_t)(row - parts[owner[row]].base), &day);
    }
    written = state == DONE ? at - out : -1;
    Py_END_ALLOW_THREADS
    if (state == BAD)
        outside();
end:
    for (Py_ssize_t p = 0; parts && p < many; p++) {
        for (Py_ssize_t k = 0; k < parts[p].count; k++)
            release(&parts[p].tokens[k].held);
        PyMem_Free(parts[p].tokens);
        release(&parts[p].held);
    }
    PyMem_Free(parts);
    PyMem_Free(owner);
    release(&held);
    return state == BAD ? NULL : PyLong_FromSsize_t(written);
}
