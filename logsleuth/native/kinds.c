/* Lines whose like was seen before: most lines of a log differ from an earlier one in their digits alone. */
#include "native.h"

enum { NEW = 0, QUIET = 1, PROBES = 8, LONGEST = 4096, ROUND = 16 };

/* Eight bytes with each digit among them as a zero. */
static inline uint64_t without_digits(uint64_t word)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f), zeros = UINT64_C(0x3030303030303030);
    uint64_t value = word ^ zeros;
    uint64_t other = (((value & low) + UINT64_C(0x7676767676767676)) | value) & ~low;
    uint64_t digits = ((other ^ ~low) >> 7) * 255;
    return (word & ~digits) | (zeros & digits);
}

static inline uint64_t mixed(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
    uint64_t one = (a >> 32) * (b & UINT32_MAX), two = (a & UINT32_MAX) * (b >> 32);
    uint64_t middle = (low >> 32) + (one & UINT32_MAX) + two;
    return ((middle << 32) | (low & UINT32_MAX)) ^ (high + (one >> 32) + (middle >> 32));
#endif
}

/* Takes the digits out of `size` bytes, behind which ROUND zeros stand, and makes a number of them that nobody can
 * foresee who does not know the seed: whoever writes into a log must not be able to make two lines look alike. */
static uint64_t taken_out(u8 *text, size_t size, const uint64_t *seed)
{
    uint64_t sum = seed[0] ^ size;
    for (size_t at = 0; at < size; at += ROUND) {
        uint64_t one, two;
        memcpy(&one, text + at, 8);
        memcpy(&two, text + at + 8, 8);
        one = without_digits(one), two = without_digits(two);
        memcpy(text + at, &one, 8);
        memcpy(text + at + 8, &two, 8);
        sum = mixed(one ^ seed[1], two ^ sum ^ seed[2]);
    }
    return mixed(sum ^ seed[3], seed[1]);
}

/* Where a kind of line stands in a table, or can stand; -1 where there is no room for it. */
static i64 place_of(uint64_t hash, const uint64_t *hashes, const u8 *states, size_t mask)
{
    for (size_t probe = 0; probe < PROBES; probe++) {
        size_t slot = (hash + probe) & mask;
        if (states[slot] == NEW || hashes[slot] == hash)
            return (i64)slot;
    }
    return -1;
}

/* kinds(data, hashes, states, seed) -> (text, fresh, again), as bytes. The table of kinds is `hashes` and `states`, a
 * power of two of them. `text` has each line of `data` whose kind was not in it, with zeros for digits; `fresh` are
 * three int64 for each: where it starts in `text`, where in `data`, its slot in the table (-1: there was no room, or it
 * is too long). `again` are two for each other line whose kind is not known to be quiet: where it starts, its slot. */
PyObject *native_kinds(PyObject *self, PyObject *args)
{
    PyObject *data, *known, *state, *secret;
    Held held = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOOO", &data, &known, &state, &secret))
        return NULL;
    const u8 *text = taken(&held, data, 0, 0, 0);
    size_t size = text ? (size_t)last_size(&held) : 0;
    u8 *states = text ? taken(&held, state, 1, 0, 0) : NULL;
    Py_ssize_t slots = states ? last_size(&held) : 0;
    uint64_t *hashes = states ? taken(&held, known, 1, 8, slots) : NULL;
    const uint64_t *seed = hashes ? taken(&held, secret, 0, 8, 4) : NULL;
    if (seed && (slots <= 0 || slots & (slots - 1))) {
        PyErr_SetString(PyExc_ValueError, "not a power of two of kinds");
        seed = NULL;
    }
    if (!seed) {
        release(&held);
        return NULL;
    }
    size_t room = size / 64 + 64, news = 0, olds = 0, written = 0;
    u8 *out = malloc(size + 2 * ROUND);
    i64 *fresh = malloc(room * 3 * sizeof *fresh), *again = malloc(room * 2 * sizeof *again);
    int failed = !out || !fresh || !again;
    Py_BEGIN_ALLOW_THREADS
    for (size_t at = 0, end; !failed && at < size; at = end + 1) {
        const u8 *feed = memchr(text + at, '\n', size - at);
        end = feed ? (size_t)(feed - text) : size;
        size_t width = end - at;
        u8 *line = out + written;
        memcpy(line, text + at, width);
        memset(line + width, 0, ROUND);
        uint64_t hash = taken_out(line, width, seed);
        i64 slot = width > LONGEST ? -1 : place_of(hash, hashes, states, (size_t)slots - 1);
        if (slot >= 0 && states[slot] == QUIET)
            continue;
        if (news == room || olds == room) {
            i64 *more = realloc(fresh, room * 6 * sizeof *fresh), *rest = realloc(again, room * 4 * sizeof *again);
            fresh = more ? more : fresh, again = rest ? rest : again;
            failed = !more || !rest;
            if (failed)
                break;
            room *= 2;
        }
        if (slot >= 0 && states[slot] != NEW) {
            again[2 * olds] = (i64)at, again[2 * olds + 1] = slot;
            olds++;
            continue;
        }
        fresh[3 * news] = (i64)written, fresh[3 * news + 1] = (i64)at, fresh[3 * news + 2] = slot;
        news++;
        if (slot >= 0)
            hashes[slot] = hash, states[slot] = QUIET + 1;
        written += width;
        out[written++] = '\n';
    }
    Py_END_ALLOW_THREADS
    PyObject *made = failed ? PyErr_NoMemory()
                            : Py_BuildValue("y#y#y#", out, (Py_ssize_t)written, fresh,
                                            (Py_ssize_t)(3 * news * sizeof *fresh), again,
                                            (Py_ssize_t)(2 * olds * sizeof *again));
    free(out);
    free(fresh);
    free(again);
    release(&held);
    return made;
}
